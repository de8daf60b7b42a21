"""Trains a model of sectors from examples. Needs the extra ``train`` (scikit-learn); the model it makes does not.

Every example counts for the sectors that a crosswalk or a person gives it, and against all others. Platt's scaling
is fitted on scores from cross-validation, in which whole groups (a tariff heading, a group of standards, a notice's
thread) are left out together, so that no wording is judged by a model that has seen its neighbour.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tbt_watch.tag.model import Floats, Model, Sparse, quantised

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOLDS = 4
STRENGTH = 8.0
"""Inverse of the regularisation, by cross-validation; between 4 and 16 little changes."""


class Example(NamedTuple):
    """A text's features with what it is about. ``group``: what must not be parted in cross-validation."""

    source: str
    group: str
    features: Counter[str]
    sectors: frozenset[str]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model, and for every example the confidence of a model that had not seen its group."""

    model: Model
    unseen: Floats
    wanted: NDArray[np.bool_]


def train(examples: Sequence[Example], sectors: Sequence[str], *, most_features: int) -> Trained:
    """Fit, calibrate, prune to ``most_features`` and quantise. The same examples give the same model."""
    blank = _blank(examples, sectors)
    rows = blank.rows([one.features for one in examples])
    wanted = np.array([[sector in one.sectors for sector in sectors] for one in examples], dtype=np.bool_)
    weights = np.array([one.weight for one in examples], dtype=np.float64)
    matrix = _matrix(rows, len(blank.features))
    folds = np.array([_fold(one.group) for one in examples])
    unseen = np.zeros(wanted.shape, dtype=np.float64)
    for fold in range(FOLDS):
        here = folds == fold
        coefficients, bias = _fit(matrix[~here], wanted[~here], weights[~here])
        unseen[here] = matrix[here] @ coefficients + bias
    platt = _platt(unseen, wanted, weights)
    model = _pruned(replace(blank, platt=platt), *_fit(matrix, wanted, weights), most_features)
    return Trained(model=model, unseen=model.confidence(unseen.astype(np.float32)), wanted=wanted)


def _fold(group: str) -> int:
    """By the letters alone, so that it is the same on every machine and every day."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(group)) % FOLDS


def _blank(examples: Sequence[Example], sectors: Sequence[str]) -> Model:
    """Every feature that occurs twice or is an example by itself, with its weight by rarity."""
    seen = Counter(feature for one in examples for feature in one.features)
    alone = {feature for one in examples if len(one.features) <= 3 for feature in one.features}
    kept = sorted(feature for feature, times in seen.items() if times > 1 or feature in alone)
    idf = np.log((1 + len(examples)) / (1 + np.array([seen[feature] for feature in kept]))) + 1
    width = len(sectors)
    return Model(
        sectors=tuple(sectors),
        features=tuple(kept),
        idf=idf.astype(np.float16).astype(np.float32),
        weights=np.zeros((len(kept), width), dtype=np.int8),
        scale=np.ones(width, dtype=np.float32),
        bias=np.zeros(width, dtype=np.float32),
        platt=np.array([[1.0] * width, [0.0] * width], dtype=np.float32),
    )


def _matrix(rows: Sparse, width: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    at, values, begins = rows
    return csr_matrix((values.astype(np.float64), at, begins), shape=(len(begins) - 1, width))


def _fit(
    matrix: "csr_matrix", wanted: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression

    coefficients = np.zeros((matrix.shape[1], wanted.shape[1]))
    bias = np.zeros(wanted.shape[1])
    for number in range(wanted.shape[1]):
        one = LogisticRegression(C=STRENGTH, solver="liblinear", tol=0.02, random_state=0)
        one.fit(matrix, wanted[:, number], sample_weight=weights)
        coefficients[:, number] = one.coef_[0]
        bias[number] = one.intercept_[0]
    return coefficients, bias


def _platt(margins: NDArray[np.float64], wanted: NDArray[np.bool_], weights: NDArray[np.float64]) -> Floats:
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((2, wanted.shape[1]), dtype=np.float32)
    for number in range(wanted.shape[1]):
        one = LogisticRegression(C=1e6, solver="lbfgs")
        one.fit(margins[:, [number]], wanted[:, number], sample_weight=weights)
        found[:, number] = one.coef_[0][0], one.intercept_[0]
    return found


def _pruned(blank: Model, coefficients: NDArray[np.float64], bias: NDArray[np.float64], most: int) -> Model:
    """The features that say most for any sector, in the order of their letters."""
    loudness = np.abs(coefficients).max(axis=1) * blank.idf
    kept = np.sort(np.argsort(-loudness, kind="stable")[:most])
    weights, scale = quantised(coefficients[kept].astype(np.float32))
    return replace(
        blank,
        features=tuple(blank.features[number] for number in kept),
        idf=blank.idf[kept],
        weights=weights,
        scale=scale,
        bias=bias.astype(np.float32),
    )
