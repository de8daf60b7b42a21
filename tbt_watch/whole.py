"""A file is written whole or not at all: what somebody reads beside us is the old one or the new one, never half."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

END = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of ``path`` when the block ends, and is on the disk then.

    Whatever is raised in the block leaves what stood there before. It is written beside ``path`` under a name of its
    own, so that two who write at once do not mix; a killed program leaves that one behind. Raises OSError.
    """
    beside = (
        path.parent / f".{secrets.token_hex(6)}{END}"
    )  # short, for that of ``path`` may be as long as names go
    file = beside.open("xb")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
