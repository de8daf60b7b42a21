"""What holds for every page: headers that let a browser do nothing but show it, and a limit on how often one asks."""

import time
from collections.abc import Callable
from threading import Lock

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the address of a page is the right to use it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class Headers:
    """Sets ``HEADERS`` on every answer that does not say otherwise; ``secure``: the pages are reached by https."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class Limit:
    """Lets each client ask ``burst`` times at once and ``per_second`` after that; ``refuse`` answers the others."""

    MOST = 10_000
    """Clients that are remembered."""

    def __init__(
        self,
        app: ASGIApp,
        refuse: ASGIApp,
        burst: int = 60,
        per_second: float = 1.0,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._refuse, self._stopwatch = app, refuse, stopwatch
        self._burst, self._rate = burst, per_second
        self._seen: dict[
            str, tuple[float, float]
        ] = {}  # client → what it has left, and when that was counted
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        client = scope.get("client")
        fine = scope["type"] != "http" or self.allows(client[0] if client else "")
        await (self._app if fine else self._refuse)(scope, receive, send)

    def allows(self, client: str) -> bool:
        """Whether this client may ask now; it is counted."""
        with self._lock:
            now = self._stopwatch()
            left, at = self._seen.pop(client, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._rate)
            if len(self._seen) >= self.MOST:
                self._seen.pop(next(iter(self._seen)))  # who has not asked for the longest time
            self._seen[client] = (max(left - 1.0, 0.0) if left >= 1.0 else left, now)
            return left >= 1.0
