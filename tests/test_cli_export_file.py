"""A real export of ePing, typed in at the command line: from the file through every stage to ``notices export``.

``test_normalise_export.py`` looks closely at single fields; this one at the way as a person goes it.
"""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

pytestmark = pytest.mark.slow

FOLDER = "sources/samples/eping"
LINKS = {"en": "Link to notification(EN)", "fr": "Link to notification(FR)", "es": "Link to notification(ES)"}


@pytest.fixture(scope="module")
def desk(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office that has read the export and taken it through the stages."""
    desk = Desk(tmp_path_factory.mktemp("office"))
    read = desk.typed(
        "collect", "eping_workbook", "--json", "--file", shared / FOLDER / "eping_export_dev.xlsx"
    )
    assert (read.code, read.err) == (0, "")
    (report,) = json.loads(read.out)
    assert (report["done"], report["failed"], report["issues_opened"]) == (95, 0, 0)
    for stage, items in (("normalise", 95), ("translate", 75), ("tag", 75), ("curate", 75)):
        done = desk.typed(stage, "--json")
        (report,) = json.loads(done.out)
        assert (done.code, done.err) == (0, "")
        assert report["waiting"] == 0
        assert report["done"] in (items, 75), stage
    return desk


@pytest.fixture(scope="module")
def notices(desk: Desk) -> dict[str, dict[str, Any]]:
    """What is exported, by the symbols."""
    return {", ".join(one["symbols"]): one for one in desk.typed("notices", "export").records}


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, list[dict[str, str]]]:
    """What the file says, by the symbols: one row a Member."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in json.loads((shared / FOLDER / "eping_export_dev.json").read_text(encoding="utf-8")):
        found[", ".join(sorted(one.strip() for one in row["Document symbol"].split(",")))].append(row)
    return found


def codes(cell: str) -> list[str]:
    """The codes of a cell in their order, each once; names may hold semicolons of their own."""
    return list(dict.fromkeys(re.findall(r"(?:^|; )([\d.]+) - ", cell)))


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("; ") if part]


def test_every_field_is_the_rows(
    rows: dict[str, list[dict[str, str]]], notices: dict[str, dict[str, Any]]
) -> None:
    assert set(notices) == set(rows)
    for symbols, some in rows.items():
        one, row = notices[symbols], some[0]
        assert one["key"] == one["symbols"][0]
        assert one["members"] == sorted({symbol.split("/")[3] for symbol in one["symbols"]})
        assert len(one["members"]) >= len(some), "every Member of a joint notification is there"
        assert one["published_on"] == row["Distribution date"]
        assert one["comment_until"] == (row["Final date for comments"] or None)
        assert one["hs_codes"] == codes(row["HS code(s)"])
        assert one["ics_codes"] == codes(row["ICS code(s)"])
        assert len(one["objectives"]) == len(set(parts(row["Objectives"])))
        assert len(one["keywords"]) == len(set(parts(row["Keywords"])))
        assert all(re.fullmatch(r"[a-z][a-z-]+", code) for code in one["objectives"])
        links = {link["language"]: link["url"] for link in one["documents"] if link["kind"] == "notification"}
        assert links == {lang: row[column] for lang, column in LINKS.items() if row[column]}
        assert one["sources"] == ["eping_workbook"]
        assert (one["send_by"] is None) == (one["comment_until"] is None)


def test_what_is_spanish_says_so(notices: dict[str, dict[str, Any]]) -> None:
    spanish = {key for key, one in notices.items() if one["language"] == "es"}
    assert "G/TBT/N/CRI/193/Add.8" in spanish
    assert len(spanish) < 10


def test_old_news_is_archive_and_nobody_is_told(desk: Desk, notices: dict[str, dict[str, Any]]) -> None:
    assert {one["decision"]["state"] for one in notices.values()} == {"archived"}
    assert all(not one["translations"] for one in notices.values())
    (report,) = json.loads(desk.typed("digest", "--json").out)
    assert report["done"] == 0


def test_a_joint_one_reads_well_under_each_of_its_symbols(desk: Desk) -> None:
    pages = {desk.typed("notices", "show", symbol).out for symbol in ("G/TBT/N/BDI/600", "g/tbt/n/tza/1340")}
    (page,) = pages
    assert "East African Community" in page
    assert "G/TBT/N/BDI/600, G/TBT/N/KEN/1800" in page
    assert "HS: 4407" in page


def test_the_same_file_again_is_nothing_new(desk: Desk, shared: Path) -> None:
    path = shared / FOLDER / "eping_export_dev.xlsx"
    again = desk.typed("collect", "eping_workbook", "--json", "--file", path)
    (report,) = json.loads(again.out)
    assert (again.code, report["done"]) == (0, 0)
    fresh = desk.typed("collect", "eping_workbook", "--json", "--fresh", "--file", path)
    (report,) = json.loads(fresh.out)
    assert (report["done"], report["counts"]["same"]) == (0, 95)
