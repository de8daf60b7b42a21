"""Vietnamese legal documents as the official gazette (Công báo) lists them: feed entry and detail page."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from tbt_watch.domain.legal import LegalNumber, parse_number
from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import NotationError, ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading, Remark, one_line, read_day
from tbt_watch.normalise.regulation import Stated, read_number, regulation

_SLUG = re.compile(r"/van-ban/(?P<slug>[a-z0-9-]+?)-(?P<id>\d+)(?:/\d+)?\.htm")
_LABELS = {
    "loại văn bản": "type", "số, ký hiệu": "number", "số ký hiệu": "number", "cơ quan ban hành": "issuer",
    "trích yếu": "title", "người ký": "signer", "ngày ban hành": "issued", "ngày hiệu lực": "in_force",
    "ngày có hiệu lực": "in_force", "công báo": "gazette", "lĩnh vực": "field", "tình trạng hiệu lực": "status",
    "tài liệu đính kèm": "files",
}  # fmt: skip


def read_congbao(raw: RawRecord, language: Language) -> Reading:
    """One document: the rows of its detail page, and what only the feed entry says. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    entry: Mapping[str, str] = body["entry"]
    rows, remarks = read_rows(body.get("rows") or ())
    number = _number(rows.get("number", ""), str(entry.get("link") or raw.url), language)
    stated = Stated(
        number=number,
        title=rows.get("title", "") or one_line(str(entry.get("summary") or "")),
        type=rows.get("type", ""),
        issuers=(rows.get("issuer", ""),),
        issued=read_day(rows.get("issued", ""), "day of issue (Ngày ban hành)"),
        in_force=Milestone(
            date=read_day(rows.get("in_force", ""), "day of entry into force (Ngày hiệu lực)")
        ),
        listed=listed_on(str(entry.get("published") or "")),
    )
    notice = regulation(raw, stated, language)
    return Reading(notice=notice, remarks=remarks)


def read_rows(labelled: Sequence[Sequence[str]]) -> tuple[dict[str, str], tuple[Remark, ...]]:
    """What labelled rows say, by our names for the labels, and a remark on every label that is unknown."""
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
        return read_number(stated)
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


def listed_on(stamp: str) -> date | None:
    """The day on which the gazette listed the document, in Viet Nam; None when the feed does not say."""
    if not stamp:
        return None
    try:
        return today(parsedate_to_datetime(stamp))
    except ValueError:
        return None
