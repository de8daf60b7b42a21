"""A remembered translation with other values put in: only where every value that changed is found beyond doubt.

A sentence with its numbers, dates, codes and names taken out is a skeleton. Where the skeleton of a new sentence is
that of a remembered one, the remembered Vietnamese holds for it too, once the old values in it are replaced. A value
that the Vietnamese has twice, in words, or not at all makes it doubtful; what is doubtful is no hit.
"""

import re
from collections.abc import Mapping, Sequence

from tbt_watch.language import Language
from tbt_watch.translate.figures.locks import Lock

_NUMBER = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
_DIGITS = re.compile(r"\d+")
_MARKS = range(0xE000, 0xE100)  # private use: no clean text has them
# How Vietnamese writes a day and a month; {d} and {m} as they are, {dd} and {mm} with two digits.
_DATES = (
    "{d}/{m}/{y}",
    "{dd}/{mm}/{y}",
    "{d} tháng {m} năm {y}",
    "{dd} tháng {mm} năm {y}",
    "{dd} tháng {m} năm {y}",
    "{d}-{m}-{y}",
    "{dd}-{mm}-{y}",
    "{d}.{m}.{y}",
    "{dd}.{mm}.{y}",
)
_SHAPES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"), _DATES),
    (
        re.compile(r"tháng (?P<m>\d{1,2})(?:/| năm )(?P<y>\d{4})"),
        ("tháng {m}/{y}", "tháng {mm}/{y}", "tháng {m} năm {y}", "tháng {mm} năm {y}"),
    ),
    (
        re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})"),
        ("{d}/{m}", "{dd}/{mm}", "{d} tháng {m}", "{dd} tháng {mm}", "{dd} tháng {m}"),
    ),
)


def adapt(target: str, old: Sequence[Lock], new: Sequence[Lock], language: Language) -> str | None:
    """``target`` with the Vietnamese of the ``old`` locks replaced by that of the ``new`` ones, one for one; None where
    it is not certain which value stands where."""
    changes = _changes(old, new)
    if changes is None or len(changes) > len(_MARKS) or any(ord(char) in _MARKS for char in target):
        return None
    left = target
    put: dict[str, str] = {}
    # The longest first: the 5 of "5%" is not the number 5.
    longest = sorted(changes.items(), key=lambda pair: -len(pair[0].vietnamese))
    for at, (before, after) in zip(_MARKS, longest, strict=False):
        times = sum(lock.vietnamese == before.vietnamese for lock in old)
        swap = _swap(left, before, after, times, language)
        if swap is None:
            return None
        was, becomes = swap
        mark = chr(at)
        left, put[mark] = _whole(was).sub(mark, left), becomes
    if any(_stands(lock, left, language) for lock in changes):
        return None
    return "".join(put.get(char, char) for char in left)


def _changes(old: Sequence[Lock], new: Sequence[Lock]) -> Mapping[Lock, Lock] | None:
    """What becomes what; None where one old value would become two new ones, or a lock another kind of lock."""
    if [lock.kind for lock in old] != [lock.kind for lock in new]:
        return None
    becomes: dict[str, Lock] = {}
    first: dict[str, Lock] = {}
    for before, after in zip(old, new, strict=True):
        known = becomes.setdefault(before.vietnamese, after)
        first.setdefault(before.vietnamese, before)
        if known.vietnamese != after.vietnamese:
            return None
    return {first[text]: after for text, after in becomes.items() if text != after.vietnamese}


def _swap(text: str, before: Lock, after: Lock, times: int, language: Language) -> tuple[str, str] | None:
    """The form in which the old value stands in the text exactly so many times, and the new value in that form."""
    if _shape(before) != _shape(after):
        return None
    forms = list(zip(_forms(before, language), _forms(after, language), strict=False))
    found: dict[str, str] = {}
    for was, becomes in forms:
        if _whole(was).search(text):
            found.setdefault(was, becomes)
    if len(found) != 1:
        return None  # not there, or once in this dress and once in another
    ((was, becomes),) = found.items()
    return (was, becomes) if len(_whole(was).findall(text)) == times else None


def _stands(lock: Lock, text: str, language: Language) -> bool:
    """Whether the old value is left in the text, or its bare number."""
    forms = {*_forms(lock, language), lock.text}
    if lock.kind in ("number", "measure"):
        forms |= set(_NUMBER.findall(lock.vietnamese))
    return any(_whole(form).search(text) for form in forms if form.strip())


def _whole(form: str) -> re.Pattern[str]:
    """The form as a word of its own, no part of a longer number, code or word."""
    return re.compile(
        rf"(?<![\w%])(?<!\d[.,:/\-\u2013])(?<![A-Z]-){re.escape(form)}(?![\w%])(?![.,:/\-\u2013]\d)"
    )


def _shape(lock: Lock) -> object:
    """What a form depends on: two locks with one shape can stand in each other's place."""
    if lock.kind != "date":
        return bool(_DIGITS.search(lock.vietnamese)) if lock.kind in ("number", "measure") else ""
    for number, (pattern, _) in enumerate(_SHAPES):
        if pattern.fullmatch(lock.vietnamese):
            return number
    return _DIGITS.sub("0", lock.vietnamese)


def _forms(lock: Lock, language: Language) -> list[str]:
    """How Vietnamese may write the value, in one order for all values of a shape; the usual form first."""
    text = lock.vietnamese
    if lock.kind == "date":
        return _dates(text)
    if lock.kind in ("number", "measure"):
        return _amounts(text)
    if lock.kind == "name" and (code := language.member_code(lock.text)):
        return [text, language.member(code, "vi"), language.member_short(code, "vi")]
    return [text]


def _dates(text: str) -> list[str]:
    for pattern, forms in _SHAPES:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            two = {name * 2: f"{int(digits):02}" for name, digits in parts.items() if name != "y"}
            one = {name: str(int(digits)) for name, digits in parts.items()}
            return [form.format(**one, **two) for form in forms]
    return [text]


def _amounts(text: str) -> list[str]:
    """With dots between thousands or without; with a blank before the unit or without."""
    found = _NUMBER.match(text)
    if not found:
        return [text]
    unit = text[found.end() :].strip()
    numbers = (found.group(), found.group().replace(".", ""), found.group().replace(".", " "))
    blanks = ("", " ", "\u00a0") if unit else ("",)
    return [f"{number}{blank}{unit}" for number in numbers for blank in blanks]
