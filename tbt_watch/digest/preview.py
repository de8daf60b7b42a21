"""What a subscription would have brought: shown before somebody subscribes; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tbt_watch.digest.match import (
    GENERAL,
    WORD,
    SectorsOf,
    Seen,
    digits,
    no_crosswalk,
    only_documents,
    reason,
)
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import aware
from tbt_watch.domain.subscriber import Criteria

DAYS = 90
"""How far back a preview looks."""

A_WEEK = 20
"""More notices a week than that, and few are read."""

Breadth = Literal["", "broad", "empty", "never"]
"""Nothing to say; more than ``A_WEEK`` a week; nothing in these days but general news; by the criteria themselves never
anything else."""

RelatedOf = Callable[[str], Mapping[str, Sequence[str]]]
"""By language, the words that belong to a product word or an HS code."""

# What the SPS Agreement is about (Annex A: food and feed, animals, plants and their pests) lies in these chapters of
# the Harmonized System: all of farming and food, fertilizers and pesticides, hides, wood, plaiting, natural fibres.
_SPS_CHAPTERS = (
    *(f"{number:02}" for number in range(1, 25)),
    "30", "31", "38", "41", "43", "44", "45", "46", "50", "51", "52", "53",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """How many notices of the last ``days`` match, and the newest of them with their reasons. ``related``: by word or
    code of the criteria, what belongs to it in each language."""

    count: int
    days: int
    samples: tuple[tuple[Dossier, str], ...]
    breadth: Breadth = ""
    related: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def a_week(self) -> int:
        """How many a week that is, about."""
        return round(self.count * 7 / max(self.days, 1))


def preview(
    criteria: Criteria,
    dossiers: Iterable[Dossier],
    now: datetime,
    days: int = DAYS,
    samples: int = 3,
    sectors_of: SectorsOf = no_crosswalk,
    related_of: RelatedOf | None = None,
) -> Preview:
    """Match the published notices (in any order) against criteria that nobody subscribed to yet."""
    since = aware(now, "now") - timedelta(days=days)
    found = [
        (dossier, why)
        for dossier in dossiers
        if dossier.accepted_at
        and dossier.accepted_at >= since
        and (why := reason(criteria, Seen(dossier), sectors_of))
    ]
    found.sort(key=lambda pair: (pair[0].accepted_at or since, pair[0].id), reverse=True)
    asked = (*criteria.words, *criteria.hs) if related_of else ()
    related = {one: words for one in asked if related_of and any((words := related_of(one)).values())}
    return Preview(
        count=len(found),
        days=days,
        samples=tuple(found[:samples]),
        breadth=_breadth(criteria, [why for _, why in found], days, sectors_of),
        related=related,
    )


def _breadth(criteria: Criteria, reasons: Sequence[str], days: int, sectors_of: SectorsOf) -> Breadth:
    if len(reasons) * 7 > A_WEEK * days:
        return "broad"
    if any(why != GENERAL for why in reasons):
        return ""
    return "never" if impossible(criteria, sectors_of) else "empty"


def impossible(criteria: Criteria, sectors_of: SectorsOf = no_crosswalk) -> bool:
    """Whether no notice at all could match by product or subject: words without letters, codes without digits, or
    products in which the chosen area has no part (machines among sanitary measures)."""
    if not criteria.subjects or only_documents(criteria):
        return False
    if criteria.topics or criteria.documents or any(map(WORD.search, criteria.words)):
        return False
    codes = [code for code in map(digits, criteria.hs) if code]
    if not criteria.sectors and not codes:
        return True
    if set(criteria.areas) != {"SPS"}:
        return False
    living = _living(sectors_of)
    return (
        bool(living)
        and living.isdisjoint(criteria.sectors)
        and not any(code[:2] in _SPS_CHAPTERS for code in codes)
    )


def _living(sectors_of: SectorsOf) -> frozenset[str]:
    """The sectors of which sanitary and phytosanitary measures can be."""
    return frozenset(sector for chapter in _SPS_CHAPTERS for sector in sectors_of(chapter))
