"""Who gets what: audiences begin and go on, an edition is composed once, a delivery is sent once."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import raws
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tbt_watch.deliver.message import numbered
from tbt_watch.domain.edition import Delivery
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.work import Issue
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store import Store

KEY = "G/TBT/N/USA/2211"
LEASE = 60


def later(now: datetime, **by: float) -> datetime:
    return now + timedelta(**by)


def composed(
    store: Store, now: datetime, *people: Subscriber, texts: tuple[str, ...] = ("một", "hai")
) -> list[int]:
    """Save subscribers of one audience, tell them a notice, render; the ids of the deliveries."""
    for person in people:
        store.subscribers.save(person)
    if not store.notices.get(KEY):
        raws.accept(store, now, *raws.put(store, now, raws.notice(KEY)))
    number = store.editions.compose(raws.edition(people[0], now, (KEY, 1)), now)
    assert number is not None
    ids = [one.id for one in store.deliveries.unrendered() if one.edition_id == number]
    for delivery_id in ids:
        store.deliveries.render(delivery_id, numbered(texts), now)
    return ids


# ── Subscribers and audiences ───────────────────────────────────────────────────────────────────────────


def test_a_subscriber_is_its_channel_and_address_and_keeps_the_day_of_joining(
    store: Store, now: datetime
) -> None:
    first = store.subscribers.save(raws.subscriber(now, name="Cũ"))
    again = store.subscribers.save(raws.subscriber(later(now, days=9), name="Mới", lang="en"))
    assert first == again
    (only,) = store.subscribers.all()
    assert (only.name, only.lang, only.since, only.id) == ("Mới", "en", now, first)
    assert only.subscriptions == raws.subscriber(now).subscriptions
    assert store.subscribers.save(raws.subscriber(now, address="other")) != first


def test_an_audience_is_everyone_who_follows_the_same(store: Store, now: datetime) -> None:
    for address, lang in (("a", "vi"), ("b", "vi"), ("c", "en")):
        store.subscribers.save(raws.subscriber(now, address, lang=lang))
    store.subscribers.save(raws.subscriber(now, "d", frequency="weekly"))
    assert len(store.subscribers.audiences()) == 3
    assert {one.since for one in store.subscribers.audiences()} == {now}


def test_who_joins_an_audience_that_everyone_left_begins_today(store: Store, now: datetime) -> None:
    store.subscribers.remove(store.subscribers.save(raws.subscriber(now)))
    assert store.subscribers.audiences() == []
    store.subscribers.save(raws.subscriber(later(now, days=400), "next"))
    (audience,) = store.subscribers.audiences()
    assert audience.since == later(now, days=400)


def test_who_joins_others_does_not_move_where_they_stand(store: Store, now: datetime) -> None:
    store.subscribers.save(raws.subscriber(now))
    store.subscribers.save(raws.subscriber(later(now, days=400), "next"))
    store.subscribers.save(raws.subscriber(later(now, days=500), "next"))
    assert [one.since for one in store.subscribers.audiences()] == [now]


def test_a_paused_subscriber_gets_nothing(store: Store, now: datetime) -> None:
    ids = composed(store, now, raws.subscriber(now), raws.subscriber(now, "b", pause="asked"))
    assert [store.deliveries.get(one).address for one in ids] == ["box"]
    store.subscribers.save(raws.subscriber(now, pause="asked"))
    assert store.subscribers.audiences() == []


def test_a_removed_subscriber_gets_nothing_more_and_the_ledger_stays(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now))
    (person,) = store.subscribers.all()
    assert person.id is not None
    assert store.deliveries.claim(delivery_id, 1, now, LEASE)
    store.subscribers.remove(person.id)
    assert store.deliveries.due(now) == []
    assert not store.deliveries.claim(delivery_id, 2, now, LEASE)
    assert (
        store.deliveries.record(delivery_id, 1, "PENDING", now) == "FAILED"
    )  # was on its way; not tried again
    found = store.deliveries.get(delivery_id)
    assert (found.subscriber, found.why) == ("", "subscriber removed")
    with pytest.raises(UsageError, match="was removed"):
        store.deliveries.resend(delivery_id, now)
    with pytest.raises(NotFoundError, match="no subscriber 99"):
        store.subscribers.remove(99)


def test_nothing_kept_says_who_was_removed(store: Store, now: datetime) -> None:
    """Neither the name nor the address: in issues, in what the other side answered, in ids of messages."""
    (delivery_id,) = composed(store, now, raws.subscriber(now, "-100555"))
    (person,) = store.subscribers.all()
    for key in (f"subscriber {person.id}", f"delivery {delivery_id}", "delivery 99"):
        about = f"{person.name} cannot be reached at -100555."
        store.issues.open(
            Issue(source="deliver", key=key, kind="delivery-failed", message=about, todo=about, opened_at=now)
        )
    assert store.deliveries.claim(delivery_id, 1, now, LEASE)
    store.deliveries.record(delivery_id, 1, "SENT", now, message_id="17")
    store.deliveries.move_address(person.channel, "-100555", "-200")
    assert store.deliveries.claim(delivery_id, 2, now, LEASE)
    store.deliveries.record(delivery_id, 2, "FAILED", now, why="550 <-100555> is no mailbox")
    store.subscribers.remove(person.id or 0)
    found = store.deliveries.get(delivery_id)
    assert (found.state, found.why) == ("FAILED", "subscriber removed")
    assert [(one.state, one.message_id) for one in found.parts] == [("SENT", None), ("FAILED", None)]
    (other,) = store.issues.open_list()
    assert other.key == "delivery 99"  # of somebody else
    with closing(sqlite3.connect(store.path)) as database:
        database.execute("DELETE FROM issue WHERE key = 'delivery 99'")
        whole = "\n".join(database.iterdump())
    assert person.name not in whole
    assert "-100555" not in whole


# ── Editions ────────────────────────────────────────────────────────────────────────────────────────────


def test_composing_twice_is_composing_once(store: Store, now: datetime) -> None:
    person = raws.subscriber(now)
    composed(store, now, person)
    assert store.editions.compose(raws.edition(person, later(now, days=1), (KEY, 1)), now) is None
    assert len(store.editions.newest()) == 1
    assert len(store.deliveries.newest()) == 1
    assert store.editions.told_all([person.audience])[person.audience] == {(KEY, 1)}


def test_what_was_told_is_the_same_asked_of_few_and_of_many(store: Store, now: datetime) -> None:
    """They are looked up in two ways, by audience and by notice."""
    person = raws.subscriber(now)
    composed(store, now, person)
    others = [f"another-{number}" for number in range(200)]
    for since, told in ((now, {person.audience: {(KEY, 1)}}), (later(now, days=1), {})):
        assert store.editions.told_all([person.audience], since) == told
        assert store.editions.told_all([person.audience, *others], since) == told
        assert store.editions.told_all(others, since) == {}


def test_what_was_told_is_left_out_and_a_new_version_is_told(store: Store, now: datetime) -> None:
    person = raws.subscriber(now)
    composed(store, now, person)
    raws.put(store, now, raws.notice("G/TBT/N/USA/9"))
    number = store.editions.compose(
        raws.edition(person, later(now, days=1), (KEY, 1), ("G/TBT/N/USA/9", 1)), now
    )
    assert number is not None
    assert [one.notice_key for one in store.editions.get(number).items] == ["G/TBT/N/USA/9"]
    assert store.editions.compose(raws.edition(person, later(now, days=2), (KEY, 2)), now) is not None
    assert store.editions.told_all([person.audience])[person.audience] == {
        (KEY, 1),
        (KEY, 2),
        ("G/TBT/N/USA/9", 1),
    }


def test_what_was_told_belongs_to_the_audience(store: Store, now: datetime) -> None:
    one, other = raws.subscriber(now), raws.subscriber(now, "b", frequency="weekly")
    composed(store, now, one)
    composed(store, now, other)
    assert store.editions.told_all() == {one.audience: {(KEY, 1)}, other.audience: {(KEY, 1)}}


def test_who_was_last_told_what_is_asked_of_late_editions_only(store: Store, now: datetime) -> None:
    one, other = raws.subscriber(now), raws.subscriber(now, "b", frequency="weekly")
    composed(store, now, one)
    later = now + timedelta(days=30)
    composed(store, later, other)
    (last,) = store.editions.last_told(now).keys() - {one.audience}
    assert store.editions.last_told(now)[one.audience] <= now
    assert set(store.editions.last_told(later)) == {last} == {other.audience}
    assert store.editions.last_told(later + timedelta(days=1)) == {}


def test_a_notice_that_was_merged_away_meanwhile_is_no_fault(store: Store, now: datetime) -> None:
    person = raws.subscriber(now)
    store.subscribers.save(person)
    raws.put(store, now, raws.notice(KEY))
    gone = raws.edition(person, now, ("G/TBT/N/USA/404", 1))
    assert store.editions.compose(gone, now) is None
    number = store.editions.compose(raws.edition(person, now, ("G/TBT/N/USA/404", 1), (KEY, 1)), now)
    assert number is not None
    assert [one.notice_key for one in store.editions.get(number).items] == [KEY]
    with pytest.raises(NotFoundError, match="no edition 99"):
        store.editions.get(99)


def test_the_join_takes_what_is_accepted_and_news(store: Store, now: datetime) -> None:
    ages = {
        "G/TBT/N/USA/1": "FRESH",
        "G/TBT/N/USA/2": "LATE",
        "G/TBT/N/USA/3": "LATE",
        "G/TBT/N/USA/4": "ARCHIVE",
    }
    ids = [raws.put(store, now, raws.notice(key), age=age)[0] for key, age in ages.items()]
    raws.put(store, now, raws.notice("G/TBT/N/USA/5"))
    raws.accept(store, now, *ids)
    store.notices.announce(ids[2:3])
    assert [one.notice.key for one in store.editions.tellable(now)] == ["G/TBT/N/USA/1", "G/TBT/N/USA/3"]
    assert store.editions.tellable(later(now, seconds=1)) == []
    assert store.editions.late() == {ids[1], ids[2]}


# ── Deliveries ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_is_rendered_once(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now), texts=("một", "hai"))
    store.deliveries.render(delivery_id, numbered(["khác"]), now)
    assert [(one.number, one.text) for one in store.deliveries.get(delivery_id).parts] == [
        (1, "một"),
        (2, "hai"),
    ]
    assert store.deliveries.unrendered() == []


def test_parts_go_in_their_order_each_claimed_before_it_is_sent(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now))
    claim, record = store.deliveries.claim, store.deliveries.record
    assert not claim(delivery_id, 2, now, LEASE)  # part 1 has not arrived
    assert claim(delivery_id, 1, now, LEASE)
    assert not claim(delivery_id, 1, now, LEASE)  # taken
    assert store.deliveries.due(now) == []  # in flight
    assert record(delivery_id, 1, "SENT", now, message_id="m1") == "PENDING"
    assert not claim(delivery_id, 1, now, LEASE)  # sent
    assert store.notices.get(KEY)[0].first_sent_at is None
    assert claim(delivery_id, 2, now, LEASE)
    assert record(delivery_id, 2, "SENT", later(now, seconds=1), message_id="m2") == "SENT"
    found = store.deliveries.get(delivery_id)
    assert [one.message_id for one in found.parts] == ["m1", "m2"]
    assert (found.state, found.attempts) == ("SENT", 2)
    assert store.notices.get(KEY)[0].first_sent_at == later(now, seconds=1)
    assert not claim(delivery_id, 3, now, LEASE)


def test_a_retry_waits_for_its_time(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now))
    store.deliveries.claim(delivery_id, 1, now, LEASE)
    retry = later(now, minutes=5)
    assert store.deliveries.record(delivery_id, 1, "PENDING", now, why="slow", retry_at=retry) == "PENDING"
    assert store.deliveries.due(later(now, minutes=4)) == []
    assert [one.id for one in store.deliveries.due(retry)] == [delivery_id]
    assert store.deliveries.due(retry, channel="telegram") == []


def test_a_claim_that_ran_out_is_uncertain_and_only_a_person_sends_it_again(
    store: Store, now: datetime
) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now))
    store.deliveries.claim(delivery_id, 1, now, LEASE)
    assert store.deliveries.sweep(later(now, seconds=LEASE)) == []
    assert store.deliveries.sweep(later(now, seconds=LEASE + 1)) == [delivery_id]
    assert store.deliveries.sweep(later(now, days=1)) == []
    assert store.deliveries.get(delivery_id).state == "UNCERTAIN"
    assert store.deliveries.due(later(now, days=1)) == []
    assert store.deliveries.resend(delivery_id, now).state == "PENDING"
    assert store.deliveries.claim(delivery_id, 1, now, LEASE)
    with pytest.raises(UsageError, match="is PENDING"):
        store.deliveries.resend(delivery_id, now)
    with pytest.raises(NotFoundError, match="no delivery 99"):
        store.deliveries.resend(99, now)


def test_sending_again_leaves_what_arrived(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now))
    for number, state in ((1, "SENT"), (2, "FAILED")):
        store.deliveries.claim(delivery_id, number, now, LEASE)
        store.deliveries.record(delivery_id, number, state, now, message_id=str(number))  # type: ignore[arg-type]
    assert store.deliveries.newest("FAILED")[0].id == delivery_id
    assert [one.state for one in store.deliveries.resend(delivery_id, now).parts] == ["SENT", "PENDING"]


def test_instant_ones_go_first(store: Store, now: datetime) -> None:
    person = raws.subscriber(now)
    (daily,) = composed(store, now, person)
    raws.put(store, now, raws.notice("G/TBT/N/USA/9"))
    urgent = raws.edition(person, now, ("G/TBT/N/USA/9", 1))
    store.editions.compose(replace(urgent, kind="instant"), now)
    (instant,) = [one.id for one in store.deliveries.unrendered()]
    store.deliveries.render(instant, numbered(["gấp"]), now)
    assert [one.id for one in store.deliveries.due(now)] == [instant, daily]


def test_a_chat_that_moved_is_known_by_its_new_number(store: Store, now: datetime) -> None:
    (delivery_id,) = composed(store, now, raws.subscriber(now, "-100", channel="telegram"))
    store.deliveries.move_address("telegram", "-100", "-200")
    assert store.deliveries.get(delivery_id).address == "-200"
    store.subscribers.save(raws.subscriber(now, "-300", channel="telegram"))
    store.deliveries.move_address("telegram", "-200", "-300")
    assert {one.address: one.paused for one in store.subscribers.all()} == {"-200": True, "-300": False}


class Outbox(RuleBasedStateMachine):
    """Any order of claims, outcomes, sweeps and resends: nothing is sent twice without a person's word."""

    folder: Path
    database: bytes

    def __init__(self) -> None:
        super().__init__()
        self.folder.joinpath("store.db").unlink(missing_ok=True)
        for rest in ("-wal", "-shm"):
            self.folder.joinpath(f"store.db{rest}").unlink(missing_ok=True)
        self.folder.joinpath("store.db").write_bytes(self.database)
        self.store = Store.open(self.folder / "store.db")
        self.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
        self.flying: dict[int, datetime] = {}
        self.sends: Counter[int] = Counter()
        self.resent = 0

    @initialize()
    def begin(self) -> None:
        (self.id,) = composed(self.store, self.now, raws.subscriber(self.now), texts=("1", "2", "3"))

    @property
    def delivery(self) -> Delivery:
        return self.store.deliveries.get(self.id)

    @rule(number=st.integers(1, 3))
    def claim(self, number: int) -> None:
        before = self.delivery
        free = (
            before.state == "PENDING"
            and before.parts[number - 1].state == "PENDING"
            and number not in self.flying
        )
        arrived = all(one.state == "SENT" for one in before.parts[: number - 1])
        assert self.store.deliveries.claim(self.id, number, self.now, LEASE) == (free and arrived)
        if free and arrived:
            self.flying[number] = self.now + timedelta(seconds=LEASE)
            self.sends[number] += 1

    @precondition(lambda self: self.flying)
    @rule(
        state=st.sampled_from(["SENT", "PENDING", "UNCERTAIN", "FAILED", "BLOCKED"]), wait=st.integers(0, 90)
    )
    def record(self, state: Any, wait: int) -> None:
        number = self.flying.popitem()[0]
        retry = self.now + timedelta(seconds=wait)
        whole = self.store.deliveries.record(self.id, number, state, self.now, retry_at=retry)
        assert whole == self.delivery.state
        assert self.delivery.parts[number - 1].state == state

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        lost = [number for number, until in self.flying.items() if until < self.now]
        assert self.store.deliveries.sweep(self.now) == ([self.id] if lost else [])
        for number in lost:
            del self.flying[number]
            assert self.delivery.parts[number - 1].state == "UNCERTAIN"

    @precondition(lambda self: not self.flying)
    @rule()
    def resend(self) -> None:
        if self.delivery.state in ("FAILED", "UNCERTAIN", "BLOCKED"):
            assert self.store.deliveries.resend(self.id, self.now).state == "PENDING"
            self.resent += 1
        else:
            with pytest.raises(UsageError):
                self.store.deliveries.resend(self.id, self.now)

    @invariant()
    def the_whole_is_its_parts(self) -> None:
        states = {one.state for one in self.delivery.parts}
        worst = next((one for one in ("BLOCKED", "FAILED", "UNCERTAIN", "PENDING") if one in states), "SENT")
        assert self.delivery.state == worst
        sent = self.store.notices.get(KEY)[0].first_sent_at
        assert (sent is not None) == (worst == "SENT")

    @invariant()
    def at_most_one_part_flies_and_only_what_flies_is_not_due(self) -> None:
        assert len(self.flying) <= 1
        due = self.store.deliveries.due(self.now + timedelta(days=1))
        assert bool(due) == (self.delivery.state == "PENDING" and not self.flying)

    def teardown(self) -> None:
        self.store.close()


