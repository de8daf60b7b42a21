"""What each audience follows and was not told yet: the join of the house."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tbt_watch.digest.calendar import Slot
from tbt_watch.digest.index import Index
from tbt_watch.digest.match import GENERAL, SectorsOf, no_crosswalk
from tbt_watch.domain.dossier import Dossier, news, telling
from tbt_watch.domain.edition import EditionItem
from tbt_watch.domain.subscriber import Audience
from tbt_watch.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A notice that an audience was not told yet: in which version, and the reason under each of its slots."""

    dossier: Dossier
    version: int
    reasons: Mapping[Slot, str]

    @property
    def item(self) -> EditionItem:
        """As it stands in an edition; a reason that says something goes before ``general``."""
        reasons = [self.reasons[slot] for slot in sorted(self.reasons, key=lambda slot: slot.order)]
        reason = next((reason for reason in reasons if reason != GENERAL), GENERAL)
        return EditionItem(notice_key=self.dossier.notice.key, version=self.version, reason=reason)


HORIZON = timedelta(days=60)
"""What was accepted so long ago and not told is no news any more: whoever tags it anew sends out nothing old."""


def untold(
    store: Store, now: datetime, sectors_of: SectorsOf = no_crosswalk
) -> dict[str, set[tuple[str, int]]]:
    """By audience: notice key and version of all that it follows and was not told, whenever that will be due."""
    hits = pending(store, store.subscribers.audiences(), now, sectors_of)
    return {key: {(hit.dossier.notice.key, hit.version) for hit in some} for key, some in hits.items()}


def pending(
    store: Store, audiences: Sequence[Audience], now: datetime, sectors_of: SectorsOf = no_crosswalk
) -> dict[str, list[Hit]]:
    """By audience, what it follows and was not told: accepted since it began, or owed to it, within ``HORIZON``.

    What counts is when the news was first accepted: who holds a notice back and lets it go again, or corrects it,
    makes no news of it.
    """
    if not audiences:
        return {}
    wishes = [(audience, wish) for audience in audiences for wish in audience.subscriptions]
    index = Index((wish.criteria for _, wish in wishes), sectors_of)
    owed = frozenset().union(*(audience.owed for audience in audiences))
    since = min(audience.since for audience in audiences)
    dossiers = store.editions.tellable(max(since, now - HORIZON), owed, now - HORIZON)
    told = _newest_told(store, audiences, now - HORIZON)
    accepted = store.editions.acceptances([dossier.id for dossier in dossiers])
    found: dict[str, list[Hit]] = defaultdict(list)
    for dossier in dossiers:
        new = max(news(dossier.versions), default=1)
        first = min((at for version, at in accepted.get(dossier.id, ()) if version >= new), default=None)
        reasons: dict[str, dict[Slot, str]] = defaultdict(dict)
        for number, reason in index.matching(dossier).items():
            audience, wish = wishes[number]
            untold = new > told.get((audience.key, dossier.notice.key), 0)
            if untold and _listened(audience, dossier, first):
                why, slot = reasons[audience.key], Slot.of(wish)
                if why.get(slot, GENERAL) == GENERAL:
                    why[slot] = reason
        for key, why in reasons.items():
            version = max(telling(dossier.versions), default=1)
            found[key].append(Hit(dossier=dossier, version=version, reasons=why))
    return found


def _listened(audience: Audience, dossier: Dossier, first: datetime | None) -> bool:
    """Whether the audience was there when the news was accepted, or waited for it under its former wishes."""
    at = first or dossier.accepted_at
    return dossier.id in audience.owed or (at is not None and at >= audience.since)


def _newest_told(store: Store, audiences: Sequence[Audience], since: datetime) -> dict[tuple[str, str], int]:
    """(audience, notice) → the newest version that was in an edition with news, of what was accepted since then."""
    newest: dict[tuple[str, str], int] = {}
    several = store.editions.told_all([audience.key for audience in audiences], since)
    for audience, items in several.items():
        for key, version in items:
            newest[audience, key] = max(version, newest.get((audience, key), 0))
    return newest
