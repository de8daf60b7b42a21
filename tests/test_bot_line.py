"""The conversation over a real connection, against a stand-in of the Bot API that refuses what Telegram refuses.

Every request is held against the Bot API's schema and lengths (``bot_rules``); one that does not fit fails its test."""

import logging
import random
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from bot_rules import Limits
from bot_updates import TOKEN, Chats, Refusal, chatting
from desk import Desk as Office
from desk import sampled

from tbt_watch.app import App, open_app, sample_config
from tbt_watch.bot import talking
from tbt_watch.bot.commands import commands
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.handling import Handling
from tbt_watch.bot.line import Line
from tbt_watch.bot.loop import Conversation
from tbt_watch.bot.nouns import CHANNEL
from tbt_watch.bot.trouble import CONVERSATION
from tbt_watch.config import Config, TelegramSettings, load_config
from tbt_watch.deliver.pace import Pace
from tbt_watch.errors import StoreError
from tbt_watch.sample import sample_now

addresses = count(9_000)
NZL = "G/SPS/N/NZL/784"


@pytest.fixture
def chats(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chats]:
    monkeypatch.setenv("NO_PROXY", "*")
    with chatting() as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sampled(tmp_path_factory).folder / "sample-run"


@pytest.fixture
def app(folder: Path) -> Iterator[App]:
    with open_app(sample_config(load_config(None, {}), folder), sample_now) as opened:
        yield opened


@pytest.fixture
def me() -> str:
    return str(next(addresses))


class Leave(Pace):
    """Counts for whom leave was asked, and lets a chat be written to again at once."""

    def __init__(self) -> None:
        super().__init__(time.monotonic, chat=0.005)
        self.asked: list[str] = []
        self.done: list[str] = []

    def permit(self, address: str) -> float:
        self.asked.append(address)
        return super().permit(address)

    def answered(self, address: str, *, arrived: bool = True) -> None:
        self.done.append(address)
        super().answered(address, arrived=arrived)


@contextmanager
def conversation(app: App, chats: Chats, token: str = TOKEN) -> Iterator[Leave]:
    """The loop at work; what Telegram refused of ours fails the test."""
    leave = Leave()
    line = partial(Line, token, chats.base_url, timeout=20, patience=1)
    talk = Conversation(
        line, leave, Handling(desk=Desk(app=app)), commands(app.language), pauses=(0.02, 0.05, 0.1)
    )
    talk.start()
    try:
        yield leave
    finally:
        talk.stop()
        assert chats.faults == []
        assert {one.name for one in threading.enumerate()}.isdisjoint({"conversation"})


def shows(chats: Chats, me: str, text: str) -> Callable[[], bool]:
    return lambda: bool(chats.messages.get(me)) and text in chats.last(me).text


def quiet(app: App, chats: Chats) -> Callable[[], bool]:
    """All was handled, and all that was to be said is known as said."""
    return lambda: not chats.updates and not app.store.talks.waiting(CHANNEL)


def journey(chats: Chats, me: str, steps: Sequence[tuple[str, str, str]]) -> None:
    """Type ("/…" or words) or tap, and wait for what is to be seen."""
    for way, what, seen in steps:
        if way == "type":
            chats.types(me, what)
        else:
            chats.taps(me, what)
        chats.until(shows(chats, me, seen))


STEPS = (
    ("type", "/start", "Bước 1/4"),
    ("tap", "Rau quả tươi", "Sản phẩm: rau quả tươi"),
    ("tap", "Tiếp tục", "Bước 2/4"),
    ("type", "New Zealand", "Thị trường: New Zealand"),
    ("tap", "Tiếp tục", "Bước 3/4"),
    ("tap", "Tiếp tục", "Bước 4/4"),
    ("tap", "Hằng ngày lúc", "Đăng ký này có 1 tin trong 90 ngày qua"),
    ("tap", "Lưu", "Đã lưu đăng ký"),
)


def test_from_start_to_saved_over_the_line(app: App, chats: Chats, me: str) -> None:
    with conversation(app, chats) as leave:
        journey(chats, me, STEPS)
        chats.until(quiet(app, chats))
    assert app.store.subscribers.at(CHANNEL, me) is not None
    spoken = sum(method in ("sendMessage", "editMessageText") for method, _ in chats.requests)
    assert leave.asked.count(me) >= spoken  # leave was asked for every one
    assert leave.done == [me] * spoken
    assert sum(method == "answerCallbackQuery" for method, _ in chats.requests) == 6
    assert [one["command"] for one in chats.commands[""]] == [one["command"] for one in chats.commands["en"]]
    assert chats.commands[""][0]["description"] == "tin mới nhất dành cho anh/chị"


