"""The vocabulary: sectors, topics, crosswalks from HS and ICS, words and hints, read once and never changed.

What the project ships is a folder of tables; what an office changed lies over it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.errors import VocabularyError
from tbt_watch.tag.groups import members
from tbt_watch.tag.lint import faults
from tbt_watch.tag.matcher import Entry, Matcher, plain_words, toned_words
from tbt_watch.tag.office import merged
from tbt_watch.tag.tables import Crossing, Hint, Tables, Word, read_tables


@dataclass(frozen=True, kw_only=True)
class Vocabulary(Tables):
    """The tables, and what is derived from them the first time it is asked for. ``own``: the office's rows, of which
    ``unfit`` are left aside (each with why, a sentence); ``shipped``: the tables without
    them, where there are any."""

    own: tuple[OwnRow, ...] = ()
    unfit: tuple[tuple[OwnRow, str], ...] = ()
    shipped: Tables | None = None

    @cached_property
    def european(self) -> Matcher:
        """Finds English, French and Spanish words; all three at once, for titles are often in two languages."""
        return Matcher(_entries((word for word in self.words if word.language != "vi"), plain_words))

    @cached_property
    def vietnamese(self) -> Matcher:
        """Finds Vietnamese words, with their tones."""
        return Matcher(_entries((word for word in self.words if word.language == "vi"), toned_words))

    @cached_property
    def hint_of(self) -> Mapping[tuple[str, str], Hint]:
        """Hints by (objective | keyword | issuer, code)."""
        tables = {"objective": self.objectives, "keyword": self.keywords, "issuer": self.issuers}
        return {(kind, hint.code): hint for kind, hints in tables.items() for hint in hints}

    @cached_property
    def groups_of(self) -> Mapping[str, tuple[str, ...]]:
        """The groups of a Member, by its code, those that hold such a group too; a group is its own."""
        found: dict[str, tuple[str, ...]] = {}
        for group in self.groups:
            for code in (group, *members(self.groups, group)):
                found[code] = (*found.get(code, ()), group)
        return found

    @cached_property
    def _crossings(self) -> tuple[Mapping[str, Crossing], Mapping[str, Crossing]]:
        return {row.prefix: row for row in self.hs}, {row.prefix: row for row in self.ics}

    def cross_hs(self, digits: str) -> Crossing | None:
        """What an HS code (digits only) means, by its longest known prefix; None for what is no chapter."""
        table = self._crossings[0]
        for length in range(min(len(digits), 8), 1, -1):
            if row := table.get(digits[:length]):
                return row
        return None

    def sectors_of(self, digits: str) -> tuple[str, ...]:
        """The sectors that an HS code belongs to."""
        row = self.cross_hs(digits)
        return row.sectors if row else ()

    def cross_ics(self, code: str) -> Crossing | None:
        """What an ICS code means, by its longest known prefix (field, group, sub-group); None for no field."""
        table = self._crossings[1]
        return table.get(code) or table.get(code[:6]) or table.get(code[:2])

    def label(self, code: str, lang: str) -> str:
        """The name of a sector or topic in Vietnamese (``vi``) or English. Raises VocabularyError for an unknown."""
        for subject in (*self.sectors, *self.topics):
            if subject.code == code:
                return subject.label_vi if lang == "vi" else subject.label_en
        raise VocabularyError(
            f"{code!r} is no sector and no topic of the vocabulary: see sectors.tsv and topics.tsv."
        )

    def check(self) -> list[str]:
        """Every fault of the tables as one sentence; empty when all is well. What the office's rows did is said so."""
        if self.shipped is None:
            return list(faults(self))
        shipped = list(faults(self.shipped))
        before = set(shipped)
        mine = (fault.replace(".tsv: ", " (office): ", 1) for fault in faults(self) if fault not in before)
        aside = (f"{row.table} (office): left aside, for {fault}" for row, fault in self.unfit)
        return [*shipped, *mine, *aside]


def load_vocabulary(own: Iterable[OwnRow] = (), *, folder: Traversable | None = None) -> Vocabulary:
    """The vocabulary that is shipped, or that of a folder of tables, with the office's own rows over it.

    Raises VocabularyError when a table is missing, is not UTF-8, or has a row of the wrong shape. A row of the office
    that does not fit is left aside.
    """
    shipped = read_tables(folder or files("tbt_watch.tag").joinpath("vocabulary"))
    own = tuple(own)
    tables, unfit = merged(shipped, own) if own else (shipped, [])
    whole = {field.name: getattr(tables, field.name) for field in fields(Tables)}
    return Vocabulary(**whole, own=own, unfit=tuple(unfit), shipped=shipped if own else None)


def _entries(words: Iterable[Word], prepare: Callable[[str], str]) -> Iterator[tuple[str, Entry]]:
    """What the automaton looks for: a pattern of several rows once, and every exclusion."""
    meanings: dict[str, dict[tuple[str, str], bool]] = {}
    shown: dict[str, str] = {}
    not_for: dict[str, dict[tuple[str, str], None]] = {}
    for word in words:
        place = (word.kind, word.code)
        for key in _forms(word.pattern, word.language, prepare):
            shown.setdefault(key, word.pattern)
            meaning = meanings.setdefault(key, {})
            meaning[place] = word.weak and meaning.get(place, True)
        for phrase in word.exclusions:
            for key in _forms(phrase, word.language, prepare):
                shown.setdefault(key, phrase)
                not_for.setdefault(key, {})[place] = None
    for key, pattern in shown.items():
        rows = tuple((kind, code, weak) for (kind, code), weak in meanings.get(key, {}).items())
        yield key, Entry(pattern, rows, tuple(not_for.get(key, ())), not key.endswith(" "))


def _forms(pattern: str, language: str, prepare: Callable[[str], str]) -> Iterator[str]:
    """The pattern as it stands in a prepared text: with blanks around, in the plural too, a stem open at its end."""
    words = prepare(pattern.removesuffix("*")).rstrip(" ")
    if pattern.endswith("*"):
        yield words
        return
    yield words + " "
    if language == "vi":
        return
    yield words + "es "
    if not words.endswith("s"):
        yield words + "s "
    if language == "en" and words.endswith("y"):
        yield words[:-1] + "ies "
