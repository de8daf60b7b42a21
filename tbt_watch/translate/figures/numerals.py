"""The numbers of a text, as values: 0.5 and 0,5 are one, 1,000 and 1.000 are one, "two" and "hai" are one.

English writes 1,000.5 where Vietnamese, French and Spanish write 1.000,5. So a text is read by the rules of its
language, and 1,000 left as it is in a Vietnamese sentence is one, not a thousand: which is how people read it. What
can be read two ways (2.500 in English: ``marks``) has its own key, "2500 or 2.5", which no Vietnamese number fits.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tbt_watch.translate.figures.marks import readings
from tbt_watch.translate.figures.quantities import scale_at

_DIGITS = re.compile(
    r"(?<![\d.,])\.\d+|\d{1,3}(?:[ \u00a0\u202f'\u2019]\d{3}){1,6}(?:[.,]\d+)?(?![\d]|[.,]\d)|\d+(?:[.,]\d+)*"
)
_ROMAN = re.compile(r"\b(?=[IVXL])(?:X{0,3}|XL|LX{0,3})(?:IX|IV|V?I{0,3})\b")
_WORDS = re.compile(r"[^\W\d_]+")
_TWO = re.compile(
    r"\b(?:two|deux|dos)[ -](?:years?|months?|weeks?|days?|hours?|ans|mois|semaines|jours|años|meses|semanas|días)\b"
    r"|\b(?:two|deux|dos)\s+(?:to|or|and|à|ou|et|a|o|y)\s+(?:three|four|five|six|trois|quatre|tres|cuatro)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<=\d)\s+năm\b|\b(?:hằng|hàng|mỗi|các|những)\s+năm\b|\bnăm(?=\s+\d|\s+(?:kể|tính|sau|trước|đầu|nay|tới|qua)\b|\s*[.,;:)]|\s*$)(?<!đến\snăm)(?<!và\snăm)(?<!hoặc\snăm)",
    re.IGNORECASE,
)
_POWER = re.compile(r"(?<![^\W\d_])([cdkm]?m|ft)[23](?!\w|[.,]\d)")  # m3 and m³
_AFTERNOON = re.compile(r"\b(\d{1,2})(?:[:.]\d{2})?\s*p\.?\s?m\b", re.IGNORECASE)
_DOTTED_TIME = re.compile(r"(?<![\d.,])(\d{1,2})\.(?=\d{2}\s?[ap]\.?\s?m\b)", re.IGNORECASE)  # 4.30 p.m.
_ONE = re.compile(r"\b(?:an?|one|each|every|per|single|une?|chaque|una?|cada)\b", re.IGNORECASE)


def _table(words: str) -> dict[str, int]:
    return {word: int(value) for word, value in (pair.split(":") for pair in words.split())}


# Those of at least three must come through; "one" and "two" are too often something else ("one of", "two-wheeler").
_CARDINALS = _table(
    "three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13 fourteen:14"
    " fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50 sixty:60"
    " seventy:70 eighty:80 ninety:90"
    " trois:3 quatre:4 cinq:5 sept:7 huit:8 neuf:9 dix:10 douze:12 quinze:15 vingt:20 trente:30 quarante:40"
    " cinquante:50 soixante:60"
    " tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 doce:12 quince:15 veinte:20 treinta:30"
    " cuarenta:40 cincuenta:50 sesenta:60 noventa:90"
)
_OTHERS = _table(
    "one:1 two:2 first:1 second:2 third:3 fourth:4 fifth:5 sixth:6 seventh:7 eighth:8 ninth:9 tenth:10"
    " eleventh:11 twelfth:12 fifteenth:15 twentieth:20 thirtieth:30 sixtieth:60 ninetieth:90 hundredth:100 once:1"
    " twice:2 double:2 triple:3 twin:2 both:2 pair:2 pairs:2 dozen:12 quarter:4 hundred:100 thousand:1000"
    " un:1 une:1 deux:2 premier:1 première:1 deuxième:2 second:2 troisième:3 cent:100 mille:1000"
    " uno:1 una:1 dos:2 primer:1 primera:1 primero:1 segundo:2 segunda:2 tercer:3 tercero:3 cien:100 mil:1000"
)
MONTHS = _table(
    "january:1 february:2 march:3 april:4 may:5 june:6 july:7 august:8 september:9 october:10 november:11"
    " december:12 jan:1 feb:2 mar:3 apr:4 jun:6 jul:7 aug:8 sep:9 sept:9 oct:10 nov:11 dec:12"
    " janvier:1 février:2 mars:3 avril:4 mai:5 juin:6 juillet:7 août:8 septembre:9 octobre:10 novembre:11"
    " décembre:12 enero:1 febrero:2 marzo:3 abril:4 mayo:5 junio:6 julio:7 agosto:8 septiembre:9 setiembre:9"
    " octubre:10 noviembre:11 diciembre:12"
)
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATED = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|º)?\s+(?:of\s+|de\s+)?(?P<a>{_NAMES})\b\.?"
    rf"|\b(?P<b>{_NAMES})\b\.?,?\s+(?:de\s+|del\s+)?\d",
    re.IGNORECASE,
)
_POWERS = {"trăm": 2, "nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9}
_SCALE = re.compile(r"(?:[ \u00a0](?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)\b){1,2}", re.IGNORECASE)
_VIETNAMESE = _table(
    "một:1 mốt:1 hai:2 ba:3 bốn:4 tư:4 năm:5 lăm:5 nhăm:5 sáu:6 bảy:7 bẩy:7 tám:8 chín:9 mười:10 đôi:2 cặp:2"
    " tá:12 chục:10 nhất:1 nhì:2 giêng:1 chạp:12"
)
_DOTTED_DATE = re.compile(r"[0-3]?[0-9]\.[0-3]?[0-9]\.(?:19|20|21)[0-9]{2}")
_OR = " or "
_TIMES = _table("mươi:10 trăm:100 nghìn:1000 ngàn:1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """``written``: the numbers in digits, and months named in a date; ``spelled``: number words that another
    language must have too; ``possible``: what else may stand for a number (two, both, third, IV)."""

    written: Counter[str]
    spelled: frozenset[str]
    possible: frozenset[str]


def numerals(text: str, language: str) -> Numerals:
    """The numbers of a text in ``language`` ("en", "fr", "es", "vi")."""
    text = _DOTTED_TIME.sub(r"\1:", _POWER.sub(lambda match: match[1], text))
    written = Counter(key for *_, keys in numbers_at(text, language) for key in keys)
    if language == "vi":
        possible = set(_vietnamese(text)) | set(_romans(text))
        return Numerals(written=written, spelled=frozenset(), possible=frozenset(possible))
    words = [word.casefold() for word in _WORDS.findall(text)]
    spelled, possible = _spelled(words)
    names = [m["a"] or m["b"] for m in _DATED.finditer(text)]
    written.update(str(MONTHS[name.casefold()]) for name in names if name != "may")  # "50 may be sold"
    if _TWO.search(text):
        spelled.add("2")
    possible |= {one for key in written if _OR in key for one in key.split(_OR)}
    possible |= set(_romans(text)) | {str(MONTHS[word]) for word in words if word in MONTHS}
    for hour in map(int, _AFTERNOON.findall(text)):
        written.pop(str(hour), None)  # 4 p.m. is 16 giờ, or 4 giờ chiều
        possible |= {str(hour), str(hour % 12 + 12)}
    if _ONE.search(text):
        possible.add("1")
    return Numerals(written=written, spelled=frozenset(spelled), possible=frozenset(possible))


def numbers_at(text: str, language: str) -> Iterator[tuple[int, int, list[str]]]:
    """The numbers in digits: from where to where, the scale behind included, and their values (more in a list)."""
    told = readings(text, language)
    for match in _DIGITS.finditer(text):
        token, start, end = match.group(), match.start(), match.end()
        if token == "00":
            continue  # 21:00 is 21 giờ
        values = _told(token, told[start]) if start in told else _values(token, language)
        if len(values) == 1 and isinstance(values[0], Decimal):
            end, power = _scale(text, start, end, language)
            values = [values[0].scaleb(power)]
        yield start, end, [value if isinstance(value, str) else _key(value) for value in values]


def _scale(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Where a number ends with its scale, and the power of ten of it."""
    if language == "vi":
        match = _SCALE.match(text, end)
        found = (match.end(), match.group().casefold()) if match else None
    else:
        found = scale_at(text, start, end, language)
    return (found[0], sum(_POWERS[word] for word in found[1].split())) if found else (end, 0)


