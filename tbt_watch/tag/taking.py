"""What taking a file of the vocabulary means for an office's own rows: what is put, what goes, what does not fit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.errors import VocabularyError
from tbt_watch.tag.lint import known, rivals, row_faults
from tbt_watch.tag.office import lasting, merged, own_row
from tbt_watch.tag.sheets import BASE, KEYS, PROJECT, REMOVED, SheetRow
from tbt_watch.tag.tables import (
    COLUMNS,
    Group,
    Row,
    Tables,
    Word,
    cells_of,
    key_of,
    parsed,
    rows_of,
    tables_of,
)

_YES, _NO = frozenset({"x", "yes", "true", "1", "có"}), frozenset({"", "no", "false", "0", "không"})
_LISTS = frozenset({"sectors", "topics", "exclusions", "members"})
_LOWER = frozenset({"kind", "language", "pattern", "weight", "exclusions", "sectors", "topics"})
_NAMED = ("sectors", "topics")
_Key = tuple[str, ...]


@dataclass(kw_only=True)
class Taking:
    """What is put among the office's rows and what is forgotten, the rows (table, line, why) that are left out, those
    that are to be taken out and are not there, and how many are new, changed, as they were, and taken out."""

    put: dict[tuple[str, _Key], OwnRow] = field(default_factory=dict)
    forget: dict[tuple[str, _Key], OwnRow] = field(default_factory=dict)
    faults: list[tuple[str, int, str]] = field(default_factory=list)
    absent: list[tuple[str, int]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def over(self, own: Iterable[OwnRow]) -> tuple[OwnRow, ...]:
        """The office's rows as they will be."""
        kept = {(row.table, row.key): row for row in own if (row.table, row.key) not in self.forget}
        return tuple((kept | self.put).values())


def taking(
    rows: Iterable[SheetRow],
    shipped: Tables,
    own: Sequence[OwnRow],
    followed: Collection[str] = (),
    members: Collection[str] = (),
) -> Taking:
    """How the rows of a file are taken. A row as the project has it is not made the office's; one that the office had
    changed, and which is now as the project has it, is the project's again. What a file does not name stays.
    ``followed``: the sectors, topics and groups that subscribers follow; none of these is taken out. ``members``: the
    Members of the WTO, of which groups are made; when there are none, any code will do."""
    rows = tuple(rows)
    desk = _Desk(shipped, own, followed, _Codes.of(rows, shipped, own, members))
    order = {name: number for number, name in enumerate(COLUMNS)}
    last = len(order)

    def turn(row: SheetRow) -> int:
        """What others name comes first; a sector goes only when nothing names it any more."""
        out = row.table in _NAMED and row.cells.get(REMOVED, "").lower() in _YES
        return last if out else order[row.table]

    for row in sorted(rows, key=turn):
        fault = desk.take(row)
        if fault:
            desk.taken.faults.append((row.table, row.line, fault))
    return desk.taken


@dataclass(frozen=True)
class _Codes:
    """What a group may hold: Members, and groups that are there or stand in the same file."""

    known: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, rows: Iterable[SheetRow], shipped: Tables, own: Iterable[OwnRow], members: Collection[str]
    ) -> "_Codes":
        if not members:
            return cls()
        named = {row.cells.get("code", "") for row in rows if row.table == "groups"}
        named.update(row.key[0] for row in own if row.table == "groups")
        held = {member for group in shipped.groups.values() for member in group}
        return cls(frozenset({*members, *named, *shipped.groups, *held}))

    def fault(self, row: Row) -> str:
        strange = isinstance(row, Group) and next((m for m in row.members if m not in self.known), "")
        if not strange or not self.known:
            return ""
        return f"{cells_of(row)['code']} names {strange!r}, which is no Member of the WTO and no group."


