"""Terms looked up by words of any of their languages, without regard to tones."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tbt_watch.domain.term import TERM_STATUSES, Term
from tbt_watch.domain.text import fold
from tbt_watch.translate.terms.base import TermBase
from tbt_watch.translate.terms.finder import LANGUAGES, TermHit, folded, is_official
from tbt_watch.translate.terms.inflect import forms
from tbt_watch.translate.terms.table import OFFICE, PROJECT

Key = tuple[str, tuple[str, ...]]


class Row(NamedTuple):
    """A term, whose it is, and the entry that it belongs to."""

    base: str
    term: Term
    key: Key


class Entry(NamedTuple):
    """Everything that is said of one spelling or group of spellings: the office's rows first."""

    key: Key
    rows: tuple[Row, ...]


class Lookup:
    """The terms of a base, read once and looked up often."""

    def __init__(self, base: TermBase) -> None:
        self._rows = [
            (_sought(term), Row(owner, term, key_of(term)))
            for owner, terms in ((OFFICE, base.own), (PROJECT, base.shipped))
            for term in sorted(terms, key=lambda one: (one.domain, one.en, TERM_STATUSES.index(one.status)))
        ]
        self._entries: dict[Key, list[Row]] = {}
        self._spelt: dict[tuple[str, str], list[Row]] = {}
        self._force: dict[Key, TermHit | None] = {}
        for _, row in self._rows:
            self._entries.setdefault(row.key, []).append(row)
            for language in LANGUAGES:
                for spelling in row.term.spellings(language):
                    self._spelt.setdefault((language, folded(spelling)), []).append(row)

    def find(self, words: Sequence[str]) -> Iterator[Row]:
        """Rows that hold all of these words; without words all but the wordings of codes. The office's first."""
        wanted = [fold(word) for word in words]
        for text, row in self._rows:
            if not wanted and is_official(row.term):
                continue
            if all(word in text for word in wanted):
                yield row

    def entries(self, rows: Iterable[Row]) -> list[Key]:
        """The entries that these rows belong to, in their order, each once."""
        return list(dict.fromkeys(row.key for row in rows))

    def entry(self, key: Key) -> Entry | None:
        """All that is said of it; None where nothing is."""
        rows = self._entries.get(key)
        return Entry(key, tuple(rows)) if rows else None

    def called(self, key: Key, text: str) -> bool:
        """Whether that is a name of the entry, in whatever language, without regard to tones."""
        asked = fold(text)
        return any(asked in _sought(row.term).split(" | ") for row in self._entries.get(key, ()))

    def in_force(self, key: Key) -> TermHit | None:
        """What a text that has the first spelling may and must not be called, as the desk takes it: from the rows of
        both bases that have one of its spellings."""
        if key not in self._force:
            self._force[key] = self._counts(*key)
        return self._force[key]

    def _counts(self, language: str, spellings: tuple[str, ...]) -> TermHit | None:
        rows = [row for one in spellings for row in self._spelt.get((language, folded(one)), ())]
        some = TermBase(
            [row.term for row in rows if row.base == PROJECT],
            [row.term for row in rows if row.base == OFFICE],
        )
        hits = some.found(spellings[0], language) if spellings else []
        return next((hit for hit in hits if hit.text == spellings[0]), None)


@lru_cache(maxsize=65_536)
def _sought(term: Term) -> str:
    """The words of a term without tones; of thousands of terms one changes at a time."""
    return fold(" | ".join((*term.en, *term.fr, *term.es, term.vi)))


def key_of(term: Term) -> Key:
    """What an entry goes by: the language of its first spellings, and these."""
    language, spellings, _ = term.name
    return language, spellings


def all_forms(term: Term) -> list[str]:
    """Every way in which a text may write it, plurals too."""
    found = (
        one for language in LANGUAGES for text in term.spellings(language) for one in forms(text, language)
    )
    return list(dict.fromkeys(found))
