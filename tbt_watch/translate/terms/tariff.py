"""A customs tariff in both languages: the official wordings of HS headings and subheadings, and what they become.

A tariff is a table with the columns of ``COLUMNS``, one row a wording; a row without a code stands above those that it
divides. Nomenclature: Circular 31/2022/TT-BTC (AHTN 2022) and what follows it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.term import Term, TermStatus
from tbt_watch.translate.terms.finder import bare, folded

COLUMNS = ("level", "hs_code", "vi", "en", "path_vi", "path_en", "mfn_rate")
NEEDED = ("hs_code", "vi", "en")
DOMAIN = "hs"

_REMARK = re.compile(r"\s*\((?:SEN|\*)\)")
_FOOTNOTE = re.compile(r"\s*\(\d\)\Z")
_CODE = re.compile(r"\d{2,12}-?")
_CODES_AT_MOST = 12  # under one wording; of more, only the chapters are named


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """The wordings of a tariff as terms. ``chapters``: those that the file is about. ``silent``: rows that lack one of
    the two languages. ``ambiguous``: wordings that are put into Vietnamese in several ways, which are left out."""

    terms: tuple[Term, ...]
    chapters: frozenset[str]
    silent: int
    ambiguous: int


def is_tariff(head: Sequence[str]) -> bool:
    """Whether a header is that of a tariff."""
    return all(name in head for name in NEEDED)


def read_tariff(rows: Iterable[tuple[int, Mapping[str, str]]], faults: list[tuple[int, Remark]]) -> Tariff:
    """The wordings of a tariff; rows with a code that is none are added to the faults."""
    found: dict[str, dict[str, _Wording]] = {}
    chapters: set[str] = set()
    heading, silent = "", 0
    for line, cells in rows:
        code = re.sub(r"[.\s]", "", cells.get("hs_code", ""))
        en, vi = bare(cells.get("en", "")), _plain(cells.get("vi", ""))
        if not en or not vi:
            silent += 1
            continue
        fault = _fault(code, en, vi)
        if fault:
            faults.append((line, fault))
            continue
        heading = code[:4] if code else heading
        chapters.update({heading[:2]} if heading else ())
        wording = found.setdefault(folded(en), {}).setdefault(_letters(vi), _Wording(en))
        wording.said[vi] += 1
        if code and (cells["level"] == "0" if cells.get("level") else len(code) == 4):
            wording.headings.append(heading)
        if len(code) != 4:
            wording.codes.append(code or f"{heading}-")
    terms = [term for renderings in found.values() for term in _terms(renderings)]
    ambiguous = sum(len(renderings) > 1 for renderings in found.values())
    return Tariff(terms=tuple(terms), chapters=frozenset(chapters), silent=silent, ambiguous=ambiguous)


def merged(tariff: Tariff, own: Iterable[Term], *, whole: bool = False) -> tuple[list[Term], list[Term]]:
    """(what to put, what to remove) so that the wordings of the tariff's chapters are those of the tariff, and those of
    other chapters stay, unless the tariff is ``whole``. What names no code was written by hand and stays too."""
    put = {(term.en, term.vi): term for term in tariff.terms}
    gone = []
    for term in own:
        codes = codes_of(term)
        if term.domain != DOMAIN or not codes:
            continue
        left = [code for code in codes if code[:2] not in tariff.chapters and not whole]
        new = put.get((term.en, term.vi))
        if new is not None:
            put[term.en, term.vi] = replace(new, note=_noted((*codes_of(new), *left)))
        elif not left:
            gone.append(term)
        elif len(left) < len(codes):
            put[term.en, term.vi] = replace(term, note=_noted(left))
    return list(put.values()), gone


def codes_of(term: Term) -> tuple[str, ...]:
    """The codes that the note of an official wording begins with; ``0101-`` is a row without a code below 0101."""
    if term.domain != DOMAIN:
        return ()
    codes = []
    for word in term.note.split():
        if not _CODE.fullmatch(word):
            break
        codes.append(word)
    return tuple(codes)


def _noted(codes: Iterable[str]) -> str:
    """Codes as they stand in a note: all headings, and the others; of too many only their chapters (``01-``)."""
    different = dict.fromkeys(code for code in codes if code != "-")
    headings = [code for code in different if len(code) == 4]
    others = [code for code in different if len(code) != 4]
    if len(others) > _CODES_AT_MOST or any(len(code) == 3 for code in others):
        others = list({f"{code[:2]}-": None for code in others})
    return " ".join(sorted((*headings, *others)))


class _Wording:
    """One wording with one rendering, the ways in which it is printed, and where it stands."""

    def __init__(self, en: str) -> None:
        self.en = en
        self.said: Counter[str] = Counter()
        self.codes: list[str] = []
        self.headings: list[str] = []


def _terms(renderings: Mapping[str, _Wording]) -> Iterator[Term]:
    """The term of a wording that has one rendering; of others only headings, which are looked up by their code."""
    clear = len(renderings) == 1
    for one in renderings.values():
        note = _noted((*one.headings, *one.codes) if clear else one.headings)
        if clear or note:
            status: TermStatus = "preferred" if clear else "admitted"
            ((vi, _),) = one.said.most_common(1)
            yield Term(en=(one.en,), vi=vi, status=status, domain=DOMAIN, note=note)


def _letters(vi: str) -> str:
    """A rendering without blanks and hyphens: "15cm" and "15 cm", "ăng-ten" and "ăng ten" are one."""
    return re.sub(r"[\s-]", "", folded(vi))


def _plain(vi: str) -> str:
    """A Vietnamese wording without the marks of notes (``(SEN)``, ``(*)``, ``(1)``) and the colon behind it."""
    return bare(_FOOTNOTE.sub("", _REMARK.sub("", bare(vi)))).strip()


def _fault(code: str, en: str, vi: str) -> Remark | None:
    if code and (not code.isdecimal() or not code.isascii()):
        return remark("the code “{code}” is none; write digits", code=code[:20])
    if code and (len(code) % 2 or not 2 <= len(code) <= 12):
        return remark(
            "the code {code} has {n} digits; a spreadsheet may have dropped a zero at its beginning: keep the column "
            "as text",
            code=code[:20],
            n=len(code),
        )
    if "|" in en or "|" in vi:
        return remark("a wording holds the sign |, which separates spellings; take it out")
    return None


__all__ = ["COLUMNS", "Tariff", "codes_of", "is_tariff", "merged", "read_tariff"]
