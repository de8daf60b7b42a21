"""The text of a Word document (.docx): the head of its pages, and its paragraphs and table rows in order.

A .docx is a ZIP archive of XML parts (ECMA-376, part 1, 17). Only text is read: no macros, no links, no pictures.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.archive import Archive, open_archive

_LARGEST = 16 << 20
_BODY = "word/document.xml"
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Properties hold tab stops and the like; a fallback repeats what stands before it; what was deleted is not there.
_SKIPPED = frozenset({"pPr", "rPr", "Fallback", "del", "moveFrom", "instrText"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_TITLE = re.compile(r"(?:NOTIFICATION|NOTIFICACIÓN)\b")
_HEAD_WITHIN = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class WordText:
    """``header``: the lines at the head of the first page and of the others, each once. ``blocks``: the body, a
    paragraph as one text, a table row as the texts of its cells; empty paragraphs are left out."""

    header: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]


def read_word(file: BinaryIO, where: str) -> WordText:
    """The text of the document in ``file``; ``where`` names it in messages.

    Raises SourceError when it is no Word document, and DamagedError when it is cut short or damaged.
    """
    archive = open_archive(file, where)
    if not archive.complete:
        raise DamagedError(f"{where} is cut short: get the document again.")
    if _BODY not in archive.names():
        raise SourceError(f"{where} is an archive without a Word document in it: open it to see what it is.")
    root = _part(archive, _BODY, where)
    body = root.find(f"{_WORDS}body")
    if body is None:
        raise SourceError(f"{where} is a Word document without a text: open it to see what it is.")
    return WordText(header=tuple(_header(archive, body, where)), blocks=tuple(_blocks(body)))


def head_of(header: Sequence[str], blocks: Sequence[Sequence[str]]) -> list[str]:
    """The lines above the title of a WTO document: of the page header, or of the body in documents before 2010."""
    lines = list(header)
    for block in blocks[:_HEAD_WITHIN]:
        if any(_TITLE.match(text.strip()) for text in block):
            return lines
        lines += [line.strip() for text in block for line in text.splitlines() if line.strip()]
    return list(header)


def _part(archive: Archive, name: str, where: str) -> etree._Element:
    content = bytearray()
    for chunk in archive.stream(name):
        content += chunk
        if len(content) > _LARGEST:
            raise SourceError(f"{where} holds over {_LARGEST >> 20} MB of text: it was not read.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(bytes(content), parser)
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"{where} is damaged in {name} ({error}): get the document again.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(f"{where} declares a document type, which no Word document does: it was not read.")
    return root


def _header(archive: Archive, body: etree._Element, where: str) -> Iterator[str]:
    """The lines of the header of the first page, then of the other pages: symbol, day and committee stand there."""
    targets = _targets(archive, where)
    named = {
        str(one.get(f"{_WORDS}type")): targets.get(str(one.get(f"{_LINKS}id")), "")
        for one in body.iter(f"{_WORDS}headerReference")
    }
    seen: set[str] = set()
    for name in (
        named.get("first", ""),
        named.get("default", ""),
        named.get("even", "") if len(named) < 2 else "",
    ):
        if name not in archive.names():
            continue
        for paragraph in _part(archive, name, where).iter(f"{_WORDS}p"):
            line = _text(paragraph).strip()
            if line and line not in seen:
                seen.add(line)
                yield line


def _targets(archive: Archive, where: str) -> dict[str, str]:
    name = "word/_rels/document.xml.rels"
    if name not in archive.names():
        return {}
    found = {}
    for one in _part(archive, name, where):
        target = one.get("Target", "")
        found[one.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"word/{target}"
    return found


def _blocks(parent: etree._Element) -> Iterator[tuple[str, ...]]:
    """Paragraphs and rows in order, also inside content controls."""
    for child in _inside(parent, "p", "tbl"):
        if child.tag == f"{_WORDS}tbl":
            for row in _inside(child, "tr"):
                yield tuple(_cell(cell) for cell in _inside(row, "tc"))
        elif (text := _text(child)).strip():
            yield (text,)


def _inside(parent: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these names, also those that a wrapper (a content control, a tracked change) holds."""
    for child in parent:
        name = etree.QName(child).localname
        if name in names:
            yield child
        elif name in _WRAPPERS:
            yield from _inside(child, *names)


def _cell(cell: etree._Element) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_WORDS}p")).rstrip()


def _text(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = etree.QName(child).localname
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name not in _SKIPPED:
            yield from _pieces(child)
