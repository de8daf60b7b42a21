"""Conversations: where each stands, and what was not said yet. The state itself is the bot's own JSON."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tbt_watch.store.database import Database
from tbt_watch.store.tables import subscriber
from tbt_watch.store.tables import talk as table


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """``state`` is JSON text; ``last``: the number of the last update that was understood; ``at``: when."""

    address: str
    state: str
    last: int
    at: datetime


class TalkRoom:
    """The verbs on conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, channel: str, address: str) -> Talk | None:
        """Where a conversation stands; None: there was none, or it is forgotten."""
        here = (table.c.channel == channel, table.c.address == address)
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(*here)).mappings().first()
        return _talk(row) if row else None

    def keep(self, channel: str, address: str, state: str, last: int, now: datetime) -> None:
        """Write down where a conversation stands."""
        here = (table.c.channel == channel, table.c.address == address)
        values = {"state": state, "last": last, "at": now}
        with self._database.transaction() as connection:
            if not connection.execute(table.update().where(*here).values(**values)).rowcount:
                connection.execute(table.insert().values(channel=channel, address=address, **values))

    def restate(self, channel: str, address: str, state: str) -> None:
        """Write the state anew, and nothing of when it was."""
        here = (table.c.channel == channel, table.c.address == address)
        with self._database.transaction() as connection:
            connection.execute(table.update().where(*here).values(state=state))

    def waiting(self, channel: str) -> list[str]:
        """The addresses to which something was not said yet."""
        unsent = sa.func.json_extract(table.c.state, "$.unsent").is_not(None)
        query = sa.select(table.c.address).where(table.c.channel == channel, unsent).order_by(table.c.at)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def forget(self, channel: str, address: str) -> None:
        """Forget a conversation."""
        with self._database.transaction() as connection:
            connection.execute(sa.delete(table).where(table.c.channel == channel, table.c.address == address))

    def sweep(self, channel: str, before: datetime) -> int:
        """Forget the conversations of that channel with nobody who is subscribed that have rested since then; how
        many they were."""
        person = subscriber.c
        known = sa.exists().where(person.channel == channel, person.address == table.c.address)
        idle = (table.c.channel == channel, table.c.at < before, sa.not_(known))
        with self._database.transaction() as connection:
            return connection.execute(sa.delete(table).where(*idle)).rowcount

    def move(self, channel: str, old: str, new: str) -> None:
        """A chat has another number now; where the new one has a conversation already, that one goes on."""
        with self._database.transaction() as connection:
            if self.get(channel, new) is not None:
                self.forget(channel, old)
                return
            here = (table.c.channel == channel, table.c.address == old)
            connection.execute(table.update().where(*here).values(address=new))


def _talk(row: sa.RowMapping) -> Talk:
    return Talk(address=row["address"], state=row["state"], last=row["last"], at=row["at"])
