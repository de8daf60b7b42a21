"""Words that belong to a product word or a code."""

import pytest

from tbt_watch.language import load_language
from tbt_watch.tag.related import MOST, related_words
from tbt_watch.tag.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("asked", "vi", "en"),
    [
        ("chuối", "quả chuối", "bananas"),
        ("Banana", "chuối", "bananas"),
        ("0803", "chuối", "bananas"),
        ("0803.10", "chuối", "bananas"),
        ("cà phê", "chiết xuất cà phê, chè", "coffee"),
        ("tôm", "tôm sú", "crustaceans"),
    ],
)
def test_words_of_both_languages(asked: str, vi: str, en: str) -> None:
    found = related_words(asked, load_vocabulary(), load_language().hs_headings)
    assert vi in found["vi"]
    assert en in found["en"]
    assert all(len(words) <= MOST and asked not in words for words in found.values())


@pytest.mark.parametrize("asked", ["", "   ", "…", "chuỗi", "9999", "xylophonist"])
def test_what_nothing_belongs_to(asked: str) -> None:
    found = related_words(asked, load_vocabulary(), load_language().hs_headings)
    assert found == {"vi": (), "en": ()}
