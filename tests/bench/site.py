"""Benchmark: the site of 5,000 notices from nothing, again, after one change, and the index of the search.

Run with ``make bench``; ``TBT_BENCH_NOTICES`` takes another number. Prints seconds on the clock and of the processor
(on a busy machine the latter tells the work), the heaviest page, and the size of the index. It never fails for being
slow.
"""

import os
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from dossiers import sample_dossiers

from tbt_watch.bulletin import Labels, build
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.office import Office
from tbt_watch.language import Language, load_language
from tbt_watch.sample.bundle import SAMPLE_DAY, sample_now

NOTICES = int(os.environ.get("TBT_BENCH_NOTICES", "5000"))


def notices(language: Language) -> list[Dossier]:
    """So many notices over four years, those of the sample over and over under numbers of their own."""
    sample = sample_dossiers(language)
    made = []
    for number in range(NOTICES):
        one = sample[number % len(sample)]
        notice = one.notice
        day = (notice.published_on or date(2025, 6, 1)) - timedelta(days=number % 1460)
        if notice.kind == "notification":
            key = f"{notice.key.rpartition('/')[0]}/{10_000 + number}"
            notice = replace(notice, key=key, symbols=(key,), thread=key, published_on=day)
        else:
            notice = replace(notice, key=f"{notice.key}-{number}", thread=f"{number}", published_on=day)
        made.append(replace(one, id=number + 1, notice=notice))
    return made


def main() -> None:
    """Print the figures."""
    language = load_language()
    given = notices(language)
    changed = given.copy()
    changed[7] = replace(given[7], notice=replace(given[7].notice, comment_until=date(2025, 9, 9)))
    make = partial(
        build, language=language, labels=Labels(), office=Office(name="Chi cục"), health=(), today=SAMPLE_DAY,
        now=sample_now(), lead_days={"tbt": 15, "sps": 15}, days_off=(), base_url="https://tbt.example.vn",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "site"
        print(f"The site of {len(given)} notices")
        for name, items, search in (
            ("from nothing", given, False),
            ("nothing changed", given, False),
            ("one notice changed", changed, False),
            ("with the index of the search", changed, True),
        ):
            clock, processor = time.perf_counter(), time.process_time()
            report = make(items, out=out, search=search)
            seconds, spent = time.perf_counter() - clock, time.process_time() - processor
            print(
                f"  {name:30} {seconds:6.1f} s, processor {spent:5.1f} s: "
                f"{report.pages} pages, {report.written} files written"
            )
        heaviest = max(path.stat().st_size for path in out.rglob("*.html"))
        index = [path.stat().st_size for path in (out / "tim-kiem").rglob("*.js")]
        print(
            f"  heaviest page {heaviest / 1000:.0f} kB; index {sum(index) / 1e6:.1f} MB in {len(index)} files, "
        )
        print(f"  the largest {max(index) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
