"""Whether a translation says what its original says: the words that can be looked up."""

import random
from pathlib import Path

import pytest
from kept_out import kept_out
from proof import SETS, pairs
from starter.lexicon import sure
from starter.prepare import held_out

from tbt_watch.translate.checks.meaning import (
    FEWEST,
    LEAST,
    UNRENDERED,
    Lexicon,
    base,
    load_lexicon,
    meaning_faults,
    trust,
)

LEXICON = Lexicon(
    {"label": ("nhãn",), "toy": ("đồ chơi",), "battery": ("pin", "ắc quy"), "health": ("sức khỏe",)}
)


def test_a_word_is_found_in_any_of_its_renderings_and_forms() -> None:
    found = LEXICON.rendered("Labels of toys: batteries, and health", "Nhãn đồ chơi: ẮC QUY, sức khoẻ")
    assert (found.said, found.missing, found.share) == (("label", "toy", "battery", "health"), (), 1.0)


def test_a_rendering_is_whole_syllables() -> None:
    assert LEXICON.rendered("batteries", "đồ chơi spin").missing == ("battery",)


def test_every_missing_word_takes_from_the_trust_and_a_text_without_known_words_has_none() -> None:
    whole = LEXICON.rendered("toy batteries", "đồ chơi ắc quy")
    half = LEXICON.rendered("toy batteries", "đồ chơi")
    assert trust(-0.2, whole) == pytest.approx(-0.2)
    assert trust(-0.2, half) == pytest.approx(-0.2 - UNRENDERED)
    assert trust(-0.2, LEXICON.rendered("Thiencarbazone", "gì đó")) == pytest.approx(-1.2)


def test_a_word_left_as_it_is_counts_as_rendered() -> None:
    assert LEXICON.rendered("a toy", "một toy").said == ("toy",)


def test_a_word_is_lent_by_its_sure_rendering_but_for_what_may_be_a_name() -> None:
    lexicon = Lexicon({"label": ("nhãn",), "toy": ("đồ chơi", "món đồ")}, {"label": "nhãn hàng hóa"})
    assert lexicon.lent("Labels of toys and a label", {"label", "toy"}) == (
        (0, 6, "nhãn hàng hóa"),
        (21, 26, "nhãn hàng hóa"),
    )
    assert lexicon.lent("The Label of toys", {"label"}) == ()
    assert lexicon.lent("THE LABEL", {"label"}) == ((4, 9, "nhãn hàng hóa"),)
    assert lexicon.lent("a label", ()) == ()


def test_in_order_to_is_no_order() -> None:
    lexicon = Lexicon({"order": ("lệnh",)}, {"order": "lệnh"})
    assert lexicon.rendered("An Order in order to protect", "để bảo vệ").missing == ("order",)
    assert lexicon.rendered("In order to protect", "để bảo vệ").known == 0
    assert lexicon.lent("an order, made in order to protect", {"order"}) == ((3, 8, "lệnh"),)


def test_a_sure_rendering_stands_in_most_sentences_and_ends_where_a_word_ends() -> None:
    known = [
        ("Rulemaking on toys", "Việc xây dựng quy định, đồ chơi"),
        ("Rulemaking on rice", "Việc xây dựng quy tắc, gạo"),
        ("Rulemaking on wood", "Việc xây dựng quy chuẩn, gỗ"),
        ("Rulemaking on feed", "Việc xây dựng quy chế, thức ăn"),
        *((f"A helmet {odd}", f"Một mũ bảo hiểm, {odd}") for odd in ("red", "blue", "old", "new")),
        *((f"Sand {number}", f"Cát {number}") for number in range(80)),
    ]
    found = sure(known)
    assert found["helmet"] == "mũ bảo hiểm"
    assert "quy" not in found.get("rulemaking", "").split()


def test_what_the_lexicon_does_not_have_says_nothing() -> None:
    found = LEXICON.rendered("Thiencarbazone shall be notified", "gì đó")
    assert (found.known, found.share) == (0, 1.0)
    assert list(meaning_faults(LEXICON, "Thiencarbazone shall be notified", "gì đó", "en")) == []


def test_another_language_is_not_judged() -> None:
    assert list(meaning_faults(LEXICON, "label toy battery health", "gì đó", "fr")) == []
    assert list(meaning_faults(LEXICON, "label toy battery health", "gì đó", "en")) == [
        "4 of 4 words are not rendered: label, toy, battery, health"
    ]


@pytest.mark.parametrize(
    ("word", "singular"),
    [("batteries", "battery"), ("boxes", "box"), ("glasses", "glass"), ("glass", "glass"), ("virus", "virus"),
     ("analysis", "analysis"), ("toys", "toy"), ("gas", "gas"), ("standards", "standard")],
)  # fmt: skip
def test_the_singular_by_the_regular_ways(word: str, singular: str) -> None:
    assert base(word) == singular


def test_the_lexicon_is_made_of_base_forms_that_are_looked_up() -> None:
    table = load_lexicon()
    assert len(table) > 3000
    assert [word for word in table.words() if base(word) != word] == []


@pytest.mark.parametrize("name", SETS)
def test_right_translations_raise_few_alarms(shared: Path, name: str) -> None:
    """Of the seed only what the lexicon was not made from."""
    lexicon = load_lexicon()
    right = [(en, vi) for _, en, vi in pairs(shared, name) if name != "seed" or held_out(en)]
    alarms = [en for en, vi in right if any(meaning_faults(lexicon, en, vi, "en"))]
    assert len(alarms) <= 0.015 * len(right), alarms


def test_sentences_of_real_notifications_raise_none(shared: Path) -> None:
    lexicon = load_lexicon()
    assert [one.en for one in kept_out(shared) if any(meaning_faults(lexicon, one.en, one.vi, "en"))] == []


def test_a_right_translation_of_another_sentence_is_found_out(shared: Path) -> None:
    """The strongest nonsense there is: good Vietnamese of the genre, about something else."""
    lexicon = load_lexicon()
    right = [(en, vi) for _, en, vi in pairs(shared, "seed") if held_out(en)]
    others = [vi for _, vi in right]
    random.Random(5).shuffle(others)
    mixed = [(en, vi) for (en, own), vi in zip(right, others, strict=True) if vi != own]
    judged = [(en, vi) for en, vi in mixed if lexicon.rendered(en, vi).known >= FEWEST]
    caught = [en for en, vi in judged if lexicon.rendered(en, vi).share < LEAST]
    assert len(caught) >= 0.9 * len(judged) > 60