@pytest.mark.parametrize("ended", range(1, len(STEPS)))
def test_the_service_ends_and_begins_at_any_step(app: App, chats: Chats, me: str, ended: int) -> None:
    """It ends with an answer written down and not said: the line was cut at that moment."""
    with conversation(app, chats):
        journey(chats, me, STEPS[:ended])
        chats.until(quiet(app, chats))
        cut = [Refusal(cut=True) for _ in range(100)]
        chats.refuse = {"sendMessage": deque(cut), "editMessageText": deque(cut)}
        way, what, seen = STEPS[ended]
        (chats.types if way == "type" else chats.taps)(me, what)
        chats.until(lambda: bool(Handling(desk=Desk(app=app)).waiting()))
    chats.refuse = {}
    with conversation(app, chats):
        chats.until(shows(chats, me, seen))
        journey(chats, me, STEPS[ended + 1 :])
    person = app.store.subscribers.at(CHANNEL, me)
    assert person
    assert [one.criteria.markets for one in person.subscriptions] == [("NZL",)]


def test_an_update_that_comes_again_is_answered_once(app: App, chats: Chats, me: str) -> None:
    with conversation(app, chats):
        journey(chats, me, STEPS[:1])
        chats.until(lambda: not chats.updates)  # and no longer: what is on its way at the end is written down
    with chats.lock:
        chats.updates.append({"update_id": chats.number, "message": {
            "message_id": 1, "chat": chats.chat(me), "from": {"id": int(me)}, "text": "/start"}})  # fmt: skip
    with conversation(app, chats):
        chats.until(lambda: not chats.updates)
        journey(chats, me, STEPS[1:2])
    assert len(chats.messages[me]) == 1


def test_a_message_that_is_arriving_at_the_end_is_known_as_said(app: App, chats: Chats, me: str) -> None:
    chats.slow = 0.3
    with conversation(app, chats):
        chats.types(me, "/start")
        chats.until(lambda: bool(chats.messages.get(me)))
    with conversation(app, chats):
        chats.until(quiet(app, chats))
    assert len(chats.messages[me]) == 1


def test_many_at_once_are_all_answered(app: App, chats: Chats) -> None:
    """What is written while the answer before it is on its way is answered too."""
    people = [str(next(addresses)) for _ in range(12)]
    with conversation(app, chats):
        for _ in range(6):
            for one in people:
                chats.types(one, "/trogiup")
        chats.until(lambda: all(len(chats.messages.get(one, [])) == 6 for one in people))
    assert Handling(desk=Desk(app=app)).waiting() == []


def test_what_an_update_may_hold_stops_nobody(app: App, chats: Chats, me: str) -> None:
    strange: list[dict[str, object]] = [
        {}, {"message": None}, {"message": []}, {"message": {"chat": {"id": "x"}, "text": 1}},
        {"message": {"chat": {"id": True}}}, {"poll": {"id": 1}}, {"callback_query": {"data": 5}},
        {"callback_query": {"id": "1", "data": "m:list"}}, {"my_chat_member": {"chat": {"id": 1}}},
        {"message": {"chat": {"id": int(me), "type": "private"}, "text": "\ud800 half"}},
        {"purchased_paid_media": {}}, {"edited_message": {"chat": {"id": 5, "type": "private"}, "text": "x"}},
        {"message": {"chat": {"id": int(me), "type": "private"}, "sticker": {"emoji": "🍌"}}},
    ]  # fmt: skip
    with conversation(app, chats):
        for update in strange:
            chats.happens(**update)
        journey(chats, me, STEPS[:1])
    assert len(chats.messages[me]) == 3


