"""The stage: crawl sources one after the other, and write down how each went. A failing source holds up no other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport
from tbt_watch.collect.runner import run_source
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.work import Issue, Report
from tbt_watch.errors import BusyError
from tbt_watch.store import Store
from tbt_watch.store.runs import Crawl

LIMIT = timedelta(hours=1)
"""After this time a crawl is ended; what it read is kept."""

OF_A_CRAWL = frozenset(
    "refused robots busy unreachable other-host too-large unreadable cut-short fault timeout stopped nothing too-few "
    "too-many".split()
)
"""Kinds of issues about a crawl itself, not about a record: the next good crawl closes them."""


def run(store: Store, names: Sequence[str], options: CrawlOptions, clock: Clock) -> Report:
    """Crawl these sources. Raises NotFoundError for a source that does not exist."""
    reports = [_one(store, name, options, clock) for name in names]
    crawls = [report for report, _ in reports]
    return Report(
        stage="collect",
        done=sum(report.new + report.changed for report in crawls),
        failed=sum(report.failed for report in crawls),
        opened=sum(count for _, count in reports),
        counts=(
            ("sources", len(crawls)),
            ("new", sum(report.new for report in crawls)),
            ("changed", sum(report.changed for report in crawls)),
            ("same", sum(report.same for report in crawls)),
        ),
        notes=tuple(issue.message for report in crawls for issue in report.issues),
    )


def _one(store: Store, name: str, options: CrawlOptions, clock: Clock) -> tuple[CrawlReport, int]:
    started = clock()
    try:
        report = run_source(name, options, store.path, LIMIT.total_seconds())
    except BusyError as error:
        todo = "Wait until it has ended; nothing is lost."
        busy = CrawlIssue(source=name, key="", kind="busy", message=str(error), todo=todo)
        report = CrawlReport(source=name, issues=(busy,))
    now = clock()
    if not report.failed:
        store.issues.came_right(name, OF_A_CRAWL - {issue.kind for issue in report.issues}, now)
    opened = sum(store.issues.open(_issue(issue, started)) for issue in report.issues)
    store.runs.crawled(
        Crawl(
            source=name,
            started_at=started,
            finished_at=now,
            ok=not report.failed,
            new=report.new,
            changed=report.changed,
            same=report.same,
            message=report.issues[0].message if report.issues else "",
        )
    )
    return report, opened


def _issue(issue: CrawlIssue, now: datetime) -> Issue:
    return Issue(
        source=issue.source,
        key=issue.key,
        kind=issue.kind,
        message=issue.message,
        todo=issue.todo,
        opened_at=now,
    )
