"""Who reads the bulletin: what was published and not sent yet, who wants it, and the files that it has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from tbt_watch.domain.subscriber import Pause
from tbt_watch.store import bulletin_tables
from tbt_watch.store.database import Database
from tbt_watch.store.tables import edition, subscriber

bulletin = bulletin_tables.bulletin.c
person = subscriber.c


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A subscriber who wants the bulletin, and what is in the way."""

    id: int
    channel: str
    lang: Literal["vi", "en"]
    pause: Pause


class Readership:
    """The verbs of the room of the bulletin that are about its readers."""

    _database: Database

    def unsent(self, since: datetime) -> list[int]:
        """The editions that were published since then and never sent to anybody, the oldest first."""
        sent = sa.exists().where(edition.c.bulletin_id == bulletin.id)
        query = (
            sa.select(bulletin.id)
            .where(bulletin.state == "published", bulletin.published_at >= since, sa.not_(sent))
            .order_by(bulletin.published_at, bulletin.id)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def readers(self, published_at: datetime | None = None) -> list[Reader]:
        """Who wants what was published at that moment, paused ones too; without one: who wants the bulletin now."""
        since = person.bulletin_since
        wants = since.is_not(None) if published_at is None else since <= published_at
        query = sa.select(person.id, person.channel, person.lang, person.pause).where(wants)
        with self._database.reading() as connection:
            return [Reader(**row) for row in connection.execute(query.order_by(person.id)).mappings()]

    def paper_names(self, bulletin_id: int) -> Mapping[str, Sequence[str]]:
        """The names of the files of a published edition, by media type."""
        table = bulletin_tables.bulletin_paper.c
        query = (
            sa.select(table.media, table.name).where(table.bulletin_id == bulletin_id).order_by(table.name)
        )
        found: dict[str, list[str]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found[row.media].append(row.name)
        return found
