"""Whether a translated field may stand in place of the original. Pure; one failed check is enough to say no.

Not a judge of style: it catches what would cost a shipment, a number that changed or a code that got lost, and
what a model does when it fails: nothing, the same again, the original, or noise.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tbt_watch.language import Language
from tbt_watch.translate.brackets import bracket_faults
from tbt_watch.translate.codes import find_codes, without_codes
from tbt_watch.translate.members import MemberNames
from tbt_watch.translate.negation import negation_faults
from tbt_watch.translate.numerals import Numerals, numerals
from tbt_watch.translate.terms import TermBase, occurrences
from tbt_watch.translate.units import lost_units
from tbt_watch.translate.vietnamese_dates import date_faults

CHECKS = (
    "empty",
    "nfc",
    "characters",
    "numbers",
    "units",
    "dates",
    "codes",
    "brackets",
    "members",
    "negation",
    "terms",
    "unchanged",
    "untranslated",
    "length",
    "repeats",
)
"""The names of all checks, as they stand in ``translations.*.checks``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCheck:
    """Which check failed, and on what: for the person who looks at it."""

    name: str
    detail: str


_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"\u2047|\ufffd|<unk>|\u2581|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Words that no Vietnamese sentence has and every English, French or Spanish one does.
_LEFT_OVER = frozenset(
    word
    for language in (
        "the of and shall which with from are is be this these that those by for must not",
        "les des du et pour dans sur avec est sont aux une",
        "los las del para que se por una y son",
    )
    for word in language.split()
)
_RATIO = (0.4, 3.2)
_SHORT = 12


class Checker:
    """All checks. What they need of the terms and the Members' names is made ready once."""

    def __init__(self, terms: TermBase, language: Language) -> None:
        self._terms = terms
        self.members = MemberNames(language)

    def check(self, source: str, target: str, source_language: str = "en") -> tuple[FailedCheck, ...]:
        """The checks that a Vietnamese ``target`` of ``source`` fails, in the order of ``CHECKS``.

        ``source_language``: "en", "fr" or "es".
        """
        if not target.strip():
            return check(source, target, source_language)
        found = {one.name: one for one in check(source, target, source_language)}
        for name, details in (
            ("members", self.members.faults(source, target, source_language)),
            ("terms", term_faults(self._terms, source, target, source_language)),
        ):
            if detail := ", ".join(details):
                found[name] = FailedCheck(name=name, detail=detail)
        return tuple(found[name] for name in CHECKS if name in found)


def check(source: str, target: str, source_language: str = "en") -> tuple[FailedCheck, ...]:
    """The checks that need neither terms nor names and that a Vietnamese ``target`` of ``source`` fails."""
    if not target.strip():
        return (FailedCheck(name="empty", detail="no text"),) if source.strip() else ()
    found: list[FailedCheck] = []
    for name, details in (
        ("nfc", _nfc(target)),
        ("characters", _characters(source, target)),
        ("numbers", _numbers(source, target, source_language)),
        ("units", lost_units(source, target)),
        ("dates", date_faults(source, target, source_language)),
        ("codes", _codes(source, target)),
        ("brackets", bracket_faults(source, target)),
        ("negation", negation_faults(source, target, source_language)),
        ("unchanged", _unchanged(source, target)),
        ("untranslated", _untranslated(target)),
        ("length", _length(source, target)),
        ("repeats", _repeats(source, target)),
    ):
        detail = ", ".join(details)
        if detail:
            found.append(FailedCheck(name=name, detail=detail))
    return tuple(found)


def term_faults(terms: TermBase, source: str, target: str, language: str) -> Iterator[str]:
    """Terms of the original of which no allowed rendering is in the Vietnamese, and forbidden renderings in it."""
    hits = terms.found(source, language)
    allowed = [
        place for hit in hits for one in (*hit.preferred, *hit.admitted) for place in occurrences(one, target)
    ]
    said: dict[str, None] = {}
    for hit in hits:
        renderings = (*hit.preferred, *hit.admitted)
        if renderings and not any(occurrences(one, target) for one in renderings):
            said[f"{hit.text} is not {' or '.join(renderings[:3])}"] = None
        for one in hit.forbidden:
            for start, end in occurrences(one, target):
                if not any(left <= start and end <= right for left, right in allowed):
                    said[f"{hit.text} is {one}"] = None
    yield from said


