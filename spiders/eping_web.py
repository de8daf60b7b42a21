"""ePing's search page, through the JSON interface that the page itself uses."""

from collections.abc import Mapping
from types import MappingProxyType

from tbt_watch.source.notifications import NotificationSource


class EpingWeb(NotificationSource):
    """Notifications by day of distribution, newest first; one record a notifying Member."""

    name = "eping_web"
    title = "ePing: new and changed notifications"
    publisher = "World Trade Organization"
    country = "WTO"
    language = "en"
    home = "https://epingalert.org/en/Search/Index"
    frequency = "hourly"
    expects = (200, 4_000)
    window_days = 45  # originals in Spanish or French are rewritten in English within weeks: read them again
    hosts = ("epingalert.org", "www.epingalert.org", "eping.wto.org")
    advice = MappingProxyType(
        {
            "robots": "The site asks robots to leave its search alone, and is asked for nothing else: read the same "
            "from eping_api, with a key of your own (TBT_EPING_KEY), or from eping_workbook.",
            "refused": "Open the address in a browser: if the site wants a login now, read the same from eping_api, "
            "with a key of your own (TBT_EPING_KEY), or from eping_workbook; otherwise wait, the next run tries again.",
        }
    )

    address = "https://epingalert.org/api/v1/azureSearch/getAll"
    other_names = ("https://eping.wto.org/api/v1/azureSearch/getAll",)

    def query(self, page: int) -> Mapping[str, str | int]:
        """Without ``sortBy`` the order is relevance, which changes between pages."""
        return {**super().query(page), "sortBy": "distributionDate", "sortDirection": "desc"}
