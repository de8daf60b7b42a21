"""The order of the stages, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial

from tbt_watch import curate, publishing
from tbt_watch.app import App
from tbt_watch.collect import backfill
from tbt_watch.collect import stage as collect_stage
from tbt_watch.collect.backfill import Task
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.stage import Follow
from tbt_watch.deliver import message, outbox
from tbt_watch.deliver.email import Email
from tbt_watch.deliver.outbox import Rules
from tbt_watch.deliver.receipt import receipt
from tbt_watch.digest import stage as digest_stage
from tbt_watch.digest import untold as digest_untold
from tbt_watch.domain.moment import today
from tbt_watch.domain.work import Report
from tbt_watch.normalise import stage as normalise_stage
from tbt_watch.tag import stage as tag_stage
from tbt_watch.translate import stage as translate_stage

DOCUMENTS, STANDARDS = "wto_documents", "tcvn"
"""The sources that are told what to ask: they cannot know which notifications, or names of standards, there are."""

Progress = Callable[[int], None]
Stage = Callable[[App], Report]


def collect(
    app: App, names: Sequence[str], options: CrawlOptions, follow: Follow = collect_stage.nobody
) -> Report:
    """Crawl these sources, one after the other, each in a process of its own."""
    if not options.files and not options.addresses:
        documents = _unread_documents(app) if DOCUMENTS in names else ()
        standards = app.store.raw.standards_unread(STANDARDS) if STANDARDS in names else ()
        options = replace(options, addresses=(*documents, *standards))
    return collect_stage.run(app.store, names, options, app.clock, follow)


def _unread_documents(app: App) -> tuple[str, ...]:
    """Where the documents of new notifications are that nobody has read yet."""
    since = today(app.clock()) - timedelta(days=app.config.sources.window_days)
    return tuple(app.store.notices.documents_unread(DOCUMENTS, since))


def fill(
    app: App, tasks: Sequence[Task], options: CrawlOptions, follow: Follow = collect_stage.nobody
) -> Report:
    """Do the crawls of a back-fill that are not done yet."""
    return backfill.run(app.store, tasks, options, app.clock, follow)


def normalise(app: App, progress: Progress = lambda _: None) -> Report:
    """Raw records become notices."""
    return normalise_stage.run(app.store, app.language, app.clock(), progress)


def translate(app: App) -> Report:
    """Notices get their Vietnamese."""
    return translate_stage.run(app.store, app.language, app.engine, app.clock())


def tag(app: App) -> Report:
    """Notices get their sectors, markets and topics."""
    return tag_stage.run(app.store, app.vocabulary, app.predictor)


def decide(app: App) -> Report:
    """The acceptance policy decides where no person need."""
    return curate.run(app.store, app.config.accept.policy, app.clock())


def digest(app: App) -> Report:
    """Editions for the audiences."""
    return digest_stage.run(
        app.store,
        app.hours,
        app.lead_days,
        app.config.office.days_off,
        app.clock(),
        app.vocabulary.sectors_of,
    )


def untold(app: App) -> dict[str, set[tuple[str, int]]]:
    """By audience: what it was not told yet, and will be."""
    return digest_untold.untold(app.store, app.clock(), app.vocabulary.sectors_of)


def deliver(app: App) -> Report:
    """Editions to their subscribers; then mailboxes are asked whether they want any."""
    now, given = app.clock(), app.config.deliver
    seen = receipt(app.store.runs.crawls(), app.source_titles, now, app.store.notices.accepted_since)
    render = partial(message.render, head=app.letterhead, receipt=seen, now=now)
    rules = Rules(
        in_flight=given.in_flight,
        strikes=given.strikes,
        strike_days=given.strike_days,
        resend=given.uncertain == "resend",
        again={lang: app.language.say("Sent again", lang) for lang in ("vi", "en")},
    )
    report = outbox.run(app.store, app.channels, render, app.clock, rules=rules)
    if isinstance(mail := app.channels.get("email"), Email):
        app.consent.ask(mail, app.clock)
    return report


def publish(app: App) -> Report:
    """The static site."""
    return publishing.build_site(app)


STAGES: Mapping[str, Stage] = {
    "normalise": normalise,
    "translate": translate,
    "tag": tag,
    "curate": decide,
    "digest": digest,
    "deliver": deliver,
    "bulletin": publish,
}
"""Every stage after collect, in the order of the way."""


def run(app: App, names: Sequence[str] = tuple(STAGES)) -> list[Report]:
    """One pass of these stages, in order, each written down. Raises BusyError when another process is at it.

    To send has a lock of its own: while a long run of it goes on, the others make editions that it finds.
    """
    with ExitStack() as held:
        for lock in sorted({"deliver" if name == "deliver" else "stages" for name in names}):
            held.enter_context(app.store.lock(lock))
        return [recorded(app, partial(STAGES[name], app)) for name in names]


def recorded(app: App, work: Callable[[], Report]) -> Report:
    """Run a stage and write down how it went."""
    started = app.clock()
    report = work()
    app.store.runs.keep(report, started, app.clock())
    return report
