"""One notice: its facts, both texts with terms and failed checks marked, memory, tags with reasons, and its record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch import curate
from tbt_watch.bulletin.card import make_card
from tbt_watch.bulletin.notice_page import Desk as Frame
from tbt_watch.bulletin.notice_page import Fact, Paper, make_page
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.amend import FACTS
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Milestone
from tbt_watch.domain.translation import FREE_TEXT, READER, Translation
from tbt_watch.domain.work import Version
from tbt_watch.errors import NotFoundError
from tbt_watch.store.queue import Said
from tbt_watch.translate.memory.base import difference
from tbt_watch.web.desk.proof import Proof, Proofed, standing
from tbt_watch.web.desk.queue import around, choices, done, here, sieve_of, sieve_query
from tbt_watch.web.desk.room import Room, Visit

LONGEST = 20_000
"""Letters of a text that a person writes for a field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A field on the page. ``before``: what a person wrote for an earlier original, and what changed in that."""

    field: str
    name: str
    original: str
    standing: Translation | None
    origin: str
    proofed: Proofed
    before: str
    changed: tuple[tuple[str, str], ...]
    must: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A line of a notice's history: a decision, or a new version."""

    at: datetime
    said: Said | None = None
    version: Version | None = None


def find(room: Room, number: int) -> Dossier:
    """The notice of that number. Raises NotFoundError."""
    found = room.app.store.notices.dossiers([number])
    if not found:
        raise NotFoundError(f"There is no notice with the number {number}.")
    return found[0]


def history(room: Room, item: Dossier) -> list[Event]:
    """Everything that happened to a notice, the newest first."""
    events = [Event(at=said.decision.at, said=said) for said in room.app.store.queue.said_of(item.id)]
    events += [Event(at=version.at, version=version) for version in item.versions]
    return sorted(events, key=lambda one: one.at, reverse=True)


def since(room: Room, item: Dossier, revision: str) -> list[Event]:
    """What happened after a revision."""
    seq, _, last = revision.partition(".")
    known = (int(seq) if seq.isdecimal() else 0, int(last) if last.isdecimal() else 0)
    return [
        event
        for event in history(room, item)
        if (event.said and event.said.id > known[1]) or (event.version and event.version.seq > known[0])
    ]


class NoticePage:
    """The page of one notice, and the checks of what is being written."""

    def __init__(self, room: Room, proof: Proof) -> None:
        self._room, self._proof = room, proof

    def routes(self) -> list[Route]:
        """The page, and its checks."""
        return [
            self._room.get("/notice/{number:int}", self._show),
            self._room.post("/notice/{number:int}/check", self._check),
        ]

    def _show(self, visit: Visit) -> Response:
        room, store = self._room, self._room.app.store
        item, words = find(room, visit.number), room.words(visit.lang)
        sieve = sieve_of(visit)
        before, after = around(room, visit, item, sieve)
        card = make_card(item, words, here(room))
        facts, papers = self._facts(item, words)
        events = history(room, item)
        newest = next((event.said for event in events if event.said), None)
        return room.show(
            visit,
            "desk/notice.html",
            item=item,
            card=card,
            facts=facts,
            papers=papers,
            texts=list(self._texts(item, words)),
            tags=sorted(item.tags, key=lambda tag: (tag.kind != "sector", tag.kind, tag.code)),
            choices=choices(words),
            amendable={name: plain(item, name) for name in FACTS},
            obstacles=curate.obstacles(item),
            doubt=item.doubt,
            doubts=curate.DOUBTS,
            failed_names=lambda checks: "; ".join(words.known("check", one) for one in checks),
            events=events,
            undo=newest if newest and curate.can_be_taken_back(newest) else None,
            revision=store.queue.revision(item.id),
            impact=store.taps.counts([item.id])[item.id],
            before=before,
            after=after,
            sieve=sieve,
            query=sieve_query(sieve),
            done=done(visit, room),
            longest=LONGEST,
        )

    def _facts(self, item: Dossier, words: Words) -> tuple[tuple[Fact, ...], tuple[Paper, ...]]:
        app = self._room.app
        frame = Frame(
            words=words, deadlines=here(self._room), office=app.office, sources=app.source_titles, base_url=""
        )
        card = make_card(item, words, here(self._room))
        page = make_page(card, [card], frame)
        return page.facts, page.papers

    def _texts(self, item: Dossier, words: Words) -> Iterator[Text]:
        for field in curate.TEXTS:
            original = str(getattr(item.notice, field)) if field in FREE_TEXT else ""
            now = standing(item, field)
            if field in FREE_TEXT and not original and not now:
                continue
            past, changed = self._before(item, field, original)
            foreign = item.notice.language != READER
            yield Text(
                field=field,
                name=words.field(field) if field != "opening" else words.say("Opening sentence"),
                original=original,
                standing=now,
                origin=words.origin(now, item.notice) if now else "",
                proofed=self._proof.read(item, field, now.text if now else ""),
                before=past,
                changed=changed,
                must=field in FREE_TEXT and foreign,
            )

    def _before(self, item: Dossier, field: str, original: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What a person wrote before the original changed, and the words that changed."""
        past = self._room.app.store.memory.of(item.notice.key, field) if original else None
        if past is None or past.source == original:
            return "", ()
        return past.target, difference(past.source, original)

    def _check(self, visit: Visit) -> Response:
        """The checks of a text that is being written; nothing is saved. Without scripts it is a page of its own."""
        room = self._room
        item = find(room, visit.number)
        field = visit.given("field") if visit.given("field") in curate.TEXTS else "title"
        text = visit.given("text")[:LONGEST]
        proofed = self._proof.read(item, field, text, near=False)
        alone = not visit.request.headers.get("hx-request")
        return room.show(
            visit,
            "desk/check.html" if alone else "desk/_checked.html",
            item=item,
            card=make_card(item, room.words(visit.lang), here(room)),
            field=field,
            text=text,
            proofed=proofed,
            asked=True,
            revision=visit.given("revision"),
            query=sieve_query(sieve_of(visit)),
        )


def plain(item: Dossier, name: str) -> str:
    """A fact as a person writes it into the form."""
    value = getattr(item.notice, name)
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, Milestone):
        return value.date.isoformat() if value.date else value.text or ""
    return str(value or "")
