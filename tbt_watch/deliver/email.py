"""The e-mail channel: the same editions by the office's own mail server.

SMTP has no idempotency key: when the answer to a letter is lost, nobody knows whether it went out, and the error
says so. The Message-ID is ours and stays the same, so a reader's program can tell the second copy from the first.
"""

import logging
import ssl
import time
from collections.abc import Callable
from threading import Lock

from tbt_watch.deliver.buttons import brings_bulletin
from tbt_watch.deliver.letter import Sender, Slip, compose
from tbt_watch.deliver.smtp import Line, MailServer
from tbt_watch.domain.edition import Part
from tbt_watch.domain.moment import Clock
from tbt_watch.errors import DeliveryError

_LOG = logging.getLogger(__name__)
DOWN = 60.0
"""Seconds for which nobody tries to reach a server that could not be reached."""

IDLE = 15.0
"""Seconds for which a line is kept; after that many servers hang up."""


class Email:
    """Sends letters, evenly spaced. ``slip`` gives what stands under the letters to an address, None when nobody is
    subscribed there any more. ``send`` may be called from several threads; ``close`` it when done, or use it in a
    ``with``."""

    name = "email"
    limit = 400_000  # a letter goes whole
    by_hand = False

    def __init__(
        self,
        server: MailServer,
        sender: Sender,
        slip: Callable[[str], Slip | None],
        clock: Clock,
        *,
        per_minute: int = 60,
        context: ssl.SSLContext | None = None,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server, self._sender, self._slip, self._clock = server, sender, slip, clock
        self._context = context or ssl.create_default_context()
        self._stopwatch, self._step, self._next = stopwatch, 60 / per_minute, 0.0
        self._lock = Lock()
        self._idle: list[tuple[Line, float]] = []

    def permit(self, address: str) -> float:  # noqa: ARG002 - the server counts letters, not mailboxes
        """Leave by our own pace."""
        with self._lock:
            now = self._stopwatch()
            if self._next > now:
                return self._next - now
            self._next = now + self._step
            return 0.0

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
        """Send one part as a letter, and return its Message-ID; raises DeliveryError."""
        slip = self._slip(address)
        if slip is None:
            raise DeliveryError("Nobody is subscribed at this mailbox any more.", permanent=True)
        own = slip.bulletin if slip.bulletin and brings_bulletin(part) else slip
        return self.write(address, part, own, label=label, reply_to=reply_to)

    def write(self, address: str, part: Part, slip: Slip, *, label: str, reply_to: str | None = None) -> str:
        """The same with a slip of one's own: the letter that asks a mailbox for its consent."""
        try:
            letter = compose(
                address,
                part,
                sender=self._sender,
                slip=slip,
                label=label,
                at=self._clock(),
                reply_to=reply_to,
            )
        except ValueError as error:
            raise DeliveryError(
                f"{address!r} is no mail address: mend it in the register.", permanent=True, blocked=True
            ) from error
        line = self._line()
        try:
            line.send(self._sender.mailbox, address, letter.as_bytes())
        except DeliveryError:
            line.close()
            raise
        with self._lock:
            self._idle.append((line, self._stopwatch()))
        _LOG.debug("%s went out as %s", label, letter["Message-ID"])
        return str(letter["Message-ID"])

    def check(self) -> str:
        """Open a line, log in and hang up: where that was. Raises DeliveryError."""
        Line(self._server, self._context, self._sender.domain).close()
        return self._server.place

    def close(self) -> None:
        """Hang up; twice does no harm."""
        with self._lock:
            lines, self._idle = self._idle, []
        for line, _ in lines:
            line.close()

    def __enter__(self) -> "Email":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _line(self) -> Line:
        """A line that stands: one that was just used, or a new one."""
        while True:
            with self._lock:
                line, used = self._idle.pop() if self._idle else (None, 0.0)
            if line is None:
                return self._opened()
            if self._stopwatch() - used < IDLE and line.alive():
                return line
            line.close()

    def _opened(self) -> Line:
        """A new line. When there is none to be had, nobody tries for a minute: each try may take long."""
        try:
            line = Line(self._server, self._context, self._sender.domain)
        except DeliveryError:
            with self._lock:
                self._next = max(self._next, self._stopwatch() + DOWN)
            raise
        return line
