"""ePing's ten newest notifications: little, and quickly asked for."""

from collections.abc import Iterator
from types import MappingProxyType

from scrapy.http import Response

from tbt_watch.errors import SourceError
from tbt_watch.source.base import RawItem, Source, Yielded, key_from_content
from tbt_watch.source.notifications import key_from_symbols, page_of
from tbt_watch.source.paged import read_json_list


class EpingLatest(Source):
    """At most ten rows of TBT and SPS, without deadline and type."""

    name = "eping_latest"
    title = "ePing: the ten newest notifications"
    publisher = "World Trade Organization"
    country = "WTO"
    language = "en"
    home = "https://eping.wto.org/"
    frequency = "hourly"
    expects = (1, 10)
    hosts = ("eping.wto.org", "epingalert.org", "www.epingalert.org")
    advice = MappingProxyType(
        {
            "robots": "The site asks robots to leave this alone: read eping_api, with a key of your own "
            "(TBT_EPING_KEY), or eping_workbook.",
        }
    )

    # Any parameter is answered with 400, and any other Accept than this very one with XML.
    address = "https://eping.wto.org/api/v1/notifications/getLatestNotifications"
    accept = "application/json"

    def read(self, response: Response) -> Iterator[Yielded]:
        """One item a row."""
        for row in read_json_list(response):
            if "documentSymbol" not in row:
                raise SourceError(
                    f"{response.url} answered a row without documentSymbol (it has {', '.join(list(row)[:8])}): the "
                    "interface has changed, and the spider must be brought up to date."
                )
            key = key_from_symbols(row) or key_from_content(row)
            yield RawItem(source=self.name, key=key, body=row, url=page_of(row) or self.home)
