"""Benchmark: the site of 5,000 notices from nothing, again, after one change: the pages alone, then what an office
waits for, with reading from the store, open data and the index of the search.

Run with ``make bench``; ``TBT_BENCH_NOTICES`` takes another number. Prints seconds on the clock and of the processor
(on a busy machine the latter tells the work), the heaviest page, and the size of the index. It never fails for being
slow.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from dossiers import sample_dossiers

from tbt_watch import curate, pipeline
from tbt_watch.app import open_app
from tbt_watch.bulletin import Labels, build
from tbt_watch.config import Config
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.office import Office
from tbt_watch.domain.work import Decision
from tbt_watch.language import Language, load_language
from tbt_watch.sample.bundle import SAMPLE_DAY, sample_now
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry

BATCH = 500
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
    pages_alone(language, given)
    with tempfile.TemporaryDirectory() as folder:
        from_the_store(Path(folder), given)


def kept(store: Store, given: Sequence[Dossier], now: datetime) -> None:
    """Put them through the doors of a store, accepted."""
    for start in range(0, len(given), BATCH):
        batch = given[start : start + BATCH]
        entries = [
            Entry(ids=(), notice=one.notice, records=(), seen_at=one.seen_at, source="eping_web")
            for one in batch
        ]
        store.notices.put(entries, now)
        ids = {one.notice.key: store.notices.get(one.notice.key)[0].id for one in batch}
        store.notices.translated({ids[one.notice.key]: one.translations for one in batch}, now)
        found = {ids[one.notice.key]: one.tags for one in batch}
        store.tags.keep(found, store.notices.dossiers(list(found)))
        with store.transaction():
            for number in found:
                store.notices.decide(number, Decision(state="accepted", by="policy", at=now), 1)


def from_the_store(folder: Path, given: Sequence[Dossier]) -> None:
    """What ``bulletin build`` does."""
    config = Config()
    config = replace(
        config,
        store=replace(config.store, path=folder / "store.db"),
        office=replace(config.office, name="Chi cục"),
        bulletin=replace(config.bulletin, folder=folder / "site", base_url="https://tbt.example.vn"),
    )
    with open_app(config, sample_now) as app:
        kept(app.store, given, sample_now())
        print(f"The same from the store, with open data and the index of the search: {len(given)} notices")

        def nothing() -> None:
            pass

        def amend() -> None:
            item = next(one for one in app.store.notices.published() if one.notice.comment_until)
            curate.amend_field(app.store, item, "comment_until", "2025-09-09", "Lan", sample_now())

        def reject() -> None:
            item = next(iter(app.store.notices.published()))
            curate.decide(app.store, item, "rejected", "Lan", sample_now(), "said once too often")

        for name, before in (
            ("from nothing", nothing),
            ("nothing changed", nothing),
            ("one deadline changed", amend),
            ("one notice taken off", reject),
        ):
            before()
            clock, processor = time.perf_counter(), time.process_time()
            (report,) = pipeline.run(app, ["bulletin"])
            told(name, clock, processor, report.done, dict(report.counts)["written"])


def told(name: str, clock: float, processor: float, pages: int, written: int) -> None:
    seconds, spent = time.perf_counter() - clock, time.process_time() - processor
    print(f"  {name:30} {seconds:6.1f} s, processor {spent:5.1f} s: {pages} pages, {written} files written")


def pages_alone(language: Language, given: list[Dossier]) -> None:
    """The builder by itself, with notices that are in memory."""
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
            told(name, clock, processor, report.pages, report.written)
        heaviest = max(path.stat().st_size for path in out.rglob("*.html"))
        index = [path.stat().st_size for path in (out / "tim-kiem").rglob("*.js")]
        print(
            f"  heaviest page {heaviest / 1000:.0f} kB; index {sum(index) / 1e6:.1f} MB in {len(index)} files, "
        )
        print(f"  the largest {max(index) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
