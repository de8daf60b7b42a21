"""The terms of an original in the Vietnamese: whether each is called what it may be, and what that settles."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from tbt_watch.translate.terms.finder import TermHit, folded, places

_WORD = re.compile(r"\w+")
_LEAST_PARTED = 3
_GAP = 3


class Said:
    """A Vietnamese text, and where renderings stand in it: each is looked for once."""

    def __init__(self, target: str) -> None:
        self._low = folded(target)
        self._words = _WORD.findall(self._low)
        self._at: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self._words):
            self._at[word].append(at)
        self._places: dict[str, list[tuple[int, int]]] = {}

    def places(self, rendering: str) -> list[tuple[int, int]]:
        """From where to where a rendering stands, as whole words."""
        if rendering not in self._places:
            self._places[rendering] = places(_folded(rendering), self._low)
        return self._places[rendering]

    def says(self, rendering: str) -> bool:
        """Whether a rendering stands in the text, together or with something short between its words."""
        return bool(self.places(rendering)) or self._parted(rendering)

    def _parted(self, rendering: str) -> bool:
        """Whether the words of a rendering stand in their order: ``mức cadimi tối đa cho phép`` for
        ``mức tối đa cho phép``."""
        wanted = _WORD.findall(_folded(rendering))
        if len(wanted) < _LEAST_PARTED or any(word not in self._at for word in wanted):
            return False
        return any(self._follow(start, wanted[1:]) for start in self._at[wanted[0]])

    def _follow(self, at: int, wanted: Sequence[str]) -> bool:
        for one in wanted:
            near = range(at + 1, min(at + 2 + _GAP, len(self._words)))
            at = next((n for n in near if self._words[n] == one), -1)
            if at < 0:
                return False
        return True


def different(hits: Iterable[TermHit]) -> list[TermHit]:
    """A term that stands in the original a thousand times is one."""
    found: dict[tuple[tuple[str, ...], ...], TermHit] = {}
    for hit in hits:
        found.setdefault((hit.preferred, hit.admitted, hit.forbidden), hit)
    return list(found.values())


def term_faults(hits: Iterable[TermHit], said: Said) -> Iterator[str]:
    """Terms of the original of which no allowed rendering is in the Vietnamese, and forbidden renderings in it."""
    terms = different(hits)
    allowed = sorted({place for hit in terms for one in hit.allowed for place in said.places(one)})
    reach = list(accumulate((end for _, end in allowed), max))

    def inside(start: int, end: int) -> bool:
        before = bisect_right(allowed, (start, len(reach) and reach[-1]))
        return before > 0 and reach[before - 1] >= end

    for hit in terms:
        renderings = hit.allowed
        if renderings and not any(said.says(one) for one in renderings):
            yield f"{hit.text} is not {' / '.join(renderings[:3])}"
        for one in hit.forbidden:
            if any(not inside(*place) for place in said.places(one)):
                yield f"{hit.text} is {one}"


@lru_cache(maxsize=16_384)
def _folded(rendering: str) -> str:
    return folded(rendering)


Says = Callable[[str], bool]
"""Whether a text says something, as that it denies, or names a Member."""


def settled(hits: Iterable[TermHit], said: Said, theirs: Says, ours: Says) -> Iterator[tuple[int, int]]:
    """Where the terms stand that say something in the original which no rendering of them in the Vietnamese says."""
    known: dict[tuple[str, ...], bool] = {}
    for hit in hits:
        key = (hit.text, *hit.allowed)
        if key not in known:
            stand = [one for one in key[1:] if said.places(one)]
            known[key] = bool(stand) and theirs(hit.text) and not any(ours(one) for one in stand)
        if known[key]:
            yield hit.start, hit.end


def added(hits: Iterable[TermHit], said: Said, theirs: Says, ours: Says) -> set[tuple[int, int]]:
    """Where the renderings stand that say something in the Vietnamese which their term in the original does not."""
    return {
        place
        for hit in different(hits)
        for one in hit.allowed
        if said.places(one) and ours(one) and not theirs(hit.text)
        for place in said.places(one)
    }


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with those places blank, as long as before."""
    left: list[str] = []
    at = 0
    for start, end in sorted(places):
        if start >= at:
            left += (text[at:start], " " * (end - start))
            at = end
    return "".join((*left, text[at:]))
