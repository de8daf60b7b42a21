"""How a term stands in running text: its plural, and capitals that have lost their accents.

Only the regular ways, for they are what is safe: a form that the rules do not give is written into the term base as
a spelling of its own.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

_HEAD_ENDS = {
    "en": frozenset("of for to in on with from by at under between against without".split()),
    "fr": frozenset("de du des à au aux en pour par sur sous avec sans contre dans et ou".split()),
    "es": frozenset("de del para por en a al con sin sobre contra y e o u".split()),
}
"""Words behind which a term is no longer inflected: certificates of conformity, évaluations de la conformité."""

_SPANISH_ENDS = (
    ("ión", "iones"),
    ("ón", "ones"),
    ("án", "anes"),
    ("és", "eses"),
    ("ín", "ines"),
    ("z", "ces"),
)


def forms(spelling: str, language: str) -> tuple[str, ...]:
    """The spelling and its plurals in that language ("en", "fr", "es"), each once, the spelling first."""
    inflect = _INFLECT.get(language)
    if inflect is None or not spelling or not spelling[-1].isalpha():
        return (spelling,)
    return tuple(dict.fromkeys((spelling, *inflect(spelling))))


def bare_capitals(spelling: str) -> str:
    """The spelling without its accents, as capitals are often printed: REGLAMENTO TECNICO."""
    if spelling.isascii():
        return spelling
    parts = unicodedata.normalize("NFD", spelling)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _head(spelling: str, language: str) -> tuple[list[str], str]:
    """The words of a term up to its first preposition, and the rest as it stands."""
    words = spelling.split(" ")
    for number, word in enumerate(words):
        if number and (word.lower() in _HEAD_ENDS[language] or re.match(r"d['’]", word.lower())):
            return words[:number], " " + " ".join(words[number:])
    return words, ""


def _english(spelling: str) -> Iterator[str]:
    (*before, noun), rest = _head(spelling, "en")
    for plural in _english_plurals(noun):
        yield " ".join((*before, plural)) + rest


def _english_plurals(noun: str) -> Iterator[str]:
    low = noun.lower()
    if low.endswith("sis"):
        yield noun[:-2] + "es"  # analyses, hypotheses
        return
    if low.endswith(("s", "x", "z", "ch", "sh")):
        yield noun + "es"
        return
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        yield noun[:-1] + "ies"
        return
    if low.endswith("o"):
        yield noun + "es"
    yield noun + "s"


def _french(spelling: str) -> Iterator[str]:
    words, rest = _head(spelling, "fr")
    yield " ".join(map(_french_plural, words)) + rest


def _french_plural(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al") and len(word) > 3:
        return word[:-2] + "aux"
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


def _spanish(spelling: str) -> Iterator[str]:
    words, rest = _head(spelling, "es")
    yield " ".join(map(_spanish_plural, words)) + rest


def _spanish_plural(word: str) -> str:
    for end, plural in _SPANISH_ENDS:
        if word.endswith(end):
            return word[: -len(end)] + plural
    if word[-1] in "aeiouáéó":
        return word + "s"
    return word if word.endswith(("s", "x")) else word + "es"


_INFLECT: dict[str, Callable[[str], Iterator[str]]] = {"en": _english, "fr": _french, "es": _spanish}
