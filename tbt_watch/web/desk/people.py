"""Subscribers and what went to them: who follows what, pause, remove; deliveries, sending again, carrying over."""

from dataclasses import replace
from typing import get_args

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.deliver.byhand import ByHand, to_paste
from tbt_watch.deliver.markup import plain
from tbt_watch.digest import wishes
from tbt_watch.digest.leaving import leave
from tbt_watch.domain.code import code_of
from tbt_watch.domain.edition import Delivery, DeliveryState
from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.domain.text import collapse
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.register import CHANNELS
from tbt_watch.store.ledger import Wanted
from tbt_watch.web.desk.room import Room, Visit
from tbt_watch.wording import bulletin_line, wish_lines

PAGE = 100
STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
SAID = {
    "PENDING": "Waiting to be sent",
    "SENT": "Sent",
    "UNCERTAIN": "Nobody knows whether it arrived",
    "FAILED": "Could not be sent",
    "BLOCKED": "Not taken by the recipient",
    "asked": "paused",
    "unreachable": "paused: could not be reached",
    "unconfirmed": "waits for its mailbox to be confirmed",
    "prepared": "prepared, not taken up yet",
    "instant": "at once",
    "daily": "daily news",
    "weekly": "weekly news",
    "reminder": "reminder",
    "correction": "correction",
    "bulletin": "bulletin",
}
"""States, pauses and kinds of editions in words: message ids."""
_AGAIN: tuple[DeliveryState, ...] = ("FAILED", "UNCERTAIN", "BLOCKED")