def test_a_fault_of_ours_stops_nobody(
    app: App, chats: Chats, me: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handle, broken = (
        Handling.handle,
        [ZeroDivisionError("ours"), StoreError("The disk is full: free some space.")],
    )

    def sometimes(self: Handling, event: object) -> None:
        if broken:
            raise broken.pop(0)
        handle(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(Handling, "handle", sometimes)
    with conversation(app, chats):
        chats.types(me, "/tin")  # falls to the fault of ours
        journey(chats, me, STEPS[:1])  # waits for room on the disk
    assert len(chats.messages[me]) == 1
    assert any("could not be answered" in line for line in caplog.messages)
    assert "The disk is full: free some space." in caplog.messages


# ── The line ────────────────────────────────────────────────────────────────────────────────────────────


def told(app: App) -> set[str]:
    return {one.kind for one in app.store.issues.open_list() if one.source == CONVERSATION}


def test_a_token_that_is_refused_is_said_once_and_never_shown(
    app: App, chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    for token in ("1:revoked", "no token\nat all"):
        with caplog.at_level(logging.DEBUG), conversation(app, chats, token=token):
            chats.until(lambda: told(app) == {"bot-refused"})
        assert "no token" not in caplog.text
    assert "1:revoked" not in caplog.text
    assert [line for line in caplog.messages if line.startswith("Telegram refuses our token")][1:] == []
    with conversation(app, chats):
        chats.until(lambda: not told(app))


def test_another_program_at_the_same_bot_is_said(app: App, chats: Chats, me: str) -> None:
    text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    chats.refuse = {"getUpdates": deque([Refusal(409, text)])}
    with conversation(app, chats):
        chats.until(lambda: told(app) == {"bot-conflict"})
        journey(chats, me, STEPS[:1])
        chats.until(lambda: not told(app))


def test_a_line_that_is_down_is_tried_again_and_said_after_a_while(app: App, chats: Chats, me: str) -> None:
    chats.refuse = {
        "getMe": deque([Refusal(502, "Bad Gateway")]),
        "getUpdates": deque([Refusal(cut=True), Refusal(500, "Internal Server Error"), Refusal(cut=True)]),
        "sendMessage": deque([Refusal(cut=True), Refusal(502, "Bad Gateway")]),
    }
    with conversation(app, chats):
        chats.until(lambda: told(app) == {"bot-unreachable"})
        journey(chats, me, STEPS[:2])
        chats.until(lambda: not told(app))


def test_a_429_is_waited_for(app: App, chats: Chats, me: str) -> None:
    wait = Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
    chats.refuse = {"sendMessage": deque([wait]), "getUpdates": deque([wait])}
    with conversation(app, chats):
        journey(chats, me, STEPS[:1])
    assert len(chats.messages[me]) == 1


def test_who_blocks_in_the_middle_is_not_written_to_again(app: App, chats: Chats, me: str) -> None:
    with conversation(app, chats):
        journey(chats, me, STEPS)
        chats.refuse = {"sendMessage": deque([Refusal(403, "Forbidden: bot was blocked by the user")])}
        chats.types(me, "/tin")
        chats.until(lambda: paused(app, me) == "unreachable")
        assert Handling(desk=Desk(app=app)).waiting() == []
        chats.types(me, "/start")  # and is back
        chats.until(lambda: paused(app, me) == "")
        chats.happens(my_chat_member=membership(chats, me, "member", "kicked"))
        chats.until(lambda: paused(app, me) == "unreachable")


def membership(chats: Chats, address: str, before: str, after: str) -> dict[str, object]:
    """The bot was let in or put out."""
    old, new = ({"user": {"id": 123456}, "status": status} for status in (before, after))
    return {"chat": chats.chat(address), "old_chat_member": old, "new_chat_member": new}


def paused(app: App, me: str) -> str:
    person = app.store.subscribers.at(CHANNEL, me)
    return person.pause if person else "?"


def test_messages_that_are_gone_or_the_same(app: App, chats: Chats, me: str) -> None:
    with conversation(app, chats):
        journey(chats, me, STEPS[:2])
        page = chats.last(me)
        chats.taps(me, "Trang 1/")  # the same page again: Telegram says that nothing changed
        chats.until(quiet(app, chats))
        chats.messages[me] = []
        chats.taps(me, "›", at=page)  # the person deleted it meanwhile: it comes anew
        chats.until(shows(chats, me, "Bước 1/4"))
    assert len(chats.messages[me]) == 1


def test_who_may_change_a_group_and_could_not_be_asked_is_told_so(app: App, chats: Chats) -> None:
    group, boss = "-4712", 42
    chats.kinds, chats.admins = {group: "group"}, {(group, boss)}
    with conversation(app, chats):
        chats.happens(my_chat_member=membership(chats, group, "left", "member"))
        chats.until(shows(chats, group, "Kính chào cả nhóm"))
        chats.refuse = {"getChatMember": deque([Refusal(502, "Bad Gateway")])}
        chats.taps(group, "Chọn nội dung", person=boss)
        chats.until(
            lambda: any(note.startswith("Hiện chưa xác định được qua Telegram") for note in chats.notes)
        )
        chats.taps(group, "Chọn nội dung", person=boss)
        chats.until(shows(chats, group, "Bước 1/4"))
    assert not any("Chỉ quản trị viên" in note for note in chats.notes)


def test_a_group_asks_who_may_and_moves(app: App, chats: Chats) -> None:
    group, new, boss = "-4711", "-1004711", 42
    chats.kinds = {group: "group", new: "supergroup"}
    chats.admins = {(group, boss)}
    with conversation(app, chats):
        chats.happens(my_chat_member=membership(chats, group, "left", "member"))
        chats.until(shows(chats, group, "Kính chào cả nhóm"))
        chats.taps(group, "Chọn nội dung", person=43)
        chats.until(lambda: "Chỉ quản trị viên của nhóm mới được thay đổi đăng ký." in chats.notes)
        chats.taps(group, "Chọn nội dung", person=boss)
        chats.until(shows(chats, group, "Bước 1/4"))
        chats.types(group, "cà phê", person=boss)  # people talk to each other: not to us
        chats.types(group, "/tim@another_bot x", person=boss)
        answer = {"reply_to_message": {"message_id": 1, "from": {"id": 123456}}}
        chats.types(group, "chuối", person=boss, **answer)
        chats.until(shows(chats, group, "Đã hiểu"))
        moved = Refusal(
            400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": int(new)}
        )
        chats.refuse = {"editMessageText": deque([moved])}
        chats.taps(group, "Tiếp tục", person=boss)
        chats.until(lambda: new in chats.messages)
    talk = app.store.talks.get(CHANNEL, new)
    assert talk
    assert "chuối" in talk.state
    assert "cà phê" not in talk.state


def test_ten_thousand_letters_and_markup_in_every_field(app: App, chats: Chats, me: str) -> None:
    nasty = "<b>&amp;</i> '; DROP TABLE subscriber; -- " * 300
    with conversation(app, chats):
        for number, text in enumerate(
            (nasty, f"/tim {nasty}", f"/theodoi {nasty}", "/vuongmac", nasty, f"/start {nasty[:60]}")
        ):
            chats.types(me, text)
            chats.until(lambda least=number + 1: len(chats.messages.get(me, [])) >= least)
    assert app.store.subscribers.all()


# ── With the rest of the house ──────────────────────────────────────────────────────────────────────────


def test_an_edition_arrives_and_every_button_under_it_is_tapped(folder: Path, chats: Chats, me: str) -> None:
    from tbt_watch import pipeline

    config = with_telegram(sample_config(load_config(None, {}), folder), chats)
    chats.limits = Limits()
    with open_app(config, sample_now) as app, talking(app):
        journey(chats, me, STEPS)
        person = app.store.subscribers.at(CHANNEL, me)
        assert person
        _, notice = composed(app, me)
        pipeline.deliver(app)
        chats.until(shows(chats, me, NZL))
        message = chats.last(me)
        assert [one["text"] for row in message.buttons for one in row] == [
            "Ảnh hưởng đến tôi", "Không liên quan", "Theo dõi", "Vì sao tôi nhận tin này?",
        ]  # fmt: skip
        for label, seen in (
            ("Ảnh hưởng", "ảnh hưởng đến anh/chị"),
            ("Không liên quan", "không liên quan, vì:"),
            ("Theo dõi", f"Anh/chị đang theo dõi {NZL}"),
            ("Vì sao", "vì theo dõi lĩnh vực “rau quả tươi”"),
        ):
            chats.taps(me, label, at=message)
            chats.until(shows(chats, me, seen))
        assert app.store.taps.of(person.id or 0, notice) == {"irrelevant"}
        assert app.store.taps.counts([notice])[notice].following == 1
    assert chats.faults == []


PROGRAM = """
import sys, threading
from dataclasses import replace
from pathlib import Path
from tbt_watch.app import open_app, sample_config
from tbt_watch.bot import talking
from tbt_watch.config import TelegramSettings, load_config
from tbt_watch.sample import sample_now

folder, address, token = sys.argv[1:]
config = sample_config(load_config(None, {}), Path(folder))
telegram = TelegramSettings(base_url=address, token=token)
config = replace(config, deliver=replace(config.deliver, channels=("telegram",), telegram=telegram))
with open_app(config, sample_now) as app, talking(app):
    threading.Event().wait()
"""


@pytest.mark.slow
def test_killed_again_and_again_it_ends_where_it_should(folder: Path, chats: Chats, me: str) -> None:
    """The whole journey while the program is killed (SIGKILL) at random moments; the person only waits and taps."""
    chance = random.Random(29)
    whole, done = list(STEPS), 0
    while done < len(whole):
        child = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), chats.base_url, TOKEN])
        try:
            asked = len(chats.requests)
            chats.until(lambda before=asked: len(chats.requests) > before, 60)
            end = time.monotonic() + chance.uniform(0.0, 0.8)
            while time.monotonic() < end and done < len(whole):
                done += went(chats, me, whole[done], end)
        finally:
            child.kill()
            child.wait()
    with open_app(sample_config(load_config(None, {}), folder), sample_now) as app:
        person = app.store.subscribers.at(CHANNEL, me)
    assert person
    assert [one.as_json() for one in person.subscriptions] == [
        {"frequency": "daily", "markets": ["NZL"], "sectors": ["fresh-produce"]}
    ]
    assert chats.faults == []


