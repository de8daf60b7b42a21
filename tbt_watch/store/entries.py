"""Entries: what normalise made of raw records, and how it is written. Notices that turn out to be one are merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.legal import parse_number
from tbt_watch.domain.notice import Change, Notice
from tbt_watch.domain.work import Age
from tbt_watch.errors import NotationError
from tbt_watch.store import tables
from tbt_watch.store.codec import changes_to_json, notice_to_json


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One notice to be written. ``ids``: the stored notices it stands for, none for a new one; the first is kept
    and the others are merged into it. ``changes``: what a source changed (a new version); ``notice`` is None
    when nothing but the records is to be marked as read. ``records``: (record id, raw id) that were read.
    ``announced``: when it is late, it goes out all the same, because a person asked for it."""

    ids: tuple[int, ...]
    notice: Notice | None
    records: tuple[tuple[int, int], ...]
    seen_at: datetime
    changes: tuple[Change, ...] = ()
    source: str = ""
    doubt: str = ""
    age: Age = "FRESH"
    announced: bool = False


def write_entries(connection: Connection, entries: Sequence[Entry], now: datetime) -> None:
    """Write a batch of entries on an open transaction."""
    free = (connection.scalar(sa.select(sa.func.max(tables.notice.c.id))) or 0) + 1
    fresh: list[tuple[int, Entry]] = []
    read: list[dict[str, int]] = []
    for entry in entries:
        if entry.ids:
            at = entry.ids[0]
            _merge(connection, at, entry.ids[1:])
            if entry.notice is not None:
                _rewrite(connection, at, entry, entry.notice, now)
            if entry.announced:
                here = tables.notice.c.id == at
                connection.execute(tables.notice.update().where(here).values(announced=True))
        else:
            at, free = free, free + 1
            fresh.append((at, entry))
        read += [{"at": record, "raw": raw, "notice": at} for record, raw in entry.records]
    _insert(connection, fresh, now)
    if read:
        update = tables.source_record.update().where(tables.source_record.c.id == sa.bindparam("at"))
        connection.execute(
            update.values(read_raw_id=sa.bindparam("raw"), notice_id=sa.bindparam("notice")), read
        )


def _columns(entry: Entry, notice: Notice) -> dict[str, object]:
    return {
        "key": notice.key, "kind": notice.kind, "area": notice.area, "state": "NORMALISED", "age": entry.age,
        "thread": notice.thread, "follows": notice.follows, "published_on": notice.published_on,
        "comment_until": notice.comment_until, "facts": notice_to_json(notice), "doubt": entry.doubt,
    }  # fmt: skip


