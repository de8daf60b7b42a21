"""Days: moments know their zone, the calendar of Viet Nam, and the last working day to send comments."""

import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.moment import aware, is_day_off, send_by, today

LUNAR_YEARS = range(2025, 2031)


def new_moon(number: int) -> datetime:
    """The instant of a new moon (J. Meeus, Astronomical Algorithms, chapter 49), good to a few minutes;
    number 0 is that of 6 January 2000."""
    t = number / 1236.85
    sun = math.radians(2.5534 + 29.1053567 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = math.radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    e = 1 - 0.002516 * t
    julian = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    julian += -0.4072 * math.sin(moon) + 0.17241 * e * math.sin(sun) + 0.01608 * math.sin(2 * moon)
    julian += 0.01039 * math.sin(2 * node) + 0.00739 * e * math.sin(moon - sun)
    julian += -0.00514 * e * math.sin(moon + sun) + 0.00208 * e * e * math.sin(2 * sun)
    julian += -0.00111 * math.sin(moon - 2 * node) - 0.00057 * math.sin(moon + 2 * node)
    julian += 0.00056 * e * math.sin(2 * moon + sun) - 0.00042 * math.sin(3 * moon)
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=julian - 2451545.0, seconds=-70)


def first_day(year: int) -> date:
    """The first day of the lunar year: of the new moons between 21 January and 20 February, the day at UTC+7."""
    vietnam = timezone(timedelta(hours=7))
    days = (new_moon(number).astimezone(vietnam).date() for number in range(290, 400))
    return next(day for day in days if date(year, 1, 21) <= day <= date(year, 2, 20))


@pytest.mark.parametrize("year", LUNAR_YEARS)
def test_tet_is_where_the_new_moon_is_seen_from_viet_nam(year: int) -> None:
    tet = first_day(year)
    assert all(is_day_off(tet + timedelta(days=n)) for n in range(-1, 4))
    before = [tet - timedelta(days=n) for n in range(2, 8)]
    assert [day for day in before if day.weekday() < 5 and is_day_off(day)] == []


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),  # a Saturday
        (date(2026, 1, 1), True),
        (date(2026, 4, 30), True),
        (date(2026, 5, 1), True),
        (date(2026, 9, 1), True),
        (date(2026, 9, 2), True),
        (date(2025, 4, 7), True),  # the Hùng kings
        (date(2026, 4, 27), True),  # made up for: they fall on Sunday 26 April 2026
        (date(2026, 4, 28), False),
        (date(2027, 2, 10), True),  # made up for: the first two days of Tết 2027 are a weekend
        (date(2027, 2, 11), True),
        (date(2027, 2, 12), False),
        (date(2028, 1, 3), True),  # made up for: New Year's Day 2028 is a Saturday
        (date(2045, 5, 1), True),  # years whose lunar days are not in the table still have the others
        (date(2045, 5, 3), False),
    ],
)
def test_days_off(day: date, off: bool) -> None:
    assert is_day_off(day) is off


def test_the_days_off_of_an_office_count_too() -> None:
    assert is_day_off(date(2026, 11, 20), extra={date(2026, 11, 20)})


@pytest.mark.parametrize(
    ("deadline", "lead", "expected"),
    [
        (date(2026, 12, 18), 15, date(2026, 12, 3)),
        (date(2026, 12, 20), 15, date(2026, 12, 4)),  # Saturday → Friday
        (date(2026, 12, 21), 15, date(2026, 12, 4)),  # Sunday → Friday
        (date(2026, 3, 5), 15, date(2026, 2, 13)),  # within Tết 2026 → the Friday before it
        (date(2026, 5, 16), 15, date(2026, 4, 29)),  # 1 May, 30 April → 29 April
        (date(2026, 9, 17), 15, date(2026, 8, 31)),  # National Day
        (date(2026, 12, 18), 0, date(2026, 12, 18)),
        (date(2026, 1, 16), 15, date(2025, 12, 31)),  # over the turn of the year
    ],
)
def test_the_send_by_date_is_a_working_day(deadline: date, lead: int, expected: date) -> None:
    assert send_by(deadline, lead) == expected


def test_the_send_by_date_minds_the_days_off_of_the_office() -> None:
    off = {date(2026, 12, 3), date(2026, 12, 2)}
    assert send_by(date(2026, 12, 18), 15, off) == date(2026, 12, 1)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_nothing_could_be_sent_later_and_still_arrive(deadline: date, lead: int) -> None:
    day = send_by(deadline, lead)
    last = deadline - timedelta(days=lead)
    assert not is_day_off(day)
    assert day <= last
    later = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert all(is_day_off(one) for one in later)
    assert (last - day).days < 12


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="seen_at has no time zone"):
        aware(naive, "seen_at")
    with pytest.raises(ValueError, match="no time zone"):
        today(naive)


def test_the_day_is_that_of_viet_nam() -> None:
    assert today(datetime(2026, 11, 20, 16, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert today(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == date(2026, 11, 21)
    geneva = timezone(timedelta(hours=1))
    assert today(datetime(2026, 11, 20, 18, 30, tzinfo=geneva)) == date(2026, 11, 21)
    assert aware(datetime(2026, 11, 20, 1, 0, tzinfo=geneva), "now") == datetime(2026, 11, 20, tzinfo=UTC)
