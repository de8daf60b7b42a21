"""Nouns: what holds on which day, what may be told, and what a dossier shows."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tbt_watch.domain.dossier import Dossier, telling
from tbt_watch.domain.notice import STATUSES, TELLING, Change, Milestone, Notice
from tbt_watch.domain.subscriber import Criteria, Subscription, audience_key
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import RawRecord, Version, age_of
from tbt_watch.language import load_language

NOTICE = Notice(
    key="G/TBT/N/USA/2211",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=("G/TBT/N/USA/2211",),
    thread="G/TBT/N/USA/2211",
    members=("USA",),
    title="Auxiliary Fuel Tanks",
    published_on=date(2026, 11, 2),
    comment_until=date(2026, 12, 31),
)
DAY = date(2026, 11, 20)


def milestone(year: int, month: int, day: int) -> Milestone:
    return Milestone(date=date(year, month, day))


@pytest.mark.parametrize(
    ("facts", "status", "since"),
    [
        ({}, "open", date(2026, 11, 2)),
        ({"comment_until": DAY}, "open", date(2026, 11, 2)),
        ({"comment_until": DAY - timedelta(days=1)}, "closed", DAY - timedelta(days=1)),
        ({"comment_until": None}, "notified", date(2026, 11, 2)),
        ({"adoption": milestone(2026, 11, 20)}, "adopted", DAY),
        ({"adoption": milestone(2026, 11, 21)}, "open", date(2026, 11, 2)),
        ({"adoption": Milestone(text="to be determined")}, "open", date(2026, 11, 2)),
        ({"in_force": milestone(2026, 11, 20), "adoption": milestone(2026, 1, 1)}, "in-force", DAY),
        ({"in_force": milestone(2027, 1, 1), "adoption": milestone(2026, 1, 1)}, "adopted", date(2026, 1, 1)),
        ({"type": "emergency", "comment_until": None}, "adopted", date(2026, 11, 2)),
        ({"stated_status": "withdrawn", "in_force": milestone(2026, 1, 1)}, "withdrawn", None),
        ({"stated_status": "expired", "stated_status_on": date(2026, 5, 1)}, "expired", date(2026, 5, 1)),
        ({"kind": "regulation", "comment_until": None}, "adopted", date(2026, 11, 2)),
        (
            {"kind": "regulation", "in_force": milestone(2027, 1, 1), "adoption": milestone(2026, 10, 30)},
            "adopted",
            date(2026, 10, 30),
        ),
        ({"kind": "regulation", "in_force": milestone(2026, 11, 1)}, "in-force", date(2026, 11, 1)),
    ],
)
def test_the_status_is_that_of_the_day(facts: dict[str, Any], status: str, since: date | None) -> None:
    assert replace(NOTICE, **facts).status(DAY) == (status, since)
    assert status in STATUSES


def test_every_status_has_a_wording_and_no_wording_is_without_its_status() -> None:
    assert sorted(code for kind, code in load_language().values if kind == "status") == sorted(STATUSES)


@pytest.mark.parametrize(
    ("deadline", "left", "is_open"),
    [
        (None, None, False),
        (DAY - timedelta(days=1), None, False),
        (DAY, 0, True),
        (DAY + timedelta(days=1), 1, True),
        (date(2027, 1, 19), 60, True),
    ],
)
def test_days_left_count_to_the_deadline_itself(
    deadline: date | None, left: int | None, is_open: bool
) -> None:
    notice = replace(NOTICE, comment_until=deadline)
    assert notice.days_left(DAY) == left
    assert notice.is_open(DAY) is is_open


def test_a_milestone_is_true_when_it_says_anything() -> None:
    assert not Milestone()
    assert not Milestone(text="")
    assert Milestone(text="to be determined")
    assert milestone(2026, 1, 1)


def test_only_facts_tell_and_wording_never_does() -> None:
    assert {name for name in TELLING if not hasattr(NOTICE, name)} == set()
    told = {name for name in ("title", "summary", "keywords", "objectives", "links") if name in TELLING}
    assert told == set()
    assert Change(field="comment_until", before="", after="2026-12-31").tells
    assert not Change(field="title", before="a", after="b").tells


def version(seq: int, *fields: str) -> Version:
    changes = tuple(Change(field=name, before="a", after="b") for name in fields)
    return Version(seq=seq, at=datetime(2026, 11, seq, tzinfo=UTC), source="eping_web", changes=changes)


def test_the_first_version_tells_and_later_ones_when_a_fact_changed() -> None:
    versions = (version(1), version(2, "title"), version(3, "title", "products"))
    assert [one.tells for one in versions] == [True, False, True]
    assert telling(versions) == (1, 3)


def test_a_dossier_shows_the_translation_that_may_be_shown(now: datetime) -> None:
    good = Translation(field="title", language="vi", text="Thùng phụ", origin="human", source_text="x")
    bad = Translation(
        field="summary", language="vi", text="?", origin="machine", source_text="", checks=("numbers",)
    )
    notice = replace(NOTICE, summary="In English")
    dossier = Dossier(
        id=1,
        notice=notice,
        state="TAGGED",
        seen_at=now,
        translations=(good, bad),
        versions=(version(1), version(2, "title")),
    )
    assert dossier.text("title", "vi") == "Thùng phụ"
    assert dossier.text("title", "en") == "Auxiliary Fuel Tanks"
    assert dossier.text("summary", "vi") == "In English"
    assert dossier.translation("summary", "vi") is None
    assert dossier.text("headline", "vi") == ""
    assert dossier.version == 2


def test_nouns_are_frozen_and_aware(now: datetime) -> None:
    with pytest.raises(FrozenInstanceError):
        NOTICE.title = "other"  # type: ignore[misc]
    naive = now.replace(tzinfo=None)
    with pytest.raises(ValueError, match="fetched_at has no time zone"):
        RawRecord(source="s", key="k", url="u", fetched_at=naive, body="{}", hash="0")
    with pytest.raises(ValueError, match="seen_at has no time zone"):
        Dossier(id=1, notice=NOTICE, state="TAGGED", seen_at=naive)


@pytest.mark.parametrize(
    ("days_old", "deadline", "age"),
    [
        (0, None, "FRESH"),
        (30, None, "FRESH"),
        (31, None, "ARCHIVE"),
        (31, DAY, "LATE"),
        (31, DAY - timedelta(days=1), "ARCHIVE"),
        (9999, DAY + timedelta(days=1), "LATE"),
        (-3, None, "FRESH"),
    ],
)
def test_age_is_counted_from_when_it_was_first_seen(
    now: datetime, days_old: int, deadline: date | None, age: str
) -> None:
    notice = replace(NOTICE, published_on=DAY - timedelta(days=days_old), comment_until=deadline)
    assert age_of(notice, now) == age


def test_the_day_of_an_age_is_that_of_viet_nam() -> None:
    notice = replace(NOTICE, published_on=date(2026, 10, 21), comment_until=None)
    assert age_of(notice, datetime(2026, 11, 20, 16, 59, tzinfo=UTC)) == "FRESH"
    assert age_of(notice, datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == "ARCHIVE"


def test_what_has_no_day_is_fresh(now: datetime) -> None:
    assert age_of(replace(NOTICE, published_on=None), now) == "FRESH"


def test_the_same_wishes_in_any_order_are_one_audience() -> None:
    one = Subscription(criteria=Criteria(sectors=("b", "a"), hs=("08",)), frequency="daily")
    same = Subscription(criteria=Criteria(sectors=("a", "b", "a"), hs=("08",)), frequency="daily")
    other = Subscription(criteria=Criteria(words=("chè",)), frequency="instant")
    assert audience_key((one, other), "vi") == audience_key((other, same), "vi")
    assert audience_key((one, other), "vi") == audience_key((other, one, same), "vi")
    assert audience_key((one,), "vi") != audience_key((one,), "en")
    assert audience_key((one,), "vi") != audience_key((other,), "vi")
    weekly = Subscription(criteria=one.criteria, frequency="weekly")
    assert audience_key((one,), "vi") != audience_key((weekly,), "vi")
