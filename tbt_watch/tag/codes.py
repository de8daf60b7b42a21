"""HS and ICS codes that stand inside free text: ``HS 8415.90``, ``(ICS: 43.020)``, ``HS Code: from 870310 to 870390``.

Only what is marked as a code is read as one, or, in the field of products, what can be nothing else.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LIST = (
    r"(?P<list>\d[\d.]*(?:\s*(?:[,;/&–-]|\band\b|\bor\b|\by\b|\bet\b|\bto\b|\ba\b|\bà\b|\bvà\b|\bđến\b)\s*"
    r"\d[\d.]*)*)"
)
_HS_MARK = (
    r"\b(?:H\.?S\.?|HTS(?:US)?|NCM|SH|S\.H\.|S\.A\.|(?:sub)?headings?|(?:tariff|customs)\s+(?:items?|lines?|"
    r"codes?|headings?|numbers?)|(?:sub)?partidas?|fracci[oó]n(?:es)?|arancelari[ao]s?|tarifaires?)"
)
_WORDS = (
    r"(?:\s*(?:codes?(?:\(s\))?|nos?\.|n[°º]|"
    r"(?:nos?|numbers?|items?|arancelari[ao]s?|nacional|del|from|de|du|ex)\b)){0,8}"
)
_HS = re.compile(_HS_MARK + _WORDS + r"\s*[:.#]?\s*(?:from\s+|ex\s+)?" + _LIST, re.IGNORECASE)
_ICS = re.compile(
    r"\bI\.?C\.?S\.?(?:\s*(?:codes?(?:\(s\))?|nos?\.?|numbers?))?\s*[:.]?\s*" + _LIST, re.IGNORECASE
)
_MARKS = (
    "HS", "H.S", "hs ", "Hs ", "ICS", "I.C.S", "ics ", "ics:", "NCM", "SH ", "S.H.", "S.A.", "heading", "HEADING",
    "Heading", "arif", "ARIF", "ustoms", "artida", "ARTIDA", "racci", "RACCI", "rancel", "RANCEL",
)  # fmt: skip
_ONLY_CODES = re.compile(r"[\d.,;/&\s()–-]+")
_IN_BRACKETS = re.compile(r"\((\d{4}(?:\.?\d{2}){0,3})\)")
_AT_START = re.compile(r"(?:^|[;\n])[^\S\n]*(\d{4}(?:\.\d{2}){0,3})\s+[-–—:]")
_NUMBER = re.compile(r"\d[\d.]*\d")
_ICS_SHAPE = re.compile(r"\d\d(?:\.\d{3}(?:\.\d\d)?)?")
_RANGE = re.compile(r"(?<![\d.])(\d[\d.]{0,22}\d)\s*(?:\bto\b|\ba\b|\bà\b|\bđến\b|–|-)\s*(\d[\d.]{0,22}\d)")
_BLANKS = re.compile(r"\s{2,}")
_TAIL = re.compile(r"(\.\d+)-(\d{2,4})\b")  # 6307.90-4010 is one national code, 8415-8418 a range
_LONGEST = 12  # digits of the longest national tariff codes
_MOST = 60  # headings of one range; more is no list of codes but a mistake


class Found(NamedTuple):
    """The codes of a text, in its order: HS as digits, ICS with dots."""

    hs: tuple[str, ...]
    ics: tuple[str, ...]


NONE = Found((), ())


def hs_digits(code: str) -> str:
    """The digits of a stated HS code, with or without dots; empty when it can be no HS code.

    2 to 12 digits that begin with a chapter (01 to 97, not 77). A heading that cannot exist because it is a
    year (``2022`` of "HS 2022") is none.
    """
    digits = "".join(char for char in code if char.isdecimal() and char.isascii())
    if not 2 <= len(digits) <= _LONGEST or not 1 <= int(digits[:2]) <= 97 or digits[:2] == "77":
        return ""
    if len(digits) == 4 and ("1906" <= digits <= "1999" or "2010" <= digits <= "2099"):
        return ""
    return digits


def codes_in(text: str, *, products: bool = False) -> Found:
    """The codes that a text states. ``products``: the field of products, where a bare number may be a code."""
    hs: dict[str, None] = {}
    ics: dict[str, None] = {}
    if products:
        _bare(text, hs, ics)
    if any(map(text.__contains__, _MARKS)):  # most texts hold none
        text = _BLANKS.sub(" ", text)  # what may be blank at several places is slow on long gaps
        for match in _ICS.finditer(text):
            ics.update(dict.fromkeys(_ics_numbers(match["list"])))
        for match in _HS.finditer(text):
            hs.update(dict.fromkeys(_hs_numbers(match["list"])))
    return Found(tuple(hs), tuple(ics)) if hs or ics else NONE


def _bare(text: str, hs: dict[str, None], ics: dict[str, None]) -> None:
    if _ONLY_CODES.fullmatch(text):
        for number in _NUMBER.findall(text):
            if "." in number and _ICS_SHAPE.fullmatch(number):
                ics[number] = None
            elif len(number) >= 4 and (digits := hs_digits(number)):
                hs[digits] = None
        return
    for match in (*_IN_BRACKETS.finditer(text), *_AT_START.finditer(text)):
        if digits := hs_digits(match[1]):
            hs[digits] = None


def _ics_numbers(listed: str) -> Iterator[str]:
    for number in _NUMBER.findall(listed):
        if shape := _ICS_SHAPE.match(number):
            yield shape[0]


def _hs_numbers(listed: str) -> Iterator[str]:
    listed = _TAIL.sub(r"\1\2", listed)
    for match in _RANGE.finditer(listed):
        yield from _between(hs_digits(match[1]), hs_digits(match[2]))
    for number in _NUMBER.findall(listed):
        if digits := hs_digits(number):
            yield digits


def _between(first: str, last: str) -> Iterator[str]:
    """The headings (or chapters) that a range spans, without its ends."""
    width = 4 if min(len(first), len(last)) >= 4 else 2
    if not first or not last or (width == 2 and len(first) != len(last)):
        return
    low, high = int(first[:width]), int(last[:width])
    if low < high <= low + _MOST and first[:1] == last[:1]:
        for number in range(low + 1, high):
            yield f"{number:0{width}}"
