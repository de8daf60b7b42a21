"""The days of an edition: which can be, and what becomes of a draft whose days are changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cast
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import Office, office

from tbt_watch import publishing
from tbt_watch.bulletin import arrange
from tbt_watch.bulletin.recollect import recollected
from tbt_watch.domain.bulletin import PARTS, Bulletin, BulletinItem, Section
from tbt_watch.errors import EditedError, UsageError

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
NEAR = cast.named("G/TBT/N/USA/1", "USA", comment_until=date(2026, 11, 30))


@pytest.fixture
def house(tmp_path: Path, empty_database: bytes) -> Iterator[Office]:
    """An office with a notification from each day from Monday to Friday, on that Friday."""
    with office(tmp_path, empty_database, MONDAY) as made:
        for number in range(1, 6):
            made.accepted(
                cast.named(f"G/SPS/N/EU/{number}", "EU", comment_until=date(2027, 1, number)),
                sectors=("fresh-produce",) if number < 5 else ("seafood",),
            )
            made.later(days=1)
        made.later(hours=-1)
        yield made


def keys(one: Bulletin, part: str = "warnings") -> list[list[str]]:
    """The last parts of the symbols, a list for each section of a part."""
    return [
        [item.key.rpartition("/")[2] for item in section.items]
        for section in one.sections
        if section.part == part
    ]


def draft(house: Office, since: int = 17, until: int = 18) -> Bulletin:
    return house.app.editions.new("bulletin", "Lan", house.at, date(2026, 11, since), date(2026, 11, until))


def moved(house: Office, one: Bulletin, since: int, until: int) -> Bulletin:
    """The draft with other days of November, kept."""
    desk = house.app.editions
    changed = desk.with_days(one, date(2026, 11, since), date(2026, 11, until), house.at)
    return desk.save(changed, "Lan", house.at)


# ── Other days ──────────────────────────────────────────────────────────────────────────────────────────


def test_longer_days_bring_in_what_they_gather(house: Office) -> None:
    one = moved(house, draft(house), 16, 20)
    assert (one.since, one.until, one.revision) == (date(2026, 11, 16), date(2026, 11, 20), 2)
    assert keys(one) == [["1", "2", "3", "4"], ["5"]], "in the order of a new draft, a new section behind"


def test_shorter_days_leave_out_what_they_do_not(house: Office) -> None:
    one = draft(house, 16, 20)
    assert keys(one) == [["1", "2", "3", "4"], ["5"]]
    assert keys(moved(house, one, 17, 18)) == [["2", "3"]], "a section that was emptied goes"


def test_what_the_editor_did_stays(house: Office) -> None:
    one = draft(house, 16, 18)
    one = arrange.moved(one, 0, "G/SPS/N/EU/3", -1)
    one = arrange.without(one, 0, "G/SPS/N/EU/1")
    one = arrange.section_added(one, "warnings", "Của riêng ta")
    by_hand = BulletinItem(key="G/SPS/N/EU/5", version=1)
    one = arrange.with_notice(one, 1, by_hand)
    names = arrange.section_names(one)
    one = arrange.with_texts(
        one, {f"heading.{names[0]}": "Trái cây", f"words.{names[0]}": "Lưu ý:", "words": "Kính gửi"}
    )
    one = house.app.editions.save(one, "Lan", house.at)
    assert keys(one) == [["3", "2"], ["5"]]
    longer = moved(house, one, 16, 19)
    assert keys(longer) == [["3", "2", "4"], ["5"]], (
        "what was left out does not come back; what is new stands last"
    )
    assert [section.vi for section in longer.sections] == ["Trái cây", "Của riêng ta"]
    assert (longer.sections[0].words, longer.words) == ("Lưu ý:", "Kính gửi")
    shorter = moved(house, longer, 19, 19)
    assert keys(shorter) == [["4"], ["5"]], "what was added by hand stays"
    assert keys(moved(house, shorter, 16, 20)) == [["1", "2", "3", "4"], ["5"]]


def test_what_was_accepted_since_comes_in_when_the_days_hold_it(house: Office) -> None:
    one = draft(house, 16, 20)
    house.accepted(cast.named("G/SPS/N/EU/9", "EU"))
    assert "9" in str(keys(moved(house, one, 16, 21)))
    one = house.app.store.bulletins.get(one.id or 0)
    assert "9" not in str(keys(moved(house, one, 16, 20))), "of the day after"


def test_the_box_follows_the_days_of_today(house: Office) -> None:
    one = draft(house)
    assert keys(one, "closing") == []
    house.later(hours=1)
    house.accepted(NEAR, sectors=("machinery",))
    assert keys(moved(house, one, 16, 20), "closing") == [["1"]]


def test_the_next_edition_begins_where_the_moved_one_ends(house: Office) -> None:
    one = moved(house, draft(house, 16, 20), 16, 18)
    house.later(days=7)
    after = house.app.editions.new("bulletin", "Lan", house.at)
    assert after.since == one.until + timedelta(days=1)
    assert keys(after) == [["4"], ["5"]], "what the first one gave back"


def test_the_same_days_change_nothing(house: Office) -> None:
    one = draft(house)
    assert moved(house, one, 17, 18) == one


def test_days_are_saved_against_the_revision_that_was_read(house: Office) -> None:
    one = draft(house)
    moved(house, one, 16, 20)
    with pytest.raises(EditedError, match="sections, since, until"):
        moved(house, one, 17, 19)


def test_a_periodical_takes_the_weeklies_of_its_new_days(house: Office) -> None:
    weekly = publishing.publish_edition(house.app, draft(house, 16, 17), "Lan")[0]
    publishing.publish_edition(house.app, draft(house, 18, 20), "Lan")
    house.later(days=14)
    desk = house.app.editions
    one = desk.new("periodical", "Lan", house.at, date(2026, 11, 1), date(2026, 11, 17))
    assert keys(one) == [["1", "2"]]
    assert one.title == ""
    whole = desk.with_days(one, date(2026, 11, 1), date(2026, 11, 30), house.at)
    assert keys(whole) == [["1", "2", "3", "4"], ["5"]]
    assert whole.title == "Tháng 11/2026", "nobody wrote another one"
    with pytest.raises(UsageError, match="No weekly edition"):
        desk.with_days(one, date(2026, 10, 1), date(2026, 10, 31), house.at)
    with pytest.raises(UsageError, match="stays as it is"):
        desk.with_days(weekly, date(2026, 11, 1), date(2026, 11, 30), house.at)


# ── Days that cannot be ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-11-18", "2026-11-17", "mend the days"),
        ("2026-11-22", "2026-11-27", "nothing was accepted yet"),
        ("2026-11-16", "2026-12-31", "within the next 31 days"),
        ("2026-11-16", "2062-11-20", "within the next 31 days"),
        ("2016-11-16", "2026-11-20", "366 days are the most"),
        ("0001-01-01", "0001-01-07", "write a year from 1995"),
        ("9999-12-01", "9999-12-31", "write a year from 1995"),
    ],
)
@pytest.mark.parametrize("kind", ["bulletin", "periodical"])
def test_days_that_no_edition_can_have(house: Office, kind: str, since: str, until: str, said: str) -> None:
    desk = house.app.editions
    begin, end = date.fromisoformat(since), date.fromisoformat(until)
    with pytest.raises(UsageError, match=said):
        desk.new("periodical" if kind == "periodical" else "bulletin", "Lan", house.at, begin, end)
    with pytest.raises(UsageError, match=said):
        desk.with_days(draft(house), begin, end, house.at)


@pytest.mark.parametrize("day", [date.min, date.max, date(1990, 1, 1)])
def test_one_day_alone_that_cannot_be(house: Office, day: date) -> None:
    for kind in ("bulletin", "periodical"):
        for days in ({"since": day}, {"until": day}):
            with pytest.raises(UsageError, match="no day of an edition"):
                house.app.editions.new(kind, "Lan", house.at, **days)  # type: ignore[arg-type]


def test_the_week_that_goes_on_can_be_told_of(house: Office) -> None:
    assert keys(draft(house, 16, 27)) == [["1", "2", "3", "4"], ["5"]]


# ── Any draft ───────────────────────────────────────────────────────────────────────────────────────────

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@st.composite
def gathered(draw: st.DrawFn) -> tuple[Section, ...]:
    """Sections with notices, each notice in one of them, and a box."""
    found, made = draw(KEYS), []
    for heading in ("eins", "zwei", "drei"):
        take = draw(st.integers(0, len(found)))
        some, found = found[:take], found[take:]
        part = draw(st.sampled_from(PARTS[1:]))
        made.append(
            Section(part=part, vi=heading, items=_items(some), words=draw(st.sampled_from(["", "ta"])))
        )
    return Section(part="closing", items=_items(draw(KEYS))), *made


def _items(some: Sequence[str]) -> tuple[BulletinItem, ...]:
    return tuple(BulletinItem(key=key, version=1) for key in some)


def places(sections: Sequence[Section]) -> list[tuple[bool, str]]:
    return [(section.part == "closing", item.key) for section in sections for item in section.items]


@given(gathered(), gathered(), gathered())
def test_any_draft_holds_what_stays_and_what_comes_once(
    own: tuple[Section, ...], before: tuple[Section, ...], after: tuple[Section, ...]
) -> None:
    made = recollected(own, before, after)
    have, was, will = (set(places(some)) for some in (own, before, after))
    assert set(places(made)) == (have - (was - will)) | (will - was)
    assert len(places(made)) == len(set(places(made)))
    assert {section.words for section in own if section.words} <= {section.words for section in made}


@given(gathered())
def test_the_same_days_leave_any_draft_as_it_is(own: tuple[Section, ...]) -> None:
    assert recollected(own, own, own) == own
