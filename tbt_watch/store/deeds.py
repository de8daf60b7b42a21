"""The record of what people did to terms, memory and accounts. Nothing is ever taken out of it."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.deed import ABOUT, About, Deed
from tbt_watch.errors import NotFoundError
from tbt_watch.store.curator_tables import deed as table
from tbt_watch.store.database import Database


class DeedRoom:
    """The verbs on the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, one: Deed) -> int:
        """Write a deed down; its number."""
        row = {
            "about": one.about, "what": one.what, "name": one.name, "by": one.by, "at": one.at,
            "before": json.dumps(one.before and dict(one.before), ensure_ascii=False),
            "after": json.dumps(one.after and dict(one.after), ensure_ascii=False),
        }  # fmt: skip
        with self._database.transaction() as connection:
            key = connection.execute(table.insert().values(**row)).inserted_primary_key
        return int(key[0]) if key else 0

    def get(self, number: int) -> Deed:
        """The deed of that number. Raises NotFoundError."""
        found = self._where(1, table.c.id == number)
        if not found:
            raise NotFoundError(f"There is no deed {number} in the record.")
        return found[0]

    def trail(
        self, *, about: Sequence[About] = ABOUT, by: str = "", before: int = 0, limit: int = 50
    ) -> list[Deed]:
        """The record, the newest first, from before a number on; ``by``: of one person alone."""
        where: list[sa.ColumnElement[bool]] = [table.c.about.in_(list(about))]
        if before:
            where.append(table.c.id < before)
        if by:
            where.append(table.c.by == by)
        return self._where(limit, *where)

    def _where(self, limit: int, *where: sa.ColumnElement[bool]) -> list[Deed]:
        query = sa.select(table).where(*where).order_by(table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_deed(row) for row in connection.execute(query).mappings()]


def _deed(row: Any) -> Deed:
    given = {name: row[name] for name in ("id", "about", "what", "name", "by", "at")}
    return Deed(**given, before=json.loads(row["before"]), after=json.loads(row["after"]))
