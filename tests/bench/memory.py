"""Benchmark: how long the translation memory takes to build and to look something up in, with 50,000 units.

Run with ``make bench``; ``TBT_BENCH_UNITS`` takes another number. The units are the project's own first memory with
words exchanged at random, so that they are of real length. The goals: built in under two seconds, an exact hit in
microseconds, near hits in under 50 milliseconds. It never fails for being slow.
"""

import os
import random
from collections.abc import Callable
from statistics import median
from time import perf_counter

from tbt_watch.domain.memory import Unit
from tbt_watch.language import load_language
from tbt_watch.translate.memory.base import Memory, shipped_units

UNITS = int(os.environ.get("TBT_BENCH_UNITS", "50000"))
ASKED = 60


def _units(shipped: list[Unit], dice: random.Random) -> list[Unit]:
    words = [word for one in shipped for word in one.source.split()]
    made = []
    for number in range(UNITS - len(shipped)):
        base = dice.choice(shipped)
        source = base.source.split()
        for _ in range(dice.randint(2, 8)):
            source[dice.randrange(len(source))] = dice.choice(words)
        made.append(
            Unit(language="en", source=f"{' '.join(source)} {number}", target=base.target, origin="import")
        )
    return [*shipped, *made]


def _timed(name: str, ask: Callable[[str], object], sentences: list[str]) -> None:
    ask(sentences[0])  # what is made at the first question is not part of the others
    times, hits = [], 0
    for sentence in sentences:
        start = perf_counter()
        hits += bool(ask(sentence))
        times.append((perf_counter() - start) * 1000)
    print(
        f"{name:<9} median {median(times):9.3f} ms   worst {max(times):9.3f} ms   hits {hits} of {len(times)}"
    )


def main() -> None:
    dice = random.Random(7)
    shipped = shipped_units()
    units = _units(shipped, dice)
    language = load_language()
    start = perf_counter()
    memory = Memory(units, language)
    memory.exact(shipped[0].source, "en")
    print(f"built     {len(memory):,} units in {perf_counter() - start:.2f} s")
    sentences = [one.source for one in dice.sample(shipped, ASKED)]
    changed = [sentence.replace("2025", "2031").replace("5", "7") for sentence in sentences]
    _timed("exact", lambda text: memory.exact(text, "en"), sentences)
    _timed("adapted", lambda text: memory.adapted(text, "en"), changed)
    _timed("near", lambda text: memory.near(text, "en"), [f"{text} and more" for text in sentences])


if __name__ == "__main__":
    main()
