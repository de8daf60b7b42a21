"""Feeds of articles: of an office or the press, whichever RSS or Atom they speak."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy.http import Request, Response

from tbt_watch.errors import DamagedError
from tbt_watch.source.base import JSON, Downloaded, RawItem, Unchanged, Yielded, key_from_content
from tbt_watch.source.feed import Entry, FeedSource, headers_of, read_feed, saved

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|zarsrc|mc_[ce]id", re.IGNORECASE)
_ENTRY = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_NOT_MODIFIED = 304


class NewsFeedSource(FeedSource):
    """The entries of a feed are all there is: no page behind them is asked for.

    Each record also holds the feed's title, publisher and language as declared, so that it can be read without knowing
    the source. The feed is only downloaded when it is another one than last time, where the site lets us ask for that.
    ``by_config``: the file only says how to read; what feeds there are, offices declare.
    """

    by_config: ClassVar[bool] = False

    def first(self) -> Iterator[Request]:
        """The feed, on the conditions of the last download."""
        yield self.ask(self.address, self.read, meta={"handle_httpstatus_list": [_NOT_MODIFIED]})

    def read(self, response: Response) -> Iterator[Yielded]:
        """The entries, and then that the feed was read to its end."""
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == _NOT_MODIFIED or self.seen(digest):
            yield Unchanged(url=response.url)
            return
        headers = headers_of(response)
        yield from self.entries(response.body, response.url, headers)
        yield Downloaded(
            url=response.url,
            sha256=digest,
            etag=headers.get("etag", ""),
            modified=headers.get("last-modified", ""),
        )

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The entries of a saved feed."""
        return self.entries(saved(path), self.address or path.name)

    def entries(self, body: bytes, where: str, headers: Mapping[str, str] | None = None) -> Iterator[RawItem]:
        """All entries, each under a key of its own. Raises SourceError, where the feed was damaged after what could be
        read of it."""
        found: list[Entry] = []
        damage: DamagedError | None = None
        try:
            for entry in read_feed(body, where, headers):
                found.append(entry)  # noqa: PERF402 - what was read before an error counts
        except DamagedError as error:
            damage = error
            if _stops_within(body):
                found.pop()  # half a link would be another article; the next run brings it whole
        found = [entry for entry in found if entry]
        feed: dict[str, JSON] = {
            "title": self.title,
            "publisher": self.publisher,
            "language": self.language,
        }
        for key, entry in zip(keys_of(found), found, strict=True):
            url = entry.get("link") or self.home
            yield RawItem(source=self.name, key=key, body={"entry": dict(entry), "feed": feed}, url=url)
        if damage is not None:
            raise damage


def _stops_within(body: bytes) -> bool:
    """Whether the feed breaks off in the middle of an entry."""
    last = list(_ENTRY.finditer(body))[-1:]
    return bool(last) and not last[0][1]


def keys_of(entries: Sequence[Entry]) -> list[str]:
    """A key for each entry: its address, else its id, else its content. Entries that share an address and are not the
    same (links that all lead to the front page) are told apart by their ids, or where those are alike too by title.
    """
    addresses = [without_tracking(entry.get("link", "")) or entry.get("id", "") for entry in entries]
    distinct = {
        (at, entry.get("id", ""), entry.get("title", ""))
        for at, entry in zip(addresses, entries, strict=True)
    }
    sharing = Counter(at for at, _, _ in distinct)
    ids = Counter((at, name) for at, name, _ in distinct)
    keys = []
    for at, entry in zip(addresses, entries, strict=True):
        name, title = entry.get("id", ""), entry.get("title", "")
        if not at:
            keys.append(key_from_content(dict(entry)))
        elif sharing[at] == 1:
            keys.append(at)
        else:
            mark = name if name and ids[at, name] == 1 else f"{name}\n{title}"
            digest = hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            keys.append(f"{at} {digest}")
    return keys


def without_tracking(link: str) -> str:
    """The address without the parameters that only say how a reader came to it; as it stands when it is none."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    kept = [piece for piece in parts.query.split("&") if not _TRACKING.fullmatch(piece.partition("=")[0])]
    return urlunsplit(parts._replace(query="&".join(kept))) if "&".join(kept) != parts.query else link
