"""The national SPS office (Văn phòng SPS Việt Nam): notifications under Vietnamese labels, one page a number."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

from scrapy.http import Request, Response, TextResponse

from tbt_watch.domain.moment import today
from tbt_watch.domain.text import nfc
from tbt_watch.errors import SourceError
from tbt_watch.source.base import RawItem, Source, Yielded
from tbt_watch.source.html import labelled_rows

ITEM = re.compile(r"/notice/detailvn\.aspx\?(?:[^#]*&)?item=(\d+)", re.IGNORECASE)
LONGEST_GAP = 15
MOST = 3000
MARGIN = timedelta(days=7)


class SpsVietnam(Source):
    """The front page links the newest notices; from the highest number on they are read downwards, one by one."""

    name = "sps_vietnam"
    title = "Văn phòng SPS Việt Nam: thông báo của các nước thành viên"
    publisher = "Văn phòng SPS Việt Nam"
    country = "VN"
    language = "en"
    home = "https://spsvietnam.gov.vn/"
    frequency = "daily"
    expects = (5, 1_000)
    window_days = 30
    hosts = ("spsvietnam.gov.vn", "www.spsvietnam.gov.vn")

    address = "https://spsvietnam.gov.vn/"

    def read(self, response: Response) -> Iterator[Request]:
        """The page of the highest number that the front page links."""
        links = response.css("a::attr(href)").getall() if isinstance(response, TextResponse) else []
        numbers = [int(match[1]) for link in links if (match := ITEM.search(urljoin(response.url, link)))]
        if not numbers:
            raise SourceError(
                f"{response.url} links no notice (/notice/detailvn.aspx?item=…): the page has changed, and the spider "
                "must be brought up to date."
            )
        yield self._page(max(numbers))

    def _page(self, number: int, gap: int = 0, left: int = MOST) -> Request:
        url = f"https://{self.hosts[0]}/notice/detailvn.aspx?item={number}&mid=783&pageid=70"
        meta = {"handle_httpstatus_list": [404, 410, 500]}
        return self.ask(url, self.read_notice, meta=meta, number=number, gap=gap, left=left)

    def read_notice(self, response: Response, number: int, gap: int, left: int) -> Iterator[Yielded]:
        """The labelled rows of a notice, and the number below it until the days that are asked for are over. Numbers
        without a notice are gaps; a gap that does not end is the end."""
        rows = labelled_rows(
            response, row="tr", label="td:first-child", value="td:last-child:not(:first-child)"
        )
        stated = {nfc(label): value for label, value in rows}
        if "Mã WTO" in stated:
            files = [
                urljoin(response.url, link) for link in response.css("a[href$='.pdf']::attr(href)").getall()
            ]
            yield RawItem(
                source=self.name,
                key=str(number),
                url=response.url,
                body={"rows": [[label, value] for label, value in rows], "files": list(dict.fromkeys(files))},
            )
        elif gap >= LONGEST_GAP:
            return
        over = self._before_window(stated.get("Ngày thông báo", ""))
        if number > 1 and left > 1 and not over:
            yield self._page(number - 1, 0 if "Mã WTO" in stated else gap + 1, left - 1)

    def _before_window(self, stated: str) -> bool:
        """Whether a notice is older than what is asked for; pages come a little out of order, hence the margin."""
        match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", stated.strip())
        if match is None:
            return False
        first = self.since or today(self.now) - timedelta(days=self.window_days)
        day = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
        return day < (first - MARGIN).isoformat()
