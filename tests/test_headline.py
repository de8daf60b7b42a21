"""The exact part: headlines and opening sentences from real notices' facts."""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.notice import Milestone, Notice, Reason, Relation
from tbt_watch.domain.symbol import parse_symbols
from tbt_watch.language import Language, load_language
from tbt_watch.translate.exact.headline import headline
from tbt_watch.translate.exact.opening import opening_sentences
from tbt_watch.translate.exact.subject import quotable


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


WASHING_MACHINES = Notice(
    key="G/TBT/N/CHN/2063",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=("G/TBT/N/CHN/2063",),
    thread="G/TBT/N/CHN/2063",
    members=("CHN",),
    title=(
        "National Standards of the P.R.C., Maximum allowable values of the energy consumption, water consumption "
        "and grades for household electric washing machines and washer-dryers"
    ),
    hs_codes=("8450",),
    ics_codes=("27.010",),
    objectives=("environment", "quality"),
    published_on=date(2025, 6, 10),
    comment_until=date(2025, 8, 9),
)
EGGS = Notice(
    key="G/SPS/N/CHL/830",
    kind="notification",
    area="SPS",
    type="emergency",
    emergency=True,
    symbols=("G/SPS/N/CHL/830",),
    thread="G/SPS/N/CHL/830",
    members=("CHL",),
    title="Resolución N° 3.874 exenta",
    language="es",
    hs_codes=("0407", "0207"),
    objectives=("animal-health",),
    keywords=("avian-influenza", "regionalization"),
    published_on=date(2025, 6, 5),
    in_force=Milestone(date=date(2025, 5, 20)),
)
HELMETS = Notice(
    key="G/TBT/N/BRA/384/Add.14",
    kind="notification",
    area="TBT",
    type="addendum",
    symbols=("G/TBT/N/BRA/384/Add.14",),
    thread="G/TBT/N/BRA/384",
    follows="G/TBT/N/BRA/384",
    members=("BRA",),
    title="Amendment of Ordinance No. 314, 29 May 2025",
    hs_codes=("6506",),
    objectives=("human-health",),
    published_on=date(2025, 6, 11),
)
FLOUR = Notice(
    key="G/TBT/N/BDI/608",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=(
        "G/TBT/N/BDI/608", "G/TBT/N/KEN/1808", "G/TBT/N/RWA/1207", "G/TBT/N/TZA/1349", "G/TBT/N/UGA/2163",
    ),
    thread="G/TBT/N/BDI/608",
    members=("BDI", "KEN", "RWA", "TZA", "UGA"),
    title="Fortified wheat flour — Specification",
    ics_codes=("67.060",),
    published_on=date(2025, 6, 10),
    comment_until=date(2025, 8, 9),
)  # fmt: skip
CITRUS = Notice(
    key="G/SPS/N/NZL/784",
    kind="notification",
    area="SPS",
    type="regular",
    symbols=("G/SPS/N/NZL/784",),
    thread="G/SPS/N/NZL/784",
    members=("NZL",),
    title="Citrus Plants for Planting - Import Health Standard",
    objectives=("plant-protection",),
    published_on=date(2025, 6, 11),
    comment_until=date(2025, 8, 8),
)
CIRCULAR = Notice(
    key="39-2026-tt-bct",
    kind="regulation",
    area="VN",
    type="Thông tư",
    symbols=("39/2026/TT-BCT",),
    thread="39-2026-tt-bct",
    members=("BCT",),
    title="ban hành Quy chuẩn kỹ thuật quốc gia về đồ uống có cồn",
    language="vi",
    published_on=date(2026, 6, 2),
    in_force=Milestone(date=date(2027, 1, 1)),
)


def test_a_draft_reads_like_an_alert_of_the_national_office(language: Language) -> None:
    assert (
        headline(WASHING_MACHINES, language, "vi")
        == "Trung Quốc: Dự thảo tiêu chuẩn quốc gia về máy giặt (HS 8450)"
    )
    first, *others = opening_sentences(WASHING_MACHINES, language, "vi")
    assert first == (
        "Ngày 10/6/2025, Trung Quốc thông báo cho các nước Thành viên WTO về việc đưa ra Dự thảo tiêu chuẩn quốc gia "
        "về máy giặt (HS 8450)."
    )
    assert others == [
        "Mục đích của dự thảo nhằm bảo vệ môi trường và đáp ứng yêu cầu về chất lượng.",
        "Hạn cuối cùng để các nước Thành viên WTO tham gia góp ý kiến là ngày 09/8/2025.",
        "Mã thông báo: G/TBT/N/CHN/2063.",
    ]


