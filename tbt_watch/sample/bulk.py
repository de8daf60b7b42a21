"""A bulk workbook of any size, made by varying the sample: what the benchmark reads."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tbt_watch.sample.bundle import EXPECTED_ISSUES, Edition, Record
from tbt_watch.sample.workbook import Downloads, row_of, write_workbook

FIRST_DAY = date(1995, 1, 2)
LAST_DAY = date(2025, 6, 10)
SYMBOL = re.compile(r"G/(TBT|SPS)/N/([A-Z]{2,4})/\d+((?:/\w+\.\d+)*)")
LATER = timedelta(days=14)
"""By how much a changed row's deadline moves."""


def write_bulk_workbook(path: Path, rows: int, *, changed: int = 0, edition: Edition | None = None) -> int:
    """Write a bulk workbook of exactly ``rows`` rows to ``path`` and return their number.

    Rows are those of the sample's notifications over and over, with symbols that occur once (joint ones stay
    joint, one row a Member; before 2000 some are of the old form ``G/TBT/Notif.95.1``) and dates from 1995 to
    2025. The same arguments give the same bytes. ``changed``: so many rows, spread evenly, have a later
    deadline and another description than with 0, as on the night after.
    """
    source = edition or Edition.bundled()
    varied = _Variations(total=rows, changed=changed, groups=_groups(source))
    return write_workbook(path, (row_of(one, varied.downloads, shape="bulk") for one in varied.records()))


def _groups(edition: Edition) -> list[list[Record]]:
    """The sample's readable records, those of one notification together."""
    broken = {issue.key for issue in EXPECTED_ISSUES}
    groups: dict[str, list[Record]] = {}
    for record in edition.records:
        if str(record["id"]) not in broken:
            groups.setdefault(record["documentSymbol"], []).append(record)
    return list(groups.values())


@dataclass
class _Variations:
    total: int
    changed: int
    groups: list[list[Record]]
    downloads: Downloads = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)
    _made: int = 0
    _changed: int = 0

    def records(self) -> Iterator[Record]:
        singles = [group for group in self.groups if len(group) == 1]
        turn = 0
        while self._made < self.total:
            group = self.groups[turn % len(self.groups)]
            if len(group) > self.total - self._made:
                group = singles[turn % len(singles)]
            turn += 1
            yield from self._vary(group, turn)

    def _vary(self, group: list[Record], turn: int) -> Iterator[Record]:
        span = (LAST_DAY - FIRST_DAY).days
        day = FIRST_DAY + timedelta(days=span * self._made // self.total)
        symbols = self._symbols(str(group[0]["documentSymbol"]), day)
        later = len(group) == 1 and self._due()
        for record in group:
            self._made += 1
            yield self._record(record, turn, day, symbols, later=later)

    def _due(self) -> bool:
        """Whether the next single row is one of the changed ones: they lie evenly over the file."""
        if self._changed >= self.changed or self._made * self.changed < self._changed * self.total:
            return False
        self._changed += 1
        return True

    def _symbols(self, joined: str, day: date) -> str:
        parts = [SYMBOL.fullmatch(part.strip()) for part in joined.split(",")]
        return " " + ", ".join(self._symbol(part, day, old=len(parts) == 1) for part in parts if part)

    def _symbol(self, found: re.Match[str], day: date, *, old: bool) -> str:
        area, member, tail = found.groups()
        series = f"Notif.{day:%y}" if old and area == "TBT" and day.year < 2000 else f"N/{member}"
        key = f"{area}/{series}"
        self._numbers[key] += 1
        joint = "." if series.startswith("Notif") else "/"
        return f"G/{area}/{series}{joint}{self._numbers[key]}{tail}"

    def _record(self, record: Record, turn: int, day: date, symbols: str, *, later: bool) -> dict[str, Any]:
        published = date.fromisoformat(record["distributionDate"][:10])
        deadline = None
        if record["commentDeadlineDate"]:
            left = date.fromisoformat(record["commentDeadlineDate"][:10]) - published
            deadline = (day + left + (LATER if later else timedelta())).isoformat()
        words = f"{record.get('descriptionPlain') or 'No summary.'} (No. {turn}.)"
        return {
            **record,
            "id": self._made,
            "documentSymbol": symbols,
            "distributionDate": day.isoformat(),
            "commentDeadlineDate": deadline,
            "titlePlain": f"{record.get('titlePlain') or 'Notice'} – {turn}",
            "descriptionPlain": f"{words} Amended." if later else words,
            "linkToNotification": f"https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/t/G/{self._made}.DOCX",
        }
