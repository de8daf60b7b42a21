"""Sources that list the newest first and cannot be asked for days: read until the edge of the window."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy.http import Request, Response, TextResponse

from tbt_watch.domain.moment import today
from tbt_watch.errors import SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Yielded

_DAY = re.compile(r"\s*(?:(\d{4})-(\d{2})-(\d{2})(?:T.*)?|(\d{1,2})[/-](\d{1,2})[/-](\d{4}))\s*")


def day_of(text: str) -> date | None:
    """The day that a list states, from ISO or ``dd/mm/yyyy``; None where it states none that a calendar has.

    Good enough to know where the window ends; what a document's day is, normalise reads.
    """
    if not (match := _DAY.fullmatch(text)):
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


class WindowedSource(Source):
    """Pages from the newest document to the oldest. What bears no day counts as inside the window."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._met: set[str] = set()
        self._pages: dict[str, list[tuple[str, ...]]] = {}

    @property
    def window(self) -> tuple[date, date | None]:
        """The first and last day that are wanted; no last day where none was named."""
        return self.since or today(self.now) - timedelta(days=self.window_days), self.until

    def within(self, day: date | None) -> bool:
        """Whether a document of that day is wanted."""
        since, until = self.window
        return day is None or (since <= day and (until is None or day <= until))

    def past(self, days: Sequence[date | None]) -> bool:
        """Whether a page lies wholly before the window, so that what follows it does too."""
        known = [day for day in days if day is not None]
        return bool(known) and max(known) < self.window[0]

    def first_time(self, key: str) -> bool:
        """Whether this run has not met that document yet: several lists may name it."""
        new = key not in self._met
        self._met.add(key)
        return new

    def in_order(self, days: Sequence[date | None], before: date, where: str) -> date:
        """The last day of a page whose first one must not be later than ``before``. Raises SourceError when the
        days do not fall: then nobody knows where the window ends."""
        known = [before, *(day for day in days if day is not None)]
        if known != sorted(known, reverse=True):
            raise SourceError(
                f"{where} no longer lists the newest document first: the order is not obeyed, and the spider must be "
                "brought up to date."
            )
        return known[-1]

    def right_page(self, said: object, asked: int, where: str) -> None:
        """Raise SourceError when an answer says that it is another page than the one that was asked for."""
        if said != asked:
            raise SourceError(
                f"{where} answered page {said!r} for page {asked}: the interface has changed, and the spider must be "
                "brought up to date."
            )

    def turned(self, listing: str, keys: Sequence[str], where: str) -> bool:
        """Whether a page is another one than those before it; past the end, sites repeat their last page.

        Raises SourceError when the second page is the first one again: the parameter for the page is not obeyed.
        """
        pages, page = self._pages.setdefault(listing, []), tuple(keys)
        if page in pages and len(pages) == 1:
            raise SourceError(
                f"{where} answered the first page again where the second was due: the way to ask for a page has "
                "changed, and the spider must be brought up to date."
            )
        pages.append(page)
        return bool(page) and page not in pages[:-1]


class TableSource(WindowedSource):
    """Tables of documents, a row each, page by page.

    A spider declares its ``columns`` in order (without a name where a cell says nothing of the document, as the number
    of the row), names among them the one with the day (``dated``), and in ``listings`` what it reads besides
    ``address``. Pages follow by the link ``rel=next``.
    """

    columns: ClassVar[tuple[str, ...]]
    dated: ClassVar[str]
    listings: ClassVar[tuple[str, ...]] = ()

    def first(self) -> Iterator[Request]:
        """The first page of every listing."""
        for listing in (self.address, *self.listings):
            yield self.ask(listing, self.read, listing=listing)

    def read(self, response: Response, listing: str = "") -> Iterator[Yielded]:
        """The rows of a page that lie in the window, and the request for the next page."""
        if not isinstance(response, TextResponse):
            raise SourceError(f"{response.url} answered no page of text: open the address to see.")
        at = self.columns.index(self.dated)
        items, days, odd = [], [], 0
        for row in response.css("tr"):
            cells = row.xpath("./td")
            link = row.css("a::attr(href)").get(default="").strip()
            if len(cells) != len(self.columns):
                odd += bool(len(cells) > 1 and link)
                continue
            texts = ["".join(cell.css("::text").getall()).strip() for cell in cells]
            days.append(day_of(texts[at]))
            items.append(self.item(texts, response.urljoin(link) if link else "", listing))
        if not items or odd:
            raise SourceError(
                f"{response.url} has {len(items)} rows of {len(self.columns)} cells and {odd} of another number: the "
                "table has changed, and the spider must be brought up to date."
            )
        if not self.turned(listing, [item.key for item in items], response.url):
            return
        yield from (
            item
            for item, day in zip(items, days, strict=True)
            if self.within(day) and self.first_time(item.key)
        )
        following = response.css('a[rel~="next"]::attr(href), link[rel~="next"]::attr(href)').get()
        if following and not self.past(days):
            yield self.ask(response.urljoin(following), self.read, listing=listing)

    def item(self, texts: Sequence[str], link: str, listing: str) -> RawItem:
        """A row as it stands, without the columns that have no name; its link names it, else its cells do."""
        named = {name: text for name, text in zip(self.columns, texts, strict=True) if name}
        cells: dict[str, JSON] = dict(named)
        key = link or "|".join(named.values())
        return RawItem(
            source=self.name,
            key=key,
            body={"cells": cells, "link": link, "listing": listing},
            url=link or listing,
        )


def form_of(response: TextResponse, more: Collection[tuple[str, str]]) -> str:
    """The body of a form's answer: all its hidden fields as they stand, and ``more``."""
    fields = {
        one.attrib["name"]: one.attrib.get("value", "")
        for one in response.css('input[type="hidden"]')
        if one.attrib.get("name")
    }
    return urlencode({**fields, **dict(more)})
