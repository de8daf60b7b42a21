"""Notices in the store: one per symbol, versions counted, human work kept, found by any spelling of their words."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import raws
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tbt_watch.domain.legal import parse_number, regulation_key
from tbt_watch.domain.notice import Change, Document, Milestone, Notice, Relation
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Decision
from tbt_watch.store import Store
from tbt_watch.store.codec import notice_from_json, notice_to_json
from tbt_watch.store.entries import Entry

DEADLINE = Change(field="comment_until", before="2026-12-31", after="2027-01-15")
WORDING = Change(field="title", before="a", after="b")


def change(
    store: Store, now: datetime, at: int, notice: Notice, *changes: Change, merge: tuple[int, ...] = ()
) -> None:
    """Write a changed notice over a stored one, others merged into it."""
    entry = Entry(
        ids=(at, *merge), notice=notice, records=(), seen_at=now, changes=changes, source="eping_web"
    )
    store.notices.put([entry], now)


def human(text: str, field: str = "title", source: str = "Auxiliary fuel tanks") -> Translation:
    return Translation(field=field, language="vi", text=text, origin="human", source_text=source)


def machine(text: str, field: str = "title") -> Translation:
    return Translation(
        field=field, language="vi", text=text, origin="machine", source_text="x", engine="argos"
    )


def tag(code: str, basis: str = "rule") -> Tag:
    return Tag(kind="sector", code=code, basis=basis, reason="hs:84", confidence=Decimal("0.9"))  # type: ignore[arg-type]


FULL = Notice(
    key="G/TBT/N/ARE/703",
    kind="notification",
    area="TBT",
    type="addendum",
    symbols=("G/TBT/N/ARE/703", "G/TBT/N/BHR/780"),
    thread="G/TBT/N/ARE/703",
    follows="G/TBT/N/ARE/702",
    emergency=True,
    related=(Relation(rel="mentions", key="x"),),
    members=("ARE", "BHR"),
    title="Điều hòa \ud800",
    language="es",
    hs_codes=("8415",),
    published_on=date(2026, 1, 2),
    adoption=Milestone(date=date(2026, 2, 3), text="soon"),
    in_force=Milestone(text="later"),
    stated_status="withdrawn",
    stated_status_on=date(2026, 3, 4),
    documents=(Document(url="https://x/a_e.pdf", language="en", kind="attachment"),),
    sources=("eping_web", "eping_workbook"),
)


def test_every_field_comes_back_as_it_was_written(store: Store, now: datetime) -> None:
    (at,) = raws.put(store, now, FULL, doubt="deadline-before-notification", age="LATE")
    found = store.notices.dossier(at)
    assert found.notice == FULL
    assert (found.state, found.doubt, found.age, found.seen_at) == (
        "NORMALISED", "deadline-before-notification", "LATE", now,
    )  # fmt: skip
    assert [(one.seq, one.at, one.source, one.changes) for one in found.versions] == [
        (1, now, "eping_web", ())
    ]
    assert notice_from_json(notice_to_json(FULL)) == FULL


def test_a_notice_is_found_by_every_name_it_has(store: Store, now: datetime) -> None:
    raws.put(store, now, FULL)
    for name in ("G/TBT/N/ARE/703", " g/tbt/n/bhr/780 ", "G/TBT/BHR/780", "G / TBT / N / ARE / 703"):
        assert [one.notice.key for one in store.notices.get(name)] == [FULL.key]
    for name in ("G/TBT/N/ARE/70", "12/2024/TT-BCT", "nothing", "", "\ud800"):
        assert store.notices.get(name) == []


def test_a_number_has_candidates_and_a_permalink_has_one(store: Store, now: datetime) -> None:
    number = parse_number("01/2026/NQ-HĐND")
    keys = [regulation_key(number, body, date(2026, 3, 1)) for body in ("Lào Cai", "Phú Thọ")]
    for key in keys:
        fact = raws.notice(kind="regulation", area="VN", type="Nghị quyết", key=key, symbols=(number.text,))
        raws.put(store, now, fact)
    assert [one.notice.key for one in store.notices.get("nq 01/2026/nq-hdnd")] == keys
    assert [one.notice.key for one in store.notices.get(keys[1])] == [keys[1]]


def test_a_symbol_belongs_to_exactly_one_notice(store: Store, now: datetime) -> None:
    raws.put(store, now, FULL)
    assert store.notices.known(["G/TBT/N/BHR/780", "G/TBT/N/KWT/1"]) == {"G/TBT/N/BHR/780": 1}
    with pytest.raises(Exception, match=r"UNIQUE constraint failed: symbol\.text"):
        raws.put(store, now, raws.notice("G/TBT/N/BHR/780"))
    assert len(list(store.notices.every())) == 1


def test_versions_count_up_and_say_what_changed(store: Store, now: datetime) -> None:
    (at,) = raws.put(store, now, raws.notice())
    change(store, now, at, raws.notice(title="b"), WORDING)
    change(
        store, now, at, raws.notice(title="b", hs_codes=("84",))
    )  # another source filled a field: no version
    change(store, now, at, raws.notice(comment_until=date(2027, 1, 15)), DEADLINE)
    versions = store.notices.dossier(at).versions
    assert [(one.seq, one.tells, one.changes) for one in versions] == [
        (1, True, ()),
        (2, False, (WORDING,)),
        (3, True, (DEADLINE,)),
    ]


def test_a_change_goes_back_to_the_door_and_what_was_accepted_stays_published(
    store: Store, now: datetime
) -> None:
    (at,) = raws.put(store, now, raws.notice())
    assert list(store.notices.published()) == []
    raws.accept(store, now, at)
    change(store, now + timedelta(days=1), at, raws.notice(comment_until=date(2027, 1, 15)), DEADLINE)
    found = store.notices.dossier(at)
    assert (found.state, found.accepted_at) == ("NORMALISED", now)
    assert [one.id for one in store.notices.published()] == [at]
    store.notices.decide(at, Decision(state="rejected", by="An", at=now, why="x"), 2)
    assert list(store.notices.published()) == []


def test_symbols_that_go_are_free_again(store: Store, now: datetime) -> None:
    (at,) = raws.put(store, now, raws.notice("G/TBT/N/USA/1"))
    change(store, now, at, raws.notice("G/TBT/N/USA/2"))
    assert store.notices.get("G/TBT/N/USA/1") == []
    (other,) = raws.put(store, now, raws.notice("G/TBT/N/USA/1"))
    assert other != at


def test_merging_keeps_what_was_decided_told_written_and_set(store: Store, now: datetime) -> None:
    earlier = now - timedelta(days=9)
    first, second = raws.put(store, now, raws.notice("G/TBT/N/ARE/703"), raws.notice("G/TBT/N/BHR/780"))
    store.notices.translated(
        {first: [machine("của máy")], second: [human("của người"), human("s", "summary")]}, now
    )
    both = store.notices.dossiers([first, second])
    store.tags.keep({first: [tag("a")], second: [tag("a", "staff"), tag("b", "staff"), tag("c")]}, both)
    raws.accept(store, now, second)
    joint = raws.notice("G/TBT/N/ARE/703", symbols=("G/TBT/N/ARE/703", "G/TBT/N/BHR/780"))
    change(store, now, first, joint, merge=(second,))
    found = store.notices.dossier(first)
    assert {one.field: one.text for one in found.translations} == {"title": "của người", "summary": "s"}
    assert {(one.code, one.basis) for one in found.tags} == {("a", "staff"), ("b", "staff")}
    assert found.decision is not None
    assert found.decision.state == "accepted"
    assert [one.id for one in store.notices.every()] == [first]
    assert [one.id for one in store.notices.published()] == [first]
    assert store.notices.get("G/TBT/N/BHR/780")[0].id == first
    change(store, earlier, first, joint)
    assert store.notices.dossier(first).seen_at == earlier


def test_own_human_work_outlives_a_merge(store: Store, now: datetime) -> None:
    first, second = raws.put(store, now, raws.notice("G/TBT/N/ARE/703"), raws.notice("G/TBT/N/BHR/780"))
    store.notices.translated({first: [human("một")], second: [human("hai")]}, now)
    change(store, now, first, raws.notice("G/TBT/N/ARE/703"), merge=(second,))
    assert [one.text for one in store.notices.dossier(first).translations] == ["một"]


def test_what_a_human_wrote_is_never_overwritten(store: Store, now: datetime) -> None:
    (at,) = raws.put(store, now, raws.notice())
    store.notices.translated({at: [machine("một"), machine("tóm", "summary")]}, now)
    dossier = store.notices.dossier(at)
    store.notices.amend_text(dossier, human("của người"), Decision(state="amended", by="An", at=now))
    store.notices.translated({at: [machine("hai"), machine("tắt", "summary")]}, now)
    assert {one.field: (one.text, one.origin) for one in store.notices.dossier(at).translations} == {
        "title": ("của người", "human"),
        "summary": ("tắt", "machine"),
    }


def test_what_staff_tagged_is_never_overwritten(store: Store, now: datetime) -> None:
    (at,) = raws.put(store, now, raws.notice())
    both = store.notices.dossiers([at])
    store.tags.keep({at: [tag("machinery", "staff"), tag("toys")]}, both)
    store.tags.keep({at: [tag("machinery", "rule"), tag("food")]}, both)
    assert {(one.code, one.basis) for one in store.notices.dossier(at).tags} == {
        ("machinery", "staff"),
        ("food", "rule"),
    }


def test_archive_passes_through_and_the_rest_waits(store: Store, now: datetime) -> None:
    raws.put(store, now, raws.notice("G/TBT/N/USA/1"), age="ARCHIVE")
    raws.put(store, now, raws.notice("G/TBT/N/USA/2"), age="LATE")
    assert store.notices.pass_archive("NORMALISED", "TRANSLATED") == 1
    assert [one.notice.key for one in store.notices.at_door("NORMALISED")] == ["G/TBT/N/USA/2"]
    assert store.notices.counts() == {"NORMALISED": 1, "TRANSLATED": 1}


def test_walking_may_be_left_halfway_and_may_write(store: Store, now: datetime) -> None:
    raws.put(store, now, *(raws.notice(f"G/TBT/N/USA/{n}") for n in range(1, 4)))
    walk = store.notices.every()
    next(walk)
    raws.put(store, now, raws.notice("G/TBT/N/USA/9"))
    for item in store.notices.every():
        raws.accept(store, now, item.id)
    assert len(list(store.notices.published())) == 4
    assert [one.notice.key for one in store.notices.every("regulation")] == []


def test_a_thread_lists_what_is_published_by_date(store: Store, now: datetime) -> None:
    facts = (
        ("G/TBT/N/USA/1/Add.1", 5),
        ("G/TBT/N/USA/1", 2),
        ("G/TBT/N/USA/1/Add.2", 9),
        ("G/TBT/N/USA/11", 1),
    )
    ids = raws.put(store, now, *(raws.notice(one, published_on=date(2026, 11, day)) for one, day in facts))
    raws.accept(store, now, *ids[:2], ids[3])
    assert [one.notice.key for one in store.notices.thread("G/TBT/N/USA/1")] == [
        "G/TBT/N/USA/1",
        "G/TBT/N/USA/1/Add.1",
    ]
    newest = store.notices.newest(limit=2, state="ACCEPTED", since=date(2026, 11, 2))
    assert [one.notice.key for one in newest] == ["G/TBT/N/USA/1/Add.1", "G/TBT/N/USA/1"]


# ── Search ──────────────────────────────────────────────────────────────────────────────────────────────


def indexed(store: Store, now: datetime, notice: Notice, *texts: Translation) -> int:
    (at,) = raws.put(store, now, notice)
    store.notices.translated({at: texts}, now)
    store.tags.keep({at: ()}, store.notices.dossiers([at]))
    return at


@pytest.mark.parametrize(
    "words",
    [
        "điều hòa",
        "dieu hoa",
        "ĐIỀU HOÀ",
        "\u00d0iều ho\u0300a",  # Eth, and a tone of its own
        "dieu ho",
        "hoa dieu",
        "G/TBT/N/USA/2211",
        "g/tbt/n/usa/2211",
        "8415",
        "USA",
        '"dieu" hoa',
        "khong khi",
        "điều * AND (hòa",
    ],
)
def test_search_folds_tones_and_d_on_both_sides(store: Store, now: datetime, words: str) -> None:
    at = indexed(
        store,
        now,
        raws.notice(title="Air conditioners", hs_codes=("8415",)),
        human("Điều hòa không khí. And"),
    )
    assert [one.id for one in store.notices.search(words)] == [at]


@pytest.mark.parametrize("words", ["điều hòa xe", "nothing", "", "  ", '""', "-", "2211 5"])
def test_search_wants_all_words(store: Store, now: datetime, words: str) -> None:
    indexed(store, now, raws.notice(title="Air conditioners"), human("Điều hòa không khí"))
    assert store.notices.search(words) == []


def test_search_finds_a_text_without_tones_by_one_with_them(store: Store, now: datetime) -> None:
    at = indexed(store, now, raws.notice(title="Do dien tu gia dung"))
    assert [one.id for one in store.notices.search("đồ điện tử")] == [at]


def test_search_follows_a_change_an_amendment_and_a_merge(store: Store, now: datetime) -> None:
    at = indexed(store, now, raws.notice(title="Pomelos"))
    change(store, now, at, raws.notice(title="Longans"))
    store.tags.keep({at: ()}, store.notices.dossiers([at]))
    assert store.notices.search("pomelos") == []
    assert [one.id for one in store.notices.search("longans")] == [at]
    store.notices.amend_text(
        store.notices.dossier(at), human("Nhãn lồng"), Decision(state="amended", by="An", at=now)
    )
    assert [one.id for one in store.notices.search("nhan long")] == [at]
    other = indexed(store, now, raws.notice("G/TBT/N/USA/9", title="Bananas"))
    change(store, now, at, raws.notice(title="Longans"), merge=(other,))
    assert store.notices.search("bananas") == []


def test_a_text_that_may_not_be_shown_is_not_searched(store: Store, now: datetime) -> None:
    indexed(store, now, raws.notice(title="Pomelos"), replace(machine("Bưởi"), checks=("numbers",)))
    assert store.notices.search("bưởi") == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(), max_size=30))
def test_no_words_break_the_search(store: Store, words: str) -> None:
    assert store.notices.search(words) == []


def _listed(store: Store) -> list[int]:
    return [item.id for item in store.notices.newest(untranslated=True)]


def test_untranslated_lists_what_no_reader_gets_in_vietnamese(store: Store, now: datetime) -> None:
    notice = replace(FULL, title="Tanks", language="en", summary="", products="")
    (at,) = raws.put(store, now, notice)
    assert _listed(store) == [at]
    store.notices.translated({at: [replace(machine("bình"), checks=("numbers",))]}, now)
    assert _listed(store) == [at]
    store.notices.translated({at: [machine("bình chứa")]}, now)
    assert _listed(store) == []


def test_vietnamese_originals_and_the_archive_wait_for_no_translator(store: Store, now: datetime) -> None:
    raws.put(store, now, replace(FULL, language="vi"))
    other = replace(FULL, key="G/TBT/N/USA/1", symbols=("G/TBT/N/USA/1",), language="en")
    raws.put(store, now, other, age="ARCHIVE")
    assert _listed(store) == []


def test_an_outdated_human_text_gives_way_unless_somebody_wrote_a_new_one(
    store: Store, now: datetime
) -> None:
    (at,) = raws.put(store, now, FULL)
    amended = Decision(state="amended", by="lan", at=now)
    old, new = human("cũ", source="old"), human("mới", source="new")
    store.notices.amend_text(store.notices.dossier(at), old, amended)
    store.notices.translated({at: [machine("máy")]}, now)
    assert store.notices.dossier(at).text("title", "vi") == "cũ"
    store.notices.translated({at: [machine("máy")]}, now, outdated=[(at, old)])
    assert store.notices.dossier(at).text("title", "vi") == "máy"
    store.notices.amend_text(store.notices.dossier(at), new, amended)
    store.notices.translated({at: [machine("máy")]}, now, outdated=[(at, old)])
    assert store.notices.dossier(at).text("title", "vi") == "mới"


def test_unsure_lists_what_has_no_sector_or_only_a_guess(store: Store, now: datetime) -> None:
    symbols = ("G/TBT/N/USA/1", "G/TBT/N/USA/2", "G/TBT/N/USA/3")
    bare, guessed, sure = (raws.put(store, now, raws.notice(symbol))[0] for symbol in symbols)
    items = store.notices.dossiers([bare, guessed, sure])
    guess = replace(tag("toys"), confidence=Decimal("0.45"))
    store.tags.keep({bare: (), guessed: [guess], sure: [replace(guess, confidence=Decimal("0.5"))]}, items)
    assert {item.id for item in store.notices.newest(unsure=True)} == {bare, guessed}
