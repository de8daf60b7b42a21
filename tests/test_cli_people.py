"""The verbs on subscribers and deliveries: tables in and out, row by row, and the ledger."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, sampled
from openpyxl import Workbook

from tbt_watch.register import COLUMNS

SAMPLE = ("--sample", "--lang", "en")

GOOD = """name,lang,channel,address,frequency,sectors,markets,hs,areas,topics,words
HTX bưởi Năm Roi,vi,pretend,buoi,instant,fresh-produce,EU; Hoa Kỳ; CHN,0805; 08.11,TBT;SPS,residues,bưởi; pomelo
HTX bưởi Năm Roi,vi,pretend,buoi,weekly,,,,VN,,
Xưởng gỗ,,telegram,123456789,daily,wood-furniture,,,,,
Kênh,en,telegram,@kenh_tbt,daily,,,,,,
"""

FAULTY = [
    (",vi,pretend,a,daily,,,,,,", "'name'"),
    ("A,fr,pretend,a,daily,,,,,,", "'fr'"),
    ("A,vi,pigeon,a,daily,,,,,,", "'pigeon'"),
    ("A,vi,telegram,not a chat,daily,,,,,,", "'not a chat'"),
    ("A,vi,pretend,,daily,,,,,,", "'address'"),
    ("A,vi,pretend,a,hourly,,,,,,", "'hourly'"),
    ("A,vi,pretend,a,daily,fruit,,,,,", "'fruit'"),
    ("A,vi,pretend,a,daily,,Atlantis,,,,", "'Atlantis'"),
    ("A,vi,pretend,a,daily,,,08x5,,,", "'08x5'"),
    ("A,vi,pretend,a,daily,,,12345,,,", "write 2, 4, 6, 8, 10 or 12 digits"),
    ("A,vi,pretend,a,daily,,,,XYZ,,", "'XYZ'"),
    ("A,vi,pretend,a,daily,,,,,colours,", "'colours'"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office without subscribers."""
    return Desk(tmp_path)


def listed(desk: Desk) -> list[dict[str, Any]]:
    done = desk.typed("subscribers", "list", "--json")
    assert (done.code, done.err) == (0, "")
    return done.records


def written(desk: Desk, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = desk.folder / name
    path.write_text(text, encoding=encoding)
    return path


def workbook(desk: Desk, text: str) -> Path:
    """The table as XLSX; numbers as numbers, as a spreadsheet keeps them."""
    book = Workbook()
    for row in csv.reader(io.StringIO(text)):
        assert book.active is not None
        book.active.append([int(cell) if cell.isdigit() and cell[0] != "0" else cell or None for cell in row])
    book.save(desk.folder / "table.xlsx")
    return desk.folder / "table.xlsx"


@pytest.mark.parametrize("form", ["csv", "bom", "semicolons", "xlsx"])
def test_a_table_is_taken_in(desk: Desk, form: str) -> None:
    if form == "xlsx":
        path = workbook(desk, GOOD)
    elif form == "semicolons":
        cells = list(csv.reader(io.StringIO(GOOD)))
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(cells)
        path = written(desk, out.getvalue())
    else:
        path = written(desk, GOOD, encoding="utf-8-sig" if form == "bom" else "utf-8")
    done = desk.typed("subscribers", "import", path)
    assert (done.code, done.out, done.err) == (0, "3 subscribers taken\n", "")
    first, second, third = listed(desk)
    assert (first["name"], first["lang"], first["channel"], first["address"]) == (
        "HTX bưởi Năm Roi", "vi", "pretend", "buoi",
    )  # fmt: skip
    assert [wish["frequency"] for wish in first["subscriptions"]] == ["instant", "weekly"]
    wish = first["subscriptions"][0]
    assert sorted(wish["markets"]) == ["CHN", "EU", "USA"]
    assert sorted(wish["hs"]) == ["0805", "0811"]
    assert sorted(wish["words"]) == ["bưởi", "pomelo"]
    assert (second["address"], second["lang"], third["address"]) == ("123456789", "vi", "@kenh_tbt")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_wrong_rows_are_told_one_by_one_and_the_good_ones_taken(desk: Desk, form: str) -> None:
    text = GOOD + "".join(f"{row}\n" for row, _ in FAULTY)
    done = desk.typed(
        "subscribers", "import", workbook(desk, text) if form == "xlsx" else written(desk, text)
    )
    assert (done.code, done.out) == (1, "3 subscribers taken\n")
    told = done.err.splitlines()
    assert len(told) == len(FAULTY)
    for number, (line, (_, what)) in enumerate(zip(told, FAULTY, strict=True), start=6):
        assert line.startswith(f"table.{form}, row {number}: ")
        assert what in line
        assert line.endswith(".")
    assert len(listed(desk)) == 3


def test_a_row_that_spans_lines_keeps_the_count(desk: Desk) -> None:
    path = written(
        desk, GOOD.splitlines()[0] + '\nA,vi,pretend,a,daily,,,,,,"two\nlines"\nB,vi,pigeon,b,daily,,,,,,\n'
    )
    done = desk.typed("subscribers", "import", path)
    assert "row 3: " in done.err


def test_again_changes_nothing_and_a_changed_row_replaces(desk: Desk) -> None:
    path = written(desk, GOOD)
    desk.typed("subscribers", "import", path)
    before = listed(desk)
    desk.typed("subscribers", "import", path)
    assert listed(desk) == before
    desk.typed("subscribers", "import", written(desk, GOOD.replace("daily,wood-furniture", "weekly,metals")))
    changed = {one["address"]: one for one in listed(desk)}
    assert len(changed) == 3
    assert changed["123456789"]["subscriptions"] == [{"frequency": "weekly", "sectors": ["metals"]}]


def test_there_and_back(desk: Desk, tmp_path: Path) -> None:
    odd = GOOD + "=1+1,vi,pretend,=2,daily,,,,,,=cmd; +84 27\n-Minh,vi,telegram,-1001234567,daily,,,,,,\n"
    assert desk.typed("subscribers", "import", written(desk, odd)).code == 0
    done = desk.typed("subscribers", "export", "out.csv")
    assert (done.code, done.out) == (0, "")
    text = (desk.folder / "out.csv").read_bytes().decode("utf-8")
    assert desk.typed("subscribers", "export").out == text
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == [], (
        "a spreadsheet would compute it"
    )
    assert cells[: len(COLUMNS)] == list(COLUMNS)
    other = Desk(tmp_path / "other")
    assert other.typed("subscribers", "import", desk.folder / "out.csv").code == 0
    there, here = ([{**one, "id": 0} for one in listed(one)] for one in (other, desk))
    assert there == here
    assert "=1+1" in {one["name"] for one in there}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "'name'"),
        ("other.csv", b"a,b\n1,2\n", "'name'"),
        ("part.csv", b"name,channel,address\nA,pretend,a\n", "'frequency'"),
        ("latin.csv", "name,channel\nMünchen".encode("latin-1"), "UTF-8"),
        ("unicode.csv", "name,channel\nBưởi".encode("utf-16"), "'address'"),
        ("page.xlsx", b"<!doctype html><html></html>", "XLSX"),
        ("empty.xlsx", b"", "XLSX"),
        ("old.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "XLSX"),
        ("zip.xlsx", bytes.fromhex("504b0506") + bytes(18), "XLSX"),
    ],
)
def test_a_file_that_is_no_table(desk: Desk, name: str, content: bytes, says: str) -> None:
    (desk.folder / name).write_bytes(content)
    done = desk.typed("subscribers", "import", name)
    assert done.code == 2
    assert name in done.sentence
    assert says in done.sentence
    assert listed(desk) == []


