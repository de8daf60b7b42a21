"""Subscriptions that staff prepared, and that a chat takes up with a code."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.code import prepared_address, read_code, worthless
from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.store.codec import subscriptions_from_json
from tbt_watch.store.database import Database
from tbt_watch.store.tables import subscriber as table


class Prepared:
    """The verbs of the subscribers' room that are about codes."""

    _database: Database

    def called(self, channel: str, name: str) -> Subscriber | None:
        """Who is called so on this channel, the one that is prepared and not taken up first."""
        here = (table.c.channel == channel, table.c.name == name)
        with self._database.reading() as connection:
            return _first(connection, *here, table.c.pause == "prepared") or _first(connection, *here)

    def take_up(self, code: str, channel: str, address: str, now: datetime) -> Subscriber | None:
        """Give a prepared subscription to the chat that names its code, once. None when the code is none of ours, was
        taken up, or is worthless by now.

        The subscriber that is to be saved comes back (``digest.enrol.take_up`` does both): a chat that is subscribed
        already keeps its own wishes and has those of the code besides.
        """
        wanted = read_code(code)
        if wanted is None:
            return None
        here = (
            table.c.channel == channel, table.c.address == prepared_address(wanted), table.c.pause == "prepared",
        )  # fmt: skip
        with self._database.transaction() as connection:
            found = _first(connection, *here)
            if found is None or worthless(found, now):
                return None
            mine = _first(connection, table.c.channel == channel, table.c.address == address)
            if mine is None:
                connection.execute(table.update().where(*here).values(address=address))
                return replace(found, address=address, pause="")
            connection.execute(sa.delete(table).where(*here))
            both = tuple(dict.fromkeys((*mine.subscriptions, *found.subscriptions)))
            bulletin = mine.bulletin_since or found.bulletin_since
            office = mine.office or found.office
            return replace(mine, pause="", subscriptions=both, office=office, bulletin_since=bulletin)


def _first(connection: Connection, *here: sa.ColumnElement[bool]) -> Subscriber | None:
    row = connection.execute(sa.select(table).where(*here).order_by(table.c.id)).mappings().first()
    if row is None:
        return None
    same = ("id", "name", "lang", "channel", "address", "since", "pause", "office", "bulletin_since")
    return Subscriber(
        **{name: row[name] for name in same}, subscriptions=subscriptions_from_json(row["subscriptions"])
    )
