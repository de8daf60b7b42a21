"""Argos packages, decoded in batches across texts through CTranslate2.

argostranslate translates a text at a time; most of a decoder's work is the same for one sentence as for sixteen.
So the sentences of all texts are gathered, each distinct one once, sorted by length and decoded in batches, one
thread a batch and as many batches at a time as there are cores (``tests/bench/translate.py`` compares the two ways).
Beam, length penalty and the treatment of unknown words are argostranslate's own, but for the project's own starter,
which is measured with another length penalty; the tokens are joined by ourselves, because it makes every ``_`` a blank.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tbt_watch.domain.text import nfc
from tbt_watch.domain.translation import STARTER
from tbt_watch.errors import ModelError
from tbt_watch.translate.engines.contract import Choice, missing
from tbt_watch.translate.engines.packages import InstalledModel, installed
from tbt_watch.translate.sentences.passages import Part, clean, parts

PIVOT = "en"
LONGEST = 150
"""Tokens of a sentence that a model is asked at a time; CTranslate2 stops a translation at 256."""

TOKENS = 640
"""Tokens of a batch at most, so that long sentences take no more memory than short ones."""

MOST_THREADS = 8
"""Batches at a time, unless told otherwise: each takes some 100 MB with a model of the usual size, and four times that
where a model runs on without an end."""

_PENALTY = 0.2
"""How far the beam weighs a translation by its length: argostranslate's own."""

_MEAN = 1.0
"""So that it is weighed by the mean of its tokens. The starter is always, for else it leaves out words: 0.1 to 0.7 chrF
more on the four sets that were tried."""

CHOICES = 8
"""Translations of a sentence that are given to choose from."""

_FEWEST = 4
_CHUNK = 4096
_REFUSED = (RuntimeError, ValueError, OSError, MemoryError)


_Found = TypeVar("_Found")


