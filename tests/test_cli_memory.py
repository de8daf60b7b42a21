"""The verbs on the translation memory: offices share theirs, and what waits for a person is no failure."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import raws
from desk import Desk

from tbt_watch import curate
from tbt_watch.language import load_language
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.memory.learning import learn
from tbt_watch.translate.terms.base import load_terms

TMX = """<?xml version="1.0"?>
<tmx version="1.4"><header/><body>
{units}
</body></tmx>
"""


def pair(english: str, vietnamese: str) -> str:
    return (
        f'<tu><tuv xml:lang="en"><seg>{english}</seg></tuv>'
        f'<tuv xml:lang="vi"><seg>{vietnamese}</seg></tuv></tu>'
    )


OURS = pair("Toys are covered.", "Áp dụng cho đồ chơi.")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office with a memory of its own of one sentence."""
    desk = Desk(tmp_path)
    done = desk.typed("memory", "import", tmx(desk, OURS))
    assert (done.code, done.out, done.err) == (0, "1 translation taken\n", "")
    return desk


def tmx(desk: Desk, *units: str, name: str = "memory.tmx") -> Path:
    path = desk.folder / name
    path.write_text(TMX.format(units="\n".join(units)), encoding="utf-8")
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def own(desk: Desk) -> dict[str, str]:
    assert desk.typed("memory", "export", "out.csv").code == 0
    return {row["source"]: row["target"] for row in table(desk.folder / "out.csv")}


def test_conflicts_wait_for_a_person_and_are_listed(desk: Desk) -> None:
    theirs = tmx(
        desk,
        OURS,
        pair("Toys  are covered.", "Quy định về đồ chơi."),
        pair("Games are covered.", "Áp dụng cho trò chơi."),
        pair("The limit is 5 mg/kg.", "Giới hạn là 50 mg/kg."),
    )
    done = desk.typed("memory", "import", theirs, "--conflicts", "conflicts.csv")
    assert (done.code, done.out) == (0, "1 translation taken\n1 was known\n")
    assert done.err == "2 wait for a person\nBoth sides are listed in conflicts.csv.\n"
    assert own(desk) == {
        "Toys are covered.": "Áp dụng cho đồ chơi.",
        "Games are covered.": "Áp dụng cho trò chơi.",
    }
    listed = table(desk.folder / "conflicts.csv")
    assert [(row["ours"], row["theirs"]) for row in listed] == [
        ("Áp dụng cho đồ chơi.", "Quy định về đồ chơi."),
        ("", "Giới hạn là 50 mg/kg."),
    ]
    again = desk.typed("memory", "import", theirs)
    assert (again.code, again.out) == (0, "0 translations taken\n2 were known\n")
    assert again.err == "2 wait for a person\n--conflicts PATH lists both sides.\n"
    desk.typed("memory", "import", theirs, "--conflicts", "conflicts.csv", "--lang", "vi")
    other, wrong = (row["why"] for row in table(desk.folder / "conflicts.csv"))
    assert other == "cách dịch khác"
    assert wrong == "con số: thiếu 5, 50 không có trong nguyên văn"


def test_the_other_side_can_be_taken(desk: Desk) -> None:
    theirs = tmx(
        desk,
        pair("Toys are covered.", "Quy định về đồ chơi."),
        pair("The limit is 5 mg/kg.", "Giới hạn là 50 mg/kg."),
    )
    done = desk.typed("memory", "import", theirs, "--theirs")
    assert (done.code, done.err.splitlines()[0]) == (0, "1 waits for a person")
    assert own(desk) == {"Toys are covered.": "Quy định về đồ chơi."}
    assert desk.typed("memory", "import", theirs, "--unchecked").out == ("1 translation taken\n1 was known\n")
    assert own(desk)["The limit is 5 mg/kg."] == "Giới hạn là 50 mg/kg."


def test_bad_units_are_named_and_the_good_ones_taken(desk: Desk) -> None:
    path = tmx(desk, "<tu></tu>", pair("Games are covered.", "Áp dụng cho trò chơi."), *["<tu></tu>"] * 40)
    done = desk.typed("memory", "import", path)
    assert (done.code, done.out) == (1, "1 translation taken\n")
    told = done.err.splitlines()
    assert told[0].startswith("memory.tmx, line 3: ")
    assert told[-1] == "memory.tmx: left out in all: 41."
    assert len(told) == 21


