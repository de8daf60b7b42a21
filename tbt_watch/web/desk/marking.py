"""Texts cut into stretches, so that a page can mark terms and what a check complains of, letter for letter."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tbt_watch.translate.checks.checker import FailedCheck
from tbt_watch.translate.terms.base import TermHit

Kind = Literal["", "term", "fault"]
Side = Literal["source", "target"]

_MISSING = re.compile(r"(.+?) is missing")
_INVENTED = re.compile(r"(.+?) is not in the original")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text; ``note``: what is said of it."""

    text: str
    kind: Kind = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where, what it is, and what is said of it."""

    start: int
    end: int
    kind: Kind
    note: str


def stretches(text: str, spans: Iterable[Span]) -> list[Stretch]:
    """The whole text in stretches; a fault goes before a term, and of two that overlap the one that begins first."""
    taken: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.kind != "fault", one.start, -one.end)):
        if span.start < span.end and all(span.end <= one.start or one.end <= span.start for one in taken):
            taken.append(span)
    found, at = [], 0
    for span in sorted(taken, key=lambda one: one.start):
        if at < span.start:
            found.append(Stretch(text[at : span.start]))
        found.append(Stretch(text[span.start : span.end], span.kind, span.note))
        at = span.end
    if at < len(text):
        found.append(Stretch(text[at:]))
    return found


def term_spans(hits: Iterable[TermHit]) -> Iterator[Span]:
    """Where terms stand in an original, with what they are called."""
    for hit in hits:
        yield Span(hit.start, hit.end, "term", ", ".join(hit.allowed))


def fault_spans(text: str, failed: Sequence[FailedCheck], side: Side) -> Iterator[Span]:
    """Where in one of the two texts stands what the checks complain of: what is missing is marked in the original, what
    is new in the translation, what is said of neither wherever it stands."""
    for check in failed:
        for piece in check.detail.split(", "):
            for words in _pieces(piece, side):
                for start, end in _places(words, text):
                    yield Span(start, end, "fault", check.name)


def _pieces(piece: str, side: Side) -> Iterator[str]:
    missing, invented = _MISSING.fullmatch(piece), _INVENTED.fullmatch(piece)
    if missing or invented:
        found = missing if side == "source" else invented
        if found:
            yield found[1]
        return
    quoted = re.findall(r"[“\"'«]([^”\"'»]+)[”\"'»]", piece)
    yield from quoted or [piece]


def _places(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand whole: a number also with the other language's marks in it (0.01 and 0,01)."""
    words = words.strip()
    if not words or (len(words) < _SHORTEST and not words.isdigit()):
        return
    pattern = re.escape(words)
    if words[0].isdigit():
        whole, _, rest = words.partition(".")
        figures = r"[.,\s\u00a0\u202f]?".join(whole)
        pattern = figures + (rf"[.,]{re.escape(rest)}0*" if rest else r"(?:[.,]0+)?")
    for match in re.finditer(rf"(?<![\w]){pattern}(?![\w])", text, re.IGNORECASE):
        yield match.start(), match.end()
