"""The process of one crawl: ``python -m tbt_watch.collect.child``, told on standard input what to do.

Standard input: one line, ``{"source", "options", "database"}``, and then nothing until whoever started us ends: then
we end too. Standard output: lines ``{"progress": items}``, and last the report, or ``{"error", "exit_code"}`` for an
error of ours. Exit code 0, or that of the error.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tbt_watch.collect.keep import StoreSink
from tbt_watch.collect.options import CrawlOptions, CrawlReport
from tbt_watch.errors import TbtWatchError
from tbt_watch.store import Store

_GRACE = 10.0


def collect(
    source: str, options: CrawlOptions, database: Path, progress: Callable[[int], None] = lambda _: None
) -> CrawlReport:
    """Crawl into a database, unless another process is at the same source. Raises BusyError then."""
    from tbt_watch.collect.crawl import crawl

    with Store.open(database) as store, store.lock(f"collect-{source}"):
        sink = StoreSink(store.raw, source, options.now, announce=options.announce, progress=progress)
        return crawl(source, options, sink)


def main() -> int:
    """Read what to do, do it, write how it went."""
    gc.freeze()  # what was imported stays: not to be looked through again and again while rows go by
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, name="lifeline", daemon=True).start()
    try:
        options = CrawlOptions.from_json(told["options"])
        report = collect(told["source"], options, Path(told["database"]), _say_progress)
    except TbtWatchError as error:
        _say({"error": str(error), "kind": type(error).__name__, "exit_code": error.exit_code})
        return error.exit_code
    _say(report.to_json())
    return 0


def end_with_parent() -> None:
    """Wait until nobody holds the other end of our standard input, then stop: an orphan would go on asking a site,
    and keep the source locked. What is under way gets a moment to be handed over."""
    while os.read(0, 64):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)


def _say_progress(items: int) -> None:
    _say({"progress": items})


def _say(said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