@pytest.mark.parametrize("suffix", [".tmx", ".csv"])
def test_an_export_goes_into_another_office(desk: Desk, tmp_path: Path, suffix: str) -> None:
    desk.typed("memory", "import", tmx(desk, pair("=Toys &amp; &lt;games>", "=Đồ chơi &amp; &lt;trò chơi>")))
    out = desk.folder / f"ours{suffix}"
    assert desk.typed("memory", "export", out).code == 0
    other = Desk(tmp_path / "other")
    done = other.typed("memory", "import", out)
    assert (done.code, done.out, done.err) == (0, "2 translations taken\n", "")
    assert own(other) == own(desk)
    assert own(other)["'=Toys & <games>"] == "'=Đồ chơi & <trò chơi>"  # as a spreadsheet is to see it


def test_an_export_without_a_path_is_data_and_all_adds_the_projects(desk: Desk) -> None:
    done = desk.typed("memory", "export")
    assert (done.code, len(done.out.splitlines())) == (0, 2)
    everything = desk.typed("memory", "export", "--all")
    assert len(everything.out.splitlines()) > 2500


def test_an_export_has_what_was_written_a_minute_ago(desk: Desk) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        (at,) = raws.put(store, now, raws.notice(title="Garden toys"))
        curate.amend_field(store, store.notices.dossier(at), "title", "Đồ chơi sân vườn", "Lan", now)
    assert own(desk)["Garden toys"] == "Đồ chơi sân vườn"


def test_what_stood_for_a_vietnamese_title_is_shown_beside_its_change(desk: Desk) -> None:
    now, checker = datetime(2026, 11, 20, tzinfo=UTC), Checker(load_terms(), load_language())
    notice = replace(raws.notice(title="Thông tư về đồ chơi"), language="vi")
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        (at,) = raws.put(store, now, notice)
        curate.amend_field(store, store.notices.dossier(at), "title", "Thông tư đồ chơi trẻ em", "Lan", now)
        learn(store, checker, now)
        store.notices.put(
            [Entry(ids=(at,), notice=replace(notice, title="Thông tư mới"), records=(), seen_at=now)], now
        )
    shown = desk.typed("--lang", "vi", "notices", "show", notice.key).out
    assert "Thông tư đồ chơi trẻ em" in shown
    assert "Thông tư [-về đồ chơi-] {+mới+}" in shown


def test_near_shows_what_is_alike_and_how_it_differs(desk: Desk) -> None:
    done = desk.typed("memory", "near", "Toys were covered.", "--json")
    (one,) = [one for one in done.records if one["id"] is not None]
    assert one["target"] == "Áp dụng cho đồ chơi."
    assert sorted(one["difference"]) == [
        ["added", "were"], ["removed", "are"], ["same", "Toys"], ["same", "covered."],
    ]  # fmt: skip
    shown = desk.typed("memory", "near", "Toys", "are", "covered")
    assert shown.code == 0
    score, source = shown.out.splitlines()[0].split("  ")
    assert int(score) > 90
    assert "[-covered.-]" in source
    assert "{+covered+}" in source
    assert f"Áp dụng cho đồ chơi.  ({one['id']})" in shown.out
    nothing = desk.typed("memory", "near", "Zzzz", "--from", "fr")
    assert (nothing.code, nothing.sentence) == (0, "Nothing in the memory is like it.")


def test_a_wrong_unit_can_be_forgotten(desk: Desk) -> None:
    (one,) = [
        one
        for one in desk.typed("memory", "near", "Toys are covered.", "--json").records
        if one["id"] is not None
    ]
    assert desk.typed("memory", "remove", str(one["id"])).out == "1 translation forgotten\n"
    assert own(desk) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "gone.tmx"), "gone.tmx"),
        (("import", "memory.xlsx"), "suffix"),
        (("export", "memory.xlsx"), "xlsx"),
        (("export", "gone/memory.tmx"), "could not be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk.typed("memory", *words)
    assert done.code == 2
    assert said in done.sentence


def test_a_hostile_file_leaves_the_memory_as_it_was(desk: Desk) -> None:
    path = desk.folder / "hostile.tmx"
    path.write_text(
        f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/hostname">]>{TMX.partition("?>")[2].format(units=OURS)}'
    )
    done = desk.typed("memory", "import", path)
    assert (done.code, "refused" in done.sentence) == (2, True)
    assert len(own(desk)) == 1
