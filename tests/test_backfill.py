"""Back-fill: windows, what is written down, going on after a kill, dry runs, and the wish to announce."""

import dataclasses
import json
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import raws
from desk import CONFIG, Desk
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.app import App
from tbt_watch.collect import backfill
from tbt_watch.collect.backfill import Reach
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.windows import cut
from tbt_watch.domain.work import Issue
from tbt_watch.errors import BusyError
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.sample import StandIn
from tbt_watch.store import Store
from tbt_watch.store.runs import Crawl

HOST = "epingalert.org"
GET_ALL = "/api/v1/azureSearch/getAll"
NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
WEB = Reach(window_days=45, backfill_days=0, page_size=100, expects=(100, 4_000))
FIRST, LAST = date(2024, 1, 1), date(2024, 4, 30)


def days(number: int) -> date:
    return date.fromordinal(738_000 + number)


@given(st.integers(0, 900), st.integers(0, 900), st.integers(0, 40))
def test_windows_hold_every_day_once(start: int, length: int, size: int) -> None:
    since, until = days(start), days(start + length)
    windows = cut(since, until, size)
    covered = [day for one in windows for day in range(one.since.toordinal(), one.until.toordinal() + 1)]
    assert covered == list(range(since.toordinal(), until.toordinal() + 1))
    assert all(one.days <= (size or 31) for one in windows)
    # Asking for more days finds the inner windows again.
    more = cut(days(start - 50), days(start + length + 50), size)
    assert set(windows[1:-1]) <= set(more)
    assert all(one.inside([(wide.since, wide.until) for wide in more]) for one in windows)


def test_months_are_cut_at_their_ends() -> None:
    assert [str(one) for one in cut(date(2024, 1, 15), date(2024, 3, 2))] == [
        "2024-01-15/2024-01-31",
        "2024-02-01/2024-02-29",
        "2024-03-01/2024-03-02",
    ]
    assert cut(date(2024, 1, 2), date(2024, 1, 1)) == []


# ── crawls, window by window ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def site() -> Iterator[StandIn]:
    """Ninety notifications a month, from January to April 2024: the newest are open for comment to this day."""
    with StandIn() as running:
        like = dict(running.edition.records[0])
        records = []
        for number in range(360):
            month, day = number % 4 + 1, number % 28 + 1
            facts = {
                "id": 500_000 + number,
                "documentSymbol": f" G/TBT/N/KEN/{2_000 + number}",
                "notifyingMember": "Kenya",
                "notifyingMemberCode": "C404",
                "area": "TBT",
                "notificationType": "Regular notification",
                "distributionDate": f"2024-{month:02}-{day:02}T00:00:00+00:00",
                "commentDeadlineDate": "2025-09-01T00:00:00+00:00" if number < 5 else None,
            }
            records.append({**like, **facts})
        running.edition = dataclasses.replace(running.edition, records=tuple(records))
        yield running


@pytest.fixture
def options(site: StandIn, tmp_path: Path) -> CrawlOptions:
    hosts = dict.fromkeys((HOST, "www.epingalert.org", "eping.wto.org"), "")
    return CrawlOptions(
        now=NOW,
        hosts={host: site.url_for(host) for host in hosts},
        only_hosts=True,
        delay=0,
        memory=tmp_path / "memory",
    )


def plan(store: Store, since: date = FIRST, until: date = LAST, **wish: bool) -> list[backfill.Task]:
    return backfill.plan(
        store, {"eping_web": WEB}, since, until, **{"fresh": False, "announce": False} | wish
    )


def clock() -> datetime:
    return NOW


def asked(site: StandIn) -> list[str]:
    return [one.target for one in site.requests if one.path == GET_ALL]


def test_what_was_read_is_not_read_again(site: StandIn, options: CrawlOptions, store: Store) -> None:
    tasks = plan(store, until=date(2024, 2, 29))
    assert [task.done for task in tasks] == [False, False]
    least, most = tasks[0].requests
    told: list[tuple[str, int, int]] = []
    report = backfill.run(store, tasks, options, clock, lambda *one: told.append(one))
    assert (report.done, report.failed, report.opened) == (180, 0, 0)
    assert least <= len(site.requests) / 2 <= most
    assert told[0] == ("eping_web 2024-01-01/2024-01-31", 0, 0)
    assert told[-1] == ("eping_web 2024-02-01/2024-02-29", 1, 90)

    again = plan(store, until=date(2024, 3, 31))
    assert [task.done for task in again] == [True, True, False]
    site.requests.clear()
    backfill.run(store, again, options, clock)
    assert len(asked(site)) == 1
    assert [task.done for task in plan(store, date(2024, 1, 10), date(2024, 3, 31))] == [True] * 3
    assert not any(task.done for task in plan(store, fresh=True))
    assert not any(task.done for task in plan(store, announce=True))
    # It says nothing about what is new: the usual runs have not been yet.
    assert store.runs.crawls() == {}


