"""Vietnamese legal documents as the official gazette (Công báo) lists them: feed entry and detail page."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from tbt_watch.domain.legal import LegalNumber, parse_number, regulation_key
from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Document, Milestone, Notice, Relation
from tbt_watch.domain.symbol import find_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import NotationError, ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading, Remark, one_line, read_day

_QCVN = re.compile(r"\b(?:QCVN|QCĐP)\s*[\d-]+(?:\.\d+)?\s*:\s*\d{4}/[A-ZĐ]+")
_SLUG = re.compile(r"/van-ban/(?P<slug>[a-z0-9-]+?)-(?P<id>\d+)(?:/\d+)?\.htm")
RELISTED_DAYS = 180
"""A document listed more days than this after its issue is no news; the gazette is weeks behind, not years."""

_LABELS = {
    "loại văn bản": "type", "số, ký hiệu": "number", "số ký hiệu": "number", "cơ quan ban hành": "issuer",
    "trích yếu": "title", "người ký": "signer", "ngày ban hành": "issued", "ngày hiệu lực": "in_force",
    "ngày có hiệu lực": "in_force", "công báo": "gazette", "lĩnh vực": "field", "tình trạng hiệu lực": "status",
}  # fmt: skip


def read_congbao(raw: RawRecord, language: Language) -> Reading:
    """One document: the rows of its detail page, and what only the feed entry says. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    entry: Mapping[str, str] = body["entry"]
    rows, remarks = _rows(body.get("rows") or ())
    number = _number(rows.get("number", ""), str(entry.get("link") or raw.url), language)
    issued = read_day(rows.get("issued", ""), "day of issue (Ngày ban hành)")
    title = rows.get("title", "") or one_line(str(entry.get("summary") or ""))
    if not title:
        raise ReadingError(
            f"{number.text} has no title (Trích yếu).",
            kind="no-title",
            todo="Look at the page at its source; when the title is there, the document comes in by itself.",
        )
    issuer = rows.get("issuer", "") or next(iter(number.issuers), "")
    if not issuer:
        raise ReadingError(
            f"{number.text} has no issuing body (Cơ quan ban hành).",
            kind="no-issuer",
            todo="Look at the page at its source; when the body is there, the document comes in by itself.",
        )
    code = found.code if (found := language.issuer(issuer)) else issuer
    in_force = read_day(rows.get("in_force", ""), "day of entry into force (Ngày hiệu lực)")
    kind = rows.get("type", "") or number.type_name or ""
    notice = Notice(
        key=regulation_key(number, code, issued),
        kind="regulation",
        area="VN",
        type=kind,
        symbols=(number.text,),
        thread=number.text,
        members=(code,),
        title=title,
        language="vi",
        published_on=_published(_listed_on(str(entry.get("published") or "")), issued),
        adoption=Milestone(date=issued),
        in_force=Milestone(date=in_force),
        related=_related(title, number),
        stated_status="draft" if kind.lower().startswith("dự thảo") else None,
        documents=(Document(url=raw.url.partition("?")[0], language="vi", kind="notification"),),
        sources=(raw.source,),
    )
    return Reading(notice=notice, remarks=remarks)


def _rows(labelled: Sequence[Sequence[str]]) -> tuple[dict[str, str], tuple[Remark, ...]]:
    found: dict[str, str] = {}
    remarks = []
    for label, value in labelled:
        text = collapse(label).rstrip(":").lower()
        name = _LABELS.get(text)
        if name:
            found.setdefault(name, one_line(value))
        elif text:
            remarks.append(
                Remark(
                    kind="unknown-field",
                    about=text[:60],
                    message=f"The gazette's pages carry a row {text[:60]!r} that is unknown here; it was not read.",
                    todo="Nothing is lost, the page is kept. Tell the maintainers what the row says.",
                )
            )
    return found, tuple(remarks)


def _number(stated: str, link: str, language: Language) -> LegalNumber:
    """The number from the page; the address is lossy and only helps where the page has none."""
    if stated.strip():
        try:
            return parse_number(stated)
        except NotationError as error:
            raise ReadingError(
                f"The number {stated.strip()[:60]!r} cannot be read.",
                kind="bad-number",
                todo="Look at the page at its source; when the number is mended, the document comes in by itself.",
            ) from error
    try:
        return parse_number(_from_slug(link, language))
    except NotationError as error:
        raise ReadingError(
            f"No number of a document in {link[:120]}.",
            kind="no-number",
            todo="Open the address: if it is a document, tell the maintainers its number; else close the issue.",
        ) from error


def _from_slug(link: str, language: Language) -> str:
    match = _SLUG.search(link)
    if match is None:
        return ""
    _, _, rest = match["slug"].partition("-so-")
    pieces = [language.number_slugs.get(piece, piece.upper()) for piece in rest.split("-")]
    digits = [piece for piece in pieces if piece.isdigit()]
    return "/".join(digits) + "/" + "-".join(pieces[len(digits) :]) if digits else ""


def _listed_on(stamp: str) -> date | None:
    """The day on which the gazette listed the document, in Viet Nam; None when the feed does not say."""
    if not stamp:
        return None
    try:
        return today(parsedate_to_datetime(stamp))
    except ValueError:
        return None


def _published(listed: date | None, issued: date | None) -> date | None:
    """The day on which it became news: when the gazette listed it, unless it lists an old document anew."""
    if listed and issued and (listed - issued).days > RELISTED_DAYS:
        return issued
    return listed or issued


def _related(title: str, number: LegalNumber) -> tuple[Relation, ...]:
    found = [Relation(rel="notified-as", key=symbol.text) for symbol in find_symbols(title)]
    issues = number.type == "TT" and "ban hành" in title.lower()
    rel = "promulgates" if issues else "mentions"
    return (*found, *(Relation(rel=rel, key=parse_number(match).text) for match in _QCVN.findall(title)))
