"""When each stage runs: the service. Every job is safe to miss, to run late, and to run twice.

The times of the configuration are those of Viet Nam. Crawls run in processes of their own, in one line; the
other stages in another, so that a slow source holds up no message.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import time
from functools import partial
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from tbt_watch import pipeline
from tbt_watch.app import App
from tbt_watch.collect.circuit import resting
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.runner import end_running
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.errors import TbtWatchError

log = logging.getLogger(__name__)

WORKBOOK = "eping_workbook"
"""The bulk workbook is large: once a night, apart from the other sources."""

WITHOUT_BULLETIN = tuple(name for name in pipeline.STAGES if name != "bulletin")


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
        scheduler.start()
        begun()
        try:
            ended.wait()
        finally:
            ended.set()
            scheduler.pause()
            end_running()
            scheduler.shutdown(wait=True)


def make_scheduler(app: App, ended: threading.Event) -> BackgroundScheduler:
    """The scheduler with all its jobs, not started; no crawl is begun any more when it has ``ended``.

    A missed time is made good once, however many were missed.
    """
    scheduler = BackgroundScheduler(
        timezone=VIETNAM,
        executors={"crawls": ThreadPoolExecutor(1), "stages": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    plan, enabled = app.config.schedule, app.config.sources.enabled
    daily = [name for name in enabled if name != WORKBOOK]
    if daily:
        _at(scheduler, "collect", plan.collect, partial(crawl, app, daily, ended), "crawls")
    if WORKBOOK in enabled:
        _at(scheduler, "workbook", (plan.workbook,), partial(crawl, app, [WORKBOOK], ended), "crawls")
    every = IntervalTrigger(minutes=plan.pipeline_minutes, timezone=VIETNAM)
    step = partial(stages, app, WITHOUT_BULLETIN)
    scheduler.add_job(step, every, id="stages", executor="stages", next_run_time=app.clock())
    _at(scheduler, "bulletin", plan.bulletin, partial(stages, app, ("bulletin",)), "stages")
    return scheduler


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
