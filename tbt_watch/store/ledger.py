"""The ledger as it is read: deliveries with their parts, those that are wanted, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.edition import Delivery, DeliveryState, EditionKind, Part
from tbt_watch.store import tables
from tbt_watch.store.codec import buttons_from_json

delivery = tables.delivery.c
edition = tables.edition.c
person = tables.subscriber.c


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which deliveries; what is None sets no limit. ``since`` is included, ``until`` is not; both are about when the
    edition was made. ``paused``: only those to subscribers who are, or who are not. ``bulletin_id``: those that bring
    this edition of the bulletin."""

    state: DeliveryState | None = None
    channel: str | None = None
    kind: EditionKind | None = None
    edition_id: int | None = None
    bulletin_id: int | None = None
    subscriber_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    paused: bool | None = None


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """The same for the database."""
    same: dict[str, sa.ColumnElement[Any]] = {
        "state": delivery.state,
        "channel": delivery.channel,
        "kind": edition.kind,
        "edition_id": delivery.edition_id,
        "bulletin_id": edition.bulletin_id,
        "subscriber_id": delivery.subscriber_id,
    }
    given = {name: getattr(wanted, name) for name in same}
    where = [column == given[name] for name, column in same.items() if given[name] is not None]
    if wanted.since is not None:
        where.append(delivery.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(delivery.created_at < wanted.until)
    if wanted.paused is not None:
        where.append(person.pause != "" if wanted.paused else person.pause == "")
    return where


def counted(
    connection: Connection, where: Sequence[sa.ColumnElement[bool]]
) -> dict[tuple[str, DeliveryState], int]:
    """How many there are, by channel and state."""
    query = (
        sa.select(delivery.channel, delivery.state, sa.func.count())
        .join(tables.edition, edition.id == delivery.edition_id)
        .join(tables.subscriber, person.id == delivery.subscriber_id)
        .where(*where)
        .group_by(delivery.channel, delivery.state)
        .order_by(delivery.channel, delivery.state)
    )
    return {(channel, state): count for channel, state, count in connection.execute(query)}


def read(
    connection: Connection,
    where: Sequence[sa.ColumnElement[bool]],
    order: Sequence[sa.ColumnElement[Any]],
    limit: int,
) -> list[Delivery]:
    """Deliveries with their parts."""
    query = (
        sa.select(
            tables.delivery, edition.kind.label("edition_kind"), edition.lang, person.name, person.address,
        )
        .join(tables.edition, edition.id == delivery.edition_id)
        .join(tables.subscriber, person.id == delivery.subscriber_id)
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )  # fmt: skip
    rows = connection.execute(query).mappings().all()
    parts = _parts(connection, [row["id"] for row in rows])
    return [_delivery(row, tuple(parts.get(row["id"], ()))) for row in rows]


def _parts(connection: Connection, ids: Sequence[int]) -> dict[int, list[Part]]:
    part = tables.part.c
    found: dict[int, list[Part]] = {}
    for start in range(0, len(ids), 10_000):
        chosen = (
            sa.select(tables.part)
            .where(part.delivery_id.in_(ids[start : start + 10_000]))
            .order_by(part.delivery_id, part.number)
        )
        for row in connection.execute(chosen).mappings():
            same = {name: row[name] for name in ("number", "text", "state", "message_id", "at", "lost")}
            one = Part(**same, buttons=buttons_from_json(row["buttons"]))
            found.setdefault(row["delivery_id"], []).append(one)
    return found


def _delivery(row: sa.RowMapping, parts: tuple[Part, ...]) -> Delivery:
    return Delivery(
        id=row["id"], edition_id=row["edition_id"], edition_kind=row["edition_kind"],
        subscriber_id=row["subscriber_id"], subscriber=row["name"], lang=row["lang"], channel=row["channel"],
        address=row["address"], state=row["state"], attempts=row["attempts"], parts=parts,
        created_at=row["created_at"], why=row["why"], reply_to=row["reply_to"],
    )  # fmt: skip
