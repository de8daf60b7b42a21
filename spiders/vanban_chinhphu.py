"""vanban.chinhphu.vn, the documents of the Government: a grid that a form turns, and a page behind each."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scrapy.http import Request, Response, TextResponse

from tbt_watch.errors import SourceError
from tbt_watch.source.base import RawItem, Yielded
from tbt_watch.source.detailed import DetailedSource
from tbt_watch.source.html import labelled_rows
from tbt_watch.source.windowed import day_of, form_of

TURN = re.compile(r"__doPostBack\('([^']+)','Page\$(\d+)'\)")
DOCUMENT = re.compile(r"[?&]docid=(\d+)")
FORM = "application/x-www-form-urlencoded"


class VanbanChinhphu(DetailedSource):
    """New documents weeks before the databases have them. There is no feed and no interface."""

    name = "vanban_chinhphu"
    title = "Hệ thống văn bản của Chính phủ (vanban.chinhphu.vn)"
    publisher = "Văn phòng Chính phủ"
    country = "VN"
    language = "vi"
    home = "https://vanban.chinhphu.vn/he-thong-van-ban?classid=1&mode=1"
    frequency = "daily"
    expects = (20, 2_000)
    window_days = 30
    hosts = ("vanban.chinhphu.vn",)

    address = "https://vanban.chinhphu.vn/he-thong-van-ban?classid=1&mode=1"

    def read(self, response: Response, number: int = 1) -> Iterator[Yielded]:
        """The rows of a page that lie in the window, and then the next page."""
        if not isinstance(response, TextResponse):
            raise SourceError(f"{response.url} answered no page of text: open the address to see.")
        records = [self.record(row) for row in response.css("tr") if row.css("span.code")]
        if not records:
            raise SourceError(
                f"{response.url} lists no document: the page has changed, and the spider must be brought up to date."
            )
        if not self.turned("", [record["docid"] or record["code"] for record in records], response.url):
            return
        days = [day_of(record["issued"]) for record in records]
        wished = [record for record, day in zip(records, days, strict=True) if self.within(day)]
        due = [record for record in wished if self.first_time(record["docid"] or record["code"])]
        yield from self.documents(due, "", None if self.past(days) else self.next_page(response, number + 1))

    def record(self, row: Any) -> dict[str, str]:
        """What a row of the grid says; the class of the title is misspelt by the site."""
        said = {
            name: " ".join(row.css(f"span.{css} ::text").getall()).strip()
            for name, css in (("code", "code"), ("issued", "issued-date"), ("title", "substract"))
        }
        links = row.css("a::attr(href)").getall()
        found = [match[1] for link in links if (match := DOCUMENT.search(link))]
        files = [link for link in links if not DOCUMENT.search(link)]
        return {**said, "docid": found[0] if found else "", "files": "\n".join(files)}

    def next_page(self, response: TextResponse, number: int) -> Request | None:
        """The form that turns to the next page, where the page offers one; its target is read from the page."""
        targets = {int(page): target for target, page in TURN.findall(self.scripts(response))}
        if not targets or max(targets) < number:
            return None
        fields = (("__EVENTTARGET", next(iter(targets.values()))), ("__EVENTARGUMENT", f"Page${number}"))
        request = self.ask(self.address, self.read, number=number)
        return self.asked(request, form_of(response, fields), FORM)

    def scripts(self, response: TextResponse) -> str:
        """What the links of the page do; Scrapy has resolved ``&#39;``."""
        return " ".join(response.css("a::attr(href)").re(r"javascript:.*"))

    def detail_url(self, record: Mapping[str, Any]) -> str:
        """The document's page."""
        return f"https://vanban.chinhphu.vn/?pageid=27160&docid={record['docid']}&classid=1"

    def detail_of(self, response: Response) -> Mapping[str, Any]:
        """The labelled rows; the tables of the site's frame have none."""
        rows = labelled_rows(response, row="tr", label="td.col1", value="td.col1 + td", needs=("Số ký hiệu",))
        return {"rows": [[label, text] for label, text in rows]}

    def document(self, record: Mapping[str, Any], detail: Mapping[str, Any] | None, listing: str) -> RawItem:
        """A document as list and page have it."""
        body = {"item": dict(record), **(detail or {})}
        key = record["docid"] or record["code"] + listing
        return RawItem(source=self.name, key=key, body=body, url=self.detail_url(record))
