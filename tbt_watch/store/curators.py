"""Curators: accounts, and the browsers in which they are logged in."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.curator import IDLE, LONGEST, Curator, Role, WebSession
from tbt_watch.domain.deed import Deed, What
from tbt_watch.domain.text import nfc
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store.curator_tables import curator as table
from tbt_watch.store.curator_tables import web_session
from tbt_watch.store.database import Database
from tbt_watch.store.deeds import DeedRoom

session = web_session.c


class CuratorRoom:
    """The verbs on curators. Sessions are known by the SHA-256 of their token, which the store never sees."""

    def __init__(self, database: Database) -> None:
        self._database, self._deeds = database, DeedRoom(database)

    # --- accounts: each change stands in the record; ``by`` is who made it, empty for the command line ---

    def add(self, one: Curator, by: str = "") -> Curator:
        """A new account. Raises UsageError where one is known by that name, whatever the capitals."""
        row = {"name": one.name, "known_as": _known_as(one.name), "role": one.role, "hash": one.hash,
               "lang": one.lang, "created_at": one.created_at, "disabled": one.disabled}  # fmt: skip
        with self._database.transaction() as connection:
            if connection.scalar(sa.select(table.c.id).where(table.c.known_as == row["known_as"])):
                raise UsageError(
                    f"There is a curator {one.name} already: name another, or change the password."
                )
            made = connection.execute(table.insert().values(**row)).inserted_primary_key
            self._note("added", one.name, by, one.created_at, None, one)
        return replace(one, id=made[0] if made else None)

    def all(self) -> list[Curator]:
        """Every account by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(table).order_by(table.c.known_as)).mappings()
            return [_curator(row) for row in rows]

    def find(self, name: str) -> Curator | None:
        """The account of that name, whatever the capitals; None without one."""
        return self._one(table.c.known_as == _known_as(name))

    def get(self, name: str) -> Curator:
        """The account of that name. Raises NotFoundError."""
        found = self.find(name)
        if found is None:
            raise NotFoundError(f"There is no curator {name!r}; tbt-watch curators list shows them.")
        return found

    def numbered(self, number: int) -> Curator:
        """The account of that number. Raises NotFoundError."""
        found = self._one(table.c.id == number)
        if found is None:
            raise NotFoundError(f"There is no curator with the number {number}.")
        return found

    def _one(self, here: sa.ColumnElement[bool]) -> Curator | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(table).where(here)).mappings().first()
        return _curator(row) if row else None

    def remove(self, name: str, now: datetime, by: str = "", *, last: bool = False) -> None:
        """Take an account away with its sessions; the decisions keep the name. Raises NotFoundError, and UsageError
        for the only admin who can log in, unless ``last`` says that this is meant."""
        with self._database.transaction() as connection:
            gone = self.get(name)
            if not last:
                self._leaves_an_admin(connection, gone)
            connection.execute(sa.delete(table).where(table.c.id == gone.id))
            self._note("removed", gone.name, by, now, gone, None)

    def change(
        self,
        name: str,
        now: datetime,
        by: str = "",
        *,
        role: Role | None = None,
        disabled: bool | None = None,
    ) -> Curator:
        """Another role, or whether somebody may log in; who may not is logged out at once. Raises NotFoundError, and
        UsageError where nobody would be left who can log in as an admin."""
        with self._database.transaction() as connection:
            old = self.get(name)
            new = replace(old, role=role or old.role, disabled=old.disabled if disabled is None else disabled)
            if new == old:
                return old
            if new.disabled or new.role != "admin":
                self._leaves_an_admin(connection, old)
            here = table.update().where(table.c.id == old.id)
            connection.execute(here.values(role=new.role, disabled=new.disabled))
            if new.disabled:
                connection.execute(sa.delete(web_session).where(session.curator_id == old.id))
            self._note("changed", old.name, by, now, old, new)
        return new

    def _leaves_an_admin(self, connection: sa.Connection, one: Curator) -> None:
        """Raises UsageError for the only admin who can log in."""
        others = sa.select(sa.func.count()).where(
            table.c.role == "admin", table.c.disabled.is_(False), table.c.id != one.id
        )
        if one.role == "admin" and not one.disabled and not connection.scalar(others):
            raise UsageError(
                f"{one.name} is the only admin who can log in: make somebody else an admin first."
            )

    def new_password(self, name: str, hashed: str, now: datetime, by: str = "") -> None:
        """Another password; who is logged in under the old one is no longer. Raises NotFoundError."""
        with self._database.transaction() as connection:
            found = self.get(name)
            connection.execute(table.update().where(table.c.id == found.id).values(hash=hashed))
            connection.execute(sa.delete(web_session).where(session.curator_id == found.id))
            self._note("password", found.name, by, now, None, None)

    def _note(
        self, what: What, name: str, by: str, now: datetime, before: Curator | None, after: Curator | None
    ) -> None:
        facts = [
            {"role": one.role, "can log in": "" if one.disabled else "1"} if one else None
            for one in (before, after)
        ]
        self._deeds.note(
            Deed(about="account", what=what, name=name, by=by, at=now, before=facts[0], after=facts[1])
        )

    def rehashed(self, one: Curator, hashed: str) -> None:
        """The same password, hashed with newer settings: sessions stay."""
        here = (table.c.id == one.id, table.c.hash == one.hash)
        with self._database.transaction() as connection:
            connection.execute(table.update().where(*here).values(hash=hashed))

    def speak(self, one: Curator, lang: str) -> None:
        """Show this curator the pages in that language from now on."""
        with self._database.transaction() as connection:
            connection.execute(table.update().where(table.c.id == one.id).values(lang=lang))

    # --- sessions ---

    def log_in(self, one: Curator, token: str, now: datetime) -> None:
        """Begin a session; what has ended meanwhile is swept away. ``token``: its SHA-256."""
        row = {
            "token": token,
            "curator_id": one.id,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + LONGEST,
        }
        with self._database.transaction() as connection:
            ended = sa.or_(session.expires_at <= now, session.seen_at <= now - IDLE)
            connection.execute(sa.delete(web_session).where(ended))
            connection.execute(web_session.insert().values(**row))

    def session(self, token: str) -> WebSession | None:
        """The session of that token, alive or not."""
        query = (
            sa.select(table, session.created_at.label("since"), session.seen_at, session.expires_at)
            .join(web_session, session.curator_id == table.c.id)
            .where(session.token == token)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return WebSession(
            curator=_curator(row),
            created_at=row["since"],
            seen_at=row["seen_at"],
            expires_at=row["expires_at"],
        )

    def seen(self, token: str, now: datetime) -> None:
        """Something was asked for in that session."""
        with self._database.transaction() as connection:
            connection.execute(web_session.update().where(session.token == token).values(seen_at=now))

    def log_out(self, token: str) -> None:
        """End a session."""
        with self._database.transaction() as connection:
            connection.execute(sa.delete(web_session).where(session.token == token))

    def log_out_everywhere(self, name: str, now: datetime, by: str = "") -> int:
        """End all sessions of a curator; how many there were. Raises NotFoundError."""
        with self._database.transaction() as connection:
            found = self.get(name)
            self._note("ended", found.name, by, now, None, None)
            return connection.execute(sa.delete(web_session).where(session.curator_id == found.id)).rowcount


def _known_as(name: str) -> str:
    return nfc(name).strip().casefold()


def _curator(row: Any) -> Curator:
    role: Role = "admin" if row["role"] == "admin" else "curator"
    return Curator(
        id=row["id"],
        name=row["name"],
        role=role,
        hash=row["hash"],
        lang=row["lang"],
        created_at=row["created_at"],
        disabled=row["disabled"],
    )
