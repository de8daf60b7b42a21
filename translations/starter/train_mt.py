"""Train the starter model on a processor, a few minutes or hours at a time.

    nice -n 19 python train_mt.py --data DATA --run RUN --phase stable
    nice -n 19 python train_mt.py --data DATA --run RUN --phase decay --steps 4000
    nice -n 19 python train_mt.py --data DATA --run RUN --phase tune --steps 1500

``stable`` runs at a slowly falling rate until it is stopped; ``decay`` takes its newest checkpoint and lets the rate
fall to nothing; ``tune`` does the same again with little but the sentences of the genre. The same command goes on
where it stopped, also on another machine: RUN/<phase> keeps the last three checkpoints (weights, their running
average, optimizer, random state, place in the epoch), written every five minutes and on SIGTERM.
"""

import argparse
import math
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from mix import STABLE, TUNE, Mixer
from network import BEGIN, BLANK, END, Network, Shape
from pairlocks import locked
from prepare import Pair
from torch import Tensor
from torch.nn import functional

LONGEST = 128
TOKENS = 2600
PEAK = 1e-3
WARM = 500
HOLD = 5000
AVERAGE = 0.9985
EVERY_SECONDS = 300
CHECK_SECONDS = 2400
BEFORE = {"stable": None, "decay": "stable", "tune": "decay"}
SAMPLING = {"stable": 0.3, "decay": 0.0, "tune": 0.0}
"""Share of texts that the tokenizer cuts in a drawn way and not in the likeliest."""

Encoded = tuple[list[int], list[int]]


@dataclass
class Place:
    """Where a phase stands."""

    step: int = 0
    tokens: int = 0
    epoch: int = 0
    batch: int = 0
    base: int = 0
    """Steps of the stable phase under this phase: decides the rate that it falls from."""


def rate(step: int) -> float:
    """Warm up, hold, then fall with the root of the steps."""
    return PEAK * min(step / WARM, 1.0) * math.sqrt(HOLD / max(step, HOLD))


def rate_of(phase: str, place: Place, steps: int) -> float:
    if phase == "stable":
        return rate(place.step + 1)
    left = max(0.0, 1 - place.step / steps)
    return (rate(place.base) if phase == "decay" else 2e-4 * min(1.0, (place.step + 1) / 50)) * left


def read(path: Path) -> list[Pair]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [Pair(*line.split("\t")) for line in lines]


def batches(epoch: int, mixer: Mixer, pieces: Any, sampled: float) -> list[list[Encoded]]:
    """The batches of an epoch, alike in length, in an order that the epoch's number decides."""
    chance = random.Random(f"batches {epoch}")
    sentencepiece.set_random_generator_seed(epoch + 1)
    encoded: list[Encoded] = []
    for en, vi in mixer.epoch(epoch):
        drawn = {"enable_sampling": True, "alpha": 0.2, "nbest_size": -1} if chance.random() < sampled else {}
        source, target = pieces.encode(en, **drawn), pieces.encode(vi, **drawn)
        if 0 < len(source) <= LONGEST and 0 < len(target) <= LONGEST:
            encoded.append((source, target))
    made: list[list[Encoded]] = []
    for start in range(0, len(encoded), 6000):
        made += _packed(sorted(encoded[start : start + 6000], key=lambda pair: (len(pair[1]), len(pair[0]))))
    chance.shuffle(made)
    return made


def _packed(pairs: list[Encoded]) -> Iterator[list[Encoded]]:
    batch: list[Encoded] = []
    widest = 0
    for pair in pairs:
        wide = max(widest, len(pair[1]) + 1, len(pair[0]))
        if batch and wide * (len(batch) + 1) > TOKENS:
            yield batch
            batch, wide = [], max(len(pair[1]) + 1, len(pair[0]))
        batch.append(pair)
        widest = wide
    if batch:
        yield batch


def padded(rows: list[list[int]]) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [BLANK] * (width - len(row)) for row in rows])


