"""Records that are wrong: each waits with an issue that says what to do, or loses one field; none stops the rest."""

import json
from datetime import date
from typing import Any

import pytest
import raws
import sampled

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.work import Issue, RawRecord, Report
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.sample import Edition, sample_now
from tbt_watch.store import Store

NOW = sample_now()
GOOD = next(
    dict(one)
    for one in Edition.bundled().records
    if one["notificationType"] == "Regular notification"
    and one["area"] == "TBT"
    and "," not in one["documentSymbol"]
)
OTHER = sampled.record(Edition.bundled().records, "G/TBT/N/ARE/378/Rev.1")


def run(store: Store, language: Language, *records: RawRecord) -> Report:
    store.raw.keep(records)
    return stage.run(store, language, NOW)


def web(**fields: Any) -> RawRecord:
    return raws.web(GOOD | {"id": 1} | fields, NOW)


def row(**cells: Any) -> RawRecord:
    (good,) = sampled.workbook([GOOD], NOW)
    body = json.loads(good.body)
    body["cells"] |= cells
    return raws.raw("eping_workbook", "1", body, NOW)


def page(*rows: tuple[str, str], **entry: str) -> RawRecord:
    link = "https://congbao.chinhphu.vn/van-ban/thong-tu-so-09-2020-tt-nhnn-144532.htm"
    said = {"link": link, "summary": "Về an toàn", "published": "Wed, 02 Jul 2025 03:00:00 +0000"} | entry
    body = {"entry": said, "rows": [list(one) for one in rows], "page_title": "", "files": []}
    return raws.raw("congbao", said["link"], body, NOW, url=said["link"])


NUMBER = ("Số, ký hiệu", "09/2020/TT-NHNN")
ISSUED = ("Ngày ban hành", "21/10/2020")
ISSUER = ("Cơ quan ban hành", "Ngân hàng Nhà nước")


def issue(store: Store) -> Issue:
    (found,) = store.issues.open_list()
    assert found.message.endswith(".")
    assert found.todo.endswith(".")
    assert "\n" not in found.message
    return found


def only(store: Store) -> Dossier:
    (found,) = store.notices.every()
    return found


# ── What waits ──────────────────────────────────────────────────────────────────────────────────────────

WAITING: list[tuple[RawRecord, str]] = [
    (web(documentSymbol=None), "no-symbol"),
    (web(documentSymbol=" "), "no-symbol"),
    (web(documentSymbol="G/TBT/N/MWI"), "bad-symbol"),
    (web(documentSymbol="G/TBT/N/MWI/1, nonsense"), "bad-symbol"),
    (web(documentSymbol="G/TBT/N/\ud800/1"), "bad-symbol"),
    (web(distributionDate=None), "no-date"),
    (web(distributionDate="soon"), "bad-date"),
    (web(distributionDate="2025-02-30T00:00:00"), "bad-date"),
    (web(distributionDate="0025-06-11"), "bad-date"),
    (web(commentDeadlineDate="08/9/201"), "bad-date"),
    (web(notificationType="Interim notification"), "unknown-type"),
    (web(notificationType=None), "unknown-type"),
    (web(notifyingMember="Atlantis"), "unknown-member"),
    (web(notifyingMember=None), "unknown-member"),
    (web(documentSymbol={"text": "G/TBT/N/MWI/1"}), "bad-shape"),
    (web(hsCodes="8517"), "bad-shape"),
    (web(titlePlain=None, title=["a"]), "bad-shape"),
    (web(objectives=[[1]]), "bad-shape"),
    (raws.raw("eping_web", "1", "[]", NOW), "bad-shape"),
    (raws.raw("eping_web", "1", "null", NOW), "bad-shape"),
    (raws.raw("eping_web", "1", "<html>", NOW), "bad-shape"),
    (raws.raw("eping_web", "1", "", NOW), "bad-shape"),
    (raws.raw("eping_workbook", "1", {"document symbol": "G/TBT/N/MWI/1"}, NOW), "bad-shape"),
    (raws.raw("eping_workbook", "1", {"cells": [], "links": {}}, NOW), "bad-shape"),
    (row(**{"document symbol": ""}), "no-symbol"),
    (row(**{"distribution date": ""}), "no-date"),
    (row(**{"distribution date": "45819x"}), "bad-date"),
    (raws.raw("congbao", "1", {"link": "x"}, NOW), "bad-shape"),
    (page(NUMBER, ISSUED, summary=""), "no-title"),
    (page(("Số, ký hiệu", "số một"), ISSUED), "bad-number"),
    (page(("Số, ký hiệu", "TCVN 14423:2025"), ISSUED), "no-issuer"),
    (page(NUMBER, ("Ngày ban hành", "31/02/2020")), "bad-date"),
    (page(link="https://congbao.chinhphu.vn/van-ban/thong-bao.htm"), "no-number"),
    (raws.raw("tbt_gov_vn", "1", {}, NOW), "no-reader"),
]


