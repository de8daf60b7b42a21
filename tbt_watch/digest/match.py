"""Whether a notice concerns a subscription, and why; pure.

The tags are those of ``tag/``; what no tag could place goes to those nearest to it as ``general`` ("Chung"),
never nowhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.text import nfc

GENERAL = "general"
"""The reason of a notice without a sector that goes to its market, or to followers of its topic."""

_SEARCHED = ("title", "summary", "products")
_WORD = re.compile(r"\w+")
_ANYWHERE = "*"


def match(criteria: Criteria, dossier: Dossier) -> str | None:
    """Why the notice goes to this subscription, or None: it does not.

    Neutral of language: ``sector:fresh-produce``, ``hs:0805``, ``topic:labelling``, ``word:bưởi``, ``market:EU``,
    ``area:SPS``, ``everything`` or ``general``. Words are compared with their tones, for ``bưởi`` is not ``buổi``.
    """
    if criteria.areas and dossier.notice.area not in criteria.areas:
        return None
    here = _market(criteria, dossier)
    hit = _subject(criteria, dossier) if criteria.subjects else _limit(criteria, here)
    if hit and here is not None:
        return hit
    if dossier.codes("sector"):
        return None
    follows_topic = bool(set(criteria.topics) & set(dossier.codes("topic")))
    return GENERAL if here is not None or follows_topic else None


def _market(criteria: Criteria, dossier: Dossier) -> str | None:
    """The market by which the notice is let in; ``*`` where none is asked for; None: it stays out."""
    if not criteria.markets or dossier.notice.kind == "regulation":
        return _ANYWHERE
    markets = _markets(dossier)
    return next((code for code in criteria.markets if code in markets), None)


def _markets(dossier: Dossier) -> set[str]:
    """The Members themselves, and the groups that the tagger set (EU, GCC)."""
    return {*dossier.codes("market"), *dossier.notice.members}


def _limit(criteria: Criteria, here: str | None) -> str | None:
    """The reason where no subject is asked for: all of a market, of an area, or everything."""
    if here is None:
        return None
    if here != _ANYWHERE:
        return f"market:{here}"
    return f"area:{'+'.join(criteria.areas)}" if criteria.areas else "everything"


def _subject(criteria: Criteria, dossier: Dossier) -> str | None:
    sectors, topics = dossier.codes("sector"), dossier.codes("topic")
    if code := next((code for code in criteria.sectors if code in sectors), None):
        return f"sector:{code}"
    stated = [_digits(code) for code in dossier.notice.hs_codes]
    for wanted in criteria.hs:
        prefix = _digits(wanted)
        if prefix and any(code.startswith(prefix) or (code and prefix.startswith(code)) for code in stated):
            return f"hs:{wanted}"
    if code := next((code for code in criteria.topics if code in topics), None):
        return f"topic:{code}"
    if criteria.words:
        text = _text(dossier)
        if word := next((word for word in criteria.words if _stands_in(word, text)), None):
            return f"word:{word}"
    return None


def _digits(code: str) -> str:
    """A code without dots and blanks: ``0805.10`` is ``080510``."""
    return "".join(char for char in code if char.isdigit())


def _text(dossier: Dossier) -> str:
    """What the words are looked for in: the original, and every translation that may be shown."""
    texts = [str(getattr(dossier.notice, name)) for name in _SEARCHED]
    texts += [item.text for item in dossier.translations if item.field in _SEARCHED and item.shown]
    return nfc("\n".join(texts)).casefold()


def _stands_in(word: str, text: str) -> bool:
    pattern = _pattern(word)
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str] | None:
    """A word or phrase between word boundaries, blanks of any width; None for one without letters or digits."""
    if not _WORD.search(word):
        return None
    phrase = r"\s+".join(re.escape(piece) for piece in nfc(word).casefold().split())
    return re.compile(rf"(?<!\w){phrase}(?!\w)")


class Index:
    """Many subscriptions, looked up by what a notice carries: the cost goes with the hits, not with the crowd."""

    def __init__(self, criteria: Iterable[Criteria]) -> None:
        self._criteria: Sequence[Criteria] = tuple(criteria)
        self._sectors: dict[str, set[int]] = defaultdict(set)
        self._topics: dict[str, set[int]] = defaultdict(set)
        self._hs: dict[str, set[int]] = defaultdict(set)
        self._above: dict[str, set[int]] = defaultdict(set)
        self._words: dict[str, set[int]] = defaultdict(set)
        self._markets: dict[str, set[int]] = defaultdict(set)
        self._open: set[int] = set()
        for number, wish in enumerate(self._criteria):
            self._add(number, wish)

    def _add(self, number: int, wish: Criteria) -> None:
        for code in wish.sectors:
            self._sectors[code].add(number)
        for code in wish.topics:
            self._topics[code].add(number)
        for digits in filter(None, map(_digits, wish.hs)):
            self._hs[digits].add(number)
            for length in range(1, len(digits)):
                self._above[digits[:length]].add(number)
        for word in wish.words:
            if found := _WORD.search(nfc(word).casefold()):
                self._words[found.group()].add(number)
        for code in wish.markets or (_ANYWHERE,):
            self._markets[code].add(number)
        if not wish.subjects:
            self._open.add(number)

    def matching(self, dossier: Dossier) -> dict[int, str]:
        """The subscriptions that get the notice, by their place in the order given, each with its reason."""
        found = {}
        for number in sorted(self._candidates(dossier)):
            if reason := match(self._criteria[number], dossier):
                found[number] = reason
        return found

    def _candidates(self, dossier: Dossier) -> set[int]:
        notice = dossier.notice
        reached = self._reached(dossier)
        if not dossier.codes("sector"):
            topics = (self._topics.get(code, set()) for code in dossier.codes("topic"))
            return reached.union(*topics)
        subjects = set(self._open)
        for code in dossier.codes("sector"):
            subjects |= self._sectors.get(code, set())
        for code in dossier.codes("topic"):
            subjects |= self._topics.get(code, set())
        subjects |= self._by_code(notice)
        if self._words:
            for word in set(_WORD.findall(_text(dossier))):
                subjects |= self._words.get(word, set())
        return subjects & reached

    def _reached(self, dossier: Dossier) -> set[int]:
        """Who lets its market in."""
        if dossier.notice.kind == "regulation":
            return set(range(len(self._criteria)))
        return set().union(*(self._markets.get(code, set()) for code in (_ANYWHERE, *_markets(dossier))))

    def _by_code(self, notice: Notice) -> set[int]:
        found: set[int] = set()
        for code in filter(None, map(_digits, notice.hs_codes)):
            found |= self._above.get(code, set())
            for length in range(1, len(code) + 1):
                found |= self._hs.get(code[:length], set())
        return found
