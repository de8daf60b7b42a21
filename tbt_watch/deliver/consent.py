"""Consent by e-mail: a mailbox is asked with a signed link before anything else goes there, and can leave by another.

Where an asking stands is kept as the conversation with that mailbox: how often it was asked, and how often in a row the
letter could not be handed over.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tbt_watch.deliver.email import Email
from tbt_watch.deliver.letter import Slip
from tbt_watch.deliver.links import CONFIRM, Links
from tbt_watch.deliver.markup import bold, escape, link
from tbt_watch.domain.edition import Part
from tbt_watch.domain.moment import Clock, today
from tbt_watch.domain.office import Office
from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.domain.work import Issue
from tbt_watch.errors import DeliveryError
from tbt_watch.language import Language
from tbt_watch.store import Store

CHANNEL = "email"
MOST_ASKED = 2
AT_ONCE = 30
"""Letters in one run: news that come in meanwhile wait for it."""

AGAIN = timedelta(days=7)
"""After this long a mailbox that did not answer is asked once more, and then no more."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
PATIENCE = 5.0
SOURCE = "deliver"


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """Asks mailboxes, and knows what stands under the letters of those that agreed."""

    store: Store
    language: Language
    links: Links
    office: Office

    def slip(self, address: str) -> Slip | None:
        """What stands under a letter to this address; None when nobody is subscribed there."""
        who = self.store.subscribers.at(CHANNEL, address)
        if who is None:
            return None
        leave = self.links.unsubscribe(who)
        say = self.language.say
        why = say(
            "You receive this letter because {address} is subscribed to the news of {office}.",
            who.lang,
            address=address,
            office=self.office.name,
        )
        lines = (escape(why), link(say("Unsubscribe", who.lang), leave), escape(self._contact()))
        foot = "\n".join(filter(None, lines))
        return Slip(lang=who.lang, foot=foot, leave=leave, bulletin=self._bulletin_slip(who))

    def _bulletin_slip(self, who: Subscriber) -> Slip:
        """The same under the bulletin: one click ends that alone, where news are wanted besides."""
        say, every = self.language.say, self.links.unsubscribe(who)
        alone = self.links.no_bulletin(who) if who.subscriptions else ""
        why = say(
            "You receive this letter because {address} gets the bulletin of {office}.",
            who.lang,
            address=who.address,
            office=self.office.name,
        )
        stop = link(say("Only stop the bulletin", who.lang), alone) if alone else ""
        lines = (escape(why), stop, link(say("Unsubscribe", who.lang), every), escape(self._contact()))
        foot = "\n".join(filter(None, lines))
        return Slip(lang=who.lang, foot=foot, leave=alone or every, list_id="bulletin.tbt-watch")

    def ask(self, mail: Email, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> int:
        """Ask the mailboxes that are to be asked now; how many letters went out. What the mail server makes wait, and
        what is more than ``AT_ONCE``, is left to the next run."""
        gone = tried = 0
        for who in self.store.subscribers.all():
            if who.channel != CHANNEL or who.pause != "unconfirmed":
                continue
            asked, tries, due = self._stands(who)
            if asked >= MOST_ASKED or clock() < due:
                continue
            if tried == AT_ONCE:
                break
            tried += 1
            while pause := mail.permit(who.address):
                if pause > PATIENCE:
                    return gone
                sleep(pause)
            try:
                gone += self._asked(mail, who, asked, tries, clock)
            except DeliveryError:
                break  # our own access is at fault: every other letter would meet it too
        return gone

    def _stands(self, who: Subscriber) -> tuple[int, int, datetime]:
        """How often it was asked, how often in a row that failed, and when it may be asked again."""
        talk = self.store.talks.get(CHANNEL, who.address)
        if talk is None:
            return 0, 0, who.since
        state = json.loads(talk.state)
        tries = int(state["tries"])
        wait = BACK_OFF[min(tries, len(BACK_OFF)) - 1] if tries else AGAIN
        return int(state["asked"]), tries, talk.at + wait

    def _keep(self, who: Subscriber, asked: int, tries: int, now: datetime) -> None:
        self.store.talks.keep(CHANNEL, who.address, json.dumps({"asked": asked, "tries": tries}), asked, now)

    def _asked(self, mail: Email, who: Subscriber, asked: int, tries: int, clock: Clock) -> bool:
        """Ask one, written down before: after a kill it is not asked twice. Raises DeliveryError when nobody can be
        asked now."""
        now = clock()
        self._keep(who, asked + 1, 0, now)
        try:
            label = f"consent-{who.id}-{now:%Y%m%d}"
            mail.write(who.address, self._request(who, now), self._plain_slip(who), label=label)
        except DeliveryError as error:
            if error.sent is None:
                return False  # it may have arrived; in a week it is asked once more
            lasting = error.permanent and not error.whole_channel
            self._keep(who, MOST_ASKED if lasting else asked, 0 if lasting else tries + 1, now)
            if lasting or error.whole_channel:
                self._told(who, error, now)
            if error.whole_channel:
                raise
            return False
        self.store.issues.resolve(SOURCE, f"subscriber {who.id}", now, ("consent-failed",))
        return True

    def _told(self, who: Subscriber, error: DeliveryError, now: datetime) -> None:
        own = error.whole_channel
        self.store.issues.open(
            Issue(
                source=SOURCE,
                key="channel email" if own else f"subscriber {who.id}",
                kind="channel-refused" if own else "consent-failed",
                message=str(error) if own else f"{who.name} could not be asked at {who.address}: {error}",
                todo="Mend the access; everything for this channel waits and goes out with a later run."
                if own
                else "Ask the enterprise for its mailbox, and import it anew.",
                opened_at=now,
            )
        )

    # Words

    def _request(self, who: Subscriber, now: datetime) -> Part:
        say, lang = self.language.say, who.lang
        about = say(
            "This mailbox was entered for news on technical barriers to trade (TBT), sanitary and phytosanitary"
            " measures (SPS) and Vietnamese technical regulations.",
            lang,
        )
        until = say(
            "Nothing is sent before you confirm it; please do so by {day}.", lang, day=today(now + CONFIRM)
        )
        blocks = (
            bold(say("Confirm your subscription to the news of {office}", lang, office=self.office.name)),
            escape(say("Dear {name},", lang, name=who.name)),
            escape(f"{about} {until}"),
            link(say("Confirm the subscription", lang), self.links.confirm(who, now)),
            escape(say("If you did not ask for this, do nothing: no news will come.", lang)),
        )
        return Part(number=1, text="\n\n".join(blocks))

    def _plain_slip(self, who: Subscriber) -> Slip:
        said = self.language.say("This letter was sent by {office}.", who.lang, office=self.office.name)
        return Slip(lang=who.lang, foot="\n".join(filter(None, (escape(said), escape(self._contact())))))

    def _contact(self) -> str:
        given = (self.office.address, self.office.phone, self.office.email, self.office.website)
        return " · ".join(filter(None, given))
