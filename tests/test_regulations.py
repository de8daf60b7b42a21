"""Vietnamese law from several sources: one notice a document, bodies under the names of their time, linked notices."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import raws
from older import made_older

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.legal import find_numbers, keys_agree, parse_number, partial_key
from tbt_watch.domain.notice import Notice, Relation
from tbt_watch.domain.work import RawRecord
from tbt_watch.language import Language
from tbt_watch.normalise import stage
from tbt_watch.normalise.regulation import Stated, issuers_of, own_title, regulation
from tbt_watch.store import Store
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary

SAVED = Path(__file__).parent / "spiders"
NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
SOURCES = ("vbpl", "vanban_chinhphu", "moit", "mst", "moc", "tcvn")
CIRCULAR = "39/2025/TT-BCT|bct|2025-06-27"


def saved(*names: str) -> list[RawRecord]:
    """The records that the spiders make of their saved pages."""
    return [
        raws.raw(name, item["key"], item["body"], NOW, item["url"])
        for name in names
        for item in json.loads((SAVED / name / "expected.json").read_text(encoding="utf-8"))["items"]
    ]


def run(store: Store, language: Language, *records: RawRecord) -> Any:
    store.raw.keep(records)
    return stage.run(store, language, NOW)


def one(store: Store, name: str) -> Dossier:
    (found,) = store.notices.get(name)
    return found


def facts(store: Store) -> dict[str, Notice]:
    return {found.notice.key: found.notice for found in store.notices.every()}


def row(number: str, issued: str = "01/06/2025", title: str = "Quy định về thép", **cells: str) -> RawRecord:
    body = {"cells": {"number": number, "title": title, "issued": issued, **cells}, "link": "", "listing": ""}
    return raws.raw("mst", f"{number}{issued}{cells}", body, NOW)


def announced(title: str, at: str = "1") -> RawRecord:
    entry = {"title": title, "published": "Tue, 01 Jul 2025 02:00:00 GMT"}
    return raws.raw("moc", f"http://moc.gov.vn/{at}", {"entry": entry}, NOW)


# ── All sources together ────────────────────────────────────────────────────────────────────────────────


def test_a_document_from_several_sources_is_one_notice(store: Store, language: Language) -> None:
    report = run(store, language, *saved(*SOURCES))
    assert (report.failed, report.waiting) == (0, 2)
    assert {issue.kind for issue in store.issues.open_list()} == {
        "no-number", "not-in-catalogue", "unknown-status",
    }  # fmt: skip
    circular = one(store, "39/2025/TT-BCT").notice
    assert circular.key == CIRCULAR
    assert circular.sources == ("vbpl", "vanban_chinhphu", "moit")
    assert circular.in_force.date == date(2026, 1, 1)
    assert circular.documents[0].url.startswith("https://vbpl.vn/")
    assert one(store, "66.14/2025/NQ-CP").notice.sources == ("vbpl", "vanban_chinhphu")
    assert one(store, "07/2025/TT-BKHCN").notice.sources == ("vbpl", "mst")
    assert one(store, "05/2025/TTLT-BCT-BKHCN").notice.members == ("BCT", "BKHCN")
    before = facts(store)
    again = run(store, language, *saved(*SOURCES))
    assert (again.done, again.opened, facts(store)) == (0, 0, before)


@pytest.mark.parametrize("seed", range(4))
def test_neither_order_nor_batches_change_the_notices(
    store: Store, tmp_path: Path, language: Language, seed: int
) -> None:
    records = [*saved(*SOURCES), *saved("congbao")]
    run(store, language, *records)
    random.Random(seed).shuffle(records)
    with Store.open(tmp_path / "other.db") as other:
        for start in range(0, len(records), 7):
            run(other, language, *records[start : start + 7])
        assert facts(other) == facts(store)


# ── Regulations that a circular promulgates ─────────────────────────────────────────────────────────────


def test_a_circular_and_its_regulation_are_two_notices_that_name_each_other(
    store: Store, language: Language
) -> None:
    run(store, language, *saved("moit"))
    circular, regulated = one(store, "39/2025/TT-BCT").notice, one(store, "QCVN 30:2025/BCT").notice
    assert circular.related == (Relation(rel="promulgates", key="QCVN 30:2025/BCT"),)
    assert regulated.related == (Relation(rel="promulgated-by", key=circular.key),)
    assert regulated.key == "QCVN 30:2025/BCT|bct|2025-06-27"
    assert regulated.type == "Quy chuẩn kỹ thuật quốc gia"
    assert regulated.title == "Quy chuẩn kỹ thuật quốc gia về an toàn thực phẩm đối với đồ uống có cồn"
    assert (regulated.members, regulated.documents) == (circular.members, circular.documents)
    run(store, language, *saved("vbpl"))  # which knows the day
    assert one(store, "QCVN 30:2025/BCT").notice.in_force.date == date(2026, 1, 1)
    local = one(store, "QCĐP 01:2025/ĐN").notice
    assert (local.type, local.members) == (
        "Quy chuẩn kỹ thuật địa phương",
        ("Ủy ban nhân dân tỉnh Đồng Nai",),
    )


@pytest.mark.parametrize("first", ["circular", "catalogue"])
def test_a_regulation_with_a_page_of_its_own_stays_one(store: Store, language: Language, first: str) -> None:
    lines = [
        "Số hiệu",
        "Standard Number",
        "QCVN 30:2025/BCT",
        "Tên tiếng Việt",
        "Title in Vietnamese",
        "Rượu bia",
    ]
    body = {"number": "QCVN 30:2025/BCT", "lines": [*lines, "Phạm vi áp dụng", "Scope of standard", "Rượu."]}
    page = raws.raw("tcvn", "QCVN 30:2025/BCT", body, NOW)
    order = [saved("moit"), [page]]
    for records in order if first == "circular" else reversed(order):
        run(store, language, *records)
    found = one(store, "QCVN 30:2025/BCT").notice
    assert found.key == "QCVN 30:2025/BCT|bct|2025-06-27"
    assert (found.sources, found.summary) == (("moit", "tcvn"), "Rượu.")
    assert Relation(rel="promulgated-by", key=CIRCULAR) in found.related


@pytest.mark.parametrize(
    ("title", "rel"),
    [
        ("Ban hành Quy chuẩn kỹ thuật quốc gia về xi măng (QCVN 16:2025/BXD)", "promulgates"),
        ("Thông tư số 09/2025/TT-BXD ban hành QCVN 16:2025/BXD về xi măng", "promulgates"),
        ("Ban hành Sửa đổi 1:2025 QCVN 06:2022/BXD", "promulgates"),
        ("Sửa đổi Thông tư số 04/2023/TT-BXD ban hành QCVN 16:2023/BXD", "mentions"),
        ("Bãi bỏ QCVN 16:2023/BXD", "mentions"),
        ("Hướng dẫn áp dụng TCVN 14423:2025", "mentions"),
    ],
)
def test_what_a_title_says_of_other_documents(store: Store, language: Language, title: str, rel: str) -> None:
    run(store, language, row("09/2025/TT-BXD", title=title))
    (relation,) = one(store, "09/2025/TT-BXD").notice.related
    assert relation.rel == rel
    assert bool(store.notices.get(relation.key)) == (rel == "promulgates")


def test_what_is_replaced_is_not_promulgated(store: Store, language: Language) -> None:
    run(store, language, row("09/2025/TT-BXD", title="Ban hành QCVN 16:2025/BXD thay thế QCVN 16:2023/BXD"))
    assert one(store, "09/2025/TT-BXD").notice.related == (
        Relation(rel="promulgates", key="QCVN 16:2025/BXD"),
        Relation(rel="mentions", key="QCVN 16:2023/BXD"),
    )


# ── Which document it is ────────────────────────────────────────────────────────────────────────────────


def test_an_entry_without_a_day_joins_the_only_document_it_can_be(store: Store, language: Language) -> None:
    run(store, language, announced("Thông tư số 11/2025/TT-BXD quy định về cát"))
    assert one(store, "11/2025/TT-BXD").notice.key == "11/2025/TT-BXD|bxd|undated"
    run(store, language, row("11/2025/TT-BXD", "27/06/2025", issuer="Bộ Xây dựng"))
    found = one(store, "11/2025/TT-BXD").notice
    assert (found.key, found.sources) == ("11/2025/TT-BXD|bxd|2025-06-27", ("mst", "moc"))
    run(store, language, announced("Thông tư số 11/2025/TT-BXD quy định về cát, sỏi"))
    assert one(store, "11/2025/TT-BXD").notice.key == found.key


def test_what_may_be_one_of_several_waits_and_names_them(store: Store, language: Language) -> None:
    provinces = [row("33/2025/QĐ-UBND", issuer=f"UBND tỉnh {name}") for name in ("Lào Cai", "Phú Thọ")]
    run(store, language, *provinces)
    assert len(store.notices.get("33/2025/QĐ-UBND")) == 2
    report = run(store, language, announced("Quyết định số 33/2025/QĐ-UBND về cát"))
    assert (report.waiting, report.opened) == (1, 1)
    (issue,) = store.issues.open_list()
    assert issue.kind == "several-documents"
    for name in ("lao-cai", "phu-tho"):
        assert f"33/2025/QĐ-UBND|uy-ban-nhan-dan-tinh-{name}|2025-06-01" in issue.message
    again = stage.run(store, language, NOW + timedelta(hours=1))
    assert (again.waiting, again.opened) == (1, 0)


def test_a_draft_is_a_draft_and_never_what_it_becomes(store: Store, language: Language) -> None:
    draft = announced("Dự thảo Thông tư số 12/2025/TT-BXD ban hành QCVN 16:2025/BXD")
    run(store, language, draft, row("12/2025/TT-BXD", "27/06/2025", issuer="Bộ Xây dựng"))
    first, second = sorted(store.notices.get("12/2025/TT-BXD"), key=lambda found: found.notice.type)
    assert (first.notice.type, first.notice.status(date(2025, 7, 3))[0]) == ("Dự thảo Thông tư", "draft")
    assert (second.notice.type, second.notice.stated_status) == ("Thông tư", None)
    assert store.notices.get("QCVN 16:2025/BXD") == []


def test_keys_agree_where_neither_denies_the_other() -> None:
    whole = "1/2025/QĐ-UBND|uy-ban-nhan-dan-tinh-lao-cai|2025-06-01"
    for less in ("1/2025/QĐ-UBND|ubnd|undated", "1/2025/QĐ-UBND|ubnd|2025-06-01"):
        assert partial_key(less)
        assert keys_agree(less, whole)
    assert not partial_key(whole)
    for other in (
        "1/2025/QĐ-UBND|ubnd|2025-06-02",
        "1/2025/QĐ-UBND|hdnd|undated",
        "1/2025/QĐ-UBND|btc|undated",
    ):
        assert not keys_agree(other, whole)


# ── Bodies, kinds, titles, states ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stated", "number", "issued", "codes"),
    [
        ("Bộ Nông nghiệp và Môi trường", "04/2020/TT-BNNPTNT", date(2020, 3, 9), ("BNNPTNT",)),
        ("Bộ Nông nghiệp và Phát triển nông thôn", "04/2020/TT-BNNPTNT", date(2020, 3, 9), ("BNNPTNT",)),
        ("", "31/2026/TT-BNN", date(2026, 4, 1), ("BNNMT",)),
        ("", "31/2026/TT-NNMT", date(2026, 4, 1), ("BNNMT",)),
        ("Uỷ ban Thường vụ Quốc hội", "05/2025/UBTVQH15", date(2025, 3, 1), ("UBTVQH",)),
        ("", "09/2026/QH16", date(2026, 4, 20), ("QH",)),
        ("UBND TP. Hà Nội", "12/2025/QĐ-UBND", date(2025, 3, 1), ("Ủy ban nhân dân thành phố Hà Nội",)),
        (
            "UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH",
            "12/2024/QĐ-UBND",
            date(2024, 3, 1),
            ("Ủy ban nhân dân tỉnh Hòa Bình",),
        ),
        ("HĐND tỉnh Lào Cai", "01/2026/NQ-HĐND", date(2026, 3, 1), ("Hội đồng nhân dân tỉnh Lào Cai",)),
        ("Bộ Công Thương; Bộ Y tế", "7/2012/TTLT-BYT-BCT", date(2012, 3, 1), ("BYT", "BCT")),
        ("", "5280/BCT-XNK", date(2026, 3, 1), ("BCT",)),
        ("Một cơ quan lạ", "12/QĐ-XYZ", date(2026, 3, 1), ("Một cơ quan lạ",)),
    ],
)
def test_bodies_keep_the_names_of_their_time(
    language: Language, stated: str, number: str, issued: date, codes: tuple[str, ...]
) -> None:
    names = [name for name in stated.split(";") if name]
    assert issuers_of(names, parse_number(number), issued, language) == codes


def test_an_old_body_shows_who_took_over(language: Language) -> None:
    label = language.issuer_label("BNNPTNT", "vi", on=date(2026, 3, 1))
    assert label == "Bộ Nông nghiệp và Phát triển nông thôn (nay là Bộ Nông nghiệp và Môi trường)"


@pytest.mark.parametrize(
    ("body", "on", "label"),
    [
        ("tỉnh Hòa Bình", date(2026, 3, 1), "tỉnh Hòa Bình (nay thuộc Phú Thọ)"),
        ("tỉnh Hòa Bình", date(2025, 6, 30), "tỉnh Hòa Bình"),
        ("tỉnh Phú Thọ", date(2026, 3, 1), "tỉnh Phú Thọ"),
        ("thành phố Hà Nội", date(2026, 3, 1), "thành phố Hà Nội"),
    ],
)
def test_a_former_province_shows_where_it_went(language: Language, body: str, on: date, label: str) -> None:
    found = language.issuer_label(f"Ủy ban nhân dân {body}", "vi", on=on)
    assert found == f"Ủy ban nhân dân {label}"


def test_the_kind_is_that_of_the_number(store: Store, language: Language) -> None:
    run(store, language, row("09/2025/TT-BCT", type="Nghị định"), row("71/2025/QH15", type="Luật"))
    assert one(store, "09/2025/TT-BCT").notice.type == "Thông tư"
    assert one(store, "71/2025/QH15").notice.type == "Luật"


@pytest.mark.parametrize(
    ("title", "number", "own"),
    [
        (
            "Quyết định 1628/QĐ-UBND Bãi bỏ Quyết định số 33/2022/QĐ-UBND",
            "1628/QĐ-UBND",
            "Bãi bỏ Quyết định số 33/2022/QĐ-UBND",
        ),
        (
            "Quyết định số 107/2003/QĐ-BTC của Bộ trưởng Bộ Tài chính về giá thiết bị",
            "107/2003/QĐ-BTC",
            "Về giá thiết bị",
        ),
        ("Thông tư Quy định về phép đo", "07/2025/TT-BKHCN", "Quy định về phép đo"),
        ("Luật Trí tuệ nhân tạo", "134/2025/QH15", "Luật Trí tuệ nhân tạo"),
        ("Thông tư số 04/2023/TT-BXD", "04/2023/TT-BXD", "Thông tư số 04/2023/TT-BXD"),
        (
            "Sửa đổi Thông tư số 04/2023/TT-BXD về cát",
            "04/2023/TT-BXD",
            "Sửa đổi Thông tư số 04/2023/TT-BXD về cát",
        ),
    ],
)
def test_the_title_stands_without_what_is_set_before_it(title: str, number: str, own: str) -> None:
    assert own_title(title, parse_number(number)) == own


@pytest.mark.parametrize(
    ("code", "to", "status", "on"),
    [
        ("CHL", "2027-02-28", "in-force", date(2025, 6, 25)),
        ("HHL", "2025-06-30", "expired", date(2025, 6, 30)),
        ("HHL1P", None, "partly-expired", None),
        ("CCHL", None, "in-force", date(2025, 6, 25)),
        ("TNHL", None, "suspended", None),
        ("TNHL1P", None, "partly-suspended", None),
        ("KCPH", None, "no-longer-appropriate", None),
    ],
)
def test_the_stated_status_and_its_day(
    store: Store, language: Language, code: str, to: str | None, status: str, on: date | None
) -> None:
    item = {
        "id": "7",
        "docNum": "33/2025/NĐ-CP",
        "title": "Nghị định 33/2025/NĐ-CP Về nhãn",
        "docType": {"name": "Nghị định"},
        "issueDate": "2025-06-10T00:00:00",
        "effFrom": "2025-06-25T00:00:00",
        "effTo": to and f"{to}T00:00:00",
        "effStatus": {"code": code},
    }
    run(store, language, raws.raw("vbpl", "7", {"item": item, "agency": "Chính phủ"}, NOW))
    assert one(store, "33/2025/NĐ-CP").notice.status(date(2025, 7, 3)) == (status, on)


def test_an_old_standard_without_a_day_is_no_news(store: Store, language: Language) -> None:
    run(store, language, *saved("tcvn"))
    old, new = one(store, "TCVN ISO/IEC 17000:2007"), one(store, "TCVN 14423:2025")
    assert (old.age, new.age) == ("ARCHIVE", "FRESH")
    assert old.notice.title.startswith("Đánh giá")  # the page prints U+00D0
    assert (old.notice.ics_codes, old.notice.stated_status) == (("03.120.20",), "expired")


# ── Numbers in running text, topics ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "theo 12/2003/QĐ/BGD&ĐT; 66.14/2026/NQ-CP, 70/2025/QH15.",
            ["12/2003/QĐ/BGD&ĐT", "66.14/2026/NQ-CP", "70/2025/QH15"],
        ),
        (
            "(QCVN 01 - 183 : 2016/BNNPTNT) và TCVN ISO/IEC 17000:2007",
            ["QCVN 01-183:2016/BNNPTNT", "TCVN ISO/IEC 17000:2007"],
        ),
        ("ngày 24/7/2026, G/TBT/N/VNM/298, 01/2020, TT-BCT", []),
        ("Sửa đổi 1:2023 QCVN 06:2022/BXD", ["Sửa đổi 1:2023 QCVN 06:2022/BXD"]),
    ],
)
def test_numbers_are_found_in_running_text(text: str, numbers: list[str]) -> None:
    assert [number.text for number in find_numbers(text)] == numbers


def topics(language: Language, number: str, title: str) -> Iterator[str]:
    stated = Stated(number=parse_number(number), title=title, issued=date(2025, 6, 1))
    notice = regulation(raws.raw("vbpl", "1", {}, NOW), stated, language)
    for tag in tag_notice(notice, load_vocabulary()):
        if tag.kind == "topic":
            yield tag.code


@pytest.mark.parametrize(
    ("number", "title", "topic"),
    [
        ("38/2025/TT-BCT", "Quy định về xuất xứ hàng hóa xuất khẩu, nhập khẩu", "import-export"),
        ("51/2025/NĐ-CP", "Về thuế xuất khẩu, thuế nhập khẩu ưu đãi", "tax-customs"),
        ("99/2025/TT-BNNMT", "Ban hành QCVN 99:2025/BNNMT về khí thải xe mô tô", "environment"),
        ("37/2026/NĐ-CP", "Quy định chi tiết Luật Chất lượng sản phẩm, hàng hóa", "standards-quality"),
        ("07/2025/TT-BKHCN", "Quy định về đo lường đối với lượng của hàng đóng gói sẵn", "metrology"),
        ("46/2026/NĐ-CP", "Quy định chi tiết Luật An toàn thực phẩm", "food-safety"),
        ("43/2025/NĐ-CP", "Quy định về nhãn hàng hóa", "labelling"),
        ("181/2026/TT-BTC", "Phân loại hàng hóa, thủ tục hải quan", "tax-customs"),
    ],
)
def test_the_law_gets_its_topics(language: Language, number: str, title: str, topic: str) -> None:
    assert topic in set(topics(language, number, title))


# ── Links between notices ───────────────────────────────────────────────────────────────────────────────


def links(store: Store, name: str) -> set[tuple[str, str]]:
    return {(rel, found.notice.key) for rel, found in store.notices.related(one(store, name))}


def test_links_are_seen_from_both_sides(store: Store, language: Language) -> None:
    run(store, language, *saved("moit"))
    regulated = "QCVN 30:2025/BCT|bct|2025-06-27"
    assert links(store, "39/2025/TT-BCT") == {("promulgates", regulated)}
    assert links(store, "QCVN 30:2025/BCT") == {("promulgated-by", CIRCULAR)}


def test_links_of_an_older_database_are_found(store: Store, language: Language) -> None:
    run(store, language, *saved("moit"))
    store.close()
    made_older(store.path, "0002")
    with Store.open(store.path) as again:
        assert links(again, "39/2025/TT-BCT") == {("promulgates", "QCVN 30:2025/BCT|bct|2025-06-27")}


def notified(**fields: str) -> RawRecord:
    record = {
        "id": 298, "documentSymbol": "G/TBT/N/VNM/298", "notifyingMember": "Viet Nam", "area": "TBT",
        "notificationType": "Regular notification", "distributionDate": "2025-06-01T00:00:00", "title": "Alcohol",
    }  # fmt: skip
    return raws.web(record | fields, NOW)


@pytest.mark.parametrize("either", ["notification", "document"])
def test_a_document_and_its_notification_are_linked_when_either_names_the_other(
    store: Store, language: Language, either: str
) -> None:
    if either == "notification":
        run(store, language, notified(title="Draft QCVN 30:2025/BCT on alcohol"), *saved("moit"))
        linked = "QCVN 30:2025/BCT"
    else:
        document = row(
            "40/2025/TT-BCT", title="Quy định về rượu (G / TBT/N/VNM/298)", issuer="Bộ Công Thương"
        )
        run(store, language, notified(), document)
        linked = "40/2025/TT-BCT"
    ((rel, found),) = [pair for pair in links(store, linked) if pair[0] == "notified-as"]
    assert (rel, found) == ("notified-as", "G/TBT/N/VNM/298")
    assert links(store, "G/TBT/N/VNM/298") == {("notifies", one(store, linked).notice.key)}


def test_a_notification_of_viet_nam_tells_what_it_rests_on(store: Store, language: Language) -> None:
    summary = "Pursuant to Decree 15/2018/NĐ-CP; draft QCVN 30:2025/BCT."
    run(store, language, notified(description=summary))
    assert one(store, "G/TBT/N/VNM/298").notice.related == (
        Relation(rel="notifies", key="QCVN 30:2025/BCT"),
        Relation(rel="mentions", key="15/2018/NĐ-CP"),
    )
