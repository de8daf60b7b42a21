"""Words that belong to a product word or an HS code, in Vietnamese and English: what else to subscribe to; pure."""

import re
from collections.abc import Iterable, Mapping

from tbt_watch.domain.text import nfc
from tbt_watch.language.tables import Label
from tbt_watch.tag.vocabulary import Vocabulary

MOST = 8
"""Words of each language."""


def related_words(
    asked: str, vocabulary: Vocabulary, headings: Mapping[str, Label]
) -> dict[str, tuple[str, ...]]:
    """By language (``vi``, ``en``): what the HS headings are called that have the word in their name or lie under (or
    above) the code, then the phrases of the vocabulary that the word stands in; without the word itself.

    ``headings``: names of HS headings (four digits). Words are compared with their tones.
    """
    digits = "".join(char for char in asked if char.isdigit())
    if digits and not any(char.isalpha() for char in asked):
        named = [label for code, label in headings.items() if code.startswith(digits[:4])]
        return {
            "vi": _some((label.short_vi or label.vi for label in named), ""),
            "en": _some((label.short_en or label.en for label in named), ""),
        }
    word = nfc(asked).casefold().strip()
    if not word:
        return {"vi": (), "en": ()}
    stands = re.compile(rf"(?<!\w){re.escape(word)}(?:e?s)?(?!\w)")
    named = [one for one in headings.values() if any(map(stands.search, _spoken(one)))]
    phrases = {
        lang: [
            one.pattern.removesuffix("*")
            for one in vocabulary.words
            if one.kind == "sector" and one.language == lang and stands.search(one.pattern.casefold())
        ]
        for lang in ("vi", "en")
    }
    return {
        "vi": _some([*(label.short_vi or label.vi for label in named), *phrases["vi"]], word),
        "en": _some([*(label.short_en or label.en for label in named), *phrases["en"]], word),
    }


def _spoken(label: Label) -> tuple[str, ...]:
    names = (label.vi, label.en, label.short_vi, label.short_en)
    return tuple(nfc(name).casefold() for name in names if name)


def _some(words: Iterable[str], but: str) -> tuple[str, ...]:
    found = dict.fromkeys(word for word in words if word and nfc(word).casefold() != but)
    return tuple(found)[:MOST]
