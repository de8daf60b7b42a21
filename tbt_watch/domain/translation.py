"""Translations: per field, with the origin of every text."""

from dataclasses import dataclass
from typing import Literal

from tbt_watch.domain.notice import Notice

Origin = Literal["official", "template", "memory", "machine", "human"]

READER = "vi"
"""The language that free text is put into, and that the memory and the term base are for."""

CARRIED = "carried"
"""Stands in the place of the version of the terms where a person's text was written for another source text than the
one that it stands for now: a notification came in Spanish, and then in English."""

FREE_TEXT = ("title", "summary", "products")
"""The fields that a source writes freely; all others are structured and need no engine."""

STARTER = "starter"
"""Stands in the name of an engine whose model is the project's own first one: its texts are trials."""

UNSURE: frozenset[Origin] = frozenset({"machine", "official"})
"""A text of theirs is shown only when it passes every check; what a person of this office wrote is final."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """The text of one field in ``language``. ``source_text`` is the text that was translated: when the source
    says something else later, the translation is out of date. ``checks`` names the checks that failed: a text of a
    machine or of the national office with a failed check is kept for staff and never shown in place of the
    original. ``engine`` names the engine and its model by checksum, ``terms`` the version of the term base:
    with both and the source text any past text can be made again. ``source_language`` is that of ``source_text``;
    empty where nothing was translated."""

    field: str
    language: str
    text: str
    origin: Origin
    source_text: str
    engine: str = ""
    checks: tuple[str, ...] = ()
    source_language: str = ""
    terms: str = ""

    @property
    def shown(self) -> bool:
        """Whether the text may stand in place of the original."""
        return self.origin not in UNSURE or not self.checks

    @property
    def kind(self) -> str:
        """Its origin; ``trial`` where the machine is the project's own first model."""
        return "trial" if self.origin == "machine" and STARTER in self.engine.split() else self.origin


_IN_HEADLINE = ("type", "title", "hs_codes", "ics_codes")
_IN_OPENING = (
    *_IN_HEADLINE,
    "published_on",
    "comment_until",
    "adoption",
    "in_force",
    "objectives",
    "reasons",
)


def source_of(notice: Notice, field: str) -> str:
    """What a text of that field is written from: the original of a free text; of the headline and the opening, the
    facts that stand in them, so that a deadline that moves leaves no old one in print."""
    if field in FREE_TEXT:
        return str(getattr(notice, field))
    names = _IN_HEADLINE if field == "headline" else _IN_OPENING
    return "; ".join(f"{name}: {getattr(notice, name)}" for name in names)
