"""Numbers in running text, alone, in ranges and with their units, and their Vietnamese form: 0.5 → 0,5."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tbt_watch.translate.figures.marks import Readings, readings
from tbt_watch.translate.figures.quantities import BEFORE, money_at, money_sign, scale_at, unit_at
from tbt_watch.translate.figures.spans import Span

_NUMBER = re.compile(
    r"(?>(?<![0-9.,])\.[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f'\u2019][0-9]{3}){1,6}(?:[.,][0-9]+)?(?![0-9]|[.,][0-9])"
    r"|[0-9]+(?:[.,][0-9]+)*+)"
)
_SUPERS = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207a\u207b"
_POWER = re.compile(rf"[ ]?[x×·*][ ]?10(?:[{_SUPERS}]+|\^[-−+]?[0-9]+)|[{_SUPERS}]+|\^[-−+]?[0-9]+")
_LIST = re.compile(r"(?:,[ ][0-9]{1,4}(?![\w]|[.,][0-9]|[ ][0-9]{3}\b)){2,}")
_JOIN = re.compile(
    r"(?P<tight>[-\u2010-\u2014~/:]|\.{3}|\u2026)(?=[.]?[0-9])"
    r"|(?P<sure>[ ]?[±×~][ ]?|(?:(?<=[0-9])|[ ])x[ ]?)(?=[-+−\u2013]?[.]?[0-9])"
    r"|(?P<loose>[ ][-\u2013\u2014][ ])(?=[.]?[0-9])"
)
_SIGN = re.compile(r"[-+−\u2013]")
_ORDINAL = {
    "en": re.compile(r"(?:st|nd|rd|th)\b"),
    "fr": re.compile(r"(?:er|re|ère|e|ème|ième|nd|nde)s?\b"),
    "es": re.compile(r"\.?[ºª]"),
}
_BLANKS = re.compile(r"[ \u00a0\u202f'\u2019]")
_LONGEST_LEAD = 12
_MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is read, in which language, and how its numbers are to be read that can be read two ways."""

    text: str
    language: str
    readings: Readings

    def form(self, match: re.Match[str], *, bare: bool) -> str:
        """A number of it as Vietnamese writes it; letter for letter where nobody can tell what it is."""
        written = match.group()
        if match.start() not in self.readings:
            return vietnamese_number(written, self.language, bare=bare)
        thousands = self.readings[match.start()]
        return written if thousands is None else written[:-4] + ("." if thousands else ",") + written[-3:]


@dataclass(slots=True)
class _Part:
    """One number with its unit; ``end`` is where it ends in the text."""

    form: str
    end: int
    unit: bool


def vietnamese_number(token: str, language: str, *, bare: bool = False) -> str:
    """A number in digits as Vietnamese writes it: 1,000.5 → 1.000,5; an outline (3.1.2) or a list stays.

    ``bare``: it has neither unit nor currency, so 1602.32 is rather a code.
    """
    plain = _BLANKS.sub("", token)
    marks = re.findall(r"[.,]", plain)
    groups = re.split(r"[.,]", plain)
    if not marks:
        return token if plain[0] == "0" else ".".join(_BLANKS.split(token))
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) == 1 and _is_grouped(groups[:-1]):
            return ".".join(groups[:-1]) + "," + groups[-1]
        return token
    if len(marks) > 1:
        return ".".join(groups) if _is_grouped(groups) else token
    if plain != token:  # 3 500.5 and 3 500,5
        return ".".join(_BLANKS.split(re.split(r"[.,]", token)[0])) + "," + groups[1]
    return _one_mark(plain, marks[0], groups, language, bare)


def _one_mark(token: str, mark: str, groups: list[str], language: str, bare: bool) -> str:
    if mark == ",":
        return ".".join(groups) if language == "en" and _is_grouped(groups) else token
    if language != "en" and _is_grouped(groups):
        return token
    if len(groups[0]) > 1 and groups[0][0] == "0":
        return token  # 0806.10 is a subheading of the tariff
    if len(groups[0]) == 4 and len(groups[1]) in (2, 4) and bare:
        return token  # 1602.32 as well; who counts so far writes 1,602.32
    return f"{groups[0] or 0},{groups[1]}"


