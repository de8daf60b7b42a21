"""The workbook reader against real exports, every shape of a cell, and files that are no workbook."""

import io
import json
import os
import re
import struct
import zipfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import workbooks
from hypothesis import given
from hypothesis import strategies as st
from workbooks import formula, inline, number, sheet_xml, workbook

from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.strings import SharedStrings
from tbt_watch.source.workbook import (
    HS_ENTRY,
    ICS_ENTRY,
    WorkbookRow,
    header_name,
    read_workbook,
    split_coded,
)

NEEDS = ("document symbol",)


def rows_of(content: bytes, needs: tuple[str, ...] = NEEDS) -> list[WorkbookRow]:
    return list(read_workbook(io.BytesIO(content), "test.xlsx", needs))


def rows_until_error(content: bytes) -> tuple[list[WorkbookRow], str]:
    rows: list[WorkbookRow] = []
    with pytest.raises(SourceError) as caught:
        rows.extend(read_workbook(io.BytesIO(content), "test.xlsx", NEEDS))
    return rows, str(caught.value)


def one_cell(cell: str, header: str = "Title", strings: tuple[str, ...] = (), properties: str = "") -> object:
    sheet = sheet_xml([[inline("Document symbol"), inline(header)], [inline("G/TBT/N/KEN/1"), cell]])
    (row,) = rows_of(workbook(sheet, strings, properties))
    return row.cells.get(header_name(header))


# ── the real export ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_real_export_is_read_field_by_field(shared: Path) -> None:
    folder = shared / "sources/samples/eping"
    expected = json.loads((folder / "eping_export_dev.json").read_text(encoding="utf-8"))
    rows = list(read_workbook(folder / "eping_export_dev.xlsx", "export", NEEDS))
    assert len(rows) == len(expected) == 95
    assert [row.number for row in rows] == list(range(2, 97))
    for row, wanted in zip(rows, expected, strict=True):
        for header, value in wanted.items():
            met = row.cells.get(header_name(header), "")
            text = met.isoformat() if isinstance(met, date) else met
            met = text.strip() if header == "Document symbol" else text
            assert met == value.replace("_x000D_", "\r"), (row.number, header)
        assert set(row.cells) <= {header_name(header) for header in wanted}
        assert row.links["document symbol"].endswith(str(row.cells["document symbol"]))


def test_what_openpyxl_can_read_reads_the_same(shared: Path) -> None:
    path = shared / "sources/samples/eping/eping_export_dev.xlsx"
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        table = list(book.worksheets[0].iter_rows(values_only=True))
    names = [header_name(str(name)) for name in table[0]]
    ours = {row.number: row for row in read_workbook(path, "export", NEEDS)}
    for index, line in enumerate(table[1:], start=2):
        for name, value in zip(names, line, strict=True):
            met = ours[index].cells.get(name)
            if isinstance(value, datetime):
                assert met == value.date()
            elif isinstance(value, str) and value.startswith("=HYPERLINK("):
                assert str(met) in value
            else:
                assert met == (str(value).replace("_x000D_", "\r") if value else None)


def test_a_workbook_written_by_openpyxl_comes_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Document symbol", "Distribution date", "Title"])
    for index in range(50):
        sheet.append([f"G/TBT/N/KEN/{index}", date(2026, 1, 1 + index % 28), f"Tiêu chuẩn “{index % 7}”"])
    book.save(tmp_path / "book.xlsx")
    rows = list(read_workbook(tmp_path / "book.xlsx", "book.xlsx", NEEDS))
    assert [row.cells["title"] for row in rows] == [f"Tiêu chuẩn “{index % 7}”" for index in range(50)]
    assert rows[27].cells["distribution date"] == date(2026, 1, 28)


