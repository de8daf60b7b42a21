"""Make the package that Argos Translate and the product install from a checkpoint of the training.

    python -m starter.export --checkpoint RUN/tune --tokenizer DATA/sentencepiece.model \
        --out starter.argosmodel
"""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from ctranslate2.converters import utils
from ctranslate2.converters.converter import Converter
from ctranslate2.specs import common_spec, transformer_spec
from starter.network import Attention, FeedForward, Network, Shape
from starter.packing import metadata, package
from starter.release import LICENCE, starter
from torch import Tensor, nn


class Exporter(Converter):  # type: ignore[misc]
    """The trained weights in CTranslate2's form."""

    def __init__(self, model: Network, vocabulary: list[str]) -> None:
        self.model, self.vocabulary = model, vocabulary

    def _load(self) -> Any:
        model, shape = self.model, self.model.shape
        spec = transformer_spec.TransformerSpec.from_config(
            (shape.encoders, shape.decoders), shape.heads, pre_norm=True
        )
        spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = array(model.embedding.weight)
        spec.decoder.projection.weight = array(model.embedding.weight)
        spec.decoder.projection.bias = array(model.bias)
        _norm(spec.encoder.layer_norm, model.encoder_norm)
        _norm(spec.decoder.layer_norm, model.decoder_norm)
        for to, layer in zip(spec.encoder.layer, model.encoder, strict=True):
            _own_attention(to.self_attention, layer.attention)
            _feed_forward(to.ffn, layer.ffn)
        for to, layer in zip(spec.decoder.layer, model.decoder, strict=True):
            _own_attention(to.self_attention, layer.attention)
            _cross_attention(to.attention, layer.cross)
            _feed_forward(to.ffn, layer.ffn)
        spec.register_source_vocabulary(self.vocabulary)
        spec.register_target_vocabulary(self.vocabulary)
        return spec


def array(tensor: Tensor) -> Any:
    """A copy: the converter quantizes in place."""
    return tensor.detach().float().numpy().copy()


def _linear(spec: Any, layer: nn.Linear) -> None:
    spec.weight, spec.bias = array(layer.weight), array(layer.bias)


def _norm(spec: Any, layer: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = array(layer.weight), array(layer.bias)


def _fused(spec: Any, *layers: nn.Linear) -> None:
    parts = [common_spec.LinearSpec() for _ in layers]
    for part, layer in zip(parts, layers, strict=True):
        _linear(part, layer)
    utils.fuse_linear(spec, parts)


def _own_attention(spec: Any, layer: Attention) -> None:
    _norm(spec.layer_norm, layer.norm)
    _fused(spec.linear[0], layer.query, layer.key, layer.value)
    _linear(spec.linear[1], layer.out)


def _cross_attention(spec: Any, layer: Attention) -> None:
    _norm(spec.layer_norm, layer.norm)
    _linear(spec.linear[0], layer.query)
    _fused(spec.linear[1], layer.key, layer.value)
    _linear(spec.linear[2], layer.out)


def _feed_forward(spec: Any, layer: FeedForward) -> None:
    _norm(spec.layer_norm, layer.norm)
    _linear(spec.linear_0, layer.inner)
    _linear(spec.linear_1, layer.outer)


def vocabulary(pieces: sentencepiece.SentencePieceProcessor) -> list[str]:
    return [pieces.id_to_piece(index) for index in range(pieces.get_piece_size())]


def convert(model: Network, pieces: sentencepiece.SentencePieceProcessor, folder: Path) -> None:
    Exporter(model, vocabulary(pieces)).convert(str(folder), quantization="int8", force=True)


def load(checkpoint: Path) -> Network:
    """The network with the averaged weights of a checkpoint; of a folder's newest one."""
    if checkpoint.is_dir():
        checkpoint = max(checkpoint.glob("step-*.pt"))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = Network(Shape(**state["shape"]))
    model.load_state_dict(state["average"])
    return model.eval()


def trial(tokenizer: bytes, model: Path) -> bytes:
    """A package that says it is a starter and was not measured yet."""
    facts = metadata("en", "vi", LICENCE, starter=starter("not measured"))
    return package(facts, "English to Vietnamese, a trial.\n", tokenizer, model)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("checkpoint", "tokenizer", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(args.tokenizer))
    with tempfile.TemporaryDirectory() as folder:
        convert(load(args.checkpoint), pieces, Path(folder) / "model")
        body = trial(args.tokenizer.read_bytes(), Path(folder) / "model")
    args.out.write_bytes(body)
    sys.stdout.write(f"{args.out.name}: {len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}\n")


if __name__ == "__main__":
    main()
