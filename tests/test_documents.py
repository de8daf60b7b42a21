"""Documents that are followed by name: how they are typed, and how texts name them."""

from dataclasses import replace

import pytest
from cast import CIRCULAR, POMELO, dossier, named, said
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.digest.documents import document_name, followed_as, is_words, names_of
from tbt_watch.domain.notice import OfficialText, Relation

TYPED = [
    ("38-CT/TW", "38-CT/TW"),
    (" 38-ct/tw. ", "38-CT/TW"),
    ("Chỉ thị số 38-CT/TW", "38-CT/TW"),
    ("1322/QĐ-TTg", "1322/QĐ-TTg"),
    ("1322/qd-ttg", "1322/QĐ-TTg"),
    ("Quyết định số 1322/QĐ-TTg", "1322/QĐ-TTg"),
    ("QCVN 19:2019/BKHCN", "QCVN 19:2019/BKHCN"),
    ("g/tbt/n/usa/138/add.1", "G/TBT/N/USA/138"),
    ("G/SPS/N/EU/1234", "G/SPS/N/EU/1234"),
    ("(EU) 2023/1115", "EU 2023/1115"),
    ("EU 2023/1115", "EU 2023/1115"),
    ("eu 2023/1115", "EU 2023/1115"),
    ("Regulation (EU) 2023/1115", "EU 2023/1115"),
    ("Regulation (EU) No 2016/425", "EU 2016/425"),
    ("Regulation (EC) No 396/2005", "EC 396/2005"),
    ("Quy định (EC) số 396/2005", "EC 396/2005"),
    ("règlement (CE) n° 396/2005", "EC 396/2005"),
    ("Reglamento (CE) n.º 396/2005", "EC 396/2005"),
    ("Règlement (UE) 2023/1115", "EU 2023/1115"),
    ("Directive 2014/53/EU", "EU 2014/53"),
    ("Directiva 2014/53/UE", "EU 2014/53"),
    ("Directive 76/768/EEC", "EEC 76/768"),
    ("Codex  Stan 193-1995", "Codex Stan 193-1995"),
    ("FSMA", "FSMA"),
    (CIRCULAR.key, CIRCULAR.key),
    ("", None),
    ("  .. ", None),
    ("12", None),
    ("2023", None),
    ("2023/1115", None),
    ("x" * 10_000, None),
]


@pytest.mark.parametrize(("typed", "name"), TYPED)
def test_a_name_as_it_is_typed(typed: str, name: str | None) -> None:
    assert document_name(typed) == name
    if name:
        assert document_name(name) == name


@given(st.text(max_size=130))
def test_a_name_names_itself(typed: str) -> None:
    name = document_name(typed)
    assert name is None or document_name(name) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("amending Regulation (EU) 2023/1115 as regards", {"EU 2023/1115"}),
        ("Annex II to Regulation (EC)\nNo 396/2005", {"EC 396/2005"}),
        ("(EC) No 178/2002, (EU) 2017/625, 2014/53/EU.", {"EC 178/2002", "EU 2017/625", "EU 2014/53"}),
        ("Thực hiện Chỉ thị số 38-CT/TW và Quyết định 1322/QĐ-TTg", {"38-CT/TW", "1322/QĐ-TTg"}),
        ("see G/TBT/N/USA/138/Add.2", {"G/TBT/N/USA/138"}),
        ("theo QCVN 19:2019/BKHCN", {"QCVN 19:2019/BKHCN", "QCVN 19:2019"}),
        ("EU 2023/1115", {"EU 2023/1115"}),
        # What only looks like one.
        ("in the EU 12/2024", {"EU 12/2024"}),
        ("values 2014/53/EUR and 1/2/EU/3", set()),
        ("phone 138-CT/TWX, v1.38-CT/TW", set()),
    ],
)  # fmt: skip
def test_names_in_a_text(text: str, names: set[str]) -> None:
    bare = dossier(replace(POMELO, title=text, summary="", products=""))
    assert names_of(bare) == names | {POMELO.key}


def test_all_that_it_is_or_names() -> None:
    notice = named(
        "G/TBT/N/USA/138/Add.1",
        "USA",
        thread="G/TBT/N/USA/138",
        follows="G/TBT/N/USA/138",
        symbols=("G/TBT/N/USA/138/Add.1", "G/SPS/N/USA/99"),
        title="",
        summary="",
        related=(
            Relation(rel="notified-as", key=CIRCULAR.key),
            Relation(rel="mentions", key="G/TBT/N/VNM/3"),
        ),
        official=(OfficialText(field="title", text="Sửa đổi Quy định (EU) 2023/1115", source="s", url="u"),),
    )
    shown, hidden = said("summary", "1322/QĐ-TTg"), said("summary", "99/QĐ-TTg", origin="machine")
    held_back = replace(hidden, checks=("number",))
    assert names_of(dossier(notice, translations=[shown, held_back])) == {
        "G/TBT/N/USA/138", "G/TBT/N/USA/138/Add.1", "G/SPS/N/USA/99", CIRCULAR.key, "12/2026/TT-BKHCN",
        "G/TBT/N/VNM/3", "EU 2023/1115", "1322/QĐ-TTg",
    }  # fmt: skip


def test_the_name_by_which_it_is_followed() -> None:
    assert followed_as(POMELO) == POMELO.thread
    assert followed_as(named("G/TBT/N/USA/1/Add.2", "USA", thread="G/TBT/N/USA/1")) == "G/TBT/N/USA/1"
    assert followed_as(CIRCULAR) == "12/2026/TT-BKHCN"
    key = "01/2026/NQ-HĐND|hoi-dong-nhan-dan-tinh-lam-dong|2026-03-01"
    local = replace(CIRCULAR, key=key, symbols=("01/2026/NQ-HĐND",))
    assert followed_as(local) == key
    for notice in (POMELO, CIRCULAR, local):
        name = followed_as(notice)
        assert document_name(name) == name
        assert name in names_of(dossier(notice))


def test_words_are_told_from_names() -> None:
    names = [name for _, name in TYPED if name]
    assert [name for name in names if is_words(name)] == ["Codex Stan 193-1995", "FSMA"]
