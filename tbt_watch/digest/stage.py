"""Composes the editions that are due, each with its deliveries, before anything is sent."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tbt_watch.digest.calendar import Hours, Slot
from tbt_watch.digest.match import SectorsOf, no_crosswalk
from tbt_watch.digest.untold import Hit, pending
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition
from tbt_watch.domain.moment import aware, send_by, today
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import Audience
from tbt_watch.domain.work import Report
from tbt_watch.store import Store

INSTANT = Slot("instant")

_NO_SECTOR = "~"  # sorts after every code


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """What holds for the whole run."""

    hours: Hours
    lead_days: Mapping[str, int]
    days_off: Collection[date]
    now: datetime

    def urgent(self, notice: Notice, next_edition: datetime) -> bool:
        """Whether it cannot wait for that edition: an emergency, or what is due on a day before it."""
        if notice.emergency or notice.type == "emergency":
            return True
        if notice.comment_until is None or not notice.is_open(today(self.now)):
            return False
        lead = self.lead_days.get(notice.area.lower(), 0)
        return send_by(notice.comment_until, lead, self.days_off) < today(next_edition)


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
    rules = _Rules(hours=hours, lead_days=lead_days, days_off=days_off, now=aware(now, "now"))
    audiences = store.subscribers.audiences()
    editions = items = 0
    with store.transaction():  # what was told and what is told next are read and written as one
        hits = pending(store, audiences, sectors_of)
        for audience in audiences:
            for edition in _due(rules, audience, hits.get(audience.key, [])):
                if store.editions.compose(edition, rules.now) is not None:
                    editions += 1
                    items += len(edition.items)
    return Report(stage="digest", done=editions, counts=(("items", items),) if items else ())


def _due(rules: _Rules, audience: Audience, hits: Iterable[Hit]) -> Iterable[Edition]:
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


def _goes(rules: _Rules, slot: Slot, hit: Hit) -> bool:
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


def _due_now(rules: _Rules, slot: Slot, hit: Hit) -> bool:
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
