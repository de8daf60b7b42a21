"""What all readers of Vietnamese documents share: number, kind, issuing bodies by date, days, title and relations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tbt_watch.domain.legal import LegalNumber, find_numbers, parse_number, regulation_key
from tbt_watch.domain.notice import Document, Milestone, Notice, Relation
from tbt_watch.domain.symbol import find_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import NotationError, ReadingError
from tbt_watch.language import Language
from tbt_watch.language.speaker import province_key
from tbt_watch.language.tables import Issuer

RELISTED_DAYS = 180
"""A document listed more days than this after its issue is no news; lists are weeks behind, not years."""

REGULATIONS = ("QCVN", "QCĐP")
_KIND = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết(?: liên tịch)?|Quyết định|Thông tư(?: liên tịch)?|Chỉ thị|"
    r"Công điện|Công văn|Văn bản hợp nhất|Thông báo|Kế hoạch|Lệnh)"
)
_KIND_FIRST = re.compile(rf"(?:Dự thảo\s+)?({_KIND})\b", re.IGNORECASE)
_KIND_AND_VERB = re.compile(
    rf"{_KIND}\s+(?=(?:[Qq]uy định|[Bb]an hành|[Ss]ửa đổi|[Hh]ướng dẫn|[Bb]ãi bỏ|[Vv]ề|[Cc]ông bố|[Pp]hê duyệt)\b)"
)
_BY_WHOM = re.compile(
    r"(?:của|do)\s+.{3,120}?\s+(?=(?:về|quy định|ban hành|sửa đổi|bãi bỏ|hướng dẫn|phê duyệt|công bố)\b)"
)
_ISSUES = re.compile(r"(?:(?:về việc|v/v|về)\s+)?ban hành\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:thay thế|bãi bỏ|hủy bỏ|huỷ bỏ|sửa đổi, bổ sung)\b", re.IGNORECASE)
_LOCAL = re.compile(
    r"(UBND|HĐND|[UỦ][ỷyỶY] ban nhân dân|Hội đồng nhân dân)\s+((?:tỉnh|thành phố|tp\.?)?\s*.+)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What a source states about one document, still in its words; days are read. ``listed``: the day on which the
    source made it known, where it says so. ``files``: addresses of its text."""

    number: LegalNumber
    title: str
    type: str = ""
    issuers: Sequence[str] = ()
    issued: date | None = None
    in_force: Milestone = field(default_factory=Milestone)
    listed: date | None = None
    status: str | None = None
    status_on: date | None = None
    summary: str = ""
    page: str = ""
    files: Sequence[str] = ()


def regulation(raw: RawRecord, stated: Stated, language: Language) -> Notice:
    """The notice of one document. Raises ReadingError when it has no title or no issuing body."""
    number = stated.number
    title = own_title(stated.title, number)
    if not title:
        raise ReadingError(
            f"{number.text} has no title (Trích yếu).",
            kind="no-title",
            todo="Look at the page at its source; when the title is there, the document comes in by itself.",
        )
    members = issuers_of(stated.issuers, number, stated.issued, language)
    kind = kind_of(number, stated.type, stated.title, language)
    page = Document(url=stated.page or raw.url.partition("?")[0], language="vi", kind="notification")
    draft = kind.startswith("Dự thảo")  # no draft is ever taken for what it becomes
    return Notice(
        key=regulation_key(number, f"{members[0]} dự thảo" if draft else members[0], stated.issued),
        kind="regulation",
        area="VN",
        type=kind,
        symbols=(number.text,),
        thread=number.text,
        members=members,
        title=title,
        summary=stated.summary,
        language="vi",
        published_on=published_on(stated.listed, stated.issued),
        adoption=Milestone(date=stated.issued),
        in_force=stated.in_force,
        related=relations(title, number),
        stated_status="draft" if draft else stated.status,
        stated_status_on=stated.status_on,
        documents=(page, *(Document(url=url, language="vi") for url in stated.files)),
        sources=(raw.source,),
    )


def read_number(stated: str) -> LegalNumber:
    """The number as a source prints it. Raises ReadingError when it states none, or none that can be read."""
    text = collapse(stated)
    try:
        return parse_number(text)
    except NotationError as error:
        if not text.strip(" :.-/"):
            raise ReadingError(
                "The document has no number (Số, ký hiệu).",
                kind="no-number",
                todo="Open its address: if it has a number by now, it comes in by itself; else close the issue.",
            ) from error
        raise ReadingError(
            f"The number {text[:60]!r} cannot be read.",
            kind="bad-number",
            todo="Look at the page at its source; when the number is mended, the document comes in by itself.",
        ) from error


