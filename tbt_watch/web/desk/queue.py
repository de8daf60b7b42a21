"""The queue: what waits, through filters, page by page; and what passed everything is accepted together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch import curate
from tbt_watch.bulletin.card import Card, Deadlines, make_card
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.domain.work import State
from tbt_watch.store.queue import ALL, WAITING, Place, Sieve, place_of
from tbt_watch.web.desk.room import Room, Visit

PAGE = 30
FRESH = timedelta(minutes=1)
STATES = (WAITING, *get_args(State), ALL)
AREAS = ("TBT", "SPS", "VN")
_FLAGS = ("failed", "unsure", "untranslated")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A notice in the queue. ``obstacles``: what keeps it from being accepted with others."""

    card: Card
    revision: str
    obstacles: tuple[str, ...]
    sectors: tuple[str, ...]


def read_sieve(asked: Mapping[str, str]) -> Sieve:
    """The filters that an address names; what it names wrongly is left out."""
    state, area = asked.get("state", ""), asked.get("area", "")
    return Sieve(
        state=state if state in STATES else WAITING,
        area=area if area in AREAS else "",
        sector=asked.get("sector", "")[:100],
        market=asked.get("market", "")[:100],
        failed=asked.get("failed") == "1",
        unsure=asked.get("unsure") == "1",
        untranslated=asked.get("untranslated") == "1",
    )


def sieve_of(visit: Visit) -> Sieve:
    """The filters that a visit goes through the queue with, by its address or its form."""
    return read_sieve({name: visit.filter(name) for name in ("state", "area", "sector", "market", *_FLAGS)})


def sieve_query(sieve: Sieve) -> str:
    """The filters as they stand in an address."""
    named = {"area": sieve.area, "sector": sieve.sector, "market": sieve.market}
    named["state"] = sieve.state if sieve.state != WAITING else ""
    named |= {name: "1" if getattr(sieve, name) else "" for name in _FLAGS}
    return urlencode({name: value for name, value in named.items() if value})


def choices(words: Words) -> dict[str, list[tuple[str, str]]]:
    """What filters and tags can name: (code, name), by name."""
    tongue, labels = words.language, words.labels
    markets = [(code, words.market(code)) for code in tongue.members]
    markets += [(group.code, words.market(group.code)) for group in tongue.groups]
    return {
        "sector": [(code, labels.sector(code, words.lang)) for code in labels.sectors],
        "topic": [(code, labels.topic(code, words.lang)) for code in labels.topics],
        "market": sorted(dict(markets).items(), key=lambda one: one[1]),
    }


