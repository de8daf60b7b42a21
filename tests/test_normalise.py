"""Raw records become notices: joint ones one, two sources one, a change a version; run twice is run once."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import raws
import sampled
from engines import Scripted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tbt_watch import curate
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change, Milestone, Notice
from tbt_watch.domain.work import Decision, RawRecord, Report
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.normalise.compose import PRECEDENCE, compose
from tbt_watch.sample import EXPECTED_ISSUES, Edition, Record, sample_now
from tbt_watch.store import Store
from tbt_watch.translate import stage as translate

NOW = sample_now()
RECORDS = Edition.bundled().records
GCC = "G/TBT/N/ARE/378/Rev.1"


def group(symbol: str) -> list[Record]:
    """All records (one a Member) that name a symbol."""
    return [one for one in RECORDS if symbol in one["documentSymbol"]]


SINGLE = next(
    dict(one)
    for one in RECORDS
    if "," not in one["documentSymbol"]
    and one["commentDeadlineDate"]
    and one["hsCodes"]
    and one["commentDeadlineDate"] > "2025-08"
    and one["distributionDate"] > "2025-06-05"
    and "/Add" not in one["documentSymbol"]
)
KEY = SINGLE["documentSymbol"].strip()


def run(store: Store, language: Language, *records: RawRecord, now: datetime = NOW) -> Report:
    store.raw.keep(records)
    return stage.run(store, language, now)


def only(store: Store) -> Dossier:
    (found,) = store.notices.every()
    return found


def web(now: datetime = NOW, /, **fields: Any) -> RawRecord:
    (found,) = sampled.web([SINGLE | fields], now)
    return found


def row(now: datetime = NOW, /, **fields: Any) -> RawRecord:
    (found,) = sampled.workbook([SINGLE | fields], now)
    return found


# ── The sample ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", ["web", "bulk", "export"])
def test_every_record_of_the_sample_arrives_but_for_the_expected_issues(
    store: Store, language: Language, source: str
) -> None:
    expected = [one for one in EXPECTED_ISSUES if one.source == "eping_web"]
    records = (
        sampled.web(RECORDS, NOW) if source == "web" else sampled.workbook(RECORDS, NOW, source)  # type: ignore[arg-type]
    )
    report = run(store, language, *records)
    assert (report.done, report.waiting, report.opened) == (len(RECORDS) - 2, 2, 2)
    issues = store.issues.open_list()
    if source == "web":
        assert {one.key for one in issues} == {one.key for one in expected}
    assert sorted(one.kind for one in issues) == ["bad-symbol", "unknown-type"]
    symbols = {one.strip() for record in RECORDS for one in record["documentSymbol"].split(",")}
    found = [symbol for one in store.notices.every() for symbol in one.notice.symbols]
    assert set(found) == symbols - {"G/TBT/N/MWI", "G/TBT/N/MWI/208"}
    assert len(found) == len(set(found))
    assert [one.notice.key for one in store.notices.every() if one.doubt] == []


def test_run_twice_is_run_once(store: Store, language: Language) -> None:
    records = [*sampled.web(RECORDS, NOW), *sampled.workbook(RECORDS, NOW), *sampled.gazette(NOW)]
    run(store, language, *records)
    before = {one.id: one for one in store.notices.every()}
    again = run(store, language, *records, now=NOW + timedelta(hours=1))
    assert (again.done, again.opened) == (0, 0)
    assert {one.id: one for one in store.notices.every()} == before


def test_progress_is_told_batch_by_batch(store: Store, language: Language) -> None:
    store.raw.keep(sampled.web(RECORDS, NOW))
    told: list[int] = []
    stage.run(store, language, NOW, told.append)
    assert sum(told) == len(RECORDS)


# ── Joint notifications ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("symbol", [GCC, "G/TBT/N/BDI/608"])
def test_a_joint_notification_is_one_notice_with_all_members(
    store: Store, language: Language, symbol: str
) -> None:
    records = group(symbol)
    run(store, language, *sampled.web(records, NOW))
    notice = only(store).notice
    assert notice.key == symbol
    assert len(notice.members) == len(notice.symbols) == records[0]["documentSymbol"].count(",") + 1
    assert list(notice.symbols) == sorted(notice.symbols)
    assert {symbol.split("/")[3] for symbol in notice.symbols} == set(notice.members)
    for name in notice.symbols:
        assert [one.id for one in store.notices.get(name)] == [only(store).id]


def test_one_row_of_a_joint_notification_names_all_members_already(store: Store, language: Language) -> None:
    run(store, language, *sampled.web(group(GCC)[3:4], NOW))
    assert len(only(store).notice.members) == 7


def test_sets_that_overlap_are_merged_also_those_that_are_stored(store: Store, language: Language) -> None:
    def part(number: int, symbols: str) -> RawRecord:
        return web(id=number, documentSymbol=symbols, notifyingMember="Kenya")

    run(store, language, part(1, "G/TBT/N/KEN/1"), part(2, "G/TBT/N/KEN/2"), part(3, "G/TBT/N/KEN/9"))
    assert len(list(store.notices.every())) == 3
    run(store, language, part(4, "G/TBT/N/KEN/2, G/TBT/N/KEN/3"), part(5, "G/TBT/N/KEN/3, G/TBT/N/KEN/1"))
    merged, other = store.notices.every()
    assert merged.notice.symbols == ("G/TBT/N/KEN/1", "G/TBT/N/KEN/2", "G/TBT/N/KEN/3")
    assert other.notice.symbols == ("G/TBT/N/KEN/9",)
    assert len(store.raw.read_of([merged.id])[merged.id]) == 4


def told(entries: Iterable[Dossier]) -> dict[str, tuple[Notice, str, str]]:
    return {one.notice.key: (one.notice, one.doubt, one.age) for one in entries}


DOZEN = [
    *sampled.web(group(GCC)[:4], NOW),
    *sampled.workbook(group(GCC)[2:6], NOW),
    *sampled.web(group("G/TBT/N/BDI/608")[:2], NOW),
    web(),
    row(),
    web(NOW, id=7, documentSymbol=f"{KEY}, G/TBT/N/KEN/7", title="<p>Another</p>", titlePlain="Another"),
]
assert len(DOZEN) > 12


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_and_batches_do_not_change_the_notices(
    tmp_path_factory: pytest.TempPathFactory, empty_database: bytes, language: Language, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(DOZEN))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=4)))
    path = tmp_path_factory.mktemp("order") / "store.db"
    path.write_bytes(empty_database)
    with Store.open(path) as store:
        for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True):
            run(store, language, *order[start:end])
        found = told(store.notices.every())
    assert found == told_at_once(tmp_path_factory, empty_database, language)


def told_at_once(
    folder: pytest.TempPathFactory, empty: bytes, language: Language
) -> dict[str, tuple[Notice, str, str]]:
    path = folder.mktemp("once") / "store.db"
    path.write_bytes(empty)
    with Store.open(path) as store:
        run(store, language, *DOZEN)
        return told(store.notices.every())


def test_rows_in_another_order_are_the_same(store: Store, language: Language) -> None:
    records = sampled.workbook(RECORDS, NOW)
    run(store, language, *records)
    before = told(store.notices.every())
    random.Random(1).shuffle(records)
    assert run(store, language, *records).done == 0
    assert told(store.notices.every()) == before


# ── Two sources ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_notice_from_two_sources_is_one_by_precedence(store: Store, language: Language) -> None:
    run(store, language, row(titlePlain="From the workbook", commentDeadlineDate="2025-09-09T00:00:00"))
    assert only(store).notice.title == "From the workbook"
    run(store, language, web(titlePlain="From the web"))
    found = only(store)
    assert found.notice.title == "From the web"
    assert found.notice.sources == ("eping_web", "eping_workbook")
    assert str(found.notice.comment_until) == SINGLE["commentDeadlineDate"][:10]
    assert len(found.versions) == 1  # another source is no change


def test_a_source_fills_what_the_better_one_does_not_say(store: Store, language: Language) -> None:
    without: dict[str, Any] = {
        "hsCodes": [],
        "productsFreeText": None,
        "productsFreeTextPlain": None,
        "linkToNotification": None,
    }
    run(store, language, web(**without), row())
    notice = only(store).notice
    assert notice.hs_codes == tuple(dict.fromkeys(one["code"] for one in SINGLE["hsCodes"]))
    assert notice.products
    assert [one.language for one in notice.documents if one.kind == "notification"]


def test_the_precedence_is_that_of_the_house() -> None:
    wto = ("eping_api", "eping_web", "eping_workbook", "eping_latest", "wto_documents")
    assert (*wto, "congbao", "vbpl", "vanban_chinhphu", "moit", "mst", "moc", "tcvn") == PRECEDENCE
    ordered = ("tbt_gov_vn", "wto_documents", "eping_latest", "eping_workbook", "eping_web", "eping_api")
    readings = [raws.notice(sources=(source,), title=source) for source in ordered]
    for best in reversed(ordered):
        assert compose(readings).title == best
        readings = [one for one in readings if one.title != best]
        if not readings:
            break


def test_what_a_lower_source_says_later_is_no_second_version(store: Store, language: Language) -> None:
    run(store, language, web(), row())
    moved = "2025-12-24T00:00:00"
    run(store, language, web(commentDeadlineDate=moved))
    assert [one.tells for one in only(store).versions] == [True, True]
    run(store, language, row(commentDeadlineDate=moved, linkToNotification=SINGLE["linkToNotification"]))
    assert len(only(store).versions) == 2
    assert store.raw.due() == []


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_deadline_is_a_version_that_tells(store: Store, language: Language) -> None:
    run(store, language, web())
    later = NOW + timedelta(days=1)
    run(store, language, web(later, commentDeadlineDate="2025-12-24T00:00:00"), now=later)
    found = only(store)
    assert found.notice.comment_until == date(2025, 12, 24)
    last = found.versions[-1]
    before = SINGLE["commentDeadlineDate"][:10]
    assert (last.seq, last.at, last.source, last.tells) == (2, later, "eping_web", True)
    assert last.changes == (Change(field="comment_until", before=before, after="2025-12-24"),)
    assert found.state == "NORMALISED"


@pytest.mark.parametrize(
    ("fields", "changed", "tells"),
    [
        ({"titlePlain": "Other words"}, ["title"], False),
        ({"descriptionPlain": "Other words"}, ["summary"], False),
        ({"keywords": [{"id": 1, "name": "Labelling"}]}, ["keywords"], False),
        ({"linkToNotification": "https://docs.wto.org/x.docx"}, ["links"], False),
        ({"productsFreeTextPlain": "Tea"}, ["products"], True),
        ({"hsCodes": [{"id": 1, "code": "0902", "name": "0902 - Tea"}]}, ["hs_codes"], True),
        ({"icsCodes": [{"id": 1, "code": "67.140.10", "name": "67.140.10 - Tea"}]}, ["ics_codes"], True),
        (
            {"proposedAdoptionDate": "2026-01-01T00:00:00", "proposedAdoptionDateText": None},
            ["adoption"],
            True,
        ),
        (
            {"proposedEntryIntoForceDateText": "at once", "proposedEntryIntoForceDate": None},
            ["in_force"],
            True,
        ),
        ({"notifiedDocumentLink": "https://members.wto.org/new_e.pdf"}, ["documents"], True),
        ({"title": "<p>only markup</p>"}, [], False),
    ],
)
def test_what_changed_and_whether_it_tells(
    store: Store, language: Language, fields: dict[str, Any], changed: list[str], tells: bool
) -> None:
    run(store, language, web())
    run(store, language, web(**fields))
    versions = only(store).versions
    assert [one.field for one in versions[-1].changes] == changed
    assert len(versions) == 1 + bool(changed)
    assert (versions[-1].tells if changed else False) is tells


def test_joint_records_that_change_alike_are_one_version(store: Store, language: Language) -> None:
    run(store, language, *sampled.web(group(GCC), NOW))
    moved = [{**one, "commentDeadlineDate": "2025-12-24T00:00:00"} for one in group(GCC)]
    run(store, language, *sampled.web(moved, NOW))
    versions = only(store).versions
    assert [[change.field for change in one.changes] for one in versions] == [[], ["comment_until"]]


def test_a_change_back_is_a_version_too(store: Store, language: Language) -> None:
    for deadline in ("2025-08-01", "2025-09-01", "2025-08-01"):
        run(store, language, web(commentDeadlineDate=f"{deadline}T00:00:00"))
    assert [one.seq for one in only(store).versions] == [1, 2, 3]
    assert only(store).notice.comment_until == date(2025, 8, 1)


def test_a_symbol_that_the_source_mended_is_the_same_notice(store: Store, language: Language) -> None:
    run(store, language, web(documentSymbol="G/TBT/N/KEN/1", notifyingMember="Kenya"))
    before = only(store).id
    run(store, language, web(documentSymbol="G/TBT/N/KEN/2", notifyingMember="Kenya"))
    assert (only(store).id, only(store).notice.symbols) == (before, ("G/TBT/N/KEN/2",))
    assert store.notices.get("G/TBT/N/KEN/1") == []


def test_a_mended_symbol_does_not_tie_two_measures_together(store: Store, language: Language) -> None:
    kenya = {"notifyingMember": "Kenya"}
    run(
        store,
        language,
        web(documentSymbol="G/TBT/N/KEN/1", **kenya),
        row(documentSymbol="G/TBT/N/KEN/1", **kenya),
    )
    run(store, language, web(documentSymbol="G/TBT/N/KEN/2", **kenya))
    assert [one.notice.symbols for one in store.notices.every()] == [("G/TBT/N/KEN/1",), ("G/TBT/N/KEN/2",)]
    assert [one.notice.sources for one in store.notices.every()] == [("eping_workbook",), ("eping_web",)]


def test_an_amended_fact_outlives_what_the_source_says_later(store: Store, language: Language) -> None:
    run(store, language, web())
    curate.amend_field(store, only(store), "comment_until", "2025-10-10", "An", NOW)
    run(store, language, web(titlePlain="Other words", commentDeadlineDate="2025-11-11T00:00:00"))
    found = only(store)
    assert (found.notice.comment_until, found.notice.title) == (date(2025, 10, 10), "Other words")
    assert [change.field for change in found.versions[-1].changes] == ["title"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("15 May 2026", date(2026, 5, 15)),
        ("1st June 2026.", date(2026, 6, 1)),
        ("01/02/2026", None),  # the month may come first
        ("15 May 2026 at the earliest", None),
        ("To be determined", None),
    ],
)
def test_a_day_that_stands_among_the_words_is_a_day(
    store: Store, language: Language, words: str, day: date | None
) -> None:
    run(store, language, web(proposedEntryIntoForceDate=None, proposedEntryIntoForceDateText=words))
    assert only(store).notice.in_force == Milestone(date=day, text=words)


# ── Spanish and French originals ────────────────────────────────────────────────────────────────────────

SPANISH = next(dict(one) for one in RECORDS if "CRI/193/Add.8" in one["documentSymbol"])
ORIGINAL = {
    "titlePlain": "Requisitos de eficiencia energética para los hornos eléctricos de uso doméstico",
    "descriptionPlain": "Por medio de la presente se comunica que el reglamento entra en vigor en el mes de julio.",
    "productsFreeTextPlain": "Aparatos electrodomésticos en general",
    "proposedEntryIntoForceDateText": "Por determinar",
}
ENGLISH = {
    "titlePlain": "Requirements of energy efficiency for household electric ovens",
    "descriptionPlain": "It is hereby announced that the regulation enters into force in the month of July.",
    "productsFreeTextPlain": "Domestic electrical appliances in general",
    "proposedEntryIntoForceDateText": "To be determined",
}


def of_costa_rica(fields: dict[str, str], **more: Any) -> dict[str, Any]:
    plain = {name.removesuffix("Plain"): text for name, text in fields.items()}
    return SPANISH | plain | fields | more


def test_an_original_that_the_source_puts_into_english_changes_its_language_and_tells_nobody(
    store: Store, language: Language
) -> None:
    run(store, language, *sampled.web([of_costa_rica(ORIGINAL)], NOW))
    assert only(store).notice.language == "es"
    run(store, language, *sampled.web([of_costa_rica(ENGLISH)], NOW))
    found = only(store)
    assert (found.notice.language, found.notice.title) == ("en", ENGLISH["titlePlain"])
    assert [one.field for one in found.versions[-1].changes] == ["language", "title", "summary"]
    assert found.versions[-1].changes[0] == Change(field="language", before="es", after="en")
    assert not found.versions[-1].tells
    assert found.state == "NORMALISED"  # so that its texts are made anew


def test_what_moves_with_the_language_still_tells(store: Store, language: Language) -> None:
    run(store, language, *sampled.web([of_costa_rica(ORIGINAL)], NOW))
    moved = of_costa_rica(
        ENGLISH, commentDeadlineDate="2025-12-24T00:00:00", proposedAdoptionDate="2026-01-01T00:00:00"
    )
    run(store, language, *sampled.web([moved], NOW))
    last = only(store).versions[-1]
    assert [one.field for one in last.changes if one.tells] == ["comment_until", "adoption"]


@pytest.mark.parametrize("first", [ORIGINAL, ENGLISH])
def test_the_english_text_counts_whichever_source_has_it(
    store: Store, language: Language, first: dict[str, str]
) -> None:
    """A workbook comes after the search interface, but its English goes before the other's Spanish."""
    second = ENGLISH if first is ORIGINAL else ORIGINAL
    run(store, language, *sampled.web([of_costa_rica(first)], NOW))
    run(store, language, *sampled.workbook([of_costa_rica(second)], NOW))
    found = only(store)
    assert (found.notice.language, found.notice.title) == ("en", ENGLISH["titlePlain"])
    assert found.notice.summary == ENGLISH["descriptionPlain"]
    assert found.notice.products == ENGLISH["productsFreeTextPlain"]
    assert found.notice.sources == ("eping_web", "eping_workbook")
    fields = [change.field for version in found.versions for change in version.changes]
    assert fields == (["language"] if first is ORIGINAL else [])


