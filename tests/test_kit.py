"""The comment kit: a letter in two languages that only has to be filled in."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from cast import CIRCULAR, POMELO, dossier, said

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.office import EnquiryPoint, Office
from tbt_watch.kit import comment_kit
from tbt_watch.language import Language, load_language

TODAY = date(2026, 11, 20)
POINT = EnquiryPoint(area="SPS", name="Văn phòng SPS Việt Nam", email="sps@example.vn")
OFFICE = Office(name="Sở Khoa học và Công nghệ", enquiry_points=(POINT,))


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


def open_draft(**facts: object) -> Dossier:
    notice = replace(POMELO, comment_until=date(2027, 1, 18), **facts)  # type: ignore[arg-type]
    return replace(dossier(notice), translations=(said("headline", "EU: Dự thảo về quả có múi"),))


def test_the_letter_has_the_symbol_in_its_subject_and_both_languages_in_its_text(language: Language) -> None:
    kit = comment_kit(open_draft(), OFFICE, language, "vi", TODAY, date(2026, 12, 31))
    assert kit is not None
    assert kit.subject == f"Góp ý thông báo {POMELO.symbols[0]} – EU: Dự thảo về quả có múi"
    vietnamese, english = kit.text.split("—" * 20)
    assert vietnamese.startswith("Kính gửi: Văn phòng SPS Việt Nam\nQua: Sở Khoa học và Công nghệ\n")
    assert "Hạn góp ý của WTO: 18/01/2027." in vietnamese
    assert "Hạn gửi về cơ quan đầu mối quốc gia: 31/12/2026." in vietnamese
    assert "(Điều 5.6 Hiệp định SPS)" in vietnamese
    assert "(Phụ lục B(2) Hiệp định SPS)" in vietnamese
    assert "(Article 5.6 of the SPS Agreement)" in english
    assert f"thông báo {POMELO.symbols[0]} – EU: Dự thảo về quả có múi." in vietnamese
    assert f"comments on notification {POMELO.symbols[0]} – EU: {POMELO.title.rstrip('.')}." in english


def test_an_english_reader_has_english_first(language: Language) -> None:
    kit = comment_kit(open_draft(), OFFICE, language, "en", TODAY, None)
    assert kit is not None
    assert kit.text.startswith("To: Văn phòng SPS Việt Nam\n")
    assert kit.subject.startswith("Comments on ")


def test_the_letter_opens_in_a_mail_program(language: Language) -> None:
    kit = comment_kit(open_draft(), OFFICE, language, "vi", TODAY, None)
    assert kit is not None
    address = urlsplit(kit.mailto)
    values = parse_qs(address.query)
    assert (address.scheme, address.path) == ("mailto", "sps@example.vn")
    assert values["subject"] == [kit.subject]
    assert values["body"] == [kit.text.replace("\n", "\r\n")]


@pytest.mark.parametrize(
    "item",
    [
        replace(dossier(POMELO), notice=replace(POMELO, comment_until=date(2026, 11, 19))),
        replace(dossier(POMELO), notice=replace(POMELO, comment_until=None)),
        dossier(CIRCULAR),
    ],
    ids=["closed", "no deadline", "Vietnamese law"],
)
def test_what_takes_no_comments_through_the_wto_has_no_letter(language: Language, item: Dossier) -> None:
    assert comment_kit(item, OFFICE, language, "vi", TODAY, None) is None


def test_without_an_office_to_write_to_the_area_stands_there(language: Language) -> None:
    kit = comment_kit(open_draft(), Office(name=""), language, "vi", TODAY, None)
    assert kit is not None
    assert kit.text.startswith("Kính gửi: SPS\n")
    assert (kit.to, kit.mailto, kit.point) == ("", "", None)


def test_a_hostile_title_stays_one_line_and_the_subject_short(language: Language) -> None:
    kit = comment_kit(
        open_draft(title="A\r\nBcc: x@y.z " * 200), Office(name=""), language, "en", TODAY, None
    )
    assert kit is not None
    assert "\n" not in kit.subject
    assert "\r" not in kit.text
    assert len(kit.subject) <= 200
