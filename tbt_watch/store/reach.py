"""Who can be reached and where: strikes, revival, chats that moved, and the first message about a matter."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.moment import today
from tbt_watch.store import tables
from tbt_watch.store.bulletin_tables import bulletin as bulletin_table
from tbt_watch.store.database import Database

person = tables.subscriber.c
delivery = tables.delivery.c
part = tables.part.c
notice = tables.notice.c
item = tables.edition_item.c

NEWS_DAYS = 7
"""Days for which what has no deadline is still news to who could not be reached."""

MISSED = 7
"""How many editions at most that were made meanwhile are sent to who can be reached again."""


class Reach:
    """The verbs of the subscribers' room that are about whether they can be reached."""

    _database: Database

    def strike(self, subscriber_id: int, now: datetime, strikes: int, days: int) -> bool:
        """Count that a subscriber could not be reached. True when that makes it so many strikes, the first of them so
        many days ago: it is paused then, never removed, and what is pending for it is BLOCKED."""
        with self._database.transaction() as connection:
            return strike(connection, subscriber_id, now, strikes, days)

    def revive(self, channel: str, address: str, now: datetime) -> int:
        """Whoever is at this address can be reached again: strikes are forgotten, a pause for them is lifted, and what
        was missed and is of use still goes out. How many deliveries that are; 0 also where nobody is known."""
        with self._database.transaction() as connection:
            return revive(connection, channel, address, now)

    def resume(self, subscriber_id: int, now: datetime) -> None:
        """A pause that was asked for is over: what waited goes out if it is of use, written anew where nothing of it
        arrived; the rest is called off."""
        with self._database.transaction() as connection:
            resume(connection, subscriber_id, now)


def strike(connection: Connection, subscriber_id: int, now: datetime, strikes: int, days: int) -> bool:
    """Count that a subscriber could not be reached. True when that makes it so many strikes, the first of them so many
    days ago: it is paused then, and what is pending for it is BLOCKED."""
    here = person.id == subscriber_id
    row = connection.execute(sa.select(tables.subscriber).where(here)).mappings().first()
    if row is None or row["pause"]:
        return False
    since = row["struck_at"] or now
    count = row["strikes"] + 1
    over = count >= strikes and now - since >= timedelta(days=days)
    values = {"strikes": count, "struck_at": since, "pause": "unreachable" if over else ""}
    connection.execute(tables.subscriber.update().where(here).values(**values))
    if over:
        pending = (delivery.subscriber_id == subscriber_id, delivery.state == "PENDING")
        ids = list(connection.scalars(sa.select(delivery.id).where(*pending)))
        stuck = (part.delivery_id.in_(ids), part.state == "PENDING", part.lease_until.is_(None))
        connection.execute(tables.part.update().where(*stuck).values(state="BLOCKED"))
        blocked = tables.delivery.update().where(delivery.id.in_(ids))
        connection.execute(blocked.values(state="BLOCKED", why="the subscriber could not be reached"))
    return over


def revive(connection: Connection, channel: str, address: str, now: datetime) -> int:
    """A subscriber can be reached again: no strikes, no pause for them, and what it missed and is of use goes out.
    How many deliveries that are."""
    here = (person.channel == channel, person.address == address)
    row = connection.execute(sa.select(tables.subscriber).where(*here)).mappings().first()
    if row is None:
        return 0
    lifted = "" if row["pause"] == "unreachable" else row["pause"]
    back = tables.subscriber.update().where(*here).values(pause=lifted, strikes=0, struck_at=None)
    connection.execute(back)
    issue = tables.issue.c
    told = (
        issue.kind == "subscriber-unreachable",
        issue.key == f"subscriber {row['id']}",
        issue.closed_at.is_(None),
    )
    connection.execute(tables.issue.update().where(*told).values(closed_at=now, why="came right by itself"))
    if row["pause"] != "unreachable":
        return free(connection, row["id"], now)
    return free(connection, row["id"], now) + _made_up(connection, row, now)


