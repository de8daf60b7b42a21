"""The translation memory: what a person translated once is not translated again.

Three ways to find something in it. ``exact``: the very sentence. ``adapted``: the very sentence but for its numbers,
dates, codes and names, which are put in anew where that is certain. ``near``: sentences much like it with the words
in which they differ, to be shown to people and never used by itself.

The project's own first memory is ``translations/memory.tsv``; the office's own units win over it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from tbt_watch.domain.memory import SOURCES, Unit
from tbt_watch.domain.text import collapse
from tbt_watch.language import Language, translations_dir
from tbt_watch.language.tables import rows
from tbt_watch.translate.checks.checker import check
from tbt_watch.translate.checks.members import MemberNames
from tbt_watch.translate.figures.locks import Locked, lock
from tbt_watch.translate.memory.adapting import adapt

Kind = Literal["same", "removed", "added"]
Difference = tuple[tuple[Kind, str], ...]

_MARKS: dict[Kind, str] = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
_LONGEST = 4000  # letters; what is longer is a document and no sentence, and is only ever found as it is
_TRIED = 32  # units under one rough key; more of them are lines of a table
_CANDIDATES = 20
# Plain words of four letters and more, but those that belong to an amount or a date.
_PLAIN = re.compile(r"(?<![\w./@-])[^\W\d_A-Z]{4,}(?![\w/@-])")
_NOT_PLAIN = frozenset(
    "cent million billion thousand hundred janvier février mars avril juin juillet août septembre octobre novembre"
    " décembre enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre"
    " cien ciento pour mille".split()
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = re.compile(r"\b[A-Z]{2,}\b")
_SENTINEL = re.compile(r"\bXZ\d+\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A translation that may stand as it is. ``adapted``: other values stand in it than in the unit."""

    text: str
    unit: Unit
    adapted: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A unit much like the sentence asked for. ``score``: 0 to 100; ``difference``: its source against the sentence."""

    unit: Unit
    score: int
    difference: Difference


class _Tongue:
    """The units of one source language."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self._rough: dict[str, list[str]] | None = None
        self._texts: tuple[list[str], list[str], list[str]] | None = None

    def alike(self, source: str) -> list[str]:
        """Sources with the same plain words in the same order, newest first."""
        if self._rough is None:
            self._rough = {}
            for known in self.units:
                if len(known) <= _LONGEST:
                    self._rough.setdefault(_rough(known), []).append(known)
        return self._rough.get(_rough(source), [])[: -_TRIED - 1 : -1]

    def texts(self) -> tuple[list[str], list[str], list[str]]:
        """The sources, in lower case, and in lower case with their words in alphabetical order."""
        if self._texts is None:
            known = [source for source in self.units if len(source) <= _LONGEST]
            lower = [source.casefold() for source in known]
            self._texts = known, lower, [_sorted(source) for source in lower]
        return self._texts


