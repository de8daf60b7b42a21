"""The verbs on sources: list, check, health, new."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table
from tbt_watch.collect.advice import health_json, health_lines
from tbt_watch.collect.glimpse import fetch_page, read_page
from tbt_watch.collect.newcomer import add_source, check_name, checkout
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.collect.registry import check_sources
from tbt_watch.errors import UsageError
from tbt_watch.tending import source_health

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")


@click.group("sources", cls=Verbs)
def sources_() -> None:
    """Where notices come from."""


@sources_.command("list")
@AS_JSON
@click.pass_obj
def sources_list(frame: Frame, as_json: bool) -> None:
    """Every source, and when it was last read well."""
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        crawls = app.store.runs.crawls()
        rows = []
        for one in app.sources:
            state = crawls.get(one.name)
            when = state.last_success if state else None
            if as_json:
                facts = {"name": one.name, "title": one.title, "publisher": one.publisher, "home": one.home}
                on = one.name in app.config.sources.enabled
                print_json({**facts, "enabled": on, "last_success": when.isoformat() if when else None})
                continue
            last = app.language.moment(when, lang) if when else app.language.say("never", lang)
            rows.append((one.name, one.frequency, last, one.home, app.language.title(one.title, lang)))
        say = app.language.say
        print_table(
            (
                say("Name", lang),
                say("How often", lang),
                say("Last read", lang),
                say("Page", lang),
                say("Title", lang),
            ),
            rows,
        )


@sources_.command("check")
@click.pass_obj
def sources_check(frame: Frame) -> None:
    """Look whether every source is declared as it must be."""
    with frame.app(os.environ) as app:
        problems = check_sources(app.feeds)
    for problem in problems:
        click.echo(frame.said(problem))
    frame.failed |= bool(problems)


@sources_.command("health")
@AS_JSON
@click.pass_obj
def sources_health(frame: Frame, as_json: bool) -> None:
    """How each source that is switched on is doing, and what to do about it."""
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        for number, found in enumerate(source_health(app)):
            if as_json:
                print_json(health_json(found, app.language, lang))
                continue
            if number:
                click.echo()
            for line in health_lines(app.language, found, lang):
                click.echo(line)


@sources_.command("new")
@click.argument("name")
@click.argument("url")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="Take this saved page instead of fetching it."
)
@click.pass_obj
def sources_new(frame: Frame, name: str, url: str, file: Path | None) -> None:
    """Write a spider for URL, save its page, and with that a test that fails until a person has read it."""
    root = checkout()
    check_name(root, name)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise UsageError(f"{url} is no address: name one that begins with https://.")
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        page = (
            read_page(file, url)
            if file
            else fetch_page(url, app.crawl_options(CrawlOptions(now=app.clock())))
        )
        for path in add_source(root, name, url, page):
            click.echo(path.relative_to(root))
        say = app.language.say
        steps = (
            say(
                "Fill in what is empty in spiders/{name}.py: tbt-watch sources check names it.",
                lang,
                name=name,
            ),
            say("Run make test: it writes tests/spiders/{name}/expected.json and fails.", lang, name=name),
            say('Read that file line by line, and delete its line "unread" when all is right.', lang),
            say("Name a reader for its records in tbt_watch/normalise/stage.py.", lang),
        )
        for number, step in enumerate(steps, start=1):
            click.echo(f"{number}. {step}", err=True)