class Bilingual(Scripted):
    """An engine for Spanish too."""

    def describe(self, source: str, target: str) -> str | None:
        return f"scripted {source}-{target}"


def test_the_machines_text_is_made_anew_from_the_english_and_the_persons_stays(
    store: Store, language: Language
) -> None:
    spanish, english = ORIGINAL["titlePlain"], ENGLISH["titlePlain"]
    said = "Yêu cầu về hiệu suất năng lượng đối với lò nướng điện gia dụng"
    engine = Bilingual({spanish: said, english: said})
    run(store, language, *sampled.web([of_costa_rica(ORIGINAL)], NOW))
    translate.run(store, language, engine, NOW)
    made = only(store).translation("title", "vi")
    assert made is not None
    assert (made.origin, made.source_language, made.source_text) == ("machine", "es", spanish)
    curate.amend_field(store, only(store), "summary", "Quy định có hiệu lực trong tháng 7.", "Lan", NOW)
    run(store, language, *sampled.web([of_costa_rica(ENGLISH)], NOW))
    translate.run(store, language, engine, NOW)
    found = only(store)
    made, written = found.translation("title", "vi"), found.translation("summary", "vi")
    assert made is not None
    assert written is not None
    assert (made.origin, made.source_language, made.source_text) == ("machine", "en", english)
    assert (written.origin, written.text) == ("human", "Quy định có hiệu lực trong tháng 7.")
    assert written.source_text == ENGLISH["descriptionPlain"]


