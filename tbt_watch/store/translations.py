"""The rows of translations."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.translation import UNSURE, Translation
from tbt_watch.store.codec import dump
from tbt_watch.store.tables import notice
from tbt_watch.store.tables import translation as table


def keep_translations(
    connection: Connection,
    texts: Mapping[int, Sequence[Translation]],
    outdated: Sequence[tuple[int, Translation]],
) -> None:
    """Put these translations in the place of what their notices had. What a human wrote stays, but for the
    ``outdated``, and those go only if nobody has written over them meanwhile."""
    for at, text in outdated:
        connection.execute(_deletion(at, text))
    stale = sa.delete(table).where(table.c.notice_id.in_(list(texts)), table.c.origin != "human")
    connection.execute(stale)
    query = sa.select(table.c.notice_id, table.c.field, table.c.language).where(
        table.c.notice_id.in_(list(texts))
    )
    human = {tuple(row) for row in connection.execute(query)}
    rows = [
        translation_row(at, item)
        for at, items in texts.items()
        for item in items
        if (at, item.field, item.language) not in human
    ]
    if rows:
        connection.execute(table.insert(), rows)


def _deletion(notice_id: int, item: Translation) -> sa.Delete:
    names = ("field", "language", "text", "source_text", "origin")
    return sa.delete(table).where(
        table.c.notice_id == notice_id, *(table.c[name] == getattr(item, name) for name in names)
    )


def untranslated_text(field: str) -> sa.ColumnElement[bool]:
    """Whether a notice has that text in a foreign language, and no Vietnamese that may be shown (see
    ``Translation.shown``)."""
    facts = notice.c.facts
    shown = sa.select(table.c.notice_id).where(
        table.c.notice_id == notice.c.id,
        table.c.field == field,
        table.c.language == "vi",
        sa.or_(table.c.origin.not_in(UNSURE), table.c.checks == "[]"),
    )
    return sa.and_(
        sa.func.json_extract(facts, "$.language") != "vi",
        sa.func.json_extract(facts, f"$.{field}") != "",
        ~shown.exists(),
    )


def translation_row(notice_id: int, item: Translation) -> dict[str, object]:
    """A translation as a row."""
    return {
        "notice_id": notice_id, "field": item.field, "language": item.language, "text": item.text,
        "origin": item.origin, "source_text": item.source_text, "engine": item.engine,
        "checks": dump(list(item.checks)), "source_language": item.source_language, "terms": item.terms,
    }  # fmt: skip
