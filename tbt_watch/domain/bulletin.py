"""Editions of the bulletin: the weekly one, and the periodical that is put together from them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import aware

BulletinKind = Literal["bulletin", "periodical"]
"""Weekly "bản tin nhanh", or monthly or quarterly "tập san"."""

Part = Literal["closing", "warnings", "law", "market", "other"]
"""The parts in the order of the provincial bulletins: what closes soon (a box), Tin cảnh báo, Thông tin pháp luật,
Thị trường – hội nhập, and what the editors add."""

PARTS: tuple[Part, ...] = ("closing", "warnings", "law", "market", "other")

FIELDS = ("title", "words", "sections", "since", "until", "lang")
"""What a curator changes of a draft."""

LONGEST_TITLE = 300
LONGEST_WORDS = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinItem:
    """A notice in a section, in the version that is told."""

    key: str
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section: its part, its heading by language (``vi``, ``en``), the editor's words above it (Markdown), its
    notices in order."""

    part: Part
    vi: str = ""
    en: str = ""
    words: str = ""
    items: tuple[BulletinItem, ...] = ()

    def heading(self, lang: str) -> str:
        """Its heading in that language; the other one where there is none."""
        return (self.en or self.vi) if lang == "en" else (self.vi or self.en)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulletin:
    """One edition. ``since`` and ``until`` are days, both included. ``number`` runs per kind and ``year`` without gaps
    and is given at publication. ``revision`` counts the times it was saved; ``composed_at``: what was accepted later is
    for the next edition. ``id`` is None before it is stored."""

    kind: BulletinKind
    since: date
    until: date
    composed_at: datetime
    lang: Literal["vi", "en"] = "vi"
    title: str = ""
    words: str = ""
    sections: tuple[Section, ...] = ()
    state: Literal["draft", "published"] = "draft"
    revision: int = 1
    id: int | None = None
    year: int | None = None
    number: int | None = None
    created_by: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    published_by: str = ""
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        aware(self.composed_at, "composed_at")

    @property
    def published(self) -> bool:
        """Whether it has gone out."""
        return self.state == "published"

    @property
    def items(self) -> tuple[BulletinItem, ...]:
        """Every notice of it, each once, in the order of the sections."""
        found = {item.key: item for section in self.sections for item in section.items}
        return tuple(found.values())

    @property
    def told(self) -> tuple[BulletinItem, ...]:
        """What it tells as news: all but the box of what closes soon."""
        return tuple(item for one in self.sections if one.part != "closing" for item in one.items)

    def at(self, versions: dict[str, int]) -> "Bulletin":
        """The same with the versions of its notices as they are now."""
        sections = tuple(
            replace(
                section,
                items=tuple(
                    replace(item, version=versions.get(item.key, item.version)) for item in section.items
                ),
            )
            for section in self.sections
        )
        return replace(self, sections=sections)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it to publish: no notice, and no word of the editors."""
        return not self.items and not any(map(str.strip, (self.words, *(one.words for one in self.sections))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One saving of an edition: who, when, and which of FIELDS (none for the first)."""

    revision: int
    by: str
    at: datetime
    fields: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        aware(self.at, "at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file of an edition as it was published."""

    name: str
    media: str
    body: bytes = field(repr=False)
    sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """What an edition was published from: ``frame`` is all that decided its look besides the notices (JSON), ``made``
    the programs that made its files, by name; ``papers`` the files themselves."""

    frame: str
    dossiers: tuple[Dossier, ...]
    made: dict[str, str] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
