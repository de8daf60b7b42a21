"""Make the tiny real translation packages that the tests use (needs torch; nothing else here ever does).

    python -m venv /somewhere/else && pip install torch ctranslate2 sentencepiece numpy
    python tests/models/make_test_model.py

Writes translate-en_vi-0_1.argosmodel and translate-fr_en-0_1.argosmodel beside this file, and SHA256. One
thread, fixed seeds and fixed zip times: the same machine makes the same bytes again; another processor may
round differently, which is why the packages are kept and the checksums beside them.
"""

import hashlib
import io
import json
import math
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece
import torch
from ctranslate2.converters import utils
from ctranslate2.converters.converter import Converter
from ctranslate2.specs import common_spec, transformer_spec
from pairs import Wording, draw
from torch import Tensor, nn
from torch.nn import functional

HERE = Path(__file__).parent
BLANK, UNKNOWN, BEGIN, END = range(4)
LICENCE = "MIT, like the project it belongs to"


def positions(length: int, depth: int) -> Tensor:
    """CTranslate2's own table: sines then cosines, counted from one. A model that is trained with it needs
    no table of its own in the file, and has no longest sentence."""
    rate = math.log(10000.0) / (depth // 2 - 1)
    scale = torch.exp(-rate * torch.arange(depth // 2).float())
    angles = torch.arange(1, length + 1).float().unsqueeze(1) * scale
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    def __init__(self, depth: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(depth, eps=1e-5)
        self.query, self.key, self.value, self.out = (nn.Linear(depth, depth) for _ in range(4))

    def forward(self, x: Tensor, memory: Tensor | None = None, mask: Tensor | None = None,
                causal: bool = False) -> Tensor:  # fmt: skip
        normed = self.norm(x)
        seen = normed if memory is None else memory
        q, k, v = self._split(self.query(normed)), self._split(self.key(seen)), self._split(self.value(seen))
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        return x + self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    def __init__(self, depth: int, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(depth, eps=1e-5)
        self.inner, self.outer = nn.Linear(depth, width), nn.Linear(width, depth)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.outer(functional.relu(self.inner(self.norm(x))))


class EncoderLayer(nn.Module):
    def __init__(self, depth: int, heads: int, width: int) -> None:
        super().__init__()
        self.attention, self.ffn = Attention(depth, heads), FeedForward(depth, width)


class DecoderLayer(nn.Module):
    def __init__(self, depth: int, heads: int, width: int) -> None:
        super().__init__()
        self.attention, self.cross = Attention(depth, heads), Attention(depth, heads)
        self.ffn = FeedForward(depth, width)


class Transformer(nn.Module):
    """Pre-norm encoder and decoder with one embedding for source, target and output."""

    def __init__(self, words: int, depth: int, heads: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.depth, self.heads, self.layers = depth, heads, layers
        self.embedding = nn.Embedding(words, depth)
        nn.init.normal_(self.embedding.weight, 0, depth**-0.5)
        self.bias = nn.Parameter(torch.zeros(words))
        self.encoder = nn.ModuleList(EncoderLayer(depth, heads, width) for _ in range(layers))
        self.decoder = nn.ModuleList(DecoderLayer(depth, heads, width) for _ in range(layers))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(depth, eps=1e-5), nn.LayerNorm(depth, eps=1e-5)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("positions", positions(256, depth), persistent=False)

    def embed(self, ids: Tensor) -> Tensor:
        return self.dropout(self.embedding(ids) * math.sqrt(self.depth) + self.positions[: ids.shape[1]])

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = (source != BLANK)[:, None, None, :]
        x = self.embed(source)
        for layer in self.encoder:
            x = layer.ffn(self.dropout(layer.attention(x, mask=mask)))
        memory = self.encoder_norm(x)
        y = self.embed(target)
        for layer in self.decoder:
            y = layer.cross(self.dropout(layer.attention(y, causal=True)), memory, mask)
            y = layer.ffn(y)
        return functional.linear(self.decoder_norm(y), self.embedding.weight, self.bias)


class Exporter(Converter):
    """The trained weights in CTranslate2's form, without a training toolkit in between."""

    def __init__(self, model: Transformer, vocabulary: list[str]) -> None:
        self.model, self.vocabulary = model, vocabulary

    def _load(self) -> transformer_spec.TransformerSpec:
        model = self.model
        spec = transformer_spec.TransformerSpec.from_config(
            (model.layers, model.layers), model.heads, pre_norm=True
        )
        spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = array(model.embedding.weight)
        spec.decoder.projection.weight = array(model.embedding.weight)
        spec.decoder.projection.bias = array(model.bias)
        norm(spec.encoder.layer_norm, model.encoder_norm)
        norm(spec.decoder.layer_norm, model.decoder_norm)
        for to, layer in zip(spec.encoder.layer, model.encoder, strict=True):
            own_attention(to.self_attention, layer.attention)
            feed_forward(to.ffn, layer.ffn)
        for to, layer in zip(spec.decoder.layer, model.decoder, strict=True):
            own_attention(to.self_attention, layer.attention)
            cross_attention(to.attention, layer.cross)
            feed_forward(to.ffn, layer.ffn)
        spec.register_source_vocabulary(self.vocabulary)
        spec.register_target_vocabulary(self.vocabulary)
        return spec


def array(tensor: Tensor) -> Any:
    return tensor.detach().numpy()


def linear(spec: Any, layer: nn.Linear) -> None:
    spec.weight, spec.bias = array(layer.weight), array(layer.bias)


def norm(spec: Any, layer: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = array(layer.weight), array(layer.bias)


def fused(spec: Any, *layers: nn.Linear) -> None:
    parts = [common_spec.LinearSpec() for _ in layers]
    for part, layer in zip(parts, layers, strict=True):
        linear(part, layer)
    utils.fuse_linear(spec, parts)


def own_attention(spec: Any, layer: Attention) -> None:
    norm(spec.layer_norm, layer.norm)
    fused(spec.linear[0], layer.query, layer.key, layer.value)
    linear(spec.linear[1], layer.out)


def cross_attention(spec: Any, layer: Attention) -> None:
    norm(spec.layer_norm, layer.norm)
    linear(spec.linear[0], layer.query)
    fused(spec.linear[1], layer.key, layer.value)
    linear(spec.linear[2], layer.out)


def feed_forward(spec: Any, layer: FeedForward) -> None:
    norm(spec.layer_norm, layer.norm)
    linear(spec.linear_0, layer.inner)
    linear(spec.linear_1, layer.outer)


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


def train(model: Transformer, pairs: list[tuple[list[int], list[int]]], size: int, epochs: int) -> None:
    steps = epochs * math.ceil(len(pairs) / size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(step / 100, 1) * (1 - step / steps)
    )
    model.train()
    for source, before, after in batches(pairs, size, epochs):
        scores = model(source, before)
        loss = functional.cross_entropy(
            scores.flatten(0, 1), after.flatten(), ignore_index=BLANK, label_smoothing=0.05
        )
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


def package(root: str, metadata: dict[str, object], readme: str) -> bytes:
    """The zip that Argos Translate installs: one folder, fixed times, so that it can be made again."""
    files = {
        "metadata.json": json.dumps(metadata, ensure_ascii=False, indent=2).encode(),
        "README.md": readme.encode(),
        "sentencepiece.model": Path("sentencepiece.model").read_bytes(),
        **{f"model/{path.name}": path.read_bytes() for path in sorted(Path("model").iterdir())},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def make(source: str, target: str, names: tuple[str, str], *, depth: int, epochs: int, pieces: int) -> bytes:
    torch.manual_seed(20)
    torch.use_deterministic_algorithms(True)
    began = time.monotonic()
    known, held_out = draw(1500, 150)
    texts = [getattr(pair, code) for pair in known for code in (source, target)]
    coder = tokenizer(texts, pieces)
    encoded = [(coder.encode(getattr(pair, source)), coder.encode(getattr(pair, target))) for pair in known]
    words = [coder.id_to_piece(index) for index in range(coder.get_piece_size())]
    model = Transformer(len(words), depth, 4, depth * 2, 2, dropout=0.05)
    train(model, encoded, 32, epochs)
    Exporter(model, words).convert("model", quantization="int8", force=True)
    right = exact(known, source, target, coder), exact(held_out, source, target, coder)
    root = f"translate-{source}_{target}-0_1"
    metadata: dict[str, object] = {
        "package_version": "0.1", "argos_version": "1.9", "type": "translate", "links": [], "licence": LICENCE,
        "from_code": source, "from_name": names[0], "to_code": target, "to_name": names[1],
    }  # fmt: skip
    readme = (
        f"# {names[0]} to {names[1]}, for tests only\n\nKnows a few dozen words and twenty sentences."
        f" Trained on templates of the project's own.\nLicence: {LICENCE}.\n"
    )
    body = package(root, metadata, readme)
    sys.stdout.write(
        f"{root}: {len(body)} bytes, {len(words)} pieces, {time.monotonic() - began:.0f} s,"
        f" exact {right[0]}/{len(known)} known, {right[1]}/{len(held_out)} held out\n"
    )
    return body


def main() -> None:
    torch.set_num_threads(1)
    made = {}
    for source, target, names, sizes in (
        ("en", "vi", ("English", "Vietnamese"), {"depth": 64, "epochs": 45, "pieces": 600}),
        ("fr", "en", ("French", "English"), {"depth": 48, "epochs": 35, "pieces": 450}),
    ):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            made[f"translate-{source}_{target}-0_1.argosmodel"] = make(source, target, names, **sizes)
            os.chdir(HERE)
    sums = []
    for name, body in made.items():
        (HERE / name).write_bytes(body)
        sums.append(f"{hashlib.sha256(body).hexdigest()}  {name}\n")
    (HERE / "SHA256").write_text("".join(sums), encoding="ascii")


if __name__ == "__main__":
    main()
