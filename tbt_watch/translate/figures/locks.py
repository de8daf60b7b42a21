"""Locks: what must come out of a translation exactly is taken out before, and put back in Vietnamese form.

Each stretch gives way to a sentinel (XZ1, XZ2, …) that a model copies; afterwards every sentinel must be there once.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tbt_watch.domain.text import nfc
from tbt_watch.translate.figures.codes import find_codes, vietnamese_code
from tbt_watch.translate.figures.dates import find_dates
from tbt_watch.translate.figures.measures import find_measures
from tbt_watch.translate.figures.references import find_references
from tbt_watch.translate.figures.spans import Span, masked

ALL_KINDS = frozenset({"code", "address", "date", "measure", "number", "name", "term"})
"""What can be locked; "name" and "term" only where names or swaps are handed in."""

_SENTINEL = re.compile(r"[xX][zZ][ \u00a0._-]{0,2}(?P<number>[0-9]+)")
_TOKEN = re.compile(r"\w++")
_DIGIT = re.compile(r"[\d\u2070-\u2089\u00b2\u00b3\u00b9]")
_WORD = re.compile(r"[^\W_]+")
_OF_YEAR = re.compile(r"/\d{4}(?!\w)")
_DAY = re.compile(r"\d{1,2}(?:[-\u2013\u2014]\d{1,2})?/\d")
_ALREADY = re.compile(r"\b(ngày|tháng|số|thứ|nhóm|mã|chương)\s+$", re.IGNORECASE)
_ON = re.compile(r"\b(?:trên|tại|ở)\s+$", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:vào|trước|sau|từ|đến|tới|hết)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lock:
    """One stretch that must come out exactly: as it stood, and as Vietnamese writes it."""

    kind: str
    text: str
    vietnamese: str


@dataclass(frozen=True, slots=True)
class Locked:
    """A sentence with a sentinel in place of each lock, in order."""

    text: str
    locks: tuple[Lock, ...]


def sentinel(n: int) -> str:
    """What stands for the ``n``-th lock of a sentence, counted from 1."""
    return f"XZ{n}"


def lock(
    sentence: str,
    language: str,
    *,
    kinds: Collection[str] = ALL_KINDS,
    names: Mapping[str, str] | None = None,
    swaps: Sequence[tuple[int, int, str]] = (),
) -> Locked:
    """The sentence with all of ``kinds`` locked.

    ``names``: a name in ``language`` → in Vietnamese, locked where it stands as a whole word in the same capitals.
    ``swaps``: start, end and Vietnamese of terms to lock; they win over all else, the first over a later one.
    What looks like a sentinel in the sentence itself is locked whatever ``kinds`` says.
    """
    found = _settled(sentence, _spans(sentence, language, names or {}, swaps))
    text: list[str] = []
    locks: list[Lock] = []
    at = 0
    for span in found:
        if span.kind in kinds or _SENTINEL.search(sentence, span.start, span.end):
            written = sentence[span.start : span.end]
            locks.append(Lock(span.kind, written, nfc(span.vietnamese)))
            text += (sentence[at : span.start], sentinel(len(locks)))
            at = span.end
    return Locked("".join((*text, sentence[at:])), tuple(locks))


def skeleton(sentence: str, language: str, names: Mapping[str, str] | None = None) -> Locked:
    """The sentence with everything locked: two of the same ``text`` differ in locked values only."""
    return lock(sentence, language, names=names)


def restore(text: str, locks: Iterable[Lock]) -> str | None:
    """The text with the Vietnamese form of each lock in place of its sentinel, in NFC.

    None when a sentinel is lost or doubled, or one stands there that was never given. Blanks within a sentinel and
    small letters are forgiven; a blank is set where a word would stick to what is restored.
    """
    left = {str(n): each for n, each in enumerate(locks, 1)}
    parts: list[str] = []
    at = 0
    for match in _SENTINEL.finditer(text):
        found = left.pop(match["number"], None)
        if found is None:
            return None
        before, form = _joined(text[at : match.start()], found)
        glued = match.start() and text[match.start() - 1].isalpha()
        parts += (before, " " if glued else "", form if match.start() else _capital(found, form))
        at = match.end()
        if at < len(text) and text[at].isalpha():
            parts.append(" ")
    return None if left else nfc("".join((*parts, text[at:])))


def vietnamese_form(text: str, language: str) -> str:
    """The text with only its numbers, dates and codes in Vietnamese form, the words as they are."""
    found = lock(text, language)
    return restore(found.text, found.locks) or text


def _joined(before: str, found: Lock) -> tuple[str, str]:
    """What stands before a lock and its form, as they go together: "số số 12" is one word too many, "trước
    12/6/2025" wants its "ngày", and what is done on a day is not done above it."""
    form = found.vietnamese
    word = _ALREADY.search(before)
    if word and form.startswith(f"{word[1].casefold()} "):
        return before, form[len(word[1]) + 1 :]
    if found.kind == "date":
        day = "ngày " if _DAY.match(form) else ""
        if on := _ON.search(before):
            return f"{before[: on.start()]}{'Vào' if on.group()[0].isupper() else 'vào'} ", day + form
        if _SINCE.search(before):
            return before, day + form
    return before, form