# ── Age ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days_old", "days_left", "age"),
    [(0, None, "FRESH"), (30, None, "FRESH"), (31, None, "ARCHIVE"), (31, 0, "LATE"), (31, -1, "ARCHIVE")],
)
def test_age_by_the_day_it_was_first_seen(
    store: Store, language: Language, days_old: int, days_left: int | None, age: str
) -> None:
    seen = NOW.date()
    until = seen + timedelta(days=days_left) if days_left is not None else None
    published = seen - timedelta(days=days_old)
    record = web(
        distributionDate=f"{published}T00:00:00", commentDeadlineDate=f"{until}T00:00:00" if until else None
    )
    run(store, language, record, now=NOW + timedelta(days=99))  # who runs it later changes nothing
    assert only(store).age == age


def old(now: datetime = NOW, /, **fields: Any) -> RawRecord:
    return web(now, **{"distributionDate": "2025-01-01T00:00:00", "commentDeadlineDate": None} | fields)


def test_an_old_measure_that_moves_is_news_and_stays_news(store: Store, language: Language) -> None:
    run(store, language, old())
    assert only(store).age == "ARCHIVE"
    reopened = {"commentDeadlineDate": "2025-08-30T00:00:00"}
    run(store, language, old(**reopened))
    assert only(store).age == "FRESH"
    run(store, language, old(titlePlain="Other words", **reopened))
    assert only(store).age == "FRESH"


