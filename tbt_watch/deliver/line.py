"""The way to the Bot API for thousands of short messages: PTB's requests, without the browser's half of httpx.

httpx looks for cookies, redirects and credentials in every request; the Bot API has none of these, and without them a
message takes half the time. Where a proxy stands between, PTB's own way is taken, which finds it.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
import telegram
from telegram.request import HTTPXRequest, RequestData


class Line(HTTPXRequest):
    """A pool of ``in_flight`` connections to ``base_url``; every timeout is ``timeout`` seconds, and ``pool_timeout``
    for a connection to come free."""

    def __init__(self, base_url: str, *, in_flight: int, timeout: float, pool_timeout: float) -> None:
        super().__init__(
            connection_pool_size=in_flight,
            connect_timeout=timeout,
            read_timeout=timeout,
            write_timeout=timeout,
            pool_timeout=pool_timeout,
        )
        self._straight: httpx.AsyncHTTPTransport | None = None
        if not _proxied(base_url):
            limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
            self._straight = httpx.AsyncHTTPTransport(limits=limits)
        self._patience = {
            "timeout": dict.fromkeys(("connect", "read", "write"), timeout) | {"pool": pool_timeout}
        }
        self._addresses: dict[str, httpx.URL] = {}

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises PTB's TimedOut and NetworkError, with httpx's own as their cause."""
        if self._straight is None or (request_data and request_data.multipart_data):
            return await super().do_request(url, method, request_data, *timeouts, **named)
        fields = request_data.json_parameters if request_data else {}
        request = httpx.Request(
            method,
            self._addresses.get(url) or self._addresses.setdefault(url, httpx.URL(url)),
            headers={"User-Agent": self.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(fields).encode(),
            extensions=self._patience,
        )
        try:
            answer = await self._straight.handle_async_request(request)
            return answer.status_code, await answer.aread()
        except httpx.TimeoutException as error:
            raise telegram.error.TimedOut from error
        except httpx.HTTPError as error:
            raise telegram.error.NetworkError(f"httpx.{type(error).__name__}: {error}") from error

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._straight is not None:
            await self._straight.aclose()
        await super().shutdown()


def _proxied(address: str) -> bool:
    """Whether the environment names a proxy for this address."""
    found = urlsplit(address)
    proxies = getproxies()
    named = found.scheme in proxies or "all" in proxies
    return named and not proxy_bypass(found.hostname or "")
