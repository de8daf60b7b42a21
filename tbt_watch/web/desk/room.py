"""Who may come in, what a form must carry, and how a page is answered: the same for every page of the desk."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tbt_watch.app import App
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.curator import Curator
from tbt_watch.domain.deed import About, Deed
from tbt_watch.domain.moment import today
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.web.guard import POLICY
from tbt_watch.web.pages import Pages

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_FORM = 512 * 1024
SEEN_EVERY = timedelta(minutes=1)
"""A session's last moment is written down no more often."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; script-src 'self'; connect-src 'self'",
    # With "no-referrer" a browser would send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
}
NAMES = {
    "doubt": "facts in doubt",
    "checks": "failed checks",
    "untranslated": "not all translated",
    "unsure": "sector not sure",
    "decided": "held by a curator",
    "accepted": "Accepted",
    "held": "Held",
    "rejected": "Rejected",
    "archived": "Archived",
    "amended": "Changed",
    "sector": "Sector",
    "market": "Market",
    "topic": "Topic",
}
"""What is called by a code in the templates: message ids."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

Form = Mapping[str, Sequence[str]]


def token_key(token: str) -> str:
    """What the store knows a session by."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """What every form of a session carries."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request of somebody who is logged in."""

    request: Request
    curator: Curator
    lang: str
    csrf: str
    token: str
    form: Form = field(default_factory=dict)

    def asked(self, name: str) -> str:
        """A value of the address."""
        return self.request.query_params.get(name, "")

    def given(self, name: str) -> str:
        """A field of the form."""
        return (self.form.get(name) or ("",))[0]

    def filter(self, name: str) -> str:
        """A filter of the queue, which goes from page to page and from form to form. In a form the state to look for
        is called ``in_state``, for a decision has a state too."""
        return self.asked(name) or self.given("in_state" if name == "state" else name)

    @property
    def number(self) -> int:
        """The number in the path."""
        return int(self.request.path_params["number"])


Handler = Callable[[Visit], Response]


@dataclass(frozen=True, kw_only=True)
class Room:
    """The house and the templates; makes routes of handlers, and lets in only who may."""

    app: App
    pages: Pages
    _hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        web = self.app.config.web
        host = web.place[0]
        named = {urlsplit(web.base_url).hostname or ""} if web.base_url else set()
        # A machine that listens for everybody is called by names that only its own people know.
        everybody = {"*"} if host not in LOOPBACK and not named else set()
        object.__setattr__(self, "_hosts", frozenset({*LOOPBACK, host, *named, *everybody} - {""}))

    # --- routes ---

    def get(self, path: str, handler: Handler, *, admin: bool = False) -> Route:
        """A page."""

        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(self._let_in, request, handler, {}, admin)

        return Route(f"/desk{path}", endpoint, methods=["GET"])

    def post(self, path: str, handler: Handler, *, admin: bool = False) -> Route:
        """What a button does."""

        async def endpoint(request: Request) -> Response:
            form = await read_form(request)
            if form is None:
                return self.refuse(request, "long", 413)
            return await run_in_threadpool(self._let_in, request, handler, form, admin)

        return Route(f"/desk{path}", endpoint, methods=["POST"])

    def _let_in(self, request: Request, handler: Handler, form: Form, admin: bool) -> Response:
        writes = request.method == "POST"
        if writes and not self.from_here(request):
            return self.refuse(request, "elsewhere", 403)
        visit = self.visit(request, form)
        if visit is None:
            return self.refuse(request, "ended", 401) if writes else self._to_login(request)
        if writes and not hmac.compare_digest(visit.given("csrf").encode(), visit.csrf.encode()):
            return self.refuse(request, "elsewhere", 403)
        if admin and visit.curator.role != "admin":
            return self.show(visit, "desk/refused.html", 403, why="admin")
        try:
            return handler(visit)
        except NotFoundError:
            return self.show(visit, "desk/refused.html", 404, why="missing")
        except UsageError as error:
            return self.show(visit, "desk/refused.html", 422, why="usage", fault=str(error))

    def from_here(self, request: Request) -> bool:
        """Whether a form comes from one of our own pages: the browser says so itself."""
        origin = urlsplit(request.headers.get("origin", ""))
        host = urlsplit(f"//{request.headers.get('host', '')}")
        base = urlsplit(self.app.config.web.base_url)
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        if base.netloc and (origin.scheme, origin.netloc) == (base.scheme, base.netloc):
            return True
        known = "*" in self._hosts or (host.hostname or "") in self._hosts
        return bool(origin.netloc) and origin.netloc == host.netloc and known

    def visit(self, request: Request, form: Form | None = None) -> Visit | None:
        """The visit of who is logged in; None for anybody else."""
        token = request.cookies.get(self.cookie, "")
        if not _TOKEN.fullmatch(token):
            return None
        now, key = self.app.clock(), token_key(token)
        session = self.app.store.curators.session(key)
        if session is None or not session.lives(now):
            return None
        if now - session.seen_at >= SEEN_EVERY:
            self.app.store.curators.seen(key, now)
        return Visit(
            request=request,
            curator=session.curator,
            lang=self.pages.chosen(session.curator.lang),
            csrf=csrf_of(token),
            token=key,
            form=form or {},
        )

    def _to_login(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(
            f"{self.pages.root(request)}/desk/login?{urlencode({'next': path})}", 303, HEADERS
        )

    @property
    def cookie(self) -> str:
        """The name of the cookie: by https one that no other site of the same name could have set."""
        return "__Host-desk" if self.app.config.web.secure else "desk"

    def just_done(self, visit: Visit, about: About) -> Deed | None:
        """What this curator just did to a thing of that kind, to be taken back."""
        number = visit.asked("deed")
        if not number.isdecimal() or len(number) > 15:
            return None
        try:
            found = self.app.store.deeds.get(int(number))
        except NotFoundError:
            return None
        return found if found.by == visit.curator.name and found.about == about else None

    # --- answers ---

    def words(self, lang: str) -> Words:
        """What is said of notices, today."""
        app = self.app
        return Words(language=app.language, labels=app.labels, lang=lang, today=today(app.clock()))

    def show(self, visit: Visit, template: str, status: int = 200, **values: object) -> Response:
        """A page for who is logged in."""
        answer = self.pages.answer(
            visit.request,
            template,
            visit.lang,
            status=status,
            names=NAMES,
            visit=visit,
            words=self.words(visit.lang),
            **values,
        )
        answer.headers.update(HEADERS)
        return answer

    def refuse(self, request: Request, why: str, status: int) -> Response:
        """A page for who is not."""
        lang = self.pages.chosen(request.query_params.get("lang"))
        answer = self.pages.answer(request, "desk/outside.html", lang, status=status, why=why)
        answer.headers.update(HEADERS)
        return answer

    def go(self, visit: Visit, where: str, **query: object) -> Response:
        """To another page of the desk, such as ``queue``, after something was done."""
        asked = urlencode({name: value for name, value in query.items() if value not in ("", None)})
        joint = "&" if "?" in where else "?"
        address = f"{self.pages.root(visit.request)}/desk/{where}{joint + asked if asked else ''}"
        return RedirectResponse(address, 303, HEADERS)


async def read_form(request: Request) -> Form | None:
    """The fields of a form; None for one that is too long. Nothing is uploaded here, so no other form is read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    try:
        text = body.decode("ascii")
        return parse_qs(text, keep_blank_values=True, max_num_fields=400, errors="replace")
    except ValueError:
        return {}
