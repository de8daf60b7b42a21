"""How a source is doing, from what was written down about it; pure but for the folder of answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median_low
from typing import Literal

from tbt_watch.collect.circuit import resting, rests_until
from tbt_watch.collect.stage import OF_A_CRAWL
from tbt_watch.domain.work import Issue
from tbt_watch.store.runs import SourceState

Condition = Literal["well", "late", "failing", "never"]

_PATIENCE = {"hourly": timedelta(days=1), "daily": timedelta(days=2), "weekly": timedelta(days=9)}
"""How long ago the last good crawl of a source may be before it is called late."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The kept answers of a source: how many, and the newest that was an error or could not be read, if any."""

    kept: int = 0
    unread: int = 0
    newest_unread: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """One source. ``items``: what the last good crawl gave that gave anything, of which between ``expects`` are due;
    None for an ``expects`` where the office asks for so few days that none may come. ``lag``: days from circulation
    until we saw it, the middle one of ``lag_of`` notices. ``crawling``: open issues about reaching and reading the
    source as a whole; ``records``: those about what its records say, where it differs from what was agreed.
    ``rests_until``: the service does not ask before then, None when it may."""

    source: str
    title: str
    home: str
    condition: Condition
    last_success: datetime | None
    last_try: datetime | None
    failures: int
    items: int | None
    expects: tuple[int, int] | None
    lag: int | None
    lag_of: int
    crawling: tuple[Issue, ...]
    records: tuple[Issue, ...]
    answers: Answers
    rests_until: datetime | None

    @property
    def within(self) -> bool:
        """Whether the last count lay inside what is declared; also where nothing can be compared."""
        if self.items is None or self.expects is None:
            return True
        return self.expects[0] <= self.items <= self.expects[1]


def examine(
    source: str,
    title: str,
    home: str,
    frequency: str,
    expects: tuple[int, int] | None,
    state: SourceState | None,
    issues: Iterable[Issue],
    lags: Sequence[int],
    answers: Answers,
    now: datetime,
) -> Health:
    """Put together what is known of a source; ``issues`` are its open ones."""
    ours = list(issues)
    return Health(
        source=source,
        title=title,
        home=home,
        condition=_condition(state, frequency, now),
        last_success=state.last_success if state else None,
        last_try=state.last.finished_at if state else None,
        failures=state.failures if state else 0,
        items=state.items if state else None,
        expects=expects,
        lag=median_low(lags) if lags else None,
        lag_of=len(lags),
        crawling=tuple(one for one in ours if one.kind in OF_A_CRAWL),
        records=tuple(one for one in ours if one.kind not in OF_A_CRAWL),
        answers=answers,
        rests_until=rests_until(state) if resting(state, now) else None,
    )


def _condition(state: SourceState | None, frequency: str, now: datetime) -> Condition:
    if state is None:
        return "never"
    if not state.last.ok:
        return "failing"
    good = state.last_success
    return "well" if good is not None and now - good <= _PATIENCE[frequency] else "late"


def kept_answers(root: Path | None, source: str) -> Answers:
    """What is in the folder of a source's answers."""
    folder = root / source if root else None
    if folder is None or not folder.is_dir():
        return Answers()
    unread = sorted(folder.glob("*.unread.gz"))
    return Answers(
        kept=len(list(folder.glob("*.gz"))), unread=len(unread), newest_unread=unread[-1] if unread else None
    )
