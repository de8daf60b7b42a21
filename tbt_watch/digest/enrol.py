"""Staff enter a subscriber, and a chat takes up what was prepared for it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tbt_watch.digest import wishes
from tbt_watch.digest.match import SectorsOf, no_crosswalk
from tbt_watch.domain.code import is_prepared, new_code, prepared_address, worthless
from tbt_watch.domain.subscriber import Pause, Subscriber
from tbt_watch.errors import UsageError
from tbt_watch.store import Store

CODED = "telegram"
"""The channel on which an enterprise itself can take up what was prepared."""

AGAIN = timedelta(days=1)
"""How long a mailbox is left alone before it is asked for its consent again."""


def enrol(
    store: Store,
    person: Subscriber,
    now: datetime,
    sectors_of: SectorsOf = no_crosswalk,
    choose: Callable[[Sequence[str]], str] = secrets.choice,
) -> Subscriber:
    """Save a subscriber whom staff entered, with number, address and pause as they are now.

    Without an address it is prepared and gets a code; the same name again keeps its code as long as that is worth
    something. A mailbox is written to only after it was confirmed. Who left stays away: a table takes nobody back in.
    Raises UsageError for a code that is not waiting to be taken up, and for a name without an address that took it up.
    """
    with store.transaction():
        if person.channel == CODED and not person.address:
            person = _prepared(store, person, now, choose)
        elif is_prepared(person.address) and store.subscribers.at(person.channel, person.address) is None:
            raise UsageError(
                f"{person.name}: the code in {person.address!r} is none of ours, or was taken up; leave the address"
                " empty for a new one."
            )
        known = store.subscribers.at(person.channel, person.address)
        pause: Pause = known.pause if known else "unconfirmed" if person.channel == "email" else person.pause
        person = replace(person, pause=pause)
        number = wishes.save(store, person, now, sectors_of)
        if pause == "unconfirmed":
            _ask_again(store, person, now)
    return replace(person, id=number)


def _prepared(
    store: Store, person: Subscriber, now: datetime, choose: Callable[[Sequence[str]], str]
) -> Subscriber:
    waiting = store.subscribers.called(person.channel, person.name)
    if waiting is not None and not is_prepared(waiting.address):
        raise UsageError(
            f"{person.name}: it is subscribed already; write its address {waiting.address} to change its wishes,"
            " or another name for another enterprise."
        )
    if waiting is not None and worthless(waiting, now):
        store.subscribers.remove(waiting.id or 0)
        waiting = None
    if waiting is not None:
        return replace(person, address=waiting.address, pause="prepared")
    while True:
        address = prepared_address(new_code(choose))
        if store.subscribers.at(person.channel, address) is None:
            return replace(person, address=address, pause="prepared")


def _ask_again(store: Store, person: Subscriber, now: datetime) -> None:
    """Staff entered it once more, so the mailbox is asked once more; not at once if it was just asked."""
    talk = store.talks.get(person.channel, person.address)
    if talk is not None and talk.at + AGAIN <= now:
        store.talks.forget(person.channel, person.address)


def take_up(
    store: Store, code: str, channel: str, address: str, now: datetime, sectors_of: SectorsOf = no_crosswalk
) -> Subscriber | None:
    """Give what was prepared under this code to the chat, once; from now on it is told what it wishes. None when the
    code is none of ours, was taken up, or is worthless by now."""
    with store.transaction():
        taken = store.subscribers.take_up(code, channel, address, now)
        if taken is None:
            return None
        number = wishes.save(store, taken, now, sectors_of)
    return replace(taken, id=number)
