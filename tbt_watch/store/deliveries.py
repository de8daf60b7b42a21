"""Deliveries and their parts: rendered once, claimed before the send, and the outcome written down in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.edition import DIGESTS, Button, Delivery, DeliveryState, EditionKind, Part
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store import tables
from tbt_watch.store.byhand import signed
from tbt_watch.store.codec import buttons_to_json
from tbt_watch.store.database import Database
from tbt_watch.store.ledger import Wanted, conditions, counted, read
from tbt_watch.store.reach import first_messages, move
from tbt_watch.store.sending import Claim, land, take

delivery = tables.delivery.c
part = tables.part.c


class DeliveryRoom:
    """The verbs on deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- rendering ---

    def unrendered(self, limit: int = 500, *, after: int = 0, urgent: bool | None = None) -> list[Delivery]:
        """Pending deliveries whose parts are not written yet, oldest first: those ``after`` this id; ``urgent``: only
        digests, or all but digests."""
        has_parts = sa.exists().where(part.delivery_id == delivery.id)
        where = [delivery.state == "PENDING", delivery.id > after, *_lane(urgent), sa.not_(has_parts)]
        with self._database.reading() as connection:
            return read(connection, where, [delivery.id.asc()], limit)

    def render(
        self, delivery_id: int, parts: Sequence[Part], now: datetime, reply_to: str | None = None
    ) -> None:
        """Keep all parts of a delivery with text and buttons, at once; once written they never change."""
        self.render_all({delivery_id: (parts, reply_to)}, now)

    def render_all(self, written: Mapping[int, tuple[Sequence[Part], str | None]], now: datetime) -> None:
        """The same for several: by delivery its parts, and the message that the first of them answers."""
        with self._database.transaction() as connection:
            have = set(
                connection.scalars(sa.select(part.delivery_id).where(part.delivery_id.in_(list(written))))
            )
            new = {number: one for number, one in written.items() if number not in have}
            rows = [
                _row(number, one.number, one.text, one.buttons, now)
                for number, (parts, _) in new.items()
                for one in parts
            ]
            if rows:
                connection.execute(tables.part.insert(), rows)
            now_written = tables.delivery.update().where(delivery.id.in_(list(new)))
            connection.execute(now_written.values(rendered_at=now))
            answers = [{"key": number, "answers": above} for number, (_, above) in new.items() if above]
            if answers:
                answering = tables.delivery.update().where(delivery.id == sa.bindparam("key"))
                connection.execute(answering.values(reply_to=sa.bindparam("answers")), answers)

    def first_messages(self, edition_id: int, channel: str) -> dict[int, str]:
        """By subscriber who gets this edition on the channel: the id of the first message that it got about the same
        thread. Empty where the edition is not about one notice."""
        with self._database.reading() as connection:
            return first_messages(connection, edition_id, channel)

    def rewrite(self, delivery_id: int, number: int, instead: Sequence[Part], now: datetime) -> None:
        """Put other parts in the place of one that cannot be sent as it is; those after it move on."""
        more = len(instead) - 1
        own = part.delivery_id == delivery_id
        with self._database.transaction() as connection:
            if more:  # by way of negative numbers, for two may not have the same one for a moment
                behind = tables.part.update().where(own, part.number > number)
                connection.execute(behind.values(number=-(part.number + more)))
                connection.execute(
                    tables.part.update().where(own, part.number < 0).values(number=-part.number)
                )
            first, *rest = instead
            here = tables.part.update().where(own, part.number == number)
            connection.execute(here.values(text=first.text, buttons=buttons_to_json(first.buttons)))
            rows = [
                _row(delivery_id, number + at, one.text, one.buttons, now)
                for at, one in enumerate(rest, start=1)
            ]
            if rows:
                connection.execute(tables.part.insert(), rows)

    # --- sending ---

    def due(
        self,
        now: datetime,
        limit: int = 500,
        channel: str | None = None,
        *,
        urgent: bool | None = None,
        channels: Collection[str] | None = None,
    ) -> list[Delivery]:
        """Pending deliveries to subscribers who are not paused, with parts, whose time has come and of which no part is
        in flight; digests last, and what waits longest first. ``urgent``: only digests, or all but digests."""
        has_parts = sa.exists().where(part.delivery_id == delivery.id)
        in_flight = sa.exists().where(part.delivery_id == delivery.id, part.lease_until.is_not(None))
        where = [
            delivery.state == "PENDING", delivery.next_at <= now, *_lane(urgent), has_parts, sa.not_(in_flight),
            tables.subscriber.c.pause == "",
        ]  # fmt: skip
        if channel or channels is not None:
            where.append(delivery.channel.in_([channel] if channel else list(channels or ())))
        first = [] if urgent is not None else [tables.edition.c.kind.in_(DIGESTS).asc()]
        with self._database.reading() as connection:
            return read(connection, where, [*first, delivery.next_at.asc(), delivery.id.asc()], limit)

    def any_due(self, now: datetime, channels: Collection[str] | None = None) -> bool:
        """Whether something could be sent now, by these channels, or is still to be written: a quick look."""
        query = (
            sa.select(delivery.id)
            .join(tables.subscriber, tables.subscriber.c.id == delivery.subscriber_id)
            .where(delivery.state == "PENDING", delivery.next_at <= now, tables.subscriber.c.pause == "")
            .where(delivery.channel.in_(channels) if channels is not None else sa.true())
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def claim(self, delivery_id: int, number: int, now: datetime, lease_seconds: int) -> bool:
        """Take one part for sending, before the send. False when another took it, it is not pending any more, the
        delivery was called off, or an earlier part has not arrived yet."""
        return bool(self.claim_all([(delivery_id, number)], now, lease_seconds))

    def claim_all(self, wanted: Sequence[Claim], now: datetime, lease_seconds: int) -> set[Claim]:
        """Take several parts at once; those that could be taken."""
        with self._database.transaction() as connection:
            return take(connection, wanted, now + timedelta(seconds=lease_seconds))

    def sent(self, arrived: Mapping[Claim, str], now: datetime) -> set[int]:
        """Write down the parts that arrived, with the channel's ids of them; the deliveries that are whole now."""
        with self._database.transaction() as connection:
            return land(connection, arrived, now)

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
        blameless: bool = False,
    ) -> DeliveryState:
        """Write down how a send went; PENDING means try again at ``retry_at``, and ``blameless`` that the attempt is
        not counted, for the other side never looked at it. Gives the delivery's state then: what was called off while
        it was on its way is not tried again."""
        here = (part.delivery_id == delivery_id, part.number == number)
        with self._database.transaction() as connection:
            if state == "SENT":
                self.sent({(delivery_id, number): message_id or ""}, now)
                return self._state(connection, delivery_id)
            before = connection.execute(
                sa.select(delivery.state, delivery.why).where(delivery.id == delivery_id)
            ).first()
            if state == "PENDING" and before is not None and before.state == "FAILED":
                state, why = "FAILED", before.why
            values = {
                "state": state, "message_id": message_id, "at": now, "lease_until": None,
                "lost": part.lost + (state == "UNCERTAIN"),
            }  # fmt: skip
            connection.execute(tables.part.update().where(*here).values(**values))
            whole = self._whole(connection, delivery_id)
            row = {
                "state": whole,
                "why": why,
                "next_at": retry_at or now,
                "attempts": delivery.attempts - int(blameless),
            }
            connection.execute(tables.delivery.update().where(delivery.id == delivery_id).values(**row))
        return whole

    @staticmethod
    def _state(connection: Connection, delivery_id: int) -> DeliveryState:
        state: DeliveryState = (
            connection.scalar(sa.select(delivery.state).where(delivery.id == delivery_id)) or "SENT"
        )
        return state

    @staticmethod
    def _whole(connection: Connection, delivery_id: int) -> DeliveryState:
        states = set(connection.scalars(sa.select(part.state).where(part.delivery_id == delivery_id)))
        order: tuple[DeliveryState, ...] = ("BLOCKED", "FAILED", "UNCERTAIN", "PENDING")
        return next((state for state in order if state in states), "SENT")

    def pasted(self, delivery_id: int, by: str, group: str, now: datetime) -> Delivery:
        """Write down that a person pasted all of it into a group now: the delivery is SENT, its ``why`` says by whom,
        and the ``message_id`` of each part is the group. Raises NotFoundError, UsageError."""
        with self._database.transaction() as connection:
            found = self.get(delivery_id)
            who, where = signed(found, by, group)
            self.sent({(delivery_id, one.number): where for one in found.parts}, now)
            told = tables.delivery.update().where(delivery.id == delivery_id)
            connection.execute(told.values(why=f"pasted by {who}"))
        return self.get(delivery_id)

    def call_off(self, subscriber_id: int, kind: EditionKind, why: str) -> None:
        """Call off what waits of such editions for a subscriber, also until it can be reached again; what is on its
        way is not tried again."""
        mine = tables.edition.c.id == delivery.edition_id
        such = sa.exists().where(mine, tables.edition.c.kind == kind)
        waits = (delivery.subscriber_id == subscriber_id, delivery.state.in_(("PENDING", "BLOCKED")), such)
        with self._database.transaction() as connection:
            connection.execute(tables.delivery.update().where(*waits).values(state="FAILED", why=why))

    # --- what came to nothing ---

    def sweep(self, now: datetime) -> list[int]:
        """Parts whose claim ran out become UNCERTAIN: nobody knows whether they arrived. The deliveries of them."""
        out = (part.lease_until.is_not(None), part.lease_until < now)
        with self._database.transaction() as connection:
            ids = sorted(set(connection.scalars(sa.select(part.delivery_id).where(*out))))
            if not ids:
                return []
            lost = {"state": "UNCERTAIN", "lease_until": None, "at": now, "lost": part.lost + 1}
            connection.execute(tables.part.update().where(*out).values(**lost))
            why = "the program ended while the message was on its way"
            stopped = tables.delivery.update().where(delivery.id.in_(ids))
            connection.execute(stopped.values(state="UNCERTAIN", why=why))
        return ids

    def send_again(self, before: datetime, now: datetime) -> list[int]:
        """What became UNCERTAIN before that moment, and for the first time, goes out once more, if its subscriber is
        not paused or removed. The deliveries."""
        first = (part.state == "UNCERTAIN", part.lost == 1, part.at <= before)
        person = tables.subscriber.c
        here = sa.exists().where(person.id == delivery.subscriber_id, person.pause == "")
        waiting = (part.delivery_id == delivery.id, delivery.state == "UNCERTAIN", here)
        with self._database.transaction() as connection:
            ids = sorted(set(connection.scalars(sa.select(part.delivery_id).where(*first, *waiting))))
            if ids:
                stuck = tables.part.update().where(part.delivery_id.in_(ids), part.state == "UNCERTAIN")
                connection.execute(stuck.values(state="PENDING"))
                free = tables.delivery.update().where(delivery.id.in_(ids))
                connection.execute(free.values(state="PENDING", next_at=now))
        return ids

    def move_address(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: everywhere at once. Where the new one is subscribed already, it takes over what is
        pending, and the old one is paused, for it does not take us any more."""
        with self._database.transaction() as connection:
            move(connection, channel, old, new)

    def resend(self, delivery_id: int, now: datetime) -> Delivery:
        """Send what failed or is uncertain again, because a person says so; who was paused as unreachable is tried
        again. Raises NotFoundError, UsageError."""
        found = self.get(delivery_id)
        if not found.subscriber:
            raise UsageError(
                f"Delivery {delivery_id} is to a subscriber who was removed; nothing is sent there."
            )
        if found.state not in ("FAILED", "UNCERTAIN", "BLOCKED"):
            raise UsageError(
                f"Delivery {delivery_id} is {found.state}; only FAILED, UNCERTAIN or BLOCKED ones are sent again."
            )
        again = (part.delivery_id == delivery_id, part.state != "SENT")
        person = tables.subscriber.c
        lost = (person.id == found.subscriber_id, person.pause == "unreachable")
        with self._database.transaction() as connection:
            connection.execute(tables.part.update().where(*again).values(state="PENDING", lease_until=None))
            row = {"state": "PENDING", "next_at": now, "why": "sent again by hand", "attempts": 0}
            connection.execute(tables.delivery.update().where(delivery.id == delivery_id).values(**row))
            connection.execute(tables.subscriber.update().where(*lost).values(pause=""))
        return self.get(delivery_id)

    # --- reading ---

    def get(self, delivery_id: int) -> Delivery:
        """One delivery with its parts. Raises NotFoundError."""
        with self._database.reading() as connection:
            found = read(connection, [delivery.id == delivery_id], [], 1)
        if not found:
            raise NotFoundError(f"There is no delivery {delivery_id}; tbt-watch deliveries list shows them.")
        return found[0]

    def newest(self, state: DeliveryState | None = None, limit: int = 1000) -> list[Delivery]:
        """The newest deliveries, in one state if given."""
        return self.find(Wanted(state=state), limit)

    def find(self, wanted: Wanted, limit: int = 1000) -> list[Delivery]:
        """The newest of these deliveries."""
        with self._database.reading() as connection:
            return read(connection, conditions(wanted), [delivery.id.desc()], limit)

    def counts(self, wanted: Wanted | None = None) -> dict[tuple[str, DeliveryState], int]:
        """How many of these deliveries there are, by channel and state."""
        with self._database.reading() as connection:
            return counted(connection, conditions(wanted or Wanted()))


def _lane(urgent: bool | None) -> list[sa.ColumnElement[bool]]:
    if urgent is None:
        return []
    edition = tables.edition.alias()
    digest = edition.c.kind.in_(DIGESTS)
    kind = digest if not urgent else sa.not_(digest)
    return [sa.exists().where(edition.c.id == delivery.edition_id, kind)]


def _row(
    delivery_id: int, number: int, text: str, buttons: tuple[tuple[Button, ...], ...], now: datetime
) -> dict[str, object]:
    return {
        "delivery_id": delivery_id, "number": number, "text": text, "state": "PENDING", "at": now,
        "buttons": buttons_to_json(buttons),
    }  # fmt: skip
