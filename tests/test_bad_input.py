"""Bad input: one clear sentence that names the place, what was good is kept, one issue, the right exit code.

Every case is tried twice: the second run says the same and opens no new issue.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import workbooks
from desk import CONFIG, Desk, Printed
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tbt_watch.sample import Edition, StandIn
from tbt_watch.sample.workbook import build_workbook
from tbt_watch.store import Store, database

EDITION = Edition.bundled()


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def issues(desk: Desk) -> list[dict[str, Any]]:
    done = desk.typed("issues", "list", "--json")
    assert done.code == 0
    return done.records


def counted(done: Printed) -> dict[str, int]:
    (report,) = json.loads(done.out)
    return {**report["counts"], "done": report["done"], "opened": report["issues_opened"]}


def sample_workbook(count: int = 30) -> bytes:
    return build_workbook(EDITION.workbook_records()[:count], EDITION.downloads, shape="export")


def sheet(rows: list[list[str]]) -> bytes:
    return workbooks.workbook(workbooks.sheet_xml([[workbooks.inline(cell) for cell in row] for row in rows]))


# ── Workbooks ───────────────────────────────────────────────────────────────────────────────────────────────

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)

WORKBOOKS = [
    ("empty.xlsx", b"", "empty"),
    ("page.xlsx", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    ("old.xls", OLE, ".xls"),
    (
        "letter.xlsx",
        workbooks.archive({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}),
        "workbook",
    ),
    ("noise.xlsx", bytes(range(256)) * 20, "workbook"),
    ("other.xlsx", sheet([["Name", "Price"], ["rice", "5"]]), "document symbol"),
    ("cut.xlsx", sample_workbook()[:-2000], "cut"),
]


@pytest.mark.parametrize(("name", "content", "says"), WORKBOOKS, ids=[row[0] for row in WORKBOOKS])
def test_a_file_that_is_no_workbook(office: Desk, name: str, content: bytes, says: str) -> None:
    (office.folder / name).write_bytes(content)
    (office.folder / "good.xlsx").write_bytes(sample_workbook(5))
    words = ("collect", "eping_workbook", "--json", "--file", name, "good.xlsx")
    first = office.typed(*words)
    assert first.code == 1
    (sentence,) = first.err.splitlines()
    assert name in sentence
    assert says.lower() in sentence.lower()
    assert sentence.endswith(".")
    assert counted(first)["opened"] == 1
    assert counted(first)["new"] >= 5, "the good file was read all the same"
    (issue,) = issues(office)
    assert (issue["key"], issue["message"]) == (name, sentence)
    assert issue["todo"].endswith(".")

    second = office.typed(*words)
    assert (second.code, second.err, counted(second)["opened"]) == (1, first.err, 0)
    (issue,) = issues(office)
    assert issue["times"] == 2


def test_a_workbook_with_nothing_below_its_head(office: Desk) -> None:
    (office.folder / "head.xlsx").write_bytes(sheet([["Document symbol", "Notifying Member"]]))
    done = office.typed("collect", "eping_workbook", "--file", "head.xlsx")
    assert done.code == 1
    assert "0 items" in done.err


def test_rows_without_symbol_or_date_wait_and_the_others_go_on(office: Desk) -> None:
    rows = [
        ["Document symbol", "Notifying Member", "Distribution date", "Title", "Notification type", "HS code(s)"],
        ["G/TBT/N/KEN/1", "Kenya", "2025-06-03", "Rice", "Regular notification", "1006 - Rice"],
        ["", "Kenya", "2025-06-03", "Without a symbol", "Regular notification", ""],
        ["G/TBT/N/KEN/3", "Kenya", "", "Without a date", "Regular notification", ""],
        ["G/TBT/N/KEN/4", "Kenya", "2025-13-45", "A wrong date", "Regular notification", ""],
        ["G/TBT/N/KEN/5", "Kenya", "2025-06-03", "A wrong type", "Riddle", ""],
        ["G/TBT/N/KEN/6", "Kenya", "2025-06-03", "A wrong code", "Regular notification", "10x6 - Rice; 1006 - Rice"],
        ["G/TBT/N/KEN/7", "Atlantis", "2025-06-03", "A wrong Member", "Regular notification", ""],
        ["G/TBT/N", "Kenya", "2025-06-03", "Half a symbol", "Regular notification", ""],
        ["G/TBT/N/KEN/9", "Kenya", "2025-06-03", "Beans", "Regular notification", ""],
    ]  # fmt: skip
    (office.folder / "rows.xlsx").write_bytes(sheet(rows))
    assert office.typed("collect", "eping_workbook", "--file", "rows.xlsx").code == 0
    done = office.typed("normalise", "--json")
    assert done.code == 1
    told = {issue["key"].partition("|")[0]: issue["message"] for issue in issues(office)}
    for symbol, what in (
        ("G/TBT/N/KEN/4", "2025-13-45"),
        ("G/TBT/N/KEN/5", "Riddle"),
        ("G/TBT/N/KEN/6", "10x6"),
        ("G/TBT/N/KEN/7", "Atlantis"),
        ("G/TBT/N", "G/TBT/N"),
    ):
        assert what in told[symbol], symbol
    assert any("symbol" in message.lower() for message in told.values())
    keys = {one["key"] for one in office.typed("notices", "list", "--json").records}
    assert {"G/TBT/N/KEN/1", "G/TBT/N/KEN/9"} <= keys
    assert not {"G/TBT/N/KEN/4", "G/TBT/N/KEN/5"} & keys

    again = office.typed("normalise", "--json")
    assert (again.code, counted(again)["opened"]) == (0, 0), "what waits for a person is no failure"
    assert len(issues(office)) == len(told)


# ── Answers ─────────────────────────────────────────────────────────────────────────────────────────────────

ANSWERS = [
    ("html", {"status": 200, "body": "<html><body>Maintenance</body></html>"}, "HTML page"),
    ("none", {"status": 200, "body": '{"items": [], "totalCount": 0}'}, "0 items"),
    ("closed", {"status": 403}, "403"),
]
"""What a person sees of them; ``test_collect.py`` knows many more."""


@pytest.mark.parametrize(("name", "fault", "says"), ANSWERS, ids=[row[0] for row in ANSWERS])
@pytest.mark.slow
def test_an_answer_that_is_none(tmp_path: Path, name: str, fault: dict[str, Any], says: str) -> None:
    with StandIn() as site:
        desk = Desk(tmp_path, mirrored(site))
        site.fault("/api/v1/", times=None, **fault)
        first = desk.typed("collect", "eping_web")
        assert first.code == 1
        (sentence,) = first.err.splitlines()
        assert says in sentence
        assert "epingalert.org" in sentence or "eping_web" in sentence
        second = desk.typed("collect", "eping_web", "--json")
        assert (second.code, counted(second)["opened"], second.err) == (1, 0, first.err)
        (issue,) = issues(desk)
        assert (issue["message"], issue["times"]) == (sentence, 2)


def mirrored(site: StandIn) -> str:
    """A configuration whose sources are the stand-in."""
    hosts = ("epingalert.org", "www.epingalert.org", "eping.wto.org", "congbao.chinhphu.vn")
    table = ", ".join(f'"{host}" = "{site.url_for(host)}"' for host in hosts)
    return CONFIG.replace("[sources]\n", f"[sources]\nmirrors = {{ {table} }}\n")


# ── Configuration ───────────────────────────────────────────────────────────────────────────────────────────

CONFIGS = [
    ("[offfice]\nname = 'A'", "offfice", "office"),
    ("[office]\nnam = 'A'", "[office] nam", "name"),
    ("[office]\nname = 5", "[office] name", "found the number 5"),
    ("[sources]\nenabled = ['eping_wbe']", "[sources] enabled", "eping_web"),
    ("[sources]\nenabled = ['nowhere']", "[sources] enabled", "tbt-watch sources list"),
    ("[sources]\nenabled = 'eping_web'", "[sources] enabled", "found"),
    ("[bulletin]\nsectors = ['wood-furnitur']", "[bulletin] sectors", "wood-furniture"),
    ("[digest]\ndaily = '25:00'", "[digest] daily", "25:00"),
    ("[deliver]\nchannels = ['pigeon']", "[deliver] channels", "pigeon"),
    ("[deliver.telegram]\ntoken = 'xyzzy'", "[deliver.telegram] token", "TBT_TELEGRAM_TOKEN"),
    ("[deliver.telegram]\non_uncertain = 'keep'", "[deliver.telegram] on_uncertain", "no such key"),
    ("this is no toml", "config.toml", "TOML"),
    ("language = 'fr'", "language", "vi"),
]


@pytest.mark.parametrize(("text", "where", "what"), CONFIGS, ids=[row[1] + row[2] for row in CONFIGS])
def test_a_configuration_with_a_fault(tmp_path: Path, text: str, where: str, what: str) -> None:
    desk = Desk(tmp_path, text)
    for verb in (("status",), ("run", "--once"), ("doctor",)):
        done = desk.typed(*verb, "--lang", "en")
        assert done.code == 2
        assert where in done.sentence
        assert what in done.sentence
        assert "xyzzy" not in done.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"], "nothing was made"


# ── Databases ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_database_of_a_newer_version(office: Desk) -> None:
    office.typed("status")
    path = office.folder / "data" / "tbt-watch.db"
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = path.read_bytes()
    for verb in (("status",), ("run", "--once"), ("backup", "copy.db"), ("collect", "congbao")):
        done = office.typed(*verb)
        assert done.code == 2
        assert "newer version" in done.sentence
        assert "tbt-watch.db" in done.sentence
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database, but a text that is long enough " * 20, OLE])
def test_a_file_that_is_no_database(office: Desk, content: bytes) -> None:
    path = office.folder / "data" / "tbt-watch.db"
    path.parent.mkdir()
    path.write_bytes(content)
    done = office.typed("run", "--once")
    assert done.code == 2
    assert "tbt-watch.db" in done.sentence
    assert "restore" in done.sentence
    assert path.read_bytes() == content


def test_a_second_one_at_work(office: Desk) -> None:
    with Store.open(office.folder / "data" / "tbt-watch.db") as store:
        with store.lock("stages"):
            busy = office.typed("tag")
            assert (busy.code, "already at work" in busy.sentence) == (2, True)
            refused = office.typed("restore", office.folder / "data" / "tbt-watch.db")
            assert refused.code == 2
        with store.lock("serve"):
            second = office.typed("serve")
            assert (second.code, "already at work" in second.sentence) == (2, True)
    assert office.typed("tag").code == 0


def test_a_full_disk(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.folder / "good.xlsx").write_bytes(sample_workbook())
    office.typed("collect", "eping_workbook", "--file", "good.xlsx")
    pages = (office.folder / "data" / "tbt-watch.db").stat().st_size // 4096
    make_engine = database.make_engine

    def small(path: Path) -> Engine:
        engine = make_engine(path)
        event.listen(engine, "connect", lambda one, _: one.execute(f"PRAGMA max_page_count={pages + 5}"))
        return engine

    with monkeypatch.context() as patch:
        patch.setattr(database, "make_engine", small)
        for _ in range(2):
            full = office.typed("normalise")
            assert full.code == 2
            assert "The disk is full" in full.sentence
            assert "tbt-watch.db" in full.sentence
    assert counted(office.typed("normalise", "--json"))["done"] == 30
    assert issues(office) == []
