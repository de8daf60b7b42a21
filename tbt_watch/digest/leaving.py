"""Somebody leaves: everything about them goes, and what is kept for the ledger is nameless."""

from datetime import datetime

from tbt_watch.domain.moment import aware
from tbt_watch.store import Store

REPORTS = "report"
"""The source under which what enterprises report stands among the issues; its keys begin with channel and address."""


def leave(store: Store, channel: str, address: str, now: datetime) -> None:
    """Delete the subscriber at this address with wishes, taps and reports; nobody there is no error. The conversation
    is its channel's own to forget."""
    with store.transaction():
        store.issues.withdraw(REPORTS, f"{channel} {address} ", aware(now, "now"))
        person = store.subscribers.at(channel, address)
        if person is not None and person.id is not None:
            store.taps.forget(person.id)
            store.subscribers.remove(person.id)
