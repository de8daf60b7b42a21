"""A draft whose days were changed: what is gathered anew, and what an editor made of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tbt_watch.domain.bulletin import PARTS, BulletinItem, Section

_Place = tuple[bool, str]
"""Whether in the box of what closes soon, and the key of a notice: it may stand in the box and in a section."""


def recollected(
    sections: Sequence[Section], before: Sequence[Section], after: Sequence[Section]
) -> tuple[Section, ...]:
    """The sections of a draft with what other days gather. ``before`` and ``after``: what the old and the new days
    gather by themselves.

    What only the old days gathered goes; what only the new ones gather comes, at the end of the section that holds its
    neighbours. What an editor wrote, ordered, added by symbol or left out stays as it is; a section that nobody
    rearranged is in the order of a new draft.
    """
    was, will, have = (set(_places(some)) for some in (before, after, sections))
    kept = [_without(section, was - will) for section in sections]
    made = _Draft([section for section in kept if section is not None])
    for section in after:
        coming = [item for item in section.items if _place(section, item) not in was | have]
        made.put(section, coming, before)
    return tuple(made.sections)


def _place(section: Section, item: BulletinItem) -> _Place:
    return section.part == "closing", item.key


def _places(sections: Sequence[Section]) -> Iterator[_Place]:
    return (_place(section, item) for section in sections for item in section.items)


def _without(section: Section, gone: set[_Place]) -> Section | None:
    """The section without these; None when nothing is left that anybody gathered or wrote."""
    items = tuple(item for item in section.items if _place(section, item) not in gone)
    emptied = bool(section.items) and not items and not section.words.strip()
    return None if emptied else replace(section, items=items)


class _Draft:
    """The sections while notices come in."""

    def __init__(self, sections: list[Section]) -> None:
        self.sections = sections

    def put(self, section: Section, coming: Sequence[BulletinItem], before: Sequence[Section]) -> None:
        """These notices of a section that was gathered anew."""
        at = self._home(section)
        if at is None:
            if coming:
                self.sections.insert(self._end(section), replace(section, items=tuple(coming)))
            return
        own = self.sections[at]
        items = [*own.items, *coming]
        if _as_gathered(own, before):
            order = {item.key: place for place, item in enumerate(section.items)}
            items.sort(key=lambda item: order.get(item.key, len(order)))
        self.sections[at] = replace(own, items=tuple(items))

    def _home(self, section: Section) -> int | None:
        """The section of the draft in which most of its notices stand; else the one under its heading."""
        box = section.part == "closing"
        keys = {item.key for item in section.items}
        held = Counter(
            at
            for at, own in enumerate(self.sections)
            for item in own.items
            if item.key in keys and (own.part == "closing") == box
        )
        if held:
            return held.most_common(1)[0][0]
        named = (section.part, section.vi, section.en)
        return next((at for at, own in enumerate(self.sections) if (own.part, own.vi, own.en) == named), None)

    def _end(self, section: Section) -> int:
        """Behind the sections of its part; a new part stands where the parts of a bulletin have it."""
        parts = [own.part for own in self.sections]
        own = [at for at, part in enumerate(parts) if part == section.part]
        earlier = [at for at, part in enumerate(parts) if PARTS.index(part) < PARTS.index(section.part)]
        return max(own or earlier, default=-1) + 1


def _as_gathered(own: Section, before: Sequence[Section]) -> bool:
    """Whether its notices stand in the order in which the old days gathered them, and nothing else with them."""
    kept = [item.key for item in own.items]
    for section in before:
        if section.part == own.part:
            order = [item.key for item in section.items if item.key in kept]
            if order == kept:
                return True
    return False
