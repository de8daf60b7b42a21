"""Taps: what people said of a notice with the buttons under a message, and why they had got it."""

import json
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.impact import Impact, Miss
from tbt_watch.store import tables
from tbt_watch.store.database import Database
from tbt_watch.store.named import known_by
from tbt_watch.store.raw import BATCH

tap = tables.tap.c

AFFECTED, IRRELEVANT = "affected", "irrelevant"
PRODUCT, MARKET = "not-product", "not-market"
"""Why something was irrelevant."""

_WHY = {PRODUCT: "product", MARKET: "market"}


class TapRoom:
    """The verbs on taps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tap(self, subscriber_id: int, notice_id: int, kind: str, now: datetime) -> None:
        """Write a tap down; the same one again changes nothing."""
        row = {"subscriber_id": subscriber_id, "notice_id": notice_id, "kind": kind, "at": now}
        with self._database.transaction() as connection:
            connection.execute(tables.tap.insert().prefix_with("OR IGNORE"), row)

    def untap(self, subscriber_id: int, notice_id: int, *kinds: str) -> None:
        """Take taps back."""
        here = (tap.subscriber_id == subscriber_id, tap.notice_id == notice_id, tap.kind.in_(kinds))
        with self._database.transaction() as connection:
            connection.execute(sa.delete(tables.tap).where(*here))

    def of(self, subscriber_id: int, notice_id: int) -> frozenset[str]:
        """What a subscriber said of a notice."""
        query = sa.select(tap.kind).where(tap.subscriber_id == subscriber_id, tap.notice_id == notice_id)
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))

    def forget(self, subscriber_id: int) -> None:
        """Take back everything that a subscriber said."""
        with self._database.transaction() as connection:
            connection.execute(sa.delete(tables.tap).where(tap.subscriber_id == subscriber_id))

    def reason(self, subscriber_id: int, edition_id: int, notice_id: int) -> str | None:
        """Why this subscriber got the notice in that edition, as the edition says it; None: it did not."""
        item, delivery = tables.edition_item.c, tables.delivery.c
        query = (
            sa.select(item.reason)
            .join(tables.delivery, delivery.edition_id == item.edition_id)
            .where(item.edition_id == edition_id, item.notice_id == notice_id)
            .where(delivery.subscriber_id == subscriber_id)
        )
        with self._database.reading() as connection:
            return connection.scalar(query)

    def received(self, subscriber_id: int, edition_id: int) -> list[int]:
        """The notices that this subscriber got in that edition, in its order; none when it did not get it."""
        item, delivery = tables.edition_item.c, tables.delivery.c
        query = (
            sa.select(item.notice_id)
            .join(tables.delivery, delivery.edition_id == item.edition_id)
            .where(item.edition_id == edition_id, delivery.subscriber_id == subscriber_id)
            .order_by(item.position)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def counts(self, notice_ids: Collection[int]) -> dict[int, Impact]:
        """Who is affected, by notice; ``following`` are the subscribers whose documents hold its measure."""
        ids = sorted(set(notice_ids))
        found: dict[int, Impact] = {}
        with self._database.reading() as connection:
            followers = _followers(connection)
            for start in range(0, len(ids), BATCH):
                some = ids[start : start + BATCH]
                said = _said(connection, some)
                for at in some:
                    found[at] = Impact(
                        affected=said.get((at, AFFECTED), 0),
                        irrelevant=said.get((at, IRRELEVANT), 0),
                        following=len(followers.get(at, ())),
                    )
        return found

    def all(self) -> dict[int, Impact]:
        """Every notice of which anybody said anything, or whose measure somebody follows."""
        with self._database.reading() as connection:
            ids = set(connection.scalars(sa.select(tap.notice_id).distinct()))
            ids |= set(_followers(connection))
        return self.counts(ids)

    def misses(self) -> list[Miss]:
        """Every notice that a subscriber had no use for, with the reason for which it was sent: examples of tags that
        may be wrong."""
        item, delivery = tables.edition_item.c, tables.delivery.c
        reason = (
            sa.select(item.reason)
            .join(tables.delivery, delivery.edition_id == item.edition_id)
            .where(item.notice_id == tap.notice_id, delivery.subscriber_id == tap.subscriber_id)
            .order_by(delivery.id.desc())
            .limit(1)
            .correlate(tables.tap)
            .scalar_subquery()
        )
        query = sa.select(tap.subscriber_id, tap.notice_id, tap.kind, reason.label("reason")).order_by(tap.at)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        whys = {(row.subscriber_id, row.notice_id): _WHY[row.kind] for row in rows if row.kind in _WHY}
        return [
            Miss(
                notice_id=row.notice_id,
                reason=row.reason or "",
                why=whys.get((row.subscriber_id, row.notice_id), ""),
            )
            for row in rows
            if row.kind == IRRELEVANT
        ]


def _said(connection: Connection, ids: Collection[int]) -> dict[tuple[int, str], int]:
    query = (
        sa.select(tap.notice_id, tap.kind, sa.func.count().label("number"))
        .where(tap.notice_id.in_(ids))
        .group_by(tap.notice_id, tap.kind)
    )
    return {(row.notice_id, row.kind): row.number for row in connection.execute(query)}


def _followers(connection: Connection) -> dict[int, set[int]]:
    """Notice → the subscribers that follow its measure by one of its names."""
    person = tables.subscriber.c
    query = sa.select(person.id, person.subscriptions).where(person.subscriptions.contains('"documents"'))
    by_name: dict[str, set[int]] = {}
    for row in connection.execute(query):
        for wish in json.loads(row.subscriptions):
            for name in wish.get("documents", ()):
                by_name.setdefault(name, set()).add(row.id)
    found: dict[int, set[int]] = {}
    for name, ids in known_by(connection, by_name).items():
        for at in ids:
            found.setdefault(at, set()).update(by_name[name])
    return found