def loss_of(model: Network, batch: list[Encoded], smoothing: float) -> tuple[Tensor, int]:
    source = padded([pair[0] for pair in batch])
    before = padded([[BEGIN, *pair[1]] for pair in batch])
    after = padded([[*pair[1], END] for pair in batch])
    wanted = after != BLANK
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(source, before, wanted)
    return functional.cross_entropy(scores.float(), after[wanted], label_smoothing=smoothing), int(
        wanted.sum()
    )


@dataclass
class Run:
    """One phase in progress."""

    phase: str
    folder: Path
    model: Network
    optimizer: torch.optim.Optimizer
    place: Place
    average: dict[str, Tensor] = field(default_factory=dict)
    lately: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("loss", "tokens", "seconds"), 0.0)
    )
    """Sums since the last line of the log."""

    def save(self) -> None:
        state = {
            "phase": self.phase, "shape": self.model.shape._asdict(), "place": vars(self.place),
            "model": self.model.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }  # fmt: skip
        path = self.folder / f"step-{self.place.step:06}.pt"
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)
        for old in sorted(self.folder.glob("step-*.pt"))[:-3]:
            old.unlink()

    def restore(self, path: Path, *, same_phase: bool) -> None:
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.model.load_state_dict(
            state["model"] if same_phase or self.phase == "decay" else state["average"]
        )
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        place = Place(**state["place"])
        self.place = place if same_phase else Place(base=place.base or place.step, epoch=place.epoch + 1)

    def averaged(self) -> None:
        """A running average of the weights: what is measured and shipped."""
        now = self.model.state_dict()
        if not self.average:
            self.average = {name: tensor.clone() for name, tensor in now.items()}
        keep = min(AVERAGE, (1 + self.place.step) / (10 + self.place.step))
        torch._foreach_lerp_(list(self.average.values()), [now[name] for name in self.average], 1 - keep)


def newest(folder: Path) -> Path | None:
    return max(folder.glob("step-*.pt"), default=None)


def begun(args: argparse.Namespace, words: int) -> Run:
    folder = args.run / args.phase
    folder.mkdir(parents=True, exist_ok=True)
    model = Network(Shape(words))
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=PEAK, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    run = Run(args.phase, folder, model, optimizer, Place())
    before = BEFORE[args.phase]
    if own := newest(folder):
        run.restore(own, same_phase=True)
    elif before:
        start = args.start or newest(args.run / before) or newest(args.run / "stable")
        if start is None:
            sys.exit(f"There is no checkpoint of the {before} phase in {args.run}; run that first.")
        run.restore(start, same_phase=False)
    return run


def checked(run: Run, dev: dict[str, list[Pair]], pieces: Any) -> str:
    """Loss and chrF (greedy, int8) on held-out pairs, through the very export that is shipped."""
    import ctranslate2
    import sacrebleu
    from export import convert

    model = Network(run.model.shape)
    model.load_state_dict(run.average)
    model.eval()
    found = []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        convert(model, pieces, Path(folder) / "m")
        translator = ctranslate2.Translator(str(Path(folder) / "m"), inter_threads=1, intra_threads=1)
        for name, pairs in dev.items():
            both = [locked(pair.en, pair.vi) for pair in pairs]
            coded = [(pieces.encode(en)[:LONGEST], pieces.encode(vi)[:LONGEST]) for en, vi in both]
            losses = [loss_of(model, coded[at : at + 20], 0.0) for at in range(0, len(coded), 20)]
            mean = sum(float(loss) * n for loss, n in losses) / sum(n for _, n in losses)
            results = translator.translate_batch(
                [pieces.encode(en, out_type=str)[:LONGEST] for en, _ in both], beam_size=1, max_batch_size=16
            )
            out = [pieces.decode_pieces(result.hypotheses[0]) for result in results]
            chrf = sacrebleu.corpus_chrf(out, [[vi for _, vi in both]]).score
            found.append(f"{name} {mean:.3f}/{chrf:.1f}")
    return "loss/chrF " + ", ".join(found)


