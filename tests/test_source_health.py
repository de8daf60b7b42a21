"""The health of sources: what is known, in words that a person can act on; and how long a failing one is left alone."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from desk import CONFIG, Desk
from sampled import web

from tbt_watch.app import open_app
from tbt_watch.collect.circuit import resting, rests_until
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.config import load_config
from tbt_watch.domain.work import Issue
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.sample import Edition
from tbt_watch.scheduler import crawl
from tbt_watch.store import Store
from tbt_watch.store.runs import Crawl

NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)


def crawled(store: Store, source: str, at: datetime, *, ok: bool = True, new: int = 0, **facts: date) -> None:
    started = at - timedelta(minutes=2)
    store.runs.crawled(Crawl(source=source, started_at=started, finished_at=at, ok=ok, new=new, **facts))


TODO = "Open the source's page: if it shows more, the site has changed; tell the maintainers."


def issue(store: Store, source: str, kind: str, message: str, key: str = "") -> None:
    store.issues.open(Issue(source=source, key=key, kind=kind, message=message, todo=TODO, opened_at=NOW))


# ── what the store knows ────────────────────────────────────────────────────────────────────────────────────


def test_failures_count_since_the_last_good_crawl(store: Store) -> None:
    for hours, ok, new in ((40, False, 0), (30, True, 250), (20, True, 0), (10, False, 0), (5, False, 3)):
        crawled(store, "eping_web", NOW - timedelta(hours=hours), ok=ok, new=new)
    crawled(store, "eping_web", NOW, since=date(2024, 1, 1), until=date(2024, 1, 31), new=9)
    crawled(store, "congbao", NOW, ok=False)
    state = store.runs.crawls()["eping_web"]
    assert (state.failures, state.items, state.last_success) == (2, 250, NOW - timedelta(hours=20))
    assert state.last.finished_at == NOW - timedelta(hours=5)
    never = store.runs.crawls()["congbao"]
    assert (never.failures, never.items, never.last_success) == (1, None, None)


def test_the_lag_is_that_of_news_first_shown_by_the_source(store: Store, language: Language) -> None:
    records = [one for one in Edition.bundled().records if one["distributionDate"] >= "2025-06-04"]
    days = [date.fromisoformat(one["distributionDate"][:10]) for one in records]
    store.raw.keep(web(records, NOW))
    normalise.run(store, language, NOW)
    lags = store.runs.lags(NOW)["eping_web"]
    assert set(lags) == {(NOW.date() - one).days for one in days}
    assert (
        0 < len(lags) <= len(records)
    )  # a joint notification is one notice, and each of its records one sighting
    assert store.runs.lags(NOW + timedelta(days=31)) == {}


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, None), (1, None), (2, 4), (3, 8), (4, 16), (5, 24), (50, 24)]
)
def test_the_pause_grows_with_failures(store: Store, failures: int, hours: int | None) -> None:
    crawled(store, "a", NOW - timedelta(days=90))
    for number in range(failures):
        crawled(store, "a", NOW - timedelta(hours=failures - number - 1), ok=False)
    state = store.runs.crawls()["a"]
    until = rests_until(state)
    assert until == (NOW + timedelta(hours=hours) if hours else None)
    if until:
        assert resting(state, until - timedelta(seconds=1))
        assert not resting(state, until)
    assert rests_until(None) is None


def test_the_service_leaves_a_failing_source_alone_for_a_while(tmp_path: Path) -> None:
    path = Desk(tmp_path).folder / "config.toml"
    asked: list[list[str]] = []

    def collect(_app: object, names: list[str], _options: CrawlOptions) -> None:
        asked.append(names)

    with (
        open_app(load_config(path, {}), lambda: NOW) as app,
        mock.patch("tbt_watch.pipeline.collect", collect),
        mock.patch("tbt_watch.pipeline.recorded", lambda _app, work: work()),
    ):
        for hours in (2, 1):
            crawled(app.store, "eping_web", NOW - timedelta(hours=hours), ok=False)
        crawl(app, ["eping_web", "congbao"], threading.Event())
        crawl(app, ["eping_web"], threading.Event())
    assert asked == [["congbao"]]


# ── in words ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three sources: one fails, one is well but differs from what was agreed, one was never read."""
    desk = Desk(tmp_path, CONFIG)
    with Store.open(tmp_path / "data" / "tbt-watch.db") as store:
        crawled(store, "eping_web", NOW - timedelta(days=2), new=812)
        for hours in (9, 5):
            crawled(store, "eping_web", NOW - timedelta(hours=hours), ok=False)
        issue(store, "eping_web", "nothing", "eping_web gave 0 items where at least 200 were due.")
        crawled(store, "congbao", NOW - timedelta(hours=1), new=40)
        for number in range(7):
            issue(
                store,
                "congbao",
                "unknown-field",
                f"The gazette's pages carry a row 'Label {number}' that is unknown here; it was not read.",
                f"l{number}",
            )
    unread = tmp_path / "data" / "answers" / "eping_web" / "20250702T200000Z-0002.unread.gz"
    unread.parent.mkdir(parents=True)
    unread.write_bytes(b"")
    return desk


