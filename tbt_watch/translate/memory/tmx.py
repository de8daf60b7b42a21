"""TMX, the format in which translation memories are exchanged: written as version 1.4, read from 1.1 on.

The specification: https://www.gala-global.org/tmx-14b. Files come from elsewhere: entities are refused, no DTD and no
address is ever loaded, and a file of any size is read unit by unit.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

import tbt_watch
from tbt_watch.domain.memory import SOURCES, Unit
from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.translation import READER
from tbt_watch.errors import UsageError
from tbt_watch.translate.sentences.passages import clean
from tbt_watch.translate.sentences.tongue import is_vietnamese

NOTICE, FIELD = "x-tbt-notice", "x-tbt-field"
"""Where a whole field stood, as properties of a unit."""

SWAPPED = "its original is in Vietnamese already; are the two sides the wrong way round?"

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TIME = "%Y%m%dT%H%M%SZ"
_TEXTS = frozenset(
    {"hi", "g", "mrk"}
)  # text with a mark on it; all else in a segment is a program's formatting
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class BadUnit:
    """A unit of a file that was left out: where it stands, and why."""

    line: int
    fault: Remark


def read_tmx(path: Path) -> Iterator[Unit | BadUnit]:
    """The units of a TMX file, one for each original language that stands beside Vietnamese.

    Raises UsageError when the file is no TMX or declares entities; where it breaks off later, what stood before has
    been given and the last is a BadUnit.
    """
    begun = False
    try:
        with path.open("rb") as file:
            steps = etree.iterparse(
                file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
            )
            for event, element in steps:
                if not begun:
                    _look_at(element, path)
                    begun = True
                if event == "end" and _name(element) == "tu":
                    yield from _unit(element)
                    _forget(element)
    except etree.XMLSyntaxError as error:
        if not begun:
            raise UsageError(f"{path} is no TMX file ({error.msg}): export it again as TMX 1.4.") from error
        said = remark("the file breaks off here ({error}); what stood before was read", error=error.msg or "")
        yield BadUnit(error.lineno or 0, said)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or error}): check the path.") from error


def _look_at(root: etree._Element, path: Path) -> None:
    if _name(root) != "tmx":
        raise UsageError(f"{path} is no TMX file: it begins with <{_name(root)}> instead of <tmx>.")
    declared: Any = root.getroottree().docinfo.internalDTD  # the stubs know neither None nor its entities
    if declared is not None and declared.entities():
        raise UsageError(f"{path} declares entities, as no translation memory needs to: it was refused.")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]  # of a comment, the tag is a function


def _forget(element: etree._Element) -> None:
    """Let go of a unit that was read, so that a file of any size takes the same room."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _unit(element: etree._Element) -> Iterator[Unit | BadUnit]:
    line = getattr(element, "sourceline", None) or 0
    found: dict[str, list[tuple[str, etree._Element]]] = {}
    for variant in (child for child in element if _name(child) == "tuv"):
        language = re.split(r"[-_]", variant.get(_LANG) or variant.get("lang") or "")[0].lower()
        segment = next((child for child in variant if _name(child) == "seg"), None)
        if segment is not None and (text := clean(_flat(segment)).strip()):
            found.setdefault(language, []).append((text, variant))
    sources = [language for language in SOURCES if language in found]
    if READER not in found or not sources:
        named = ", ".join(sorted(filter(None, found))) or "–"
        said = "it needs Vietnamese and one of {languages}; it has {found}"
        yield BadUnit(line, remark(said, languages=", ".join(SOURCES), found=named))
        return
    for language in (READER, *sources):
        if len({text for text, _ in found[language]}) > 1:
            yield BadUnit(line, remark("it has several different texts in {language}", language=language))
            return
    target, variant = found[READER][0]
    for language in sources:
        source = found[language][0][0]
        if is_vietnamese(source):
            yield BadUnit(line, remark(SWAPPED))
            continue
        yield Unit(
            language=language,
            source=source,
            target=target,
            origin="import",
            by=_said(element, variant, "changeid", "creationid"),
            at=_moment(_said(element, variant, "changedate", "creationdate")),
            notice=_property(element, NOTICE),
            field=_property(element, FIELD),
        )


def _flat(segment: etree._Element) -> str:
    """The text of a segment without the formatting codes in it."""
    parts = [segment.text or ""]
    for child in segment:
        if _name(child) in _TEXTS:
            parts.append(_flat(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _said(element: etree._Element, variant: etree._Element, *names: str) -> str:
    """The first of these attributes that the Vietnamese text has, or the unit."""
    for one in (variant, element):
        for name in names:
            if value := (one.get(name) or "").strip():
                return clean(value)
    return ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _property(element: etree._Element, kind: str) -> str:
    for child in element:
        if _name(child) == "prop" and child.get("type") == kind:
            return clean(child.text or "").strip()
    return ""


def write_tmx(units: Iterable[Unit]) -> Iterator[str]:
    """TMX 1.4, piece by piece."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
    header = {
        "creationtool": "TBT Watch", "creationtoolversion": tbt_watch.__version__, "segtype": "sentence",
        "o-tmf": "TBT Watch", "adminlang": "en", "srclang": "*all*", "datatype": "plaintext",
    }  # fmt: skip
    yield f"  {etree.tostring(etree.Element('header', header), encoding='unicode')}\n  <body>\n"
    for unit in units:
        yield f"    {etree.tostring(_element(unit), encoding='unicode')}\n"
    yield "  </body>\n</tmx>\n"


def _element(unit: Unit) -> etree._Element:
    whole = bool(unit.notice or unit.field)
    made = etree.Element("tu", srclang=unit.language, segtype="block" if whole else "sentence")
    if unit.at is not None:
        when = unit.at.astimezone(UTC).strftime(_TIME)
        made.set("creationdate", when)
        made.set("changedate", when)
    if unit.by:
        made.set("creationid", _xml(unit.by))
        made.set("changeid", _xml(unit.by))
    for kind, value in ((NOTICE, unit.notice), (FIELD, unit.field)):
        if value:
            etree.SubElement(made, "prop", type=kind).text = _xml(value)
    for language, text in ((unit.language, unit.source), (READER, unit.target)):
        variant = etree.SubElement(made, "tuv", {_LANG: language})
        etree.SubElement(variant, "seg").text = _xml(text)
    return made


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
