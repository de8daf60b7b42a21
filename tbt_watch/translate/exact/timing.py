"""The ways in which notifications say when: ``To be determined``, ``6 months after adoption``, ``Q1 2027`` …

A text is understood as a whole or not at all: what is not of these ways stands in the source's own words.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tbt_watch.domain.notice import Milestone, Notice
from tbt_watch.domain.text import collapse
from tbt_watch.language import Language
from tbt_watch.translate.exact.events import RECKONED, read_event
from tbt_watch.translate.exact.foreign import in_english
from tbt_watch.translate.exact.moments import read_day, read_period

_LONGEST = 400
"""Characters of a text that may still be a time; what is longer tells a story."""
_UNDETERMINED = re.compile(
    r"(?:(?:is|are|has|have) )?(?:(?:not|never) (?:yet )?(?:been )?|still )?(?:to be|yet to be|not yet|not) "
    r"(?:been )?(?:determined|decided|defined|confirmed|announced|established|fixed|advised|set|finali[sz]ed|known|"
    r"specified|available)(?:(?:,? (?:after|following|upon|once|by|at|in|later|depending|pending|and) ?)[^\d]{0,100})?"
    r"|(?:not|un)(?:-| yet )?(?:determined|known|decided)|tb[dcan]|pending(?: \D{0,60})?"
    r"|(?:por|a|sin) (?:determinar(?:se)?|definir(?:se)?|confirmar(?:se)?|establecer(?:se)?)(?: \D{0,60})?"
    r"|(?:aún )?no (?:determinad|definid|disponibl)[aoe]"
    r"|à (?:déterminer|définir|fixer|confirmer)(?: \D{0,60})?|non (?:encore )?(?:déterminée?|définie?|fixée?)",
    re.IGNORECASE,
)
_INAPPLICABLE = re.compile(
    r"not applicable|n\.?/?a\.?|none|no aplica(?:ble)?|sans objet|non applicable", re.IGNORECASE
)
_UNSTATED = re.compile(
    r"(?:not|no|non) (?:stated|indicated|provided|given|mentioned|se indica|indicad[ao]|indiquée?|précisée?)|[-–—.]+",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"(?:with )?immediate(?:ly| effect| entry into force| application)|at once|effective immediately",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:[^.;:]{0,140}?\b(?:will|shall|would|is|are|should|(?:(?:is|are) )?(?:expected )?to) )?"
    r"(?:be )?(?:enters? into force|comes? into (?:force|effect)|takes? effect|enter into effect|becomes? effective|"
    r"apply|applies|adopted|approved|published|effective|implemented|enforced|in force)"
    r"(?: date)?(?: in| on| at)?:? (?=\S)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|nor|except|unless|until|if|may|might|could)\b", re.IGNORECASE)
_EXPECTED = re.compile(
    r"^(?:(?:it is )?(?:expected|estimated|planned|scheduled|proposed|tentative(?:ly)?|foreseen|anticipated|probable|"
    r"probably|likely)(?: date| for| in| on| to be)*:? )+|\s*\((?:tentative(?:ly)?|estimated|expected|planned|proposed|"
    r"approximate(?:ly)?|approx\.?|tbc|to be confirmed)\)$",
    re.IGNORECASE,
)
_FRAMES = (
    (
        r"(?:not before|(?:no|not) (?:earlier|sooner) than|(?:no|not) antes del?|pas avant) (.+)",
        "not before {when}",
    ),
    (
        r"(?:by|(?:no|not) later than|at the latest(?: by| on| in)?) (.+)|(.+?),? at the latest",
        "by {when}",
    ),
    (r"(?:before|prior to) (.+)", "before {when}"),
    (r"(?:around|about|approximately|approx\.?|circa|ca\.?) (.+)", "about {when}"),
    (r"(.+?),? (?:or|and) (?:later|thereafter|onwards?)|(.+?) onwards?", "{when} or later"),
    (r"at least (.+)|not less than (.+)|a minimum of (.+)", "at least {when}"),
    (r"within (.+)", "within {when}"),
)
_COMPILED_FRAMES = tuple((re.compile(pattern, re.IGNORECASE), message) for pattern, message in _FRAMES)
_PREFIX = re.compile(
    r"^(?:in|on|as of|as from|with effect from|with effect on|effective(?: from| on| as of)?|starting (?:from|on|in)|"
    r"from|since|beginning (?:on|from)|during|in the course of|le|el|en) (?=\S)",
    re.IGNORECASE,
)
_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: n for n, word in enumerate(_WORDS.split(), start=1)} | {
    "a": 1, "an": 1, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60,
    "ninety": 90, "twenty-four": 24, "thirty-six": 36, "one hundred and twenty": 120, "one hundred and eighty": 180,
    "one hundred eighty": 180, "one hundred twenty": 120,
}  # fmt: skip
_NUMBER = rf"(\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_NTH = "first third fifth tenth fifteenth twentieth thirtieth sixtieth ninetieth"
_NTH_DAYS = dict(zip(_NTH.split(), (1, 3, 5, 10, 15, 20, 30, 60, 90), strict=True))
_NTH_DAY = re.compile(
    rf"(?:on )?(?:the )?(?:(\d{{1,3}})(?:st|nd|rd|th)|({'|'.join(_NTH_DAYS)})) (?:calendar )?day "
    r"(?=after|from|following)",
    re.IGNORECASE,
)
"""As the EU says it: the twentieth day following publication."""
_DAY_AFTER = re.compile(r"(?:on )?(?:the )?(?:next |following )?day (?=after|following)", re.IGNORECASE)
_AFTER = re.compile(
    rf"{_NUMBER}(?: ?\(\d{{1,3}}\)| ?\([a-z -]+\))?[ -](?:calendar |consecutive )?(working |business )?"
    r"(day|week|month|year)s?(?:['’])?(?: period)? (?:after|from|following|as from|counted from|starting from|of) (.+)",
    re.IGNORECASE,
)
_UPON = re.compile(
    r"(?:immediately )?(?:(?P<upon>(?:up)?on|at(?: the time of)?|simultaneously with|when|as soon as)"
    r"|(?P<after>after|following|once)|(?P<since>from|as of|as from|since|starting from)) (?P<event>.+)",
    re.IGNORECASE,
)
_COMMENTED = re.compile(
    r",? after (?:having )?(?:received comments|comments (?:are |have been )?received|receipt of comments)$",
    re.IGNORECASE,
)
_BUT = re.compile(r"(.+?)[,;] (?:but|and) (.+)", re.IGNORECASE)
_SPANS = {
    "day": ("{n} day", "{n} days"),
    "working day": ("{n} working day", "{n} working days"),
    "week": ("{n} week", "{n} weeks"),
    "month": ("{n} month", "{n} months"),
    "year": ("{n} year", "{n} years"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """What a text about time says: a ``day``, a ``wording`` in the reader's language, or that it is not known yet.

    ``inapplicable``: the source says that there is none. All empty: the source says that it states nothing.
    """

    day: date | None = None
    wording: str = ""
    undetermined: bool = False
    inapplicable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """Reads for one reader: ``known`` are days of events, from which others are reckoned."""

    language: Language
    lang: str
    known: Mapping[str, date] = field(default_factory=dict)

    def moment(self, words: str) -> str | None:
        """Words that say when, in the reader's language; None where they are not of the set."""
        bare = _PREFIX.sub("", _EXPECTED.sub("", words))
        if said := self._point(bare):
            return said
        if said := self._after(words) or self._after(bare) or self._upon(words):
            return said
        for pattern, message in _COMPILED_FRAMES:
            if match := pattern.fullmatch(words):
                inner = self.moment(next(filter(None, match.groups())))
                return self._say(message, when=inner) if inner else None
        if match := _BUT.fullmatch(words):
            first, then = self.moment(match[1]), self.moment(match[2])
            return self._say("{first}, but {then}", first=first, then=then) if first and then else None
        return None

    def _point(self, words: str) -> str | None:
        if day := read_day(words):
            return self._say("the day {day}", day=day)
        return read_period(words, self.language, self.lang)

    def _after(self, words: str) -> str | None:
        words = _NTH_DAY.sub(lambda nth: f"{nth[1] or _NTH_DAYS[nth[2].lower()]} days ", words, count=1)
        words = _DAY_AFTER.sub("1 day ", words, count=1)
        match = _AFTER.fullmatch(words)
        event = read_event(match[4], self.language, self.lang) if match else None
        if match is None or event is None:
            return None
        n = _NUMBERS.get(match[1].lower()) or int(match[1])
        unit = f"working {match[3].lower()}" if match[2] else match[3].lower()
        if unit not in _SPANS:
            return None
        span = self.language.say_n(*_SPANS[unit], n, self.lang)
        told = self._say("{span} after {event}", span=span, event=event[1])
        start = self.known.get(event[0]) if event[0] in RECKONED else None
        day = _later(start, n, unit) if start else None
        return self._say("{day} ({reckoning})", day=day, reckoning=told) if day else told

    def _upon(self, words: str) -> str | None:
        bare = _COMMENTED.sub("", words)
        match = _UPON.fullmatch(bare)
        event = read_event(match["event"], self.language, self.lang) if match else None
        if match is None or event is None:
            return None
        message = "upon {event}" if match["upon"] else "after {event}" if match["after"] else "from {event}"
        said = self._say(message, event=event[1])
        return said if bare == words else self._say("{when}, after comments are received", when=said)

    def _say(self, message: str, **values: object) -> str:
        return self.language.say(message, self.lang, **values)


