"""Whether a translated field may stand in place of the original. Pure; one failed check is enough to say no.

Not a judge of style: it catches what would cost a shipment, a number that changed or a code that got lost, and
what a model does when it fails: nothing, the same again, the original, or noise.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tbt_watch.language import Language
from tbt_watch.translate.checks.bounds import bound_faults
from tbt_watch.translate.checks.brackets import bracket_faults
from tbt_watch.translate.checks.codes import code_faults
from tbt_watch.translate.checks.meaning import load_lexicon, meaning_faults
from tbt_watch.translate.checks.members import ORIGINALS, MemberNames
from tbt_watch.translate.checks.modality import modality_faults
from tbt_watch.translate.checks.money import money_faults
from tbt_watch.translate.checks.negation import denies, negation_faults
from tbt_watch.translate.checks.renderings import Said, added, different, settled, term_faults, without
from tbt_watch.translate.checks.units import unit_faults
from tbt_watch.translate.checks.wording import (
    character_faults,
    length_faults,
    nfc_faults,
    repeat_faults,
    unchanged_faults,
    untranslated_faults,
)
from tbt_watch.translate.figures.codes import Code, find_codes
from tbt_watch.translate.figures.numerals import Numerals, numerals
from tbt_watch.translate.figures.vietnamese_dates import date_faults, without_dates
from tbt_watch.translate.terms.base import TermBase
from tbt_watch.translate.terms.finder import TermHit

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
    "modality",
    "terms",
    "meaning",
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


_BROKEN = re.compile(r"(?<![\d.,])00+[.,]\d+")


@dataclass(frozen=True)
class _Pair:
    """An original and its Vietnamese, with what several checks read of them."""

    source: str
    target: str
    language: str

    @classmethod
    def of(cls, source: str, target: str, language: str) -> "_Pair":
        """The pair; an original in a language that we have no words of is read as English is."""
        return cls(source, target, language if language in ORIGINALS else "en")

    @cached_property
    def plain_source(self) -> str:
        return _blanked(self.source, self.source_codes)

    @cached_property
    def plain_target(self) -> str:
        return _blanked(self.target, self.target_codes)

    @cached_property
    def bare_source(self) -> str:
        return without_dates(self.plain_source, self.language)

    @cached_property
    def bare_target(self) -> str:
        return without_dates(self.plain_target, "vi")

    @cached_property
    def source_codes(self) -> tuple[Code, ...]:
        return find_codes(self.source)

    @cached_property
    def target_codes(self) -> tuple[Code, ...]:
        return find_codes(self.target)


def _blanked(text: str, codes: Iterable[Code]) -> str:
    """``codes.without_codes``, for codes that are found already."""
    left: list[str] = []
    at = 0
    for code in codes:
        left += (text[at : code.start], " " * len(code.text))
        at = code.end
    return "".join((*left, text[at:]))


class Checker:
    """All checks. What they need of the terms and the Members' names is made ready once."""

    def __init__(self, terms: TermBase, language: Language) -> None:
        self._terms, self.lexicon = terms, load_lexicon()
        self.members = MemberNames(language)

    def check(
        self, source: str, target: str, source_language: str = "en", members: Collection[str] = ()
    ) -> tuple[FailedCheck, ...]:
        """The checks that a Vietnamese ``target`` of ``source`` fails, in the order of ``CHECKS``.

        ``source_language``: "en", "fr" or "es". ``members``: the codes of the Members whose text it is; the Vietnamese
        may name them where the original only says "the Ministry", and then no other.
        """
        if not target.strip():
            return _empty(source)
        pair = _Pair.of(source, target, source_language)
        hits, said = self._terms.found(source, pair.language), Said(target)
        return _failed(
            {
                **_own(pair),
                "negation": self._negation(pair, hits, said),
                "members": self._members(pair, hits, said, members),
                "terms": term_faults(hits, said),
                "meaning": meaning_faults(self.lexicon, source, target, pair.language),
            }
        )

    def _negation(self, pair: _Pair, hits: Sequence[TermHit], said: Said) -> list[str]:
        """A term that denies in one language only is right where it is called what it may be called."""

        def theirs(text: str) -> bool:
            return denies(text, pair.language)

        def ours(text: str) -> bool:
            return denies(text, "vi")

        found = list(negation_faults(pair.plain_source, pair.plain_target, pair.language))
        if found:
            sources = (pair.plain_source, without(pair.plain_source, settled(hits, said, theirs, ours)))
            targets = (pair.plain_target, without(pair.plain_target, added(hits, said, theirs, ours)))
            ways = dict.fromkeys((source, target) for source in sources for target in targets)
            if not all(any(negation_faults(source, target, pair.language)) for source, target in ways):
                found = []
        return [*bound_faults(pair.bare_source, pair.bare_target, pair.language), *found]

    def _members(
        self, pair: _Pair, hits: Sequence[TermHit], said: Said, members: Collection[str]
    ) -> Iterator[str]:
        """A body may be called by its Member, or without: APHIS is "Cơ quan Kiểm dịch động thực vật Hoa Kỳ"."""

        def theirs(text: str) -> bool:
            return bool(self.members.named(text, pair.language))

        def ours(text: str) -> bool:
            return bool(self.members.named(text, "vi"))

        called = {one for hit in different(hits) for one in hit.allowed if said.places(one)}
        allowed = {
            code for one in called for naming in self.members.named(one, "vi") for code in naming.codes
        }
        asked = without(pair.plain_source, settled(hits, said, theirs, ours))
        return self.members.faults(
            pair.plain_source, pair.plain_target, pair.language, {*members, *allowed}, asked
        )


