"""Who gives a wrong password waits, longer each time; counted by name and by address."""

from collections.abc import Callable
from threading import Lock

FREE = 3
"""So many wrong ones cost nothing: everybody mistypes."""


class Slowdown:
    """Remembers failures. ``longest``: seconds; ``stopwatch``: seconds that only rise."""

    MOST = 10_000
    """Names and addresses that are remembered; who failed longest ago is forgotten first."""
    FORGOTTEN = 3600.0
    """Seconds after which a failure counts no more."""

    def __init__(self, stopwatch: Callable[[], float], longest: float = 300.0) -> None:
        self._stopwatch, self._longest = stopwatch, longest
        self._failed: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def wait(self, *keys: str) -> int:
        """Seconds until one may try again, the longest of the keys; 0: now."""
        with self._lock:
            now = self._stopwatch()
            return max((self._left(key, now) for key in keys), default=0)

    def _left(self, key: str, now: float) -> int:
        times, at = self._failed.get(key, (0, 0.0))
        if times < FREE or now - at > self.FORGOTTEN:
            return 0
        pause = min(2.0 ** min(times - FREE + 1, 20), self._longest)
        return max(0, int(at + pause - now + 0.999))

    def failed(self, *keys: str) -> None:
        """A wrong password."""
        with self._lock:
            now = self._stopwatch()
            for key in keys:
                times, at = self._failed.pop(key, (0, now))
                self._failed[key] = (1 if now - at > self.FORGOTTEN else times + 1, now)
            while len(self._failed) > self.MOST:
                self._failed.pop(next(iter(self._failed)))

    def right(self, *keys: str) -> None:
        """The right one: what was before is forgotten."""
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)
