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

_SIGNS = re.compile(r"[\W_]+")
_LETTERS = {
    code: "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
    for code in range(0xC0, 0x180)
} | {ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss", ord("ø"): "o", ord("đ"): "d"}
_TONES = tuple(
    (old, new)
    for olds, news in (("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
                       ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"))
    for old, new in zip(olds.split(), news.split(), strict=True)
)  # fmt: skip


def plain_words(text: str) -> str:
    """A European text as words between single blanks: lower case, no accents, no signs."""
    low = text.lower()
    if not low.isascii():
        low = low.translate(_LETTERS)
    return f" {_SIGNS.sub(' ', low)} "


def toned_words(text: str) -> str:
    """A Vietnamese text as words between single blanks: lower case, tones kept and placed in one way."""
    low = unicodedata.normalize("NFC", text).lower()
    for old, new in _TONES:
        low = low.replace(old, new)
    return f" {_SIGNS.sub(' ', low)} "


class Entry(NamedTuple):
    """What a pattern stands for: (kind, code), whether it is weak; ``pattern`` is what a person reads.

    An entry whose ``codes`` are empty only covers what lies inside it.
    """

    pattern: str
    codes: tuple[tuple[str, str, bool], ...]
    kinds: frozenset[str]


class Hit(NamedTuple):
    """A pattern met in a text, at a place counted in letters of the prepared text."""

    start: int
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
            (end - length + 1, -length, entry) for end, (length, entry) in self._automaton.iter(words)
        ]
        if len(found) > 1:
            found.sort(key=_place)
        return list(_uncovered(found))


def _place(found: tuple[int, int, Entry]) -> tuple[int, int]:
    return found[0], found[1]


def _uncovered(found: Sequence[tuple[int, int, Entry]]) -> Iterator[Hit]:
    """Sweep from left to right: what ends before the furthest end of its kind seen so far lies inside it."""
    reach = {"sector": -1, "topic": -1}
    for start, negative, entry in found:
        end = start - negative
        for kind, code, weak in entry.codes:
            if end > reach[kind]:
                yield Hit(start, entry.pattern, kind, code, weak)
        for kind in entry.kinds:
            if end > reach[kind]:
                reach[kind] = end
