"""The curators' queue: what waits, in which order, who said what of it, and whether anything came between.

Every question is answered from an index or in a bounded number of rows, so that a page takes no longer with a hundred
thousand notices. The order: what is open for comment by its deadline, then what has none, then what has closed, the
newest first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import SURE, TagKind
from tbt_watch.domain.text import fold
from tbt_watch.domain.translation import FREE_TEXT, UNSURE
from tbt_watch.domain.work import Decision
from tbt_watch.store import tables
from tbt_watch.store.codec import changes_from_json
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import latest_versions, load
from tbt_watch.store.translations import untranslated_text

notice = tables.notice.c
decision = tables.decision.c
tag = tables.tag.c
translation = tables.translation.c

WAITING = "waiting"
ALL = "all"

FEW = 2000
"""Notices with a tag: up to so many they are taken by the tag, more of them are met soon in the queue's own order."""

FOUND = 1000
"""Hits of a search that are ranked; of more than these the newest stand first."""

_WAITS = notice.state.in_(("TAGGED", "HELD"))
# Written as in the partial indexes (0010), or SQLite would not use them.
_NEWS: sa.ColumnElement[bool] = sa.literal_column("notice.age <> 'ARCHIVE'")
_HAS_FAILED: sa.ColumnElement[bool] = sa.literal_column("translation.checks <> '[]'")
_BY_PEOPLE: sa.ColumnElement[bool] = sa.literal_column("decision.\"by\" <> 'policy'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sieve:
    """What of the queue is wanted. ``state``: one of the states, ``waiting`` or ``all``."""

    state: str = WAITING
    area: str = ""
    sector: str = ""
    market: str = ""
    failed: bool = False
    unsure: bool = False
    untranslated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue's order: 0 open, 1 without a deadline, 2 closed."""

    part: int
    day: date | None
    id: int

    def __str__(self) -> str:
        return f"{self.part}.{self.day.isoformat() if self.day else ''}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that a page names; None for what is none."""
        found = re.fullmatch(r"([012])\.((?:\d{4}-\d\d-\d\d)?)\.(\d{1,15})", text, re.ASCII)
        if not found or bool(found[2]) != (found[1] != "1"):
            return None
        try:
            return cls(int(found[1]), date.fromisoformat(found[2]) if found[2] else None, int(found[3]))
        except ValueError:
            return None


def place_of(item: Dossier, today: date) -> Place:
    """Where a notice stands in the queue on that day."""
    day = item.notice.comment_until
    return Place(1 if day is None else 0 if day >= today else 2, day, item.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A decision in the record, and the notice that it was about."""

    id: int
    notice_id: int
    key: str
    version: int
    decision: Decision


class QueueRoom:
    """The questions of the curators' page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- the queue ---

    def page(
        self,
        sieve: Sieve,
        today: date,
        *,
        after: Place | None = None,
        before: Place | None = None,
        limit: int = 50,
        full: bool = True,
    ) -> list[Dossier]:
        """The notices that pass the sieve, from after a place on; or the last ones ``before`` a place, in the queue's
        order all the same."""
        with self._database.reading() as connection:
            where = list(_conditions(connection, sieve))
            parts = range(after.part if after else 0, 3) if before is None else range(before.part, -1, -1)
            ids: list[int] = []
            for part in parts:
                if len(ids) < limit:
                    query = _part(part, today, after, before).where(*where).limit(limit - len(ids))
                    ids += connection.scalars(query)
            return load(connection, ids[::-1] if before else ids, full=full)

    def counts(self, *, waiting: bool = False) -> dict[str, int]:
        """How many notices stand in each state, and how many wait; with ``waiting`` only those, which is quick however
        many there are in all."""
        query = sa.select(notice.state, sa.func.count().label("number")).group_by(notice.state)
        if waiting:
            query = query.where(_WAITS)
        with self._database.reading() as connection:
            found = {row.state: int(row.number) for row in connection.execute(query)}
        waits = {state: found.get(state, 0) for state in ("TAGGED", "HELD")}
        here = found | waits | {WAITING: sum(waits.values())}
        return here if waiting else here | {ALL: sum(found.values())}

    def search(self, words: str, limit: int = 50) -> list[Dossier]:
        """Notices in which all words occur, tones and đ folded; the last word may be a beginning. Of a few the best
        stand first, of many the newest."""
        words = fold(words.encode("utf-8", "replace").decode("utf-8"))
        terms = [f'"{term}"' for term in re.findall(r"[^\s\"\0]+", words) if re.search(r"\w", term)]
        if not terms:
            return []
        asked = {"q": " AND ".join(terms) + "*", "most": FOUND + 1}
        newest = (
            "SELECT rowid FROM notice_search WHERE notice_search MATCH :q ORDER BY rowid DESC LIMIT :most"
        )
        ranked = (
            "SELECT rowid FROM notice_search WHERE notice_search MATCH :q ORDER BY bm25(notice_search, 4, 1)"
            " LIMIT :most"
        )
        with self._database.reading() as connection:
            ids = list(connection.scalars(sa.text(newest), asked))
            if len(ids) <= FOUND:
                ids = list(connection.scalars(sa.text(ranked), asked | {"most": limit}))
            return load(connection, ids[:limit])

    def mentions(self, texts: Sequence[str], most: int = FOUND) -> int:
        """How many notices hold one of these texts word for word, whatever the tones; no more than ``most`` are
        counted."""
        phrases = [" ".join(re.findall(r"\w+", fold(text))) for text in texts]
        if not any(phrases):
            return 0
        asked = {"q": " OR ".join(f'"{one}"' for one in phrases if one), "most": most}
        query = "SELECT count(*) FROM (SELECT 1 FROM notice_search WHERE notice_search MATCH :q LIMIT :most)"
        with self._database.reading() as connection:
            return int(connection.scalar(sa.text(query), asked) or 0)

    # --- the record ---

    def revision(self, notice_id: int) -> str:
        """What changes whenever a source or a person changes anything of a notice: its newest version and decision."""
        newest = sa.select(sa.func.max(decision.id)).where(decision.notice_id == notice_id)
        with self._database.reading() as connection:
            seq = latest_versions(connection, [notice_id]).get(notice_id, 1)
            return f"{seq}.{connection.scalar(newest) or 0}"

    def revisions(self, ids: Sequence[int]) -> dict[int, str]:
        """``revision`` of several notices, at most a page of them."""
        newest = sa.select(decision.notice_id, sa.func.max(decision.id)).where(decision.notice_id.in_(ids))
        with self._database.reading() as connection:
            seqs = latest_versions(connection, ids)
            said = {row[0]: row[1] for row in connection.execute(newest.group_by(decision.notice_id))}
        return {at: f"{seqs.get(at, 1)}.{said.get(at, 0)}" for at in ids}

    def said_of(self, notice_id: int) -> list[Said]:
        """Every decision on a notice, the newest first."""
        return self._said(100, decision.notice_id == notice_id)

    def trail(self, *, before: int = 0, by: str = "", people: bool = True, limit: int = 50) -> list[Said]:
        """The record of decisions, the newest first, from before a number on; ``people``: without the policy's."""
        where: list[sa.ColumnElement[bool]] = [decision.id < before] if before else []
        if by:
            where.append(decision.by == by)
        if people:
            where.append(_BY_PEOPLE)
        return self._said(limit, *where)

    def _said(self, limit: int, *where: sa.ColumnElement[bool]) -> list[Said]:
        query = (
            sa.select(tables.decision, notice.key)
            .join(tables.notice, notice.id == decision.notice_id)
            .where(*where)
            .order_by(decision.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: sa.RowMapping) -> Said:
    return Said(
        id=row["id"],
        notice_id=row["notice_id"],
        key=row["key"],
        version=row["version"],
        decision=Decision(
            state=row["state"],
            by=row["by"],
            at=row["at"],
            why=row["why"],
            changes=changes_from_json(row["changes"]),
        ),
    )


def _part(part: int, today: date, after: Place | None, before: Place | None) -> sa.Select[tuple[int]]:
    """One of the three parts of the queue, in its order; backwards where it is asked for what stands ``before``."""
    day, at = notice.comment_until, notice.id
    here = (day >= today, day.is_(None), day < today)[part]
    columns: tuple[sa.ColumnElement[object], ...] = (at,) if part == 1 else (day, at)
    place = before or after
    rising = (part == 0) != (before is not None)
    query = sa.select(notice.id).where(here)
    query = query.order_by(*(column.asc() if rising else column.desc() for column in columns))
    if place is None or place.part != part:
        return query
    this = sa.tuple_(*columns)
    there = sa.tuple_(*((place.id,) if part == 1 else (place.day, place.id)))
    return query.where(this > there if rising else this < there)


def _conditions(connection: Connection, sieve: Sieve) -> Iterator[sa.ColumnElement[bool]]:
    if sieve.state == WAITING:
        yield _WAITS
    elif sieve.state != ALL:
        yield notice.state == sieve.state
    if sieve.area:
        yield notice.area == sieve.area
    for kind, code in (("sector", sieve.sector), ("market", sieve.market)):
        if code:
            yield _tagged(connection, "sector" if kind == "sector" else "market", code)
    if sieve.failed:
        yield _failed(connection)
    if sieve.unsure or sieve.untranslated:
        yield _NEWS
    if sieve.unsure:
        placed = sa.exists().where(
            tag.notice_id == notice.id,
            tag.kind == "sector",
            sa.cast(tag.confidence, sa.Numeric) >= SURE,
        )
        yield sa.and_(notice.kind != "article", ~placed)
    if sieve.untranslated:
        yield sa.or_(*map(untranslated_text, FREE_TEXT))


def _tagged(connection: Connection, kind: TagKind, code: str) -> sa.ColumnElement[bool]:
    these = sa.select(tag.notice_id).where(tag.kind == kind, tag.code == code).limit(FEW + 1)
    few = list(connection.scalars(these))
    if len(few) <= FEW:
        return notice.id.in_(few)
    return sa.exists().where(tag.notice_id == notice.id, tag.kind == kind, tag.code == code)


def _failed(connection: Connection) -> sa.ColumnElement[bool]:
    wrong = (_HAS_FAILED, translation.origin.in_(UNSURE))
    few = list(connection.scalars(sa.select(translation.notice_id).distinct().where(*wrong).limit(FEW + 1)))
    if len(few) <= FEW:
        return notice.id.in_(few)
    return sa.exists().where(translation.notice_id == notice.id, *wrong)
