"""Days of a back-fill, cut into windows that are each a crawl of their own; pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Window:
    """Days from ``since`` to ``until``, both included."""

    since: date
    until: date

    def __str__(self) -> str:
        """As ISO 8601 writes an interval: ``2024-03-01/2024-03-31``."""
        return f"{self.since.isoformat()}/{self.until.isoformat()}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def inside(self, others: Collection[tuple[date, date]]) -> bool:
        """Whether one of those holds all of it."""
        return any(since <= self.since and self.until <= until for since, until in others)


def cut(since: date, until: date, size: int = 0) -> list[Window]:
    """Those days as windows, the first one first: calendar months, or ``size`` days each.

    The cuts do not depend on where the days begin, so that asking for more days later finds the same windows again.
    """
    return list(_cut(since, until, size))


def _cut(since: date, until: date, size: int) -> Iterator[Window]:
    while since <= until:
        end = min(_last(since, size), until)
        yield Window(since=since, until=end)
        since = end + _DAY


def _last(day: date, size: int) -> date:
    if size:
        return date.fromordinal(day.toordinal() // size * size + size - 1)
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY
