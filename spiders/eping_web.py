"""ePing's search page, through the JSON interface that the page itself uses."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from tbt_watch.domain.moment import today
from tbt_watch.errors import SourceError
from tbt_watch.source.paged import JsonPagedSource

MARGIN = timedelta(days=1)
"""Whether the bounds of the filter count as inside is not known."""


class EpingWeb(JsonPagedSource):
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

    address = "https://epingalert.org/api/v1/azureSearch/getAll"
    page_size = 100
    items_key = "items"
    total_key = "totalCount"
    id_key = "id"

    @property
    def window(self) -> tuple[date, date | None]:
        """The first and last day to ask for; no last day where none was named."""
        return self.since or today(self.now) - timedelta(days=self.window_days), self.until

    def query(self, page: int) -> Mapping[str, str | int]:
        """Without ``sortBy`` the order is relevance, which changes between pages."""
        since, until = self.window
        asked: dict[str, str | int] = {
            "language": 1,
            "page": page,
            "pageSize": self.page_size,
            "sortBy": "distributionDate",
            "sortDirection": "desc",
            "distributionDateFrom": since.isoformat(),
        }
        return asked | ({"distributionDateTo": until.isoformat()} if until else {})

    def check(self, records: list[dict[str, Any]], where: str) -> None:
        """The interface ignores parameters it does not know, and then answers with everything."""
        since, until = self.window
        first, last = (since - MARGIN).isoformat(), (until + MARGIN).isoformat() if until else "9999"
        for record in records:
            day = str(record.get("distributionDate") or "")[:10]
            if day and not first <= day <= last:
                raise SourceError(
                    f"{where} answered a notification distributed on {day} (id {record.get('id')}) outside the "
                    "days that were asked for: the filter is no longer obeyed, and the spider must be brought "
                    "up to date."
                )

    def url_of(self, record: Mapping[str, Any]) -> str:
        """The page of the notification."""
        symbol = str(record.get("documentSymbol") or "").partition(",")[0].strip()
        return f"https://epingalert.org/en/Search?viewData={quote(symbol, safe='/')}" if symbol else self.home
