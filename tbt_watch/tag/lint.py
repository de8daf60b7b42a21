"""The linter of the vocabulary: what would make a tag silently wrong or silently missing."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from tbt_watch.tag.tables import CHAPTERS, FIELDS, LANGUAGES, Crossing, Hint, Subject, Tables, Word

_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")
_HS = re.compile(r"\d{2}(?:\d{2}){0,2}|\d{5}")
_ICS = re.compile(r"\d\d(?:\.\d{3}(?:\.\d\d)?)?")
_SHORTEST_STEM = 4


def faults(tables: Tables) -> Iterator[str]:
    """Every fault as one sentence that names the table and the row."""
    sectors = {subject.code for subject in tables.sectors}
    topics = {subject.code for subject in tables.topics}
    yield from _subjects(tables.sectors, "sectors.tsv")
    yield from _subjects(tables.topics, "topics.tsv")
    yield from _crossings(tables.hs, "hs.tsv", CHAPTERS, _HS, sectors, topics)
    yield from _crossings(tables.ics, "ics.tsv", FIELDS, _ICS, sectors, topics)
    yield from _words(tables.words, sectors, topics)
    for name, hints in (
        ("objectives.tsv", tables.objectives),
        ("keywords.tsv", tables.keywords),
        ("issuers.tsv", tables.issuers),
    ):
        yield from _hints(hints, name, sectors, topics)
    for group, members in tables.groups.items():
        if not members or group in members:
            yield f"groups.tsv: {group} has no members, or is a member of itself."


def _subjects(subjects: tuple[Subject, ...], name: str) -> Iterator[str]:
    for code in _counted(subject.code for subject in subjects):
        yield f"{name}: {code} stands there twice."
    for subject in subjects:
        if not _CODE.fullmatch(subject.code):
            yield f"{name}: the code {subject.code!r} must be lower-case words with hyphens."
        for lang, label in (("vi", subject.label_vi), ("en", subject.label_en)):
            if not label.strip() or not _composed(label):
                yield f"{name}: {subject.code} has no label in {lang}, or one that is not in NFC."


def _unknown(name: str, what: str, codes: Iterable[str], known: set[str]) -> Iterator[str]:
    for code in codes:
        if code not in known:
            yield f"{name}: {what} names {code!r}, which the vocabulary does not know."


def _crossings(
    rows: tuple[Crossing, ...],
    name: str,
    wholes: tuple[str, ...],
    shape: re.Pattern[str],
    sectors: set[str],
    topics: set[str],
) -> Iterator[str]:
    for prefix in _counted(row.prefix for row in rows):
        yield f"{name}: {prefix} stands there twice."
    decided = {row.prefix for row in rows}
    for whole in wholes:
        if whole not in decided:
            yield f"{name}: nothing is decided about {whole}."
    for row in rows:
        if not shape.fullmatch(row.prefix):
            yield f"{name}: {row.prefix!r} is no prefix of a code."
        if not row.sectors and not row.note:
            yield f"{name}: {row.prefix} has no sector and no reason for that."
        yield from _unknown(name, row.prefix, row.sectors, sectors)
        yield from _unknown(name, row.prefix, row.topics, topics)


def _words(words: tuple[Word, ...], sectors: set[str], topics: set[str]) -> Iterator[str]:
    for row in _counted(f"{word.kind}\t{word.code}\t{word.language}\t{word.pattern}" for word in words):
        yield f"words.tsv: {row!r} stands there twice."
    for word in words:
        if word.kind not in ("sector", "topic") or word.language not in LANGUAGES:
            yield f"words.tsv: {word.pattern!r} has the unknown kind {word.kind!r} or language {word.language!r}."
        yield from _unknown(
            "words.tsv", word.pattern, (word.code,), sectors if word.kind == "sector" else topics
        )
        yield from _pattern(word)
    for kind, codes in (("sector", sectors), ("topic", topics)):
        for language in LANGUAGES:
            heard = {word.code for word in words if word.kind == kind and word.language == language}
            for code in sorted(codes - heard):
                yield f"words.tsv: the {kind} {code} has no words in {language}."


def _pattern(word: Word) -> Iterator[str]:
    stem = word.pattern.removesuffix("*")
    if not stem.strip() or word.pattern != word.pattern.lower().strip() or not _composed(word.pattern):
        yield f"words.tsv: the pattern {word.pattern!r} must be lower case, in NFC, without outer blanks."
    if "*" in stem or (word.pattern.endswith("*") and len(stem) < _SHORTEST_STEM):
        yield f"words.tsv: in {word.pattern!r} the star must stand at the end of at least {_SHORTEST_STEM} letters."
    for phrase in word.exclusions:
        if stem not in phrase or len(phrase) <= len(stem):
            yield f"words.tsv: the exclusion {phrase!r} does not contain {word.pattern!r}, so it excludes nothing."


def _hints(hints: tuple[Hint, ...], name: str, sectors: set[str], topics: set[str]) -> Iterator[str]:
    for code in _counted(hint.code for hint in hints):
        yield f"{name}: {code} stands there twice."
    for hint in hints:
        if not hint.sectors and not hint.topics and not hint.note:
            yield f"{name}: {hint.code} says nothing and gives no reason for that."
        yield from _unknown(name, hint.code, hint.sectors, sectors)
        yield from _unknown(name, hint.code, hint.topics, topics)


def _counted(items: Iterable[str]) -> Iterator[str]:
    """What occurs more than once."""
    return (item for item, times in Counter(items).items() if times > 1)


def _composed(text: str) -> bool:
    """Whether a text is in Unicode NFC."""
    return unicodedata.is_normalized("NFC", text)