_begun: dict[str, tuple[str, str, str]] = {}


def went(chats: Chats, me: str, step: tuple[str, str, str], end: float) -> bool:
    """Do a step once, and wait until it is answered, or until that moment."""
    way, what, seen = step
    if _begun.get(me) != step:
        (chats.types if way == "type" else chats.taps)(me, what)
        _begun[me] = step
    while time.monotonic() < end:
        if shows(chats, me, seen)():
            return True
        time.sleep(0.01)
    return False


def composed(app: App, me: str) -> tuple[int, int]:
    """An edition with one notice for that chat."""
    from tbt_watch.domain.edition import Edition, EditionItem

    person = app.store.subscribers.at(CHANNEL, me)
    assert person
    item = EditionItem(notice_key=NZL, version=1, reason="sector:fresh-produce")
    made = Edition(kind="instant", audience=person.audience, lang="vi", until=sample_now(), items=(item,))
    number = app.store.editions.compose_for(made, [person.id or 0], sample_now())
    assert number
    return number, app.store.notices.get(NZL)[0].id


def with_telegram(config: Config, chats: Chats, token: str = TOKEN) -> Config:
    settings = TelegramSettings(base_url=chats.base_url, token=token)
    return replace(config, deliver=replace(config.deliver, channels=("telegram",), telegram=settings))


