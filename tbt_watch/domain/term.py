"""Terms: what a word of the field is called in Vietnamese, and what it must not be called."""

from dataclasses import dataclass
from typing import Literal, get_args

TermStatus = Literal["preferred", "admitted", "forbidden"]
TERM_STATUSES: tuple[TermStatus, ...] = get_args(TermStatus)


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One rendering of one term. ``en``, ``fr``, ``es``: how originals write it, several spellings in each; ``vi``:
    the Vietnamese rendering, which is ``preferred``, ``admitted`` or ``forbidden`` for it."""

    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    vi: str
    status: TermStatus = "preferred"
    domain: str = ""
    note: str = ""

    @property
    def name(self) -> tuple[str, tuple[str, ...], str]:
        """What it is known by among an office's terms: its English spellings (without them, the French or Spanish
        ones) and its Vietnamese; the rest of it may change."""
        language = "en" if self.en else "fr" if self.fr else "es"
        return language, self.spellings(language), self.vi

    def spellings(self, language: str) -> tuple[str, ...]:
        """How originals in that language write it ("en", "fr", "es")."""
        return {"en": self.en, "fr": self.fr, "es": self.es}.get(language, ())