def check(source: str, target: str, source_language: str = "en") -> tuple[FailedCheck, ...]:
    """The checks that need neither terms nor names and that a Vietnamese ``target`` of ``source`` fails."""
    return _failed(_own(_Pair.of(source, target, source_language))) if target.strip() else _empty(source)


def _empty(source: str) -> tuple[FailedCheck, ...]:
    return (FailedCheck(name="empty", detail="no text"),) if source.strip() else ()


def _own(pair: _Pair) -> dict[str, Iterable[str]]:
    source, target, language = pair.source, pair.target, pair.language
    return {
        "nfc": nfc_faults(target),
        "characters": character_faults(source, target),
        "numbers": _numbers(pair),
        "units": _units(pair),
        "dates": date_faults(pair.plain_source, pair.plain_target, language),
        "codes": code_faults(source, target, pair.source_codes, pair.target_codes),
        "brackets": bracket_faults(source, target),
        "negation": _negation(pair),
        "modality": modality_faults(pair.plain_source, pair.plain_target, language),
        "unchanged": unchanged_faults(source, target, pair.plain_source),
        "untranslated": untranslated_faults(pair.plain_source, pair.plain_target),
        "length": length_faults(source, target),
        "repeats": repeat_faults(source, target),
    }


def _failed(found: Mapping[str, Iterable[str]]) -> tuple[FailedCheck, ...]:
    details = ((name, ", ".join(found[name])) for name in CHECKS if name in found)
    return tuple(FailedCheck(name=name, detail=detail) for name, detail in details if detail)


def _numbers(pair: _Pair) -> list[str]:
    theirs = numerals(pair.plain_source, pair.language)
    ours = numerals(pair.plain_target, "vi")
    # One side may write a number as part of a code ("ISO 15403"), the other apart from it.
    broken = sorted(set(_BROKEN.findall(pair.plain_target)) - set(_BROKEN.findall(pair.plain_source)))
    lost = sorted(_lost(theirs, ours) - _inside(pair.target_codes, pair.source_codes))
    invented = sorted(_invented(theirs, ours) - _inside(pair.source_codes, pair.target_codes))
    return [
        *(f"{number} is missing" for number in lost),
        *(f"{number} is not in the original" for number in invented),
        *(f"{token} is no number" for token in broken),
    ]


def _units(pair: _Pair) -> Iterator[str]:
    yield from unit_faults(pair.bare_source, pair.bare_target, pair.language)
    yield from money_faults(pair.plain_source, pair.plain_target)


def _negation(pair: _Pair) -> Iterator[str]:
    yield from bound_faults(pair.bare_source, pair.bare_target, pair.language)
    yield from negation_faults(pair.plain_source, pair.plain_target, pair.language)


def _lost(theirs: Numerals, ours: Numerals) -> set[str]:
    missing = (theirs.written - ours.written).keys() - ours.possible
    return missing | (theirs.spelled - ours.written.keys() - ours.possible)


def _invented(theirs: Numerals, ours: Numerals) -> set[str]:
    return (ours.written - theirs.written).keys() - theirs.spelled - theirs.possible


def _inside(codes: Iterable[Code], others: Iterable[Code]) -> set[str]:
    """The numbers that stand in those codes which are not among the others."""
    same = {code.key for code in others}
    codes = [code for code in codes if code.key not in same]
    runs = {run for code in codes for run in re.findall(r"\d+", code.text)}
    runs |= {code.key for code in codes if code.kind == "numbered"}
    return {run.lstrip("0") or "0" for run in runs}
