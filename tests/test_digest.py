"""When editions are due and what stands in them, against a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import CIRCULAR, POMELO, accept, dossier, named, tags
from cast import subscriber as any_subscriber
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.digest import stage
from tbt_watch.digest.calendar import Hours, Slot
from tbt_watch.digest.preview import preview
from tbt_watch.domain.edition import Edition
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.notice import Change
from tbt_watch.domain.subscriber import WEEKDAYS, Criteria, Frequency, Subscriber, Subscription
from tbt_watch.domain.work import Decision, Report
from tbt_watch.store import Store

HOURS = Hours()
LEAD = {"tbt": 15, "sps": 15}
FRUIT = Criteria(sectors=("fresh-produce",))


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026, in Viet Nam's time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


def subscriber(
    address: str, *wishes: tuple[Criteria, Frequency], since: datetime | None = None
) -> Subscriber:
    """One who joined too lately to be told that there is nothing new."""
    return any_subscriber(address, *wishes, since=since or hanoi(10, 9))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def run(store: Store, now: datetime, hours: Hours = HOURS) -> Report:
    return stage.run(store, hours, LEAD, (), now)


def editions(store: Store) -> list[Edition]:
    return list(reversed(store.editions.newest()))


def keys(edition: Edition) -> list[str]:
    return [item.notice_key for item in edition.items]


# ── The calendar ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "now", "last", "following"),
    [
        ("daily", hanoi(20, 9), hanoi(20, 7), hanoi(21, 7)),
        ("daily", hanoi(20, 7), hanoi(20, 7), hanoi(21, 7)),
        ("daily", hanoi(20, 6, 59), hanoi(19, 7), hanoi(20, 7)),
        ("weekly", hanoi(20, 9), hanoi(16, 7), hanoi(23, 7)),
        ("weekly", hanoi(16, 7), hanoi(16, 7), hanoi(23, 7)),
        ("weekly", hanoi(16, 6), hanoi(9, 7), hanoi(16, 7)),
        ("instant", hanoi(20, 9, 3), hanoi(20, 9, 3), hanoi(20, 9, 5)),
        ("instant", hanoi(20, 9, 5), hanoi(20, 9, 5), hanoi(20, 9, 10)),
        ("instant", hanoi(20, 22), hanoi(20, 21), hanoi(21, 6, 30)),
        ("instant", hanoi(21, 3), hanoi(20, 21), hanoi(21, 6, 30)),
        ("instant", hanoi(20, 20, 58), hanoi(20, 20, 58), hanoi(21, 6, 30)),
    ],
)
def test_due_moments(kind: Frequency, now: datetime, last: datetime, following: datetime) -> None:
    assert HOURS.last_due(Slot(kind), now) == last
    assert HOURS.next_due(Slot(kind), now) == following


def test_an_edition_set_into_the_quiet_hours_waits_for_their_end() -> None:
    late = Hours(daily=time(23, 0))
    assert late.last_due(Slot("daily"), hanoi(20, 9)) == hanoi(20, 6, 30)
    assert late.next_due(Slot("daily"), hanoi(20, 3)) == hanoi(20, 6, 30)
    assert Hours(daily=time(3, 0), quiet=(time(0, 0), time(0, 0))).next_due(
        Slot("daily"), hanoi(20, 2)
    ) == hanoi(20, 3)


SLOTS = st.one_of(
    st.just(Slot("instant")),
    st.builds(Slot, st.just("daily"), st.none() | st.times()),
    st.builds(Slot, st.just("weekly"), st.none() | st.times(), st.none() | st.sampled_from(WEEKDAYS)),
)


@given(
    SLOTS,
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.builds(Hours, daily=st.times(), weekly_day=st.sampled_from(["mon", "sun"]), weekly=st.times()),
)
def test_the_last_due_moment_is_never_ahead_and_the_next_never_quiet(
    slot: Slot, now: datetime, hours: Hours
) -> None:
    assert hours.last_due(slot, now) <= now < hours.next_due(slot, now)
    assert not hours.is_quiet(hours.next_due(slot, now))


def test_wrong_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="monday"):
        Hours(weekly_day="monday")
    with pytest.raises(ValueError, match="at least 1"):
        Hours(instant_minutes=0)


# ── Editions ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_daily_edition_takes_what_was_accepted_before_its_end_and_only_once(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily")))
    store.subscribers.save(subscriber("b", (FRUIT, "daily")))
    accept(store, POMELO, hanoi(19, 9))
    accept(store, named("G/SPS/N/EU/1235", "EU"), hanoi(20, 8))  # after seven: tomorrow's
    assert run(store, hanoi(20, 9)) == Report(stage="digest", done=1, counts=(("items", 1),))
    (edition,) = editions(store)
    assert (edition.kind, edition.until, keys(edition)) == ("daily", hanoi(20, 7), ["G/SPS/N/EU/1234"])
    assert edition.items[0].reason == "sector:fresh-produce"
    assert {one.address for one in store.deliveries.unrendered()} == {"a", "b"}
    assert run(store, hanoi(20, 9)).done == 0
    assert run(store, hanoi(21, 7)).done == 1
    assert keys(editions(store)[1]) == ["G/SPS/N/EU/1235"]


def test_a_missed_moment_is_made_good(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "weekly")))
    accept(store, POMELO, hanoi(13, 9))
    run(store, hanoi(19, 15))  # Monday's run did not happen
    assert editions(store)[0].until == hanoi(16, 7)


def test_nothing_goes_in_the_quiet_hours_but_what_is_urgent(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily")))
    store.subscribers.save(subscriber("b", (FRUIT, "instant")))
    accept(store, POMELO, hanoi(19, 20))
    emergency = named("G/SPS/N/CHL/830", "CHL", type="emergency", emergency=True, comment_until=None)
    accept(store, emergency, hanoi(20, 22))
    run(store, hanoi(20, 22))
    assert [(one.kind, keys(one)) for one in editions(store)] == [("instant", ["G/SPS/N/CHL/830"])] * 2
    run(store, hanoi(21, 6, 30))
    assert [(one.kind, keys(one)) for one in editions(store)[2:]] == [
        ("daily", ["G/SPS/N/EU/1234"]),
        ("instant", ["G/SPS/N/EU/1234"]),
    ]


def test_what_is_due_before_the_next_edition_goes_at_once(store: Store) -> None:
    """The weekly edition comes on Monday the 23rd; comments must be sent on Friday the 20th."""
    store.subscribers.save(subscriber("a", (FRUIT, "weekly")))
    store.subscribers.save(subscriber("b", (FRUIT, "daily")))
    soon = replace(POMELO, comment_until=date(2026, 12, 6))  # less 15 days: Saturday 21, so Friday 20
    accept(store, soon, hanoi(18, 9))
    accept(store, named("G/SPS/N/EU/7", "EU", comment_until=date(2026, 12, 8)), hanoi(18, 9))  # Monday 23
    accept(store, named("G/SPS/N/EU/8", "EU", comment_until=date(2026, 11, 17)), hanoi(18, 9))  # closed
    run(store, hanoi(18, 10))
    assert [(one.kind, keys(one)) for one in editions(store)] == [("instant", [soon.key])]
    run(store, hanoi(19, 7))
    assert [keys(one) for one in editions(store)[1:]] == [[soon.key, "G/SPS/N/EU/7", "G/SPS/N/EU/8"]]


def test_what_should_have_been_sent_already_goes_at_once(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily")))
    accept(store, replace(POMELO, comment_until=date(2026, 11, 25)), hanoi(20, 9))
    run(store, hanoi(20, 10))
    assert editions(store)[0].kind == "instant"


def test_what_is_urgent_stands_in_the_edition_that_is_due_at_that_moment(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily")))
    accept(store, replace(POMELO, comment_until=date(2026, 11, 25)), hanoi(20, 6, 59))
    accept(store, named("G/SPS/N/EU/7", "EU"), hanoi(20, 6, 59))
    run(store, hanoi(20, 7))
    assert [(one.kind, len(one.items)) for one in editions(store)] == [("daily", 2)]


def test_instant_subscribers_get_what_was_accepted_together(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "instant"), (Criteria(areas=("VN",)), "daily")))
    accept(store, POMELO, hanoi(20, 9))
    accept(store, CIRCULAR, hanoi(20, 9), sectors=())
    run(store, hanoi(20, 9, 5))
    assert [(one.kind, len(one.items)) for one in editions(store)] == [
        ("instant", 2)
    ]  # unsectored: general too


def test_each_item_comes_once_however_many_subscriptions_match(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily"), (Criteria(markets=("EU",)), "weekly")))
    accept(store, POMELO, hanoi(15, 9))
    run(store, hanoi(16, 8))
    assert [(one.kind, keys(one)) for one in editions(store)] == [("daily", [POMELO.key])]


def test_each_wish_has_its_hour_and_day(store: Store) -> None:
    """One audience: fish at 17:00, fruit at the office's hour, beverages on Thursdays at 9:00."""
    fish, beer = Criteria(sectors=("seafood",)), Criteria(sectors=("beverages",))
    mine = (
        Subscription(criteria=FRUIT, frequency="daily"),
        Subscription(criteria=fish, frequency="daily", at=time(17, 0)),
        Subscription(criteria=beer, frequency="weekly", at=time(9, 0), day="thu"),
    )
    store.subscribers.save(replace(subscriber("a"), subscriptions=mine))
    accept(store, POMELO, hanoi(18, 20))
    accept(store, named("G/SPS/N/EU/7", "EU"), hanoi(18, 20), sectors=["seafood"])
    accept(store, named("G/SPS/N/EU/8", "EU"), hanoi(18, 20), sectors=["seafood", "beverages"])
    accept(store, named("G/SPS/N/EU/9", "EU"), hanoi(18, 20), sectors=["beverages"])
    seen = []
    for hour in range(25):
        run(store, hanoi(19, 0) + timedelta(hours=hour))
        more = editions(store)[len(seen) :]
        seen += [(one.kind, one.until, sorted(key[-1] for key in keys(one))) for one in more]
    assert seen == [
        ("daily", hanoi(19, 7), ["4"]),
        ("weekly", hanoi(19, 9), ["8", "9"]),  # the 19th is a Thursday; what also stands in it is told once
        ("daily", hanoi(19, 17), ["7"]),
    ]


