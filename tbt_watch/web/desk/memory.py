"""The translation memory: searched, shown with where a unit came from, added to, corrected, and made to forget."""

import hashlib
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import get_args
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.domain.memory import SOURCES, Unit, UnitOrigin
from tbt_watch.domain.remark import Remark
from tbt_watch.domain.text import fold
from tbt_watch.errors import NotFoundError
from tbt_watch.translate.memory.base import shipped_units
from tbt_watch.translate.memory.exchange import write_units
from tbt_watch.translate.memory.keeping import LONGEST, KeptUnit, keep_unit, look, remove_unit, stands_for
from tbt_watch.web.desk.proof import Proof
from tbt_watch.web.desk.room import Room, Visit
from tbt_watch.web.desk.sending import sent

PAGE = 50
COUNTED = 1000
SHIPPED = "shipped"
ORIGINS: dict[str, str] = {
    "human": "written here",
    "import": "taken over",
    "shipped": "shipped with the program",
}
"""Where a unit came from: message ids."""
CELLS = {"source": "Original", "target": "Vietnamese", "language": "Language"}
LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "vi": "Vietnamese"}


def mark(unit: Unit) -> str:
    """What is another one after every change of a unit."""
    text = f"{unit.id} {unit.target} {unit.origin} {unit.by} {unit.at}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shipped_mark(unit: Unit) -> str:
    """What a unit of the project is known by in an address."""
    return hashlib.sha256(f"{unit.language} {unit.source}".encode()).hexdigest()[:16]


