"""Editions: who was told what, and what is still to be told. The join of the house: nothing goes by a clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, EditionItem, EditionKind
from tbt_watch.errors import NotFoundError
from tbt_watch.store import tables
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import load
from tbt_watch.store.raw import BATCH
from tbt_watch.store.received import NEWS, Received

FEW = 50
"""Audiences whose whole past is read sooner than what all were told lately."""

edition = tables.edition.c
item = tables.edition_item.c


class EditionRoom(Received):
    """The verbs on editions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tellable(
        self, since: datetime, owed: Collection[int] = (), oldest: datetime | None = None
    ) -> list[Dossier]:
        """Full dossiers of what may be told: accepted since then, or among those ids and accepted since ``oldest``,
        not archive, and late only when announced."""
        notice = tables.notice.c
        fit = sa.or_(notice.age == "FRESH", sa.and_(notice.age == "LATE", notice.announced))
        waited = (notice.id.in_(sorted(owed)), notice.accepted_at >= (oldest or since))
        here = sa.or_(notice.accepted_at >= since, sa.and_(*waited))
        query = sa.select(notice.id).where(notice.state == "ACCEPTED", here, fit)
        with self._database.reading() as connection:
            return load(connection, list(connection.scalars(query.order_by(notice.id))))

    def open_on(self, day: date) -> list[Dossier]:
        """Full dossiers of everything published that still takes comments on that day, what came late among it."""
        notice = tables.notice.c
        query = sa.select(notice.id).where(notice.published, notice.comment_until >= day)
        with self._database.reading() as connection:
            return load(connection, list(connection.scalars(query.order_by(notice.comment_until, notice.id))))

    def acceptances(self, ids: Sequence[int]) -> dict[int, list[tuple[int, datetime]]]:
        """By notice id: in which version it was accepted, and when, each time."""
        column = tables.decision.c
        found: dict[int, list[tuple[int, datetime]]] = {}
        with self._database.reading() as connection:
            for start in range(0, len(ids), BATCH):
                here = (column.state == "accepted", column.notice_id.in_(ids[start : start + BATCH]))
                query = sa.select(column.notice_id, column.version, column.at).where(*here)
                for row in connection.execute(query):
                    found.setdefault(row.notice_id, []).append((row.version, row.at))
        return found

    def last_told(self, since: datetime) -> dict[str, datetime]:
        """By audience: up to when it was last told anything, or reminded of something, or that there is nothing;
        of what was composed from that moment on. Editions are numbered as they are composed, so only those are looked
        at."""
        older = sa.select(edition.id).where(edition.composed_at < since).order_by(edition.id.desc()).limit(1)
        with self._database.reading() as connection:
            newer = edition.id > (connection.scalar(older) or 0)
            query = sa.select(edition.audience, edition.until).where(newer).order_by(edition.until)
            return {row.audience: row.until for row in connection.execute(query)}

    def late(self) -> frozenset[int]:
        """The notices that were old when first seen and go out by announcement only ("tin đến muộn")."""
        notice = tables.notice.c
        with self._database.reading() as connection:
            return frozenset(connection.scalars(sa.select(notice.id).where(notice.age == "LATE")))

    def told_all(
        self, audiences: Iterable[str] | None = None, accepted_since: datetime | None = None
    ) -> dict[str, set[tuple[str, int]]]:
        """By audience, of these or of all: (notice key, version) of all news in its editions; a reminder and a
        correction are none. Only of what was accepted since then, and is, where that is given: for many the cost goes
        with that time then, and not with all that was ever told."""
        query = (
            sa.select(edition.audience, tables.notice.c.key, item.version)
            .join(tables.edition_item, item.edition_id == edition.id)
            .join(tables.notice, tables.notice.c.id == item.notice_id)
            .where(edition.kind.in_(NEWS))
        )
        asked = None if audiences is None else frozenset(audiences)
        if asked is not None and (len(asked) <= FEW or accepted_since is None):
            query = query.where(edition.audience.in_(asked))
        elif accepted_since is not None:  # the index of states leads to the notices first
            query = query.where(tables.notice.c.state == "ACCEPTED")
        if accepted_since is not None:
            query = query.where(tables.notice.c.accepted_at >= accepted_since)
        found: dict[str, set[tuple[str, int]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                if asked is None or row.audience in asked:
                    found.setdefault(row.audience, set()).add((row.key, row.version))
        return found

    def compose(self, new: Edition, now: datetime) -> int | None:
        """Write an edition, its items and one pending delivery for every subscriber of the audience, all at once.

        None when every item was told to this audience in the meantime; items already told are left out. A weekly
        edition may be without items; None when the audience had one that looked as far.
        """
        with self._database.transaction() as connection:
            ids = self._ids(connection, new.items)  # what is missing was merged into another meanwhile
            told = self._told(connection, new.audience, ids.values())
            items = [
                entry for entry in new.items
                if entry.notice_key in ids and (ids[entry.notice_key], entry.version) not in told
            ]  # fmt: skip
            ids = {entry.notice_key: ids[entry.notice_key] for entry in items}
            if not items and (new.items or new.kind != "weekly" or self._had(connection, new)):
                return None
            number = self._write(connection, new, items, ids, now)
            paid = (tables.owed.c.audience == new.audience, tables.owed.c.notice_id.in_(list(ids.values())))
            connection.execute(sa.delete(tables.owed).where(*paid))
            person = tables.subscriber.c
            members = person.audience == new.audience
            self._write_deliveries(connection, number, members, now)
        return number

    def compose_for(self, new: Edition, subscribers: Collection[int], now: datetime) -> int | None:
        """Write an edition for these subscribers, as far as they are not paused; what was told does not matter. None
        when its notices were merged into others meanwhile; the bulletin may have none at all."""
        with self._database.transaction() as connection:
            ids = self._ids(connection, new.items)
            items = [entry for entry in new.items if entry.notice_key in ids]
            if not items and new.bulletin is None:
                return None
            number = self._write(connection, new, items, ids, now)
            self._write_deliveries(connection, number, tables.subscriber.c.id.in_(sorted(subscribers)), now)
        return number

    @staticmethod
    def _told(connection: Connection, audience: str, ids: Collection[int]) -> set[tuple[int, int]]:
        """(notice id, version) of what of these notices was news to the audience already. Thousands of audiences are
        composed for in one transaction: nothing else is read of what they were ever told."""
        query = (
            sa.select(item.notice_id, item.version)
            .join(tables.edition, edition.id == item.edition_id)
            .where(edition.audience == audience, edition.kind.in_(NEWS), item.notice_id.in_(list(ids)))
        )
        return {(row.notice_id, row.version) for row in connection.execute(query)}

    @staticmethod
    def _had(connection: Connection, new: Edition) -> bool:
        same = (edition.audience == new.audience, edition.kind == new.kind, edition.until >= new.until)
        return connection.scalar(sa.select(edition.id).where(*same).limit(1)) is not None

    def _write(
        self, connection: Connection, new: Edition, items: Sequence[EditionItem], ids: Mapping[str, int],
        now: datetime,
    ) -> int:  # fmt: skip
        head = {
            "kind": new.kind, "audience": new.audience, "lang": new.lang, "until": new.until,
            "bulletin_id": new.bulletin,
        }  # fmt: skip
        at = connection.execute(tables.edition.insert().values(**head, composed_at=now)).inserted_primary_key
        number = int(at[0]) if at else 0
        if items:
            self._write_items(connection, number, items, ids)
        return number

    @staticmethod
    def _ids(connection: Connection, items: Iterable[EditionItem]) -> dict[str, int]:
        notice = tables.notice.c
        named = sa.select(notice.key, notice.id).where(notice.key.in_([entry.notice_key for entry in items]))
        return {row.key: row.id for row in connection.execute(named)}

    @staticmethod
    def _write_items(
        connection: Connection, number: int, items: Iterable[EditionItem], ids: Mapping[str, int]
    ) -> None:
        wanted = {entry.notice_key: entry for entry in items}
        rows = [
            {
                "edition_id": number,
                "position": place,
                "notice_id": ids[key],
                "version": entry.version,
                "reason": entry.reason,
            }
            for place, (key, entry) in enumerate(wanted.items())
        ]
        connection.execute(tables.edition_item.insert(), rows)

    @staticmethod
    def _write_deliveries(
        connection: Connection, number: int, who: sa.ColumnElement[bool], now: datetime
    ) -> None:
        person = tables.subscriber.c
        query = sa.select(person.id, person.channel).where(who, person.pause == "")
        rows = [
            {"edition_id": number, "subscriber_id": row.id, "channel": row.channel, "state": "PENDING", "attempts": 0,
             "next_at": now, "created_at": now, "why": ""}
            for row in connection.execute(query)
        ]  # fmt: skip
        if rows:
            connection.execute(tables.delivery.insert(), rows)

    def get(self, edition_id: int) -> Edition:
        """One edition with its items. Raises NotFoundError."""
        with self._database.reading() as connection:
            row = (
                connection.execute(sa.select(tables.edition).where(edition.id == edition_id))
                .mappings()
                .first()
            )
            if row is None:
                raise NotFoundError(f"There is no edition {edition_id}.")
            return self._edition(connection, row)

    def newest(self, kind: EditionKind | None = None, limit: int = 100) -> list[Edition]:
        """The newest editions, of one kind if given."""
        query = sa.select(tables.edition).order_by(edition.id.desc()).limit(limit)
        if kind:
            query = query.where(edition.kind == kind)
        with self._database.reading() as connection:
            return [self._edition(connection, row) for row in connection.execute(query).mappings().all()]

    @staticmethod
    def _edition(connection: Connection, row: sa.RowMapping) -> Edition:
        query = (
            sa.select(tables.notice.c.key, item.version, item.reason)
            .join(tables.notice, tables.notice.c.id == item.notice_id)
            .where(item.edition_id == row["id"])
            .order_by(item.position)
        )
        items = tuple(
            EditionItem(notice_key=found.key, version=found.version, reason=found.reason)
            for found in connection.execute(query)
        )
        return Edition(
            id=row["id"],
            kind=row["kind"],
            audience=row["audience"],
            lang=row["lang"],
            until=row["until"],
            items=items,
            bulletin=row["bulletin_id"],
        )
