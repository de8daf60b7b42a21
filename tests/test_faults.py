"""What goes wrong at a site, over real HTTP and through the process of a crawl: one issue a fault, and the next run
makes good and closes it. And manners over several processes, measured at the server."""

import dataclasses
import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response as Answer

from tbt_watch.collect import stage
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.runner import run_source
from tbt_watch.domain.work import Issue
from tbt_watch.store import Store

NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
HOST = "epingalert.org"
GET_ALL = "/api/v1/azureSearch/getAll"
RECORD = {"id": 1, "documentSymbol": " G/TBT/N/KEN/1", "distributionDate": "2025-06-20T00:00:00+00:00"}
GOOD = json.dumps({"items": [RECORD], "totalCount": 1})
ROBOTS = "User-agent: *\nAllow: /\n"


def good() -> Answer:
    return Answer(GOOD, content_type="application/json")


def crawl_options(site: HTTPServer, folder: Path) -> CrawlOptions:
    return CrawlOptions(
        now=NOW,
        hosts={HOST: site.url_for("").rstrip("/")},
        only_hosts=True,
        delay=0,
        patience=30.0,
        retries=0,
        expects=(1, 10),
        memory=folder / "memory",
        answers=folder / "answers",
    )


def collected(site: HTTPServer, folder: Path, database: Path, **wish: object) -> list[Issue]:
    """One run of the stage; the issues that are open afterwards."""
    options = dataclasses.replace(crawl_options(site, folder), **wish)  # type: ignore[arg-type]
    with Store.open(database) as store:
        stage.run(store, ["eping_web"], options, lambda: NOW)
        return store.issues.open_list()


# ── one fault, one issue, made good by the next run ─────────────────────────────────────────────────────────


def redirecting(to: str) -> Callable[[Asked], Answer]:
    return lambda _: Answer("", 302, {"Location": to})


def dripping(_: Asked) -> Answer:
    def pieces() -> Iterator[bytes]:
        for _ in range(35):  # longer than the patience it is given
            yield b" "
            time.sleep(0.1)

    return Answer(pieces(), content_type="application/json")


def wrong_charset(_: Asked) -> Answer:
    body = json.dumps({"items": [{**RECORD, "titlePlain": "Prüfung"}], "totalCount": 1}, ensure_ascii=False)
    return Answer(body.encode("latin-1"), content_type="application/json; charset=utf-8")


HANDLED: list[tuple[str, Callable[[Asked], Answer], str, str]] = [
    ("429 as seconds", lambda _: Answer("", 429, {"Retry-After": "86400"}), "busy", "status 429"),
    (
        "429 as a date",
        lambda _: Answer(
            "", 429, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)}
        ),
        "busy",
        "status 429",
    ),
    ("500", lambda _: Answer("", 500), "unreachable", "status 500"),
    ("drip", dripping, "unreachable", "in time"),
    ("wrong charset", wrong_charset, "unreadable", "no JSON"),
    ("loop", redirecting(GET_ALL), "unreachable", "redirections"),
    ("other host", redirecting("https://elsewhere.example/x"), "other-host", "elsewhere.example"),
    (
        "bomb",
        lambda _: Answer(gzip.compress(bytes(50 << 20)), 200, {"Content-Encoding": "gzip"}),
        "too-large",
        "exceeded",
    ),
]


