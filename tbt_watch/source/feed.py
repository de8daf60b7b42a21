"""Sources that are an RSS or Atom feed, with or without a page behind each entry."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser
from lxml import etree
from scrapy.http import Response

from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Yielded, key_from_content

Entry = dict[str, str]

_FIELDS = ("title", "link", "id", "summary", "published", "updated", "author")
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_TAIL = 100_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CALLED = {
    "title": "title", "link": "link", "guid": "id", "id": "id", "description": "summary", "summary": "summary",
    "content": "summary", "encoded": "summary", "pubDate": "published", "published": "published", "date": "published",
    "updated": "updated", "author": "author", "creator": "author",
}  # fmt: skip
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def read_feed(body: bytes, where: str, headers: Mapping[str, str] | None = None) -> Iterator[Entry]:
    """The entries of a feed, their texts word for word, their links made absolute; ``where`` is its address.

    Raises SourceError when it is no feed or has no entries, and DamagedError, after the entries that were
    read, when it is cut short.
    """
    entries = _parsed(body, where, headers or {})
    if not entries:
        raise SourceError(f"{where} {_nothing(body)}: open the address to see what the site says.")
    yield from entries
    if not _END.search(body[-_TAIL:].replace(b"\0", b"")):  # UTF-16 has one beside every letter
        raise DamagedError(
            f"{where} is cut short after {len(entries)} entries, which were kept: run it again."
        )


def _parsed(body: bytes, where: str, headers: Mapping[str, str]) -> list[Entry]:
    """What feedparser makes of it; where it breaks down over one entry, what the bare XML says of all,
    and where it finds nothing in one, what the XML says of that."""
    try:
        # BytesIO, for feedparser opens files and addresses that are named by a text.
        feed = feedparser.parse(
            BytesIO(_REFERENCE.sub(_possible, body)),
            response_headers={**headers, "content-location": where},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, SAXException):
        return bare_entries(body, where)
    entries = [_entry(entry, where) for entry in feed.entries]
    if not all(entries) and len(bare := bare_entries(body, where)) == len(entries):
        return [entry or other for entry, other in zip(entries, bare, strict=True)]
    return entries


def bare_entries(body: bytes, where: str) -> list[Entry]:
    """The entries by the names of their elements alone, as far as the XML can be followed."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(body if body.startswith(_UTF_16) else body.replace(b"\0", b""), parser)
    return [_bare(item, where) for item in (root.iter("{*}item", "{*}entry") if root is not None else ())]


def _bare(item: etree._Element, where: str) -> Entry:
    entry: Entry = {}
    for part in item.iterchildren("{*}*"):
        try:
            name = _CALLED.get(str(part.tag).rpartition("}")[2])
            said = "".join(map(str, part.itertext())).strip() or (part.get("href") or "").strip()
        except ValueError:  # a name or text that is no Unicode
            continue
        if name and said:
            entry.setdefault(name, said)
    if "link" in entry:
        entry["link"] = _absolute(where, entry["link"])
    return entry


def _possible(reference: re.Match[bytes]) -> bytes:
    """A reference to a character; nothing for one that is none (half a surrogate pair, beyond Unicode): feedparser
    breaks down over it, and all other entries would be lost."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip(b"0") or b"0"
    code = int(digits[:9], 16 if hexadecimal else 10)
    return b"" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or len(digits) > 8 else reference[0]


def _entry(entry: "feedparser.FeedParserDict", where: str) -> Entry:
    # dict.get, for the entry's own fills a missing field from another one.
    found = {name: str(said) for name in _FIELDS if (said := dict.get(entry, name))}
    if "link" not in found:
        links = [str(link["href"]) for link in dict.get(entry, "links") or () if dict.get(link, "href")]
        found |= dict.fromkeys(("link",), links[0]) if links else {}
    if "link" in found:
        found["link"] = _absolute(where, found["link"].strip())
    return found


def _absolute(where: str, link: str) -> str:
    try:
        return urljoin(where, link)
    except ValueError:  # no address at all; it is kept as it stands
        return link


def _nothing(body: bytes) -> str:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "answered nothing where a feed was due"
    if start.startswith((b"<!doctype html", b"<html")):
        return "answered an HTML page where a feed was due"
    return (
        "answered a feed without entries" if start.startswith(b"<") else "answered something that is no feed"
    )


def headers_of(response: Response) -> dict[str, str]:
    """The headers of an answer, names in lower case."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def saved(path: Path) -> bytes:
    """What a file holds. Raises SourceError when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error


class FeedSource(Source):
    """The entries of a feed. A spider with a page behind each entry says in ``follow`` how to go on."""

    accept = "application/rss+xml, application/atom+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"

    def read(self, response: Response) -> Iterator[Yielded]:
        """What ``follow`` makes of each entry."""
        for entry in read_feed(response.body, response.url, headers_of(response)):
            yield from self.follow(entry)

    def follow(self, entry: Entry) -> Iterator[Yielded]:
        """The item of an entry, or a request for the page behind it."""
        yield self.item(entry)

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The entries of a saved feed; the pages behind them are not asked for."""
        for entry in read_feed(saved(path), self.address):
            yield self.item(entry)

    def item(self, entry: Entry, detail: Mapping[str, JSON] | None = None) -> RawItem:
        """The entry (``entry``), and what the page behind it says, where there is one."""
        body: dict[str, JSON] = {"entry": dict(entry), **(detail or {})}
        address = entry.get("link") or entry.get("id", "")
        key = address.partition("?")[0].partition("#")[0] or key_from_content(body)
        return RawItem(source=self.name, key=key, body=body, url=address or self.home)
