"""The starter model: a pre-norm transformer with a deep encoder, a shallow decoder and one embedding table.

Positions follow CTranslate2's own formula (sines, then cosines, counted from one), so that the exported model
carries no table and has no longest sentence.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

BLANK, UNKNOWN, BEGIN, END = range(4)


class Shape(NamedTuple):
    """Sizes of the network; ``words`` is the size of the vocabulary."""

    words: int
    depth: int = 320
    width: int = 1280
    heads: int = 5
    encoders: int = 6
    decoders: int = 2


def positions(length: int, depth: int) -> Tensor:
    rate = math.log(10000.0) / (depth // 2 - 1)
    scale = torch.exp(-rate * torch.arange(depth // 2).float())
    angles = torch.arange(1, length + 1).float().unsqueeze(1) * scale
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention over normed input; ``memory`` makes it attend to the encoder's output."""

    def __init__(self, depth: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(depth, eps=1e-5)
        self.query, self.key, self.value, self.out = (nn.Linear(depth, depth) for _ in range(4))

    def forward(
        self, x: Tensor, memory: Tensor | None = None, mask: Tensor | None = None, causal: bool = False
    ) -> Tensor:
        normed = self.norm(x)
        seen = normed if memory is None else memory
        q, k, v = self._split(self.query(normed)), self._split(self.key(seen)), self._split(self.value(seen))
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        out: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return out

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    def __init__(self, depth: int, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(depth, eps=1e-5)
        self.inner, self.outer = nn.Linear(depth, width), nn.Linear(width, depth)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.outer(functional.relu(self.inner(self.norm(x))))
        return out


class EncoderLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape.depth, shape.heads)
        self.ffn = FeedForward(shape.depth, shape.width)


class DecoderLayer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape.depth, shape.heads)
        self.cross = Attention(shape.depth, shape.heads)
        self.ffn = FeedForward(shape.depth, shape.width)


class Network(nn.Module):
    """Ids of a source and of the target so far to scores of the next piece."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.words, shape.depth)
        nn.init.normal_(self.embedding.weight, 0, shape.depth**-0.5)
        self.bias = nn.Parameter(torch.zeros(shape.words))
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoders))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoders))
        self.encoder_norm = nn.LayerNorm(shape.depth, eps=1e-5)
        self.decoder_norm = nn.LayerNorm(shape.depth, eps=1e-5)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("positions", positions(512, shape.depth), persistent=False)

    def embed(self, ids: Tensor) -> Tensor:
        table = self.get_buffer("positions")
        x: Tensor = self.dropout(self.embedding(ids) * math.sqrt(self.shape.depth) + table[: ids.shape[1]])
        return x

    def forward(self, source: Tensor, target: Tensor, wanted: Tensor) -> Tensor:
        """Scores for the positions of ``target`` where ``wanted`` is true, in one row each."""
        mask = (source != BLANK)[:, None, None, :]
        x, drop = self.embed(source), self.dropout
        for layer in self.encoder:
            x = x + drop(layer.attention(x, mask=mask))
            x = x + drop(layer.ffn(x))
        memory = self.encoder_norm(x)
        y = self.embed(target)
        for layer in self.decoder:
            y = y + drop(layer.attention(y, causal=True))
            y = y + drop(layer.cross(y, memory, mask))
            y = y + drop(layer.ffn(y))
        return functional.linear(self.decoder_norm(y)[wanted], self.embedding.weight, self.bias)
