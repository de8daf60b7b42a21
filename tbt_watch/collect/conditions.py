"""What makes the next download conditional: what the server said about the file that was read last."""

import json
from collections.abc import Callable
from pathlib import Path

from tbt_watch.source.base import Downloaded
from tbt_watch.whole import whole_file


def remember(memory: Path | None, source: str, file: Downloaded) -> None:
    """Write down what the server said of a file that was read to its end."""
    if memory is None:
        return
    memory.mkdir(parents=True, exist_ok=True)
    said = {"sha256": file.sha256, "etag": file.etag, "modified": file.modified}
    with whole_file(memory / f"{source}.json") as kept:
        kept.write(json.dumps(said).encode("utf-8"))


def conditions(memory: Path | None, source: str, seen: Callable[[str], bool]) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1).

    None of them when the store does not know that file as the last one: "not modified" would then be no answer.
    """
    if memory is None:
        return {}
    try:
        said = json.loads((memory / f"{source}.json").read_text(encoding="utf-8"))
        if not seen(said["sha256"]):
            return {}
        headers = {"If-None-Match": said["etag"], "If-Modified-Since": said["modified"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: value for name, value in headers.items() if isinstance(value, str) and value}
