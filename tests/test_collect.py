"""Crawls in their own processes against the stand-in on 127.0.0.1: what is kept, what goes wrong, how politely."""

import asyncio
import dataclasses
import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import workbooks
from pytest_httpserver import HTTPServer
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from werkzeug import Request as Asked
from werkzeug import Response as Answer

from tbt_watch.collect.conditions import conditions, remember
from tbt_watch.collect.crawl import due_items, first_day
from tbt_watch.collect.keep import StoreSink, raw_record
from tbt_watch.collect.ledger import Ledger
from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport
from tbt_watch.collect.polite import led, retry_after
from tbt_watch.collect.registry import find_source
from tbt_watch.collect.runner import run_source
from tbt_watch.collect.settings import scrapy_settings, user_agent
from tbt_watch.collect.turns import Turns
from tbt_watch.errors import BusyError, NotFoundError, StoreError, UsageError
from tbt_watch.sample import StandIn, sample_now
from tbt_watch.source.base import Batch, Downloaded, RawItem, Unchanged
from tbt_watch.store import Store
from tbt_watch.store.raw import Kept

HOSTS = ("epingalert.org", "www.epingalert.org", "eping.wto.org", "congbao.chinhphu.vn")
GET_ALL = "/api/v1/azureSearch/getAll"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def options(standin: StandIn, tmp_path: Path) -> CrawlOptions:
    return CrawlOptions(
        now=sample_now(),
        hosts={host: standin.url_for(host) for host in HOSTS},
        only_hosts=True,
        contact="tbt@example.org",
        delay=0,
        expects=(1, 500),
        memory=tmp_path / "memory",
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "watch.sqlite"


def kept(database: Path) -> dict[str, Any]:
    """The raw records by key, their bodies as JSON."""
    with Store.open(database) as store:
        return {due.record.key: json.loads(due.record.body) for due in store.raw.due(limit=5000)}


def only_issue(report: CrawlReport) -> CrawlIssue:
    (issue,) = report.issues
    assert issue.source == report.source
    assert issue.todo.endswith(".")
    assert issue.message.endswith(".")
    return issue


# ── the three sources ───────────────────────────────────────────────────────────────────────────────────────


def test_the_web_interface_is_read_and_read_again(
    standin: StandIn, options: CrawlOptions, database: Path
) -> None:
    first = run_source("eping_web", options, database)
    recent = [one for one in standin.edition.records if one["distributionDate"] >= "2025-05-19"]
    assert (first.items, first.new, first.issues) == (len(recent), len(recent), ())
    assert kept(database) == {str(one["id"]): dict(one) for one in recent}
    asked = standin.requests[-1]
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["user-agent"].startswith("tbt-watch/")
    assert asked.headers["user-agent"].endswith("(+tbt@example.org)")
    assert [one.path for one in standin.requests] == ["/robots.txt", GET_ALL]

    changed = recent[0]["id"]
    standin.edition = standin.edition.with_changed(changed, commentDeadlineDate="2026-01-01T00:00:00+00:00")
    second = run_source("eping_web", options, database)
    assert (second.new, second.changed, second.same) == (0, 1, len(recent) - 1)


def test_a_window_by_hand(standin: StandIn, options: CrawlOptions, database: Path) -> None:
    window = dataclasses.replace(options, since=date(2017, 11, 1), until=date(2017, 11, 30), expects=None)
    report = run_source("eping_web", window, database)
    days = {one["distributionDate"][:10] for one in kept(database).values()}
    assert report.items > 0
    assert all("2017-11-01" <= day <= "2017-11-30" for day in days)
    assert not report.failed


def test_the_workbook_is_downloaded_once(standin: StandIn, options: CrawlOptions, database: Path) -> None:
    first = run_source("eping_workbook", options, database)
    assert first.items == first.new == len(standin.edition.workbook_records())
    second = run_source("eping_workbook", options, database)
    assert second == CrawlReport(source="eping_workbook", unchanged=True, requests=2)
    assert "if-none-match" in standin.requests[-1].headers
    # Another database knows nothing of that file, so nothing makes the download conditional.
    third = run_source("eping_workbook", options, database.with_name("other.sqlite"))
    assert third.new == first.new
    fresh = run_source("eping_workbook", dataclasses.replace(options, fresh=True), database)
    assert (fresh.new, fresh.changed, fresh.same) == (0, 0, first.items)


def test_the_gazette_is_read_with_its_pages(standin: StandIn, options: CrawlOptions, database: Path) -> None:
    report = run_source("congbao", options, database)
    bodies = kept(database)
    assert report.issues == ()
    assert len(bodies) == report.items == len(standin.edition.pages) + 1
    assert sum("rows" in body for body in bodies.values()) == len(standin.edition.pages)
    assert all(body["entry"] for body in bodies.values())


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────


def from_files(options: CrawlOptions, *files: Path) -> CrawlOptions:
    return dataclasses.replace(options, files=files, expects=None)


def test_a_file_is_read_once(options: CrawlOptions, database: Path, tmp_path: Path) -> None:
    path = workbooks.written(tmp_path / "export.xlsx", workbooks.simple(1200))
    first = run_source("eping_workbook", from_files(options, path), database)
    assert (first.items, first.new) == (1200, 1200)
    started = time.perf_counter()
    assert run_source("eping_workbook", from_files(options, path), database).unchanged
    assert time.perf_counter() - started < 2
    with Store.open(database) as store:
        (due, *_) = store.raw.due(limit=1)
    assert due.record.key == "G/TBT/N/KEN/1|Kenya"
    assert due.record.fetched_at == options.now


def test_bad_files_are_issues_and_good_ones_are_kept(
    options: CrawlOptions, database: Path, tmp_path: Path
) -> None:
    good = workbooks.written(tmp_path / "good.xlsx", workbooks.simple(20))
    html = workbooks.written(tmp_path / "page.xlsx", b"<!DOCTYPE html><html></html>")
    cut = workbooks.written(tmp_path / "cut.xlsx", workbooks.simple(30)[:-40])
    missing = tmp_path / "missing.xlsx"
    report = run_source("eping_workbook", from_files(options, html, cut, missing, good), database)
    assert {(issue.key, issue.kind) for issue in report.issues} == {
        ("page.xlsx", "unreadable"),
        ("cut.xlsx", "cut-short"),
        ("missing.xlsx", "unreadable"),
    }
    assert report.failed
    assert (report.items, report.new) == (50, 30)


def test_the_real_export_is_kept_whole(options: CrawlOptions, database: Path, shared: Path) -> None:
    export = shared / "sources/samples/eping/eping_export_dev.xlsx"
    report = run_source("eping_workbook", from_files(options, export), database)
    assert (report.items, report.new, report.issues) == (95, 95, ())


def test_a_source_that_takes_no_such_file(options: CrawlOptions, database: Path, tmp_path: Path) -> None:
    path = workbooks.written(tmp_path / "export.xlsx", workbooks.simple(1))
    report = run_source("congbao", from_files(options, path), database)
    assert only_issue(report).kind == "unreadable"


# ── faults: each is one issue, and the next run makes good ──────────────────────────────────────────────────


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"status": 500, "times": None}, "unreachable", "HTTP status 500"),
    ({"status": 403, "times": None}, "refused", "HTTP status 403"),
    (
        {"status": 200, "body": "<!DOCTYPE html><html>Maintenance</html>"},
        "unreadable",
        "HTML page where JSON",
    ),
    ({"status": 429, "headers": {"Retry-After": "86400"}, "times": None}, "busy", "HTTP status 429"),
    (
        {"status": 302, "headers": {"Location": "https://elsewhere.example/"}},
        "other-host",
        "elsewhere.example",
    ),
    ({"status": 302, "headers": {"Location": GET_ALL}, "times": None}, "unreachable", "redirections"),
    ({"status": 200, "body": '{"items": [], "totalCount": 0}'}, "nothing", "gave 0 items"),
    (
        {"status": 200, "body": gzip.compress(bytes(50 << 20)), "headers": {"Content-Encoding": "gzip"}},
        "too-large",
        "exceeded",
    ),
]


