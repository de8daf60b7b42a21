"""Editions of the bulletin: drafts that several people may have open, and what was published."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.bulletin import FIELDS, Bulletin, BulletinKind, Paper, Revision, Snapshot
from tbt_watch.domain.dossier import Dossier
from tbt_watch.errors import EditedError, NotFoundError, UsageError
from tbt_watch.store import bulletin_tables as tables
from tbt_watch.store.codec import dump
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import load
from tbt_watch.store.raw import BATCH
from tbt_watch.store.readership import Readership
from tbt_watch.store.snapshots import dossier_from_json, dossier_to_json, sections_from_json, sections_to_json
from tbt_watch.store.tables import notice as notice_table

bulletin = tables.bulletin.c
revision = tables.bulletin_revision.c


class BulletinRoom(Readership):
    """The verbs on editions of the bulletin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- reading ---

    def get(self, bulletin_id: int) -> Bulletin:
        """One edition. Raises NotFoundError."""
        with self._database.reading() as connection:
            return self._one(connection, bulletin.id == bulletin_id, str(bulletin_id))

    def find(self, kind: BulletinKind, year: int, number: int) -> Bulletin:
        """A published edition by its number. Raises NotFoundError."""
        here = sa.and_(bulletin.kind == kind, bulletin.year == year, bulletin.number == number)
        with self._database.reading() as connection:
            return self._one(connection, here, f"{number}/{year} ({kind})")

    def _one(self, connection: Connection, here: sa.ColumnElement[bool], name: str) -> Bulletin:
        found = self._read(connection, sa.select(tables.bulletin).where(here))
        if not found:
            raise NotFoundError(
                f"There is no edition {name} of the bulletin; tbt-watch bulletin list shows what there is."
            )
        return found[0]

    def all(self, kind: BulletinKind | None = None, *, published: bool = False) -> list[Bulletin]:
        """The editions, the newest first."""
        query = sa.select(tables.bulletin).order_by(bulletin.until.desc(), bulletin.id.desc())
        if kind:
            query = query.where(bulletin.kind == kind)
        if published:
            query = query.where(bulletin.state == "published")
        with self._database.reading() as connection:
            return self._read(connection, query)

    def revisions(self, bulletin_id: int) -> list[Revision]:
        """Who saved it, oldest first."""
        with self._database.reading() as connection:
            return _revisions(connection, bulletin_id)

    def told(self, kind: BulletinKind, besides: int | None = None) -> dict[str, int]:
        """The newest version of each notice that an edition of that kind tells, drafts too; but for that one."""
        found: dict[str, int] = {}
        for one in self.all(kind):
            for item in one.told if one.id != besides else ():
                found[item.key] = max(item.version, found.get(item.key, 0))
        return found

    def next_number(self, kind: BulletinKind, year: int) -> int:
        """The number that the next edition of that kind and year gets."""
        query = sa.select(sa.func.max(bulletin.number)).where(bulletin.kind == kind, bulletin.year == year)
        with self._database.reading() as connection:
            return (connection.scalar(query) or 0) + 1

    def on_site(self, keys: Sequence[str]) -> list[Dossier]:
        """Full dossiers of the notices of these keys that are published, in that order."""
        notice = notice_table.c
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            for start in range(0, len(keys), BATCH):
                here = (notice.key.in_(keys[start : start + BATCH]), notice.published)
                found |= {
                    row.key: row.id
                    for row in connection.execute(sa.select(notice.key, notice.id).where(*here))
                }
            return load(connection, [found[key] for key in keys if key in found])

    def snapshot(self, bulletin_id: int) -> Snapshot:
        """What a published edition was made from, and its files. Raises NotFoundError for one that is none."""
        table = tables.bulletin_notice.c
        bodies = sa.select(table.body).where(table.bulletin_id == bulletin_id).order_by(table.position)
        with self._database.reading() as connection:
            head = sa.select(bulletin.frame, bulletin.made)
            row = connection.execute(
                head.where(bulletin.id == bulletin_id, bulletin.state == "published")
            ).first()
            if row is None:
                raise NotFoundError(
                    f"The edition {bulletin_id} of the bulletin is not published: tbt-watch bulletin list."
                )
            return Snapshot(
                frame=row.frame,
                made=json.loads(row.made),
                dossiers=tuple(dossier_from_json(text) for text in connection.scalars(bodies)),
                papers=tuple(_papers(connection, bulletin_id)),
            )

    def papers(self, bulletin_id: int) -> list[Paper]:
        """The files of a published edition, by name."""
        with self._database.reading() as connection:
            return _papers(connection, bulletin_id)

    # --- writing ---

    def add(self, new: Bulletin, by: str, now: datetime) -> Bulletin:
        """Keep a new draft."""
        values = {
            **_values(new),
            "kind": new.kind,
            "state": "draft",
            "revision": 1,
            "composed_at": new.composed_at,
        }
        with self._database.transaction() as connection:
            key = connection.execute(tables.bulletin.insert().values(**values)).inserted_primary_key
            at = int(key[0]) if key else 0
            _note(connection, at, Revision(revision=1, by=by, at=now))
            return self._one(connection, bulletin.id == at, str(at))

    def save(self, changed: Bulletin, by: str, now: datetime) -> Bulletin:
        """Save a draft that was read at ``changed.revision``; with the next revision back.

        Raises EditedError, which says who changed what, when anybody saved it since; UsageError for a published one.
        """
        with self._database.transaction() as connection:
            kept = self._one(connection, bulletin.id == changed.id, str(changed.id))
            _refuse_published(kept)
            _refuse_older(connection, kept, changed.revision)
            fields = tuple(name for name in FIELDS if getattr(kept, name) != getattr(changed, name))
            if not fields:
                return kept
            here = tables.bulletin.update().where(bulletin.id == kept.id)
            values = {**_values(changed), "composed_at": changed.composed_at}
            connection.execute(here.values(**values, revision=kept.revision + 1))
            _note(connection, _id(kept), Revision(revision=kept.revision + 1, by=by, at=now, fields=fields))
            return self._one(connection, bulletin.id == kept.id, str(kept.id))

    def drop(self, bulletin_id: int, at_revision: int) -> None:
        """Throw a draft away. Raises EditedError when it was saved since, UsageError when it is published."""
        with self._database.transaction() as connection:
            kept = self._one(connection, bulletin.id == bulletin_id, str(bulletin_id))
            _refuse_published(kept)
            _refuse_older(connection, kept, at_revision)
            connection.execute(sa.delete(tables.bulletin).where(bulletin.id == bulletin_id))

    def publish(self, ready: Bulletin, snapshot: Snapshot, by: str, now: datetime) -> Bulletin:
        """Make a draft published, under its ``year`` and ``number``, with what it was made from; all or nothing.

        Raises EditedError when it was saved since ``ready.revision`` or its number was given away, UsageError when it
        is published already.
        """
        with self._database.transaction() as connection:
            kept = self._one(connection, bulletin.id == ready.id, str(ready.id))
            _refuse_published(kept)
            _refuse_older(connection, kept, ready.revision)
            if ready.year is None or ready.number != self.next_number(ready.kind, ready.year):
                raise EditedError(
                    f"Number {ready.number}/{ready.year} was given to another edition meanwhile: publish once more."
                )
            at = _id(kept)
            values = {
                **_values(ready), "state": "published", "year": ready.year, "number": ready.number,
                "published_by": by, "published_at": now, "frame": snapshot.frame, "made": dump(snapshot.made),
            }  # fmt: skip
            connection.execute(tables.bulletin.update().where(bulletin.id == at).values(**values))
            rows = [
                {"bulletin_id": at, "position": place, "key": one.notice.key, "body": dossier_to_json(one)}
                for place, one in enumerate(snapshot.dossiers)
            ]
            if rows:
                connection.execute(tables.bulletin_notice.insert(), rows)
            self._write_papers(connection, at, snapshot.papers)
            return self._one(connection, bulletin.id == at, str(at))

    def complete(self, bulletin_id: int, papers: Sequence[Paper], made: dict[str, str]) -> None:
        """Add files that could not be made when the edition was published; those that are there stay."""
        with self._database.transaction() as connection:
            there = {one.name for one in _papers(connection, bulletin_id)}
            self._write_papers(connection, bulletin_id, [one for one in papers if one.name not in there])
            here = bulletin.id == bulletin_id
            known = json.loads(connection.scalar(sa.select(bulletin.made).where(here)) or "{}")
            connection.execute(tables.bulletin.update().where(here).values(made=dump({**made, **known})))

    @staticmethod
    def _write_papers(connection: Connection, at: int, papers: Sequence[Paper]) -> None:
        rows = [
            {"bulletin_id": at, "name": one.name, "media": one.media, "body": one.body,
             "sha256": hashlib.sha256(one.body).hexdigest()}
            for one in papers
        ]  # fmt: skip
        if rows:
            connection.execute(tables.bulletin_paper.insert(), rows)

    @staticmethod
    def _read(connection: Connection, query: sa.Select[tuple[object, ...]]) -> list[Bulletin]:
        rows = connection.execute(query).mappings().all()
        saved: dict[int, list[Revision]] = {row["id"]: _revisions(connection, row["id"]) for row in rows}
        return [_bulletin(row, saved[row["id"]]) for row in rows]


