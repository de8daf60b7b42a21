"""The verbs on the translation memory."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verbs, print_json, written
from tbt_watch.cli.progress import Follow, progress_bar
from tbt_watch.domain.memory import SOURCES
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.translate.checks.checker import Checker
from tbt_watch.translate.memory.base import load_memory, marked, shipped_units
from tbt_watch.translate.memory.exchange import Disputed, Merge, merge, read_units, write_report, write_units
from tbt_watch.translate.memory.learning import learn
from tbt_watch.translate.terms.base import load_terms

T = TypeVar("T")

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
SHOWN = 20
"""Lines about single units on standard error; a file may have thousands."""


@click.group(cls=Verbs)
def memory() -> None:
    """The translation memory: what people translated before."""


@memory.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--conflicts", type=click.Path(path_type=Path), help="List here (CSV) what was not taken.")
@click.option(
    "--theirs", is_flag=True, help="Where the file says something else than we do, take the file's."
)
@click.option("--unchecked", is_flag=True, help="Take what fails the checks as well.")
@click.pass_obj
def memory_import(frame: Frame, path: Path, conflicts: Path | None, theirs: bool, unchecked: bool) -> None:
    """Take another office's memory, TMX or CSV; where ours says something else, ours stays."""
    if conflicts is not None and conflicts.resolve() == path.resolve():
        raise UsageError(f"{path} is to be read and written: give --conflicts another name.")
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        now, checker = app.clock(), _checker(app)
        learn(app.store, checker, now)  # what a person wrote here this minute is ours too
        ours = app.store.memory.all()
        with progress_bar(1, _about(path)) as follow:
            units = _followed(read_units(path), path.name, follow)
            done = merge(units, ours, shipped_units(), checker, now, theirs=theirs, unchecked=unchecked)
        if conflicts is not None:
            written(write_report(done.disputed, partial(_why, app.language, lang)), conflicts)
        app.store.memory.put(done.taken, now)
        say_n = app.language.say_n
        _tell_faults(path.name, done, app.language, lang)
        frame.failed |= bool(done.bad)
        click.echo(say_n("{n} translation taken", "{n} translations taken", len(done.taken), lang))
        if done.same:
            click.echo(say_n("{n} was known", "{n} were known", done.same, lang))
        if done.disputed:
            waiting = len(done.disputed)
            click.echo(say_n("{n} waits for a person", "{n} wait for a person", waiting, lang), err=True)
            said = (
                app.language.say("Both sides are listed in {path}.", lang, path=str(conflicts))
                if conflicts
                else app.language.say("--conflicts PATH lists both sides.", lang)
            )
            click.echo(said, err=True)


def _why(language: Language, lang: str, one: Disputed) -> str:
    """Why a unit was not taken, by the names that readers know the checks by."""
    if lang == "en" or not one.failed:
        return language.said(one.why, lang)
    return "; ".join(
        f"{language.label('check', fault.name, lang)}: {language.said_of_check(fault.detail, lang)}"
        for fault in one.failed
    )


def _checker(app: App) -> Checker:
    return Checker(load_terms(app.store.terms.all()), app.language)


def _about(path: Path) -> int:
    """About how many units a file has, by its size."""
    return path.stat().st_size // 400 if path.exists() else 0


def _followed(units: Iterable[T], name: str, follow: Follow) -> Iterator[T]:
    for number, unit in enumerate(units):
        if number % 100 == 0:
            follow(name, 0, number)
        yield unit


def _tell_faults(name: str, done: Merge, language: Language, lang: str) -> None:
    say = language.say
    for bad in islice(done.bad, SHOWN):
        fault = say(bad.fault.message, lang, **dict(bad.fault.values))
        click.echo(
            say("{file}, line {line}: {fault}.", lang, file=name, line=str(bad.line), fault=fault), err=True
        )
    if len(done.bad) > SHOWN:
        click.echo(say("{file}: left out in all: {n}.", lang, file=name, n=len(done.bad)), err=True)


@memory.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--all", "everything", is_flag=True, help="The project's own memory as well.")
@click.pass_obj
def memory_export(frame: Frame, path: Path | None, everything: bool) -> None:
    """The office's memory as TMX 1.4 or CSV, after the suffix of PATH; as CSV without one."""
    with frame.app(os.environ) as app:
        learn(app.store, _checker(app), app.clock())
        units = app.store.memory.all()
        if everything:
            units = [*shipped_units(), *units]
        written(write_units(units, path.suffix if path else ".csv"), path)


@memory.command("near")
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@click.option("--from", "source", type=click.Choice(SOURCES), default="en", help="The language of the text.")
@AS_JSON
@click.pass_obj
def memory_near(frame: Frame, words: Iterable[str], source: str, as_json: bool) -> None:
    """What was translated before that is like TEXT, with the words in which it differs; the best first."""
    with frame.app(os.environ) as app:
        known = load_memory(app.store.memory.all(), app.language)
        found = known.near(" ".join(words), source)
        for one in found:
            if as_json:
                facts = {"id": one.unit.id, "score": one.score, "source": one.unit.source}
                print_json({**facts, "target": one.unit.target, "difference": one.difference})
                continue
            click.echo(f"{one.score}  {marked(one.difference)}")
            number = f"  ({one.unit.id})" if one.unit.id is not None else ""
            click.echo(f"    {one.unit.target}{number}")
        if not found:
            lang = frame.lang or app.config.language
            click.echo(app.language.say("Nothing in the memory is like it.", lang), err=True)


@memory.command("remove")
@click.argument("numbers", metavar="NUMBER...", type=int, nargs=-1, required=True)
@click.pass_obj
def memory_remove(frame: Frame, numbers: tuple[int, ...]) -> None:
    """Forget units of the office's own by the numbers that near shows."""
    with frame.app(os.environ) as app:
        gone = app.store.memory.remove(numbers)
        lang = frame.lang or app.config.language
        click.echo(app.language.say_n("{n} translation forgotten", "{n} translations forgotten", gone, lang))