def test_an_hour_in_the_quiet_hours_waits_for_their_end(store: Store) -> None:
    mine = (Subscription(criteria=FRUIT, frequency="daily", at=time(23, 0)),)
    store.subscribers.save(replace(subscriber("a"), subscriptions=mine))
    accept(store, POMELO, hanoi(18, 22))
    assert run(store, hanoi(19, 6, 29)).done == 0
    assert run(store, hanoi(19, 6, 30)).done == 1


def test_a_new_audience_begins_at_its_subscription(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "instant"), since=hanoi(20, 8)))
    accept(store, POMELO, hanoi(20, 7))
    assert run(store, hanoi(20, 9)).done == 0
    assert run(store, hanoi(20, 9)) == Report(stage="digest")


def test_what_is_tagged_anew_after_months_is_no_news(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "instant"), since=hanoi(10, 9) - timedelta(days=365)))
    accept(store, POMELO, hanoi(20, 9) - timedelta(days=61), sectors=["seafood"])
    accept(store, named("G/SPS/N/EU/7", "EU"), hanoi(20, 9) - timedelta(days=59), sectors=["seafood"])
    for (found,) in (store.notices.get(key) for key in (POMELO.key, "G/SPS/N/EU/7")):
        store.tags.keep({found.id: tags("sector", "fresh-produce")}, [found])
        store.notices.put_back([found.id], "ACCEPTED")
    run(store, hanoi(20, 9))
    assert [keys(one) for one in editions(store) if one.items] == [["G/SPS/N/EU/7"]]


