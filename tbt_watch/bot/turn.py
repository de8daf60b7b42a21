"""One turn of a conversation: what happened, where it stood, and the ways to answer; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tbt_watch.bot.desk import Desk
from tbt_watch.bot.nouns import CHANNEL, Answer, Deed, Event, Reply, Rows, Talk
from tbt_watch.bot.screens import screen
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import escape, split
from tbt_watch.domain.subscriber import Subscriber

LIMIT = 4000
"""UTF-16 units of one message; Telegram takes 4096 (core.telegram.org/bots/api, sendMessage)."""

NOTE = 190
"""Characters of a word over the chat; Telegram takes 200 (answerCallbackQuery)."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What happened, where the conversation stood, who is subscribed here, and where things are looked up."""

    talk: Talk
    event: Event
    desk: Desk
    one: Subscriber | None

    @property
    def speak(self) -> Speaker:
        """In the language of the conversation."""
        return self.desk.speaker(self.talk.lang)

    def with_talk(self, **changes: Any) -> "Turn":
        """The same turn, the conversation standing elsewhere."""
        return replace(self, talk=replace(self.talk, **changes))

    # --- ways to answer ---

    def say(self, text: str, rows: Rows = (), deeds: Sequence[Deed] = ()) -> Answer:
        """A new message, in as many as it takes; the buttons stand under the last."""
        parts = split(text, LIMIT)
        replies = [Reply(kind="say", text=part) for part in parts[:-1]]
        replies.append(Reply(kind="say", text=parts[-1] if parts else "…", buttons=rows))
        return self._answer(replies, deeds)

    def show(self, text: str, rows: Rows = (), deeds: Sequence[Deed] = ()) -> Answer:
        """In place of the message under which was tapped; a new one where nothing was tapped, or it takes several."""
        at = self.event.message_id
        if self.event.kind != "tap" or at is None or len(split(text, LIMIT)) > 1:
            return self.say(text, rows, deeds)
        turn = self.with_talk(screen=at)
        return turn._answer([Reply(kind="edit", text=text, buttons=rows, target=str(at))], deeds)

    def note(self, text: str, deeds: Sequence[Deed] = ()) -> Answer:
        """A word over the chat; a message where nothing was tapped."""
        if self.event.kind != "tap":
            return self.say(escape(text), (), deeds)
        return self._answer([self.word(text)], deeds)

    def word(self, text: str) -> Reply:
        """The word over the chat by itself."""
        short = text if len(text) <= NOTE else f"{text[: NOTE - 2]} …"
        return Reply(kind="note", text=short, target=self.event.callback)

    def ask(self, *, anew: bool = False, before: str = "", deeds: Sequence[Deed] = ()) -> Answer:
        """What is asked at the present step, under what stands ``before`` (markup)."""
        text, rows = screen(self.talk, self.desk, group=self.event.group)
        text = f"{before}\n\n{text}" if before else text
        return self.say(text, rows, deeds) if anew else self.show(text, rows, deeds)

    def nothing(self, deeds: Sequence[Deed] = ()) -> Answer:
        """No word."""
        return self._answer([], deeds)

    def also(self, answer: Answer, *replies: Reply) -> Answer:
        """That answer with more to say."""
        return replace(answer, replies=(*replies, *answer.replies))

    def _answer(self, replies: Sequence[Reply], deeds: Sequence[Deed]) -> Answer:
        return Answer(talk=self.talk, replies=tuple(replies), deeds=tuple(deeds))

    # --- people ---

    def somebody(self) -> Subscriber:
        """Who is subscribed here, or would be."""
        return self.one or Subscriber(
            name=self.event.name, lang=self.talk.lang, channel=CHANNEL, address=self.event.address,
            subscriptions=(), since=self.desk.now,
        )  # fmt: skip
