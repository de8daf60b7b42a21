"""Which notices are known by a name: a thread, a key, a symbol, or the number of a document."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tbt_watch.domain.legal import parse_number
from tbt_watch.errors import NotationError
from tbt_watch.store import tables
from tbt_watch.store.raw import BATCH

notice = tables.notice.c
symbol = tables.symbol.c
number = tables.number.c

_SHORT = sa.func.substr(number.key, 1, sa.func.instr(number.key + "/", "/") - 1)
"""The number of a standard without its issuer."""


def known_by(connection: Connection, names: Collection[str]) -> dict[str, set[int]]:
    """The ids of the notices known by each of these names; that of a standard may stand with or without its issuer."""
    found: dict[str, set[int]] = defaultdict(set)
    wanted = sorted(names)
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        for column in (notice.thread, notice.key):
            for name, at in connection.execute(sa.select(column, notice.id).where(column.in_(some))):
                found[name].add(at)
        query = sa.select(symbol.text, symbol.notice_id).where(symbol.text.in_(some))
        for name, at in connection.execute(query):
            found[name].add(at)
        _by_number(connection, some, found)
    return dict(found)


def _by_number(connection: Connection, names: Sequence[str], found: dict[str, set[int]]) -> None:
    spelled: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if key := number_key(name):
            spelled[key].add(name)
    standards = [key for key in spelled if "/" not in key]
    whole = sa.select(number.key, number.notice_id).where(number.key.in_(sorted(spelled)))
    short = sa.select(_SHORT, number.notice_id).where(_SHORT.in_(standards))
    for query in (whole, short) if standards else (whole,):
        for key, at in connection.execute(query):
            for name in spelled[key]:
                found[name].add(at)


def number_key(name: str) -> str | None:
    """The key of a legal number; None for a name that is none."""
    try:
        return parse_number(name).key
    except NotationError:
        return None
