"""The pages as one ASGI application: the rooms, and what guards them all."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from tbt_watch import bulletin
from tbt_watch.app import App
from tbt_watch.errors import TbtWatchError
from tbt_watch.web.guard import Headers, Limit
from tbt_watch.web.pages import Pages
from tbt_watch.web.public.subscription import Subscription

STATIC = Path(__file__).parent / "static"
FONTS = Path(bulletin.__file__).parent / "static" / "fonts"
"""The same letters as on the bulletin: every Vietnamese mark is drawn, none is put together."""


class Kept(StaticFiles):
    """Files that a browser may keep for a day: nothing in them is about anybody."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """The file, or the word that it has not changed."""
        answer = super().file_response(*given, **named)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer


def pages_of(app: App) -> Starlette:
    """The application on the tools of the house. Raises ConfigError when links would lead nowhere."""
    pages = Pages(app.language, app.office, app.config.language)
    public = Subscription(
        store=app.store,
        links=app.links,
        pages=pages,
        clock=app.clock,
        sectors_of=lambda: app.vocabulary.sectors_of,
    )

    def fault(request: Request, error: Exception) -> Response:
        """A page for what is not there, and for what went wrong in here."""
        status = error.status_code if isinstance(error, HTTPException) else 503
        missing = status in (404, 405)
        page = "public/missing.html" if missing else "public/fault.html"
        return pages.answer(request, page, pages.chosen(request.query_params.get("lang")), status=status)

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        answer = pages.answer(Request(scope), "public/busy.html", pages.lang, status=429)
        answer.headers["Retry-After"] = "60"
        await answer(scope, receive, send)

    return Starlette(
        routes=[
            *public.routes(),
            Mount("/static/fonts", Kept(directory=FONTS)),
            Mount("/static", Kept(directory=STATIC)),
        ],
        exception_handlers={HTTPException: fault, TbtWatchError: fault, 500: fault},
        middleware=[
            Middleware(Headers, secure=app.links.base_url.startswith("https://")),
            Middleware(Limit, refuse=busy),
        ],
    )
