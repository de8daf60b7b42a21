"""Numbers of Vietnamese legal documents, technical regulations, standards and party documents.

``12/2024/TT-BKHCN``, ``134/2025/QH15``, ``25/VBHN-BTC``, ``QCVN 01-183:2016/BNNPTNT``, ``38-CT/TW``. A number is
no key by itself: every province has a ``01/2026/NQ-HĐND``; the key is number, issuing body and date.
Numbering of legal documents: Decree 78/2025/NĐ-CP on the Law on Promulgation of Legal Documents; Decree
30/2020/NĐ-CP, Annex I, on the work with documents.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tbt_watch.domain.text import collapse, fold
from tbt_watch.errors import NotationError

LONGEST = 64
"""Longest number that is believed; the longest genuine one seen has 51 characters."""

_CAPITALS = "A-ZĐĂÂÊÔƠƯ"
_SERIAL = r"(?P<serial>\d{1,5}(?:\.\d{1,3})?[a-zA-ZđĐ]?)"
_ISSUER = rf"[{_CAPITALS}][{_CAPITALS}&]*(?:Tg|TG|Tr)?\d*"
_LAW = re.compile(
    rf"{_SERIAL}/(?:(?P<year>(?:19|20)\d\d)/)?"
    rf"(?:(?P<assembly>QH\d{{1,2}}|(?:PL-)?UBTVQH\d{{0,2}})"
    rf"|(?P<type>[{_CAPITALS}][A-Za-zĐđ]{{0,5}})[-/](?P<issuers>{_ISSUER}(?:-{_ISSUER})*))"
)
_PARTY = re.compile(
    r"(?P<serial>\d{1,4})-(?P<type>NQ|QĐ|CT|CTR|KL|QC|HD|TB)/(?P<issuer>TW|TU)", re.IGNORECASE
)
_FIND_PARTY = re.compile(rf"(?<![\w/.-]){_PARTY.pattern}(?![\w/-])", re.IGNORECASE)
_STANDARD = re.compile(
    r"(?:(?:SỬA\s*ĐỔI|SĐ)\s*(?P<amendment>\d{1,2})\s*:\s*(?P<amended>(?:19|20)\d\d)\s*)?"
    r"(?P<family>QCVN|QCĐP|TCVN|TCCS|ĐLVN|TCXDVN|TCXD|TCN)\s*(?=[^:]*\d)"
    r"(?P<serial>(?:(?:ISO/IEC|ISO|IEC|CISPR|ASTM)\s*)?[0-9A-ZĐ]+(?:\s*[-.]\s*[0-9A-ZĐ]+)*)"
    rf"(?:\s*:\s*(?P<year>(?:19|20)\d\d))?(?:\s*/\s*(?P<issuer>{_ISSUER}))?"
    r"(?:\s*\([^()]*\))?",  # the international standard it equals, which is no part of the number
    re.IGNORECASE,
)
_FIND = re.compile(
    rf"(?<![\w/.:-]){_LAW.pattern}(?![\w/])"
    r"|(?<![\w/])(?:(?:Sửa đổi|SĐ)\s*\d{1,2}\s*:\s*\d{4}\s+)?(?:QCVN|QCĐP|TCVN|ĐLVN)\s*(?:ISO/IEC\s*|ISO\s*|IEC\s*)?"
    rf"\d+(?:\s?[-.]\s?\d+)*\s*:\s*\d{{4}}(?:\s*/\s*[{_CAPITALS}]+)?(?![\w/])"
)
_LEAD = re.compile(
    r"^(?:(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết(?: liên tịch)?|Quyết định|Thông tư(?: liên tịch)?|Chỉ thị|"
    r"Công điện|Công văn|Văn bản hợp nhất|Thông báo|Kế hoạch|Lệnh|Chương trình|Kết luận|Hướng dẫn|"
    r"Giấy phép|NĐ|NQ|QĐ|TTLT|TT|CT|CĐ|CV|VBHN|TB|KH)\s+)?"
    r"(?:(?:số|Số)\s*:?\s*)?",
    re.IGNORECASE,
)
_UNACCENTED = {"ND": "NĐ", "QD": "QĐ", "CD": "CĐ"}
_NAMES = {
    "NĐ": "Nghị định", "NQ": "Nghị quyết", "QĐ": "Quyết định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch",
    "CT": "Chỉ thị", "CTr": "Chương trình", "CĐ": "Công điện", "CV": "Công văn", "TB": "Thông báo",
    "KH": "Kế hoạch", "HD": "Hướng dẫn", "L": "Lệnh", "PL": "Pháp lệnh", "GP": "Giấy phép", "TTr": "Tờ trình",
    "VBHN": "Văn bản hợp nhất", "KL": "Kết luận",
}  # fmt: skip
_KINDS = {name.upper(): name for name in _NAMES} | _UNACCENTED
_LOCAL_BODIES = {"ubnd": "uy-ban-nhan-dan-", "hdnd": "hoi-dong-nhan-dan-"}
_ISSUERS = re.compile(rf"{_ISSUER}(?:-{_ISSUER})*")


@dataclass(frozen=True, kw_only=True)
class LegalNumber:
    """A number taken apart. ``text`` is for display; ``type`` the abbreviation before the issuer (TT, NĐ, QCVN);
    ``family`` is set for regulations and standards (QCVN, TCVN …) only; ``amendment``: (n, year) or None."""

    text: str
    type: str | None
    year: int | None
    issuers: tuple[str, ...]
    family: str | None = None
    amendment: tuple[int, int] | None = None

    @cached_property
    def key(self) -> str:
        """For comparing and addresses: lower case, no tones, no blanks; never for display."""
        return fold(re.sub(r"\s+", "", self.text))

    @property
    def type_name(self) -> str | None:
        """The kind of document in Vietnamese, as far as the number tells it."""
        return self.family or _NAMES.get(self.type or "")


def parse_number(text: str) -> LegalNumber:
    """Read one number, forgiving a leading kind of document, case of ``TTg`` and blanks.

    Raises NotationError when the text is no number of a Vietnamese document.
    """
    clean = collapse(text).strip(".,; ")
    if len(clean) > LONGEST + 40:
        raise NotationError(
            f"{clean[:40]!r}… is too long for the number of a document (at most {LONGEST} characters)."
        )
    if standard := _STANDARD.fullmatch(clean):
        return _standard(standard)
    bare = re.sub(r"\s+", "", _LEAD.sub("", clean))
    if party := _PARTY.fullmatch(bare):
        kind = "CTr" if party["type"].upper() == "CTR" else party["type"].upper()
        issuer = party["issuer"].upper()
        return LegalNumber(text=f"{party['serial']}-{kind}/{issuer}", type=kind, year=None, issuers=(issuer,))
    law = _LAW.fullmatch(_restore(bare))
    if law is None or len(bare) > LONGEST:
        raise NotationError(
            f"{clean!r} is no number of a Vietnamese document: write it like 12/2024/TT-BKHCN or QCVN 19:2019/BKHCN."
        )
    year = int(law["year"]) if law["year"] else None
    if assembly := law["assembly"]:
        kind, _, body = assembly.rpartition("-")
        return LegalNumber(text=law.group(), type=kind or None, year=year, issuers=(body,))
    kind, issuers = law["type"], law["issuers"].split("-")
    if kind not in _NAMES:  # a letter: "2312/CVT-CS" is body and unit, no kind of document
        kind, issuers = "CV", [kind, *issuers]
    elif kind == "VBHN" and issuers[0] in _NAMES and len(issuers) > 1:
        issuers = issuers[1:]
    return LegalNumber(text=law.group(), type=kind, year=year, issuers=tuple(issuers))


def find_numbers(text: str) -> tuple[LegalNumber, ...]:
    """The numbers that stand in running text as they are printed, in their order, each once."""
    found: dict[str, LegalNumber] = {}
    for match in _FIND.finditer(collapse(text)):
        with suppress(NotationError):  # digits and capitals that only look like one
            number = parse_number(match.group())
            found.setdefault(number.text, number)
    return tuple(found.values())


def find_party_numbers(text: str) -> tuple[LegalNumber, ...]:
    """The numbers of party documents in running text (``38-CT/TW``), in their order, each once."""
    found = (parse_number(match.group()) for match in _FIND_PARTY.finditer(collapse(text)))
    return tuple({number.text: number for number in found}.values())


def _restore(bare: str) -> str:
    """Upper case as numbers are printed: capitals throughout, but TTg and CTr."""
    upper = bare if bare != bare.lower() else bare.upper()
    head, slash, tail = upper.rpartition("/")
    kind, dash, issuer = tail.partition("-")
    issuer = issuer if _ISSUERS.fullmatch(issuer) else issuer.upper()
    return head + slash + _KINDS.get(kind.upper(), kind) + dash + re.sub(r"\bTTG\b", "TTg", issuer)


def _standard(match: re.Match[str]) -> LegalNumber:
    family = match["family"].upper()
    year = int(match["year"]) if match["year"] else None
    issuer = match["issuer"].upper() if match["issuer"] else None
    serial = re.sub(r"\s*([-.])\s*", r"\1", re.sub(r"\s+", " ", match["serial"])).upper()
    text = f"{family} {serial}" + (f":{year}" if year else "") + (f"/{issuer}" if issuer else "")
    amendment = (int(match["amendment"]), int(match["amended"])) if match["amendment"] else None
    if amendment:
        text = f"Sửa đổi {amendment[0]}:{amendment[1]} {text}"
    issuers = (issuer,) if issuer else ()
    return LegalNumber(text=text, type=family, year=year, issuers=issuers, family=family, amendment=amendment)


def regulation_key(number: LegalNumber, issuer: str, issued_on: date | None) -> str:
    """The permalink key of a regulation: number, issuing body and day, for a number alone is no key."""
    body = re.sub(r"[^a-z0-9]+", "-", fold(issuer)).strip("-")
    day = issued_on.isoformat() if issued_on else "undated"
    return f"{number.text}|{body}|{day}"


def partial_key(key: str) -> bool:
    """Whether a regulation's key lacks the day, or names a body that every province has without the province."""
    _, body, day = key.rsplit("|", 2)
    return day == "undated" or body in _LOCAL_BODIES


def keys_agree(one: str, other: str) -> bool:
    """Whether two keys of one number may stand for the same document: neither says what the other denies."""
    (_, body, day), (_, other_body, other_day) = one.rsplit("|", 2), other.rsplit("|", 2)
    if "undated" not in (day, other_day) and day != other_day:
        return False
    return (
        body == other_body
        or other_body.startswith(_LOCAL_BODIES.get(body, "-"))
        or body.startswith(_LOCAL_BODIES.get(other_body, "-"))
    )