def read_timing(
    text: str, language: Language, lang: str, known: Mapping[str, date] | None = None
) -> Timing | None:
    """The meaning of a source's words about time; None where they are not of the set.

    ``known``: the days of events (``adoption``, ``notification`` …), from which "6 months after adoption" is reckoned.
    """
    if len(text) > _LONGEST:
        return None
    words = collapse(text).strip(" .;*")
    if _UNDETERMINED.fullmatch(words):
        return Timing(undetermined=True)
    if _INAPPLICABLE.fullmatch(words):
        return Timing(inapplicable=True)
    if _UNSTATED.fullmatch(words) or not words:
        return Timing()
    words = in_english(words)
    lead = _LEAD.match(words)
    said_of = "" if lead is None or _NEGATED.search(lead[0]) else words[lead.end() :]
    for bare in filter(None, (words, said_of)):
        if day := read_day(_PREFIX.sub("", _EXPECTED.sub("", bare))):
            return Timing(day=day)
        if _AT_ONCE.fullmatch(bare):
            return Timing(wording=language.say("immediately", lang))
        if said := _Reader(language=language, lang=lang, known=known or {}).moment(bare):
            return Timing(wording=said)
    return None


def timing_of(notice: Notice, milestone: Milestone, language: Language, lang: str) -> Timing | None:
    """What a notice says of a milestone: its day, else what its words mean; None where these are not understood."""
    if milestone.date:
        return Timing(day=milestone.date)
    if not milestone.text:
        return Timing()
    known = {"adoption": notice.adoption.date} if milestone is not notice.adoption else {}
    known |= dict.fromkeys(("notification", "circulation by the WTO Secretariat"), notice.published_on)
    return read_timing(milestone.text, language, lang, {name: day for name, day in known.items() if day})


def told(notice: Notice, milestone: Milestone, language: Language, lang: str) -> str:
    """A milestone's words in the reader's language, for a fact; empty where they are not understood."""
    timing = timing_of(notice, milestone, language, lang)
    if timing is None:
        return ""
    if timing.day:
        return language.date(timing.day, lang)
    if timing.undetermined:
        return language.say("not yet determined", lang)
    return timing.wording or language.say("not applicable" if timing.inapplicable else "not stated", lang)


def _later(start: date, n: int, unit: str) -> date | None:
    """The day so long after another; None for working days, which depend on a country's holidays."""
    match unit:
        case "day" | "week":
            return start + timedelta(days=n * (7 if unit == "week" else 1))
        case "month" | "year":
            months = start.month - 1 + n * (12 if unit == "year" else 1)
            year, month = start.year + months // 12, months % 12 + 1
            return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
        case _:
            return None
