"""Numbers of Vietnamese documents: every real one is read; spelling is forgiven; what is no number is refused."""

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.legal import LONGEST, parse_number, regulation_key
from tbt_watch.errors import NotationError

PLACEHOLDERS = {"n": "7", "yyyy": "2021"}


def test_all_real_numbers_are_read_and_printed_back(shared: Path) -> None:
    path = shared / "sources/samples/vietnam/docnumber_examples.tsv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert len(rows) > 30
    for row in rows:
        text = row["number"]
        for sign, value in PLACEHOLDERS.items():  # two rows are forms, not numbers
            text = text.replace(f"{sign}/", f"{value}/")
        found = parse_number(text)
        assert found.text == text.replace(" : ", ":"), row
        assert found.type or found.issuers[0].startswith("QH"), row
    kinds = {
        row["number"]: parse_number(row["number"]).type_name for row in rows if row["class"] == "Thông tư"
    }
    assert set(kinds.values()) == {"Thông tư"}


@pytest.mark.parametrize(
    ("text", "kind", "year", "issuers"),
    [
        ("66.14/2026/NQ-CP", "NQ", 2026, ("CP",)),
        ("12A/2024/TT-BCT", "TT", 2024, ("BCT",)),
        ("09/2020/TT-NHNN", "TT", 2020, ("NHNN",)),
        ("46/2017/QĐ-TTg", "QĐ", 2017, ("TTg",)),
        ("12/2003/QĐ/BGD&ĐT", "QĐ", 2003, ("BGD&ĐT",)),
        ("05/2021/TTLT/BCA-BNG", "TTLT", 2021, ("BCA", "BNG")),
        ("18/VBHN-VPQH", "VBHN", None, ("VPQH",)),
        ("71/2026/VBHN-NĐ-BCT", "VBHN", 2026, ("BCT",)),
        ("2312/CVT-CS", "CV", None, ("CVT", "CS")),
        ("5280/BCT-TTTN", "CV", None, ("BCT", "TTTN")),
        ("05/HD-BTC", "HD", None, ("BTC",)),
        ("01/2026/NQ-HĐND", "NQ", 2026, ("HĐND",)),
        ("12/TTr-BCT", "TTr", None, ("BCT",)),
        ("16-NQ/TW", "NQ", None, ("TW",)),
        ("28-CTr/TU", "CTr", None, ("TU",)),
        ("05/2011/PL-UBTVQH12", "PL", 2011, ("UBTVQH12",)),
        ("QCVN 30:2026/BCT", "QCVN", 2026, ("BCT",)),
        ("QCVN 01-183:2016/BNNPTNT", "QCVN", 2016, ("BNNPTNT",)),
        ("TCVN ISO/IEC 17000:2007", "TCVN", 2007, ()),
        ("TCVN I-1:2017", "TCVN", 2017, ()),
    ],
)
def test_a_number_is_taken_apart(text: str, kind: str, year: int | None, issuers: tuple[str, ...]) -> None:
    found = parse_number(text)
    assert (found.text, found.type, found.year, found.issuers) == (text, kind, year, issuers)


@pytest.mark.parametrize(
    ("spelled", "text"),
    [
        ("TT 12/2024/TT-BKHCN", "12/2024/TT-BKHCN"),
        ("Thông tư số: 12/2024/TT-BKHCN", "12/2024/TT-BKHCN"),
        ("THÔNG TƯ SỐ 12/2024/TT-BKHCN", "12/2024/TT-BKHCN"),
        (" 12 / 2024 / TT - BKHCN. ", "12/2024/TT-BKHCN"),
        ("12/2024/tt-bkhcn", "12/2024/TT-BKHCN"),
        ("12/2024/Tt-BKHCN", "12/2024/TT-BKHCN"),
        ("12/2024/TT-bkhcn", "12/2024/TT-BKHCN"),
        ("46/2017/qđ-ttg", "46/2017/QĐ-TTg"),
        ("46/2017/QD-TTG", "46/2017/QĐ-TTg"),
        ("24/2007/QD-BKHCN", "24/2007/QĐ-BKHCN"),
        ("15/2018/N\u00d0-CP", "15/2018/NĐ-CP"),
        ("28-ctr/tu", "28-CTr/TU"),
        ("Chương trình số 28-CTr/TU", "28-CTr/TU"),
        ("QCVN 11 : 2012/BCT", "QCVN 11:2012/BCT"),
        ("qcvn 01 - 183:2016/bnnptnt", "QCVN 01-183:2016/BNNPTNT"),
        ("SĐ 1:2023 QCVN 06:2022/BXD", "Sửa đổi 1:2023 QCVN 06:2022/BXD"),
        ("TCVN 6663-1:2011 (ISO 5667-1:2006)", "TCVN 6663-1:2011"),
        ("ĐLVN 17 : 2017", "ĐLVN 17:2017"),
    ],
)
def test_a_spelling_is_forgiven(spelled: str, text: str) -> None:
    assert parse_number(spelled).text == text
    assert parse_number(unicodedata.normalize("NFD", spelled)).text == text


