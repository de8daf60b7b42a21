"""The stage: crawl sources one after the other, and write down how each went. A failing source holds up no other."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport
from tbt_watch.collect.runner import Progress, run_source
from tbt_watch.collect.windows import Window
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.work import Issue, Report
from tbt_watch.errors import BusyError
from tbt_watch.store import Store
from tbt_watch.store.runs import Crawl

LIMIT = timedelta(hours=1)
"""After this time a crawl is ended; what it read is kept."""

OF_A_CRAWL = frozenset(
    "refused robots no-key busy missing unreachable other-host too-large unreadable cut-short fault timeout stopped "
    "nothing too-few too-many".split()
)
"""Kinds of issues about a crawl itself, not about a record: the next good crawl closes them."""


Follow = Callable[[str, int, int], None]
"""Is told what is being read, how many crawls are done, and how many records this one has so far."""


def nobody(_what: str, _done: int, _items: int) -> None:
    """Follows nothing."""


def run(
    store: Store, names: Sequence[str], options: CrawlOptions, clock: Clock, follow: Follow = nobody
) -> Report:
    """Crawl these sources. Raises NotFoundError for a source that does not exist."""
    crawls: list[CrawlReport] = []
    opened = 0
    for number, name in enumerate(names):
        follow(name, number, 0)
        report, more = crawl_one(store, name, options, clock, partial(follow, name, number))
        crawls.append(report)
        opened += more
    return report_of(crawls, opened)


def report_of(crawls: Sequence[CrawlReport], opened: int) -> Report:
    """What these crawls come to."""
    return Report(
        stage="collect",
        done=sum(report.new + report.changed for report in crawls),
        failed=sum(report.failed for report in crawls),
        opened=opened,
        counts=(
            ("sources", len({report.source for report in crawls})),
            ("new", sum(report.new for report in crawls)),
            ("changed", sum(report.changed for report in crawls)),
            ("same", sum(report.same for report in crawls)),
        ),
        notes=tuple(issue.message for report in crawls for issue in report.issues),
    )


def crawl_one(
    store: Store, name: str, options: CrawlOptions, clock: Clock, progress: Progress
) -> tuple[CrawlReport, int]:
    """Crawl a source once, and write down how it went; with the number of issues that were opened.

    A crawl of certain days has issues of its own, which only these days can mend, and says nothing about news.
    """
    started = clock()
    try:
        report = run_source(name, options, store.path, LIMIT.total_seconds(), progress)
    except BusyError as error:
        todo = "Wait until it has ended; nothing is lost."
        busy = CrawlIssue(source=name, key="", kind="busy", message=str(error), todo=todo)
        report = CrawlReport(source=name, issues=(busy,))
    now = clock()
    window = str(Window(since=options.since, until=options.until)) if options.since and options.until else ""
    with store.transaction():  # a window that is written down as done has no issue left open
        if not report.failed:
            here = OF_A_CRAWL - {issue.kind for issue in report.issues}
            for path in options.files:  # a good file says nothing of the site, nor of another file
                store.issues.resolve(name, path.name, now, here)
            if not options.files:
                store.issues.came_right(name, here, now, prefix=window)
        opened = sum(store.issues.open(_issue(issue, window, started)) for issue in report.issues)
        store.runs.crawled(_crawl(report, options, started, now))
    return report, opened


def _crawl(report: CrawlReport, options: CrawlOptions, started: datetime, now: datetime) -> Crawl:
    return Crawl(
        source=report.source,
        started_at=started,
        finished_at=now,
        ok=not report.failed,
        new=report.new,
        changed=report.changed,
        same=report.same,
        message=report.issues[0].message if report.issues else "",
        since=options.since,
        until=options.until,
        announce=options.announce,
        requests=report.requests,
    )


def _issue(issue: CrawlIssue, window: str, now: datetime) -> Issue:
    return Issue(
        source=issue.source,
        key=f"{window} {issue.key}".strip(),
        kind=issue.kind,
        message=issue.message,
        todo=issue.todo,
        opened_at=now,
    )