@pytest.mark.parametrize(("record", "kind"), WAITING, ids=lambda one: one if isinstance(one, str) else "")
def test_it_waits_with_an_issue_and_holds_up_nobody(
    store: Store, language: Language, record: RawRecord, kind: str
) -> None:
    (good,) = sampled.web([OTHER], NOW)
    report = run(store, language, record, good)
    assert (report.done, report.waiting, report.opened) == (1, 1, 1)
    found = issue(store)
    assert (found.kind, found.source, found.key) == (kind, record.source, record.key)
    assert only(store).notice.key == "G/TBT/N/ARE/378/Rev.1"
    again = stage.run(store, language, NOW)  # it still stands at the door, and is no second issue
    assert (again.done, again.waiting, again.opened) == (0, 1, 0)
    assert issue(store).times == 2


@pytest.mark.parametrize("record", [one for one, _ in WAITING if one.source == "eping_web"][:14:4])
def test_what_the_source_mends_comes_in_by_itself(
    store: Store, language: Language, record: RawRecord
) -> None:
    run(store, language, record)
    report = run(store, language, web())
    assert (report.done, report.waiting) == (1, 0)
    assert store.issues.open_list() == []
    assert only(store).notice.title


def test_a_notice_whose_record_breaks_later_stays_as_it_was(store: Store, language: Language) -> None:
    run(store, language, web())
    before = only(store)
    run(store, language, web(distributionDate="soon"))
    assert only(store) == before
    assert issue(store).kind == "bad-date"


# ── What loses one field ────────────────────────────────────────────────────────────────────────────────


def code(text: str | None) -> dict[str, Any]:
    return {"id": 1, "code": text, "name": "x"}


def test_a_code_that_is_no_code_is_left_out_and_told(store: Store, language: Language) -> None:
    run(
        store,
        language,
        web(hsCodes=[code("08.05"), code("citrus"), code("0805"), code("8"), code(None)], icsCodes=[]),
    )
    assert only(store).notice.hs_codes == ("0805",)
    assert issue(store).kind == "bad-code"
    assert "'citrus', '8', which is no HS code" in issue(store).message


def test_a_code_of_a_workbook_that_is_no_code_is_told_too(store: Store, language: Language) -> None:
    cells = {
        "hs code(s)": "citrus; 0805 - Citrus fruit; fresh; 72106 - Steel; 0805 - Citrus fruit",
        "ics code(s)": "",
    }
    run(store, language, row(**cells))
    assert only(store).notice.hs_codes == ("0805", "72106")
    assert issue(store).kind == "bad-code"


def test_an_unknown_value_is_one_issue_however_many_records_name_it(store: Store, language: Language) -> None:
    named = [{"id": 1, "name": "World peace \ud800"}, {"id": 2, "name": "Harmonization (TBT)"}]
    report = run(
        store, language, web(objectives=named), web(objectives=named, id=2, documentSymbol="G/TBT/N/MWI/9")
    )
    assert (report.done, report.waiting, report.opened) == (2, 0, 1)
    assert issue(store).kind == "unknown-objective"
    assert [one.notice.objectives for one in store.notices.every()] == [("harmonization",)] * 2


