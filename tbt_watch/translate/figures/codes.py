"""What must come out of a translation letter for letter: addresses, symbols, standards, codes, legal numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STANDARDS = (
    "ISO|IEC|CISPR|ITU-T|ITU-R|EN|BS|DIN|NF|UNE|UNI|GB|ASTM|ANSI|ASME|UL|AOAC|SAE|AATCC|CODEX|CXS|CXG|CXC|CAC|"
    "TCVN|QCVN|JIS|KS|KC|TIS|SNI|PNS|MS|SS|IS|AIS|SLS|PS|GOST|STB|GSO|SASO|DUS|DEAS|EAS|KEBS|SANS|NOM|NMX|NTC|"
    "NTE|INEN|RTE|NTP|NCh|NBR|ABNT|IRAM|RTCA|UNECE|ECE|FMVSS|CNS|SI|AS/NZS|AS|NZS|CSA|OIML|ISPM|FIPS|TR CU|"
    "TR EAEU|CU TR|EAEU TR|TR TS|DMS|DRS|DKS|NM|NFPA|IEEE|ETSI"
)
# "THE LIMIT IS 50": what is a word too takes a long number, or one with a part or a year behind it.
_WORDLIKE = r"(?!(?:IS|AS|SI|SS|MS|PS|KS|KC|NM)[ \u00a0-]?\d{1,2}(?:[.,]\d+)?(?![\d.:/-]))"
_SERIES = r"(?:/(?:IEC|TS|TR|T|Z|TC|AWI|DIS|FDIS|IEEE|ASTM|CIE|PAS))*[ \u00a0:-]{0,2}(?:[A-Z]{1,3}[ -]?)?"
_DASHES = r"\u2010\u2011\-"
_UNION = r"\((?:EU|EC|EEC|UE|CE|CEE)\)\s*(?:(?:No\.?|n[º°o]\.?|số)\s*)?"
_LISTS = r"(?:ICS|HS|HTS|HTSUS|SH|CAS|CFR|EINECS)\b"
_BETWEEN = r"codes?(?:\(s\))?|tariff|(?:sub-?)?headings?|chapters?|No\.?|RN|mã|số|nhóm|parts?|phần"
_LEAD = rf"(?:[ \u00a0:.()\"\u201c]*+(?:{_BETWEEN})?)*+"
# What a number with a point is a name behind, and no amount; "act" and "order" only with a capital.
_NAMED = (
    "section part clause article paragraph rule regulation table chapter item point law decree resolution ordinance"
    " directive decision provision circular"
    " sección artículo cláusula párrafo numeral tabla ley decreto resolución disposición ordenanza acuerdo"
    " loi décret arrêté ordonnance décision résolution circulaire"
)
_SECTION = "|".join(
    rf"(?<={label}[ \u00a0])"
    for label in (
        *(
            f"{written}{'S' if written.isupper() else 's'}"[: len(written) + many]
            for name in _NAMED.split()
            for written in (name, name.capitalize(), name.upper())
            for many in (0, 1)
        ),
        *"§ Act Acts ACT Order Orders ORDER Leyes leyes Mục mục Phần phần Điều điều Luật".split(),
        *("Nghị định", "Nghị quyết", "Quyết định", "Thông tư", "Sắc lệnh", "Pháp lệnh"),
    )
)
_SECTION += "|(?<=§)"
_PATTERNS = {
    "address": r"(?:https?://|www\.)[^\s<>\"\u201c\u201d]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
    "symbol": r"\b(?:G|WT|RD|JOB)/[A-Z0-9][A-Za-z0-9./-]{0,60}[A-Za-z0-9]",
    "legal": r"\b\d{1,5}(?:\.\d{1,3})?/(?:\d{4}/)?[A-ZĐ]{1,6}\d{0,2}(?:[-/][A-ZĐ][A-Za-zĐđ&]{0,14}){1,6}\b"
    r"|\b\d{1,5}/\d{4}/QH\d{1,2}\b",
    "union": rf"\b\d{{1,4}}/\d{{1,4}}/(?:EU|EC|EEC|EG|UE|CE|CEE|ECSC)\b|{_UNION}\d{{1,4}}/\d{{1,4}}\b",
    "standard": rf"\b{_WORDLIKE}(?:PROY-)?(?:(?:{_STANDARDS})[ /-]){{0,3}}(?:{_STANDARDS}){_SERIES}\d+(?:\.\d+)*"
    rf"(?:[{_DASHES}:\u2013/][A-Z\d]{{1,15}}|:[ ](?:19|20)\d\d)*(?!\w)"
    r"|\b[A-Z]{2,6}(?:[ /-][A-Z]{1,5}){0,2}[ ]\d{1,6}(?:[-/]\d{1,4}){0,3}:[ ]?(?:19|20)\d\d(?!\w)",
    "classification": rf"\b{_LISTS}{_LEAD}\d[\d.-]*\d\b",
    "numbered": r"\b(?:Nos?\b\.?|N[º°]|n[º°]|[Ss]ố|[Nn]úm\.)[ \u00a0]?\d{1,3}(?:[.,]\d{3})+(?![\d.,]\d|\d)"
    rf"|(?=\d)(?:{_SECTION})\d{{1,4}}(?:\.\d{{3,5}}){{1,3}}(?![.,]?\d|\w|[ ]?%)",
    "cas": r"\b\d{2,7}-\d{2}-\d\b",
    "mixed": rf"\b[A-Z]{{1,12}}(?:[{_DASHES}/.][A-Z]{{1,12}}){{0,4}}[{_DASHES}/.]?\d[A-Z\d]{{0,20}}"
    rf"(?:[{_DASHES}/.:][A-Z\d]{{1,20}}){{0,6}}(?:\(\d{{1,4}}\)|\b)"
    r"|\b\d{1,12}[A-Z]{1,12}\d[A-Z\d]{0,20}\b|\b\d{2,6}[-/][A-Z]{2,12}-\d{1,6}\b",
}
_CODE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
# The further codes of a list: "HS 22.03 to 22.08", "ICS code(s): 13.020, 13.030 and 13.040".
_MORE = re.compile(
    r"[\"\u201d)]?(?:[ ]?[,;][ ]?|[ ]?/[ ]?|[ ](?:and|or|to|y|o|a|et|ou|à|và|hoặc|đến)[ ])"
    r"(?:(?:and|or|và|ex|nhóm|mã|(?:sub-?)?headings?|codes?)[ ])?[\"\u201c]?"
    r"(?P<item>\d{2}\.\d{2}(?:\.\d{2}){0,3}|\d{2}\.\d{3}(?:\.\d{2})?|\d{4}(?:\.\d{2,4}){0,3}|\d{6}|\d{8}|\d{10})"
    r"(?![\w-]|[.,]\d|[ ]?%)"
)
_TAIL = ".,;:!?)]'\u201d\u2019\u00bb"
_DIGITS = re.compile(r"\d[\d.-]*\d|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code as it stands in a text; ``key`` is the same for every way to write it."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.start + len(self.text)

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
        plain = re.sub(r"[\u2010\u2011\u2013]", "-", self.text)
        key = re.sub(r"[\s\u00a0]|(?<=\D)[:-](?=\d)", "", plain).upper()
        return key.replace("Đ", "D").rstrip(".")


def find_codes(text: str) -> tuple[Code, ...]:
    """The codes of a text, in their order."""
    return tuple(_codes(text))


def _codes(text: str) -> Iterator[Code]:
    at = 0
    while match := _CODE.search(text, at):
        kind = match.lastgroup or ""
        body = match.group().rstrip(_TAIL) if kind == "address" else match.group()
        yield Code(kind=kind, text=body, start=match.start())
        at = match.end()
        if kind == "classification" and body.startswith(("HS", "HTS", "ICS", "SH")):
            while more := _MORE.match(text, at):
                yield Code(kind=kind, text=more["item"], start=more.start("item"))
                at = more.end()


def without_codes(text: str) -> str:
    """The text with every code made blank, as long as before."""
    left: list[str] = []
    at = 0
    for code in find_codes(text):
        left += (text[at : code.start], " " * len(code.text))
        at = code.end
    return "".join((*left, text[at:]))


_NO = re.compile(r"\b(?:No\b\.?|n[º°o]\.?|N[º°]\.?|[Nn]úm\.)[ \u00a0]?(?=\d)")
_UNMARKED = re.compile(r"(?<=/)([NQC])D(?=-)")  # ND-CP is how English prints NĐ-CP, QD-TTg QĐ-TTg
_LEADS = (
    (re.compile(r"\b(ICS|HS|HTS|HTSUS)\s+(?:tariff\s+)?codes?(?:\(s\))?\s*:?\s*", re.IGNORECASE), r"mã \1: "),
    (re.compile(r"\b(HS|HTS|HTSUS)\s+(?:tariff\s+)?sub-?headings?\b", re.IGNORECASE), r"phân nhóm \1"),
    (re.compile(r"\b(HS|HTS|HTSUS)\s+(?:tariff\s+)?headings?\b", re.IGNORECASE), r"nhóm \1"),
    (re.compile(r"\b(HS|HTS|HTSUS)\s+chapters?\b", re.IGNORECASE), r"chương \1"),
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