def test_a_window_that_is_not_over_is_never_done(store: Store) -> None:
    for since, until, at in (
        (date(2025, 6, 1), date(2025, 6, 30), NOW),
        (date(2025, 7, 1), date(2025, 7, 3), NOW),
    ):
        store.runs.crawled(
            Crawl(source="eping_web", started_at=at, finished_at=at, ok=True, since=since, until=until)
        )
    done = {str(task.window): task.done for task in plan(store, date(2025, 6, 1), date(2025, 7, 3))}
    assert done == {"2025-06-01/2025-06-30": True, "2025-07-01/2025-07-03": False}


def test_a_window_that_fails_has_its_own_issue_and_is_made_good(
    site: StandIn, options: CrawlOptions, store: Store
) -> None:
    store.issues.open(
        Issue(source="eping_web", key="", kind="nothing", message="m.", todo="t.", opened_at=NOW)
    )
    site.fault(GET_ALL, status=403, times=1)
    report = backfill.run(store, plan(store), options, clock)
    assert (report.failed, report.opened, report.done) == (1, 1, 270)
    usual, ours = store.issues.open_list()
    assert ours.key == f"2024-01-01/2024-01-31 https://{HOST}{GET_ALL}"
    assert [task.done for task in plan(store)] == [False, True, True, True]
    assert backfill.run(store, plan(store), options, clock).done == 90
    assert [one.kind for one in store.issues.open_list()] == [usual.kind] == ["nothing"]


def test_a_site_that_is_down_is_not_asked_for_every_window(
    site: StandIn, options: CrawlOptions, store: Store
) -> None:
    site.fault(GET_ALL, status=403, times=None)
    report = backfill.run(store, plan(store), options, clock)
    assert report.failed == 2
    assert len(asked(site)) == 2


def test_a_source_without_days_is_read_as_it_is(store: Store) -> None:
    reach = Reach(window_days=0, backfill_days=0, page_size=1, expects=(20, 60))
    (task,) = backfill.plan(store, {"congbao": reach}, FIRST, LAST, fresh=False, announce=False)
    assert task.window is None
    assert not task.done


# ── power cuts ──────────────────────────────────────────────────────────────────────────────────────────────

FILL = textwrap.dedent(
    """
    import json, sys
    from datetime import date
    from pathlib import Path
    from tbt_watch.collect import backfill
    from tbt_watch.collect.backfill import Reach
    from tbt_watch.collect.options import CrawlOptions
    from tbt_watch.store import Store

    options = CrawlOptions.from_json(json.loads(sys.argv[1]))
    reach = {"eping_web": Reach(window_days=45, backfill_days=0, page_size=100, expects=(200, 4000))}
    with Store.open(Path(sys.argv[2])) as store:
        tasks = backfill.plan(store, reach, date(2024, 1, 1), date(2024, 4, 30), fresh=False, announce=False)
        print("planned", flush=True)
        report = backfill.run(store, tasks, options, lambda: options.now)
    sys.exit(report.failed)
    """
)


def filling(options: CrawlOptions, database: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", FILL, json.dumps(options.to_json()), str(database)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def everything(store: Store) -> dict[str, Any]:
    return {due.record.key: due.record.hash for due in store.raw.due(limit=5_000)}


def nobody_is_at_it(database: Path) -> None:
    """The crawl that was under way has noticed that it is alone, and ended."""
    for _ in range(150):
        with Store.open(database) as store:
            try:
                with store.lock("collect-eping_web"):
                    return
            except BusyError:
                time.sleep(0.1)
    pytest.fail("the crawl went on without the process that had started it")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_twice(
    site: StandIn, options: CrawlOptions, tmp_path: Path, how: signal.Signals
) -> None:
    dice = random.Random(20_240_101)
    database = tmp_path / "cut.db"
    for _ in range(4):
        process = filling(options, database)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.uniform(0.05, 3.0))
        process.send_signal(how)
        process.communicate(timeout=60)
        nobody_is_at_it(database)
    process = filling(options, database)
    process.communicate(timeout=120)
    assert process.returncode == 0
    with Store.open(database) as store:
        assert len(everything(store)) == 360
        assert all(task.done for task in plan(store))
        windows = store.runs.windows("eping_web")
        assert len(windows) == len(set(windows)) == 4
        assert store.issues.open_list() == []
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT key) FROM raw_record").fetchone() == (
            360,
            360,
        )
    connection.close()


# ── the wish to announce ────────────────────────────────────────────────────────────────────────────────────


def late(number: int = 1, **facts: Any) -> dict[str, Any]:
    """A record as the workbook has it, old when it is first seen."""
    return {
        "id": number,
        "area": "TBT",
        "notificationType": "Regular notification",
        "documentSymbol": f" G/TBT/N/KEN/{number}",
        "notifyingMember": "Kenya",
        "notifyingMemberCode": "C404",
        "distributionDate": "2025-03-01T00:00:00+00:00",
        "commentDeadlineDate": "2025-09-01T00:00:00+00:00",
        "titlePlain": "Kettles",
        **facts,
    }


def announced(store: Store, language: Language) -> set[str]:
    """The keys of what would be told although it is late."""
    normalise.run(store, language, NOW)
    waiting = {item.notice.key: item.id for item in store.notices.every()}
    raws.accept(store, NOW, *waiting.values())
    return {item.notice.key for item in store.editions.tellable(NOW)}


