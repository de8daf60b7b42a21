"""One page, fetched with all our manners: robots.txt, turns, limits, an honest name.

``fetch_page`` runs ``python -m tbt_watch.collect.glimpse``, for Scrapy runs once in a process.
"""

import base64
import json
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tbt_watch.collect.options import CrawlIssue, CrawlOptions
from tbt_watch.collect.runner import run_child
from tbt_watch.errors import SourceError

_LIMIT = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What an address answered: where it led to, and the body as it was unpacked."""

    url: str
    body: bytes


def fetch_page(url: str, options: CrawlOptions) -> Page:
    """Fetch one page. Raises SourceError, which says what was wrong and what to do."""
    told = {"url": url, "options": options.to_json()}
    ended = run_child("tbt_watch.collect.glimpse", told, _LIMIT)
    answer = ended.answer or {
        "error": f"{url} was not fetched: {ended.noise.strip()[-300:] or 'it took too long'}."
    }
    if "error" in answer:
        raise SourceError(str(answer["error"]))
    return Page(url=str(answer["url"]), body=base64.b64decode(answer["body"]))


def read_page(path: Path, url: str) -> Page:
    """A page that a person saved. Raises SourceError when the file cannot be read."""
    try:
        return Page(url=url, body=path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error


def glimpse(url: str, options: CrawlOptions) -> dict[str, str]:
    """Fetch the page in this process: its ``url`` and ``body`` (Base64), or an ``error``."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response
    from scrapy.settings import Settings

    from tbt_watch.collect.faults import issue_met
    from tbt_watch.collect.settings import scrapy_settings
    from tbt_watch.source.base import Source

    host = (urlsplit(url).hostname or "").removeprefix("www.")
    page: dict[str, str] = {}
    issues: list[CrawlIssue] = []

    class Glimpse(Source):
        name = "glimpse"
        hosts = (host, f"www.{host}")
        address = url

        def read(self, response: Response) -> Any:
            page.update(url=response.url, body=base64.b64encode(response.body).decode("ascii"))
            return ()

    def met(issue: CrawlIssue) -> None:
        issues.append(issue)

    process = AsyncCrawlerProcess(Settings(scrapy_settings(options)))
    crawler = process.create_crawler(Glimpse)
    crawler.signals.connect(met, issue_met)
    process.crawl(crawler, now=options.now)
    process.start()
    if not page:
        said = f"{issues[0].message} {issues[0].todo}" if issues else f"{url} was not fetched."
        return {"error": said}
    return page


def main() -> int:
    """Read what to fetch, fetch it, write the answer."""
    from tbt_watch.collect.child import end_with_parent

    told = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, name="lifeline", daemon=True).start()
    sys.stdout.write(json.dumps(glimpse(told["url"], CrawlOptions.from_json(told["options"]))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
