"""``tbt-watch collect``: sources, files, and days long past."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from tbt_watch import pipeline
from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verb, print_json
from tbt_watch.cli.progress import progress_bar
from tbt_watch.cli.rehearsal import Rehearsal, rehearse
from tbt_watch.cli.stages import asked, finish, report_json
from tbt_watch.collect import backfill
from tbt_watch.collect.backfill import Reach, Task
from tbt_watch.collect.options import CrawlOptions, DeclaredFeed
from tbt_watch.collect.registry import find_source
from tbt_watch.domain.moment import today
from tbt_watch.domain.work import Report
from tbt_watch.errors import UsageError

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(cls=Verb)
@click.argument("names", nargs=-1, metavar="SOURCE...")
@click.option("--since", type=DAY, help="From this day on, where the source can be asked for days.")
@click.option("--until", type=DAY, help="To this day (with --since; else to today).")
@click.option("--announce", is_flag=True, help="What is old but still open for comment goes out, once.")
@click.option("--dry-run", is_flag=True, help="Say what would come and who would be told; write nothing.")
@click.option(
    "--fresh", is_flag=True, help="Read even what did not change, or was read, since the last time."
)
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path), help="Read files instead of the site."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def collect(
    frame: Frame,
    names: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    announce: bool,
    dry_run: bool,
    fresh: bool,
    files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Read sources, or files of one source, and keep what they say, word for word."""
    if until and not since:
        raise UsageError("--until names the last day: name the first one too, with --since.")
    with frame.app(os.environ) as app:
        chosen, paths = _sources_and_files(app, names, files)
        days = (since.date(), until.date() if until else today(app.clock())) if since and not paths else None
        # What is to be announced may have been kept in silence before, so it is looked at again.
        options = CrawlOptions(now=app.clock(), files=paths, fresh=fresh or announce, announce=announce)
        with asked(app, options) as options:
            errand = _Errand(frame, app, chosen, options, days, forget=fresh)
            if dry_run:
                errand.rehearse(as_json)
            else:
                finish(frame, app, [pipeline.recorded(app, lambda: errand.run(app))], as_json)


