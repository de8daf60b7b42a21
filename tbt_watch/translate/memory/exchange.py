"""The memory as a file that offices share: TMX or CSV, and how another office's file is merged with ours."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tbt_watch.domain.memory import SOURCES, Unit
from tbt_watch.domain.remark import remark
from tbt_watch.domain.spreadsheet import Row, read_text, rows_of
from tbt_watch.domain.text import armed, collapse, disarmed
from tbt_watch.errors import UsageError
from tbt_watch.translate.checks.checker import Checker, FailedCheck
from tbt_watch.translate.memory.tmx import SWAPPED, BadUnit, read_tmx, write_tmx
from tbt_watch.translate.sentences.passages import clean
from tbt_watch.translate.sentences.tongue import is_vietnamese

COLUMNS = ("source", "target", "language", "by", "at", "notice", "field")
REPORT = ("language", "source", "ours", "theirs", "ours_by", "theirs_by", "why")
OTHER = "another translation"
_LINES = 500  # of one row: a unit may be the whole of a long field


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A unit of theirs that was not taken: ``ours`` stands for its source already, or it ``failed`` checks; ``why``
    says which."""

    theirs: Unit
    ours: Unit | None
    why: str
    failed: tuple[FailedCheck, ...] = ()


@dataclass(slots=True)
class Merge:
    """What another office's units come to. ``same``: how many say what is known."""

    taken: list[Unit] = field(default_factory=list)
    disputed: list[Disputed] = field(default_factory=list)
    bad: list[BadUnit] = field(default_factory=list)
    same: int = 0


def read_units(path: Path) -> Iterator[Unit | BadUnit]:
    """The units of a .tmx or .csv file, and those of it that cannot be used. Raises UsageError."""
    suffix = path.suffix.lower()
    if suffix not in (".tmx", ".csv"):
        raise UsageError(f"{path} has neither the suffix .tmx nor .csv: name the file after what it is.")
    return read_tmx(path) if suffix == ".tmx" else read_csv(path)


def write_units(units: Iterable[Unit], suffix: str) -> Iterator[str]:
    """The units as the text of a .tmx or .csv file, but for those that are of use for their own notice alone. Raises
    UsageError for another suffix."""
    if suffix.lower() not in (".tmx", ".csv"):
        raise UsageError(f"A memory is written as .tmx or .csv, not as {suffix!r}: name the file so.")
    units = (unit for unit in units if unit.language in SOURCES)
    return write_tmx(units) if suffix.lower() == ".tmx" else write_csv(units)


def merge(
    incoming: Iterable[Unit | BadUnit],
    ours: Iterable[Unit],
    shipped: Iterable[Unit],
    checker: Checker,
    now: datetime,
    *,
    theirs: bool = False,
    unchecked: bool = False,
) -> Merge:
    """Another office's units beside ours. What we have stays and theirs is listed, unless ``theirs`` says that it takes
    its place; what fails the checks is listed too, unless ``unchecked``. Over the project's own memory both win."""
    done = Merge()
    own = {_key(unit): unit for unit in ours}
    project = {_key(unit): unit for unit in shipped}
    for unit in incoming:
        if isinstance(unit, BadUnit):
            done.bad.append(unit)
            continue
        known = own.get(_key(unit))
        if _says(known or project.get(_key(unit)), unit):
            done.same += 1
        elif faults := () if unchecked else checker.check(unit.source, unit.target, unit.language):
            why = "; ".join(f"{fault.name}: {fault.detail}" for fault in faults)
            done.disputed.append(Disputed(theirs=unit, ours=known, why=why, failed=faults))
        elif known and not theirs:
            done.disputed.append(Disputed(theirs=unit, ours=known, why=OTHER))
        else:
            # What takes the place of ours is newer than it, whenever it was written.
            at = now if known else min(unit.at or now, now)
            own[_key(unit)] = taken = replace(unit, origin="import", at=at, notice="", field="", id=None)
            done.taken.append(taken)
    return done


def _key(unit: Unit) -> tuple[str, str]:
    return unit.language, collapse(unit.source)


def _says(known: Unit | None, unit: Unit) -> bool:
    return known is not None and collapse(known.target) == collapse(unit.target)


# --- CSV ---------------------------------------------------------------------------------------------------------


def read_csv(path: Path) -> Iterator[Unit | BadUnit]:
    """The units of a CSV file as spreadsheets write it. Only the columns source and target are needed. Raises
    UsageError."""
    rows = rows_of(read_text(path), _LINES)
    head = [collapse(cell).lower() for cell in next(rows, Row(1, [])).cells]
    missing = [name for name in ("source", "target") if name not in head]
    if missing:
        raise UsageError(
            f"{path} lacks the column {missing[0]!r}: the first row must name {', '.join(COLUMNS)}."
        )
    for line, cells, fault in rows:
        if fault:
            yield BadUnit(line, fault)
        elif any(cell.strip() for cell in cells):
            yield _from_cells(dict(zip(head, map(armed, cells), strict=False)), line)


def _from_cells(cells: Mapping[str, str], line: int) -> Unit | BadUnit:
    texts = {name: clean(cells.get(name, "")).strip() for name in COLUMNS}
    language = (texts["language"] or SOURCES[0]).lower()[:2]
    if language not in SOURCES:
        said = "the language “{language}” is none of {languages}"
        return BadUnit(line, remark(said, language=texts["language"][:40], languages=", ".join(SOURCES)))
    for name in ("source", "target"):
        if not texts[name]:
            return BadUnit(line, remark("the cell {name} is empty; write what stands there", name=name))
    if is_vietnamese(texts["source"]):
        return BadUnit(line, remark(SWAPPED))
    return Unit(
        language=language,
        source=texts["source"],
        target=texts["target"],
        origin="import",
        by=texts["by"],
        at=_moment(texts["at"]),
        notice=texts["notice"],
        field=texts["field"],
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def write_csv(units: Iterable[Unit]) -> Iterator[str]:
    """CSV that a spreadsheet opens as it is, and computes nothing of."""
    yield "\ufeff" + _line(COLUMNS)
    for unit in units:
        at = unit.at.astimezone(UTC).isoformat(timespec="seconds") if unit.at else ""
        yield _line((unit.source, unit.target, unit.language, unit.by, at, unit.notice, unit.field))


def write_report(
    disputed: Iterable[Disputed], why: Callable[[Disputed], str] = lambda one: one.why
) -> Iterator[str]:
    """What was not taken, with both sides, as CSV; ``why`` says the reason in the reader's language."""
    yield "\ufeff" + _line(REPORT)
    for one in disputed:
        ours, theirs = one.ours, one.theirs
        own = (ours.target, ours.by) if ours else ("", "")
        yield _line((theirs.language, theirs.source, own[0], theirs.target, own[1], theirs.by, why(one)))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([disarmed(cell) for cell in cells])
    return out.getvalue()
