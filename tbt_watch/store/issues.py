"""Issues: warnings that are somebody's work."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from tbt_watch.domain.work import Issue
from tbt_watch.errors import NotFoundError
from tbt_watch.store.database import Database
from tbt_watch.store.tables import Moment
from tbt_watch.store.tables import issue as table

_OF_DAYS = "____-__-__/____-__-__%"
"""How the key of an issue begins that is about certain days of a back-fill."""


class IssueRoom:
    """The verbs on issues."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, issue: Issue) -> bool:
        """Open an issue. The same one (source, key, kind) that is open already only counts up: then False."""
        place = {name: _storable(getattr(issue, name)) for name in ("source", "key", "kind")}
        words = {name: _storable(getattr(issue, name)) for name in ("message", "todo")}
        here = [table.c[name] == text for name, text in place.items()]
        with self._database.transaction() as connection:
            known = connection.scalar(sa.select(table.c.id).where(*here, table.c.closed_at.is_(None)))
            if known is not None:
                connection.execute(
                    table.update()
                    .where(table.c.id == known)
                    .values(times=table.c.times + 1, last_at=issue.opened_at, **words)
                )
                return False
            connection.execute(
                table.insert().values(
                    opened_at=issue.opened_at, times=1, last_at=issue.opened_at, **place, **words
                )
            )
            return True

    def open_list(self) -> list[Issue]:
        """The open issues, newest last."""
        query = sa.select(table).where(table.c.closed_at.is_(None)).order_by(table.c.id)
        with self._database.reading() as connection:
            return [_issue(row) for row in connection.execute(query).mappings()]

    def get(self, issue_id: int) -> Issue:
        """One issue, open or closed. Raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(table.c.id == issue_id)).mappings().first()
        if row is None:
            raise NotFoundError(f"There is no issue {issue_id}; tbt-watch issues list shows the open ones.")
        return _issue(row)

    def close(self, issue_id: int, why: str, now: datetime) -> Issue:
        """Close an issue by hand; closing it again changes nothing. Raises NotFoundError."""
        with self._database.transaction() as connection:
            here = (table.c.id == issue_id, table.c.closed_at.is_(None))
            connection.execute(table.update().where(*here).values(closed_at=now, why=why))
            return self.get(issue_id)

    def withdraw(self, source: str, prefix: str, now: datetime) -> int:
        """Take back what somebody reported, with who it was: of the issues of that source whose key begins so only that
        there was one is kept. How many were."""
        here = (table.c.source == source, table.c.key.startswith(prefix, autoescape=True))
        gone = {
            "key": sa.literal("removed-") + sa.cast(table.c.id, sa.String), "message": "Taken back by who sent it.",
            "todo": "", "closed_at": sa.func.coalesce(table.c.closed_at, sa.literal(now, Moment)),
            "why": "taken back",
        }  # fmt: skip
        with self._database.transaction() as connection:
            return connection.execute(table.update().where(*here).values(**gone)).rowcount

    def resolve(self, source: str, key: str, now: datetime, kinds: Collection[str] = ()) -> int:
        """Close what is open about this source and key, because it came right by itself; how many were."""
        here = [table.c.source == source, table.c.key == _storable(key), table.c.closed_at.is_(None)]
        if kinds:
            here.append(table.c.kind.in_(kinds))
        with self._database.transaction() as connection:
            done = connection.execute(
                table.update().where(*here).values(closed_at=now, why="came right by itself")
            )
            return done.rowcount

    def came_right(self, source: str, kinds: Collection[str], now: datetime, prefix: str = "") -> int:
        """Close what is open about a source under these kinds; how many were.

        With ``prefix``, the days of a back-fill, what is about these days; without, all that is about no such days.
        """
        own = table.c.key.like(f"{prefix}%" if prefix else _OF_DAYS)
        here = (
            table.c.source == source,
            table.c.kind.in_(kinds),
            table.c.closed_at.is_(None),
            own if prefix else sa.not_(own),
        )
        with self._database.transaction() as connection:
            done = connection.execute(
                table.update().where(*here).values(closed_at=now, why="came right by itself")
            )
            return done.rowcount

    def places(self) -> set[tuple[str, str]]:
        """(source, key) of every open issue, so that a stage can ask once for all its items."""
        query = sa.select(table.c.source, table.c.key).where(table.c.closed_at.is_(None))
        with self._database.reading() as connection:
            return {(row.source, row.key) for row in connection.execute(query)}


def _storable(text: str) -> str:
    """The text as any database takes it: what a source wrote may hold half a character (a lone surrogate)."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _issue(row: sa.RowMapping) -> Issue:
    return Issue(**{name: row[name] for name in (
        "source", "key", "kind", "message", "todo", "opened_at", "id", "times", "last_at", "closed_at", "why",
    )})  # fmt: skip
