"""Sources that are one of ePing's interfaces: pages of notifications, one record a notifying Member."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from tbt_watch.domain.moment import today
from tbt_watch.domain.symbol import parse_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.errors import SourceError
from tbt_watch.source.paged import JsonPagedSource

MARGIN = timedelta(days=1)
"""Whether the bounds of the filter count as inside is not known."""


class NotificationSource(JsonPagedSource):
    """Notifications by day of distribution, over a window that ends today: records are rewritten for weeks."""

    page_size = 100
    items_key = "items"
    total_key = "totalCount"
    id_key = "id"

    @property
    def window(self) -> tuple[date, date | None]:
        """The first and last day to ask for; no last day where none was named."""
        return self.since or today(self.now) - timedelta(days=self.window_days), self.until

    def query(self, page: int) -> Mapping[str, str | int]:
        """What both interfaces take."""
        since, until = self.window
        asked: dict[str, str | int] = {
            "language": 1,
            "page": page,
            "pageSize": self.page_size,
            "distributionDateFrom": since.isoformat(),
        }
        return asked | ({"distributionDateTo": until.isoformat()} if until else {})

    def check(self, records: list[dict[str, Any]], where: str) -> None:
        """The interface ignores parameters that it does not know, and then answers with everything."""
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
        return page_of(record) or self.home


def page_of(record: Mapping[str, Any]) -> str:
    """Where a person finds the notification of a record; empty where it has no symbol."""
    symbol = str(record.get("documentSymbol") or "").partition(",")[0].strip()
    return f"https://epingalert.org/en/Search?viewData={quote(symbol, safe='/')}" if symbol else ""


def key_from_symbols(record: Mapping[str, Any]) -> str:
    """Symbols and notifying Member, which name a record that has no number; empty where it has no symbol."""
    symbols, others = parse_symbols(str(record.get("documentSymbol") or ""))
    stated = ", ".join([symbol.text for symbol in symbols] + sorted(collapse(other) for other in others))
    return f"{stated}|{collapse(str(record.get('notifyingMember') or ''))}" if stated else ""
