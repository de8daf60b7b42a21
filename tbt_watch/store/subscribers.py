"""Subscribers and audiences."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tbt_watch.domain.subscriber import Audience, Subscriber, wishes_key
from tbt_watch.errors import NotFoundError
from tbt_watch.store.codec import subscriptions_from_json, subscriptions_to_json
from tbt_watch.store.database import Database
from tbt_watch.store.prepared import Prepared
from tbt_watch.store.raw import BATCH
from tbt_watch.store.reach import Reach
from tbt_watch.store.tables import audience, delivery, issue, part
from tbt_watch.store.tables import owed as owed_table
from tbt_watch.store.tables import subscriber as table

REMOVED = "subscriber removed"


class SubscriberRoom(Reach, Prepared):
    """The verbs on subscribers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Subscriber]:
        """Every subscriber, paused ones too."""
        with self._database.reading() as connection:
            return [
                _subscriber(row)
                for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
            ]

    def at(self, channel: str, address: str) -> Subscriber | None:
        """Who is reached there, if anybody."""
        here = (table.c.channel == channel, table.c.address == address)
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(*here)).mappings().first()
        return _subscriber(row) if row else None

    def get(self, number: int) -> Subscriber | None:
        """The subscriber with this number, if there is one; of one who was removed nothing but that is left."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(table.c.id == number)).mappings().first()
        return _subscriber(row) if row else None

    def save(
        self,
        subscriber: Subscriber,
        *,
        audience: str | None = None,
        since: datetime | None = None,
        owed: Collection[int] = (),
    ) -> int:
        """Add a subscriber, or change the one with this channel and address; the day of joining stays.

        ``audience``: the key of the one that it joins; None: where it is already if that follows the same, else the
        one named by its wishes. ``since``: that audience begins (anew) at this moment, and these notices are ``owed``
        to it; None: it is joined as it stands, and one that is new, or that nobody else is in, begins at the
        subscription. People and programs go through ``digest.wishes``, which knows what is owed.
        """
        values = {
            "name": subscriber.name, "lang": subscriber.lang, "pause": subscriber.pause, "office": subscriber.office,
            "subscriptions": subscriptions_to_json(subscriber.subscriptions),
            "bulletin_since": subscriber.bulletin_since,
        }  # fmt: skip
        here = (table.c.channel == subscriber.channel, table.c.address == subscriber.address)
        with self._database.transaction() as connection:
            known = connection.execute(sa.select(table).where(*here)).mappings().first()
            before = known["audience"] if known else ""
            stays = wishes_key(before) == subscriber.audience
            key = audience or (before if stays else subscriber.audience)
            if known is None:
                address = {
                    "channel": subscriber.channel,
                    "address": subscriber.address,
                    "since": subscriber.since,
                }
                connection.execute(sa.insert(table).values(**address, **values, audience=key))
            else:
                connection.execute(table.update().where(*here).values(**values, audience=key))
            number = int(connection.scalar(sa.select(table.c.id).where(*here)) or 0)
            if since is not None:
                _begin(connection, key, since, owed)
            elif key != before:
                self._join(connection, key, subscriber.since, number)
        return number

    @staticmethod
    def _join(connection: sa.Connection, key: str, since: datetime, number: int) -> None:
        """Begin an audience, or begin it again when this is its only subscriber: what was accepted while nobody
        listened is not sent to whoever comes next."""
        begun: datetime | None = connection.scalar(sa.select(audience.c.since).where(audience.c.key == key))
        others = sa.exists().where(table.c.audience == key, _listens(table.c.pause), table.c.id != number)
        if begun is None or (since > begun and not connection.scalar(sa.select(others))):
            _begin(connection, key, since, ())

    def remove(self, subscriber_id: int) -> None:
        """Remove a subscriber: pending deliveries are called off; the ledger keeps its rows without a name, and without
        what other sides said of it, and issues about its deliveries say no more whose they were.

        Raises NotFoundError.
        """
        here = table.c.id == subscriber_id
        with self._database.transaction() as connection:
            if connection.scalar(sa.select(table.c.id).where(here)) is None:
                raise NotFoundError(
                    f"There is no subscriber {subscriber_id}; tbt-watch subscribers list shows them."
                )
            called_off = (delivery.c.subscriber_id == subscriber_id, delivery.c.state == "PENDING")
            connection.execute(delivery.update().where(*called_off).values(state="FAILED", why=REMOVED))
            gone = {
                "name": "",
                "address": f"removed-{subscriber_id}",
                "subscriptions": "[]",
                "audience": "",
                "pause": "asked",
                "bulletin_since": None,
            }
            connection.execute(table.update().where(here).values(**gone))
            _unname(connection, subscriber_id)

    def audiences(self) -> list[Audience]:
        """One audience for all subscribers, not paused, who follow the same in the same language, and have been told
        the same."""
        return self._audiences(table.c.pause == "")

    def audience_of(self, number: int) -> Audience | None:
        """The audience that a subscriber is in; None for one that is paused or removed."""
        return next(iter(self._audiences(table.c.pause == "", table.c.id == number)), None)

    def audiences_for(self, wishes: str) -> list[Audience]:
        """The audiences with subscribers, not paused, whose key without its suffix is this."""
        return self._audiences(table.c.pause == "", _same_wishes(table.c.audience, wishes))

    def left(self, wishes: str) -> list[str]:
        """The keys of audiences that nobody is in any more, whose key without its suffix is this. Who is unreachable is
        in one: it goes on where it stood when that ends."""
        somebody = sa.exists().where(table.c.audience == audience.c.key, _listens(table.c.pause))
        query = sa.select(audience.c.key).where(_same_wishes(audience.c.key, wishes), sa.not_(somebody))
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(audience.c.key)))

    def keys(self, wishes: str) -> list[str]:
        """The keys of all audiences there ever were whose key without its suffix is this."""
        query = sa.select(audience.c.key).where(_same_wishes(audience.c.key, wishes))
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(audience.c.key)))

    def members(self) -> dict[str, list[Subscriber]]:
        """By the key of the audience: its subscribers who are not paused."""
        found: dict[str, list[Subscriber]] = {}
        query = sa.select(table).where(table.c.pause == "").order_by(table.c.id)
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["audience"], []).append(_subscriber(row))
        return found

    def _audiences(self, *where: sa.ColumnElement[bool]) -> list[Audience]:
        query = (
            sa.select(table.c.subscriptions, table.c.lang, table.c.office, audience.c.key, audience.c.since)
            .join(audience, audience.c.key == table.c.audience)
            .where(*where)
            .order_by(table.c.id)
        )
        with self._database.reading() as connection:
            rows = {row["key"]: row for row in reversed(connection.execute(query).mappings().all())}
            due: dict[str, set[int]] = {}
            chosen = sa.select(owed_table.c.audience, owed_table.c.notice_id)
            for key, notice_id in connection.execute(chosen):
                due.setdefault(key, set()).add(notice_id)
        return [
            Audience(
                key=key,
                lang=row["lang"],
                subscriptions=subscriptions_from_json(row["subscriptions"]),
                since=row["since"],
                office=row["office"],
                owed=frozenset(due.get(key, ())),
            )
            for key, row in reversed(rows.items())
        ]


def _begin(connection: sa.Connection, key: str, since: datetime, owed: Collection[int]) -> None:
    """Let an audience begin at that moment, with what is owed to it."""
    connection.execute(sa.delete(owed_table).where(owed_table.c.audience == key))
    if connection.execute(audience.update().where(audience.c.key == key).values(since=since)).rowcount == 0:
        connection.execute(audience.insert().values(key=key, since=since))
    if owed:
        rows = [{"audience": key, "notice_id": number} for number in sorted(owed)]
        connection.execute(owed_table.insert(), rows)


def _unname(connection: sa.Connection, subscriber_id: int) -> None:
    """Take out of ledger and issues what names who was removed: a mail server's answer holds the mailbox, the id of a
    message in a chat that moved its old number, that of one carried over by hand the group."""
    own = delivery.c.subscriber_id == subscriber_id
    ids = sa.select(delivery.c.id).where(own)
    connection.execute(part.update().where(part.c.delivery_id.in_(ids)).values(message_id=None))
    connection.execute(delivery.update().where(own).values(reply_to=None))
    connection.execute(delivery.update().where(own, delivery.c.why != "").values(why=REMOVED))
    about = (f"subscriber {subscriber_id}", *(f"delivery {number}" for number in connection.scalars(ids)))
    closed = sa.func.coalesce(issue.c.closed_at, issue.c.last_at)
    gone = {"message": "About somebody who was removed.", "todo": "", "closed_at": closed, "why": REMOVED}
    for start in range(0, len(about), BATCH):
        here = issue.c.key.in_(about[start : start + BATCH])
        connection.execute(issue.update().where(issue.c.source == "deliver", here).values(**gone))


def _listens(pause: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether an audience goes on for a subscriber: it is not paused, or only could not be reached."""
    return pause.in_(("", "unreachable"))


def _same_wishes(key: sa.ColumnElement[str], wishes: str) -> sa.ColumnElement[bool]:
    return sa.or_(key == wishes, key.startswith(f"{wishes}-", autoescape=True))


def _subscriber(row: sa.RowMapping) -> Subscriber:
    return Subscriber(
        id=row["id"],
        name=row["name"],
        lang=row["lang"],
        channel=row["channel"],
        address=row["address"],
        subscriptions=subscriptions_from_json(row["subscriptions"]),
        since=row["since"],
        pause=row["pause"],
        office=row["office"],
        bulletin_since=row["bulletin_since"],
    )
