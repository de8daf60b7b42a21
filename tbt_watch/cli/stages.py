"""The verbs that move notices along: run, collect, one stage each, serve, init."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click

from tbt_watch import pipeline, scheduler
from tbt_watch.app import App
from tbt_watch.cli.frame import DEFAULT_CONFIG, Frame, Verb, print_json
from tbt_watch.cli.retrain import retrain
from tbt_watch.cli.summary import print_notes, print_reports, print_summary
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.registry import sources
from tbt_watch.domain.work import Report
from tbt_watch.errors import UsageError
from tbt_watch.interview import interview
from tbt_watch.register import read_csv, subscribers
from tbt_watch.sample import EXPECTED_ISSUES, StandIn, subscribers_csv
from tbt_watch.tag.vocabulary import load_vocabulary


@click.command(cls=Verb)
@click.option("--once", is_flag=True, required=True, help="One pass of every stage.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
@click.pass_obj
def run(frame: Frame, once: bool, as_json: bool) -> None:  # noqa: ARG001 - serve is the way to run for ever
    """One pass of every stage, then a one-screen summary."""
    with frame.app(os.environ, required=True) as app:
        reports = _sample_pass(app) if frame.sample else _pass(app, CrawlOptions(now=app.clock()))
        if as_json:
            print_json([report_json(report) for report in reports])
            print_notes(app.language, reports, frame.lang or app.config.language)
        else:
            print_summary(app, reports, frame.lang or app.config.language)
        frame.failed |= _unexpected(app) if frame.sample else any(not report.clean for report in reports)


def _pass(app: App, options: CrawlOptions) -> list[Report]:
    names = [one.name for one in app.sources if one.name in app.config.sources.enabled]
    first = pipeline.recorded(app, lambda: pipeline.collect(app, names, app.crawl_options(options)))
    return [first, *pipeline.run(app)]


def _sample_pass(app: App) -> list[Report]:
    """The same on the bundled edition: the sources are a local stand-in, asked over HTTP and without delay."""
    table = read_csv(subscribers_csv(), "subscribers.csv")
    for subscriber in subscribers(table, app.known, app.clock())[0]:
        app.store.subscribers.save(subscriber)
    with asked(app, CrawlOptions(now=app.clock())) as options:
        return _pass(app, options)


@contextmanager
def asked(app: App, options: CrawlOptions) -> Iterator[CrawlOptions]:
    """The options of a crawl; for the sample a stand-in answers in the place of every site while they are used."""
    if not app.sample:
        yield options
        return
    with StandIn() as site:
        hosts = {host: site.url_for(host) for one in sources() for host in one.hosts}
        yield replace(options, hosts=hosts, only_hosts=True, delay=0.0, expects=(1, 10_000))


def _unexpected(app: App) -> bool:
    """Whether anything is open that the sample does not have on purpose."""
    expected = {(one.source, one.key) for one in EXPECTED_ISSUES}
    return any((one.source, one.key) not in expected for one in app.store.issues.open_list())


def _stage(name: str, text: str, *, required: bool = False) -> click.Command:
    """The verb of one stage."""

    @click.command(name, cls=Verb, help=text)
    @click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
    @click.pass_obj
    def verb(frame: Frame, as_json: bool) -> None:
        with frame.app(os.environ, required=required) as app:
            finish(frame, app, pipeline.run(app, [name]), as_json)

    return verb


normalise = _stage("normalise", "Make notices of what was collected.")
translate = _stage("translate", "Put what is new into Vietnamese.")


@click.command("tag", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--retrain", "learn", is_flag=True, help="Learn from the sectors that staff corrected; tag nothing."
)
@click.option("--yes", is_flag=True, help="With --retrain: use what was learned without asking.")
@click.pass_obj
def tag(frame: Frame, as_json: bool, learn: bool, yes: bool) -> None:
    """Tag what is new by sector, market and topic; or learn to predict sectors better."""
    if yes and not learn:
        raise UsageError("--yes answers the question of --retrain: give both, or none.")
    with frame.app(os.environ) as app:
        if learn:
            retrain(frame, app, yes=yes, as_json=as_json)
        else:
            finish(frame, app, pipeline.run(app, ["tag"]), as_json)


curate = _stage("curate", "Let the acceptance policy decide where no person need.")
digest = _stage("digest", "Compose the editions that are due.")
deliver = _stage("deliver", "Send what is pending.", required=True)


def finish(frame: Frame, app: App, reports: Sequence[Report], as_json: bool) -> None:
    """Print how it went, and remember for the exit code whether anything failed."""
    if as_json:
        print_json([report_json(report) for report in reports])
        print_notes(app.language, reports, frame.lang or app.config.language)
    else:
        print_reports(app.language, reports, frame.lang or app.config.language)
    frame.failed |= any(not report.clean for report in reports)


def report_json(report: Report) -> dict[str, object]:
    """A stage's report as JSON."""
    return {
        "stage": report.stage,
        "done": report.done,
        "waiting": report.waiting,
        "failed": report.failed,
        "issues_opened": report.opened,
        "counts": dict(report.counts),
        "notes": list(report.notes),
    }


@click.command(cls=Verb)
@click.pass_obj
def serve(frame: Frame) -> None:
    """The service: every stage on the times of the configuration, until it is told to stop."""
    with frame.app(os.environ, required=True) as app:
        said = app.language.say(
            "The service is at work on {path}; Ctrl-C or SIGTERM ends it.",
            frame.lang or app.config.language,
            path=str(app.store.path),
        )
        scheduler.serve(app, begun=lambda: click.echo(said, err=True))


@click.command(cls=Verb)
@click.pass_obj
def init(frame: Frame) -> None:
    """Ask a dozen questions and write the configuration file."""
    english = frame.lang == "en"
    sectors = {one.code: one.label_en if english else one.label_vi for one in load_vocabulary().sectors}
    interview(
        frame.config or DEFAULT_CONFIG,
        frame.language(),
        frame.lang or "vi",
        sectors=sectors,
        ask=lambda question: str(click.prompt(question, default="", show_default=False, prompt_suffix=" ")),
        tell=click.echo,
    )