def test_a_field_that_the_contract_does_not_know_is_told_once(store: Store, language: Language) -> None:
    report = run(store, language, web(newField=1), web(newField=1, id=2, documentSymbol="G/TBT/N/MWI/9"))
    assert (report.done, report.opened) == (2, 1)
    assert (issue(store).kind, issue(store).key) == ("unknown-field", "newField")


def test_words_where_a_milestone_has_no_day(store: Store, language: Language) -> None:
    run(store, language, web(
        proposedAdoptionDate="not yet\ud800", proposedAdoptionDateText=None,
        proposedEntryIntoForceDate="2026-01-01T00:00:00", proposedEntryIntoForceDateText="New Year",
    ))  # fmt: skip
    notice = only(store).notice
    assert (notice.adoption.date, notice.adoption.text) == (None, "not yet")
    assert (notice.in_force.date, notice.in_force.text) == (date(2026, 1, 1), "New Year")


def test_half_characters_and_control_characters_are_left_out(store: Store, language: Language) -> None:
    odd = "a\ud800b\x00c\x07d\udfff"
    record = web(
        titlePlain=odd, descriptionPlain=odd, productsFreeTextPlain=odd, newField=odd,
        notifiedDocumentLink=f"https://x/{odd}.pdf", keywords=[{"id": 1, "name": odd}],
    )  # fmt: skip
    run(store, language, record)
    notice = only(store).notice
    assert (notice.title, notice.summary, notice.products) == ("abcd",) * 3
    assert [one.url for one in notice.documents if one.kind == "attachment"] == ["https://x/abcd.pdf"]
    assert store.notices.get(notice.key)[0].notice == notice


def test_a_gazette_page_with_half_characters_can_be_kept(store: Store, language: Language) -> None:
    odd = page(
        NUMBER,
        ISSUED,
        ("Loại văn bản", "Thông\ud800 tư"),
        ("Cơ quan ban hành", "Cơ quan\ud800 lạ"),
        ("Lạ\ud800", "x"),
    )
    run(store, language, odd)
    notice = only(store).notice
    assert (notice.type, notice.members, notice.key) == (
        "Thông tư",
        ("Cơ quan lạ",),
        "09/2020/TT-NHNN|co-quan-la|2020-10-21",
    )


def test_a_huge_text_is_kept_whole(store: Store, language: Language) -> None:
    long = "Điều hòa không khí. " * 200_000
    run(
        store,
        language,
        web(descriptionPlain=None, description=f"<p>{long}</p><p>Hết</p>", titlePlain="x" * 100_000),
    )
    notice = only(store).notice
    assert notice.summary == f"{long.strip()}\nHết"
    assert len(notice.title) == 100_000


def test_markup_becomes_plain_text(store: Store, language: Language) -> None:
    rich = "<p><strong>Tea &amp; coffee</strong>&nbsp;5&lt;6</p><p>second<br>third</p><script>x"
    run(
        store,
        language,
        web(titlePlain=None, title=rich, descriptionPlain=None, description="a < b and c > d"),
    )
    notice = only(store).notice
    assert notice.title.startswith("Tea & coffee 5<6 second third")
    assert notice.summary == "a < b and c > d"


# ── What is in doubt ────────────────────────────────────────────────────────────────────────────────────

DOUBTFUL: list[tuple[dict[str, Any], str]] = [
    (
        {"distributionDate": "2025-06-11T00:00:00", "commentDeadlineDate": "2025-06-10"},
        "deadline-before-notification",
    ),
    ({"distributionDate": "2025-06-11T00:00:00", "commentDeadlineDate": "2025-06-11"}, ""),
    ({"notifyingMember": "Kenya"}, "member-not-in-symbol"),
    ({"documentSymbol": "G/SPS/N/MWI/1"}, "area-not-of-symbol"),
    ({"documentSymbol": "G/TBT/N/MWI/1/Add.1"}, "type-not-of-symbol"),
    ({"notificationType": "Addendum to Regular Notification"}, "type-not-of-symbol"),
    ({"documentSymbol": "G/TBT/N/EEC/1", "notifyingMember": "European Union"}, ""),
    ({"documentSymbol": "G/TBT/Notif.95.117"}, ""),
]


