"""What stood on the site and was taken off it: its address says so from then on."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.dossier import Dossier
from tbt_watch.store import bulletin_tables, tables
from tbt_watch.store.database import Database
from tbt_watch.store.dossiers import load

decision = tables.decision.c
notice = tables.notice.c
run = tables.stage_run.c


@dataclass(frozen=True, kw_only=True, slots=True)
class Departed:
    """A notice that stood on the site, and when it was taken off; its last decision says whether it was rejected or is
    held."""

    dossier: Dossier
    at: datetime


class DepartedRoom:
    """The verbs on what was taken off the site."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Departed]:
        """What anybody can have seen before it was taken off, oldest id first. What was accepted and taken back before
        the site was next written, and was sent to nobody, never stood anywhere."""
        with self._database.reading() as connection:
            taken = _taken_off(connection)
            builds = _builds(connection) if taken else []
            left = {at: moment for at, times in taken.items() if (moment := _seen(times, builds))}
            sent = sa.select(notice.id).where(sa.not_(notice.published), notice.first_sent_at.is_not(None))
            for at in taken.keys() & set(connection.scalars(sent) if taken else ()):
                left.setdefault(at, taken[at][-1][1])
            found = load(connection, sorted(left))
        return [Departed(dossier=one, at=left[one.id]) for one in found]


def _taken_off(connection: Connection) -> dict[int, list[tuple[datetime, datetime]]]:
    """The times from acceptance to taking off of every notice that is not on the site now."""
    off = sa.select(decision.notice_id).where(decision.state.in_(["rejected", "held"]))
    query = (
        sa.select(decision.notice_id, decision.state, decision.at)
        .join(tables.notice, notice.id == decision.notice_id)
        .where(decision.notice_id.in_(off), sa.not_(notice.published), decision.state != "amended")
        .order_by(decision.id)
    )
    since: dict[int, datetime] = {}
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for row in connection.execute(query):
        if row.state == "accepted":
            since.setdefault(row.notice_id, row.at)
        elif begin := since.pop(row.notice_id, None):
            found.setdefault(row.notice_id, []).append((begin, row.at))
    return found


def _builds(connection: Connection) -> list[datetime]:
    """When the site was written: by its stage, and with each edition."""
    edition = bulletin_tables.bulletin.c
    stage = sa.select(run.finished_at).where(run.stage == "bulletin", run.finished_at.is_not(None))
    editions = sa.select(edition.published_at).where(edition.published_at.is_not(None))
    return sorted([*connection.scalars(stage), *connection.scalars(editions)])


def _seen(times: Iterable[tuple[datetime, datetime]], builds: list[datetime]) -> datetime | None:
    """When it was last taken off after the site had been written with it."""
    moments = [
        end for begin, end in times if (at := bisect_left(builds, begin)) < len(builds) and builds[at] <= end
    ]
    return max(moments, default=None)
