"""What a crawl is told and what it reports; both travel between processes as JSON."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tbt_watch.domain.moment import aware
from tbt_watch.errors import SourceError


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclaredFeed:
    """A feed that an office declares: a source of its own under ``name``. ``home`` is a page that a person can open."""

    name: str
    title: str
    address: str
    language: str
    home: str


@dataclass(frozen=True, kw_only=True)
class CrawlOptions:
    """How to run a source.

    ``now``: the moment of the run. ``since``, ``until``: days, both included, where the source can be asked
    for a window. ``files``: read these instead of the site. ``fresh``: read even what did not change.
    ``contact``: an address of the office for the user agent. ``hosts``: host name → address that stands in
    for it; ``only_hosts``: no other host is asked. ``window_days``: how many days back a usual run asks for, where
    neither ``since`` nor ``until`` is named; None for the source's own. ``delay``: seconds between two requests to a
    host, over all processes. ``patience``: seconds that an answer may take. ``longest_wait``: seconds; a
    server that asks for more is left for the next run. ``expects`` replaces what the source declares. ``memory``: a
    folder for what is remembered between runs (conditions of downloads, turns at a host); None remembers nothing.
    ``announce``: what is late but still open goes out once. ``answers``: a folder for what sites answered, None keeps
    nothing; ``answers_kept`` of them a source, and ``answers_limit`` bytes in all.
    ``feeds``: the feeds that the office declares; they travel with every crawl, so that no spider need know a
    configuration. ``keys``: source → the secret that its site wants; ``addresses``: what to ask, for a source that
    cannot know it by itself.
    """

    now: datetime
    since: date | None = None
    until: date | None = None
    files: tuple[Path, ...] = ()
    fresh: bool = False
    contact: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    only_hosts: bool = False
    window_days: int | None = None
    delay: float = 1.0
    patience: float = 60.0
    longest_wait: float = 300.0
    retries: int = 2
    expects: tuple[int, int] | None = None
    memory: Path | None = None
    announce: bool = False
    answers: Path | None = None
    answers_kept: int = 50
    answers_limit: int = 200 << 20
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    addresses: tuple[str, ...] = ()
    feeds: tuple[DeclaredFeed, ...] = ()

    def __post_init__(self) -> None:
        aware(self.now, "now")

    def to_json(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return {
            **asdict(self),
            "now": self.now.isoformat(),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "files": [str(path) for path in self.files],
            "hosts": dict(self.hosts),
            "keys": dict(self.keys),
            "memory": str(self.memory) if self.memory else None,
            "answers": str(self.answers) if self.answers else None,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "CrawlOptions":
        """Back from ``to_json``."""
        return cls(
            **{
                **given,
                "now": datetime.fromisoformat(given["now"]),
                "since": date.fromisoformat(given["since"]) if given["since"] else None,
                "until": date.fromisoformat(given["until"]) if given["until"] else None,
                "files": tuple(Path(path) for path in given["files"]),
                "expects": tuple(given["expects"]) if given["expects"] else None,
                "memory": Path(given["memory"]) if given["memory"] else None,
                "answers": Path(given["answers"]) if given["answers"] else None,
                "addresses": tuple(given["addresses"]),
                "feeds": tuple(DeclaredFeed(**feed) for feed in given["feeds"]),
            }
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlIssue:
    """Something that went wrong on the way, for the caller to store. ``key`` is an address, a file's name, or
    empty for the source as a whole; ``todo`` one sentence that says what a person can do."""

    source: str
    key: str
    kind: str
    message: str
    todo: str


def file_digest(path: Path) -> str:
    """The SHA-256 of a file. Raises SourceError when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error


WARNINGS = frozenset({"too-many"})
"""Kinds of issues with which a crawl has not failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlReport:
    """How a crawl went. ``items``: records that the source gave, of which so many are new, changed, or the
    same as before. ``unchanged``: the source has nothing newer than what was read last time."""

    source: str
    items: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    requests: int = 0
    unchanged: bool = False
    issues: tuple[CrawlIssue, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything went wrong that the next run must make good."""
        return any(issue.kind not in WARNINGS for issue in self.issues)

    def to_json(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "CrawlReport":
        """Back from ``to_json``."""
        return cls(**{**given, "issues": tuple(CrawlIssue(**issue) for issue in given["issues"])})