def test_each_fault_is_one_issue(tmp_path: Path, options: CrawlOptions) -> None:
    def faulty(number: int) -> CrawlReport:
        with StandIn() as standin:
            standin.fault(GET_ALL, **FAULTS[number][0])
            hosts = {host: standin.url_for(host) for host in HOSTS}
            return run_source(
                "eping_web", dataclasses.replace(options, hosts=hosts), tmp_path / f"{number}.sqlite"
            )

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(faulty, range(len(FAULTS))))
    for (fault, kind, says), report in zip(FAULTS, reports, strict=True):
        issue = only_issue(report)
        assert (issue.kind, report.failed, report.items) == (kind, True, 0), fault
        assert says in issue.message
        assert issue.key in ("", f"https://epingalert.org{GET_ALL}", "https://elsewhere.example/")


def test_what_failed_once_is_tried_again(standin: StandIn, options: CrawlOptions, database: Path) -> None:
    standin.fault(GET_ALL, status=503, headers={"Retry-After": "1"})
    started = time.perf_counter()
    report = run_source("eping_web", options, database)
    assert not report.failed
    assert report.items > 0
    assert time.perf_counter() - started >= 1
    assert report.requests == 3


def test_one_page_that_fails_holds_up_no_other(
    standin: StandIn, options: CrawlOptions, database: Path
) -> None:
    (path, *_) = sorted(standin.edition.pages)
    standin.fault(path, status=500, times=None)
    report = run_source("congbao", options, database)
    assert only_issue(report).key == f"https://congbao.chinhphu.vn{path}"
    assert report.items == len(standin.edition.pages)
    standin.clear_faults()
    again = run_source("congbao", options, database)
    assert (again.issues, again.new) == ((), 1)


