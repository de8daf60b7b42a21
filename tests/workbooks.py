"""A tiny writer of workbooks for tests: cells are given as XML, so that any shape can be written."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = ("Notifying Member", "Distribution date", "Document  symbol", "Title", "HS code(s)")


def inline(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def formula(text: str) -> str:
    return f"<c><f>{escape(text)}</f><v></v></c>"


def number(text: str) -> str:
    return f"<c><v>{text}</v></c>"


def sheet_xml(rows: Sequence[Sequence[str]]) -> str:
    body = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def workbook(
    sheet: str,
    strings: Sequence[str] = (),
    workbook_properties: str = "",
    extra: dict[str, str] | None = None,
) -> bytes:
    """A workbook with one sheet of that XML; ``strings`` are its shared strings, as plain text."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{relations}">{workbook_properties}'
            '<sheets><sheet name="Notifications" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        + "</sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    return archive({**parts, **(extra or {})})


def archive(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return file.getvalue()


def simple(rows: int, header: Sequence[str] = HEADER) -> bytes:
    """A small export with inline texts, a formula for the symbol and serial dates."""
    table = [[inline(name) for name in header]]
    for index in range(1, rows + 1):
        symbol = f"G/TBT/N/KEN/{index}"
        table.append(
            [
                inline("Kenya"),
                number("45819"),
                formula(f'HYPERLINK("https://www.epingalert.org/en/Search?viewData= {symbol}"," {symbol}")'),
                inline(f"Standard {index}"),
                inline(f"72106 - Bars; {'x' * 40}"),
            ]
        )
    return workbook(sheet_xml(table))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
