"""The dates of Vietnamese text: 12/6/2025, ngày 12 tháng 6 năm 2025, tháng 6/2025, ngày 30/9, and days in a row.

And whether a translation has the dates of its original, no other ones, and none with day and month changed over.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tbt_watch.translate.figures.dates import day_first, find_dates, is_doubtful
from tbt_watch.translate.figures.numerals import MONTHS
from tbt_watch.translate.figures.spans import Span, masked

_NAMES = {
    name: month
    for month, names in enumerate(
        "một|giêng hai ba tư|bốn năm sáu bảy|bẩy tám chín mười mười\u00a0một mười\u00a0hai|chạp".split(" "),
        start=1,
    )
    for name in names.replace("\u00a0", " ").split("|")
}
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
# "tháng năm" is May only before a year, and "12 tháng một lần" is no January.
_MONTH = (
    rf"(?P<m>0?[1-9](?!\d)|1[0-2](?!\d)|(?:{_NAME})(?=\s+năm\s+\d)"
    rf"|(?-i:{'|'.join(name.capitalize() for name in sorted(_NAMES, key=len, reverse=True))})(?!\w))"
)
_DAYS = r"(?P<d>\d{1,2}(?:\s*(?:,|và|đến|tới|hoặc|[-\u2013\u2014])\s*(?:ngày\s+)?\d{1,2}){0,15})"
_YEAR = r"(?:\s*(?:,|[-/])\s*|\s+)(?:năm\s+)?(?P<y>\d{4,5})(?!\d)"
_IN_WORDS = re.compile(
    rf"(?<![\d.,/])(?:{_DAYS}\s+)?tháng\s+{_MONTH}(?:{_YEAR})?(?!\s*(?:ngày|tuần)\s+(?:kể|sau|trước))",
    re.IGNORECASE,
)
_IN_FIGURES = re.compile(
    r"(?<![\d/.,])(?:(?P<f>\d{1,2})\s*[-\u2013]\s*)?(?P<d>\d{1,2})\s*(?P<s>[/.-])\s*(?P<m>\d{1,2})\s*(?P=s)\s*"
    r"(?P<y>(?:19|20)\d{2}|(?<=/)\d{1,5}|(?<=/ )\d{1,5})(?![\d/]|[.-]\d)"
)
_ISO = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})(?P<s>[-/])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d/-])")
_NO_YEAR = re.compile(
    r"\b(?:ngày|từ|đến|trước|sau|và|hết)\s+(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/]|[.,]\d)", re.IGNORECASE
)
# 06/12/25, in which the year is as short as the rest.
_SHORT_YEAR = re.compile(r"(?<![\w/.-])(0[1-9]|1[0-2])/(0[1-9]|1[0-2])/[0-9]{2}(?![\w/-]|\.[0-9])")
_NUMBER = re.compile(r"\d+")
# A month without day and year: "in June", but not "may" and "march" of any other sentence.
_IN_MONTH = {
    "en": re.compile(
        r"\b(January|February|April|June|July|August|September|October|November|December|(?<=\bin )(?:March|May))\b"
    ),
    "fr": re.compile(r"\b(janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre)\b"),
    "es": re.compile(
        r"\b(enero|febrero|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day or a month as a text has it; ``day`` and ``year`` are None where it says none. Not always a real day."""

    text: str
    day: int | None
    month: int
    year: int | None
    start: int = field(default=0, compare=False)

    def date(self) -> date | None:
        """The day of the calendar, or None where it is no full one or there is no such day."""
        if self.day is None or self.year is None or not 1000 <= self.year <= 9999:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def fits(self, other: "WrittenDate") -> bool:
        """The same day and month, and the same year where both say one."""
        years = self.year == other.year or self.year is None or other.year is None
        return years and (self.month, self.day) == (other.month, other.day)