# ── one cell at a time ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (inline(" outer blanks kept "), " outer blanks kept "),
        (inline("no\xa0break"), "no\xa0break"),
        (inline("line_x000D_\nend"), "line\r\nend"),
        (inline("_x005F_x000D_"), "_x000D_"),
        (inline("_xD83D__xDE00_ and _xD83D_"), "😀 and \ufffd"),
        (inline("_x00zz_"), "_x00zz_"),
        (inline(""), None),
        ("<c/>", None),
        ('<c t="n"></c>', None),
        ('<c t="s"><v>1</v></c>', "second"),
        ('<c t="s"><v>0</v></c>', None),
        ('<c t="str"><f>A1&amp;""</f><v>stored</v></c>', "stored"),
        ("<c><f>SUM(A1:A2)</f></c>", "=SUM(A1:A2)"),
        ("<c><v>72106</v></c>", "72106"),
        ('<c t="b"><v>1</v></c>', "1"),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        (
            '<c t="inlineStr"><is><r><rPr/><t>rich </t></r><r><t>text</t></r><rPh><t>hint</t></rPh></is></c>',
            "rich text",
        ),
        ('<c t="inlineStr"><!-- note --><is><t>be<!-- note -->fore</t></is></c>', "before"),
        (formula('HYPERLINK("https://a.example/?x=1&y=2","shown")'), "shown"),
        (formula('=hyperlink( "https://a.example/" ; "shown" )'), "shown"),
        (formula('HYPERLINK("https://a.example/")'), "https://a.example/"),
        (formula('HYPERLINK("https://a.example/"&"long","a ""quoted"" one")'), 'a "quoted" one'),
        ('<c t="str"><f>HYPERLINK("https://a.example/","shown")</f><v>stored</v></c>', "shown"),
    ],
)
def test_cells(cell: str, text: str | None) -> None:
    assert one_cell(cell, strings=("", "second")) == text


def test_the_address_of_a_link_is_kept() -> None:
    cell = formula('HYPERLINK("https://a.example/"&"long","shown")')
    sheet = sheet_xml([[inline("Document symbol")], [cell]])
    (row,) = rows_of(workbook(sheet))
    assert row.cells == {"document symbol": "shown"}
    assert row.links == {"document symbol": "https://a.example/long"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (number("45819"), date(2025, 6, 11)),
        (number("45819.75"), date(2025, 6, 11)),
        (number("59"), date(1900, 2, 28)),
        (number("61"), date(1900, 3, 1)),
        (number("4.5819E4"), date(2025, 6, 11)),
        (number("99999999"), "99999999"),
        (inline("2025-06-11"), date(2025, 6, 11)),
        (inline(" 2025-06-11T00:00:00Z "), date(2025, 6, 11)),
        ('<c t="d"><v>2025-06-11T00:00:00</v></c>', date(2025, 6, 11)),
        (inline("2025-13-41"), "2025-13-41"),
        (inline("60 days from notification"), "60 days from notification"),
        (inline("11/06/2025"), "11/06/2025"),
    ],
)
def test_dates(cell: str, value: object) -> None:
    for header in ("Distribution date", "Proposed entry  into  force date", "Final date for comments"):
        assert one_cell(cell, header) == value


def test_dates_since_1904() -> None:
    cell = number(str(45819 - 1462))
    assert one_cell(cell, "Distribution date", properties='<workbookPr date1904="1"/>') == date(2025, 6, 11)


def test_a_number_in_a_column_of_codes_is_no_date() -> None:
    assert one_cell(number("45819"), "HS code(s)") == "45819"


def test_headers_go_by_name_and_not_by_place() -> None:
    sheet = sheet_xml(
        [
            [inline("an export made by hand")],
            [],
            [
                inline(" TITLE "),
                inline("Proposed adoption \xa0 date"),
                inline("document\nSymbol"),
                inline("Title"),
            ],
            [inline("a"), number("45819"), inline("G/TBT/N/KEN/1"), inline("b"), inline("beyond")],
        ]
    )
    (row,) = rows_of(workbook(sheet))
    assert row.number == 4
    assert row.cells == {
        "title": "a",
        "proposed adoption date": date(2025, 6, 11),
        "document symbol": "G/TBT/N/KEN/1",
        "title (2)": "b",
        "column e": "beyond",
    }


def test_cells_may_say_where_they_stand_or_not() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{workbooks.MAIN}"><x:sheetData>'
        '<x:row r="3"><x:c r="B3" t="inlineStr"><x:is><x:t>Document symbol</x:t></x:is></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>Title</x:t></x:is></x:c></x:row>'
        '<x:row r="7"><x:c r="C7" t="inlineStr"><x:is><x:t>a title</x:t></x:is></x:c></x:row>'
        '<x:row><x:c/><x:c t="inlineStr"><x:is><x:t>a symbol</x:t></x:is></x:c><x:c/></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    first, second = rows_of(workbook(sheet))
    assert (first.number, first.cells) == (7, {"title": "a title"})
    assert (second.number, second.cells) == (8, {"document symbol": "a symbol"})


