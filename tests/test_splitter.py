"""Sentences as notifications write them."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.translate.sentences.passages import clean, divide, parts
from tbt_watch.translate.sentences.splitter import sentences, split

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
    (
        "Made by J. Smith & Co. Inc. (United States). It is new.",
        ["Made by J. Smith & Co. Inc. (United States).", "It is new."],
    ),
    (
        "Huawei Co., Ltd. (China) asked. The Member agreed.",
        ["Huawei Co., Ltd. (China) asked.", "The Member agreed."],
    ),
    (
        "Fresh fruits of Citrus spp. The measure is new.",
        ["Fresh fruits of Citrus spp.", "The measure is new."],
    ),
    (
        "Plants of Citrus sinensis (L.) Osbeck from Viet Nam. They are free of X. campestris pv. citri.",
        ["Plants of Citrus sinensis (L.) Osbeck from Viet Nam.", "They are free of X. campestris pv. citri."],
    ),
    ("Smith et al. (2020) and Doe et al. The rest.", ["Smith et al. (2020) and Doe et al.", "The rest."]),
    (
        "Imports from St. Lucia and St. Kitts. Others follow.",
        ["Imports from St. Lucia and St. Kitts.", "Others follow."],
    ),
    (
        "Under the Reg. No. 5 and Decree No. 7. Labels are new.",
        ["Under the Reg. No. 5 and Decree No. 7.", "Labels are new."],
    ),
    (
        "It runs to Dec. 12, 2026, or Sept. 3. Later dates count.",
        ["It runs to Dec. 12, 2026, or Sept. 3.", "Later dates count."],
    ),
    ("Given in Annex A. Packaging is new.", ["Given in Annex A.", "Packaging is new."]),
    ("At most 0.5 mg/L. Packaging is new, at .5 g.", ["At most 0.5 mg/L.", "Packaging is new, at .5 g."]),
    (
        "The list is long... The rest is short\u2026 End.",
        ["The list is long...", "The rest is short\u2026", "End."],
    ),
    ('He said "It is new." Then "not." It ended.', ['He said "It is new."', 'Then "not."', "It ended."]),
    (
        "\u00ab Les jouets sont vis\u00e9s. \u00bb L'art. 3, n\u00b0 12, c.-\u00e0-d. Tout. Le reste.",
        [
            "\u00ab Les jouets sont vis\u00e9s. \u00bb",
            "L'art. 3, n\u00b0 12, c.-\u00e0-d. Tout.",
            "Le reste.",
        ],
    ),
    (
        "\u00bfEs nuevo? \u00a1S\u00ed! Av. Puente de Tecamachalco N\u00ba 6, Col. Lomas, C.P. 53950.",
        [
            "\u00bfEs nuevo?",
            "\u00a1S\u00ed!",
            "Av. Puente de Tecamachalco N\u00ba 6, Col. Lomas, C.P. 53950.",
        ],
    ),
    (
        "Shoe creams.Wax for wood.Paints apply. See www.Example.Com/Some.Html now.",
        ["Shoe creams.", "Wax for wood.", "Paints apply.", "See www.Example.Com/Some.Html now."],
    ),
    ("Write to Tbt.Contact@Example.org. Then wait.", ["Write to Tbt.Contact@Example.org.", "Then wait."]),
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


@pytest.mark.parametrize(
    ("text", "markers", "expected"),
    [
        ("a. Hatching eggs.\nb. Day-old chicks", ["a. ", "b. "], ["Hatching eggs.", "Day-old chicks"]),
        ("IV. Labels\n1.1 Scope\n1.2. Terms", ["IV. ", "1.1 ", "1.2. "], ["Labels", "Scope", "Terms"]),
        ("\u2022Toys\n[X] Rice\n[ ] Lamps\n\u2013 Lead", ["\u2022", "[X] ", "[ ] ", "\u2013 "],
         ["Toys", "Rice", "Lamps", "Lead"]),
        ("1. (a) Toys", ["1. (a) "], ["Toys"]),
        ("It covers: 1. Toys. 2. Lamps. (c) Rice.", ["2. ", "(c) "], ["It covers: 1. Toys.", "Lamps.", "Rice."]),
        ("The import is suspended:a. Hatching eggs of chicken.b. Poultry feet.",
         ["a. ", "b. "], ["The import is suspended:", "Hatching eggs of chicken.", "Poultry feet."]),
        ("It has: i. Toys; ii. Rice; and iii. Lamps. The rest.", [],
         ["It has: i. Toys; ii. Rice; and iii. Lamps.", "The rest."]),
        ("a. \u201cLight\u201d means new (see below)P.O. Box 5", ["a. "],
         ["\u201cLight\u201d means new (see below)P.O. Box 5"]),
        ("5. 10. 2026 is the date", [], ["5. 10. 2026 is the date"]),
        ("V. cholerae is absent. 2.4 GHz is allowed.", [], ["V. cholerae is absent.", "2.4 GHz is allowed."]),
    ],
)  # fmt: skip
def test_lists(text: str, markers: list[str], expected: list[str]) -> None:
    pieces = split(text)
    assert [piece.text.lstrip() for piece in pieces if piece.kind == "marker"] == markers
    assert [piece.text for piece in pieces if piece.kind == "sentence"] == expected


@pytest.mark.parametrize(
    "word",
    [
        "1. ",
        "- ",
        "[ ] ",
        "a. ",
        "abc.Def",
        "(L.) A",
        "e.g. ",
        "\na",
        ". \u00bb",
        "x@a.Bcd",
        "5. ",
        "a" * 50 + "\nb\n",
    ],
)
def test_a_hundred_thousand_of_anything_ends(word: str) -> None:
    """No pattern may take the square of the length."""
    text = word * (100_000 // len(word))
    began = time.process_time()
    assert split(clean(text))
    assert time.process_time() - began < 10


def test_a_line_broken_for_its_width_is_one_sentence() -> None:
    """As in the notices of the East African Community: broken after a hundred characters, in the middle."""
    wrapped = "This standard specifies test methods for composite flour\r\nintended for use.\nScope\nof it"
    assert sentences(clean(wrapped)) == [
        "This standard specifies test methods for composite flour intended for use.",
        "Scope",
        "of it",
    ]
    listed = "Sampling and test methods for protein-rich cassava flour, and these:\nrice;\nmaize"
    assert clean(listed) == listed


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
def test_a_sentence_alone_is_that_sentence(text: str) -> None:
    """Whoever splits first and translates sentence by sentence gets the same pieces."""
    for sentence in sentences(clean(text)):
        assert sentences(sentence) == [sentence]


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


def test_the_real_notices_are_split_as_they_are_written(shared: Path) -> None:
    """Of the published records that the reference folder holds: nothing lost, no crumbs, and no abbreviation that ends
    a sentence."""
    texts = list(real_texts(shared))
    assert len(texts) > 400
    count = 0
    for text in map(clean, texts):
        pieces = split(text)
        assert "".join(piece.text for piece in pieces) == text
        for piece in pieces:
            if piece.kind == "sentence":
                count += 1
                assert sentences(piece.text) == [piece.text]
                assert not re.search(
                    r"(?<![\w.])(?:No|Nos|Art|Ltd|e\.g|i\.e|approx|Dr|St|Vol|núm)\.$", piece.text
                ), text
    assert count > 1000


def real_texts(shared: Path) -> Iterator[str]:
    for file in sorted((shared / "sources" / "samples").rglob("*.json")):
        for found in strings(json.loads(file.read_text(encoding="utf-8"))):
            if len(found) > 60 and " " in found:
                yield found.replace("_x000D_", "\r")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)
