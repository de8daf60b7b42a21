"""The Members that a measure is said to affect (SPS form, item 4; ePing, "specific regions or countries")."""

import re
from collections.abc import Iterable, Iterator

from tbt_watch.domain.text import fold
from tbt_watch.language import Language

HOME = "VNM"

# Viet Nam as Members spell it: Vietnam, Viet-Nam, Viêt Nam, Việt Nam, Vietnã, VIETNAM.
_VIET_NAM = re.compile(r"\bviet[\s\u00a0‐-―-]?na(?:m|\b)")
_BREAKS = re.compile(r"[,;/|•·()\n]|\s(?:and|y|et|e|và|&|as well as|así como|ainsi que)\s")
_ARTICLE = re.compile(r"^(?:the|el|la|los|las|les?|l'|du|de la|des|del)\s+", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"\b(?:except|excluding|other than|with the exception of|excepto|salvo|con excepci[oó]n de|excluid[oa]s?"
    r"|sauf|[àa] l.exception|[àa] l.exclusion|trừ|ngoại trừ)\b[^;\n]*",
    re.IGNORECASE,
)


def affected_members(texts: Iterable[str], language: Language) -> tuple[str, ...]:
    """The codes of the Members that the texts name, whole or by a region (``Brazil, Rio Grande do Sul``), each once, in
    order; a region alone is none, and who is left out ("all except …") is none either. Viet Nam is found in any
    spelling and anywhere in the text, for who must hear of it must not miss it."""
    return tuple(dict.fromkeys(code for text in texts for code in _named(text, language)))


def _named(text: str, language: Language) -> Iterator[str]:
    if whole := language.member_code(text):
        yield whole
        return
    kept = _LEFT_OUT.sub(" ", text)
    for piece in _BREAKS.split(kept):
        name = piece.strip(" .:-–\t\u00a0")
        if code := language.member_code(name) or language.member_code(_ARTICLE.sub("", name)):
            yield code
    if _VIET_NAM.search(fold(kept)):
        yield HOME