def test_readers_of_the_title_get_the_title(language: Language) -> None:
    line = headline(WASHING_MACHINES, language, "en")
    assert line.startswith("China: draft “National Standards of the P.R.C., Maximum allowable")
    assert line.endswith("…”")
    first = opening_sentences(WASHING_MACHINES, language, "en")[0]
    assert first.startswith("On 10 June 2025, China notified WTO Members of the draft “National Standards")
    assert "washer-dryers”." in first


def test_an_emergency_says_so(language: Language) -> None:
    assert headline(EGGS, language, "vi") == (
        "Chile: Biện pháp khẩn cấp đối với trứng gia cầm và thịt gia cầm (HS 0407, 0207)"
    )
    said = opening_sentences(EGGS, language, "vi")
    assert said[0].endswith(
        "về việc áp dụng biện pháp khẩn cấp đối với trứng gia cầm và thịt gia cầm (HS 0407, 0207)."
    )
    assert said[2] == (
        "Do đây là biện pháp khẩn cấp, không cần lấy ý kiến góp ý của các nước Thành viên WTO trước khi ban hành, nên "
        "biện pháp đã có hiệu lực từ ngày 20/5/2025."
    )
    assert len(said) == 4  # the day is not said twice
    undated = opening_sentences(replace(EGGS, in_force=Milestone()), language, "vi")
    assert undated[2].startswith("Đây là biện pháp khẩn cấp, được áp dụng mà không cần lấy ý kiến góp ý")
    assert not any("Hạn cuối cùng" in sentence for sentence in said)
    assert (
        headline(EGGS, language, "en")
        == "Chile: emergency measure on birds' eggs and poultry meat (HS 0407, 0207)"
    )


def test_an_addendum_names_what_it_follows(language: Language) -> None:
    assert headline(HELMETS, language, "vi") == (
        "Brazil: Bổ sung thông báo về mũ bảo hiểm và các loại mũ khác (HS 6506)"
    )
    said = opening_sentences(HELMETS, language, "vi")
    assert said[0] == (
        "Ngày 11/6/2025, Brazil gửi các nước Thành viên WTO bản bổ sung thông báo G/TBT/N/BRA/384 "
        "về mũ bảo hiểm và các loại mũ khác (HS 6506)."
    )
    assert said[1].startswith("Mục đích của biện pháp nhằm")


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (("comment-period",), "Brazil: Thay đổi thời hạn góp ý dự thảo quy định về"),
        (("adoption", "human-health"), "Brazil: Đã ban hành quy định về"),
        (("withdrawal",), "Brazil: Rút lại quy định về"),
        (("content-change",), "Brazil: Thay đổi nội dung quy định về"),
        (("adoption", "comment-period"), "Brazil: Bổ sung thông báo về"),
    ],
)
def test_one_keyword_says_what_an_addendum_does(
    language: Language, keywords: tuple[str, ...], expected: str
) -> None:
    assert expected in headline(replace(HELMETS, keywords=keywords), language, "vi")


def test_follow_ups_of_each_type(language: Language) -> None:
    revision = replace(
        HELMETS, type="revision", key="G/TBT/N/BRA/384/Rev.1", symbols=("G/TBT/N/BRA/384/Rev.1",)
    )
    assert headline(revision, language, "vi").startswith("Brazil: Bản sửa đổi dự thảo quy định về mũ")
    assert "bản sửa đổi thông báo G/TBT/N/BRA/384" in opening_sentences(revision, language, "vi")[0]
    assert headline(replace(HELMETS, type="corrigendum"), language, "vi").startswith(
        "Brazil: Đính chính thông báo về"
    )
    assert "bản bổ trợ thông báo" in opening_sentences(replace(HELMETS, type="supplement"), language, "vi")[0]
    lifted = replace(EGGS, type="addendum", keywords=("withdrawal",), follows="G/SPS/N/CHL/830")
    assert headline(lifted, language, "vi").startswith(
        "Chile: Rút lại biện pháp khẩn cấp đối với trứng gia cầm"
    )
    assert "bản bổ sung thông báo khẩn cấp G/SPS/N/CHL/830" in opening_sentences(lifted, language, "vi")[0]
    withdrawn = replace(HELMETS, stated_status="withdrawn", keywords=("adoption",))
    assert headline(withdrawn, language, "vi").startswith("Brazil: Rút lại quy định về mũ")


