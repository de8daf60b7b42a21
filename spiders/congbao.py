"""Công báo, the official gazette of Viet Nam: its feed of new documents, and the page behind each."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from tbt_watch.source.base import JSON, RawItem
from tbt_watch.source.feed import FeedSource
from tbt_watch.source.html import labelled_rows

DOCUMENT = re.compile(r"/van-ban/[^/?#]+-\d+(?:/\d+)?\.htm$")
GONE = (404, 410)


class Congbao(FeedSource):
    """The feed's titles are empty as a rule: number, issuer and dates stand on the detail page only."""

    name = "congbao"
    title = "Công báo: văn bản mới ban hành"
    publisher = "Văn phòng Chính phủ"
    country = "VN"
    language = "vi"
    home = "https://congbao.chinhphu.vn/"
    frequency = "hourly"
    expects = (20, 60)
    hosts = ("congbao.chinhphu.vn",)

    address = "https://congbao.chinhphu.vn/cac-van-ban-moi-ban-hanh.rss"

    def follow(self, entry: dict[str, str]) -> Iterator[RawItem | Request]:
        """The detail page; an entry that names no document of the gazette is kept as it is."""
        address = urlsplit(entry.get("link", ""))
        if address.hostname in self.hosts and DOCUMENT.search(address.path):
            url = address._replace(query="", fragment="").geturl()
            meta = {"handle_httpstatus_list": list(GONE)}
            yield self.ask(url, self.read_detail, meta=meta, entry=entry)
        else:
            yield self.item(entry)

    def read_detail(self, response: Response, entry: dict[str, str]) -> Iterator[RawItem]:
        """The labelled rows, the page's own title, and the names of the files (their addresses expire)."""
        if response.status in GONE:
            yield self.item(entry)
            return
        rows = labelled_rows(
            response, row="div.row", label="span.name", value=".child-value", needs=("Số, ký hiệu",)
        )
        detail: dict[str, JSON] = {
            "page_title": response.css('meta[property="og:title"]::attr(content)').get(default=""),
            "rows": [[label, text] for label, text in rows],
            "files": [{"name": name} for name in response.css("div.list--open a::attr(data-file)").getall()],
        }
        yield self.item(entry, detail)
