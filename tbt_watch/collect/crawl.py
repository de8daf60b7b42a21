"""Run one source in this process: through Scrapy, or from files."""

from dataclasses import replace
from datetime import date, timedelta

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from tbt_watch.collect.conditions import conditions, remember
from tbt_watch.collect.faults import issue_met, make_issue
from tbt_watch.collect.keep import Sink
from tbt_watch.collect.ledger import Ledger
from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport, file_digest
from tbt_watch.collect.registry import by_config, find_source
from tbt_watch.collect.settings import scrapy_settings
from tbt_watch.domain.moment import today
from tbt_watch.errors import SourceError, UsageError
from tbt_watch.source.base import Downloaded, Source, Unchanged, Yielded

_SHORT_WINDOW = timedelta(days=7)
_ANY = 1_000_000_000


def crawl(source_name: str, options: CrawlOptions, sink: Sink) -> CrawlReport:
    """Run a source, hand its items to ``sink``, and report. With Scrapy only once in a process.

    Raises NotFoundError for an unknown source, UsageError for a file where the source takes none, and what
    the sink raises; what went wrong at the source is in the report.
    """
    source = find_source(source_name, options.feeds)
    if options.files:
        wanted = [text for path in options.files for text in source.wanted_in(path)]
        if not wanted:
            return _read_files(source, options, sink)
        options = replace(options, files=(), addresses=tuple(wanted))
    if by_config(source):
        raise UsageError(
            f"The source {source.name} has no address of its own: declare feeds under [[sources.feeds]] in the "
            f"configuration, each with a name, or read files with --file."
        )
    return _fetch(source, options, sink)


def _read_files(source: type[Source], options: CrawlOptions, sink: Sink) -> CrawlReport:
    ledger = Ledger(source.name, sink)
    spider = source(now=options.now, since=options.since, until=options.until)
    for path in options.files:
        try:
            digest = file_digest(path)
            if not options.fresh and sink.seen(digest):
                ledger.take(Unchanged(url=path.name))
                continue
            for item in spider.read_file(path):
                ledger.take(item)
                if ledger.failure is not None:
                    raise ledger.failure
            ledger.take(Downloaded(url=path.name, sha256=digest))
        except SourceError as error:
            ledger.unreadable(path.name, error)
    return ledger.close(options.expects or (1, _ANY))


def _fetch(source: type[Source], options: CrawlOptions, sink: Sink) -> CrawlReport:
    if source.key_name and not options.keys.get(source.name):
        return CrawlReport(source=source.name, issues=(_no_key(source),))
    process = AsyncCrawlerProcess(Settings(scrapy_settings(options)))
    crawler = process.create_crawler(source)
    ledger = Ledger(source.name, sink, lambda: _stop(crawler))

    def faulty(failure: Failure, response: Response) -> None:
        message = f"Reading {response.url} failed: {type(failure.value).__name__}: {failure.value}."
        ledger.issue(make_issue(source.name, response.url, "fault", message))

    def taken(item: Yielded) -> None:
        ledger.take(item)

    crawler.signals.connect(taken, signals.item_scraped)
    crawler.signals.connect(ledger.issue, issue_met)
    crawler.signals.connect(faulty, signals.spider_error)
    process.crawl(
        crawler,
        now=options.now,
        since=first_day(options),
        until=options.until,
        seen=(lambda _: False) if options.fresh else sink.seen,
        conditions={} if options.fresh else conditions(options.memory, source.name, sink.seen),
        key=options.keys.get(source.name, ""),
        addresses=options.addresses,
    )
    process.start()
    return _closed(source, options, ledger, crawler)


def _no_key(source: type[Source]) -> CrawlIssue:
    return CrawlIssue(
        source=source.name,
        key="",
        kind="no-key",
        message=f"{source.name} was not asked: it wants a key, and there is none.",
        todo=f"Put the key into the environment as {source.key_name}, or into a file that {source.key_name}_FILE "
        "names; or take the source out of [sources] enabled.",
    )


def _closed(source: type[Source], options: CrawlOptions, ledger: Ledger, crawler: Crawler) -> CrawlReport:
    stats = crawler.stats
    reason = stats.get_value("finish_reason", "never began")
    if reason != "finished" and ledger.failure is None:
        ledger.issue(
            CrawlIssue(
                source=source.name,
                key="",
                kind="stopped",
                message=f"The crawl of {source.name} did not come to its end ({reason}); what it read is kept.",
                todo="Run the source again: nothing is kept twice.",
            )
        )
    requests = int(stats.get_value("downloader/request_count", 0))
    report = ledger.close(due_items(source, options), requests)
    if ledger.downloaded is not None:
        remember(options.memory, source.name, ledger.downloaded)
    return report


def _stop(crawler: Crawler) -> None:
    if crawler.engine is not None:
        deferred_from_coro(crawler.engine.close_spider_async(reason="could not be kept"))


def first_day(options: CrawlOptions) -> date | None:
    """From which day on a source is asked: as named, or so far back as the office wants its usual window."""
    if options.since is not None or options.until is not None or options.window_days is None:
        return options.since
    return today(options.now) - timedelta(days=options.window_days)


def due_items(source: type[Source], options: CrawlOptions) -> tuple[int, int] | None:
    """How many items there should be: what the source declares holds for its usual window only."""
    if options.expects is not None:
        return options.expects
    if options.since is None and options.until is None:
        return _usual(source, options.window_days)
    if options.since is None:
        return 1, _ANY
    asked = (options.until or today(options.now)) - options.since
    rare = source.expects[0] * asked.days < source.window_days  # a source that is silent for weeks as a rule
    return None if rare or asked < _SHORT_WINDOW else (1, _ANY)


def _usual(source: type[Source], days: int | None) -> tuple[int, int] | None:
    """What the source declares, in proportion where the office asks for more or fewer days than the source would."""
    if days is None or source.window_days in (0, days):
        return source.expects
    if timedelta(days=days) < _SHORT_WINDOW:
        return None
    least, most = source.expects
    return max(1, least * days // source.window_days), most * days // source.window_days
