"""One source, one process: isolated, with a time limit, ended by its process id."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import tbt_watch
from tbt_watch import errors
from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport, file_digest
from tbt_watch.errors import SourceError
from tbt_watch.store import Store

_GRACE = 15.0
_TAIL = 600


Progress = Callable[[int], None]
"""Is told how many records a crawl has handed over so far."""


def run_source(
    source: str,
    options: CrawlOptions,
    database: Path,
    limit: float = 3600.0,
    progress: Progress = lambda _: None,
) -> CrawlReport:
    """Crawl a source in a child process, which writes to ``database`` itself; ``limit`` in seconds.

    Raises what the child's crawl raised (NotFoundError, UsageError, BusyError, StoreError). A child that
    took too long or broke down is an issue in the report: other sources are not held up by it.
    """
    if options.files and not options.fresh and _all_seen(source, options, database):
        return CrawlReport(source=source, unchanged=True)
    told = {"source": source, "options": options.to_json(), "database": str(database)}
    ended = run_child("tbt_watch.collect.child", told, limit, progress)
    if ended.late:
        return _broken(source, "timeout", f"The crawl of {source} was ended after {limit:.0f} seconds.")
    if ended.answer is None:
        last = ended.noise.strip()[-_TAIL:] or "it said nothing"
        return _broken(source, "fault", f"The crawl of {source} broke down (exit code {ended.code}): {last}")
    if "error" in ended.answer:
        raise error_of(ended.answer)
    sys.stderr.write(ended.noise)
    return CrawlReport.from_json(ended.answer)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a child process ended. ``answer``: the last object that it wrote, if any; ``late``: it took too long;
    ``noise``: what it said on standard error."""

    answer: dict[str, Any] | None
    late: bool
    code: int
    noise: str


_running: set["subprocess.Popen[str]"] = set()


def end_running() -> None:
    """End the crawls of this process, because it ends; each hands over what it has read."""
    for child in tuple(_running):
        _end(child)


def run_child(module: str, told: object, limit: float, progress: Progress = lambda _: None) -> Ended:
    """Run a module as a process, tell it one line of JSON, and hear it to its end.

    Its standard input stays open as long as we live, so that it learns when we are gone.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as noise:
        child = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=noise,
            env=_environment(),
            text=True,
            encoding="utf-8",
        )
        _running.add(child)
        try:
            with _time_limit(child, limit) as late:
                answer = _heard(child, json.dumps(told), progress)
        except BaseException:
            _end(child)
            raise
        finally:
            _running.discard(child)
        noise.seek(0)
        return Ended(answer=answer, late=late.is_set(), code=child.returncode, noise=noise.read())


def _heard(child: "subprocess.Popen[str]", told: str, progress: Progress) -> dict[str, Any] | None:
    """What the child says last; what it says before is how far it has come."""
    assert child.stdin is not None
    assert child.stdout is not None
    answer: dict[str, Any] | None = None
    with child.stdout, child.stdin:
        _tell(child.stdin, told)
        for line in child.stdout:
            said = _object(line)
            if said is not None and "progress" in said:
                progress(int(said["progress"]))
            elif said is not None:
                answer = said
        child.wait()
    return answer


def _tell(stdin: IO[str], told: str) -> None:
    with suppress(BrokenPipeError):  # it ended at once: what it said on standard error tells why
        stdin.write(told + "\n")
        stdin.flush()


@contextmanager
def _time_limit(child: "subprocess.Popen[str]", seconds: float) -> Iterator[threading.Event]:
    """End the child after so many seconds; the event says whether that was needed."""
    late = threading.Event()

    def end() -> None:
        late.set()
        _end(child)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


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
        child.wait(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _object(said: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def error_of(answer: dict[str, Any]) -> errors.TbtWatchError:
    """The error of ours that a child met, as it can be raised here."""
    kind = getattr(errors, str(answer["kind"]), errors.SourceError)
    assert issubclass(kind, errors.TbtWatchError)
    return kind(str(answer["error"]))


def _broken(source: str, kind: str, message: str) -> CrawlReport:
    todo = "Run the source again: what was read is kept. If it happens again, tell the maintainers."
    issue = CrawlIssue(source=source, key="", kind=kind, message=message, todo=todo)
    return CrawlReport(source=source, issues=(issue,))
