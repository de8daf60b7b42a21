"""The vocabulary as a file for people: a workbook with a sheet for each table, or all tables in one TSV or CSV.

Columns stand by their names in the first line, in any order. ``base`` says whose a row is (``project``, ``office``), an
``x`` in ``removed`` that the project's row does not count for the office; a TSV or CSV names the table in a column
``table``, or by its own name (``words.csv``). What a spreadsheet would compute is written with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from tbt_watch.domain import spreadsheet
from tbt_watch.domain.text import armed, collapse, disarmed
from tbt_watch.errors import UsageError
from tbt_watch.tag.tables import COLUMNS, cells_of, key_of, rows_of
from tbt_watch.tag.vocabulary import Vocabulary

BASE, REMOVED, TABLE = "base", "removed", "table"
PROJECT, OFFICE = "project", "office"
KEYS: Mapping[str, tuple[str, ...]] = {name: columns[:1] for name, columns in COLUMNS.items()} | {
    "words": ("kind", "code", "language", "pattern")
}
"""The columns that say which row of a table is meant."""
_UNPACKED = 256 << 20
_LONGEST = 4_000  # letters of a cell
_ALL = tuple(dict.fromkeys(chain.from_iterable(COLUMNS.values())))


class SheetRow(NamedTuple):
    """A row of a file: of which table, on which line, its cells by column."""

    table: str
    line: int
    cells: dict[str, str]


@dataclass(kw_only=True)
class Sheets:
    """What a file held: rows, what could not be read (table, line, why, a sentence) and columns or sheets that nobody
    reads."""

    rows: list[SheetRow] = field(default_factory=list)
    faults: list[tuple[str, int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_sheets(path: Path) -> Sheets:
    """Read a workbook, TSV or CSV. Raises UsageError when it is none, or holds no table of the vocabulary."""
    data = spreadsheet.read_file(path)
    found = Sheets()
    if data.startswith(b"PK"):
        for title, rows in _workbook(data, path):
            _take_sheet(title, rows, found)
        if len(found.unknown) and not found.rows and not found.faults:
            raise UsageError(f"{path} has no sheet that is called {', '.join(COLUMNS)}: name its sheets so.")
        return found
    _take_text(path, spreadsheet.decoded(data, path), found)
    return found


# ── workbooks ───────────────────────────────────────────────────────────────────────────────────────────


def _workbook(data: bytes, path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    from openpyxl import load_workbook  # a third of a second that most commands can save
    from openpyxl.utils.exceptions import InvalidFileException

    # What openpyxl raises on a file that is damaged, or a workbook in name only.
    broken = (
        BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError,
        EOFError, NotImplementedError,
    )  # fmt: skip
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if unpacked > _UNPACKED:
            raise UsageError(f"{path} unpacks to {unpacked >> 20} MB: is it the right file?")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [
            (
                sheet.title,
                [
                    ["" if cell is None else str(cell) for cell in row]
                    for row in sheet.iter_rows(values_only=True)
                ],
            )
            for sheet in book.worksheets
        ]
    except broken as error:
        raise UsageError(f"{path} is no workbook that can be read: save it as XLSX again.") from error
    yield from sheets


def _take_sheet(title: str, rows: Sequence[Sequence[str]], found: Sheets) -> None:
    table = collapse(title).lower()
    if table not in COLUMNS:
        found.unknown.append(title)
        return
    if not any(any(row) for row in rows):
        return
    head = _head(rows[0])
    fault = _bad_head(head, KEYS[table])
    if fault:
        found.faults.append((table, 1, fault))
        return
    found.unknown += [
        f"{title}: {name}" for name in head if name and name not in (*COLUMNS[table], BASE, REMOVED)
    ]
    for line, row in enumerate(rows[1:], start=2):
        _take_row(table, line, head, row, found)


def write_workbook(vocabulary: Vocabulary, file: BinaryIO) -> None:
    """Write a workbook that ``read_sheets`` takes; texts stay texts, so that no code loses a zero."""
    from openpyxl import Workbook  # loads NumPy: only where a workbook is written
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    for table, columns in COLUMNS.items():
        sheet = book.create_sheet(table)
        sheet.freeze_panes = "A2"
        names = (*columns, BASE, REMOVED)
        lines = [dict(zip(names, names, strict=True)), *listed(vocabulary, table)]
        for number in range(len(names)):
            widest = max(len(line[names[number]]) for line in lines)
            sheet.column_dimensions[chr(ord("A") + number)].width = min(max(widest, 8) + 2, 60)
        sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(names) - 1)}{len(lines)}"
        for line in lines:
            cells = []
            for name in names:
                cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", disarmed(line[name])))
                cell.data_type, cell.number_format = "s", "@"
                cells.append(cell)
            sheet.append(cells)
    book.save(file)


# ── TSV and CSV ─────────────────────────────────────────────────────────────────────────────────────────


def _take_text(path: Path, text: str, found: Sheets) -> None:
    rows = spreadsheet.rows_of(text, at_most=1)  # no cell of ours has two lines: a mark was left open there
    head = _head(next(rows, spreadsheet.Row(1, [])).cells)
    named = path.stem.lower() if path.stem.lower() in COLUMNS else ""
    fault = _bad_head(head, KEYS[named] if named and TABLE not in head else (TABLE,))
    if fault:
        raise UsageError(f"{path}: {fault}")
    found.unknown += [name for name in head if name and name not in (*_ALL, TABLE, BASE, REMOVED)]
    for line, row, unread in rows:
        table = named or _cell(row, head, TABLE).lower()
        if unread:
            found.faults.append((named, line, f"{unread}."))
        elif table in COLUMNS:
            _take_row(table, line, head, row, found)
        elif any(cell.strip() for cell in row):
            found.faults.append(("", line, f"there is no table {table!r}; there are {', '.join(COLUMNS)}."))


def written_sheets(vocabulary: Vocabulary, *, as_csv: bool) -> Iterator[str]:
    """All tables in one, line by line, as ``read_sheets`` takes them; CSV with a mark of UTF-8 for spreadsheets."""
    names = (TABLE, *_ALL, BASE, REMOVED)
    yield ("\ufeff" if as_csv else "") + _line(names, as_csv=as_csv)
    for table in COLUMNS:
        for cells in listed(vocabulary, table):
            yield _line([table, *(disarmed(cells.get(name, "")) for name in names[1:])], as_csv=as_csv)


def _line(cells: Sequence[str], *, as_csv: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out) if as_csv else csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(cells)
    return out.getvalue()


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────


def _head(cells: Iterable[str]) -> list[str]:
    head = [collapse(cell).lower() for cell in cells]
    while head and not head[-1]:
        head.pop()
    return head


def _bad_head(head: Sequence[str], needed: Iterable[str]) -> str:
    twice = next((name for number, name in enumerate(head) if name and name in head[:number]), "")
    if twice:
        return f"there are two columns {twice!r}; name each once in the first line."
    missing = next((name for name in needed if name not in head), "")
    return f"the first line names no column {missing!r}; write it there." if missing else ""


def _cell(row: Sequence[str], head: Sequence[str], name: str) -> str:
    at = head.index(name) if name in head else len(row)
    return collapse(row[at]) if at < len(row) else ""


def _take_row(table: str, line: int, head: Sequence[str], row: Sequence[str], found: Sheets) -> None:
    if not any(cell.strip() for cell in row):
        return
    if any(cell.strip() for cell in row[len(head) :]):
        found.faults.append((table, line, f"it has {len(row)} cells below {len(head)} columns."))
        return
    long = next((name for name, cell in zip(head, row, strict=False) if len(cell) > _LONGEST), None)
    if long is not None:
        found.faults.append((table, line, f"the cell {long!r} has more than {_LONGEST} letters."))
        return
    names = (*COLUMNS[table], BASE, REMOVED)
    cells = {name: armed(collapse(cell)) for name, cell in zip(head, row, strict=False) if name in names}
    found.rows.append(SheetRow(table, line, cells))


def listed(vocabulary: Vocabulary, table: str) -> Iterator[dict[str, str]]:
    """The rows of a table as they count, then those that the office took out or that do not fit."""
    aside = {row.key for row, _ in vocabulary.unfit if row.table == table}
    mine = {row.key: row for row in vocabulary.own if row.table == table}
    for one in rows_of(vocabulary, table):
        if key_of(one) in aside:
            continue
        base = OFFICE if key_of(one) in mine else PROJECT
        yield {name: cells for name, cells in cells_of(one).items() if name in COLUMNS[table]} | {
            BASE: base,
            REMOVED: "",
        }
    for row in mine.values():
        if row.removed or row.key in aside:
            cells = {name: cell for name, cell in row.cells if name in COLUMNS[table]}
            removed = "x" if row.removed else ""
            yield dict.fromkeys(COLUMNS[table], "") | cells | {BASE: OFFICE, REMOVED: removed}
