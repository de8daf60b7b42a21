"""Breaks right translations: each function turns a Vietnamese text into one that says something else, or returns None.

None of them knows the checks. What is broken is chosen by the random numbers handed in, among all that the text has.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tbt_watch.translate.figures.codes import find_codes
from tbt_watch.translate.terms.base import TermBase, TermHit, occurrences

_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/]|[.,-]\d)")
_DECIMAL = re.compile(r"(?<![\w.,/-])\d+,\d+(?![\w/]|[.,-]\d)")
_MEASURED = re.compile(
    r"(?<![\w.,/-])(\d+(?:[.,]\d+)*)(\s?)"
    r"(%|mg/kg|g/kg|µg/kg|mg/l|mg/L|mg|µg|kg|g|ml|lít|mm|cm|km|m|mét|°C|kW|MW|W|kV|V|"
    r"kHz|MHz|GHz|Hz|ngày|tuần|tháng|năm|giờ|phút)(?![\w/²³])"
)
_OTHER_UNIT = {
    "%": ("‰", "mg/kg"), "mg/kg": ("g/kg", "mg/l", "µg/kg"), "g/kg": ("mg/kg",), "µg/kg": ("mg/kg",),
    "mg/l": ("g/l", "mg/kg"),
    "mg/L": ("g/L", "mg/kg"), "mg": ("g", "kg", "µg"), "µg": ("mg",), "kg": ("g", "mg", "tấn"), "g": ("kg", "mg"),
    "ml": ("l",), "lít": ("ml",), "mm": ("cm", "m", "km"), "cm": ("mm", "m"), "km": ("m",), "m": ("mm", "km", "cm"),
    "mét": ("mm", "km"), "°C": ("°F",), "kW": ("W", "MW"), "MW": ("kW",), "W": ("kW",), "kV": ("V",), "V": ("kV",),
    "kHz": ("MHz",), "MHz": ("kHz", "GHz"), "GHz": ("MHz",), "Hz": ("kHz",), "ngày": ("tháng", "tuần", "giờ"),
    "tuần": ("ngày", "tháng"), "tháng": ("ngày", "năm", "tuần"), "năm": ("tháng", "ngày"), "giờ": ("phút", "ngày"),
    "phút": ("giờ", "giây"),
}  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(/|\s+tháng\s+)(\d{1,2})(/|\s+năm\s+)((?:19|20)\d{2})(?!\d)|(tháng\s+)(\d{1,2})(/|\s+năm\s+)(\d{4})"
)
# A "không" of these is no denial: air, space, aviation, vacuum, "whether".
_NO_DENIAL = re.compile(
    r"không (?:khí|gian|trung|quân)|(?:hàng|chân|trên|khoảng) không|(?:hay|hoặc|có) (?:không|chưa)"
    r"|không (?:chỉ|những)|trừ (?:sâu|dịch|cỏ|nấm)"
    r"|(?:diệt|thuốc|khấu|phòng|miễn|loại) trừ",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(không|chưa|cấm|trừ|ngoại trừ)\b\s?", re.IGNORECASE)
_AFFIRMED = re.compile(r"\b(?:phải|được phép|được|bao gồm|áp dụng|cần|chứa|thuộc|vượt quá)\b")


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A right translation and what became of it."""

    kind: str
    how: str
    source: str
    target: str
    broken: str


Breaker = Callable[[random.Random, str, str], str | None]


def _pick(rng: random.Random, found: Sequence[re.Match[str]]) -> re.Match[str] | None:
    return rng.choice(found) if found else None


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _outside_codes(target: str) -> list[re.Match[str]]:
    codes = [(code.start, code.start + len(code.text)) for code in find_codes(target)]
    return [
        match
        for match in _NUMBER.finditer(target)
        if not any(match.start() < end and start < match.end() for start, end in codes)
    ]


# ── Numbers ────────────────────────────────────────────────────────────────────────────────────────────


def digit_changed(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, _outside_codes(target))
    if match is None:
        return None
    at = rng.choice([n for n in range(match.start(), match.end()) if target[n].isdigit()])
    return _put(target, at, at + 1, rng.choice("123456789".replace(target[at], "")))