def dev_sets(data: Path) -> dict[str, list[Pair]]:
    held, tests = read(data / "dev.tsv"), read(data / "test.tsv")
    general = [p for p in held if p.source in ("odoo17", "ms_d365_project", "d2l_vn") and len(p.en) > 40]
    return {
        "seed": [p for p in held if p.source == "seed"][:120],
        "tariff": [p for p in held if p.source == "tariff"][:80],
        "notes": [p for p in tests if p.source == "notes_test"][:80],
        "general": general[:: max(1, len(general) // 80)][:80],
    }


def say(text: str) -> None:
    sys.stdout.write(time.strftime("%H:%M:%S ", time.gmtime()) + text + "\n")
    sys.stdout.flush()


def train(run: Run, args: argparse.Namespace, pieces: Any) -> None:
    dev = dev_sets(args.data)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    saved = checked_at = time.monotonic()
    place = run.place
    while not stop and (run.phase == "stable" or place.step < args.steps):
        began = time.monotonic()
        pairs = read(args.data / "train.tsv")  # anew each epoch: sentences are added while the model learns
        mixer = Mixer(pairs, args.tables, TUNE if run.phase == "tune" else STABLE)
        work = batches(place.epoch, mixer, pieces, SAMPLING[run.phase])
        say(
            f"{run.phase} epoch {place.epoch}: {len(work)} batches, mixed in {time.monotonic() - began:.0f} s"
        )
        for batch in _steps(run, work, args, stop):
            step(run, batch, args.steps)
            if time.monotonic() - saved > EVERY_SECONDS:
                run.save()
                saved = time.monotonic()
            if time.monotonic() - checked_at > CHECK_SECONDS:
                say(f"step {place.step}, {place.tokens / 1e6:.2f} M tokens: {checked(run, dev, pieces)}")
                checked_at = time.monotonic()
    run.save()
    found = "stopped" if stop else checked(run, dev, pieces)
    say(f"{run.phase} stands at step {place.step}, {place.tokens / 1e6:.2f} M tokens: {found}")


def _steps(
    run: Run, work: list[list[Encoded]], args: argparse.Namespace, stop: list[int]
) -> Iterator[list[Encoded]]:
    """The rest of an epoch's batches; then the place is the next epoch's beginning."""
    while run.place.batch < len(work) and not stop and (run.phase == "stable" or run.place.step < args.steps):
        yield work[run.place.batch]
    if run.place.batch >= len(work):
        run.place.epoch, run.place.batch = run.place.epoch + 1, 0


def step(run: Run, batch: list[Encoded], steps: int) -> None:
    place = run.place
    began = time.monotonic()
    run.model.train()
    for group in run.optimizer.param_groups:
        group["lr"] = rate_of(run.phase, place, steps)
    loss, tokens = loss_of(run.model, batch, 0.1)
    run.optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    run.optimizer.step()
    place.step, place.tokens, place.batch = place.step + 1, place.tokens + tokens, place.batch + 1
    if place.step % 4 == 0:
        run.averaged()
    lately = run.lately
    lately["loss"] += float(loss.detach()) * tokens
    lately["tokens"] += tokens
    lately["seconds"] += time.monotonic() - began
    if place.step % 50 == 0:
        say(
            f"{run.phase} step {place.step} epoch {place.epoch} {place.tokens / 1e6:.2f} M tokens,"
            f" loss {lately['loss'] / lately['tokens']:.3f}, rate {rate_of(run.phase, place, steps):.1e},"
            f" {lately['tokens'] / lately['seconds']:.0f} tokens/s"
        )
        run.lately = dict.fromkeys(lately, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--phase", choices=list(BEFORE), default="stable")
    parser.add_argument("--steps", type=int, default=4000, help="length of a decay or tune phase")
    parser.add_argument("--start", type=Path, help="checkpoint that a decay or tune phase starts from")
    parser.add_argument(
        "--tables", type=Path, required=True, help="the project's translations: Members, terms"
    )
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(20)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(args.data / "sentencepiece.model"))
    run = begun(args, pieces.get_piece_size())
    say(
        f"{args.phase} from step {run.place.step}, {sum(p.numel() for p in run.model.parameters()) / 1e6:.1f} M weights"
    )
    train(run, args, pieces)


if __name__ == "__main__":
    main()