class _Errand:
    """What is to be collected: usual crawls, or days long past window by window."""

    def __init__(
        self,
        frame: Frame,
        app: App,
        names: Sequence[str],
        options: CrawlOptions,
        days: tuple[date, date] | None,
        *,
        forget: bool,
    ) -> None:
        self._app = app
        self._lang = frame.lang or app.config.language
        self._names = names
        self._options = options
        self._tasks = self._plan(*days, forget) if days else None

    def _plan(self, since: date, until: date, forget: bool) -> list[Task]:
        if since > until:
            raise UsageError(f"--since {since} lies after --until {until}: change one of them.")
        reaches = {name: reach_of(name, self._app.feeds) for name in self._names}
        announce = self._options.announce
        tasks = backfill.plan(self._app.store, reaches, since, until, fresh=forget, announce=announce)
        for name in self._names:
            self._tell_plan(name, [task for task in tasks if task.source == name])
        return tasks

    def _tell_plan(self, name: str, tasks: Sequence[Task]) -> None:
        """The estimate, before anything is asked."""
        language, lang = self._app.language, self._lang
        due = [task for task in tasks if not task.done]
        if any(task.window is None for task in tasks):
            line = language.say(
                "{source} cannot be asked for days: what it shows now is read.", lang, source=name
            )
        elif not due:
            line = language.say(
                "{source}: all of it was read before; --fresh reads it again.", lang, source=name
            )
        else:
            least, most = (sum(task.requests[end] for task in due) for end in (0, 1))
            line = language.say_n(
                "{source}: {n} window to read, {done} read before; about {least} to {most} requests.",
                "{source}: {n} windows to read, {done} read before; about {least} to {most} requests.",
                len(due), lang, source=name, done=len(tasks) - len(due), least=least, most=most,
            )  # fmt: skip
        click.echo(line, err=True)

    def run(self, app: App) -> Report:
        """Collect into that store."""
        options = app.crawl_options(self._options)
        steps = len(self._names) if self._tasks is None else sum(not task.done for task in self._tasks)
        with progress_bar(steps, self._expected()) as follow:
            if self._tasks is None:
                return pipeline.collect(app, self._names, options, follow)
            return pipeline.fill(app, self._tasks, options, follow)

    def _expected(self) -> int:
        """About how many records a single crawl will have: as many as last time, or what is declared."""
        name = self._names[0]
        state = self._app.store.runs.crawls().get(name)
        return (state.items if state else None) or find_source(name, self._app.feeds).expects[0]

    def rehearse(self, as_json: bool) -> None:
        """Say what would come and who would be told."""
        found = rehearse(self._app, self.run)
        groups = self._app.store.subscribers.members()
        people = {key: [one.name for one in some] for key, some in groups.items()}
        if as_json:
            audiences = [
                {"audience": key, "subscribers": people.get(key, []), "notices": count}
                for key, count in found.told.items()
            ]
            ages = {name: found.ages.get(name, 0) for name in ("FRESH", "LATE", "ARCHIVE")}
            print_json({"report": report_json(found.report), "ages": ages, "audiences": audiences})
            return
        self._print(found, people)

    def _print(self, found: Rehearsal, people: dict[str, list[str]]) -> None:
        language, lang = self._app.language, self._lang
        counts = dict(found.report.counts)
        click.echo(language.say("A dry run: nothing was written, and nobody is told.", lang))
        click.echo(
            language.say(
                "Records: {new} new, {changed} changed, {same} as before; {waiting} could not be read.", lang,
                new=counts["new"], changed=counts["changed"], same=counts["same"], waiting=found.waiting,
            )
        )  # fmt: skip
        click.echo(
            language.say(
                "Notices: {fresh} news, {late} late but still open for comment, {archive} archive.", lang,
                fresh=found.ages.get("FRESH", 0), late=found.ages.get("LATE", 0),
                archive=found.ages.get("ARCHIVE", 0),
            )
        )  # fmt: skip
        if found.ages.get("LATE") and not self._options.announce:
            click.echo(language.say("What is late is told to nobody; --announce tells it once.", lang))
        if not found.told:
            click.echo(language.say("Nobody would be told anything.", lang))
        for key, count in sorted(found.told.items(), key=lambda pair: -pair[1]):
            names = ", ".join(people.get(key, []))
            click.echo(
                "  " + language.say_n("{n} notice: {names}", "{n} notices: {names}", count, lang, names=names)
            )
        for note in found.report.notes:
            click.echo(language.said(note, lang), err=True)


def reach_of(name: str, feeds: Sequence[DeclaredFeed] = ()) -> Reach:
    """What a back-fill must know of a source."""
    source = find_source(name, feeds)
    return Reach(
        window_days=source.window_days,
        backfill_days=source.backfill_days,
        page_size=getattr(source, "page_size", 1),
        expects=source.expects,
    )


def _sources_and_files(
    app: App, names: Sequence[str], files: Sequence[Path]
) -> tuple[list[str], tuple[Path, ...]]:
    """``--file`` takes many paths: what stands behind the first one and is no source is one more."""
    known = {one.name for one in app.sources}
    more = [Path(name) for name in names if files and name not in known]
    chosen = [find_source(name, app.feeds).name for name in names if Path(name) not in more]
    if not chosen:
        raise UsageError(f"Name a source to collect: {', '.join(sorted(known))}.")
    paths = (*files, *more)
    if paths and len(chosen) > 1:
        raise UsageError("Files can be read for one source at a time: name one source with --file.")
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise UsageError(f"There is no file {missing[0]}: check the path.")
    return chosen, tuple(path.resolve() for path in paths)
