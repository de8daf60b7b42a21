"""The office's translation memory: what people wrote, and what was taken over from other offices."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tbt_watch.domain.memory import Unit, UnitOrigin
from tbt_watch.domain.text import fold
from tbt_watch.domain.translation import CARRIED, FREE_TEXT
from tbt_watch.errors import NotFoundError
from tbt_watch.store.changes import changed
from tbt_watch.store.codec import notice_from_json
from tbt_watch.store.database import Database
from tbt_watch.store.tables import decision, notice, translation
from tbt_watch.store.tables import memory as table

_ADD = insert(table)
_PUT = _ADD.on_conflict_do_update(
    index_elements=("language", "source", "notice", "field"),
    set_={name: _ADD.excluded[name] for name in ("target", "origin", "by", "at")},
)

_TOP = 2**62
_BEGUN = 3
"""Letters of a last word that may go on; of fewer every second unit would be a hit."""
# The index backwards, so that the newest hits come first however many there are; CROSS keeps SQLite to that order.
_FOUND = sa.text(
    "SELECT memory.id FROM memory_search CROSS JOIN memory ON memory.id = memory_search.rowid"
    " WHERE memory_search MATCH :sought AND memory_search.rowid < :top"
    " AND (:origin = '' OR memory.origin = :origin) AND (:by = '' OR memory.\"by\" = :by)"
    " ORDER BY memory_search.rowid DESC LIMIT :most"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HumanText:
    """What a person (``by``) wrote at a moment for a field of a notice, whose text was ``source`` in ``language`` then.
    ``members``: whose notice it is; the Vietnamese may name them where the source does not."""

    notice: str
    field: str
    language: str
    source: str
    target: str
    by: str
    at: datetime | None
    members: tuple[str, ...] = ()


class MemoryRoom:
    """The verbs on the translation memory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Unit]:
        """Every unit, oldest first: of several for one source the last one holds."""
        query = sa.select(table).order_by(table.c.at, table.c.id)
        with self._database.reading() as connection:
            return [_unit(row) for row in connection.execute(query).mappings()]

    def changes(self) -> int:
        """A number that is another one after every change."""
        with self._database.reading() as connection:
            return changed(connection, "memory")

    def get(self, number: int) -> Unit:
        """The unit of that number. Raises NotFoundError."""
        found = self._where(table.c.id == number)
        if not found:
            raise NotFoundError(f"There is no unit {number} in the memory.")
        return found[0]

    def page(
        self,
        words: str = "",
        *,
        origin: UnitOrigin | None = None,
        by: str = "",
        before: int = 0,
        limit: int = 50,
    ) -> list[Unit]:
        """Units that hold these words on either side, with or without tones, the newest first, from before a number
        on; ``origin``, ``by``: of these alone."""
        sought = [f'"{word}"' for word in re.findall(r"[^\s\"\0]+", fold(words)) if re.search(r"\w", word)]
        if words and not sought:
            return []
        query = sa.select(table).order_by(table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            if sought:
                begun = "*" if len(sought[-1]) >= _BEGUN + 2 else ""
                asked = {"sought": " AND ".join(sought) + begun, "top": before or _TOP, "most": limit}
                filters = {"origin": origin or "", "by": by}
                query = query.where(table.c.id.in_(list(connection.scalars(_FOUND, asked | filters))))
            elif before:
                query = query.where(table.c.id < before)
            if origin:
                query = query.where(table.c.origin == origin)
            if by:
                query = query.where(table.c.by == by)
            return [_unit(row) for row in connection.execute(query).mappings()]

    def known(self, language: str, source: str) -> Unit | None:
        """The newest unit for this very source that is no text of a notice; None without one."""
        found = self._where(table.c.language == language, table.c.source == source, table.c.notice == "")
        return max(found, key=lambda one: one.id or 0, default=None)

    def same(self, unit: Unit) -> list[Unit]:
        """The unit that stands in the place of this one, by language, source, notice and field."""
        here = (table.c.language == unit.language, table.c.source == unit.source)
        return self._where(*here, table.c.notice == unit.notice, table.c.field == unit.field)

    def put(self, units: Iterable[Unit], now: datetime) -> int:
        """Keep units, each in the place of the one of its language, source, notice and field; how many.

        ``now`` stands where a unit has no moment of its own. All of them or none.
        """
        rows = [_row(unit, now) for unit in units]
        with self._database.transaction() as connection:
            if rows:
                connection.execute(_PUT, rows)
        return len(rows)

    def of(self, key: str, field: str) -> Unit | None:
        """The last text that a person wrote for a field of the notice with this permalink key, with the source that it
        was written for; None when nobody did."""
        here = (table.c.notice == key, table.c.field == field, table.c.origin == "human")
        query = sa.select(table).where(*here).order_by(table.c.at.desc(), table.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _unit(row)

    def texts_of(self, key: str, field: str) -> list[Unit]:
        """All that people wrote for a field of a notice, for one source text each."""
        return self._where(table.c.notice == key, table.c.field == field, table.c.origin == "human")

    def sentences(self, language: str, sources: Iterable[str]) -> list[Unit]:
        """The units of these very sentences that were learned from a field."""
        here = (table.c.language == language, table.c.notice == "", table.c.origin == "human")
        return self._where(*here, table.c.source.in_(list(sources)))

    def _where(self, *here: sa.ColumnElement[bool]) -> list[Unit]:
        with self._database.reading() as connection:
            return [_unit(row) for row in connection.execute(sa.select(table).where(*here)).mappings()]

    def counts(self) -> dict[str, int]:
        """How many units are of each origin."""
        query = sa.select(table.c.origin, sa.func.count().label("number")).group_by(table.c.origin)
        with self._database.reading() as connection:
            return {row.origin: row.number for row in connection.execute(query)}

    def remove(self, ids: Sequence[int]) -> int:
        """Forget units by their ids; how many there were."""
        with self._database.transaction() as connection:
            gone = sa.delete(table).where(table.c.id.in_(list(ids)))
            return connection.execute(gone).rowcount

    def unlearned(self, language: str = "vi") -> list[HumanText]:
        """What people wrote for fields of notices, in that language, and the memory does not hold yet; what was
        written first comes first. A text that was carried over to another source is none of them."""
        text = translation.c
        held = sa.exists().where(
            table.c.notice == notice.c.key,
            table.c.field == text.field,
            table.c.source == text.source_text,
            table.c.target == text.text,
        )
        when = sa.select(sa.func.max(decision.c.at)).where(
            decision.c.notice_id == notice.c.id,
            decision.c.state == "amended",
            decision.c.changes.contains(sa.literal('["') + text.field + f'.{language}",'),
        )
        at = when.scalar_subquery().label("written_at")
        query = (
            sa.select(translation, notice.c.key, notice.c.facts, at)
            .join(notice, notice.c.id == text.notice_id)
            .where(text.origin == "human", text.language == language)
            .where(text.field.in_(FREE_TEXT), text.source_text != "", text.terms != CARRIED, ~held)
            .order_by(at, text.notice_id, text.field)
        )
        with self._database.reading() as connection:
            return [_human_text(row) for row in connection.execute(query).mappings()]


def _human_text(row: sa.RowMapping) -> HumanText:
    # A text written before the store kept its language was written for the notice's own.
    facts = notice_from_json(row["facts"])
    language = row["source_language"] or facts.language
    return HumanText(
        notice=row["key"],
        field=row["field"],
        language=language,
        source=row["source_text"],
        target=row["text"],
        by=row["engine"],
        at=row["written_at"],
        members=facts.members,
    )


def _row(unit: Unit, now: datetime) -> dict[str, object]:
    return {
        "language": unit.language, "source": unit.source, "target": unit.target, "origin": unit.origin,
        "by": unit.by, "at": unit.at or now, "notice": unit.notice, "field": unit.field,
    }  # fmt: skip


def _unit(row: sa.RowMapping) -> Unit:
    return Unit(**{name: row[name] for name in (
        "language", "source", "target", "origin", "by", "at", "notice", "field", "id",
    )})  # fmt: skip
