"""One event from its arrival to what is kept: deeds, state and what is to be said are written as one.

A kill leaves an event either undone, and Telegram gives it again, or done, and what is still to be said is said after
the next start. The same update twice is answered once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tbt_watch.bot.desk import Desk
from tbt_watch.bot.dialogue import answer
from tbt_watch.bot.nouns import CHANNEL, Event, Lost, Moved, Reply, Talk
from tbt_watch.store import Store
from tbt_watch.store.talks import Talk as Kept

AGAIN = timedelta(days=2)
"""For so long an update may come again: Telegram keeps it for a day. After a week of silence its numbers begin
elsewhere (core.telegram.org/bots/api, "Update"), so that a smaller one is no proof that it was seen."""


FORGOTTEN = timedelta(days=90)
"""For so long the conversation with somebody who never subscribed is kept."""

MOST = 40
"""Replies that wait at most in a chat: who writes faster than may be answered gets the newest answers."""


@dataclass(kw_only=True)
class Handling:
    """Answers events, and keeps what is to be said until it was said."""

    desk: Desk

    @property
    def _store(self) -> Store:
        return self.desk.app.store

    def handle(self, event: Event) -> None:
        """Answer an event; one that was answered before changes nothing."""
        now = self.desk.now
        kept = self._store.talks.get(CHANNEL, event.address)
        if kept and _seen(kept, event, now):
            return
        one = self.desk.subscriber(event.address)
        found = answer(self._talk(kept, event), event, self.desk)  # looks much up: outside of the transaction
        with self._store.transaction():
            kept = self._store.talks.get(CHANNEL, event.address)
            if self.desk.subscriber(event.address) != one:  # another wrote meanwhile
                found = answer(self._talk(kept, event), event, self.desk)
            before = self._talk(kept, event).unsent if event.kind != "gone" else ()
            talk = replace(found.talk, unsent=(*before, *found.replies)[-MOST:])
            if event.kind == "gone" and self.desk.subscriber(event.address) is None:
                self._store.talks.forget(CHANNEL, event.address)  # nothing is kept of who left, or never came
            elif event.kind != "moved":
                self._store.talks.keep(CHANNEL, event.address, talk.as_json(), event.number, now)
            self.desk.do(found.deeds)

    def _talk(self, kept: Kept | None, event: Event) -> Talk:
        """Where the conversation stands; a new one is in the language of the subscriber."""
        if kept is not None:
            talk = Talk.from_json(kept.state)
            return Talk(unsent=talk.unsent) if talk.over else talk
        one = self.desk.subscriber(event.address)
        return Talk(lang=one.lang) if one else Talk()

    # --- what is to be said ---

    def begin(self) -> list[str]:
        """At the start: conversations that came to nothing long ago are forgotten. The chats to which something was
        not said yet."""
        self._store.talks.sweep(CHANNEL, self.desk.now - FORGOTTEN)
        return self.waiting()

    def waiting(self) -> list[str]:
        """The chats to which something was not said yet."""
        return self._store.talks.waiting(CHANNEL)

    def next(self, address: str) -> Reply | None:
        """What is to be said next; None: nothing. Who wanted to be forgotten is, when all was said."""
        kept = self._store.talks.get(CHANNEL, address)
        if kept is None:
            return None
        talk = Talk.from_json(kept.state)
        if talk.unsent:
            return talk.unsent[0]
        if talk.over:
            self._forget_if_over(address)
        return None

    def _forget_if_over(self, address: str) -> None:
        """Forget the conversation, if nobody wrote in it meanwhile."""
        with self._store.transaction():
            kept = self._store.talks.get(CHANNEL, address)
            talk = Talk.from_json(kept.state) if kept else Talk()
            if talk.over and not talk.unsent:
                self._store.talks.forget(CHANNEL, address)

    def said(self, address: str, reply: Reply) -> None:
        """It was said, or cannot be."""
        with self._store.transaction():
            kept = self._store.talks.get(CHANNEL, address)
            talk = Talk.from_json(kept.state) if kept else Talk()
            if talk.unsent and talk.unsent[0] == reply:
                self._store.talks.restate(CHANNEL, address, replace(talk, unsent=talk.unsent[1:]).as_json())

    def lost(self, address: str) -> None:
        """The chat does not take us any more: nothing more is said, and nothing sent."""
        one = self.desk.subscriber(address)
        with self._store.transaction():
            kept = self._store.talks.get(CHANNEL, address)
            if kept:
                talk = replace(Talk.from_json(kept.state), unsent=())
                self._store.talks.restate(CHANNEL, address, talk.as_json())
            if one and one.id is not None:
                self.desk.do([Lost(subscriber_id=one.id)])
            else:
                self._store.talks.forget(CHANNEL, address)

    def moved(self, old: str, new: str) -> None:
        """The chat has another number."""
        self.desk.do([Moved(old=old, new=new)])


def _seen(kept: Kept, event: Event, now: datetime) -> bool:
    return event.number == kept.last or (event.number < kept.last and now - kept.at < AGAIN)
