"""Which language a notification is written in: English, French or Spanish, by the small words of each.

The English export carries Spanish and French originals until they are translated.
"""

import re

from tbt_watch.domain.notice import Language

_WORDS = re.compile(r"[a-záéíóúñüàâçèêëîïôûœ']+")
_SMALL: dict[Language, frozenset[str]] = {
    "en": frozenset("the of and to in for on is this with by are from which be that as an or shall".split()),
    "es": frozenset(
        "el la los las de del y para por que en con una se su al lo como productos sobre".split()
    ),
    "fr": frozenset(
        "le la les des du et pour par que en avec une sur dans est aux au relatif ce cette".split()
    ),
}


def tongue(text: str) -> Language:
    """The language of a text; English when it is too short to tell."""
    words = _WORDS.findall(text[:1000].lower())
    if not words:
        return "en"
    scores = {lang: sum(map(small.__contains__, words)) for lang, small in _SMALL.items()}
    best = max(scores, key=lambda lang: scores[lang])
    if best == "en" or scores[best] < 2 or scores[best] < 2 * scores["en"]:
        return "en"
    return best
