"""The starter model: a pre-norm transformer with a deep encoder, a shallow decoder and one embedding table.

Positions follow CTranslate2's own formula (sines, then cosines, counted from one), so that the exported model
carries no table and has no longest sentence.
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

BLANK, UNKNOWN, BEGIN, END = range(4)

AT_ONCE = 64
"""Rows of scores that the loss works on at once on a processor."""


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


def attend(q: Tensor, k: Tensor, v: Tensor, unseen: Tensor) -> Tensor:
    """Attention over short texts: training on a processor is a third quicker than with torch's own."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return torch.softmax(scores.masked_fill(unseen, -1e4), -1) @ v


class Dropout(nn.Module):
    """Dropout that cuts its masks from one drawn beforehand: drawing each anew took a tenth of the training."""

    def __init__(self, share: float, drawn: int = 1 << 24) -> None:
        super().__init__()
        mask = (torch.rand(drawn) >= share).to(torch.bfloat16) / (1 - share)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        mask = self.get_buffer("mask")
        start = int(torch.randint(len(mask) - x.numel(), ()))
        return x * mask[start : start + x.numel()].view(x.shape)


class Attention(nn.Module):
    """Multi-head attention over normed input; ``memory`` makes it attend to the encoder's output."""

    def __init__(self, depth: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(depth, eps=1e-5)
        self.query, self.key, self.value, self.out = (nn.Linear(depth, depth) for _ in range(4))

    def forward(self, x: Tensor, unseen: Tensor, memory: Tensor | None = None) -> Tensor:
        normed = self.norm(x)
        seen = normed if memory is None else memory
        q, k, v = self._split(self.query(normed)), self._split(self.key(seen)), self._split(self.value(seen))
        out: Tensor = self.out(attend(q, k, v, unseen).transpose(1, 2).flatten(2))
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
        self.dropout = Dropout(dropout)
        self.register_buffer("positions", positions(512, shape.depth), persistent=False)

    def embed(self, ids: Tensor) -> Tensor:
        table = self.get_buffer("positions")
        x: Tensor = self.dropout(self.embedding(ids) * math.sqrt(self.shape.depth) + table[: ids.shape[1]])
        return x

    def forward(self, source: Tensor, target: Tensor, wanted: Tensor) -> Tensor:
        """Scores for the positions of ``target`` where ``wanted`` is true, in one row each."""
        blank = (source == BLANK)[:, None, None, :]
        later = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool, device=target.device).triu(1)
        x = self.embed(source)
        for layer in self.encoder:
            x = self.added(x, layer.attention(x, blank))
            x = self.added(x, layer.ffn(x))
        memory = self.encoder_norm(x)
        y = self.embed(target)
        for layer in self.decoder:
            y = self.added(y, layer.attention(y, later))
            y = self.added(y, layer.cross(y, blank, memory))
            y = self.added(y, layer.ffn(y))
        return functional.linear(self.decoder_norm(y)[wanted], self.embedding.weight, self.bias)

    def added(self, x: Tensor, change: Tensor) -> Tensor:
        """``x`` with what a layer adds to it, made as wide as ``x`` first: adding two widths at once is slow."""
        dropped: Tensor = self.dropout(change)
        return x + dropped.to(x.dtype)


class SmoothLoss(torch.autograd.Function):
    """Cross entropy with label smoothing, mean over rows: some rows at a time, for scores 10,000 wide do not fit
    into a processor's cache, and torch's own walks them seven times."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, wanted: Tensor, smoothing: float) -> Tensor:
        slope, losses = torch.empty_like(scores), []
        size = AT_ONCE if scores.device.type == "cpu" else len(wanted)
        for at in range(0, len(wanted), size):
            aims = wanted[at : at + size]
            rows = torch.arange(len(aims), device=aims.device)
            work = scores[at : at + size].to(torch.float32, copy=True)
            work -= work.amax(1, keepdim=True)
            aim = (1 - smoothing) * work[rows, aims] + smoothing * work.mean(1)
            whole = work.exp_().sum(1)
            work.div_(whole[:, None]).sub_(smoothing / work.shape[1])
            work[rows, aims] -= 1 - smoothing
            slope[at : at + size] = work.div_(len(wanted))
            losses.append(whole.log() - aim)
        ctx.save_for_backward(slope)
        return torch.cat(losses).mean()

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor, None, None]:
        (slope,) = ctx.saved_tensors
        return slope.mul_(above[0]), None, None
