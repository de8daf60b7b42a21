"""Benchmark: how fast the outbox sends, at Telegram's limit and without one.

Run with ``make bench``; ``TBT_BENCH_DELIVERIES`` takes another number of deliveries (5000 at the limit take three
minutes). Both ways it does all that it does for an office: parts rendered and kept, each claim committed before its
request, each outcome kept. At the limit: against a strict stand-in of the Bot API, in a process of its own, that
answers in 200 ms and refuses what is too fast; the goal is 95 % of 28 a second and no refusal. Without: against one
that answers at once; the goal is 500 a second on two cores. It never fails for being slow.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cast import accept, named, subscriber

from tbt_watch.deliver import outbox
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Button, Edition, EditionItem, Part
from tbt_watch.store import Store

COUNT = int(os.environ.get("TBT_BENCH_DELIVERIES", "1000"))
KEY = "G/SPS/N/EU/1234"
TOKEN = "123456:not-a-real-token"
LINE = (
    '<b>G/SPS/N/EU/1234</b> · Liên minh châu Âu hạ mức dư lượng · <a href="https://tbt.vn/1">Chi tiết</a>\n'
)
BUTTONS = (
    (
        Button(label="Ảnh hưởng đến tôi", action="affected:1"),
        Button(label="Không liên quan", action="irrelevant:1"),
    ),
)


def clock() -> datetime:
    return datetime.now(UTC)


def text(_edition: Edition, _dossiers: Sequence[Dossier], _late: frozenset[str], _limit: int) -> list[Part]:
    """One message of the usual length."""
    return [Part(number=1, text=LINE * 9, buttons=BUTTONS)]


def fill(store: Store, count: int) -> None:
    """An edition for so many subscribers."""
    now = clock()
    accept(store, named(KEY, "EU"), now)
    with store.transaction():
        for chat in range(1, count + 1):
            store.subscribers.save(subscriber(str(chat), channel="telegram"))
    item = EditionItem(notice_key=KEY, version=1, reason="general")
    one = subscriber("1", channel="telegram")
    edition = Edition(kind="daily", audience=one.audience, lang="vi", until=now, items=(item,))
    assert store.editions.compose(edition, now) is not None


@contextmanager
def stand_in(*told: str) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """A stand-in in a process of its own: its address, and, afterwards, what it took."""
    program = [sys.executable, str(Path(__file__).parent.parent / "bot_api.py"), *told]
    took: dict[str, list[float]] = {}
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield child.stdout.readline().strip(), took
        child.stdin.close()
        took.update(json.loads(child.stdout.read() or "{}"))


def measure(count: int, per_second: int, *told: str) -> tuple[float, dict[str, list[float]]]:
    """Deliveries a second, from the first look into the outbox to the last record; and what the stand-in took."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.db") as store:
        fill(store, count)
        with (
            stand_in(*told) as (address, took),
            Telegram(TOKEN, base_url=address, per_second=per_second) as bot,
        ):
            begun = time.perf_counter()
            report = outbox.run(store, {"telegram": bot}, text, clock)
            seconds = time.perf_counter() - begun
        assert report.done == count, report
    return count / seconds, took


def worst(arrivals: Sequence[float]) -> int:
    """The most arrivals in any second."""
    most, first = 0, 0
    for last, at in enumerate(arrivals):
        while arrivals[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> None:
    os.environ["NO_PROXY"] = "*"
    rate, took = measure(COUNT, 28, "0.2", "limits")
    print(
        f"outbox, at the limit, answers in 200 ms: {COUNT} deliveries, {rate:.1f}/s = {rate / 0.28:.1f} % of 28/s"
    )
    print(f"  worst second {worst(took['arrivals'])}, refused {len(took['refused'])} (goals: 95 %, 28, 0)")
    rate, _ = measure(max(COUNT, 3000), 1_000_000, "bare")
    print(f"outbox, without a limit, answers at once: {rate:.0f} deliveries/s (goal: above 500 on 2 cores)")


if __name__ == "__main__":
    main()
