"""The pages as one ASGI application: the rooms, and what guards them all."""

import logging
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tbt_watch import bulletin
from tbt_watch.app import App
from tbt_watch.errors import TbtWatchError
from tbt_watch.web.guard import Headers, Limit
from tbt_watch.web.pages import Pages
from tbt_watch.web.public.subscription import Subscription

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
SITE = Path(bulletin.__file__).parent / "static"
"""Letters and mark are those of the bulletin: every Vietnamese tone is drawn, none is put together."""


_DAY = {"Cache-Control": "public, max-age=86400"}


class Kept(StaticFiles):
    """Files that a browser may keep for a day: nothing in them is about anybody."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """The file, or the word that it has not changed."""
        answer = super().file_response(*given, **named)
        answer.headers.update(_DAY)
        return answer


def _icon(_request: Request) -> Response:
    return FileResponse(SITE / "icon.svg", headers=_DAY)


def pages_of(app: App) -> Starlette:
    """The application on the tools of the house: the pages that letters lead to where e-mail is switched on, and the
    curators' page where that is. Raises ConfigError when links would lead nowhere, or passwords go in the open."""
    pages = Pages(app.language, app.office, app.config.language)
    routes: list[BaseRoute] = []
    if "email" in app.config.deliver.channels:
        public = Subscription(
            store=app.store,
            links=app.links,
            pages=pages,
            clock=app.clock,
            sectors_of=lambda: app.vocabulary.sectors_of,
        )
        routes += public.routes()
    if app.config.web.desk:
        app.config.web.check_desk()
        from tbt_watch.web.desk.pages import desk_routes  # what a service without it need not load

        routes += desk_routes(app, pages)

    def fault(request: Request, error: Exception) -> Response:
        """A page for what is not there, and for what went wrong in here."""
        status = error.status_code if isinstance(error, HTTPException) else 503
        if status == 503:
            log.error("%s %s: %s", request.method, type(error).__name__, error)
        missing = status in (404, 405)
        page = "public/missing.html" if missing else "public/fault.html"
        return pages.answer(request, page, pages.chosen(request.query_params.get("lang")), status=status)

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        answer = pages.answer(Request(scope), "public/busy.html", pages.lang, status=429)
        answer.headers["Retry-After"] = "60"
        await answer(scope, receive, send)

    return Starlette(
        routes=[
            *routes,
            Mount("/static/fonts", Kept(directory=SITE / "fonts")),
            Route("/static/icon.svg", _icon),
            Mount("/static", Kept(directory=STATIC)),
        ],
        exception_handlers={HTTPException: fault, TbtWatchError: fault, 500: fault},
        middleware=[
            Middleware(Headers, secure=app.config.web.secure),
            Middleware(ByDoor, refuse=busy),
        ],
    )


class ByDoor:
    """Two limits: one for those whom nobody knows, and a wide one for people at work, who turn pages and whose texts
    are checked while they write."""

    def __init__(self, app: ASGIApp, refuse: ASGIApp) -> None:
        self._public = Limit(app, refuse)
        self._desk = Limit(app, refuse, burst=600, per_second=20.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        path = scope.get("path", "")
        inside = path.startswith(("/desk/", "/static/")) and path != "/desk/login"
        await (self._desk if inside else self._public)(scope, receive, send)
