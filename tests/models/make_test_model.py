"""Make the tiny real translation packages that the tests use (needs torch; nothing else here ever does).

    python -m venv /somewhere/else && pip install torch ctranslate2 sentencepiece numpy
    PYTHONPATH=tests:. python -m models.make_test_model

Writes translate-en_vi-0_1.argosmodel and translate-fr_en-0_1.argosmodel beside this file, and SHA256. One
thread, fixed seeds and fixed zip times: the same machine makes the same bytes again; another processor may
round differently, which is why the packages are kept and the checksums beside them.
"""

import hashlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import ctranslate2
import sentencepiece
import torch
from models.pairs import Wording, draw
from starter.export import convert
from starter.network import BEGIN, BLANK, END, UNKNOWN, Network, Shape
from starter.packing import NAMES, metadata, package
from torch import Tensor, nn
from torch.nn import functional

HERE = Path(__file__).parent
LICENCE = "MIT, like the project it belongs to"


def tokenizer(sentences: list[str], size: int) -> sentencepiece.SentencePieceProcessor:
    """One SentencePiece model for both languages, written to ``sentencepiece.model`` in the working folder.
    Names are relative on purpose: the trainer writes them into the model."""
    Path("corpus.txt").write_text("\n".join(sentences) + "\n", encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input="corpus.txt", model_prefix="sentencepiece", vocab_size=size, hard_vocab_limit=False,
        model_type="unigram", character_coverage=1.0, normalization_rule_name="identity", num_threads=1,
        pad_id=BLANK, unk_id=UNKNOWN, bos_id=BEGIN, eos_id=END, pad_piece="<blank>", minloglevel=2,
    )  # fmt: skip
    return sentencepiece.SentencePieceProcessor(model_file="sentencepiece.model")


def batches(pairs: list[tuple[list[int], list[int]]], size: int, epochs: int) -> Iterator[tuple[Tensor, ...]]:
    for _ in range(epochs):
        order = torch.randperm(len(pairs)).tolist()
        for start in range(0, len(order), size):
            chosen = [pairs[index] for index in order[start : start + size]]
            yield (
                padded([source for source, _ in chosen]),
                padded([[BEGIN, *target] for _, target in chosen]),
                padded([[*target, END] for _, target in chosen]),
            )


def padded(rows: list[list[int]]) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [BLANK] * (width - len(row)) for row in rows])


def train(model: Network, pairs: list[tuple[list[int], list[int]]], size: int, epochs: int) -> None:
    steps = epochs * math.ceil(len(pairs) / size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(step / 100, 1) * (1 - step / steps)
    )
    model.train()
    for source, before, after in batches(pairs, size, epochs):
        wanted = after != BLANK
        loss = functional.cross_entropy(model(source, before, wanted), after[wanted], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def exact(
    pairs: list[Wording], source: str, target: str, pieces: sentencepiece.SentencePieceProcessor
) -> int:
    translator = ctranslate2.Translator("model", inter_threads=1, intra_threads=1)
    texts = [pieces.encode(getattr(pair, source), out_type=str) for pair in pairs]
    results = translator.translate_batch(texts, beam_size=4, length_penalty=0.2)
    found = [pieces.decode_pieces(result.hypotheses[0]) for result in results]
    return sum(text == getattr(pair, target) for text, pair in zip(found, pairs, strict=True))


def make(source: str, target: str, *, depth: int, epochs: int, pieces: int) -> bytes:
    torch.manual_seed(20)
    torch.use_deterministic_algorithms(True)
    began = time.monotonic()
    known, held_out = draw(1500, 150)
    texts = [getattr(pair, code) for pair in known for code in (source, target)]
    coder = tokenizer(texts, pieces)
    encoded = [(coder.encode(getattr(pair, source)), coder.encode(getattr(pair, target))) for pair in known]
    words = coder.get_piece_size()
    model = Network(Shape(words, depth, depth * 2, 4, 2, 2), dropout=0.05)
    train(model, encoded, 32, epochs)
    convert(model, coder, Path("model"))
    right = exact(known, source, target, coder), exact(held_out, source, target, coder)
    readme = (
        f"# {NAMES[source]} to {NAMES[target]}, for tests only\n\nKnows a few dozen words and twenty sentences."
        f" Trained on templates of the project's own.\nLicence: {LICENCE}.\n"
    )
    facts = metadata(source, target, LICENCE)
    body = package(facts, readme, Path("sentencepiece.model").read_bytes(), Path("model"))
    sys.stdout.write(
        f"{source} to {target}: {len(body)} bytes, {words} pieces, {time.monotonic() - began:.0f} s,"
        f" exact {right[0]}/{len(known)} known, {right[1]}/{len(held_out)} held out\n"
    )
    return body


def main() -> None:
    torch.set_num_threads(1)
    made = {}
    for source, target, sizes in (
        ("en", "vi", {"depth": 64, "epochs": 45, "pieces": 600}),
        ("fr", "en", {"depth": 48, "epochs": 35, "pieces": 450}),
    ):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            made[f"translate-{source}_{target}-0_1.argosmodel"] = make(source, target, **sizes)
            os.chdir(HERE)
    sums = []
    for name, body in made.items():
        (HERE / name).write_bytes(body)
        sums.append(f"{hashlib.sha256(body).hexdigest()}  {name}\n")
    (HERE / "SHA256").write_text("".join(sums), encoding="ascii")


if __name__ == "__main__":
    main()
