"""Open data: the notices of each year as files that programs and spreadsheets read, with checksums."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.keys import Keys
from tbt_watch.bulletin.swap import Content, Lazy
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today

ROOM = "du-lieu/"
UNDATED = "khong-ro-ngay"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A line of the data dictionary; ``given`` says in which files it stands: csv, jsonl or both."""

    name: str
    given: str
    type: str
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenData:
    """How notices become data: ``forms`` by the ending of the file, and what their fields mean."""

    forms: dict[str, Callable[[Sequence[Dossier]], bytes]]
    fields: tuple[Field, ...] = ()


@dataclass(kw_only=True, slots=True)
class Year:
    """The files of a year."""

    name: str
    cards: list[Card] = field(default_factory=list)

    def file(self, ending: str) -> str:
        """What a file of it is called."""
        return f"thong-bao-{self.name}.{ending}"


def years(cards: Sequence[Card]) -> list[Year]:
    """The notices by the year of their publication, the newest year first, those without a day last."""
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        day = card.notice.published_on
        if day is None and card.dossier.accepted_at:
            day = today(card.dossier.accepted_at)
        found[str(day.year) if day else UNDATED].append(card)
    named = sorted(found, key=lambda name: (name != UNDATED, name), reverse=True)
    return [Year(name=name, cards=found[name]) for name in named]


def data_files(cards: Sequence[Card], data: OpenData, keys: Keys) -> Iterator[tuple[str, Content]]:
    """The files of every year, and their checksums as ``sha256sum -c`` reads them."""
    for year in years(cards):
        made = _Made(year, data)
        for ending in data.forms:
            key = keys.key(f"data.{ending}", year.cards, year.name)
            yield ROOM + year.file(ending), Lazy(key, partial(made.body, ending))
        yield ROOM + year.file("sha256"), Lazy(keys.key("data.sums", year.cards, year.name), made.sums)


class _Made:
    """The bytes of a year's files, each made once."""

    def __init__(self, year: Year, data: OpenData) -> None:
        self._year, self._data = year, data
        self._bodies: dict[str, bytes] = {}

    def body(self, ending: str) -> bytes:
        if ending not in self._bodies:
            self._bodies[ending] = self._data.forms[ending]([card.dossier for card in self._year.cards])
        return self._bodies[ending]

    def sums(self) -> bytes:
        lines = [
            f"{hashlib.sha256(self.body(ending)).hexdigest()}  {self._year.file(ending)}\n"
            for ending in self._data.forms
        ]
        return "".join(lines).encode()
