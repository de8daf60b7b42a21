"""The ways in which a sentence is put before the engine: the first is the best, each further one is another try."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tbt_watch.translate.figures.locks import ALL_KINDS, Locked, lock, restore
from tbt_watch.translate.sentences.passages import divide

CODES: frozenset[str] = frozenset({"address", "code", "term"})
"""What no model may touch, ever; numbers a good model copies by itself."""

_ENDLESS = re.compile(r"[^\W\d_]{60,}")
"""No word of any language that we translate: it stays as it is, for a model would spell it for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``kinds``: what is locked; ``beam``: None for the engine's own; ``names``, ``terms``: Members' names and
    terms are locked too, so that they come out as the tables say; ``missing``: terms and words that the best answer so
    far left out are locked, which is a way only with an engine that is not trusted; ``clauses``: the sentence in
    halves."""

    kinds: Collection[str] = ALL_KINDS
    beam: int | None = None
    names: bool = False
    terms: bool = False
    missing: bool = False
    clauses: bool = False


WAYS = (
    Way(),
    Way(missing=True),
    Way(beam=1),
    Way(names=True, terms=True),
    Way(kinds=CODES),
    Way(clauses=True),
)

Swaps = tuple[tuple[int, int, str], ...]
"""What is locked besides: where it begins and ends, and what stands for it in Vietnamese."""

_LETTER = re.compile(r"[^\W\d_]")
_SENTINEL = re.compile(r"\bXZ\d+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the engine is given for one sentence, and how its answers become the sentence again."""

    texts: tuple[str, ...]
    locks: tuple[Locked, ...]
    capitals: bool
    source: str

    def finished(self, answers: Sequence[str]) -> tuple[str, bool]:
        """The Vietnamese sentence, and whether every lock came back once; an answer where one did not stands as the
        engine gave it."""
        kept = True
        done: list[str] = []
        for answer, locked in zip(answers, self.locks, strict=True):
            written = answer.upper() if self.capitals else answer
            found = restore(written, locked.locks)
            kept = kept and found is not None
            done.append(written if found is None else found)
        return _dressed(self.source, " ".join(done)), kept


def prepared(
    sentence: str,
    language: str,
    way: Way,
    names: Mapping[str, str],
    swaps: Swaps,
) -> Draft | None:
    """The sentence made ready for the engine; None where this way would be no other than the first one."""
    clauses = _clauses(sentence) if way.clauses else [sentence]
    if way.clauses and len(clauses) < 2:
        return None
    capitals = _in_capitals(sentence)
    if capitals:
        swaps = tuple((start, end, text.upper()) for start, end, text in swaps)
    swaps = (*swaps, *_endless(sentence))
    locks = tuple(
        lock(one, language, kinds=way.kinds, names=names, swaps=_endless(one) if way.clauses else swaps)
        for one in clauses
    )
    same_engine = way != WAYS[0] and way.beam is None and not way.clauses
    if same_engine and locks == (lock(sentence, language, swaps=_endless(sentence)),):
        return None
    texts = tuple(_lower(one.text) if capitals else one.text for one in locks)
    return Draft(texts=texts, locks=locks, capitals=capitals, source=sentence)


def all_locked(sentence: str, language: str) -> bool:
    """Whether a sentence has no words beside what is locked: "0.5 mg/kg", "ISO 8124-1:2022"."""
    return _LETTER.search(_SENTINEL.sub("", lock(sentence, language, swaps=_endless(sentence)).text)) is None


def _endless(sentence: str) -> Swaps:
    return tuple((match.start(), match.end(), match.group()) for match in _ENDLESS.finditer(sentence))


def _clauses(sentence: str) -> list[str]:
    """The sentence cut once, near its middle and at the strongest mark there."""
    half = len(sentence) * 7 // 10
    return [part.text for part in divide(sentence, lambda one: len(one) <= max(half, 40)) if part.work]


def _in_capitals(sentence: str) -> bool:
    """A heading in capitals, which models leave as it is."""
    letters = _LETTER.findall(_SENTINEL.sub("", sentence))
    return len(letters) >= 8 and sum(letter.isupper() for letter in letters) * 10 >= len(letters) * 9


def _lower(text: str) -> str:
    """Sentence case; sentinels stay."""
    low = "".join(
        part if number % 2 else part.lower() for number, part in enumerate(re.split(r"(\bXZ\d+\b)", text))
    )
    return low[:1].upper() + low[1:]


def _dressed(source: str, target: str) -> str:
    """The capital at the start and the full stop at the end as the original has them."""
    if source[:1].isupper() and target[:1].islower():
        target = target[:1].upper() + target[1:]
    if target.endswith(".") and not target.endswith("...") and source[-1:].isalnum():
        target = target[:-1].rstrip()
    return target
