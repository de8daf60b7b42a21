"""Sources that are one workbook: downloaded when it is newer, or read from a file."""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, ClassVar

from scrapy.http import Request, Response

from tbt_watch.domain.symbol import parse_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.errors import SourceError
from tbt_watch.source.base import (
    Batch,
    Downloaded,
    RawItem,
    Source,
    Unchanged,
    Yielded,
    key_from_content,
)
from tbt_watch.source.workbook import WorkbookRow, read_workbook

# Most cells hold one symbol, written as it should be: no need to take it apart a hundred thousand times.
_CANONICAL = re.compile(
    r"G/(?:TBT|SPS)/N/[A-Z]{2,4}/[1-9]\d{0,4}(?:/(?:Rev|Add|Corr|Suppl)\.[1-9]\d{0,2}){0,4}", re.ASCII
)
_BATCH = 500
_NOT_MODIFIED = 304


class WorkbookSource(Source):
    """A workbook of notifications, one row a notifying Member.

    A spider declares ``symbol_column`` and ``member_column`` (together they make the key), ``needs``, and
    ``largest`` and ``patience``: bytes and seconds that the download may take.
    """

    accept = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.5"
    needs: ClassVar[tuple[str, ...]]
    symbol_column: ClassVar[str]
    member_column: ClassVar[str]
    largest: ClassVar[int]
    patience: ClassVar[int]

    def first(self) -> Iterator[Request]:
        """The workbook, on the conditions of the last download."""
        meta = {
            "handle_httpstatus_list": [_NOT_MODIFIED],
            "download_maxsize": self.largest,
            "download_timeout": self.patience,
        }
        yield self.ask(self.address, self.read, meta=meta)

    def read(self, response: Response) -> Iterator[Yielded]:
        """The rows of a downloaded workbook, in batches."""
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == _NOT_MODIFIED or self.seen(digest):
            yield Unchanged(url=response.url)
            return
        items = self._items(io.BytesIO(response.body), response.url)
        for batch in _batches(items):
            yield Batch(items=batch)
        yield Downloaded(
            url=response.url,
            sha256=digest,
            etag=_header(response, "ETag"),
            modified=_header(response, "Last-Modified"),
        )

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The rows of a workbook on disk."""
        return self._items(path, str(path))

    def _items(self, file: BinaryIO | Path, where: str) -> Iterator[RawItem]:
        seen: dict[str, int] = {}
        for row in read_workbook(file, where, self.needs):
            item = self.item(row)
            times = seen[item.key] = seen.get(item.key, 0) + 1
            # Two rows of one symbol and Member are two records, or each would replace the other every night.
            yield item if times == 1 else replace(item, key=f"{item.key}|{times}")

    def item(self, row: WorkbookRow) -> RawItem:
        """One row as it stands: ``cells`` with dates in ISO form, ``links`` where the text is not the address."""
        cells = {name: value if type(value) is str else str(value) for name, value in row.cells.items()}
        links = {name: address for name, address in row.links.items() if address != cells.get(name)}
        url = links.get(self.symbol_column, "").replace("= ", "=").replace(" ", "%20") or self.home
        return RawItem(source=self.name, key=self._key(cells), body={"cells": cells, "links": links}, url=url)

    def _key(self, cells: dict[str, str]) -> str:
        stated = cells.get(self.symbol_column, "").strip()
        if not _CANONICAL.fullmatch(stated):
            symbols, others = parse_symbols(stated)
            stated = ", ".join(
                [symbol.text for symbol in symbols] + sorted(collapse(other) for other in others)
            )
        if not stated:
            return key_from_content(cells)
        return f"{stated}|{collapse(cells.get(self.member_column, ''))}"


def _batches(items: Iterable[RawItem]) -> Iterator[tuple[RawItem, ...]]:
    """Tuples of up to 500. What came before an error is handed on before the error goes up."""
    pending: list[RawItem] = []
    try:
        for item in items:
            pending.append(item)
            if len(pending) == _BATCH:
                yield tuple(pending)
                pending.clear()
    except SourceError:
        if pending:
            yield tuple(pending)
        raise
    if pending:
        yield tuple(pending)


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""
