"""Whether a limit is still a limit from the same side: "not exceeding 5" is "không quá 5", and never "quá 5"."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tbt_watch.translate.figures.numerals import numbers_at

_THAN = r"(?:than|que|de|del|à|a)"
_ENGLISH_NO = (
    r"(?:not|no|nor|never|cannot|without|n['\u2019]t)\s+"
    r"(?:(?:be|to|in|have|any|significantly|fall|drop|go|rise)\s+)?"
)
_FRENCH_NO = r"(?:pas|sans)\s+(?:être\s+)?"
_FRENCH_MOST = r"n['\u2019]exc\w+\s+pas|ne\s+(?:\w+\s+)?dépass\w+\s+pas"
_SPANISH_NO = r"(?:no|sin)\s+(?:(?:ser\w*|debe\w*|pued\w+|podrá\w*)\s+){0,2}"
_VIETNAMESE_NO = (
    r"(?:không|chưa)\s+(?:được\s+|thể\s+|có\s+|phép\s+){0,2}?(?:(?:giảm|hạ|tụt)(?:\s+xuống)?\s+)?"
)
# What an original or a translation says before a number that bounds it from above and from below.
_MORE = {
    "en": rf"exceed\w*|beyond|(?:more|greater|higher|larger|longer|older|wider|broader|thicker|"
    rf"heavier|later)\s+{_THAN}|over|above|in\s+excess\s+of",
    "fr": rf"dépass\w+|excéd\w+|(?:plus|supérieure?s?)\s+{_THAN}|au-delà\s+de",
    "es": rf"exce\w+|super\w+|rebas\w+|(?:más|mayor\w*|superior\w*)\s+{_THAN}",
    "vi": r"(?:vượt\s+)?quá|vượt|(?:lớn|cao|nhiều|dài|nặng|muộn|rộng|dày)?\s*hơn|trên",
}
_LESS = {
    "en": rf"(?:less|fewer|lower|smaller|shorter|younger|earlier|thinner|lighter|narrower)\s+{_THAN}|"
    rf"below|under",
    "fr": rf"(?:moins|inférieure?s?)\s+{_THAN}",
    "es": rf"(?:menos|menor\w*|inferior\w*)\s+{_THAN}",
    "vi": r"(?:nhỏ|thấp|ít|ngắn|kém|hẹp|mỏng|sớm)\s+hơn|dưới|kém",
}
_MOST = {
    "en": r"maximum(?:\s+of)?|at\s+most|up\s+to|max\.?",
    "fr": rf"(?:au\s+)?maximum(?:\s+de)?|au\s+plus|jusqu['\u2019]à|{_FRENCH_MOST}",
    "es": r"máximo(?:\s+de)?|como\s+máximo|hasta",
    "vi": r"tối\s+đa|nhiều\s+nhất|cao\s+nhất",
}
_LEAST = {
    "en": r"minimum(?:\s+of)?|at\s+least|min\.?",
    "fr": r"minimum(?:\s+de)?|au\s+moins",
    "es": r"mínimo(?:\s+de)?|(?:al|por\s+lo)\s+menos|como\s+mínimo",
    "vi": r"tối\s+thiểu|ít\s+nhất",
}
_NO = {"en": _ENGLISH_NO, "fr": _FRENCH_NO, "es": _SPANISH_NO, "vi": _VIETNAMESE_NO}
# The words that may come between: "not exceed a value of 5", "không vượt quá mức 5".
_BETWEEN = r"(?:\s+(?!\w*[\d;]|and\b|or\b|và\b|hoặc\b)[^\W\d]+){0,3}?[\s:≤≥<>±~($€£]*"


def _before(language: str) -> re.Pattern[str]:
    no, more, less = _NO[language], _MORE[language], _LESS[language]
    return re.compile(
        rf"(?<!\w)(?:(?P<most>{no}(?:{more})|{_MOST[language]})|(?P<least>{no}(?:{less})|{_LEAST[language]})"
        rf"|(?P<more>{more})|(?P<less>{less}))(?!\w)(?={_BETWEEN}$)",
        re.IGNORECASE,
    )


_BEFORE = {language: _before(language) for language in _NO}
# A denial further off leaves the side open: "shall not contain lead above 90 mg/kg".
_DENIED = re.compile(
    r"\b(?:not|no|nor|neither|never|cannot|without|free|prohibit\w*|ban\w*|unless|except|pas|sans|ni|"
    r"aucun\w*|interdi\w*|sin|"
    r"ning\w+|prohib\w+|không|chưa|cấm|trừ|ngoài|miễn)\b",
    re.IGNORECASE,
)
# A limit that belongs to what it bounds, and what may say so in the Vietnamese: "at or below 5 °C", "5 kg or less".
_OR = (
    (
        re.compile(
            r"\bor\s+(?:below|under|less\s+than|lower\s+than)\s+[-–−]?\d[\d.,]*"
            r"|\d[^.;,\n]{0,25}?\bor\s+(?:less|below|lower|fewer|under|smaller|shorter)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"≤|\b(?:trở\s+(?:xuống|về|lại)|không|chưa|tối\s+đa|dưới|bằng|kém|trước|đổ\s+xuống|hoặc|"
            r"(?:nhỏ|thấp|ít|ngắn|hẹp|mỏng|sớm)\s+hơn|(?:nhiều|cao|chậm|muộn|lớn|dài)\s+nhất)\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"\bor\s+(?:above|over|more\s+than|greater\s+than|higher\s+than)\s+[-–−]?\d[\d.,]*"
            r"|\d[^.;,\n]{0,25}?\bor\s+(?:more|above|higher|greater|over|larger|longer|older|heavier)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"≥|\b(?:trở\s+(?:lên|đi)|không|chưa|tối\s+thiểu|trên|bằng|từ|quá|vượt|đủ|sau|đổ\s+lên|hoặc|"
            r"(?:lớn|cao|nhiều|dài|rộng|dày|nặng|muộn)\s+hơn|(?:ít|thấp|sớm|nhỏ|ngắn)\s+nhất)\b",
            re.IGNORECASE,
        ),
    ),
)
_SIDES = {"most": "at most", "less": "at most", "least": "at least", "more": "at least"}
_REACH = 60


def bound_faults(source: str, target: str, language: str) -> Iterator[str]:
    """Numbers that the original bounds from above and the Vietnamese from below, or the other way round.

    Both texts are without their codes, and NUL stands for their dates.
    """
    theirs, ours = _bounds(source, language), _bounds(target, "vi")
    for number, sides in theirs.items():
        others = ours.get(number, [])
        if len(sides) == len(others) and "" not in (*sides, *others) and sorted(sides) != sorted(others):
            yield f"{', '.join(sides)} {number} became {', '.join(others)} {number}"
    for asked, answer in _OR if language == "en" else ():
        if (said := asked.search(source)) and not answer.search(target):
            yield f"{said.group()} is missing"


def _bounds(text: str, language: str) -> dict[str, list[str]]:
    """The numbers of a text → for each time the side from which it is bounded, empty where none is said."""
    found: dict[str, list[str]] = defaultdict(list)
    last = 0
    for start, end, keys in numbers_at(text, language):
        side = _side(text[max(last, start - _REACH) : start], language)
        for key in keys:
            found[key].append(side)
        last = end
    return found


def _side(before: str, language: str) -> str:
    found = list(_BEFORE[language].finditer(before))
    if not found:
        return ""
    match = found[-1]
    plain = match.lastgroup in ("more", "less")
    return "" if plain and _DENIED.search(before, 0, match.start()) else _SIDES[match.lastgroup or ""]
