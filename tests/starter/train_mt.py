"""Train the starter model, a few minutes or hours at a time, on a processor or on a GPU.

    nice -n 19 python -m starter.train_mt --data DATA --run RUN --phase stable
    nice -n 19 python -m starter.train_mt --data DATA --run RUN --phase decay --steps 4000
    nice -n 19 python -m starter.train_mt --data DATA --run RUN --phase tune --steps 1500

``stable`` runs at a slowly falling rate until it is stopped; ``decay`` takes its newest checkpoint and lets the rate
fall to nothing; ``tune`` does the same again with little but the sentences of the genre. The same command goes on
where it stopped, also on another machine: RUN/<phase> keeps the last three checkpoints (weights, their running
average, optimizer, random state, place in the epoch), written every five minutes and on SIGTERM.

On a GPU, where mixing an epoch takes longer than learning it: ``--device cuda --workers 12 --tokens 24000``, a larger
network (``--depth 384 --width 1536 --heads 6 --encoders 7 --decoders 2`` is 21 M weights, 21 MB as a package),
``--minutes 9`` to stop in time, and ``--half FILE`` for the averaged weights alone, at two bytes each, which
export.py takes like a checkpoint.
"""

import argparse
import itertools
import math
import random
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from starter.mix import LICENCES, STABLE, TUNE, Mixer
from starter.network import BEGIN, BLANK, END, Network, Shape, SmoothLoss
from starter.pairlocks import locked
from starter.prepare import Pair
from torch import Tensor

LONGEST = 128
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


@dataclass(frozen=True)
class Recipe:
    """What the batches of an epoch are made from; small, so that another process can be handed it."""

    data: Path
    tables: Path
    phase: str
    tokens: int
    without: tuple[str, ...] = ()
    """Licences whose sources are left out."""

    def batches(self, epoch: int) -> list[list[Encoded]]:
        """The batches of an epoch, alike in length, in an order that the epoch's number decides. The sentences are
        read anew each time: more are added while the model learns."""
        out = frozenset[str]().union(*(LICENCES[name] for name in self.without))
        pairs = [pair for pair in read(self.data / "train.tsv") if pair.source not in out]
        mixer = Mixer(pairs, self.tables, TUNE if self.phase == "tune" else STABLE)
        pieces = tokenizer(self.data)
        chance = random.Random(f"batches {epoch}")
        sentencepiece.set_random_generator_seed(epoch + 1)
        sampled = SAMPLING[self.phase]
        encoded: list[Encoded] = []
        for en, vi in mixer.epoch(epoch):
            drawn = (
                {"enable_sampling": True, "alpha": 0.2, "nbest_size": -1} if chance.random() < sampled else {}
            )
            source, target = pieces.encode(en, **drawn), pieces.encode(vi, **drawn)
            if 0 < len(source) <= LONGEST and 0 < len(target) <= LONGEST:
                encoded.append((source, target))
        made: list[list[Encoded]] = []
        for start in range(0, len(encoded), 6000):
            part = sorted(encoded[start : start + 6000], key=lambda pair: (len(pair[1]), len(pair[0])))
            made += _packed(part, self.tokens)
        chance.shuffle(made)
        return made


def tokenizer(data: Path) -> Any:
    return sentencepiece.SentencePieceProcessor(model_file=str(data / "sentencepiece.model"))


def _packed(pairs: list[Encoded], tokens: int) -> Iterator[list[Encoded]]:
    batch: list[Encoded] = []
    widest = 0
    for pair in pairs:
        wide = max(widest, len(pair[1]) + 1, len(pair[0]))
        if batch and wide * (len(batch) + 1) > tokens:
            yield batch
            batch, wide = [], max(len(pair[1]) + 1, len(pair[0]))
        batch.append(pair)
        widest = wide
    if batch:
        yield batch


def epochs(recipe: Recipe, first: int, workers: int) -> Iterator[list[list[Encoded]]]:
    """The epochs from ``first`` on; with ``workers`` the next ones are made while one is learned."""
    if not workers:
        for epoch in itertools.count(first):
            yield recipe.batches(epoch)
    pool = ProcessPoolExecutor(workers)
    try:
        ahead = deque(pool.submit(recipe.batches, first + number) for number in range(workers))
        for epoch in itertools.count(first + workers):
            made = ahead.popleft().result()
            ahead.append(pool.submit(recipe.batches, epoch))
            yield made
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def padded(rows: list[list[int]]) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [BLANK] * (width - len(row)) for row in rows])


def loss_of(model: Network, batch: list[Encoded], smoothing: float) -> tuple[Tensor, int]:
    device = model.bias.device
    source = padded([pair[0] for pair in batch]).to(device)
    before = padded([[BEGIN, *pair[1]] for pair in batch]).to(device)
    after = padded([[*pair[1], END] for pair in batch]).to(device)
    wanted = after != BLANK
    with torch.autocast(device.type, torch.bfloat16):
        scores = model(source, before, wanted)
    tokens = sum(len(pair[1]) + 1 for pair in batch)
    loss: Tensor = SmoothLoss.apply(scores, after[wanted], smoothing)
    return loss, tokens


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
        state = torch.load(path, map_location=self.model.bias.device, weights_only=True)
        self.model.load_state_dict(
            state["model"] if same_phase or self.phase == "decay" else state["average"]
        )
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"].cpu())
        place = Place(**state["place"])
        self.place = place if same_phase else Place(base=place.base or place.step, epoch=place.epoch + 1)

    def averaged(self) -> None:
        """A running average of the weights: what is measured and shipped."""
        now = self.model.state_dict()
        keep = min(AVERAGE, (1 + self.place.step) / (10 + self.place.step))
        torch._foreach_lerp_(list(self.average.values()), [now[name] for name in self.average], 1 - keep)


