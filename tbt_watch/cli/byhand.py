"""The verbs for what a person carries over: the text to copy, and that it was pasted."""

import os

import click

from tbt_watch.cli.frame import Frame, Verb, print_json
from tbt_watch.cli.people import AS_JSON
from tbt_watch.deliver.byhand import ByHand, to_paste
from tbt_watch.deliver.markup import plain
from tbt_watch.domain.edition import Delivery
from tbt_watch.errors import UsageError


@click.command("show", cls=Verb)
@click.argument("number", type=int)
@click.option("--message", type=int, help="Only this one of several.")
@AS_JSON
@click.pass_obj
def show(frame: Frame, number: int, message: int | None, as_json: bool) -> None:
    """The text of a delivery as it reads: to copy, where a person carries it over."""
    with frame.app(os.environ) as app:
        one = app.store.deliveries.get(number)
        texts = _texts(one)
        if message is not None:
            if not 1 <= message <= len(texts):
                raise UsageError(f"Delivery {number} has {len(texts)} messages: --message 1 is the first.")
            texts = texts[message - 1 : message]
        if as_json:
            print_json(
                {
                    "id": one.id,
                    "channel": one.channel,
                    "address": one.address,
                    "state": one.state,
                    "why": one.why,
                    "messages": texts,
                }
            )
        else:
            click.echo("\n-----\n".join(texts))


def _texts(one: Delivery) -> list[str]:
    if one.channel == ByHand.name:
        return to_paste(one.parts) if one.parts else []
    return [plain(part.text) for part in one.parts]


@click.command("pasted", cls=Verb)
@click.argument("number", type=int)
@click.option("--by", required=True, help="Who pasted it.")
@click.option("--group", default="", help="Into which group, where it is not the subscriber's own.")
@click.pass_obj
def pasted(frame: Frame, number: int, by: str, group: str) -> None:
    """Write down that a person pasted a delivery into its group."""
    with frame.app(os.environ) as app:
        one = app.store.deliveries.get(number)
        if one.channel != ByHand.name:
            raise UsageError(f"Delivery {number} goes out by {one.channel}, not by hand.")
        done = app.store.deliveries.pasted(number, by, group or one.address, app.clock())
        click.echo(f"{done.id}: {done.state}")