def _nfc(target: str) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", target):
        yield "not in Unicode NFC"


def _characters(source: str, target: str) -> Iterator[str]:
    for noise in sorted(set(_NOISE.findall(target)) - set(source)):
        yield f"U+{ord(noise):04X}" if len(noise) == 1 else noise


def _numbers(source: str, target: str, language: str) -> list[str]:
    theirs = numerals(without_codes(source), language)
    ours = numerals(without_codes(target), "vi")
    # One side may write a number as part of a code ("ISO 15403"), the other apart from it.
    lost = sorted(_lost(theirs, ours) - _inside_codes(target))
    invented = sorted(_invented(theirs, ours) - _inside_codes(source))
    return [f"{number} is missing" for number in lost] + [
        f"{number} is not in the original" for number in invented
    ]


def _lost(theirs: Numerals, ours: Numerals) -> set[str]:
    missing = (theirs.written - ours.written).keys() - ours.possible
    return missing | (theirs.spelled - ours.written.keys() - ours.possible)


def _invented(theirs: Numerals, ours: Numerals) -> set[str]:
    return (ours.written - theirs.written).keys() - theirs.spelled - theirs.possible


def _inside_codes(text: str) -> set[str]:
    codes = find_codes(text)
    runs = {run for code in codes for run in re.findall(r"\d+", code.text)}
    runs |= {code.key for code in codes if code.kind == "numbered"}
    return {run.lstrip("0") or "0" for run in runs}


def _codes(source: str, target: str) -> list[str]:
    there, here = find_codes(source), find_codes(target)
    known, plain = _squeezed(source), _squeezed(target)
    # A code may stand in another dress, as long as its letters and digits stand together.
    lost = {code.key: None for code in there if _squeezed(code.key) not in plain}
    strange = {
        code.key: None
        for code in here
        # F1 to F3 may become F1, F2 and F3, and carbon dioxide CO2; a standard out of nowhere is none of that.
        if code.kind != "mixed" and not _stands_in(code.key, known)
    }
    return [f"{key} is missing" for key in lost] + [f"{key} is not in the original" for key in strange]


def _stands_in(key: str, text: str) -> bool:
    number = re.search(r"\d.*", _squeezed(key))
    return number is None or number.group() in text


def _squeezed(text: str) -> str:
    plain = re.sub(r"(?<=\d),(?=\d)", ".", text.casefold().replace("đ", "d"))
    return re.sub(r"[\s:()\u2010-\u2015-]|\b(?:no|số)\b\.?|(?<=\d)\.(?=\d{3}\b)", "", plain)


def _unchanged(source: str, target: str) -> Iterator[str]:
    words = [word for word in _WORD.findall(without_codes(source)) if len(word) > 1]
    if len(words) >= 3 and " ".join(source.split()).casefold() == " ".join(target.split()).casefold():
        yield "the same text as the original"


def _untranslated(target: str) -> Iterator[str]:
    words = [word.casefold() for word in _WORD.findall(without_codes(target))]
    left = [word for word in words if word in _LEFT_OVER]
    if len(set(left)) >= 2 and len(left) * 12 >= len(words):
        yield " ".join(dict.fromkeys(left))


def _length(source: str, target: str) -> Iterator[str]:
    if max(len(source), len(target)) > _SHORT * 3 or min(len(source), len(target)) > _SHORT:
        ratio = len(target) / max(len(source), 1)
        if not _RATIO[0] <= ratio <= _RATIO[1]:
            yield f"{ratio:.1f} times as long as the original"


def _repeats(source: str, target: str) -> Iterator[str]:
    theirs = dict(_loops(source))
    for phrase, times in _loops(target):
        if times > max(theirs.values(), default=0):
            yield f"{phrase!r} {times} times"
            return


def _loops(text: str) -> Iterator[tuple[str, int]]:
    """Phrases of one to twelve words that follow themselves: a word four times, a phrase three times."""
    words = [word.casefold() for word in re.findall(r"\w+", text)]
    for size in range(1, min(12, len(words) // 3) + 1):
        least = 4 if size == 1 else 3
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (least - 1):
                yield " ".join(words[at - size + 1 : at + 1]), run // size + 1
