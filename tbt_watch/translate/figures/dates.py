"""Dates and times of day in running English, French and Spanish, and their Vietnamese form.

12 June 2025 → 12/6/2025, June 2025 → tháng 6/2025, 30 September → ngày 30/9, 4 p.m. → 16 giờ. 12/06/2025 is the
twelfth of June in French and Spanish; in English it may be the sixth of December. Then 25/12/2025 or 12/25/2025 in the
same text settles it; where none does, or they speak against each other or the language, it stays as it is.
"""

import re
from collections.abc import Iterator

from tbt_watch.translate.figures.spans import Span


def _table(words: str) -> dict[str, int]:
    return {word: int(value) for word, value in (pair.split(":") for pair in words.split())}


_FULL = {
    "en": _table(
        "january:1 february:2 march:3 april:4 may:5 june:6 july:7 august:8 september:9 october:10 november:11"
        " december:12"
    ),
    "fr": _table(
        "janvier:1 février:2 mars:3 avril:4 mai:5 juin:6 juillet:7 août:8 aout:8 septembre:9 octobre:10"
        " novembre:11 décembre:12"
    ),
    "es": _table(
        "enero:1 febrero:2 marzo:3 abril:4 mayo:5 junio:6 julio:7 agosto:8 septiembre:9 setiembre:9 octubre:10"
        " noviembre:11 diciembre:12"
    ),
}
_SHORT = {
    "en": _table("jan:1 feb:2 mar:3 apr:4 jun:6 jul:7 aug:8 sep:9 sept:9 oct:10 nov:11 dec:12"),
    "fr": _table("janv:1 févr:2 avr:4 juill:7 juil:7 sept:9 oct:10 nov:11 déc:12"),
    "es": _table("ene:1 feb:2 mar:3 abr:4 jun:6 jul:7 ago:8 sept:9 oct:10 nov:11 dic:12"),
}
_MONTHS = {
    word: month for tables in (_FULL, _SHORT) for table in tables.values() for word, month in table.items()
}


def _any(*tables: dict[str, int]) -> str:
    words = {word for table in tables for word in table}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_FREE = r"(?<![\w/])(?<![0-9][.,:-])"  # what stands before a date is no part of a number or of a code
_ENDS = r"(?![\w/]|[.,:-][0-9])"
_DAY = r"(?P<d>[0-3]?[0-9])(?:st|nd|rd|th|er|\.?º|°)?"
_FROM = r"(?:(?P<from>[0-3]?[0-9])(?:st|nd|rd|th)?\s?(?P<dash>[-\u2013\u2014])\s?)?"
_YEAR = r"(?P<y>(?:1[89]|2[0-5])[0-9]{2})"
# The English prepositions that a day follows: "In May 5 samples" names no fifth of May.
_AT = r"(?:on|by|before|until|till|after|from|to|since|than|dated|through|of|and|between|le)"


