"""``tbt-watch tag --retrain``: an office's own model of sectors, shown before it is used."""

from collections.abc import Sequence
from datetime import timedelta
from importlib.resources import files

import click

from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, print_json, print_table
from tbt_watch.domain.moment import today
from tbt_watch.tag.model import read_model, write_model
from tbt_watch.tag.predict import OWN_MODEL, Predictor
from tbt_watch.tag.retrain import Shift, corrections, doubts, retrained, shifts

RECENT = timedelta(days=90)
_ALL = 1_000_000


def retrain(frame: Frame, app: App, *, yes: bool, as_json: bool) -> None:
    """Learn from staff's decisions, print what would change, and keep the model when a person wants it."""
    lang = frame.lang or app.config.language
    say, say_n = app.language.say, app.language.say_n
    learned = corrections(
        app.store.notices.every(), app.store.tags.rulings(), doubts(app.store.taps.misses())
    )
    if not learned:
        if as_json:
            print_json({"corrected": 0, "changes": [], "kept": False})
        click.echo(
            say(
                "Nobody has had a word on the sectors of a notice yet: there is nothing to learn from.", lang
            ),
            err=as_json,
        )
        return
    shipped = read_model(files("tbt_watch.tag").joinpath("predicted"))
    sectors = frozenset(one.code for one in app.vocabulary.sectors)
    after = Predictor(model=retrained(shipped, learned), sectors=sectors)
    before = app.predictor.predictor or Predictor(model=shipped, sectors=sectors)
    since = today(app.clock()) - RECENT
    recent = [(one.notice, one.tags) for one in app.store.notices.newest(_ALL, since=since)]
    changes = shifts(before, after, recent)
    if not as_json:
        click.echo(
            say_n(
                "learned from {n} corrected notice", "learned from {n} corrected notices", len(learned), lang
            )
        )
        _table(app, changes, lang, len(recent))
    kept = yes or (not as_json and click.confirm(say("Use it from now on?", lang), err=True))
    folder = app.store.path.parent / OWN_MODEL
    if kept:
        write_model(after.model, folder)
    if as_json:
        rows = [{"sector": one.sector, "gained": one.gained, "lost": one.lost} for one in changes]
        print_json({"corrected": len(learned), "changes": rows, "kept": kept})
    elif kept:
        click.echo(
            say(
                "The office's own model is in {path}; what is tagged from now on asks it.",
                lang,
                path=str(folder),
            )
        )
    else:
        click.echo(say("Nothing was changed.", lang))


def _table(app: App, changes: Sequence[Shift], lang: str, count: int) -> None:
    say, say_n = app.language.say, app.language.say_n
    click.echo(
        say_n(
            "{n} notice of the last 90 days, as it would be tagged:",
            "{n} notices of the last 90 days, as they would be tagged:",
            count,
            lang,
        )
    )
    if not changes:
        click.echo(say("No sector would change.", lang))
        return
    head = (say("gained", lang), say("lost", lang), say("sector", lang))
    print_table(
        head,
        [(str(one.gained), str(one.lost), app.vocabulary.label(one.sector, lang)) for one in changes],
    )