@pytest.mark.parametrize(("fields", "doubt"), DOUBTFUL)
def test_facts_in_doubt_are_named(
    store: Store, language: Language, fields: dict[str, Any], doubt: str
) -> None:
    good = {
        "documentSymbol": "G/TBT/N/MWI/1", "notifyingMember": "Malawi", "notificationType": "Regular notification",
        "area": "TBT",
    }  # fmt: skip
    run(store, language, web(**good | fields))
    assert only(store).doubt == doubt


def test_a_clean_record_of_another_source_does_not_hide_a_doubt(store: Store, language: Language) -> None:
    wrong = {"distributionDate": "2025-06-11T00:00:00", "commentDeadlineDate": "2025-06-10"}
    run(store, language, web(**wrong))
    run(store, language, row())
    assert only(store).doubt == "deadline-before-notification"  # the web's deadline still counts
    run(store, language, web())
    assert only(store).doubt == ""


def test_a_doubt_about_what_does_not_count_is_none(store: Store, language: Language) -> None:
    run(store, language, row(**{"final date for comments": "1999-01-01"}))
    assert only(store).doubt == "deadline-before-notification"
    run(store, language, web(commentDeadlineDate="2025-08-30T00:00:00"))
    assert only(store).doubt == ""


@pytest.mark.parametrize(
    ("number", "in_force", "doubt"),
    [
        ("09/2020/TT-NHNN", "20/10/2020", "in-force-before-issue"),
        ("09/2020/TT-NHNN", "21/10/2020", ""),
        ("18/VBHN-NHNN", "01/01/2019", ""),
    ],
)
def test_a_regulation_in_force_before_its_issue(
    store: Store, language: Language, number: str, in_force: str, doubt: str
) -> None:
    run(store, language, page(("Số, ký hiệu", number), ISSUED, ISSUER, ("Ngày hiệu lực", in_force)))
    assert only(store).doubt == doubt


# ── The gazette ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_number_of_a_page_counts_and_that_of_the_address_helps_out(
    store: Store, language: Language
) -> None:
    run(store, language, page(ISSUED, ISSUER))
    assert only(store).notice.symbols == ("09/2020/TT-NHNN",)
    run(store, language, page(("Số, ký hiệu", "10/2020/TT-NHNN"), ISSUED, ISSUER))
    assert only(store).notice.symbols == ("10/2020/TT-NHNN",)
    assert [one.notice.key for one in store.notices.get("10/2020/tt-nhnn")] == [only(store).notice.key]


def test_a_circular_and_the_technical_regulation_it_issues_are_two_linked_notices(
    store: Store, language: Language
) -> None:
    title = "Ban hành QCVN 30:2026/BCT; theo thông báo G / TBT / N / VNM / 298"
    run(store, language, page(NUMBER, ISSUED, ISSUER, ("Trích yếu", title)))
    circular, regulation = sorted((one.notice for one in store.notices.every()), key=lambda one: one.key)
    related = {(one.rel, one.key) for one in circular.related}
    assert related == {("promulgates", "QCVN 30:2026/BCT"), ("notified-as", "G/TBT/N/VNM/298")}
    assert regulation.symbols == ("QCVN 30:2026/BCT",)
    assert ("promulgated-by", circular.key) in {(one.rel, one.key) for one in regulation.related}
    assert store.notices.get("G/TBT/N/VNM/298") == []


def test_the_same_number_of_two_bodies_is_two_notices(store: Store, language: Language) -> None:
    for link, body in (("a-1", "HĐND tỉnh Phú Thọ"), ("b-2", "HĐND tỉnh Lào Cai")):
        address = f"https://congbao.chinhphu.vn/van-ban/nghi-quyet-so-{link}.htm"
        run(
            store,
            language,
            page(("Số ký hiệu", "01/2026/NQ-HĐND"), ISSUED, ("Cơ quan ban hành", body), link=address),
        )
    assert len(store.notices.get("01/2026/NQ-HĐND")) == 2
