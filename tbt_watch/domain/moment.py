"""Days and moments: zone-aware, and the send-by date."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

Clock = Callable[[], datetime]
"""Gives the present moment, zone-aware. Handed in everywhere; only the command line reads the real one."""

# First day of the lunar year, and the day of the Hùng kings (10th of the 3rd lunar month), in Viet Nam's calendar,
# which counts days from midnight at UTC+7 (the new moon of 2030 falls an hour before it: a day earlier than in China).
_LUNAR = {
    2025: (date(2025, 1, 29), date(2025, 4, 7)),
    2026: (date(2026, 2, 17), date(2026, 4, 26)),
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
    2029: (date(2029, 2, 13), date(2029, 4, 23)),
    2030: (date(2030, 2, 2), date(2030, 4, 12)),
}


def aware(when: datetime, what: str) -> datetime:
    """The same moment in UTC. Raises ValueError for a moment without a zone (a fault of ours, not of data)."""
    if when.tzinfo is None:
        raise ValueError(f"{what} has no time zone: {when!r}")
    return when.astimezone(UTC)


def today(now: datetime) -> date:
    """The day it is in Viet Nam at that moment."""
    return aware(now, "now").astimezone(VIETNAM).date()


def is_day_off(day: date, extra: Collection[date] = ()) -> bool:
    """Weekends and public holidays (Labour Code 45/2019/QH14, Article 112), and the office's own days off.

    Tết is taken as the day before the lunar year to its fourth day, National Day with the day before it; a
    holiday on a weekend is made up for on the next working day (Article 111). What the Government moves or adds
    in a year goes into ``extra``.
    """
    return day.weekday() >= 5 or day in extra or day in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    """The public holidays of a year with the days that make up for those on a weekend."""
    days = {date(year, month, day) for month, day in ((1, 1), (4, 30), (5, 1), (9, 1), (9, 2))}
    if year in _LUNAR:
        new_year, hung_kings = _LUNAR[year]
        days |= {hung_kings, *(new_year + timedelta(days=n) for n in range(-1, 4))}
    for holiday in sorted(day for day in days if day.weekday() >= 5):
        instead = holiday
        while instead.weekday() >= 5 or instead in days:
            instead += timedelta(days=1)
        days.add(instead)
    return frozenset(days)


def send_by(comment_until: date, lead_days: int, days_off: Collection[date] = ()) -> date:
    """The last working day on which comments can reach the national office in time.

    The comment deadline less the office's lead (calendar days); on a day off, the working day before.
    """
    day = comment_until - timedelta(days=lead_days)
    while is_day_off(day, days_off):
        day -= timedelta(days=1)
    return day
