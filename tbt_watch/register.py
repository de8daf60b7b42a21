"""The register of subscribers as a table: read from CSV or XLSX, row by row, and written as CSV.

Columns are named in ``COLUMNS``; several values in a cell are separated by ";". Several rows with one channel and
address are several subscriptions of one subscriber; so are several without an address under one name, which are
prepared: the enterprise takes them up itself, with a code. A row that says yes to the bulletin and has no frequency
stands for the bulletin alone.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from zipfile import BadZipFile

from tbt_watch.deliver.letter import is_mailbox
from tbt_watch.digest.documents import document_name
from tbt_watch.domain.code import is_prepared
from tbt_watch.domain.spreadsheet import Row, read_text, rows_of
from tbt_watch.domain.subscriber import (
    FREQUENCIES,
    WEEKDAYS,
    Criteria,
    Frequency,
    Subscriber,
    Subscription,
    Weekday,
)
from tbt_watch.domain.text import armed, collapse, disarmed, fold
from tbt_watch.errors import UsageError
from tbt_watch.language import Language

COLUMNS = (
    "name", "lang", "channel", "address", "frequency", "at", "day", "sectors", "markets", "hs", "areas", "topics",
    "words", "documents", "office", "bulletin",
)  # fmt: skip
SHOWN = ("pause", "link")
"""What an export has besides; an import does not read it."""
NEEDED = ("name", "channel", "address", "frequency")
CHANNELS = ("pretend", "telegram", "email", "zalo")
AREAS = ("TBT", "SPS", "VN")
LISTS = ("sectors", "markets", "hs", "areas", "topics", "words", "documents")
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:hg]([0-5]\d)?(?::00)?)?")
_CHAT = re.compile(r"-?\d{3,20}|@\w{3,64}")
_GROUP = 100
_YES, _NO = ("yes", "co", "x", "1", "true"), ("no", "khong", "0", "false", "")
_DAYS: tuple[tuple[str, ...], ...] = (
    ("mon", "thu hai", "thu 2", "t2"),
    ("tue", "thu ba", "thu 3", "t3"),
    ("wed", "thu tu", "thu 4", "t4"),
    ("thu", "thu nam", "thu 5", "t5"),
    ("fri", "thu sau", "thu 6", "t6"),
    ("sat", "thu bay", "thu 7", "t7"),
    ("sun", "chu nhat", "cn"),
)
"""How each of ``WEEKDAYS`` is written, without tones."""
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
    groups: frozenset[str] = frozenset()
    """Those of the vocabulary; an office adds its own (``ASEAN``), and tags notices by them."""

    def market(self, text: str) -> str | None:
        """The code of a Member or group, by code or name."""
        code = self.language.member_code(text)
        if code is None and text.upper() in self.groups | {group.code for group in self.language.groups}:
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
    """The subscribers of a table, and the rows that were not taken. Rows count from 2, as a spreadsheet shows them.

    One without an address is to be prepared: ``digest.enrol`` gives it a code.
    """
    found: dict[tuple[str, str, str], Subscriber] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        try:
            one = _subscriber(row, known, now)
        except UsageError as error:
            faults.append(RowFault(row=number, message=str(error)))
            continue
        place = (one.channel, one.address, "" if one.address else one.name)
        before = found.get(place)
        if before is not None:
            wishes = tuple(dict.fromkeys((*before.subscriptions, *one.subscriptions)))
            bulletin = one.bulletin_since or before.bulletin_since
            office = one.office or before.office
            one = replace(one, subscriptions=wishes, office=office, bulletin_since=bulletin)
        found[place] = one
    return list(found.values()), faults


def _subscriber(row: Mapping[str, str], known: Known, now: datetime) -> Subscriber:
    if _FAULT in row:
        raise UsageError(f"{row[_FAULT]}.")
    lang, channel = row.get("lang") or "vi", row.get("channel", "").lower()
    bulletin = _answer("bulletin", row.get("bulletin", ""))
    alone = bulletin and not any(row.get(name) for name in (*LISTS, "frequency", "at", "day"))
    for name in NEEDED:
        needless = (name == "address" and channel == "telegram") or (name == "frequency" and alone)
        if not row.get(name) and not needless:
            raise UsageError(f"the cell {name!r} is empty.")
    if lang not in ("vi", "en"):
        raise UsageError(f"the language {lang!r} is none of vi, en.")
    if channel not in CHANNELS:
        raise UsageError(f"the channel {channel!r} is none of {', '.join(CHANNELS)}.")
    return Subscriber(
        name=row["name"],
        lang="en" if lang == "en" else "vi",
        channel=channel,
        address=_address(channel, row.get("address", "")),
        subscriptions=() if alone else (wish_of(row, known),),
        since=now,
        office=_answer("office", row.get("office", "")),
        bulletin_since=now if bulletin else None,
    )


def _address(channel: str, text: str) -> str:
    """The address as the channel has it; empty for a subscription that is to be prepared."""
    if channel == "telegram" and text and not is_prepared(text) and not _CHAT.fullmatch(text):
        raise UsageError(
            f"the address {text!r} is no chat: a number, @name for a channel, or empty for a code."
        )
    if channel == "email" and not is_mailbox(text):
        raise UsageError(f"the address {text!r} is no mail address that every server takes.")
    if channel == "zalo" and len(text) > _GROUP:
        raise UsageError(f"the address {text[:40]!r} … is no name of a Zalo group: at most {_GROUP} letters.")
    return text.lower() if channel == "email" else text


def wish_of(row: Mapping[str, str], known: Known) -> Subscription:
    """The wish in the cells of a row. Raises UsageError."""
    often, at, day = _frequency(row["frequency"]), _time(row.get("at", "")), _day(row.get("day", ""))
    if at and often == "instant":
        raise UsageError("a time in the cell 'at' goes with daily or weekly, not with instant.")
    if day and often != "weekly":
        raise UsageError("a day in the cell 'day' goes with weekly only.")
    return Subscription(criteria=criteria_of(row, known), frequency=often, at=at, day=day)


def _frequency(text: str) -> Frequency:
    for one in FREQUENCIES:
        if text.lower() == one:
            return one
    raise UsageError(f"the frequency {text!r} is none of {', '.join(FREQUENCIES)}.")


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(fold(text).replace(" ", ""))
    if found is None and text:
        raise UsageError(f"the time {text!r} in the cell 'at' is none: write 07:00.")
    return time(int(found[1]), int(found[2] or 0)) if found else None


def _day(text: str) -> Weekday | None:
    word = fold(text)
    day = next((one for one, words in zip(WEEKDAYS, _DAYS, strict=True) if word in words), None)
    if day is None and text:
        raise UsageError(f"the day {text!r} is none of {', '.join(WEEKDAYS)}.")
    return day


def _answer(name: str, text: str) -> bool:
    if fold(text) not in (*_YES, *_NO):
        raise UsageError(f"the cell {name!r} says {text!r}: write yes or no.")
    return fold(text) in _YES


def criteria_of(row: Mapping[str, str], known: Known) -> Criteria:
    """The criteria in the cells of a row. Raises UsageError for a code that does not exist."""
    return Criteria(
        sectors=_codes(row, "sectors", known.sectors),
        markets=tuple(_market(value, known) for value in _values(row, "markets")),
        hs=tuple(map(_heading, _values(row, "hs"))),
        areas=tuple(map(_area, _values(row, "areas"))),
        topics=_codes(row, "topics", known.topics),
        words=tuple(_values(row, "words")),
        documents=tuple(map(_document, _values(row, "documents"))),
    )


def _values(row: Mapping[str, str], name: str) -> list[str]:
    return [item for part in row.get(name, "").split(";") if (item := part.strip())]


def _codes(row: Mapping[str, str], name: str, allowed: frozenset[str]) -> tuple[str, ...]:
    values = _values(row, name)
    for value in values:
        if value not in allowed:
            raise UsageError(f"{value!r} is none of the {name}; tbt-watch vocabulary export shows them.")
    return tuple(values)


def _market(value: str, known: Known) -> str:
    code = known.market(value)
    if code is None:
        raise UsageError(f"the market {value!r} is no Member of the WTO and no group (EU, GCC …).")
    return code


def _heading(value: str) -> str:
    code = value.replace(".", "").replace(" ", "")
    if not re.fullmatch(r"(?:\d\d){1,6}", code, re.ASCII):  # levels of the nomenclature have two digits each
        raise UsageError(f"the HS code {value!r} is none: write 2, 4, 6, 8, 10 or 12 digits.")
    return code


def _area(value: str) -> str:
    if value.upper() not in AREAS:
        raise UsageError(f"the area {value!r} is none of {', '.join(AREAS)}.")
    return value.upper()


def _document(value: str) -> str:
    name = document_name(value)
    if name is None:
        raise UsageError(f"the document {value!r} is none: write a symbol or number such as G/TBT/N/USA/138.")
    return name


def write_table(people: Iterable[Subscriber], link: Callable[[Subscriber], str]) -> Iterator[str]:
    """The register as CSV, a line a subscription; ``link``: what an enterprise taps to take up what is prepared."""
    for number, cells in enumerate([(*COLUMNS, *SHOWN), *_cells(people, link)]):
        out = io.StringIO()
        csv.writer(out).writerow([disarmed(cell) for cell in cells])
        yield out.getvalue() if number else "\ufeff" + out.getvalue()


def _cells(people: Iterable[Subscriber], link: Callable[[Subscriber], str]) -> Iterator[tuple[str, ...]]:
    for one in people:
        for wish in one.subscriptions:
            lists = wish.criteria.as_json()
            head = (one.name, one.lang, one.channel, one.address, wish.frequency)
            when = (f"{wish.at:%H:%M}" if wish.at else "", wish.day or "")
            limits = ("; ".join(lists.get(name, ())) for name in LISTS)
            yield (*head, *when, *limits, *_ends(one), link(one))
        if not one.subscriptions and one.bulletin_since:
            blank = [""] * (len(COLUMNS) - 6)
            yield (one.name, one.lang, one.channel, one.address, *blank, *_ends(one), link(one))


def _ends(one: Subscriber) -> tuple[str, str, str]:
    return "yes" if one.office else "", "yes" if one.bulletin_since else "", one.pause
