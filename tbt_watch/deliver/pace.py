"""How fast a bot may speak: leave is asked before a part is claimed, so that no lease runs out while waiting.

Telegram's limits (core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a second for the
whole bot, 1 a second in one chat, 20 a minute in one group or channel.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

SECOND = 1.0
MINUTE = 60.0
SLACK = 0.03
"""Seconds by which every window is longer than it need be."""

CATCH_UP = 3
"""How many parts may follow at once on each other when leave was asked for too late."""

REMEMBERED = 64
"""Of how many answers the quickest tells how long the way takes at least; and how many may overtake each other."""


@dataclass(slots=True)
class _Flight:
    """A part that had leave, and when it was answered."""

    begun: float
    answered: float | None = None


class Pace:
    """Leave to send, evenly spaced: in no window of a second more than ``per_second``, whatever is asked and when, and
    also at the other end, as far as the answers tell: what was slow on its way is taken to have arrived late.
    Seconds come from ``stopwatch``, which only has to run forward."""

    def __init__(
        self, stopwatch: Callable[[], float], *, per_second: int = 28, chat: float = SECOND, group: int = 20
    ) -> None:
        """``per_second`` for the whole bot, ``chat`` seconds between two parts to one chat, ``group`` parts a
        minute to one group or channel."""
        self._stopwatch = stopwatch
        self._step = (SECOND + SLACK) / per_second
        self._chat, self._group = chat, group
        self._next = float("-inf")  # when the next part should go, were all spaced evenly
        self._resume = float("-inf")  # until when all wait
        self._per_second = per_second
        self._recent: deque[_Flight] = deque(maxlen=min(per_second, 1000) + REMEMBERED)
        self._flying: dict[str, _Flight] = {}
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._quickest = float("inf")
        self._free: dict[str, float] = {}  # chat → when it may be written to again
        self._sent: dict[str, deque[float]] = {}  # group → its last parts
        self._held: dict[str, float] = {}  # chat → until when the other side told us to wait
        self._lock = Lock()

    def permit(self, address: str) -> float:
        """0.0: go, and it is counted; else the seconds to wait before asking again."""
        with self._lock:
            now = self._stopwatch()
            ready = max(self._next, self._resume, self._free.get(address, now), self._held.get(address, now))
            sent = self._sent.get(address)
            if sent is not None and len(sent) == self._group:
                ready = max(ready, sent[0] + MINUTE + SLACK)
            if ready <= now and len(self._recent) >= self._per_second:
                latest = sorted(self._arrival(one, now) for one in self._recent)
                ready = latest[-self._per_second] + SECOND + SLACK
            if ready > now:
                return ready - now
            self._count(address, now)
            return 0.0

    def answered(self, address: str, *, arrived: bool = True) -> None:
        """The other side has looked at a part, or (not ``arrived``) it never got there. From now on the time to the
        next in this chat is surely long enough."""
        with self._lock:
            now = self._stopwatch()
            self._free[address] = max(self._free.get(address, now), now + self._chat)
            flight = self._flying.pop(address, None)
            if flight and arrived:
                flight.answered = now
                self._took.append(now - flight.begun)
                self._quickest = min(self._took)
            if sent := self._sent.get(address):
                sent[-1] = now

    def count(self, address: str) -> None:
        """Something went there without leave (an answer to a person, which cannot wait); what asks for leave waits
        instead."""
        with self._lock:
            self._count(address, self._stopwatch())

    def hold(self, address: str, seconds: float) -> None:
        """The other side asked to wait for this chat; when it does so for two chats at a time, all wait."""
        with self._lock:
            now = self._stopwatch()
            self._held = {chat: until for chat, until in self._held.items() if until > now}
            repeated = any(chat != address for chat in self._held)
            self._held[address] = now + seconds
            if repeated:
                self._resume = max(self._resume, now + seconds)

    def _arrival(self, flight: _Flight, now: float) -> float:
        """When a part reached the other end at the latest: as long before its answer as the quickest ever took."""
        if not self._took:
            return flight.begun
        end = now if flight.answered is None and now - flight.begun < MINUTE else flight.answered
        return flight.begun if end is None else max(flight.begun, end - self._quickest)

    def _count(self, address: str, now: float) -> None:
        self._next = max(self._next, now - CATCH_UP * self._step) + self._step
        flight = _Flight(now)
        self._recent.append(flight)
        if len(self._free) > 10_000:
            self._free = {chat: until for chat, until in self._free.items() if until > now}
            self._sent = {chat: times for chat, times in self._sent.items() if times[-1] > now - MINUTE}
            self._flying = {chat: one for chat, one in self._flying.items() if one.begun > now - MINUTE}
        self._flying[address] = flight
        self._free[address] = now + self._chat
        if address.startswith(("-", "@")):  # groups and channels: negative numbers, or a public name
            self._sent.setdefault(address, deque(maxlen=self._group)).append(now)