def test_joint_notifiers_are_one_group(language: Language) -> None:
    assert headline(FLOUR, language, "vi") == (
        "Cộng đồng Đông Phi (EAC): Dự thảo tiêu chuẩn về ngũ cốc và sản phẩm ngũ cốc (ICS 67.060)"
    )
    said = opening_sentences(FLOUR, language, "en")
    assert said[0].startswith(
        "On 10 June 2025, the East African Community (EAC) notified WTO Members of the draft"
    )
    assert said[-1].count("G/TBT/N/") == 5


def test_without_codes_the_title_is_quoted_and_never_translated(language: Language) -> None:
    assert headline(CITRUS, language, "vi") == (
        "New Zealand: Dự thảo tiêu chuẩn kiểm dịch nhập khẩu “Citrus Plants for Planting - Import Health Standard”"
    )
    no_title = replace(CITRUS, title="")
    assert headline(no_title, language, "vi") == "New Zealand: Thông báo G/SPS/N/NZL/784"
    assert opening_sentences(no_title, language, "vi")[0] == (
        "Ngày 11/6/2025, New Zealand gửi các nước Thành viên WTO thông báo G/SPS/N/NZL/784."
    )
    quoted = replace(CITRUS, title="“Rotating electrical machines”")
    assert (
        headline(quoted, language, "vi")
        == "New Zealand: Dự thảo biện pháp SPS “Rotating electrical machines”"
    )


def test_residue_limits_and_issued_measures_are_called_what_they_are(language: Language) -> None:
    limits = replace(CITRUS, hs_codes=("0805",), keywords=("mrl", "food-safety"))
    assert headline(limits, language, "vi") == (
        "New Zealand: Dự thảo mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)"
    )
    issued = replace(limits, comment_until=None, adoption=Milestone(date=date(2025, 6, 1)))
    assert (
        headline(issued, language, "vi")
        == "New Zealand: Mức dư lượng tối đa (MRL) trong quả có múi (HS 0805)"
    )
    assert "It was adopted on 1 June 2025." in opening_sentences(issued, language, "en")


def test_many_products_are_cut_to_the_commonest_two(language: Language) -> None:
    many = replace(WASHING_MACHINES, hs_codes=("851610", "851640", "8450", "9503", "9401"))
    assert headline(many, language, "vi") == (
        "Trung Quốc: Dự thảo tiêu chuẩn quốc gia về thiết bị đun, nấu, sưởi bằng điện; máy giặt và một số sản phẩm "
        "khác"
    )


@pytest.mark.parametrize(
    ("hs_codes", "ics_codes", "expected"),
    [
        (("0105", "0207"), (), "gia cầm sống và thịt gia cầm (HS 0105, 0207)"),
        (
            ("0105", "0207", "0409"),
            (),
            "gia cầm sống, thịt gia cầm và mật ong (HS 0105, 0207, 0409)",
        ),
        (
            ("0105", "0207", "0409", "8450"),
            (),
            "gia cầm sống, thịt gia cầm và một số sản phẩm khác",
        ),
        (("1803", "1804", "1806"), (), "ca cao và sản phẩm ca cao (HS 1803, 1804, 1806)"),
        (
            ("511130", "3918", "392113", "390940", "8450"),
            (),
            "nhựa và sản phẩm nhựa; vải dệt thoi từ len lông cừu và một số sản phẩm khác",
        ),
        (("0902", "09"), (), "cà phê, chè và gia vị (HS 0902, 09)"),
        ((), ("13.020", "71.100"), "sản phẩm hóa chất (ICS 71.100)"),
        ((), ("13.020",), "bảo vệ môi trường (ICS 13.020)"),
        ((), ("43.020", "43.040.01"), "phương tiện giao thông đường bộ (ICS 43.020, 43.040.01)"),
        ((), ("13.020", "13.340", "59.080"), "phương tiện bảo vệ cá nhân và hàng dệt (ICS 13.340, 59.080)"),
    ],
)
def test_products_are_listed_as_in_a_sentence(
    language: Language, hs_codes: tuple[str, ...], ics_codes: tuple[str, ...], expected: str
) -> None:
    notice = replace(WASHING_MACHINES, hs_codes=hs_codes, ics_codes=ics_codes)
    assert headline(notice, language, "vi") == f"Trung Quốc: Dự thảo tiêu chuẩn quốc gia về {expected}"