def health(desk: Desk, *words: str) -> str:
    with mock.patch("tbt_watch.cli.frame.Frame.now", return_value=NOW):
        printed = desk.typed("sources", "health", *words)
    assert (printed.code, printed.err) == (0, "")
    return printed.out


def test_it_says_what_is_wrong_and_what_to_do(desk: Desk) -> None:
    gazette, failing, never = health(desk, "--lang", "en").split("\n\n")
    assert failing.splitlines()[1:4] == [
        "  Failing: the last 2 tries failed; last read well at 8:00 on 1 July 2025.",
        "  It gave 812 records; between 200 and 4,000 are due.",
        "  ! eping_web gave 0 items where at least 200 were due.",
    ]
    assert "20250702T200000Z-0002.unread.gz" in failing
    assert f"  → {TODO}" in failing
    assert "  → The service asks it again after 7:00 on 3 July 2025" not in failing, "that moment is past"
    assert "Well: last read at 7:00 on 3 July 2025." in gazette
    assert "7 open issues where it differs from what was agreed:" in gazette
    assert "a row 'Label 0' that is unknown here" in gazette
    assert "… (+2)" in gazette
    assert "It was never read." in never
    assert "  → Read it once: tbt-watch collect eping_workbook" in never


def test_it_speaks_vietnamese(desk: Desk) -> None:
    text = health(desk, "--lang", "vi")
    assert "Lỗi: 2 lần gần nhất không đọc được" in text
    assert "! eping_web trả về 0 mục, trong khi phải có ít nhất 200." in text
    assert "→ Hãy mở trang của nguồn: nếu trang có nhiều mục hơn" in text
    assert "Trang Công báo có dòng 'Label 0' mà hệ thống chưa biết" in text
    assert "Chưa từng đọc." in text
    assert not re.search(r"→ (Open|Look|Read|Mend)", text)


def test_it_prints_json(desk: Desk) -> None:
    with mock.patch("tbt_watch.cli.frame.Frame.now", return_value=NOW):
        found = {one["name"]: one for one in desk.typed("sources", "health", "--json").records}
    assert {name: one["condition"] for name, one in found.items()} == {
        "congbao": "well",
        "eping_web": "failing",
        "eping_workbook": "never",
    }
    web = found["eping_web"]
    assert (web["records"], web["expects"], web["within"], web["failures"]) == (812, [200, 4000], True, 2)
    assert web["rests_until"] is None  # four hours after the last try: that is now past
    assert [one["kind"] for one in web["issues"]] == ["nothing"]
    assert web["unread_answer"].endswith(".unread.gz")
    assert len(found["congbao"]["issues"]) == 7


def test_a_source_without_news_for_long_is_late(desk: Desk) -> None:
    with mock.patch("tbt_watch.cli.frame.Frame.now", return_value=NOW + timedelta(days=3)):
        text = desk.typed("sources", "health", "--lang", "en").out
    assert "Late: nothing was read since 7:00 on 3 July 2025." in text
    assert "→ See whether tbt-watch serve is running" in text
