"""Editions, their items, deliveries and parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tbt_watch.domain.moment import aware

EditionKind = Literal["instant", "daily", "weekly", "reminder", "correction", "bulletin"]
DIGESTS: tuple[EditionKind, ...] = ("daily", "weekly", "bulletin")
"""What gathers the news of some time; everything else is sent before these."""

DeliveryState = Literal["PENDING", "SENT", "UNCERTAIN", "FAILED", "BLOCKED"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionItem:
    """A notice in an edition, in the version that is told, and why this audience gets it.

    ``reason`` is neutral of language: ``document:EU 2023/1115``, ``sector:fresh-produce``, ``hs:0805``, ``market:EU``,
    ``general``; of a reminder ``send-by:14``, ``in-force:0`` or ``procedures:30`` (what is due, and in how many days;
    ``in-force:-2`` was two days ago); of a correction ``correction``; of the bulletin ``bulletin``.
    """

    notice_key: str
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """What one audience is told at one time. ``until``: everything accepted before it was looked at. A correction has
    no audience, it is for those who got the error; a weekly edition without items says that there is nothing new.
    ``bulletin``: the number in the store of the edition of the bulletin that it brings to its readers."""

    kind: EditionKind
    audience: str
    lang: Literal["vi", "en"]
    until: datetime
    items: tuple[EditionItem, ...]
    bulletin: int | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        aware(self.until, "until")


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """What a reader can tap under a message. ``action``: an address that begins with ``https://``, or what comes
    back to us, ``verb:detail``, at most 64 bytes."""

    label: str
    action: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of a delivery, with the text that is sent; ``number`` from 1. ``message_id``: the channel's;
    ``buttons`` in rows; ``lost``: how often the answer to it was lost, so that it may have arrived more than once."""

    number: int
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    state: DeliveryState = "PENDING"
    message_id: str | None = None
    at: datetime | None = None
    lost: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One edition to one subscriber by one channel. ``reply_to``: the channel's id of the message that its first part
    answers, where the subscriber had one about the same measure."""

    id: int
    edition_id: int
    edition_kind: EditionKind
    subscriber_id: int
    subscriber: str
    lang: Literal["vi", "en"]
    channel: str
    address: str
    state: DeliveryState
    attempts: int
    parts: tuple[Part, ...]
    created_at: datetime
    why: str = ""
    reply_to: str | None = None

    def __post_init__(self) -> None:
        aware(self.created_at, "created_at")
