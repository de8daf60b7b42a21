"""Tags: which sector, market or topic a notice is about, and why we say so."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tbt_watch.domain.moment import aware

TagKind = Literal["sector", "market", "topic"]
Basis = Literal["stated", "rule", "predicted", "staff"]


SURE = Decimal("0.5")
"""A sector below this confidence is a guess: its notice goes to the general news as well, and to the curator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """One tag. ``reason`` is neutral of language, ``what:detail`` (``hs:8415``, ``word:title:pomelo``);
    ``confidence`` lies between 0 and 1 and is 1 where a source stated the code or staff set the tag."""

    kind: TagKind
    code: str
    basis: Basis
    reason: str
    confidence: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What a person said of a tag: that it holds, or that it does not, whatever codes and words say."""

    kind: TagKind
    code: str
    holds: bool
    by: str
    at: datetime

    def __post_init__(self) -> None:
        aware(self.at, "at")