def test_list_and_remove(desk: Desk) -> None:
    desk.typed("subscribers", "import", written(desk, GOOD))
    shown = desk.typed("subscribers", "list", "--lang", "en")
    assert len(shown.out.splitlines()) == 5
    assert "telegram:@kenh_tbt" in shown.out
    number = str(listed(desk)[0]["id"])
    assert desk.typed("subscribers", "remove", number).code == 0
    assert len(listed(desk)) == 2


# ── The ledger ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_ledger(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    found = desk.typed("deliveries", "list", "--json", *SAMPLE).records
    assert len(found) >= 4, "one each at least"
    assert {one["state"] for one in found} == {"SENT"}
    assert set(found[0]) == {
        "id", "edition", "kind", "subscriber_id", "subscriber", "channel", "state", "attempts", "parts", "lost",
        "created_at", "why",
    }  # fmt: skip
    listed = desk.typed("deliveries", "list", "--limit", "2", *SAMPLE).out.splitlines()
    assert len(listed) == 5  # the head, two of them, and what there is in all
    assert listed[-1] == f"pretend · Sent: {len(found)}"
    told = desk.typed("deliveries", "list", "--sample", "--lang", "vi").out
    assert "Đã gửi" in told
    assert f"pretend · Đã gửi: {len(found)}" in told
    assert desk.typed("deliveries", "list", "--state", "failed", "--json", *SAMPLE).out == ""
    table = list(
        csv.DictReader(io.StringIO(desk.typed("deliveries", "export", *SAMPLE).out.removeprefix("\ufeff")))
    )
    assert [row["id"] for row in table] == [str(one["id"]) for one in found]
    one = found[0]
    for chosen in (
        ("--edition", one["edition"]),
        ("--subscriber", one["subscriber_id"]),
        ("--kind", one["kind"]),
        ("--channel", "pretend"),
        ("--since", one["created_at"][:10]),
        ("--until", one["created_at"][:10]),
    ):
        some = desk.typed("deliveries", "list", "--json", *map(str, chosen), *SAMPLE).records
        assert one in some
        same = desk.typed("deliveries", "export", *map(str, chosen), *SAMPLE).out
        assert len(same.splitlines()) == len(some) + 1
    assert desk.typed("deliveries", "list", "--json", "--until", "2020-01-01", *SAMPLE).out == ""
    refused = desk.typed("deliveries", "resend", str(found[0]["id"]), *SAMPLE)
    assert refused.code == 2
    assert "SENT" in refused.sentence


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    table = "name,channel,address,frequency,areas\nA,pretend,a,instant,TBT\n"
    desk.typed("subscribers", "import", written(desk, table), "--sample")
    blocked = tmp_path / "sample-run" / "messages"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file where the folder of messages should be")
    done = desk.typed("run", "--once", "--sample", "--lang", "en")
    assert done.code == 1
    (sentence,) = done.err.splitlines()
    assert str(blocked) in sentence
    assert "could not be written" in sentence
    issues = desk.typed("issues", "list", "--sample", "--json").records
    assert sentence in [one["message"] for one in issues]
    waiting = desk.typed("deliveries", "list", "--sample", "--json").records
    assert {one["state"] for one in waiting} == {"PENDING"}
