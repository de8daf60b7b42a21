"""Sources that are an RSS or Atom feed, with or without a page behind each entry."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import feedparser
from scrapy.http import Response

from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Yielded, key_from_content

Entry = dict[str, str]

_FIELDS = ("title", "link", "id", "summary", "published", "updated", "author")
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)


def read_feed(body: bytes, where: str, headers: Mapping[str, str] | None = None) -> Iterator[Entry]:
    """The entries of a feed, their texts word for word, their links made absolute; ``where`` is its address.

    Raises SourceError when it is no feed or has no entries, and DamagedError, after the entries that were
    read, when it is cut short.
    """
    # BytesIO, for feedparser opens files and addresses that are named by a text.
    feed = feedparser.parse(
        BytesIO(body),
        response_headers={**(headers or {}), "content-location": where},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.entries:
        raise SourceError(f"{where} {_nothing(body)}: open the address to see what the site says.")
    for entry in feed.entries:
        # dict.get, for the entry's own fills a missing field from another one.
        found = {name: str(said) for name in _FIELDS if (said := dict.get(entry, name))}
        if "link" in found:
            found["link"] = urljoin(where, found["link"].strip())
        yield found
    if not _END.search(body):
        raise DamagedError(
            f"{where} is cut short after {len(feed.entries)} entries, which were kept: run it again."
        )


def _nothing(body: bytes) -> str:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "answered nothing where a feed was due"
    if start.startswith((b"<!doctype html", b"<html")):
        return "answered an HTML page where a feed was due"
    return (
        "answered a feed without entries" if start.startswith(b"<") else "answered something that is no feed"
    )


class FeedSource(Source):
    """The entries of a feed. A spider with a page behind each entry says in ``follow`` how to go on."""

    accept = "application/rss+xml, application/atom+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"

    def read(self, response: Response) -> Iterator[Yielded]:
        """What ``follow`` makes of each entry."""
        headers = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1")
            for name, values in response.headers.items()
            if values
        }
        for entry in read_feed(response.body, response.url, headers):
            yield from self.follow(entry)

    def follow(self, entry: Entry) -> Iterator[Yielded]:
        """The item of an entry, or a request for the page behind it."""
        yield self.item(entry)

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The entries of a saved feed; the pages behind them are not asked for."""
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error
        for entry in read_feed(body, self.address):
            yield self.item(entry)

    def item(self, entry: Entry, detail: Mapping[str, JSON] | None = None) -> RawItem:
        """The entry (``entry``), and what the page behind it says, where there is one."""
        body: dict[str, JSON] = {"entry": dict(entry), **(detail or {})}
        address = entry.get("link") or entry.get("id", "")
        key = address.partition("?")[0].partition("#")[0] or key_from_content(body)
        return RawItem(source=self.name, key=key, body=body, url=address or self.home)