class ArgosEngine:
    """Translates with the packages under ``home``; models are loaded when first used, and again when replaced."""

    name = "argos"

    def __init__(self, home: Path, *, threads: int | None = None, beam: int = 4, batch: int = 16) -> None:
        """``threads``: batches at a time, by default one a core and at most eight; ``batch``: sentences a batch."""
        self._home = home
        self._threads = threads or min(_cores(), MOST_THREADS)
        self._beam, self._batch = beam, batch
        self._loaded: dict[str, tuple[str, _Model]] = {}

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every installed pair, and those that go by way of English."""
        models = installed(self._home)
        direct = {(model.source, model.target) for model in models}
        legs = {(model.source, model.target) for model in models if not model.starter}
        pivots = {(a, d) for a, b in legs for c, d in legs if b == c == PIVOT and a != d}
        return tuple(sorted(direct | pivots))

    def describe(self, source: str, target: str) -> str | None:
        """``argos en-vi 1.9 86957101aa40``: pair, package version and the beginning of the weights' SHA-256; the
        project's own first model is ``argos starter en-vi …``."""
        chain = self._chain(source, target)
        if not chain:
            return None
        name = f"{self.name} {STARTER} " if chain[0].starter else f"{self.name} "
        return name + " + ".join(f"{m.pair} {m.version} {m.model_sha256[:12]}" for m in chain)

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[str]:
        """The texts in ``target``, NFC, with the line breaks, list markers and addresses of the originals.

        ``beam`` stands for that of this engine in every model on the way.

        Raises ModelError when no package can do the pair or a package cannot be loaded.
        """
        if source == target:
            return list(texts)
        chain = self._chain(source, target)
        if not chain:
            raise ModelError(missing(source, target))
        done = list(texts)
        for package in chain:
            done = translate_texts(done, self._model(package), beam)
        return done

    def floor(self, source: str, target: str) -> float | None:
        """That of a starter model."""
        chain = self._chain(source, target)
        return chain[0].starter.floor if chain and chain[0].starter else None

    def choices(
        self, texts: Sequence[str], source: str, target: str, *, beam: int | None = None
    ) -> list[list[Choice]]:
        """Of each text as many translations as the beam has hypotheses, CHOICES by default; of one in several parts
        only the likeliest. Raises ModelError as ``translate`` does, and for a pair that goes by way of English."""
        chain = self._chain(source, target)
        if len(chain) != 1:
            raise ModelError(missing(source, target))
        return text_choices(texts, self._model(chain[0]), beam)

    def _chain(self, source: str, target: str) -> tuple[InstalledModel, ...]:
        """A starter stands alone: behind another model nobody could tell whose mistake it is."""
        models = {(model.source, model.target): model for model in installed(self._home)}
        if (source, target) in models:
            return (models[source, target],)
        models = {pair: model for pair, model in models.items() if not model.starter}
        legs = models.get((source, PIVOT)), models.get((PIVOT, target))
        return (legs[0], legs[1]) if legs[0] and legs[1] else ()

    def _model(self, package: InstalledModel) -> "_Model":
        known = self._loaded.get(package.pair)
        if known is None or known[0] != package.model_sha256:
            model = load(package, threads=self._threads, beam=self._beam, batch=self._batch)
            self._loaded[package.pair] = package.model_sha256, model
            return model
        return known[1]


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Model:
    """One package, ready to decode."""

    def __init__(
        self, translator: Any, pieces: Any, prefix: str, beam: int, batch: int, penalty: float = _PENALTY
    ) -> None:
        self._translator, self._pieces, self._prefix = translator, pieces, prefix
        self._beam, self._batch, self._penalty = beam, batch, penalty

    def fits(self, sentence: str) -> bool:
        """Whether the model can take the sentence whole."""
        return len(sentence.encode()) <= LONGEST or len(self._pieces.encode(sentence)) <= LONGEST

    def decode(self, sentences: Sequence[str], beam: int | None = None) -> list[str]:
        """A translation for each sentence. Raises ModelError when CTranslate2 gives up."""
        found = self._results(sentences, beam or self._beam, self._penalty)
        return [self.join(one.hypotheses[0]) for one in found]

    def choices(self, sentences: Sequence[str], beam: int | None = None) -> list[list[Choice]]:
        """As many translations for each sentence as ``beam``. Raises ModelError when CTranslate2 gives up."""
        many = beam or CHOICES
        return [
            [Choice(self.join(text), score) for text, score in zip(one.hypotheses, one.scores, strict=True)]
            for one in self._results(sentences, many, _MEAN, num_hypotheses=many, return_scores=True)
        ]

    def _results(self, sentences: Sequence[str], beam: int, penalty: float, **further: object) -> list[Any]:
        tokens = self._pieces.encode(list(sentences), out_type=str)
        # Few sentences in as many batches as keep every thread busy until the end.
        share = -(-len(tokens) // (2 * self._translator.num_translators))
        most = min(self._batch, max(share, _FEWEST))
        waiting: dict[int, Any] = {}
        try:
            for batch in batches([len(one) for one in tokens], most):
                futures = self._translator.translate_batch(
                    [tokens[index] for index in batch],
                    target_prefix=[[self._prefix]] * len(batch) if self._prefix else None,
                    beam_size=beam,
                    length_penalty=penalty,
                    replace_unknowns=True,
                    asynchronous=True,  # waits by itself while as many batches are under way as there may be
                    **further,
                )
                waiting |= zip(batch, futures, strict=True)
            return [waiting[index].result() for index in range(len(tokens))]
        except _REFUSED as error:
            raise ModelError(
                f"The translation model gave up ({error}): tbt-watch models list says whether it is whole."
            ) from error

    def join(self, tokens: list[str]) -> str:
        """Pieces to text. Packages made from OPUS-MT have pieces that their own tokenizer does not know; those
        come back as they are, with the mark of a blank."""
        text = self._pieces.decode_pieces(tokens).replace("\u2581", " ")
        return nfc(text.removeprefix(self._prefix).strip())


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Indexes of sentences that are decoded together, the longest first: like with like, ``most`` sentences and
    TOKENS tokens, blanks that fill up the shorter ones included."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batch and (len(batch) == most or (len(batch) + 1) * lengths[batch[0]] > TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def translate_texts(texts: Sequence[str], model: _Model, beam: int | None = None) -> list[str]:
    """All texts through one model: each distinct sentence is decoded once."""
    plans, known = _decoded(texts, model, partial(model.decode, beam=beam))
    return ["".join(_written(plan, known)) for plan in plans]


def text_choices(texts: Sequence[str], model: _Model, beam: int | None = None) -> list[list[Choice]]:
    """Several translations of each text through one model."""
    plans, known = _decoded(texts, model, partial(model.choices, beam=beam))
    return [_chosen(plan, known) for plan in plans]


def _chosen(plan: Sequence[Part], known: dict[str, list[Choice]]) -> list[Choice]:
    if len(plan) == 1 and plan[0].work:
        return known[plan[0].text]
    first = {part.text: known[part.text][0] for part in plan if part.work}
    text = "".join(_written(plan, {part: one.text for part, one in first.items()}))
    return [Choice(text, min((one.score for one in first.values()), default=0.0))]


def _decoded(
    texts: Sequence[str], model: _Model, decode: Callable[[Sequence[str]], list[_Found]]
) -> tuple[list[list[Part]], dict[str, _Found]]:
    """The texts in their parts, and what came of each distinct sentence among these."""
    plans = [list(parts(clean(text), model.fits)) for text in texts]
    work = list(dict.fromkeys(part.text for plan in plans for part in plan if part.work))
    found: dict[str, _Found] = {}
    for start in range(0, len(work), _CHUNK):
        chunk = work[start : start + _CHUNK]
        found.update(zip(chunk, decode(chunk), strict=True))
    return plans, found


def _written(plan: Iterable[Part], known: dict[str, str]) -> Iterable[str]:
    for part in plan:
        yield known[part.text] if part.work else part.text


def load(package: InstalledModel, *, threads: int = 1, beam: int = 4, batch: int = 16) -> _Model:
    """Load a package's weights and tokenizer. Raises ModelError when CTranslate2 or SentencePiece refuse them."""
    import ctranslate2
    import sentencepiece

    try:
        translator = ctranslate2.Translator(
            str(package.path / "model"),
            device="cpu",
            inter_threads=threads,
            intra_threads=1,
            compute_type="auto",
        )
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(package.path / "sentencepiece.model"))
    except _REFUSED as error:
        raise ModelError(
            f"The translation model in {package.path} cannot be loaded: remove it with"
            f" tbt-watch models remove {package.pair} and install it again."
        ) from error
    penalty = _MEAN if package.starter else _PENALTY
    return _Model(translator, pieces, package.target_prefix, beam, batch, penalty)
