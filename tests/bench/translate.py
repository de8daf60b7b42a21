"""Benchmark: sentences a second of our batches against argostranslate's own loop, on one model in one run.

Run with ``make bench``; ``TBT_BENCH_ROUNDS`` takes another number of rounds. The model is of the size of a real
package (6+6 layers, d 512, feed-forward 2048, 32,000 pieces, int8) but its weights are random: it is made here, in
seconds, without a download. Such a model never ends a sentence by itself, so for both sides the length is forced: a
subclass of CTranslate2's translator, in the place of the real one, hands on the same least and greatest length.
Everything else of argostranslate's loop is its own, but for the sentence splitter, which it would download. Each way
is a process of its own; importing, loading and one warming-up text are not counted. They take turns, so that a busy
machine is busy for all. It never fails for being slow.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROUNDS = int(os.environ.get("TBT_BENCH_ROUNDS", "3"))
SENTENCES = 40
LENGTH = 40
"""Tokens of every translation; the originals have 20 to 60."""

LAYERS, HEADS, DEPTH, WIDTH, PIECES = 6, 8, 512, 2048, 32_000
SYLLABLES = [a + b for a in "b c d f g h k l m n p r s t v z".split() for b in "a e i o u an en in".split()]

WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "argostranslate as installed": ("theirs", {}),
    "argostranslate, 1 thread": ("theirs", {"ARGOS_INTRA_THREADS": "1"}),
    "argostranslate, 2 threads": ("theirs", {"ARGOS_INTRA_THREADS": "2"}),
    "argostranslate, 2 at a time": ("theirs", {"ARGOS_INTER_THREADS": "2", "ARGOS_INTRA_THREADS": "1"}),
    "argostranslate, batches of 2,048 tokens": (
        "theirs",
        {"ARGOS_INTRA_THREADS": "1", "ARGOS_BATCH_SIZE": "2048"},
    ),
    "ours": ("ours", {}),
}
AS_INSTALLED, OURS = "argostranslate as installed", "ours"


# ── The model ───────────────────────────────────────────────────────────────────────────────────────────


def words(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(count)]


def tokenizer(folder: Path) -> list[str]:
    """A SentencePiece model of the size, learnt from invented words; its pieces."""
    import sentencepiece

    chance = random.Random(20)
    corpus, model = folder / "corpus.txt", folder / "sentencepiece.model"
    corpus.write_text("\n".join(" ".join(words(chance, 12)) for _ in range(20_000)), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(model.with_suffix("")), vocab_size=PIECES, model_type="unigram",
        character_coverage=1.0, normalization_rule_name="identity", pad_id=0, unk_id=1, bos_id=2, eos_id=3,
        pad_piece="<blank>", minloglevel=2, num_sub_iterations=1, num_threads=2,
    )  # fmt: skip
    corpus.unlink()
    model.with_suffix(".vocab").unlink()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return [pieces.id_to_piece(index) for index in range(pieces.get_piece_size())]


def weights(folder: Path, vocabulary: list[str]) -> None:
    """A transformer of the size in CTranslate2's form."""
    import numpy
    from ctranslate2.converters.converter import Converter
    from ctranslate2.specs import transformer_spec

    chance = numpy.random.default_rng(20)

    def linear(layer: Any, rows: int, columns: int = DEPTH) -> None:
        layer.weight = (chance.standard_normal((rows, columns)) * columns**-0.5).astype("float32")
        layer.bias = numpy.zeros(rows, "float32")

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = numpy.ones(DEPTH, "float32"), numpy.zeros(DEPTH, "float32")

    def attention(layer: Any, *rows: int) -> None:
        norm(layer.layer_norm)
        for part, count in zip(layer.linear, rows, strict=True):
            linear(part, count)

    class Made(Converter):  # type: ignore[misc]
        def _load(self) -> Any:
            spec = transformer_spec.TransformerSpec.from_config((LAYERS, LAYERS), HEADS, pre_norm=True)
            table = (chance.standard_normal((len(vocabulary), DEPTH)) * DEPTH**-0.5).astype("float32")
            spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = table
            spec.decoder.projection.weight, spec.decoder.projection.bias = (
                table,
                numpy.zeros(len(vocabulary), "float32"),
            )
            for layer in (*spec.encoder.layer, *spec.decoder.layer):
                attention(layer.self_attention, 3 * DEPTH, DEPTH)
                norm(layer.ffn.layer_norm)
                linear(layer.ffn.linear_0, WIDTH)
                linear(layer.ffn.linear_1, DEPTH, WIDTH)
            for layer in spec.decoder.layer:
                attention(layer.attention, DEPTH, 2 * DEPTH, DEPTH)
            norm(spec.encoder.layer_norm)
            norm(spec.decoder.layer_norm)
            spec.register_source_vocabulary(vocabulary)
            spec.register_target_vocabulary(vocabulary)
            return spec

    Made().convert(str(folder / "model"), quantization="int8")


