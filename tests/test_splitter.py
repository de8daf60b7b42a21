"""Sentences as notifications write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.translate.passages import clean, divide, parts
from tbt_watch.translate.splitter import sentences, split

CASES = [
    (
        "Under Art. 3 of Law No. 12/2026, the limit is 0.5 mg/kg. Toys are covered.",
        ["Under Art. 3 of Law No. 12/2026, the limit is 0.5 mg/kg.", "Toys are covered."],
    ),
    (
        "See G/TBT/N/USA/138/Rev.1. It applies e.g. to J. Smith Ltd. products.",
        ["See G/TBT/N/USA/138/Rev.1.", "It applies e.g. to J. Smith Ltd. products."],
    ),
    (
        "The label (cf. Annex IV) is new, i.e. from 2027.",
        ["The label (cf. Annex IV) is new, i.e. from 2027."],
    ),
    (
        "It shall not exceed 1.5 g/l. 3 samples are taken.",
        ["It shall not exceed 1.5 g/l.", "3 samples are taken."],
    ),
    ("Imports into the U.S. The rule is old.", ["Imports into the U.S.", "The rule is old."]),
    (
        "Published in the U.S. Federal Register, Vol. 90, No. 12.",
        ["Published in the U.S. Federal Register, Vol. 90, No. 12."],
    ),
    (
        "Según el Art. 5 del Decreto núm. 7, el Sr. López dijo que no. La norma entra en vigor.",
        ["Según el Art. 5 del Decreto núm. 7, el Sr. López dijo que no.", "La norma entra en vigor."],
    ),
    ("L'art. 3 (no. 12) de M. Dupont. Le reste.", ["L'art. 3 (no. 12) de M. Dupont.", "Le reste."]),
    ("Is it new? Yes! It is (see Fig. 2).", ["Is it new?", "Yes!", "It is (see Fig. 2)."]),
    ("The answer is no. Another rule applies.", ["The answer is no.", "Another rule applies."]),
    ("Contains vitamin C. The dose is stated.", ["Contains vitamin C.", "The dose is stated."]),
    ("Tests, packaging, etc. are covered.", ["Tests, packaging, etc. are covered."]),
    ("First line\nsecond line", ["First line", "second line"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_list_markers_are_pieces_of_their_own() -> None:
    pieces = split("1. Scope. It applies to:\n(a) toys;\n- 2.5 mg of lead.\nii) rice")
    assert [piece.text for piece in pieces if piece.kind == "marker"] == ["1. ", "(a) ", "- ", "ii) "]
    assert [piece.text for piece in pieces if piece.kind == "sentence"] == [
        "Scope.",
        "It applies to:",
        "toys;",
        "2.5 mg of lead.",
        "rice",
    ]


def test_a_number_is_no_marker() -> None:
    assert sentences("2.5 mg of lead") == ["2.5 mg of lead"]
    assert sentences("(EU) 2019/1021 applies") == ["(EU) 2019/1021 applies"]


WRITTEN = st.text(
    st.one_of(
        st.sampled_from(list("AaZz. \n.!?()[]1290,;:-–•/\"'\tđƠNo")), st.characters(exclude_categories=())
    ),
    max_size=80,
)


@given(WRITTEN)
def test_the_pieces_give_the_text_back(text: str) -> None:
    pieces = split(text)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        assert piece.start == at
        assert text[piece.start : piece.end] == piece.text
        at = piece.end
        if piece.kind == "sentence":
            assert piece.text == piece.text.strip()
            assert "\n" not in piece.text
        else:
            assert piece.kind == "marker" or piece.text.isspace()


@given(WRITTEN)
def test_parts_give_a_clean_text_back(text: str) -> None:
    plain = clean(text)
    assert clean(plain) == plain
    assert "".join(part.text for part in parts(plain, lambda sentence: len(sentence) <= 12)) == plain


@given(st.text("ab ,;", min_size=1, max_size=400), st.integers(3, 50))
def test_a_long_sentence_is_divided_until_it_fits(text: str, longest: int) -> None:
    found = list(divide(text, lambda sentence: len(sentence) <= longest))
    assert "".join(part.text for part in found) == text
    assert all(len(part.text) <= longest for part in found if part.work)


def test_it_is_cut_at_the_strongest_mark_near_the_middle() -> None:
    text = "toys for children under three, and cosmetics; textiles, footwear and furniture"
    found = [part.text for part in divide(text, lambda sentence: len(sentence) < 50) if part.work]
    assert found == ["toys for children under three, and cosmetics;", "textiles, footwear and furniture"]


def test_clean_takes_out_what_no_reader_sees() -> None:
    assert clean("a\x00b\u200bc\u00add\ud800e\r\nf\u00a0\tg") == "abcde\nf g"
    assert clean("Việt") == "Việt"


def test_what_has_no_words_is_no_work_for_a_model() -> None:
    text = "G/TBT/N/USA/138\nhttps://example.org/a_b\n12 345\nToys"
    assert [part.text for part in parts(text, lambda _: True) if part.work] == ["Toys"]