def test_the_service_talks_while_it_runs(tmp_path: Path, chats: Chats, me: str) -> None:
    from tbt_watch import scheduler

    config = with_telegram(load_config(Office(tmp_path).folder / "config.toml", {}), chats)
    with open_app(config, sample_now) as app:
        stop = threading.Event()
        serving = threading.Thread(target=scheduler.serve, args=(app, stop))
        serving.start()
        try:
            journey(chats, me, STEPS[:2])
        finally:
            stop.set()
            serving.join(120)
        assert not serving.is_alive()


def test_the_service_goes_on_without_a_token(
    tmp_path: Path, chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    from tbt_watch import scheduler

    config = with_telegram(load_config(Office(tmp_path).folder / "config.toml", {}), chats, token="")
    with open_app(config, sample_now) as app:
        stop = threading.Event()
        serving = threading.Thread(target=scheduler.serve, args=(app, stop))
        serving.start()
        try:
            chats.until(lambda: "tag" in app.store.runs.last())
        finally:
            stop.set()
            serving.join(120)
    assert any("there is no token" in line for line in caplog.messages)
    assert chats.requests == []


def test_without_telegram_nothing_listens(app: App) -> None:
    with talking(app):
        assert {one.name for one in threading.enumerate()}.isdisjoint({"conversation"})


def test_status_and_doctor_say_what_is_wrong(tmp_path_factory: pytest.TempPathFactory, chats: Chats) -> None:
    office: Office = sampled(tmp_path_factory)
    with (
        open_app(sample_config(load_config(None, {}), office.folder / "sample-run"), sample_now) as app,
        conversation(app, chats, token="1:revoked"),
    ):
        chats.until(lambda: told(app) == {"bot-refused"})
    status = office.typed("status", "--sample", "--lang", "vi")
    assert "Telegram từ chối mã truy cập của bot" in status.out
    assert office.typed("status", "--sample", "--json").records[0]["conversation"] == ["bot-refused"]
    doctor = office.typed("doctor", "--sample", "--lang", "en")
    assert "✗ Telegram refuses our token" in doctor.out
