"""The register of subscribers as a table: read from CSV or XLSX, row by row, and written as CSV.

Columns: name, lang, channel, address, frequency, sectors, markets, hs, areas, topics, words; several values in a
cell are separated by ";". Several rows with one channel and address are several subscriptions of one subscriber.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

from tbt_watch.domain.spreadsheet import Row, read_text, rows_of
from tbt_watch.domain.subscriber import FREQUENCIES, Criteria, Frequency, Subscriber, Subscription
from tbt_watch.domain.text import armed, collapse, disarmed
from tbt_watch.errors import UsageError
from tbt_watch.language import Language

COLUMNS = (
    "name", "lang", "channel", "address", "frequency", "sectors", "markets", "hs", "areas", "topics", "words",
)  # fmt: skip
NEEDED = ("name", "channel", "address", "frequency")
CHANNELS = ("pretend", "telegram")
AREAS = ("TBT", "SPS", "VN")
_FAULT = "\0"
"""Stands for a column in a row that is none, with why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """A row that was not taken, and why."""

    row: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The codes that a row may name."""

    sectors: frozenset[str]
    topics: frozenset[str]
    language: Language

    def market(self, text: str) -> str | None:
        """The code of a Member or group, by code or name."""
        code = self.language.member_code(text)
        if code is None and text.upper() in {group.code for group in self.language.groups}:
            return text.upper()
        return code


def read_table(path: Path) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV or XLSX file below its header. Raises UsageError when it cannot be read."""
    if path.suffix.lower() not in (".xlsx", ".xls"):
        return read_csv(read_text(path), str(path))
    try:
        return _below_head(_workbook(path), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): check the path.") from error


def read_csv(text: str, where: str) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV text below its header; ``where`` names it. Raises UsageError."""
    return _below_head(rows_of(text), where)


def _below_head(rows: Iterator[Row], where: str) -> Iterator[Mapping[str, str]]:
    head = [collapse(cell).lower() for cell in next(rows, Row(1, [])).cells]
    missing = [name for name in NEEDED if name not in head]
    if missing:
        raise UsageError(
            f"{where} lacks the column {missing[0]!r}: the first row must name {', '.join(COLUMNS)}."
        )
    for row in rows:
        if row.fault:
            yield {_FAULT: str(row.fault)}
            continue
        cells = dict(zip(head, (armed(collapse(cell)) for cell in row.cells), strict=False))
        yield cells if any(cells.values()) else {}


def _workbook(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook  # a third of a second that most commands can save
    from openpyxl.utils.exceptions import InvalidFileException

    # What openpyxl raises on a file that is damaged, or a workbook in name only.
    broken = (
        BadZipFile,
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        SyntaxError,
        EOFError,
    )
    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            rows = [
                Row(line, ["" if cell is None else str(cell) for cell in row])
                for line, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            ]
    except broken as error:
        raise UsageError(f"{path} is no workbook that can be read: save it as XLSX again.") from error
    return iter(rows)


def subscribers(
    rows: Iterable[Mapping[str, str]], known: Known, now: datetime
) -> tuple[list[Subscriber], list[RowFault]]:
    """The subscribers of a table, and the rows that were not taken. Rows count from 2, as a spreadsheet shows them."""
    found: dict[tuple[str, str], Subscriber] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        try:
            one = _subscriber(row, known, now)
        except UsageError as error:
            faults.append(RowFault(row=number, message=str(error)))
            continue
        place = (one.channel, one.address)
        before = found[place].subscriptions if place in found else ()
        wishes = tuple(dict.fromkeys((*before, *one.subscriptions)))
        found[place] = Subscriber(
            name=one.name,
            lang=one.lang,
            channel=one.channel,
            address=one.address,
            since=now,
            subscriptions=wishes,
        )
    return list(found.values()), faults


def _subscriber(row: Mapping[str, str], known: Known, now: datetime) -> Subscriber:
    if _FAULT in row:
        raise UsageError(f"{row[_FAULT]}.")
    for name in NEEDED:
        if not row.get(name):
            raise UsageError(f"the cell {name!r} is empty.")
    lang, channel = row.get("lang") or "vi", row["channel"].lower()
    if lang not in ("vi", "en"):
        raise UsageError(f"the language {lang!r} is none of vi, en.")
    if channel not in CHANNELS:
        raise UsageError(f"the channel {channel!r} is none of {', '.join(CHANNELS)}.")
    if channel == "telegram" and not re.fullmatch(r"-?\d{3,20}|@\w{3,64}", row["address"]):
        raise UsageError(f"the address {row['address']!r} is no chat: a number, or @name for a channel.")
    wish = Subscription(criteria=criteria_of(row, known), frequency=_frequency(row["frequency"]))
    tongue: Literal["vi", "en"] = "en" if lang == "en" else "vi"
    return Subscriber(
        name=row["name"],
        lang=tongue,
        channel=channel,
        address=row["address"],
        subscriptions=(wish,),
        since=now,
    )


def _frequency(text: str) -> Frequency:
    for one in FREQUENCIES:
        if text.lower() == one:
            return one
    raise UsageError(f"the frequency {text!r} is none of {', '.join(FREQUENCIES)}.")


def criteria_of(row: Mapping[str, str], known: Known) -> Criteria:
    """The criteria in the cells of a row. Raises UsageError for a code that does not exist."""

    def values(name: str) -> list[str]:
        return [item for part in row.get(name, "").split(";") if (item := part.strip())]

    def codes(name: str, allowed: frozenset[str]) -> tuple[str, ...]:
        for value in values(name):
            if value not in allowed:
                raise UsageError(f"{value!r} is none of the {name}; tbt-watch vocabulary export shows them.")
        return tuple(values(name))

    markets = []
    for value in values("markets"):
        code = known.market(value)
        if code is None:
            raise UsageError(f"the market {value!r} is no Member of the WTO and no group (EU, GCC …).")
        markets.append(code)
    hs = tuple(value.replace(".", "").replace(" ", "") for value in values("hs"))
    for value in hs:
        if not re.fullmatch(r"\d{2,12}", value):
            raise UsageError(f"the HS code {value!r} is none: write 2 to 12 digits.")
    areas = tuple(value.upper() for value in values("areas"))
    for value in areas:
        if value not in AREAS:
            raise UsageError(f"the area {value!r} is none of {', '.join(AREAS)}.")
    return Criteria(
        sectors=codes("sectors", known.sectors),
        markets=tuple(markets),
        hs=hs,
        areas=areas,
        topics=codes("topics", known.topics),
        words=tuple(values("words")),
    )


def write_table(people: Iterable[Subscriber]) -> Iterator[str]:
    """The register as CSV, a line a subscription."""
    for number, cells in enumerate([COLUMNS, *_cells(people)]):
        out = io.StringIO()
        csv.writer(out).writerow([disarmed(cell) for cell in cells])
        yield out.getvalue() if number else "\ufeff" + out.getvalue()


def _cells(people: Iterable[Subscriber]) -> Iterator[tuple[str, ...]]:
    for one in people:
        for wish in one.subscriptions:
            lists = wish.criteria.as_json()
            head = (one.name, one.lang, one.channel, one.address, wish.frequency)
            yield (*head, *("; ".join(lists.get(name, ())) for name in COLUMNS[5:]))
