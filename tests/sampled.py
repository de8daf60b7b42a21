"""The sample edition as raw records, through the real spiders: what collect would keep of it."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse, Request

from spiders.congbao import Congbao
from spiders.eping_web import EpingWeb
from spiders.eping_workbook import EpingWorkbook
from tbt_watch.collect.keep import raw_record
from tbt_watch.domain.work import RawRecord
from tbt_watch.sample import Edition, Record
from tbt_watch.sample.workbook import Shape, build_workbook
from tbt_watch.source.base import RawItem
from tbt_watch.source.feed import read_feed
from tbt_watch.source.workbook import read_workbook


def web(records: Iterable[Record], now: datetime) -> list[RawRecord]:
    """Records of ``getAll`` as ``eping_web`` yields them."""
    spider = EpingWeb(now=now)
    return [raw_record(spider.item(record), now) for record in records]


def workbook(records: Iterable[Record], now: datetime, shape: Shape = "bulk") -> list[RawRecord]:
    """The same records as the rows of a workbook."""
    content = build_workbook(records, Edition.bundled().downloads, shape=shape)
    spider = EpingWorkbook(now=now)
    return [raw_record(spider.item(row), now) for row in read_workbook(io.BytesIO(content), "sample.xlsx")]


def workbook_file(path: Path, now: datetime) -> list[RawRecord]:
    """The rows of a workbook on disk."""
    return [raw_record(item, now) for item in EpingWorkbook(now=now).read_file(path)]


def gazette(now: datetime, edition: Edition | None = None) -> list[RawRecord]:
    """The gazette's feed and the pages behind it."""
    return [raw_record(item, now) for item in _gazette(Congbao(now=now), edition or Edition.bundled())]


def _gazette(spider: Congbao, edition: Edition) -> Iterator[RawItem]:
    for entry in read_feed(edition.feed, spider.address):
        for step in spider.follow(entry):
            if isinstance(step, RawItem):
                yield step
            elif isinstance(step, Request):
                yield from _page(spider, step, edition)


def _page(spider: Congbao, request: Request, edition: Edition) -> Iterator[RawItem]:
    path = "/" + request.url.split("/", 3)[3]
    page = edition.pages.get(path)
    response = HtmlResponse(request.url, status=200 if page else 404, body=page or b"", encoding="utf-8")
    yield from spider.read_detail(response, **request.cb_kwargs)


def record(records: Iterable[Record], symbol: str) -> dict[str, Any]:
    """The first record with that symbol."""
    return dict(next(one for one in records if symbol in one["documentSymbol"]))
