"""The national offices' sites, crawled over HTTP from saved pages, and through to the notices."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.collect.registry import find_source
from tbt_watch.collect.runner import run_source
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.sample import sample_now
from tbt_watch.store import Store

SAVED = Path(__file__).parent / "spiders"


def crawled(name: str, httpserver: HTTPServer, store: Store) -> tuple[CrawlReport, list[str]]:
    """One crawl of the site behind saved pages, and what was asked for."""
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.full_path.rstrip("?"))
        if request.path == "/robots.txt":
            return Response("User-agent: *\nDisallow: /wp-admin/\n", mimetype="text/plain")
        last = request.path.rstrip("/").rsplit("/", 1)[-1]
        first = request.query_string.decode().partition("&")[0]
        for page in (f"{last}@{first}.html", f"{last}.html"):
            if (SAVED / name / page).is_file():
                return Response((SAVED / name / page).read_bytes(), mimetype="text/html")
        if request.path == "/":
            return Response((SAVED / name / "page.html").read_bytes(), mimetype="text/html")
        return Response("Not found", status=404, mimetype="text/html")

    httpserver.expect_request(re.compile(r"/.*")).respond_with_handler(answer)
    host = urlsplit(find_source(name).address).hostname or ""
    options = CrawlOptions(
        now=sample_now(),
        window_days=45,
        hosts={host: httpserver.url_for("")},
        only_hosts=True,
        delay=0.0,
        retries=0,
        expects=(1, 100),
    )
    return run_source(name, options, store.path), asked


def test_the_tbt_office_over_http(httpserver: HTTPServer, store: Store, language: Language) -> None:
    report, asked = crawled("tbt_vietnam", httpserver, store)
    assert (report.new, report.issues) == (8, ())
    assert asked.count("/2025/06/hoa-ky-khi-tu-nhien/") == 1
    assert "/page/3/" in asked
    assert "/page/4/" not in asked
    again, _ = crawled("tbt_vietnam", httpserver, store)
    assert (again.new, again.changed, again.same) == (0, 0, 8)
    found = normalise.run(store, language, sample_now())
    assert (found.done, found.waiting, found.opened) == (1, 0, 0)
    (news,) = store.notices.every()
    assert news.notice.kind == "article"


def test_the_sps_office_over_http(httpserver: HTTPServer, store: Store, language: Language) -> None:
    report, asked = crawled("sps_vietnam", httpserver, store)
    assert (report.new, report.issues) == (3, ())
    numbers = [path.partition("item=")[2].partition("&")[0] for path in asked if "item=" in path]
    assert numbers[:4] == ["9104", "9103", "9102", "9101"]
    assert len(numbers) == 4 + 16  # a gap that does not end is the end
    assert normalise.run(store, language, sample_now()).done == 3
    assert {one.notice.key for one in store.notices.every()} == {
        "G/SPS/N/CHN/1290",
        "G/SPS/N/UGA/394/Add.1",
        "G/SPS/N/EU/800",
    }
