"""The tables of the vocabulary as they are kept: one row a line, tab-separated, under ``vocabulary/``.

Several codes in a cell stand with ``;`` between. A pattern is a word or phrase in lower case; it also meets its
plural (``s``, ``es``; not in Vietnamese), and with ``*`` at its end every word that begins so. An exclusion is a
longer phrase in which the pattern does not count. HS chapters: Harmonized System 2022; ICS: International
Classification for Standards, edition 7.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from tbt_watch.errors import VocabularyError

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What an objective, a keyword or an issuing body says about a notice."""

    code: str
    sectors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    weak: bool = False
    note: str = ""


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
    return Tables(
        sectors=tuple(_subjects(folder, "sectors.tsv")),
        topics=tuple(_subjects(folder, "topics.tsv")),
        hs=tuple(_crossings(folder, "hs.tsv", ("prefix", "sectors", "note"))),
        ics=tuple(_crossings(folder, "ics.tsv", ("prefix", "sectors", "topics", "note"))),
        words=tuple(_words(folder)),
        objectives=tuple(_hints(folder, "objectives.tsv")),
        keywords=tuple(_hints(folder, "keywords.tsv")),
        issuers=tuple(_hints(folder, "issuers.tsv")),
        groups={
            row["code"]: _codes(row["members"]) for row in _rows(folder, "groups.tsv", ("code", "members"))
        },
    )


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
        if len(cells) != len(columns):
            raise VocabularyError(
                f"{name}, line {number}, has {len(cells)} cells where {len(columns)} are due."
            )
        yield dict(zip(columns, cells, strict=True))


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


def _weak(cell: str, name: str, what: str) -> bool:
    if cell not in ("weak", "strong"):
        raise VocabularyError(f"{name} gives {what!r} the weight {cell!r}: it must be strong or weak.")
    return cell == "weak"


def _subjects(folder: Traversable, name: str) -> Iterator[Subject]:
    for row in _rows(folder, name, ("code", "label_vi", "label_en", "note")):
        yield Subject(**row)


def _crossings(folder: Traversable, name: str, columns: tuple[str, ...]) -> Iterator[Crossing]:
    for row in _rows(folder, name, columns):
        yield Crossing(
            prefix=row["prefix"],
            sectors=_codes(row["sectors"]),
            topics=_codes(row.get("topics", "")),
            note=row["note"],
        )


def _words(folder: Traversable) -> Iterator[Word]:
    for row in _rows(folder, "words.tsv", ("kind", "code", "language", "pattern", "weight", "exclusions")):
        yield Word(
            kind=row["kind"],
            code=row["code"],
            language=row["language"],
            pattern=row["pattern"],
            weak=_weak(row["weight"], "words.tsv", row["pattern"]),
            exclusions=_codes(row["exclusions"]),
        )


def _hints(folder: Traversable, name: str) -> Iterator[Hint]:
    for row in _rows(folder, name, ("code", "sectors", "topics", "weight", "note")):
        yield Hint(
            code=row["code"],
            sectors=_codes(row["sectors"]),
            topics=_codes(row["topics"]),
            weak=bool(row["weight"]) and _weak(row["weight"], name, row["code"]),
            note=row["note"],
        )
