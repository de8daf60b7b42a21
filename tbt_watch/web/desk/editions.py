"""Editions of the bulletin: the list, a new draft, and the draft that somebody works at."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import get_args

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch import announcing
from tbt_watch.bulletin import arrange
from tbt_watch.bulletin.card import Card, make_card
from tbt_watch.bulletin.edition import line_of, part_names
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.bulletin import FIELDS, PARTS, Bulletin, BulletinItem, BulletinKind, Revision
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import EditedError, NotFoundError, UsageError
from tbt_watch.web.desk.people import SAID as STANDING
from tbt_watch.web.desk.queue import here
from tbt_watch.web.desk.room import Room, Visit

_KINDS: dict[str, BulletinKind] = {one: one for one in get_args(BulletinKind)}
SAID = {
    "title": "Title",
    "words": "Editor's words at the head",
    "sections": "Sections and order",
    "since": "First day",
    "until": "Last day",
    "lang": "Language",
}
"""What a curator changes of a draft, in words: message ids."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A section on the page: its name in the form, and its notices; None where one is not accepted any more."""

    name: str
    part: str
    heading: str
    words: str
    items: tuple[tuple[BulletinItem, Card | None], ...]


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A text that two people wrote: what it is, what stands there, what was sent. ``there``: the section still is."""

    name: str
    label: str
    theirs: str
    mine: str
    there: bool


class Editions:
    """The pages on which an edition is made."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """The list, new drafts, one draft."""
        get, post = self._room.get, self._room.post
        return [
            get("/editions", self._all),
            post("/editions", self._new),
            get("/editions/{number:int}", self._one),
            post("/editions/{number:int}", self._save),
            post("/editions/{number:int}/drop", self._drop),
        ]

    # --- all ---

    def _all(self, visit: Visit, status: int = 200, problem: str = "", fault: str = "") -> Response:
        words = self._room.words(visit.lang)
        found = [(one, line_of(one, words)) for one in self._room.app.store.bulletins.all()]
        return self._room.show(
            visit,
            "desk/editions.html",
            status,
            drafts=[pair for pair in found if not pair[0].published],
            published=[pair for pair in found if pair[0].published],
            problem=problem,
            fault=fault,
        )

    def _new(self, visit: Visit) -> Response:
        kind = _KINDS.get(visit.given("kind"), "bulletin")
        app = self._room.app
        try:
            since, until = _day(visit, "since"), _day(visit, "until")
            made = app.editions.new(kind, visit.curator.name, app.clock(), since, until)
        except UsageError as error:
            return self._all(visit, 422, kind, str(error))
        return self._room.go(visit, f"editions/{made.id}", did="made")

    # --- one ---

    def _one(self, visit: Visit) -> Response:
        one = found(self._room, visit)
        return missing(self._room, visit) if one is None else self._page(visit, one)

    def _page(self, visit: Visit, one: Bulletin, fault: str = "") -> Response:
        room, words = self._room, self._room.words(visit.lang)
        room_of = room.app.store.bulletins
        return room.show(
            visit,
            "desk/edition.html",
            422 if fault else 200,
            fault=fault,
            one=one,
            line=line_of(one, words),
            sections=sections_of(room, one, words),
            parts=part_names(words),
            saved=room_of.revisions(one.id or 0)[::-1][:10],
            papers=[paper.name for paper in room_of.papers(one.id or 0) if "page" not in paper.media],
            base=_base(one),
            at="since" if fault else visit.asked("at"),
            said=SAID,
            announced=sorted(announcing.announced(room.app, one).items()),
            expected=announcing.expected(room.app, one),
            standing=STANDING,
        )

    def _save(self, visit: Visit) -> Response:
        """Keep the texts of the form, and do what the button says; against the revision that was seen."""
        room, app = self._room, self._room.app
        with app.store.transaction():
            one = found(room, visit)
            if one is None:
                return missing(room, visit)
            if one.published or visit.given("revision") != str(one.revision):
                return self._conflict(visit, one)
            changed, at, did = self._deed(visit, arrange.with_texts(one, _texts(visit)), one)
            changed, fault = self._with_days(visit, changed)
            try:
                app.editions.save(changed, visit.curator.name, app.clock())
            except EditedError:
                return self._conflict(visit, app.store.bulletins.get(one.id or 0))
        if fault:
            return self._page(visit, app.store.bulletins.get(one.id or 0), fault)
        return room.go(visit, f"editions/{one.id}", did=did, at=at)

    def _with_days(self, visit: Visit, changed: Bulletin) -> tuple[Bulletin, str]:
        """The draft with the days of the form, whichever button was tapped; else why they cannot be, and the draft as
        it was."""
        app = self._room.app
        try:
            since, until = (_day(visit, "since") or changed.since), (_day(visit, "until") or changed.until)
            return app.editions.with_days(changed, since, until, app.clock()), ""
        except UsageError as error:
            return changed, str(error)

    def _deed(self, visit: Visit, texts: Bulletin, seen: Bulletin) -> tuple[Bulletin, str, str]:
        """The draft after the button, which control to stand on then, and what to say."""
        verb, _, rest = visit.given("deed").partition(" ")
        name, _, key = rest.partition(" ")
        if verb == "add":
            return self._added(visit, texts, seen)
        if verb == "section-new":
            part = next((one for one in PARTS if one == visit.given("part") and one != "closing"), None)
            heading = collapse(visit.given("new-heading"))
            if part is None or not heading:
                return texts, "", "unnamed"
            return arrange.section_added(texts, part, heading), "", "saved"
        names = arrange.section_names(seen)
        if name not in names:
            return texts, "", "days" if verb == "days" else "saved"
        at = names.index(name)
        step: arrange.Step = -1 if verb.endswith("up") else 1
        if verb in ("up", "down"):
            return arrange.moved(texts, at, key, step), f"{verb} {key}", "moved"
        if verb == "out":
            return arrange.without(texts, at, key), "", "out"
        if verb in ("section-up", "section-down"):
            done = arrange.section_moved(texts, at, step)
            return done, f"{verb} {_where(done, texts, at)}", "moved"
        return (
            (arrange.section_dropped(texts, at), "", "out") if verb == "section-out" else (texts, "", "saved")
        )

    def _added(self, visit: Visit, texts: Bulletin, seen: Bulletin) -> tuple[Bulletin, str, str]:
        """A notice by its symbol, where it is the only one of it, accepted, and not in the edition yet."""
        store, names = self._room.app.store, arrange.section_names(seen)
        asked, into = visit.given("symbol").strip()[:500], visit.given("into")
        named = store.notices.get(asked) if asked else []
        if len(named) != 1 or into not in names:
            return texts, "symbol", "several" if len(named) > 1 else "unknown"
        on_site = store.bulletins.on_site([named[0].notice.key])
        if not on_site:
            return texts, "symbol", "waiting"
        at, key = names.index(into), on_site[0].notice.key
        box = texts.sections[at].part == "closing"
        there = (one for one in texts.sections if (one.part == "closing") == box)
        if any(item.key == key for section in there for item in section.items):
            return texts, "symbol", "twice"
        item = BulletinItem(key=key, version=on_site[0].version)
        return arrange.with_notice(texts, at, item), "symbol", "added"

    def _drop(self, visit: Visit) -> Response:
        room = self._room
        one = found(room, visit)
        if one is None:
            return missing(room, visit)
        try:
            revision = int(visit.given("revision")) if visit.given("revision").isdecimal() else 0
            room.app.store.bulletins.drop(one.id or 0, revision)
        except EditedError:
            return self._conflict(visit, room.app.store.bulletins.get(one.id or 0))
        return room.go(visit, "editions", did="dropped")

    # --- two at once ---

    def _conflict(self, visit: Visit, one: Bulletin) -> Response:
        """What was saved meanwhile, both texts wherever ours is another, and nothing of ours kept yet."""
        return conflict(self._room, visit, one, tuple(_clashes(visit, one)))


def found(room: Room, visit: Visit) -> Bulletin | None:
    """The edition of the address; None where there is none."""
    try:
        return room.app.store.bulletins.get(visit.number)
    except NotFoundError:
        return None


def missing(room: Room, visit: Visit) -> Response:
    """The page for an edition that is not there."""
    return room.show(visit, "desk/edition_refused.html", 404, why="missing", fault="")


def conflict(room: Room, visit: Visit, one: Bulletin, clashes: tuple[Clash, ...] = ()) -> Response:
    """The page that says who saved what since the form was opened."""
    seen = visit.given("revision")
    since = int(seen) if seen.isdecimal() else 0
    saved: list[Revision] = [
        saving for saving in room.app.store.bulletins.revisions(one.id or 0) if saving.revision > since
    ]
    return room.show(
        visit,
        "desk/edition_conflict.html",
        409,
        one=one,
        line=line_of(one, room.words(visit.lang)),
        saved=saved,
        said=SAID,
        fields=FIELDS,
        clashes=clashes,
    )


def sections_of(room: Room, one: Bulletin, words: Words) -> list[Shown]:
    """The sections with a card for each notice."""
    known = {item.notice.key: item for item in _dossiers(room, one)}
    cards = {key: make_card(item, words, here(room)) for key, item in known.items()}
    return [
        Shown(
            name=name,
            part=section.part,
            heading=section.heading(one.lang),
            words=section.words,
            items=tuple((item, cards.get(item.key)) for item in section.items),
        )
        for name, section in zip(arrange.section_names(one), one.sections, strict=True)
    ]


def _dossiers(room: Room, one: Bulletin) -> list[Dossier]:
    if one.published and one.id is not None:
        return list(room.app.store.bulletins.snapshot(one.id).dossiers)
    return room.app.editions.dossiers([item.key for item in one.items])


def _texts(visit: Visit) -> dict[str, str]:
    """The texts of the form; what it does not have stays as it is."""
    names = [name for name in visit.form if name.partition(".")[0] in ("title", "words", "heading")]
    return {name: _plain(visit.given(name)) for name in names}


def _plain(text: str) -> str:
    return nfc(text.replace("\r\n", "\n").rstrip())


def _short(text: str) -> str:
    return hashlib.sha256(_plain(text).encode("utf-8", "replace")).hexdigest()[:12]


def _base(one: Bulletin) -> str:
    """What the texts were when the form was opened, so that later it is known which of them were written in it."""
    return " ".join(f"{name}:{_short(text)}" for name, text in arrange.texts_of(one).items())


def _clashes(visit: Visit, one: Bulletin) -> "list[Clash]":
    """The texts that were written in the form and stand otherwise now."""
    base = dict(pair.split(":", 1) for pair in visit.given("base").split() if ":" in pair)
    now = arrange.texts_of(one)
    written = {name: text for name, text in _texts(visit).items() if _short(text) != base.get(name)}
    return [
        Clash(
            name=name,
            label=SAID.get(name, "Heading" if name.startswith("heading.") else "Editor's words of a section"),
            theirs=now.get(name, ""),
            mine=mine,
            there=name in now and not one.published,
        )
        for name, mine in written.items()
        if mine != _plain(now.get(name, ""))
    ]


def _where(done: Bulletin, before: Bulletin, at: int) -> str:
    """The name of a section after it moved."""
    place = next(number for number, one in enumerate(done.sections) if one is before.sections[at])
    return arrange.section_names(done)[place]


def _day(visit: Visit, name: str) -> date | None:
    text = visit.given(name).strip()[:40]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no day: write it like 2026-11-20.") from None
