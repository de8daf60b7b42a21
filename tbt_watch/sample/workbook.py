"""ePing's workbooks, made from records: the export of a search, and the bulk file of everything.

Both have the traps of the real ones: formulas without a value, dates as serial numbers and as text, one row
per Member, lists joined by ``"; "`` though names contain ``;``, ``_x000D_`` and no-break spaces. The same
records give the same bytes. ``python -m tbt_watch.sample.workbook OUT`` writes the sample's.
"""

import html
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO, Literal
from xml.sax.saxutils import escape

from tbt_watch.sample.bundle import Record

Shape = Literal["export", "bulk"]
"""``export``: the 17 columns of a search's export. ``bulk``: two more, and English links as plain text."""

Downloads = Mapping[str, Sequence[Mapping[str, str]]]

EXPORT_HEADERS = (
    "Notifying Member",
    "Distribution date",
    "Document symbol",
    "Title",
    "Description",
    "Products covered",
    "HS code(s)",
    "ICS code(s)",
    "Objectives",
    "Keywords",
    "Specific regions or countries likely to be affected",
    "Final date for comments",
    "Notification type",
    "Notified document",
    "Link to notification(EN)",
    "Link to notification(FR)",
    "Link to notification(ES)",
)
# The double blanks are the site's.
BULK_HEADERS = (*EXPORT_HEADERS, "Proposed adoption  date", "Proposed entry  into  force date")
VIEW = "https://www.epingalert.org/en/Search?viewData="
EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's calendar, as it counts from March 1900 on."""

DATE_STYLE = 2
ISO_EVERY = 4
"""Every how many rows the dates are text."""

ZIP_DAY = (2025, 6, 9, 20, 0, 0)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A cell that is a HYPERLINK formula: where it leads and what it shows."""

    url: str
    text: str
    separator: str = ", "


Cell = str | date | Link


@dataclass(slots=True)
class _Strings:
    """The table of shared strings: what repeats in a column stands in it once."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def build_workbook(records: Iterable[Record], downloads: Downloads, *, shape: Shape = "bulk") -> bytes:
    """The workbook of ``records`` (one row each, in their order) as a file's bytes.

    ``downloads``: record id → its WTO documents; a record without any is shown with its ``linkToNotification``.
    """
    kept = BytesIO()
    write_workbook(kept, (row_of(record, downloads, shape=shape) for record in records), shape=shape)
    return kept.getvalue()


def row_of(record: Record, downloads: Downloads, *, shape: Shape) -> list[Cell]:
    """The cells of one record, in the order of the headers."""
    symbol = str(record["documentSymbol"])
    links = {_language(one["urlLink"]): one["urlLink"] for one in downloads.get(str(record["id"]), ())}
    if not links and record["linkToNotification"]:
        links = {_language(record["linkToNotification"]): record["linkToNotification"]}
    english = links.get("EN", "")
    cells: list[Cell] = [
        record["notifyingMember"],
        date.fromisoformat(record["distributionDate"][:10]),
        Link(url=VIEW + symbol, text=symbol, separator=","),
        plain(record, "title"),
        plain(record, "description"),
        plain(record, "productsFreeText"),
        record["hsCodeText"] or "",
        record["icsCodeText"] or "",
        "; ".join(one["name"] for one in record["objectives"]),
        "; ".join(one["name"] for one in record["keywords"]),
        "; ".join(one["name"] for one in record["countriesAffected"]),
        date.fromisoformat(record["commentDeadlineDate"][:10]) if record["commentDeadlineDate"] else "",
        record["notificationType"],
        "\n".join(re.split(r"[,\r\n]+(?=https?://)", record["notifiedDocumentLink"] or "")),
        english if shape == "bulk" or not english else Link(url=english, text=english),
        *(Link(url=links[one], text=links[one]) if one in links else "" for one in ("FR", "ES")),
    ]
    if shape == "bulk":
        cells += [
            _dated(record, "proposedAdoptionDate"),
            _dated(record, "proposedEntryIntoForceDate"),
        ]
    return cells


