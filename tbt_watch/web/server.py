"""Runs the pages in a thread of their own, beside the scheduler."""

import logging
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from tbt_watch.errors import BusyError

PROXIES = ("127.0.0.1", "::1")
"""Whose word on the client's address counts, unless told otherwise: that of a web server on this machine."""

_STARTED = 10.0


@contextmanager
def serving(
    pages: ASGIApp, host: str, port: int, proxies: Sequence[str] = PROXIES
) -> Iterator[tuple[str, int]]:
    """Serve on that address while the block runs; it gives the address (port 0 takes a free one).

    Raises BusyError when nothing can listen there.
    """
    # uvicorn writes each address at INFO, whatever it is told: but the address of a page is the right to use it.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    listening = _listen(host, port)
    config = uvicorn.Config(
        pages,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(proxies),
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16_384,
        lifespan="off",
        ws="none",
        http="h11",
        loop="asyncio",
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="web", daemon=True)
    thread.start()
    end = time.monotonic() + _STARTED
    while not server.started and thread.is_alive() and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield listening.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=128)
        # asyncio does it only for sockets that name their protocol; without it each answer waits 40 ms for an ACK.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise BusyError(
            f"The pages cannot be served on {host}:{port} ({error.strerror}): name another address in [web] listen,"
            " or end what uses it."
        ) from error