@pytest.mark.parametrize(
    ("adoption", "in_force", "expected"),
    [
        (
            Milestone(text="To be determined"),
            Milestone(text="TBD"),
            ["Chưa xác định thời gian dự kiến thông qua và thời gian dự kiến có hiệu lực."],
        ),
        (
            Milestone(date=date(2026, 2, 5)),
            Milestone(text="6 months after adoption"),
            [
                "Thời gian dự kiến thông qua: 05/02/2026.",
                "Thời gian dự kiến có hiệu lực: 05/8/2026 (6 tháng kể từ ngày thông qua).",
            ],
        ),
        (Milestone(text="August 2025"), Milestone(), ["Thời gian dự kiến thông qua: tháng 8/2025."]),
        (Milestone(), Milestone(text="Not applicable"), []),
        (
            Milestone(text="not determined."),
            Milestone(text="when the Minister so decides"),
            [
                "Chưa xác định thời gian dự kiến thông qua.",
                "Thời gian dự kiến có hiệu lực: “when the Minister so decides”.",
            ],
        ),
        (Milestone(), Milestone(), []),
    ],
)
def test_adoption_and_entry_into_force(
    language: Language, adoption: Milestone, in_force: Milestone, expected: list[str]
) -> None:
    said = opening_sentences(replace(WASHING_MACHINES, adoption=adoption, in_force=in_force), language, "vi")
    assert list(said[2:-2]) == expected


ADDENDUM = replace(HELMETS, language="en", objectives=())


def reasons(language: Language, *stated: Reason, **facts: object) -> list[str]:
    """What the opening says between its first sentence and the symbol."""
    notice = replace(ADDENDUM, reasons=stated, **facts)  # type: ignore[arg-type]
    return list(opening_sentences(notice, language, "vi"))[1:-1]


def test_an_addendum_says_why_it_was_sent(language: Language) -> None:
    published = reasons(language, Reason(code="published", on=date(2025, 6, 8)), Reason(code="final-text"))
    assert published == [
        "Biện pháp đã được công bố ngày 08/6/2025.",
        "Đã có văn bản chính thức của biện pháp.",
    ]
    coming = reasons(language, Reason(code="published", on=date(2025, 7, 1)))
    assert coming == ["Biện pháp sẽ được công bố ngày 01/7/2025."]
    day = date(2025, 5, 29)
    adopted = reasons(language, Reason(code="adopted", on=day), adoption=Milestone(date=day))
    assert adopted == ["Biện pháp đã được thông qua ngày 29/5/2025."]  # said once, by the day
    assert reasons(language, Reason(code="adopted")) == ["Biện pháp đã được thông qua."]
    assert reasons(language, Reason(code="guidance")) == ["Đã ban hành hướng dẫn giải thích biện pháp."]
    assert reasons(language, Reason(code="other")) == []
    withdrawn = reasons(
        language,
        Reason(code="withdrawn", on=day),
        related=(Relation(rel="notified-anew-as", key="G/TBT/N/BRA/999"),),
    )
    assert withdrawn == [
        "Biện pháp đã bị rút lại hoặc bãi bỏ ngày 29/5/2025.",
        "Biện pháp được thông báo lại với mã G/TBT/N/BRA/999.",
    ]