def test_the_wish_travels_with_the_record_to_the_notice(store: Store, language: Language) -> None:
    store.raw.keep([raws.web(late(1), NOW)])
    store.raw.keep([raws.web(late(2), NOW)], announce=True)
    store.raw.keep([raws.web(late(3, commentDeadlineDate="2025-03-20T00:00:00"), NOW)], announce=True)
    assert announced(store, language) == {"G/TBT/N/KEN/2"}


def test_what_was_kept_in_silence_can_be_announced_later(store: Store, language: Language) -> None:
    store.raw.keep([raws.web(late(1), NOW)])
    assert announced(store, language) == set()
    assert store.raw.keep([raws.web(late(1), NOW)], announce=True).same == 1
    assert {item.notice.key for item in store.editions.tellable(NOW)} == {"G/TBT/N/KEN/1"}


def test_closed_meanwhile_is_not_announced(store: Store, language: Language) -> None:
    store.raw.keep([raws.web(late(1), NOW)])
    assert announced(store, language) == set()
    after = NOW.replace(month=10)
    store.raw.keep([raws.web(late(1), after)], announce=True)
    assert store.editions.tellable(NOW) == []


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(site: StandIn, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose sources are the stand-in, asked without delay, and where it is always the third of July 2025."""
    mirror = ", ".join(
        f'"{host}" = "{site.url_for(host)}"' for host in (HOST, "www.epingalert.org", "eping.wto.org")
    )
    given = CONFIG.replace("[sources]", f"[sources]\nmirrors = {{ {mirror} }}")
    real = App.crawl_options
    hasty = lambda app, asked: dataclasses.replace(real(app, asked), delay=0)  # noqa: E731
    with (
        mock.patch.object(App, "crawl_options", hasty),
        mock.patch("tbt_watch.cli.frame.Frame.now", return_value=NOW),
    ):
        yield Desk(tmp_path / "desk", given)


WINDOW = ("collect", "eping_web", "--since", "2024-01-01", "--until", "2024-02-29")


def subscriber(desk: Desk) -> None:
    table = desk.folder / "subscribers.csv"
    table.write_text(
        "name,lang,channel,address,frequency,sectors,markets\nKenya Ltd,en,pretend,kenya,daily,,KEN\n"
    )
    assert desk.typed("subscribers", "import", table).code == 0


def test_a_dry_run_says_what_would_come_and_writes_nothing(desk: Desk, site: StandIn) -> None:
    subscriber(desk)
    quiet = desk.typed(*WINDOW, "--dry-run")
    assert quiet.code == 0
    assert "eping_web: 2 windows to read, 0 read before; about" in quiet.err
    assert "Records: 180 new, 0 changed, 0 as before; 0 could not be read." in quiet.out
    assert "Notices: 0 news, 3 late but still open for comment, 177 archive." in quiet.out
    assert "--announce tells it once" in quiet.out
    assert "Nobody would be told anything." in quiet.out
    loud = desk.typed(*WINDOW, "--dry-run", "--announce")
    assert "3 notices: Kenya Ltd" in loud.out
    (said,) = desk.typed(*WINDOW, "--dry-run", "--announce", "--json").records
    assert said["ages"] == {"FRESH": 0, "LATE": 3, "ARCHIVE": 177}
    assert [(one["subscribers"], one["notices"]) for one in said["audiences"]] == [(["Kenya Ltd"], 3)]
    (state,) = desk.typed("status", "--json").records
    assert state["notices"] == {}
    with Store.open(desk.folder / "data/tbt-watch.db") as store:
        assert everything(store) == {}
        assert store.runs.windows("eping_web") == []


def test_what_is_late_goes_out_once(desk: Desk) -> None:
    subscriber(desk)
    assert desk.typed(*WINDOW).code == 0
    for stage in ("normalise", "translate", "tag", "curate"):
        assert desk.typed(stage).code == 0
    with Store.open(desk.folder / "data/tbt-watch.db") as store:
        assert store.editions.tellable(NOW) == []
    assert desk.typed(*WINDOW, "--announce").code == 0
    with Store.open(desk.folder / "data/tbt-watch.db") as store:
        assert len(store.editions.tellable(NOW)) == 3
    over = desk.typed(*WINDOW, "--announce")
    assert "all of it was read before" in over.err
    with mock.patch("tbt_watch.cli.frame.Frame.now", return_value=NOW.replace(day=4, hour=2)):
        for _ in range(2):
            (report,) = desk.typed("digest", "--json").records
    with Store.open(desk.folder / "data/tbt-watch.db") as store:
        (edition,) = store.editions.newest()
        assert len(edition.items) == 3
    assert report[0]["done"] == 0


def test_days_that_make_no_sense_are_refused(desk: Desk) -> None:
    assert "name the first one too" in desk.typed("collect", "eping_web", "--until", "2024-01-01").err
    wrong = desk.typed("collect", "eping_web", "--since", "2024-02-01", "--until", "2024-01-01")
    assert wrong.code == 2
    assert "lies after" in wrong.err
