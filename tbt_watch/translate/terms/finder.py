"""Finds terms in a text: every spelling in all its forms, whole words, the longest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import ahocorasick

from tbt_watch.domain.term import TERM_STATUSES, Term, TermStatus
from tbt_watch.domain.text import lowered, tones_in_place
from tbt_watch.translate.terms.inflect import bare_capitals, forms

LANGUAGES = ("en", "fr", "es")
OFFICIAL = frozenset({"hs", "ics"})
"""Domains whose terms are the official wordings of codes; their note begins with the codes, apart by blanks."""

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\n": " "}
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S{1,80}@\S+")
_MARKS = re.compile(r"@|://|www\.")
_EDGE = 2  # how far ``_whole`` looks beyond a word


class TermHit(NamedTuple):
    """A term met in a source text, from and to a place in it, and what it may, or must not, be called."""

    start: int
    end: int
    text: str
    preferred: tuple[str, ...]
    admitted: tuple[str, ...]
    forbidden: tuple[str, ...]

    @property
    def allowed(self) -> tuple[str, ...]:
        """What it may be called, the best first."""
        return self.preferred + self.admitted


class _Renderings(NamedTuple):
    preferred: tuple[str, ...]
    admitted: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a spelling. ``literal``: only these very letters (an abbreviation); ``capitals``: only capitals."""

    renderings: _Renderings
    own: bool
    literal: str = ""
    capitals: bool = False

    def suits(self, text: str) -> bool:
        """Whether what stands in the text is this form."""
        return text == self.literal if self.literal else text.isupper() if self.capitals else True


def folded(text: str) -> str:
    """The text for comparing, letter by letter as long as it was: lower case, plain apostrophes, hyphens and blanks,
    and both ways of placing a Vietnamese tone (``hoá``, ``hóa``) as one."""
    low = lowered(text)
    return low.replace("\n", " ") if low.isascii() else tones_in_place(low.translate(_SAME))


def occurrences(rendering: str, text: str) -> list[tuple[int, int]]:
    """Where the words of a rendering stand in a text as whole words, whatever the case."""
    return places(folded(rendering), folded(text))


def places(key: str, low: str) -> list[tuple[int, int]]:
    """``occurrences`` of a folded rendering in a folded text: for who looks for many in one."""
    found, at = [], low.find(key) if key else -1
    while at >= 0:
        if _whole(low, at, at + len(key)):
            found.append((at, at + len(key)))
        at = low.find(key, at + len(key))
    return found


class Words:
    """An automaton over folded words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        self._longest = 0
        for word in words:
            if word:
                self._automaton.add_word(word, len(word))
                self._longest = max(self._longest, len(word) + _EDGE)
        self._automaton.make_automaton()

    def across(self, low: str, start: int, end: int) -> bool:
        """Whether one of them stands over an edge of that stretch of a folded text, as whole words."""
        first = max(0, start - self._longest)
        return any(
            left < end - first and start - first < right and (left < start - first or right > end - first)
            for left, right in self.places(low[first : end + self._longest])
        )

    def places(self, low: str) -> Iterator[tuple[int, int]]:
        """Where one of them stands in a folded text as whole words."""
        if len(self._automaton):
            for last, length in self._automaton.iter(low):
                if _whole(low, last + 1 - length, last + 1):
                    yield last + 1 - length, last + 1


class Finder:
    """The spellings of one language in all their forms: what is looked for in a text, and what is a whole segment."""

    def __init__(self, shipped: Sequence[Term], own: Sequence[Term], language: str) -> None:
        running, official = _by_spelling(shipped, own, language)
        self._forms = _forms(running, language)
        self._official = {key: _form(terms) for key, terms in official.items()}
        self._words = Words(self._forms)

    def whole(self, text: str) -> str | None:
        """The preferred rendering of a whole segment, where there is exactly one, with the segment's capital. What
        is the office's own goes first, a tariff of its own too; else a term goes before an official wording."""
        key = folded(text)
        wording = self._official.get(key)
        known = [form for form in self._forms.get(key, ()) if form.suits(text)]
        if wording:
            known.append(wording)
        known = [form for form in known if len(form.renderings.preferred) == 1]
        if not known:
            return None
        first = min(known, key=lambda form: not form.own)
        (vi,) = first.renderings.preferred
        if first is wording and text[:1].islower() and vi[1:2].islower():
            return vi[:1].lower() + vi[1:]
        return capital_of(text, vi)

    def hits(self, source: str) -> list[TermHit]:
        """The longest first, as long as they have room."""
        low = folded(source)
        places = sorted(set(self._words.places(low)), key=lambda place: (place[0] - place[1], place))
        taken = bytearray(len(source))
        for match in _ADDRESS.finditer(source) if _MARKS.search(low) else ():
            taken[match.start() : match.end()] = b"\1" * len(match.group())
        found: list[TermHit] = []
        for start, end in places:
            if taken.find(1, start, end) >= 0:
                continue
            text = source[start:end]
            form = next((one for one in self._forms[low[start:end]] if one.suits(text)), None)
            if form is not None:
                taken[start:end] = b"\1" * (end - start)
                found.append(TermHit(start, end, text, *form.renderings))
        return sorted(found)