def digit_dropped(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(
        rng, [one for one in _outside_codes(target) if one.group().isdigit() and len(one.group()) > 1]
    )
    if match is None:
        return None
    at = rng.randrange(match.start(), match.end())
    return _put(target, at, at + 1, "")


def digit_added(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, _outside_codes(target))
    if match is None:
        return None
    return _put(
        target, match.end(), match.end(), rng.choice("0123456789" if match.group().isdigit() else "123456789")
    )


def decimal_mark_moved(rng: random.Random, source: str, target: str) -> str | None:
    found = [match for match in _DECIMAL.finditer(target) if match in _spans(_outside_codes(target), match)]
    match = _pick(rng, found)
    if match is None:
        return None
    whole, part = match.group().split(",")
    moved = (
        f"{whole}{part[0]},{part[1:]}".rstrip(",")
        if rng.random() < 0.5
        else f"{whole[:-1] or '0'},{whole[-1]}{part}"
    )
    return _put(target, match.start(), match.end(), moved)


def _spans(found: Sequence[re.Match[str]], match: re.Match[str]) -> list[re.Match[str]]:
    return [match] if any(one.span() == match.span() for one in found) else []


def number_dropped(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, _outside_codes(target))
    return None if match is None else _put(target, match.start(), match.end(), "").replace("  ", " ")


def number_invented(rng: random.Random, source: str, target: str) -> str | None:
    end = len(target.rstrip(" .;:"))
    return f"{target[:end]} trong {rng.randrange(11, 999)} trường hợp{target[end:]}"


def numbers_swapped(rng: random.Random, source: str, target: str) -> str | None:
    """Two limits of one sentence change places."""
    found = list(_MEASURED.finditer(target))
    pairs = [(a, b) for a in found for b in found if a.start() < b.start() and a[1] != b[1]]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    return _put(_put(target, *second.span(1), first[1]), *first.span(1), second[1])


# ── Units ──────────────────────────────────────────────────────────────────────────────────────────────


def unit_changed(rng: random.Random, source: str, target: str) -> str | None:
    dates = [match.span() for match in _DATE.finditer(target)]
    found = [
        match
        for match in _MEASURED.finditer(target)
        if not any(start <= match.start() < end for start, end in dates)
        and not re.match(r"\s+\d", target[match.end() :])
    ]
    match = _pick(rng, found)
    return None if match is None else _put(target, *match.span(3), rng.choice(_OTHER_UNIT[match[3]]))


def unit_dropped(rng: random.Random, source: str, target: str) -> str | None:
    """The unit behind a number goes, unless the original has it only behind the next: "from 5 to 10 mg"."""
    times = ("năm", "tháng", "ngày", "giờ", "phút", "tuần")
    found = [
        match
        for match in _MEASURED.finditer(target)
        if match[3] not in times and not _shared(match, source, target)
    ]
    match = _pick(rng, found)
    return None if match is None else _put(target, match.end(1), match.end(3), "")


def _shared(match: re.Match[str], source: str, target: str) -> bool:
    number = re.escape(match[1].replace(".", "").replace(",", "."))
    follows = re.match(rf"[^\d.;]{{0,12}}\d[\d.,]*\s?{match[3]}", target[match.end() :])
    return follows is not None and not re.search(rf"{number}0?[\s-]?{match[3]}", source)


# ── Dates ──────────────────────────────────────────────────────────────────────────────────────────────


def day_and_month_swapped(rng: random.Random, source: str, target: str) -> str | None:
    found = [
        one for one in _DATE.finditer(target) if one[1] and int(one[1]) <= 12 and int(one[1]) != int(one[3])
    ]
    match = _pick(rng, found)
    if match is None:
        return None
    return _put(target, match.start(), match.end(), f"{match[3]}{match[2]}{match[1]}{match[4]}{match[5]}")


def year_off(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, list(_DATE.finditer(target)))
    if match is None:
        return None
    group = 5 if match[5] else 9
    return _put(target, *match.span(group), str(int(match[group]) + rng.choice((-1, 1))))


def month_off(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, list(_DATE.finditer(target)))
    if match is None:
        return None
    group = 3 if match[3] else 7
    return _put(target, *match.span(group), str(int(match[group]) % 12 + 1))


def day_off(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, [one for one in _DATE.finditer(target) if one[1]])
    return None if match is None else _put(target, *match.span(1), str(int(match[1]) % 28 + 1))


def date_dropped(rng: random.Random, source: str, target: str) -> str | None:
    match = _pick(rng, list(_DATE.finditer(target)))
    return None if match is None else _put(target, match.start(), match.end(), "gần đây")


# ── Codes ──────────────────────────────────────────────────────────────────────────────────────────────


def code_digit_changed(rng: random.Random, source: str, target: str) -> str | None:
    codes = [code for code in find_codes(target) if any(letter.isdigit() for letter in code.text)]
    if not codes:
        return None
    code = rng.choice(codes)
    at = rng.choice([code.start + n for n, letter in enumerate(code.text) if letter.isdigit()])
    return _put(target, at, at + 1, rng.choice("0123456789".replace(target[at], "")))


def symbol_changed(rng: random.Random, source: str, target: str) -> str | None:
    """Another number, another revision, another Member in a symbol of a notification."""
    codes = [
        code
        for code in find_codes(target)
        if code.kind == "symbol" and re.search(r"/N/[A-Z]{2,4}/\d+", code.text)
    ]
    if not codes:
        return None
    code = rng.choice(codes)
    changed = rng.choice(
        (
            re.sub(r"/(\d+)", lambda match: f"/{int(match[1]) + 1}", code.text, count=1),
            re.sub(r"/N/[A-Z]+", "/N/XYZ", code.text),
            code.text + "/Add.9" if "Add." not in code.text else re.sub(r"/Add\.\d+", "", code.text),
        )
    )
    return _put(target, code.start, code.start + len(code.text), changed)


def code_dropped(rng: random.Random, source: str, target: str) -> str | None:
    codes = [
        code for code in find_codes(target) if code.kind in ("standard", "symbol", "union", "cas", "address")
    ]
    codes = [code for code in codes if target.count(code.text) == 1]
    if not codes:
        return None
    code = rng.choice(codes)
    return _put(target, code.start, code.start + len(code.text), "").replace("  ", " ")


# ── Negations ──────────────────────────────────────────────────────────────────────────────────────────


def denial_dropped(rng: random.Random, source: str, target: str) -> str | None:
    not_so = [match.span() for match in _NO_DENIAL.finditer(target)]
    found = [
        match
        for match in _DENIAL.finditer(target)
        if not any(start <= match.start() < end for start, end in not_so)
    ]
    match = _pick(rng, found)
    return None if match is None else _put(target, match.start(), match.end(), "")


def denial_added(rng: random.Random, source: str, target: str) -> str | None:
    found = [
        match
        for match in _AFFIRMED.finditer(target)
        if not re.search(r"(?:không|chưa|chẳng) $", target[: match.start()])
    ]
    match = _pick(rng, found)
    return None if match is None else _put(target, match.start(), match.start(), "không ")


# ── Members, demands ───────────────────────────────────────────────────────────────────────────────────

_MEMBERS = (
    "Nhật Bản", "Hàn Quốc", "Trung Quốc", "Hoa Kỳ", "Canada", "Mexico", "Brazil", "Chile", "Thái Lan", "Malaysia",
    "Indonesia", "Philippines", "Ấn Độ", "Úc", "New Zealand", "Liên minh châu Âu", "Vương quốc Anh", "Thụy Sĩ", "Na Uy",
    "Ai Cập", "Kenya", "Uganda", "Tanzania", "Ukraine", "Israel", "Thổ Nhĩ Kỳ", "Ecuador", "Colombia", "Peru",
)  # fmt: skip


def member_swapped(rng: random.Random, source: str, target: str) -> str | None:
    """One Member's name becomes another's everywhere in the text."""
    found = [name for name in _MEMBERS if re.search(rf"\b{name}\b", target)]
    if not found:
        return None
    other = rng.choice([name for name in _MEMBERS if name not in found])
    return re.sub(rf"\b{rng.choice(found)}\b", other, target)


def demand_weakened(rng: random.Random, source: str, target: str) -> str | None:
    """All that must be done may be done; only where the original says shall or must, and nothing of may."""
    if not re.search(r"\b(?:shall|must)\b", source) or re.search(r"\b(?:may|can|could)\b", source):
        return None
    return re.sub(r"(?<!không )\bphải\b", "có thể", target)


# ── Terms ──────────────────────────────────────────────────────────────────────────────────────────────


def term_breakers(terms: TermBase) -> dict[str, Breaker]:
    """The breakers that need the term base."""
    hits: dict[str, list[TermHit]] = {}
    renderings = sorted(
        {term.vi for term in terms.entries if term.status == "preferred" and term.domain not in ("hs", "ics")}
    )

    def of(source: str) -> list[TermHit]:
        if source not in hits:
            hits[source] = terms.found(source, "en")
        return hits[source]

    def another_term(rng: random.Random, source: str, target: str) -> str | None:
        """All places of one term's rendering become the rendering of another term."""
        found = [
            (hit, vi)
            for hit in of(source)
            for vi in (*hit.preferred, *hit.admitted)
            if occurrences(vi, target)
        ]
        if not found:
            return None
        hit, _ = rng.choice(found)
        other = rng.choice(renderings)
        allowed = (*hit.preferred, *hit.admitted)
        if any(occurrences(vi, other) or occurrences(other, vi) for vi in allowed):
            return None
        return _replaced(target, allowed, other)

    def forbidden_term(rng: random.Random, source: str, target: str) -> str | None:
        found = [
            hit
            for hit in of(source)
            if hit.forbidden and any(occurrences(vi, target) for vi in (*hit.preferred, *hit.admitted))
        ]
        if not found:
            return None
        hit = rng.choice(found)
        return _replaced(target, (*hit.preferred, *hit.admitted), rng.choice(hit.forbidden))

    return {"another term": another_term, "forbidden term": forbidden_term}


def _replaced(target: str, renderings: Sequence[str], other: str) -> str:
    places = sorted(
        {place for vi in renderings for place in occurrences(vi, target)}, key=lambda at: (at[0], -at[1])
    )
    kept: list[tuple[int, int]] = []
    for place in places:
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    for start, end in reversed(kept):
        target = _put(target, start, end, other)
    return target


BREAKERS: dict[str, dict[str, Breaker]] = {
    "number": {
        "digit changed": digit_changed,
        "digit dropped": digit_dropped,
        "digit added": digit_added,
        "decimal mark moved": decimal_mark_moved,
        "number dropped": number_dropped,
        "number invented": number_invented,
        "numbers swapped": numbers_swapped,
    },
    "unit": {"unit changed": unit_changed, "unit dropped": unit_dropped},
    "date": {
        "day and month swapped": day_and_month_swapped,
        "year off by one": year_off,
        "month off by one": month_off,
        "day off by one": day_off,
        "date dropped": date_dropped,
    },
    "code": {
        "code digit changed": code_digit_changed,
        "symbol changed": symbol_changed,
        "code dropped": code_dropped,
    },
    "member": {"member swapped": member_swapped},
    "modality": {"demand weakened": demand_weakened},
    "negation": {"denial dropped": denial_dropped, "denial added": denial_added},
}


def mutants(
    pairs: Sequence[tuple[str, str]],
    breakers: dict[str, Breaker],
    kind: str,
    count: int,
    rng: random.Random,
) -> list[Mutant]:
    """``count`` broken pairs, each pair once, the ways to break taken in turn; fewer where no more can be broken."""
    found: list[Mutant] = []
    used: set[int] = set()
    order = list(range(len(pairs)))
    rng.shuffle(order)
    ways = list(breakers.items())
    exhausted: set[str] = set()
    while len(found) < count and len(exhausted) < len(ways):
        for how, breaker in ways:
            if how in exhausted or len(found) == count:
                continue
            for at in order:
                source, target = pairs[at]
                if at in used:
                    continue
                broken = breaker(rng, source, target)
                if broken is not None and broken != target:
                    used.add(at)
                    found.append(Mutant(kind=kind, how=how, source=source, target=target, broken=broken))
                    break
            else:
                exhausted.add(how)
    return found
