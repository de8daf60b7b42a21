"""A chat with the bot without a line between: what a person types and taps, and sees.

Every reply is held against what Telegram takes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import telegram_html

from tbt_watch.app import App
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.handling import Handling
from tbt_watch.bot.nouns import CHANNEL, Event, Kind, Reply, Talk
from tbt_watch.deliver.markup import plain
from tbt_watch.domain.subscriber import Subscriber


@dataclass
class Chat:
    """``seen``: the messages by number, as they stand now; ``notes``: the words over the chat; ``taps``: how many."""

    app: App
    address: str
    group: bool = False
    admin: bool = True
    number: int = 1000
    seen: dict[int, Reply] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    taps: int = 0
    last: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The service ended and began again."""
        self.handling = Handling(desk=Desk(app=self.app))

    @property
    def subscriber(self) -> Subscriber | None:
        return self.app.store.subscribers.at(CHANNEL, self.address)

    @property
    def talk(self) -> Talk:
        kept = self.app.store.talks.get(CHANNEL, self.address)
        return Talk.from_json(kept.state) if kept else Talk()

    @property
    def text(self) -> str:
        """What was said or changed last."""
        return plain(self.seen[self.last].text)

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [one.label for row in self.seen[self.last].buttons for one in row]

    # --- what a person does ---

    def command(self, command: str, text: str = "") -> "Chat":
        return self.event("command", text=text, command=command)

    def types(self, text: str) -> "Chat":
        return self.event("text", text=text)

    def tap(self, label: str, at: int | None = None) -> "Chat":
        """A button of that message, or of the newest that has one of this label."""
        for number in [at] if at else sorted(self.seen, reverse=True):
            for row in self.seen[number].buttons:
                for one in row:
                    if label in one.label:
                        return self.push(one.action, number)
        raise AssertionError(f"no button {label!r} under {self.text!r}: {self.labels}")

    def push(self, data: str, at: int = 1) -> "Chat":
        self.taps += 1
        return self.event("tap", text=data, message_id=at, callback="cb")

    def event(
        self,
        kind: Kind,
        *,
        text: str = "",
        command: str = "",
        message_id: int | None = None,
        callback: str = "",
    ) -> "Chat":
        self.number += 1
        self.handling.handle(
            Event(
                number=self.number, address=self.address, kind=kind, text=text, command=command,
                message_id=message_id, callback=callback, name="HTX Chuối", group=self.group, admin=self.admin,
            )
        )  # fmt: skip
        self.read()
        return self

    def read(self) -> None:
        """See what was said."""
        while reply := self.handling.next(self.address):
            fits(reply)
            if reply.kind == "note":
                self.notes.append(reply.text)
            else:
                self.last = int(reply.target) if reply.kind == "edit" else max(self.seen, default=5000) + 1
                self.seen[self.last] = reply
            self.handling.said(self.address, reply)


def fits(reply: Reply) -> None:
    """Whether Telegram takes it (core.telegram.org/bots/api: sendMessage, InlineKeyboardButton,
    answerCallbackQuery)."""
    if reply.kind == "note":
        assert len(reply.text) <= 200
        return
    text = telegram_html.read(reply.text)
    assert 1 <= len(text.encode("utf-16-le")) // 2 <= 4096
    assert text.strip()
    for row in reply.buttons:
        assert 1 <= len(row) <= 8
        for one in row:
            assert 1 <= len(one.label) <= 64
            assert one.action.startswith("https://") or 1 <= len(one.action.encode()) <= 64


def wishing(chat: Chat, *steps: Callable[[Chat], object]) -> Chat:
    """The chat after these steps."""
    for step in steps:
        step(chat)
    return chat
