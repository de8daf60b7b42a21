"""vbpl.vn, the national database of legal documents, through the JSON interface behind its pages."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from scrapy.http import Request, Response

from tbt_watch.errors import SourceError
from tbt_watch.source.base import RawItem, Yielded
from tbt_watch.source.detailed import DetailedSource
from tbt_watch.source.paged import read_json
from tbt_watch.source.windowed import day_of

GATEWAY = "https://vbpl-bientap-gateway.moj.gov.vn/api/qtdc/public/doc"
KNOWN = {
    "Chính phủ": "1", "Thủ tướng Chính phủ": "57", "Quốc hội": "55", "Ủy ban Thường vụ Quốc hội": "56",
    "Bộ Khoa học và Công nghệ": "14", "Bộ Thông tin và Truyền thông": "169", "Ngân hàng Nhà nước Việt Nam": "62",
}  # fmt: skip
WANTED = (
    "Quốc hội", "Ủy ban Thường vụ Quốc hội", "Chính phủ", "Thủ tướng Chính phủ", "Bộ Công Thương", "Bộ Xây dựng",
    "Bộ Khoa học và Công nghệ", "Bộ Nông nghiệp và Môi trường", "Bộ Tài chính", "Bộ Y tế",
)  # fmt: skip
# Local technical regulations (QCĐP), which every province issues.
LOCAL = {"keyword": "quy chuẩn kỹ thuật địa phương", "optionDoc": "title", "matchMode": "all_words"}
# The full text, which nobody reads here, and what changes by itself from day to day.
NOT_KEPT = frozenset({"documentContent", "documentContentEn", "viewCount", "isNew"})


class Vbpl(DetailedSource):
    """Agency by agency, newest first, until the window's edge; one document after the other."""

    name = "vbpl"
    title = "Cơ sở dữ liệu quốc gia về văn bản pháp luật (vbpl.vn)"
    publisher = "Bộ Tư pháp"
    country = "VN"
    language = "vi"
    home = "https://vbpl.vn/"
    frequency = "daily"
    expects = (20, 2_000)
    window_days = 45
    hosts = ("vbpl-bientap-gateway.moj.gov.vn",)
    accept = "application/json"

    address = f"{GATEWAY}/agency/combobox?type=TW"
    headers: ClassVar[Mapping[str, str]] = {"Origin": "https://vbpl.vn", "Referer": "https://vbpl.vn/"}
    page_size = 50

    def read(self, response: Response) -> Iterator[Yielded]:
        """A list for every agency that concerns trade, under the ids that it has today."""
        ids: dict[str, list[str]] = {}
        data = read_json(response, ("data",))["data"]
        for one in data if isinstance(data, list) else ():
            ids.setdefault(str(one["name"]).strip().replace("Uỷ", "Ủy"), []).append(str(one["id"]))
        for name in WANTED:
            for at in ids.get(name) or [KNOWN[name]] * (name in KNOWN):
                yield self.page({"agencyLevel": "TRUNG_UONG", "agencyIds": [at]}, name)
        yield self.page(LOCAL, "")
        moved = [name for name, at in KNOWN.items() if at not in ids.get(name, ())]
        moved += [name for name in WANTED if name not in ids and name not in moved]
        if moved:
            said = f"{response.url} does not name {', '.join(moved)} as it used to"
            raise SourceError(f"{said}: known ids were asked for all the same; bring the spider up to date.")

    def page(
        self, wanted: Mapping[str, Any], agency: str, number: int = 1, before: date = date.max
    ) -> Request:
        """The request for a page of a list; ``before``: the day of the last document on the page before it."""
        order = {"sortBy": "issueDate", "sortDirection": "desc", "groupVbpl": False}
        body = json.dumps({"pageNumber": number, "pageSize": self.page_size, **order, **wanted})
        given: Any = {"wanted": wanted, "agency": agency, "number": number, "before": before}
        return self.asked(self.ask(f"{GATEWAY}/all", self.read_list, **given), body)

    def read_list(
        self, response: Response, wanted: Mapping[str, Any], agency: str, number: int, before: date
    ) -> Iterator[Yielded]:
        """The documents of a page that lie in the window, and then the next page."""
        data = read_json(response, ("data",))["data"] or {}
        self.right_page(data.get("current"), number, response.url)  # data.pageNumber counts from 0
        records = data["items"]
        days = [day_of(str(record.get("issueDate") or "")) for record in records]
        last = self.in_order(days, before, response.url)
        wished = [one for one, day in zip(records, days, strict=True) if self.within(day)]
        due = [one for one in wished if self.first_time(str(one["id"]))]
        more = records and number * self.page_size < int(data["total"]) and not self.past(days)
        yield from self.documents(due, agency, self.page(wanted, agency, number + 1, last) if more else None)

    def detail_url(self, record: Mapping[str, Any]) -> str:
        """The document as the site's own page asks for it; ids are numbers, or UUIDs for new documents."""
        return f"{GATEWAY}/{quote(str(record['id']))}"

    def detail_of(self, response: Response) -> Mapping[str, Any]:
        """All that is said of the document, but for its text."""
        return kept(read_json(response, ("data",))["data"])

    def document(self, record: Mapping[str, Any], detail: Mapping[str, Any] | None, listing: str) -> RawItem:
        """A document as list and page have it; the agency of the list where the page does not say it."""
        beside = {"agency": listing} if detail is None else {"detail": detail}
        url = f"https://vbpl.vn/van-ban/chi-tiet/van-ban--{quote(str(record['id']))}"
        return RawItem(
            source=self.name, key=str(record["id"]), body={"item": kept(record), **beside}, url=url
        )


def kept(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a record."""
    return {name: value for name, value in record.items() if name not in NOT_KEPT}