def plain(record: Record, name: str) -> str:
    """The plain text of a field: the twin where it is there, else the HTML without its tags."""
    twin = record.get(f"{name}Plain")
    if twin:
        return str(twin)
    text = re.sub(r"<br ?/?>", "", str(record.get(name) or ""))
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def write_workbook(out: IO[bytes] | Path, rows: Iterable[list[Cell]], *, shape: Shape = "bulk") -> int:
    """Write a workbook row by row, in memory that does not grow with the rows. Returns their number."""
    headers = EXPORT_HEADERS if shape == "export" else BULK_HEADERS
    strings = _Strings()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _fixed_parts().items():
            archive.writestr(_member(name), text)
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            count = _write_sheet(sheet, headers, rows, strings)
        with archive.open(_member("xl/sharedStrings.xml"), "w") as table:
            table.write(f'{XML}<sst xmlns="{MAIN}" uniqueCount="{len(strings.numbers)}">'.encode())
            for text in strings.numbers:
                table.write(f'<si><t xml:space="preserve">{_escaped(text)}</t></si>'.encode())
            table.write(b"</sst>")
    return count


def _write_sheet(
    sheet: IO[bytes], headers: Sequence[str], rows: Iterable[list[Cell]], strings: _Strings
) -> int:
    columns = [_column(index) for index in range(len(headers))]
    sheet.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15"/><sheetData>'.encode())
    heads = "".join(
        f'<c r="{column}1" s="1" t="s"><v>{strings.number(head)}</v></c>'
        for column, head in zip(columns, headers, strict=True)
    )
    sheet.write(f'<row r="1" ht="30" customHeight="1">{heads}</row>'.encode())
    count = 0
    for count, row in enumerate(rows, start=1):
        sheet.write(_row(count + 1, row, columns, strings).encode())
    sheet.write(b"</sheetData></worksheet>")
    return count


def _row(number: int, cells: list[Cell], columns: Sequence[str], strings: _Strings) -> str:
    as_text = number % ISO_EVERY == 0
    parts = [f'<row r="{number}">']
    for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        place = f'<c r="{column}{number}"'
        if isinstance(cell, Link):
            formula = f'HYPERLINK("{cell.url}"{cell.separator}"{cell.text}")'
            parts.append(f"{place}><f>{_escaped(formula)}</f></c>")
        elif isinstance(cell, date):
            parts.append(
                f'{place} t="inlineStr"><is><t>{cell.isoformat()}</t></is></c>'
                if as_text
                else f'{place} s="{DATE_STYLE}"><v>{(cell - EPOCH).days}</v></c>'
            )
        elif cell or index % 2:
            parts.append(_text(place, cell, shared=index not in LONG, strings=strings))
        # Else the cell is left out; the other empty ones point at the empty shared string.
    parts.append("</row>")
    return "".join(parts)


LONG = frozenset({3, 4, 5, 13, 14})
"""Columns whose texts hardly repeat (title, description, products, documents): written in place."""


def _text(place: str, text: str, *, shared: bool, strings: _Strings) -> str:
    if shared or not text:
        return f'{place} t="s"><v>{strings.number(text)}</v></c>'
    return f'{place} t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'


def _escaped(text: str) -> str:
    """XML text; a carriage return becomes ``_x000D_``, as Excel and its libraries write it."""
    return escape(text).replace("\r", "_x000D_")


def _dated(record: Record, name: str) -> Cell:
    if record[name]:
        return date.fromisoformat(str(record[name])[:10])
    return str(record[f"{name}Text"] or "")


def _language(url: str) -> str:
    found = re.search(r"DDFDocuments/([tuv])/", url, re.IGNORECASE)
    return {"t": "EN", "u": "FR", "v": "ES"}[found.group(1).lower()] if found else "EN"


def _column(index: int) -> str:
    return chr(ord("A") + index)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, ZIP_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _fixed_parts() -> dict[str, str]:
    """Every part that does not depend on the rows."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "styles": "styles"}
    parts["sharedStrings"] = "sharedStrings"
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kinds}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    targets = {"worksheet": "worksheets/sheet1", "styles": "styles", "sharedStrings": "sharedStrings"}
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}.xml"/>'
        for n, (kind, target) in enumerate(targets.items(), start=1)
    )
    styles = (
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/MM/yyyy"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    )
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    sheets = '<sheets><sheet name="Notifications" sheetId="1" r:id="rId1"/></sheets>'
    defaults = (
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}'
    )
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">{defaults}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>',
        "xl/_rels/workbook.xml.rels": (
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
        ),
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>',
        "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }
