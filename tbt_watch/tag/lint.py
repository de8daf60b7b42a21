"""The linter of the vocabulary: what would make a tag silently wrong or silently missing."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tbt_watch.tag.groups import circle
from tbt_watch.tag.matcher import plain_words, toned_words
from tbt_watch.tag.tables import (
    CHAPTERS,
    COLUMNS,
    FIELDS,
    LANGUAGES,
    Crossing,
    Group,
    Hint,
    Row,
    Subject,
    Tables,
    Word,
    key_of,
    rows_of,
)

WHOLES: Mapping[str, tuple[str, ...]] = {"hs": CHAPTERS, "ics": FIELDS}
"""The chapters and fields, each of which must be decided."""
_RESERVED = "77"  # a chapter of HS without goods, kept for later
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SHAPES = {
    "hs": re.compile(r"\d{2}(?:\d{2}){0,3}|\d{5}"),
    "ics": re.compile(r"\d\d(?:\.\d{3}(?:\.\d\d)?)?"),
}
_MEMBER = re.compile(r"[A-Z]{2,6}")
_SHORTEST, _SHORTEST_STEM, _LONGEST = 2, 4, 100
_NOTES = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The codes that a row may name, and the groups that it stands among."""

    sectors: frozenset[str]
    topics: frozenset[str]
    groups: Mapping[str, Sequence[str]]


def known(tables: Tables) -> Known:
    """What the rows of these tables may name."""
    return Known(
        sectors=frozenset(subject.code for subject in tables.sectors),
        topics=frozenset(subject.code for subject in tables.topics),
        groups=tables.groups,
    )


def faults(tables: Tables) -> Iterator[str]:
    """Every fault as one sentence that names the table and the row."""
    names = known(tables)
    for table in COLUMNS:
        rows = rows_of(tables, table)
        for key in _counted(key_of(row) for row in rows):
            yield f"{table}.tsv: {_named(key)} stands there twice."
        decided = {row.prefix for row in rows if isinstance(row, Crossing)}
        for whole in WHOLES.get(table, ()):
            if whole not in decided:
                yield f"{table}.tsv: nothing is decided about {whole}."
        for row in rows:
            yield from (f"{table}.tsv: {fault}" for fault in row_faults(table, row, names))
    yield from _silent(tables.words, names)
    yield from _twofold(tables.words)


def row_faults(table: str, row: Row, names: Known) -> Iterator[str]:
    """What is wrong with one row by itself, each fault a sentence."""
    match row:
        case Subject():
            yield from _subject(row)
        case Crossing():
            yield from _crossing(table, row, names)
        case Word():
            yield from _word(row, names)
        case Hint():
            if not row.sectors and not row.topics and not row.note:
                yield f"{row.code} says nothing and gives no reason for that."
            yield from _unknown(row.code, row.sectors, names.sectors)
            yield from _unknown(row.code, row.topics, names.topics)
        case Group():
            yield from _group(row, names)
    if len(getattr(row, "note", "")) > _NOTES:
        yield f"{_named(key_of(row))} has a note of more than {_NOTES} characters."


def rivals(word: Word, others: Iterable[Word]) -> str:
    """The sector for which the same word speaks strongly too, without a reason in either note; else empty."""
    if word.kind != "sector" or word.weak or word.note:
        return ""
    for other in others:
        if other.kind == "sector" and not other.weak and other.code != word.code and not other.note:
            return other.code
    return ""


def _named(key: Sequence[str]) -> str:
    return key[0] if len(key) == 1 else repr("\t".join(key))


def _subject(subject: Subject) -> Iterator[str]:
    if not _CODE.fullmatch(subject.code):
        yield f"the code {subject.code!r} must be lower-case words with hyphens."
    for lang, label in (("vi", subject.label_vi), ("en", subject.label_en)):
        if not label.strip() or not _composed(label):
            yield f"{subject.code} has no label in {lang}, or one that is not in NFC."
        if len(label) > _LONGEST:
            yield f"{subject.code} has a label in {lang} of more than {_LONGEST} characters."


