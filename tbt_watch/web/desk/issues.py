"""What is somebody's work: open issues, those of enterprises first, and how the sources are doing."""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.collect.advice import health_lines
from tbt_watch.digest.leaving import REPORTS
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import Issue
from tbt_watch.errors import NotFoundError
from tbt_watch.tending import source_health
from tbt_watch.web.desk.room import Room, Visit

PAGE = 50
_LONGEST_WHY = 1000


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An issue on the page, and the number of who reported it."""

    issue: Issue
    subscriber: int | None = None


class Issues:
    """Pages on what does not go by itself."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[Route]:
        """Issues, closing one, sources."""
        return [
            self._room.get("/issues", self._open),
            self._room.post("/issues/{number:int}/close", self._close),
            self._room.get("/sources", self._sources),
        ]

    def _open(self, visit: Visit, status: int = 200, problem: str = "") -> Response:
        """The open issues of all sources or of one, the newest first; what enterprises report before everything."""
        source, before = visit.filter("source")[:200], visit.asked("before")
        found = self._room.app.store.issues.open_list()
        reports = [one for one in reversed(found) if one.source == REPORTS]
        others = [one for one in reversed(found) if one.source != REPORTS and source in ("", one.source)]
        limit = int(before) if before.isdecimal() and len(before) < 16 else 0
        later = [one for one in others if not limit or (one.id or 0) < limit]
        return self._room.show(
            visit,
            "desk/issues.html",
            status,
            reports=[self._listed(one) for one in reports if not limit],
            others=[self._listed(one) for one in later[:PAGE]],
            more=later[PAGE - 1].id if len(later) > PAGE else 0,
            sources=sorted(Counter(one.source for one in found if one.source != REPORTS).items()),
            source=source,
            titles=self._titles(visit.lang),
            problem=problem,
        )

    def _listed(self, one: Issue) -> Listed:
        return Listed(issue=one, subscriber=self._by(one))

    def _titles(self, lang: str) -> dict[str, str]:
        app = self._room.app
        return {name: app.language.title(title, lang) for name, title in app.source_titles.items()}

    def _by(self, one: Issue) -> int | None:
        """Who reported it: the key of a report begins with channel and address."""
        channel, _, rest = one.key.partition(" ") if one.source == REPORTS else ("", "", "")
        person = self._room.app.store.subscribers.at(channel, rest.rpartition(" ")[0]) if rest else None
        return person.id if person else None

    def _close(self, visit: Visit) -> Response:
        """Done with, and why; who said so stands with the reason."""
        room, store = self._room, self._room.app.store
        why = collapse(visit.given("why"))[:_LONGEST_WHY]
        if not why:
            return self._open(visit, 422, "why")
        with store.transaction():
            try:
                closed = store.issues.get(visit.number).closed_at
            except NotFoundError:
                return self._open(visit, 404, "missing")
            if closed is None:
                store.issues.close(visit.number, f"{why} ({visit.curator.name})", room.app.clock())
        did = "closed" if closed is None else "already"
        return room.go(visit, "issues", did=did, on=visit.number, source=visit.given("source"))

    def _sources(self, visit: Visit) -> Response:
        app = self._room.app
        lines = [
            (one.condition, list(health_lines(app.language, one, visit.lang))) for one in source_health(app)
        ]
        return self._room.show(visit, "desk/sources.html", sources=lines)
