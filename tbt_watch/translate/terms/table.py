"""Tables of terms as files: read from TSV or CSV as people keep them, written so that they can be read again.

Columns stand by their names in the first line, in any order: ``en fr es vi status domain note base``; several
spellings in a cell are separated by ``|``. What a spreadsheet would compute is written with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.spreadsheet import Row, read_text, rows_of
from tbt_watch.domain.term import TERM_STATUSES, Term
from tbt_watch.domain.text import armed, collapse, disarmed
from tbt_watch.errors import UsageError
from tbt_watch.translate.terms.base import COLUMNS, status_of
from tbt_watch.translate.terms.finder import LANGUAGES
from tbt_watch.translate.terms.tariff import COLUMNS as TARIFF_COLUMNS
from tbt_watch.translate.terms.tariff import Tariff, is_tariff, read_tariff

BASE = "base"
"""The column that says whose a term is."""
PROJECT, OFFICE = "project", "office"


@dataclass(kw_only=True)
class TermTable:
    """What a file held: terms with their lines, the lines that are no terms and why, columns that nobody reads, the
    terms that the file says are the project's, and the wordings of a tariff when it is one."""

    terms: list[tuple[int, Term]] = field(default_factory=list)
    faults: list[tuple[int, Remark]] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    of_project: set[Term] = field(default_factory=set)
    tariff: Tariff | None = None


def read_term_table(path: Path) -> TermTable:
    """Read a table of terms, or a tariff in both languages. Raises UsageError when it is neither."""
    numbered = rows_of(read_text(path))
    head = _head(next(numbered, Row(1, [])).cells, str(path))
    a_tariff = is_tariff(head)
    known = frozenset(TARIFF_COLUMNS) if a_tariff else frozenset((*COLUMNS, BASE))
    table = TermTable(unknown=tuple(name for name in head if name and name not in known))
    rows = _named(numbered, head, table)
    if a_tariff:
        table.tariff = read_tariff(rows, table.faults)
        return table
    for line, cells in rows:
        _take(line, cells, table)
    return table


def _head(cells: Sequence[str], where: str) -> list[str]:
    """The names of the columns. Raises UsageError when one stands there twice or one that is needed is missing."""
    head = [collapse(cell).lower() for cell in cells]
    twice = next((name for number, name in enumerate(head) if name and name in head[:number]), None)
    if twice:
        raise UsageError(f"{where} has two columns {twice!r}: name each once in the first line.")
    if not is_tariff(head) and ("vi" not in head or not set(LANGUAGES) & set(head)):
        raise UsageError(
            f"{where} lacks the column {'vi' if 'vi' not in head else 'en'!r}: the first line must name the columns "
            f"{', '.join(COLUMNS)}, or those of a tariff, {', '.join(TARIFF_COLUMNS)}."
        )
    return head


def _take(line: int, cells: Mapping[str, str], table: TermTable) -> None:
    term = term_of(cells)
    if isinstance(term, Remark):
        table.faults.append((line, term))
        return
    table.terms.append((line, term))
    if cells.get(BASE, "").lower() == PROJECT:
        table.of_project.add(term)


def term_of(cells: Mapping[str, str]) -> Term | Remark:
    """The term that cells by the names of the columns say, or why they say none."""
    status = status_of(cells.get("status", ""))
    if status is None:
        return remark(
            "the status “{status}” is none of {statuses}; write one of them",
            status=cells["status"][:40],
            statuses=", ".join(TERM_STATUSES),
        )
    return Term(
        **{name: _spellings(cells.get(name, "")) for name in LANGUAGES},
        vi=cells.get("vi", ""),
        status=status,
        domain=cells.get("domain", ""),
        note=cells.get("note", ""),
    )


def cells_of(term: Term) -> dict[str, str]:
    """A term as the cells of a table, by the names of the columns."""
    spellings = {name: "|".join(term.spellings(name)) for name in LANGUAGES}
    return {**spellings, "vi": term.vi, "status": term.status, "domain": term.domain, "note": term.note}


def _spellings(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split("|") if (part := one.strip()))


def _named(
    numbered: Iterable[Row], head: Sequence[str], table: TermTable
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header by the names of their columns; one that is no row is put down as a fault."""
    for line, cells, fault in numbered:
        if fault:
            table.faults.append((line, fault))
        elif any(cell.strip() for cell in cells[len(head) :]):
            said = "it has {cells} cells below {columns} columns; take the last ones out"
            table.faults.append((line, remark(said, cells=len(cells), columns=len(head))))
        elif any(cell.strip() for cell in cells) and not _is_comment(cells):
            yield line, {name: armed(collapse(cell)) for name, cell in zip(head, cells, strict=False) if name}


def _is_comment(cells: Sequence[str]) -> bool:
    """A line of the project's own kind of table that begins with ``#`` and has one cell."""
    return len(cells) == 1 and cells[0].startswith("#")


# ── written ─────────────────────────────────────────────────────────────────────────────────────────────


def written_terms(shipped: Iterable[Term], own: Iterable[Term], *, as_csv: bool) -> Iterator[str]:
    """Every term as a line of a table, the project's first; ``base`` says whose it is."""
    yield ("\ufeff" if as_csv else "") + _line((*COLUMNS, BASE), as_csv=as_csv)
    for base, terms in ((PROJECT, shipped), (OFFICE, own)):
        for term in terms:
            yield _line((*cells_of(term).values(), base), as_csv=as_csv)


def _line(cells: Sequence[str], *, as_csv: bool) -> str:
    safe = [disarmed(cell) for cell in cells]
    if as_csv:
        out = io.StringIO()
        csv.writer(out).writerow(safe)
        return out.getvalue()
    quoted = (cell.replace('"', '""') if cell.startswith('"') else cell for cell in safe)
    return "\t".join(f'"{cell}"' if cell.startswith('"') else cell for cell in quoted) + "\n"
