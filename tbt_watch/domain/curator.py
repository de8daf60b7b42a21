"""Curators: the people of the office who decide, and what they may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from tbt_watch.domain.moment import aware
from tbt_watch.domain.text import nfc
from tbt_watch.errors import UsageError

Role = Literal["curator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

IDLE = timedelta(hours=8)
"""A session in which nothing was asked for so long has ended."""
LONGEST = timedelta(days=7)
"""And so has one that is so old, however busy."""


LONGEST_NAME = 80
"""Letters."""
NOBODYS = ("policy",)
"""Names that the record has for others."""


def name_of(text: str) -> str:
    """The name of an account as it is kept. Raises UsageError for what is none."""
    name = nfc(text).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name.casefold() in NOBODYS:
        raise UsageError(
            f"{name!r} is no name for a curator: write one of 1 to {LONGEST_NAME} letters, such as lan.ng."
        )
    return name


@dataclass(frozen=True, kw_only=True, slots=True)
class Curator:
    """An account. ``hash``: argon2id, of the password; ``lang``: what the pages are shown in, empty for the office's
    own; who is ``disabled`` cannot log in, and stays in the record."""

    name: str
    role: Role
    hash: str
    created_at: datetime
    lang: str = ""
    disabled: bool = False
    id: int | None = None

    def __post_init__(self) -> None:
        aware(self.created_at, "created_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSession:
    """A browser in which a curator is logged in. ``expires_at``: its end, however busy."""

    curator: Curator
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def __post_init__(self) -> None:
        aware(self.created_at, "created_at")
        aware(self.seen_at, "seen_at")
        aware(self.expires_at, "expires_at")

    def lives(self, now: datetime) -> bool:
        """Whether it still counts at that moment."""
        return now < self.expires_at and now - self.seen_at < IDLE and not self.curator.disabled