def _told(token: str, thousands: bool | None) -> list[Decimal | str]:
    """A number that can be read two ways, read as its text tells; its key is its own where it tells nothing."""
    whole, part = Decimal(token[:-4] + token[-3:]), Decimal(f"{token[:-4]}.{token[-3:]}")
    return [f"{_key(whole)}{_OR}{_key(part)}" if thousands is None else whole if thousands else part]


def number_words(text: str) -> Iterator[tuple[int, str]]:
    """Where a number word of an original from two to ninety ends, and its value."""
    for match in _WORDS.finditer(text):
        word = match.group().casefold()
        value = _CARDINALS.get(word, 2 if word in ("two", "deux", "dos") else None)
        if value is not None:
            yield match.end(), str(value)


def _values(token: str, language: str) -> list[Decimal | str]:
    """One number, or several ("2,4,6"), or what is no number but an outline ("3.1.2", kept as it is)."""
    token = re.sub(r"[ \u00a0\u202f'\u2019]", "", token)
    marks = re.findall(r"[.,]", token)
    if not marks:
        return [Decimal(token)]
    groups = re.split(r"[.,]", token)
    if len(set(marks)) == 2:
        return _mixed(token, marks, groups)
    if len(marks) > 1:
        if _is_grouped(groups):
            return [Decimal("".join(groups))]
        if _DOTTED_DATE.fullmatch(token):
            return [Decimal(group) for group in groups]
        return [token] if marks[0] == "." else [Decimal(group) for group in groups]
    return _one_mark(marks[0], groups, language)


