"""What goes wrong between us and a source, told once, in words: as a signal that carries an issue."""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from tbt_watch.collect.options import CrawlIssue
from tbt_watch.domain.text import collapse
from tbt_watch.errors import DamagedError, TbtWatchError

issue_met = object()
"""The signal; its argument is ``issue``."""

_TODO = {
    "refused": "Open the address in a browser: if the site wants a key or a login now, read the same from another "
    "source or a file; otherwise wait, the next run tries again.",
    "robots": "The site asks robots to leave this alone: use its key, its workbook or a file instead.",
    "busy": "Nothing to do: the next run tries again. If it comes every day, let the source run less often.",
    "missing": "Open the address: if the site has moved the page, the spider must be brought up to date.",
    "unreachable": "See whether the site opens in a browser; the next run tries again.",
    "other-host": "Open the address: if the site has moved for good, the spider's hosts must be brought up to date.",
    "too-large": "Open the address: if the answer is really so large, tell the maintainers.",
    "unreadable": "Open the address: if the site looks as always, run the source again; if it has changed, tell the "
    "maintainers. What was read before is kept.",
    "cut-short": "Run the source again, or get the file again. What stood before the damage is kept.",
    "fault": "This is a fault of the program: tell the maintainers the message; the raw records are kept.",
}


_LONGEST = 200


def make_issue(
    source: str, url: str, kind: str, message: str, advice: Mapping[str, str] | None = None
) -> CrawlIssue:
    """An issue of that kind about an address, which is named without its query: that changes from day to day.
    ``advice`` is the source's own."""
    todo = (advice or {}).get(kind, _TODO[kind])
    return CrawlIssue(source=source, key=url.partition("?")[0], kind=kind, message=message, todo=todo)


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
        """Errors after all retries, and what leads on where nobody may follow."""
        if response.status < 300 or response.status in request.meta.get("handle_httpstatus_list", ()):
            return response
        if _is_robots(request):
            return response
        if response.status < 400:
            place = (response.headers.get("Location") or b"elsewhere").decode("latin-1")[:_LONGEST]
            raise _Refusal("other-host", f"{request.url} leads to {place}, where it is not followed.")
        said = self._said(response)
        raise _Refusal(_kind(response), f"{request.url} answered with HTTP status {response.status}{said}.")

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Scrapy goes on without robots.txt; the request itself then meets the same fault and tells it."""
        if _is_robots(request):
            raise IgnoreRequest(str(exception)) from exception

    def _failed(self, failure: Failure) -> Iterable[Request]:
        """There was no answer, or one that was not let through: ask under the site's next name, or tell it."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy puts it there
        assert failure.value is not None
        kind, message = _fault(request, failure.value)
        url = request.url
        first: tuple[str, str, str] | None = request.meta.get("first")
        others: tuple[str, ...] = request.meta.get("elsewhere", ())
        if others and kind in _ELSEWHERE:
            meta = {**_plain(request.meta), "elsewhere": others[1:], "first": first or (url, kind, message)}
            return [request.replace(url=others[0], meta=meta)]
        if first and kind in _ELSEWHERE:
            host = urlsplit(url).hostname
            url, kind, message = first
            message = f"{message.rstrip('.')}; nor could it be read from {host}."
        self._tell(url, kind, message)
        return ()

    def _said(self, response: Response) -> str:
        """What an interface says of its refusal, in brackets; never the key, should it repeat that."""
        try:
            answer = json.loads(response.body[:10_000])
        except ValueError:
            return ""
        said = answer.get("message") if isinstance(answer, dict) else None
        if not isinstance(said, str):
            return ""
        key = getattr(self._spider, "key", "")
        text = collapse(said.replace(key, "(key)") if key else said)[:_LONGEST].rstrip(".")
        return f" ({text})" if text else ""

    @property
    def _spider(self) -> Spider:
        assert self._crawler.spider is not None
        return self._crawler.spider

    def _tell(self, url: str, kind: str, message: str) -> None:
        issue = make_issue(self._spider.name, url, kind, message, getattr(self._spider, "advice", None))
        self._crawler.signals.send_catch_log(signal=issue_met, issue=issue)


_ELSEWHERE = frozenset({"unreachable", "missing"})
"""Kinds of faults with which the site's other names are worth asking; what was refused is not asked for by another."""


def _kind(response: Response) -> str:
    """What an answer of 400 or above stands for. 403 with ``Retry-After`` is how a gateway says: quota used up."""
    if response.status == 429 or (response.status == 403 and "Retry-After" in response.headers):
        return "busy"
    if response.status in (401, 402, 403):
        return "refused"
    return "missing" if response.status in (404, 410) else "unreachable"


def _fault(request: Request, error: BaseException) -> tuple[str, str]:
    """The kind of a failure, and what happened in words."""
    reason = (str(error) or type(error).__name__).rstrip(".")
    match error:
        case _Refusal():
            return error.kind, str(error)
        case _ForeignHost():
            return "other-host", str(error)
        case IgnoreRequest() if "robots.txt" in reason:
            return "robots", f"{request.url} is closed to robots by the site's robots.txt."
        case DownloadTimeoutError():
            return "unreachable", f"{request.url} did not answer in time."
        case DownloadCancelledError():
            return "too-large", f"{request.url} was not read: {reason}."
        case IgnoreRequest() if "exceeded" in reason:
            return "too-large", f"{request.url} was not read: {reason}."
        case IgnoreRequest() if "left alone" in reason:
            return "busy", f"{request.url} was not read: {reason}."
        case IgnoreRequest():
            return "unreachable", f"{request.url} was not read: {reason}."
        case _:
            return "unreachable", f"{request.url} could not be read ({reason})."


def _plain(meta: Mapping[str, object]) -> dict[str, object]:
    """What a spider gave a request, without what Scrapy noted on the way (retries, redirects, the slot of a host)."""
    given = ("handle_httpstatus_list", "download_maxsize", "download_timeout", "dont_redirect")
    return {name: meta[name] for name in given if name in meta}


class _Refusal(IgnoreRequest):
    """Raised inside Scrapy for an answer that is none, with the kind of the issue."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


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
        spider = self._crawler.spider
        advice = getattr(spider, "advice", None)
        issue = make_issue(spider.name, response.url, kind_of(exception), str(exception), advice)
        self._crawler.signals.send_catch_log(signal=issue_met, issue=issue)
        return ()


def _is_robots(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"
