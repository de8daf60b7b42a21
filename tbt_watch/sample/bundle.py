"""The bundled edition: what the sources of the sample have to say, read from the package's own files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

Record = Mapping[str, Any]
"""One notification of one Member, with the fields of ePing's ``getAll``."""

SAMPLE_DAY = date(2025, 7, 3)
"""The day (in Viet Nam) on which the sample takes place: most of it is fresh then, some is archive."""

WORKBOOK_DAY = date(2025, 6, 9)
"""The last distribution day that the sample's bulk workbook knows; what came later stands on the site only."""

DETAIL_PREFIX = "/van-ban/"


def sample_now() -> datetime:
    """The moment at which the sample is run: eight in the morning of ``SAMPLE_DAY`` in Viet Nam, as UTC."""
    return datetime(SAMPLE_DAY.year, SAMPLE_DAY.month, SAMPLE_DAY.day, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpectedIssue:
    """Something in the sample that cannot become a notice, and is meant to be there.

    ``source`` is the source's name, ``key`` the record's id or the item's address, ``why`` a phrase.
    """

    source: str
    key: str
    why: str


EXPECTED_ISSUES = (
    ExpectedIssue(
        source="eping_web", key="104939", why="its document symbol is cut short and names no notification"
    ),
    ExpectedIssue(
        source="eping_web", key="104940", why="its notification type is one that the WTO does not have"
    ),
    ExpectedIssue(
        source="congbao",
        key="https://congbao.chinhphu.vn/van-ban/thong-bao-lich-dang-cong-bao.htm",
        why="the item is a note of the office: its address has no document id and no number",
    ),
)
"""The issues that a run over the sample opens, and that are no failure of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """Everything the stand-in serves.

    ``records``: one a Member, in the order of their ids. ``downloads``: record id → the WTO documents as
    ``getDownloadLinks`` lists them. ``members``: the body of the Members' list. ``feed``: Công báo's RSS.
    ``pages``: path on Công báo → the detail page.
    """

    records: tuple[Record, ...]
    downloads: Mapping[str, tuple[Mapping[str, str], ...]]
    members: Mapping[str, Any]
    feed: bytes
    pages: Mapping[str, bytes]

    @classmethod
    def bundled(cls) -> "Edition":
        """The edition that ships with the package."""
        return _bundled()

    def with_records(self, records: Iterable[Record]) -> "Edition":
        """The same edition with other notifications."""
        return replace(self, records=tuple(records))

    def with_changed(self, record_id: int, **fields: Any) -> "Edition":
        """The same edition with one record rewritten in place: same id, new ``fields``.

        Raises KeyError when no record has that id.
        """
        if all(record["id"] != record_id for record in self.records):
            raise KeyError(record_id)
        return self.with_records(
            {**record, **fields} if record["id"] == record_id else record for record in self.records
        )

    def with_feed(self, feed: bytes) -> "Edition":
        """The same edition with another RSS feed of Công báo."""
        return replace(self, feed=feed)

    def with_page(self, path: str, body: bytes) -> "Edition":
        """The same edition with one more, or another, detail page; ``path`` begins with ``/van-ban/``."""
        return replace(self, pages=MappingProxyType({**self.pages, path: body}))

    def workbook_records(self) -> tuple[Record, ...]:
        """The records that the sample's bulk workbook holds: those distributed up to ``WORKBOOK_DAY``."""
        last = WORKBOOK_DAY.isoformat()
        return tuple(record for record in self.records if str(record["distributionDate"])[:10] <= last)


def subscribers_csv() -> str:
    """The invented subscribers of the sample, as the text of a CSV file (see ``edition/README.md``)."""
    return (_folder() / "subscribers.csv").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files("tbt_watch.sample") / "edition"


def _load(name: str) -> Any:
    return json.loads((_folder() / name).read_text(encoding="utf-8"))


@cache
def _bundled() -> Edition:
    gazette = _folder() / "congbao"
    pages = {
        DETAIL_PREFIX + page.name: page.read_bytes()
        for page in gazette.iterdir()
        if page.name.endswith(".htm")
    }
    return Edition(
        records=tuple(_load("notifications.json")),
        downloads={key: tuple(links) for key, links in _load("downloads.json").items()},
        members=_load("members.json"),
        feed=(gazette / "feed.rss").read_bytes(),
        pages=MappingProxyType(pages),
    )
