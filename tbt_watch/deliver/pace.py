"""How fast a bot may speak: leave is asked before a part is claimed, so that no lease runs out while waiting.

Telegram's limits (core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a second for the
whole bot, 1 a second in one chat, 20 a minute in one group or channel.
"""

from collections import deque
from collections.abc import Callable
from threading import Lock

SECOND = 1.0
MINUTE = 60.0


class Pace:
    """Leave to send, evenly spaced. Seconds come from ``stopwatch``, which only has to run forward."""

    def __init__(
        self, stopwatch: Callable[[], float], *, per_second: int = 28, chat: float = SECOND, group: int = 20
    ) -> None:
        """``per_second`` for the whole bot, ``chat`` seconds between two parts to one chat, ``group`` parts a
        minute to one group or channel."""
        self._stopwatch = stopwatch
        self._step = SECOND / per_second
        self._chat, self._group = chat, group
        self._next = 0.0
        self._free: dict[str, float] = {}  # chat → when it may be written to again
        self._sent: dict[str, deque[float]] = {}  # group → its last parts
        self._held: dict[str, float] = {}  # chat → until when the other side told us to wait
        self._lock = Lock()

    def permit(self, address: str) -> float:
        """0.0: go, and it is counted; else the seconds to wait before asking again."""
        with self._lock:
            now = self._stopwatch()
            ready = max(self._next, self._free.get(address, 0.0), self._held.get(address, 0.0))
            sent = self._sent.get(address)
            if sent is not None and len(sent) == self._group:
                ready = max(ready, sent[0] + MINUTE)
            if ready > now:
                return ready - now
            self._count(address, now)
            return 0.0

    def hold(self, address: str, seconds: float) -> None:
        """The other side asked to wait for this chat; when it does so for two chats at a time, all wait."""
        with self._lock:
            now = self._stopwatch()
            self._held = {chat: until for chat, until in self._held.items() if until > now}
            repeated = any(chat != address for chat in self._held)
            self._held[address] = now + seconds
            if repeated:
                self._next = max(self._next, now + seconds)

    def _count(self, address: str, now: float) -> None:
        self._next = now + self._step
        if len(self._free) > 10_000:
            self._free = {chat: until for chat, until in self._free.items() if until > now}
        self._free[address] = now + self._chat
        if address.startswith(("-", "@")):  # groups and channels: negative numbers, or a public name
            self._sent.setdefault(address, deque(maxlen=self._group)).append(now)