@pytest.mark.slow
def test_each_fault_is_one_issue_and_the_next_run_makes_good(tmp_path: Path) -> None:
    def met(number: int) -> tuple[list[Issue], list[Issue], list[Issue]]:
        name, handler, _, _ = HANDLED[number]
        patience = 2.0 if name == "drip" else 30.0
        folder = tmp_path / str(number)
        faulty = [True]
        with HTTPServer(host="127.0.0.1", threaded=True) as site:
            site.expect_request("/robots.txt").respond_with_data(ROBOTS)
            site.expect_request(GET_ALL).respond_with_handler(
                lambda asked: handler(asked) if faulty[0] else good()
            )
            first = collected(site, folder, folder / "watch.db", patience=patience)
            second = collected(site, folder, folder / "watch.db", patience=patience)
            faulty[0] = False
            return first, second, collected(site, folder, folder / "watch.db")

    for number in range(len(HANDLED)):
        (tmp_path / str(number)).mkdir()
        Store.open(tmp_path / str(number) / "watch.db").close()  # Alembic is not for several threads at once
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(met, range(len(HANDLED))))
    for (name, _, kind, says), (first, second, third) in zip(HANDLED, outcomes, strict=True):
        (issue,), (again,) = first, second
        assert issue.kind == kind, name
        assert says in issue.message, name
        assert (again.id, again.times) == (issue.id, 2), name
        assert third == [], name


