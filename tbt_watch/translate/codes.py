"""What must come out of a translation letter for letter: addresses, symbols, standards, codes, legal numbers."""

import re
from dataclasses import dataclass

_STANDARDS = (
    "ISO|IEC|CISPR|ITU-T|ITU-R|EN|BS|DIN|NF|UNE|UNI|GB|ASTM|ANSI|ASME|UL|AOAC|SAE|AATCC|CODEX|CXS|CXG|CXC|CAC|"
    "TCVN|QCVN|JIS|KS|KC|TIS|SNI|PNS|MS|SS|IS|AIS|SLS|PS|GOST|STB|GSO|SASO|DUS|DEAS|EAS|KEBS|SANS|NOM|NMX|NTC|"
    "NTE|INEN|RTE|NTP|NCh|NBR|ABNT NBR|IRAM|RTCA|UNECE|ECE|FMVSS|CNS|SI|AS/NZS|AS|NZS|CSA|OIML|ISPM"
)
_UNION = r"\((?:EU|EC|EEC|UE|CE|CEE)\)\s*(?:(?:No\.?|n[º°o]\.?|số)\s*)?"
_SERIES = r"(?:/(?:IEC|TS|TR|T|Z|TC|AWI|DIS|FDIS|IEEE|ASTM|CIE|PAS))*[ \u00a0:-]{0,2}(?:[A-Z]{1,3}[ -]?)?"
_LISTS = r"(?:ICS|HS|HTS|HTSUS|CAS|CFR|EINECS)\b"
_LEAD = r"(?:[ \u00a0:.()]*(?:codes?|code\(s\)|headings?|No\.?|mã|số|part|phần)?)*[ \u00a0:.(]*"
_PATTERNS = {
    "address": r"(?:https?://|www\.)[^\s<>\"\u201c\u201d]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
    "symbol": r"\b(?:G|WT|RD|JOB)/[A-Z0-9][A-Za-z0-9./-]{0,60}[A-Za-z0-9]",
    "legal": r"\b\d{1,5}/(?:\d{4}/)?(?:[A-ZĐ]{1,6}\d{0,2})(?:-[A-ZĐ]{1,10})+\b",
    "union": rf"\b\d{{1,4}}/\d{{1,4}}/(?:EU|EC|EEC|EG|UE|CE|CEE|ECSC)\b|{_UNION}\d{{1,4}}/\d{{1,4}}\b",
    "standard": rf"\b(?:{_STANDARDS}){_SERIES}\d[\d.]*(?:[-:\u2013/]\d+)*(?![\w])",
    "classification": rf"\b{_LISTS}{_LEAD}\d[\d.-]*\d\b",
    "numbered": r"\b(?:Nos?\b\.?|N[º°]|n[º°]|[Ss]ố|[Nn]úm\.)[ \u00a0]?\d{1,3}(?:[.,]\d{3})+(?![\d.,]\d|\d)",
    "cas": r"\b\d{2,7}-\d{2}-\d\b",
    "mixed": r"\b[A-Z]{1,12}(?:[-/.][A-Z]{1,12}){0,4}[-/.]?\d[A-Z\d]{0,20}(?:[-/.:]\d[A-Z\d]{0,20}){0,6}\b"
    r"|\b\d{1,12}[A-Z]{1,12}\d[A-Z\d]{0,20}\b",
}
_CODE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_TAIL = ".,;:!?)]'\u201d\u2019\u00bb"
_DIGITS = re.compile(r"\d[\d.-]*\d|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code as it stands in a text; ``key`` is the same for every way to write it."""

    kind: str
    text: str
    start: int

    @property
    def key(self) -> str:
        """Compares codes over blanks, dashes, case and the words around a number."""
        if self.kind == "address":
            return self.text.casefold()
        if self.kind == "classification":
            return str(_DIGITS.findall(self.text)[-1]).strip(".-")
        if self.kind == "numbered":
            return re.sub(r"\D", "", self.text)
        if self.kind == "union":
            return re.sub(r"[^\d/]", "", self.text).strip("/")
        key = re.sub(r"[\s\u00a0]|(?<=\D)[:-](?=\d)", "", self.text).replace("\u2013", "-").upper()
        return key.replace("Đ", "D").rstrip(".")


def find_codes(text: str) -> tuple[Code, ...]:
    """The codes of a text, in their order."""
    found = []
    for match in _CODE.finditer(text):
        kind = match.lastgroup or ""
        body = match.group().rstrip(_TAIL) if kind == "address" else match.group()
        found.append(Code(kind=kind, text=body, start=match.start()))
    return tuple(found)


def without_codes(text: str) -> str:
    """The text with every code made blank, as long as before."""
    left: list[str] = []
    at = 0
    for code in find_codes(text):
        left += (text[at : code.start], " " * len(code.text))
        at = code.start + len(code.text)
    return "".join((*left, text[at:]))


_NO = re.compile(r"\b(?:No\b\.?|n[º°o]\.?|N[º°]\.?|[Nn]úm\.)[ \u00a0]?(?=\d)")
_UNMARKED = re.compile(r"(?<=/)([NQ])D(?=-)")  # ND-CP is how English prints NĐ-CP, QD-TTg QĐ-TTg
_LEADS = (
    (re.compile(r"\b(ICS|HS|HTS|HTSUS)\s+codes?(?:\(s\))?\s*:?", re.IGNORECASE), r"mã \1:"),
    (re.compile(r"\b(HS|HTS|HTSUS)\s+headings?\b", re.IGNORECASE), r"nhóm \1"),
    (re.compile(r"\bCFR\s+parts?\b", re.IGNORECASE), "CFR phần"),
)


def vietnamese_code(code: Code) -> str:
    """A code in a Vietnamese sentence: letter for letter, the English words around it in Vietnamese."""
    if code.kind in ("union", "numbered", "classification"):
        text = _NO.sub("số ", code.text)
        for lead, form in _LEADS:
            text = lead.sub(form, text)
        return text
    if code.kind == "legal":
        return _UNMARKED.sub(r"\1Đ", code.text)
    return code.text
