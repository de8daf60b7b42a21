"""The account of one crawl while it runs: items to the sink in batches, issues, and in the end a report."""

from collections.abc import Callable

from tbt_watch.collect.faults import kind_of, make_issue
from tbt_watch.collect.keep import BATCH, Sink
from tbt_watch.collect.options import CrawlIssue, CrawlReport
from tbt_watch.errors import TbtWatchError
from tbt_watch.source.base import Batch, Downloaded, RawItem, Unchanged, Yielded
from tbt_watch.store.raw import Kept


class Ledger:
    """``stop`` is called when the sink fails: there is no use in reading on. The error is then in ``failure``."""

    def __init__(self, source: str, sink: Sink, stop: Callable[[], None] = lambda: None) -> None:
        self._source = source
        self._sink = sink
        self._stop = stop
        self._pending: list[RawItem] = []
        self._kept = Kept()
        self._items = 0
        self._before_file = 0
        self._unchanged = False
        self._issues: dict[tuple[str, str], CrawlIssue] = {}
        self.downloaded: Downloaded | None = None
        self.failure: TbtWatchError | None = None

    def take(self, item: Yielded) -> None:
        """Take what a spider yielded."""
        if self.failure is not None:
            return
        try:
            self._take(item)
        except TbtWatchError as error:
            self.failure = error
            self._stop()

    def _take(self, item: Yielded) -> None:
        match item:
            case RawItem():
                self._pending.append(item)
            case Batch():
                self._pending.extend(item.items)
            case Unchanged():
                self._unchanged = True
            case Downloaded():
                self._flush()
                self._sink.complete(item.sha256, item.url, self._items - self._before_file)
                self._before_file = self._items
                self.downloaded = item
        if len(self._pending) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        while self._pending:
            batch = self._pending[:BATCH]
            self._kept += self._sink.keep(batch)
            self._items += len(batch)
            del self._pending[:BATCH]

    def issue(self, issue: CrawlIssue) -> None:
        """Take an issue; of several alike the first is kept."""
        self._issues.setdefault((issue.key, issue.kind), issue)

    def unreadable(self, key: str, error: TbtWatchError) -> None:
        """Take an error that ended the reading of a file; what was read of it is handed over."""
        self._flush()
        self._before_file = self._items
        self.issue(make_issue(self._source, key, kind_of(error), str(error)))

    def close(self, expects: tuple[int, int] | None, requests: int = 0) -> CrawlReport:
        """Hand over what is pending and report; ``expects``: how many items there should be.

        Raises what the sink raised.
        """
        if self.failure is None:
            self._flush()
        if self.failure is not None:
            raise self.failure
        if not self._unchanged and not self._issues and expects is not None:
            self._compare(*expects)
        return CrawlReport(
            source=self._source,
            items=self._items,
            new=self._kept.new,
            changed=self._kept.changed,
            same=self._kept.same,
            requests=requests,
            unchanged=self._unchanged and not self._items,
            issues=tuple(self._issues.values()),
        )

    def _compare(self, least: int, most: int) -> None:
        if self._items < max(least, 1):
            kind = "too-few" if self._items else "nothing"
            todo = "Open the source's page: if it shows more, the site has changed; tell the maintainers."
            text = f"{self._source} gave {self._items} items where at least {max(least, 1)} were due."
        elif self._items > most:
            kind = "too-many"
            todo = (
                "Look whether they are right; the envelope should then be raised; else tell the maintainers."
            )
            text = f"{self._source} gave {self._items} items where {most} at most were due; all were kept."
        else:
            return
        self.issue(CrawlIssue(source=self._source, key="", kind=kind, message=text, todo=todo))