def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    months = _any(*_FULL.values(), _SHORT[language])
    own = _any(_FULL[language])
    of = r"\s+de\s+" if language == "es" else r"\s+(?:of\s+)?"
    between = r"(?:[\s-]|\s+(?:of|de)\s+|\s+day\s+of\s+)\s*"
    bare = (
        rf"{_FREE}{_FROM}{_DAY}{of}(?P<m>{own})\b{_ENDS}",
        rf"\b{_AT}\s+(?P<date>(?P<m>{own})\s+{_FROM}{_DAY}){_ENDS}(?!,?\s+[0-9])",
    )
    ordinal = rf"(?<!\w)(?P<m>{own})\s+{_FROM}(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)\b(?!,?\s+[0-9])"
    forms = (
        rf"{_FREE}{_FROM}{_DAY}{between}(?P<m>{months})\b\.?(?:,?\s+|\s+del?\s+|-){_YEAR}{_ENDS}",
        rf"(?<!\w)(?P<m>{months})\b\.?\s+{_FROM}{_DAY},?\s+{_YEAR}{_ENDS}",
        rf"(?<!\w)(?P<m>{months})\b\.?,?\s+(?:del?\s+)?{_YEAR}{_ENDS}",
        *((*bare, ordinal) if language == "en" else bare[:1]),
        rf"\b(?:in|en)\s+(?P<date>(?P<m>{own}))\b(?!\.?,?\s+(?:del?\s+)?[0-9])",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


_WRITTEN = {language: _patterns(language) for language in _FULL}
_APART = (r"(?<![\w/.-])", r"(?![\w/-]|\.[0-9])")
_FULL_YEAR = r"(?P<y>(?:19|20|21)[0-9]{2})"
_ISO = re.compile(rf"{_APART[0]}{_FULL_YEAR}(?P<s>[-/])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9]){_APART[1]}")
_NUMERIC = re.compile(
    rf"{_APART[0]}(?P<a>[0-3]?[0-9])(?P<s>[-/.])(?P<b>[0-3]?[0-9])(?P=s){_FULL_YEAR}{_APART[1]}"
)
_CLOCK = re.compile(
    r"(?<![\w:.,/-])(?P<h>[01]?[0-9])(?:[:.](?P<m>[0-5][0-9]))?\s?(?P<half>[ap])(?:m\b|\.\s?m\b(?:\.(?!\s*$))?)",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?<![\w:.,/-])(?P<h>[0-2]?[0-9])\s?[hH]\s?(?P<m>[0-5][0-9])(?![\w]|[.,:][0-9])")


def find_dates(text: str, language: str) -> Iterator[Span]:
    """The dates and times of a text, not yet in order; a later one may lie over an earlier one."""
    for pattern in _WRITTEN.get(language, _WRITTEN["en"]):
        for match in pattern.finditer(text):
            form = _written(match, language)
            if form:
                group = "date" if "date" in pattern.groupindex else 0
                yield Span(match.start(group), match.end(group), "date", form)
    for match in _ISO.finditer(text):
        if 1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31:
            yield _span(match, f"{int(match['d'])}/{int(match['m'])}/{match['y']}")
    first = day_first(text, language)
    for match in _NUMERIC.finditer(text):
        yield _span(match, _numeric(match, first))
    yield from _times(text)


def _span(match: re.Match[str], form: str) -> Span:
    return Span(match.start(), match.end(), "date", form)


def _written(match: re.Match[str], language: str) -> str | None:
    found = match.groupdict()
    name = found["m"]
    month = _MONTHS[name.casefold()]
    day, year = found.get("d"), found.get("y")
    if name.islower() and name in _FULL["en"] and language == "en" and not (day and year):
        return None  # "50 may be sold", "the march 2025"
    if day is None:
        return f"tháng {month}/{year}" if year else f"tháng {month}"
    if not 1 <= int(day) <= 31:
        return None
    since = f"{int(found['from'])}{found['dash']}" if found["from"] else ""
    form = f"{since}{int(day)}/{month}"
    return f"{form}/{year}" if year else f"ngày {form}"


def day_first(text: str, language: str) -> bool | None:
    """Whether the dates in figures of a text have the day before the month; None where nobody can tell."""
    told = {
        int(match["a"]) > 12
        for match in _NUMERIC.finditer(text)
        if 1 <= min(int(match["a"]), int(match["b"])) <= 12 < max(int(match["a"]), int(match["b"]))
    }
    if language != "en":
        told.add(True)
    return told.pop() if len(told) == 1 else None


def is_doubtful(written: str, first: bool | None) -> bool:
    """Whether a date as it is written may be two days; ``first`` is ``day_first`` of its text."""
    match = _NUMERIC.fullmatch(written)
    return (
        match is not None and _certain(match, first) is None and max(int(match["a"]), int(match["b"])) <= 12
    )


def _certain(match: re.Match[str], first: bool | None) -> tuple[int, int] | None:
    """Day and month, where they are certain: who writes dots writes the day first, unless the text has it otherwise."""
    one, other = int(match["a"]), int(match["b"])
    if not 1 <= min(one, other) <= 12 or max(one, other) > 31:
        return None
    if one > 12 or one == other:
        return one, other
    if other > 12:
        return other, one
    if first is None:
        return (one, other) if match["s"] == "." else None
    return (one, other) if first else (other, one)


def _numeric(match: re.Match[str], first: bool | None) -> str:
    """12/06/2025; as it is where the order of day and month is not certain."""
    day = _certain(match, first)
    return f"{day[0]}/{day[1]}/{match['y']}" if day else match.group()


def _times(text: str) -> Iterator[Span]:
    for match in _CLOCK.finditer(text):
        hour = int(match["h"])
        if not 1 <= hour <= 12 or (hour == 12 and match["half"] in "aA"):
            continue
        hour = hour + 12 if match["half"] in "pP" and hour < 12 else hour
        yield _span(match, _clock(hour, match["m"]))
    for match in _HOURS.finditer(text):
        if int(match["h"]) <= 24:
            yield _span(match, _clock(int(match["h"]), match["m"]))


def _clock(hour: int, minutes: str | None) -> str:
    return f"{hour} giờ" if minutes in (None, "00") else f"{hour} giờ {minutes}"
