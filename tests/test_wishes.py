"""Wishes are changed without loss: nothing pending is lost, nothing is told twice, nothing old comes with them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import POMELO, accept, named, subscriber
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tbt_watch.deliver.message import numbered
from tbt_watch.digest import stage, wishes
from tbt_watch.digest import wishes as wishes_room
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.notice import Change
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.work import Decision
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry

FRUIT, FISH = Criteria(sectors=("fresh-produce",)), Criteria(sectors=("seafood",))
LEAD = {"tbt": 15, "sps": 15}


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026, in Viet Nam's time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


JOINED = hanoi(9, 9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def run(store: Store, now: datetime) -> None:
    stage.run(store, Hours(), LEAD, (), now)


def told(store: Store, address: str) -> list[str]:
    """What this subscriber was told, in order."""
    ours = sorted(one.edition_id for one in store.deliveries.newest() if one.address == address)
    return [item.notice_key for number in ours for item in store.editions.get(number).items]


def person(address: str, *criteria: Criteria, often: Any = "daily", since: datetime = JOINED) -> Subscriber:
    return subscriber(address, *((one, often) for one in criteria), since=since)


def test_what_waits_for_the_weekly_edition_survives_a_change_after_an_instant_one(store: Store) -> None:
    """An instant edition for an emergency ends after what the weekly edition still has to tell."""
    wishes.save(store, person("a", FRUIT, often="weekly"), hanoi(9, 9))
    accept(store, POMELO, hanoi(17, 9))
    accept(store, named("G/SPS/N/CHL/830", "CHL", emergency=True), hanoi(18, 9))
    run(store, hanoi(18, 10))
    assert told(store, "a") == ["G/SPS/N/CHL/830"]
    wishes.save(store, person("a", FRUIT, FISH, often="weekly"), hanoi(18, 11))
    run(store, hanoi(23, 8))
    assert told(store, "a") == ["G/SPS/N/CHL/830", POMELO.key]


def test_a_new_wish_brings_nothing_old(store: Store) -> None:
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    accept(store, named("G/SPS/N/EU/7", "EU"), hanoi(19, 9), sectors=["seafood"])
    wishes.save(store, person("a", FRUIT, FISH), hanoi(19, 10))
    accept(store, named("G/SPS/N/EU/8", "EU"), hanoi(19, 11), sectors=["seafood"])
    run(store, hanoi(20, 8))
    assert told(store, "a") == ["G/SPS/N/EU/8"]


def test_who_waits_for_something_else_is_an_audience_of_its_own(store: Store) -> None:
    """The others follow the same, and were told already what the newcomer still waits for."""
    wishes.save(store, person("b", FRUIT), hanoi(9, 9))
    wishes.save(store, person("a", FRUIT, FISH, often="weekly"), hanoi(9, 9))
    accept(store, POMELO, hanoi(19, 9))
    run(store, hanoi(20, 8))
    wishes.save(store, person("a", FRUIT), hanoi(20, 9))
    keys = sorted(store.subscribers.members())
    assert keys == [person("b", FRUIT).audience, f"{person('b', FRUIT).audience}-2"]
    run(store, hanoi(21, 8))
    assert (told(store, "a"), told(store, "b")) == ([POMELO.key], [POMELO.key])
    wishes.save(
        store, person("c", FRUIT), hanoi(21, 9)
    )  # nobody waits for anything: one audience with the first
    assert [[one.address for one in some] for _, some in sorted(store.subscribers.members().items())] == [
        ["b", "c"],
        ["a"],
    ]


def test_a_newcomer_is_not_told_what_others_still_wait_for(store: Store) -> None:
    wishes.save(store, person("b", FRUIT), hanoi(9, 9))
    accept(store, POMELO, hanoi(19, 9))
    wishes.save(store, person("c", FRUIT, since=hanoi(19, 10)), hanoi(19, 10))
    run(store, hanoi(20, 8))
    assert (told(store, "b"), told(store, "c")) == ([POMELO.key], [])


def test_another_language_or_hour_loses_nothing(store: Store) -> None:
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    accept(store, POMELO, hanoi(19, 9))
    wishes.save(store, replace(person("a", FRUIT), lang="en"), hanoi(19, 10))
    late = (Subscription(criteria=FRUIT, frequency="daily", at=time(17, 0)),)
    wishes.save(store, replace(person("a"), lang="en", subscriptions=late), hanoi(19, 11))
    run(store, hanoi(19, 16, 59))
    assert told(store, "a") == []
    run(store, hanoi(19, 17))
    assert told(store, "a") == [POMELO.key]


def test_whoever_was_paused_begins_today(store: Store) -> None:
    wishes.save(store, replace(person("a", FRUIT), pause="prepared"), hanoi(9, 9))
    accept(store, POMELO, hanoi(18, 9))
    wishes.save(store, person("a", FRUIT), hanoi(19, 9))
    accept(store, named("G/SPS/N/EU/8", "EU"), hanoi(19, 10))
    run(store, hanoi(20, 8))
    assert told(store, "a") == ["G/SPS/N/EU/8"]


def test_what_waited_through_a_pause_is_written_anew_or_called_off(store: Store) -> None:
    """A text that says "12 days left" must not go out when these have gone by."""
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    accept(store, POMELO, hanoi(10, 9))
    accept(store, named("G/SPS/N/EU/7", "EU", comment_until=None), hanoi(11, 9))
    for day in (11, 12):
        run(store, hanoi(day, 7))
        for one in store.deliveries.unrendered():
            store.deliveries.render(one.id, numbered(["còn 12 ngày"]), hanoi(day, 7))
    wishes.save(store, replace(person("a", FRUIT), pause="asked"), hanoi(12, 8))
    assert store.deliveries.due(hanoi(12, 8)) == []
    wishes.save(store, person("a", FRUIT), hanoi(28, 8))
    newer, older = store.deliveries.newest()
    assert (older.state, older.parts) == ("PENDING", ())  # comments are still taken
    assert (newer.state, newer.why) == ("FAILED", "it was no news any more when the pause ended")
    assert [one.id for one in store.deliveries.unrendered()] == [older.id]


def test_the_place_of_who_cannot_be_reached_is_kept(store: Store) -> None:
    """Somebody else who wishes the same begins beside it, and not in its place."""
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    number = store.subscribers.all()[0].id or 0
    assert store.subscribers.strike(number, hanoi(9, 10), 1, 0)
    accept(store, POMELO, hanoi(10, 9))
    wishes.save(store, person("b", FRUIT, since=hanoi(11, 9)), hanoi(11, 9))
    store.subscribers.save(replace(person("c", FRUIT, since=hanoi(11, 10)), pause="asked"))
    store.subscribers.revive("pretend", "a", hanoi(12, 9))
    run(store, hanoi(13, 7))
    assert (told(store, "a"), told(store, "b")) == ([POMELO.key], [])


def test_what_is_let_go_again_or_corrected_is_no_news_to_new_wishes(store: Store) -> None:
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    at = accept(store, POMELO, hanoi(17, 9))
    run(store, hanoi(18, 8))
    wishes.save(store, person("a", FRUIT, FISH), hanoi(18, 9))
    for hour, state in ((10, "held"), (11, "accepted")):
        decision = Decision(state=state, by="Lan", at=hanoi(18, hour))  # type: ignore[arg-type]
        store.notices.decide(at, decision, 1)
    run(store, hanoi(19, 8))
    assert told(store, "a") == [POMELO.key]


def test_what_became_one_notice_is_still_owed(store: Store) -> None:
    """Two sources told of one measure; what the subscriber waits for goes over to the notice that is kept."""
    wishes.save(store, person("a", FRUIT), hanoi(9, 9))
    accept(store, POMELO, hanoi(19, 9), sectors=["seafood"])
    twin = named("G/SPS/N/EU/7", "EU")
    accept(store, twin, hanoi(19, 9))
    wishes.save(store, person("a", FRUIT, often="weekly"), hanoi(19, 10))
    ids = tuple(store.notices.get(key)[0].id for key in (POMELO.key, twin.key))
    store.notices.put([replace(_entry(hanoi(19, 11)), ids=ids)], hanoi(19, 11))
    store.notices.translated({ids[0]: ()}, hanoi(19, 11))
    accept(store, POMELO, hanoi(19, 9))
    run(store, hanoi(23, 8))
    assert told(store, "a") == [POMELO.key]


def _entry(now: datetime) -> Entry:
    return Entry(ids=(), notice=POMELO, records=(), seen_at=now, source="eping_web")


SECTORS = ("fresh-produce", "seafood", "beverages")
WISHES = st.lists(
    st.tuples(
        st.sets(st.sampled_from(SECTORS), min_size=1, max_size=2),
        st.sampled_from(["instant", "daily", "weekly"]),
    ),
    min_size=1, max_size=2,
)  # fmt: skip
PEOPLE = ("a", "b", "c")


class Changes(RuleBasedStateMachine):
    """Any sequence of acceptances, new versions, holds, editions and changes of wishes, against what should come."""

    folder: Path
    database: bytes

    def __init__(self) -> None:
        super().__init__()
        for rest in ("", "-wal", "-shm"):
            self.folder.joinpath(f"store.db{rest}").unlink(missing_ok=True)
        self.folder.joinpath("store.db").write_bytes(self.database)
        self.store = Store.open(self.folder / "store.db")
        self.now = hanoi(2, 8)
        self.wishes: dict[str, set[str]] = {}
        self.sector: dict[str, str] = {}
        self.waiting: dict[str, set[str]] = {address: set() for address in PEOPLE}
        self.seen = 0

    def _later(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    @initialize(wishes=WISHES)
    def begin(self, wishes: list[tuple[set[str], Any]]) -> None:
        for address in PEOPLE[:2]:
            self.change(address, wishes)

    @rule(address=st.sampled_from(PEOPLE), wishes=WISHES)
    def change(self, address: str, wishes: list[tuple[set[str], Any]]) -> None:
        now = self._later()
        one = subscriber(
            address, *((Criteria(sectors=tuple(sorted(some))), often) for some, often in wishes), since=now
        )
        wishes_room.save(self.store, one, now)
        self.wishes[address] = set().union(*(some for some, _ in wishes))
        self.waiting[address] = {
            key for key in self.waiting[address] if self.sector[key] in self.wishes[address]
        }

    @rule(sector=st.sampled_from(SECTORS), urgent=st.booleans())
    def accepted(self, sector: str, urgent: bool) -> None:
        key = f"G/SPS/N/EU/{len(self.sector) + 1}"
        accept(self.store, named(key, "EU", emergency=urgent), self._later(), sectors=[sector])
        self._expect(key, sector)

    def _expect(self, key: str, sector: str) -> None:
        self.sector[key] = sector
        for address, sectors in self.wishes.items():
            if sector in sectors:
                self.waiting[address].add(key)

    @rule(number=st.integers(1, 20), staff=st.booleans())
    def another_version(self, number: int, staff: bool) -> None:
        if number > len(self.sector):
            return
        key = f"G/SPS/N/EU/{number}"
        changes = [Change(field="comment_until", before="a", after=str(self.now))]
        notice = named(key, "EU", sources=("staff",) if staff else ("eping_web",))
        accept(self.store, notice, self._later(), sectors=[self.sector[key]], changes=changes)
        if not staff:
            self._expect(key, self.sector[key])

    @rule(number=st.integers(1, 20))
    def held_and_let_go(self, number: int) -> None:
        if number > len(self.sector):
            return
        (found,) = self.store.notices.get(f"G/SPS/N/EU/{number}")
        for state in ("held", "accepted"):
            decision = Decision(state=state, by="Lan", at=self._later())  # type: ignore[arg-type]
            self.store.notices.decide(found.id, decision, found.version)

    @rule(minutes=st.sampled_from([1, 60, 300, 1440, 3 * 1440]))
    def pass_of_the_stages(self, minutes: int) -> None:
        run(self.store, self._later(minutes))
        self._look()

    def _look(self) -> None:
        """Whatever came was waited for, and nobody waits for it any more."""
        came: Counter[tuple[str, str]] = Counter()
        for delivery in self.store.deliveries.newest():
            if delivery.id > self.seen and delivery.edition_kind in ("instant", "daily", "weekly"):
                for item in self.store.editions.get(delivery.edition_id).items:
                    came[delivery.address, item.notice_key] += 1
        self.seen = max([one.id for one in self.store.deliveries.newest(limit=1)], default=0)
        for (address, key), times in came.items():
            assert times == 1, f"{address} got {key} {times} times"
            assert key in self.waiting[address], f"{address} got {key}, which is old or was told before"
            self.waiting[address].remove(key)

    def teardown(self) -> None:
        try:
            run(self.store, self._later(10 * 1440))
            self._look()
            assert not any(self.waiting.values()), f"never told: {self.waiting}"
        finally:
            self.store.close()


def test_wishes_in_any_order(tmp_path: Path, empty_database: bytes) -> None:
    machine = type("Machine", (Changes,), {"folder": tmp_path, "database": empty_database})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
