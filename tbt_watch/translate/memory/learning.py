"""Learning: what people wrote for fields of notices goes into the memory, sentence by sentence and as a whole."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from tbt_watch.domain.memory import SOURCES, Unit
from tbt_watch.domain.text import collapse
from tbt_watch.store import Store
from tbt_watch.store.memory import HumanText
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.sentences.splitter import split


def learn(store: Store, checker: Checker, now: datetime) -> int:
    """Put into the memory what people wrote and it does not hold yet; how many units. A second time: none.

    A whole field stands under its notice and field (``store.memory.of``), its sentences by themselves: when the
    source changes later, the sentences that did not change come out as the person wrote them. A sentence of an earlier
    text of the field goes when the later one says it otherwise.
    """
    learned = 0
    with store.transaction():
        for text in store.memory.unlearned():
            store.memory.remove([unit.id for unit in _withdrawn(store, text) if unit.id is not None])
            learned += store.memory.put(units_of(text, checker), now)
    return learned


def units_of(text: HumanText, checker: Checker) -> Iterator[Unit]:
    """The units of one field: its sentences where they can be paired, and always the whole, which comes last. Of an
    original in Vietnamese, and any other that the memory gives no hits for, only the whole."""
    pairs = list(_pairs(text, checker)) if text.language in SOURCES else []
    if len(pairs) > 1 or (pairs and collapse(pairs[0][0]) != collapse(text.source)):
        for source, target in dict(pairs).items():
            yield Unit(
                language=text.language, source=source, target=target, origin="human", by=text.by, at=text.at
            )
    yield Unit(
        language=text.language,
        source=text.source,
        target=text.target,
        origin="human",
        by=text.by,
        at=text.at,
        notice=text.notice,
        field=text.field,
    )


def _withdrawn(store: Store, text: HumanText) -> Iterator[Unit]:
    """Sentences from earlier texts of the field that stand in its source still, and in the new text no more: the
    person found them wrong, or said them otherwise, and the new text need not come apart into sentences."""
    earlier = [collapse(unit.target) for unit in store.memory.texts_of(text.notice, text.field)]
    if not earlier:
        return
    sentences = dict.fromkeys(chain.from_iterable(_lines(text.source)))
    said = collapse(text.target)
    for unit in store.memory.sentences(text.language, sentences):
        target = collapse(unit.target)
        if target not in said and any(target in one for one in earlier):
            yield unit


def _pairs(text: HumanText, checker: Checker) -> list[tuple[str, str]]:
    """Sentences that belong together, none when any two of them fail a check: people put sentences in another order
    too, and as many sentences prove nothing."""
    found: list[tuple[str, str]] = []
    theirs, ours = _lines(text.source), _lines(text.target)
    if len(theirs) != len(ours):  # the person broke the lines anew
        theirs, ours = [list(chain(*theirs))], [list(chain(*ours))]
    for one, other in zip(theirs, ours, strict=True):
        if len(one) == len(other):
            found += zip(one, other, strict=True)
    failed = any(checker.check(source, target, text.language, text.members) for source, target in found)
    return [] if failed else found


def _lines(text: str) -> list[list[str]]:
    """The sentences of each line, without list markers."""
    found: list[list[str]] = [[]]
    for piece in split(text):
        if piece.kind == "sentence":
            found[-1].append(piece.text)
        elif piece.kind == "gap" and "\n" in piece.text and found[-1]:
            found.append([])
    return [line for line in found if line]