def _names(at: int, notice: Notice) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The rows of its symbols, and of its numbers."""
    if notice.kind == "notification":
        return [{"text": symbol, "notice_id": at} for symbol in notice.symbols], []
    keys = set()
    for name in notice.symbols:
        try:
            keys.add(parse_number(name).key)
        except NotationError:
            continue
    return [], [{"key": key, "notice_id": at} for key in sorted(keys)]


def _relations(at: int, notice: Notice) -> list[dict[str, object]]:
    return [{"notice_id": at, "rel": one.rel, "key": one.key} for one in dict.fromkeys(notice.related)]


def _insert(connection: Connection, fresh: Sequence[tuple[int, Entry]], now: datetime) -> None:
    rows, versions = [], []
    symbols: list[dict[str, object]] = []
    numbers: list[dict[str, object]] = []
    relations: list[dict[str, object]] = []
    for at, entry in fresh:
        if entry.notice is None:
            continue
        row = {"id": at, "seen_at": entry.seen_at, "changed_at": now, "announced": entry.announced}
        rows.append(row | _columns(entry, entry.notice))
        versions.append(_version_row(at, 1, entry, now))
        more_symbols, more_numbers = _names(at, entry.notice)
        symbols += more_symbols
        numbers += more_numbers
        relations += _relations(at, entry.notice)
    for table, values in (
        (tables.notice, rows), (tables.symbol, symbols), (tables.number, numbers), (tables.version, versions),
        (tables.relation, relations),
    ):  # fmt: skip
        if values:
            connection.execute(table.insert(), values)


def _version_row(at: int, seq: int, entry: Entry, now: datetime) -> dict[str, object]:
    return {
        "notice_id": at, "seq": seq, "at": now, "source": entry.source, "changes": changes_to_json(entry.changes),
        "tells": seq == 1 or any(change.tells for change in entry.changes),
    }  # fmt: skip


def _rewrite(connection: Connection, at: int, entry: Entry, notice: Notice, now: datetime) -> None:
    here = tables.notice.c.id == at
    values = {"seen_at": entry.seen_at, "changed_at": now, **_columns(entry, notice)}
    connection.execute(tables.notice.update().where(here).values(**values))
    for table in (tables.symbol, tables.number, tables.relation):
        connection.execute(sa.delete(table).where(table.c.notice_id == at))
    symbols, numbers = _names(at, notice)
    relations = _relations(at, notice)
    for target, rows in ((tables.symbol, symbols), (tables.number, numbers), (tables.relation, relations)):
        if rows:
            connection.execute(target.insert(), rows)
    if entry.changes:
        column = tables.version.c
        last = connection.scalar(sa.select(sa.func.max(column.seq)).where(column.notice_id == at)) or 0
        connection.execute(tables.version.insert().values(**_version_row(at, last + 1, entry, now)))


def _merge(connection: Connection, kept: int, gone: Sequence[int]) -> None:
    """Make several notices one: records, decisions, what was told, and what a human wrote or set go over; the
    rest is made anew."""
    for other in gone:
        _keep_human(connection, kept, other)
        _keep_owed(connection, kept, other)
        for table in (tables.source_record, tables.decision, tables.edition_item):
            connection.execute(table.update().where(table.c.notice_id == other).values(notice_id=kept))
        here = tables.notice.c.id
        for column in (tables.notice.c.first_sent_at, tables.notice.c.seen_at):
            earliest = sa.select(sa.func.min(column)).where(here.in_([kept, other])).scalar_subquery()
            connection.execute(tables.notice.update().where(here == kept).values({column.name: earliest}))
        for flag in (tables.notice.c.published, tables.notice.c.announced):
            either = sa.select(sa.func.max(flag)).where(here.in_([kept, other])).scalar_subquery()
            connection.execute(tables.notice.update().where(here == kept).values({flag.name: either}))
        connection.execute(sa.delete(tables.search).where(tables.search.c.rowid == other))
        connection.execute(sa.delete(tables.notice).where(here == other))


def _keep_owed(connection: Connection, kept: int, other: int) -> None:
    """What an audience waits for goes over to the notice that is kept, unless it waits for that one too."""
    table = tables.owed
    have = sa.select(table.c.audience).where(table.c.notice_id == kept).scalar_subquery()
    rest = (table.c.notice_id == other, table.c.audience.not_in(have))
    connection.execute(table.update().where(*rest).values(notice_id=kept))


def _keep_human(connection: Connection, kept: int, other: int) -> None:
    """Move a human's translations and staff's tags to the notice that is kept; its own human work stays."""
    for table, human, names in (
        (tables.translation, tables.translation.c.origin == "human", ("field", "language")),
        (tables.tag, tables.tag.c.basis == "staff", ("kind", "code")),
    ):
        key = sa.tuple_(*(table.c[name] for name in names))
        here, there = table.c.notice_id == kept, table.c.notice_id == other
        own = connection.execute(sa.select(*(table.c[name] for name in names)).where(here, human)).all()
        coming = connection.execute(sa.select(*(table.c[name] for name in names)).where(there, human)).all()
        moved = [tuple(row) for row in coming if row not in own]
        if moved:
            connection.execute(sa.delete(table).where(here, key.in_(moved)))
            connection.execute(table.update().where(there, human, key.in_(moved)).values(notice_id=kept))
