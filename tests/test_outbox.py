"""The outbox, against a real store, real files and a real connection."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_api import TOKEN, Answer, serving
from cast import accept, named, subscriber

from tbt_watch.deliver import outbox
from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.message import numbered
from tbt_watch.deliver.outbox import Rules
from tbt_watch.deliver.outcome import BACK_OFF
from tbt_watch.deliver.pretend import Pretend
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Delivery, Edition, EditionItem, Part
from tbt_watch.domain.work import Report
from tbt_watch.errors import DeliveryError, LanguageError
from tbt_watch.store import Store

START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
KEYS = ("G/SPS/N/EU/1234", "G/SPS/N/EU/2")


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


@dataclass
class Parts:
    """A renderer that makes as many parts as there are notices, and counts how often it is asked."""

    asked: list[tuple[int | None, int]] = field(default_factory=list)

    def __call__(
        self, edition: Edition, dossiers: Sequence[Dossier], late: frozenset[str], limit: int
    ) -> Sequence[Part]:
        self.asked.append((edition.id, limit))
        return numbered(f"<b>{item.notice_key}</b> &amp; {limit}" for item in edition.items)


@dataclass
class Says:
    """A channel that answers as told: an error to raise, or None for a message that arrives."""

    name: str = "pretend"
    limit: int = 4096
    by_hand: bool = False
    answers: list[DeliveryError | None] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    then: Callable[[], None] = lambda: None
    pauses: list[float] = field(default_factory=list)

    def permit(self, address: str) -> float:
        return self.pauses.pop(0) if self.pauses else 0.0

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
        self.sent.append((address, part.text))
        self.then()
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        return str(len(self.sent))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fill(store: Store, *addresses: str, keys: Sequence[str] = KEYS, channel: str = "pretend") -> int:
    """One edition of those notices for subscribers at those addresses."""
    for key in keys:
        accept(store, named(key, "EU"), START)
    people = [subscriber(address, channel=channel) for address in addresses]
    for person in people:
        store.subscribers.save(person)
    items = tuple(EditionItem(notice_key=key, version=1, reason="everything") for key in keys)
    edition = Edition(kind="daily", audience=people[0].audience, lang="vi", until=START, items=items)
    number = store.editions.compose(edition, START)
    assert number is not None
    return number


WAIT = Rules(resend=False)
"""A part whose answer was lost waits for a person."""

AGAIN = Rules(again={"vi": "Gửi lại", "en": "Sent again"})


def run(
    store: Store, clock: Clock, *channels: Channel, parts: Parts | None = None, rules: Rules = WAIT
) -> Report:
    named = {channel.name: channel for channel in channels}
    return outbox.run(store, named, parts or Parts(), clock, rules=rules, sleep=lambda _seconds: None)


def only(store: Store) -> Delivery:
    (delivery,) = store.deliveries.newest()
    return delivery


def kinds(store: Store) -> list[str]:
    return sorted(issue.kind for issue in store.issues.open_list())


def test_the_pretend_channel_writes_what_a_person_reads(store: Store, clock: Clock, tmp_path: Path) -> None:
    fill(store, "htx-buoi", "../../etc")
    folder = tmp_path / "messages"
    assert run(store, clock, Pretend(folder)) == Report(stage="deliver", done=2)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.txt"))
    assert files == [
        "%2F..%2Fetc/20261120-070000-1-1.txt",
        "%2F..%2Fetc/20261120-070000-1-2.txt",
        "htx-buoi/20261120-070000-1-1.txt",
        "htx-buoi/20261120-070000-1-2.txt",
    ]
    assert (folder / files[2]).read_text(encoding="utf-8") == "G/SPS/N/EU/1234 & 4096\n"
    assert [part.message_id for part in store.deliveries.get(1).parts] == [
        Path(name).name for name in files[2:]
    ]
    assert not list(folder.rglob("*.part"))
    assert run(store, clock, Pretend(folder)) == Report(stage="deliver")
    assert store.notices.get(KEYS[0])[0].first_sent_at == START


def test_a_folder_that_cannot_be_written_is_no_lost_message(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    fill(store, "a")
    folder = tmp_path / "messages"
    folder.write_text("a file stands here")
    report = run(store, clock, Pretend(folder))
    assert (report.waiting, report.opened, report.notes) == (1, 1, (only(store).why,))
    assert "could not be written" in only(store).why
    assert kinds(store) == ["channel-refused"]
    folder.unlink()
    clock.later(minutes=10)
    assert run(store, clock, Pretend(folder)).done == 1
    assert kinds(store) == []


def test_an_edition_is_rendered_once_and_the_stored_text_is_sent(store: Store, clock: Clock) -> None:
    fill(store, "a", "b")
    parts, channel = Parts(), Says(answers=[DeliveryError("no.", permanent=False)])
    run(store, clock, channel, parts=parts)
    assert parts.asked == [(1, 4096)]
    clock.later(minutes=1)
    assert run(store, clock, channel, parts=Parts()).done == 1
    assert len(channel.sent) == 5
    assert channel.sent.count(("a", "<b>G/SPS/N/EU/1234</b> &amp; 4096")) == 2


def test_parts_go_in_their_order_and_none_before_the_one_above_arrived(store: Store, clock: Clock) -> None:
    fill(store, "a")
    channel = Says(answers=[None, DeliveryError("no.", permanent=False)])
    run(store, clock, channel)
    assert [part.state for part in only(store).parts] == ["SENT", "PENDING"]
    clock.later(minutes=1)
    run(store, clock, channel)
    assert [text.split("<")[1] for _, text in channel.sent] == [
        "b>G/SPS/N/EU/1234",
        "b>G/SPS/N/EU/2",
        "b>G/SPS/N/EU/2",
    ]
    assert only(store).state == "SENT"


def test_the_claim_stands_before_the_send(store: Store, clock: Clock, tmp_path: Path) -> None:
    """Whoever looks at the database while a part is on its way sees that it is."""
    fill(store, "a", keys=KEYS[:1])
    seen = []

    def look() -> None:
        with Store.open(tmp_path / "store.db") as other:
            seen.append(
                (
                    other.deliveries.get(1).attempts,
                    other.deliveries.due(clock()),
                    other.deliveries.claim(1, 1, clock(), 60),
                )
            )

    run(store, clock, Says(then=look))
    assert seen == [(1, [], False)]


def test_a_program_that_ends_while_sending_leaves_the_part_uncertain(store: Store, clock: Clock) -> None:
    fill(store, "a")

    def die() -> None:
        raise SystemExit(1)

    with pytest.raises(SystemExit):
        run(store, clock, Says(then=die))
    channel = Says()
    assert run(store, clock, channel).done == 0  # in flight as far as anybody knows
    clock.later(seconds=outbox.LEASE_SECONDS + 1)
    report = run(store, clock, channel)
    assert (report.done, report.opened, channel.sent) == (0, 1, [])
    assert only(store).state == "UNCERTAIN"
    assert kinds(store) == ["delivery-uncertain"]
    store.deliveries.resend(1, clock())
    assert run(store, clock, channel).done == 1
    assert kinds(store) == []


def test_back_off_then_failed_with_an_issue(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    channel = Says(answers=[DeliveryError("The line is down.", permanent=False) for _ in range(9)])
    tries = []
    for seconds in (0, *BACK_OFF):
        clock.later(seconds=seconds - 1 if seconds else 0)
        run(store, clock, channel)
        clock.later(seconds=1 if seconds else 0)
        run(store, clock, channel)
        tries.append(len(channel.sent))
    assert tries == [1, 2, 3, 4, 5, 6]
    assert only(store).state == "FAILED"
    (issue,) = store.issues.open_list()
    assert issue.kind == "delivery-failed"
    assert "The line is down." in issue.message
    assert "deliveries resend 1" in issue.todo
    clock.later(days=3)
    assert run(store, clock, channel) == Report(stage="deliver")


@pytest.mark.parametrize(
    ("error", "state", "kind"),
    [
        (DeliveryError("x.", permanent=True), "FAILED", ["delivery-failed"]),
        (DeliveryError("x.", permanent=True, blocked=True), "BLOCKED", []),
        (DeliveryError("x.", permanent=False, sent=None), "UNCERTAIN", ["delivery-uncertain"]),
        (DeliveryError("x.", permanent=False), "PENDING", []),
        (DeliveryError("x.", permanent=False, retry_after=90), "PENDING", []),
        (DeliveryError("x.", permanent=True, whole_channel=True), "PENDING", ["channel-refused"]),
    ],
)
def test_each_outcome_is_written_down(
    store: Store, clock: Clock, error: DeliveryError, state: str, kind: list[str]
) -> None:
    fill(store, "a")
    channel = Says(answers=[error])
    report = run(store, clock, channel)
    assert (only(store).state, only(store).why, kinds(store)) == (state, "x.", kind)
    assert len(channel.sent) == 1
    assert report == Report(
        stage="deliver",
        waiting=state == "PENDING",
        failed=state != "PENDING",
        opened=len(kind),
        notes=("x.",) if error.whole_channel else (),
    )
    run(store, clock, channel)
    assert len(channel.sent) == 1  # not again before its time, and never where nobody knows


def test_a_429_waits_as_long_as_it_was_told(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    channel = Says(answers=[DeliveryError("x.", permanent=False, retry_after=90)] * 8)
    for _ in range(8):
        run(store, clock, channel)
        clock.later(seconds=89)
        assert run(store, clock, channel).waiting == 1
        clock.later(seconds=1)
    assert run(store, clock, channel).done == 1  # however often
    assert len(channel.sent) == 9


def test_a_wrong_token_stops_the_channel_not_the_messages(store: Store, clock: Clock) -> None:
    fill(store, *(str(n) for n in range(30)), keys=KEYS[:1])
    refused = DeliveryError("Token refused.", permanent=True, whole_channel=True)
    channel = Says(answers=[refused] * 30)
    report = run(store, clock, channel)
    assert len(channel.sent) <= 8
    assert (report.waiting, report.failed, kinds(store)) == (30, 0, ["channel-refused"])
    clock.later(minutes=10)
    channel.answers.clear()
    assert run(store, clock, channel).done == 30
    assert kinds(store) == []


def test_what_waits_for_a_channel_that_is_off_says_which_key(store: Store, clock: Clock) -> None:
    fill(store, "77", channel="telegram")
    report = run(store, clock, Says())
    assert (report.done, report.waiting, report.failed, kinds(store)) == (0, 1, 0, ["channel-off"])
    assert 'Add "telegram" to channels under [deliver]' in store.issues.open_list()[0].todo
    run(store, clock, Says())
    assert [issue.times for issue in store.issues.open_list()] == [2]
    assert run(store, clock, Says(name="telegram")).done == 1
    assert kinds(store) == []


def test_an_edition_that_cannot_be_written_holds_up_nobody(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])

    class Broken(Parts):
        def __call__(self, *_all: object) -> Sequence[str]:
            raise LanguageError("The catalog has no text for 'x': add it.")

    report = run(store, clock, Says(), parts=Broken())
    assert (report.done, report.waiting, kinds(store)) == (0, 1, ["edition-unreadable"])
    assert run(store, clock, Says()).done == 1
    assert kinds(store) == []


def test_a_chat_that_moved_is_written_to_at_its_new_number(store: Store, clock: Clock) -> None:
    fill(store, "-5", keys=KEYS[:1], channel="telegram")
    channel = Says(name="telegram", answers=[DeliveryError("x.", permanent=False, moved_to="-1005")])
    assert run(store, clock, channel).done == 1
    assert [address for address, _ in channel.sent] == ["-5", "-1005"]
    assert store.subscribers.all()[0].address == "-1005"


def test_leave_is_waited_for_if_it_comes_soon_else_left_to_the_next_run(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    channel = Says(pauses=[0.1, 60.0])
    assert run(store, clock, channel).waiting == 1
    assert (channel.sent, only(store).attempts) == ([], 0)
    channel.pauses = [0.1, 0.1]
    assert run(store, clock, channel).done == 1


def test_many_go_by_telegram_at_28_a_second(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    fill(store, *(str(n) for n in range(1, 61)), keys=KEYS[:1], channel="telegram")
    with serving() as api, Telegram(TOKEN, base_url=api.base_url, timeout=5) as bot:
        api.delay = 0.1  # one at a time this would take six seconds
        api.answers.extend([Answer(403, "Forbidden: bot was blocked by the user"), Answer(cut=True)])
        report = outbox.run(store, {"telegram": bot}, Parts(), clock, rules=WAIT)
        arrivals = sorted(at for _, _, at in api.requests)
    assert (report.done, report.failed, report.waiting) == (58, 2, 0)
    assert len({chat for chat, _ in api.sent()}) == len(api.sent()) == 60
    assert max(sum(start <= at < start + 1 for at in arrivals) for start in arrivals) <= 28
    assert arrivals[-1] - arrivals[0] < 5
    states = sorted(delivery.state for delivery in store.deliveries.newest())
    assert states == ["BLOCKED", *["SENT"] * 58, "UNCERTAIN"]


def test_an_edition_is_made_for_each_length_that_a_channel_takes(store: Store, clock: Clock) -> None:
    store.subscribers.save(subscriber("b", channel="short"))
    fill(store, "a", "c", keys=KEYS[:1])
    parts = Parts()
    assert run(store, clock, Says(), Says(name="short", limit=100), parts=parts).done == 3
    assert sorted(parts.asked) == [(1, 100), (1, 4096)]


def test_what_is_on_its_way_when_the_program_is_told_to_stop_is_written_down(
    store: Store, clock: Clock
) -> None:
    fill(store, "a", "b", keys=KEYS[:1])
    both = threading.Barrier(2)

    class Stopping(Says):
        def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
            both.wait(5)
            if address == "a":
                raise SystemExit(1)
            time.sleep(0.2)
            return "7"

    with pytest.raises(SystemExit):
        run(store, clock, Stopping())
    assert {one.address: one.parts[0].message_id for one in store.deliveries.newest()} == {
        "a": None,
        "b": "7",
    }
