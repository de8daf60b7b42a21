"""The term base: what words of the field are called in Vietnamese, where they stand in a text, what must not stand.

The project's terms are ``translations/terms.tsv``; the wordings of HS chapters and ICS fields belong to it, and an
office's own terms, which win. Terms of the domains ``hs`` and ``ics`` are official wordings: they count only where
they are a whole segment, for words such as "Other" and "Live" mean something else inside a sentence.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from tbt_watch.domain.term import TERM_STATUSES, Term, TermStatus
from tbt_watch.errors import LanguageError
from tbt_watch.language import translations_dir
from tbt_watch.language.tables import rows, spellings
from tbt_watch.translate.terms.finder import (
    LANGUAGES,
    Finder,
    TermHit,
    Words,
    capital_of,
    folded,
    is_official,
    occurrences,
    places,
)
from tbt_watch.translate.terms.tariff import codes_of

__all__ = ["COLUMNS", "TermBase", "TermHit", "load_terms", "occurrences", "status_of"]

COLUMNS = ("en", "fr", "es", "vi", "status", "domain", "note")

_LEAD = re.compile(r"\s*(?:[-–—•*·]\s*)*")
_TRAIL = " \t\r\n\u00a0:;.,"


class TermBase:
    """Terms, ready to be looked for. ``entries``: the project's and the office's own, in one order; made once."""

    def __init__(self, shipped: Iterable[Term], own: Iterable[Term] = ()) -> None:
        self.shipped = tuple(sorted(shipped, key=_order))
        self.own = tuple(sorted(own, key=_order))
        self._finders: dict[str, Finder] = {}

    @cached_property
    def entries(self) -> tuple[Term, ...]:
        """Every term, the office's own among them."""
        return tuple(sorted((*self.shipped, *self.own), key=_order))

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that stand for exactly these terms: of the SHA-256 over the sorted entries."""
        digest = hashlib.sha256()
        for mark, terms in (("project", self.shipped), ("office", self.own)):
            for term in terms:
                digest.update(json.dumps([mark, *_order(term)], ensure_ascii=False).encode())
        return digest.hexdigest()[:12]

    def found(self, source: str, language: str) -> list[TermHit]:
        """The terms in a text, in its order: whole words, the longest, none over another; plural and capitals too.

        What stands in an address is no word. A language without terms has no hits.
        """
        return self._finder(language).hits(source)

    def exact(self, segment: str, language: str) -> str | None:
        """The Vietnamese of a segment that is a term or an official wording as a whole, else None.

        List dashes before it and ``:;.,`` behind it stay; a capital at its start is kept.
        """
        lead = _LEAD.match(segment)
        start = lead.end() if lead else 0
        core = segment[start:].rstrip(_TRAIL)
        vi = self._finder(language).whole(core)
        return None if vi is None else segment[:start] + vi + segment[start + len(core) :]

    def mended(self, source: str, target: str, language: str) -> str:
        """The target with a forbidden rendering replaced by the preferred one, where nothing else can be meant:
        the term stands once in the source, one forbidden rendering of it once in the target, none of its allowed
        ones does, and the forbidden one is no part of a longer word or of another term."""
        hits = self.found(source, language)
        called = Counter(name for hit in hits for name in _names(hit))
        low = folded(target)
        for hit in hits:
            # No other term in the source may be called what this one must not, or may.
            if len(hit.preferred) == 1 and hit.forbidden and all(called[name] == 1 for name in _names(hit)):
                target, low = self._swapped(hit, target, low)
        return target

    def heading(self, code: str, lang: str = "vi") -> str | None:
        """The official wording of the HS heading (4 digits) that a code falls in, as imported with a tariff: with a
        capital, without a colon. None where no tariff was imported, and for a chapter."""
        digits = code.replace(".", "").replace(" ", "")[:4]
        term = self._headings.get(digits)
        return None if term is None else term.vi if lang == "vi" else term.en[0]

    @cached_property
    def _headings(self) -> dict[str, Term]:
        return {
            code: term
            for term in self.own
            if term.domain == "hs" and term.en and term.status != "forbidden"
            for code in codes_of(term)
            if len(code) == 4 and code.isdigit()
        }

    @cached_property
    def _longer(self) -> Words:
        """The allowed renderings of every term, to see whether a forbidden one is part of another."""
        allowed = {
            folded(term.vi) for term in self.entries if term.status != "forbidden" and not is_official(term)
        }
        return Words(allowed)

    def _finder(self, language: str) -> Finder:
        if language not in self._finders:
            self._finders[language] = Finder(self.shipped, self.own, language)
        return self._finders[language]

    def _swapped(self, hit: TermHit, target: str, low: str) -> tuple[str, str]:
        """The target with one rendering put in another's place, or as it was; ``low``: the same folded."""
        forbidden = [folded(one) for one in hit.forbidden]
        found = _outermost(place for one in forbidden for place in places(one, low))
        if len(found) != 1:
            return target, low
        ((start, end),) = found
        allowed = (place for one in (*hit.preferred, *hit.admitted) for place in places(folded(one), low))
        if any(left < start or right > end for left, right in allowed):
            return target, low
        if self._longer.across(low, start, end):
            return target, low
        old, (new,) = target[start:end], hit.preferred
        written = new.upper() if old.isupper() and " " in old else capital_of(old, new)
        mended = low[:start] + folded(written) + low[end:]
        # With its neighbours the new one may read as a forbidden one again.
        again = (place for one in forbidden for place in places(one, mended))
        if any(left < start or right > start + len(written) for left, right in again):
            return target, low
        return target[:start] + written + target[end:], mended


def load_terms(own: Iterable[Term] = (), folder: Path | None = None) -> TermBase:
    """The project's terms of a folder of translations (the one shipped, when none is named) and the office's own.

    Raises LanguageError for a table that is missing or malformed.
    """
    folder = folder or translations_dir()
    shipped = list(_shipped(folder / "terms.tsv"))
    for name, domain in (("hs_chapters.tsv", "hs"), ("ics_fields.tsv", "ics")):
        shipped += [
            Term(en=(row["name_en"],), vi=row["name_vi"], domain=domain, note=row["code"])
            for row in rows(folder / name, "code name_en name_vi short_en short_vi")
        ]
    return TermBase(shipped, own)


def _shipped(path: Path) -> Iterator[Term]:
    for row in rows(path, " ".join(COLUMNS)):
        status = status_of(row["status"])
        if status is None or not row["vi"]:
            raise LanguageError(
                f"{path.name}: the term {row['en'] or row['fr'] or row['es']!r} needs a Vietnamese rendering and one "
                f"of the statuses {', '.join(TERM_STATUSES)}."
            )
        yield Term(
            **{language: spellings(row[language]) for language in LANGUAGES},
            vi=row["vi"],
            status=status,
            domain=row["domain"],
            note=row["note"],
        )


def status_of(text: str) -> TermStatus | None:
    """The status of that name; an empty one is preferred."""
    name = text.strip().lower() or "preferred"
    return next((one for one in TERM_STATUSES if one == name), None)


def _names(hit: TermHit) -> set[str]:
    return {folded(one) for one in (*hit.preferred, *hit.admitted, *hit.forbidden)}


def _outermost(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places that lie in no other of them."""
    different = set(places)
    return sorted(
        (start, end)
        for start, end in different
        if not any(left <= start and end <= right for left, right in different - {(start, end)})
    )


def _order(term: Term) -> tuple[str, ...]:
    return (
        term.domain, "|".join(term.en), "|".join(term.fr), "|".join(term.es), term.vi, term.status, term.note,
    )  # fmt: skip