def _capital(found: Lock, form: str) -> str:
    return form[:1].upper() + form[1:] if not found.text[:1].islower() and form != found.text else form


def _spans(
    sentence: str, language: str, names: Mapping[str, str], swaps: Sequence[tuple[int, int, str]]
) -> list[Span]:
    """Everything to lock, in its order; what is found first wins, so that none lies over another."""
    taking = _Taking(sentence)
    taking.add(Span(start, end, "term", vietnamese) for start, end, vietnamese in swaps)
    # A sentinel of the sentence's own would be taken for one of ours.
    taking.add(_as_it_stands(_SENTINEL.finditer(taking.rest)))
    taking.add(_codes(taking.rest))
    taking.add(find_dates(taking.rest, language))
    taking.add(find_references(taking.rest))
    taking.add(find_measures(taking.rest, language))
    taking.add(_names(taking.rest, names))
    taking.add(_as_it_stands(word for word in _TOKEN.finditer(taking.rest) if _DIGIT.search(word.group())))
    return sorted(taking.spans, key=lambda span: span.start)


class _Taking:
    """What is taken of a sentence so far: ``spans``, and the sentence with them masked as ``rest``."""

    def __init__(self, sentence: str) -> None:
        self.spans: list[Span] = []
        self.rest = sentence
        self._free = bytearray(b"\1") * len(sentence)

    def add(self, found: Iterable[Span]) -> None:
        added = []
        for span in found:
            size = span.end - span.start
            if size > 0 and self._free.count(1, span.start, span.end) == size:
                self._free[span.start : span.end] = bytes(size)
                added.append(span)
        if added:
            self.spans += added
            self.rest = masked(self.rest, added)


def _as_it_stands(matches: Iterable[re.Match[str]]) -> Iterator[Span]:
    return (Span(match.start(), match.end(), "code", match.group()) for match in matches)


def _codes(text: str) -> Iterator[Span]:
    for code in find_codes(text):
        kind = "address" if code.kind == "address" else "code"
        start, end, form = code.start, code.end, vietnamese_code(code)
        if code.kind == "numbered" and (year := _OF_YEAR.match(text, end)):
            end, form = year.end(), form + year.group()
        quoted = max(code.text.rfind('"'), code.text.rfind("\u201c")) + 1
        if code.kind == "classification" and quoted:
            start, form = start + quoted, code.text[quoted:]  # the opening mark stays with the closing one
        yield Span(start, end, kind, form)


def _settled(sentence: str, spans: list[Span]) -> list[Span]:
    """No sentinel may stick to a word or to another sentinel: what does is one lock with it, letter for letter."""
    found: list[Span] = []
    for span in spans:
        start, end = span.start, span.end
        if span.kind != "term":
            while start and _sticks(sentence[start - 1]):
                start -= 1
            while end < len(sentence) and _sticks(sentence[end]):
                end += 1
        changed = (start, end) != (span.start, span.end)
        if found and (start < found[-1].end or (start == found[-1].end and span.kind != "term")):
            if found[-1].kind == "term":
                start, changed = found[-1].end, True
            else:
                start, changed = found.pop().start, True
        if start < end:
            found.append(Span(start, end, "code", sentence[start:end]) if changed else span)
    return found


def _sticks(char: str) -> bool:
    return char.isalnum() or char == "_"


def _names(text: str, names: Mapping[str, str]) -> Iterator[Span]:
    """The names that stand in the text as whole words, the longest at each place."""
    if not names:
        return
    table = _by_first(frozenset(names.items()))
    at = 0
    for word in _WORD.finditer(text):
        if word.start() < at:
            continue
        for name, vietnamese in table.get(word.group(), ()):
            end = word.start() + len(name)
            if text.startswith(name, word.start()) and (end == len(text) or not _sticks(text[end])):
                yield Span(word.start(), end, "name", vietnamese)
                at = end
                break


@lru_cache(maxsize=16)
def _by_first(names: frozenset[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for name, vietnamese in sorted(names, key=lambda pair: (-len(pair[0]), pair[0])):
        first = _WORD.match(name)
        if first:
            table.setdefault(first.group(), []).append((name, vietnamese))
    return table