def test_only_versions_that_tell_are_told_and_the_newest_of_them(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "instant")))
    accept(store, POMELO, hanoi(18, 9))
    run(store, hanoi(18, 9))
    wording = [Change(field="summary", before="a", after="b")]
    accept(store, POMELO, hanoi(18, 10), changes=wording)
    assert run(store, hanoi(18, 10)).done == 0
    longer = [Change(field="comment_until", before="2027-01-15", after="2027-01-30")]
    accept(store, POMELO, hanoi(18, 11), changes=longer)
    accept(store, POMELO, hanoi(18, 12), changes=[Change(field="products", before="a", after="b")])
    accept(store, POMELO, hanoi(18, 13), changes=wording)
    assert run(store, hanoi(18, 14)).done == 1
    assert [item.version for one in editions(store) for item in one.items] == [1, 4]
    assert run(store, hanoi(18, 15)).done == 0


def test_items_stand_by_deadline_then_sector(store: Store) -> None:
    store.subscribers.save(subscriber("a", (Criteria(), "daily")))
    day = date(2027, 1, 15)
    accept(store, named("G/TBT/N/USA/1", "USA", comment_until=None), hanoi(19, 9))
    accept(store, named("G/TBT/N/USA/2", "USA", comment_until=day), hanoi(19, 9), sectors=["seafood"])
    accept(store, named("G/TBT/N/USA/3", "USA", comment_until=day), hanoi(19, 9), sectors=["beverages"])
    accept(store, named("G/TBT/N/USA/4", "USA", comment_until=date(2027, 1, 2)), hanoi(19, 9))
    accept(store, named("G/TBT/N/USA/5", "USA", comment_until=date(2026, 11, 1)), hanoi(19, 9), sectors=[])
    run(store, hanoi(20, 7))
    assert [key[-1] for key in keys(editions(store)[0])] == ["4", "3", "2", "1", "5"]


