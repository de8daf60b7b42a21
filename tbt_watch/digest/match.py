"""Whether a notice concerns a subscription, and why; pure.

The tags are those of ``tag/``; what no tag could place goes to those nearest to it as ``general`` ("Chung"),
never nowhere. ``match`` is the rule for one subscription, ``digest.index`` the same for many.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache

from tbt_watch.digest.documents import is_words, names_of, text_of
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.tag import SURE
from tbt_watch.domain.text import nfc

GENERAL = "general"
"""The reason of a notice without a sector that goes to its market, or to followers of its topic."""

HOME = "VNM"
"""Viet Nam: what names it as affected concerns its exporters whatever markets they chose."""

SectorsOf = Callable[[str], Collection[str]]
"""The sectors that an HS code (digits) belongs to, by the crosswalk of the vocabulary."""


def no_crosswalk(_digits: str) -> Collection[str]:
    """For trials: no code belongs to a sector."""
    return ()


WORD = re.compile(r"\w+")


class Seen:
    """What of a notice decides whom it concerns, each read once."""

    def __init__(self, dossier: Dossier) -> None:
        notice = dossier.notice
        self.dossier = dossier
        self.area = notice.area
        self.foreign = notice.kind == "notification"
        self.press = notice.kind == "article"
        self.home = self.foreign and HOME in notice.affected
        self.sectors = frozenset(dossier.codes("sector"))
        self.topics = frozenset(dossier.codes("topic"))
        self.markets = frozenset((*dossier.codes("market"), *notice.members, *((HOME,) if self.home else ())))
        self.stated = tuple(digits(code) for code in notice.hs_codes)
        self.placed = any(tag.kind == "sector" and tag.confidence >= SURE for tag in dossier.tags)

    @cached_property
    def text(self) -> str:
        """What words are looked for in, folded for comparing."""
        return text_of(self.dossier).casefold()

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text."""
        return frozenset(WORD.findall(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """The documents that it is or names."""
        return names_of(self.dossier)

    def says(self, word: str) -> bool:
        """Whether the word or phrase stands in the text."""
        pattern = _pattern(word)
        return pattern is not None and pattern.search(self.text) is not None

    def has_code(self, wanted: str, sectors_of: SectorsOf) -> bool:
        """Whether it states the code, one above or one below it. Members often state none: then its sector stands
        for it."""
        prefix = digits(wanted)
        if not prefix:
            return False
        if self.stated:
            return any(code.startswith(prefix) or (code and prefix.startswith(code)) for code in self.stated)
        return not self.sectors.isdisjoint(sectors_of(prefix))


def match(criteria: Criteria, dossier: Dossier, sectors_of: SectorsOf = no_crosswalk) -> str | None:
    """Why the notice goes to this subscription, or None: it does not.

    Neutral of language: ``document:EU 2023/1115``, ``sector:fresh-produce``, ``hs:0805``, ``topic:labelling``,
    ``word:bưởi``, ``market:EU``, ``area:SPS``, ``everything`` or ``general``; of several of a kind the first by
    alphabet. Words are compared with their tones, for ``bưởi`` is not ``buổi``. What is followed by name comes whatever
    its area and market; a subscription with nothing but documents brings nothing else.
    """
    return reason(criteria, Seen(dossier), sectors_of)


def reason(criteria: Criteria, seen: Seen, sectors_of: SectorsOf = no_crosswalk) -> str | None:
    """As ``match``, of a notice that was read already: for many subscriptions one after the other."""
    if name := _first(_is_named(seen, name) for name in sorted(criteria.documents)):
        return f"document:{name}"
    if only_documents(criteria) or (criteria.areas and seen.area not in criteria.areas):
        return None
    here = not criteria.markets or not seen.foreign or not seen.markets.isdisjoint(criteria.markets)
    if criteria.subjects:
        if (here or seen.home) and (hit := _subject(criteria, seen, sectors_of)):
            return hit
    elif here and follows_law(criteria, seen):
        return _limit(criteria, seen)
    if seen.placed or seen.press:
        return None  # the press writes of many things: only what somebody asked for
    follows_topic = not seen.topics.isdisjoint(criteria.topics)
    return GENERAL if follows_topic or ((here or seen.home) and follows_law(criteria, seen)) else None


def only_documents(criteria: Criteria) -> bool:
    """Whether nothing is followed but documents by name."""
    others = criteria.sectors or criteria.hs or criteria.topics or criteria.words
    return bool(criteria.documents) and not others


def follows_law(criteria: Criteria, seen: Seen) -> bool:
    """Vietnamese law and news go by their sector; without one, to nobody who named other markets only."""
    return seen.foreign or not criteria.markets or HOME in criteria.markets or "VN" in criteria.areas


def _first(names: Iterable[str | None]) -> str | None:
    return next((name for name in names if name), None)


def _is_named(seen: Seen, name: str) -> str | None:
    hit = name in seen.names or (is_words(name) and seen.says(name))
    return name if hit else None


def _limit(criteria: Criteria, seen: Seen) -> str:
    """The reason where no subject is asked for: all of a market, of an area, or everything."""
    if criteria.markets and seen.foreign:
        return f"market:{min(seen.markets.intersection(criteria.markets))}"
    return f"area:{'+'.join(criteria.areas)}" if criteria.areas else "everything"


def _subject(criteria: Criteria, seen: Seen, sectors_of: SectorsOf) -> str | None:
    if code := min(seen.sectors.intersection(criteria.sectors), default=None):
        return f"sector:{code}"
    if code := min((code for code in criteria.hs if seen.has_code(code, sectors_of)), default=None):
        return f"hs:{code}"
    if code := min(seen.topics.intersection(criteria.topics), default=None):
        return f"topic:{code}"
    if word := min((word for word in criteria.words if seen.says(word)), default=None):
        return f"word:{word}"
    return None


def digits(code: str) -> str:
    """A code without dots and blanks: ``0805.10`` is ``080510``."""
    return "".join(char for char in code if char.isdigit())


@lru_cache(maxsize=65536)
def _pattern(word: str) -> re.Pattern[str] | None:
    """A word or phrase between word boundaries, blanks of any width; None for one without letters or digits."""
    if not WORD.search(word):
        return None
    phrase = r"\s+".join(re.escape(piece) for piece in nfc(word).casefold().split())
    return re.compile(rf"(?<!\w){phrase}(?!\w)")
