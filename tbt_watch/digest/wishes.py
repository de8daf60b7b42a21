"""The one way in which wishes are saved or changed: nothing pending is lost, and nothing old comes with a new wish."""

from dataclasses import replace
from datetime import datetime, timedelta

from tbt_watch.digest.match import SectorsOf, match, no_crosswalk
from tbt_watch.digest.untold import Hit, pending
from tbt_watch.domain.moment import aware
from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.store import Store

_AFTER = timedelta(microseconds=1)
"""What was accepted at the very moment of a change belongs to the old wishes."""


def save(store: Store, subscriber: Subscriber, now: datetime, sectors_of: SectorsOf = no_crosswalk) -> int:
    """Add a subscriber, or change the one with this channel and address; gives its number.

    Who changes wishes, language or hours begins anew at ``now``, and what the former audience was still to be told,
    as far as the new wishes want it, is owed. Who was paused, or was prepared and takes it up, begins at ``now``
    with nothing owed, and of what still waited to be sent only what is of use goes out. An audience of others is
    joined where they wait for exactly the same, else the newcomer becomes one of its own.

    The bulletin is a wish beside them: who asks for it, or comes back, gets what is published from ``now`` on; who
    wants it no longer gets none that still waits.
    """
    moment = aware(now, "now")
    with store.transaction():
        known = store.subscribers.at(subscriber.channel, subscriber.address)
        number = _save(store, _reading(subscriber, known, moment), known, moment, sectors_of)
        if known and known.bulletin_since and not subscriber.bulletin_since:
            store.deliveries.call_off(
                number, "bulletin", "the subscriber does not want the bulletin any more"
            )
        return number


def _reading(subscriber: Subscriber, known: Subscriber | None, now: datetime) -> Subscriber:
    """The subscriber with the moment from which it gets the bulletin."""
    if subscriber.bulletin_since is None:
        return subscriber
    before = known.bulletin_since if known and not known.paused else None
    return replace(subscriber, bulletin_since=before or now)


def _save(
    store: Store, subscriber: Subscriber, known: Subscriber | None, moment: datetime, sectors_of: SectorsOf
) -> int:
    """Save what it follows."""
    with store.transaction():
        listened = known is not None and not known.paused
        unchanged = listened and known is not None and known.audience == subscriber.audience
        if unchanged or subscriber.paused:
            return store.subscribers.save(subscriber)
        others = store.subscribers.audiences_for(subscriber.audience)
        former = store.subscribers.audience_of(known.id or 0) if known and listened else None
        waiting = pending(store, [*others, former] if former else others, moment, sectors_of)
        owed = _wanted(subscriber, waiting.get(former.key, []), sectors_of) if former else {}
        if known and known.id is not None and known.pause == "asked":
            store.subscribers.resume(known.id, moment)
        for other in others:
            if _same(waiting.get(other.key, []), owed):
                return store.subscribers.save(subscriber, audience=other.key)
        since = moment + _AFTER if known else min(subscriber.since, moment)
        key = _free(store, subscriber, owed)
        return store.subscribers.save(
            subscriber, audience=key, since=since, owed=[hit.dossier.id for hit in owed.values()]
        )


def _wanted(subscriber: Subscriber, hits: list[Hit], sectors_of: SectorsOf) -> dict[int, Hit]:
    """What of it the new wishes want, by notice id."""
    wishes = [wish.criteria for wish in subscriber.subscriptions]
    return {
        hit.dossier.id: hit for hit in hits if any(match(wish, hit.dossier, sectors_of) for wish in wishes)
    }


def _same(hits: list[Hit], owed: dict[int, Hit]) -> bool:
    """Whether others wait for exactly what is owed; a newcomer then gets nothing twice and nothing old."""
    return {hit.dossier.id for hit in hits} == set(owed)


def _free(store: Store, subscriber: Subscriber, owed: dict[int, Hit]) -> str:
    """The key of an audience that nobody is in, and that was told nothing of what is owed."""
    wishes = subscriber.audience
    left = store.subscribers.left(wishes)
    told = store.editions.told_all(left)
    waited = {hit.dossier.notice.key for hit in owed.values()}
    for key in left:
        if waited.isdisjoint(notice for notice, _ in told.get(key, ())):
            return key
    taken = store.subscribers.keys(wishes)
    keys = (wishes if number == 1 else f"{wishes}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in keys if key not in taken)
