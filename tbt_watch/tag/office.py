"""The vocabulary of an office: what the project ships, with the office's own rows over it.

A row of the office takes the place of the project's row of the same key. One that does not fit any more, because a
newer version of the project knows a code or column no longer, is left aside and told by ``vocabulary check``: nothing
is ever tagged with what the vocabulary does not know.
"""

from collections.abc import Iterable, Mapping

from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.errors import VocabularyError
from tbt_watch.tag.lint import WHOLES, known, row_faults
from tbt_watch.tag.tables import COLUMNS, Row, Tables, cells_of, key_of, parsed, rows_of, tables_of

_HELD = frozenset({"sectors", "topics", "groups"})
"""Tables whose codes stand in tags and subscriptions: what the project has there stays."""


def merged(shipped: Tables, own: Iterable[OwnRow]) -> tuple[Tables, list[tuple[OwnRow, str]]]:
    """The tables with the office's rows in them, and the rows (with why, a sentence) that do not fit."""
    rows = {name: {key_of(row): row for row in rows_of(shipped, name)} for name in COLUMNS}
    order = {name: number for number, name in enumerate(COLUMNS)}
    unfit: list[tuple[OwnRow, str]] = []
    tables = shipped
    for row in sorted(own, key=lambda one: order.get(one.table, len(order))):
        if row.table not in rows:
            unfit.append((row, "the vocabulary has no such table."))
            continue
        if row.table not in ("sectors", "topics") and tables is shipped:
            tables = tables_of({name: some.values() for name, some in rows.items()})
        fault = _put(rows, row, tables)
        if fault:
            unfit.append((row, fault))
        elif row.table == "groups":
            tables = tables_of({name: some.values() for name, some in rows.items()})
    return tables_of({name: some.values() for name, some in rows.items()}), unfit


def _put(rows: Mapping[str, dict[tuple[str, ...], Row]], own: OwnRow, tables: Tables) -> str:
    """Put a row in its place; why it does not fit, if it does not."""
    here = rows[own.table]
    if own.removed:
        fault = lasting(own.table, own.key)
        if not fault:
            here.pop(own.key, None)
        return fault
    try:
        row = parsed(own.table, dict.fromkeys(COLUMNS[own.table], "") | dict(own.cells))
    except VocabularyError as error:
        return str(error)
    fault = next(row_faults(own.table, row, known(tables)), "")
    if not fault:
        here[key_of(row)] = row
    return fault


def lasting(table: str, key: tuple[str, ...]) -> str:
    """Why a row of the project cannot be taken out; empty where it can."""
    if table in _HELD:
        return (
            f"{key[0]} is the project's and stands in tags and subscriptions; call it otherwise instead of taking it "
            "out."
        )
    if key[0] in WHOLES.get(table, ()):
        return f"{key[0]} must be decided; leave its sectors empty and say why in the note instead of taking it out."
    return ""


def own_row(table: str, row: Row, *, removed: bool = False) -> OwnRow:
    """A row as the office keeps it."""
    return OwnRow(table=table, key=key_of(row), cells=tuple(cells_of(row).items()), removed=removed)
