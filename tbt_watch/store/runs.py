"""How the service itself does: runs of stages, and crawls of sources."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tbt_watch.domain.work import Report
from tbt_watch.store.codec import dump
from tbt_watch.store.database import Database
from tbt_watch.store.tables import crawl as crawl_table
from tbt_watch.store.tables import stage_run as run_table


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawl:
    """How one crawl of a source went; ``message`` says what was wrong when it was not ``ok``."""

    source: str
    started_at: datetime
    finished_at: datetime
    ok: bool
    new: int = 0
    changed: int = 0
    same: int = 0
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceState:
    """The newest crawl of a source, and when one last went well."""

    last: Crawl
    last_success: datetime | None


class RunRoom:
    """The verbs on runs and crawls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, report: Report, started_at: datetime, finished_at: datetime) -> None:
        """Write down how a stage went."""
        row = {
            "stage": report.stage, "started_at": started_at, "finished_at": finished_at, "done": report.done,
            "waiting": report.waiting, "failed": report.failed, "opened": report.opened,
            "notes": dump([list(report.counts), list(report.notes)]),
        }  # fmt: skip
        with self._database.transaction() as connection:
            connection.execute(run_table.insert().values(**row))

    def last(self) -> dict[str, tuple[datetime, Report]]:
        """The last run of each stage: when it ended, and how it went."""
        newest = sa.select(sa.func.max(run_table.c.id)).group_by(run_table.c.stage)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(run_table).where(run_table.c.id.in_(newest))).mappings().all()
        return {row["stage"]: (row["finished_at"], _report(row)) for row in rows}

    def crawled(self, crawl: Crawl) -> None:
        """Write down how a crawl went."""
        names = ("source", "started_at", "finished_at", "ok", "new", "changed", "same", "message")
        with self._database.transaction() as connection:
            connection.execute(crawl_table.insert().values(**{name: getattr(crawl, name) for name in names}))

    def crawls(self) -> dict[str, SourceState]:
        """By source: the newest crawl and the last good one."""
        column = crawl_table.c
        newest = sa.select(sa.func.max(column.id)).group_by(column.source)
        good = (
            sa.select(column.source, sa.func.max(column.finished_at).label("at"))
            .where(column.ok)
            .group_by(column.source)
        )
        with self._database.reading() as connection:
            success = {row.source: row.at for row in connection.execute(good)}
            rows = connection.execute(sa.select(crawl_table).where(column.id.in_(newest))).mappings().all()
        return {
            row["source"]: SourceState(
                last=Crawl(**{name: row[name] for name in row if name != "id"}),
                last_success=success.get(row["source"]),
            )
            for row in rows
        }


def _report(row: sa.RowMapping) -> Report:
    counts, notes = json.loads(row["notes"])
    return Report(
        stage=row["stage"],
        done=row["done"],
        waiting=row["waiting"],
        failed=row["failed"],
        opened=row["opened"],
        counts=tuple((name, count) for name, count in counts),
        notes=tuple(notes),
    )
