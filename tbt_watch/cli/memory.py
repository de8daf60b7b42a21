"""The verbs on the translation memory."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from tbt_watch.cli.frame import Frame, Verbs, print_json, written
from tbt_watch.cli.progress import Follow, progress_bar
from tbt_watch.domain.memory import SOURCES
from tbt_watch.translate.memory.base import load_memory, marked, shipped_units
from tbt_watch.translate.memory.exchange import Merge, merge, read_units, write_report, write_units

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
    with frame.app(os.environ) as app:
        now = app.clock()
        ours = app.store.memory.all()
        with progress_bar(1, _about(path)) as follow:
            units = _followed(read_units(path), path.name, follow)
            done = merge(units, ours, shipped_units(), now, theirs=theirs, unchecked=unchecked)
        if conflicts is not None:
            written(write_report(done.disputed), conflicts)
        app.store.memory.put(done.taken, now)
        _tell_faults(path, done)
        frame.failed |= bool(done.bad)
        lang, say_n = frame.lang or app.config.language, app.language.say_n
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


def _about(path: Path) -> int:
    """About how many units a file has, by its size."""
    return path.stat().st_size // 400 if path.exists() else 0


def _followed(units: Iterable[T], name: str, follow: Follow) -> Iterator[T]:
    for number, unit in enumerate(units):
        if number % 100 == 0:
            follow(name, 0, number)
        yield unit


def _tell_faults(path: Path, done: Merge) -> None:
    for bad in islice(done.bad, SHOWN):
        click.echo(f"{path.name}, line {bad.line}: {bad.message}", err=True)
    if len(done.bad) > SHOWN:
        click.echo(f"{path.name}: {len(done.bad)} units in all were left out.", err=True)


@memory.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--all", "everything", is_flag=True, help="The project's own memory as well.")
@click.pass_obj
def memory_export(frame: Frame, path: Path | None, everything: bool) -> None:
    """The office's memory as TMX 1.4 or CSV, after the suffix of PATH; as CSV without one."""
    with frame.app(os.environ) as app:
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
