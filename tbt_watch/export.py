"""Notices as others take them: the JSON shape that scripts rely on, and tables for offices."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.impact import Impact
from tbt_watch.domain.moment import VIETNAM, send_by
from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.text import disarmed
from tbt_watch.language import LANGUAGES, Language
from tbt_watch.translate.exact.headline import headline

if TYPE_CHECKING:
    from openpyxl.cell import Cell

COLUMNS = (
    "key", "kind", "area", "type", "symbols", "members", "headline_vi", "headline_en", "title", "products",
    "hs_codes", "ics_codes", "objectives", "published_on", "comment_until", "send_by", "in_force", "status",
    "sectors", "topics", "decision", "sources",
)  # fmt: skip
"""The columns of a table of notices; lists are joined by "; "."""

IMPACT = ("affected", "irrelevant", "following")
"""Columns besides, for the office alone: how many subscribers said what of the notice."""

_MADE_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

CELL_LIMIT = 32_767
"""Characters that a cell of a workbook holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exporter:
    """Writes dossiers in the promised shape. ``lead_days`` by area (``tbt``, ``sps``) give the send-by date;
    ``impact`` by the number of a notice; None: nothing is told of it, for it is the office's own."""

    language: Language
    today: date
    lead_days: Mapping[str, int]
    days_off: Collection[date] = ()
    impact: Mapping[int, Impact] | None = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its tables."""
        return COLUMNS if self.impact is None else (*COLUMNS, *IMPACT)

    def notice(self, item: Dossier) -> dict[str, Any]:
        """One notice as ``notices export --format jsonl`` promises it."""
        facts = item.notice
        status, status_on = facts.status(self.today)
        return {
            "kind": facts.kind,
            "key": facts.key,
            "area": facts.area,
            "type": facts.type,
            "symbols": list(facts.symbols),
            "thread": facts.thread,
            "follows": facts.follows,
            "related": [{"rel": one.rel, "key": one.key} for one in facts.related],
            "status": status,
            "status_on": _day(status_on),
            "members": list(facts.members),
            "title": facts.title,
            "summary": facts.summary,
            "products": facts.products,
            "language": facts.language,
            "hs_codes": list(facts.hs_codes),
            "ics_codes": list(facts.ics_codes),
            "objectives": list(facts.objectives),
            "keywords": list(facts.keywords),
            "published_on": _day(facts.published_on),
            "comment_until": _day(facts.comment_until),
            "send_by": _day(self.send_by(item)),
            "adoption": _milestone(facts.adoption),
            "in_force": _milestone(facts.in_force),
            "documents": [
                {"url": one.url, "language": one.language, "kind": one.kind} for one in facts.documents
            ],
            "translations": self._translations(item),
            "headline": {lang: self.headline(item, lang) for lang in LANGUAGES},
            "tags": [_tag(one) for one in item.tags],
            "decision": _decision(item),
            **({} if self.impact is None else {"impact": asdict(self.impact.get(item.id, Impact()))}),
            "sources": list(facts.sources),
            "seen_at": _moment(item.seen_at),
            "translated_at": _moment(item.translated_at),
            "accepted_at": _moment(item.accepted_at),
            "first_sent_at": _moment(item.first_sent_at),
        }

    def headline(self, item: Dossier, lang: str) -> str:
        """Its headline: as written down, or made now for what the archive keeps without one."""
        return item.text("headline", lang) or headline(item.notice, self.language, lang)

    def send_by(self, item: Dossier) -> date | None:
        """The day by which comments must reach the national office."""
        lead = self.lead_days.get(item.notice.area.lower())
        if item.notice.comment_until is None or lead is None:
            return item.notice.comment_until
        return send_by(item.notice.comment_until, lead, self.days_off)

    @staticmethod
    def _translations(item: Dossier) -> dict[str, dict[str, Any]]:
        return {
            one.field: {"text": one.text, "origin": one.origin, "checks": list(one.checks)}
            | ({"trial": True} if one.kind == "trial" else {})
            for one in item.translations
            if one.language == "vi" and one.field not in ("headline", "opening")
        }

    def row(self, item: Dossier) -> dict[str, str]:
        """One row of a table, by column."""
        full = self.notice(item)
        plain = {name: _cell(full.get(name)) for name in COLUMNS}
        return plain | {
            "headline_vi": full["headline"]["vi"],
            "headline_en": full["headline"]["en"],
            "in_force": full["in_force"]["date"] or full["in_force"]["text"] or "",
            "sectors": "; ".join(item.codes("sector")),
            "topics": "; ".join(item.codes("topic")),
            "decision": (full["decision"] or {}).get("state") or "",
            **{name: str(count) for name, count in full.get("impact", {}).items()},
        }

    def jsonl(self, items: Iterable[Dossier]) -> Iterator[str]:
        """A line a notice."""
        for item in items:
            yield json.dumps(self.notice(item), ensure_ascii=False) + "\n"

    def csv(self, items: Iterable[Dossier]) -> Iterator[str]:
        """A header and a line a notice, for spreadsheets; a cell that a spreadsheet would compute is disarmed."""
        for number, item in enumerate([None, *items]):
            out = io.StringIO()
            writer = csv.writer(out)
            if item is None:
                writer.writerow(self.columns)
            else:
                row = self.row(item)
                writer.writerow([disarmed(row[name]) for name in self.columns])
            yield out.getvalue() if number else "\ufeff" + out.getvalue()


def write_xlsx(exporter: Exporter, items: Iterable[Dossier], file: BinaryIO) -> int:
    """Write a workbook with a row a notice; how many. Texts stay texts: nothing is computed when it is opened."""
    from openpyxl import Workbook  # loads NumPy: only where a workbook is written
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Notices")
    sheet.freeze_panes = "A2"

    def text(value: str) -> "Cell":
        """A title that begins with "=" is no formula; what no workbook can hold is left out."""
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_LIMIT])
        cell.data_type = "s"
        return cell

    sheet.append([text(name) for name in exporter.columns])
    count = 0
    for item in items:
        row = exporter.row(item)
        sheet.append([text(row[name]) for name in exporter.columns])
        count += 1
    book.save(file)
    return count


def fixed_xlsx(exporter: Exporter, items: Iterable[Dossier]) -> bytes:
    """The workbook as bytes that do not tell when it was made: same notices, same bytes."""
    made, fixed = io.BytesIO(), io.BytesIO()
    write_xlsx(exporter, items, made)
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(fixed, "w") as out:
        for name in given.namelist():
            body = given.read(name)
            if name == "docProps/core.xml":
                body = _MADE_AT.sub(rb"\g<1>2000-01-01T00:00:00Z", body)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            out.writestr(entry, body)
    return fixed.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(when: datetime | None) -> str | None:
    return when.astimezone(VIETNAM).isoformat(timespec="seconds") if when else None


def _milestone(value: Milestone) -> dict[str, str | None]:
    return {"date": _day(value.date), "text": value.text}


def _tag(tag: Any) -> dict[str, Any]:
    return {
        "kind": tag.kind,
        "code": tag.code,
        "basis": tag.basis,
        "reason": tag.reason,
        "confidence": float(tag.confidence),
    }


def _decision(item: Dossier) -> dict[str, Any]:
    if item.state == "ARCHIVED" and item.decision is None:
        return {"state": "archived", "by": "policy", "at": None}
    if item.decision is None:
        return {"state": None, "by": None, "at": None}
    return {"state": item.decision.state, "by": item.decision.by, "at": _moment(item.decision.at)}