def resume(connection: Connection, subscriber_id: int, now: datetime) -> None:
    """What waited while a subscriber was paused goes out if it is of use, or is called off."""
    flying = sa.exists().where(part.delivery_id == delivery.id, part.lease_until.is_not(None))
    waits = (delivery.subscriber_id == subscriber_id, delivery.state == "PENDING", sa.not_(flying))
    over = tables.delivery.update().where(*waits, sa.not_(_of_use(now)))
    connection.execute(over.values(state="FAILED", why="it was no news any more when the pause ended"))
    _write_anew(connection, list(connection.scalars(sa.select(delivery.id).where(*waits))))


def _useful(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a notice is of use to who hears of it late: comments are still taken, or it is no older than a week."""
    week = now - timedelta(days=NEWS_DAYS)
    return sa.or_(notice.comment_until >= today(now), notice.accepted_at >= week)


def _of_use(now: datetime) -> sa.ColumnElement[bool]:
    """Whether any notice of a delivery is of use."""
    return sa.exists().where(
        item.edition_id == delivery.edition_id, notice.id == item.notice_id, _useful(now)
    )


def free(connection: Connection, subscriber_id: int, now: datetime, *, tries: int | None = None) -> int:
    """BLOCKED deliveries of use go out, where so many ``tries`` are given only what was tried less often; how many."""
    blocked = [delivery.subscriber_id == subscriber_id, delivery.state == "BLOCKED"]
    if tries is not None:
        blocked.append(delivery.attempts < tries)
    ids = list(connection.scalars(sa.select(delivery.id).where(*blocked, _of_use(now))))
    _write_anew(connection, ids)
    rest = (part.delivery_id.in_(ids), part.state == "BLOCKED")
    connection.execute(tables.part.update().where(*rest).values(state="PENDING"))
    begin = {"attempts": 0} if tries is None else {}
    again = {"state": "PENDING", "next_at": now, "why": "the subscriber can be reached again", **begin}
    connection.execute(tables.delivery.update().where(delivery.id.in_(ids)).values(**again))
    return len(ids)


def _write_anew(connection: Connection, ids: Sequence[int]) -> None:
    """Where nothing of a delivery arrived it is written anew, for its days have gone by."""
    begun = sa.select(part.delivery_id).where(
        part.delivery_id.in_(ids), sa.or_(part.state == "SENT", part.lost > 0)
    )
    whole = set(ids) - set(connection.scalars(begun))
    connection.execute(tables.part.delete().where(part.delivery_id.in_(sorted(whole))))


def _made_up(connection: Connection, row: sa.RowMapping, now: datetime) -> int:
    """Deliveries of the newest editions that its audience, or every reader of the bulletin, got meanwhile and that are
    of use still; of the bulletin what was published since it is wanted."""
    edition = tables.edition.c
    of_use = sa.exists().where(item.edition_id == edition.id, notice.id == item.notice_id, _useful(now))
    other = tables.edition.alias().c  # of the bulletin what came in another language counts too
    same = sa.or_(other.id == edition.id, other.bulletin_id == edition.bulletin_id)
    had = sa.exists().where(delivery.subscriber_id == row["id"], other.id == delivery.edition_id, same)
    mine = edition.audience == row["audience"]
    if since := row["bulletin_since"]:
        wanted = sa.select(bulletin_table.c.id).where(bulletin_table.c.published_at >= since)
        mine = sa.or_(mine, sa.and_(edition.bulletin_id.in_(wanted), edition.lang == row["lang"]))
    meanwhile = (mine, edition.composed_at >= (row["struck_at"] or now))
    query = (
        sa.select(edition.id)
        .where(*meanwhile, of_use, sa.not_(had))
        .order_by(edition.id.desc())
        .limit(MISSED)
    )
    rows = [
        {"edition_id": number, "subscriber_id": row["id"], "channel": row["channel"], "state": "PENDING",
         "attempts": 0, "next_at": now, "created_at": now, "why": "the subscriber can be reached again"}
        for number in sorted(connection.scalars(query))
    ]  # fmt: skip
    if rows:
        connection.execute(tables.delivery.insert(), rows)
    return len(rows)


def move(connection: Connection, channel: str, old: str, new: str) -> None:
    """A chat got a new number: subscriber, conversation, and the messages that could be answered."""
    here = (person.channel == channel, person.address == old)
    owner = connection.scalar(sa.select(person.id).where(*here))
    if owner is None:
        return
    heir = connection.scalar(sa.select(person.id).where(person.channel == channel, person.address == new))
    own = delivery.subscriber_id == owner
    # The new chat counts its messages anew: under an old number another message stands there.
    ids = sa.select(delivery.id).where(own)
    known = (part.delivery_id.in_(ids), part.message_id.is_not(None), sa.not_(part.message_id.contains("/")))
    connection.execute(tables.part.update().where(*known).values(message_id=f"{old}/" + part.message_id))
    connection.execute(tables.delivery.update().where(own, delivery.state == "PENDING").values(reply_to=None))
    talk = tables.talk.c
    there = (talk.channel == channel, talk.address == new)
    if connection.scalar(sa.select(talk.address).where(*there)) is None:
        mine = (talk.channel == channel, talk.address == old)
        connection.execute(tables.talk.update().where(*mine).values(address=new))
    if heir is None:
        connection.execute(tables.subscriber.update().where(*here).values(address=new))
        return
    connection.execute(tables.subscriber.update().where(*here).values(pause="unreachable"))
    theirs = sa.select(delivery.edition_id).where(delivery.subscriber_id == heir)
    pending = (own, delivery.state == "PENDING")
    handed = tables.delivery.update().where(*pending, delivery.edition_id.not_in(theirs))
    connection.execute(handed.values(subscriber_id=heir))
    same = {"state": "FAILED", "why": f"the chat has the number {new} now, which gets this edition too"}
    connection.execute(tables.delivery.update().where(*pending).values(**same))


def first_messages(connection: Connection, edition_id: int, channel: str) -> dict[int, str]:
    """By subscriber: the id of the first message about the thread of the one notice of an edition."""
    own = sa.select(notice.thread).join(tables.edition_item, item.notice_id == notice.id)
    threads = list(connection.scalars(own.where(item.edition_id == edition_id)))
    if len(threads) != 1:
        return {}
    readers = sa.select(delivery.subscriber_id).where(
        delivery.edition_id == edition_id, delivery.channel == channel
    )
    many = tables.edition_item.alias()
    size = sa.select(sa.func.count()).where(many.c.edition_id == delivery.edition_id).scalar_subquery()
    query = (
        sa.select(delivery.subscriber_id, part.number, part.message_id, part.text, notice.key, size.label("size"))
        .join(tables.edition_item, item.edition_id == delivery.edition_id)
        .join(tables.notice, notice.id == item.notice_id)
        .join(tables.part, part.delivery_id == delivery.id)
        .where(
            notice.thread == threads[0], delivery.channel == channel, delivery.edition_id != edition_id,
            delivery.subscriber_id.in_(readers), part.state == "SENT", part.message_id != "",
            sa.not_(part.message_id.contains("/")),
        )
        .order_by(delivery.id, part.number)
    )  # fmt: skip
    found: dict[int, str] = {}
    for row in connection.execute(query):
        if row.subscriber_id not in found and _tells(row.key, row.text, row.number, row.size):
            found[row.subscriber_id] = row.message_id
    return found


def _tells(key: str, text: str, number: int, size: int) -> bool:
    """Whether this part is where the notice stands: the first of a message of its own, or where a list names it."""
    if size == 1:
        return number == 1
    symbol = re.escape(key.partition("|")[0])
    return re.search(rf"(?<![\w/]){symbol}(?![\w/])", text) is not None
