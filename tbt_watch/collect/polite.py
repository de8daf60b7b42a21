"""How requests leave the house: each host in its turn, waiting when told to, or led to a stand-in.

Scrapy obeys neither ``Retry-After`` nor ``Crawl-delay``. This stands below its retries and redirects, so that every
request on the wire takes a turn, robots.txt included.
"""

from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from tbt_watch.collect.turns import Turns

_BUSY = frozenset({429, 503})


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP, with manners."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        memory = str(settings["TBT_MEMORY"])
        self._turns = Turns(settings.getfloat("DOWNLOAD_DELAY"), Path(memory) / "turns" if memory else None)
        self._gap = settings.getfloat("DOWNLOAD_DELAY")
        self._longest_wait = settings.getfloat("TBT_LONGEST_WAIT")
        self._stand_ins: dict[str, str] = settings.getdict("TBT_HOSTS")
        self._only_stand_ins = settings.getbool("TBT_ONLY_HOSTS")
        self._agent = str(settings["ROBOTSTXT_USER_AGENT"])
        self._left_alone: dict[str, int] = {}
        crawler.signals.connect(self._robots, signals.robots_parsed)

    async def download_request(self, request: Request) -> Response:
        """Wait for our turn, ask, and heed what the answer says about the next time."""
        host = urlsplit(request.url).hostname or ""
        if host in self._left_alone:
            raise IgnoreRequest(f"{host} asked to be left alone for {self._left_alone[host]} seconds")
        await self._turns.take(host)
        response = await super().download_request(led(request, self._stand_ins, self._only_stand_ins))
        if response.status in _BUSY or response.status >= 500 or _used_up(response):
            self._heed(request, response, host)
        return response.replace(url=request.url)

    def _heed(self, request: Request, response: Response, host: str) -> None:
        """Pause as long as the server says, or longer with every failure where it does not say."""
        asked = retry_after(response)
        if asked is None:
            self._turns.pause(host, self._gap * 2 ** (1 + int(request.meta.get("retry_times", 0))))
        elif asked > self._longest_wait:
            self._left_alone[host] = asked
            request.meta["dont_retry"] = True
        else:
            self._turns.pause(host, asked)

    def _robots(self, robotparser: RobotParser, request: Request) -> None:
        parsed = getattr(robotparser, "rp", None)
        stated = parsed.crawl_delay(self._agent) if parsed is not None else None
        if stated:
            host, gap = urlsplit(request.url).hostname or "", min(float(stated), self._longest_wait)
            self._turns.slow_down(host, gap)
            self._turns.pause(host, gap)


def _used_up(response: Response) -> bool:
    """Whether a gateway says that the quota is used up: 403 that names a time to wait."""
    return response.status == 403 and "Retry-After" in response.headers


def led(request: Request, stand_ins: dict[str, str], only: bool = False) -> Request:
    """The request as it goes out: to the real host, or to what stands in for it.

    Raises IgnoreRequest when ``only`` stand-ins may be asked, and there is none for this host.
    """
    parts = urlsplit(request.url)
    stand_in = stand_ins.get(parts.hostname or "")
    if stand_in is None and not only:
        return request
    if stand_in is None:
        raise IgnoreRequest(f"nothing stands in for {parts.hostname}")
    rest = parts._replace(scheme="", netloc="").geturl()
    return request.replace(url=stand_in.rstrip("/") + (rest if rest.startswith("/") else f"/{rest}"))


def retry_after(response: Response) -> int | None:
    """Seconds that ``Retry-After`` names (RFC 9110, 10.2.3), in either form; None without it.

    A date counts from the answer's own ``Date``, so that no clock of ours is asked.
    """
    stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not stated:
        return None
    if stated.isdecimal():
        return int(stated)
    try:
        until = parsedate_to_datetime(stated)
        sent = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        return max(0, round((until - sent).total_seconds()))
    except (ValueError, TypeError):
        return None