def test_the_sheet_with_the_needed_columns_is_taken() -> None:
    cover = sheet_xml([[inline("Read me first")]])
    data = sheet_xml([[inline("Document symbol")], [inline("G/TBT/N/KEN/1")]])
    content = workbook(cover, extra={"xl/worksheets/sheet2.xml": data, "xl/workbook.xml": "<workbook/>"})
    assert [row.cells for row in rows_of(content)] == [{"document symbol": "G/TBT/N/KEN/1"}]


xml_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=60)


@given(st.lists(xml_text, min_size=1, max_size=20), st.booleans())
def test_any_text_comes_back(texts: list[str], inside: bool) -> None:
    cells = [inline(text) if inside else f'<c t="s"><v>{index}</v></c>' for index, text in enumerate(texts)]
    sheet = sheet_xml([[inline("Document symbol")], *([cell] for cell in cells)])
    met = [row.cells["document symbol"] for row in rows_of(workbook(sheet, [] if inside else texts))]
    assert met == [text for text in texts if text]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=300))
def test_any_text_comes_back_from_a_formula(text: str) -> None:
    quoted = text.replace('"', '""')
    assert (one_cell(formula(f'HYPERLINK("https://a.example/","{quoted}")')) or "") == text


def test_large_tables_of_strings_go_to_disk_and_come_back() -> None:
    texts = [f"{index} {'é' * 300}" for index in range(40_000)]
    table = SharedStrings(texts)
    assert len(table) == 40_000
    order = [0, 39_999, 17, 20_000, 20_001, 12_345, 39_998, 5]
    assert [table[index] for index in order] == [texts[index] for index in order]
    with pytest.raises(IndexError):
        table[40_000]
    table.close()


# ── codes in one cell ───────────────────────────────────────────────────────────────────────────────────────


def test_coded_names_hold_semicolons() -> None:
    text = "8517 - Telephone sets, incl. smartphones; other apparatus; 72106 - Bars; 65 - Headgear; parts; "
    assert split_coded(text, HS_ENTRY) == (
        (
            ("8517", "Telephone sets, incl. smartphones; other apparatus"),
            ("72106", "Bars"),
            ("65", "Headgear; parts"),
        ),
        "",
    )
    assert split_coded("43.080 - Commercial vehicles; 23.020.20 - Vessels", ICS_ENTRY)[0] == (
        ("43.080", "Commercial vehicles"),
        ("23.020.20", "Vessels"),
    )
    assert split_coded("all goods", HS_ENTRY) == ((), "all goods")
    assert split_coded("", HS_ENTRY) == ((), "")


def test_all_codes_of_the_real_export_are_found(shared: Path) -> None:
    rows = json.loads((shared / "sources/samples/eping/eping_export_dev.json").read_text(encoding="utf-8"))
    for row in rows:
        for column, pattern in (("HS code(s)", HS_ENTRY), ("ICS code(s)", ICS_ENTRY)):
            pairs, rest = split_coded(row[column], pattern)
            assert rest == ""
            assert bool(pairs) == bool(row[column])
            assert "; ".join(f"{code} - {name}" for code, name in pairs) == row[column]


