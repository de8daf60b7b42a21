"""What a conversation is made of: events that come in, replies that go out, deeds, and the state between them; pure."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from tbt_watch.domain.edition import Button
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.work import Issue
from tbt_watch.store.codec import subscriptions_from_json, subscriptions_to_json

CHANNEL = "telegram"

Lang = Literal["vi", "en"]
Step = Literal["", "subject", "market", "kind", "topic", "often", "hour", "day", "check", "report", "leave"]
"""What was asked last; empty: nothing."""

Kind = Literal["command", "text", "edited", "tap", "other", "joined", "gone", "moved"]
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing that happened in a chat. ``number``: of the update; ``text``: what was typed, what followed a command,
    what a button holds, or the new number of a chat that ``moved``; ``message_id``: under which message was tapped;
    ``callback``: by what a tap is answered; ``name`` of the person or group; ``admin``: whether who did it may change
    what the chat follows (in a chat of one person always); ``unsure``: nobody could be asked that just now."""

    number: int
    address: str
    kind: Kind
    text: str = ""
    command: str = ""
    message_id: int | None = None
    callback: str = ""
    name: str = ""
    group: bool = False
    person: int | None = None
    admin: bool = True
    unsure: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One thing to say. ``say``: a new message; ``edit``: in place of the message ``target``; ``note``: a word over
    the chat in answer to the tap ``target``, plain and at most 200 characters. ``text`` of the others is markup."""

    kind: Literal["say", "edit", "note"]
    text: str
    buttons: Rows = ()
    target: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept until it is said."""
        return {**asdict(self), "buttons": [[[one.label, one.action] for one in row] for row in self.buttons]}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Reply":
        """What ``as_json`` made."""
        rows = tuple(tuple(Button(label=label, action=at) for label, at in row) for row in found["buttons"])
        return cls(kind=found["kind"], text=found["text"], buttons=rows, target=found["target"])


EMPTY = Subscription(criteria=Criteria(), frequency="daily")
"""A subscription before anything is chosen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """Where a conversation stands. ``round``: the number of the subscription that is being made, which its buttons
    carry, so that those of an earlier one do nothing; ``draft``: that subscription; ``place``: which of the
    subscriber's own it changes (None: a new one) and ``was`` its short name; ``reviewed``: whether it was looked at as
    a whole, so that a change of one thing leads back there; ``page`` of a long list of buttons; ``about``: the notice
    that a report is about; ``screen``: the message that was last changed in place; ``unsent``: what is still to be
    said; ``over``: when that is said, forget everything."""

    lang: Lang = "vi"
    step: Step = ""
    round: int = 0
    draft: Subscription = EMPTY
    place: int | None = None
    was: str = ""
    reviewed: bool = False
    page: int = 0
    about: int | None = None
    screen: int | None = None
    unsent: tuple[Reply, ...] = ()
    over: bool = False

    def as_json(self) -> str:
        """As JSON text, without what is as at the beginning."""
        first = Talk()
        plain = ("lang", "step", "round", "place", "was", "reviewed", "page", "about", "screen", "over")
        found: dict[str, Any] = {
            name: value for name in plain if (value := getattr(self, name)) != getattr(first, name)
        }
        if self.draft != first.draft:
            found["draft"] = json.loads(subscriptions_to_json([self.draft]))
        if self.unsent:
            found["unsent"] = [one.as_json() for one in self.unsent]
        return json.dumps(found, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Talk":
        """What ``as_json`` made. A state that another version wrote and this one cannot read begins anew."""
        try:
            found: dict[str, Any] = json.loads(text)
            if found.get("step", "") not in get_args(Step) or found.get("lang", "vi") not in ("vi", "en"):
                return cls()
            if "draft" in found:
                (found["draft"],) = subscriptions_from_json(json.dumps(found["draft"]))
            found["unsent"] = tuple(Reply.from_json(one) for one in found.get("unsent", ()))
            return cls(**found)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()


@dataclass(frozen=True, kw_only=True, slots=True)
class Save:
    """Keep this subscriber as it is now."""

    subscriber: Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Remove:
    """Delete everything about this chat."""

    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tapped:
    """Write these taps down, and take those back."""

    subscriber_id: int
    notice_id: int
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """Put this on the list of the curators."""

    issue: Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Revived:
    """The chat can be reached again."""

    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """The chat said that it does not take us any more."""

    subscriber_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenUp:
    """A subscription that staff prepared is this chat's now."""

    code: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """The chat has another number."""

    old: str
    new: str


Deed = Save | Remove | Tapped | Reported | Revived | Lost | TakenUp | Moved


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What comes of an event."""

    talk: Talk
    replies: tuple[Reply, ...] = ()
    deeds: tuple[Deed, ...] = ()
