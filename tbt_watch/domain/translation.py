"""Translations: per field, with the origin of every text."""

from dataclasses import dataclass
from typing import Literal

Origin = Literal["official", "template", "memory", "machine", "human"]

READER = "vi"
"""The language that free text is put into, and that the memory and the term base are for."""

FREE_TEXT = ("title", "summary", "products")
"""The fields that a source writes freely; all others are structured and need no engine."""

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
