"""The model of sectors: what each word and pair of words says for each sector. Runs on NumPy alone.

TF-IDF over ``features``, one logistic regression a sector, and Platt's scaling, so that a confidence means how often
it is right. A file is a ``.npz`` without pickled objects; beside it stands its SHA-256.
"""

import hashlib
import io
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tbt_watch.errors import ModelError
from tbt_watch.whole import whole_file

Floats = NDArray[np.float32]
Sparse = tuple[NDArray[np.int32], Floats, NDArray[np.int64]]
"""Rows of features: columns, their values, and where each row begins; one beginning more than there are rows."""

NAME = "sectors.npz"

STRANGE = 0.4
"""How much a word that the model does not know takes from what the others say, against the rarest that it knows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """``weights``: one row a feature, one column a sector, in steps of ``scale``; ``platt``: slope and offset."""

    sectors: tuple[str, ...]
    features: tuple[str, ...]
    idf: Floats
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    platt: Floats

    @cached_property
    def column(self) -> Mapping[str, int]:
        """The row of ``weights`` by feature."""
        return {feature: number for number, feature in enumerate(self.features)}

    def rows(self, texts: Sequence[Counter[str]]) -> Sparse:
        """Counted features as rows of length one, or shorter: a word that the model does not know says nothing for any
        sector, but makes all others say less."""
        columns: list[int] = []
        counts: list[int] = []
        starts = [0]
        strange: list[float] = []
        known = self.column
        for text in texts:
            unknown = 0.0
            for feature, count in text.items():
                if (number := known.get(feature)) is not None:
                    columns.append(number)
                    counts.append(count)
                elif " " not in feature:
                    unknown += (1 + math.log(count)) ** 2
            starts.append(len(columns))
            strange.append(unknown)
        at = np.array(columns, dtype=np.int32)
        begins = np.array(starts, dtype=np.int64)
        values = ((1 + np.log(np.array(counts, dtype=np.float32))) * self.idf[at]).astype(np.float32)
        squares = np.concatenate(([0.0], np.cumsum(values.astype(np.float64) ** 2)))
        most = float(self.idf.max(initial=1.0)) ** 2 * STRANGE
        lengths = np.sqrt(
            np.maximum(squares[begins[1:]] - squares[begins[:-1]] + most * np.array(strange), 1e-12)
        )
        return at, (values / np.repeat(lengths, np.diff(begins))).astype(np.float32), begins

    def margins(self, rows: Sparse) -> Floats:
        """What speaks for each sector, one row a text, before scaling."""
        at, values, begins = rows
        said = values[:, None] * self.weights[at]
        sums = np.concatenate((np.zeros((1, len(self.sectors))), np.cumsum(said, axis=0, dtype=np.float64)))
        found = (sums[begins[1:]] - sums[begins[:-1]]) * self.scale + self.bias
        return found.astype(np.float32)

    def confidence(self, margins: Floats) -> Floats:
        """Probabilities from margins."""
        scaled: Floats = np.clip(margins * self.platt[0] + self.platt[1], -30, 30)
        found: Floats = (1 / (1 + np.exp(-scaled))).astype(np.float32)
        return found

    def loudest(self, rows: Sparse, row: int, sector: int) -> list[str]:
        """The features of one row that speak for a sector, the loudest first."""
        at, values, begins = rows
        here = slice(int(begins[row]), int(begins[row + 1]))
        said = values[here] * self.weights[at[here], sector]
        order = np.argsort(-said, kind="stable")
        return [self.features[at[here][place]] for place in order if said[place] > 0]

    def packed(self) -> bytes:
        """The file; the same model gives the same bytes."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            sectors=_letters(self.sectors),
            features=_letters(self.features),
            idf=self.idf.astype(np.float16),
            weights=self.weights,
            scale=self.scale,
            bias=self.bias,
            platt=self.platt,
        )
        return buffer.getvalue()


def unpack(data: bytes, origin: str) -> Model:
    """The model of a file's bytes. Raises ModelError when they are none."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            model = Model(
                sectors=_names(file["sectors"]),
                features=_names(file["features"]),
                idf=file["idf"].astype(np.float32),
                weights=file["weights"].astype(np.int8),
                scale=file["scale"].astype(np.float32),
                bias=file["bias"].astype(np.float32),
                platt=file["platt"].astype(np.float32),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"{origin} is no model of sectors ({error}): restore it, or make it again."
        ) from error
    count, width = len(model.features), len(model.sectors)
    shapes = (model.idf.shape, model.weights.shape, model.scale.shape, model.bias.shape, model.platt.shape)
    if shapes != ((count,), (count, width), (width,), (width,), (2, width)):
        raise ModelError(f"{origin} does not fit together: restore it, or make it again.")
    return model


def read_model(folder: Traversable) -> Model:
    """The model in a folder, proved against the checksum beside it.

    Raises ModelError when either is missing or damaged.
    """
    try:
        data = folder.joinpath(NAME).read_bytes()
        promised = folder.joinpath(f"{NAME}.sha256").read_text(encoding="ascii").split()[:1]
    except (OSError, ValueError) as error:
        raise ModelError(f"The model of sectors {NAME} cannot be read ({error}): restore it.") from error
    if promised != [hashlib.sha256(data).hexdigest()]:
        raise ModelError(
            f"The model of sectors {NAME} is not what its checksum promises: restore it, or make it again."
        )
    return unpack(data, NAME)


def write_model(model: Model, folder: Path) -> int:
    """Write the model and its checksum, each whole or not at all; how many bytes it has."""
    data = model.packed()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (NAME, data),
        (f"{NAME}.sha256", f"{hashlib.sha256(data).hexdigest()}  {NAME}\n".encode("ascii")),
    ):
        with whole_file(folder / name) as file:
            file.write(content)
    return len(data)


def quantised(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Weights in 127 steps each way, by column, and the size of a step."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def _letters(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8)


def _names(letters: NDArray[np.uint8]) -> tuple[str, ...]:
    text = letters.tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()
