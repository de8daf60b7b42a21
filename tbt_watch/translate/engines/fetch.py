"""A large file over HTTP: goes on where it stopped, never takes more than it should."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tbt_watch.errors import ModelError, UnreachableError

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes there will be (None when the server does not say)."""

LARGEST = 2 * 1024**3
"""Bytes; no package of this kind comes near it."""

_TIMEOUT = httpx.Timeout(60, connect=15)
_TRIES = 5


def fetch(
    address: str,
    to: Path,
    *,
    size: int | None = None,
    progress: Progress | None = None,
    pause: float = 2.0,
) -> None:
    """Bring ``address`` to the file ``to`` by way of ``to.part``, which stays when the connection is cut, and from
    which the next call goes on. A cut is tried again up to four times, ``pause`` seconds apart.

    Raises UnreachableError when the server does not answer or the file is not there, ModelError when it is larger
    or smaller than ``size``, or cannot be written.
    """
    part = to.with_name(to.name + ".part")
    to.parent.mkdir(parents=True, exist_ok=True)
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers={"User-Agent": "tbt-watch"}) as client:
        for left in reversed(range(_TRIES)):
            try:
                _one_try(client, address, part, size, progress)
                break
            except httpx.InvalidURL as error:
                raise UnreachableError(
                    f"{address} is not an address: write it like https://host/file."
                ) from error
            except (httpx.TransportError, httpx.TooManyRedirects, httpx.UnsupportedProtocol) as error:
                if not left:
                    raise UnreachableError(_cut(address, part, error)) from error
                time.sleep(pause)
    have = _size(part)
    if size is not None and have != size:
        part.unlink(missing_ok=True)
        raise ModelError(
            f"{address} has {have:,} bytes instead of {size:,}: it is not the file that was meant."
        )
    part.replace(to)


def _cut(address: str, part: Path, error: Exception) -> str:
    have = _size(part)
    kept = f" {have:,} bytes are kept, so run the same command again to go on." if have else ""
    return f"{address} could not be downloaded ({type(error).__name__}).{kept or ' Check the connection.'}"


def _one_try(
    client: httpx.Client, address: str, part: Path, size: int | None, progress: Progress | None
) -> None:
    have = _size(part)
    if size is not None and have == size:
        return
    # Unpacked on the way, the bytes would not be those that the checksum and the range count.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", address, headers=headers) as answer:
        if have and answer.status_code == 416:
            part.unlink()
            raise httpx.ReadError("the server has no more bytes than we do")
        start = _start(answer, have, address)
        most = LARGEST if size is None else size
        total = size if size is not None else _announced(answer, start)
        if total is not None and total > most:
            raise ModelError(f"{address} would be {total:,} bytes, more than any translation package has.")
        _write(answer, part, start, most, total, progress)


def _start(answer: httpx.Response, have: int, address: str) -> int:
    """Where the bytes of this answer begin."""
    if answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if answer.status_code == 200:
        return 0
    raise UnreachableError(
        f"{address} answered {answer.status_code} {answer.reason_phrase}: check the address, or install from a file."
    )


def _announced(answer: httpx.Response, start: int) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _write(
    answer: httpx.Response, part: Path, start: int, most: int, total: int | None, progress: Progress | None
) -> None:
    have = start
    with _writing(part), part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        for (
            block
        ) in answer.iter_raw():  # as they come: in blocks of a fixed size, a cut would lose the last one
            have += len(block)
            if have > most:
                file.truncate(0)
                raise ModelError(
                    f"{answer.url} sends more than the {most:,} bytes it should have: it was not kept."
                )
            file.write(block)
            if progress:
                progress(have, total)


@contextmanager
def _writing(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{part} cannot be written ({error.strerror}): make room, then run it again."
        ) from error


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0
