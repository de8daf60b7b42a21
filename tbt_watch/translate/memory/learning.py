"""Learning: what people wrote for fields of notices goes into the memory, sentence by sentence and as a whole."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from tbt_watch.domain.memory import SOURCES, Unit
from tbt_watch.domain.text import collapse
from tbt_watch.store import Store
from tbt_watch.store.memory import HumanText
from tbt_watch.translate.checks.checker import check
from tbt_watch.translate.sentences.splitter import split

_ALIGNED = frozenset({"numbers", "units", "codes", "dates", "length", "members"})
"""Checks that a pair of sentences fails which do not belong together."""


def learn(store: Store, now: datetime) -> int:
    """Put into the memory what people wrote and it does not hold yet; how many units. A second time: none.

    A whole field stands under its notice and field (``store.memory.of``), its sentences by themselves: when the
    source changes later, the sentences that did not change come out as the person wrote them.
    """
    units: list[Unit] = []
    for text in store.memory.unlearned():
        if text.language in SOURCES:
            units += units_of(text)
    return store.memory.put(units, now)


def units_of(text: HumanText) -> Iterator[Unit]:
    """The units of one field: its sentences where they can be paired, and always the whole, which comes last."""
    pairs = list(_pairs(text))
    if len(pairs) > 1 or (pairs and collapse(pairs[0][0]) != collapse(text.source)):
        for source, target in dict(pairs).items():
            yield Unit(language=text.language, source=source, target=target, origin="human", by=text.by)
    yield Unit(
        language=text.language,
        source=text.source,
        target=text.target,
        origin="human",
        by=text.by,
        notice=text.notice,
        field=text.field,
    )


def _pairs(text: HumanText) -> Iterator[tuple[str, str]]:
    """Sentences that belong together, none when any two of them contradict each other."""
    found: list[tuple[str, str]] = []
    theirs, ours = _lines(text.source), _lines(text.target)
    if len(theirs) != len(ours):  # the person broke the lines anew
        theirs, ours = [list(chain(*theirs))], [list(chain(*ours))]
    for one, other in zip(theirs, ours, strict=True):
        if len(one) == len(other):
            found += zip(one, other, strict=True)
    failed = (check(source, target, text.language) for source, target in found)
    if not any(fault.name in _ALIGNED for faults in failed for fault in faults):
        yield from found


def _lines(text: str) -> list[list[str]]:
    """The sentences of each line, without list markers."""
    found: list[list[str]] = [[]]
    for piece in split(text):
        if piece.kind == "sentence":
            found[-1].append(piece.text)
        elif piece.kind == "gap" and "\n" in piece.text and found[-1]:
            found.append([])
    return [line for line in found if line]
