"""Who is named as affected: Viet Nam in any spelling, whole Members and their regions, and who is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.language import Language
from tbt_watch.normalise.affected import affected_members


@pytest.fixture(scope="module")
def members() -> Language:
    from tbt_watch.language import load_language

    return load_language()


@pytest.mark.parametrize(
    "text",
    [
        "Viet Nam", "Vietnam", "VIET NAM", "Viet-Nam", "Viêt Nam", "Việt Nam", "Vie\u0323\u0302t Nam", "Viet\u00a0Nam",
        "VNM",
        "Socialist Republic of Viet Nam", "République socialiste du Viet Nam", "República Socialista de Viet Nam",
        "el Viet Nam", "le Viêt-nam", "Vietnã", "VIỆT NAM", "Vietnam (Socialist Republic of)", "fruit from Viet Nam.",
        "Exporters of pangasius in Vietnam's Mekong Delta",
    ],
)  # fmt: skip
def test_viet_nam_in_any_spelling(text: str, members: Language) -> None:
    assert affected_members([text], members) == ("VNM",)


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["Viet Nam, Thailand and Indonesia"], ("VNM", "THA", "IDN")),
        (["Tailandia y Viet Nam"], ("VNM",)),
        (["la Thaïlande et le Viet Nam"], ("VNM",)),
        (["Brazil, Rio Grande do Sul"], ("BRA",)),
        (["Guadeloupe Islands"], ()),
        (["Thailand; Viet Nam", "Viet Nam"], ("THA", "VNM")),
        (["All trading partners except Viet Nam"], ()),
        (["Tous les pays, sauf le Viet Nam"], ()),
        (["Todos los países, excepto Viet Nam"], ()),
        (["All trading partners"], ()),
        (["China/Viet Nam (live shrimp)"], ("CHN", "VNM")),
        (["Vietnamese exporters of noodles"], ("VNM",)),
        ([""], ()),
        ([], ()),
    ],
)
def test_who_is_named(texts: list[str], codes: tuple[str, ...], members: Language) -> None:
    assert affected_members(texts, members) == codes


@given(text=st.text(max_size=200))
def test_any_text_is_read(members: Language, text: str) -> None:
    codes = affected_members([text], members)
    assert len(set(codes)) == len(codes)
