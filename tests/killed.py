"""The outbox in a process of its own, to be killed: what runs in it, and what starts it."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tbt_watch.deliver import outbox
from tbt_watch.deliver.outbox import Rules
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, Part
from tbt_watch.store import Store

TOKEN = "123456:not-a-real-token"
IN_FLIGHT = 8
PARTS = 3
MARK = "Gửi lại"


def texts(edition: Edition, _dossiers: Sequence[Dossier], _late: frozenset[str], _limit: int) -> list[Part]:
    """Three parts that say what they are."""
    return [Part(number=number, text=f"<b>{edition.id}/{number}</b>") for number in range(1, PARTS + 1)]


def pass_over(path: Path, base_url: str, hours: int) -> None:
    """One pass over the outbox, so many hours later than now: what a killed one left has run out by then."""
    os.environ["NO_PROXY"] = "*"

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    rules = Rules(in_flight=IN_FLIGHT, again={"vi": MARK})
    with Store.open(path) as store, Telegram(TOKEN, base_url=base_url, timeout=60, per_second=300) as bot:
        outbox.run(store, {"telegram": bot}, texts, clock, rules=rules)


class Passes:
    """Starts passes over one store, each forked from a program that has loaded everything and begun nothing."""

    def __init__(self, path: Path, base_url: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, __file__, str(path), base_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def begin(self, hours: int, now: Callable[[], bool] = lambda: False) -> bool:
        """A pass that gets ``kill -9`` as soon as ``now`` says so; whether it was killed before it ended."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{hours}\n".encode())
        self._program.stdin.flush()
        child = int(self._program.stdout.readline())
        while not select.select([self._program.stdout], [], [], 0.001)[0]:
            if now():
                os.kill(child, signal.SIGKILL)
                break
        code = int(self._program.stdout.readline())
        assert code in (0, -signal.SIGKILL), code
        return code != 0

    def close(self) -> None:
        """End the program."""
        self._program.communicate()


def main() -> None:
    """A pass for each line of standard input, which is its hours; says its number, and how it ended."""
    path, base_url = Path(sys.argv[1]), sys.argv[2]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                pass_over(path, base_url, int(line))
                code = 0
            finally:
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
