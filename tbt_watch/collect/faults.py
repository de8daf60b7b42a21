"""What goes wrong between us and a source, told once, in words: as a signal that carries an issue."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from tbt_watch.collect.options import CrawlIssue
from tbt_watch.errors import DamagedError, TbtWatchError

issue_met = object()
"""The signal; its argument is ``issue``."""

_TODO = {
    "refused": "Open the address in a browser: if the site wants a key or a login now, read the same from another "
    "source or a file; otherwise wait, the next run tries again.",
    "robots": "The site asks robots to leave this alone: use its key, its workbook or a file instead.",
    "busy": "Nothing to do: the next run tries again. If it comes every day, let the source run less often.",
    "unreachable": "See whether the site opens in a browser; the next run tries again.",
    "other-host": "Open the address: if the site has moved for good, the spider's hosts must be brought up to date.",
    "too-large": "Open the address: if the answer is really so large, tell the maintainers.",
    "unreadable": "Open the address: if the site looks as always, run the source again; if it has changed, tell the "
    "maintainers. What was read before is kept.",
    "cut-short": "Run the source again, or get the file again. What stood before the damage is kept.",
    "fault": "This is a fault of the program: tell the maintainers the message; the raw records are kept.",
}


def make_issue(source: str, url: str, kind: str, message: str) -> CrawlIssue:
    """An issue of that kind about an address, which is named without its query: that changes from day to day."""
    return CrawlIssue(source=source, key=url.partition("?")[0], kind=kind, message=message, todo=_TODO[kind])


def kind_of(error: TbtWatchError) -> str:
    """The kind of issue that an error of ours stands for."""
    return "cut-short" if isinstance(error, DamagedError) else "unreadable"


class AnswerFaults:
    """Downloader middleware, outermost: answers that are none, and requests that must not be made."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AnswerFaults":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Only the declared hosts are asked, wherever a link or a redirect leads."""
        if not _is_robots(request):
            request.errback = self._failed
        host = urlsplit(request.url).hostname
        if host not in self._spider.hosts:  # type: ignore[attr-defined] # every spider of ours is a Source
            raise _ForeignHost(f"{request.url} leads to {host}, which is not a host of this source.")

    def process_response(self, request: Request, response: Response) -> Response:
        """Errors after all retries."""
        if response.status < 400 or response.status in request.meta.get("handle_httpstatus_list", ()):
            return response
        if _is_robots(request):
            return response
        kind = (
            "refused"
            if response.status in (401, 402, 403)
            else "busy"
            if response.status == 429
            else "unreachable"
        )
        self._tell(request, kind, f"{request.url} answered with HTTP status {response.status}.")
        raise _Told

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Scrapy goes on without robots.txt; the request itself then meets the same fault and tells it."""
        if _is_robots(request):
            raise IgnoreRequest(str(exception)) from exception

    def _failed(self, failure: Failure) -> None:
        """There was no answer, or one that was not let through."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        error = failure.value
        reason = (str(error) or type(error).__name__).rstrip(".")
        match error:
            case _Told():
                pass
            case _ForeignHost():
                self._tell(request, "other-host", str(error))
            case IgnoreRequest() if "robots.txt" in reason:
                self._tell(request, "robots", f"{request.url} is closed to robots by the site's robots.txt.")
            case DownloadTimeoutError():
                self._tell(request, "unreachable", f"{request.url} did not answer in time.")
            case DownloadCancelledError():
                self._tell(request, "too-large", f"{request.url} was not read: {reason}.")
            case IgnoreRequest() if "exceeded" in reason:
                self._tell(request, "too-large", f"{request.url} was not read: {reason}.")
            case IgnoreRequest() if "left alone" in reason:
                self._tell(request, "busy", f"{request.url} was not read: {reason}.")
            case IgnoreRequest():
                self._tell(request, "unreachable", f"{request.url} was not read: {reason}.")
            case _:
                self._tell(request, "unreachable", f"{request.url} could not be read ({reason}).")

    @property
    def _spider(self) -> Spider:
        assert self._crawler.spider is not None
        return self._crawler.spider

    def _tell(self, request: Request, kind: str, message: str) -> None:
        issue = make_issue(self._spider.name, request.url, kind, message)
        self._crawler.signals.send_catch_log(signal=issue_met, issue=issue)


class _Told(IgnoreRequest):
    """Raised inside Scrapy when an issue was told already: nothing more is to be said about the request."""


class _ForeignHost(IgnoreRequest):
    """Raised inside Scrapy when a request leads to a host that the source has not declared."""


class ReadingFaults:
    """Spider middleware: answers that are not what was agreed. What a spider yielded before that is kept."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReadingFaults":
        return cls(crawler)

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterable[object] | None:
        """Tell errors of ours; others are faults of the program and go on to Scrapy, which logs them."""
        if not isinstance(exception, TbtWatchError):
            return None
        assert self._crawler.spider is not None
        issue = make_issue(self._crawler.spider.name, response.url, kind_of(exception), str(exception))
        self._crawler.signals.send_catch_log(signal=issue_met, issue=issue)
        return ()


def _is_robots(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"
