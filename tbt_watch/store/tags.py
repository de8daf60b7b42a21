"""Tags of notices: what the stage found, and over it what a person said of them."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import Ruling, Tag, TagKind
from tbt_watch.domain.work import Decision
from tbt_watch.store import tables
from tbt_watch.store.codec import tag_row
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import changed_since, load
from tbt_watch.store.notices import decision_row, index, owners

tag = tables.tag.c
ruling = tables.ruling.c


class TagRoom:
    """The verbs on tags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_parents(self, symbols: Sequence[str]) -> dict[str, tuple[Tag, ...]]:
        """The tags of the notices with these symbols, by symbol: a follow-up inherits what its parent is about."""
        with self._database.reading() as connection:
            ids = owners(connection, symbols)
            by_id = {item.id: item.tags for item in load(connection, sorted(set(ids.values())))}
        return {symbol: by_id[at] for symbol, at in ids.items()}

    def keep(self, tags: Mapping[int, Sequence[Tag]], dossiers: Sequence[Dossier]) -> None:
        """Keep tags, index the text for search, and move the notices to TAGGED. What a person said stays: staff's tags,
        and that a tag does not hold. What changed since its dossier was read stays where it is."""
        with self._database.transaction() as connection:
            changed = changed_since(connection, dossiers)
            tags = {at: found for at, found in tags.items() if at not in changed}
            dossiers = [item for item in dossiers if item.id not in changed]
            ids = list(tags)
            connection.execute(sa.delete(tables.tag).where(tag.notice_id.in_(ids), tag.basis != "staff"))
            said = self._said(connection, ids)
            rows = [
                tag_row(at, item)
                for at, items in tags.items()
                for item in items
                if (at, item.kind, item.code) not in said
            ]
            if rows:
                connection.execute(tables.tag.insert(), rows)
            index(connection, dossiers)
            moved = tables.notice.update().where(tables.notice.c.id.in_(ids))
            connection.execute(moved.values(state="TAGGED"))

    @staticmethod
    def _said(connection: Connection, ids: Sequence[int]) -> set[tuple[int, str, str]]:
        """What a person set or took away: (notice, kind, code)."""
        staff = sa.select(tag.notice_id, tag.kind, tag.code).where(tag.notice_id.in_(ids))
        ruled = sa.select(ruling.notice_id, ruling.kind, ruling.code).where(ruling.notice_id.in_(ids))
        return {(row[0], row[1], row[2]) for row in connection.execute(staff.union(ruled))}

    def rule(self, dossier: Dossier, said: Ruling, decision: Decision) -> None:
        """Keep what a person said of one tag, over codes, words and prediction, also when it is tagged again."""
        here = (tag.notice_id == dossier.id, tag.kind == said.kind, tag.code == said.code)
        row = {"notice_id": dossier.id, "kind": said.kind, "code": said.code, "holds": said.holds,
               "by": said.by, "at": said.at}  # fmt: skip
        with self._database.transaction() as connection:
            self._forget(connection, dossier.id, said.kind, said.code)
            connection.execute(tables.ruling.insert().values(**row))
            connection.execute(sa.delete(tables.tag).where(*here))
            if said.holds:
                new = Tag(kind=said.kind, code=said.code, basis="staff", reason=f"staff:{said.by}")
                connection.execute(tables.tag.insert().values(**tag_row(dossier.id, new)))
            connection.execute(
                tables.decision.insert().values(**decision_row(dossier.id, decision, dossier.version))
            )

    def forget(self, dossier: Dossier, kind: TagKind, code: str, decision: Decision) -> bool:
        """Take back what a person said of a tag; whether anything was said. The notice goes back to tag's door."""
        here = (tag.notice_id == dossier.id, tag.kind == kind, tag.code == code, tag.basis == "staff")
        with self._database.transaction() as connection:
            if not self._forget(connection, dossier.id, kind, code):
                return False
            connection.execute(sa.delete(tables.tag).where(*here))
            back = tables.notice.update().where(tables.notice.c.id == dossier.id)
            connection.execute(back.values(state="TRANSLATED"))
            connection.execute(
                tables.decision.insert().values(**decision_row(dossier.id, decision, dossier.version))
            )
        return True

    @staticmethod
    def _forget(connection: Connection, notice_id: int, kind: TagKind, code: str) -> bool:
        here = (ruling.notice_id == notice_id, ruling.kind == kind, ruling.code == code)
        return bool(connection.execute(sa.delete(tables.ruling).where(*here)).rowcount)

    def rulings(self) -> dict[int, tuple[Ruling, ...]]:
        """Everything that people said of tags, by notice."""
        found: dict[int, tuple[Ruling, ...]] = {}
        query = sa.select(tables.ruling).order_by(ruling.notice_id, ruling.kind, ruling.code)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                said = Ruling(kind=row.kind, code=row.code, holds=row.holds, by=row.by, at=row.at)
                found[row.notice_id] = (*found.get(row.notice_id, ()), said)
        return found
