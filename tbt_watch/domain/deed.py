"""Deeds: what a person did to the office's terms, its translation memory or its accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from tbt_watch.domain.moment import aware

About = Literal["term", "unit", "account"]
ABOUT: tuple[About, ...] = get_args(About)

What = Literal["added", "changed", "removed", "password", "ended"]
"""``password``: another one was set; ``ended``: an account was logged out everywhere."""

Facts = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One line of the record. ``name``: what it was done to, as people call it; ``by``: the curator, empty for the
    command line; ``before``, ``after``: what stood there, None for nothing. No password stands in either."""

    about: About
    what: What
    name: str
    by: str
    at: datetime
    before: Facts | None = None
    after: Facts | None = None
    id: int = 0

    def __post_init__(self) -> None:
        aware(self.at, "at")
