"""Reading notices: rows of several tables become dossiers."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision, Version
from tbt_watch.store import tables
from tbt_watch.store.codec import changes_from_json, notice_from_json, tag_from_row
from tbt_watch.store.raw import BATCH

notice = tables.notice.c


class Extras:
    """What stands beside a batch of notices, by notice id."""

    def __init__(self) -> None:
        self.translations: dict[int, list[Translation]] = {}
        self.tags: dict[int, list[Tag]] = {}
        self.versions: dict[int, list[Version]] = {}
        self.latest: dict[int, int] = {}
        self.decisions: dict[int, Decision] = {}
        self.amended: dict[int, list[Change]] = {}
        self.turns: dict[int, int] = {}


def load(connection: Connection, ids: Sequence[int], *, full: bool = True) -> list[Dossier]:
    """Dossiers of those notices, in that order; without ``full`` only notice and translations."""
    found: dict[int, Dossier] = {}
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows = connection.execute(sa.select(tables.notice).where(notice.id.in_(some))).mappings().all()
        found.update({item.id: item for item in from_rows(connection, rows, full=full)})
    return [found[item] for item in ids if item in found]


def from_rows(connection: Connection, rows: Sequence[sa.RowMapping], *, full: bool) -> list[Dossier]:
    """Dossiers of rows of the notice table, at most a batch of them."""
    ids = [row["id"] for row in rows]
    extras = Extras()
    if ids:
        _read_translations(connection, ids, extras)
        if full:
            _read_tags(connection, ids, extras)
            _read_versions(connection, ids, extras)
            _read_decisions(connection, ids, extras)
        else:
            extras.latest = latest_versions(connection, ids)
    return [_dossier(row, extras) for row in rows]


def latest_versions(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The numbers of the newest versions of those notices, at most a batch of them."""
    table = tables.version
    query = sa.select(table.c.notice_id, sa.func.max(table.c.seq)).where(table.c.notice_id.in_(ids))
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.notice_id))}


def changed_since(connection: Connection, read: Sequence[Dossier]) -> set[int]:
    """Which of these have a newer version than when they were read."""
    found: set[int] = set()
    for start in range(0, len(read), BATCH):
        some = read[start : start + BATCH]
        now = latest_versions(connection, [item.id for item in some])
        found |= {item.id for item in some if now.get(item.id, item.version) != item.version}
    return found


def walk(
    connection_of: Any, where: Iterable[sa.ColumnElement[bool]], *, newest_first: bool = False
) -> Iterator[Dossier]:
    """Full dossiers of all notices that fit, a batch at a time, each batch in a reading of its own."""
    conditions = list(where)
    with connection_of() as connection:
        query = sa.select(notice.id).where(*conditions)
        order = (notice.published_on.desc(), notice.id.desc()) if newest_first else (notice.id,)
        ids = list(connection.scalars(query.order_by(*order)))
    for start in range(0, len(ids), BATCH):
        with connection_of() as connection:
            batch = load(connection, ids[start : start + BATCH])
        yield from batch  # outside: who walks may write, or stop halfway


def _read_translations(connection: Connection, ids: Sequence[int], extras: Extras) -> None:
    table = tables.translation
    for row in connection.execute(sa.select(table).where(table.c.notice_id.in_(ids))).mappings():
        item = Translation(
            field=row["field"], language=row["language"], text=row["text"], origin=row["origin"],
            source_text=row["source_text"], engine=row["engine"], checks=tuple(json.loads(row["checks"])),
            source_language=row["source_language"], terms=row["terms"],
        )  # fmt: skip
        extras.translations.setdefault(row["notice_id"], []).append(item)


def _read_tags(connection: Connection, ids: Sequence[int], extras: Extras) -> None:
    table = tables.tag
    query = sa.select(table).where(table.c.notice_id.in_(ids)).order_by(table.c.kind, table.c.code)
    for row in connection.execute(query).mappings():
        extras.tags.setdefault(row["notice_id"], []).append(tag_from_row(row))


def _read_versions(connection: Connection, ids: Sequence[int], extras: Extras) -> None:
    table = tables.version
    query = sa.select(table).where(table.c.notice_id.in_(ids)).order_by(table.c.notice_id, table.c.seq)
    for row in connection.execute(query).mappings():
        item = Version(
            seq=row["seq"], at=row["at"], source=row["source"], changes=changes_from_json(row["changes"])
        )  # fmt: skip
        extras.versions.setdefault(row["notice_id"], []).append(item)


def _read_decisions(connection: Connection, ids: Sequence[int], extras: Extras) -> None:
    table = tables.decision
    for row in connection.execute(
        sa.select(table).where(table.c.notice_id.in_(ids)).order_by(table.c.id)
    ).mappings():
        changes = changes_from_json(row["changes"])
        if row["state"] == "amended":
            extras.amended.setdefault(row["notice_id"], []).extend(changes)
            continue
        _count_turn(extras, row["notice_id"], row["state"] == "accepted")
        extras.decisions[row["notice_id"]] = Decision(
            state=row["state"], by=row["by"], at=row["at"], why=row["why"], changes=changes
        )


def _count_turn(extras: Extras, at: int, stands: bool) -> None:
    """One more decision: whether it took off the site what stood there, or put back what had stood there."""
    if at in extras.turns:
        extras.turns[at] += (extras.decisions[at].state == "accepted") != stands
    elif stands:
        extras.turns[at] = 0


def _dossier(row: sa.RowMapping, extras: Extras) -> Dossier:
    at = row["id"]
    return Dossier(
        id=at,
        notice=notice_from_json(row["facts"]),
        state=row["state"],
        seen_at=row["seen_at"],
        translated_at=row["translated_at"],
        accepted_at=row["accepted_at"],
        first_sent_at=row["first_sent_at"],
        doubt=row["doubt"],
        age=row["age"],
        translations=tuple(extras.translations.get(at, ())),
        tags=tuple(extras.tags.get(at, ())),
        versions=tuple(extras.versions.get(at, ())),
        decision=extras.decisions.get(at),
        amended=tuple(extras.amended.get(at, ())),
        latest=extras.latest.get(at, 1),
        turns=extras.turns.get(at, 0),
    )