def _bulletin(row: sa.RowMapping, saved: Sequence[Revision]) -> Bulletin:
    names = (
        "id", "kind", "since", "until", "lang", "title", "words", "state", "revision", "composed_at", "year", "number",
        "published_by", "published_at",
    )  # fmt: skip
    read = {name: row[name] for name in names}
    made = Bulletin(**read, sections=sections_from_json(row["sections"]))
    if not saved:
        return made
    return replace(made, created_by=saved[0].by, changed_by=saved[-1].by, changed_at=saved[-1].at)


def _values(one: Bulletin) -> dict[str, object]:
    """What a curator may change, as columns."""
    plain = {name: getattr(one, name) for name in FIELDS if name != "sections"}
    return plain | {"sections": sections_to_json(one.sections)}


def _id(one: Bulletin) -> int:
    return one.id or 0


def _note(connection: Connection, at: int, saved: Revision) -> None:
    connection.execute(
        tables.bulletin_revision.insert().values(
            bulletin_id=at, revision=saved.revision, by=saved.by, at=saved.at, fields=dump(list(saved.fields))
        )
    )


def _revisions(connection: Connection, at: int) -> list[Revision]:
    query = sa.select(tables.bulletin_revision).where(revision.bulletin_id == at).order_by(revision.revision)
    return [
        Revision(
            revision=row["revision"], by=row["by"], at=row["at"], fields=tuple(json.loads(row["fields"]))
        )
        for row in connection.execute(query).mappings()
    ]


def _papers(connection: Connection, at: int) -> list[Paper]:
    table = tables.bulletin_paper
    query = sa.select(table).where(table.c.bulletin_id == at).order_by(table.c.name)
    return [
        Paper(name=row["name"], media=row["media"], body=row["body"], sha256=row["sha256"])
        for row in connection.execute(query).mappings()
    ]


def _refuse_published(kept: Bulletin) -> None:
    if kept.published:
        raise UsageError(
            f"The edition {kept.id} is published as {kept.number}/{kept.year} and stays as it is: "
            "make a new one to say more."
        )


def _refuse_older(connection: Connection, kept: Bulletin, at_revision: int) -> None:
    if kept.revision == at_revision:
        return
    since = [one for one in _revisions(connection, _id(kept)) if one.revision > at_revision]
    told = "; ".join(
        f"{one.by or 'somebody'} changed {', '.join(one.fields)} at {one.at:%Y-%m-%d %H:%M} UTC"
        for one in since
    )
    raise EditedError(
        f"The edition {kept.id} was saved by somebody else since you opened it ({told}): look at it as it is now, and "
        "make your change again.",
        since=tuple(since),
    )
