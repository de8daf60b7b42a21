"""The verbs of whoever looks after the service: models, status, doctor, backup."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from tbt_watch.bot.trouble import CONVERSATION, troubles
from tbt_watch.cli.frame import Frame, Verb, Verbs, print_json, print_table
from tbt_watch.cli.ledger import CHANNEL_TROUBLE, count_lines
from tbt_watch.cli.summary import stage_names
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.translate.engines.models import install_model, list_models, remove_model, unusable_models
from tbt_watch.translate.engines.packages import InstalledModel

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")


@click.group(cls=Verbs)
def models() -> None:
    """Translation packages."""


@models.command("list")
@AS_JSON
@click.pass_obj
def models_list(frame: Frame, as_json: bool) -> None:
    """What is installed: origin, licence, attribution, checksum; and what lies there and cannot be used."""
    config = frame.load(os.environ)
    language, lang = frame.language(), frame.lang or config.language
    found = list_models(config.store.models)
    for one in found:
        if as_json:
            names = ("pair", "version", "origin", "licence", "attribution", "sha256", "model_sha256", "bytes")
            print_json({name: getattr(one, name) for name in names} | _starter_facts(one))
        else:
            click.echo("\n".join(described(one, language, lang)))
    for problem in unusable_models(config.store.models):
        click.echo(problem, err=True)
    if not found:
        click.echo(
            language.say("No translation package is installed: tbt-watch models install en-vi", lang),
            err=True,
        )


def _starter_facts(model: InstalledModel) -> dict[str, Any]:
    made = model.starter
    if made is None:
        return {}
    return {"starter": True, "bundled": model.bundled, "data": made.data, "quality": made.quality}


def described(model: InstalledModel, language: Language, lang: str) -> Iterator[str]:
    """A package in lines: what a person must know of it, and name where its texts are used."""
    say = language.say
    unknown = say("not stated", lang)
    made = model.starter
    name = f"{model.pair} {model.version}  {model.bytes / 1_000_000:.1f} MB"
    yield f"{name}  {say('starter, made by this project', lang)}" if made else name
    rows = (
        (say("Licence", lang), model.licence),
        (say("Attribution", lang), model.attribution),
        *([(say("Data", lang), made.data), (say("Quality", lang), made.quality)] if made else []),
        (say("Origin", lang), model.origin),
        ("SHA-256", model.sha256),
    )
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:<{width}}  {fact or unknown}" for name, fact in rows)


@models.command("install")
@click.argument("what", metavar="PAIR|PATH|ADDRESS")
@click.option("--sha256", help="The checksum that the package must have.")
@click.pass_obj
def models_install(frame: Frame, what: str, sha256: str | None) -> None:
    """Install a package: a pair of the catalog (en-vi), a file, or an address."""
    config = frame.load(os.environ)
    with ExitStack() as shown:
        bars: list[Any] = []

        def progress(have: int, total: int | None) -> None:
            if not bars:  # only once something comes: a file needs none
                bars.append(shown.enter_context(click.progressbar(length=1, label=what, file=sys.stderr)))
            bars[0].length = total or max(have, 1)
            bars[0].update(int(have - bars[0].pos))

        done = install_model(
            config.store.models,
            what,
            sha256=sha256,
            mirror=config.translate.mirror or None,
            progress=progress,
        )
    click.echo("\n".join(described(done, frame.language(), frame.lang or config.language)))


@models.command("remove")
@click.argument("pair")
@click.pass_obj
def models_remove(frame: Frame, pair: str) -> None:
    """Remove the packages of a pair."""
    for path in remove_model(frame.load(os.environ).store.models, pair):
        click.echo(path.name)


@click.command(cls=Verb)
@AS_JSON
@click.pass_obj
def status(frame: Frame, as_json: bool) -> None:
    """How the service is doing: notices, issues, deliveries, last runs."""
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        states, runs = app.store.notices.counts(), app.store.runs.last()
        open_issues = app.store.issues.open_list()
        issues = len(open_issues)
        counts = app.store.deliveries.counts()
        if as_json:
            delivered: dict[str, dict[str, int]] = {}
            for (channel, state), count in counts.items():
                delivered.setdefault(channel, {})[state] = count
            last = {name: when.isoformat() for name, (when, _) in runs.items()}
            print_json(
                {
                    "notices": states,
                    "issues": issues,
                    "deliveries": delivered,
                    "channels": [one.message for one in open_issues if one.kind in CHANNEL_TROUBLE],
                    "conversation": [one.kind for one in open_issues if one.source == CONVERSATION],
                    "last_runs": last,
                    "subscribers": sum(bool(one.name) for one in app.store.subscribers.all()),
                }
            )
            return
        language = app.language
        head = (language.say("State", lang), language.say("Notices", lang))
        if states:
            named = [(language.label("state", one, lang), str(many)) for one, many in sorted(states.items())]
            print_table(head, named)
            click.echo()
        names = stage_names(language, lang)
        rows = [
            (names[name], language.moment(when, lang)) for name, (when, _) in runs.items() if name in names
        ]
        if rows:
            print_table((language.say("Stage", lang), language.say("Last run", lang)), rows)
            click.echo()
        for line in count_lines(counts, language, lang):
            click.echo(line)
        for one in open_issues:
            if one.kind in CHANNEL_TROUBLE:
                click.echo(frame.said(one.message))
        for line in troubles(open_issues, language, lang):
            click.echo(line)
        click.echo(language.say_n("{n} open issue", "{n} open issues", issues, lang))


@click.command(cls=Verb)
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_obj
def backup(frame: Frame, path: Path) -> None:
    """Write a copy of the database; others may go on working."""
    with frame.app(os.environ) as app:
        app.store.backup(path)
        click.echo(str(path))


@click.command(cls=Verb)
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_obj
def restore(frame: Frame, path: Path) -> None:
    """Put a copy in the place of the database; the old one is kept beside it."""
    target = frame.load(os.environ).store.path
    Store.restore(path, target)
    click.echo(str(target))
