"""Who gets what: subscribers, their subscriptions, and audiences."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Literal

from tbt_watch.domain.moment import aware

Frequency = Literal["instant", "daily", "weekly"]
FREQUENCIES: tuple[Frequency, ...] = ("instant", "daily", "weekly")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Pause = Literal["", "asked", "unreachable", "unconfirmed", "prepared"]
"""Why nothing is sent: nothing is in the way; the subscriber asked for it; the channel said again and again that it
cannot be reached; its mailbox is not confirmed; staff prepared it and nobody has taken it up with its code yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteria:
    """What a subscription follows; an empty field sets no limit.

    A notice matches when it is in one of the ``areas``, of one of the ``markets`` (Vietnamese regulations have
    no market), and about any of the ``sectors``, ``hs`` prefixes, ``topics`` or ``words``. ``documents`` are followed
    by name (a thread ``G/TBT/N/USA/138``, ``1322/QĐ-TTg``, ``EU 2023/1115``): what is one of them or names one goes
    out whatever its area and market.
    """

    sectors: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        """Sorted, without empty fields: equal criteria give equal JSON."""
        pairs = ((item.name, sorted(set(getattr(self, item.name)))) for item in fields(self))
        return {name: values for name, values in pairs if values}

    @property
    def subjects(self) -> bool:
        """Whether anything but market and area limits it."""
        return bool(self.sectors or self.hs or self.topics or self.words or self.documents)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One wish of a subscriber. ``at``: the time of day in Viet Nam, and ``day`` the weekday, of daily and weekly
    editions; None: the office's.

    Raises ValueError for a time with instant news or a day with any but weekly ones.
    """

    criteria: Criteria
    frequency: Frequency
    at: time | None = None
    day: Weekday | None = None

    def __post_init__(self) -> None:
        if (self.at and self.frequency == "instant") or (self.day and self.frequency != "weekly"):
            raise ValueError(f"{self.frequency} news have no time {self.at} or day {self.day} of their own")

    def as_json(self) -> dict[str, str | list[str]]:
        """What it is, without empty fields: equal wishes give equal JSON."""
        when = {"at": f"{self.at:%H:%M}" if self.at else "", "day": self.day or ""}
        own: dict[str, str | list[str]] = {name: value for name, value in when.items() if value}
        return {"frequency": self.frequency, **own, **self.criteria.as_json()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """An enterprise or office: where it is reached, in which language, and what it follows.

    ``address`` is the channel's own: a chat number for Telegram, a mailbox name for the pretend channel. An ``office``
    is told besides when its own procedures must follow a document that came into force. ``bulletin_since``: it gets
    the editions of the bulletin that are published from then on; None: it wants none.
    """

    name: str
    lang: Literal["vi", "en"]
    channel: str
    address: str
    subscriptions: tuple[Subscription, ...]
    since: datetime
    pause: Pause = ""
    office: bool = False
    bulletin_since: datetime | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        aware(self.since, "since")
        if self.bulletin_since is not None:
            aware(self.bulletin_since, "bulletin_since")

    @property
    def wishes(self) -> bool:
        """Whether it wants anything at all."""
        return bool(self.subscriptions or self.bulletin_since)

    @property
    def paused(self) -> bool:
        """Whether nothing is sent for now."""
        return bool(self.pause)

    @property
    def audience(self) -> str:
        """Subscribers with the same subscriptions and language are one audience: the key of it."""
        return audience_key(self.subscriptions, self.lang, office=self.office)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Everyone who follows exactly the same and has been told the same. ``since``: editions take what was accepted
    from then on, and of what was accepted before only the notices in ``owed`` (ids): its subscribers waited for them
    when they changed their wishes. ``key`` has a suffix (``-2``) where others who follow the same are still to be told
    what these were told already, or the other way round."""

    key: str
    lang: Literal["vi", "en"]
    subscriptions: tuple[Subscription, ...]
    since: datetime
    office: bool = False
    owed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        aware(self.since, "since")


def audience_key(subscriptions: Sequence[Subscription], lang: str, *, office: bool = False) -> str:
    """A short stable name for a set of subscriptions in a language."""
    wishes = sorted({_wish(one) for one in subscriptions})
    whole = [lang, wishes, "office"] if office else [lang, wishes]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]


def wishes_key(audience: str) -> str:
    """The key of an audience without its suffix: the same for all who follow the same."""
    return audience.partition("-")[0]


def _wish(one: Subscription) -> str:
    """A wish in one line; a time and a day stand in it only where they are the subscriber's own."""
    when = [f"{one.at or ''}", one.day or ""] if one.at or one.day else []
    return json.dumps([one.frequency, one.criteria.as_json(), *when])