def _one_mark(mark: str, groups: list[str], language: str) -> list[Decimal | str]:
    decimal_mark = "." if language == "en" else ","
    if _is_grouped(groups) and mark != decimal_mark:
        return [Decimal("".join(groups))]
    if mark == "," and _is_list(*groups):
        return [Decimal(group) for group in groups]
    return [Decimal(f"{groups[0] or 0}.{groups[1]}")]


def _is_list(head: str, tail: str) -> bool:
    """0901,0902 and not 0,0001 or 12,3456."""
    return len(tail) > 3 and (len(head) == len(tail) or (len(head) > 1 and head[0] == "0"))


def _mixed(token: str, marks: list[str], groups: list[str]) -> list[Decimal | str]:
    last = marks[-1]
    if marks.count(last) == 1 and _is_grouped(groups[:-1]):
        return [Decimal("".join(groups[:-1]) + "." + groups[-1])]
    return [value for part in token.split(",") for value in _values(part, "en")]


def _is_grouped(groups: list[str]) -> bool:
    """1,000,000 and not 0,500, 12,5 or 2012,100."""
    head, *rest = groups
    return 1 <= len(head) <= 3 and head[0] != "0" and all(len(group) == 3 for group in rest)


def _key(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _spelled(words: list[str]) -> tuple[set[str], set[str]]:
    """The number words that must come through, and those that may; "twenty-five" is 25."""
    must: set[str] = set()
    may: set[str] = set()
    tens = 0
    for word in words:
        value = _CARDINALS.get(word)
        small = value or _OTHERS.get(word, 0)
        if tens and 0 < small < 10:
            must.discard(str(tens))
            must.add(str(tens + small))
            may.add(str(small))
        elif value is not None:
            must.add(str(value))
        elif small:
            may.add(str(small))
        tens = value if value is not None and 20 <= value <= 90 else 0
    return must, may


def _vietnamese(text: str) -> Iterator[str]:
    """Every value that a run of Vietnamese number words can stand for: parts and the whole."""
    total, last = 0, 0
    for word in _WORDS.findall(_YEAR.sub(" ", text).casefold()):  # năm: five, and year
        if word in _TIMES:
            last = max(last, 1) * _TIMES[word]
            total += last
            yield str(total)
            last = 0
        elif word in _VIETNAMESE:
            last = _VIETNAMESE[word]
            yield str(last)
            yield str(total + last)
            if last == 10:
                total, last = 10, 0
        elif word not in ("linh", "lẻ"):
            total, last = 0, 0


def _romans(text: str) -> Iterator[str]:
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    for match in _ROMAN.finditer(text):
        digits = [values[letter] for letter in match.group()]
        if digits:
            pairs = zip(digits, [*digits[1:], 0], strict=True)
            yield str(sum(-here if here < after else here for here, after in pairs))
