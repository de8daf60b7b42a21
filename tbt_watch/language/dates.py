"""Days, moments and numbers as they are written in Vietnamese and English."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from tbt_watch.domain.moment import VIETNAM, aware


def short_day(day: date, lang: str) -> str:
    """``11/6/2025``, ``05/02/2026``; English ``11 June 2025``.

    Vietnamese official style puts a 0 before days under 10 and before the months 1 and 2
    (Decree 30/2020/NĐ-CP, Appendix I, on place and date).
    """
    if lang == "vi":
        return f"{day.day:02d}/{_month(day)}/{day.year}"
    return format_date(day, "d MMMM y", locale=lang)


def long_day(day: date, lang: str) -> str:
    """``Thứ Năm, ngày 12 tháng 6 năm 2025``; English ``Thursday, 12 June 2025``."""
    if lang == "vi":
        weekday = format_date(day, "EEEE", locale=lang)
        return f"{weekday}, ngày {day.day:02d} tháng {_month(day)} năm {day.year}"
    return format_date(day, "EEEE, d MMMM y", locale=lang)


def named_month(day: date, lang: str) -> str:
    """``tháng 8/2026``; English ``August 2026``."""
    if lang == "vi":
        return f"tháng {_month(day)}/{day.year}"
    return format_date(day, "MMMM y", locale=lang)


def clock_time(when: datetime) -> str:
    """The time of day in Viet Nam, ``8:05``. Raises ValueError for a moment without a zone."""
    here = aware(when, "moment").astimezone(VIETNAM)
    return f"{here.hour}:{here.minute:02d}"


def local_day(when: datetime) -> date:
    """The day it is in Viet Nam at that moment."""
    return aware(when, "moment").astimezone(VIETNAM).date()


def written_number(value: Decimal | int, lang: str) -> str:
    """``1.234,5`` in Vietnamese, ``1,234.5`` in English, with the decimals it has."""
    return format_decimal(value, locale=lang, decimal_quantization=False)


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)
