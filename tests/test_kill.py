"""``kill -9`` at random moments while an edition goes out: nobody misses a part, and none is doubled of which the
ledger does not say that its answer was lost. ``make proof`` does it at length."""

import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot_api import BotApi, serving
from cast import accept, named, subscriber
from killed import IN_FLIGHT, MARK, PARTS, Passes

from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.store import Store

KILLS = int(os.environ.get("TBT_KILLS", "8"))
SUBSCRIBERS = int(os.environ.get("TBT_KILL_SUBSCRIBERS", "60"))


def compose(path: Path, number: int) -> None:
    """One more edition for everybody."""
    now = datetime.now(UTC)
    key = f"G/SPS/N/EU/{number}"
    with Store.open(path) as store:
        accept(store, named(key, "EU"), now)
        if not store.subscribers.all():
            with store.transaction():
                for chat in range(1, SUBSCRIBERS + 1):
                    store.subscribers.save(subscriber(str(chat), channel="telegram"))
        item = EditionItem(notice_key=key, version=1, reason="everything")
        audience = subscriber("1").audience
        edition = Edition(kind="daily", audience=audience, lang="vi", until=now, items=(item,))
        assert store.editions.compose(edition, now) is not None


def rows(path: Path, query: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def finish(path: Path, passes: Passes, hours: int) -> None:
    """Let it come to its end as staff would: what was lost twice is sent by hand."""
    for later in range(1, 21):
        assert not passes.begin(hours + later)
        with Store.open(path) as store:
            left = [one for one in store.deliveries.newest(limit=100_000) if one.state != "SENT"]
            for one in left:
                if one.state == "UNCERTAIN" and max(part.lost for part in one.parts) > 1:
                    store.deliveries.resend(one.id, datetime.now(UTC))
        if not left:
            return
    raise AssertionError(f"{len(left)} deliveries never came to an end")


def moment(chance: random.Random, api: BotApi) -> Callable[[], bool]:
    """Some time after so many more requests; in a third of the cases while it still starts and renders."""
    requests = len(api.requests) + (0 if chance.random() < 0.33 else chance.randint(1, 30))
    wait = chance.uniform(0.0, 0.03 if requests > len(api.requests) else 0.5)
    came: list[float] = []

    def now() -> bool:
        if not came and len(api.requests) >= requests:
            came.append(time.monotonic())
        return bool(came) and time.monotonic() - came[0] >= wait

    return now


@pytest.mark.slow
def test_killed_at_any_moment_nobody_misses_a_part(tmp_path: Path) -> None:
    chance, path = random.Random(2026), tmp_path / "store.db"
    kills = editions = hours = flew = 0
    with serving(BotApi(delay=0.02)) as api, closing(Passes(path, api.base_url)) as passes:
        while kills < KILLS:
            if not editions or not rows(path, "SELECT 1 FROM delivery WHERE state <> 'SENT' LIMIT 1"):
                editions += 1
                compose(path, editions)
            hours += 1
            before = len(rows(path, "SELECT 1 FROM part WHERE lost > 0"))
            kills += passes.begin(hours, moment(chance, api))
            (flying,) = rows(path, "SELECT count(*) FROM part WHERE lease_until IS NOT NULL")[0]
            assert flying <= IN_FLIGHT, "more in flight than may be"
            assert before <= len(rows(path, "SELECT 1 FROM part WHERE lost > 0"))
            flew += flying
        finish(path, passes, hours)
        taken = list(api.taken)
    assert api.refused == []
    check(path, editions, taken, flew)


def check(path: Path, editions: int, taken: list[tuple[str, str, int]], flew: int) -> None:
    """What the other side got against what the ledger says."""
    got: Counter[tuple[str, str]] = Counter()
    order: dict[str, list[str]] = {}
    for chat, text, _ in taken:
        name = text.removeprefix(f"<i>{MARK}</i>\n").removeprefix("<b>").removesuffix("</b>")
        got[chat, name] += 1
        if got[chat, name] == 1:
            order.setdefault(chat, []).append(name)
    wanted = [f"{edition}/{part}" for edition in range(1, editions + 1) for part in range(1, PARTS + 1)]
    assert {chat: sorted(names) for chat, names in order.items()} == {
        str(chat): sorted(wanted) for chat in range(1, SUBSCRIBERS + 1)
    }, "somebody misses a part"
    for names in order.values():
        for edition in range(1, editions + 1):
            own = [name for name in names if name.startswith(f"{edition}/")]
            assert own == sorted(own), "parts out of order"
    with Store.open(path) as store:
        ledger = {
            (one.address, f"{one.edition_id}/{part.number}"): part.lost
            for one in store.deliveries.newest(limit=100_000)
            for part in one.parts
        }
    doubled = {name: count - 1 for name, count in got.items() if count > 1}
    assert all(more <= ledger[name] for name, more in doubled.items()), (
        "doubled, and the ledger does not say so"
    )
    assert sum(ledger.values()) <= flew, "more taken for lost than was in flight"
    sys.stderr.write(
        f"{len(ledger)} parts, {flew} in flight at a kill, {sum(doubled.values())} doubled and marked\n"
    )
