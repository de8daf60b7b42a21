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
    r"""\s*(?:(?:
        [-\u2013\u2014\u00b7*\u2192\u27a2\u2713]\s+             # - dashes and arrows
      | [\u2022\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u2610\u2611\u2612\uf0b7]\s*  # bullets and boxes
      | \[[ xX]?\]\s+                                          # [ ] [X]
      | \(?(?:[a-zA-Z]|[ivx]{2,5}|\d{1,2})\)\s+                # (a) ii) 3)
      | \d{1,2}(?:\.\d{1,2}){0,3}\.\s+(?!\d{1,2}\.\s*\d)       # 1. 1.2. but not 5. 10. 2026
      | \d{1,2}(?:\.\d{1,2}){1,3}\s+(?=[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]{2})  # 1.1 Scope but not 2.5 mg
      | (?:[a-z]|[ivx]{2,5}|[IVX]{1,5})\.\s+(?=[\"\u201c\u00ab]?[A-Z\u00c0-\u00de])  # a. Toys IV. Labels
    ))+""",
    re.VERBOSE,
)
_END = re.compile(
    r"(?<![.!?\u2026])(?P<mark>[.!?\u2026]+)(?P<close>(?:[)\]\"'\u201d\u2019]|\s?\u00bb)*)(?P<blank>\s+)(?=\S)"
    # Where line breaks were lost on the way: "creams.Wax for wood", "feet.e. Eggs".
    r"|(?<=[a-z\u00df-\u00ff]{3})(?P<lost>[.:;])(?=[A-Z][a-z]{2}|[a-z]\.\s[A-Z])"
)
_ADDRESS = re.compile(r"://|@|www\.", re.IGNORECASE)
_NEAR = 200
_WORD_BEFORE = re.compile(r"[^\s()\[\]\"'\u201c\u00ab/]+$")
_LONGEST = 20  # letters of an abbreviation, and more
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_LISTED = re.compile(r"(?:[:;,](?:\s+(?:and|or|et|ou|y|o))?|(?<!\w)\d{1,2}\.)\s*\w{1,3}$")
_ITEM = re.compile(r"\d{1,2}|[a-z]|[ivx]{2,3}")


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


