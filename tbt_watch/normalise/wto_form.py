"""The forms on which Members notify: what stands behind each label, and which boxes are ticked.

Forms: TBT, eleven items (G/TBT/35, annex); SPS, thirteen items, and that of emergency measures (G/SPS/7); since 2014
the addendum's reasons. Committees reword their forms every few years, so an item is known by how its label begins, not
by its number, and an unknown item is left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tbt_watch.domain.text import collapse
from tbt_watch.errors import ReadingError
from tbt_watch.normalise.reading import read_day

_LABELS = (
    ("member", r"(?:Notifying Member|Member to Agreement notifying)"),
    ("agency", r"Agency responsible"),
    ("articles", r"Notified under Article"),
    ("products", r"Products covered"),
    ("regions", r"Regions or countries likely to be affected"),
    ("title", r"Title(?:, number of pages|, language| of the notified document|\s*:)"),
    ("description", r"Description(?: of content|\s*:)"),
    ("objective", r"Objective and rationale"),
    ("urgency", r"Nature of the urgent problem"),
    ("standard", r"Is there a relevant international standard"),
    ("relevant", r"(?:Other r|R)elevant documents"),
    ("adoption", r"(?:Proposed d|D)ate of adoption"),
    ("publication", r"(?:Proposed d|D)ate of publication"),
    ("in_force", r"(?:Proposed d|D)ate of entry into force"),
    ("deadline", r"Final date for comments"),
    ("texts", r"Texts?(?:\(s\))? available from"),
    ("reasons", r"Reason for (?:the )?(?:Addendum|Revision|Corrigendum|Supplement)"),
)
_LABEL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS))
_DAYS = frozenset({"adoption", "publication", "in_force"})
_WHOLE = frozenset({"articles"})  # boxes stand in the label itself
_NUMBER = re.compile(r"\d{1,2}\.?")
_NUMBERED = re.compile(r"\A\d{1,2}\.\s+")
_RULE = re.compile(r"_{5,}")
_BOX = re.compile(r"\[([^\]\n]{0,8})\]|([☐☑☒])")
_TICK = frozenset("xX✓✔☑☒")
_MONTHS = "January February March April May June July August September October November December".split()
_LONG_DAY = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)}),?\s+(\d{{4}})", re.IGNORECASE)
_SHORT_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
_NUMBERS = {"thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90}
_PERIOD = re.compile(
    rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})(?: \(\d{{1,3}}\)| \([a-z]+\))? (?:calendar )?days? "
    r"(?:after|from|following) (?:the )?(?:date of )?(?:the |its |this )?(?:notification|circulation|distribution)"
    r"(?: (?:of|by|from|to) (?:the |this )?(?:wto(?: secretariat)?|notification|secretariat|wto members))*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A document's text taken apart: ``title`` the lines from NOTIFICATION on, up to the form; ``items`` what stands
    behind each label; ``prose`` the paragraphs that belong to no item."""

    title: tuple[str, ...]
    items: dict[str, str]
    prose: tuple[str, ...]


def read_form(blocks: Sequence[Sequence[str]]) -> Form:
    """Take apart the paragraphs and rows of a document."""
    items: dict[str, list[str]] = {}
    loose: list[str] = []
    current = ""
    for block in blocks:
        numbered = len(block) > 1 and _NUMBER.fullmatch(block[0].strip()) is not None
        text = "\n".join(block[1:] if numbered else block)
        name, first, *rest = _labelled(text)
        if name and name not in items:
            current = name
            items[current] = [first]
            for line in rest:
                current = _sub_item(items, current, line)
        elif numbered or not current or _RULE.fullmatch(text.strip()):
            current = ""
            loose.append(text)
        else:
            items[current].append(text)
    found = {name: "\n".join(lines).strip() for name, lines in items.items()}
    return Form(title=tuple(_title(loose)), items=found, prose=tuple(_prose(loose)))


