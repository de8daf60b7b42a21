"""Reminders of what is followed, and of what the procedures of an office must follow."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from cast import CIRCULAR, POMELO, accept, named, subscriber

from tbt_watch.digest import stage, wishes
from tbt_watch.digest.calendar import Hours
from tbt_watch.digest.documents import document_name, followed_as
from tbt_watch.digest.reminders import months_after
from tbt_watch.domain.edition import Edition
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.notice import Change, Milestone
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.store import Store

SEND_BY = date(2026, 12, 31)  # a Thursday: the deadline of 15 January less 15 days
POMELO_IN_FORCE = date(2027, 6, 1)
FOLLOW = Criteria(documents=(followed_as(POMELO),))
LAW = Criteria(areas=("VN",))


def morning(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM).astimezone(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def run(store: Store, now: datetime) -> list[Edition]:
    """The reminders that a run composes."""
    before = {one.id for one in store.editions.newest()}
    stage.run(store, Hours(), {"tbt": 15, "sps": 15}, (), now)
    made = [one for one in reversed(store.editions.newest()) if one.id not in before]
    return [one for one in made if one.kind == "reminder"]


def through(store: Store, days: Sequence[date]) -> list[tuple[date, str]]:
    """The day and reason of every reminder in two runs on each of these days."""
    return [
        (day, item.reason)
        for day in days
        for minute in (2, 7)
        for one in run(store, morning(day, minute=minute))
        for item in one.items
    ]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def person(address: str, *criteria: Criteria, since: date, office: bool = False) -> Subscriber:
    one = subscriber(address, *((some, "daily") for some in criteria), since=morning(since))
    return replace(one, office=office)


def readers(store: Store, edition: Edition) -> list[str]:
    return sorted(one.address for one in store.deliveries.newest() if one.edition_id == edition.id)


def test_what_is_followed_is_reminded_of_step_by_step(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    wishes.save(store, person("b", Criteria(), since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    found = through(store, days(date(2026, 11, 19), date(2027, 1, 20)))
    assert found == [(SEND_BY - timedelta(days=n), f"send-by:{n}") for n in (30, 14, 7, 3, 1)]
    assert through(store, days(date(2027, 5, 30), date(2027, 6, 9))) == [(POMELO_IN_FORCE, "in-force:0")]


def test_who_follows_five_days_before_gets_the_last_two(store: Store) -> None:
    accept(store, POMELO, morning(date(2026, 11, 18)))
    joined = SEND_BY - timedelta(days=5)
    wishes.save(store, person("a", FOLLOW, since=joined), morning(joined, 9))
    assert [reason for _, reason in through(store, days(joined, SEND_BY))] == ["send-by:3", "send-by:1"]


def test_of_what_was_missed_only_the_newest_comes(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    back = SEND_BY - timedelta(days=5)
    (edition,) = run(store, morning(back, 15))
    assert [item.reason for item in edition.items] == ["send-by:5"]  # the step of seven days, two late
    assert [reason for _, reason in through(store, days(back, SEND_BY))] == ["send-by:3", "send-by:1"]


def test_nobody_is_reminded_at_night_or_when_it_is_too_late(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    assert run(store, morning(SEND_BY - timedelta(days=1), 23)) == []
    assert run(store, morning(SEND_BY + timedelta(days=1))) == []


def test_entry_into_force_that_was_missed_is_made_good_for_a_week(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    (edition,) = run(store, morning(POMELO_IN_FORCE + timedelta(days=2)))
    assert [item.reason for item in edition.items] == ["in-force:-2"]


@pytest.mark.parametrize("typed", ["QCVN 19:2019", "QCVN 19:2019/BKHCN"])
def test_a_standard_is_found_with_or_without_its_issuer(store: Store, typed: str) -> None:
    number, day = "QCVN 19:2019/BKHCN", date(2026, 12, 1)
    accept(
        store,
        replace(
            CIRCULAR,
            key=f"{number}|2026-11-10",
            symbols=(number,),
            thread=number,
            in_force=Milestone(date=day),
        ),
        morning(date(2026, 11, 18)),
    )
    follow = Criteria(documents=(document_name(typed) or "",))
    wishes.save(store, person("a", follow, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    assert through(store, [day]) == [(day, "in-force:0")]


def test_one_edition_a_day_for_all_that_is_due(store: Store) -> None:
    other = named("G/SPS/N/EU/99", "EU")
    follow = Criteria(documents=(followed_as(POMELO), followed_as(other)))
    wishes.save(store, person("a", follow, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, other, morning(date(2026, 11, 18)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    (edition,) = run(store, morning(SEND_BY - timedelta(days=7)))
    assert [item.notice_key for item in edition.items] == [POMELO.key, other.key]


def test_a_reminder_is_no_news_and_news_are_no_reminder(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(SEND_BY - timedelta(days=8), 9))
    kinds = []
    for day in days(SEND_BY - timedelta(days=8), SEND_BY - timedelta(days=6)):
        stage.run(store, Hours(), {"sps": 15}, (), morning(day, 9))
        kinds = [one.kind for one in reversed(store.editions.newest())]
    assert kinds == ["weekly", "daily", "reminder"]  # the first for want of news
    key = store.subscribers.audiences()[0].key
    told = store.editions.told_all([key])[key]
    assert told == {(POMELO.key, 1)}


def test_the_newest_of_a_thread_holds(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    addendum = named(
        f"{POMELO.key}/Add.1", "EU", thread=POMELO.thread, follows=POMELO.key, type="addendum",
        published_on=date(2026, 12, 1), comment_until=date(2027, 1, 29), in_force=Milestone(),
    )  # fmt: skip
    accept(store, addendum, morning(date(2026, 12, 2)))
    later = date(2027, 1, 14)
    found = through(store, days(date(2026, 12, 3), date(2027, 1, 31)))
    assert found == [(later - timedelta(days=n), f"send-by:{n}") for n in (30, 14, 7, 3, 1)]


def test_a_deadline_that_moved_is_reminded_of_anew_and_a_withdrawn_measure_no_more(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    through(store, days(date(2026, 12, 1), SEND_BY - timedelta(days=7)))
    change = Change(field="comment_until", before="2027-01-15", after="2027-01-29")
    moved = replace(POMELO, comment_until=date(2027, 1, 29))
    accept(store, moved, morning(date(2026, 12, 25)), changes=[change])
    assert [reason for _, reason in through(store, days(date(2026, 12, 26), date(2027, 1, 10)))] == [
        "send-by:14",
        "send-by:7",
    ]
    gone = Change(field="stated_status", before="", after="withdrawn")
    accept(store, replace(moved, stated_status="withdrawn"), morning(date(2027, 1, 10), 9), changes=[gone])
    assert through(store, days(date(2027, 1, 11), date(2027, 1, 14))) == []


def test_who_changes_wishes_is_not_reminded_twice(store: Store) -> None:
    wishes.save(store, person("a", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    wishes.save(store, person("b", FOLLOW, since=date(2026, 11, 1)), morning(date(2026, 11, 1)))
    accept(store, POMELO, morning(date(2026, 11, 18)))
    at = SEND_BY - timedelta(days=7)
    (edition,) = run(store, morning(at))
    assert readers(store, edition) == ["a", "b"]
    fish = Criteria(sectors=("seafood",))
    wishes.save(store, person("a", FOLLOW, fish, since=date(2026, 11, 1)), morning(at, 9))
    assert [(day, reason) for day, reason in through(store, days(at, SEND_BY - timedelta(days=2)))] == [
        (SEND_BY - timedelta(days=3), "send-by:3")
    ] * 2


def test_offices_hear_when_their_procedures_must_follow(store: Store) -> None:
    joined = date(2026, 11, 1)
    wishes.save(store, person("office", LAW, since=joined, office=True), morning(joined))
    wishes.save(store, person("firm", LAW, since=joined), morning(joined))
    fish = Criteria(sectors=("seafood",))
    wishes.save(store, person("other office", fish, since=joined, office=True), morning(joined))
    accept(store, CIRCULAR, morning(date(2026, 11, 12)))
    found = through(store, days(date(2026, 11, 13), date(2027, 4, 20)))
    assert found == [(date(2027, 3, 2), "procedures:30"), (date(2027, 4, 1), "procedures:0")]
    edition = store.editions.newest("reminder")[0]
    assert readers(store, edition) == ["office"]


def test_three_months_end_on_the_last_day_of_a_shorter_one() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 1), 3) == date(2027, 3, 1)
    assert months_after(date(2027, 9, 30), 3) == date(2027, 12, 30)
