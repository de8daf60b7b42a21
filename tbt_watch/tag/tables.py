"""The tables of the vocabulary as they are kept: one row a line, tab-separated, under ``vocabulary/``.

Several codes in a cell stand with ``;`` between; an empty note at the end of a line may be left out. A pattern is a
word or phrase in lower case; it also meets its plural (``s``, ``es``; not in Vietnamese), and with ``*`` at its end
every word that begins so. An exclusion is a longer phrase in which the pattern does not count. The note of a word
that speaks strongly for two sectors says why. HS chapters: Harmonized System 2022; ICS: International Classification
for Standards, edition 7.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TypeVar

from tbt_watch.errors import VocabularyError

_HINT = ("code", "sectors", "topics", "weight", "note")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sectors": ("code", "label_vi", "label_en", "note"),
    "topics": ("code", "label_vi", "label_en", "note"),
    "hs": ("prefix", "sectors", "note"),
    "ics": ("prefix", "sectors", "topics", "note"),
    "words": ("kind", "code", "language", "pattern", "weight", "exclusions", "note"),
    "objectives": _HINT,
    "keywords": _HINT,
    "issuers": _HINT,
    "groups": ("code", "members"),
}
"""The tables and their columns. What others name comes first."""
LANGUAGES = ("en", "fr", "es", "vi")
CHAPTERS = tuple(f"{number:02}" for number in range(1, 98) if number != 77)
FIELDS = tuple(
    "01 03 07 11 13 17 19 21 23 25 27 29 31 33 35 37 39 43 45 47 49 53 55 59 61 65 67 71 73 75 77 79 81 83 85 "
    "87 91 93 95 97".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A sector or topic: its code, and its names for people."""

    code: str
    label_vi: str
    label_en: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """What a prefix of HS or ICS codes means. No sector is a decision too, and says why in ``note``."""

    prefix: str
    sectors: tuple[str, ...]
    topics: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A pattern that speaks for a sector or topic; a weak one only together with another."""

    kind: str
    code: str
    language: str
    pattern: str
    weak: bool = False
    exclusions: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What an objective, a keyword or an issuing body says about a notice."""

    code: str
    sectors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    weak: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group of Members (EU, GCC …); a member may be a group itself."""

    code: str
    members: tuple[str, ...]


Row = Subject | Crossing | Word | Hint | Group
_Kind = TypeVar("_Kind", Subject, Crossing, Word, Hint, Group)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All tables at once. ``groups``: the Members of a group (EU, GCC …) by its code."""

    sectors: tuple[Subject, ...]
    topics: tuple[Subject, ...]
    hs: tuple[Crossing, ...]
    ics: tuple[Crossing, ...]
    words: tuple[Word, ...]
    objectives: tuple[Hint, ...]
    keywords: tuple[Hint, ...]
    issuers: tuple[Hint, ...]
    groups: Mapping[str, tuple[str, ...]]


def read_tables(folder: Traversable) -> Tables:
    """Read the tables of a folder.

    Raises VocabularyError when a table is missing, is not UTF-8, or has a row of the wrong shape.
    """
    return tables_of(
        {
            name: [parsed(name, cells) for cells in _rows(folder, f"{name}.tsv", COLUMNS[name])]
            for name in COLUMNS
        }
    )


def tables_of(rows: Mapping[str, Iterable[Row]]) -> Tables:
    """All tables from their rows, by the names of the tables."""
    return Tables(
        sectors=_only(Subject, rows["sectors"]),
        topics=_only(Subject, rows["topics"]),
        hs=_only(Crossing, rows["hs"]),
        ics=_only(Crossing, rows["ics"]),
        words=_only(Word, rows["words"]),
        objectives=_only(Hint, rows["objectives"]),
        keywords=_only(Hint, rows["keywords"]),
        issuers=_only(Hint, rows["issuers"]),
        groups={group.code: group.members for group in _only(Group, rows["groups"])},
    )


def rows_of(tables: Tables, name: str) -> tuple[Row, ...]:
    """The rows of one table."""
    if name == "groups":
        return tuple(Group(code=code, members=members) for code, members in tables.groups.items())
    rows: tuple[Row, ...] = getattr(tables, name)
    return rows


def key_of(row: Row) -> tuple[str, ...]:
    """What a row is known by in its table; no two have the same."""
    match row:
        case Word():
            return row.kind, row.code, row.language, row.pattern
        case Crossing():
            return (row.prefix,)
        case _:
            return (row.code,)


def cells_of(row: Row) -> dict[str, str]:
    """A row by its columns, as ``parsed`` takes it."""
    match row:
        case Subject():
            return {"code": row.code, "label_vi": row.label_vi, "label_en": row.label_en, "note": row.note}
        case Group():
            return {"code": row.code, "members": ";".join(row.members)}
        case Word():
            what = {"kind": row.kind, "code": row.code, "language": row.language, "pattern": row.pattern}
            exclusions = ";".join(row.exclusions)
            return what | {"weight": _weight(row.weak), "exclusions": exclusions, "note": row.note}
    codes = {"sectors": ";".join(row.sectors), "topics": ";".join(row.topics), "note": row.note}
    if isinstance(row, Crossing):
        return {"prefix": row.prefix} | codes
    return {"code": row.code} | codes | {"weight": _weight(row.weak) if row.sectors or row.topics else ""}


def parsed(table: str, cells: Mapping[str, str]) -> Row:
    """A row of a table from its cells by column. Raises VocabularyError for a weight that is none."""
    if table in ("sectors", "topics"):
        return Subject(**{name: cells[name] for name in COLUMNS[table]})
    if table == "groups":
        return Group(code=cells["code"], members=_codes(cells["members"]))
    if table == "words":
        return Word(
            kind=cells["kind"],
            code=cells["code"],
            language=cells["language"],
            pattern=cells["pattern"],
            weak=_weak(cells["weight"], "words", cells["pattern"]),
            exclusions=_codes(cells["exclusions"]),
            note=cells["note"],
        )
    sectors, topics = _codes(cells["sectors"]), _codes(cells.get("topics", ""))
    if table in ("hs", "ics"):
        return Crossing(prefix=cells["prefix"], sectors=sectors, topics=topics, note=cells["note"])
    return Hint(
        code=cells["code"],
        sectors=sectors,
        topics=topics,
        weak=bool(cells["weight"]) and _weak(cells["weight"], table, cells["code"]),
        note=cells["note"],
    )


def _only(kind: type[_Kind], rows: Iterable[Row]) -> tuple[_Kind, ...]:
    return tuple(row for row in rows if isinstance(row, kind))


def _rows(folder: Traversable, name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        text = folder.joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"The vocabulary's table {name} cannot be read ({error}): restore the file."
        ) from error
    lines = text.split("\n")
    if tuple(lines[0].split("\t")) != columns:
        raise VocabularyError(f"{name} must begin with the columns {', '.join(columns)}, with tabs between.")
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) == len(columns) - 1 and columns[-1] == "note":
            cells.append("")
        if len(cells) != len(columns):
            raise VocabularyError(
                f"{name}, line {number}, has {len(cells)} cells where {len(columns)} are due."
            )
        yield dict(zip(columns, cells, strict=True))


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


def _weight(weak: bool) -> str:
    return "weak" if weak else "strong"


def _weak(cell: str, table: str, what: str) -> bool:
    if cell not in ("weak", "strong"):
        raise VocabularyError(f"{table}.tsv gives {what!r} the weight {cell!r}: it must be strong or weak.")
    return cell == "weak"