class Queue:
    """The page, and bulk acceptance."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._counts: tuple[datetime, dict[str, int]] | None = None

    def routes(self) -> list[Route]:
        """The queue, and what its button does."""
        return [
            self._room.get("/queue", self._show),
            self._room.get("/", self._first),
            self._room.post("/queue/accept", self._accept),
        ]

    def _first(self, visit: Visit) -> Response:
        return self._room.go(visit, "queue")

    def _show(self, visit: Visit) -> Response:
        app, words = self._room.app, self._room.words(visit.lang)
        sieve = sieve_of(visit)
        after = Place.read(visit.asked("after"))
        found = app.store.queue.page(sieve, words.today, after=after, limit=PAGE + 1)
        more = place_of(found[PAGE - 1], words.today) if len(found) > PAGE else None
        lines = list(self.lines(found[:PAGE], words))
        template = "desk/_lines.html" if visit.request.headers.get("hx-request") else "desk/queue.html"
        return self._room.show(
            visit,
            template,
            lines=lines,
            sieve=sieve,
            query=sieve_query(sieve),
            counts=self._counted(),
            states=STATES,
            areas=AREAS,
            choices=choices(words),
            more=more,
            paged=after is not None,
            ready=[line for line in lines if ready(line)],
            done=done(visit, self._room),
        )

    def _counted(self) -> dict[str, int]:
        """How many notices stand where: what waits as it is now, the rest as it was within the last minute."""
        store, now = self._room.app.store, self._room.app.clock()
        if self._counts is None or now - self._counts[0] >= FRESH:
            self._counts = (now, store.queue.counts())
        return self._counts[1] | store.queue.counts(waiting=True)

    def lines(self, items: Sequence[Dossier], words: Words) -> Iterator[Line]:
        """Notices as lines of the queue."""
        app = self._room.app
        deadlines = here(self._room)
        revisions = app.store.queue.revisions([item.id for item in items])
        for item in items:
            yield Line(
                card=make_card(item, words, deadlines),
                revision=revisions[item.id],
                obstacles=curate.obstacles(item),
                sectors=tuple(words.tag(tag) for tag in item.tags if tag.kind == "sector"),
            )

    def _accept(self, visit: Visit) -> Response:
        """Accept what was ticked and is still as it was shown; the others stay and are counted."""
        app, now = self._room.app, self._room.app.clock()
        accepted: list[int] = []
        left = 0
        for value in visit.form.get("notice", ()):
            number, _, revision = value.partition(":")
            with app.store.transaction():
                found = app.store.notices.dossiers([int(number)] if number.isdecimal() else [])
                fit = [
                    item
                    for item in found
                    if item.state in ("TAGGED", "HELD")
                    and app.store.queue.revision(item.id) == revision
                    and not curate.obstacles(item)
                ]
                for item in fit:
                    curate.decide(app.store, item, "accepted", visit.curator.name, now)
                    accepted.append(item.id)
                left += not fit
        on = ".".join(map(str, accepted))
        query = sieve_query(sieve_of(visit))
        return self._room.go(
            visit, f"queue?{query}" if query else "queue", did="accepted", on=on, left=left or ""
        )


def ready(line: Line) -> bool:
    """Whether a notice may be accepted together with others."""
    return line.card.dossier.state in ("TAGGED", "HELD") and not line.obstacles


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was just done, to be said aloud and taken back. ``undo``: number and revision of each notice that is
    still as it was left; ``left``: how many were not accepted because somebody else was there."""

    did: str
    names: tuple[str, ...]
    undo: tuple[tuple[int, str], ...]
    left: int


DEEDS = ("accepted", "held", "rejected", "amended", "tagged", "undone")


def done(visit: Visit, room: Room) -> Done | None:
    """What the address says was just done, where the record agrees that this curator did it."""
    did, store = visit.asked("did"), room.app.store
    if did not in DEEDS:
        return None
    numbers = [int(one) for one in visit.asked("on").split(".")[:PAGE] if one.isdecimal() and len(one) < 16]
    items = store.notices.dossiers(numbers)
    undo = []
    for item in items if did != "undone" else ():
        newest = store.queue.said_of(item.id)[:1]
        if newest and newest[0].decision.by == visit.curator.name and curate.can_be_taken_back(newest[0]):
            undo.append((item.id, store.queue.revision(item.id)))
    left = visit.asked("left")
    return Done(
        did=did,
        names=tuple(item.notice.symbols[0] if item.notice.symbols else item.notice.key for item in items),
        undo=tuple(undo),
        left=int(left) if left.isdecimal() and len(left) < 4 else 0,
    )


def here(room: Room) -> Deadlines:
    """How send-by dates are reckoned."""
    return Deadlines(lead_days=room.app.lead_days, days_off=room.app.config.office.days_off)


def around(room: Room, visit: Visit, item: Dossier, sieve: Sieve) -> tuple[list[Card], list[Card]]:
    """The notices before and after one in the queue, a few of each."""
    words, queue = room.words(visit.lang), room.app.store.queue
    day = today(room.app.clock())
    place = place_of(item, day)
    before = queue.page(sieve, day, before=place, limit=3, full=False)
    after = queue.page(sieve, day, after=place, limit=9, full=False)
    return [make_card(one, words, here(room)) for one in before], [
        make_card(one, words, here(room)) for one in after
    ]
