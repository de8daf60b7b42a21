"""When editions are due, in Viet Nam's time; pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tbt_watch.domain.moment import VIETNAM, aware
from tbt_watch.domain.subscriber import FREQUENCIES, WEEKDAYS, Frequency, Subscription, Weekday


@dataclass(frozen=True, slots=True)
class Slot:
    """When a wish is told: how often, and at which hour and weekday of its own (None: the office's)."""

    frequency: Frequency
    at: time | None = None
    day: Weekday | None = None

    @classmethod
    def of(cls, wish: Subscription) -> "Slot":
        """The slot of a wish."""
        return cls(wish.frequency, wish.at, wish.day)

    @property
    def order(self) -> tuple[int, time, str]:
        """Instant ones first, then daily, then weekly; the office's hour before others."""
        return FREQUENCIES.index(self.frequency), self.at or time(0), self.day or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """The office's hours, in Viet Nam's time. ``quiet`` is (from, to) and may pass midnight; equal ends mean no
    quiet at all. ``instant_minutes``: how long instant alerts are gathered before they go together.

    Raises ValueError for a weekday that is none of WEEKDAYS or minutes below 1.
    """

    daily: time = time(7, 0)
    weekly_day: str = "mon"
    weekly: time = time(7, 0)
    quiet: tuple[time, time] = (time(21, 0), time(6, 30))
    instant_minutes: int = 5

    def __post_init__(self) -> None:
        if self.weekly_day not in WEEKDAYS:
            raise ValueError(f"weekly_day is {self.weekly_day!r}; it must be one of {', '.join(WEEKDAYS)}")
        if self.instant_minutes < 1:
            raise ValueError(f"instant_minutes is {self.instant_minutes}; it must be at least 1")

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing but what is urgent may go out at that moment."""
        begin, end = self.quiet
        at = aware(now, "now").astimezone(VIETNAM).time()
        return begin <= at < end if begin <= end else at >= begin or at < end

    def last_due(self, slot: Slot, now: datetime) -> datetime:
        """The last moment, at or before ``now``, up to which an edition of that slot looks.

        For instant ones that is ``now`` itself, in quiet hours the moment at which they began.
        """
        local = aware(now, "now").astimezone(VIETNAM)
        if slot.frequency == "instant":
            return self._quiet_began(local) if self.is_quiet(now) else local.astimezone(UTC)
        day = local.date()
        while not (self._is_day(slot, day) and self.moment(slot, day) <= local):
            day -= timedelta(days=1)
        return self.moment(slot, day).astimezone(UTC)

    def next_due(self, slot: Slot, now: datetime) -> datetime:
        """The first moment after ``now`` at which an edition of that slot goes out."""
        local = aware(now, "now").astimezone(VIETNAM)
        if slot.frequency == "instant":
            step = timedelta(minutes=self.instant_minutes)
            midnight = datetime.combine(local.date(), time(0), VIETNAM)
            due = midnight + ((local - midnight) // step + 1) * step
            return self.quiet_over(due).astimezone(UTC)
        day = local.date() - timedelta(days=1)  # yesterday's may have waited for the end of the quiet hours
        while not (self._is_day(slot, day) and self.moment(slot, day) > local):
            day += timedelta(days=1)
        return self.moment(slot, day).astimezone(UTC)

    def _is_day(self, slot: Slot, day: date) -> bool:
        return slot.frequency == "daily" or WEEKDAYS[day.weekday()] == (slot.day or self.weekly_day)

    def moment(self, slot: Slot, day: date) -> datetime:
        """When that day's edition goes, in Viet Nam's time; one set into the quiet hours waits until they are over."""
        at = slot.at or (self.daily if slot.frequency == "daily" else self.weekly)
        return self.quiet_over(datetime.combine(day, at, VIETNAM))

    def quiet_over(self, moment: datetime) -> datetime:
        """That moment in Viet Nam's time, or the end of the quiet hours that it falls into."""
        local = moment.astimezone(VIETNAM)
        if not self.is_quiet(local):
            return local
        end = datetime.combine(local.date(), self.quiet[1], VIETNAM)
        return end if end > local else end + timedelta(days=1)

    def _quiet_began(self, local: datetime) -> datetime:
        begin = datetime.combine(local.date(), self.quiet[0], VIETNAM)
        return (begin if begin <= local else begin - timedelta(days=1)).astimezone(UTC)
