"""Where items go: a sink, and the one that hands them to the store."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tbt_watch.domain.moment import aware
from tbt_watch.domain.work import RawRecord
from tbt_watch.store.raw import Kept, RawRoom

if TYPE_CHECKING:
    from tbt_watch.source.base import RawItem

BATCH = 500
_READABLE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_ESCAPED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


class Sink(Protocol):
    """What takes the items of one source."""

    def keep(self, items: Sequence["RawItem"]) -> Kept:
        """Take up to 500 items; how many are new, changed, or the same."""

    def seen(self, sha256: str) -> bool:
        """Whether the file that was last read to its end is this one."""

    def complete(self, sha256: str, name: str, items: int) -> None:
        """Note that a file was read to its end."""


class StoreSink:
    """Keeps items in the store. ``now`` is the moment at which they count as fetched; ``announce``: what is late goes
    out once; ``progress`` is told after each batch how many items there were so far."""

    def __init__(
        self,
        raw: RawRoom,
        source: str,
        now: datetime,
        *,
        announce: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._raw = raw
        self._source = source
        self._now = aware(now, "now")
        self._announce = announce
        self._progress = progress
        self._items = 0

    def keep(self, items: Sequence["RawItem"]) -> Kept:
        """Hand a batch to the store. Raises StoreError."""
        kept = self._raw.keep([raw_record(item, self._now) for item in items], announce=self._announce)
        self._items += len(items)
        self._progress(self._items)
        return kept

    def seen(self, sha256: str) -> bool:
        """Whether the file that was last read to its end is this one."""
        return self._raw.file_seen(self._source, sha256)

    def complete(self, sha256: str, name: str, items: int) -> None:
        """Note that a file was read to its end."""
        self._raw.file_kept(self._source, sha256, name, items, self._now)


def raw_record(item: "RawItem", now: datetime) -> RawRecord:
    """The item as the store keeps it: its body as JSON with sorted keys, so that the same says the same."""
    text = _READABLE.encode(item.body)
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair, as broken sources print them: kept, as an escape.
        text = _ESCAPED.encode(item.body)
        content = text.encode("ascii")
    return RawRecord(
        source=item.source,
        key=item.key,
        url=item.url,
        fetched_at=now,
        body=text,
        hash=hashlib.sha256(content).hexdigest(),
    )
