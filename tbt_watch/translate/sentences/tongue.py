"""Which language a sentence is in, by its commonest words: sources mislabel, and mix.

Only what is certain is said: a wrong guess would send a good sentence to the wrong model.
"""

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019](?=[^\W\d_]))?")
_VIETNAMESE = re.compile(r"[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0]")
"""Letters that no other language of the WTO has."""

_COMMON = {
    "en": "the of and to in for is are with on by that this be as from which shall or not it its at will",
    "fr": "le la les de des du et en pour dans un une est sont par sur avec que qui au aux ce cette l' d' ou pas",
    "es": "el la los las del de y en para un una es son por con que se al su sus lo no o como",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_FOREIGN = 3
_LEAST = 3
"""So many common words more than for the stated language must speak for another one, and twice as many at least:
"la" and "de" are French and Spanish."""


_SYLLABLE = re.compile(r"(?:b|ch?|d|g[hi]?|h|kh?|l|m|ng?h?|ph?|qu|r|s|t[hr]?|v|x)?[aeiouy]{1,3}(?:m|n[gh]?)?")
"""How Vietnamese spells a syllable that has no mark at all; "draft" and "must" are none."""


def is_vietnamese(sentence: str) -> bool:
    """Whether a sentence is in Vietnamese already, and all of it: a third of its words has letters of that language
    alone, and no three of the others are words that it cannot have."""
    words = _WORD.findall(sentence)
    marked = sum(bool(_VIETNAMESE.search(word)) for word in words)
    if marked < 2 or marked * 3 < len(words):
        return False
    foreign = [word for word in words if word.isascii() and word.islower() and not _SYLLABLE.fullmatch(word)]
    return len(foreign) < _FOREIGN


def spoken(sentence: str, stated: str) -> str:
    """The language of a sentence: the stated one, unless its words clearly say another ("en", "fr", "es")."""
    counts = Counter(
        language
        for word in _WORD.findall(sentence.casefold().replace("\u2019", "'"))
        for language in _LANGUAGES_OF.get(word, ())
    )
    if not counts:
        return stated
    best, times = counts.most_common(1)[0]
    if times - counts[stated] >= _LEAST and times >= 2 * counts[stated]:
        return best
    return stated
