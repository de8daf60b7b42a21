"""Deliveries and their parts: rendered once, claimed before the send, and the outcome written down in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.edition import Delivery, DeliveryState, Part
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store import tables
from tbt_watch.store.codec import buttons_from_json, buttons_to_json
from tbt_watch.store.database import Database

delivery = tables.delivery.c
part = tables.part.c


class DeliveryRoom:
    """The verbs on deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unrendered(self, limit: int = 500) -> list[Delivery]:
        """Pending deliveries whose parts are not written yet, oldest first."""
        has_parts = sa.exists().where(part.delivery_id == delivery.id)
        return self._read([delivery.state == "PENDING", sa.not_(has_parts)], limit)

    def render(
        self, delivery_id: int, parts: Sequence[Part], now: datetime, reply_to: str | None = None
    ) -> None:
        """Keep all parts of a delivery with text and buttons, at once; once written they never change."""
        with self._database.transaction() as connection:
            if connection.scalar(sa.select(sa.func.count()).where(part.delivery_id == delivery_id)):
                return
            rows = [
                {"delivery_id": delivery_id, "number": one.number, "text": one.text, "state": "PENDING", "at": now,
                 "buttons": buttons_to_json(one.buttons)}
                for one in parts
            ]  # fmt: skip
            connection.execute(tables.part.insert(), rows)
            answering = tables.delivery.update().where(delivery.id == delivery_id)
            connection.execute(answering.values(reply_to=reply_to))

    def due(self, now: datetime, limit: int = 500, channel: str | None = None) -> list[Delivery]:
        """Pending deliveries with parts whose time has come and of which no part is in flight: instant ones first."""
        has_parts = sa.exists().where(part.delivery_id == delivery.id)
        in_flight = sa.exists().where(part.delivery_id == delivery.id, part.lease_until.is_not(None))
        where = [delivery.state == "PENDING", delivery.next_at <= now, has_parts, sa.not_(in_flight)]
        if channel:
            where.append(delivery.channel == channel)
        return self._read(where, limit, instant_first=True)

    def claim(self, delivery_id: int, number: int, now: datetime, lease_seconds: int) -> bool:
        """Take one part for sending, before the send. False when another took it, it is not pending any more, the
        delivery was called off, or an earlier part has not arrived yet."""
        earlier = sa.exists().where(
            part.delivery_id == delivery_id, part.number < number, part.state != "SENT"
        )
        waiting = sa.exists().where(delivery.id == delivery_id, delivery.state == "PENDING")
        free = (
            part.delivery_id == delivery_id, part.number == number, part.state == "PENDING",
            part.lease_until.is_(None), sa.not_(earlier.correlate(None)), waiting,
        )  # fmt: skip
        lease = now + timedelta(seconds=lease_seconds)
        with self._database.transaction() as connection:
            taken = connection.execute(tables.part.update().where(*free).values(lease_until=lease)).rowcount
            if taken:
                more = tables.delivery.update().where(delivery.id == delivery_id)
                connection.execute(more.values(attempts=tables.delivery.c.attempts + 1))
            return bool(taken)

    def record(
        self,
        delivery_id: int,
        number: int,
        state: Literal["PENDING", "SENT", "UNCERTAIN", "FAILED", "BLOCKED"],
        now: datetime,
        *,
        message_id: str | None = None,
        why: str = "",
        retry_at: datetime | None = None,
    ) -> DeliveryState:
        """Write down how a send went; PENDING means try again at ``retry_at``. Gives the delivery's state then: what
        was called off while it was on its way is not tried again."""
        here = (part.delivery_id == delivery_id, part.number == number)
        with self._database.transaction() as connection:
            before = connection.execute(
                sa.select(delivery.state, delivery.why).where(delivery.id == delivery_id)
            ).first()
            if state == "PENDING" and before is not None and before.state == "FAILED":
                state, why = "FAILED", before.why
            values = {"state": state, "message_id": message_id, "at": now, "lease_until": None}
            connection.execute(tables.part.update().where(*here).values(**values))
            whole = self._whole(connection, delivery_id)
            row = {"state": whole, "why": why, "next_at": retry_at or now}
            connection.execute(tables.delivery.update().where(delivery.id == delivery_id).values(**row))
            if whole == "SENT":
                self._first_sent(connection, delivery_id, now)
        return whole

    @staticmethod
    def _whole(connection: Connection, delivery_id: int) -> DeliveryState:
        states = set(connection.scalars(sa.select(part.state).where(part.delivery_id == delivery_id)))
        order: tuple[DeliveryState, ...] = ("BLOCKED", "FAILED", "UNCERTAIN", "PENDING")
        return next((state for state in order if state in states), "SENT")

    @staticmethod
    def _first_sent(connection: Connection, delivery_id: int, now: datetime) -> None:
        items = (
            sa.select(tables.edition_item.c.notice_id)
            .join(tables.delivery, delivery.edition_id == tables.edition_item.c.edition_id)
            .where(delivery.id == delivery_id)
        )
        notice = tables.notice.c
        never = (notice.id.in_(items), notice.first_sent_at.is_(None))
        connection.execute(tables.notice.update().where(*never).values(first_sent_at=now))

    def sweep(self, now: datetime) -> list[int]:
        """Parts whose claim ran out become UNCERTAIN: nobody knows whether they arrived. The deliveries of them."""
        out = (part.lease_until.is_not(None), part.lease_until < now)
        with self._database.transaction() as connection:
            ids = sorted(set(connection.scalars(sa.select(part.delivery_id).where(*out))))
            connection.execute(
                tables.part.update().where(*out).values(state="UNCERTAIN", lease_until=None, at=now)
            )
            why = "the program ended while the message was on its way"
            lost = tables.delivery.update().where(delivery.id.in_(ids))
            connection.execute(lost.values(state="UNCERTAIN", why=why))
        return ids

    def move_address(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: everywhere at once. Where the new one is subscribed already, the old one is
        paused, for it does not take us any more."""
        person = tables.subscriber.c
        with self._database.transaction() as connection:
            here = (person.channel == channel, person.address == old)
            there = (person.channel == channel, person.address == new)
            taken = connection.scalar(sa.select(person.id).where(*there)) is not None
            values: dict[str, object] = {"pause": "unreachable"} if taken else {"address": new}
            connection.execute(tables.subscriber.update().where(*here).values(**values))

    def resend(self, delivery_id: int, now: datetime) -> Delivery:
        """Send what failed or is uncertain again, because a person says so. Raises NotFoundError, UsageError."""
        found = self.get(delivery_id)
        if found.state not in ("FAILED", "UNCERTAIN", "BLOCKED"):
            raise UsageError(
                f"Delivery {delivery_id} is {found.state}; only FAILED, UNCERTAIN or BLOCKED ones are sent again."
            )
        again = (part.delivery_id == delivery_id, part.state != "SENT")
        with self._database.transaction() as connection:
            connection.execute(tables.part.update().where(*again).values(state="PENDING", lease_until=None))
            row = {"state": "PENDING", "next_at": now, "why": "sent again by hand", "attempts": 0}
            connection.execute(tables.delivery.update().where(delivery.id == delivery_id).values(**row))
        return self.get(delivery_id)

    def get(self, delivery_id: int) -> Delivery:
        """One delivery with its parts. Raises NotFoundError."""
        found = self._read([delivery.id == delivery_id], 1)
        if not found:
            raise NotFoundError(f"There is no delivery {delivery_id}; tbt-watch deliveries list shows them.")
        return found[0]

    def newest(self, state: DeliveryState | None = None, limit: int = 1000) -> list[Delivery]:
        """The newest deliveries, in one state if given."""
        return self._read([delivery.state == state] if state else [], limit, newest_first=True)

    def _read(
        self,
        where: Sequence[sa.ColumnElement[bool]],
        limit: int,
        *,
        newest_first: bool = False,
        instant_first: bool = False,
    ) -> list[Delivery]:
        person, edition = tables.subscriber.c, tables.edition.c
        order: list[sa.ColumnElement[Any]] = [delivery.id.desc() if newest_first else delivery.id.asc()]
        if instant_first:
            order.insert(0, (edition.kind != "instant").asc())
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
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            ids = [row["id"] for row in rows]
            parts: dict[int, list[Part]] = {}
            chosen = (
                sa.select(tables.part)
                .where(part.delivery_id.in_(ids))
                .order_by(part.delivery_id, part.number)
            )
            for row in connection.execute(chosen).mappings():
                same = {name: row[name] for name in ("number", "text", "state", "message_id", "at")}
                found = Part(**same, buttons=buttons_from_json(row["buttons"]))
                parts.setdefault(row["delivery_id"], []).append(found)
        return [_delivery(row, tuple(parts.get(row["id"], ()))) for row in rows]


def _delivery(row: sa.RowMapping, parts: tuple[Part, ...]) -> Delivery:
    return Delivery(
        id=row["id"], edition_id=row["edition_id"], edition_kind=row["edition_kind"],
        subscriber_id=row["subscriber_id"], subscriber=row["name"], lang=row["lang"], channel=row["channel"],
        address=row["address"], state=row["state"], attempts=row["attempts"], parts=parts,
        created_at=row["created_at"], why=row["why"], reply_to=row["reply_to"],
    )  # fmt: skip