def test_an_old_measure_whose_words_change_stays_archive(store: Store, language: Language) -> None:
    run(store, language, old())
    run(store, language, old(titlePlain="Other words"))
    assert only(store).age == "ARCHIVE"


def test_news_grow_old_without_becoming_archive(store: Store, language: Language) -> None:
    run(store, language, web())
    much_later = NOW + timedelta(days=400)
    run(store, language, web(much_later, titlePlain="Other words"), now=much_later)
    found = only(store)
    assert (found.age, found.seen_at) == ("FRESH", NOW)


def test_what_was_seen_earlier_and_read_later_moves_the_day_of_seeing(
    store: Store, language: Language
) -> None:
    early = replace(row(), fetched_at=NOW - timedelta(days=5))
    run(store, language, web())
    run(store, language, early)
    assert only(store).seen_at == NOW - timedelta(days=5)


def test_what_stood_on_the_site_under_another_symbol_says_so(store: Store, language: Language) -> None:
    run(store, language, web(documentSymbol="G/TBT/N/KEN/1", notifyingMember="Kenya"))
    run(store, language, web(documentSymbol="G/TBT/N/KEN/2", notifyingMember="Kenya"))
    assert [one.changes for one in only(store).versions] == [()], "nobody knew it yet"
    store.notices.decide(only(store).id, Decision(state="accepted", by="An", at=NOW), 1)
    run(store, language, web(documentSymbol="G/TBT/N/KEN/3", notifyingMember="Kenya"))
    (change,) = only(store).versions[-1].changes
    assert (change.field, change.before, change.after) == ("symbols", "G/TBT/N/KEN/2", "G/TBT/N/KEN/3")
    assert not only(store).versions[-1].tells, "a corrected name is no news"
    run(store, language, web(documentSymbol="G/TBT/N/KEN/3", notifyingMember="Kenya", titlePlain="Other"))
    assert [change.field for change in only(store).versions[-1].changes] == ["title"]