# English, French and Spanish in one table: in the notifications they stand side by side.
_ALWAYS = _words(
    "e.g i.e eg ie cf vs viz approx aprox ca dr dra mr mrs ms mme mlle prof sra srta sres lic ing hon messrs p.ej"
    " p.ex ej c.-à-d env"
)
# Bound to what follows, unless that begins a sentence for certain.
_MOSTLY = _words(
    "inc ltd co corp bros llc plc cía jr sr st ste sta mt ft spp sp subsp ssp var pv cv f.sp syn auct linn"
    " incl excl dept resp seq fed eur ph av ave avda blvd col urb est gov govt min max al"
)
_BEFORE_NUMBER = _words(
    "no nos n núm núms num nums nro art arts sec secs sect fig figs para paras par vol vols ch chap cap caps add"
    " rev corr suppl notif reg regs dir dec res ord p pp pág págs pag s ss ex al item ann app tab pt ref réf r.d"
    " inc inciso lit ed éd v ver cl subcl bull off jo j.o std tit wt temp jan feb mar apr jun jul aug sep sept oct nov"
    " janv févr avr juil déc ene abr ago dic tel tél fax ext"
)
_STARTERS = _words(
    "the this these those that it its in on an a all any each for from by as at to when where if no such there they"
    " we other however the le la les un une des ce cette ces il elle dans pour el los las una este esta estos"
    " estas se en su sus por para se"
)
# After these a capital is a label, and the dot the end: "Annex A. Packaging shall …", "vitamin C. Packaging …".
_LABELLED = _words(
    "annex annexe anexo appendix type tipo class clase classe vitamin vitamine vitamina hepatitis group grupo groupe"
    " category categoría catégorie part table tabla tableau chapter section schedule grade zone form list level"
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
    at = _mark(line, 0, offset, found)
    for candidate in _END.finditer(line):
        if candidate.start() >= at and _ends(line, at, candidate):
            end = candidate.end("lost" if candidate["lost"] else "close")
            _add(line, at, end, offset, found)
            at = _mark(line, end, offset, found)
    _add(line, at, len(line), offset, found)


def _mark(line: str, at: int, offset: int, found: list[Piece]) -> int:
    """Take the list marker at the start of a sentence, where something follows it; where the sentence goes on."""
    marker = _MARKER.match(line, at)
    if marker is None or marker.end() == len(line):
        return at
    found.append(Piece(kind="marker", text=marker.group(), start=offset + at))
    return marker.end()


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
    if candidate["lost"]:
        return not _in_address(line, candidate.start())
    if line[candidate.end()].islower():
        return False
    if candidate["mark"] != ".":
        return True
    before = _WORD_BEFORE.search(line, max(start, candidate.start() - _LONGEST), candidate.start())
    if before is None:
        return True
    if candidate["close"]:
        return not (candidate["close"] == ")" and _is_author(line, before, candidate.end()))
    return not _binds(line, start, before, candidate.end())


def _in_address(line: str, at: int) -> bool:
    """Whether the blank-free stretch around ``at`` is an address; of a very long one, what is near."""
    before, after = line[max(0, at - _NEAR) : at], line[at : at + _NEAR]
    return _ADDRESS.search(before.rsplit(" ", 1)[-1] + after.split(" ", 1)[0]) is not None


def _is_author(line: str, before: re.Match[str], end: int) -> bool:
    """Whether a bracket closes what it opened: "Citrus sinensis (L.) Osbeck", "Huawei (Co.) Ltd"."""
    opened = line[before.start() - 1 : before.start()] == "("
    return opened and not _starts(line, end)


def _starts(line: str, end: int) -> bool:
    following = _NEXT_WORD.match(line, end)
    return following is not None and following.group().casefold() in _STARTERS


def _binds(line: str, start: int, before: re.Match[str], end: int) -> bool:
    """Whether the dot after a word belongs to the word and not to the sentence."""
    written = before.group()
    word = written.casefold()
    if word in _ALWAYS:
        return True
    following = _NEXT_WORD.match(line, end)
    if word in _BEFORE_NUMBER and (following is None or _is_label(line, following)):
        return True
    if word in _BEFORE_NUMBER and written[0].isupper() and following and following.group().isupper():
        return not _starts(line, end)  # "Regulation No. ECE 16"
    if word in _MOSTLY or _DOTTED.fullmatch(word):
        return not _starts(line, end)
    if len(written) == 1 and written.isupper():
        return not _starts(line, end) and _is_initial(line, start, before.start())
    return _ITEM.fullmatch(written) is not None and _is_listed(line, start, before)


def _is_listed(line: str, start: int, before: re.Match[str]) -> bool:
    """Whether a small number is an item's or a date's: "as follows: 1. Toys; and ii. Rice", "5. 10. 2026"."""
    return (
        before.start() == start
        or _LISTED.search(line, max(start, before.start() - 8), before.end()) is not None
    )


def _is_initial(line: str, start: int, at: int) -> bool:
    """Whether a capital letter is somebody's first name: not mg/L, not Annex A."""
    if at > start and line[at - 1] == "/":
        return False
    before = line[max(start, at - _LONGEST) : at].split()
    return not before or before[-1].casefold() not in _LABELLED


def _is_label(line: str, following: re.Match[str]) -> bool:
    """What "Art." or "Annex" is followed by, besides a number: I, IV, A, B1, or another "No."."""
    word = following.group()
    another = word.casefold() in _BEFORE_NUMBER and line[following.end() : following.end() + 1] == "."
    return len(word) == 1 or set(word) <= set("IVXLC") or another
