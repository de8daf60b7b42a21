"""Finds the words of the vocabulary in a text: whole words and phrases, stems, the longest first.

A text is lower-cased and every run of signs made one blank, so that a pattern with its blanks around it can
only begin and end where words do. European texts lose their accents as well, for capitals often come without
them; Vietnamese keeps its tones, and both ways of placing them (``thủy``, ``thuỷ``) are read as one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import ahocorasick

from tbt_watch.domain.text import tones_in_place

_SIGNS = re.compile(r"[\W_]+")
_PLAIN: dict[int, str] = {
    code: "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
    for code in range(0xC0, 0x180)
} | {
    **{
        ord(letter): plain
        for letter, plain in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("đ", "d"))
    },
    **{code: " " for code in (*range(0xC0), 0xD7, 0xF7, *range(0x2000, 0x2070)) if not chr(code).isalnum()},
}


def plain_words(text: str) -> str:
    """A European text as words between single blanks: lower case, no accents, no signs."""
    return f" {' '.join(text.lower().translate(_PLAIN).split())} "


def toned_words(text: str) -> str:
    """A Vietnamese text as words between single blanks: lower case, tones kept and placed in one way."""
    low = tones_in_place(unicodedata.normalize("NFC", text).lower())
    return f" {_SIGNS.sub(' ', low)} "


class Entry(NamedTuple):
    """What a pattern stands for: every (kind, code, whether it is weak); ``pattern`` is what a person reads.

    ``not_for``: every (kind, code) that it is an exclusion of: their patterns do not count inside it. A stem is
    ``open``: it reaches to the end of the word.
    """

    pattern: str
    meanings: tuple[tuple[str, str, bool], ...]
    not_for: tuple[tuple[str, str], ...]
    open: bool


class Hit(NamedTuple):
    """A pattern met in a text, from and to a place counted in letters of the prepared text, blanks included."""

    start: int
    end: int
    pattern: str
    kind: str
    code: str
    weak: bool


class Matcher:
    """An automaton over one group of languages. Made once; matching changes nothing in it."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        automaton = ahocorasick.Automaton()
        for key, entry in entries:
            automaton.add_word(key, (len(key), entry))
        automaton.make_automaton()
        self._automaton = automaton

    def hits(self, words: str) -> list[Hit]:
        """Every pattern in the prepared text that no longer one of its kind covers, in the order of the text."""
        if not len(self._automaton):
            return []
        found = [
            (last - length + 1, -(words.find(" ", last) + 1 if entry.open else last + 1), entry)
            for last, (length, entry) in self._automaton.iter(words)
        ]
        if len(found) > 1:
            found.sort(key=_place)
        return list(_uncovered(found))


def _place(found: tuple[int, int, Entry]) -> tuple[int, int, bool]:
    return found[0], found[1], found[2].open


def _uncovered(found: Sequence[tuple[int, int, Entry]]) -> Iterator[Hit]:
    """Sweep from left to right, the longer first: what ends before the furthest end of its kind so far, or there
    but began later, lies inside a longer pattern; what ends within an exclusion of its own lies inside that. Two
    patterns that meet the same words count once for a code."""
    reach = {"sector": (-1, -1), "topic": (-1, -1)}
    closed: dict[tuple[str, str], int] = {}
    given: set[tuple[int, int, str]] = set()
    for start, negative, entry in found:
        end = -negative
        for kind, code, weak in entry.meanings:
            furthest, since = reach[kind]
            inside = (
                end < furthest or (end == furthest and start != since) or end <= closed.get((kind, code), -1)
            )
            if not inside and (start, end, code) not in given:
                given.add((start, end, code))
                yield Hit(start, end, entry.pattern, kind, code, weak)
        for kind, _, _ in entry.meanings:
            if end > reach[kind][0]:
                reach[kind] = (end, start)
        for what in entry.not_for:
            closed[what] = max(end, closed.get(what, -1))
