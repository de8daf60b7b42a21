"""Raw records are append-only: every state of a record is kept once, in its order, and each is read once."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
import raws
from hypothesis import given, settings
from hypothesis import strategies as st

from tbt_watch.domain.work import Issue, RawRecord, Report
from tbt_watch.errors import NotFoundError
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.store.raw import Kept
from tbt_watch.store.runs import Crawl


def record(body: str, now: datetime, key: str = "1") -> RawRecord:
    return raws.raw("eping_web", key, {"text": body}, now)


def read(store: Store, *due: tuple[int, int]) -> None:
    """Mark records as read without a notice changing."""
    found = store.notices.get("G/TBT/N/USA/2211")
    ids = (found[0].id,) if found else ()
    facts = raws.notice() if not ids else None
    now = datetime.fromisoformat("2026-11-20T02:00:00+00:00")
    store.notices.put([Entry(ids=ids, notice=facts, records=due, seen_at=now, source="eping_web")], now)


def bodies(store: Store) -> list[tuple[str, int | None]]:
    with closing(sqlite3.connect(store.path)) as connection:
        rows = connection.execute("SELECT body, previous_id FROM raw_record ORDER BY id").fetchall()
    return [(body.removeprefix('{"text": "').removesuffix('"}'), previous) for body, previous in rows]


def test_the_same_twice_is_kept_once(store: Store, now: datetime) -> None:
    assert store.raw.keep([record("A", now)]) == Kept(new=1)
    assert store.raw.keep([record("A", now + timedelta(days=1))]) == Kept(same=1)
    assert bodies(store) == [("A", None)]


def test_back_to_what_it_said_before_is_a_third_record(store: Store, now: datetime) -> None:
    for body, expected in (("A", Kept(new=1)), ("B", Kept(changed=1)), ("A", Kept(changed=1))):
        assert store.raw.keep([record(body, now)]) == expected
    assert bodies(store) == [("A", None), ("B", 1), ("A", 2)]


def test_keys_belong_to_their_source(store: Store, now: datetime) -> None:
    other = raws.raw("eping_workbook", "1", {"text": "A"}, now)
    assert store.raw.keep([record("A", now), other]) == Kept(new=2)
    assert len(store.raw.due()) == 2


def test_the_last_of_several_with_one_key_wins(store: Store, now: datetime) -> None:
    assert store.raw.keep([record("A", now), record("B", now), record("C", now)]) == Kept(new=1, same=2)
    assert bodies(store) == [("C", None)]
    assert store.raw.keep([]) == Kept()


REPLACED = (
    "REPLACE INTO raw_record (id, source, key, url, fetched_at, body, hash) "
    "VALUES (1, 's', 'k', 'u', 't', 'b', 'h')"
)


@pytest.mark.parametrize("order", ["UPDATE raw_record SET body = 'x'", "DELETE FROM raw_record", REPLACED])
def test_the_database_itself_refuses_to_change_a_raw_record(store: Store, now: datetime, order: str) -> None:
    store.raw.keep([record("A", now)])
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes in silence
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(order)
    assert bodies(store) == [("A", None)]


def test_a_record_stands_at_the_door_until_it_was_read(store: Store, now: datetime) -> None:
    store.raw.keep([record("A", now)])
    (due,) = store.raw.due()
    assert (due.record.body, due.previous, due.notice_id, due.seen_at) == ('{"text": "A"}', None, None, now)
    read(store, (due.record_id, due.raw_id))
    assert store.raw.due() == []

    later = now + timedelta(days=2)
    store.raw.keep([record("B", later)])
    (again,) = store.raw.due()
    assert again.record.body == '{"text": "B"}'
    assert again.previous is not None
    assert again.previous.body == '{"text": "A"}'
    assert again.notice_id == store.notices.get("G/TBT/N/USA/2211")[0].id
    assert again.seen_at == now
    assert again.record.fetched_at == later


def test_what_changed_while_it_was_being_read_stays_at_the_door(store: Store, now: datetime) -> None:
    store.raw.keep([record("A", now)])
    (due,) = store.raw.due()
    store.raw.keep([record("B", now)])
    read(store, (due.record_id, due.raw_id))
    (again,) = store.raw.due()
    assert again.record.body == '{"text": "B"}'


def test_the_door_gives_batches_in_order(store: Store, now: datetime) -> None:
    store.raw.keep([record("A", now, key=str(n)) for n in range(7)])
    first = store.raw.due(limit=5)
    second = store.raw.due(limit=5, after=first[-1].record_id)
    assert [one.record.key for one in (*first, *second)] == [str(n) for n in range(7)]
    assert store.raw.due(limit=5, after=second[-1].record_id) == []


def test_what_was_read_last_is_found_by_notice(store: Store, now: datetime) -> None:
    store.raw.keep([record("A", now), record("A", now, key="2")])
    read(store, *((one.record_id, one.raw_id) for one in store.raw.due()))
    store.raw.keep([record("B", now)])
    at = store.notices.get("G/TBT/N/USA/2211")[0].id
    assert [one.body for _, one in store.raw.read_of([at])[at]] == ['{"text": "A"}'] * 2
    assert store.raw.read_of([]) == {}
    assert store.raw.read_of([at + 1]) == {}


def test_only_the_newest_file_counts_as_seen(store: Store, now: datetime) -> None:
    assert not store.raw.file_seen("eping_workbook", "aa")
    store.raw.file_kept("eping_workbook", "aa", "one.xlsx", 229, now)
    assert store.raw.file_seen("eping_workbook", "aa")
    assert not store.raw.file_seen("other", "aa")
    store.raw.file_kept("eping_workbook", "bb", "two.xlsx", 230, now)
    assert not store.raw.file_seen("eping_workbook", "aa")


@settings(max_examples=25)
@given(history=st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("AB")), max_size=12))
def test_the_kept_states_are_the_changes_of_the_history(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, str]]
) -> None:
    now = datetime.fromisoformat("2026-11-20T02:00:00+00:00")
    with Store.open(tmp_path_factory.mktemp("history") / "store.db") as store:
        expected: dict[str, list[str]] = {"1": [], "2": []}
        for key, body in history:
            if expected[key][-1:] != [body]:
                expected[key].append(body)
            store.raw.keep([record(body, now, key)])
        with closing(sqlite3.connect(store.path)) as connection:
            rows = connection.execute("SELECT key, body FROM raw_record ORDER BY id").fetchall()
    found = {key: [body[10] for one, body in rows if one == key] for key in expected}
    assert found == expected


# ── Issues, runs ────────────────────────────────────────────────────────────────────────────────────────


def issue(now: datetime, **facts: Any) -> Issue:
    known: dict[str, Any] = {
        "source": "eping_web",
        "key": "1",
        "kind": "no-date",
        "message": "No date.",
        "todo": "Look.",
    }
    return Issue(opened_at=now, **known | facts)


def test_the_same_issue_is_open_once_and_counts(store: Store, now: datetime) -> None:
    later = now + timedelta(days=1)
    assert store.issues.open(issue(now))
    assert not store.issues.open(issue(later, message="Still no date."))
    assert store.issues.open(issue(now, kind="bad-symbol"))
    first, second = store.issues.open_list()
    assert (first.times, first.last_at, first.opened_at, first.message) == (2, later, now, "Still no date.")
    assert second.times == 1
    assert store.issues.places() == {("eping_web", "1")}


def test_an_issue_that_is_closed_can_open_again(store: Store, now: datetime) -> None:
    store.issues.open(issue(now))
    (only,) = store.issues.open_list()
    assert only.id is not None
    assert store.issues.close(only.id, "seen", now).why == "seen"
    assert store.issues.close(only.id, "seen twice", now).why == "seen"
    assert store.issues.open(issue(now))
    assert len(store.issues.open_list()) == 1
    with pytest.raises(NotFoundError, match="no issue 99"):
        store.issues.close(99, "x", now)


def test_what_comes_right_closes_its_issues(store: Store, now: datetime) -> None:
    store.issues.open(issue(now))
    store.issues.open(issue(now, kind="bad-symbol"))
    store.issues.open(issue(now, key="2"))
    assert store.issues.resolve("eping_web", "1", now, kinds=("bad-symbol",)) == 1
    assert store.issues.resolve("eping_web", "1", now) == 1
    assert store.issues.resolve("eping_web", "1", now) == 0
    assert [one.key for one in store.issues.open_list()] == ["2"]


def test_half_a_character_does_not_keep_an_issue_out(store: Store, now: datetime) -> None:
    half = {"key": "k\ud800", "message": "m\udfff", "todo": "t\ud800", "kind": "no-date"}
    assert store.issues.open(issue(now, **half))
    assert not store.issues.open(issue(now, **half))
    assert store.issues.resolve("eping_web", "k\ud800", now) == 1


def test_runs_and_crawls_are_remembered_by_stage_and_source(store: Store, now: datetime) -> None:
    later = now + timedelta(hours=1)
    report = Report(stage="translate", done=3, counts=(("untranslated", 2),), notes=("No engine.",))
    store.runs.keep(Report(stage="translate", done=9), now, now)
    store.runs.keep(report, now, later)
    assert store.runs.last() == {"translate": (later, report)}
    good = Crawl(source="congbao", started_at=now, finished_at=now, ok=True, new=5)
    bad = Crawl(source="congbao", started_at=later, finished_at=later, ok=False, message="No answer.")
    store.runs.crawled(good)
    store.runs.crawled(bad)
    state = store.runs.crawls()["congbao"]
    assert state.last == bad
    assert state.last_success == now