def test_a_changed_deadline_is_told_as_one(language: Language) -> None:
    for facts in ({"keywords": ("comment-period",)}, {"reasons": (Reason(code="comment-period"),)}):
        moved = replace(ADDENDUM, comment_until=date(2025, 8, 30), **facts)
        assert list(opening_sentences(moved, language, "vi"))[1:-1] == [
            "Hạn cuối cùng để các nước Thành viên WTO tham gia góp ý kiến được thay đổi thành ngày 30/8/2025."
        ]
        assert headline(moved, language, "vi").startswith(
            "Brazil: Thay đổi thời hạn góp ý dự thảo quy định về mũ"
        )
    assert reasons(language, Reason(code="comment-period")) == ["Thời hạn góp ý đã được thay đổi."]


def test_a_follow_up_without_a_title_names_what_it_follows(language: Language) -> None:
    bare = replace(ADDENDUM, title="", hs_codes=())
    assert headline(bare, language, "vi") == "Brazil: Bổ sung thông báo G/TBT/N/BRA/384"
    assert opening_sentences(bare, language, "vi")[0] == (
        "Ngày 11/6/2025, Brazil gửi các nước Thành viên WTO bản bổ sung thông báo G/TBT/N/BRA/384."
    )
    in_force = replace(bare, reasons=(Reason(code="in-force", on=date(2025, 6, 1)),))
    assert (
        headline(in_force, language, "vi")
        == "Brazil: Đã ban hành biện pháp nêu tại thông báo G/TBT/N/BRA/384"
    )
    assert headline(in_force, language, "en") == (
        "Brazil: measure of notification G/TBT/N/BRA/384 adopted, published or in force"
    )


def test_a_reckoned_deadline_is_a_day_and_says_so(language: Language) -> None:
    reckoned = replace(WASHING_MACHINES, comment_days=60)
    assert (
        "Hạn cuối cùng để các nước Thành viên WTO tham gia góp ý kiến là ngày 09/8/2025 (tính theo thời hạn 60 ngày kể "
        "từ ngày thông báo)."
    ) in opening_sentences(reckoned, language, "vi")
    assert (
        "The final date for comments by WTO Members is 9 August 2025, reckoned from the period of 60 days that the "
        "notification states."
    ) in opening_sentences(reckoned, language, "en")


def test_a_deadline_before_the_notification_is_none(language: Language) -> None:
    """As in an official text that gave 12/01/2020 for a notification of 13/11/2020."""
    wrong = replace(WASHING_MACHINES, published_on=date(2020, 11, 13), comment_until=date(2020, 1, 12))
    assert wrong.doubtful_days == "deadline-before-notification"  # a person is asked
    for lang in ("vi", "en"):
        said = " ".join(opening_sentences(wrong, language, lang))
        assert "2020" in said
        assert "12/01" not in said
        assert "12 January" not in said


def test_a_code_of_ics_is_never_called_one_of_hs(language: Language) -> None:
    """As an official text did with tyres, ICS 83.160."""
    tyres = replace(WASHING_MACHINES, hs_codes=(), ics_codes=("83.160",))
    for lang in ("vi", "en"):
        said = headline(replace(tyres, language="es"), language, lang)
        assert "(ICS 83.160)" in said
        assert "HS" not in said
    assert headline(tyres, language, "vi").endswith("tiêu chuẩn quốc gia về lốp xe (ICS 83.160)")


def test_articles_countries_and_eased_trade_are_said(language: Language) -> None:
    facts = replace(
        WASHING_MACHINES,
        articles=("2.9.2", "5.6.2"),
        affected=("THA", "VNM", "EU"),
        keywords=("trade-facilitating",),
    )
    said = opening_sentences(facts, language, "vi")
    assert "Thông báo theo Điều 2.9.2 và 5.6.2 Hiệp định TBT." in said
    assert "Các nước có khả năng bị ảnh hưởng (toàn bộ hoặc một vùng): Việt Nam, Thái Lan và EU." in said
    assert "Đây là biện pháp tạo thuận lợi cho thương mại." in said
    one = opening_sentences(replace(facts, articles=("2.9.2",)), language, "en")
    assert "Notified under Article 2.9.2 of the TBT Agreement." in one