def _labelled(text: str) -> tuple[str, ...]:
    """The name of the item that a text begins, or empty, and its lines without the label."""
    bare = _NUMBERED.sub("", text.lstrip(), count=1)
    match = _LABEL.match(bare)
    if match is None or match.lastgroup is None:
        return ("", *text.split("\n"))
    return (match.lastgroup, *_behind(match.lastgroup, bare, match.end()).split("\n"))


def _behind(name: str, text: str, end: int) -> str:
    """What stands behind a label: behind its colon, where the line has one."""
    if name in _WHOLE:
        return text[end:]
    line_end = (text + "\n").index("\n", end)
    colon = text.find(":", end - 1, line_end)
    return text[colon + 1 :].lstrip(" \t\xa0") if colon >= 0 else text[end:]


def _sub_item(items: dict[str, list[str]], current: str, line: str) -> str:
    """Put a further line of a row where it belongs: one row states the days of adoption and of entry into force."""
    name, first, *_ = _labelled(line)
    if current in _DAYS and name in _DAYS and name not in items:
        items[name] = [first]
        return name
    items[current].append(line)
    return current


def _title(loose: Sequence[str]) -> Iterator[str]:
    """The lines that say what kind of document it is."""
    for text in loose:
        line = collapse(text)
        if line.upper().startswith("NOTIFICATION") or line in (
            "Addendum",
            "Revision",
            "Corrigendum",
            "Supplement",
        ):
            yield line


def _prose(loose: Sequence[str]) -> Iterator[str]:
    """What stands between the rules of an addendum that has no form."""
    inside = False
    for text in loose:
        if _RULE.fullmatch(text.strip()):
            if inside:
                return
            inside = True
        elif inside:
            yield text


def ticked(text: str) -> list[tuple[bool, str]]:
    """The boxes of a text in order: whether each is ticked, and what stands behind it up to the next box."""
    boxes = list(_BOX.finditer(text))
    ends = [*(box.start() for box in boxes), len(text)][1:]
    return [
        (bool(_TICK & set(box[1] or box[2] or "")), text[box.end() : end].strip())
        for box, end in zip(boxes, ends, strict=True)
    ]


def articles(text: str) -> tuple[str, ...]:
    """The articles that are ticked: ``2.9.2 [X], 2.10.1 [ ]`` → ``2.9.2``; and those named as others."""
    listed, _, others = text.partition("other:")
    found = [
        number
        for number, box in re.findall(r"(\d+\.\d+(?:\.\d+)?)\s*(\[[^\]\n]*\]|[☐☑☒])", listed)
        if _TICK & set(box)
    ]
    return tuple(dict.fromkeys([*found, *re.findall(r"\b\d+\.\d+(?:\.\d+)?\b", others)]))


def stated_day(text: str) -> date | None:
    """The day that a text is, if it is nothing but a day: ``24 April 2018``, ``24/04/2018``, ``24/04/18``.

    What is reckoned from another day ("60 days from notification") is none: ``stated_period`` reads that.
    """
    bare = collapse(text).strip(" .,;")
    if long := _LONG_DAY.fullmatch(bare):
        month = [name.lower() for name in _MONTHS].index(long[2].lower()) + 1
        bare = f"{long[1]}/{month}/{long[3]}"
    elif short := _SHORT_DAY.fullmatch(bare):
        bare = f"{short[1]}/{short[2]}/20{short[3]}"
    try:
        return read_day(bare, "day")
    except ReadingError:
        return None


def stated_period(text: str) -> int | None:
    """The days for comments, if a text is nothing but a period from the notification or its circulation on."""
    bare = collapse(text).strip(" .,;").removesuffix("and/or (dd/mm/yy):").strip(" .,;")
    match = _PERIOD.fullmatch(bare)
    if match is None:
        return None
    return _NUMBERS.get(match[1].lower()) or int(match[1]) or None
