"""A draft rearranged: texts, order, what is left out and what is added. Pure: each verb gives the draft as it is then.

Sections are meant by their place (from 0), notices by their permalink key. What cannot be done changes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Literal

from tbt_watch.domain.bulletin import PARTS, Bulletin, BulletinItem, Part, Section

Step = Literal[-1, 1]
"""Up, or down."""


def section_names(one: Bulletin) -> tuple[str, ...]:
    """A short name for each section by what it is, so that it is known again when the sections around it moved."""
    seen: dict[str, int] = {}
    names = []
    for section in one.sections:
        whole = f"{section.part}\n{section.vi}\n{section.en}"
        short = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:10]
        seen[short] = seen.get(short, 0) + 1
        names.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return tuple(names)


def texts_of(one: Bulletin) -> dict[str, str]:
    """What the editor writes: ``title``, ``words``, and by section ``heading.NAME`` and ``words.NAME``."""
    texts = {"title": one.title, "words": one.words}
    for name, section in zip(section_names(one), one.sections, strict=True):
        texts[f"heading.{name}"] = section.heading(one.lang)
        texts[f"words.{name}"] = section.words
    return texts


def with_texts(one: Bulletin, given: Mapping[str, str]) -> Bulletin:
    """The draft with these texts; what is not given, or names no section, stays."""
    now = texts_of(one)
    new = {name: text for name, text in given.items() if name in now and text != now[name]}
    sections = []
    for name, section in zip(section_names(one), one.sections, strict=True):
        own = replace(section, words=new.get(f"words.{name}", section.words))
        if heading := new.get(f"heading.{name}"):
            own = replace(own, en=heading) if one.lang == "en" else replace(own, vi=heading)
        sections.append(own)
    title, words = new.get("title", one.title), new.get("words", one.words)
    return replace(one, title=title, words=words, sections=tuple(sections))


def moved(one: Bulletin, at: int, key: str, step: Step) -> Bulletin:
    """A notice one place up or down; over the edge of its section into the next one. The box keeps its own."""
    items = list(one.sections[at].items)
    place = next((number for number, item in enumerate(items) if item.key == key), None)
    if place is None:
        return one
    if 0 <= place + step < len(items):
        items[place], items[place + step] = items[place + step], items[place]
        return _put(one, at, items)
    other = at + step
    while 0 <= other < len(one.sections) and one.sections[other].part == "closing":
        other += step
    if one.sections[at].part == "closing" or not 0 <= other < len(one.sections):
        return one
    item = items.pop(place)
    theirs = one.sections[other].items
    return _put(_put(one, at, items), other, [*theirs, item] if step < 0 else [item, *theirs])


def without(one: Bulletin, at: int, key: str) -> Bulletin:
    """A notice left out of a section."""
    return _put(one, at, [item for item in one.sections[at].items if item.key != key])


def with_notice(one: Bulletin, at: int, item: BulletinItem) -> Bulletin:
    """A notice more, at the end of a section."""
    return _put(one, at, [*one.sections[at].items, item])


def section_moved(one: Bulletin, at: int, step: Step) -> Bulletin:
    """A section one place up or down within its part; over the edge of the part, the whole part changes places."""
    sections = list(one.sections)
    other = at + step
    if not 0 <= other < len(sections):
        return one
    if sections[other].part == sections[at].part:
        sections[at], sections[other] = sections[other], sections[at]
        return replace(one, sections=tuple(sections))
    runs = [list(run) for _, run in groupby(range(len(sections)), key=lambda place: sections[place].part)]
    here = next(number for number, run in enumerate(runs) if at in run)
    runs[here], runs[here + step] = runs[here + step], runs[here]
    return replace(one, sections=tuple(sections[place] for run in runs for place in run))


def section_dropped(one: Bulletin, at: int) -> Bulletin:
    """A section left out, with what stands in it."""
    return replace(one, sections=(*one.sections[:at], *one.sections[at + 1 :]))


def section_added(one: Bulletin, part: Part, heading: str) -> Bulletin:
    """A new section at the end of its part; a new part stands where the parts of a bulletin have it."""
    new = Section(part=part, en=heading) if one.lang == "en" else Section(part=part, vi=heading)
    order = PARTS.index(part)
    own = [place for place, section in enumerate(one.sections) if section.part == part]
    before = [place for place, section in enumerate(one.sections) if PARTS.index(section.part) < order]
    at = max(own or before, default=-1) + 1
    return replace(one, sections=(*one.sections[:at], new, *one.sections[at:]))


def _put(one: Bulletin, at: int, items: "list[BulletinItem]") -> Bulletin:
    section = replace(one.sections[at], items=tuple(items))
    return replace(one, sections=(*one.sections[:at], section, *one.sections[at + 1 :]))
