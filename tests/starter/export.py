"""Make the package that Argos Translate and the product install from a checkpoint of the training.

    python -m starter.export --checkpoint RUN/tune/step-001500.pt --tokenizer DATA/sentencepiece.model \
        --out starter.argosmodel
"""

import argparse
import hashlib
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from ctranslate2.converters import utils
from ctranslate2.converters.converter import Converter
from ctranslate2.specs import common_spec, transformer_spec
from starter.network import Attention, FeedForward, Network, Shape
from torch import Tensor, nn

ROOT = "translate-en_vi-0_1"


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
    """The network with the averaged weights of a checkpoint."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = Network(Shape(**state["shape"]))
    model.load_state_dict(state["average"])
    return model.eval()


def package(folder: Path, tokenizer: Path, readme: str, licence: str) -> bytes:
    """The zip that Argos Translate installs: one folder, fixed times, so that it can be made again."""
    metadata = {
        "package_version": "0.1", "argos_version": "1.9", "type": "translate", "links": [], "licence": licence,
        "from_code": "en", "from_name": "English", "to_code": "vi", "to_name": "Vietnamese",
    }  # fmt: skip
    files = {
        "metadata.json": json.dumps(metadata, ensure_ascii=False, indent=2).encode(),
        "README.md": readme.encode(),
        "sentencepiece.model": tokenizer.read_bytes(),
        **{f"model/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(f"{ROOT}/{name}", (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("checkpoint", "tokenizer", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--readme", type=Path, help="text that goes into the package: data, licence, quality")
    args = parser.parse_args()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(args.tokenizer))
    readme = args.readme.read_text(encoding="utf-8") if args.readme else "English to Vietnamese, a trial.\n"
    with tempfile.TemporaryDirectory() as folder:
        convert(load(args.checkpoint), pieces, Path(folder) / "model")
        body = package(Path(folder) / "model", args.tokenizer, readme, "CC BY-SA 4.0")
    args.out.write_bytes(body)
    sys.stdout.write(f"{args.out.name}: {len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}\n")


if __name__ == "__main__":
    main()
