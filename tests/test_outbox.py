"""The outbox, against a real store, real files and a real connection."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from bot_api import TOKEN, Answer, serving
from cast import accept, named, subscriber

from tbt_watch import curate
from tbt_watch.deliver import outbox
from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.markup import length, plain
from tbt_watch.deliver.message import numbered
from tbt_watch.deliver.outbox import Rules
from tbt_watch.deliver.outcome import BACK_OFF
from tbt_watch.deliver.pretend import Pretend
from tbt_watch.deliver.rendering import Render
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Button, Delivery, Edition, EditionItem, Part
from tbt_watch.domain.work import Decision, Report
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
    store: Store, clock: Clock, *channels: Channel, parts: Render | None = None, rules: Rules = WAIT
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
    with serving() as api, Telegram(TOKEN, base_url=api.base_url, timeout=30) as bot:
        api.delay = 0.1  # one at a time this would take six seconds
        api.answers.extend([Answer(403, "Forbidden: bot was blocked by the user"), Answer(cut=True)])
        report = outbox.run(store, {"telegram": bot}, Parts(), clock, rules=WAIT)
        arrivals = sorted(at for _, _, at in api.requests)
    assert (report.done, report.failed, report.waiting) == (58, 2, 0)
    assert len({chat for chat, _ in api.sent()}) == len(api.sent()) == 60
    assert max(sum(start <= at < start + 1 for at in arrivals) for start in arrivals) <= 28, arrivals
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


# ── What is done about what went wrong ──────────────────────────────────────────────────────────────────────


def lost() -> DeliveryError:
    return DeliveryError("The answer was lost.", permanent=False, sent=None)


def test_what_was_lost_goes_out_once_more_marked_and_then_never(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    channel = Says(answers=[lost(), lost()])
    report = run(store, clock, channel, rules=AGAIN)
    assert (report.failed, kinds(store), only(store).state) == (1, [], "UNCERTAIN")
    clock.later(minutes=9)
    run(store, clock, channel, rules=AGAIN)
    assert len(channel.sent) == 1
    clock.later(minutes=1)
    run(store, clock, channel, rules=AGAIN)
    assert [text.split("\n")[0] for _, text in channel.sent] == [
        f"<b>{KEYS[0]}</b> &amp; 4085",  # room is kept for the words in front
        "<i>Gửi lại</i>",
    ]
    assert (only(store).parts[0].lost, kinds(store)) == (2, ["delivery-uncertain"])
    clock.later(days=1)
    run(store, clock, channel, rules=AGAIN)
    assert len(channel.sent) == 2
    store.deliveries.resend(1, clock())
    assert run(store, clock, channel, rules=AGAIN).done == 1
    assert channel.sent[2][1].startswith("<i>Gửi lại</i>\n")
    assert kinds(store) == []


def test_a_part_that_was_lost_holds_up_those_behind_it(store: Store, clock: Clock) -> None:
    fill(store, "a")
    channel = Says(answers=[lost()])
    run(store, clock, channel, rules=AGAIN)
    assert [part.state for part in only(store).parts] == ["UNCERTAIN", "PENDING"]
    clock.later(minutes=10)
    assert run(store, clock, channel, rules=AGAIN).done == 1
    assert [part.lost for part in only(store).parts] == [1, 0]
    assert [KEYS[1] in text for _, text in channel.sent] == [False, False, True]


def gone() -> DeliveryError:
    return DeliveryError("Telegram says 'Forbidden'.", permanent=True, blocked=True)


def news(store: Store, clock: Clock, number: int, kind: str = "instant") -> None:
    """One more edition, about a notice of its own, for everybody."""
    key = f"G/SPS/N/EU/{number}"
    accept(store, named(key, "EU"), clock())
    person = store.subscribers.all()[0]
    item = EditionItem(notice_key=key, version=1, reason="everything")
    edition = Edition(kind=kind, audience=person.audience, lang="vi", until=clock(), items=(item,))  # type: ignore[arg-type]
    assert store.editions.compose(edition, clock()) is not None


def test_three_refusals_over_three_days_pause_a_subscriber_with_one_issue(store: Store, clock: Clock) -> None:
    fill(store, "a", "b", keys=KEYS[:1])

    class Blocks(Says):
        def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
            if address == "a":
                raise gone()
            return super().send(address, part, label=label, reply_to=reply_to)

    channel = Blocks()
    for number in range(100, 105):  # five in an hour are still one trouble
        run(store, clock, channel)
        clock.later(minutes=10)
        news(store, clock, number)
    assert store.subscribers.all()[0].pause == ""
    clock.later(days=3)
    report = run(store, clock, channel)
    assert report.opened == 1
    (issue,) = store.issues.open_list()
    assert (issue.kind, issue.key) == ("subscriber-unreachable", "subscriber 1")
    assert "subscribers remove 1" in issue.todo
    assert [one.pause for one in store.subscribers.all()] == ["unreachable", ""]
    news(store, clock, 200)
    assert run(store, clock, channel).done == 1  # the other one still gets everything
    states = {(one.address, one.state) for one in store.deliveries.newest()}
    assert states == {("a", "BLOCKED"), ("b", "SENT")}


def test_who_comes_back_gets_what_is_still_of_use(store: Store, clock: Clock) -> None:
    fill(store, "a", "b", keys=KEYS[:1])  # comments until January
    accept(store, named("G/SPS/N/EU/9", "EU", comment_until=date(2026, 11, 22)), clock())
    short = EditionItem(notice_key="G/SPS/N/EU/9", version=1, reason="everything")
    audience = store.subscribers.all()[0].audience
    store.editions.compose(
        Edition(kind="daily", audience=audience, lang="vi", until=clock(), items=(short,)), clock()
    )
    refuses = Rules(strikes=1, strike_days=0)
    run(store, clock, Says(answers=[gone()] * 1), rules=refuses)
    (paused,) = [one for one in store.subscribers.all() if one.pause == "unreachable"]
    clock.later(days=9)
    news(store, clock, 77)  # while it was away
    run(store, clock, Says())
    assert store.subscribers.revive("pretend", "nobody", clock()) == 0
    assert store.subscribers.revive(paused.channel, paused.address, clock()) == 2
    assert kinds(store) == []
    parts, back = Parts(), Says()
    assert run(store, clock, back, parts=parts).done == 2
    assert {address for address, _ in back.sent} == {paused.address}
    assert sorted(text.split("</b>")[0] for _, text in back.sent) == [f"<b>{KEYS[0]}", "<b>G/SPS/N/EU/77"]
    assert len(parts.asked) == 2  # nothing of them had arrived, so they were written anew


def test_one_success_forgets_the_strikes(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    run(store, clock, Says(answers=[gone()]))
    clock.later(days=4)
    news(store, clock, 50)
    run(store, clock, Says())
    for number in (51, 52):
        news(store, clock, number)
        run(store, clock, Says(answers=[gone()]))
    assert store.subscribers.all()[0].pause == ""


def test_what_was_refused_is_tried_again_when_something_else_arrives(store: Store, clock: Clock) -> None:
    """Rights in a group that were taken and given back, a full mailbox: nobody would write to us because of that."""
    fill(store, "a", keys=KEYS[:1])
    run(store, clock, Says(answers=[gone()]))
    assert only(store).state == "BLOCKED"
    for number in range(50, 60):  # one that is refused for what it says is not tried for ever
        clock.later(hours=2)
        news(store, clock, number)
        run(store, clock, Says())
        run(store, clock, Says(answers=[gone()]))
    assert (store.deliveries.get(1).state, store.deliveries.get(1).attempts) == ("BLOCKED", 5)
    store.subscribers.revive("pretend", "a", clock())
    run(store, clock, Says())
    assert {one.state for one in store.deliveries.newest()} == {"SENT"}
    assert kinds(store) == []


def test_nothing_goes_out_once_more_to_who_left(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    run(store, clock, Says(answers=[DeliveryError("?", permanent=False, sent=None)]), rules=AGAIN)
    store.subscribers.remove(1)
    clock.later(minutes=30)
    assert run(store, clock, Says(), rules=AGAIN) == Report(stage="deliver")
    assert only(store).state == "UNCERTAIN"


@pytest.mark.parametrize("unfit", ["long", "markup", "buttons"])
def test_what_does_not_fit_is_mended_once(
    store: Store, clock: Clock, unfit: Literal["long", "markup", "buttons"]
) -> None:
    """Too long: in parts of half the length; markup or buttons that are refused: without. Nothing is lost by it."""
    fill(store, "a", keys=KEYS[:1])
    words = "một hai. " * 448
    tap = ((Button(label="x", action="why:1:1"),),)

    def written(*_all: object) -> list[Part]:
        return [Part(number=1, text=f"<b>{words}</b>", buttons=tap), Part(number=2, text="ba")]

    refused = DeliveryError("x.", permanent=True, unfit=unfit)
    report = outbox.run(store, {"pretend": Says(answers=[refused])}, written, clock, rules=WAIT)
    assert (report.done, report.failed) == (1, 0)
    *parts, last = only(store).parts
    assert [part.number for part in (*parts, last)] == list(range(1, len(parts) + 2))
    assert last.text == "ba"
    assert "".join(plain(part.text) + " " for part in parts).split() == words.split()
    assert (len(parts) > 1) is (unfit == "long")
    assert all(length(part.text) <= (2048 if unfit == "long" else 4096) for part in parts)
    assert all(part.text.startswith("<b>") is (unfit != "markup") for part in parts)
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [unfit != "buttons"]


@pytest.mark.parametrize("unfit", ["long", "markup", "buttons"])
def test_what_still_does_not_fit_has_failed(
    store: Store, clock: Clock, unfit: Literal["long", "markup", "buttons"]
) -> None:
    fill(store, "a", keys=KEYS[:1])
    channel = Says(answers=[DeliveryError("x.", permanent=True, unfit=unfit) for _ in range(5)])
    run(store, clock, channel)
    assert len(channel.sent) == (2 if unfit == "markup" else 1)
    assert (only(store).state, kinds(store)) == ("FAILED", ["delivery-failed"])


def test_a_chat_that_moves_takes_everything_with_it(store: Store, clock: Clock) -> None:
    """Subscriber, conversation, what is pending; but not the numbers of its messages, which begin anew."""
    fill(store, "-5", keys=KEYS[:1], channel="telegram")
    run(store, clock, Says(name="telegram"))
    store.talks.keep("telegram", "-5", "{}", 3, clock())
    store.subscribers.save(subscriber("-1005", channel="telegram"))
    news(store, clock, 60)
    store.deliveries.move_address("telegram", "-5", "-1005")
    assert {one.address: one.pause for one in store.subscribers.all()} == {"-5": "unreachable", "-1005": ""}
    assert store.talks.get("telegram", "-1005") is not None
    pending = [one for one in store.deliveries.newest() if one.state == "PENDING"]
    assert [one.address for one in pending] == ["-1005"]
    assert store.deliveries.get(1).parts[0].message_id == "-5/1"


# ── Order ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_composed_meanwhile_overtakes_the_digest(store: Store, clock: Clock) -> None:
    fill(store, *(f"{n}" for n in range(100)), keys=KEYS[:1])
    channel = Says()

    def meanwhile() -> None:
        clock.later(milliseconds=40)
        if len(channel.sent) == 20:
            with Store.open(store.path) as other:
                news(other, clock, 911)

    channel.then = meanwhile
    report = outbox.run(store, {"pretend": channel}, Parts(), clock, rules=Rules(in_flight=1))
    assert report.done == 200
    urgent = [place for place, (_, text) in enumerate(channel.sent) if "911" in text]
    assert urgent[0] < 20 + 26 + 1  # within a second
    assert urgent == list(range(urgent[0], urgent[0] + 100))
    assert {address for address, text in channel.sent if "911" in text} == {f"{n}" for n in range(100)}


def test_a_chat_gets_one_thing_at_a_time(store: Store, clock: Clock) -> None:
    fill(store, "a")
    news(store, clock, 60, kind="daily")
    busy = threading.Lock()

    class One(Says):
        def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
            assert busy.acquire(blocking=False)
            time.sleep(0.02)
            busy.release()
            return super().send(address, part, label=label, reply_to=reply_to)

    channel = One()
    assert run(store, clock, channel).done == 2
    assert ["60" in text for _, text in channel.sent] == [False, False, True]


def test_what_follows_answers_the_first_message_about_it(store: Store, clock: Clock) -> None:
    answers: list[tuple[str, str | None]] = []

    class Hears(Says):
        def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
            answers.append((part.text.split("</b>")[0].removeprefix("<b>"), reply_to))
            return super().send(address, part, label=label, reply_to=reply_to)

    channel = Hears()
    fill(store, "a")  # a list of two; the second part is about the second notice
    run(store, clock, channel)
    thread = KEYS[1]
    for key, kind in (
        (f"{thread}/Add.1", "instant"),
        (f"{thread}/Add.2", "correction"),
        ("G/SPS/N/EU/8", "instant"),
    ):
        above = thread if key.startswith(thread) else key
        accept(store, named(key, "EU", thread=above, follows=None), clock())
        item = EditionItem(notice_key=key, version=1, reason="everything")
        person = store.subscribers.all()[0]
        edition = Edition(kind=kind, audience=person.audience, lang="vi", until=clock(), items=(item,))  # type: ignore[arg-type]
        store.editions.compose(edition, clock())
        run(store, clock, channel)
    assert answers == [
        (KEYS[0], None),
        (KEYS[1], None),
        (f"{thread}/Add.1", "2"),
        (f"{thread}/Add.2", "2"),
        ("G/SPS/N/EU/8", None),
    ]


def test_what_a_person_carries_over_is_written_and_never_claimed(store: Store, clock: Clock) -> None:
    fill(store, "a")
    channel = Says(by_hand=True)
    assert run(store, clock, channel).waiting == 1
    assert (channel.sent, only(store).attempts, len(only(store).parts)) == ([], 0, 2)
    assert only(store).state == "PENDING"


def test_who_is_paused_is_sent_nothing_until_it_ends(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1])
    person = store.subscribers.all()[0]
    store.subscribers.save(replace(person, pause="asked"))
    channel = Says()
    assert run(store, clock, channel).waiting == 1
    store.subscribers.save(replace(person, pause=""))
    assert run(store, clock, channel).done == 1


def test_a_line_that_is_down_uses_up_no_attempts(store: Store, clock: Clock) -> None:
    fill(store, *(f"{n}" for n in range(20)), keys=KEYS[:1])
    down = DeliveryError("Telegram could not be reached.", permanent=False, whole_channel=True)
    for _ in range(200):
        run(store, clock, Says(answers=[down] * 20))
        clock.later(minutes=10)
    assert {one.state for one in store.deliveries.newest()} == {"PENDING"}
    assert run(store, clock, Says()).done == 20
    assert kinds(store) == []


def test_what_waits_for_more_than_a_day_is_named(store: Store, clock: Clock) -> None:
    fill(store, "a", keys=KEYS[:1], channel="zalo")
    by_hand = Says(name="zalo", by_hand=True)
    run(store, clock, by_hand)
    clock.later(hours=25)
    assert run(store, clock, by_hand).opened == 1
    assert run(store, clock, by_hand).opened == 0
    (issue,) = store.issues.open_list()
    assert (issue.kind, issue.key) == ("deliveries-late", "waiting zalo")
    assert "deliveries list --state pending --channel zalo" in issue.todo
    store.deliveries.sent({(1, 1): "x"}, clock())
    run(store, clock, by_hand)
    assert kinds(store) == []


@pytest.mark.parametrize("minutes", [1, 0])
def test_whoever_gets_a_text_from_before_an_amendment_is_known(
    store: Store, clock: Clock, minutes: int
) -> None:
    """A fact is mended while a long edition goes out: every wrong text is found again, also those that were handed
    over, or written into the store, after the amendment."""
    fill(store, *(f"a{number}" for number in range(250)), keys=KEYS[:1])
    (item,) = store.notices.get(KEYS[0])
    clock.later(minutes=1)

    def mend() -> None:
        channel.then = lambda: None
        clock.later(seconds=1)
        curate.amend_field(store, item, "comment_until", "2027-01-31", "Lan", clock())
        clock.later(seconds=1, minutes=minutes)

    def days(
        _edition: Edition, dossiers: Sequence[Dossier], _late: frozenset[str], _limit: int
    ) -> Sequence[Part]:
        return numbered([f"{dossiers[0].notice.comment_until}"])

    channel = Says(then=mend)
    run(store, clock, channel, parts=days, rules=Rules(resend=False, in_flight=1))
    accepted = Decision(state="accepted", by="policy", at=clock())
    (found,) = store.notices.get(KEYS[0])
    store.notices.translated({found.id: ()}, clock())
    store.tags.keep({found.id: item.tags}, [found])
    store.notices.decide(found.id, accepted, found.version)
    wrong = {address for address, text in channel.sent if text != "2027-01-31"}
    (amended,) = store.editions.amended(START)
    told = {number for some in amended.readers.values() for number in some}
    assert {one.address for one in store.subscribers.all() if one.id in told} == wrong
    assert len(wrong) == (100 if minutes else 250)
