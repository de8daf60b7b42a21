"""What staff look after: how each source that is switched on is doing, with all that is known of it."""

from collections.abc import Iterator

from tbt_watch.app import App
from tbt_watch.collect.health import Health, examine, kept_answers
from tbt_watch.collect.options import CrawlOptions


def source_health(app: App) -> Iterator[Health]:
    """How each source that is switched on is doing."""
    from tbt_watch.collect.crawl import due_items  # brings Scrapy, which most of the house need not load

    now, crawls = app.clock(), app.store.runs.crawls()
    issues, lags = app.store.issues.open_list(), app.store.runs.lags(now)
    options = app.crawl_options(CrawlOptions(now=now))
    for one in app.sources:
        if one.name in app.config.sources.enabled:
            yield examine(
                one.name,
                one.title,
                one.home,
                one.frequency,
                due_items(one, options),
                crawls.get(one.name),
                [issue for issue in issues if issue.source == one.name],
                lags.get(one.name, ()),
                kept_answers(app.answers, one.name),
                now,
            )
