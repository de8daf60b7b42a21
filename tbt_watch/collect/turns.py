"""Whose turn it is at a host: one request in so many seconds, over all processes of this machine."""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

_STALE = 24 * 3600.0


class Turns:
    """Turns at hosts, ``gap`` seconds apart. With a ``folder`` they are shared with the other processes that
    use it: each host has a small file that says when it is free again, on the machine's monotonic clock."""

    def __init__(self, gap: float, folder: Path | None = None) -> None:
        self._gap = gap
        self._folder = folder
        self._own_gap: dict[str, float] = {}
        self._free: dict[str, float] = {}

    def slow_down(self, host: str, gap: float) -> None:
        """Leave at least so many seconds between two requests to that host."""
        self._own_gap[host] = max(gap, self._own_gap.get(host, 0.0))

    def pause(self, host: str, seconds: float) -> None:
        """Ask nothing of that host for so many seconds."""
        with self._opened(host) as free:
            free[host] = max(free[host], monotonic() + seconds)

    async def take(self, host: str) -> None:
        """Wait until it is our turn at that host."""
        gap = max(self._gap, self._own_gap.get(host, 0.0))
        with self._opened(host) as free:
            now = monotonic()
            start = max(now, free[host])
            free[host] = start + gap
        if start > now:
            await asyncio.sleep(start - now)

    @contextmanager
    def _opened(self, host: str) -> Iterator[dict[str, float]]:
        """When the host is free, by its name, to be read and changed while nobody else does."""
        if self._folder is None:
            self._free.setdefault(host, 0.0)
            yield self._free
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        name = "".join(char if char.isalnum() or char in ".-" else "_" for char in host)
        descriptor = os.open(self._folder / f"{name}.turn", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            free = {host: _read(os.read(descriptor, 64))}
            yield free
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{free[host]:.3f}".encode())
        finally:
            os.close(descriptor)


def _read(content: bytes) -> float:
    """The moment in the file; a moment days ahead is from before the machine was started anew."""
    try:
        moment = float(content)
    except ValueError:
        return 0.0
    return moment if moment < monotonic() + _STALE else 0.0
