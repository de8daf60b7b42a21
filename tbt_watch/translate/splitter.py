"""A text into sentences, without a model: it knows how notifications are written.

The pieces cover the text: joined, they give it back. Line breaks always divide; a list's marker ("1.", "(a)",
"-") is a piece of its own, so that no model ever sees or loses it.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["sentence", "marker", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """``text`` as it stands at ``start``: a sentence, a list marker with its blanks, or the blanks between."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next piece starts."""
        return self.start + len(self.text)


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(
    r"\s*(?:[-\u2013\u2014\u2022\u25aa\u25cf\u25cb\u00b7*]|\(?(?:[a-zA-Z]|[ivx]{2,5}|\d{1,2})\)|\d{1,2}(?:\.\d{1,2}){0,3}\.)\s+"
)
_END = re.compile(
    r"(?<![.!?\u2026])(?P<mark>[.!?\u2026]+)(?P<close>[)\]\"'\u201d\u2019\u00bb]*)(?P<blank>\s+)(?=\S)"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'\u201c\u00ab/]+$")
_LONGEST = 20  # letters of an abbreviation, and more
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


# English, French and Spanish in one table: in the notifications they stand side by side.
_ALWAYS = _words(
    "e.g i.e eg ie cf vs viz approx aprox ca dr dra mr mrs ms mme mlle prof sr sra srta sres lic ing spp sp subsp"
    " ssp var hon messrs p.ej p.ex ej c.-à-d env tel tél fax ext incl excl dept resp"
)
_BEFORE_NUMBER = _words(
    "no nos n núm núms num nums nro art arts sec secs sect fig figs para paras par vol vols ch chap cap caps add"
    " rev corr suppl notif reg regs dir dec res ord p pp pág págs pag s ss ex al item ann app tab pt ref réf r.d"
    " inc inciso lit ed éd v ver st cl subcl bull off jo j.o"
)
_STARTERS = _words(
    "the this these those that it its in on an all any each for from by as at to when where if no such there they"
    " we other however the le la les un une des ce cette ces il elle dans pour el los las una este esta estos"
    " estas se en su sus por para"
)


def split(text: str) -> tuple[Piece, ...]:
    """The pieces of ``text``, in their order and without a gap between them."""
    found: list[Piece] = []
    for line in _LINE.finditer(text):
        if line.group().isspace():
            found.append(Piece(kind="gap", text=line.group(), start=line.start()))
        else:
            _split_line(line.group(), line.start(), found)
    return tuple(found)


def sentences(text: str) -> list[str]:
    """Only the sentences."""
    return [piece.text for piece in split(text) if piece.kind == "sentence"]


def _split_line(line: str, offset: int, found: list[Piece]) -> None:
    marker = _MARKER.match(line)
    at = 0
    if marker and marker.end() < len(line):
        found.append(Piece(kind="marker", text=marker.group(), start=offset))
        at = marker.end()
    for candidate in _END.finditer(line, at):
        if _ends(line, at, candidate):
            _add(line, at, candidate.end("close"), offset, found)
            at = candidate.end("close")
    _add(line, at, len(line), offset, found)


def _add(line: str, start: int, end: int, offset: int, found: list[Piece]) -> None:
    part = line[start:end]
    body = part.strip()
    lead = len(part) - len(part.lstrip())
    pieces: tuple[tuple[Kind, str, int], ...] = (
        ("gap", part[:lead], start),
        ("sentence", body, start + lead),
        ("gap", part[lead + len(body) :], start + lead + len(body)),
    )
    for kind, text, at in pieces:
        if text:
            found.append(Piece(kind=kind, text=text, start=offset + at))


def _ends(line: str, start: int, candidate: re.Match[str]) -> bool:
    after = line[candidate.end()]
    if after.islower():
        return False
    if candidate["mark"] != "." or candidate["close"]:
        return True
    before = _WORD_BEFORE.search(line, max(start, candidate.start() - _LONGEST), candidate.start())
    if before is None:
        return True
    return not _binds(before.group().casefold(), before.group(), line, candidate.end())


def _binds(word: str, written: str, line: str, end: int) -> bool:
    """Whether the dot after ``word`` belongs to the word and not to the sentence."""
    if word in _ALWAYS:
        return True
    following = _NEXT_WORD.match(line, end)
    if word in _BEFORE_NUMBER:
        return following is None or _is_label(following.group())
    if _DOTTED.fullmatch(word) or (len(written) == 1 and written.isupper()):
        return following is None or following.group().casefold() not in _STARTERS
    return False


def _is_label(word: str) -> bool:
    """What "Art." or "Annex" is followed by, besides a number: I, IV, A, B1."""
    return len(word) == 1 or set(word) <= set("IVXLC")