class _Desk:
    """The vocabulary while a file is taken, row by row."""

    def __init__(
        self, shipped: Tables, own: Sequence[OwnRow], followed: Collection[str], codes: _Codes
    ) -> None:
        self.taken = Taking()
        self._codes = codes
        self._followed = followed
        self._shipped = {name: {key_of(row): row for row in rows_of(shipped, name)} for name in COLUMNS}
        tables, _ = merged(shipped, own)
        self._rows = {name: {key_of(row): row for row in rows_of(tables, name)} for name in COLUMNS}
        self._own = {(row.table, row.key): row for row in own}
        self._names = known(tables)
        self._said: dict[tuple[str, _Key], tuple[int, dict[str, str]]] = {}
        self._alike: dict[tuple[str, str], dict[_Key, Word]] = defaultdict(dict)
        for word in tables.words:
            self._alike[word.language, word.pattern][key_of(word)] = word

    def take(self, row: SheetRow) -> str:
        """Take one row; why it is left out, if it is."""
        table, cells = row.table, _tidied(row.table, row.cells)
        empty = next((name for name in KEYS[table] if not cells.get(name)), "")
        if empty:
            return f"the cell {empty!r} is empty."
        if cells.get(REMOVED, "").lower() not in (_YES | _NO):
            return f"the cell 'removed' holds {cells[REMOVED]!r}: write x, or leave it empty."
        key = tuple(cells[name] for name in KEYS[table])
        before = self._said.setdefault((table, key), (row.line, cells))
        if before[1] != cells:
            return f"line {before[0]} says otherwise of it; keep one of the two."
        if before[0] != row.line:
            self.taken.same += 1
            return ""
        if cells.get(REMOVED, "").lower() in _YES:
            return self._remove(table, key, row.line)
        return self._change(table, key, cells)

    def _change(self, table: str, key: _Key, cells: Mapping[str, str]) -> str:
        now, project = self._rows[table].get(key), self._shipped[table].get(key)
        base = {name: cell for name, cell in cells.items() if name in COLUMNS[table]}
        try:
            row = parsed(table, _whole(table, now, base))
        except VocabularyError:
            return f"the weight {cells['weight']!r} is neither strong nor weak; write one of them."
        theirs = cells.get(BASE, "").lower() == PROJECT and row == project
        if row == now or (theirs and (table, key) in self._own):
            self.taken.same += 1
            return ""
        fault = next(row_faults(table, row, self._names), "") or self._codes.fault(row) or self._rival(row)
        if fault:
            return fault
        if now is None:
            self.taken.new += 1
        else:
            self.taken.changed += 1
        self._keep(table, key, row, back=row == project)
        return ""

    def _rival(self, row: Row) -> str:
        if not isinstance(row, Word):
            return ""
        some = self._alike[row.language, row.pattern]
        other = rivals(row, (word for key, word in some.items() if key != key_of(row)))
        if not other:
            return ""
        return (
            f"{row.pattern!r} ({row.language}) speaks strongly for {other} already; say in the note why it speaks for "
            "both, or make it weak."
        )

    def _keep(self, table: str, key: _Key, row: Row, *, back: bool) -> None:
        self._rows[table][key] = row
        if back:
            self._let_go(table, key)
        else:
            self.taken.put[table, key] = own_row(table, row)
            self.taken.forget.pop((table, key), None)
        if isinstance(row, Word):
            self._alike[row.language, row.pattern][key] = row
        self._learn(table)

    def _learn(self, table: str) -> None:
        """Sectors, topics and groups are named by other rows."""
        if table in (*_NAMED, "groups"):
            self._names = known(tables_of({name: some.values() for name, some in self._rows.items()}))

    def _let_go(self, table: str, key: _Key) -> None:
        self.taken.put.pop((table, key), None)
        if (table, key) in self._own:
            self.taken.forget[table, key] = self._own[table, key]

    def _remove(self, table: str, key: _Key, line: int) -> str:
        project, now = self._shipped[table].get(key), self._rows[table].get(key)
        if now is None and (project is not None or (table, key) not in self._own):
            self.taken.same += 1
            if project is None:
                self.taken.absent.append((table, line))
            return ""
        if project is not None:
            if fault := lasting(table, key):
                return fault
            self.taken.put[table, key] = own_row(table, project, removed=True)
        elif fault := self._still_named(table, key[0]):
            return fault
        else:
            self._let_go(table, key)
        self.taken.removed += 1
        self._rows[table].pop(key, None)
        if table == "words":
            self._alike[key[2], key[3]].pop(key, None)
        self._learn(table)
        return ""

    def _still_named(self, table: str, code: str) -> str:
        """Who names this sector, topic or group: a subscriber, or a row of the office."""
        if table in (*_NAMED, "groups") and code in self._followed:
            return f"somebody follows {code}; change that subscription first."
        if table not in _NAMED:
            return ""
        for name, some in self._rows.items():
            for row in some.values() if name not in _NAMED else ():
                cells = cells_of(row)
                kind = f"{cells.get('kind', '')}s"
                if code in cells.get(table, "").split(";") or (kind == table and cells["code"] == code):
                    return f"the table {name} still names {code!r} ({' '.join(key_of(row))}); take that out first."
        return ""


def _whole(table: str, now: Row | None, cells: Mapping[str, str]) -> dict[str, str]:
    """All cells of a row: what the file leaves out stays as it is; a word is strong unless it says weak."""
    start = dict.fromkeys(COLUMNS[table], "") | (cells_of(now) if now else {})
    whole = start | dict(cells)
    if "weight" in COLUMNS[table] and not whole["weight"]:
        whole["weight"] = "strong" if table == "words" or whole["sectors"] or whole["topics"] else ""
    return whole


def _tidied(table: str, cells: Mapping[str, str]) -> dict[str, str]:
    """Cells as the tables have them: patterns and codes in small letters, no blanks around a semicolon, codes of HS
    without dots."""
    tidy = {}
    for name, text in cells.items():
        cell = text.lower() if name in _LOWER or (name == "code" and table in (*_NAMED, "words")) else text
        if name in _LISTS:
            cell = ";".join(dict.fromkeys(part for one in cell.split(";") if (part := one.strip())))
        if name == "prefix" and table == "hs":
            cell = cell.replace(".", "").replace(" ", "")
        tidy[name] = cell.upper() if name == "members" else cell
    return tidy
