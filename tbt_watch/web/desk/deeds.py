"""What curators do to a notice: decide, write a text, correct a fact, rule a tag, take back; each against the revision
that they saw, so that nobody overwrites another unseen."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch import curate
from tbt_watch.bulletin.card import make_card
from tbt_watch.domain.amend import FACTS
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.domain.tag import TagKind
from tbt_watch.errors import UsageError
from tbt_watch.store.queue import place_of
from tbt_watch.web.desk.notice import LONGEST, find, plain, since
from tbt_watch.web.desk.proof import standing
from tbt_watch.web.desk.queue import PAGE, here, sieve_of, sieve_query
from tbt_watch.web.desk.room import Room, Visit

Deed = Callable[[Visit, Dossier], object]

_DECISIONS: dict[str, Literal["accepted", "held", "rejected"]] = {
    "accept": "accepted",
    "hold": "held",
    "reject": "rejected",
}
_LONGEST_WHY = 2000


class Deeds:
    """The buttons on the page of one notice."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """One path a deed."""
        post, path = self._room.post, "/notice/{number:int}"
        return [
            post(f"{path}/decide", self._decide),
            post(f"{path}/write", self._write),
            post(f"{path}/correct", self._correct),
            post(f"{path}/tag", self._tag),
            post("/undo", self._undo),
        ]

    def _decide(self, visit: Visit) -> Response:
        state, why = _DECISIONS.get(visit.given("state")), visit.given("why").strip()[:_LONGEST_WHY]
        if state is None:
            raise UsageError("There is no such decision: accept, hold or reject.")
        if state == "rejected" and not why:
            return self._room.show(visit, "desk/refused.html", 422, why="reason")
        return self._done(
            visit,
            state,
            lambda visit, item: curate.decide(
                self._room.app.store, item, state, visit.curator.name, self._now(), why
            ),
            onward=visit.given("back") != "queue",
            back=visit.given("back"),
        )

    def _write(self, visit: Visit) -> Response:
        field, text = visit.given("field"), visit.given("text").replace("\r\n", "\n").strip()
        if field not in curate.TEXTS or not text or len(text) > LONGEST:
            return self._room.show(visit, "desk/refused.html", 422, why="text")
        return self._done(visit, "amended", self._amending(field, text))

    def _correct(self, visit: Visit) -> Response:
        field, text = visit.given("field"), visit.given("text").strip()[:1000]
        if field not in FACTS:
            raise UsageError("There is no such fact to correct.")
        return self._done(visit, "amended", self._amending(field, text))

    def _amending(self, field: str, text: str) -> Deed:
        return lambda visit, item: curate.amend_field(
            self._room.app.store, item, field, text, visit.curator.name, self._now()
        )

    def _tag(self, visit: Visit) -> Response:
        kind, _, code = visit.given("tag").partition(":")
        holds = visit.given("holds") == "1"
        known = self._room.app.known
        market = known.market(code) if kind == "market" else None
        there = {"sector": code in known.sectors, "topic": code in known.topics, "market": bool(market)}
        if not there.get(kind) and holds:
            raise UsageError("There is no such sector, topic or market.")
        asked: TagKind = "sector" if kind == "sector" else "topic" if kind == "topic" else "market"
        why = visit.given("why").strip()[:_LONGEST_WHY]

        def rule(visit: Visit, item: Dossier) -> None:
            if not holds and code not in item.codes(asked):
                raise UsageError("The notice does not have this tag any more.")
            name = (market or code) if holds else code
            curate.rule_tag(
                self._room.app.store, item, asked, name, holds, visit.curator.name, self._now(), why
            )

        return self._done(visit, "tagged", rule)

    def _undo(self, visit: Visit) -> Response:
        """Take back what was done last on each of the notices named, where nothing came after it."""
        store = self._room.app.store
        undone: list[int] = []
        left = 0
        for value in list(visit.form.get("notice", ()))[:PAGE]:
            number, _, revision = value.partition(":")
            item = find(self._room, int(number) if number.isdecimal() else 0)
            with store.transaction():
                newest = store.queue.said_of(item.id)[:1]
                if not newest or store.queue.revision(item.id) != revision:
                    left += 1
                    continue
                curate.take_back(store, item, newest[0], visit.curator.name, self._now())
                undone.append(item.id)
        on = ".".join(map(str, undone))
        query = self._query(visit)
        where = f"notice/{undone[0]}" if len(undone) == 1 else "queue"
        return self._room.go(
            visit, f"{where}?{query}" if query else where, did="undone", on=on, left=left or ""
        )

    # --- the same for all ---

    def _now(self) -> datetime:
        return self._room.app.clock()

    def _query(self, visit: Visit) -> str:
        return sieve_query(sieve_of(visit))

    def _done(self, visit: Visit, did: str, deed: Deed, *, onward: bool = False, back: str = "") -> Response:
        """Do it, where the notice is still as it was seen; else show what came between, and ask."""
        room, store = self._room, self._room.app.store
        item = find(room, visit.number)
        sieve = sieve_of(visit)
        query = self._query(visit)
        with store.transaction():
            fresh = store.queue.revision(item.id) == visit.given("revision")
            if fresh:
                item = find(room, visit.number)
                deed(visit, item)
        if not fresh:
            return self._conflict(visit, find(room, visit.number))
        following = []
        if onward:
            day = today(room.app.clock())
            following = store.queue.page(sieve, day, after=place_of(item, day), limit=1, full=False)
        leaves = onward or back == "queue"
        where = f"notice/{following[0].id}" if following else "queue" if leaves else f"notice/{item.id}"
        mark = visit.given("field") if did == "amended" else ""
        return room.go(visit, f"{where}?{query}" if query else where, did=did, on=str(item.id), saved=mark)

    def _conflict(self, visit: Visit, item: Dossier) -> Response:
        """Both sides, and the question whether ours is still meant."""
        room, field = self._room, visit.given("field")
        now = ""
        if field in curate.TEXTS and (text := standing(item, field)):
            now = text.text
        elif field in FACTS:
            now = plain(item, field)
        kept = [
            (name, value)
            for name, values in visit.form.items()
            for value in values
            if name not in ("csrf", "revision", "text")
        ]
        return room.show(
            visit,
            "desk/conflict.html",
            409,
            item=item,
            card=make_card(item, room.words(visit.lang), here(room)),
            events=since(room, item, visit.given("revision")),
            field=field,
            theirs=now,
            mine=visit.given("text"),
            writes="text" in visit.form,
            kept=kept,
            state=visit.given("state"),
            revision=room.app.store.queue.revision(item.id),
            query=self._query(visit),
        )
