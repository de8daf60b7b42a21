"""The record of every decision, and search."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tbt_watch.web.desk.queue import Queue
from tbt_watch.web.desk.room import HEADERS, Room, Visit

PAGE = 50


class Record:
    """Who decided what, when and why; and every notice by its words."""

    def __init__(self, room: Room, queue: Queue) -> None:
        self._room, self._queue = room, queue

    def routes(self) -> list[Route]:
        """The record, search."""
        return [self._room.get("/record", self._show), self._room.get("/search", self._search)]

    def _show(self, visit: Visit) -> Response:
        before = visit.asked("before")
        by, everybody = visit.asked("by")[:200], visit.asked("all") == "1"
        found = self._room.app.store.queue.trail(
            before=int(before) if before.isdecimal() and len(before) < 16 else 0,
            by=by,
            people=not everybody,
            limit=PAGE + 1,
        )
        names = [one.name for one in self._room.app.store.curators.all()]
        return self._room.show(
            visit,
            "desk/record.html",
            said=found[:PAGE],
            more=found[PAGE - 1].id if len(found) > PAGE else 0,
            by=by,
            everybody=everybody,
            people=names if not by or by in names else [*names, by],
        )

    def _search(self, visit: Visit) -> Response:
        """What was found; the one notice that a symbol or number names is shown at once."""
        room, asked = self._room, visit.asked("q").strip()[:500]
        store = room.app.store
        named = store.notices.get(asked) if asked else []
        if len(named) == 1:
            root = room.pages.root(visit.request)
            return RedirectResponse(f"{root}/desk/notice/{named[0].id}?state=all", 303, HEADERS)
        found = named or (store.queue.search(asked) if asked else [])
        return room.show(
            visit,
            "desk/search.html",
            asked=asked,
            lines=list(self._queue.lines(found, room.words(visit.lang))),
        )
