"""Who decides: the policy where no human need, a person's word before the policy's, and corrections that last."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pytest
import raws
import sampled

from tbt_watch import curate
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.work import Report
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.sample import Edition, sample_now
from tbt_watch.store import Store
from tbt_watch.translate import stage as translate
from tbt_watch.translate.engines.contract import NoEngine

NOW = sample_now()
GOOD = next(
    dict(one)
    for one in Edition.bundled().records
    if one["notificationType"] == "Regular notification"
    and "," not in one["documentSymbol"]
    and (one["commentDeadlineDate"] or "") > "2025-08"
    and one["distributionDate"] > "2025-06-05"
)
KEY = GOOD["documentSymbol"].strip()
PUBLISHED = date.fromisoformat(GOOD["distributionDate"][:10])
TOO_EARLY = {"commentDeadlineDate": f"{PUBLISHED - timedelta(days=1)}T00:00:00"}
MOVED = {"commentDeadlineDate": "2025-12-24T00:00:00"}
WORDS = {"titlePlain": "Other words"}


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


class Office:
    """A store, and the stages up to curate run over it one pass after another, an hour apart."""

    def __init__(self, store: Store, language: Language) -> None:
        self.store = store
        self.language = language
        self.hour = 0

    @property
    def now(self) -> datetime:
        return at(self.hour)

    def told(self, *changes: Mapping[str, Any], policy: Literal["auto", "staff"] = "auto") -> Report:
        """The source says this; then every stage runs."""
        self.hour += 1
        record = dict(GOOD)
        for change in changes:
            record |= change
        self.store.raw.keep(sampled.web([record], self.now))
        normalise.run(self.store, self.language, self.now)
        return self.stages(policy)

    def stages(self, policy: Literal["auto", "staff"] = "auto") -> Report:
        translate.run(self.store, self.language, NoEngine(), self.now)
        batch = self.store.notices.at_door("TRANSLATED", full=True)
        self.store.tags.keep({one.id: () for one in batch}, batch)
        return curate.run(self.store, policy, self.now)

    def decide(self, state: Literal["accepted", "held", "rejected"], why: str = "") -> Dossier:
        self.hour += 1
        return curate.decide(self.store, self.item, state, "An", self.now, why)

    def amend(self, field: str, text: str) -> Dossier:
        self.hour += 1
        return curate.amend_field(self.store, self.item, field, text, "An", self.now)

    @property
    def item(self) -> Dossier:
        return curate.find(self.store, KEY)

    @property
    def published(self) -> bool:
        return [one.id for one in self.store.notices.published()] == [self.item.id]


@pytest.fixture
def office(store: Store, language: Language) -> Office:
    return Office(store, language)


# ── The policy ──────────────────────────────────────────────────────────────────────────────────────────


def test_auto_accepts_what_is_in_order_at_once(office: Office) -> None:
    report = office.told()
    assert (report.done, report.waiting, report.opened) == (1, 0, 0)
    decision = office.item.decision
    assert decision is not None
    assert (decision.state, decision.by, decision.at) == ("accepted", "policy", office.now)
    assert (office.item.state, office.item.accepted_at, office.published) == ("ACCEPTED", office.now, True)


def test_staff_waits_for_a_person(office: Office) -> None:
    report = office.told(policy="staff")
    assert (report.done, report.waiting) == (0, 1)
    assert (office.item.state, office.item.decision, office.published) == ("TAGGED", None, False)
    assert office.decide("accepted").state == "ACCEPTED"
    assert office.published


def test_curating_twice_decides_once(office: Office) -> None:
    office.told()
    before = office.item
    assert curate.run(office.store, "auto", at(99)) == Report(stage="curate")
    assert office.item == before


def test_archive_goes_to_the_archive_under_either_policy(office: Office) -> None:
    office.told({"distributionDate": "2025-01-01T00:00:00", "commentDeadlineDate": None})
    assert (office.item.state, office.item.age, office.published) == ("ARCHIVED", "ARCHIVE", False)


def test_facts_in_doubt_are_held_with_an_issue_under_either_policy(office: Office) -> None:
    report = office.told(TOO_EARLY)
    assert (report.done, report.waiting, report.opened) == (0, 1, 1)
    assert (office.item.state, office.published) == ("HELD", False)
    (issue,) = office.store.issues.open_list()
    assert (issue.key, issue.kind, issue.source) == (KEY, "deadline-before-notification", "eping_web")
    assert issue.message == f"{KEY} is held: the deadline for comments lies before the notification."
    assert f"tbt-watch notices accept '{KEY}'" in issue.todo
    assert office.told(TOO_EARLY, WORDS, policy="staff").opened == 0
    assert office.item.state == "HELD"


def test_what_the_source_mends_is_let_go_and_its_issue_closed(office: Office) -> None:
    office.told(TOO_EARLY)
    office.told()
    assert office.item.state == "ACCEPTED"
    assert office.store.issues.open_list() == []


# ── A person's word ─────────────────────────────────────────────────────────────────────────────────────


def test_accepting_closes_the_issue_and_stands_until_a_fact_changes(office: Office) -> None:
    office.told(TOO_EARLY)
    office.decide("accepted")
    assert office.store.issues.open_list() == []
    office.told(TOO_EARLY, WORDS)
    assert (office.item.state, office.item.doubt) == ("ACCEPTED", "deadline-before-notification")
    assert office.store.issues.open_list() == []
    office.told(TOO_EARLY, {"productsFreeTextPlain": "Tea"})
    assert office.item.state == "HELD"


def test_a_rejection_needs_a_reason(office: Office) -> None:
    office.told()
    with pytest.raises(UsageError, match="needs a reason: add --why"):
        office.decide("rejected")
    assert office.item.state == "ACCEPTED"
    rejected = office.decide("rejected", "not ours")
    assert rejected.decision is not None
    assert (rejected.state, rejected.decision.by, rejected.decision.why) == ("REJECTED", "An", "not ours")
    assert not office.published


def test_a_rejection_is_not_undone_by_the_policy(office: Office) -> None:
    office.told()
    office.decide("rejected", "not ours")
    office.told(WORDS)
    assert office.item.state == "REJECTED"
    report = office.told(WORDS, MOVED)
    assert (office.item.state, report.opened) == ("HELD", 1)
    (issue,) = office.store.issues.open_list()
    assert issue.kind == "rejected-before"
    office.decide("rejected", "still not ours")
    assert office.store.issues.open_list() == []


def test_what_a_person_holds_stays_held(office: Office) -> None:
    office.told()
    office.decide("held")
    assert not office.published
    office.told(WORDS)
    office.told(WORDS, MOVED)
    assert office.item.state == "HELD"
    assert office.decide("accepted").state == "ACCEPTED"


def test_what_was_accepted_stays_published_while_it_is_looked_at_again(office: Office) -> None:
    office.told()
    first = office.item.accepted_at
    report = office.told(MOVED, policy="staff")
    assert (office.item.state, report.waiting) == ("TAGGED", 1)
    assert (office.published, office.item.accepted_at) == (True, first)
    assert office.decide("accepted").accepted_at == office.now
    assert office.published


def test_a_wording_that_changed_needs_no_new_decision(office: Office) -> None:
    office.told()
    first = office.item.accepted_at
    report = office.told(WORDS, policy="staff")
    assert (report.done, report.waiting) == (1, 0)
    assert (office.item.state, office.item.accepted_at) == ("ACCEPTED", first)
    assert office.item.notice.title == "Other words"
    office.told(WORDS, MOVED)
    assert office.item.accepted_at == office.now


def test_what_is_on_its_way_cannot_be_accepted_yet(office: Office) -> None:
    raws.put(office.store, NOW, raws.notice(KEY))
    with pytest.raises(UsageError, match=r"still on its way \(NORMALISED\): run tbt-watch translate"):
        office.decide("accepted")


# ── Amendments ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_amended_fact_is_a_version_by_staff_and_what_was_accepted_stays_so(office: Office) -> None:
    office.told()
    amended = office.amend("comment_until", "2025-10-10")
    assert amended.notice.comment_until == date(2025, 10, 10)
    assert (amended.state, amended.version, amended.versions[-1].source) == ("NORMALISED", 2, "staff")
    (change,) = amended.versions[-1].changes
    assert (change.field, change.before, change.after, change.tells) == (
        "comment_until", GOOD["commentDeadlineDate"][:10], "2025-10-10", True,
    )  # fmt: skip
    assert amended.amended == (change,)
    assert office.published
    office.stages("staff")
    assert (office.item.state, office.item.accepted_at) == ("ACCEPTED", at(1))


def test_an_amended_fact_outlives_a_change_of_the_source(office: Office) -> None:
    office.told()
    office.amend("comment_until", "2025-10-10")
    office.amend("in_force", "2026-01-01")
    office.told(MOVED, WORDS)
    assert office.item.notice.comment_until == date(2025, 10, 10)
    assert office.item.notice.in_force.date == date(2026, 1, 1)
    assert office.item.notice.title == "Other words"
    assert [one.field for one in office.item.versions[-1].changes] == ["title"]


def test_an_amended_deadline_settles_the_doubt_about_it(office: Office) -> None:
    office.told(TOO_EARLY)
    office.amend("hs_codes", "0902")
    assert office.item.doubt == "deadline-before-notification"  # that was not the fault
    office.stages()
    assert (office.item.state, len(office.store.issues.open_list())) == ("HELD", 1)
    office.amend("comment_until", "2025-10-10")
    assert (office.item.doubt, office.store.issues.open_list()) == ("", [])
    office.stages()
    assert office.item.state == "ACCEPTED"
    office.told(TOO_EARLY, WORDS)
    assert (office.item.state, office.item.doubt) == ("ACCEPTED", "")


def test_an_amendment_can_make_a_doubt(office: Office) -> None:
    office.told()
    office.amend("comment_until", "2020-01-01")
    office.stages()
    assert (office.item.state, office.item.doubt) == ("HELD", "deadline-before-notification")


def test_a_doubt_about_the_record_itself_is_not_settled_by_a_fact(office: Office) -> None:
    office.told({"notifyingMember": "Kenya"})
    office.amend("comment_until", "2025-10-10")
    office.stages()
    assert (office.item.state, office.item.doubt) == ("HELD", "member-not-in-symbol")


def test_an_amended_text_stands_until_its_original_changes(office: Office) -> None:
    office.told()
    before = office.item
    amended = office.amend("title", "  Tie\u0302u đề ")
    assert (amended.state, amended.version) == (before.state, before.version)
    assert amended.text("title", "vi") == "Tiêu đề"
    assert amended.text("title", "en") == before.notice.title
    (change,) = amended.amended
    assert (change.field, change.before, change.after) == ("title.vi", before.text("title", "vi"), "Tiêu đề")
    office.amend("headline", "Tin vắn")
    office.told(MOVED)
    assert office.item.text("title", "vi") == "Tiêu đề"
    assert office.item.text("headline", "vi") == "Tin vắn"
    assert [one.id for one in office.store.notices.search("tin van")] == [before.id]
    human = office.item.translation("title", "vi")
    assert human is not None
    assert (human.origin, human.engine, human.source_text) == ("human", "An", before.notice.title)
    office.told(MOVED, WORDS)
    assert office.item.text("title", "vi") == "Other words"
    assert office.item.text("headline", "vi") not in ("Tin vắn", "")  # it said what the title said
    past = office.store.memory.of(before.notice.key, "title")
    assert past is not None
    assert (past.source, past.target, past.by) == (before.notice.title, "Tiêu đề", "An")


def test_the_last_amendment_of_a_text_counts(office: Office) -> None:
    office.told()
    office.amend("title", "Một")
    office.amend("title", "Hai")
    assert office.item.text("title", "vi") == "Hai"
    assert [one.before for one in office.item.amended][1:] == ["Một"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", " "),
        ("key", "x"),
        ("members", "USA"),
        ("comment_until", "soon"),
        ("stated_status", "gone"),
        ("", ""),
    ],
)
def test_what_cannot_be_amended_changes_nothing(office: Office, field: str, text: str) -> None:
    office.told()
    before = office.item
    with pytest.raises(UsageError, match=r"\.$"):
        office.amend(field, text)
    assert office.item == before


# ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_found_or_explained(office: Office) -> None:
    office.told()
    assert curate.find(office.store, f" {KEY.lower()} ").notice.key == KEY
    with pytest.raises(NotFoundError, match=r"'G/TBT/N/USA/404'; tbt-watch notices search"):
        curate.find(office.store, "G/TBT/N/USA/404")
    for body in ("a", "b"):
        key = f"01/2026/NQ-HĐND|{body}|2026-01-01"
        facts = raws.notice(
            key=key, kind="regulation", area="VN", type="Nghị quyết", symbols=("01/2026/NQ-HĐND",)
        )
        raws.put(office.store, NOW, facts)
    with pytest.raises(UsageError, match=r"Several .*\|a\|2026-01-01; .*\|b\|2026-01-01\."):
        curate.find(office.store, "01/2026/NQ-HĐND")


def test_what_a_person_takes_out_of_the_archive_is_translated_and_stays_out(office: Office) -> None:
    old = {"distributionDate": "2024-01-05T00:00:00", "commentDeadlineDate": "2024-03-05T00:00:00"}
    office.told(old)
    assert office.item.state == "ARCHIVED"
    office.decide("accepted")
    office.told(old)
    assert (office.item.state, office.item.age) == ("ACCEPTED", "LATE")
    assert office.item.text("opening", "vi")
    assert office.store.editions.tellable(at(0)) == []
    office.told(old, WORDS)
    assert office.item.state == "ACCEPTED"
    assert office.published