class Broken:
    """A server that breaks off: answers robots.txt, and half of everything else, or resets the connection."""

    def __init__(self, *, reset: bool) -> None:
        self._reset = reset
        self.healthy = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def url_for(self, path: str) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}{path}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65536).decode("latin-1")
                if "/robots.txt" in asked:
                    self._answer(connection, ROBOTS, len(ROBOTS))
                elif self.healthy:
                    self._answer(connection, GOOD, len(GOOD))
                elif self._reset:
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                else:
                    self._answer(connection, GOOD[: len(GOOD) // 2], len(GOOD))

    @staticmethod
    def _answer(connection: socket.socket, body: str, length: int) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        connection.sendall((head + body).encode())

    def close(self) -> None:
        self._socket.close()


@pytest.mark.parametrize("reset", [True, False])
def test_a_connection_that_breaks_off(tmp_path: Path, reset: bool) -> None:
    site = Broken(reset=reset)
    database = tmp_path / "watch.db"
    (issue,) = collected(site, tmp_path, database)  # type: ignore[arg-type] # it has what is asked of it
    assert issue.kind == "unreachable"
    assert issue.key == f"https://{HOST}{GET_ALL}"
    site.healthy = True
    assert collected(site, tmp_path, database) == []  # type: ignore[arg-type]
    site.close()


def test_robots_that_refuse_pause_the_source(tmp_path: Path, httpserver: HTTPServer) -> None:
    rules = ["User-agent: *\nDisallow: /api/\n", ROBOTS]
    httpserver.expect_request("/robots.txt").respond_with_handler(lambda _: Answer(rules[0]))
    httpserver.expect_request(GET_ALL).respond_with_data(GOOD)
    (issue,) = collected(httpserver, tmp_path, tmp_path / "watch.db")
    assert issue.kind == "robots"
    assert [asked.path for asked, _ in httpserver.log] == ["/robots.txt"]
    rules.pop(0)
    assert collected(httpserver, tmp_path, tmp_path / "watch.db") == []


# ── manners, measured at the server ─────────────────────────────────────────────────────────────────────────


class Log:
    """When the server was asked for what."""

    def __init__(self, site: HTTPServer, *answers: Answer) -> None:
        self.asked: list[tuple[float, str]] = []
        self._answers = list(answers)
        site.expect_request("/robots.txt").respond_with_handler(self._robots)
        site.expect_request(GET_ALL).respond_with_handler(self._records)
        self.robots = ROBOTS

    def _robots(self, asked: Asked) -> Answer:
        self.asked.append((time.monotonic(), asked.path))
        return Answer(self.robots)

    def _records(self, asked: Asked) -> Answer:
        self.asked.append((time.monotonic(), asked.path))
        return self._answers.pop(0) if self._answers else good()

    @property
    def gaps(self) -> list[float]:
        """Between what arrived: on a busy machine that is not quite what lay between the questions."""
        return [after - before for (before, _), (after, _) in pairwise(self.asked)]


@pytest.mark.slow
def test_one_request_a_second_over_two_processes(tmp_path: Path, httpserver: HTTPServer) -> None:
    log = Log(httpserver)
    options = dataclasses.replace(crawl_options(httpserver, tmp_path), delay=1.0)

    def crawl(name: str) -> bool:
        return run_source("eping_web", options, tmp_path / f"{name}.db").failed

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(crawl, ("one", "two"))) == [False, False]
    assert len(log.asked) == 4
    assert all(gap > 0.5 for gap in log.gaps), log.gaps


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_waited_for(tmp_path: Path, httpserver: HTTPServer, form: str) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    log = Log(httpserver, Answer("", 429, {"Retry-After": "2" if form == "seconds" else until}))
    assert collected(httpserver, tmp_path, tmp_path / "watch.db", retries=2) == []
    assert [path for _, path in log.asked] == ["/robots.txt", GET_ALL, GET_ALL]
    if form == "seconds":  # a date counts in whole seconds, and from the answer's own clock
        assert log.gaps[-1] > 1.5


def test_crawl_delay_holds_between_processes_too(tmp_path: Path, httpserver: HTTPServer) -> None:
    log = Log(httpserver)
    log.robots = "User-agent: *\nCrawl-delay: 1\nAllow: /\n"
    options = crawl_options(httpserver, tmp_path)
    assert not run_source("eping_web", options, tmp_path / "watch.db").failed
    assert log.gaps[0] > 0.5


# ── the answers, kept as they came ──────────────────────────────────────────────────────────────────────────


def answers(folder: Path) -> dict[str, str]:
    return {
        path.name: gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        for path in sorted((folder / "answers" / "eping_web").glob("*.gz"))
    }


def test_every_answer_is_kept_and_what_was_not_read_is_marked(tmp_path: Path, httpserver: HTTPServer) -> None:
    database = tmp_path / "watch.db"
    httpserver.expect_request("/robots.txt").respond_with_data(ROBOTS)
    bodies = [gzip.compress(GOOD.encode()), gzip.compress(b"<html>Maintenance</html>")]
    httpserver.expect_request(GET_ALL).respond_with_handler(
        lambda _: Answer(bodies[0], 200, {"Content-Encoding": "gzip", "Set-Cookie": "who=me"})
    )
    collected(httpserver, tmp_path, database)
    assert list(answers(tmp_path)) == ["20250703T010000Z-0001.gz", "20250703T010000Z-0002.gz"]
    text = answers(tmp_path)["20250703T010000Z-0002.gz"]
    assert text.startswith(f"GET https://{HOST}{GET_ALL}?")
    assert "\nHTTP 200\n" in text
    assert text.endswith(f"\n\n{GOOD}")
    assert "who=me" not in text
    bodies.pop(0)
    collected(httpserver, tmp_path, database, now=NOW + timedelta(hours=1))
    assert "Maintenance" in answers(tmp_path)["20250703T020000Z-0002.unread.gz"]


def test_answers_are_bounded(tmp_path: Path) -> None:
    from tbt_watch.collect.answers import sweep

    for source in ("a", "b"):
        folder = tmp_path / source
        folder.mkdir()
        for number in range(8):
            (folder / f"2025-{number}.gz").write_bytes(bytes(100))
            (folder / f"2025-{number}.unread.gz").write_bytes(bytes(100))
    sweep(tmp_path, "a", 3, 1 << 20)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(f"2025-{number}{end}" for number in (5, 6, 7) for end in (".gz", ".unread.gz"))
    assert len(list((tmp_path / "b").iterdir())) == 16
    sweep(tmp_path, "a", 3, 1_000)
    left = sorted(path.name for path in tmp_path.rglob("*.gz"))
    assert len(left) == 10
    assert all(name.endswith(".unread.gz") for name in left), "what was read goes before what was not"


def test_a_folder_that_cannot_be_written_holds_up_no_crawl(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(ROBOTS)
    httpserver.expect_request(GET_ALL).respond_with_data(GOOD)
    (tmp_path / "answers").write_text("a file where the folder should be")
    assert collected(httpserver, tmp_path, tmp_path / "watch.db") == []
