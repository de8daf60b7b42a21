"""Raw records: what the sources said, append-only, and which of it normalise has not read yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.moment import today
from tbt_watch.domain.work import RawRecord
from tbt_watch.store.database import Database
from tbt_watch.store.tables import notice, raw_record, relation, source_file, source_record

BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How many records were new, changed, or the same as before."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            new=self.new + other.new, changed=self.changed + other.changed, same=self.same + other.same
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRecord:
    """A raw record at normalise's door. ``previous``: what was read before under the same key, if anything;
    ``notice_id``: the notice it then belonged to. ``announce``: its notice is to go out even when it is late."""

    record_id: int
    raw_id: int
    record: RawRecord
    seen_at: datetime
    previous: RawRecord | None = None
    notice_id: int | None = None
    announce: bool = False


class RawRoom:
    """The verbs on raw records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, records: Sequence[RawRecord], *, announce: bool = False) -> Kept:
        """Keep what is new or changed; what says the same as before is not written again.

        The last of several records with one source and key wins; give at most a few hundred at a time. With
        ``announce``, what is late but still open goes out once, also where it was kept in silence before.
        """
        newest = {(record.source, record.key): record for record in records}
        counts = Kept(same=len(records) - len(newest))
        with self._database.transaction() as connection:
            known = self._known(connection, newest)
            next_raw = (connection.scalar(sa.select(sa.func.max(raw_record.c.id))) or 0) + 1
            raws, fresh, changed = [], [], []
            for place, record in newest.items():
                before = known.get(place)
                if before is not None and before.hash == record.hash:
                    continue
                raws.append(_raw_row(next_raw, record, before.raw_id if before is not None else None))
                if before is None:
                    fresh.append(
                        {"source": record.source, "key": record.key, "raw_id": next_raw, "hash": record.hash,
                         "seen_at": record.fetched_at, "announce": announce}
                    )  # fmt: skip
                else:
                    changed.append({"at": before.id, "raw": next_raw, "new_hash": record.hash})
                next_raw += 1
            if raws:
                connection.execute(raw_record.insert(), raws)
            if fresh:
                connection.execute(source_record.insert(), fresh)
            if changed:
                update = source_record.update().where(source_record.c.id == sa.bindparam("at"))
                connection.execute(
                    update.values(raw_id=sa.bindparam("raw"), hash=sa.bindparam("new_hash")), changed
                )
            if announce and known:
                self._announce(connection, [row.id for row in known.values()], today(records[0].fetched_at))
        return counts + Kept(new=len(fresh), changed=len(changed), same=len(newest) - len(raws))

    @staticmethod
    def _announce(connection: sa.Connection, record_ids: Sequence[int], day: date) -> None:
        """Note the wish on records that were kept before, and on their notices that are late and open on that day."""
        for start in range(0, len(record_ids), BATCH):
            here = source_record.c.id.in_(record_ids[start : start + BATCH])
            connection.execute(source_record.update().where(here).values(announce=True))
            theirs = notice.c.id.in_(sa.select(source_record.c.notice_id).where(here))
            late = (theirs, notice.c.age == "LATE", notice.c.comment_until >= day)
            connection.execute(notice.update().where(*late).values(announced=True))

    @staticmethod
    def _known(
        connection: sa.Connection, wanted: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], sa.Row[Any]]:
        by_source: dict[str, list[str]] = {}
        for source, key in wanted:
            by_source.setdefault(source, []).append(key)
        columns = source_record.c
        known: dict[tuple[str, str], sa.Row[Any]] = {}
        for source, keys in by_source.items():
            for start in range(0, len(keys), BATCH):
                chosen = sa.select(
                    columns.id, columns.source, columns.key, columns.raw_id, columns.hash
                ).where(columns.source == source, columns.key.in_(keys[start : start + BATCH]))
                known.update({(row.source, row.key): row for row in connection.execute(chosen)})
        return known

    def due(self, limit: int = BATCH, after: int = 0) -> list[DueRecord]:
        """Records that normalise has not read in their newest form, by id, from after that id on."""
        old = raw_record.alias("old")
        columns = source_record.c
        query = (
            sa.select(
                columns.id.label("record_id"), columns.raw_id, columns.notice_id, columns.seen_at, columns.announce,
                raw_record, *(column.label(f"old_{column.name}") for column in old.c),
            )
            .join(raw_record, raw_record.c.id == columns.raw_id)
            .outerjoin(old, old.c.id == columns.read_raw_id)
            .where(columns.id > after, sa.or_(columns.read_raw_id.is_(None), columns.read_raw_id != columns.raw_id))
            .order_by(columns.id)
            .limit(limit)
        )  # fmt: skip
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            DueRecord(
                record_id=row["record_id"],
                raw_id=row["raw_id"],
                record=_record(row),
                seen_at=row["seen_at"],
                previous=_record(row, "old_") if row["old_id"] is not None else None,
                notice_id=row["notice_id"],
                announce=row["announce"],
            )
            for row in rows
        ]

    def read_of(self, notice_ids: Sequence[int]) -> dict[int, list[tuple[int, RawRecord]]]:
        """By notice: (record id, raw record as it was last read) of every record the notice was made of."""
        found: dict[int, list[tuple[int, RawRecord]]] = {}
        query = (
            sa.select(source_record.c.id.label("record_id"), source_record.c.notice_id, raw_record)
            .join(raw_record, raw_record.c.id == source_record.c.read_raw_id)
            .where(source_record.c.notice_id.in_(notice_ids))
            .order_by(source_record.c.id)
        )
        if not notice_ids:
            return found
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["notice_id"], []).append((row["record_id"], _record(row)))
        return found

    def standards_unread(self, source: str, limit: int = 200) -> list[str]:
        """The national standards and regulations that notices name and this source was not asked for yet."""
        named = relation.c.key
        asked = sa.select(source_record.c.key).where(source_record.c.source == source)
        query = (
            sa.select(named)
            .distinct()
            .where(sa.or_(named.like("TCVN %"), named.like("QCVN %")), named.not_in(asked))
            .order_by(named.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def file_seen(self, source: str, sha256: str) -> bool:
        """Whether the newest file that was read to the end for this source is this very file."""
        query = (
            sa.select(source_file.c.sha256)
            .where(source_file.c.source == source)
            .order_by(source_file.c.id.desc())
        )
        with self._database.reading() as connection:
            return connection.scalar(query.limit(1)) == sha256

    def file_kept(self, source: str, sha256: str, name: str, items: int, now: datetime) -> None:
        """Write down that a file was read to the end."""
        row = {"source": source, "sha256": sha256, "name": name, "items": items, "kept_at": now}
        with self._database.transaction() as connection:
            connection.execute(source_file.insert(), row)


def _raw_row(raw_id: int, record: RawRecord, previous: int | None) -> dict[str, object]:
    return {
        "id": raw_id, "source": record.source, "key": record.key, "url": record.url, "fetched_at": record.fetched_at,
        "body": record.body, "hash": record.hash, "previous_id": previous,
    }  # fmt: skip


def _record(row: sa.RowMapping, prefix: str = "") -> RawRecord:
    return RawRecord(
        **{name: row[prefix + name] for name in ("source", "key", "url", "fetched_at", "body", "hash")}
    )