def _unknown(what: str, codes: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    for code in codes:
        if code not in known:
            yield f"{what} names {code!r}, which the vocabulary does not know."


def _crossing(table: str, row: Crossing, names: Known) -> Iterator[str]:
    if not _SHAPES[table].fullmatch(row.prefix):
        yield f"{row.prefix!r} is no prefix of a code."
    elif row.prefix[:2] not in WHOLES[table] and (table, row.prefix) != ("hs", _RESERVED):
        yield f"{row.prefix!r} begins with no chapter or field that there is."
    if not row.sectors and not row.note:
        yield f"{row.prefix} has no sector and no reason for that."
    yield from _unknown(row.prefix, row.sectors, names.sectors)
    yield from _unknown(row.prefix, row.topics, names.topics)


def _word(word: Word, names: Known) -> Iterator[str]:
    if word.kind not in ("sector", "topic") or word.language not in LANGUAGES:
        yield f"{word.pattern!r} has the unknown kind {word.kind!r} or language {word.language!r}."
    yield from _unknown(word.pattern, (word.code,), names.sectors if word.kind == "sector" else names.topics)
    stem = word.pattern.removesuffix("*")
    if not stem.strip() or word.pattern != word.pattern.lower().strip() or not _composed(word.pattern):
        yield f"the pattern {word.pattern!r} must be lower case, in NFC, without outer blanks."
    elif len(_prepared(stem, word.language)) < _SHORTEST or len(stem) > _LONGEST:
        yield f"the pattern {word.pattern!r} must have from {_SHORTEST} letters to {_LONGEST}."
    if "*" in stem or (word.pattern.endswith("*") and len(stem) < _SHORTEST_STEM):
        yield f"in {word.pattern!r} the star must stand at the end of at least {_SHORTEST_STEM} letters."
    for phrase in word.exclusions:
        if stem not in phrase or len(phrase) <= len(stem):
            yield f"the exclusion {phrase!r} does not contain {word.pattern!r}, so it excludes nothing."


def _prepared(pattern: str, language: str) -> str:
    return (toned_words if language == "vi" else plain_words)(pattern).strip()


def _group(group: Group, names: Known) -> Iterator[str]:
    if not group.members or group.code in group.members:
        yield f"{group.code} has no members, or is a member of itself."
        return
    for member in (group.code, *group.members):
        if not _MEMBER.fullmatch(member):
            yield f"{group.code} names {member!r}, which is no code of a Member or group."
    way = circle({**names.groups, group.code: group.members}, group.code)
    if way:
        yield f"{' → '.join(way)} is a circle: no group may hold itself by way of others."


def _silent(words: tuple[Word, ...], names: Known) -> Iterator[str]:
    """Sectors and topics that texts of a language would never be found by."""
    heard = {(word.kind, word.language, word.code) for word in words}
    for kind, codes in (("sector", names.sectors), ("topic", names.topics)):
        for language in LANGUAGES:
            for code in sorted(codes):
                if (kind, language, code) not in heard:
                    yield f"words.tsv: the {kind} {code} has no words in {language}."


def _twofold(words: tuple[Word, ...]) -> Iterator[str]:
    alike: dict[tuple[str, str], list[Word]] = defaultdict(list)
    for word in words:
        if word.kind == "sector" and not word.weak:
            alike[word.language, word.pattern].append(word)
    for (language, pattern), some in alike.items():
        codes = list(dict.fromkeys(word.code for word in some))
        if len(codes) > 1 and not any(word.note for word in some):
            yield (
                f"words.tsv: {pattern!r} ({language}) speaks strongly for {' and '.join(codes)}; say why in the note "
                "of one of them, or make one weak."
            )


def _counted(items: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """What occurs more than once."""
    return (item for item, times in Counter(items).items() if times > 1)


def _composed(text: str) -> bool:
    """Whether a text is in Unicode NFC."""
    return unicodedata.is_normalized("NFC", text)
