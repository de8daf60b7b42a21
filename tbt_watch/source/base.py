"""What every source declares, and the things it yields."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import scrapy
from scrapy.http import Request, Response

from tbt_watch.domain.moment import aware
from tbt_watch.errors import UsageError

JSON = None | bool | int | float | str | list["JSON"] | Mapping[str, "JSON"]
Frequency = Literal["hourly", "daily", "weekly"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RawItem:
    """One record, word for word as the source said it. ``key`` names it within its source and stays the same
    when the source rewrites the record; ``body`` is what was said, as JSON can carry it; ``url`` is where a
    person or a program finds it."""

    source: str
    key: str
    body: Mapping[str, JSON]
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Several items at once, for sources of many thousands: one by one each costs as much as reading it."""

    items: tuple[RawItem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchanged:
    """Said instead of items when the source has nothing newer than what was read last time."""

    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Downloaded:
    """Said after the last item of a file that was read to its end; ``etag`` and ``modified`` as the server
    gave them, or empty."""

    url: str
    sha256: str
    etag: str = ""
    modified: str = ""


Yielded = RawItem | Batch | Unchanged | Downloaded | Request


class Source(scrapy.Spider):
    """A source. A spider declares, in this order: what it is, how much to expect, and how to fetch and read.

    ``home`` is a page that a person can open; ``expects`` how many items a run over its usual window has at
    least and at most; ``window_days`` how many days back that window reaches, 0 where a source cannot be asked for
    days, and ``backfill_days`` how many one crawl of a back-fill asks for, 0 for a calendar month; ``hosts`` the only
    host names it may ask; ``country`` ISO 3166 alpha-2, or WTO. ``key_name`` is the environment variable with the key
    that it cannot do without; ``advice`` says, by the kind of an issue, what a person can do about it at this source,
    where that is not what holds everywhere.
    """

    title: ClassVar[str]
    publisher: ClassVar[str]
    country: ClassVar[str]
    language: ClassVar[str]
    home: ClassVar[str]
    frequency: ClassVar[Frequency]
    expects: ClassVar[tuple[int, int]]
    window_days: ClassVar[int] = 0
    backfill_days: ClassVar[int] = 0
    hosts: ClassVar[tuple[str, ...]]
    address: ClassVar[str]
    accept: ClassVar[str] = "*/*"
    key_name: ClassVar[str] = ""
    advice: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init__(
        self,
        *,
        now: datetime,
        since: date | None = None,
        until: date | None = None,
        seen: Callable[[str], bool] = lambda _sha256: False,
        conditions: Mapping[str, str] | None = None,
        key: str = "",
        addresses: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """``since`` and ``until``: days, both included, where the source can be asked for a window. ``seen``
        says whether a file with that SHA-256 was read to its end last time; ``conditions`` are the headers
        that make a download conditional; ``key`` is the secret that the site wants, ``addresses`` what to ask
        where a source cannot know that by itself."""
        super().__init__(**kwargs)
        self.now = aware(now, "now")
        self.since = since
        self.until = until
        self.seen = seen
        self.conditions = dict(conditions or {})
        self.key = key
        self.addresses = tuple(addresses)

    def first(self) -> Iterator[Request | Unchanged]:
        """What to ask first; that nothing is new where there is nothing to ask."""
        yield self.ask(self.address, self.read)

    def read(self, response: Response) -> Iterator[Yielded]:
        """Items, and further requests, from an answer. Raises SourceError when it is not what was agreed."""
        raise NotImplementedError

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """Items from a file instead of the site. Raises SourceError, or UsageError where that is not possible."""
        raise UsageError(
            f"The source {self.name} cannot be read from a file ({path}): run it without --file."
        )

    @classmethod
    def wanted_in(cls, path: Path) -> tuple[str, ...]:  # noqa: ARG003
        """What a file names that the site shall be asked for; nothing where the file is itself what is to be read.

        Raises UsageError for a file that names nothing that could be asked for.
        """
        return ()

    def ask(
        self,
        url: str,
        then: Callable[..., Iterator[Yielded]],
        meta: Mapping[str, Any] | None = None,
        elsewhere: Sequence[str] = (),
        **given: Any,
    ) -> Request:
        """A request for ``url``; ``then`` reads the answer and is also handed what is ``given``. ``elsewhere``: the
        same under other names of the site, asked in turn when ``url`` cannot be reached."""
        headers = {"Accept": self.accept, **self.conditions}
        about = {**(meta or {}), "elsewhere": tuple(elsewhere)}
        return Request(url, callback=then, headers=headers, cb_kwargs=given, meta=about)

    async def start(self) -> AsyncIterator[Request | Unchanged]:
        """Scrapy's way in."""
        for request in self.first():
            yield request


def key_from_content(body: Mapping[str, JSON]) -> str:
    """A key for a record without one, so that it is kept and judged like any other."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()[:32]}"