_Terms = list[tuple[Term, bool]]


def _by_spelling(
    shipped: Sequence[Term], own: Sequence[Term], language: str
) -> tuple[dict[tuple[str, str], _Terms], dict[str, _Terms]]:
    """Terms by (folded spelling, the letters of an abbreviation), and official wordings by folded spelling."""
    running: dict[tuple[str, str], _Terms] = {}
    official: dict[str, _Terms] = {}
    originals = _originals((*shipped, *own), language)
    for terms, is_own in ((shipped, False), (own, True)):
        for term in terms:
            if is_official(term):
                for spelling in term.spellings(language):
                    official.setdefault(bare(folded(spelling)), []).append((term, is_own))
                continue
            for spelling in term.spellings(language) or _borrowed(term, originals):
                literal = spelling if abbreviation(spelling) else ""
                running.setdefault((folded(spelling), literal), []).append((term, is_own))
    return running, official


def _originals(terms: Sequence[Term], language: str) -> dict[str, dict[str, None]]:
    """French or Spanish spellings by the English ones that they stand beside in a preferred row."""
    found: dict[str, dict[str, None]] = {}
    for term in terms:
        if language != "en" and term.status == "preferred" and not is_official(term):
            for english in term.en:
                found.setdefault(folded(english), {}).update(dict.fromkeys(term.spellings(language)))
    return found


def _borrowed(term: Term, originals: dict[str, dict[str, None]]) -> tuple[str, ...]:
    """What a row that gives English only is called in the other language: as the preferred row of its English says."""
    return tuple(dict.fromkeys(one for english in term.en for one in originals.get(folded(english), ())))


def bare(wording: str) -> str:
    """A wording without the colon or semicolon that a nomenclature puts behind it."""
    return wording.rstrip(" :;.,")


def _forms(running: dict[tuple[str, str], _Terms], language: str) -> dict[str, list[_Form]]:
    """Every form by its folded letters: abbreviations first, for they say more; a spelling before a plural."""
    found: dict[str, list[_Form]] = {}
    plurals: list[tuple[str, _Form]] = []
    for (key, literal), terms in sorted(running.items(), key=lambda item: not item[0][1]):
        form = _form(terms, literal)
        found.setdefault(key, []).append(form)
        all_forms = forms(literal or key, language)
        plurals += [(folded(one), replace(form, literal=one) if literal else form) for one in all_forms[1:]]
        if language != "en" and not literal and not key.isascii():
            plurals += [(bare_capitals(one), replace(form, capitals=True)) for one in all_forms]
    for key, form in plurals:
        found.setdefault(key, []).append(form)
    return found


def _form(terms: _Terms, literal: str = "") -> _Form:
    return _Form(_renderings(terms), any(is_own for _, is_own in terms), literal)


def _renderings(terms: _Terms) -> _Renderings:
    """What a spelling may be called. The office's status of a rendering wins; where it prefers one of its own, the
    project's preferred one is still admitted. Of two terms with one name the kinder status of a rendering counts."""
    known: dict[str, tuple[str, TermStatus, bool]] = {}
    for term, is_own in terms:
        key = folded(term.vi)
        before = known.get(key)
        kinder = before and TERM_STATUSES.index(before[1]) <= TERM_STATUSES.index(term.status)
        if before and before[2] == is_own and kinder:
            continue
        known[key] = (bare(term.vi) if is_official(term) else term.vi, term.status, is_own)
    owned = any(status == "preferred" and is_own for _, status, is_own in known.values())
    by_status: dict[TermStatus, list[str]] = {status: [] for status in TERM_STATUSES}
    for vi, status, is_own in known.values():
        by_status["admitted" if status == "preferred" and owned and not is_own else status].append(vi)
    return _Renderings(*(tuple(by_status[status]) for status in TERM_STATUSES))


def abbreviation(spelling: str) -> bool:
    """Whether a spelling is an abbreviation, whose letters say what it is: WHO is no "who"."""
    return " " not in spelling and spelling.isupper() and sum(char.isalpha() for char in spelling) > 1


def is_official(term: Term) -> bool:
    return term.domain in OFFICIAL


def _whole(low: str, start: int, end: int) -> bool:
    """Whether what stands there begins and ends where words do; a hyphen joins (non-compliance, risk-based)."""
    before, behind = low[start - 1 : start], low[end : end + 1]
    if before == "-" and low[start - 2 : start - 1].isalnum():
        return False
    if behind == "-" and low[end + 1 : end + 2].isalnum():
        return False
    return not (before.isalnum() or behind.isalnum() or "_" in (before, behind))


def capital_of(model: str, text: str) -> str:
    """The text with the capital of the model at its start; a capital of its own stays."""
    return text[:1].upper() + text[1:] if model[:1].isupper() else text
