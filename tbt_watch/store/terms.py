"""The office's own terms, and every state of them that a text was made with."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tbt_watch.domain.term import Term
from tbt_watch.errors import NotFoundError
from tbt_watch.store.changes import changed
from tbt_watch.store.database import Database
from tbt_watch.store.tables import term as table
from tbt_watch.store.tables import term_base

_NAMES = ("en", "fr", "es", "vi", "status", "domain", "note")
_TARIFF = "hs"
_Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TermCounts:
    """What became of terms that were put: how many are new, changed, and as they were."""

    new: int
    changed: int
    same: int


class TermRoom:
    """The verbs on the office's own terms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Term]:
        """Every term of the office, the oldest first."""
        with self._database.reading() as connection:
            return [
                _term(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
            ]

    def changes(self) -> int:
        """A number that is another one after every change."""
        with self._database.reading() as connection:
            return changed(connection, "term")

    def put(self, terms: Iterable[Term]) -> TermCounts:
        """Add terms, or change those that are known. Of one that comes twice the last counts."""
        rows = {_whole(row): row for row in map(_row, terms)}
        with self._database.transaction() as connection:
            known = {_whole(dict(row)): dict(row) for row in connection.execute(sa.select(table)).mappings()}
            loose = {_term(row).name: key for key, row in known.items() if key not in rows}
            new, changed, same = [], [], 0
            for key, row in rows.items():
                old = known.get(key) or known.get(loose.pop(_term(row).name, ()))
                if old is None:
                    new.append(row)
                elif all(old[name] == row[name] for name in _NAMES):
                    same += 1
                else:
                    changed.append({"at": old["id"], **row})
            if new:
                connection.execute(table.insert(), new)
            for row in changed:  # one by one: another row may hold the spellings until its own turn
                at = row.pop("at")
                connection.execute(table.update().where(table.c.id == at).values(**row))
        return TermCounts(new=len(new), changed=len(changed), same=same)

    def remove(self, terms: Iterable[Term]) -> int:
        """Remove terms by their spellings and their Vietnamese; how many were there."""
        here = sa.and_(*(table.c[name] == sa.bindparam(f"its_{name}") for name in _NAMES[:4]))
        places = [{f"its_{name}": row[name] for name in _NAMES[:4]} for row in map(_row, terms)]
        if not places:
            return 0
        with self._database.transaction() as connection:
            before = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            connection.execute(sa.delete(table).where(here), places)
            after = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        return int(before - after)

    def keep_version(self, version: str, own: Sequence[Term], now: datetime) -> None:
        """Keep the office's terms of this version of the term base, once; so a text can be made again.

        A tariff is kept beside them under a name of its own, for it is long and changes once a year.
        """
        with self._database.reading() as connection:
            if _kept(connection, version):
                return
        tariff = sorted(list(_row(one).values()) for one in own if one.domain == _TARIFF)
        terms = sorted(list(_row(one).values()) for one in own if one.domain != _TARIFF)
        named = ""
        with self._database.transaction() as connection:
            if tariff:
                text = json.dumps(tariff, ensure_ascii=False)
                named = f"hs-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
                _keep(connection, named, text, now)
            _keep(connection, version, json.dumps({"terms": terms, "tariff": named}, ensure_ascii=False), now)

    def own_of(self, version: str) -> list[Term]:
        """The office's terms as they were in that version of the term base. Raises NotFoundError."""
        with self._database.reading() as connection:
            own = connection.scalar(sa.select(term_base.c.own).where(term_base.c.version == version))
            found: Any = json.loads(own) if own else None
            if not isinstance(found, dict):  # a list is a tariff
                raise NotFoundError(
                    f"No text was made with version {version!r} of the term base here; check its twelve digits."
                )
            rows: list[list[str]] = found["terms"]
            if found["tariff"]:
                kept = sa.select(term_base.c.own).where(term_base.c.version == found["tariff"])
                rows += json.loads(connection.scalar(kept) or "[]")
        return [_term(dict(zip(_NAMES, row, strict=True))) for row in rows]


def _kept(connection: sa.Connection, version: str) -> bool:
    return connection.scalar(sa.select(term_base.c.at).where(term_base.c.version == version)) is not None


def _keep(connection: sa.Connection, version: str, own: str, now: datetime) -> None:
    if not _kept(connection, version):
        connection.execute(term_base.insert().values(version=version, at=now, own=own))


def _row(term: Term) -> dict[str, str]:
    return {
        "en": "|".join(term.en),
        "fr": "|".join(term.fr),
        "es": "|".join(term.es),
        "vi": term.vi,
        "status": term.status,
        "domain": term.domain,
        "note": term.note,
    }


def _whole(row: dict[str, Any]) -> _Key:
    return tuple(row[name] for name in _NAMES[:4])


def _term(row: Any) -> Term:
    return Term(
        en=_spellings(row["en"]),
        fr=_spellings(row["fr"]),
        es=_spellings(row["es"]),
        vi=row["vi"],
        status=row["status"],
        domain=row["domain"],
        note=row["note"],
    )


def _spellings(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
