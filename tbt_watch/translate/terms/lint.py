"""What can be wrong with a term, and with terms that stand together; each fault is one sentence for a person."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.term import Term, TermStatus
from tbt_watch.translate.terms.base import TermBase
from tbt_watch.translate.terms.finder import LANGUAGES, abbreviation, folded, is_official

_AT_MOST = {"spelling": 200, "rendering": 300, "domain": 40, "note": 1_000}
"""Characters; official wordings may be as long as a tariff makes them."""
_OFFICIAL_AT_MOST = 2_000
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def faults_of(term: Term) -> Iterator[Remark]:
    """What is wrong with one term by itself."""
    originals = [(language, one) for language in LANGUAGES for one in term.spellings(language)]
    if not originals:
        yield remark("it has no spelling in en, fr or es; write how originals call it")
    if not term.vi:
        yield remark("the cell {name} is empty; write what stands there", name="vi")
    if "|" in term.vi:
        said = "the cell vi holds several renderings ({text}); give each a row of its own"
        yield remark(said, text=_short(term.vi))
    cells = [*originals, ("vi", term.vi), ("domain", term.domain), ("note", term.note)]
    for name, text in cells:
        yield from _signs(name, text)
        if len(text) > (limit := _limit(name, term)):
            said = "the cell {name} is too long ({n} characters, {limit} are the most); is it a term?"
            yield remark(said, name=name, n=str(len(text)), limit=str(limit))
    for name, text in (*originals, ("vi", term.vi)):
        if text and not any(char.isalnum() for char in text):
            yield remark(
                "the cell {name} has no letter in it ({text}); write a word", name=name, text=_short(text)
            )
    for language in LANGUAGES:
        keys = [folded(one) if not abbreviation(one) else one for one in term.spellings(language)]
        twice = next((one for number, one in enumerate(keys) if one in keys[:number]), None)
        if twice is not None:
            said = "the spelling {text} stands twice in the cell {name}; once is enough"
            yield remark(said, text=_short(twice), name=language)


def _limit(name: str, term: Term) -> int:
    if is_official(term):
        return _OFFICIAL_AT_MOST
    return _AT_MOST.get(name) or _AT_MOST["rendering" if name == "vi" else "spelling"]


def _signs(name: str, text: str) -> Iterator[Remark]:
    bad = next(
        (char for char in text if char in _TURNING or unicodedata.category(char) in ("Cc", "Cs")), None
    )
    if bad is not None:
        said = "the cell {name} holds a sign that is no letter ({sign}); delete it"
        yield remark(said, name=name, sign=f"U+{ord(bad):04X}")
    if not unicodedata.is_normalized("NFC", text):
        yield remark(
            "the cell {name} is not in Unicode NFC ({text}); type it again", name=name, text=_short(text)
        )


def _short(text: str) -> str:
    return f"“{text}”" if len(text) <= 60 else f"“{text[:57]}…”"


@dataclass(kw_only=True)
class Ledger:
    """Terms as they are taken one after the other: knows when one contradicts what was taken before."""

    _preferred: dict[tuple[str, str], str] = field(default_factory=dict)
    _statuses: dict[tuple[str, str, str], TermStatus] = field(default_factory=dict)

    def contradiction(self, term: Term) -> Remark | None:
        """What the term contradicts; it is taken only when that is nothing. Official wordings contradict nothing:
        of two for one text none is used."""
        if is_official(term):
            return None
        keys = _keys(term)
        vi = folded(term.vi)
        for key in keys:
            spelling = key[1]
            status = self._statuses.get((*key, vi))
            if status == term.status:
                said = "{term} with {vi} stands there twice; once is enough"
                return remark(said, term=_short(spelling), vi=_short(term.vi))
            if status is not None:
                return remark(
                    "{vi} is {status} for {term} and {other} as well; decide on one",
                    vi=_short(term.vi),
                    status=status,
                    term=_short(spelling),
                    other=term.status,
                )
            other = self._preferred.get(key)
            if term.status == "preferred" and other is not None:
                return remark(
                    "{term} has two preferred renderings, {vi} and {other}; make one of them admitted",
                    term=_short(spelling),
                    vi=_short(other),
                    other=_short(term.vi),
                )
        for key in keys:
            self._statuses[*key, vi] = term.status
            if term.status == "preferred":
                self._preferred[key] = term.vi
        return None


def _keys(term: Term) -> dict[tuple[str, str], None]:
    """(language, spelling) by which a term is told from others, abbreviations by their letters. Terms with an English
    name go by that alone, for two of them may well have one name in French or Spanish."""
    languages = ("en",) if term.en else LANGUAGES
    return dict.fromkeys(
        (language, one if abbreviation(one) else folded(one))
        for language in languages
        for one in term.spellings(language)
    )


def faults(base: TermBase) -> Iterator[str]:
    """What is wrong with the terms of a base: each by itself, against the others, and English without a preferred
    rendering."""
    for owner, terms in (("project", base.shipped), ("office", base.own)):
        ledger = Ledger()
        for term in terms:
            where = f"{_named(term)} ({owner})"
            yield from (f"{where}: {fault}." for fault in faults_of(term))
            contradiction = ledger.contradiction(term)
            if contradiction:
                yield f"{where}: {contradiction}."
    yield from _without_preferred(base)


def _without_preferred(base: TermBase) -> Iterator[str]:
    for spelling in dict.fromkeys(one for term in base.entries if not is_official(term) for one in term.en):
        for hit in base.found(spelling, "en"):
            if hit.text == spelling and not hit.preferred:
                yield f"{_short(spelling)} has no preferred rendering; give it one, or make one of its own preferred."


def _named(term: Term) -> str:
    first = next((one for language in LANGUAGES for one in term.spellings(language)), "")
    return _short(first) if first else _short(term.vi)


def file_faults(path: Path) -> Iterator[str]:
    """The lines of a table that are not in Unicode NFC; reading mends them, the file is to be mended."""
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), start=1):
        if not unicodedata.is_normalized("NFC", line):
            yield f"{path.name}, line {number}: not in Unicode NFC; save it again as NFC."
