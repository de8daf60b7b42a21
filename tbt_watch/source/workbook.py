"""Workbooks as ePing writes them, read as a stream: the export of search results and the bulk workbook.

What common readers miss and this one reads: symbols and links that exist only as the formula
``HYPERLINK("address","text")`` without a stored value; dates as serial numbers or as ISO text; headers with
doubled blanks; shared, inline and rich strings; rows and cells that do not say where they stand.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from tbt_watch.domain.text import collapse
from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.archive import Archive, open_archive
from tbt_watch.source.elements import elements
from tbt_watch.source.strings import SharedStrings, string_items, text_of, unescape

Value = str | date

HS_ENTRY = re.compile(r"(?:^|;)\s*(\d{2,12}) - ")
ICS_ENTRY = re.compile(r"(?:^|;)\s*(\d{2}(?:\.\d{3}(?:\.\d{2})?)?) - ")

_Columns = dict[str, tuple[str, bool]]
"""Per column letters the normalised header, and whether the column holds dates."""

_HEADER_WITHIN = 20
_SHORT, _REMEMBERED = 96, 20_000
_DIGITS = "0123456789"
_LITERAL = r'"(?:[^"]|"")*"'
_TEXT = rf"{_LITERAL}(?:\s*&\s*{_LITERAL})*"
_HYPERLINK = re.compile(rf"\s*=?\s*HYPERLINK\(\s*({_TEXT})\s*(?:[,;]\s*({_TEXT})\s*)?\)\s*", re.IGNORECASE)
_DATED = re.compile(r"\bdate\b")
_QUOTED = re.compile(_LITERAL)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_SERIAL = re.compile(r"\d{1,7}(?:\.\d+)?(?:[eE]\+?\d+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkbookRow:
    """One row below the header. ``number`` counts from 1 as Excel does; ``cells`` maps the header (blanks
    collapsed, lower case) to its text, word for word, or to its date; empty cells are left out. ``links``
    holds the addresses of cells that are hyperlinks."""

    number: int
    cells: dict[str, Value]
    links: dict[str, str] = field(default_factory=dict)


def read_workbook(file: BinaryIO | Path, where: str, needs: Collection[str] = ()) -> Iterator[WorkbookRow]:
    """Yield the rows of the first sheet whose header holds every column of ``needs`` (normalised names).

    ``where`` names the file in messages. Raises SourceError when the file is no workbook, lacks a needed
    column or would unpack to more than we accept; when it is cut short or damaged, the rows before the
    damage are yielded first.
    """
    with ExitStack() as stack:
        if isinstance(file, Path):
            try:
                file = stack.enter_context(file.open("rb"))
            except OSError as error:
                raise SourceError(
                    f"{where} could not be opened ({error.strerror}): check the path."
                ) from error
        yield from _Reader(open_archive(file, where), where, frozenset(needs)).rows()


def header_name(text: str) -> str:
    """A column's name as ``cells`` carries it: runs of blanks made one, lower case."""
    return collapse(text).lower()