def newest(folder: Path) -> Path | None:
    return max(folder.glob("step-*.pt"), default=None)


def begun(args: argparse.Namespace, words: int) -> Run:
    folder = args.run / args.phase
    folder.mkdir(parents=True, exist_ok=True)
    start = newest(folder) or args.start
    before = BEFORE[args.phase]
    if start is None and before:
        start = newest(args.run / before) or newest(args.run / "stable")
        if start is None:
            sys.exit(f"There is no checkpoint of the {before} phase in {args.run}; run that first.")
    shape = Shape(words, args.depth, args.width, args.heads, args.encoders, args.decoders)
    if start:
        shape = Shape(**torch.load(start, map_location="cpu", weights_only=True)["shape"])
    model = Network(shape).to(args.device)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=PEAK, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    run = Run(args.phase, folder, model, optimizer, Place())
    run.average = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    if start:
        run.restore(start, same_phase=start.parent == folder)
    return run


def checked(run: Run, dev: dict[str, list[Pair]], pieces: Any) -> str:
    """Loss and chrF (greedy, int8) on held-out pairs, through the very export that is shipped."""
    import ctranslate2
    import sacrebleu
    from starter.export import convert

    model = Network(run.model.shape)
    model.load_state_dict({name: tensor.cpu() for name, tensor in run.average.items()})
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
    sets = {
        "seed": [p for p in held if p.source == "seed"][:120],
        "tariff": [p for p in held if p.source == "tariff"][:80],
        "notes": [p for p in tests if p.source == "notes_test"][:80],
        "general": general[:: max(1, len(general) // 80)][:80],
    }
    return {name: pairs for name, pairs in sets.items() if pairs}


def say(text: str) -> None:
    sys.stdout.write(time.strftime("%H:%M:%S ", time.gmtime()) + text + "\n")
    sys.stdout.flush()


def train(run: Run, args: argparse.Namespace) -> None:
    dev, pieces = dev_sets(args.data), tokenizer(args.data)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    began = saved = checked_at = time.monotonic()
    place = run.place
    recipe = Recipe(args.data, args.tables, run.phase, args.tokens, tuple(args.without))
    while not stop and place.step < last(run, args):
        for work in epochs(recipe, place.epoch, args.workers):
            say(f"{run.phase} epoch {place.epoch}: {len(work)} batches")
            for batch in _steps(run, work, args, stop):
                step(run, batch, args.steps)
                now = time.monotonic()
                if now - saved > EVERY_SECONDS:
                    run.save()
                    saved = now
                if now - checked_at > CHECK_SECONDS and not args.unchecked:
                    say(f"step {place.step}, {place.tokens / 1e6:.2f} M tokens: {checked(run, dev, pieces)}")
                    checked_at = now
                if now - began > args.minutes * 60:
                    stop.append(0)
            if stop or place.step >= last(run, args):
                break
    run.save()
    if args.half:
        half = {name: tensor.half().cpu() for name, tensor in run.average.items()}
        torch.save({"shape": run.model.shape._asdict(), "average": half}, args.half)
    found = "stopped" if stop or args.unchecked else checked(run, dev, pieces)
    say(f"{run.phase} stands at step {place.step}, {place.tokens / 1e6:.2f} M tokens: {found}")


def last(run: Run, args: argparse.Namespace) -> float:
    """The step at which the phase is over."""
    return float(args.until if run.phase == "stable" else args.steps)


def _steps(
    run: Run, work: list[list[Encoded]], args: argparse.Namespace, stop: list[int]
) -> Iterator[list[Encoded]]:
    """The rest of an epoch's batches; then the place is the next epoch's beginning."""
    while run.place.batch < len(work) and not stop and run.place.step < last(run, args):
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
    lately["loss"] += loss.detach() * tokens
    lately["tokens"] += tokens
    lately["seconds"] += time.monotonic() - began
    if place.step % 50 == 0:
        say(
            f"{run.phase} step {place.step} epoch {place.epoch} {place.tokens / 1e6:.2f} M tokens,"
            f" loss {float(lately['loss']) / lately['tokens']:.3f}, rate {rate_of(run.phase, place, steps):.1e},"
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
    parser.add_argument("--until", type=float, default=math.inf, help="last step of the stable phase")
    parser.add_argument("--start", type=Path, help="checkpoint that a decay or tune phase starts from")
    parser.add_argument(
        "--tables", type=Path, required=True, help="the project's translations: Members, terms"
    )
    parser.add_argument(
        "--without", nargs="*", default=[], choices=list(LICENCES), help="licences to leave out"
    )
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that make epochs ahead")
    parser.add_argument(
        "--tokens", type=int, default=2600, help="of a batch, on its longer side, blanks included"
    )
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--unchecked", action="store_true", help="do not measure: needs no ctranslate2")
    parser.add_argument(
        "--half", type=Path, help="where to write the averaged weights alone, at two bytes each"
    )
    for name in ("depth", "width", "heads", "encoders", "decoders"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Shape(0), name), help="of a new network")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(20)
    run = begun(args, tokenizer(args.data).get_piece_size())
    weights = sum(p.numel() for p in run.model.parameters()) / 1e6
    say(f"{args.phase} from step {run.place.step}, {weights:.1f} M weights, on {args.device}")
    train(run, args)


if __name__ == "__main__":
    main()
