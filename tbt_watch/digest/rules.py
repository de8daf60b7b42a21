"""What holds for a whole run: the hours, the lead of the national offices, their days off, and the moment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.moment import send_by, today
from tbt_watch.domain.notice import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What holds for the whole run."""

    hours: Hours
    lead_days: Mapping[str, int]
    days_off: Collection[date]
    now: datetime

    @property
    def day(self) -> date:
        """The day it is in Viet Nam."""
        return today(self.now)

    def urgent(self, notice: Notice, next_edition: datetime) -> bool:
        """Whether it cannot wait for that edition: an emergency, or what is due on a day before it."""
        return notice.emergency or notice.type == "emergency" or self.due_before(notice, next_edition)

    def due_before(self, notice: Notice, moment: datetime) -> bool:
        """Whether comments are still taken, and must be sent on a day before that moment."""
        if not notice.is_open(self.day):
            return False
        last = self.send_by(notice)
        return last is not None and last < today(moment)

    def send_by(self, notice: Notice) -> date | None:
        """The last working day on which comments can reach the national office in time; None without a deadline."""
        if notice.comment_until is None:
            return None
        return send_by(notice.comment_until, self.lead_days.get(notice.area.lower(), 0), self.days_off)
