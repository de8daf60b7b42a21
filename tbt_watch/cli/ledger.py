"""The verbs on deliveries."""

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import click

from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table, written
from tbt_watch.domain.edition import Delivery, DeliveryState, EditionKind
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.text import disarmed
from tbt_watch.language import Language
from tbt_watch.register import CHANNELS
from tbt_watch.store.ledger import Wanted

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
CHANNEL_TROUBLE = ("channel-off", "channel-refused")
"""The kinds of issues that say why a whole channel sends nothing."""

DAY = click.DateTime(formats=["%Y-%m-%d"])
LEDGER = (
    "id",
    "edition",
    "kind",
    "subscriber_id",
    "subscriber",
    "channel",
    "state",
    "attempts",
    "parts",
    "lost",
    "created_at",
    "why",
)


def state_words(language: Language, lang: str) -> dict[DeliveryState, str]:
    """What the states are called."""
    return {
        "PENDING": language.say("Waiting to be sent", lang),
        "SENT": language.say("Sent", lang),
        "UNCERTAIN": language.say("Nobody knows whether it arrived", lang),
        "FAILED": language.say("Could not be sent", lang),
        "BLOCKED": language.say("Not taken by the recipient", lang),
    }


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """Which deliveries: handed over as one ``wanted``."""
    options = (
        click.option(
            "--state", type=click.Choice(STATES, case_sensitive=False), help="Only those that stand there."
        ),
        click.option("--channel", type=click.Choice(CHANNELS), help="Only those of this channel."),
        click.option("--kind", type=click.Choice(get_args(EditionKind)), help="Only those of such editions."),
        click.option("--edition", type=int, help="Only those of this edition."),
        click.option("--subscriber", type=int, help="Only those to this subscriber."),
        click.option("--since", type=DAY, help="Only those made on this day or later (YYYY-MM-DD)."),
        click.option("--until", type=DAY, help="Only those made on this day or before."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _wanted(given: dict[str, Any]) -> Wanted:
    since: datetime | None = given["since"]
    until: datetime | None = given["until"]
    return Wanted(
        state=next((one for one in STATES if given["state"] and one == given["state"].upper()), None),
        channel=given["channel"],
        kind=given["kind"],
        edition_id=given["edition"],
        subscriber_id=given["subscriber"],
        since=since.replace(tzinfo=VIETNAM) if since else None,
        until=until.replace(tzinfo=VIETNAM) + timedelta(days=1) if until else None,
    )


@click.group(cls=Verbs)
def deliveries() -> None:
    """The ledger: what went to whom, and how it went."""


@deliveries.command("list")
@_filters
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many at most.")
@AS_JSON
@click.pass_obj
def deliveries_list(frame: Frame, /, limit: int, as_json: bool, **given: Any) -> None:
    """The newest deliveries, and how many there are in each state."""
    with frame.app(os.environ) as app:
        wanted = _wanted(given)
        found = app.store.deliveries.find(wanted, limit)
        if as_json:
            for one in found:
                print_json(dict(zip(LEDGER, _ledger(one), strict=True)))
            return
        language, lang = app.language, frame.lang or app.config.language
        states = state_words(language, lang)
        rows = [
            (str(one.id), states[one.state], language.moment(one.created_at, lang), one.edition_kind, one.subscriber,
             one.channel, f"{len(one.parts)}", frame.said(one.why))
            for one in found
        ]  # fmt: skip
        names = ("No.", "State", "Since", "Edition", "Name", "Channel", "Parts", "Why")
        print_table([language.say(name, lang) for name in names], rows)
        click.echo()
        for line in count_lines(app.store.deliveries.counts(wanted), language, lang):
            click.echo(line)


def count_lines(counts: dict[tuple[str, DeliveryState], int], language: Language, lang: str) -> Iterator[str]:
    """How many deliveries are in each state, a line for each channel."""
    states = state_words(language, lang)
    for channel in sorted({name for name, _ in counts}):
        parts = [
            f"{states[state]}: {counts[channel, state]}" for state in STATES if (channel, state) in counts
        ]
        yield f"{channel} · {' · '.join(parts)}"


def _ledger(one: Delivery) -> tuple[str | int | None, ...]:
    when = one.created_at.astimezone(VIETNAM).isoformat(timespec="seconds")
    return (
        one.id, one.edition_id, one.edition_kind, one.subscriber_id, one.subscriber, one.channel, one.state,
        one.attempts, len(one.parts), sum(part.lost for part in one.parts), when, one.why,
    )  # fmt: skip


@deliveries.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@_filters
@click.pass_obj
def deliveries_export(frame: Frame, /, path: Path | None, **given: Any) -> None:
    """The ledger, or these deliveries of it, as CSV: for the annual report."""
    with frame.app(os.environ) as app:
        written(_table(app.store.deliveries.find(_wanted(given), 10_000_000)), path)


def _table(found: Iterable[Delivery]) -> Iterator[str]:
    for cells in [LEDGER, *map(_ledger, found)]:
        out = io.StringIO()
        csv.writer(out).writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in cells])
        yield out.getvalue()


@deliveries.command("resend")
@click.argument("number", type=int)
@click.pass_obj
def deliveries_resend(frame: Frame, number: int) -> None:
    """Send once more what failed, is blocked, or nobody knows of."""
    with frame.app(os.environ) as app:
        one = app.store.deliveries.resend(number, app.clock())
        lang = frame.lang or app.config.language
        again = [part for part in one.parts if part.state != "SENT"]
        say_n = app.language.say_n
        click.echo(
            say_n(
                "Delivery {id} to {name}: {n} part goes out again with the next run.",
                "Delivery {id} to {name}: {n} parts go out again with the next run.",
                len(again),
                lang,
                id=one.id,
                name=one.subscriber,
            )
        )
        if any(part.lost for part in again):
            words = app.language.say("Sent again", one.lang)
            click.echo(
                app.language.say(
                    "What may have arrived already has “{words}” in front of it.", lang, words=words
                )
            )
