"""Benchmark: a bulk workbook of 105,000 rows, from file to tagged notices, against openpyxl in the same run.

Run with ``make bench``; ``TBT_BENCH_ROWS`` takes another number of rows. Prints figures and ratios; it never fails
for being slow. Each job is a process of its own, timed whole, with its peak memory.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tbt_watch.sample.bulk import write_bulk_workbook

ROWS = int(os.environ.get("TBT_BENCH_ROWS", "105000"))

OURS = """
import sys
from pathlib import Path
from tbt_watch.source.workbook import read_workbook
print(sum(1 for _ in read_workbook(Path(sys.argv[1]), sys.argv[1])))
"""

THEIRS = """
import sys
from openpyxl import load_workbook
sheet = load_workbook(sys.argv[1], read_only=True).worksheets[0]
print(sum(1 for _ in sheet.iter_rows(values_only=True)) - 1)
"""

STAGES = ("normalise", "translate", "tag", "curate")


def timed(*command: str) -> tuple[float, int]:
    """Seconds and peak memory (MB) of a command and the processes it started."""
    began = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {os.waitstatus_to_exitcode(status)}")
    return perf_counter() - began, usage.ru_maxrss // 1024


def ours(folder: Path, *args: str) -> tuple[float, int]:
    """A verb of ours on the benchmark's own store."""
    config = folder / "config.toml"
    return timed(
        sys.executable, "-c", "from tbt_watch.cli import main; main()", *args, "--config", str(config)
    )


def whole_job(folder: Path, file: Path) -> tuple[float, int, dict[str, float]]:
    """Collect a file and run the stages; seconds and peak memory in all, and seconds by step."""
    steps: dict[str, float] = {}
    peak = 0
    for name, args in [
        ("collect", ("collect", "eping_workbook", "--file", str(file))),
        *((s, (s,)) for s in STAGES),
    ]:
        steps[name], memory = ours(folder, *args)
        peak = max(peak, memory)
    return sum(steps.values()), peak, steps


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(f'[store]\npath = "{folder / "bench.db"}"\n', encoding="utf-8")
        first, changed = folder / "first.xlsx", folder / "changed.xlsx"
        write_bulk_workbook(first, ROWS)
        write_bulk_workbook(changed, ROWS, changed=20)
        print(f"workbook of {ROWS:,} rows, {first.stat().st_size / 1e6:.0f} MB; {os.cpu_count()} cores")

        mine, memory = timed(sys.executable, "-c", OURS, str(first))
        other, other_memory = timed(sys.executable, "-c", THEIRS, str(first))
        print(
            f"reading:      ours {mine:.1f} s, {memory} MB; openpyxl read-only {other:.1f} s, {other_memory} MB; "
            f"{other / mine:.1f} times as fast (goal: 3)"
        )

        whole, peak, steps = whole_job(folder, first)
        parts = ", ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items())
        print(f"whole job:    {whole:.1f} s ({parts}), peak {peak} MB (goal: 90 s on 2 cores, 400 MB)")

        nightly, _, steps = whole_job(folder, changed)
        parts = ", ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items())
        print(
            f"nightly run:  {nightly:.1f} s ({parts}), 20 rows changed: {nightly / whole:.0%} of the first (goal: 25 %)"
        )

        again, _ = ours(folder, "collect", "eping_workbook", "--file", str(changed))
        print(f"same file:    {again:.1f} s (goal: 2 s)")


if __name__ == "__main__":
    main()
