"""The stage: crawl sources one after the other, and write down how each went. A failing source holds up no other."""

from collections.abc import Sequence
from datetime import timedelta

from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport
from tbt_watch.collect.runner import run_source
from tbt_watch.domain.moment import Clock
from tbt_watch.domain.work import Issue, Report
from tbt_watch.errors import BusyError
from tbt_watch.store import Store
from tbt_watch.store.runs import Crawl

LIMIT = timedelta(hours=1)
"""After this time a crawl is ended; what it read is kept."""


def run(store: Store, names: Sequence[str], options: CrawlOptions, clock: Clock) -> Report:
    """Crawl these sources. Raises NotFoundError for a source that does not exist."""
    reports = [_one(store, name, options, clock) for name in names]
    opened = 0
    for report, count in reports:
        opened += count
    crawls = [report for report, _ in reports]
    return Report(
        stage="collect",
        done=sum(report.new + report.changed for report in crawls),
        failed=sum(report.failed for report in crawls),
        opened=opened,
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
    opened = sum(store.issues.open(_issue(issue, started)) for issue in report.issues)
    if not report.failed:
        store.issues.resolve(name, "", now, kinds=_OF_A_RUN)
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


_OF_A_RUN = ("busy", "timeout", "fault", "empty", "too-few", "too-many")
"""Issues about a whole run: closed by the next good one."""


def _issue(issue: CrawlIssue, now: "object") -> Issue:
    raise NotImplementedError
