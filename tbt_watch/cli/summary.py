"""How a run went, on one screen."""

from collections.abc import Sequence

import click

from tbt_watch.app import App
from tbt_watch.domain.work import Report
from tbt_watch.language import Language


def stage_names(language: Language, lang: str) -> dict[str, str]:
    """What the stages are called."""
    return {
        "collect": language.say("Collect", lang),
        "normalise": language.say("Normalise", lang),
        "translate": language.say("Translate", lang),
        "tag": language.say("Tag", lang),
        "curate": language.say("Accept", lang),
        "digest": language.say("Digest", lang),
        "deliver": language.say("Deliver", lang),
        "bulletin": language.say("Bulletin", lang),
    }


def _line(language: Language, report: Report, lang: str) -> str:
    """What a stage did, in a few words."""
    say = language.say
    counts = dict(report.counts)
    done = report.done
    parts = {
        "collect": lambda: language.say_n(
            "{new} new, {changed} changed, {same} as before, from {n} source",
            "{new} new, {changed} changed, {same} as before, from {n} sources",
            counts.get("sources", 0), lang, new=counts.get("new", 0), changed=counts.get("changed", 0),
            same=counts.get("same", 0),
        ),
        "normalise": lambda: language.say_n("{n} record read", "{n} records read", done, lang),
        "translate": lambda: language.say_n("{n} notice", "{n} notices", done, lang),
        "tag": lambda: language.say_n("{n} notice", "{n} notices", done, lang),
        "curate": lambda: language.say_n(
            "{n} notice accepted or archived", "{n} notices accepted or archived", done, lang
        ),
        "digest": lambda: language.say_n("{n} edition", "{n} editions", done, lang),
        "deliver": lambda: language.say_n("{n} delivery sent", "{n} deliveries sent", done, lang),
        "bulletin": lambda: language.say_n("{n} page", "{n} pages", done, lang),
    }  # fmt: skip
    more = [parts[report.stage]()]
    if untranslated := counts.get("untranslated"):
        if report.notes:  # what is wrong with the model that is there
            more.append(say("{count} with texts in their own language", lang, count=untranslated))
        else:
            more.append(
                say(
                    "{count} with texts in their own language: no translation package",
                    lang,
                    count=untranslated,
                )
            )
    if unsectored := counts.get("unsectored"):
        more.append(say("{count} without a sector, told under general news", lang, count=unsectored))
    if report.stage == "translate" and report.waiting:
        more.append(
            language.say_n(
                "{n} text failed its checks: tbt-watch notices list --untranslated",
                "{n} texts failed their checks: tbt-watch notices list --untranslated", report.waiting, lang,
            )
        )  # fmt: skip
    elif report.waiting:
        more.append(say("{count} waiting", lang, count=report.waiting))
    if report.failed:
        more.append(say("{count} failed", lang, count=report.failed))
    return "; ".join(more)


def print_reports(language: Language, reports: Sequence[Report], lang: str) -> None:
    """A line a stage; faults of a whole stage go to standard error."""
    names = stage_names(language, lang)
    width = max(len(name) for name in names.values())
    for report in reports:
        click.echo(f"  {names[report.stage].ljust(width)}  {_line(language, report, lang)}")
    print_notes(language, reports, lang)


def print_notes(language: Language, reports: Sequence[Report], lang: str) -> None:
    """What went wrong with a stage as a whole, on standard error."""
    for report in reports:
        for note in report.notes:
            click.echo(language.said(note, lang), err=True)


def print_summary(app: App, reports: Sequence[Report], lang: str) -> None:
    """The screen at the end of a run: counts, where things are, what waits, and for the sample how to go live."""
    language = app.language
    say = language.say
    when = language.moment(app.clock(), lang)
    if app.sample:
        click.echo(say("TBT Watch: the bundled sample edition, as of {when}", lang, when=when))
    else:
        click.echo(say("TBT Watch: one pass of every stage, {when}", lang, when=when))
    click.echo()
    print_reports(language, reports, lang)
    click.echo()
    settings = app.config
    click.echo(say("Bulletin: {path}", lang, path=str(settings.bulletin.folder / "index.html")))
    if "pretend" in settings.deliver.channels:
        click.echo(say("Messages: {path}", lang, path=str(settings.deliver.pretend.folder)))
    open_issues = len(app.store.issues.open_list())
    if open_issues:
        command = "tbt-watch issues list" + (" --sample" if app.sample else "")
        click.echo(
            language.say_n(
                "{n} issue is somebody's work: {command}", "{n} issues are somebody's work: {command}",
                open_issues, lang, command=command,
            )
        )  # fmt: skip
    if app.sample:
        _go_live(language, lang)


def _go_live(language: Language, lang: str) -> None:
    click.echo()
    click.echo(language.say("Three steps to go live:", lang))
    steps = (
        language.say("tbt-watch init            answer a dozen questions; writes config.toml", lang),
        language.say(
            "tbt-watch run --once      the first pass on the live sources; nobody is sent anything yet", lang
        ),
        language.say(
            "tbt-watch serve           the service; switch Telegram on in config.toml when you are content",
            lang,
        ),
    )
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {step}")