def test_no_edition_without_subscribers_or_items(store: Store) -> None:
    accept(store, POMELO, hanoi(19, 9))
    assert run(store, hanoi(20, 9)) == Report(stage="digest")
    store.subscribers.save(replace(subscriber("a", (FRUIT, "daily")), pause="asked"))
    store.subscribers.save(subscriber("b", (Criteria(sectors=("seafood",)), "daily")))
    assert run(store, hanoi(20, 9)) == Report(stage="digest")
    assert editions(store) == []


def test_what_a_person_rejected_is_not_told(store: Store) -> None:
    store.subscribers.save(subscriber("a", (FRUIT, "daily")))
    at = accept(store, POMELO, hanoi(19, 9))
    store.notices.decide(at, Decision(state="rejected", by="Lan", at=hanoi(19, 10)), 1)
    assert run(store, hanoi(20, 9)).done == 0


def test_a_preview_counts_and_shows_the_newest() -> None:
    now = hanoi(20, 9)
    made = [
        dossier(named(f"G/SPS/N/EU/{n}", "EU"), accepted_at=now - timedelta(days=n), number=n)
        for n in (5, 91, 1, 30, 89)
    ]
    shown = preview(FRUIT, made, now)
    assert (shown.count, [found.id for found, _ in shown.samples]) == (4, [1, 5, 30])
    assert shown.samples[0][1] == "sector:fresh-produce"
    assert (shown.breadth, shown.a_week) == ("", 0)


def crosswalk(digits: str) -> tuple[str, ...]:
    return (
        ("fresh-produce",) if digits.startswith("08") else ("machinery",) if digits.startswith("84") else ()
    )


@pytest.mark.parametrize(
    ("wish", "breadth"),
    [
        ({}, "broad"),
        ({"sectors": ("fresh-produce",)}, "broad"),
        ({"sectors": ("seafood",)}, "empty"),
        ({"words": ("chuối",)}, "empty"),
        ({"sectors": ("machinery",)}, "empty"),
        ({"sectors": ("machinery",), "areas": ("SPS",)}, "never"),
        ({"sectors": ("machinery",), "areas": ("SPS",), "words": ("chuối",)}, "empty"),
        ({"sectors": ("machinery", "fresh-produce"), "areas": ("SPS",)}, "broad"),
        ({"hs": ("8418",), "areas": ("SPS",)}, "never"),
        ({"hs": ("0302",), "areas": ("SPS",)}, "empty"),
        ({"words": ("…",)}, "never"),
        ({"hs": ("",)}, "never"),
        ({"documents": ("EU 2023/1115",)}, "empty"),
    ],
)
def test_a_preview_says_what_is_too_broad_or_could_never_come(wish: dict[str, Any], breadth: str) -> None:
    now = hanoi(20, 9)
    made = [
        dossier(named(f"G/SPS/N/EU/{n}", "EU"), accepted_at=now - timedelta(hours=n), number=n)
        for n in range(1, 262)  # more than twenty a week for ninety days
    ]
    assert preview(Criteria(**wish), made, now, sectors_of=crosswalk).breadth == breadth


def test_general_news_do_not_hide_that_nothing_else_could_come() -> None:
    now = hanoi(20, 9)
    unsorted = dossier(named("G/SPS/N/EU/7", "EU"), sectors=(), accepted_at=now)
    shown = preview(Criteria(sectors=("machinery",), areas=("SPS",)), [unsorted], now, sectors_of=crosswalk)
    assert (shown.count, shown.breadth) == (1, "never")


def test_a_preview_names_related_words_in_both_languages() -> None:
    known = {"chuối": {"vi": ("quả chuối",), "en": ("bananas",)}}
    criteria = Criteria(words=("chuối", "xyz"), sectors=("fresh-produce",))
    shown = preview(criteria, [], hanoi(20, 9), related_of=lambda word: known.get(word, {"vi": (), "en": ()}))
    assert shown.related == known