# ── bad files ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "test.xlsx is empty"),
        (b"\n <!DOCTYPE html><html><body>Please log in</body></html>", "a web page"),
        (b"\xef\xbb\xbf<html>", "a web page"),
        (b"<?xml version='1.0'?><rss/>", "an XML file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"%PDF-1.7", "a PDF"),
        (b"Notifying Member;Distribution date\r\n", "no Excel workbook"),
        (b"PK\x05\x06" + bytes(18), "an archive without content"),
        (workbooks.archive({"word/document.xml": "<w/>"}), "a Word document"),
        (workbooks.archive({"readme.txt": "hello"}), "an archive without a worksheet"),
        (workbooks.archive({"xl/worksheets/sheet1.bin": "x"}), ".xlsb"),
        (workbook(sheet_xml([])), "has no rows"),
        (workbook(sheet_xml([[inline("Title")], [inline("x")]])), 'has no column "document symbol"'),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(content: bytes, says: str) -> None:
    rows, message = rows_until_error(content)
    assert rows == []
    assert message.startswith("test.xlsx")
    assert says in message
    assert re.search(r": (download|give|save|open|export|check)", message)
    assert message.count("\n") == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.xlsx could not be opened .*check the path"):
        list(read_workbook(tmp_path / "no.xlsx", "no.xlsx"))


def test_rows_before_a_truncation_are_kept() -> None:
    content = workbook("", extra={"xl/worksheets/sheet1.xml": workbook_sheet(3000)})
    whole = rows_of(content)
    assert len(whole) == 3000
    rows, message = rows_until_error(content[: len(content) * 6 // 10])
    assert 0 < len(rows) < 3000
    assert rows == whole[: len(rows)]
    assert f"{len(rows):,} rows before that were kept; download the workbook again." in message
    assert "cut short" in message


def workbook_sheet(count: int) -> str:
    """Rows that do not compress well, so that a cut falls among them."""
    rows = [
        [inline("Document symbol")],
        *([inline(f"G/TBT/N/KEN/{i} {os.urandom(40).hex()}")] for i in range(count)),
    ]
    return sheet_xml(rows)


@given(st.integers(min_value=1, max_value=100_000))
def test_a_cut_anywhere_is_a_source_error_and_gives_only_real_rows(cut: int) -> None:
    content = workbooks.simple(40)
    cut %= len(content)
    whole = rows_of(content)
    rows, message = rows_until_error(content[:cut])
    assert rows == whole[: len(rows)]
    assert message.startswith("test.xlsx")


def test_a_cut_archive_whose_parts_do_not_say_their_size() -> None:
    """Archives written as a stream give the sizes behind each part."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:  # type: ignore[override]
            self.written += bytes(memoryview(data))  # type: ignore[arg-type]
            return memoryview(data).nbytes  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{workbooks.MAIN}"><si><t>Document symbol</t></si></sst>'
        )
        rows = "".join(f"<row>{inline(os.urandom(30).hex())}</row>" for _ in range(2000))
        packed.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{workbooks.MAIN}"><sheetData><row><c t="s"><v>0</v></c></row>{rows}</sheetData>',
        )
    content = bytes(pipe.written)
    assert struct.unpack("<H", content[6:8])[0] & 0x8
    kept, _ = rows_until_error(content[: len(content) // 2])
    assert 100 < len(kept) < 2000


def test_rows_before_broken_xml_are_kept() -> None:
    good = sheet_xml([[inline("Document symbol")], [inline("G/TBT/N/KEN/1")], [inline("G/TBT/N/KEN/2")]])
    broken = good.replace("</sheetData>", "<row><c></row>")
    rows, message = rows_until_error(workbook(broken))
    assert len(rows) == 2
    assert "2 rows before that were kept" in message


def test_a_flipped_byte_is_noticed() -> None:
    content = bytearray(workbook("", extra={"xl/worksheets/sheet1.xml": workbook_sheet(500)}))
    content[len(content) // 2] ^= 0x55
    with pytest.raises(DamagedError):
        rows_of(bytes(content))


def test_a_shared_string_that_is_not_there() -> None:
    sheet = sheet_xml([[inline("Document symbol")], [inline("one")], ['<c t="s"><v>7</v></c>']])
    rows, message = rows_until_error(workbook(sheet, ["only"]))
    assert len(rows) == 1
    assert "shared text 7" in message


def test_entities_are_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f'<worksheet xmlns="{workbooks.MAIN}"><sheetData><row>{inline("Document symbol")}</row>'
        '<row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    rows, message = rows_until_error(workbook(bomb))
    assert rows == []
    assert "document type" in message


def test_a_zip_bomb_is_refused() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(50):
            part.write(b" " * (1 << 20))
    content = file.getvalue()
    rows, message = rows_until_error(content)
    assert rows == []
    assert "would unpack" in message
    # The same without its directory, where no size is stated in advance.
    _, message = rows_until_error(content[: content.rfind(b"PK\x01\x02")])
    assert "unpacks" in message or "without a complete" in message


def test_a_row_without_end_is_refused() -> None:
    cells = "<c r='A1'/>" * 2_000_000
    _, message = rows_until_error(workbook(f'<worksheet xmlns="{workbooks.MAIN}"><sheetData><row>{cells}'))
    assert "without a complete <row>" in message
