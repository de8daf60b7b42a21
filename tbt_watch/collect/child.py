"""The process of one crawl: ``python -m tbt_watch.collect.child``, told on standard input what to do.

Standard input: ``{"source", "options", "database"}``. Standard output: the report, or ``{"error", "exit_code"}``
for an error of ours. Exit code 0, or that of the error.
"""

import gc
import json
import sys
from pathlib import Path

from tbt_watch.collect.keep import StoreSink
from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.errors import TbtWatchError
from tbt_watch.store import Store


def collect(source: str, options: CrawlOptions, database: Path) -> CrawlReport:
    """Crawl into a database, unless another process is at the same source. Raises BusyError then."""
    from tbt_watch.collect.crawl import crawl

    with Store.open(database) as store, store.lock(f"collect-{source}"):
        return crawl(source, options, StoreSink(store.raw, source, options.now))


def main() -> int:
    """Read what to do, do it, write how it went."""
    gc.freeze()  # what was imported stays: not to be looked through again and again while rows go by
    told = json.load(sys.stdin)
    try:
        report = collect(told["source"], CrawlOptions.from_json(told["options"]), Path(told["database"]))
    except TbtWatchError as error:
        said = {"error": str(error), "kind": type(error).__name__, "exit_code": error.exit_code}
        json.dump(said, sys.stdout)
        return error.exit_code
    json.dump(report.to_json(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
