"""Benchmark: 105,000 notices in memory, tagged by codes and rules, and with predicted sectors besides.

Run with ``make bench``; ``TBT_BENCH_ROWS`` takes another number of rows. The notices are those of the sample over and
over, each with words and a number of its own; once more without their codes, where far more are asked of the model; and
once by the model alone. Prints seconds on the clock and of the processor (one core; on a busy machine the latter tells
the work), and ratios. It never fails for being slow.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from sampled import web

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.language import load_language
from tbt_watch.normalise.eping import read_web
from tbt_watch.sample import Edition, sample_now
from tbt_watch.sample.bundle import EXPECTED_ISSUES
from tbt_watch.tag.predict import least, open_predictor
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary

ROWS = int(os.environ.get("TBT_BENCH_ROWS", "105000"))
BATCH = 500
"""As many as the stage has at its door at once."""

Work = Callable[[Sequence[Notice]], object]


def notices() -> list[Notice]:
    """So many notices; no two have the same texts."""
    broken = {issue.key for issue in EXPECTED_ISSUES}
    records = [one for one in Edition.bundled().records if str(one["id"]) not in broken]
    language = load_language()
    sample = [read_web(raw, language).notice for raw in web(records, sample_now())]
    made = []
    for number in range(ROWS):
        one = sample[number % len(sample)]
        other = sample[(number // len(sample)) % len(sample)]
        summary = f"{one.summary} {other.summary} {number}"
        made.append(replace(one, key=f"{one.key}-{number}", follows=None, summary=summary))
    return made


def timed(label: str, work: Work, given: Sequence[Notice], rules: float | None = None) -> float:
    """Print how long the work takes on all of them; processor seconds."""
    clock, processor = time.perf_counter(), time.process_time()
    for start in range(0, len(given), BATCH):
        work(given[start : start + BATCH])
    seconds, spent = time.perf_counter() - clock, time.process_time() - processor
    ratio = f", {spent / rules:.2f} times codes and rules" if rules else ""
    print(f"  {label:34} {seconds:6.1f} s, processor {spent:6.1f} s{ratio}")
    return spent


def main() -> None:
    """Print the figures."""
    vocabulary = load_vocabulary()
    predictor, faults = open_predictor([one.code for one in vocabulary.sectors])
    if predictor is None:
        print(f"Tagging is not measured: {' '.join(faults)}")
        return

    def rules(batch: Sequence[Notice]) -> list[tuple[Notice, Sequence[Tag]]]:
        return [(notice, tag_notice(notice, vocabulary)) for notice in batch]

    given = notices()
    bare = [
        replace(notice, hs_codes=(), ics_codes=(), products=notice.products.split(" (")[0])
        for notice in given
    ]
    rules(given[:BATCH]), predictor.predict(given[:BATCH])  # the tables are made before the clock runs
    for name, some in (("as notified", given), ("without their codes", bare)):
        asked = sum(least(notice, tags) is not None for notice, tags in rules(some[:2000])) / len(some[:2000])
        print(f"{len(some)} notices {name}, {asked:.0%} of them asked of the model")
        spent = timed("codes and rules", rules, some)
        timed("all three", lambda batch: predictor.complete(rules(batch)), some, spent)
    timed("the model alone, every notice", predictor.predict, given)


if __name__ == "__main__":
    main()
