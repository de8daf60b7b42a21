"""Sites of offices that publish articles in the manner of WordPress: lists of links, and a page an article."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from tbt_watch.domain.moment import today
from tbt_watch.domain.symbol import find_symbols
from tbt_watch.domain.text import nfc
from tbt_watch.errors import SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Yielded
from tbt_watch.source.html import page_text

ARTICLE = re.compile(
    r"^/(?:(?P<year>20\d\d)/(?P<month>\d\d)/[^/]+|[^/]+/\d\d/(?P<late_month>\d\d)/(?P<late_year>20\d\d))/?$"
)
"""Both forms of addresses: ``/2022/03/slug/`` and ``/slug/28/03/2022/``."""

_NEXT = "link[rel=next]::attr(href), a[rel=next]::attr(href), a.next::attr(href), .nav-previous a::attr(href)"
_POSTED = re.compile(
    r"(?:(?:Post by|Người viết)\s*:?\s*(?P<author>.*?)[\s-]+)?(?:Post date|Ngày viết)\s*:\s*"
    r"(?P<day>.+?)(?=\s*-\s*(?:View count|Lượt xem|Số lần xem)|$)",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(r"Mã\s+(?:số\s+)?thông\s+báo\s*:?", re.IGNORECASE)
_ONLY_SYMBOLS = re.compile(r"[A-Z0-9/.,;&\s-]*(?:và[A-Z0-9/.,;&\s-]*)*", re.IGNORECASE)
_MOST_PAGES = 300


class ArticleSource(Source):
    """Articles found through the lists on a site.

    A spider declares ``bodies``: CSS selectors of the element that holds an article's text, tried in that order. The
    articles of the first list are always read, further lists as long as they name articles of the days that are asked
    for (an address names no more than the month).
    """

    accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
    bodies: ClassVar[tuple[str, ...]]

    @property
    def window(self) -> tuple[date, date]:
        """The first and last day that are asked for."""
        until = self.until or today(self.now)
        return self.since or until - timedelta(days=self.window_days), until

    def read(
        self, response: Response, page: int = 1, known: frozenset[str] = frozenset()
    ) -> Iterator[Yielded]:
        """The articles that a list names, and the next list while there may be more of these days."""
        if not isinstance(response, TextResponse):
            raise SourceError(
                f"{response.url} answered no page of text: open the address to see what the site says."
            )
        found = self._articles(response)
        if not found and page == 1:
            raise SourceError(
                f"{response.url} names no article: the page has changed, and the spider must be brought up to date."
            )
        fresh = {url: month for url, month in found.items() if url not in known}
        within = [url for url, month in fresh.items() if self._asked(month)]
        for url in fresh if page == 1 and self.until is None else within:
            yield self.ask(url, self.read_article)
        following = response.css(_NEXT).get()
        newest_is_later = any(month > f"{self.window[1]:%Y-%m}" for month in fresh.values())
        if following and (within or newest_is_later) and page < _MOST_PAGES:
            url = urljoin(response.url, following.strip())
            yield self.ask(url, self.read, page=page + 1, known=known | set(found))

    def _asked(self, month: str) -> bool:
        first, last = self.window
        return f"{first:%Y-%m}" <= month <= f"{last:%Y-%m}"

    def _articles(self, response: TextResponse) -> dict[str, str]:
        """Address → month of each article, in the order of the page."""
        found: dict[str, str] = {}
        for link in response.css("a::attr(href)").getall():
            try:
                url = urljoin(response.url, link.strip())
                parts = urlsplit(url)
            except ValueError:  # an address that is none
                continue
            match = ARTICLE.match(parts.path)
            if match and parts.hostname in self.hosts:
                year, month = match["year"] or match["late_year"], match["month"] or match["late_month"]
                found.setdefault(f"{parts.scheme}://{parts.netloc}{parts.path}", f"{year}-{month}")
        return found

    def read_article(self, response: Response) -> Iterator[RawItem]:
        """An article, once for every notification that it is the text of, or once."""
        if not isinstance(response, TextResponse):
            raise SourceError(
                f"{response.url} answered no page of text: open the address to see what the site says."
            )
        body = next((part for css in self.bodies for part in response.css(css)[:1]), None)
        title = " ".join("".join(response.css("h1 ::text").getall()).split())
        title = title or response.css('meta[property="og:title"]::attr(content)').get(default="").strip()
        if body is None or not title:
            what = "text" if body is None else "title"
            raise SourceError(
                f"{response.url} shows no {what} of an article where it is due: the page has changed, and the spider "
                "must be brought up to date."
            )
        lines = page_text(body)
        posted, author = _posted(lines) or _posted(page_text(response.css("body")[0])) or ("", "")
        text = [line for line in lines if not _POSTED.search(nfc(line)) and line != title]
        links = [
            urljoin(response.url, link)
            for link in body.css("a::attr(href)").getall()
            if link.startswith("http")
        ]
        url = response.url.partition("?")[0].partition("#")[0]
        said: dict[str, JSON] = {"title": title, "posted": posted, "author": author}
        said |= {"text": [*text], "links": [*dict.fromkeys(links)]}
        symbols = notified("\n".join(text)) or ("",)
        for number, symbol in enumerate(symbols, start=1):
            yield RawItem(
                source=self.name,
                key=url if number == 1 else f"{url}#{number}",
                url=url,
                body={**said, "symbol": symbol},
            )


def _posted(lines: list[str]) -> tuple[str, str] | None:
    """When and by whom it was written, as the page says; how often it was looked at is no part of it, for that
    changes with every look."""
    for line in lines:
        if match := _POSTED.search(nfc(line)):
            return match["day"].strip(), (match["author"] or "").strip()
    return None


def notified(text: str) -> tuple[str, ...]:
    """The symbols whose text an article is: those that it gives once as its own ("Mã thông báo …"), several for a joint
    notification; without such a line the only one that it names. An article about several notifications is the text of
    none of them.
    """
    lines = nfc(text).splitlines()
    marked = [at for at, line in enumerate(lines) if _CODE_LINE.search(line)]
    if len(marked) > 1:
        return ()
    if marked:
        at = marked[0]
        own = [_CODE_LINE.split(lines[at], maxsplit=1)[1]]
        for line in lines[at + 1 :]:
            if not (_ONLY_SYMBOLS.fullmatch(line) and find_symbols(line)):
                break
            own.append(line)
        if found := find_symbols(" ; ".join(own)):
            return tuple(symbol.text for symbol in found)
    named = find_symbols(" ".join(lines))
    return (named[0].text,) if len(named) == 1 else ()