def test_recognition_of_equivalence_and_statements(language: Language) -> None:
    equal = replace(CITRUS, type="equivalence", hs_codes=("0306",))
    assert headline(equal, language, "vi") == (
        "New Zealand: Công nhận tương đương đối với tôm, cua và động vật giáp xác (HS 0306)"
    )
    assert "về việc công nhận tương đương đối với tôm" in opening_sentences(equal, language, "vi")[0]
    statement = replace(CITRUS, type="statement", area="TBT")
    assert headline(statement, language, "vi") == "New Zealand: Tuyên bố theo Điều 15.2 Hiệp định TBT"


def test_all_seven_of_the_gulf_are_one_group_and_a_guest(language: Language) -> None:
    codes = ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU", "YEM")
    symbols = tuple(f"G/TBT/N/{code}/{number}" for number, code in enumerate(codes, start=1))
    tyres = replace(FLOUR, key=symbols[0], symbols=symbols, thread=symbols[0], members=codes, title="Tyres")
    said = opening_sentences(tyres, language, "vi")
    assert said[0].startswith(
        "Ngày 10/6/2025, Hội đồng Hợp tác vùng Vịnh (GCC) và Yemen thông báo cho các nước"
    )
    assert said[-1] == f"Mã thông báo: {', '.join(symbols)}."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("National Standard of the P.R.C., Road vehicles", "Dự thảo tiêu chuẩn quốc gia về"),
        ("DMS 462:2024, Polymer floor dressings – Specification", "Dự thảo tiêu chuẩn về"),
        ("KS 2443-2 :2018 Fireworks - Part 2: Roman candles", "Dự thảo tiêu chuẩn về"),
        (
            "Draft Commission Implementing Regulation concerning the denial",
            "Dự thảo quy định thực hiện của Ủy ban châu Âu về",
        ),
        (
            "Draft Commission Regulation amending Annex V to Regulation (EC) No 1223/2009",
            "Dự thảo sửa đổi quy định về",
        ),
        (
            "Draft amendments to the Technical Regulation of the Customs Union",
            "Dự thảo sửa đổi quy chuẩn kỹ thuật về",
        ),
        ("Roller Bearings (Quality Control) Order, 2025", "Dự thảo lệnh kiểm soát chất lượng (QCO) về"),
        ("Title: Medicines Amendment Bill 2025", "Dự thảo sửa đổi đạo luật về"),
        ("Ministerial Regulation Prescribing Sheet Piles to Conform to the Standard", "Dự thảo quy định về"),
        ("Draft Risk Evaluations Under the Toxic Substances Control Act (TSCA)", "Dự thảo quy định về"),
        ("Removing Obsolete Directives From Phase-In Reporting Requirements", "Dự thảo quy định về"),
        ("Proyecto de Reglamento Técnico de ascensores", "Dự thảo quy chuẩn kỹ thuật về"),
    ],
)
def test_a_measure_is_called_by_its_own_sort(language: Language, title: str, expected: str) -> None:
    line = headline(replace(WASHING_MACHINES, title=title), language, "vi")
    assert line == f"Trung Quốc: {expected} máy giặt (HS 8450)"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Title: Medicines Bill 2025.", "Medicines Bill 2025"),
        ("“Rotating electrical machines”", "Rotating electrical machines"),
        ('Draft Order "On Amendments to the Order"', "Draft Order ‘On Amendments to the Order’"),
        (
            "Projet d'acte de la loi sur les médicaments (Loi sur les médicaments) (Draft Act amending the Law (LPTh))",
            "Draft Act amending the Law (LPTh)",
        ),
        (
            "Reglamento Técnico de líquidos de vapeo (Technical Regulation of vaping liquids) (35 pages, in Spanish)",
            "Technical Regulation of vaping liquids",
        ),
        ("Draft rules on beer (7 pages, available in English and French)", "Draft rules on beer"),
        ("Standard for tyres (including retreaded tyres of all sizes)",) * 2,
        ("Ordinance 280 (Portaria nº 280, de 25 de Junho de 2018)",) * 2,
    ],
)
def test_a_title_is_quoted_as_it_reads_best(title: str, expected: str) -> None:
    assert quotable(title) == expected


