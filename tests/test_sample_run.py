"""The sample run as a newcomer starts it: everything in one go, and a second time without anything new."""

import json
import re
from pathlib import Path

import pytest
from desk import Desk

from tbt_watch.cli import stages
from tbt_watch.sample import EXPECTED_ISSUES, Edition, StandIn

pytestmark = pytest.mark.slow

RUN = ("run", "--once", "--sample", "--lang", "en")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("newcomer"), config=None)


@pytest.fixture(scope="module")
def first(desk: Desk) -> str:
    done = desk.shell(*RUN)
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.fixture(scope="module")
def second(desk: Desk, first: str) -> str:
    before = {**desk.tree("sample-run/bulletin"), **desk.tree("sample-run/messages")}
    times = {path: path.stat().st_mtime_ns for path in (desk.folder / "sample-run").rglob("*.html")}
    done = desk.shell(*RUN)
    assert (done.code, done.err) == (0, "")
    assert {**desk.tree("sample-run/bulletin"), **desk.tree("sample-run/messages")} == before
    assert {path: path.stat().st_mtime_ns for path in times} == times, "a page was written anew"
    return done.out


def line(screen: str, stage: str) -> str:
    (found,) = re.findall(rf"^  {stage} +(.+)$", screen, re.MULTILINE)
    return found


def test_one_screen_says_what_happened_and_where_things_are(desk: Desk, first: str) -> None:
    assert len(first.splitlines()) <= 24
    assert max(map(len, first.splitlines())) <= 120
    assert re.match(r"TBT Watch: the bundled sample edition, as of .*3 July 2025", first)
    assert line(first, "Collect").startswith("117 new, 0 changed")
    for stage in ("Normalise", "Translate", "Tag", "Accept", "Digest", "Deliver", "Bulletin"):
        assert re.search(r"[1-9]\d*", line(first, stage)), stage
    assert str(desk.folder / "sample-run" / "bulletin" / "index.html") in first
    assert re.findall(r"^  \d\. (tbt-watch \w+)", first, re.MULTILINE) == [
        "tbt-watch init",
        "tbt-watch run",
        "tbt-watch serve",
    ]
    assert "tbt-watch issues list --sample" in first


def test_what_was_collected_is_the_whole_edition(desk: Desk, first: str) -> None:
    edition = Edition.bundled()
    fresh = [one for one in edition.records if one["distributionDate"] >= "2025-05-19"]
    records = len(fresh) + len(edition.workbook_records()) + len(edition.pages) + 1
    assert line(first, "Collect").startswith(f"{records} new")
    exported = desk.shell("notices", "export", "--sample")
    symbols = {symbol for one in exported.records for symbol in one["symbols"]}
    wanted = {
        re.sub(r"(?i)(rev|add|corr|suppl)", lambda hit: hit[0].title(), symbol.strip())
        for one in edition.records
        if str(one["id"]) not in {issue.key for issue in EXPECTED_ISSUES}
        for symbol in one["documentSymbol"].split(",")
    }
    assert wanted <= symbols


def test_the_issues_are_those_that_the_sample_has_on_purpose(desk: Desk, first: str) -> None:
    found = desk.shell("issues", "list", "--sample", "--json").records
    assert {(one["source"], one["key"]) for one in found} == {
        (one.source, one.key) for one in EXPECTED_ISSUES
    }
    assert all(one["message"].endswith(".") and one["todo"].endswith(".") for one in found)
    assert all(one["times"] == 1 for one in found)


def test_every_subscriber_has_messages_and_nobody_is_told_twice(desk: Desk, first: str) -> None:
    folder = desk.folder / "sample-run" / "messages"
    assert {path.name for path in folder.iterdir()} == {
        "htx-buoi-mau",
        "go-mau",
        "sample-garments",
        "van-phong-mau",
    }
    for box in folder.iterdir():
        texts = [path.read_text(encoding="utf-8") for path in box.iterdir()]
        assert texts
        named = [
            symbol
            for text in texts
            for symbol in re.findall(r"^(G/\S+?|\d+/\d{4}/\S+?)(?:: http\S+)?$", text, re.MULTILINE)
        ]
        assert named
        assert len(named) == len(set(named)), box.name
    english = "".join(path.read_text(encoding="utf-8") for path in (folder / "sample-garments").iterdir())
    assert "United States" in english
    assert "Hoa Kỳ" not in english


def test_the_bulletin_can_be_read_from_the_disk(desk: Desk, first: str) -> None:
    top = desk.folder / "sample-run" / "bulletin"
    front = (top / "index.html").read_text(encoding="utf-8")
    assert front.startswith("<!doctype html>")
    assert '<html lang="vi"' in front
    assert "03/7/2025" in front
    links = set(re.findall(r'href="([^"#?:]+)"', front))
    assert len(links) > 20
    for link in links:
        target = top / link
        assert (target / "index.html" if link.endswith("/") else target).exists(), link


def test_the_second_run_finds_nothing_new(desk: Desk, first: str, second: str) -> None:
    assert line(second, "Collect").startswith("0 new, 0 changed")
    assert line(second, "Normalise").startswith("0 records read")
    assert line(second, "Digest").startswith("0 editions")
    assert line(second, "Deliver").startswith("0 deliveries")
    assert line(second, "Bulletin") == line(first, "Bulletin")
    assert len(desk.shell("issues", "list", "--sample", "--json").records) == len(EXPECTED_ISSUES)


def test_the_reports_as_json(desk: Desk, second: str) -> None:
    done = desk.shell("run", "--once", "--sample", "--json")
    reports = json.loads(done.out)
    assert [one["stage"] for one in reports] == [
        "collect", "normalise", "translate", "tag", "curate", "digest", "deliver", "bulletin",
    ]  # fmt: skip
    assert all(one["failed"] == 0 and one["issues_opened"] == 0 for one in reports)


def test_a_sample_that_meets_something_else_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = Edition.bundled()
    odd = edition.with_changed(edition.records[-1]["id"], notificationType="Riddle")
    monkeypatch.setattr(stages, "StandIn", lambda: StandIn(odd))
    done = Desk(tmp_path, config=None).typed(*RUN)
    assert (done.code, done.err) == (1, "")
    assert "4 issues are somebody's work" in done.out
