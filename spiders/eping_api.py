"""ePing's official interface, for which the WTO gives out keys at no charge (apiportal.wto.org)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scrapy.http import Request

from tbt_watch.source.notifications import NotificationSource, key_from_symbols


class EpingApi(NotificationSource):
    """The same records as ePing's search page has. The key travels in a header, never in an address."""

    name = "eping_api"
    title = "ePing: new and changed notifications, by the WTO's official interface"
    publisher = "World Trade Organization"
    country = "WTO"
    language = "en"
    home = "https://apiportal.wto.org/"
    frequency = "hourly"
    expects = (200, 4_000)
    window_days = 45
    hosts = ("api.wto.org",)
    key_name = "TBT_EPING_KEY"
    advice = MappingProxyType(
        {
            "refused": "Compare the key in TBT_EPING_KEY with the one that apiportal.wto.org shows for your "
            "subscription; until it is right, eping_web and eping_workbook need none.",
            "busy": "The key has used up its calls for now: nothing to do, the next run tries again; if it comes "
            "every day, let the source run less often.",
            "missing": "The WTO's gateway knows no such operation: look at apiportal.wto.org whether ePing has "
            "moved, and tell the maintainers; until then read eping_web or eping_workbook.",
            "robots": "The site asks robots to leave its interface alone: read eping_web or eping_workbook.",
        }
    )

    address = "https://api.wto.org/eping/notifications/search"

    def query(self, page: int) -> Mapping[str, str | int]:
        """TBT and SPS, said outright."""
        return {**super().query(page), "domainIds": "1,2"}

    def ask(self, url: str, *given: Any, **more: Any) -> Request:
        """With the key, and never led on to another address with it."""
        request = super().ask(url, *given, **more)
        request.headers["Ocp-Apim-Subscription-Key"] = self.key
        request.meta["dont_redirect"] = True
        return request

    def key_of(self, record: Mapping[str, Any]) -> str:
        """The number that the search page's records have is not promised here."""
        return super().key_of(record) or key_from_symbols(record)
