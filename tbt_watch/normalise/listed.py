"""Documents as the sites of Government and ministries list them: grid and page, tables, the feed of new documents."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tbt_watch.domain.legal import find_numbers
from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.gazette import listed_on, read_rows
from tbt_watch.normalise.reading import Reading, one_line, read_day, read_links
from tbt_watch.normalise.regulation import Stated, read_number, regulation

_MORE = re.compile(r"\s*xem chi tiết\s*$", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"sửa đổi|bổ sung|thay thế|bãi bỏ|thi hành|hướng dẫn|thực hiện|triển khai|góp ý|\btheo\b", re.IGNORECASE
)


def read_vanban(raw: RawRecord, language: Language) -> Reading:
    """vanban.chinhphu.vn: the rows of the document's page, which writes days with dashes, else those of the grid,
    which has slashes. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    item: Mapping[str, str] = body["item"]
    rows, remarks = read_rows(body.get("rows") or ())
    stated = Stated(
        number=read_number(rows.get("number") or item["code"]),
        title=rows.get("title") or item["title"],
        type=rows.get("type", ""),
        issuers=_bodies(rows.get("issuer", "")),
        issued=read_day(rows.get("issued") or item["issued"], "day of issue (Ngày ban hành)"),
        in_force=Milestone(date=read_day(rows.get("in_force", ""), "day of entry into force")),
        page=raw.url,
        files=read_links(item.get("files", "")),
    )
    return Reading(notice=regulation(raw, stated, language), remarks=remarks)


def read_table(raw: RawRecord, language: Language) -> Reading:
    """A row of a ministry's table: number (``Số: 42/2026/TT-BCT``), title and day, with or without kind and issuer.
    Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    cells: Mapping[str, str] = body["cells"]
    stated = Stated(
        number=read_number(cells["number"]),
        title=_MORE.sub("", collapse(cells["title"])),
        type=cells.get("type", ""),
        issuers=_bodies(cells.get("issuer", "")),
        issued=read_day(cells["issued"], "day of issue (Ngày ban hành)"),
        page=raw.url,
    )
    return Reading(notice=regulation(raw, stated, language))


def read_announced(raw: RawRecord, language: Language) -> Reading:
    """An entry of a feed of new documents: the number stands in its title, or alone in its summary; the day is that
    of the entry, not of the document. Raises ReadingError."""
    entry: Mapping[str, str] = json.loads(raw.body)["entry"]
    title, summary = one_line(entry.get("title", "")), one_line(entry.get("summary", ""))
    found = find_numbers(title)
    if found and _OF_ANOTHER.search(title[: title.find(found[0].text)]):
        found = ()
    if not found and len(find_numbers(summary)) == 1:
        found = find_numbers(summary)
    if not found:
        raise ReadingError(
            f"The entry {title[:60]!r} names no document of its own.",
            kind="no-number",
            todo="Open its address: if it is a new document, it comes in from another source; close the issue.",
        )
    stated = Stated(
        number=found[0],
        title=title or summary,
        summary=summary if summary != title else "",
        listed=listed_on(entry.get("published", "")),
        page=raw.url,
    )
    return Reading(notice=regulation(raw, stated, language))


def _bodies(cell: str) -> Sequence[str]:
    """The bodies that a cell names: of joint documents several, on lines of their own or after semicolons."""
    return [name for part in re.split(r"[\n;]", cell) if (name := collapse(part))]
