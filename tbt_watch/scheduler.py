"""When each stage runs: the service. Every job is safe to miss, to run late, and to run twice.

The times of the configuration are those of Viet Nam. Crawls run in processes of their own, in one line; the
other stages in another, so that a slow source holds up no message; the outbox in a third, so that what is urgent is
composed while a long edition goes out, and overtakes it.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import time, timedelta
from functools import partial
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from tbt_watch import pipeline
from tbt_watch.app import App
from tbt_watch.bot import talking
from tbt_watch.collect.circuit import resting
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.runner import end_running
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.errors import TbtWatchError

log = logging.getLogger(__name__)

WORKBOOK = "eping_workbook"
"""The bulk workbook is large: once a night, apart from the other sources."""

BY_THE_MINUTE = tuple(name for name in pipeline.STAGES if name not in ("deliver", "bulletin"))
OUTBOX_SECONDS = 20
"""From one look into the outbox to the next: what was asked to wait half a minute waits no five."""


def serve(app: App, stop: threading.Event | None = None, begun: Callable[[], None] = lambda: None) -> None:
    """Run every stage on its times until SIGTERM, SIGINT or ``stop``; ``begun`` is called when it is at work.

    In the end a crawl is broken off, what it has read is kept, and a pass of the stages is finished first. Raises
    BusyError when another service is at work on the same database.
    """
    ended = stop or threading.Event()
    with app.store.lock("serve"):
        scheduler = make_scheduler(app, ended)
        if stop is None:
            _end_on_signals(ended)
        with _pages(app), _conversation(app):
            scheduler.start()
            begun()
            try:
                ended.wait()
            finally:
                ended.set()
                scheduler.pause()
                end_running()
                scheduler.shutdown(wait=True)


@contextmanager
def _pages(app: App) -> Iterator[None]:
    """Serve the pages that letters lead to, where e-mail is switched on, and the curators' page, where that is."""
    web = app.config.web
    if "email" not in app.config.deliver.channels and not web.desk:
        yield
        return
    from tbt_watch.web.app import pages_of  # what a service without them need not load
    from tbt_watch.web.server import serving

    with serving(pages_of(app), *web.place, web.trusted_proxies) as (host, port):
        log.info("The pages are served on %s:%s.", host, port)
        yield


@contextmanager
def _conversation(app: App) -> Iterator[None]:
    """Talk with subscribers, where Telegram is switched on; the rest of the service goes on without it."""
    with ExitStack() as opened:
        try:
            opened.enter_context(talking(app))
        except TbtWatchError as error:
            log.error("%s", error)
        yield


def make_scheduler(app: App, ended: threading.Event) -> BackgroundScheduler:
    """The scheduler with all its jobs, not started; no crawl is begun any more when it has ``ended``.

    A missed time is made good once, however many were missed. That a job is still at work when its next time comes is
    as it should be: a long sending is looked at every few seconds.
    """
    logging.getLogger("apscheduler.scheduler").addFilter(_worth_a_line)
    scheduler = BackgroundScheduler(
        timezone=VIETNAM,
        executors={name: ThreadPoolExecutor(1) for name in ("crawls", "stages", "outbox")},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    plan, enabled = app.config.schedule, app.config.sources.enabled
    daily = [name for name in enabled if name != WORKBOOK]
    if daily:
        _at(scheduler, "collect", plan.collect, partial(crawl, app, daily, ended), "crawls")
    if WORKBOOK in enabled:
        _at(scheduler, "workbook", (plan.workbook,), partial(crawl, app, [WORKBOOK], ended), "crawls")
    every = IntervalTrigger(minutes=plan.pipeline_minutes, timezone=VIETNAM)
    step = partial(stages, app, BY_THE_MINUTE)
    scheduler.add_job(step, every, id="stages", executor="stages", next_run_time=app.clock())
    soon = IntervalTrigger(seconds=OUTBOX_SECONDS, timezone=VIETNAM)
    scheduler.add_job(partial(outbox, app), soon, id="outbox", executor="outbox", next_run_time=app.clock())
    _at(scheduler, "bulletin", plan.bulletin, partial(stages, app, ("bulletin",)), "stages")
    return scheduler


def _worth_a_line(record: logging.LogRecord) -> bool:
    return "maximum number of running instances" not in str(record.msg)


def _at(
    scheduler: BackgroundScheduler, name: str, times: Sequence[time], job: Callable[[], None], executor: str
) -> None:
    for number, at in enumerate(times):
        trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=VIETNAM)
        scheduler.add_job(job, trigger, id=f"{name}-{number}", executor=executor)


def crawl(app: App, names: Sequence[str], ended: threading.Event) -> None:
    """Crawl these sources now, without those that failed again and again and are to be left alone for a while."""
    now, crawls = app.clock(), app.store.runs.crawls()
    options = app.crawl_options(CrawlOptions(now=now))
    for name in names:
        if not ended.is_set() and not resting(crawls.get(name), now):
            _told(partial(pipeline.recorded, app, partial(pipeline.collect, app, [name], options)))


def stages(app: App, names: Sequence[str]) -> None:
    """One pass of these stages now."""
    _told(lambda: pipeline.run(app, names))


def outbox(app: App) -> None:
    """Send what is due; with nothing due only as often as the other stages run, for the record."""

    def send() -> None:
        last = app.store.runs.last().get("deliver")
        minutes = timedelta(minutes=app.config.schedule.pipeline_minutes)
        ours = [name for name, channel in app.channels.items() if not channel.by_hand]
        if (
            last is None
            or app.clock() - last[0] >= minutes
            or app.store.deliveries.any_due(app.clock(), ours)
        ):
            pipeline.run(app, ("deliver",))

    _told(send)


def _told(work: Callable[[], object]) -> None:
    """Do the work; an error of ours is logged as one sentence, and the next time tries again."""
    try:
        work()
    except TbtWatchError as error:
        log.error("%s", error)


def _end_on_signals(ended: threading.Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
