"""The dossier: everything the house knows of one notice, on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tbt_watch.domain.moment import aware
from tbt_watch.domain.notice import Change, Notice
from tbt_watch.domain.tag import Tag, TagKind
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Age, Decision, State, Version

STAFF = "staff"
"""The source of a version that a person made: a correction, and no news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """A notice with what the stages added. ``seen_at``: when a source first told us; ``accepted_at``: the last
    acceptance; ``first_sent_at``: when a subscriber first had it. ``doubt`` says why its facts are in doubt;
    ``age`` whether it was news when first seen, late (old, but open for comment), or archive.
    ``decision`` is the last one on publication; ``amended`` the fields that a person changed, newest last. ``latest``
    is the number of the newest version, where the versions themselves were not read. ``turns``: how often it was taken
    off the site or put back there."""

    id: int
    notice: Notice
    state: State
    seen_at: datetime
    translated_at: datetime | None = None
    accepted_at: datetime | None = None
    first_sent_at: datetime | None = None
    doubt: str = ""
    age: Age = "FRESH"
    translations: tuple[Translation, ...] = ()
    tags: tuple[Tag, ...] = ()
    versions: tuple[Version, ...] = ()
    decision: Decision | None = None
    amended: tuple[Change, ...] = ()
    latest: int = 1
    turns: int = 0

    def __post_init__(self) -> None:
        aware(self.seen_at, "seen_at")

    @property
    def version(self) -> int:
        """The number of the current version."""
        return self.versions[-1].seq if self.versions else self.latest

    def translation(self, field: str, lang: str) -> Translation | None:
        """The translation of a field into a language that may be shown; None: show the original."""
        for item in self.translations:
            if item.field == field and item.language == lang and item.shown:
                return item
        return None

    def text(self, field: str, lang: str) -> str:
        """The field as a reader of that language sees it: translated where possible, else the original."""
        found = self.translation(field, lang)
        return found.text if found else str(getattr(self.notice, field, ""))

    def codes(self, kind: TagKind) -> tuple[str, ...]:
        """The codes of its tags of one kind, sorted."""
        return tuple(sorted(tag.code for tag in self.tags if tag.kind == kind))


def telling(versions: Iterable[Version]) -> tuple[int, ...]:
    """The numbers of the versions that are worth telling."""
    return tuple(version.seq for version in versions if version.tells)


def news(versions: Iterable[Version]) -> tuple[int, ...]:
    """The numbers of the versions that are news: they tell, and a source made them."""
    return tuple(version.seq for version in versions if version.tells and version.source != STAFF)