def make_package(home: Path, source: str = "en", target: str = "vi") -> None:
    """An installed package of random weights in a models folder."""
    folder = home / "packages" / f"translate-{source}_{target}-0_0"
    folder.mkdir(parents=True)
    weights(folder, tokenizer(folder))
    facts = {"package_version": "0.0", "from_code": source, "to_code": target, "type": "translate"}
    (folder / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")


# ── The ways ────────────────────────────────────────────────────────────────────────────────────────────


def sentences() -> list[str]:
    """Texts of one sentence each: 20 to 60 tokens."""
    chance = random.Random(40)
    return [" ".join(words(chance, chance.randint(12, 36))).capitalize() + "." for _ in range(SENTENCES)]


def force_length() -> None:
    """Both sides make their translator by this name."""
    import ctranslate2

    class Forced(ctranslate2.Translator):  # type: ignore[misc]
        def translate_batch(self, *args: Any, **options: Any) -> Any:
            return super().translate_batch(
                *args, min_decoding_length=LENGTH, max_decoding_length=LENGTH, **options
            )

    ctranslate2.Translator = Forced


def ours(home: Path) -> Callable[[Sequence[str]], list[str]]:
    from tbt_watch.translate.engines.argos import ArgosEngine

    engine = ArgosEngine(home)
    return lambda texts: engine.translate(texts, "en", "vi")


def theirs(home: Path) -> Callable[[Sequence[str]], list[str]]:
    """argostranslate's own objects; imported without its heavy parts, and with a splitter that needs no download."""
    from tbt_watch.translate.engines import lean
    from tbt_watch.translate.sentences import splitter

    assert lean.argos_package(home) is not None, "argostranslate is not installed"
    with lean.installing_into(home, home / "packages"):
        from argostranslate import translate

        way: Any = translate.get_translation_from_codes("en", "vi")
        way.underlying.sentencizer.split_sentences = splitter.sentences
    return lambda texts: [way.translate(text) for text in texts]


def measure(who: str, home: Path) -> None:
    """In a process of its own: prints sentences a second, peak memory (MB) and what came out."""
    force_length()
    translate = {"ours": ours, "theirs": theirs}[who](home)
    texts = sentences()
    translate(["Ba bo bu."])
    began = time.perf_counter()
    made = translate(texts)
    seconds = time.perf_counter() - began
    assert len(made) == len(texts)
    assert all(made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"speed": len(texts) / seconds, "memory": peak, "texts": made}))


def run(way: str, home: Path) -> dict[str, Any]:
    who, settings = WAYS[way]
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("ARGOS_", "OMP_", "CT2_"))
    }
    done = subprocess.run(
        [sys.executable, __file__, who, str(home)],
        env=plain | settings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def report(found: dict[str, list[dict[str, Any]]]) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(
        f"{SENTENCES} sentences of 20 to 60 tokens into {LENGTH} tokens each, beam 4, a model of random weights"
        f" ({LAYERS}+{LAYERS} layers, d {DEPTH}, {PIECES:,} pieces, int8), {cores} cores, {ROUNDS} rounds:"
    )
    speeds = {way: sorted(one["speed"] for one in rounds) for way, rounds in found.items()}
    for way, ordered in speeds.items():
        peak = max(one["memory"] for one in found[way])
        print(
            f"  {way:<40} median {statistics.median(ordered):6.2f}  least {ordered[0]:6.2f}  best {ordered[-1]:6.2f}"
            f" sentences/s, peak {peak} MB"
        )
    for kind, middle in (("medians", statistics.median), ("best rounds", max)):
        speed = {way: middle(of_way) for way, of_way in speeds.items()}
        best = max((way for way in speed if way != OURS), key=speed.__getitem__)
        print(
            f"  ratios of the {kind}: ours / as installed {speed[OURS] / speed[AS_INSTALLED]:.1f} (goal: 5),"
            f" ours / its best setting ({best}) {speed[OURS] / speed[best]:.1f} (goal: 2)"
        )
    alike = sum(a == b for a, b in zip(found[OURS][0]["texts"], found[AS_INSTALLED][0]["texts"], strict=True))
    print(f"  the same text from both: {alike} of {SENTENCES}")


def main() -> None:
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name:
        # In a process of its own too: a child's peak memory begins with that of its parent.
        subprocess.run([sys.executable, __file__, "make", name], check=True, stdout=subprocess.DEVNULL)
        for _ in range(ROUNDS):
            for way, rounds in found.items():
                rounds.append(run(way, Path(name)))
    report(found)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            make_package(Path(folder))
        case [who, folder]:
            measure(who, Path(folder))
        case _:
            main()