def own_title(title: str, number: LegalNumber) -> str:
    """The title (trích yếu) without what sources set before it: kind, number and issuer."""
    text = collapse(title)
    at = re.search(re.escape(number.text), text)
    if (
        at
        and at.start() <= 40
        and not re.search(r"sửa đổi|bổ sung|thay thế|\bcủa\b", text[: at.start()], re.I)
    ):
        rest = text[at.end() :].lstrip(" :,.-–)")
        text = _BY_WHOM.sub("", rest, count=1) if _BY_WHOM.match(rest) else rest
        text = text or collapse(title)
    elif match := _KIND_AND_VERB.match(text):
        text = text[match.end() :]
    return text[:1].upper() + text[1:]


def kind_of(number: LegalNumber, stated: str, title: str, language: Language) -> str:
    """The kind of document, from its number where that tells it: lists file documents under wrong kinds."""
    named = collapse(stated)
    symbol = number.family or number.type or ""
    types = {one.symbol: one.label.vi for one in language.document_types.values() if one.symbol}
    found = _KIND_FIRST.match(collapse(title))
    kind = types.get(symbol) or number.type_name or named or (found[1] if found else "")
    draft = named.lower().startswith("dự thảo") or collapse(title).lower().startswith("dự thảo")
    return f"Dự thảo {kind.removeprefix('Dự thảo ')}".rstrip() if draft else kind


def issuers_of(
    stated: Sequence[str], number: LegalNumber, issued: date | None, language: Language
) -> tuple[str, ...]:
    """The codes of the bodies that issued it, as they were called on that day; what no table knows keeps its name.

    An old document keeps its issuer also where a source shows who took over; a code that outlived its body, as
    listings mistype them, is that of the successor. Raises ReadingError when neither source nor number names one.
    """
    by_number = [re.sub(r"\d+$", "", code) for code in number.issuers]
    if number.type == "CV" or number.family == "QCĐP":
        by_number = by_number[:1] if number.type == "CV" else []
    if number.type == "TTLT" and len(by_number) > 1:
        names: Sequence[str] = by_number
    else:
        names = [name for text in stated if (name := collapse(text))] or by_number[:1]
    if not names:
        raise ReadingError(
            f"{number.text} has no issuing body (Cơ quan ban hành).",
            kind="no-issuer",
            todo="Look at the page at its source; when the body is there, the document comes in by itself.",
        )
    own = language.issuer(by_number[0]) if by_number else None
    return tuple(dict.fromkeys(_issuer(name, own, issued, language) for name in names))


def _issuer(name: str, own: Issuer | None, issued: date | None, language: Language) -> str:
    found = language.issuer(name) or language.issuer(name.replace("Uỷ", "Ủy").replace("uỷ", "ủy"))
    if found is None:
        return _local_body(name, language)
    if issued is None:
        return found.code
    if found.valid_from and issued < found.valid_from and own and _held(own, issued):
        return own.code
    while found.successor and found.valid_to and found.valid_to < issued:
        found = language.issuers[found.successor]
    return found.code


def _held(body: Issuer, day: date) -> bool:
    return (body.valid_from is None or body.valid_from <= day) and (
        body.valid_to is None or day <= body.valid_to
    )


def _local_body(name: str, language: Language) -> str:
    """``UBND TP. Hà Nội`` and ``UỶ BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI`` as one; anything else as it stands."""
    match = _LOCAL.fullmatch(name)
    province = language.province(match[2]) if match else None
    if match is None or province is None:
        return name
    code = "HĐND" if match[1].upper()[0] == "H" else "UBND"
    wanted = province_key(match[2])
    unit = next(one for one in (province.name, *province.old_units) if province_key(one) == wanted)
    kind = province.kind if unit == province.name else "tỉnh"
    return f"{language.issuers[code].label.vi} {kind} {unit}"


def published_on(listed: date | None, issued: date | None) -> date | None:
    """The day on which it became news: when it was listed, unless an old document is listed anew."""
    if listed and issued and (listed - issued).days > RELISTED_DAYS:
        return issued
    return listed or issued


def relations(title: str, number: LegalNumber) -> tuple[Relation, ...]:
    """What the title says of other notices: a notification it belongs to, a regulation that it promulgates, the
    regulations and standards that it mentions."""
    found = [Relation(rel="notified-as", key=symbol.text) for symbol in find_symbols(title)]
    issues = number.type in ("TT", "TTLT", "QĐ") and _ISSUES.match(title)
    head = _INSTEAD.split(title, maxsplit=1)[0] if issues else ""
    issued = {one.text for one in find_numbers(head) if one.family in REGULATIONS}
    others = (one for one in find_numbers(title) if one.family and one.text != number.text)
    named = (
        Relation(rel="promulgates" if one.text in issued else "mentions", key=one.text) for one in others
    )
    return (*found, *named)