def test_the_outbox_in_any_order(tmp_path: Path, empty_database: bytes) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    machine = type("Machine", (Outbox,), {"folder": tmp_path, "database": empty_database})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )


# ── Who follows a measure ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", ["QCVN 19:2019/BKHCN", "QCVN 19:2019", "QCVN 19:2019/BKHCN|bo-khoa-hoc-va-cong-nghe|2019-11-15"]
)
def test_a_follower_counts_by_whatever_name_the_measure_is_followed(
    store: Store, now: datetime, name: str
) -> None:
    key = "QCVN 19:2019/BKHCN|bo-khoa-hoc-va-cong-nghe|2019-11-15"
    number = key.partition("|")[0]
    law = Notice(
        key=key, kind="regulation", area="VN", type="QCVN", symbols=(number,), thread=number, language="vi",
        members=("Bộ Khoa học và Công nghệ",), title="Quy chuẩn kỹ thuật quốc gia", sources=("congbao",),
    )  # fmt: skip
    (at,) = raws.put(store, now, law)
    person = raws.subscriber(now)
    wish = Subscription(criteria=Criteria(documents=(name,)), frequency="instant")
    store.subscribers.save(replace(person, subscriptions=(wish,)))
    assert store.taps.counts([at])[at].following == 1
    assert set(store.taps.all()) == {at}
