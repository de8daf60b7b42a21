"""Amendments: a person's correction is read strictly, and laid over what the sources say, oldest first."""

from datetime import date
from typing import Any

import pytest

from tbt_watch.domain.amend import FACTS, amend, amended
from tbt_watch.domain.notice import Change, Milestone, Notice
from tbt_watch.errors import UsageError

NOTICE = Notice(
    key="G/TBT/N/USA/2211",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=("G/TBT/N/USA/2211",),
    thread="G/TBT/N/USA/2211",
    published_on=date(2026, 11, 2),
    comment_until=date(2026, 12, 31),
    hs_codes=("8415",),
)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("comment_until", "2027-01-15", date(2027, 1, 15)),
        ("comment_until", "  2027-01-15 ", date(2027, 1, 15)),
        ("comment_until", "", None),
        ("published_on", "2026-11-01", date(2026, 11, 1)),
        ("adoption", "2027-03-01", Milestone(date=date(2027, 3, 1))),
        ("in_force", "6 months after adoption", Milestone(text="6 months after adoption")),
        ("in_force", "", Milestone()),
        ("hs_codes", "8415; 8418,841510;8415", ("8415", "8418", "841510")),
        ("hs_codes", "8415.10; 08 05", ("841510", "0805")),
        ("hs_codes", "", ()),
        ("ics_codes", "97.030; 23.020.20", ("97.030", "23.020.20")),
        ("stated_status", "withdrawn", "withdrawn"),
        ("stated_status", "", None),
    ],
)
def test_a_fact_is_corrected(field: str, text: str, value: Any) -> None:
    changed = amend(NOTICE, field, text)
    assert getattr(changed, field) == value
    assert {name for name in FACTS if getattr(changed, name) != getattr(NOTICE, name)} <= {field}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("comment_until", "15/1/2027"),
        ("comment_until", "2027-02-30"),
        ("in_force", "2027-13-01"),
        ("hs_codes", "8415; air conditioners"),
        ("hs_codes", "8"),
        ("hs_codes", "\u0668\u0664"),
        ("ics_codes", "83.1"),
        ("ics_codes", "8415"),
        ("stated_status", "gone"),
        ("title", "other"),
        ("key", "other"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(field: str, text: str) -> None:
    with pytest.raises(UsageError, match=r"\.$"):
        amend(NOTICE, field, text)


def test_amendments_are_laid_over_oldest_first_and_texts_are_left_alone() -> None:
    changes = (
        Change(field="comment_until", before="2026-12-31", after="2027-01-15"),
        Change(field="title.vi", before="a", after="b"),
        Change(field="comment_until", before="2027-01-15", after="2027-01-20"),
        Change(field="hs_codes", before="8415", after=""),
    )
    result = amended(NOTICE, changes)
    assert result.comment_until == date(2027, 1, 20)
    assert result.hs_codes == ()
    assert result.title == NOTICE.title
    assert amended(NOTICE, ()) is NOTICE