def read_dates(text: str) -> list[WrittenDate]:
    """The dates of a Vietnamese text, in their order."""
    found: list[WrittenDate] = []
    for pattern in (_ISO, _IN_FIGURES, _NO_YEAR, _IN_WORDS):
        rest: list[str] = []
        at = 0
        for match in pattern.finditer(text):
            found += _days(match)
            rest += (text[at : match.start()], " " * len(match.group()))
            at = match.end()
        text = "".join((*rest, text[at:]))
    return sorted(found, key=lambda one: one.start)


def without_dates(text: str, language: str) -> str:
    """The text with its dates made NUL: what stands behind a number in one is no unit."""
    if language != "vi":
        return masked(
            text, [span for span in _apart(find_dates(text, language)) if "giờ" not in span.vietnamese]
        )
    for pattern in (_ISO, _IN_FIGURES, _NO_YEAR, _IN_WORDS):
        text = pattern.sub(lambda match: "\0" * len(match.group()), text)
    return text


def _days(match: re.Match[str]) -> Iterator[WrittenDate]:
    groups = match.groupdict()
    name = groups["m"].casefold()
    month = int(name) if name.isdigit() else _NAMES[name]
    year = int(groups["y"]) if groups.get("y") else None
    days: list[int | None] = [
        int(day) for day in _NUMBER.findall(f"{groups.get('f') or ''} {groups['d'] or ''}")
    ]
    for day in days or [None]:
        yield WrittenDate(" ".join(match.group().split()), day, month, year, match.start())


def date_faults(source: str, target: str, language: str) -> Iterator[str]:
    """Dates of the original that the Vietnamese does not have, and dates that it has and the original has not.

    And dates of the original that may be two days (3/4/2025 in English): which it is, a person must say. Both texts
    are without their codes.
    """
    theirs: list[WrittenDate] = []
    either: list[WrittenDate] = []
    first_is_day = day_first(source, language)
    for span in _apart(find_dates(source, language)):
        read = read_dates(_told(span.vietnamese))
        written = source[span.start : span.end]
        if is_doubtful(written, first_is_day):
            either += [turn for one in read for turn in (one, _turned(one))]
            yield f"{written} may be two days"
        else:
            theirs += [WrittenDate(written, one.day, one.month, one.year) for one in read]
    if language == "en":
        short = (match for match in _SHORT_YEAR.finditer(source) if match[1] != match[2])
        yield from dict.fromkeys(f"{match.group()} may be two days" for match in short)
    ours = read_dates(target)
    for one in dict.fromkeys(theirs):
        if not _among(one, ours):
            yield f"{one.text} is missing"
    months = {one.month for one in (*theirs, *ours)}
    for match in _IN_MONTH[language].finditer(source):
        if MONTHS[match[1].casefold()] not in months:
            yield f"{match.group()} is missing"
    known = [*theirs, *either]
    names = {MONTHS[word] for word in re.findall(r"[^\W\d_]+", source.casefold()) if word in MONTHS}
    numbers = {int(number) for number in _NUMBER.findall(source) if len(number) <= 4}
    for one in dict.fromkeys(ours):
        loose = one.month in names and {one.day, one.year} - {None} <= numbers
        if (one.day or one.year) and not _among(one, known) and not loose:
            yield f"{one.text} is not in the original"
    first, second = ([one for one in dates if one.day and one.year] for dates in (theirs, ours))
    days = [[(one.year, one.month, one.day) for one in dates] for dates in (first, second)]
    if days[0] != days[1] and sorted(days[0]) == sorted(days[1]):
        yield f"{', '.join(one.text for one in second)} stand in another order"


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans from left to right, the longest of those that lie over each other."""
    end = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            end = span.end
            yield span


def _told(form: str) -> str:
    """``30/9`` is read as a date only where something says that it is one."""
    return f"ngày {form}" if form[:1].isdigit() else form


def _turned(one: WrittenDate) -> WrittenDate:
    return WrittenDate(one.text, one.month, one.day, one.year) if one.day else one


def _among(one: WrittenDate, others: Iterable[WrittenDate]) -> bool:
    return any(one.fits(other) for other in others)
