"""Whether a notice concerns a subscription, and why; pure.

The tags are those of ``tag/``; what no tag could place goes to those nearest to it as ``general`` ("Chung"),
never nowhere.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.text import nfc

GENERAL = "general"
"""The reason of a notice without a sector that goes to its market, or to followers of its topic."""

SURE = Decimal("0.5")
"""A sector below this confidence is a guess: its notice goes to the general news as well."""

SectorsOf = Callable[[str], Collection[str]]
"""The sectors that an HS code (digits) belongs to, by the crosswalk of the vocabulary."""


def no_crosswalk(_digits: str) -> Collection[str]:
    """For trials: no code belongs to a sector."""
    return ()


_SEARCHED = ("title", "summary", "products")
_WORD = re.compile(r"\w+")
_ANYWHERE = "*"


def match(criteria: Criteria, dossier: Dossier, sectors_of: SectorsOf = no_crosswalk) -> str | None:
    """Why the notice goes to this subscription, or None: it does not.

    Neutral of language: ``sector:fresh-produce``, ``hs:0805``, ``topic:labelling``, ``word:bưởi``, ``market:EU``,
    ``area:SPS``, ``everything`` or ``general``. Words are compared with their tones, for ``bưởi`` is not ``buổi``.
    """
    if criteria.areas and dossier.notice.area not in criteria.areas:
        return None
    here = _market(criteria, dossier)
    if criteria.subjects:
        hit = _subject(criteria, dossier, sectors_of)
    else:
        hit = _limit(criteria, here) if _follows_law(criteria, dossier) else None
    if hit and here is not None:
        return hit
    if _placed(dossier) or dossier.notice.kind == "article":
        return None  # the press writes of many things: only what somebody asked for
    follows_topic = bool(set(criteria.topics) & set(dossier.codes("topic")))
    return GENERAL if follows_topic or (here is not None and _follows_law(criteria, dossier)) else None


def _placed(dossier: Dossier) -> bool:
    """Whether a sector was found that is more than a guess."""
    return any(tag.kind == "sector" and tag.confidence >= SURE for tag in dossier.tags)


def _follows_law(criteria: Criteria, dossier: Dossier) -> bool:
    """Vietnamese law and news go by their sector; without one, to nobody who named other markets only."""
    if dossier.notice.kind == "notification":
        return True
    return not criteria.markets or "VNM" in criteria.markets or "VN" in criteria.areas


def _market(criteria: Criteria, dossier: Dossier) -> str | None:
    """The market by which the notice is let in; ``*`` where none is asked for; None: it stays out."""
    if not criteria.markets or dossier.notice.kind != "notification":
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


def _subject(criteria: Criteria, dossier: Dossier, sectors_of: SectorsOf) -> str | None:
    sectors, topics = dossier.codes("sector"), dossier.codes("topic")
    if code := next((code for code in criteria.sectors if code in sectors), None):
        return f"sector:{code}"
    stated = [_digits(code) for code in dossier.notice.hs_codes]
    for wanted in criteria.hs:
        prefix = _digits(wanted)
        if prefix and any(code.startswith(prefix) or (code and prefix.startswith(code)) for code in stated):
            return f"hs:{wanted}"
        if prefix and not stated and not set(sectors_of(prefix)).isdisjoint(sectors):
            return f"hs:{wanted}"  # Members often state no code: then its sector stands for it
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

    def __init__(self, criteria: Iterable[Criteria], sectors_of: SectorsOf = no_crosswalk) -> None:
        self._criteria: Sequence[Criteria] = tuple(criteria)
        self._sectors_of = sectors_of
        self._by_crosswalk: dict[str, set[int]] = defaultdict(set)
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
            for code in self._sectors_of(digits):
                self._by_crosswalk[code].add(number)
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
            if reason := match(self._criteria[number], dossier, self._sectors_of):
                found[number] = reason
        return found

    def _candidates(self, dossier: Dossier) -> set[int]:
        notice = dossier.notice
        reached = self._reached(dossier)
        if not _placed(dossier):
            topics = (self._topics.get(code, set()) for code in dossier.codes("topic"))
            return reached.union(*topics)
        subjects = set(self._open)
        for code in dossier.codes("sector"):
            subjects |= self._sectors.get(code, set())
            if not notice.hs_codes:
                subjects |= self._by_crosswalk.get(code, set())
        for code in dossier.codes("topic"):
            subjects |= self._topics.get(code, set())
        subjects |= self._by_code(notice)
        if self._words:
            for word in set(_WORD.findall(_text(dossier))):
                subjects |= self._words.get(word, set())
        return subjects & reached

    def _reached(self, dossier: Dossier) -> set[int]:
        """Who lets its market in."""
        if dossier.notice.kind != "notification":
            return set(range(len(self._criteria)))
        return set().union(*(self._markets.get(code, set()) for code in (_ANYWHERE, *_markets(dossier))))

    def _by_code(self, notice: Notice) -> set[int]:
        found: set[int] = set()
        for code in filter(None, map(_digits, notice.hs_codes)):
            found |= self._above.get(code, set())
            for length in range(1, len(code) + 1):
                found |= self._hs.get(code[:length], set())
        return found
