"""A text into what a model can take, and back with every blank line, list marker and address in its place."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tbt_watch.domain.text import nfc
from tbt_watch.translate.figures.codes import without_codes
from tbt_watch.translate.sentences.splitter import split

_WORD = re.compile(r"[^\W\d_]{2,}")
_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_GOES_ON = re.compile(r" ?[a-z\u00df-\u00ff][a-z\u00df-\u00ff'-]*(?:[ ,.;]|$)")
_WIDTH = 45
_CUTS = (
    re.compile(r"[;:](\s+)"),
    re.compile(r"[,)\u2013\u2014](\s+)"),
    re.compile(r"(\s+)"),
)
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``work`` says that it is for the model, else it stays as it is. ``figures``: numbers and
    codes without a word, which Vietnamese may write in another way; a list's marker is none."""

    text: str
    work: bool
    figures: bool = False


def clean(text: str) -> str:
    """NFC, one kind of line break, single blanks; without control, formatting, private and half characters, and
    without the breaks of lines that were only broken for their width."""
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    if not text.isprintable():
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _DROPPED)
    return _unwrapped(_BLANKS.sub(" ", nfc(text)))


def _unwrapped(text: str) -> str:
    """A long line that ends in the middle of a sentence, and a next one that goes on in small letters, are one."""
    if "\n" not in text:
        return text
    found: list[str] = []
    length, last = 0, ""
    for line in text.split("\n"):
        joined = length >= _WIDTH and (last.isalnum() or last == ",") and _GOES_ON.match(line) is not None
        found += (" " if joined else "\n", line.lstrip() if joined else line)
        length = length + 1 + len(line) if joined else len(line)
        last = line.rstrip()[-1:]
    return _BLANKS.sub(" ", "".join(found[1:]))


def parts(text: str, fits: Callable[[str], bool]) -> list[Part]:
    """The parts of a clean text, sentence by sentence; one that does not fit is divided at its clauses.

    A sentence without a word of its own (a number, a symbol, an address) is no work for a model.
    """
    found: list[Part] = []
    for piece in split(text):
        if piece.kind == "sentence" and _WORD.search(without_codes(piece.text)):
            found += divide(piece.text, fits)
        else:
            found.append(Part(piece.text, work=False, figures=piece.kind == "sentence"))
    return found


def divide(sentence: str, fits: Callable[[str], bool]) -> Iterator[Part]:
    """A sentence in parts that fit, cut as near to its middle and at as strong a mark as can be."""
    if len(sentence) < 2 or fits(sentence):
        yield Part(sentence, work=True)
        return
    start, end = _cut(sentence)
    yield from divide(sentence[:start], fits)
    if start < end:
        yield Part(sentence[start:end], work=False)
    yield from divide(sentence[end:], fits)


def _cut(sentence: str) -> tuple[int, int]:
    """The blank to cut at: its start and end; without any, the middle twice."""
    middle = len(sentence) // 2
    for pattern in _CUTS:
        spans = [match.span(1) for match in pattern.finditer(sentence)]
        # Near an end it would cut off crumbs, one by one.
        spans = [span for span in spans if abs(span[0] - middle) * 10 < len(sentence) * 3]
        if spans:
            return min(spans, key=lambda span: abs(span[0] - middle))
    return middle, middle
