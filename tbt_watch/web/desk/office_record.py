"""The record of what was done to terms, memory and accounts, and undo for the first two."""

from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.domain.deed import ABOUT, About, Deed
from tbt_watch.errors import NotFoundError
from tbt_watch.translate.memory import keeping as units
from tbt_watch.translate.terms import keeping as terms
from tbt_watch.translate.terms.lookup import key_of
from tbt_watch.translate.terms.table import term_of
from tbt_watch.web.desk.proof import Proof
from tbt_watch.web.desk.room import Room, Visit
from tbt_watch.web.desk.terms import LABELS, address

PAGE = 50
SAID = {
    "term": "Terms",
    "unit": "Translation memory",
    "account": "Accounts",
    "added": "added",
    "changed": "changed",
    "removed": "removed",
    "password": "another password",
    "ended": "logged out everywhere",
    "role": "Role",
    "can log in": "Can log in",
    "source": "Original",
    "target": "Vietnamese",
    "origin": "Where from",
    "by": "By",
    "curator": "curator",
    "admin": "admin",
    **LABELS,
}
"""What deeds and their facts are called: message ids."""
_TOLD = ("en", "fr", "es", "vi", "status", "domain", "note", "target", "by", "role", "can log in")
"""Facts that the record shows where they are others afterwards."""


def told(deed: Deed) -> list[tuple[str, str, str]]:
    """(fact, before, after) of what is another one."""
    before, after = deed.before or {}, deed.after or {}
    names = [name for name in _TOLD if name in before or name in after]
    found = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [one for one in found if one[1] != one[2]]


class OfficeRecord:
    """Pages on the office's own record."""

    def __init__(self, room: Room, proof: Proof) -> None:
        self._room, self._proof = room, proof

    def routes(self) -> list[Route]:
        """The record, and undo."""
        return [
            self._room.get("/record/office", self._show),
            self._room.post("/record/undo", self._undo),
        ]

    def _show(self, visit: Visit, status: int = 200, problem: str = "") -> Response:
        """What was done, the newest first; of accounts only admins are told."""
        admin = visit.curator.role == "admin"
        allowed: list[About] = [one for one in ABOUT if admin or one != "account"]
        about = next((one for one in allowed if one == visit.asked("about")), None)
        before, by = visit.asked("before"), visit.asked("by")[:200]
        found = self._room.app.store.deeds.trail(
            about=[about] if about else allowed,
            by=by,
            before=int(before) if before.isdecimal() and len(before) < 16 else 0,
            limit=PAGE + 1,
        )
        asked = {"about": about or "", "by": by}
        return self._room.show(
            visit,
            "desk/office_record.html",
            status,
            deeds=[(one, told(one)) for one in found[:PAGE]],
            more=found[PAGE - 1].id if len(found) > PAGE else 0,
            allowed=allowed,
            about=about or "",
            by=by,
            query=urlencode({name: value for name, value in asked.items() if value}),
            said=SAID,
            problem=problem,
        )

    def _undo(self, visit: Visit) -> Response:
        """Take a deed on a term or a unit back, where nothing came after it."""
        app, number = self._room.app, visit.given("deed")
        try:
            deed = app.store.deeds.get(int(number) if number.isdecimal() and len(number) < 16 else 0)
        except NotFoundError:
            return self._show(visit, 404, "missing")
        if deed.about == "term":
            return self._undo_term(visit, deed)
        if deed.about == "unit":
            kept = units.take_back(app.store, deed, visit.curator.name, app.clock())
            if kept.stale:
                return self._show(visit, 409, "later")
            return self._room.go(visit, f"memory/{kept.unit.id}" if kept.unit else "memory", did="undone")
        return self._show(visit, 422, "account")

    def _undo_term(self, visit: Visit, deed: Deed) -> Response:
        app, (base, _) = self._room.app, self._proof.lexicon()
        kept = terms.take_back(app.store, deed, base.shipped, visit.curator.name, app.clock())
        if kept.stale:
            return self._show(visit, 409, "later")
        if kept.faults:
            return self._show(visit, 409, "faults")
        stands = term_of(deed.before) if deed.before else None
        where = f"terms/entry?{address(key_of(kept.term))}" if kept.term and stands else "terms"
        return self._room.go(visit, where, did="undone")
