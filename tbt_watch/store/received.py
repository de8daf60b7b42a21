"""Who received what: whom a correction is for, which reminders came, what of the law an office was told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from tbt_watch.domain.dossier import STAFF
from tbt_watch.domain.edition import DeliveryState, EditionKind
from tbt_watch.domain.legal import parse_number
from tbt_watch.errors import NotationError
from tbt_watch.store import tables
from tbt_watch.store.database import Database
from tbt_watch.store.raw import BATCH

NEWS: tuple[EditionKind, ...] = ("instant", "daily", "weekly")
"""The kinds of edition that tell news; a reminder and a correction are none."""

ARRIVED: tuple[DeliveryState, ...] = ("SENT", "UNCERTAIN")

edition = tables.edition.c
item = tables.edition_item.c
delivery = tables.delivery.c
notice = tables.notice.c
person = tables.subscriber.c
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
        part = tables.part.c
        some = sa.exists().where(part.delivery_id == delivery.id, part.state.in_(ARRIVED))
        wrong = sa.and_(
            item.notice_id == version.notice_id,
            item.version < version.seq,
            sa.or_(delivery.state.in_(ARRIVED), sa.and_(delivery.state.in_(("FAILED", "BLOCKED")), some)),
            sa.func.coalesce(delivery.rendered_at, delivery.created_at) < version.at,
            person.pause == "",
        )
        d, e, i = tables.delivery.alias(), tables.edition.alias(), tables.edition_item.alias()
        known = (
            sa.exists()
            .where(d.c.subscriber_id == person.id, e.c.id == d.c.edition_id, i.c.edition_id == e.c.id)
            .where(i.c.notice_id == version.notice_id)
            .where(
                sa.or_(
                    i.c.version == version.seq, sa.and_(e.c.kind == "correction", i.c.version > version.seq)
                )
            )
            .where(e.c.kind.in_((*NEWS, "correction")))
        )
        query = (
            sa.select(version.notice_id, version.seq, person.lang, person.id)
            .distinct()
            .select_from(tables.version)
            .join(tables.notice, notice.id == version.notice_id)
            .join(tables.edition_item, item.notice_id == version.notice_id)
            .join(tables.delivery, delivery.edition_id == item.edition_id)
            .join(tables.subscriber, person.id == delivery.subscriber_id)
            .where(version.source == STAFF, version.tells, version.seq > 1, version.at >= since)
            .where(notice.state == "ACCEPTED", wrong, sa.not_(known))
            .order_by(version.notice_id, version.seq, person.id)
        )
        found: dict[tuple[int, int], dict[Literal["vi", "en"], list[int]]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                readers = found.setdefault((row.notice_id, row.seq), {})
                readers.setdefault(row.lang, []).append(row.id)
        return [Amended(notice_id=at, version=seq, readers=who) for (at, seq), who in found.items()]

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
        symbol, or the number of a document."""
        wanted = sorted(names)
        found: set[int] = set()
        with self._database.reading() as connection:
            for start in range(0, len(wanted), BATCH):
                some = wanted[start : start + BATCH]
                symbols = sa.select(tables.symbol.c.notice_id).where(tables.symbol.c.text.in_(some))
                numbers = sa.select(tables.number.c.notice_id).where(
                    tables.number.c.key.in_(_number_keys(some))
                )
                known = sa.or_(
                    notice.thread.in_(some),
                    notice.key.in_(some),
                    notice.id.in_(symbols),
                    notice.id.in_(numbers),
                )
                query = sa.select(notice.id).where(notice.state.in_(("ACCEPTED", "ARCHIVED")), known)
                found.update(connection.scalars(query))
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


def _number_keys(names: Collection[str]) -> list[str]:
    keys = set()
    for name in names:
        try:
            keys.add(parse_number(name).key)
        except NotationError:
            continue
    return sorted(keys)
