"""The stand-in: one local HTTP server that plays all the sources of the sample.

Which site is meant stands in the path: ``/host/epingalert.org/api/v1/…``. Links inside the answers keep the
real addresses, as the sites' do; leading them here is the crawler's business.
"""

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tbt_watch.sample import eping, gazette
from tbt_watch.sample.bundle import Edition
from tbt_watch.sample.exchange import HOST_PREFIX, Answer, Request, missing

NOT_PUBLISHED = b"<html><body><p>The document you requested is not published.</p></body></html>"
"""What docs.wto.org tells a script, with status 200 and as HTML."""


@dataclass(kw_only=True, slots=True)
class _Fault:
    prefix: str
    answer: Answer
    left: int | None


class StandIn:
    """Serves an edition on 127.0.0.1, on a port the system picks, as long as the ``with`` block lasts.

    ``edition`` may be replaced between requests, ``requests`` holds what was asked so far, in order.
    """

    def __init__(self, edition: Edition | None = None) -> None:
        self.edition = edition or Edition.bundled()
        self.requests: list[Request] = []
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> "StandIn":
        server = _Server(self)
        # A short poll, so that leaving the block takes no half second.
        loop = threading.Thread(target=server.serve_forever, args=(0.02,), name="stand-in", daemon=True)
        loop.start()
        self._server = server
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def base(self) -> str:
        """The server's address, without a slash at the end. Raises RuntimeError when it is not running."""
        if self._server is None:
            raise RuntimeError("the stand-in is not running: use it in a with statement")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def url_for(self, host: str, path: str = "") -> str:
        """Where ``path`` of the site ``host`` is to be found here; the path begins with a slash."""
        return f"{self.base}{HOST_PREFIX}{host}{path}"

    def fault(
        self,
        path_prefix: str,
        *,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        times: int | None = 1,
    ) -> None:
        """Let requests go wrong whose path begins with ``path_prefix``.

        The prefix is compared with the path on the played site (``/api/v1/…``) and with the whole path
        (``/host/…``). ``times``: how often, None for always. The last fault laid wins.
        """
        given = dict(headers or {})
        kind = next((given.pop(name) for name in list(given) if name.lower() == "content-type"), "text/html")
        content = body.encode() if isinstance(body, str) else body
        answer = Answer(status=status, body=content, content_type=kind, headers=given)
        with self._lock:
            self._faults.append(_Fault(prefix=path_prefix, answer=answer, left=times))

    def clear_faults(self) -> None:
        """Take back every fault."""
        with self._lock:
            self._faults.clear()

    def respond(self, request: Request) -> Answer:
        """The answer to ``request``, which is noted; this is all that the server does."""
        with self._lock:
            self.requests.append(request)
            fault = self._fault_for(request)
        if fault is not None:
            return fault
        if request.path == "/robots.txt":
            return _robots(request.host)
        if request.host in eping.HOSTS:
            return eping.answer(request, self.edition)
        if request.host in gazette.HOSTS:
            return gazette.answer(request, self.edition)
        if request.host == "docs.wto.org":
            return Answer(body=NOT_PUBLISHED)
        return missing("no such site in the sample")

    def _fault_for(self, request: Request) -> Answer | None:
        whole = request.target.partition("?")[0]
        for fault in reversed(self._faults):
            if not (request.path.startswith(fault.prefix) or whole.startswith(fault.prefix)):
                continue
            if fault.left is None:
                return fault.answer
            if fault.left > 0:
                fault.left -= 1
                return fault.answer
        return None


def _robots(host: str) -> Answer:
    """robots.txt of one site, or, at the server's root, of all of them with their prefixes."""
    sites = {**dict.fromkeys(eping.HOSTS, eping.ROBOTS), **dict.fromkeys(gazette.HOSTS, gazette.ROBOTS)}
    if host:
        closed = [f"Disallow: {path}" for path in sites.get(host, ())]
    else:
        closed = [
            f"Disallow: {HOST_PREFIX}{site}{path}" for site, paths in sorted(sites.items()) for path in paths
        ]
    text = "\n".join(["User-agent: *", *(closed or ["Allow: /"]), ""])
    return Answer(body=text.encode(), content_type="text/plain; charset=utf-8")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up early is its own business; anything else is a fault of ours and is shown.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.rfile.read(length)
        request = Request.read(self.command, self.path, dict(self.headers.items()))
        answer = self.server.standin.respond(request)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        empty = answer.status in (HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT)
        if not empty:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not empty and self.command != "HEAD":
            self.wfile.write(answer.body)

    # The names are those of the standard library's dispatch.
    do_GET = do_HEAD = do_POST = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: ``StandIn.requests`` is the record."""
