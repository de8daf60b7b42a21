"""The third basis of tags: sectors predicted from a notice's own words, where codes and rules leave it without one.

A notice that has a sector from a code, from what it follows, or from more than one word, is left alone. The
confidence is calibrated: of a hundred predictions at 0.7, about seventy are right. The reason names the three words
that spoke most.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.errors import ModelError
from tbt_watch.tag.features import Fields, counted, notice_fields, wording
from tbt_watch.tag.model import NAME, Floats, Model, Sparse, read_model
from tbt_watch.tag.rules import IN_DOUBT

LEAST = Decimal("0.4")
"""From this confidence a prediction makes a tag where there is no other (docs/decisions/023)."""

BESIDE_DOUBT = Decimal("0.5")
"""From this one it stands beside a rule's tag in doubt."""

BESIDE_ONE_WORD = Decimal("0.8")
"""From this one it stands beside a tag that a single word of the vocabulary made."""

ONE_WORD = Decimal("0.7")
"""The confidence of such a tag, in the scale of ``rules``."""

OWN_MODEL = "predicted"
"""The folder, beside an office's database, of the model that it trained itself."""

BATCH = 2000
"""Notices that are predicted at once; what this takes in memory stays below 100 MB."""

_WORDS = 3
_MOST = Decimal("0.99")


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictor:
    """A model and the sectors that the vocabulary knows. Made once; predicting changes nothing in it."""

    model: Model
    sectors: frozenset[str]

    def complete(self, tagged: Sequence[tuple[Notice, Sequence[Tag]]]) -> list[tuple[Tag, ...]]:
        """The tags of each notice, with predicted sectors where it has none, or none that is sure."""
        done = [tuple(tags) for _, tags in tagged]
        limits = [least(notice, tags) for notice, tags in tagged]
        waiting = [(number, limit) for number, limit in enumerate(limits) if limit is not None]
        for start in range(0, len(waiting), BATCH):
            some = waiting[start : start + BATCH]
            predicted = self.predict([tagged[number][0] for number, _ in some])
            for (number, limit), tags in zip(some, predicted, strict=True):
                done[number] = _joined(done[number], tags, limit)
        return done

    def predict(self, notices: Sequence[Notice]) -> list[tuple[Tag, ...]]:
        """What the model says of each notice by itself, from LEAST on, the surest first."""
        fields = [notice_fields(notice) for notice in notices]
        rows = self.model.rows([counted(texts) for texts in fields])
        confidence = self.model.confidence(self.model.margins(rows))
        return [
            tuple(self._tags(rows, number, texts, confidence[number])) for number, texts in enumerate(fields)
        ]

    def _tags(self, rows: Sparse, row: int, texts: Fields, confidence: Floats) -> Iterator[Tag]:
        for sector in np.argsort(-confidence, kind="stable"):
            sure = Decimal(f"{confidence[sector]:.2f}")
            if sure < LEAST:
                return
            code = self.model.sectors[sector]
            words = _distinct(self.model.loudest(rows, row, int(sector)))
            if words and code in self.sectors:  # without a word that speaks for it there is nothing to go by
                yield _tag(code, words, texts, min(sure, _MOST))


class Opened(NamedTuple):
    """The predictor, if there is one, and what somebody should know about it."""

    predictor: Predictor | None
    notes: tuple[str, ...] = ()


NO_PREDICTOR = Opened(None)
"""By codes and rules alone."""


def open_predictor(
    sectors: Collection[str], office: Path | None = None, shipped: Traversable | None = None
) -> Opened:
    """The office's own model where it has one, else the shipped one.

    A model that is damaged is left aside with a note; then the shipped one predicts, or nothing does.
    """
    notes: list[str] = []
    folders = [office] if office and (office / NAME).exists() else []
    for folder in (*folders, shipped or files("tbt_watch.tag").joinpath("predicted")):
        try:
            model = read_model(folder)
        except ModelError as error:
            notes.append(str(error))
            continue
        return Opened(Predictor(model=model, sectors=frozenset(sectors)), tuple(notes))
    return Opened(None, tuple(notes[-1:]))


def least(notice: Notice, tags: Iterable[Tag]) -> Decimal | None:
    """From what confidence a prediction may stand beside these tags; None: not at all.

    A code, a person, what the notice follows and more than one word of the vocabulary outweigh it. The press writes
    of many things: it is left out. Law that names no product is mostly about the whole economy: there it must be sure.
    """
    sectors = [tag for tag in tags if tag.kind == "sector"]
    if notice.kind == "article" or any(
        tag.basis != "rule" or tag.reason.startswith("inherited:") or tag.confidence > ONE_WORD
        for tag in sectors
    ):
        return None
    if not sectors:
        return BESIDE_ONE_WORD if notice.kind == "regulation" else LEAST
    return BESIDE_DOUBT if max(tag.confidence for tag in sectors) <= IN_DOUBT else BESIDE_ONE_WORD


def _joined(tags: tuple[Tag, ...], predicted: Sequence[Tag], limit: Decimal) -> tuple[Tag, ...]:
    known = {tag.code for tag in tags if tag.kind == "sector"}
    return (*tags, *(tag for tag in predicted if tag.code not in known and tag.confidence >= limit))


def _tag(sector: str, words: Sequence[str], texts: Fields, confidence: Decimal) -> Tag:
    shown = wording(texts, words)
    return Tag(
        kind="sector",
        code=sector,
        basis="predicted",
        reason=f"like:{', '.join(shown.get(word, word) for word in words)}",
        confidence=confidence,
    )


def _distinct(features: Iterable[str]) -> list[str]:
    """The first features that share no word."""
    found: list[str] = []
    used: Counter[str] = Counter()
    for feature in features:
        words = feature.split()
        if not any(used[word] for word in words):
            used.update(words)
            found.append(feature)
            if len(found) == _WORDS:
                break
    return found
