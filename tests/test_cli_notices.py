"""The verbs on notices and issues: list, search, show, export, accept, hold, reject, amend, close."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cast import CIRCULAR
from desk import Desk, Printed, sampled
from openpyxl import load_workbook
from raws import put

from tbt_watch.sample import sample_now
from tbt_watch.store import Store

SAMPLE = ("--sample", "--lang", "en")

DOCUMENTED = re.compile(r"^(\w+(?:, \w+)*) ", re.MULTILINE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample; these tests only look at it."""
    return sampled(tmp_path_factory)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample, to be worked on."""
    return sampled(tmp_path_factory)


def shown(desk: Desk, key: str) -> dict[str, Any]:
    done = desk.typed("notices", "show", key, "--json", *SAMPLE)
    assert (done.code, done.err) == (0, "")
    (record,) = done.records
    return record


# ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_list(desk: Desk) -> None:
    done = desk.typed("notices", "list", "--limit", "5", *SAMPLE)
    assert (done.code, done.err, len(done.out.splitlines())) == (0, "", 6)
    days = [one["published_on"] for one in desk.typed("notices", "list", "--json", *SAMPLE).records]
    assert days == sorted(days, reverse=True)
    since = desk.typed("notices", "list", "--since", "2025-06-10", "--json", *SAMPLE).records
    assert {one["published_on"] >= "2025-06-10" for one in since} == {True}
    archived = desk.typed("notices", "list", "--state", "archived", "--json", *SAMPLE).records
    assert {one["decision"]["state"] for one in archived} == {"archived"}
    none = desk.typed("notices", "list", "--state", "HELD", *SAMPLE)
    assert (none.code, none.out, none.err) == (0, "", "Nothing found.\n")


def test_search_with_and_without_tones(desk: Desk) -> None:
    def keys(*words: str) -> list[str]:
        return [one["key"] for one in desk.typed("notices", "search", *words, "--json", *SAMPLE).records]

    assert keys("thuế giá trị gia tăng") == keys("thue", "gia tri gia tang") != []
    assert keys("Nghị định 119/2025/NĐ-CP") == keys("nghi dinh 119/2025/nd-cp")
    assert keys("Costa Rica mango") == ["G/SPS/N/CRI/322"]
    for odd in ('"', "AND", "NEAR(", "a*", "'; DROP TABLE notice; --", "(", "^x", "-"):
        assert desk.typed("notices", "search", "--", odd).code in (0,), odd


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("G/TBT/N/USA/2201", "G/TBT/N/USA/2201"),
        ("g/tbt/n/usa/2201", "G/TBT/N/USA/2201"),
        (" G / TBT / N / USA / 2201 ", "G/TBT/N/USA/2201"),
        ("G/TBT/N/TZA/1340", "G/TBT/N/BDI/600"),
        ("G/TBT/N/usa/138/rev.1", "G/TBT/N/USA/138/Rev.1"),
        ("119/2025/NĐ-CP", "119/2025/NĐ-CP|cp|2025-06-09"),
        ("119/2025/nd-cp", "119/2025/NĐ-CP|cp|2025-06-09"),
        ("119/2025/NĐ-CP|cp|2025-06-09", "119/2025/NĐ-CP|cp|2025-06-09"),
    ],
)
def test_show_by_any_name(desk: Desk, name: str, key: str) -> None:
    assert shown(desk, name)["key"] == key


def test_show_reads_well(desk: Desk) -> None:
    page = desk.typed("notices", "show", "G/TBT/N/USA/2201", *SAMPLE)
    assert (page.code, page.err) == (0, "")
    for said in ("United States", "Symbols: G/TBT/N/USA/2201", "Comments until: 7 July 2025", "ICS: 03.120, 13.120",
                 "Topic: product safety [topic:product-safety] (ICS 13.120", "https://"):  # fmt: skip
        assert said in page.out
    vietnamese = desk.typed("notices", "show", "G/TBT/N/USA/2201", "--sample").out
    assert "Hoa Kỳ: Dự thảo" in vietnamese
    assert "7/7/2025" in vietnamese


def test_several_candidates_are_listed(own: Desk) -> None:
    # Committees of two provinces number their decisions each for itself.
    twins = [
        replace(
            CIRCULAR,
            key=f"12/2026/QĐ-UBND|{place}|2026-11-10",
            symbols=("12/2026/QĐ-UBND",),
            members=(place,),
        )
        for place in ("UBND-HUE", "UBND-VL")
    ]
    with Store.open(own.folder / "sample-run" / "tbt-watch.db") as store:
        put(store, sample_now(), *twins)
    done = own.typed("notices", "show", "12/2026/qđ-ubnd", *SAMPLE)
    assert done.code == 2
    assert all(one.key in done.sentence for one in twins)
    assert shown(own, twins[0].key)["members"] == ["UBND-HUE"]


# ── Exporting ───────────────────────────────────────────────────────────────────────────────────────────────


def promised(repository: Path) -> set[str]:
    """The keys that docs/commands.md promises for a line."""
    text = (repository / "docs" / "commands.md").read_text(encoding="utf-8")
    block = text.split("### One line of `notices export --format jsonl`")[1].split("```")[1]
    keys = {key for line in DOCUMENTED.findall(block) for key in line.split(", ")}
    return keys | {"status_on"}


def test_jsonl_has_exactly_the_promised_keys(desk: Desk, repository: Path) -> None:
    done = desk.typed("notices", "export", "--format", "jsonl", "--sample")
    assert (done.code, done.err) == (0, "")
    assert len(done.records) == 65
    for one in done.records:
        assert set(one) == promised(repository), one["key"]


def test_jsonl_has_the_promised_values(desk: Desk) -> None:
    day, moment = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00"
    for one in desk.typed("notices", "export", "--sample").records:
        assert one["kind"] in ("notification", "regulation")
        assert one["area"] in ("TBT", "SPS", "VN")
        assert one["symbols"], one["key"]
        assert one["language"] in ("en", "es", "fr", "vi")
        assert all(re.fullmatch(r"\d{2,12}", code) for code in one["hs_codes"])
        assert len(set(one["hs_codes"])) == len(one["hs_codes"])
        for name in ("published_on", "comment_until", "send_by", "status_on"):
            assert one[name] is None or re.fullmatch(day, one[name])
        for name in ("adoption", "in_force"):
            assert set(one[name]) == {"date", "text"}
        assert {link["kind"] for link in one["documents"]} <= {"notification", "attachment"}
        assert set(one["headline"]) == {"vi", "en"}
        assert all(one["headline"].values())
        for tag in one["tags"]:
            assert set(tag) == {"kind", "code", "basis", "reason", "confidence"}
        assert set(one["decision"]) == {"state", "by", "at"}
        assert re.fullmatch(moment, one["seen_at"])
        assert one["first_sent_at"] is None or re.fullmatch(moment, one["first_sent_at"])
    sent = [one for one in desk.typed("notices", "export", "--sample").records if one["first_sent_at"]]
    assert len(sent) > 5


def test_export_to_a_file_and_by_kind(own: Desk) -> None:
    printed = own.typed("notices", "export", "--kind", "regulation", "--sample")
    assert {one["kind"] for one in printed.records} == {"regulation"}
    done = own.typed("notices", "export", "--kind", "regulation", "--out", "vn.jsonl", "--sample")
    assert (done.code, done.out) == (0, "")
    assert (own.folder / "vn.jsonl").read_text(encoding="utf-8") == printed.out
    for form in ("jsonl", "csv", "xlsx"):
        refused = own.typed("notices", "export", "--format", form, "--out", "no/such/folder.x", *SAMPLE)
        assert refused.code == 2
        assert "no/such/folder.x" in refused.sentence


def test_tables_in_which_nothing_is_computed(own: Desk) -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    for text in (evil, "+1+1", "-1+1", "@SUM(A1)", "\t=1"):
        done = own.typed("notices", "amend", "G/TBT/N/USA/2201", "headline", *SAMPLE, "--", text)
        assert done.code == 0
        cell = rows(own.typed("notices", "export", "--format", "csv", "--sample"))["G/TBT/N/USA/2201"]
        assert cell["headline_vi"] in (f"'{text}", f"'{text.strip()}")
    own.typed("notices", "amend", "G/TBT/N/USA/2201", "headline", evil, *SAMPLE)

    own.typed("notices", "export", "--format", "xlsx", "--out", "all.xlsx", "--sample")
    sheet = load_workbook(own.folder / "all.xlsx").worksheets[0]
    head, *body = sheet.iter_rows()
    column = [cell.value for cell in head].index("headline_vi")
    (found,) = (row[column] for row in body if row[0].value == "G/TBT/N/USA/2201")
    assert (found.value, found.data_type) == (evil, "s")
    assert len(body) == 65
    with zipfile.ZipFile(own.folder / "all.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def rows(done: Printed) -> dict[str, dict[str, str]]:
    assert done.out.startswith("\ufeff"), "spreadsheets need the mark to read UTF-8"
    return {row["key"]: row for row in csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff")))}


def test_csv_says_what_jsonl_says(desk: Desk) -> None:
    table = rows(desk.typed("notices", "export", "--format", "csv", "--sample"))
    lines = desk.typed("notices", "export", "--sample").records
    assert list(table) == [one["key"] for one in lines]
    for one in lines:
        row = table[one["key"]]
        assert row["symbols"] == "; ".join(one["symbols"])
        assert row["hs_codes"] == "; ".join(one["hs_codes"])
        assert row["comment_until"] == (one["comment_until"] or "")
        assert row["sectors"] == "; ".join(tag["code"] for tag in one["tags"] if tag["kind"] == "sector")


# ── Deciding ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_decides(own: Desk) -> None:
    key = "G/TBT/N/USA/2201"
    assert own.typed("notices", "hold", key, *SAMPLE).out == f"{key}: Held\n"
    assert shown(own, key)["decision"]["state"] == "held"
    without = own.typed("notices", "reject", key, *SAMPLE)
    assert without.code == 2
    assert "--why" in without.sentence
    assert own.typed("notices", "reject", key, "--why", "not ours", *SAMPLE).out == f"{key}: Rejected\n"
    assert own.typed("notices", "accept", key, *SAMPLE).out == f"{key}: Accepted\n"
    assert shown(own, key)["decision"]["by"] not in ("", "policy", None)


def test_a_person_corrects(own: Desk) -> None:
    key = "G/SPS/N/CRI/322"
    done = own.typed("notices", "amend", key, "comment_until", "2025-08-20", *SAMPLE)
    assert done.out == f"{key}: comment_until: 2025-08-03 → 2025-08-20\n"
    assert shown(own, key)["comment_until"] == "2025-08-20"
    own.typed("notices", "amend", key, "summary", "Cành ghép xoài từ Guadeloupe.", *SAMPLE)
    written = shown(own, key)["translations"]["summary"]
    assert written == {"text": "Cành ghép xoài từ Guadeloupe.", "origin": "human", "checks": []}
    for field, text, todo in (
        ("colour", "red", "comment_until"),
        ("comment_until", "20.8.2025", "2026-08-31"),
        ("hs_codes", "abc", "abc"),
        ("title", " ", "title"),
    ):
        refused = own.typed("notices", "amend", key, field, text, *SAMPLE)
        assert refused.code == 2
        assert todo in refused.sentence


# ── Issues ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_issues(own: Desk) -> None:
    listed = own.typed("issues", "list", "--json", *SAMPLE).records
    assert len(listed) == 3
    for one in listed:
        assert set(one) == {
            "id", "source", "key", "kind", "message", "todo", "opened_at", "times", "closed_at", "why",
        }  # fmt: skip
    number = str(listed[0]["id"])
    page = own.typed("issues", "show", number, *SAMPLE).out
    assert listed[0]["message"] in page
    assert listed[0]["todo"] in page
    closed = own.typed("issues", "close", number, "--why", "seen", *SAMPLE)
    assert (closed.code, listed[0]["message"] in closed.out) == (0, True)
    assert json.loads(own.typed("issues", "show", number, "--json", *SAMPLE).out)["why"] == "seen"
    assert "seen" in own.typed("issues", "show", number, *SAMPLE).out
    assert len(own.typed("issues", "list", "--json", *SAMPLE).records) == 2
    own.typed("issues", "close", number, "--why", "twice", *SAMPLE)
    assert own.typed("issues", "show", number, "--json", *SAMPLE).records[0]["why"] == "seen"


def test_a_table_counts_who_is_affected(desk: Desk) -> None:
    with Store.open(desk.folder / "sample-run" / "tbt-watch.db") as store:
        item, reader = store.notices.newest(1)[0], store.subscribers.all()[0]
        assert reader.id is not None
        store.taps.tap(reader.id, item.id, "affected", item.seen_at)
    head, *lines = desk.typed("notices", "export", "--format", "csv", *SAMPLE).out.splitlines()
    assert head.endswith("sources,affected,irrelevant,following")
    (line,) = (one for one in lines if one.startswith(item.notice.key + ","))
    assert line.endswith(",1,0,0")