def test_a_title_that_says_draft_is_not_called_one_twice(language: Language) -> None:
    draft = replace(CITRUS, title="Draft Order on citrus plants")
    assert headline(draft, language, "en") == "New Zealand: “Draft Order on citrus plants”"
    assert opening_sentences(draft, language, "en")[0] == (
        "On 11 June 2025, New Zealand notified WTO Members of “Draft Order on citrus plants”."
    )


def test_a_title_that_people_put_into_vietnamese_is_quoted_in_place_of_the_originals(
    language: Language,
) -> None:
    own = "Cây giống có múi - Tiêu chuẩn kiểm dịch nhập khẩu"
    assert headline(CITRUS, language, "vi", title=own) == f"New Zealand: Dự thảo “{own}”"
    assert opening_sentences(CITRUS, language, "vi", title=own)[0].endswith(
        f"về việc đưa ra Dự thảo “{own}”."
    )
    draft = f"Dự thảo {own}"  # it says so itself
    assert headline(CITRUS, language, "vi", title=draft) == f"New Zealand: “{draft}”"
    assert opening_sentences(CITRUS, language, "vi", title=draft)[0].endswith(f"về việc đưa ra “{draft}”.")
    coded = replace(CITRUS, hs_codes=("0602",))
    assert headline(coded, language, "vi", title=own) == headline(coded, language, "vi")


def test_a_tariff_of_the_office_names_what_our_table_does_not(language: Language) -> None:
    tariff = {
        "8445": "Máy chuẩn bị xơ sợi dệt; máy kéo sợi, máy đậu sợi",
        "8448": "Loại khác",
        "8450": "Máy giặt gia đình",
    }
    looms = replace(WASHING_MACHINES, hs_codes=("844511",))
    assert headline(looms, language, "vi").endswith("về máy và thiết bị cơ khí (HS 844511)")
    assert headline(looms, language, "vi", tariff.get).endswith("về máy chuẩn bị xơ sợi dệt (HS 844511)")
    parts = replace(looms, hs_codes=("844811",))
    assert headline(parts, language, "vi", tariff.get).endswith("về máy và thiết bị cơ khí (HS 844811)")
    assert headline(WASHING_MACHINES, language, "vi", tariff.get).endswith(
        "về máy giặt (HS 8450)"
    )  # ours wins
    assert "máy chuẩn bị xơ sợi dệt" in opening_sentences(looms, language, "vi", tariff.get)[0]


@given(
    st.builds(
        replace,
        st.sampled_from([WASHING_MACHINES, EGGS, HELMETS, FLOUR, CITRUS]),
        published_on=st.dates(min_value=date(1995, 1, 1), max_value=date(2030, 1, 1)),
        comment_until=st.none() | st.dates(min_value=date(1995, 1, 1), max_value=date(2030, 1, 1)),
        adoption=st.builds(Milestone, date=st.none() | st.dates(min_value=date(1995, 1, 1))),
    )
)
def test_no_day_is_printed_that_the_facts_do_not_state(notice: Notice) -> None:
    """Years too: an official text printed 11/3/2018 for a day of 2019."""
    known = loaded()
    days = (notice.published_on, notice.comment_until, notice.adoption.date, notice.in_force.date)
    stated = {known.date(day, "vi") for day in days if day}
    for sentence in opening_sentences(notice, known, "vi"):
        assert set(re.findall(r"\d{1,2}/\d{1,2}/\d{4}", sentence)) <= stated


@lru_cache(maxsize=1)
def loaded() -> Language:
    """The tables once, for the properties."""
    return load_language()


def test_a_regulation_is_number_and_subject_line(language: Language) -> None:
    assert headline(CIRCULAR, language, "vi") == (
        "Thông tư 39/2026/TT-BCT: Ban hành Quy chuẩn kỹ thuật quốc gia về đồ uống có cồn"
    )
    assert opening_sentences(CIRCULAR, language, "vi") == (
        "Ngày 02/6/2026, Bộ Công Thương ban hành Thông tư số 39/2026/TT-BCT.",
        "Văn bản có hiệu lực từ ngày 01/01/2027.",
        "Số, ký hiệu: 39/2026/TT-BCT.",
    )
    assert opening_sentences(CIRCULAR, language, "en")[0] == (
        "On 2 June 2026, the Ministry of Industry and Trade issued Circular No. 39/2026/TT-BCT."
    )
    draft = replace(CIRCULAR, type="Dự thảo Thông tư", stated_status="draft", symbols=())
    assert headline(draft, language, "vi").startswith("Dự thảo Thông tư: ban hành Quy chuẩn")
    assert opening_sentences(draft, language, "vi")[0].startswith("Dự thảo Thông tư của Bộ Công Thương")


