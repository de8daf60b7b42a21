"""Who received what: whom a correction is for, which reminders came, what of the law an office was told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import STAFF
from tbt_watch.domain.edition import DeliveryState, EditionKind
from tbt_watch.store import tables
from tbt_watch.store.bulletin_tables import bulletin as bulletin_table
from tbt_watch.store.database import Database
from tbt_watch.store.named import known_by
from tbt_watch.store.raw import BATCH

NEWS: tuple[EditionKind, ...] = ("instant", "daily", "weekly")
"""The kinds of edition that tell news; a reminder and a correction are none."""

ARRIVED: tuple[DeliveryState, ...] = ("SENT", "UNCERTAIN")

edition = tables.edition.c
item = tables.edition_item.c
delivery = tables.delivery.c
notice = tables.notice.c
person = tables.subscriber.c
bulletin = bulletin_table.c
version = tables.version.c


@dataclass(frozen=True, kw_only=True, slots=True)
class Amended:
    """A version by which a person mended what was told, and who has the wrong one, by language."""

    notice_id: int
    version: int
    readers: Mapping[Literal["vi", "en"], Sequence[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminded:
    """One reminder that a subscriber got, as one of an audience."""

    audience: str
    subscriber_id: int
    notice_id: int
    version: int
    reason: str
    until: datetime


class Received:
    """The verbs of the editions' room that look back at what was received."""

    _database: Database

    def amended(self, since: datetime) -> list[Amended]:
        """The amendments since then of facts that tell, of accepted notices, for whom somebody waits: those who
        received (SENT or UNCERTAIN; of what failed or was blocked, any part) what was written before the amendment,
        are not paused, and were not told of it."""
        mended = (
            sa.select(version.notice_id, version.seq, version.at)
            .join(tables.notice, notice.id == version.notice_id)
            .where(version.source == STAFF, version.tells, version.seq > 1, version.at >= since)
            .where(notice.state == "ACCEPTED")
            .order_by(version.notice_id, version.seq)
        )
        with self._database.reading() as connection:
            changes = connection.execute(mended).all()
            copies = _copies(connection, sorted({change.notice_id for change in changes}))
        found = []
        for change in changes:
            readers: dict[Literal["vi", "en"], list[int]] = defaultdict(list)
            for number, lang in sorted(_wrong(copies[change.notice_id], change.seq, change.at).items()):
                readers[lang].append(number)
            if readers:
                found.append(Amended(notice_id=change.notice_id, version=change.seq, readers=readers))
        return found

    def reminded(self, since: datetime) -> list[Reminded]:
        """Every reminder composed since then, once for each subscriber who got it."""
        query = (
            sa.select(
                edition.audience,
                edition.until,
                delivery.subscriber_id,
                item.notice_id,
                item.version,
                item.reason,
            )
            .join(tables.edition_item, item.edition_id == edition.id)
            .join(tables.delivery, delivery.edition_id == edition.id)
            .where(edition.kind == "reminder", edition.composed_at >= since)
        )
        with self._database.reading() as connection:
            return [Reminded(**row) for row in connection.execute(query).mappings()]

    def followed(self, names: Collection[str]) -> list[int]:
        """The ids of the notices, accepted or archive, that are known by any of these names: a thread, a key, a
        symbol, or the number of a document, that of a standard with or without its issuer."""
        with self._database.reading() as connection:
            ids = sorted(set().union(*known_by(connection, names).values()))
            found: list[int] = []
            for start in range(0, len(ids), BATCH):
                here = (notice.id.in_(ids[start : start + BATCH]), notice.state.in_(("ACCEPTED", "ARCHIVED")))
                found += connection.scalars(sa.select(notice.id).where(*here))
        return sorted(found)

    def law_told(self, subscribers: Collection[int], since: date, until: date) -> dict[int, set[int]]:
        """By subscriber: the ids of the regulations that came into force in that time and stood in news to it."""
        begun = sa.func.json_extract(notice.facts, "$.in_force[0]")
        query = (
            sa.select(delivery.subscriber_id, item.notice_id)
            .distinct()
            .join(tables.edition, edition.id == delivery.edition_id)
            .join(tables.edition_item, item.edition_id == edition.id)
            .join(tables.notice, notice.id == item.notice_id)
            .where(delivery.subscriber_id.in_(sorted(subscribers)), edition.kind.in_(NEWS))
            .where(notice.kind == "regulation", notice.state == "ACCEPTED")
            .where(begun.between(since.isoformat(), until.isoformat()))
        )
        found: dict[int, set[int]] = defaultdict(set)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found[row.subscriber_id].add(row.notice_id)
        return found


def _copies(connection: Connection, ids: Sequence[int]) -> dict[int, list[sa.RowMapping]]:
    """By notice: every copy of it that somebody, not paused, was to get; whether any part of it arrived (``got``), and
    when it was ``written``: of the bulletin that is the moment of publication, for its page and files say for ever
    what they said then. Read by notice, for what was SENT is the whole ledger."""
    part = tables.part.c
    some = sa.exists().where(part.delivery_id == delivery.id, part.state.in_(ARRIVED))
    got = sa.case((delivery.state.in_(ARRIVED), True), (delivery.state != "PENDING", some), else_=False)
    issued = sa.select(bulletin.published_at).where(bulletin.id == edition.bulletin_id).scalar_subquery()
    written = sa.func.coalesce(issued, delivery.rendered_at, delivery.created_at)
    query = (
        sa.select(item.notice_id, item.version, edition.kind, delivery.subscriber_id, person.lang,
                  got.label("got"), written.label("written"))
        .join(tables.edition, edition.id == item.edition_id)
        .join(tables.delivery, delivery.edition_id == item.edition_id)
        .join(tables.subscriber, person.id == delivery.subscriber_id)
        .where(person.pause == "")
    )  # fmt: skip
    found: dict[int, list[sa.RowMapping]] = defaultdict(list)
    for start in range(0, len(ids), BATCH):
        here = item.notice_id.in_(ids[start : start + BATCH])
        for row in connection.execute(query.where(here)).mappings():
            found[row["notice_id"]].append(row)
    return found


def _wrong(copies: Sequence[sa.RowMapping], seq: int, at: datetime) -> dict[int, Literal["vi", "en"]]:
    """Who has a copy from before that amendment, and was not told of it."""
    wrong: dict[int, Literal["vi", "en"]] = {
        row["subscriber_id"]: row["lang"]
        for row in copies
        if row["got"] and row["version"] < seq and row["written"] < at
    }
    for row in copies:
        mends = row["kind"] == "correction" and row["version"] >= seq
        if mends or (row["kind"] in NEWS and row["version"] == seq):
            wrong.pop(row["subscriber_id"], None)
    return wrong
