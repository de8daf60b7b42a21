"""The statements that run for every message. They are written out, for to put them together anew would take longer than
to run them; lists go in as JSON, so that each is one statement however long the list is."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.store.reach import free
from tbt_watch.store.tables import Moment

Claim = tuple[int, int]
"""A delivery and the number of one of its parts."""

TRIES = 5
"""How often what was BLOCKED is tried, while other messages to the same subscriber arrive."""


def _ready(words: str) -> sa.TextClause:
    """A statement whose moments are written as everywhere."""
    moments = [sa.bindparam(name, type_=Moment) for name in ("now", "lease") if f":{name}" in words]
    return sa.text(words).bindparams(*moments)


# That no lease is there is said by its type, so that SQLite does not take the index of leases, under which nearly all
# parts stand at one place; CROSS JOIN is its way to begin with the few that are wanted.
_TAKE = _ready("""
    UPDATE part SET lease_until = :lease WHERE rowid IN (
        SELECT one.rowid FROM json_each(:wanted) AS claim
        CROSS JOIN part AS one ON one.delivery_id = claim.value ->> 0 AND one.number = claim.value ->> 1
        CROSS JOIN delivery ON delivery.id = one.delivery_id
        WHERE delivery.state = 'PENDING' AND one.state = 'PENDING' AND typeof(one.lease_until) = 'null' AND NOT EXISTS (
            SELECT 1 FROM part AS above
            WHERE above.delivery_id = one.delivery_id AND above.number < one.number AND above.state <> 'SENT'))
    RETURNING delivery_id, number""")
_COUNT = _ready("UPDATE delivery SET attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(:ids))")
_LAND = _ready("""
    UPDATE part SET state = 'SENT', message_id = :given, at = :now, lease_until = NULL
    WHERE delivery_id = :id AND number = :number""")
_CLOSE = _ready("""
    UPDATE delivery SET state = 'SENT', why = '', next_at = :now
    WHERE id IN (SELECT value FROM json_each(:ids)) AND NOT EXISTS (
        SELECT 1 FROM part WHERE part.delivery_id = delivery.id AND part.state <> 'SENT')
    RETURNING id""")
# What was taken for lost and arrived after all holds up the next part no more.
_GO_ON = _ready("""
    UPDATE delivery SET state = 'PENDING', next_at = :now
    WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'UNCERTAIN' AND NOT EXISTS (
        SELECT 1 FROM part WHERE part.delivery_id = delivery.id AND part.state NOT IN ('SENT', 'PENDING'))""")
_FIRST_SENT = _ready("""
    UPDATE notice SET first_sent_at = :now WHERE first_sent_at IS NULL AND id IN (
        SELECT edition_item.notice_id FROM delivery JOIN edition_item ON edition_item.edition_id = delivery.edition_id
        WHERE delivery.id IN (SELECT value FROM json_each(:ids)))""")
# Whoever got something can be reached.
_REACHED = _ready("""
    UPDATE subscriber SET strikes = 0, struck_at = NULL WHERE strikes > 0 AND id IN (
        SELECT subscriber_id FROM delivery WHERE delivery.id IN (SELECT value FROM json_each(:ids)))
    RETURNING id""")


def take(connection: Connection, wanted: Sequence[Claim], lease: datetime) -> set[Claim]:
    """Put a lease on these parts where that is right; on which it was put."""
    rows = connection.execute(_TAKE, {"wanted": json.dumps(wanted), "lease": lease})
    taken = {(int(row[0]), int(row[1])) for row in rows}
    if taken:
        connection.execute(_COUNT, {"ids": json.dumps([number for number, _ in taken])})
    return taken


def land(connection: Connection, arrived: Mapping[Claim, str], now: datetime) -> set[int]:
    """These parts arrived, under those ids of the channel; the deliveries that are whole by it."""
    if not arrived:
        return set()
    ids = json.dumps(sorted({number for number, _ in arrived}))
    rows = [
        {"id": number, "number": place, "given": given, "now": now}
        for (number, place), given in arrived.items()
    ]
    connection.execute(_LAND, rows)
    whole = {int(row[0]) for row in connection.execute(_CLOSE, {"ids": ids, "now": now})}
    if len(whole) < len(rows):
        connection.execute(_GO_ON, {"ids": ids, "now": now})
    if whole:
        connection.execute(_FIRST_SENT, {"ids": json.dumps(sorted(whole)), "now": now})
    for row in connection.execute(
        _REACHED, {"ids": ids}
    ).all():  # so what was refused in between is tried again
        free(connection, int(row[0]), now, tries=TRIES)
    return whole
