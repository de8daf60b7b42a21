"""The sample's workbooks have the traps of ePing's, and grow to any size."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from tbt_watch.sample import (
    EXPECTED_ISSUES,
    Edition,
    StandIn,
)
from tbt_watch.sample.__main__ import main
from tbt_watch.sample.bulk import write_bulk_workbook
from tbt_watch.sample.workbook import BULK_HEADERS, EXPORT_HEADERS, build_workbook

SYMBOL = re.compile(
    r"^\s*G/(?:TBT|SPS)/(?:N/[A-Z]{2,4}/\d{1,5}|NOTIF\.\d{2}[./]\d{1,4})(?:/(?:REV|ADD|CORR|SUPPL)\.\d{1,3}){0,4}\s*$",
    re.IGNORECASE,
)
BROKEN = {issue.key for issue in EXPECTED_ISSUES}
EPING = "eping.wto.org"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition.bundled()


def get(standin: StandIn, host: str, path: str, **given: Any) -> httpx.Response:
    return httpx.get(standin.url_for(host, path), **given)


WORKBOOK = "/NotificationExcelFiles/Notification_EN.xlsx"


def test_the_workbook_is_fetched_once(standin: StandIn) -> None:
    first = get(standin, "eping.wto.org", WORKBOOK)
    assert first.content.startswith(b"PK")
    assert first.content == get(standin, "eping.wto.org", WORKBOOK).content
    tag, day = first.headers["etag"], first.headers["last-modified"]
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": day}):
        again = get(standin, "eping.wto.org", WORKBOOK, headers=known)
        assert again.status_code == 304
        assert again.content == b""
    stale = get(
        standin, "eping.wto.org", WORKBOOK, headers={"If-None-Match": '"x"', "If-Modified-Since": day}
    )
    assert stale.status_code == 200
    record = standin.edition.records[0]
    standin.edition = standin.edition.with_changed(record["id"], commentDeadlineDate=None)
    assert get(standin, "eping.wto.org", WORKBOOK, headers={"If-None-Match": tag}).status_code == 200


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_the_workbook_has_the_traps_of_the_real_one(edition: Edition) -> None:
    content = build_workbook(edition.records, edition.downloads, shape="export")
    raw = sheet_of(content)
    assert '<f>HYPERLINK("https://www.epingalert.org/en/Search?viewData= G/' in raw
    assert "</f><v>" not in raw, "formulas have no value"
    assert "_x000D_\n" in raw
    assert "\xa0" in raw
    assert re.search(r'<c r="B2" s="2"><v>4\d{4}</v>', raw), "a serial date"
    assert '<c r="B4" t="inlineStr"><is><t>20' in raw, "a date as text"
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Notifications"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == EXPORT_HEADERS
    assert len(rows) == len(edition.records) + 1
    assert all(str(row[2]).startswith('=HYPERLINK("https://www.epingalert.org') for row in rows[1:])
    spanish = [row for row in rows if "CRI/193/Add.8" in str(row[2])]
    assert not spanish[0][14]
    assert not spanish[0][15]
    assert "/v/G/TBTN21/CRI193A8.DOCX" in str(spanish[0][16])
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Notifications"]
    assert {row[2] for row in values.iter_rows(min_row=2, values_only=True)} == {None}


def test_the_bulk_workbook_stops_before_the_last_days(standin: StandIn, edition: Edition) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(get(standin, "eping.wto.org", WORKBOOK).content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == BULK_HEADERS
    assert "  " in BULK_HEADERS[-1]
    assert len(rows) - 1 == len(edition.workbook_records()) < len(edition.records)
    assert not BROKEN & {str(one["id"]) for one in edition.workbook_records()}
    assert {str(row[14])[:8] for row in rows[1:] if row[14]} == {"https://"}, "plain links"


def test_a_large_workbook_has_distinct_symbols_and_all_years(tmp_path: Path) -> None:
    path = tmp_path / "bulk.xlsx"
    assert write_bulk_workbook(path, 3000) == 3000
    symbols = re.findall(r"viewData=([^\"]+?)\"", sheet_of(path.read_bytes()).replace("&quot;", '"'))
    assert len(symbols) == 3000
    assert all(SYMBOL.match(part) for joined in symbols for part in joined.split(","))
    single = Counter(part.strip() for joined in set(symbols) for part in joined.split(","))
    assert set(single.values()) == {1}
    assert any(part.startswith("G/TBT/Notif.9") for part in single)
    assert max(Counter(symbols).values()) == 7, "joint ones stay joint"
    book = openpyxl.load_workbook(path, read_only=True)
    years = {str(row[1])[:4] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    book.close()
    assert years == {str(year) for year in range(1995, 2026)}


def test_the_night_after_changes_as_many_rows_as_told(tmp_path: Path) -> None:
    one, two, three = tmp_path / "1.xlsx", tmp_path / "2.xlsx", tmp_path / "3.xlsx"
    write_bulk_workbook(one, 2000)
    write_bulk_workbook(two, 2000)
    write_bulk_workbook(three, 2000, changed=20)
    assert one.read_bytes() == two.read_bytes()
    before, after = (sheet_of(path.read_bytes()).split("<row ") for path in (one, three))
    assert len(before) == len(after)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 20


def test_the_command_writes_each_of_the_three(tmp_path: Path, edition: Edition) -> None:
    shapes = {"served": [], "export": ["--export"], "varied": ["--rows", "150"]}
    for name, options in shapes.items():
        main([str(tmp_path / name), *options])
    rows = {name: sheet_of((tmp_path / name).read_bytes()).count("<row ") - 1 for name in shapes}
    assert rows == {"served": len(edition.workbook_records()), "export": len(edition.records), "varied": 150}
