"""One source, one process: isolated, with a time limit, ended by its process id."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import tbt_watch
from tbt_watch import errors
from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport, file_digest
from tbt_watch.errors import SourceError
from tbt_watch.store import Store

_GRACE = 15.0
_TAIL = 600


def run_source(source: str, options: CrawlOptions, database: Path, limit: float = 3600.0) -> CrawlReport:
    """Crawl a source in a child process, which writes to ``database`` itself; ``limit`` in seconds.

    Raises what the child's crawl raised (NotFoundError, UsageError, BusyError, StoreError). A child that
    took too long or broke down is an issue in the report: other sources are not held up by it.
    """
    if options.files and not options.fresh and _all_seen(source, options, database):
        return CrawlReport(source=source, unchanged=True)
    told = json.dumps({"source": source, "options": options.to_json(), "database": str(database)})
    child = subprocess.Popen(
        [sys.executable, "-m", "tbt_watch.collect.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        text=True,
        encoding="utf-8",
    )
    try:
        said, noise = child.communicate(told, timeout=limit)
    except subprocess.TimeoutExpired:
        _end(child)
        return _broken(source, "timeout", f"The crawl of {source} was ended after {limit:.0f} seconds.")
    except BaseException:
        _end(child)
        raise
    answer = _answer(said)
    if answer is None:
        last = noise.strip()[-_TAIL:] or "it said nothing"
        return _broken(
            source, "fault", f"The crawl of {source} broke down (exit code {child.returncode}): {last}"
        )
    if "error" in answer:
        raise _error(answer)
    sys.stderr.write(noise)
    return CrawlReport.from_json(answer)


def _all_seen(source: str, options: CrawlOptions, database: Path) -> bool:
    """Whether every file is the one that was last read to its end: then no process is started at all."""
    try:
        digests = {file_digest(path) for path in options.files}
    except SourceError:
        return False  # the child tells it, beside what the other files say
    with Store.open(database) as store:
        return all(store.raw.file_seen(source, digest) for digest in digests)


def _environment() -> dict[str, str]:
    """The child finds this very package and the spiders beside it, wherever it is started."""
    here = str(Path(tbt_watch.__file__).resolve().parent.parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _end(child: "subprocess.Popen[str]") -> None:
    """Ask the child to stop, so that it hands over what it has read; end it when it does not."""
    child.terminate()
    try:
        child.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def _answer(said: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _error(answer: dict[str, Any]) -> errors.TbtWatchError:
    kind = getattr(errors, str(answer["kind"]), errors.SourceError)
    assert issubclass(kind, errors.TbtWatchError)
    return kind(str(answer["error"]))


def _broken(source: str, kind: str, message: str) -> CrawlReport:
    todo = "Run the source again: what was read is kept. If it happens again, tell the maintainers."
    issue = CrawlIssue(source=source, key="", kind=kind, message=message, todo=todo)
    return CrawlReport(source=source, issues=(issue,))
