"""How long a source that keeps failing is left alone by the service; pure, and read off the crawls that were made."""

from datetime import datetime, timedelta

from tbt_watch.store.runs import SourceState

_FIRST = timedelta(hours=4)
_LONGEST = timedelta(hours=24)


def rests_until(state: SourceState | None) -> datetime | None:
    """Until when the service does not ask a source again; None when it may be asked at its next time.

    One failure is made good at the next time. From the second in a row on the pause doubles, from 4 hours to a day: a
    site in trouble is not asked more than that, and one that has come back is found within a day. A person who runs
    ``collect`` is not held up.
    """
    if state is None or state.failures < 2:
        return None
    pause: timedelta = _FIRST * 2 ** min(state.failures - 2, 8)
    return state.last.finished_at + min(pause, _LONGEST)


def resting(state: SourceState | None, now: datetime) -> bool:
    """Whether the source is to be left alone now."""
    until = rests_until(state)
    return until is not None and now < until
