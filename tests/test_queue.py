"""The queue's questions to the store: order, places, filters, revisions; and that they are answered from indexes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cast
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tbt_watch import curate
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision
from tbt_watch.errors import UsageError
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.store.queue import ALL, Place, Sieve, place_of

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as one:
        yield one


def waiting(store: Store, number: int, until: date | None, **more: object) -> int:
    notice = cast.named(f"G/SPS/N/EU/{number}", "EU", comment_until=until, **more)
    store.notices.put([Entry(ids=(), notice=notice, records=(), seen_at=NOW, source="eping_web")], NOW)
    (item,) = store.notices.get(notice.key)
    store.notices.translated({item.id: ()}, NOW)
    store.tags.keep({item.id: cast.tags("sector", "seafood")}, store.notices.dossiers([item.id]))
    return item.id


@given(some.integers(0, 2), some.dates(), some.integers(0, 10**14))
def test_a_place_is_read_as_it_is_written(part: int, day: date, number: int) -> None:
    place = Place(part, None if part == 1 else day, number)
    assert Place.read(str(place)) == place


@given(some.text())
def test_what_is_no_place_is_none(text: str) -> None:
    found = Place.read(text)
    assert found is None or str(found) == text


def test_pages_follow_each_other_without_gap_or_repetition_both_ways(store: Store) -> None:
    days = [None, *(TODAY + timedelta(days=by) for by in (-400, -3, -3, -1, 0, 0, 1, 30, 30, 30, 400))]
    ids = [waiting(store, number, day) for number, day in enumerate(days * 2, 1)]
    whole = [one.id for one in store.queue.page(Sieve(), TODAY, limit=100)]
    assert sorted(whole) == sorted(ids)

    def order(at: int) -> tuple[int, int]:
        place = place_of(store.notices.dossier(at), TODAY)
        ordinal = place.day.toordinal() if place.day else 0
        return place.part, ordinal if place.part == 0 else -ordinal

    assert [order(at) for at in whole] == sorted(order(at) for at in whole)
    seen: list[int] = []
    after = None
    while page := store.queue.page(Sieve(), TODAY, after=after, limit=5, full=False):
        seen += [one.id for one in page]
        after = place_of(page[-1], TODAY)
    assert seen == whole
    for at, number in enumerate(whole):
        place = place_of(store.notices.dossier(number), TODAY)
        before = store.queue.page(Sieve(), TODAY, before=place, limit=4)
        assert [one.id for one in before] == whole[max(0, at - 4) : at]


def test_the_queue_is_read_from_its_index(store: Store) -> None:
    """However many notices there are, what waits is found without looking at the others."""
    with store._database.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM notice WHERE comment_until >= '2026-11-20' AND"
            " notice.state IN ('TAGGED', 'HELD') ORDER BY comment_until, id LIMIT 30"
        ).fetchall()
    assert "SEARCH notice USING COVERING INDEX ix_notice_" in plan[0][3]
    assert not [step for step in plan if "SCAN" in step[3]]


def test_filters_let_through_what_they_say(store: Store) -> None:
    number, other = waiting(store, 1, TODAY), waiting(store, 2, TODAY)
    failed = Translation(
        field="title", language="vi", text="x", origin="machine", source_text="y", checks=("numbers",)
    )
    store.notices.put_back([other], "NORMALISED")
    store.notices.translated({other: [failed]}, NOW)
    store.tags.keep({other: ()}, store.notices.dossiers([other]))

    def found(**asked: object) -> list[int]:
        return [one.id for one in store.queue.page(replace(Sieve(), **asked), TODAY)]  # type: ignore[arg-type]

    assert found() == [number, other]
    assert found(failed=True) == [other]
    assert found(unsure=True) == [other]
    assert found(sector="seafood") == [number]
    assert found(market="US") == found(area="TBT") == found(state="HELD") == []
    assert found(untranslated=True) == found(state=ALL) == [number, other]
    assert store.queue.counts() == {"TAGGED": 2, "HELD": 0, "waiting": 2, "all": 2}


def test_a_revision_changes_with_every_decision_and_version(store: Store) -> None:
    number = waiting(store, 1, TODAY)
    seen = {store.queue.revision(number)}
    item = store.notices.dossier(number)
    item = curate.amend_field(store, item, "title", "Một", "Lan", NOW)
    seen.add(store.queue.revision(number))
    item = curate.amend_field(store, item, "comment_until", "2027-01-01", "Lan", NOW)
    seen.add(store.queue.revision(number))
    item = curate.rule_tag(store, item, "sector", "seafood", False, "Lan", NOW)
    seen.add(store.queue.revision(number))
    assert len(seen) == 4
    assert store.queue.revisions([number]) == {number: store.queue.revision(number)}


def test_only_what_a_person_did_last_is_taken_back(store: Store) -> None:
    number = waiting(store, 1, TODAY)
    item = store.notices.dossier(number)
    store.notices.decide(number, Decision(state="held", by=curate.POLICY, at=NOW), item.version)
    (said,) = store.queue.said_of(number)
    with pytest.raises(UsageError):
        curate.take_back(store, item, said, "Lan", NOW)
    item = curate.decide(store, item, "accepted", "Lan", NOW)
    item = curate.take_back(store, item, store.queue.said_of(number)[0], "Lan", NOW)
    assert item.state == "HELD"
    assert [one.decision.by for one in store.queue.trail()] == ["Lan", "Lan"]
    assert [one.decision.by for one in store.queue.trail(people=False)] == ["Lan", "Lan", "policy"]
    assert [one.id for one in store.queue.trail(people=False, before=3)] == [2, 1]
