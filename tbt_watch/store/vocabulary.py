"""The office's own rows of the vocabulary: sectors, topics, what codes mean, words."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.store.database import Database
from tbt_watch.store.tables import vocabulary as table


class VocabularyRoom:
    """The verbs on the office's own rows. Few: what the project ships is in none of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[OwnRow, ...]:
        """Every row of the office, the oldest first."""
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).order_by(table.c.id)).mappings()
            return tuple(_row(one) for one in found)

    def put(self, rows: Iterable[OwnRow]) -> None:
        """Add rows, or change those of the same table and key."""
        with self._database.transaction() as connection:
            for row in rows:
                values = {"cells": json.dumps(dict(row.cells), ensure_ascii=False), "removed": row.removed}
                done = connection.execute(table.update().where(_place(row)).values(**values))
                if not done.rowcount:
                    key = json.dumps(row.key, ensure_ascii=False)
                    connection.execute(table.insert().values(sheet=row.table, key=key, **values))

    def forget(self, rows: Iterable[OwnRow]) -> None:
        """Delete the office's rows of these tables and keys: what the project says counts again."""
        with self._database.transaction() as connection:
            for row in rows:
                connection.execute(sa.delete(table).where(_place(row)))


def _place(row: OwnRow) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.sheet == row.table, table.c.key == json.dumps(row.key, ensure_ascii=False))


def _row(found: Mapping[Any, Any]) -> OwnRow:
    cells: dict[str, str] = json.loads(found["cells"])
    return OwnRow(
        table=found["sheet"],
        key=tuple(json.loads(found["key"])),
        cells=tuple(cells.items()),
        removed=found["removed"],
    )