class MemoryPages:
    """Pages on the translation memory."""

    def __init__(self, room: Room, proof: Proof) -> None:
        self._room, self._proof = room, proof
        self._lock = Lock()
        self._shipped: list[tuple[str, Unit]] = []
        self._counts: tuple[int, dict[str, int]] | None = None

    def routes(self) -> list[Route]:
        """The list, a unit, the forms, the file."""
        get, post = self._room.get, self._room.post
        return [
            get("/memory", self._all),
            get("/memory/new", self._new),
            post("/memory/new", self._add),
            get("/memory/{number:int}", self._one),
            post("/memory/{number:int}/correct", self._correct),
            post("/memory/{number:int}/remove", self._remove),
            get("/memory.tmx", self._export),
        ]

    def _now(self) -> datetime:
        return self._room.app.clock()

    # --- shown ---

    def _all(self, visit: Visit) -> Response:
        """Units by words, origin and hand, the newest first."""
        words, by = visit.asked("words").strip()[:200], visit.asked("by")[:200]
        origin = visit.asked("origin") if visit.asked("origin") in ORIGINS else ""
        if origin == SHIPPED:
            units, more, query = self._of_project(visit, words)
        else:
            own: UnitOrigin | None = next((one for one in get_args(UnitOrigin) if one == origin), None)
            before = visit.asked("before")
            limit = int(before) if before.isdecimal() and len(before) < 16 else 0
            units = self._room.app.store.memory.page(words, origin=own, by=by, before=limit, limit=PAGE + 1)
            more = str(units[PAGE - 1].id) if len(units) > PAGE else ""
            query = {"words": words, "origin": origin, "by": by}
        return self._room.show(
            visit,
            "desk/memory.html",
            units=[(unit, shipped_mark(unit) if unit.id is None else "") for unit in units[:PAGE]],
            more=more,
            query=urlencode({name: value for name, value in query.items() if value}),
            asked={"words": words, "origin": origin, "by": by},
            counts=self._counted(),
            origins=ORIGINS,
            languages=LANGUAGES,
            did=visit.asked("did"),
            deed=self._room.just_done(visit, "unit"),
        )

    def _of_project(self, visit: Visit, words: str) -> tuple[list[Unit], str, dict[str, str]]:
        """Those that are shipped with the program, from a place on."""
        wanted, start = fold(words).split(), visit.asked("before")
        begin = int(start) if start.isdecimal() and len(start) < 8 else 0
        found = [unit for text, unit in self._project() if all(word in text for word in wanted)]
        more = str(begin + PAGE) if len(found) > begin + PAGE else ""
        return found[begin : begin + PAGE], more, {"words": words, "origin": SHIPPED}

    def _project(self) -> list[tuple[str, Unit]]:
        with self._lock:
            if not self._shipped:
                self._shipped = [(fold(f"{one.source} {one.target}"), one) for one in shipped_units()]
            return self._shipped

    def _counted(self) -> dict[str, int]:
        """How many units are of each origin."""
        memory = self._room.app.store.memory
        changes = memory.changes()
        if self._counts is None or self._counts[0] != changes:
            self._counts = changes, memory.counts()
        return self._counts[1]

    def _one(
        self,
        visit: Visit,
        status: int = 200,
        kept: KeptUnit | None = None,
        problem: str = "",
        target: str | None = None,
    ) -> Response:
        """One unit with its terms and checks. ``target``: what is written in the form."""
        store = self._room.app.store
        unit = self._found(visit)
        if unit is None:
            return self._gone(visit)
        written = unit.target if target is None else target
        return self._room.show(
            visit,
            "desk/unit.html",
            status,
            unit=unit,
            revision=mark(unit),
            notice=stands_for(store, unit),
            proofed=self._proof.pair(unit.source, written, unit.language),
            written=written,
            may_change=unit.language in SOURCES,
            mentions=store.queue.mentions([unit.source], COUNTED),
            most=COUNTED,
            faults=self._said(kept, visit.lang),
            problem=problem,
            origins=ORIGINS,
            languages=LANGUAGES,
            longest=LONGEST,
            did=visit.asked("did"),
            deed=self._room.just_done(visit, "unit"),
        )

    def _found(self, visit: Visit) -> Unit | None:
        try:
            return self._room.app.store.memory.get(visit.number)
        except NotFoundError:
            return None

    def _said(self, kept: KeptUnit | None, lang: str) -> dict[str, str]:
        say = self._room.app.language.say
        found: dict[str, str] = {}
        for cell, fault in kept.faults if kept else ():
            found.setdefault(cell, self._worded(fault, lang))
        if kept and kept.known:
            found["source"] = say("There is a translation of it already: correct that one.", lang)
        return found

    def _worded(self, fault: Remark, lang: str) -> str:
        say, values = self._room.app.language.say, dict(fault.values)
        if name := CELLS.get(str(values.get("name", ""))):
            values["name"] = say(name, lang)
        return say(fault.message, lang, **values)

    def _gone(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/unit_gone.html", 404)

    # --- written ---

    def _new(self, visit: Visit) -> Response:
        """An empty form, or one with a unit of the project, which the office says otherwise."""
        known = next((one for _, one in self._project() if shipped_mark(one) == visit.asked("of")), None)
        return self._form(visit, known or Unit(language="en", source="", target="", origin="human"))

    def _form(self, visit: Visit, unit: Unit, status: int = 200, kept: KeptUnit | None = None) -> Response:
        return self._room.show(
            visit,
            "desk/unit_form.html",
            status,
            unit=unit,
            faults=self._said(kept, visit.lang),
            known=kept.known if kept else None,
            failed=bool(kept and kept.failed),
            proofed=self._proof.pair(unit.source, unit.target, unit.language) if kept else None,
            looked=kept is not None,
            languages=LANGUAGES,
            sources=SOURCES,
            longest=LONGEST,
        )

    def _add(self, visit: Visit) -> Response:
        """A unit of the office's own, over the project's where that has one for its source."""
        store, (_, checker) = self._room.app.store, self._proof.lexicon()
        unit = Unit(
            language=visit.given("language")[:10],
            source=_plain(visit.given("source")),
            target=_plain(visit.given("target")),
            origin="human",
        )
        if visit.given("do") == "look":
            return self._form(visit, unit, kept=look(store, unit, None, checker))
        forced = visit.given("do") == "all the same"
        kept = keep_unit(store, unit, None, checker, visit.curator.name, self._now(), unchecked=forced)
        if not kept.deed or kept.unit is None:
            return self._form(visit, unit, 422, kept)
        return self._room.go(visit, f"memory/{kept.unit.id}", did="added", deed=kept.deed)

    def _correct(self, visit: Visit) -> Response:
        """Another Vietnamese; what fails a check is taken once it is said that it is meant."""
        store, (_, checker) = self._room.app.store, self._proof.lexicon()
        target, unit = _plain(visit.given("target")), self._found(visit)
        if unit is None:
            return self._gone(visit)
        if mark(unit) != visit.given("revision"):
            return self._one(visit, 409, problem="changed", target=target)
        written = replace(unit, target=target)
        if visit.given("do") == "look":
            return self._one(visit, kept=look(store, written, unit, checker), problem="looked", target=target)
        forced = visit.given("do") == "all the same"
        kept = keep_unit(store, written, unit, checker, visit.curator.name, self._now(), unchecked=forced)
        if kept.stale:
            return self._one(visit, 409, problem="changed", target=target)
        if kept.faults or kept.failed:
            return self._one(visit, 422, kept, "failed" if kept.failed else "faults", target)
        return self._room.go(
            visit, f"memory/{unit.id}", did="changed" if kept.deed else "same", deed=kept.deed or ""
        )

    def _remove(self, visit: Visit) -> Response:
        unit = self._found(visit)
        if unit is None:
            return self._gone(visit)
        kept = KeptUnit(stale=True)
        if mark(unit) == visit.given("revision"):
            kept = remove_unit(self._room.app.store, unit, visit.curator.name, self._now())
        if kept.stale:
            return self._one(visit, 409, problem="changed")
        return self._room.go(visit, "memory", did="removed", deed=kept.deed)

    def _export(self, visit: Visit) -> Response:  # noqa: ARG002
        """The office's memory in the form in which others take it."""
        units = self._room.app.store.memory.all()
        return sent(write_units(units, ".tmx"), "application/x-tmx+xml; charset=utf-8", "memory.tmx")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")[: LONGEST + 1]
