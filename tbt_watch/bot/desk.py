"""What a conversation may look up, and the deeds that come of it: the bot's way to the rest of the house."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from tbt_watch.app import App
from tbt_watch.bot.nouns import (
    CHANNEL,
    Deed,
    Lang,
    Lost,
    Moved,
    Remove,
    Reported,
    Revived,
    Save,
    TakenUp,
    Tapped,
)
from tbt_watch.bot.understand import Reader
from tbt_watch.deliver import single
from tbt_watch.deliver.brief import Brief
from tbt_watch.deliver.letterhead import Letterhead, Speaker
from tbt_watch.digest import enrol, wishes
from tbt_watch.digest.documents import document_name, followed_as
from tbt_watch.digest.leaving import leave
from tbt_watch.digest.match import GENERAL, match
from tbt_watch.digest.preview import DAYS, Preview, preview
from tbt_watch.domain.code import prepared_address, read_code, worthless
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.kit import Kit, comment_kit
from tbt_watch.tag.related import related_words

FRESH = timedelta(minutes=5)
"""For so long the notices of a preview are kept, so that the next one need not read them again."""


@dataclass(kw_only=True)
class Desk:
    """Looks things up. Nothing here changes anything but ``do``."""

    app: App
    _told: tuple[datetime, list[Dossier]] | None = field(default=None, repr=False)
    _reader: Reader | None = field(default=None, repr=False)

    # --- words ---

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.app.clock()

    @property
    def today(self) -> date:
        """The day it is in Viet Nam."""
        return today(self.now)

    @cached_property
    def letterhead(self) -> Letterhead:
        """What is the same in every message."""
        return self.app.letterhead

    def speaker(self, lang: Lang) -> Speaker:
        """Says things in one language."""
        return self.letterhead.speaker(lang)

    @property
    def reader(self) -> Reader:
        """Reads what people type, by the vocabulary as it is now."""
        vocabulary = self.app.vocabulary
        if self._reader is None or self._reader.vocabulary is not vocabulary:
            self._reader = Reader(self.app.language, vocabulary)
        return self._reader

    def subjects(self, kind: str, lang: Lang) -> list[tuple[str, str]]:
        """Sectors or topics: code and name, in the order in which the office lists them."""
        labels = self.app.labels
        known = labels.sectors if kind == "sector" else labels.topics
        return [(code, names[lang]) for code, names in known.items()]

    # --- people ---

    def subscriber(self, address: str) -> Subscriber | None:
        """Who is subscribed in this chat."""
        return self.app.store.subscribers.at(CHANNEL, address)

    def prepared(self, code: str) -> Subscriber | None:
        """What staff prepared under a code; None for one that is not valid (any more)."""
        known = read_code(code)
        found = self.app.store.subscribers.at(CHANNEL, prepared_address(known)) if known else None
        return found if found and found.pause == "prepared" and not worthless(found, self.now) else None

    def said(self, subscriber_id: int, notice_id: int) -> frozenset[str]:
        """What was tapped under a notice."""
        return self.app.store.taps.of(subscriber_id, notice_id)

    # --- notices ---

    def preview(self, criteria: Criteria) -> Preview:
        """What a subscription would have brought."""
        sectors_of = self.app.vocabulary.sectors_of
        return preview(criteria, self._tellable(), self.now, sectors_of=sectors_of, related_of=self.related)

    def related(self, asked: str) -> Mapping[str, Sequence[str]]:
        """By language, what belongs to a product word or an HS code."""
        return related_words(asked, self.app.vocabulary, self.app.language.hs_headings)

    def general(self, criteria: Criteria) -> int:
        """How many of them would come as general news only: without a sector, so to all of their market."""
        sectors_of = self.app.vocabulary.sectors_of
        return sum(match(criteria, item, sectors_of) == GENERAL for item in self._tellable())

    def newest(self, one: Subscriber) -> list[Dossier]:
        """What matches the wishes of a subscriber, newest first."""
        found = [item for item in self._tellable() if self._wanted(one, item)]
        return sorted(found, key=lambda item: (item.accepted_at or item.seen_at, item.id), reverse=True)

    def deadlines(self, one: Subscriber) -> list[tuple[date, Dossier]]:
        """What matches and still takes comments, with the day by which to send them, soonest first."""
        found = []
        for item in self.app.store.editions.open_on(self.today):
            due = self.letterhead.send_by(item.notice)
            if due and self._wanted(one, item):
                found.append((due, item))
        return sorted(found, key=lambda pair: (pair[0], pair[1].id))

    def _wanted(self, one: Subscriber, item: Dossier) -> bool:
        sectors_of = self.app.vocabulary.sectors_of
        return any(match(wish.criteria, item, sectors_of) for wish in one.subscriptions)

    def _tellable(self) -> list[Dossier]:
        """What was told, or could have been, in the days that a preview looks back."""
        now = self.now
        if self._told is None or not timedelta() <= now - self._told[0] < FRESH:
            self._told = now, self.app.store.editions.tellable(now - timedelta(days=DAYS))
        return self._told[1]

    def find(self, text: str, limit: int = 50) -> list[Dossier]:
        """Notices by symbol, number or words: what anybody may read."""
        notices = self.app.store.notices
        named = notices.get(text)
        return [item for item in named or notices.search(text, limit) if _public(item)]

    def notice(self, notice_id: int) -> Dossier | None:
        """One notice, if it is there and anybody may read it."""
        found = self.app.store.notices.dossiers([notice_id])
        return found[0] if found and _public(found[0]) else None

    def card(self, item: Dossier, lang: Lang) -> str:
        """A notice as a whole message."""
        speak, above = self.speaker(lang), None
        if item.notice.follows:
            above = next(iter(self.app.store.notices.get(item.notice.follows)), None)
        news = single.Tidings(version=item.version, late=item.age == "LATE", above=above)
        return single.whole(item, news, speak, self.today)

    def kit(self, item: Dossier, lang: Lang) -> Kit | None:
        """The letter to comment with; None where no comments are taken."""
        due = self.letterhead.send_by(item.notice)
        return comment_kit(item, self.app.office, self.app.language, lang, self.today, due)

    def reason(self, subscriber_id: int, edition_id: int, notice_id: int) -> str | None:
        """Why this chat got the notice in that edition."""
        return self.app.store.taps.reason(subscriber_id, edition_id, notice_id)

    def reason_now(self, one: Subscriber, item: Dossier) -> str | None:
        """Why it would get the notice now."""
        sectors_of = self.app.vocabulary.sectors_of
        found = (match(wish.criteria, item, sectors_of) for wish in one.subscriptions)
        return next((reason for reason in found if reason), None)

    def newest_bulletin(self, lang: Lang) -> Brief | None:
        """The number that was published last."""
        newest = next(iter(self.app.store.bulletins.all(published=True)), None)
        return self.letterhead.brief(newest.id or 0, lang) if newest else None

    def received(self, subscriber_id: int, edition_id: int) -> list[Dossier]:
        """The notices of an edition that this chat got."""
        ids = self.app.store.taps.received(subscriber_id, edition_id)
        return [item for item in self.app.store.notices.dossiers(ids) if _public(item)]

    # --- documents ---

    def document(self, text: str) -> str | None:
        """The name by which what somebody typed is followed; None where it names no document."""
        return document_name(text)

    def followed_as(self, item: Dossier) -> str:
        """The name by which a notice is followed."""
        return followed_as(item.notice)

    # --- deeds ---

    def do(self, deeds: Iterable[Deed]) -> None:
        """Do what came of an event. Twice is as once."""
        for deed in deeds:
            self._do(deed)

    def _do(self, deed: Deed) -> None:
        store, now = self.app.store, self.now
        match deed:
            case Save(subscriber=one):
                wishes.save(store, one, now, self.app.vocabulary.sectors_of)
            case Remove(address=address):
                leave(store, CHANNEL, address, now)
            case Tapped(subscriber_id=number, notice_id=at, on=on, off=off):
                store.taps.untap(number, at, *off)
                for kind in on:
                    store.taps.tap(number, at, kind, now)
            case Reported(issue=issue):
                store.issues.open(issue)
            case Revived(address=address):
                store.subscribers.revive(CHANNEL, address, now)
            case Lost(subscriber_id=number):
                store.subscribers.strike(number, now, 1, 0)
            case TakenUp(code=code, address=address):
                enrol.take_up(store, code, CHANNEL, address, now, self.app.vocabulary.sectors_of)
            case Moved(old=old, new=new):
                store.deliveries.move_address(CHANNEL, old, new)
                store.talks.move(CHANNEL, old, new)


def _public(item: Dossier) -> bool:
    """Whether anybody may read it: what was accepted, and the archive."""
    return item.state == "ARCHIVED" or (
        item.accepted_at is not None and item.state not in ("HELD", "REJECTED")
    )