def _is_grouped(groups: list[str]) -> bool:
    head, *rest = groups
    return 1 <= len(head) <= 3 and head[0] != "0" and all(len(group) == 3 for group in rest)


def find_measures(text: str, language: str) -> Iterator[Span]:
    """The numbers of a text in their order, each with its sign, unit, currency and the number it is joined to.

    A digit inside a word ("RTI301") is none. ``text`` has NUL where something is taken already.
    """
    sentence = _Sentence(text, language, readings(text, language))
    at = 0
    while match := _NUMBER.search(text, at):
        span = _span(sentence, match, at)
        if span is None:
            at = match.end()
        else:
            yield span
            at = span.end


def _span(sentence: _Sentence, match: re.Match[str], floor: int) -> Span | None:
    text, language = sentence.text, sentence.language
    if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] == "_"):
        lead = BEFORE.search(text, max(floor, match.start() - _LONGEST_LEAD), match.start())
        if lead is None or not lead["money"]:
            return None
    if _ordinal(text, match, language):
        return _ordinal(text, match, language)
    lead = BEFORE.search(text, max(floor, match.start() - _LONGEST_LEAD), match.start())
    first = _part(sentence, match)
    if lead and lead["sign"] == "+" and not first.unit:
        first.form = text[match.start() : first.end]  # +84 243 is a telephone
    form, end, unit = _joined(sentence, first)
    start, money = match.start(), ""
    if lead and lead.group():
        form = (lead["compare"] or "") + (lead["sign"] or "") + form
        start = lead.start()
        money = lead["money"] or ""
        unit = unit or bool(lead["compare"] or money)
    if money:
        form += f" {money_sign(money)}"
    return Span(start, end, "measure" if unit else "number", form)


def _ordinal(text: str, match: re.Match[str], language: str) -> Span | None:
    ending = _ORDINAL.get(language, _ORDINAL["en"]).match(text, match.end())
    if ending is None or not match.group().isdigit():
        return None
    if ending.group() in "ºª" and text[ending.end() : ending.end() + 2].lstrip()[:1] in ("C", "F"):
        return None  # 20 ºC
    form = "nhất" if match.group() == "1" else match.group()
    return Span(match.start(), ending.end(), "number", f"thứ {form}")


def _part(sentence: _Sentence, match: re.Match[str]) -> _Part:
    text = sentence.text
    end = match.end()
    middle = ""
    tail = _POWER.match(text, end) or (_LIST.match(text, end) if match.group().isdigit() else None)
    if tail:
        middle, end = tail.group(), tail.end()
    elif text.startswith("+", end) and not text[end + 1 : end + 2].isalnum():
        middle, end = "+", end + 1  # SPF 50+
    scale = scale_at(text, match.start(), end, sentence.language)
    if scale:
        middle, end = f"{middle} {scale[1]}", scale[0]
    unit = (None if scale else unit_at(text, end)) or money_at(text, end)
    if unit:
        middle, end = middle + unit[1], unit[0]
    form = sentence.form(match, bare=not middle)
    return _Part(form + middle, end, bool(scale or unit))


def _joined(sentence: _Sentence, first: _Part) -> tuple[str, int, bool]:
    """The number and what is joined to it: 5–10 mg, 20 ± 2 °C, 30 × 40 cm, 450/750 V."""
    text, form, end, unit = sentence.text, first.form, first.end, first.unit
    for _ in range(_MOST_PARTS):
        join = _JOIN.match(text, end)
        if join is None:
            break
        at, sign = join.end(), ""
        signed = _SIGN.match(text, at)
        if signed:
            at, sign = signed.end(), signed.group()
        match = _NUMBER.match(text, at)
        if match is None:
            break
        part = _part(sentence, match)
        if _is_glued(text, part.end) or (join["loose"] and not part.unit):
            break
        form += join.group() + sign + part.form
        end, unit = part.end, unit or part.unit
    return form, end, unit


def _is_glued(text: str, at: int) -> bool:
    return at < len(text) and (text[at].isalnum() or text[at] == "_")
