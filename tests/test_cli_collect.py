"""``tbt-watch collect``: a single source of the sample is asked of the stand-in; files speak for themselves alone."""

from pathlib import Path

import pytest
from desk import Desk, sampled

from tbt_watch.sample.bulk import write_bulk_workbook


@pytest.mark.slow
def test_one_source_of_the_sample_is_read_from_the_stand_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    done = desk.typed("collect", "eping_web", "--sample", "--json")
    assert done.code == 0, done.err
    (report,) = done.records[0]
    assert report["counts"] == {"sources": 1, "new": 0, "changed": 0, "same": 55}
    assert report["issues_opened"] == 0


def test_a_good_file_closes_what_was_open_about_itself_and_about_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name in ("one.xlsx", "two.xlsx"):
        (desk.folder / name).write_text("<html>not a workbook", encoding="utf-8")
        assert desk.typed("collect", "eping_workbook", "--file", desk.folder / name).code == 1
    write_bulk_workbook(desk.folder / "one.xlsx", 20)
    assert desk.typed("collect", "eping_workbook", "--file", desk.folder / "one.xlsx").code == 0
    assert [one["key"] for one in desk.typed("issues", "list", "--json").records] == ["two.xlsx"]