def split_coded(text: str, pattern: re.Pattern[str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Take ``8517 - Telephone sets; other; 6506 - Headgear`` apart by ``HS_ENTRY`` or ``ICS_ENTRY``.

    Names hold semicolons of their own, so an entry ends where the next code begins. Returns the
    (code, name) pairs in their order, and what stood before the first code ("" as a rule).
    """
    found = list(pattern.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    pairs = tuple(
        (match[1], text[match.end() : end].strip(" ;\r\n")) for match, end in zip(found, ends, strict=True)
    )
    return pairs, text[: found[0].start() if found else len(text)].strip(" ;\r\n")


class _Reader:
    def __init__(self, archive: Archive, where: str, needs: frozenset[str]) -> None:
        self._archive = archive
        self._where = where
        self._needs = needs
        self._parts = {name.lower(): name for name in archive.names()}
        self._strings = SharedStrings()
        self._strings_damage = ""
        self._epoch = date(1899, 12, 30)
        self._repeated: dict[str | None, str] = {}
        self._dates: dict[str, Value] = {}
        self._links: dict[str, str] = {}

    # ── from the archive to rows ────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[WorkbookRow]:
        kept = 0
        damage = "" if self._archive.complete else f"{self._where} is cut short, its end is missing"
        try:
            sheets = self._sheets()
            self._load_strings()
            for row in self._first_fitting(sheets):
                kept += 1
                yield row
        except DamagedError as error:
            damage = damage or str(error)
        finally:
            self._strings.close()
        damage = damage or self._strings_damage
        if damage:
            raise DamagedError(f"{damage}: {kept:,} rows before that were kept; download the workbook again.")

    def _sheets(self) -> list[str]:
        sheets = [name for low, name in self._parts.items() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", low)]
        if sheets:
            return self._in_order(sheets)
        if not self._archive.complete:
            raise DamagedError("no sheet")
        if "word/document.xml" in self._parts:
            what = "is a Word document and not a workbook: give the .xlsx file"
        elif any(low.endswith(".bin") and low.startswith("xl/") for low in self._parts):
            what = "is a binary workbook (.xlsb): save it as .xlsx"
        else:
            what = "is an archive without a worksheet: give the .xlsx file that ePing exports"
        raise SourceError(f"{self._where} {what}.")

    def _in_order(self, sheets: list[str]) -> list[str]:
        """The sheets as the workbook lists them; by their names where it does not say (or was cut short)."""
        targets: dict[str, str] = {}
        for relation in self._small("xl/_rels/workbook.xml.rels"):
            target = self._parts.get(_resolved(relation.get("Target", "")).lower())
            if target in sheets:
                targets[relation.get("Id", "")] = target
        listed: list[str] = []
        for element in self._small("xl/workbook.xml"):
            name = etree.QName(element).localname
            if name == "workbookPr" and element.get("date1904", "0") in {"1", "true"}:
                self._epoch = date(1904, 1, 1)
            elif name == "sheet":
                marks = [str(mark) for attribute, mark in element.items() if str(attribute).endswith("}id")]
                listed += [targets[mark] for mark in marks if mark in targets]
        return listed or sorted(sheets, key=lambda name: (len(name), name))

    def _small(self, name: str) -> list[etree._Element]:
        """All elements of a small part, or none where it is absent or unreadable: the sheets are found anyway."""
        if name not in self._parts:
            return []
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            content = b"".join(self._limited(self._parts[name], 4 << 20))
            return list(etree.fromstring(content, parser).iter("{*}*"))
        except (DamagedError, etree.XMLSyntaxError):
            return []

    def _limited(self, name: str, limit: int) -> Iterator[bytes]:
        size = 0
        for chunk in self._archive.stream(name):
            size += len(chunk)
            if size > limit:
                raise SourceError(f"{self._where} has a {name} of over {limit >> 20} MB: it was not read.")
            yield chunk

    def _load_strings(self) -> None:
        name = self._parts.get("xl/sharedstrings.xml")
        if name is not None:
            self._strings = SharedStrings(self._string_items(name))

    def _string_items(self, name: str) -> Iterator[str]:
        try:
            yield from string_items(self._archive.stream(name), f"{self._where}, {name},")
        except DamagedError as error:
            self._strings_damage = str(error)

    # ── from a sheet to rows ────────────────────────────────────────────────────────────────────────────

    def _first_fitting(self, sheets: list[str]) -> Iterator[WorkbookRow]:
        """The rows of the first sheet with the needed columns; SourceError that names what the last one lacks."""
        problem = ""
        for sheet in sheets:
            rows = self._raw_rows(sheet)
            columns, problem = self._header(rows)
            if columns is not None:
                yield from self._body(rows, columns)
                return
        raise SourceError(
            f"{self._where} {problem or 'has no rows'}: export it again with all columns, or check that it is "
            "the right workbook."
        )

    def _raw_rows(self, sheet: str) -> Iterator[tuple[int, etree._Element]]:
        number = 0
        for row in elements(self._archive.stream(sheet), "row", "sheetData", f"{self._where}, {sheet},"):
            stated = row.get("r", "")
            number = int(stated) if stated.isdecimal() else number + 1
            yield number, row

    def _header(self, rows: Iterator[tuple[int, etree._Element]]) -> tuple[_Columns | None, str]:
        """The columns by their letters, from the first of the top rows that holds all that is needed."""
        best: set[str] = set()
        for seen, (_, row) in enumerate(rows, start=1):
            columns: _Columns = {}
            names: list[str] = []
            for letters, text in self._plain_cells(row):
                name = _free_name(header_name(text), names)
                names.append(name)
                columns[letters] = (name, bool(_DATED.search(name)))
            if names and self._needs <= set(names):
                return columns, ""
            best = max(best, set(names), key=lambda one: (len(self._needs & one), len(one)))
            if seen == _HEADER_WITHIN:
                break
        missing = ", ".join(f'"{name}"' for name in sorted(self._needs - best))
        return None, f"has no column {missing}" if best else "has no rows"

    def _plain_cells(self, row: etree._Element) -> Iterator[tuple[str, str]]:
        reference = ""
        for cell in row:
            reference = cell.get("r") or _next_reference(reference)
            letters = reference.rstrip(_DIGITS)
            if header_name(text := self._value(cell, letters)):
                yield letters, text

    def _body(self, rows: Iterator[tuple[int, etree._Element]], columns: _Columns) -> Iterator[WorkbookRow]:
        for number, row in rows:
            cells: dict[str, Value] = {}
            self._links = {}
            reference = ""
            for cell in row:
                reference = cell.get("r") or _next_reference(reference)
                letters = reference.rstrip(_DIGITS)
                name, dated = columns.get(letters) or columns.setdefault(
                    letters, (f"column {letters.lower()}", False)
                )
                value = self._value(cell, name)
                if value:
                    cells[name] = self._dated(value) if dated else value
            if cells:
                yield WorkbookRow(number=number, cells=cells, links=self._links)

    # ── from a cell to its value ────────────────────────────────────────────────────────────────────────

    def _value(self, cell: etree._Element, name: str) -> str:
        """The text of a cell. Called millions of times: the common shapes come first."""
        size, kind = len(cell), cell.get("t")
        if size == 1:
            if kind == "s":
                index = cell[0].text
                return self._repeated.get(index) or self._shared(index)
            if kind == "inlineStr":
                return text_of(cell[0])
        elif not size:
            return ""
        stored: str | None = None
        for child in cell:
            tag = child.tag
            if tag.endswith("}f") and child.text is not None:
                linked = self._linked(child.text, name)
                if linked is not None:
                    return linked
                stored = stored or "=" + child.text
            elif tag.endswith("}v"):
                stored = child.text or stored
            elif tag.endswith("}is"):
                return text_of(child)
        if stored is None:
            return ""
        return self._shared(stored) if kind == "s" else unescape(stored)

    def _linked(self, formula: str, name: str) -> str | None:
        """The text of a ``HYPERLINK`` formula, its address noted; None for any other formula."""
        parts = formula.split('"')
        if len(parts) == 5 and parts[0] == "HYPERLINK(" and parts[2].strip() == "," and parts[4] == ")":
            self._links[name] = parts[1]
            return parts[3]
        match = _HYPERLINK.fullmatch(formula)
        if match is None:
            return None
        self._links[name] = address = _literal(match[1])
        return _literal(match[2]) if match[2] else address

    def _shared(self, stored: str | None) -> str:
        try:
            text = self._strings[int(stored or "")]
        except (IndexError, ValueError) as error:
            raise DamagedError(
                f"{self._where} points at the shared text {stored}, which is not there"
            ) from error
        if len(text) <= _SHORT and len(self._repeated) < _REMEMBERED:
            self._repeated[stored] = text
        return text

    def _dated(self, text: str) -> Value:
        """The date that a serial number or ISO text stands for; any other text as it is."""
        known = self._dates.get(text)
        if known is None:
            known = _as_date(text, self._epoch)
            if len(self._dates) < _REMEMBERED:
                self._dates[text] = known
        return known


def _as_date(text: str, epoch: date) -> Value:
    bare = text.strip()
    try:
        if iso := _ISO.fullmatch(bare):
            return date.fromisoformat(iso[1])
        if _SERIAL.fullmatch(bare):
            # Excel believes in 29 February 1900 (serial 60): before it, the epoch is a day later.
            serial = int(float(bare))
            early = epoch.year == 1899 and 0 < serial < 60
            return epoch + timedelta(days=serial + early)
    except (ValueError, OverflowError):
        pass
    return text


def _literal(text: str) -> str:
    return "".join(piece[1:-1].replace('""', '"') for piece in _QUOTED.findall(text))


def _free_name(name: str, taken: Collection[str]) -> str:
    """The name, or with a number behind it where an earlier column has the same."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _resolved(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"


def _next_reference(reference: str) -> str:
    """The column right of ``reference`` (``C12`` or ``C``), for a cell that does not say where it stands."""
    position = 0
    for letter in reference.rstrip(_DIGITS).upper():
        position = position * 26 + ord(letter) - 64
    position += 1
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
