"""Composes the editions that are due, each with its deliveries, before anything is sent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from tbt_watch.digest.bulletins import bulletins
from tbt_watch.digest.calendar import Hours, Slot
from tbt_watch.digest.corrections import Named, corrections
from tbt_watch.digest.match import SectorsOf, no_crosswalk
from tbt_watch.digest.reminders import reminders
from tbt_watch.digest.rules import Rules
from tbt_watch.digest.untold import Hit, pending
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition
from tbt_watch.domain.moment import aware, today
from tbt_watch.domain.subscriber import Audience
from tbt_watch.domain.work import Report
from tbt_watch.store import Store

INSTANT = Slot("instant")
WEEK = timedelta(days=7)

_NO_SECTOR = "~"  # sorts after every code


def run(
    store: Store,
    hours: Hours,
    lead_days: Mapping[str, int],
    days_off: Collection[date],
    now: datetime,
    sectors_of: SectorsOf = no_crosswalk,
) -> Report:
    """Compose what is due at ``now``. ``lead_days``: days before the comment deadline by area (``tbt``, ``sps``)
    at which the national office wants comments; ``days_off``: the office's own, besides weekends and holidays;
    ``sectors_of``: the sectors that an HS code belongs to.

    Run twice, the second composes nothing; a moment that was missed is made good by the next run.
    """
    rules = Rules(hours=hours, lead_days=lead_days, days_off=days_off, now=aware(now, "now"))
    with store.transaction():  # what was told and what is told next are read and written as one
        audiences = store.subscribers.audiences()
        composed = [
            *_named(store, rules.now, corrections(store, rules)),
            *_news(store, rules, audiences, sectors_of),
            *_named(store, rules.now, bulletins(store, hours, rules.now)),
        ]
        composed += _named(store, rules.now, reminders(store, rules, audiences))
        composed += _silence(store, rules, audiences)
    items = sum(len(edition.items) for edition in composed)
    return Report(stage="digest", done=len(composed), counts=(("items", items),) if items else ())


def issue(store: Store, hours: Hours, now: datetime) -> list[Edition]:
    """Compose for its readers what was published of the bulletin just now, without the rest of the stage; in the quiet
    hours that is left to the stage."""
    with store.transaction():
        return _named(store, aware(now, "now"), bulletins(store, hours, now))


def _named(store: Store, now: datetime, editions: Iterable[Named]) -> list[Edition]:
    """Compose for those whom each is for."""
    return [
        edition
        for edition, readers in list(editions)
        if store.editions.compose_for(edition, readers, now) is not None
    ]


def _news(store: Store, rules: Rules, audiences: Sequence[Audience], sectors_of: SectorsOf) -> list[Edition]:
    """Compose the news that are due."""
    hits = pending(store, audiences, rules.now, sectors_of)
    return [
        edition
        for audience in audiences
        for edition in _due(rules, audience, hits.get(audience.key, []))
        if store.editions.compose(edition, rules.now) is not None
    ]


def _silence(store: Store, rules: Rules, audiences: Iterable[Audience]) -> list[Edition]:
    """Say once a week, at the hour of the weekly news, that there were none, to whoever heard nothing for a week."""
    if rules.hours.is_quiet(rules.now):
        return []
    last = store.editions.last_told(rules.now - 3 * WEEK)
    composed = []
    for audience in audiences:
        if not audience.subscriptions:  # who gets the bulletin alone follows nothing that could be silent
            continue
        weekly = [Slot.of(wish) for wish in audience.subscriptions if wish.frequency == "weekly"]
        moment = rules.hours.last_due(
            min(weekly, key=lambda slot: slot.order, default=Slot("weekly")), rules.now
        )
        if max(audience.since, last.get(audience.key, audience.since)) <= moment - WEEK:
            quiet = Edition(kind="weekly", audience=audience.key, lang=audience.lang, until=moment, items=())
            if store.editions.compose(quiet, rules.now) is not None:
                composed.append(quiet)
    return composed


def _due(rules: Rules, audience: Audience, hits: Iterable[Hit]) -> Iterable[Edition]:
    """The editions of one audience at this moment: what cannot wait, then what is due; each item once."""
    left = list(hits)
    slots = {INSTANT, *(slot for hit in left for slot in hit.reasons)}
    for slot in sorted(slots, key=lambda slot: slot.order):
        taken = [hit for hit in left if _goes(rules, slot, hit)]
        if not taken:
            continue
        gone = {hit.dossier.id for hit in taken}
        left = [hit for hit in left if hit.dossier.id not in gone]
        day = today(rules.now)
        yield Edition(
            kind=slot.frequency,
            audience=audience.key,
            lang=audience.lang,
            until=rules.now if slot == INSTANT else rules.hours.last_due(slot, rules.now),
            items=tuple(hit.item for hit in sorted(taken, key=lambda hit: _order(hit.dossier, day))),
        )


def _goes(rules: Rules, slot: Slot, hit: Hit) -> bool:
    """Whether it goes out now in an edition of this slot. What is urgent needs no message of its own where an
    edition with it is due this very moment."""
    if slot != INSTANT:
        return _due_now(rules, slot, hit)
    if INSTANT in hit.reasons and not rules.hours.is_quiet(rules.now):
        return True
    if any(_due_now(rules, other, hit) for other in hit.reasons):
        return False
    soonest = min(rules.hours.next_due(other, rules.now) for other in hit.reasons)
    return rules.urgent(hit.dossier.notice, soonest)


def _due_now(rules: Rules, slot: Slot, hit: Hit) -> bool:
    """Whether a daily or weekly edition is due, or was missed, that looks as far as this notice."""
    if slot == INSTANT or slot not in hit.reasons or rules.hours.is_quiet(rules.now):
        return False
    accepted = hit.dossier.accepted_at
    return accepted is not None and accepted <= rules.hours.last_due(slot, rules.now)


def _order(dossier: Dossier, day: date) -> tuple[date, str, str]:
    """By deadline, what has none or is closed last; then by sector."""
    notice = dossier.notice
    deadline = notice.comment_until if notice.comment_until and notice.is_open(day) else date.max
    return deadline, next(iter(dossier.codes("sector")), _NO_SECTOR), notice.key
