"""How often a table changed, counted by triggers: who keeps a table read knows by it when to read it again."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.store.curator_tables import change_count


def changed(connection: Connection, what: str) -> int:
    """The number of changes of the table ``term`` or ``memory``."""
    return int(connection.scalar(sa.select(change_count.c.n).where(change_count.c.what == what)) or 0)
