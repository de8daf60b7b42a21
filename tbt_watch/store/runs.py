"""How the service itself does: runs of stages, and crawls of sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tbt_watch.domain.moment import today
from tbt_watch.domain.work import Report
from tbt_watch.store import tables
from tbt_watch.store.codec import dump
from tbt_watch.store.database import Database
from tbt_watch.store.tables import crawl as crawl_table
from tbt_watch.store.tables import stage_run as run_table


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawl:
    """How one crawl of a source went; ``message`` says what was wrong when it was not ``ok``.

    ``since``, ``until``: the days that a back-fill asked for, both included, else None. ``announce``: whether what
    is late was to go out. ``requests``: how many it took.
    """

    source: str
    started_at: datetime
    finished_at: datetime
    ok: bool
    new: int = 0
    changed: int = 0
    same: int = 0
    message: str = ""
    since: date | None = None
    until: date | None = None
    announce: bool = False
    requests: int = 0

    @property
    def items(self) -> int:
        """How many records the source gave; none also where it had nothing newer."""
        return self.new + self.changed + self.same


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceState:
    """The newest usual crawl of a source, and when one last went well. ``failures``: how many failed since then;
    ``items``: how many records the last good crawl gave that gave any."""

    last: Crawl
    last_success: datetime | None
    failures: int = 0
    items: int | None = None


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
        names = (field.name for field in fields(crawl))
        with self._database.transaction() as connection:
            connection.execute(crawl_table.insert().values(**{name: getattr(crawl, name) for name in names}))

    def crawls(self) -> dict[str, SourceState]:
        """By source: how its usual crawls went. Those of a back-fill say nothing about what is new."""
        column = crawl_table.c
        usual = column.since.is_(None)
        newest = sa.select(sa.func.max(column.id)).where(usual).group_by(column.source)
        good = (
            sa.select(
                column.source, sa.func.max(column.finished_at).label("at"), sa.func.max(column.id).label("id")
            )
            .where(usual, column.ok)
            .group_by(column.source)
            .subquery()
        )
        failed = (
            sa.select(column.source, sa.func.count().label("number"))
            .outerjoin(good, good.c.source == column.source)
            .where(usual, sa.not_(column.ok), column.id > sa.func.coalesce(good.c.id, 0))
            .group_by(column.source)
        )
        with self._database.reading() as connection:
            success = {row.source: row.at for row in connection.execute(sa.select(good))}
            failures = {row.source: row.number for row in connection.execute(failed)}
            rows = connection.execute(sa.select(crawl_table).where(column.id.in_(newest))).mappings().all()
            items = self._items(connection)
        return {
            row["source"]: SourceState(
                last=_crawl(row),
                last_success=success.get(row["source"]),
                failures=failures.get(row["source"], 0),
                items=items.get(row["source"]),
            )
            for row in rows
        }

    @staticmethod
    def _items(connection: sa.Connection) -> dict[str, int]:
        column = crawl_table.c
        count = column.new + column.changed + column.same
        full = (
            sa.select(sa.func.max(column.id))
            .where(column.since.is_(None), column.ok, count > 0)
            .group_by(column.source)
        )
        query = sa.select(column.source, count.label("items")).where(column.id.in_(full))
        return {row.source: row.items for row in connection.execute(query)}

    def windows(self, source: str, *, announce: bool = False) -> list[tuple[date, date]]:
        """The days, first and last, that a back-fill of this source read to the end after they were over; with
        ``announce`` only those that were read with that wish."""
        column = crawl_table.c
        query = sa.select(column.since, column.until, column.finished_at).where(
            column.source == source, column.ok, column.since.is_not(None), column.until.is_not(None)
        )
        if announce:
            query = query.where(column.announce)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(column.since, column.until)).all()
        return [(row.since, row.until) for row in rows if today(row.finished_at) > row.until]

    def lags(self, now: datetime, days: int = 30) -> Mapping[str, list[int]]:
        """By source, for the news that it first showed us within so many days: the days from circulation till then."""
        notice, record = tables.notice.c, tables.source_record.c
        query = (
            sa.select(record.source, notice.published_on, record.seen_at)
            .join(tables.notice, notice.id == record.notice_id)
            .where(notice.age == "FRESH", notice.published_on.is_not(None))
            .where(record.seen_at > now - timedelta(days=days))
        )
        found: dict[str, list[int]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.source, []).append(max(0, (today(row.seen_at) - row.published_on).days))
        return found


def _crawl(row: sa.RowMapping) -> Crawl:
    return Crawl(**{field.name: row[field.name] for field in fields(Crawl)})


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
