"""The closed set of ways in which notifications say when: ``To be determined``, ``6 months after adoption`` …"""

import re
from dataclasses import dataclass
from datetime import date

from tbt_watch.domain.text import collapse
from tbt_watch.language import Language

_UNDETERMINED = re.compile(
    r"(?:not yet|to be|yet to be) (?:determined|decided|defined|confirmed|announced|established|fixed)"
    r"|not (?:yet )?(?:determined|known|defined|fixed|specified|available)|tb[dca]|undetermined|unknown"
    r"|(?:por|a|sin) (?:determinar|definir|confirmar)|(?:aún )?no (?:determinad|definid)[ao]"
    r"|à déterminer|non déterminée?",
    re.IGNORECASE,
)
_NONE = re.compile(r"not applicable|n\.?/?a\.?|none|no aplica|sans objet|[-–—.]+", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),
        start=1,
    )
}
_MONTH = "|".join(_MONTHS)
_NUMBERS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_NUMBERS |= {
    "eleven": 11,
    "twelve": 12,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
_NTH_DAYS = {"third": 3, "fifth": 5, "tenth": 10, "fifteenth": 15, "twentieth": 20, "thirtieth": 30}
_NTH_DAY = re.compile(
    rf"(?:on )?(?:the )?(?:(\d{{1,3}})(?:st|nd|rd|th)|({'|'.join(_NTH_DAYS)})) day (?=after|from|following)",
    re.IGNORECASE,
)
"""As the EU says it: the twentieth day following publication."""
_ORDINALS = {"first": 1, "1st": 1, "1": 1, "second": 2, "2nd": 2, "2": 2}
_ORDINALS |= {"third": 3, "3rd": 3, "3": 3, "fourth": 4, "4th": 4, "4": 4}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))

_DAY_FIRST = re.compile(rf"(?:on )?(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTH}),? (\d{{4}})", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"(?:on )?({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?, (\d{{4}})", re.IGNORECASE)
_IN_MONTH = re.compile(rf"(?:in |by )?({_MONTH}),? (\d{{4}})", re.IGNORECASE)
_IN_QUARTER = re.compile(
    rf"(?:in )?(?:the )?(?:q ?(?=[1-4])({_ORDINAL})|({_ORDINAL}) quarter)(?: of)?,? (\d{{4}})", re.IGNORECASE
)
_IN_YEAR = re.compile(r"(?:in )?(\d{4})")
_AFTER = re.compile(
    rf"(?:within )?(\d{{1,3}}|{'|'.join(_NUMBERS)})(?: \(\d{{1,3}}\))? (day|week|month|year)s? "
    r"(?:after|from|following) (?:the )?(?:date of )?(?:the |its )?(.+)",
    re.IGNORECASE,
)
_UPON = re.compile(r"(?:up)?on (?:the )?(?:date of )?(?:the |its )?(adoption|publication)", re.IGNORECASE)

_SPANS = {
    "day": ("{n} day", "{n} days"),
    "week": ("{n} week", "{n} weeks"),
    "month": ("{n} month", "{n} months"),
    "year": ("{n} year", "{n} years"),
}
_EVENTS = {
    "adoption": "{span} after adoption",
    "approval": "{span} after adoption",
    "publication": "{span} after publication",
    "promulgation": "{span} after promulgation",
    "publication in the official journal": "{span} after publication in the Official Journal",
    "publication in the official journal of the eu": "{span} after publication in the Official Journal of the EU",
    "publication in the official journal of the european union": (
        "{span} after publication in the Official Journal of the EU"
    ),
    "publication in the official gazette": "{span} after publication in the Official Gazette",
    "publication in the gazette": "{span} after publication in the Official Gazette",
    "entry into force": "{span} after entry into force",
    "notification": "{span} after notification",
    "circulation": "{span} after circulation by the WTO Secretariat",
    "circulation by the wto secretariat": "{span} after circulation by the WTO Secretariat",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """What a text about time says: a ``day``, a ``wording`` in the reader's language, or that it is not known yet.

    All empty: there is nothing to say ("not applicable").
    """

    day: date | None = None
    wording: str = ""
    undetermined: bool = False


def read_timing(text: str, language: Language, lang: str) -> Timing | None:
    """The meaning of a source's words about time; None where they are not of the closed set."""
    words = collapse(text).strip(" .;*")
    if _UNDETERMINED.fullmatch(words):
        return Timing(undetermined=True)
    if _NONE.fullmatch(words) or not words:
        return Timing()
    day = _day(words)
    if day:
        return Timing(day=day)
    wording = _period(words, language, lang) or _after(words, language, lang)
    return Timing(wording=wording) if wording else None


def _day(words: str) -> date | None:
    if match := _DAY_FIRST.fullmatch(words):
        day, month, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(words):
        month, day, year = match.groups()
    else:
        return None
    try:
        return date(int(year), _MONTHS[month.lower()], int(day))
    except ValueError:  # the 31st of a month that has 30: not a day, so the words stand as they are
        return None


def _period(words: str, language: Language, lang: str) -> str | None:
    if match := _IN_MONTH.fullmatch(words):
        first = date(int(match[2]), _MONTHS[match[1].lower()], 1)
        return language.month(first, lang)
    if match := _IN_QUARTER.fullmatch(words):
        quarter = _ORDINALS[(match[1] or match[2]).lower()]
        return language.quarter(quarter, int(match[3]), lang)
    if match := _IN_YEAR.fullmatch(words):
        return language.say("the year {year}", lang, year=match[1])
    return None


def _after(words: str, language: Language, lang: str) -> str | None:
    if match := _UPON.fullmatch(words):
        adopted = match[1].lower() == "adoption"
        return language.say("upon adoption" if adopted else "upon publication", lang)
    words = _NTH_DAY.sub(lambda nth: f"{nth[1] or _NTH_DAYS[nth[2].lower()]} days ", words, count=1)
    match = _AFTER.fullmatch(words)
    event = _EVENTS.get(match[3].lower()) if match else None
    if match is None or event is None:
        return None
    count = match[1].lower()
    n = _NUMBERS.get(count) or int(count)
    span = language.say_n(*_SPANS[match[2].lower()], n, lang)
    return language.say(event, lang, span=span)
