"""Sources that are a JSON interface with pages."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy.http import Request, Response

from tbt_watch.errors import SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Yielded, key_from_content


def read_json(response: Response, needs: Collection[str] = ()) -> dict[str, Any]:
    """The object that an answer holds.

    Raises SourceError when it is no JSON, no object, or lacks a key of ``needs``.
    """
    return _object(response.body, response.url, needs)


def read_json_list(response: Response) -> list[dict[str, Any]]:
    """The objects of the list that an answer is. Raises SourceError when it is no JSON, or no list of objects."""
    value = _value(response.body, response.url)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise SourceError(
            f"{response.url} answered something other than a JSON list of records: see the address."
        )
    return value


def _value(body: bytes, where: str) -> Any:
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        kind = "an HTML page" if b"html" in start.lower() else "XML"
        raise SourceError(
            f"{where} answered {kind} where JSON was due: open the address to see what the site says."
        )
    try:
        return json.loads(body)
    except ValueError as error:
        raise SourceError(
            f"{where} answered {len(body):,} bytes that are no JSON ({error}): run the source again, and look at "
            "the address if it happens twice."
        ) from error


def _object(body: bytes, where: str, needs: Collection[str]) -> dict[str, Any]:
    value = _value(body, where)
    if not isinstance(value, dict):
        raise SourceError(
            f"{where} answered a JSON {type(value).__name__} where an object was due: see the address."
        )
    missing = [name for name in needs if name not in value]
    if missing:
        raise SourceError(
            f"{where} answered JSON without {', '.join(missing)} (it has {', '.join(list(value)[:8]) or 'nothing'}): "
            "the interface has changed, and the spider must be brought up to date."
        )
    return value


class JsonPagedSource(Source):
    """Pages of records by GET, newest first.

    A spider declares ``page_size``, ``items_key``, ``total_key`` and ``id_key``, says in ``query`` what to ask
    for a page, and in ``check`` how to see that the answer did so. ``other_names`` are addresses of the same
    interface under other names of the site, asked in turn when ``address`` cannot be reached.
    """

    accept = "application/json"
    page_size: ClassVar[int]
    items_key: ClassVar[str]
    total_key: ClassVar[str]
    id_key: ClassVar[str]
    other_names: ClassVar[tuple[str, ...]] = ()

    def query(self, page: int) -> Mapping[str, str | int]:
        """The parameters of a page; pages count from 1."""
        raise NotImplementedError

    def check(self, records: list[dict[str, Any]], where: str) -> None:
        """Raise SourceError when the answer did not do what ``query`` asked."""

    def url_of(self, record: Mapping[str, Any]) -> str:
        """Where a person finds that record."""
        raise NotImplementedError

    def first(self) -> Iterator[Request]:
        """The first page."""
        yield self._page(self.address, 1, 0, ())

    def _page(self, address: str, page: int, taken: int, before: tuple[str, ...]) -> Request:
        query = urlencode(self.query(page))
        others = [f"{other}?{query}" for other in (self.address, *self.other_names) if other != address]
        return self.ask(
            f"{address}?{query}", self.read_page, elsewhere=others, page=page, taken=taken, before=before
        )

    def read_page(
        self, response: Response, page: int, taken: int, before: tuple[str, ...]
    ) -> Iterator[Yielded]:
        """The records of a page, and the request for the next while there should be more."""
        answer = read_json(response, (self.items_key, self.total_key))
        records = self._records(answer, response.url)
        items = [self.item(record) for record in records]
        keys = tuple(item.key for item in items)
        if keys and keys == before:
            raise SourceError(
                f"{response.url} repeated the page before it: the parameter for the page is no longer obeyed, "
                "and the spider must be brought up to date."
            )
        self.check(records, response.url)
        yield from items
        taken += len(items)
        if len(items) >= self.page_size and taken < self._total(answer, response.url):
            yield self._page(response.url.partition("?")[0], page + 1, taken, keys)

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The records of a page that was saved as a file."""
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error
        for record in self._records(_object(body, str(path), (self.items_key,)), str(path)):
            yield self.item(record)

    def item(self, record: Mapping[str, JSON]) -> RawItem:
        """One record as it stands."""
        key = self.key_of(record) or key_from_content(record)
        return RawItem(source=self.name, key=key, body=record, url=self.url_of(record))

    def key_of(self, record: Mapping[str, Any]) -> str:
        """What names the record for ever; empty where it does not say."""
        stated = record.get(self.id_key)
        return "" if stated is None else str(stated)

    def _records(self, answer: Mapping[str, Any], where: str) -> list[dict[str, Any]]:
        records = answer[self.items_key]
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise SourceError(
                f"{where} answered something other than a list of records in {self.items_key}: "
                "the interface has changed, and the spider must be brought up to date."
            )
        return records

    def _total(self, answer: Mapping[str, Any], where: str) -> int:
        total = answer[self.total_key]
        if isinstance(total, bool) or not isinstance(total, int):
            raise SourceError(
                f"{where} answered {total!r} in {self.total_key} where a number was due: "
                "the interface has changed, and the spider must be brought up to date."
            )
        return total
