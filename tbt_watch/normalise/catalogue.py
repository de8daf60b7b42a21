"""Standards as the catalogue of the Vietnam Standards and Quality Institute shows them: a page of bilingual labels."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tbt_watch.domain.legal import parse_number
from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import NotationError, ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.reading import Reading, clean_codes
from tbt_watch.normalise.regulation import Stated, regulation, relations

_LABELS = {
    "Số hiệu": ("number", "Standard Number"),
    "Năm ban hành": ("year", "Publication date"),
    "Tình trạng": ("status", "Status"),
    "Tên tiếng Việt": ("title", "Title in Vietnamese"),
    "Tên tiếng Anh": ("english", "Title in English"),
    "Tiêu chuẩn tương đương": ("equals", "Equivalent to"),
    "Thay thế bằng": ("successor", "Replaced by"),
    "Lịch sử soát xét": ("history", "History of version"),
    "Chỉ số phân loại Quốc tế (ICS)": ("ics", "By field"),
    "Số trang": ("pages", "Page"),
    "Giá:": ("price", "Price"),
    "Phạm vi áp dụng": ("scope", "Scope of standard"),
}
_ICS = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?(?=\s*[-–])")


def read_tcvn(raw: RawRecord, language: Language) -> Reading:
    """One standard. Its day of issue is not in the catalogue, only the year. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    said = _fields(body["lines"])
    try:
        number = parse_number(said.get("number", ""))
    except NotationError as error:
        raise ReadingError(
            f"The catalogue shows no standard for {body['number']}.",
            kind="not-in-catalogue",
            todo="Look the number up by hand: if it is right, the catalogue may not have it yet; close the issue.",
        ) from error
    if number.key != parse_number(body["number"]).key:
        raise ReadingError(
            f"Asked for {body['number']}, the catalogue shows {number.text}.",
            kind="other-standard",
            todo="Look the number up by hand; if the catalogue has it, tell the maintainers how it is written there.",
        )
    # National standards are announced by this ministry: Law on Standards and Technical Regulations, Article 11.
    announces = ("BKHCN",) if number.family == "TCVN" else ()
    code = re.search(r"\b([A-Z])\s*-", said.get("status", ""))
    stated = Stated(
        number=number,
        title=said.get("title", ""),
        issuers=announces,
        status="expired" if code and code[1] == "W" else None,
        summary=said.get("scope", ""),
        page=raw.url,
    )
    ics, remarks = clean_codes(_ICS.findall(said.get("ics", "")), "ICS", number.text)
    named = said.get("title", "") + " " + said.get("successor", "")
    year = re.search(r"\b(?:19|20)\d\d\b", said.get("year", ""))
    notice = replace(
        regulation(raw, stated, language),
        ics_codes=ics,
        related=relations(named, number),
        adoption=Milestone(text=year[0] if year else None),
    )
    return Reading(notice=notice, remarks=remarks)


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """What each field says: all from its Vietnamese label to the next one, without the English label, which stands
    before the value or after it."""
    pieces: dict[str, list[str]] = {}
    name, english = "", ""
    for line in lines:
        text = collapse(line).strip("| ")
        label = next((one for one in _LABELS if text.startswith(one)), None)
        if label is not None:
            name, english = _LABELS[label]
            text = text.removeprefix(label).strip(": ")
        if english and text.startswith(english):
            text, english = text.removeprefix(english).strip(": |"), ""
        if name and text:
            pieces.setdefault(name, []).append(text)
    return {name: " ".join(some) for name, some in pieces.items()}
