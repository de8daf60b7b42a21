"""Corrections reach those who got the error, and nobody else; a week without news says so once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cast import POMELO, accept, named, subscriber

from tbt_watch import curate
from tbt_watch.deliver.message import numbered
from tbt_watch.digest import stage, wishes
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.edition import DeliveryState, Edition
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.notice import Change
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.domain.work import Decision
from tbt_watch.store import Store

FRUIT, FISH = Criteria(sectors=("fresh-produce",)), Criteria(sectors=("seafood",))


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026, in Viet Nam's time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def run(store: Store, now: datetime) -> list[Edition]:
    """The editions that a run composes."""
    before = {one.id for one in store.editions.newest()}
    stage.run(store, Hours(), {"tbt": 15, "sps": 15}, (), now)
    return [one for one in reversed(store.editions.newest()) if one.id not in before]


def readers(store: Store, edition: Edition) -> list[str]:
    return sorted(one.address for one in store.deliveries.newest() if one.edition_id == edition.id)


def write(store: Store, now: datetime) -> None:
    for one in store.deliveries.unrendered():
        store.deliveries.render(one.id, numbered(["tin"]), now)


def send(store: Store, now: datetime, states: dict[str, DeliveryState] | None = None) -> None:
    """Write and send whatever waits; an address may have another outcome than SENT."""
    write(store, now)
    for one in store.deliveries.due(now):
        state: Any = (states or {}).get(one.address, "SENT")
        assert store.deliveries.claim(one.id, 1, now, 60)
        store.deliveries.record(one.id, 1, state, now, message_id="m")


def person(address: str, *criteria: Criteria, often: Any = "daily") -> Subscriber:
    return subscriber(address, *((one, often) for one in criteria), since=hanoi(12, 9))


def amend(store: Store, now: datetime, text: str = "2027-01-31", field: str = "comment_until") -> None:
    """As an officer does it; then the stages bring the notice back to where it was."""
    (found,) = store.notices.get(POMELO.key)
    curate.amend_field(store, found, field, text, "Lan", now)
    (found,) = store.notices.get(POMELO.key)
    if found.state != "ACCEPTED":
        tags = found.tags
        store.notices.translated({found.id: ()}, now)
        store.tags.keep({found.id: tags}, [found])
        store.notices.decide(found.id, Decision(state="accepted", by="policy", at=now), found.version)


def test_exactly_those_who_received_it_are_told(store: Store) -> None:
    for address in ("sent", "uncertain", "failed", "left", "moved on", "asked for a pause"):
        wishes.save(store, person(address, FRUIT), hanoi(12, 9))
    wishes.save(store, person("weekly", FRUIT, often="weekly"), hanoi(12, 9))
    accept(store, POMELO, hanoi(19, 9))
    run(store, hanoi(20, 7))
    send(store, hanoi(20, 7, 1), {"uncertain": "UNCERTAIN", "failed": "FAILED"})
    store.subscribers.remove(next(one.id or 0 for one in store.subscribers.all() if one.address == "left"))
    wishes.save(store, person("moved on", FISH), hanoi(20, 8))
    wishes.save(store, replace(person("asked for a pause", FRUIT), pause="asked"), hanoi(20, 8))
    wishes.save(store, person("newcomer", FRUIT), hanoi(20, 8))
    amend(store, hanoi(20, 9))
    (correction,) = run(store, hanoi(20, 9, 5))
    assert (correction.kind, correction.items[0].version) == ("correction", 2)
    assert readers(store, correction) == ["moved on", "sent", "uncertain"]
    assert run(store, hanoi(20, 9, 10)) == []
    send(store, hanoi(20, 9, 11))
    assert run(store, hanoi(21, 9)) == []
    (late,) = run(store, hanoi(23, 8))  # who was not told yet gets the mended version only
    assert (late.kind, late.items[0].version, readers(store, late)) == ("weekly", 2, ["weekly"])
    send(store, hanoi(23, 8, 1))
    assert run(store, hanoi(23, 9)) == []


def test_what_was_written_after_the_amendment_needs_none(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    wishes.save(store, person("b", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, POMELO, hanoi(20, 9))
    run(store, hanoi(20, 9, 5))
    first, second = store.deliveries.unrendered()
    store.deliveries.render(first.id, numbered(["sai"]), hanoi(20, 9, 6))
    amend(store, hanoi(20, 9, 7))
    send(store, hanoi(20, 9, 8))
    (correction,) = run(store, hanoi(20, 9, 10))
    assert readers(store, correction) == [first.address]
    assert second.address != first.address


def test_a_part_that_arrived_is_corrected_though_the_rest_failed(store: Store) -> None:
    for address in ("part", "nothing"):
        wishes.save(store, person(address, FRUIT), hanoi(12, 9))
    accept(store, POMELO, hanoi(13, 9))
    run(store, hanoi(14, 7))
    for one in store.deliveries.unrendered():
        store.deliveries.render(one.id, numbered(["tin", "và tin"]), hanoi(14, 7))
    for one in store.deliveries.due(hanoi(14, 7)):
        for number in (1, 2) if one.address == "part" else (1,):
            assert store.deliveries.claim(one.id, number, hanoi(14, 7), 60)
            arrives = one.address == "part" and number == 1
            store.deliveries.record(one.id, number, "SENT" if arrives else "FAILED", hanoi(14, 7))
    assert {one.state for one in store.deliveries.newest()} == {"FAILED"}
    amend(store, hanoi(14, 9))
    (mended,) = run(store, hanoi(14, 9, 5))
    assert (mended.kind, readers(store, mended)) == ("correction", ["part"])


def test_a_wrong_message_that_waits_to_be_sent_is_corrected_once_it_arrived(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, POMELO, hanoi(20, 9))
    run(store, hanoi(20, 9, 5))
    write(store, hanoi(20, 9, 5))
    amend(store, hanoi(20, 9, 6))
    assert run(store, hanoi(20, 9, 10)) == []
    send(store, hanoi(20, 9, 11))
    (correction,) = run(store, hanoi(20, 9, 15))
    assert correction.kind == "correction"


def test_each_amendment_is_told_and_what_a_source_changes_is_news(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, POMELO, hanoi(20, 9))
    run(store, hanoi(20, 9, 5))
    send(store, hanoi(20, 9, 6))
    amend(store, hanoi(20, 10))
    amend(store, hanoi(20, 10, 1), "2027-02-15")
    moved = [Change(field="comment_until", before="2027-02-15", after="2027-03-01")]
    accept(store, replace(POMELO, comment_until=date(2027, 3, 1)), hanoi(20, 10, 2), changes=moved)
    assert [(one.kind, one.items[0].version) for one in run(store, hanoi(20, 10, 5))] == [
        ("correction", 2),
        ("correction", 3),
        ("instant", 4),
    ]
    send(store, hanoi(20, 10, 6))
    assert run(store, hanoi(20, 10, 10)) == []


def test_wording_corrects_nothing(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, POMELO, hanoi(20, 9))
    run(store, hanoi(20, 9, 5))
    send(store, hanoi(20, 9, 6))
    amend(store, hanoi(20, 10), "Dư lượng trong quả có múi", "headline")
    assert run(store, hanoi(20, 10, 5)) == []


def test_the_quiet_hours_hold_unless_the_deadline_presses(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, POMELO, hanoi(19, 9))
    run(store, hanoi(19, 9, 5))
    send(store, hanoi(19, 9, 6))
    amend(store, hanoi(19, 22))
    assert run(store, hanoi(19, 22, 5)) == []
    amend(store, hanoi(19, 22, 10), "2026-12-04")  # to be sent in by the 19th
    assert [one.items[0].version for one in run(store, hanoi(19, 22, 15))] == [2, 3]
    amend(store, hanoi(19, 23), "2027-01-15")
    assert run(store, hanoi(20, 6, 29)) == []
    assert [one.items[0].version for one in run(store, hanoi(20, 6, 30))] == [4]


def test_a_correction_speaks_the_readers_language(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    wishes.save(store, replace(person("b", FRUIT, often="instant"), lang="en"), hanoi(12, 9))
    accept(store, POMELO, hanoi(20, 9))
    run(store, hanoi(20, 9, 5))
    send(store, hanoi(20, 9, 6))
    amend(store, hanoi(20, 10))
    assert [(one.lang, readers(store, one)) for one in run(store, hanoi(20, 10, 5))] == [
        ("vi", ["a"]),
        ("en", ["b"]),
    ]


# ── A week without news ─────────────────────────────────────────────────────────────────────────────────


def test_a_week_without_news_says_so_once(store: Store) -> None:
    wishes.save(store, person("a", FRUIT), hanoi(12, 9))
    wishes.save(store, replace(person("b", FISH), pause="asked"), hanoi(12, 9))
    assert run(store, hanoi(16, 7)) == []  # not yet a week here
    assert run(store, hanoi(23, 6, 59)) == []
    (quiet,) = run(store, hanoi(23, 7))
    assert (quiet.kind, quiet.items, quiet.until, readers(store, quiet)) == (
        "weekly",
        (),
        hanoi(23, 7),
        ["a"],
    )
    assert run(store, hanoi(23, 7, 5)) == []
    assert run(store, hanoi(29, 8)) == []
    assert [one.items for one in run(store, hanoi(30, 7))] == [()]


def test_who_was_told_something_hears_nothing_of_silence(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="weekly"), hanoi(12, 9))
    accept(store, POMELO, hanoi(18, 9))
    assert [len(one.items) for one in run(store, hanoi(23, 7))] == [1]
    assert run(store, hanoi(23, 8)) == []
    (quiet,) = run(store, hanoi(30, 7, 2))
    assert (quiet.kind, quiet.items) == ("weekly", ())


def test_an_instant_message_in_the_week_is_a_sign_of_life(store: Store) -> None:
    wishes.save(store, person("a", FRUIT, often="instant"), hanoi(12, 9))
    accept(store, named("G/SPS/N/EU/7", "EU"), hanoi(17, 9))
    assert len(run(store, hanoi(17, 9, 5))) == 1
    assert run(store, hanoi(23, 8)) == []
