"""Logging in and out."""

import re
import secrets
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tbt_watch.domain.curator import LONGEST
from tbt_watch.web.desk.passwords import Passwords
from tbt_watch.web.desk.room import HEADERS, Form, Room, Visit, read_form, token_key
from tbt_watch.web.desk.slowdown import Slowdown

_INSIDE = re.compile(r"/desk/[\w/]*(?:\?[\w=&%.+*~-]*)?", re.ASCII)


class Sessions:
    """The login page, and what ends a session."""

    def __init__(
        self, room: Room, passwords: Passwords, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._room, self._passwords = room, passwords
        self._slow = Slowdown(stopwatch)

    def routes(self) -> list[Route]:
        """Login, logout, language."""
        return [
            Route("/desk/login", self._login, methods=["GET", "POST"]),
            self._room.post("/logout", self._logout),
            self._room.post("/speak", self._speak),
        ]

    async def _login(self, request: Request) -> Response:
        if request.method == "GET":
            return await run_in_threadpool(self._ask, request)
        form = await read_form(request)
        if form is None:
            return self._room.refuse(request, "long", 413)
        return await run_in_threadpool(self._try, request, form)

    def _ask(self, request: Request, status: int = 200, **values: object) -> Response:
        room = self._room
        lang = room.pages.chosen(request.query_params.get("lang"))
        given: dict[str, object] = {
            "wrong": False,
            "wait": 0,
            "name": "",
            "next": request.query_params.get("next", ""),
        }
        answer = room.pages.answer(request, "desk/login.html", lang, status=status, **(given | values))
        answer.headers.update(HEADERS)
        return answer

    def _try(self, request: Request, form: Form) -> Response:
        """A wrong name and a wrong password look the same, take the same time, and slow the next try down alike."""
        room = self._room
        if not room.from_here(request):
            return room.refuse(request, "elsewhere", 403)
        name, password, then = ((form.get(key) or [""])[0] for key in ("name", "password", "next"))
        client = request.client.host if request.client else ""
        keys = (f"name:{name.strip().casefold()[:200]}", f"address:{client}")
        if wait := self._slow.wait(*keys):
            answer = self._ask(request, 429, wait=wait, name=name, next=then)
            answer.headers["Retry-After"] = str(wait)
            return answer
        known = room.app.store.curators.find(name)
        usable = known if known and not known.disabled else None
        if not self._passwords.fits(password, usable.hash if usable else None) or usable is None:
            self._slow.failed(*keys)
            return self._ask(request, 403, wrong=True, name=name, next=then)
        self._slow.right(*keys)
        if self._passwords.outdated(usable.hash):
            room.app.store.curators.rehashed(usable, self._passwords.hashed(password))
        token = secrets.token_urlsafe(32)
        room.app.store.curators.log_in(usable, token_key(token), room.app.clock())
        where = then if _INSIDE.fullmatch(then) else "/desk/queue"
        answer = RedirectResponse(room.pages.root(request) + where, 303, HEADERS)
        self._set(answer, token)
        return answer

    def _set(self, answer: Response, token: str) -> None:
        room = self._room
        answer.set_cookie(
            room.cookie,
            token,
            max_age=int(LONGEST.total_seconds()) if token else 0,
            path="/",
            secure=room.app.config.web.secure,
            httponly=True,
            samesite="strict",
        )

    def _logout(self, visit: Visit) -> Response:
        self._room.app.store.curators.log_out(visit.token)
        answer = self._room.go(visit, "login")
        self._set(answer, "")
        return answer

    def _speak(self, visit: Visit) -> Response:
        lang = self._room.pages.chosen(visit.given("lang"))
        self._room.app.store.curators.speak(visit.curator, lang)
        back = visit.given("back")
        if not _INSIDE.fullmatch(back):
            return self._room.go(visit, "queue")
        return RedirectResponse(self._room.pages.root(visit.request) + back, 303, HEADERS)
