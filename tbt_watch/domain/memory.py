"""Units of the translation memory: a source text and the Vietnamese that a person stands for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SOURCES = ("en", "fr", "es")
"""The languages of originals; the other side of a unit is always Vietnamese."""

UnitOrigin = Literal["human", "import", "shipped"]
"""Written here by a person, taken over from another office's file, or part of the project's own first memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A sentence, or the whole text of a field: then ``notice`` (key) and ``field`` say where it stood. Both are empty
    for a sentence and for what came from a file."""

    language: str
    source: str
    target: str
    origin: UnitOrigin
    by: str = ""
    at: datetime | None = None
    notice: str = ""
    field: str = ""
    id: int | None = None
