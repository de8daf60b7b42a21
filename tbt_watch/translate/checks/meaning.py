"""Whether a translation says what its original says, as far as words can tell.

A weak model writes fluent Vietnamese about something else, with every number and term in its place. So the words of
the original are looked up in ``translations/lexicon.tsv``: for each of some thousand English words the renderings that
people chose for it. A right translation has one for nine words in ten; one that was made up, for every other.
What the lexicon does not have says nothing, for or against.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tbt_watch.language import translations_dir
from tbt_watch.language.tables import rows, spellings
from tbt_watch.translate.terms.finder import folded

LANGUAGE = "en"
"""The one language that there is a lexicon of."""

FEWEST = 4
"""Words of an original that must be in the lexicon before a translation is judged by them."""

LEAST = 0.4
"""The share of them that must be rendered, whoever translated."""

FEWEST_SURE = 2
"""Words of an original that must be in the lexicon before a text of an engine that is not trusted is believed."""

UNRENDERED = 0.15
"""What each word that is not rendered takes from the trust in such a text. Of a hundred texts that were read, score and
words told the misleading from the right best with 0.15 to 0.3, and better than with the share of the words."""

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "all also and any are been being but can could did does each for from had has have her his its may more most must"
    " nor not only other others our out over per shall should some such than that the their them then there these they"
    " this those too under until upon very via was were what when where which while who whom whose will with within"
    " would you your about above after against before below between both during every here how into itself made"
    " namely off one two three same since so through thus whether".split()
)
"""Words that are rendered in too many ways, or not at all."""

_PURPOSE = re.compile(r"\bin order (?=to\b|that\b|for\b)", re.IGNORECASE)
"""No order that anybody gave."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of an original that the lexicon has: those rendered in the Vietnamese, and those that are not."""

    said: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def known(self) -> int:
        """How many words there were to judge by."""
        return len(self.said) + len(self.missing)

    @property
    def share(self) -> float:
        """Of the known words those rendered; 1 where none is known."""
        return len(self.said) / self.known if self.known else 1.0


class Lexicon:
    """What single English words are called in Vietnamese: for each base form the renderings, all in small letters."""

    def __init__(
        self, renderings: Mapping[str, Sequence[str]], sure: Mapping[str, str] | None = None
    ) -> None:
        """``sure``: for words that have one the rendering that can stand for it in any sentence."""
        self._sure = sure or {}
        self._renderings = {
            word: [" ".join(syllables(one)) for one in known] for word, known in renderings.items()
        }

    def __len__(self) -> int:
        return len(self._renderings)

    def words(self) -> tuple[str, ...]:
        """Every word that it has."""
        return tuple(self._renderings)

    def rendered(self, source: str, target: str) -> Rendered:
        """The words of an English original against a Vietnamese text. A word left in English is rendered."""
        text = f" {' '.join(syllables(target))} "
        said: list[str] = []
        missing: list[str] = []
        for word in dict.fromkeys(words(source)):
            known = self._renderings.get(word)
            if known is None:
                continue
            there = any(f" {one} " in text for one in (*known, word))
            (said if there else missing).append(word)
        return Rendered(tuple(said), tuple(missing))

    def lent(self, source: str, missing: Collection[str]) -> tuple[tuple[int, int, str], ...]:
        """Where in an English original those of the ``missing`` words stand that have a sure rendering, and that.
        A word with a capital inside a sentence is left out: it may be a name."""
        return tuple(
            (match.start(), match.end(), self._sure[word])
            for match in _WORD.finditer(_plain(source))
            if (match.start() == 0 or match.group().islower() or source.isupper())
            and (word := base(match.group().lower())) in missing
            and word in self._sure
        )


def trust(score: float, found: Rendered) -> float:
    """How far a text is believed whose engine is not trusted: ``score`` (``Choice.score``) less what every word that
    is missing takes from it; 0 at most. One less where too few words could be looked up."""
    unknown = 1.0 if found.known < FEWEST_SURE else 0.0
    return score - UNRENDERED * len(found.missing) - unknown


def words(source: str) -> Iterator[str]:
    """The words of an English text that carry meaning, in their base form, in small letters."""
    for word in _WORD.findall(_plain(source).lower()):
        if len(word) > 2 and word not in _SMALL:
            yield base(word)


def _plain(source: str) -> str:
    return _PURPOSE.sub(lambda match: " " * len(match.group()), source)


def base(word: str) -> str:
    """A plural's singular, by the regular ways; other words as they are."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def syllables(vietnamese: str) -> list[str]:
    """The syllables of a Vietnamese text in small letters, their tones in one place."""
    return _WORD.findall(folded(vietnamese))


def meaning_faults(lexicon: Lexicon, source: str, target: str, language: str) -> Iterator[str]:
    """Most of the words that can be looked up have none of their renderings in the Vietnamese."""
    if language != LANGUAGE:
        return
    found = lexicon.rendered(source, target)
    if found.known >= FEWEST and found.share < LEAST:
        shown = ", ".join(found.missing[:5])
        yield f"{len(found.missing)} of {found.known} words are not rendered: {shown}"


def load_lexicon(path: Path | None = None) -> Lexicon:
    """``translations/lexicon.tsv``, or the table at ``path``."""
    return _loaded(path or translations_dir() / "lexicon.tsv")


@cache
def _loaded(path: Path) -> Lexicon:
    table = list(rows(path, "en vi sure"))
    renderings = {row["en"]: spellings(row["vi"]) for row in table}
    return Lexicon(renderings, {row["en"]: row["sure"] for row in table if row["sure"]})
