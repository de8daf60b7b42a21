"""Subscribers and audiences."""

from datetime import datetime

import sqlalchemy as sa

from tbt_watch.domain.subscriber import Audience, Subscriber
from tbt_watch.errors import NotFoundError
from tbt_watch.store.codec import subscriptions_from_json, subscriptions_to_json
from tbt_watch.store.database import Database
from tbt_watch.store.tables import audience, delivery, edition
from tbt_watch.store.tables import subscriber as table


class SubscriberRoom:
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

    def save(self, subscriber: Subscriber) -> int:
        """Add a subscriber, or change the one with this channel and address; the day of joining stays.

        A new audience begins where the subscriber's old one stood, so that nothing pending is lost, or at the
        subscription.
        """
        values = {
            "name": subscriber.name, "lang": subscriber.lang, "pause": subscriber.pause, "office": subscriber.office,
            "subscriptions": subscriptions_to_json(subscriber.subscriptions), "audience": subscriber.audience,
        }  # fmt: skip
        here = (table.c.channel == subscriber.channel, table.c.address == subscriber.address)
        with self._database.transaction() as connection:
            known = connection.execute(sa.select(table).where(*here)).mappings().first()
            since = subscriber.since
            if known is None:
                address = {"channel": subscriber.channel, "address": subscriber.address, "since": since}
                connection.execute(table.insert().values(**address, **values))
            else:
                connection.execute(table.update().where(*here).values(**values))
                since = self._stood(connection, known["audience"]) or since
            if known is None or known["audience"] != subscriber.audience:
                self._join(connection, subscriber.audience, since)
            found = connection.scalar(sa.select(table.c.id).where(*here))
        return int(found or 0)

    @staticmethod
    def _join(connection: sa.Connection, key: str, since: datetime) -> None:
        """Begin an audience, or begin it again when this is its only subscriber: what was accepted while nobody
        listened is not sent to whoever comes next."""
        begun: datetime | None = connection.scalar(sa.select(audience.c.since).where(audience.c.key == key))
        if begun is None:
            connection.execute(audience.insert().values(key=key, since=since))
            return
        members = sa.select(sa.func.count()).select_from(table).where(table.c.audience == key)
        if connection.scalar(members) == 1 and since > begun:
            connection.execute(audience.update().where(audience.c.key == key).values(since=since))

    @staticmethod
    def _stood(connection: sa.Connection, key: str) -> datetime | None:
        """Up to where an audience has been told: the end of its last edition, else its beginning."""
        last: datetime | None = connection.scalar(
            sa.select(sa.func.max(edition.c.until)).where(edition.c.audience == key)
        )
        begun: datetime | None = connection.scalar(sa.select(audience.c.since).where(audience.c.key == key))
        return last or begun

    def remove(self, subscriber_id: int) -> None:
        """Remove a subscriber: pending deliveries are called off; the ledger keeps its rows without a name.

        Raises NotFoundError.
        """
        here = table.c.id == subscriber_id
        with self._database.transaction() as connection:
            if connection.scalar(sa.select(table.c.id).where(here)) is None:
                raise NotFoundError(
                    f"There is no subscriber {subscriber_id}; tbt-watch subscribers list shows them."
                )
            called_off = (delivery.c.subscriber_id == subscriber_id, delivery.c.state == "PENDING")
            connection.execute(
                delivery.update().where(*called_off).values(state="FAILED", why="subscriber removed")
            )
            gone = {
                "name": "",
                "address": f"removed-{subscriber_id}",
                "subscriptions": "[]",
                "audience": "",
                "pause": "asked",
            }
            connection.execute(table.update().where(here).values(**gone))

    def audiences(self) -> list[Audience]:
        """One audience for all subscribers, not paused, who follow the same in the same language."""
        query = (
            sa.select(table.c.subscriptions, table.c.lang, table.c.office, audience.c.key, audience.c.since)
            .join(audience, audience.c.key == table.c.audience)
            .where(table.c.pause == "")
            .order_by(table.c.id)
        )
        found: dict[str, Audience] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                if row["key"] not in found:
                    found[row["key"]] = Audience(
                        key=row["key"],
                        lang=row["lang"],
                        subscriptions=subscriptions_from_json(row["subscriptions"]),
                        since=row["since"],
                        office=row["office"],
                    )
        return list(found.values())


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
    )