class People:
    """Pages on subscribers and deliveries."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """Everybody, one; deliveries, one."""
        get, post = self._room.get, self._room.post
        return [
            get("/subscribers", self._all),
            get("/subscribers/{number:int}", self._one),
            post("/subscribers/{number:int}/pause", self._pause),
            post("/subscribers/{number:int}/bulletin", self._bulletin),
            post("/subscribers/{number:int}/remove", self._remove, admin=True),
            get("/deliveries", self._deliveries),
            get("/deliveries/{number:int}", self._delivery),
            post("/deliveries/{number:int}/again", self._again),
            post("/deliveries/{number:int}/pasted", self._pasted),
        ]

    # --- subscribers ---

    def _all(self, visit: Visit) -> Response:
        asked = visit.asked("who").strip()[:200]
        everybody = [one for one in self._room.app.store.subscribers.all() if one.name]
        shown = [one for one in everybody if asked.casefold() in f"{one.name} {one.address}".casefold()]
        return self._room.show(
            visit, "desk/subscribers.html", people=shown, whole=len(everybody), asked=asked, said=SAID
        )

    def _known(self, visit: Visit) -> Subscriber | None:
        one = self._room.app.store.subscribers.get(visit.number)
        return one if one is not None and one.name else None

    def _one(self, visit: Visit) -> Response:
        app, one = self._room.app, self._known(visit)
        if one is None:
            return self._gone(visit)
        speak = app.letterhead.speaker(visit.lang)
        return self._room.show(
            visit,
            "desk/subscriber.html",
            one=one,
            code=code_of(one),
            wishes=[
                *(wish_lines(wish, app.hours, speak) for wish in one.subscriptions),
                *([[bulletin_line(speak)]] if one.bulletin_since else []),
            ],
            deliveries=app.store.deliveries.find(Wanted(subscriber_id=one.id), PAGE),
            said=SAID,
        )

    def _pause(self, visit: Visit) -> Response:
        """Pause somebody who asked for it, or let the news come again; what else is in the way stays so."""
        app = self._room.app
        pause = visit.given("pause") == "1"
        with app.store.transaction():
            one = self._known(visit)
            if one is None:
                return self._gone(visit)
            if one.pause == ("" if pause else "asked"):
                changed = replace(one, pause="asked" if pause else "")
                wishes.save(app.store, changed, app.clock(), app.vocabulary.sectors_of)
        return self._room.go(visit, f"subscribers/{one.id}", did="paused" if pause else "resumed")

    def _bulletin(self, visit: Visit) -> Response:
        """Somebody asked for the bulletin, or wants it no longer."""
        app, wants = self._room.app, visit.given("bulletin") == "1"
        with app.store.transaction():
            one = self._known(visit)
            if one is None:
                return self._gone(visit)
            if wants != (one.bulletin_since is not None):
                changed = replace(one, bulletin_since=app.clock() if wants else None)
                wishes.save(app.store, changed, app.clock(), app.vocabulary.sectors_of)
        return self._room.go(visit, f"subscribers/{one.id}", did="bulletin" if wants else "no-bulletin")

    def _remove(self, visit: Visit) -> Response:
        """Everything about somebody goes, once their name was written by who asks for it."""
        app = self._room.app
        with app.store.transaction():
            one = self._known(visit)
            if one is None:
                return self._gone(visit)
            if collapse(visit.given("name")) != collapse(one.name):
                return self._room.go(visit, f"subscribers/{one.id}", did="unnamed")
            leave(app.store, one.channel, one.address, app.clock())
            app.store.talks.forget(one.channel, one.address)
        return self._room.go(visit, "subscribers", did="removed")

    # --- deliveries ---

    def _deliveries(self, visit: Visit) -> Response:
        """The newest deliveries, and how many there are of each channel in each state."""
        state = next((one for one in STATES if one == visit.asked("state")), None)
        channel = next((one for one in CHANNELS if one == visit.asked("channel")), None)
        store = self._room.app.store.deliveries
        asked = visit.asked("bulletin")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else None
        wanted = Wanted(state=state, channel=channel, bulletin_id=number)
        return self._room.show(
            visit,
            "desk/deliveries.html",
            deliveries=store.find(wanted, PAGE),
            counts=sorted(store.counts(Wanted(bulletin_id=number)).items()),
            bulletin=number,
            paste=store.find(Wanted(state="PENDING", channel=ByHand.name, paused=False), PAGE),
            state=state or "",
            channel=channel or "",
            states=STATES,
            channels=CHANNELS,
            most=PAGE,
            said=SAID,
        )

    def _delivery(self, visit: Visit, status: int = 200, problem: str = "") -> Response:
        try:
            one = self._room.app.store.deliveries.get(visit.number)
        except NotFoundError:
            return self._gone(visit)
        return self._room.show(
            visit,
            "desk/delivery.html",
            status,
            one=one,
            texts=_texts(one),
            again=one.state in _AGAIN and bool(one.subscriber),
            paste=one.channel == ByHand.name and one.state == "PENDING" and bool(one.parts),
            problem=problem,
            said=SAID,
        )

    def _again(self, visit: Visit) -> Response:
        try:
            self._room.app.store.deliveries.resend(visit.number, self._room.app.clock())
        except NotFoundError:
            return self._gone(visit)
        except UsageError:
            return self._delivery(visit, 409, "again")
        return self._room.go(visit, f"deliveries/{visit.number}", did="again")

    def _pasted(self, visit: Visit) -> Response:
        """Somebody pasted it by hand: who, and into which group."""
        app = self._room.app
        try:
            one = app.store.deliveries.get(visit.number)
            if one.channel != ByHand.name:
                return self._delivery(visit, 409, "pasted")
            app.store.deliveries.pasted(one.id, visit.given("by"), visit.given("group"), app.clock())
        except NotFoundError:
            return self._gone(visit)
        except UsageError:
            return self._delivery(visit, 422, "pasted")
        return self._room.go(visit, f"deliveries/{one.id}", did="pasted")

    def _gone(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/nobody.html", 404)


def _texts(one: Delivery) -> list[str]:
    if one.channel == ByHand.name:
        return to_paste(one.parts) if one.parts else []
    return [plain(part.text) for part in one.parts]