class Memory:
    """Units by their source, of which a later one takes the place of an earlier one. Sources are compared in NFC with
    single blanks; capitals matter."""

    def __init__(self, units: Iterable[Unit], language: Language) -> None:
        self._language = language
        self._tongues: dict[str, _Tongue] = {}
        self._members: dict[str, str] = {}
        self._speller: MemberNames | None = None
        for unit in units:
            if unit.language not in SOURCES:
                continue  # what a person wrote of an original in Vietnamese is kept for its notice alone
            known = self._tongues.setdefault(unit.language, _Tongue()).units
            source = collapse(unit.source)
            known.pop(source, None)  # so that it stands where the newest stand
            known[source] = unit

    def __len__(self) -> int:
        return sum(len(tongue.units) for tongue in self._tongues.values())

    def exact(self, sentence: str, language: str) -> Hit | None:
        """The translation of this very sentence."""
        tongue = self._tongues.get(language)
        unit = tongue.units.get(collapse(sentence)) if tongue else None
        if unit is None or not self._names_nobody_else(sentence, unit.target, language):
            return None
        return Hit(unit.target, unit)

    def adapted(self, sentence: str, language: str) -> Hit | None:
        """The translation of a sentence that differs in nothing but its values, with the values of this one."""
        sentence = collapse(sentence)
        tongue = self._tongues.get(language)
        if tongue is None or len(sentence) > _LONGEST or not (alike := tongue.alike(sentence)):
            return None
        names = self._names(language)
        new = lock(sentence, language, names=names)
        if not new.locks or not _WORD.search(_SENTINEL.sub("", new.text)):
            return None
        for source in alike:
            old = lock(source, language, names=names)
            if old.text != new.text or source == sentence:
                continue
            unit = tongue.units[source]
            if _other_name(old, new) and not _letters(unit.target) <= _letters(source):
                continue  # "Cục Tiêu chuẩn quốc gia Uganda (UNBS)": whose letters would those be?
            text = adapt(unit.target, old.locks, new.locks, self._language)
            if text and self._holds(sentence, text, language):
                return Hit(text, unit, adapted=True)
        return None

    def near(self, sentence: str, language: str, least: int = 75, at_most: int = 3) -> list[Near]:
        """The units most like the sentence, the best first: letter by letter, or word by word in any order."""
        sentence = collapse(sentence)
        tongue = self._tongues.get(language)
        if tongue is None or not sentence or len(sentence) > _LONGEST:
            return []
        from rapidfuzz import fuzz, process  # as below: what finds no near hits need not wait for it

        known, lower, ordered = tongue.texts()
        best: dict[int, float] = {}
        asked = sentence.casefold()
        for query, choices in ((asked, lower), (_sorted(asked), ordered)):
            few = max(_CANDIDATES, at_most)
            found = process.extract(query, choices, scorer=fuzz.ratio, score_cutoff=least, limit=few)
            for _, score, at in found:
                best[at] = max(best.get(at, 0), score)
        first = sorted(best.items(), key=lambda pair: (-pair[1], -pair[0]))[:at_most]
        return [
            Near(tongue.units[known[at]], int(score), difference(known[at], sentence)) for at, score in first
        ]

    def _holds(self, source: str, target: str, language: str) -> bool:
        return not check(source, target, language) and self._names_nobody_else(source, target, language)

    def _names_nobody_else(self, source: str, target: str, language: str) -> bool:
        """Whether the translation names no Member but those that the source names: "the Ministry of Health" was made
        "Bộ Y tế Ấn Độ" by somebody who knew that the notice was India's, and this one may be Kenya's."""
        if self._speller is None:
            self._speller = MemberNames(self._language)
        here = [one for one in self._speller.named(target, "vi") if one.sure and one.text[:1].isupper()]
        if not here:
            return True
        known = self._speller.hinted(source).union(
            *(one.codes for one in self._speller.named(source, language))
        )
        return all(naming.codes & known for naming in here)

    def _names(self, language: str) -> dict[str, str]:
        """The Members' names as a sentence has them, and their Vietnamese; we have them in English only."""
        if language != "en":
            return {}
        if not self._members:
            for member in self._language.members.values():
                for name in (member.label.en, member.label.short_en, member.prose_en):
                    self._members[name.removeprefix("the ")] = member.label.vi
        return self._members


def load_memory(store_units: Iterable[Unit], language: Language, folder: Path | None = None) -> Memory:
    """The memory of the project and, above it, the office's own (``store.memory.all()``). Raises LanguageError when
    the project's file is missing or malformed."""
    return Memory([*shipped_units(folder), *store_units], language)


def shipped_units(folder: Path | None = None) -> list[Unit]:
    """The project's own first memory. Raises LanguageError."""
    path = (folder or translations_dir()) / "memory.tsv"
    return [
        Unit(language="en", source=row["en"], target=row["vi"], origin="shipped")
        for row in rows(path, "en vi")
    ]


def difference(old: str, new: str) -> Difference:
    """Word by word what became of ``old``: runs of words that are the same in both, that are gone ("removed"), and
    that are new ("added")."""
    from rapidfuzz.distance import Indel

    before, after = old.split(), new.split()
    found: list[tuple[Kind, str]] = []
    for same, steps in groupby(Indel.opcodes(before, after), lambda step: step.tag == "equal"):
        run = tuple(steps)  # what went and what came in its place are steps of any order
        gone = " ".join(before[run[0].src_start : run[-1].src_end])
        come = " ".join(after[run[0].dest_start : run[-1].dest_end])
        if same:
            found.append(("same", gone))
            continue
        if gone:
            found.append(("removed", gone))
        if come:
            found.append(("added", come))
    return tuple(found)


def marked(found: Difference) -> str:
    """A difference in one line, as ``git diff --word-diff`` prints it: ``[-gone-]`` and ``{+new+}``."""
    return " ".join(_MARKS[kind].format(words) for kind, words in found)


def _other_name(old: Locked, new: Locked) -> bool:
    pairs = zip(old.locks, new.locks, strict=True)
    return any(one.kind == "name" and one.vietnamese != other.vietnamese for one, other in pairs)


def _letters(text: str) -> set[str]:
    """Abbreviations: runs of capitals."""
    return set(_LETTERS.findall(text))


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))


def _rough(source: str) -> str:
    """What two sentences with one skeleton have in common, at a thousandth of the price of a skeleton."""
    return " ".join(word for word in _PLAIN.findall(source) if word not in _NOT_PLAIN)
