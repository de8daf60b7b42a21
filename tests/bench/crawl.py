"""Benchmark: pages a second and memory of our crawl against a bare Scrapy spider, on the same pages in the same run.

Run with ``make bench``; ``TBT_BENCH_PAGES`` takes another number of pages. Both read a feed, and a page of labelled
rows behind each entry, from a server of its own on 127.0.0.1, without delay. Ours does all it does on a live site
but waiting: robots.txt, turns at the host shared with other processes, limits, answers kept on disk, records written
to a database. The bare one yields items and drops them. It never fails for being slow; the goal is a ratio of 0.8.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter

PAGES = int(os.environ.get("TBT_BENCH_PAGES", "1500"))
ROUNDS = 3
HOME = "https://congbao.chinhphu.vn/"
ROWS = "".join(
    f'<div class="row"><span class="name">Mục {number}:</span><div class="child-value">Nội dung {number}</div></div>'
    for number in range(60)
)

OURS = """
import json, sys
from pathlib import Path
from tbt_watch.collect.child import collect
from tbt_watch.collect.options import CrawlOptions
report = collect("congbao", CrawlOptions.from_json(json.loads(sys.argv[1])), Path(sys.argv[2]))
assert not report.issues, report.issues
print(report.items)
"""

BARE = """
import sys
from urllib.parse import urlsplit
import feedparser, scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    count = 0
    start_urls = [sys.argv[1] + "/cac-van-ban-moi-ban-hanh.rss"]
    def parse(self, response):
        for entry in feedparser.parse(response.body).entries:
            yield scrapy.Request(sys.argv[1] + urlsplit(entry["link"]).path, self.page)
    def page(self, response):
        rows = []
        for row in response.css("div.row"):
            name = "".join(row.css("span.name ::text").getall()).strip()
            rows.append([name, ["".join(cell.css("::text").getall()).strip() for cell in row.css(".child-value")]])
        Bare.count += 1
        yield {"title": response.css('meta[property="og:title"]::attr(content)').get(), "rows": rows}

process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "CONCURRENT_REQUESTS": 4, "ROBOTSTXT_OBEY": True})
process.crawl(Bare)
process.start()
print(Bare.count)
"""


class _Site(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body go out together: alone, each would wait 40 ms for the other
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/robots.txt":
            body, kind = b"User-agent: *\nAllow: /\n", "text/plain"
        elif path.endswith(".rss"):
            body, kind = feed(), "application/rss+xml"
        else:
            body, kind = page(path), "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Say nothing."""


def feed() -> bytes:
    items = "".join(
        f"<item><title></title><link>{HOME}van-ban/thong-tu-so-{number}-2026-{40_000 + number}.htm</link></item>"
        for number in range(PAGES)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    )


def page(path: str) -> bytes:
    number = path.rsplit("-", 1)[-1]
    head = f'<html><head><meta property="og:title" content="Thông tư {number}"></head><body>'
    stated = f'<div class="row"><span class="name">Số, ký hiệu:</span><div class="child-value">{number}</div></div>'
    return f"{head}{stated}{ROWS}</body></html>".encode()


@contextmanager
def served() -> Iterator[str]:
    """The site, in a process of its own, so that it takes no time from those that are measured."""
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()


def serve() -> None:
    """Serve the pages until killed; the port is printed first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def timed(script: Path, *args: str) -> tuple[float, int]:
    """Pages a second of a process, its start included, and its peak memory (MB)."""
    began = perf_counter()
    child = subprocess.Popen([sys.executable, str(script), *args], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0 or int(said) != PAGES:
        raise SystemExit(
            f"a crawl ended with {os.waitstatus_to_exitcode(status)} after {said.strip() or 'no'} pages"
        )
    return PAGES / (perf_counter() - began), usage.ru_maxrss // 1024


def options(site: str, folder: Path) -> str:
    from tbt_watch.collect.options import CrawlOptions
    from tbt_watch.sample import sample_now

    return json.dumps(
        CrawlOptions(
            now=sample_now(),
            hosts={"congbao.chinhphu.vn": site},
            only_hosts=True,
            delay=0,
            expects=(1, 1_000_000),
            memory=folder / "memory",
            answers=folder / "answers",
        ).to_json()
    )


def main() -> None:
    """Take turns, so that a busy machine is busy for both; the best of each counts."""
    figures: dict[str, list[tuple[float, int]]] = {"bare": [], "ours": []}
    with served() as site, tempfile.TemporaryDirectory() as name:
        bare, ours = (Path(name) / f"{who}_crawl.py" for who in figures)
        bare.write_text(BARE, encoding="utf-8")
        ours.write_text(OURS, encoding="utf-8")
        for number in range(ROUNDS):
            folder = Path(name) / str(number)
            folder.mkdir()
            figures["bare"].append(timed(bare, site))
            figures["ours"].append(timed(ours, options(site, folder), str(folder / "watch.db")))
    best = {who: max(found) for who, found in figures.items()}
    print(f"crawl of {PAGES} pages behind a feed, the best of {ROUNDS}, a process each:")
    for who, (speed, memory) in best.items():
        print(f"  {who}: {speed:7.1f} pages/s, peak {memory} MB")
    print(f"  ratio of speed ours/bare {best['ours'][0] / best['bare'][0]:.2f} (goal: 0.8)")


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
