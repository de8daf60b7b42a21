"""The coverage receipt: which sources were looked at, so that silence can be told from failure; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.domain.moment import VIETNAM, aware, today
from tbt_watch.store.runs import SourceState

SPANS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
"""The time that each kind of edition looks back on."""

STALE = timedelta(days=2)
"""After this time without a good crawl a source is named, also when no crawl failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A source that is not up to date. ``failed``: its last crawl went wrong, else none was made; ``since``: its
    last good one, None for never."""

    title: str
    failed: bool
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """``checked`` of ``total`` sources are up to date; ``at``: the newest good crawl, None when there is none."""

    checked: int
    total: int
    at: datetime | None
    gaps: tuple[Gap, ...] = ()
    news: Mapping[str, int] = field(default_factory=dict)
    """By kind of edition (daily, weekly): how many notices all readers together were given in its time."""


def receipt(
    crawls: Mapping[str, SourceState],
    titles: Mapping[str, str],
    now: datetime,
    accepted: Callable[[datetime], int] = lambda _since: 0,
) -> Receipt:
    """What ``store.runs.crawls()`` says about the sources that are switched on (name → title for people);
    ``accepted`` counts the notices that were accepted since a moment."""
    gaps = []
    for name, title in titles.items():
        state = crawls.get(name)
        since = state.last_success if state else None
        failed = state is not None and not state.last.ok
        if failed or since is None or now - since > STALE:
            gaps.append(Gap(title=title, failed=failed, since=since))
    good = [state.last_success for name, state in crawls.items() if name in titles and state.last_success]
    return Receipt(
        checked=len(titles) - len(gaps),
        total=len(titles),
        at=max(good, default=None),
        gaps=tuple(gaps),
        news={kind: accepted(now - span) for kind, span in SPANS.items()},
    )


def receipt_line(found: Receipt, speak: Speaker, now: datetime, kind: str = "daily") -> str:
    """One line of plain text; empty when no source is switched on."""
    if not found.total:
        return ""
    parts = [
        _checked(found, speak, now),
        *_gaps(found.gaps, speak, now),
        _news(found.news.get(kind, 0), kind, speak),
    ]
    return "; ".join(filter(None, parts))


def _news(count: int, kind: str, speak: Speaker) -> str:
    """How many notices there were for all readers, so that few for this one can be told from few at all."""
    if not count:
        return ""
    if kind == "weekly":
        return speak.say_n("{n} notice in all fields in 7 days", "{n} notices in all fields in 7 days", count)
    return speak.say_n("{n} notice in all fields in 24 hours", "{n} notices in all fields in 24 hours", count)


def _checked(found: Receipt, speak: Speaker, now: datetime) -> str:
    if found.at is None:
        return speak.say("None of {total} sources has been checked yet", total=found.total)
    counts = {"checked": found.checked, "total": found.total}
    if today(found.at) != today(now):
        return speak.say("{checked} of {total} sources checked, last at {moment}", moment=found.at, **counts)
    local = aware(found.at, "at").astimezone(VIETNAM)
    return speak.say(
        "{checked} of {total} sources checked at {time}", time=f"{local.hour}:{local.minute:02d}", **counts
    )


def _gaps(gaps: Iterable[Gap], speak: Speaker, now: datetime) -> Iterator[str]:
    for gap in gaps:
        title = speak.head.language.title(gap.title, speak.lang)
        days = (today(now) - today(gap.since)).days if gap.since else None
        if days is None and gap.failed:
            yield speak.say("{source} could not be reached yet", source=title)
        elif days is None:
            yield speak.say("{source} has not been checked yet", source=title)
        elif days == 0:
            yield speak.say("{source} was out of reach at the last try", source=title)
        elif gap.failed:
            one, many = (
                "{source} has been out of reach for {n} day",
                "{source} has been out of reach for {n} days",
            )
            yield speak.say_n(one, many, days, source=title)
        else:
            one, many = "{source} was last checked {n} day ago", "{source} was last checked {n} days ago"
            yield speak.say_n(one, many, days, source=title)
