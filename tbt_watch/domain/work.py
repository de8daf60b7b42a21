"""What the way leaves behind: raw records, issues, decisions, versions, and the report of a stage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tbt_watch.domain.moment import aware, today
from tbt_watch.domain.notice import Change, Notice

State = Literal["NORMALISED", "TRANSLATED", "TAGGED", "ACCEPTED", "HELD", "REJECTED", "ARCHIVED"]
"""Where a notice stands; COLLECTED is a raw record that no notice has taken up yet."""

Age = Literal["FRESH", "LATE", "ARCHIVE"]
"""How old a notice was when first seen: news; old but still open for comment; or archive."""

AGES: tuple[Age, ...] = ("FRESH", "LATE", "ARCHIVE")

ARCHIVE_DAYS = 30
"""What was published more days than this before it was first seen is archive, or late while it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRecord:
    """What a source said, word for word: ``body`` is its JSON text, ``hash`` the SHA-256 of it."""

    source: str
    key: str
    url: str
    fetched_at: datetime
    body: str
    hash: str

    def __post_init__(self) -> None:
        aware(self.fetched_at, "fetched_at")


def age_of(notice: Notice, seen_at: datetime) -> Age:
    """The age of a notice that was first seen at that moment. Age decides, not who ran the collecting.

    Of standards often only the year of issue is known: those of earlier years are archive.
    """
    seen_on = today(seen_at)
    year = notice.adoption.text or ""
    if notice.published_on is None and year.isdecimal() and int(year) < seen_on.year:
        return "ARCHIVE"
    if notice.published_on is None or (seen_on - notice.published_on).days <= ARCHIVE_DAYS:
        return "FRESH"
    return "LATE" if notice.is_open(seen_on) else "ARCHIVE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """A warning that is somebody's work: where it was met (source and key), what was met, what to do.

    ``kind`` is a stable code; one (source, key, kind) is open once. ``id`` is None before it is stored.
    """

    source: str
    key: str
    kind: str
    message: str
    todo: str
    opened_at: datetime
    id: int | None = None
    times: int = 1
    last_at: datetime | None = None
    closed_at: datetime | None = None
    why: str | None = None

    def __post_init__(self) -> None:
        aware(self.opened_at, "opened_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Who decided what about a notice, when and why; ``by`` is a curator's name or ``policy``."""

    state: Literal["accepted", "held", "rejected", "archived", "amended"]
    by: str
    at: datetime
    why: str = ""
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        aware(self.at, "at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One state of a notice: ``seq`` from 1; ``changes`` against the one before, empty for the first."""

    seq: int
    at: datetime
    source: str
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        aware(self.at, "at")

    @property
    def tells(self) -> bool:
        """Whether this version is worth telling; the first one always is."""
        return self.seq == 1 or any(change.tells for change in self.changes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How a stage went: items moved, items that wait for a person, and what failed.

    ``opened`` counts the issues that this run opened anew; ``counts`` are figures of the stage's own by name
    (``untranslated``); ``notes`` are faults of the whole stage, each one sentence.
    """

    stage: str
    done: int = 0
    waiting: int = 0
    failed: int = 0
    opened: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing failed and no issue was opened."""
        return not self.failed and not self.opened
