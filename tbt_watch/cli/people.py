"""The verbs on subscribers."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table, written
from tbt_watch.digest.enrol import enrol
from tbt_watch.digest.leaving import leave
from tbt_watch.digest.preview import Preview, preview
from tbt_watch.domain.code import code_link, code_of, worthless
from tbt_watch.domain.subscriber import Subscriber, Subscription
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.register import criteria_of, read_table, write_table
from tbt_watch.register import subscribers as read_subscribers
from tbt_watch.tag.related import related_words

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")


@click.group(cls=Verbs)
def subscribers() -> None:
    """Who is told what."""


@subscribers.command("list")
@AS_JSON
@click.pass_obj
def subscribers_list(frame: Frame, as_json: bool) -> None:
    """Every subscriber and what it follows."""
    with frame.app(os.environ) as app:
        # Of one removed only the ledger tells.
        people = [one for one in app.store.subscribers.all() if one.name]
        if as_json:
            for one in people:
                print_json(_facts(app, one))
            return
        lang = frame.lang or app.config.language
        say = app.language.say
        bulletin = say("bulletin", lang)
        rows = [
            (str(one.id), one.name, f"{one.channel}:{code_of(one) or one.address}", one.pause, *wish)
            for one in people
            for wish in (*map(_wish, one.subscriptions), *([("", bulletin)] if one.bulletin_since else []))
        ]
        head = (
            say("No.", lang),
            say("Name", lang),
            say("Channel", lang),
            say("Pause", lang),
            say("How often", lang),
            say("Follows", lang),
        )
        print_table(head, rows)


def _facts(app: App, one: Subscriber) -> dict[str, object]:
    names = ("id", "name", "lang", "channel", "address", "paused", "pause", "office")
    facts = {name: getattr(one, name) for name in names}
    return {
        **facts, "bulletin": one.bulletin_since is not None, "code": code_of(one), "link": _link(app, one) or None,
        "subscriptions": [wish.as_json() for wish in one.subscriptions],
    }  # fmt: skip


def _wish(wish: Subscription) -> tuple[str, str]:
    """When, and what."""
    when = " ".join(filter(None, (wish.frequency, wish.day, f"{wish.at:%H:%M}" if wish.at else "")))
    return when, "; ".join(f"{name}: {', '.join(some)}" for name, some in wish.criteria.as_json().items())


def _link(app: App, one: Subscriber) -> str:
    """What an enterprise taps to take up what was prepared for it; empty where there is nothing, or no more."""
    code = code_of(one)
    return code_link(app.bot, code) if code and not worthless(one, app.clock()) else ""


@subscribers.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_obj
def subscribers_import(frame: Frame, path: Path) -> None:
    """Take subscribers from a CSV or XLSX file; rows with a fault are told and left out."""
    with frame.app(os.environ) as app:
        now, sectors_of = app.clock(), app.vocabulary.sectors_of
        found, faults = read_subscribers(read_table(path), app.known, now)
        told = [f"{path.name}, row {fault.row}: {fault.message}" for fault in faults]
        taken = []
        for one in found:
            try:
                taken.append(enrol(app.store, one, now, sectors_of))
            except UsageError as error:
                told.append(f"{path.name}, {error}")
        for line in told:
            frame.warn(line)
        lang = frame.lang or app.config.language
        click.echo(app.language.say_n("{n} subscriber taken", "{n} subscribers taken", len(taken), lang))
        for one in taken:
            if code := code_of(one):
                click.echo("  ".join(filter(None, (one.name, code, _link(app, one)))))
        frame.failed |= bool(told)


@subscribers.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def subscribers_export(frame: Frame, path: Path | None) -> None:
    """The register as CSV, as import takes it."""
    with frame.app(os.environ) as app:
        people = (one for one in app.store.subscribers.all() if one.name)
        written(write_table(people, partial(_link, app)), path)


FILTERS = ("sectors", "markets", "hs", "areas", "topics", "words", "documents")


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each column of the register that limits a subscription; several values stand apart by ";"."""
    for name in reversed(FILTERS):
        command = click.option(
            f"--{name}", default="", help=f'As in the column {name}; several apart by ";".'
        )(command)
    return command


@subscribers.command("preview")
@_filters
@click.option(
    "--days", type=click.IntRange(1, 3660), default=90, show_default=True, help="How many days to look back."
)
@AS_JSON
@click.pass_obj
def subscribers_preview(frame: Frame, /, days: int, as_json: bool, **cells: str) -> None:
    """What a subscription would have brought: how many notices, and the newest of them."""
    with frame.app(os.environ) as app:
        seen = preview(
            criteria_of(cells, app.known),
            app.store.notices.published(),
            app.clock(),
            days,
            sectors_of=app.vocabulary.sectors_of,
            related_of=lambda word: related_words(word, app.vocabulary, app.language.hs_headings),
        )
        lang = frame.lang or app.config.language
        samples = [(item.notice.key, reason, item.text("headline", lang)) for item, reason in seen.samples]
        if as_json:
            listed = [dict(zip(("key", "reason", "headline"), sample, strict=True)) for sample in samples]
            facts = {"count": seen.count, "days": seen.days, "breadth": seen.breadth, "related": seen.related}
            print_json({**facts, "samples": listed})
            return
        say_n = app.language.say_n
        click.echo(
            say_n("{n} notice in {days} days", "{n} notices in {days} days", seen.count, lang, days=seen.days)
        )
        for key, reason, headline in samples:
            click.echo(f"  {key}  {headline}  ({reason})")
        for line in _advice(seen, app.language, lang):
            click.echo(line)


def _advice(seen: Preview, language: Language, lang: str) -> Iterator[str]:
    """A warning of what is too broad or comes to nothing, and the words that belong to those that were named."""
    if seen.breadth == "broad":
        yield language.say(
            "About {n} a week, more than most people read: name sectors or markets.", lang, n=seen.a_week
        )
    elif seen.breadth == "never":
        yield language.say(
            "Nothing could ever come of this: notices of the chosen areas are not about these products, or the words"
            " have no letters.", lang,
        )  # fmt: skip
    elif seen.breadth == "empty":
        yield language.say(
            "Nothing came by product or subject in these days; the words may be too narrow.", lang
        )
    for asked, words in seen.related.items():
        some = "; ".join(word for group in words.values() for word in group)
        yield language.say("Related to {word}: {words}", lang, word=asked, words=some)


@subscribers.command("remove")
@click.argument("number", type=int)
@click.pass_obj
def subscribers_remove(frame: Frame, number: int) -> None:
    """Remove a subscriber; the ledger keeps its deliveries without a name."""
    with frame.app(os.environ) as app:
        one = app.store.subscribers.get(number)
        if one is None:
            app.store.subscribers.remove(number)  # says that there is nobody
            return
        leave(app.store, one.channel, one.address, app.clock())
        app.store.talks.forget(one.channel, one.address)
