"""Composes the editions that are due, each with its deliveries, before anything is sent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tbt_watch.digest.calendar import Hours
from tbt_watch.digest.match import GENERAL, Index, SectorsOf, no_crosswalk
from tbt_watch.domain.dossier import Dossier, telling
from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.domain.moment import aware, send_by, today
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.subscriber import FREQUENCIES, Audience, Frequency
from tbt_watch.domain.work import Report
from tbt_watch.store import Store

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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hit:
    """A notice that an audience was not told yet: in which version, and the reason under each frequency."""

    dossier: Dossier
    version: int
    reasons: Mapping[Frequency, str]

    @property
    def item(self) -> EditionItem:
        """As it stands in an edition; a reason that says something goes before ``general``."""
        reasons = [self.reasons[kind] for kind in FREQUENCIES if kind in self.reasons]
        reason = next((reason for reason in reasons if reason != GENERAL), GENERAL)
        return EditionItem(notice_key=self.dossier.notice.key, version=self.version, reason=reason)


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
        hits = _untold(store, audiences, sectors_of)
        for audience in audiences:
            for edition in _due(rules, audience, hits.get(audience.key, [])):
                if store.editions.compose(edition, rules.now) is not None:
                    editions += 1
                    items += len(edition.items)
    return Report(stage="digest", done=editions, counts=(("items", items),) if items else ())


def untold(store: Store, sectors_of: SectorsOf = no_crosswalk) -> dict[str, set[tuple[str, int]]]:
    """By audience: notice key and version of all that it follows and was not told, whenever that will be due."""
    hits = _untold(store, store.subscribers.audiences(), sectors_of)
    return {key: {(hit.dossier.notice.key, hit.version) for hit in some} for key, some in hits.items()}


def _untold(store: Store, audiences: Sequence[Audience], sectors_of: SectorsOf) -> dict[str, list[_Hit]]:
    """What each audience follows and was not told yet."""
    if not audiences:
        return {}
    wishes = [(audience, wish) for audience in audiences for wish in audience.subscriptions]
    index = Index((wish.criteria for _, wish in wishes), sectors_of)
    told = _newest_told(store)
    found: dict[str, list[_Hit]] = defaultdict(list)
    for dossier in store.editions.tellable(min(audience.since for audience in audiences)):
        version = max(telling(dossier.versions), default=1)
        reasons: dict[str, dict[Frequency, str]] = defaultdict(dict)
        for number, reason in index.matching(dossier).items():
            audience, wish = wishes[number]
            seen = told.get((audience.key, dossier.notice.key), 0)
            if version > seen and dossier.accepted_at is not None and dossier.accepted_at >= audience.since:
                known = reasons[audience.key].get(wish.frequency, GENERAL)
                reasons[audience.key][wish.frequency] = known if known != GENERAL else reason
        for key, why in reasons.items():
            found[key].append(_Hit(dossier=dossier, version=version, reasons=why))
    return found


def _newest_told(store: Store) -> dict[tuple[str, str], int]:
    """(audience, notice) → the newest version that was in an edition."""
    newest: dict[tuple[str, str], int] = {}
    for audience, items in store.editions.told_all().items():
        for key, version in items:
            newest[audience, key] = max(version, newest.get((audience, key), 0))
    return newest


def _due(rules: _Rules, audience: Audience, hits: Iterable[_Hit]) -> Iterable[Edition]:
    """The editions of one audience at this moment: what cannot wait, then what is due; each item once."""
    left = list(hits)
    for kind in FREQUENCIES:
        taken = [hit for hit in left if _goes(rules, kind, hit)]
        if not taken:
            continue
        gone = {hit.dossier.id for hit in taken}
        left = [hit for hit in left if hit.dossier.id not in gone]
        day = today(rules.now)
        yield Edition(
            kind=kind,
            audience=audience.key,
            lang=audience.lang,
            until=rules.now if kind == "instant" else rules.hours.last_due(kind, rules.now),
            items=tuple(hit.item for hit in sorted(taken, key=lambda hit: _order(hit.dossier, day))),
        )


def _goes(rules: _Rules, kind: Frequency, hit: _Hit) -> bool:
    """Whether it goes out now in an edition of this kind. What is urgent needs no message of its own where an
    edition with it is due this very moment."""
    if kind != "instant":
        return _due_now(rules, kind, hit)
    if "instant" in hit.reasons and not rules.hours.is_quiet(rules.now):
        return True
    if any(_due_now(rules, other, hit) for other in hit.reasons):
        return False
    soonest = min(rules.hours.next_due(frequency, rules.now) for frequency in hit.reasons)
    return rules.urgent(hit.dossier.notice, soonest)


def _due_now(rules: _Rules, kind: Frequency, hit: _Hit) -> bool:
    """Whether a daily or weekly edition is due, or was missed, that looks as far as this notice."""
    if kind == "instant" or kind not in hit.reasons or rules.hours.is_quiet(rules.now):
        return False
    accepted = hit.dossier.accepted_at
    return accepted is not None and accepted <= rules.hours.last_due(kind, rules.now)


def _order(dossier: Dossier, day: date) -> tuple[date, str, str]:
    """By deadline, what has none or is closed last; then by sector."""
    notice = dossier.notice
    deadline = notice.comment_until if notice.comment_until and notice.is_open(day) else date.max
    return deadline, next(iter(dossier.codes("sector")), _NO_SECTOR), notice.key
