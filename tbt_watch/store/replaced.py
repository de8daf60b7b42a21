"""What a person's text took the place of, so that undo can put it back with its origin."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.store.codec import dump
from tbt_watch.store.curator_tables import replaced_text
from tbt_watch.store.tables import decision
from tbt_watch.store.tables import translation as table

_NAMES = ("text", "origin", "source_text", "engine", "checks", "source_language", "terms")


def take_away(connection: Connection, notice_id: int, field: str, language: str) -> str:
    """Remove the translation of a field; what it was, as JSON."""
    here = (table.c.notice_id == notice_id, table.c.field == field, table.c.language == language)
    row = connection.execute(sa.select(table).where(*here)).mappings().first()
    connection.execute(sa.delete(table).where(*here))
    return dump({name: row[name] for name in _NAMES} if row else None)


def keep(connection: Connection, decision_id: int, old: str) -> None:
    """Keep what ``take_away`` gave beside the decision that it was taken away by."""
    connection.execute(replaced_text.insert().values(decision_id=decision_id, text=old))


def put_back(
    connection: Connection, notice_id: int, field: str, language: str, decision_id: int
) -> str | None:
    """Put back what a decision replaced, in the place of what stands there now. The latter as JSON; None for a decision
    that kept nothing."""
    query = sa.select(replaced_text.c.text).join(decision, decision.c.id == replaced_text.c.decision_id)
    old = connection.scalar(query.where(decision.c.id == decision_id, decision.c.notice_id == notice_id))
    if old is None:
        return None
    now = take_away(connection, notice_id, field, language)
    row: dict[str, Any] | None = json.loads(old)
    if row is not None:
        connection.execute(table.insert().values(notice_id=notice_id, field=field, language=language, **row))
    return now