def test_an_amendment_of_a_regulation_names_its_number_and_year() -> None:
    found = parse_number("Sửa đổi 1:2023 QCVN 06:2022/BXD")
    assert found.amendment == (1, 2023)
    assert (found.year, found.family, found.issuers) == (2022, "QCVN", ("BXD",))
    assert found.key != parse_number("QCVN 06:2022/BXD").key


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "thông tư",
        "12/2024",
        "12/2024/TT",
        "12/24/TT-BCT",
        "/2024/TT-BCT",
        "123456/2024/TT-BCT",
        "12/2024/TT-BCT ngày 20/9/2024",
        "12/2024/TT-BCT; 13/2024/TT-BCT",
        "12/2024/TT-BKHCN-" + "BCT-" * 20 + "BCT",
        "TCVN quy",
        "TCVN",
        "G/TBT/N/USA/2211",
        "1" * 1000,
        "\ud800",
    ],
)
def test_what_is_no_number_is_refused_in_one_sentence(bad: str) -> None:
    with pytest.raises(NotationError, match=r"\.$|\)\.$"):
        parse_number(bad)


def test_the_key_folds_what_people_and_addresses_leave_out_and_the_text_does_not() -> None:
    keys = {parse_number(text).key for text in ("46/2017/QĐ-TTg", "46/2017/QĐ-TTG", "46/2017/qd-ttg")}
    assert keys == {"46/2017/qd-ttg"}
    assert parse_number("01/2026/NQ-HĐND").text == "01/2026/NQ-HĐND"
    assert parse_number("09/2026/QH16").key != parse_number("9/2026/QH15").key


def test_a_number_alone_is_no_key() -> None:
    number = parse_number("01/2026/NQ-HĐND")
    one = regulation_key(number, "HĐND tỉnh Phú Thọ", date(2026, 3, 1))
    assert one == "01/2026/NQ-HĐND|hdnd-tinh-phu-tho|2026-03-01"
    assert one != regulation_key(number, "HĐND tỉnh Lào Cai", date(2026, 3, 1))
    assert one != regulation_key(number, "HĐND tỉnh Phú Thọ", date(2026, 3, 2))
    assert regulation_key(number, "HĐND", None) == "01/2026/NQ-HĐND|hdnd|undated"


CAPITALS = "ABCDEGHKLMNPQRSTUVXYĐ"
ISSUER = st.text(CAPITALS, min_size=2, max_size=7).filter(lambda text: text != "TTG")
SERIAL = st.from_regex(r"[0-9]{1,5}(\.[0-9]{1,3})?[A-Z]?", fullmatch=True)
YEAR = st.integers(1945, 2099)
KIND = st.sampled_from(["NĐ", "NQ", "QĐ", "TT", "TTLT", "CT", "CĐ", "TB", "KH", "HD", "GP", "VBHN", "TTr"])
LAWS = st.builds(
    lambda serial, year, kind, dash, issuers: f"{serial}/{year}{kind}{dash}{'-'.join(issuers)}",
    SERIAL,
    YEAR.map("{}/".format) | st.just(""),
    KIND,
    st.just("-"),
    st.lists(ISSUER, min_size=1, max_size=4),
)
STANDARDS = st.builds(
    lambda family, serial, year, issuer: f"{family} {serial}:{year}{issuer}",
    st.sampled_from(["QCVN", "QCĐP", "TCVN", "TCCS", "ĐLVN"]),
    st.from_regex(r"[0-9]{1,5}(-[0-9]{1,3}){0,2}", fullmatch=True),
    YEAR,
    ISSUER.map("/{}".format) | st.just(""),
)


@given(LAWS | STANDARDS)
def test_what_is_printed_is_read_again(text: str) -> None:
    found = parse_number(text)
    assert parse_number(found.text) == found
    assert found.text == text
    assert len(found.text) <= LONGEST
    for spelled in (text.lower(), unicodedata.normalize("NFD", text), text.replace("Đ", "\u00d0")):
        assert parse_number(spelled).key == found.key


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = parse_number(text)
    except NotationError as error:
        assert str(error).endswith(".")  # noqa: PT017 (both ways out are looked at)
        return
    assert parse_number(found.text).key == found.key