def test_robots_are_obeyed(standin: StandIn, options: CrawlOptions, database: Path) -> None:
    standin.fault("/robots.txt", status=200, body="User-agent: *\nDisallow: /api/\n", times=None)
    report = run_source("eping_web", options, database)
    assert only_issue(report).kind == "robots"
    assert [one.path for one in standin.requests] == ["/robots.txt"]


def test_a_host_without_stand_in_is_never_asked(options: CrawlOptions, database: Path) -> None:
    alone = dataclasses.replace(options, hosts={"congbao.chinhphu.vn": options.hosts["congbao.chinhphu.vn"]})
    report = run_source("eping_web", alone, database)
    assert "nothing stands in for epingalert.org" in only_issue(report).message


def test_an_unknown_source_and_one_at_work(options: CrawlOptions, database: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no source 'nowhere'"):
        run_source("nowhere", options, database)
    with (
        Store.open(database) as store,
        store.lock("collect-eping_web"),
        pytest.raises(BusyError, match="collect-eping_web"),
    ):
        run_source("eping_web", options, database)


def test_a_crawl_that_takes_too_long_is_ended(
    httpserver: HTTPServer, options: CrawlOptions, database: Path
) -> None:
    def drip(_: Asked) -> Answer:
        def pieces() -> Iterator[bytes]:
            for _ in range(60):
                yield b" "
                time.sleep(0.1)

        return Answer(pieces(), content_type="application/json")

    httpserver.expect_request("/robots.txt").respond_with_data("")
    httpserver.expect_request(GET_ALL).respond_with_handler(drip)
    slow = dataclasses.replace(
        options, hosts={"epingalert.org": httpserver.url_for("")}, patience=1.0, retries=0
    )
    report = run_source("eping_web", slow, database)
    assert "did not answer in time" in only_issue(report).message
    report = run_source("eping_web", dataclasses.replace(slow, patience=60.0), database, limit=3.0)
    assert only_issue(report).kind == "timeout"


# ── manners ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_request_at_a_time_over_all_processes(tmp_path: Path) -> None:
    async def four() -> float:
        ours, theirs = Turns(0.1, tmp_path), Turns(0.1, tmp_path)
        started = time.monotonic()
        await asyncio.gather(*(turns.take("a.example") for turns in (ours, theirs, ours, theirs)))
        return time.monotonic() - started

    assert asyncio.run(four()) > 0.29


def test_hosts_have_turns_of_their_own_and_may_be_paused(tmp_path: Path) -> None:
    async def takes(turns: Turns, *hosts: str) -> float:
        started = time.monotonic()
        await asyncio.gather(*(turns.take(host) for host in hosts))
        return time.monotonic() - started

    for folder in (None, tmp_path):
        turns = Turns(0, folder)
        assert asyncio.run(takes(turns, *["a.example"] * 20, "b.example")) < 30
        turns.slow_down("a.example", 0.2)
        assert asyncio.run(takes(turns, "a.example", "a.example")) > 0.19
        paused = time.monotonic()
        turns.pause("b.example", 0.3)
        asyncio.run(takes(turns, "b.example"))
        assert time.monotonic() - paused > 0.29


def test_a_turn_from_before_the_machine_was_started_anew_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.example.turn").write_text(str(time.monotonic() + 10 * 86400))
    (tmp_path / "b.example.turn").write_text("noise")
    turns = Turns(0, tmp_path)

    async def both() -> None:
        await turns.take("a.example")
        await turns.take("b.example")

    asyncio.run(asyncio.wait_for(both(), timeout=30))


class TimedStandIn(StandIn):
    """Notes when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

    def respond(self, request: Any) -> Any:
        self.moments.append(time.monotonic())
        return super().respond(request)


def test_crawl_delay_is_obeyed(options: CrawlOptions, database: Path) -> None:
    with TimedStandIn() as standin:
        standin.fault(
            "/robots.txt", status=200, body="User-agent: *\nCrawl-delay: 0.7\nAllow: /\n", times=None
        )
        standin.fault(GET_ALL, status=500)
        hosts = {host: standin.url_for(host) for host in HOSTS}
        assert not run_source("eping_web", dataclasses.replace(options, hosts=hosts), database).failed
    gaps = [after - before for before, after in pairwise(standin.moments)]
    assert len(gaps) == 2
    assert all(gap > 0.65 for gap in gaps)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "3"}, 3),
        ({"Retry-After": "Fri, 20 Nov 2026 02:00:30 GMT", "Date": "Fri, 20 Nov 2026 02:00:00 GMT"}, 30),
        ({"Retry-After": "Fri, 20 Nov 2026 02:00:00 GMT", "Date": "Fri, 20 Nov 2026 02:00:30 GMT"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 02:00:30 GMT"}, None),
        ({"Retry-After": "soon"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after(Response("https://a.example/", headers=headers)) == seconds


def test_retry_after_as_a_date_counts_from_the_answer(now: datetime) -> None:
    headers = {
        "Retry-After": format_datetime(now + timedelta(minutes=2), usegmt=True),
        "Date": format_datetime(now, usegmt=True),
    }
    assert retry_after(Response("https://a.example/", headers=headers)) == 120


def test_requests_are_led_to_their_stand_ins() -> None:
    request = Request("https://a.example/x%20y/?q=1&r=%2C", headers={"Accept": "application/json"})
    out = led(request, {"a.example": "http://127.0.0.1:1/host/a.example"})
    assert out.url == "http://127.0.0.1:1/host/a.example/x%20y/?q=1&r=%2C"
    assert out.headers["Accept"] == b"application/json"
    assert led(request, {}) is request
    assert led(request, {"b.example": "http://127.0.0.1:1"}) is request
    with pytest.raises(IgnoreRequest, match=r"nothing stands in for a\.example"):
        led(request, {"b.example": "http://127.0.0.1:1"}, only=True)


def test_the_settings_are_polite(now: datetime) -> None:
    settings = scrapy_settings(CrawlOptions(now=now))
    assert settings["ROBOTSTXT_OBEY"] is True
    assert (settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_DELAY_JITTER"]) == (1.0, 0)
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert "Mozilla" not in user_agent("")


# ── what is remembered and kept ─────────────────────────────────────────────────────────────────────────────


def test_a_download_is_conditional_only_where_the_store_knows_the_file(tmp_path: Path) -> None:
    file = Downloaded(url="https://a.example/x.xlsx", sha256="aa", etag='"7"', modified="")
    assert conditions(tmp_path, "a", lambda _: True) == {}
    remember(tmp_path, "a", file)
    remember(None, "a", file)
    assert conditions(tmp_path, "a", lambda sha256: sha256 == "aa") == {"If-None-Match": '"7"'}
    assert conditions(tmp_path, "a", lambda _: False) == {}
    (tmp_path / "a.json").write_text("{broken")
    assert conditions(tmp_path, "a", lambda _: True) == {}


def test_a_raw_record_says_the_same_when_the_source_does(now: datetime) -> None:
    one = RawItem(source="a", key="1", url="https://a.example/", body={"b": "Tiêu chuẩn", "a": [1, None]})
    other = dataclasses.replace(one, body={"a": [1, None], "b": "Tiêu chuẩn"})
    assert raw_record(one, now) == raw_record(other, now)
    assert raw_record(one, now).body == '{"a":[1,null],"b":"Tiêu chuẩn"}'
    broken = raw_record(dataclasses.replace(one, body={"a": "half \ud83d"}), now)
    assert json.loads(broken.body) == {"a": "half \ud83d"}
    assert broken.body.isascii()


class ListSink:
    """Takes everything; fails once ``room`` is used up, as a full disk does."""

    def __init__(self, room: int = 1_000_000) -> None:
        self.batches: list[list[RawItem]] = []
        self.files: list[tuple[str, int]] = []
        self.room = room

    def keep(self, items: Any) -> Kept:
        if len(items) > self.room:
            raise StoreError("The disk is full.")
        self.room -= len(items)
        self.batches.append(list(items))
        return Kept(new=len(items))

    def seen(self, sha256: str) -> bool:
        return False

    def complete(self, sha256: str, name: str, items: int) -> None:
        self.files.append((sha256, items))


def many(count: int) -> tuple[RawItem, ...]:
    return tuple(RawItem(source="a", key=str(number), body={}, url="") for number in range(count))


def test_items_are_kept_in_batches() -> None:
    sink = ListSink()
    ledger = Ledger("a", sink)
    ledger.take(Batch(items=many(1100)))
    ledger.take(Downloaded(url="x", sha256="aa"))
    for item in many(3):
        ledger.take(item)
    report = ledger.close((1, 2000))
    assert [len(batch) for batch in sink.batches] == [500, 500, 100, 3]
    assert sink.files == [("aa", 1100)]
    assert (report.items, report.new, report.failed) == (1103, 1103, False)


def test_a_store_that_is_full_ends_the_crawl() -> None:
    stopped: list[bool] = []
    ledger = Ledger("a", ListSink(room=700), lambda: stopped.append(True))
    for number in range(5):
        ledger.take(Batch(items=many(500)))
        assert bool(stopped) == (number >= 1)
    with pytest.raises(StoreError, match="full"):
        ledger.close((1, 10))


def test_unchanged_is_no_zero() -> None:
    ledger = Ledger("a", ListSink())
    ledger.take(Unchanged(url="x"))
    report = ledger.close((1, 10))
    assert (report.unchanged, report.issues) == (True, ())
    assert [issue.kind for issue in Ledger("a", ListSink()).close((1, 10)).issues] == ["nothing"]


@pytest.mark.parametrize(
    ("expects", "kind", "failed"),
    [((30, 40), "too-few", True), ((1, 10), "too-many", False), ((1, 40), None, False), (None, None, False)],
)
def test_the_envelope(expects: tuple[int, int] | None, kind: str | None, failed: bool) -> None:
    ledger = Ledger("a", ListSink())
    ledger.take(Batch(items=many(20)))
    report = ledger.close(expects)
    assert ([issue.kind for issue in report.issues] or [None], report.failed) == ([kind], failed)


def test_the_envelope_of_a_source_holds_for_its_usual_window(now: datetime) -> None:
    source = find_source("eping_web")
    usual = CrawlOptions(now=now)
    assert due_items(source, usual) == source.expects
    assert due_items(source, dataclasses.replace(usual, expects=(1, 2))) == (1, 2)
    day = date(2026, 11, 15)
    assert due_items(source, dataclasses.replace(usual, since=day)) is None
    assert due_items(source, dataclasses.replace(usual, since=date(2026, 11, 1), until=day)) == (
        1,
        1_000_000_000,
    )


def test_the_window_of_an_office_is_asked_for_and_expected(now: datetime) -> None:
    web, feed = find_source("eping_web"), find_source("congbao")
    least, most = web.expects
    usual = CrawlOptions(now=now, window_days=web.window_days)
    assert first_day(CrawlOptions(now=now)) is None
    assert first_day(usual) == date(2026, 10, 6)
    assert due_items(web, usual) == web.expects
    wide = dataclasses.replace(usual, window_days=2 * web.window_days)
    assert due_items(web, wide) == (2 * least, 2 * most)
    assert due_items(feed, wide) == feed.expects
    assert due_items(web, dataclasses.replace(usual, window_days=3)) is None
    by_hand = dataclasses.replace(wide, since=date(2026, 11, 15))
    assert first_day(by_hand) == date(2026, 11, 15)
    assert due_items(web, by_hand) is None


def test_options_and_reports_travel(tmp_path: Path, now: datetime) -> None:
    options = CrawlOptions(
        now=now,
        since=date(2026, 1, 1),
        files=(tmp_path / "a.xlsx",),
        hosts={"a": "b"},
        expects=(1, 2),
        memory=tmp_path,
    )
    assert CrawlOptions.from_json(json.loads(json.dumps(options.to_json()))) == options
    issue = CrawlIssue(source="a", key="k", kind="fault", message="m", todo="t")
    report = CrawlReport(source="a", items=3, issues=(issue,))
    assert CrawlReport.from_json(json.loads(json.dumps(report.to_json()))) == report
    with pytest.raises(ValueError, match="time zone"):
        CrawlOptions(now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_store_keeps_by_source(database: Path, now: datetime) -> None:
    with Store.open(database) as store:
        sink = StoreSink(store.raw, "a", now)
        assert sink.keep(many(3)) == Kept(new=3)
        assert sink.keep(many(4)) == Kept(new=1, same=3)
        assert not sink.seen("aa")
        sink.complete("aa", "x.xlsx", 4)
        assert sink.seen("aa")
        assert not StoreSink(store.raw, "b", now).seen("aa")


def test_usage_of_a_file_with_a_source_that_has_none(now: datetime) -> None:
    from tbt_watch.source.base import Source

    class Bare(Source):
        name = "bare"

    with pytest.raises(UsageError, match="cannot be read from a file"):
        Bare(now=now.astimezone(UTC)).read_file(Path("x"))