def test_a_law_goes_by_its_name(language: Language) -> None:
    law = replace(CIRCULAR, type="Luật", symbols=("66/2025/QH15",), title="Thuế tiêu thụ đặc biệt")
    assert headline(law, language, "vi") == "Luật Thuế tiêu thụ đặc biệt (số 66/2025/QH15)"
    whole = replace(law, title="Luật Thuế tiêu thụ đặc biệt")
    assert headline(whole, language, "vi") == headline(law, language, "vi")


def test_a_technical_regulation_says_its_kind_once(language: Language) -> None:
    standard = replace(
        CIRCULAR, type="Quy chuẩn kỹ thuật quốc gia", symbols=("QCVN 30:2026/BCT",), title="Đồ uống có cồn"
    )
    assert headline(standard, language, "vi") == "QCVN 30:2026/BCT: Đồ uống có cồn"


def test_the_issuer_of_an_old_document_keeps_its_name(language: Language) -> None:
    old = replace(
        CIRCULAR, members=("BNNPTNT",), symbols=("04/2020/TT-BNNPTNT",), published_on=date(2020, 3, 9)
    )
    assert opening_sentences(old, language, "vi")[0] == (
        "Ngày 09/3/2020, Bộ Nông nghiệp và Phát triển nông thôn ban hành Thông tư số 04/2020/TT-BNNPTNT."
    )


def test_an_article_speaks_for_itself(language: Language) -> None:
    article = replace(CIRCULAR, kind="article", title="Hoa Kỳ: Quy định về ghi nhãn năng lượng")
    assert headline(article, language, "vi") == "Hoa Kỳ: Quy định về ghi nhãn năng lượng"
    assert opening_sentences(article, language, "vi") == ()


def _notice(row: dict[str, str], language: Language) -> Notice:
    symbols, _ = parse_symbols(row["Document symbol"])
    kind = language.notification_type(row["Notification type"]) or ""
    last = row["Final date for comments"]
    above = symbols[0].follows
    return Notice(
        key=symbols[0].text,
        kind="notification",
        area="SPS" if symbols[0].area == "SPS" else "TBT",
        type=kind.split("-", maxsplit=1)[0],
        emergency=kind.endswith("emergency"),
        symbols=tuple(symbol.text for symbol in symbols),
        thread=symbols[0].base.text,
        follows=above.text if above else None,
        members=tuple(str(symbol.member) for symbol in symbols),
        title=" ".join(row["Title"].split()),
        hs_codes=tuple(re.findall(r"(?:^|; )(\d{2,12}) - ", row["HS code(s)"])),
        ics_codes=tuple(re.findall(r"(?:^|; )(\d{2}[\d.]*) - ", row["ICS code(s)"])),
        objectives=tuple(filter(None, map(language.objective, row["Objectives"].split("; ")))),
        keywords=tuple(filter(None, map(language.keyword, row["Keywords"].split("; ")))),
        published_on=date.fromisoformat(row["Distribution date"]),
        comment_until=date.fromisoformat(last) if last else None,
    )


def test_every_row_of_a_real_export_gets_its_sentences(language: Language, shared: Path) -> None:
    text = (shared / "sources/samples/eping/eping_export_dev.json").read_text(encoding="utf-8")
    for row in json.loads(text):
        notice = _notice(row, language)
        for lang in ("vi", "en"):
            said = [headline(notice, language, lang), *opening_sentences(notice, language, lang)]
            assert len(said[0]) < 330
            for sentence in said:
                assert sentence == unicodedata.normalize("NFC", sentence)
                assert not re.search(r"[{}]|  |\.\.$", sentence), sentence
        assert said[-1].endswith(", ".join(notice.symbols) + ".")
        assert (notice.comment_until is None) == (not any("final date for comments" in one for one in said))
