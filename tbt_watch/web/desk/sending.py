"""A file of many lines, sent as it is made."""

from collections.abc import Iterable, Iterator
from itertools import islice

from starlette.responses import Response, StreamingResponse

from tbt_watch.web.desk.room import HEADERS

_TOGETHER = 500
"""Lines that go together: each chunk of an answer costs a turn of the threads."""


def sent(lines: Iterable[str], kind: str, name: str) -> Response:
    """The lines as a file of that media type and name, to be kept by the browser."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_chunks(iter(lines)), media_type=kind, headers=headers)


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    while some := list(islice(lines, _TOGETHER)):
        yield "".join(some)
