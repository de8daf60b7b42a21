"""Lists of documents with a page behind each: one page after the other, and gently where pages fail."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from scrapy.http import Request, Response

from tbt_watch.errors import SourceError
from tbt_watch.source.base import RawItem, Yielded
from tbt_watch.source.windowed import WindowedSource

_BROKEN = (404, 410, 500, 502, 503, 504)


class DetailedSource(WindowedSource):
    """A spider says in ``detail_url`` where a record's own page is, in ``detail_of`` what that page states, and in
    ``document`` what item record and page make. A page that fails costs its record nothing but what only the page
    says; when ``patience_for_pages`` of them fail in a row, the rest of the run keeps what the lists say.
    """

    patience_for_pages: ClassVar[int] = 3
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._failed = 0

    def detail_url(self, record: Mapping[str, Any]) -> str:
        """The address of the record's own page."""
        raise NotImplementedError

    def detail_of(self, response: Response) -> Mapping[str, Any]:
        """What the page states. Raises SourceError when it is not the page that was agreed."""
        raise NotImplementedError

    def document(self, record: Mapping[str, Any], detail: Mapping[str, Any] | None, listing: str) -> RawItem:
        """The item of a record; ``detail`` is None where its page failed."""
        raise NotImplementedError

    def first(self) -> Iterator[Request]:
        """The address, asked as the site's own pages ask."""
        yield self.asked(self.ask(self.address, self.read))

    def asked(self, request: Request, body: str | None = None, kind: str = "application/json") -> Request:
        """The request with the spider's ``headers``, as POST when it has a body of that ``kind``."""
        headers = {**request.headers, **self.headers}
        if body is None:
            return request.replace(headers=headers)
        return request.replace(method="POST", body=body, headers={**headers, "Content-Type": kind})

    def documents(
        self, due: Sequence[Mapping[str, Any]], listing: str, more: Request | None
    ) -> Iterator[Yielded]:
        """The request for the first document's page, which goes on with the others and then with ``more``."""
        if due and self._failed < self.patience_for_pages:
            meta, given = {"handle_httpstatus_list": list(_BROKEN)}, {"due": due, "listing": listing}
            url = self.detail_url(due[0])
            yield self.asked(self.ask(url, self.read_detail, meta, (), more=more, **given))
            return
        yield from (self.document(record, None, listing) for record in due)
        if more is not None:
            yield more

    def read_detail(
        self, response: Response, due: Sequence[Mapping[str, Any]], listing: str, more: Request | None
    ) -> Iterator[Yielded]:
        """The item of the first document that is due, and what comes after it."""
        detail, why = None, f"HTTP status {response.status}"
        try:
            detail = None if response.status in _BROKEN else self.detail_of(response)
        except SourceError as error:
            why = str(error)
        self._failed = 0 if detail is not None else self._failed + 1
        yield self.document(due[0], detail, listing)
        yield from self.documents(due[1:], listing, more)
        if self._failed == self.patience_for_pages:
            raise SourceError(
                f"{self._failed} pages of documents failed in a row, the last one {response.url} ({why}): the others "
                "were kept as the lists have them; the next run asks again."
            )
