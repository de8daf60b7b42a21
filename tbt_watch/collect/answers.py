"""What the sites answered, kept for a while as it came: a first live run, or a changed site, can be looked at later.

One file an answer, in a folder a source: ``20261120T020000Z-0001.gz`` holds the request's address, the status, the
headers and the body; ``….unread.gz`` one that was an error, or that could not be read. Look at one with ``zcat``.
Keys in addresses, cookies, and the headers that we sent are not written.
"""

import gzip
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

_SECRET = re.compile(r"(?i)([?&][^=&]*(?:key|token|secret|password)[^=&]*=)[^&]*")
_UNREAD = ".unread.gz"
_SWEEP = 50
_SHARE = 2
"""No single answer may take more than one part in so many of the room that there is for all."""


class AnswerKeeper:
    """Downloader middleware that keeps answers once they are unpacked, those that are asked for again included."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._root = Path(str(settings["TBT_ANSWERS"])) if settings["TBT_ANSWERS"] else None
        self._kept = settings.getint("TBT_ANSWERS_KEPT")
        self._limit = settings.getint("TBT_ANSWERS_LIMIT")
        self._stamp = (
            datetime.fromisoformat(str(settings["TBT_NOW"])).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        )
        self._number = 0
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AnswerKeeper":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep it; a disk that is full holds up no crawl, for the records matter more."""
        if self._root is None or not self._kept or len(response.body) * _SHARE > self._limit:
            return response
        expected: Any = request.meta.get("handle_httpstatus_list", ())
        bad = response.status >= 400 and response.status not in expected
        self._number += 1
        path = self._root / self._name / f"{self._stamp}-{self._number:04}{_UNREAD if bad else '.gz'}"
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(_written(request, response), 1))
            request.meta["answer"] = str(path)
        if self._number % _SWEEP == 0:
            self._closed()
        return response

    @property
    def _name(self) -> str:
        assert self._crawler.spider is not None
        return self._crawler.spider.name

    def _closed(self) -> None:
        if self._root is not None:
            with suppress(OSError):
                sweep(self._root, self._name, self._kept, self._limit)


class AnswerMarks:
    """Spider middleware, next to the spider: an answer that could not be read gets a name that says so."""

    def process_spider_exception(self, response: Response, exception: Exception) -> None:  # noqa: ARG002
        """Mark it; whoever stands behind tells what was wrong."""
        path = response.meta.get("answer") if response.request else None
        if path and not path.endswith(_UNREAD):
            marked = path.removesuffix(".gz") + _UNREAD
            with suppress(OSError):
                Path(path).rename(marked)
                response.meta["answer"] = marked


def _written(request: Request, response: Response) -> bytes:
    """The answer with its head, and before it the address that was asked."""
    address = _SECRET.sub(r"\1…", request.url)
    lines = [f"{request.method} {address}", f"HTTP {response.status}"]
    for name, values in response.headers.items():
        if name.lower() != b"set-cookie":
            lines += [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for value in values]
    return "\n".join([*lines, "", ""]).encode() + response.body


def sweep(root: Path, source: str, kept: int, limit: int) -> None:
    """Leave a source its newest ``kept`` answers and as many that were not read, and all sources ``limit`` bytes: what
    was read goes first, then the oldest. Raises OSError when a file cannot be removed."""
    for unread in (False, True):
        for path in _answers(root / source, unread)[:-kept]:
            path.unlink(missing_ok=True)
    sizes = [(path.stat().st_size, path) for path in _oldest_first(root)]
    room = limit - sum(size for size, _ in sizes)
    for size, path in sizes:
        if room >= 0:
            return
        path.unlink(missing_ok=True)
        room += size


def _answers(folder: Path, unread: bool) -> list[Path]:
    return sorted(path for path in folder.glob("*.gz") if path.name.endswith(_UNREAD) == unread)


def _oldest_first(root: Path) -> Iterator[Path]:
    for unread in (False, True):
        found = [path for folder in root.iterdir() if folder.is_dir() for path in _answers(folder, unread)]
        yield from sorted(found, key=lambda path: path.name)
