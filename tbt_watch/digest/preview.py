"""What a subscription would have brought: shown before somebody subscribes; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tbt_watch.digest.match import SectorsOf, match, no_crosswalk
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import aware
from tbt_watch.domain.subscriber import Criteria

DAYS = 90
"""How far back a preview looks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """How many notices of the last ``days`` match, and the newest of them with their reasons."""

    count: int
    days: int
    samples: tuple[tuple[Dossier, str], ...]


def preview(
    criteria: Criteria,
    dossiers: Iterable[Dossier],
    now: datetime,
    days: int = DAYS,
    samples: int = 3,
    sectors_of: SectorsOf = no_crosswalk,
) -> Preview:
    """Match the published notices (in any order) against criteria that nobody subscribed to yet."""
    since = aware(now, "now") - timedelta(days=days)
    found = [
        (dossier, reason)
        for dossier in dossiers
        if dossier.accepted_at
        and dossier.accepted_at >= since
        and (reason := match(criteria, dossier, sectors_of))
    ]
    found.sort(key=lambda pair: (pair[0].accepted_at or since, pair[0].id), reverse=True)
    return Preview(count=len(found), days=days, samples=tuple(found[:samples]))
