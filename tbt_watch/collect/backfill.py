"""Back-fill: days long past, window by window. What was read to its end is written down and not read again.

After Ctrl-C, a kill or a power cut the same command goes on where it stopped: a window counts as done by its row in
the table of crawls, and that is written when all its records are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.collect.stage import Follow, crawl_one, nobody, report_of
from tbt_watch.collect.windows import Window, cut
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.work import Report
from tbt_watch.store import Store

_GIVE_UP = 2
"""After so many windows in a row that failed, a source is left alone until the command is given again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One crawl of a back-fill. ``window`` is None for a source that cannot be asked for days: it is read as it is.
    ``requests``: how many it will take, at least and at most, by what the source declares."""

    source: str
    window: Window | None
    requests: tuple[int, int]
    done: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """What must be known of a source to plan: ``window_days`` and ``backfill_days`` as it declares them, and how many
    records its usual window has."""

    window_days: int
    backfill_days: int
    page_size: int
    expects: tuple[int, int]

    def requests(self, days: int) -> tuple[int, int]:
        """About how many requests so many days take: pages of records, and robots.txt before them."""
        least, most = (
            -(-count * days // (self.window_days * self.page_size)) if self.window_days else 1
            for count in self.expects
        )
        return 1 + max(1, least), 1 + max(1, most)


def plan(
    store: Store, reaches: Mapping[str, Reach], since: date, until: date, *, fresh: bool, announce: bool
) -> list[Task]:
    """The crawls that these days take, source by source, the oldest first; ``fresh`` forgets what was done."""
    tasks: list[Task] = []
    for name, reach in reaches.items():
        if not reach.window_days:
            tasks.append(Task(source=name, window=None, requests=reach.requests(1)))
            continue
        before = [] if fresh else store.runs.windows(name, announce=announce)
        tasks += [
            Task(source=name, window=one, requests=reach.requests(one.days), done=one.inside(before))
            for one in cut(since, until, reach.backfill_days)
        ]
    return tasks


def run(
    store: Store, tasks: Sequence[Task], options: CrawlOptions, clock: Clock, follow: Follow = nobody
) -> Report:
    """Do what is not done yet. A window that fails holds up no other, but two in a row end that source's turn."""
    crawls: list[CrawlReport] = []
    opened = 0
    failures: dict[str, int] = {}
    due = [task for task in tasks if not task.done]
    for number, task in enumerate(due):
        if failures.get(task.source, 0) >= _GIVE_UP:
            continue
        what = f"{task.source} {task.window or ''}".strip()
        follow(what, number, 0)
        report, more = crawl_one(
            store,
            task.source,
            _told(options, task),
            clock,
            lambda items, w=what, n=number: follow(w, n, items),  # type: ignore[misc]
        )
        failures[task.source] = failures.get(task.source, 0) + 1 if report.failed else 0
        crawls.append(report)
        opened += more
    return report_of(crawls, opened)


def _told(options: CrawlOptions, task: Task) -> CrawlOptions:
    window = task.window
    return replace(options, since=window.since if window else None, until=window.until if window else None)
