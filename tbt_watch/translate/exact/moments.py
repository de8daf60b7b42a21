"""Days, months, quarters, halves and years as notifications write them, in English, Spanish and French."""

import re
from datetime import date

from tbt_watch.language import Language

_ENGLISH = "january february march april may june july august september october november december"
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {
    name: number
    for names in (_ENGLISH, _SPANISH, _FRENCH, _SHORT)
    for number, name in enumerate(names.split(), start=1)
} | {"setiembre": 9, "sept": 9, "aout": 8, "fevrier": 2, "decembre": 12}
_MONTH = rf"({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st 1 i primer primero premier 1er",
            "second 2nd 2 ii segundo deuxième 2e",
            "third 3rd 3 iii tercer tercero troisième 3e",
            "fourth 4th 4 iv cuarto quatrième 4e last",
        ),
        start=1,
    )
    for word in words.split()
}
_ORDINAL = rf"({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_OF = r"(?: of(?: the)?(?: year)?| del?(?: año)?| de l'année|,)?"
_YEAR = r"((?:19|20)\d{2})"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DAY_FIRST = _whole(rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?(?: day)?(?: of| de)? {_MONTH}(?: del?|,)? {_YEAR}")
_MONTH_FIRST = _whole(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}")
_NUMERIC = _whole(r"(\d{1,2})([/.-])(\d{1,2})\2(20\d{2}|\d{2})")
_ISO = _whole(r"(\d{4})-(\d{2})-(\d{2})")
_IN_MONTH = _whole(rf"(?:the month of )?{_MONTH}{_OF} {_YEAR}")
_IN_QUARTER = _whole(
    rf"(?:the )?(?:q ?(?=[1-4]\b){_ORDINAL}|{_ORDINAL} (?:quarter|trimestre)|([1-4])[tq]){_OF} {_YEAR}"
)
_IN_HALF = _whole(rf"(?:the )?(?:h ?(?=[12]\b){_ORDINAL}|{_ORDINAL} (?:half|semester|semestre)){_OF} {_YEAR}")
_IN_YEAR = _whole(rf"(?:the )?(?:year |año |année )?{_YEAR}")
_PART = _whole(
    r"(?:the )?(?:(early(?: in)?|beginning of|start of|(?:a )?principios de|début)"
    r"|(mid|middle of|mediados de|mi)|(late(?: in)?)|(end of|(?:a )?fines de|finales de|fin(?: de)?))[ -](.+)"
)
_PARTS = ("early {period}", "mid-{period}", "late {period}", "the end of {period}")
_RANGE = _whole(rf"(?:between |from )?(.+?)(?: and | to |/| ?[-–] ?)(.+ {_YEAR})")


def read_day(words: str) -> date | None:
    """The day that words are, or None. Figures that may be read day first or month first are no day."""
    if match := _DAY_FIRST.fullmatch(words):
        day, month, year = match.groups()
        return _date(int(year), MONTHS[month.lower()], int(day))
    if match := _MONTH_FIRST.fullmatch(words):
        month, day, year = match.groups()
        return _date(int(year), MONTHS[month.lower()], int(day))
    if match := _ISO.fullmatch(words):
        return _date(*map(int, match.groups()))
    if match := _NUMERIC.fullmatch(words):
        return _in_figures(int(match[1]), int(match[3]), int(match[4]))
    return None


def _in_figures(first: int, second: int, year: int) -> date | None:
    """Forms ask for dd/mm/yy, yet some Members write the month first: told apart only where one reading is left."""
    year += 2000 if year < 100 else 0
    if first != second and first <= 12 and second <= 12:
        return None
    return _date(year, second, first) if second <= 12 else _date(year, first, second)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of a month that has 30: not a day, so the words stand as they are
        return None


def read_period(words: str, language: Language, lang: str) -> str | None:
    """A month, quarter, half or year, a part of one, or from one to the next, in the reader's language."""
    if match := _PART.fullmatch(words):
        inner = _plain_period(match[match.re.groups], language, lang)
        part = next(n for n, found in enumerate(match.groups()) if found)
        return language.say(_PARTS[part], lang, period=inner) if inner else None
    if found := _plain_period(words, language, lang):
        return found
    if match := _RANGE.fullmatch(words):
        year = match[3]
        first = _plain_period(match[1] if year in match[1] else f"{match[1]} {year}", language, lang)
        last = _plain_period(match[2], language, lang)
        if first and last:
            return language.say("{first} to {last}", lang, first=first, last=last)
    return None


def _plain_period(words: str, language: Language, lang: str) -> str | None:
    if match := _IN_MONTH.fullmatch(words):
        return language.month(date(int(match[2]), MONTHS[match[1].lower()], 1), lang)
    if match := _IN_QUARTER.fullmatch(words):
        quarter = _ORDINALS[(match[1] or match[2] or match[3]).lower()]
        return language.quarter(quarter, int(match[4]), lang)
    if match := _IN_HALF.fullmatch(words):
        first = _ORDINALS[(match[1] or match[2]).lower()] == 1
        message = "first half of {year}" if first else "second half of {year}"
        return language.say(message, lang, year=match[3])
    if match := _IN_YEAR.fullmatch(words):
        return language.say("the year {year}", lang, year=match[1])
    return None
