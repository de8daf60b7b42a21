"""The Vietnamese spiders over HTTP against their saved pages: from the site's answers to the notices."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from scrapy.http import HtmlResponse
from scrapy.http import Request as Asked
from werkzeug import Request, Response

from tbt_watch.collect.keep import raw_record
from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.collect.registry import find_source
from tbt_watch.collect.runner import run_source
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.source.base import RawItem
from tbt_watch.store import Store

SAVED = Path(__file__).parent / "spiders"
NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)


class Site:
    """One site, which answers as ``tests/spiders/<name>/`` says, and notes what it was asked."""

    def __init__(self, name: str, server: HTTPServer) -> None:
        self.folder = SAVED / name
        self.asked: list[Request] = []
        self.broken: tuple[str, ...] = ()
        told = self.folder / "answers.json"
        self.told = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else []
        server.expect_request("/robots.txt").respond_with_data("", status=404)
        server.expect_request(re.compile(r"^/(?!robots)")).respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        said = f"{request.url} {request.get_data(as_text=True)}"
        if any(part in said for part in self.broken):
            return Response(status=503)
        for *parts, name in self.told:
            if all(part in said for part in parts):
                return self.page(self.folder / name)
        (page,) = self.folder.glob("page.*")
        return self.page(page)

    @staticmethod
    def page(path: Path) -> Response:
        kinds = {".json": "application/json", ".rss": "text/xml", ".html": "text/html; charset=utf-8"}
        if path.suffix == ".status":
            return Response(status=int(path.stem))
        return Response(path.read_bytes(), content_type=kinds[path.suffix])


def options(source: str, server: HTTPServer, **given: object) -> CrawlOptions:
    hosts = dict.fromkeys(find_source(source).hosts, server.url_for("").rstrip("/"))
    asked = {"now": NOW, "hosts": hosts, "only_hosts": True, "delay": 0, "retries": 0, "expects": (1, 99)}
    return CrawlOptions(**asked | given)  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "watch.sqlite"


def expected(name: str) -> dict[str, object]:
    items = json.loads((SAVED / name / "expected.json").read_text(encoding="utf-8"))["items"]
    return {item["key"]: item["body"] for item in items}


def kept(database: Path) -> dict[str, object]:
    with Store.open(database) as store:
        return {due.record.key: json.loads(due.record.body) for due in store.raw.due()}


def crawl(source: str, server: HTTPServer, database: Path, **given: object) -> CrawlReport:
    return run_source(source, options(source, server, **given), database)


@pytest.mark.parametrize("name", ["vbpl", "vanban_chinhphu", "moit", "mst", "moc"])
def test_what_comes_over_http_is_what_the_saved_pages_say(
    httpserver: HTTPServer, database: Path, language: Language, name: str
) -> None:
    Site(name, httpserver)
    report = crawl(name, httpserver, database)
    assert (report.failed, report.issues) == (False, ())
    assert kept(database) == expected(name)
    with Store.open(database) as store:
        read = stage.run(store, language, NOW)
        assert read.done + read.waiting == len(expected(name))
    assert crawl(name, httpserver, database).same == len(expected(name))


def test_the_interface_is_asked_as_the_site_asks_it(httpserver: HTTPServer, database: Path) -> None:
    site = Site("vbpl", httpserver)
    crawl("vbpl", httpserver, database)
    lists = [one for one in site.asked if one.method == "POST"]
    assert {one.headers["Referer"] for one in site.asked} == {"https://vbpl.vn/"}
    assert {one.headers["Content-Type"] for one in lists} == {"application/json"}
    bodies = [json.loads(one.get_data()) for one in lists]
    assert {body["sortBy"] for body in bodies} == {"issueDate"}
    ids = {at for body in bodies for at in body.get("agencyIds", ())}
    assert ids == {"55", "56", "1", "57", "31", "35", "14", "902", "40", "36"}


def test_a_window_is_read_to_its_edge_and_no_further(httpserver: HTTPServer, database: Path) -> None:
    site = Site("vbpl", httpserver)
    day = datetime(2025, 6, 20, tzinfo=UTC).date()
    crawl("vbpl", httpserver, database, since=day, until=day)
    assert set(kept(database)) == {"178220"}
    assert len([one for one in site.asked if one.method == "GET"]) == 2


def test_pages_that_fail_cost_no_document_and_are_left_alone(httpserver: HTTPServer, database: Path) -> None:
    site = Site("vbpl", httpserver)
    site.broken = ("doc/178", "doc/5b1f", "doc/c958")
    report = crawl("vbpl", httpserver, database)
    assert set(kept(database)) == set(expected("vbpl"))
    (issue,) = report.issues
    assert issue.kind == "unreadable"
    assert "failed in a row" in issue.message
    assert len([one for one in site.asked if one.method == "GET"]) < 9


def test_an_agency_that_moved_is_told_and_asked_under_its_known_id(
    httpserver: HTTPServer, database: Path, tmp_path: Path
) -> None:
    site = Site("vbpl", httpserver)
    moved = tmp_path / "page.json"
    text = (SAVED / "vbpl/page.json").read_text(encoding="utf-8")
    moved.write_text(text.replace("Bộ Khoa học và Công nghệ", "Bộ Khoa học"), encoding="utf-8")
    site.told = [["combobox", str(moved)], *site.told]
    report = crawl("vbpl", httpserver, database)
    (issue,) = report.issues
    assert "Bộ Khoa học và Công nghệ" in issue.message
    assert "178090" in kept(database)


def test_numbers_from_a_file_are_looked_up(httpserver: HTTPServer, database: Path, tmp_path: Path) -> None:
    site = Site("tcvn", httpserver)
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("TCVN ISO/IEC 17000:2007\nTCVN 14423:2025\n", encoding="utf-8")
    report = crawl("tcvn", httpserver, database, files=(numbers,))
    assert (report.new, report.issues) == (2, ())
    assert [one.args["sohieu"] for one in site.asked] == ["TCVN ISO/IEC 17000:2007", "TCVN 14423:2025"]
    numbers.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(UsageError, match="names no standard"):
        crawl("tcvn", httpserver, database, files=(numbers,))


def test_standards_that_documents_name_are_asked_for_once(
    httpserver: HTTPServer, database: Path, language: Language
) -> None:
    Site("moit", httpserver)
    crawl("moit", httpserver, database)
    with Store.open(database) as store:
        stage.run(store, language, NOW)
        assert store.raw.standards_unread("tcvn") == ["QCVN 30:2025/BCT"]
    httpserver.clear()
    Site("tcvn", httpserver)
    crawl("tcvn", httpserver, database, addresses=("QCVN 30:2025/BCT",))
    with Store.open(database) as store:
        assert store.raw.standards_unread("tcvn") == []


@pytest.fixture(autouse=True)
def quiet(httpserver: HTTPServer) -> Iterator[None]:
    yield
    httpserver.clear()


# ── Real answers and shapes ─────────────────────────────────────────────────────────────────────────────


def read_page(source: str, body: bytes, url: str) -> list[RawRecord]:
    """The records of one page, without those behind it."""
    spider = find_source(source)(now=NOW, since=datetime(2000, 1, 1, tzinfo=UTC).date())
    response = HtmlResponse(url, body=body, encoding="utf-8")
    items: list[RawRecord] = []
    for step in spider.read(response):
        if isinstance(step, RawItem):
            items.append(raw_record(step, NOW))
        elif isinstance(step, Asked) and "due" in step.cb_kwargs:
            due = step.cb_kwargs["due"]
            items += [raw_record(spider.document(record, None, ""), NOW) for record in due]  # type: ignore[attr-defined]
    return items


def notices(store: Store, language: Language, *records: RawRecord) -> dict[str, Notice]:
    store.raw.keep(records)
    stage.run(store, language, NOW)
    return {found.notice.symbols[0]: found.notice for found in store.notices.every()}


def test_real_answers_of_the_database_are_read(shared: Path, store: Store, language: Language) -> None:
    samples = shared / "sources/samples/vietnam"
    listed = json.loads((samples / "vbpl_new_api_list.json").read_text(encoding="utf-8"))["data"]["items"]
    detail = json.loads((samples / "vbpl_new_api_detail_19761.json").read_text(encoding="utf-8"))["data"]
    spider = find_source("vbpl")(now=NOW)
    items = [spider.document(record, None, "") for record in listed]  # type: ignore[attr-defined]
    items.append(spider.document(detail, detail, ""))  # type: ignore[attr-defined]
    found = notices(store, language, *(raw_record(item, NOW) for item in items))
    assert set(found) == {"1628/QĐ-UBND", "66.14/2026/NQ-CP", "107/2003/QĐ-BTC"}
    old = found["107/2003/QĐ-BTC"]
    assert old.title.startswith("Về giá thiết bị dạy và học lớp 2")
    assert (old.members, old.in_force.date) == (("BTC",), date(2003, 9, 6))
    assert found["66.14/2026/NQ-CP"].type == "Nghị quyết"


def test_shapes_of_the_sites_are_read(shared: Path, store: Store, language: Language) -> None:
    samples = shared / "sources/samples/vietnam"
    records = [
        *read_page("moit", (samples / "moit_listing_shape.html").read_bytes(), find_source("moit").address),
        *read_page("mst", (samples / "mst_listing_shape.html").read_bytes(), find_source("mst").address),
        *read_page("vanban_chinhphu", (samples / "vanban_chinhphu_list.html").read_bytes(), "https://vanban.chinhphu.vn/"),
    ]  # fmt: skip
    found = notices(store, language, *records)
    assert {number: notice.title for number, notice in found.items()} == {
        "42/2026/TT-BCT": "Test MOIT Doc",
        "123/QĐ-BCT": "Test MOIT Doc 2",
        "49/2026/TT-BKHCN": "Quy định XYZ",
        "134/2025/QH15": "Luật Trí tuệ nhân tạo",
        "66.116/2025/QH15": "Luật An ninh mạng",
    }
    assert found["134/2025/QH15"].type == "Luật"
    assert [one.kind for one in found["134/2025/QH15"].documents] == ["notification", "attachment"]


def test_the_page_of_a_document_and_of_a_standard_are_read(
    shared: Path, store: Store, language: Language
) -> None:
    samples = shared / "sources/samples/vietnam"
    spider = find_source("vanban_chinhphu")(now=NOW)
    page = HtmlResponse(
        "https://vanban.chinhphu.vn/x", body=(samples / "vanban_chinhphu_detail.html").read_bytes()
    )
    stated = spider.detail_of(page)  # type: ignore[attr-defined]
    record = {"code": "134/2025/QH15", "issued": "10/12/2025", "title": "", "docid": "216334", "files": ""}
    lines = (samples / "vsqi_tcvn_detail.txt").read_text(encoding="utf-8").splitlines()
    number = "TCVN ISO/IEC 17000:2007"
    standard = RawItem(
        source="tcvn", key=number, body={"number": number, "lines": lines}, url="https://x.vn/"
    )
    items = [spider.document(record, stated, ""), standard]  # type: ignore[attr-defined]
    found = notices(store, language, *(raw_record(item, NOW) for item in items))
    law, tcvn = found["134/2025/QH15"], found[number]
    assert (law.adoption.date, law.in_force.date) == (date(2025, 12, 10), date(2026, 3, 1))
    assert tcvn.title == "Đánh giá sự phù hợp - Từ vựng và các nguyên tắc chung"
    assert (tcvn.ics_codes, tcvn.stated_status, tcvn.adoption.text) == (("03.120.20",), "expired", "2007")
