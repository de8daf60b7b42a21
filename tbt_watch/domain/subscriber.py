"""Who gets what: subscribers, their subscriptions, and audiences."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from tbt_watch.domain.moment import aware

Frequency = Literal["instant", "daily", "weekly"]
FREQUENCIES: tuple[Frequency, ...] = ("instant", "daily", "weekly")


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteria:
    """What a subscription follows; an empty field sets no limit.

    A notice matches when it is in one of the ``areas``, of one of the ``markets`` (Vietnamese regulations have
    no market), and about any of the ``sectors``, ``hs`` prefixes, ``topics`` or ``words``.
    """

    sectors: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        """Sorted, without empty fields: equal criteria give equal JSON."""
        pairs = ((item.name, sorted(set(getattr(self, item.name)))) for item in fields(self))
        return {name: values for name, values in pairs if values}

    @property
    def subjects(self) -> bool:
        """Whether anything but market and area limits it."""
        return bool(self.sectors or self.hs or self.topics or self.words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One wish of a subscriber."""

    criteria: Criteria
    frequency: Frequency


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """An enterprise or office: where it is reached, in which language, and what it follows.

    ``address`` is the channel's own: a chat number for Telegram, a mailbox name for the pretend channel.
    """

    name: str
    lang: Literal["vi", "en"]
    channel: str
    address: str
    subscriptions: tuple[Subscription, ...]
    since: datetime
    paused: bool = False
    id: int | None = None

    def __post_init__(self) -> None:
        aware(self.since, "since")

    @property
    def audience(self) -> str:
        """Subscribers with the same subscriptions and language are one audience: the key of it."""
        return audience_key(self.subscriptions, self.lang)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Everyone who follows exactly the same. ``since``: editions take what was accepted from then on."""

    key: str
    lang: Literal["vi", "en"]
    subscriptions: tuple[Subscription, ...]
    since: datetime

    def __post_init__(self) -> None:
        aware(self.since, "since")


def audience_key(subscriptions: Sequence[Subscription], lang: str) -> str:
    """A short stable name for a set of subscriptions in a language."""
    wishes = sorted({json.dumps([wish.frequency, wish.criteria.as_json()]) for wish in subscriptions})
    return hashlib.sha256(json.dumps([lang, wishes]).encode()).hexdigest()[:16]
