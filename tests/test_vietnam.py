"""The Vietnamese spiders over HTTP against their saved pages: from the site's answers to the notices."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.collect.registry import find_source
from tbt_watch.collect.runner import run_source
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.normalise import stage
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
