"""An office's own model: the shipped one, moved as far as the decisions of its staff ask for. NumPy alone.

What is learned is a difference to the shipped weights, held back by the same regularisation that held the shipped
ones (a prior around them): ten corrections move what they speak of, and nothing else is forgotten. It begins from the
shipped model every time, so that the same decisions give the same model.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.impact import Miss
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Ruling, Tag
from tbt_watch.tag.features import counted, notice_fields
from tbt_watch.tag.model import Floats, Model, Sparse, quantised
from tbt_watch.tag.predict import Predictor

HELD_BACK = 0.125
"""The inverse of ``training.STRENGTH``."""

NEW_FEATURES = 4000
"""So many words at most that the shipped model does not know, each in two corrected notices or more."""

_STEPS = 200


class Correction(NamedTuple):
    """A notice, the sectors that are right, and those that only a rule or a prediction gave, which say nothing."""

    notice: Notice
    right: frozenset[str]
    unsaid: frozenset[str]


class Shift(NamedTuple):
    """How many notices would gain and lose a sector."""

    sector: str
    gained: int
    lost: int


Doubts = Mapping[int, Collection[str]]
"""By notice: the sectors by which several subscribers got it who said that it is not their business."""


VOICES = 2
"""So many subscribers have to say that it is not about their product before a sector is doubted: one may err."""


def doubts(misses: Iterable[Miss]) -> dict[int, set[str]]:
    """The sectors by which notices went to subscribers who had no use for them; a wrong market says nothing of it."""
    voices = Counter(
        (one.notice_id, one.reason.removeprefix("sector:"))
        for one in misses
        if one.reason.startswith("sector:") and one.why != "market"
    )
    found: dict[int, set[str]] = {}
    for (notice_id, sector), number in voices.items():
        if number >= VOICES:
            found.setdefault(notice_id, set()).add(sector)
    return found


def corrections(
    dossiers: Iterable[Dossier], rulings: Mapping[int, Sequence[Ruling]], doubts: Doubts
) -> list[Correction]:
    """The notices on whose sectors a person had a word; what their Members stated counts as right besides, unless a
    person took it away. A sector that subscribers doubt counts as wrong where only a rule or a prediction gave it."""
    found: list[Correction] = []
    for dossier in dossiers:
        said = [one for one in rulings.get(dossier.id, ()) if one.kind == "sector"]
        doubted = frozenset(doubts.get(dossier.id, ()))
        if not said and not doubted:
            continue
        sectors = {tag.code: tag.basis for tag in dossier.tags if tag.kind == "sector"}
        right = frozenset(code for code, basis in sectors.items() if basis in ("staff", "stated"))
        found.append(Correction(dossier.notice, right, frozenset(sectors) - right - doubted))
    return found


def retrained(shipped: Model, learned: Sequence[Correction]) -> Model:
    """The shipped model with what the corrections add to it."""
    texts = [counted(notice_fields(one.notice)) for one in learned]
    model = _widened(shipped, texts)
    rows = model.rows(texts)
    right = np.array([[sector in one.right for sector in model.sectors] for one in learned], dtype=np.float32)
    heard = np.array(
        [[sector not in one.unsaid for sector in model.sectors] for one in learned], dtype=np.float32
    )
    difference = _difference(model, rows, right, heard)
    weights, scale = quantised(model.weights * model.scale + difference)
    return replace(model, weights=weights, scale=scale)


def _widened(shipped: Model, texts: Sequence[Counter[str]]) -> Model:
    """The shipped model with room for words that it does not know; they are as rare as its rarest."""
    seen = Counter(feature for text in texts for feature in text if feature not in shipped.column)
    new = sorted(feature for feature, times in sorted(seen.items(), key=_often)[:NEW_FEATURES] if times > 1)
    return replace(
        shipped,
        features=(*shipped.features, *new),
        idf=np.concatenate((shipped.idf, np.full(len(new), shipped.idf.max(), dtype=np.float32))),
        weights=np.concatenate((shipped.weights, np.zeros((len(new), len(shipped.sectors)), dtype=np.int8))),
    )


def _often(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _difference(model: Model, rows: Sparse, right: Floats, heard: Floats) -> Floats:
    """The difference of weights with the least loss on the corrections: accelerated gradient descent."""
    at, values, begins = rows
    owner = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    touched, place = np.unique(at, return_inverse=True)
    base = model.margins(rows)
    slope = model.platt[0]
    steepest = 0.25 * float((slope**2).max()) * _spread(place, values, owner, len(touched), len(right))
    step = 1 / (steepest + HELD_BACK)
    found = np.zeros((len(touched), len(model.sectors)), dtype=np.float32)
    ahead, pace = found, 1.0
    for _ in range(_STEPS):
        added = np.zeros(right.shape, dtype=np.float32)
        np.add.at(added, owner, values[:, None] * ahead[place])
        wrong = (model.confidence(base + added) - right) * heard * slope
        downhill = np.zeros(found.shape, dtype=np.float32)
        np.add.at(downhill, place, values[:, None] * wrong[owner])
        moved: Floats = np.asarray(ahead - step * (downhill + HELD_BACK * ahead), dtype=np.float32)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = np.asarray(moved + ((pace - 1) / faster) * (moved - found), dtype=np.float32)
        found, pace = moved, faster
    whole = np.zeros(model.weights.shape, dtype=np.float32)
    whole[touched] = found
    return whole


def _spread(
    place: NDArray[np.intp], values: Floats, owner: NDArray[np.intp], width: int, height: int
) -> float:
    """The square of the largest singular value of the rows, a little more than by power iteration."""
    probe = np.ones(width, dtype=np.float64)
    size = 1.0
    for _ in range(30):
        there = np.bincount(owner, weights=values * probe[place], minlength=height)
        back = np.bincount(place, weights=values * there[owner], minlength=width)
        size = float(np.linalg.norm(back)) or 1.0
        probe = back / size
    return 1.1 * size


def shifts(
    before: Predictor, after: Predictor, recent: Sequence[tuple[Notice, Sequence[Tag]]]
) -> tuple[Shift, ...]:
    """Which sectors the recent notices would gain and lose, in the order of the model; nothing is changed."""
    plain = [(notice, [tag for tag in tags if tag.basis != "predicted"]) for notice, tags in recent]
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for old, new in zip(before.complete(plain), after.complete(plain), strict=True):
        here, there = ({tag.code for tag in tags if tag.kind == "sector"} for tags in (old, new))
        gained.update(there - here)
        lost.update(here - there)
    return tuple(
        Shift(code, gained[code], lost[code]) for code in after.model.sectors if gained[code] or lost[code]
    )
