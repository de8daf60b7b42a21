"""Notices written by the project to test the tags: read from here, parted into two halves by hash."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from labelled import Labelled

from tbt_watch.domain.notice import Notice

HERE = Path(__file__).resolve().parent


def written_notifications(path: Path = HERE / "written.tsv") -> list[Labelled]:
    """Notifications with their labels. Codes are those of the record: ``HS 0805;ICS 67.080``."""
    return [_labelled(_notification(row), row) for row in _rows(path)]


def written_regulations(path: Path = HERE / "written_vi.tsv") -> list[Labelled]:
    """Titles of Vietnamese law with their labels."""
    return [_labelled(_regulation(row), row) for row in _rows(path)]


def written_halves(items: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Tuning and held out: in the order of the SHA-256 of the title, the second half is held out."""
    ordered = sorted(items, key=lambda item: hashlib.sha256(item.notice.title.encode()).hexdigest())
    middle = (len(ordered) + 1) // 2
    return ordered[:middle], ordered[middle:]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _labelled(notice: Notice, row: dict[str, str]) -> Labelled:
    return Labelled(notice, frozenset(_parts(row["sectors"])), frozenset(_parts(row["topics"])))


def _notification(row: dict[str, str]) -> Notice:
    codes = [part.split(" ") for part in _parts(row["codes"])]
    follow_up = row["type"] in ("addendum", "corrigendum")
    return _notice(
        row["number"],
        kind="notification",
        area=row["area"],
        type=row["type"],
        follows=f"{row['number']}/0" if follow_up else None,
        members=_parts(row["members"]),
        title=row["title"],
        products=row["products"],
        summary=row["summary"],
        language=row["language"],
        hs_codes=tuple(code.replace(".", "") for scheme, code in codes if scheme == "HS"),
        ics_codes=tuple(code for scheme, code in codes if scheme == "ICS"),
        objectives=_parts(row["objectives"]),
    )


def _regulation(row: dict[str, str]) -> Notice:
    return _notice(
        row["number"],
        kind="regulation",
        area="VN",
        type=row["type"],
        members=(row["issuer"],),
        title=row["title"],
        language="vi",
    )


def _notice(key: str, **facts: Any) -> Notice:
    return Notice(key=key, symbols=(key,), thread=key, **facts)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
