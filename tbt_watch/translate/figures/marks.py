"""Which mark of a text parts its decimals: whether 2.500 mg is two and a half, or two and a half thousand.

English has the point there; but Latin America and Indonesia write 50.000 pesos in their English as well, and Mexico,
Central America and Peru write 1,000 pesos in their Spanish (Unicode CLDR, es-419, es-MX and id). So a number with one
mark, three digits behind it and one to three before it, the first of them no 0, does not say by itself what it is:

1. The other numbers of the text say it: 0.5, 0.125, 1.25, 1.2345 and 1,000.5 have a decimal point; 0,5, 1,25 % and
   1.000,5 a decimal comma; 1,000,000 has no decimal comma, and 1.000.000 no decimal point.
2. Where they say nothing, 1,000 in English is a thousand, 1.000 in Spanish too: the language has it so.
3. Where they say nothing and the language has it otherwise (50.000 in English, 50,000 in Spanish), three noughts
   before money and what is counted are thousands: no one counts in thousandths. Before a unit of measure they are
   not known (1.000 g of a sample is weighed out to the milligram), but before km, ha and tonnes from 10.000 on.
4. All else is not known: 2.500 mg/kg alone, and a text whose numbers speak against each other or its language.

What is not known is kept letter for letter and fails the check "numbers": a person decides. French and Vietnamese have
one way only, and are not asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from tbt_watch.translate.figures.dates import find_dates
from tbt_watch.translate.figures.quantities import money_at, money_before, unit_at
from tbt_watch.translate.figures.references import find_references
from tbt_watch.translate.figures.spans import Span, masked

_DECIMAL_MARK = {"en": ".", "es": ","}
_EITHER = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}[.,][0-9]{3}(?![.,]?[0-9])")
_NUMBER = re.compile(r"(?<![\w.,])[0-9]{1,15}(?:[.,][0-9]{1,15}){1,8}(?![.,]?[0-9])")
_FURTHER = re.compile(
    r"(?:[ ]?[-\u2013/~][ ]?|[ ](?:to|and|or|a|y|e|o|u)[ ]|,[ ])[1-9][0-9]{0,2}[.,][0-9]{3}(?![.,]?[0-9])"
)
_MOST_FURTHER = 6
_WORD = re.compile(r"[ \u00a0-]([^\W\d_]+)")
# Plurals of which there can be thousandths; the other plurals are counted.
_MEASURED = frozenset(
    "inches feet pounds ounces gallons times is was has as does this plus degrees points seconds"
    " pulgadas pies libras onzas galones veces es más grados puntos segundos".split()
)
_LARGE = frozenset((" km", " ha", " t", " tấn"))

Readings = Mapping[int, bool | None]
"""Where such a number begins → True: thousands; False: decimals; None: not known."""


def readings(text: str, language: str) -> Readings:
    """How to read the numbers of a text that can be read two ways. ``text`` may have NUL where something is taken."""
    if language not in _DECIMAL_MARK or not _EITHER.search(text):
        return {}
    return _readings(text, language)


@lru_cache(maxsize=256)
def _readings(text: str, language: str) -> Readings:
    own = _DECIMAL_MARK[language]
    decimal_marks = set(_decimal_marks(text, language))
    return MappingProxyType(
        {match.start(): _reading(text, match, own, decimal_marks) for match in _EITHER.finditer(text)}
    )


def _reading(text: str, match: re.Match[str], own: str, decimal_marks: Iterable[str]) -> bool | None:
    token = match.group()
    mark, tail = token[-4], token[-3:]
    known = set(decimal_marks)
    if mark != own:
        return True if own in known or not known else None  # the other mark groups, as the language has it
    counted = tail == "000" and _is_counted(text, match)
    if not known:
        return True if counted else None
    if len(known) > 1 or (own in known and counted):
        return None
    return own not in known


def _decimal_marks(text: str, language: str) -> Iterator[str]:
    """The decimal marks that the numbers of a text tell; references and dates have none."""
    plain = _without(_without(text, find_dates(text, language)), find_references(text))
    other = {".": ",", ",": "."}
    for match in _NUMBER.finditer(plain):
        token = match.group()
        groups = re.split(r"[.,]", token)
        marks = re.findall(r"[.,]", token)
        if len(set(marks)) == 2:
            if marks.count(marks[-1]) == 1 and _is_grouped(groups[:-1]):
                yield marks[-1]
        elif len(marks) > 1:
            if _is_grouped(groups):
                yield other[marks[0]]
        elif groups[0] == "0":
            yield marks[0]
        elif len(groups[1]) != 3 and groups[0][0] != "0" and len(groups[0]) <= 3:
            if marks[0] == "." or _has_unit(plain, match.start(), match.end()):
                yield marks[0]
        elif groups[1] == "000" and _is_grouped(groups) and marks[0] != _DECIMAL_MARK[language]:
            yield other[marks[0]]


def _is_grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and groups[0][0] != "0" and all(len(one) == 3 for one in groups[1:])


def _without(text: str, spans: Iterable[Span]) -> str:
    free: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not free or span.start >= free[-1].end:
            free.append(span)
    return masked(text, free)


def _has_unit(text: str, start: int, end: int) -> bool:
    return bool(unit_at(text, end) or money_at(text, end) or money_before(text, start))


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Whether money or a thing stands there, and nothing that is measured."""
    end = match.end()
    for _ in range(_MOST_FURTHER):  # 2.000-5.000 pesos
        further = _FURTHER.match(text, end)
        if further is None:
            break
        end = further.end()
    if money_before(text, match.start()) or money_at(text, end):
        return True
    large = match.end() - match.start() > len("1.000")
    if unit := unit_at(text, end):
        return large and unit[1] in _LARGE
    word = _WORD.match(text, end)
    name = word[1].casefold() if word else ""
    return name not in _MEASURED and (large or name.endswith("s"))
