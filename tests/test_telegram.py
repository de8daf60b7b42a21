"""The Telegram channel over a real connection to a stand-in of the Bot API."""

import csv
import io
import json
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from bot_api import TOKEN, Answer, BotApi, serving
from bot_rules import Schema, full_schema, short_schema
from conftest import SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from tbt_watch.deliver.pace import Pace
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.edition import Button, Part
from tbt_watch.errors import DeliveryError

TEXT = '<b>Tin &amp; mới</b> · <a href="https://a.vn/?x=1&amp;y">Chi tiết</a>'
PART = Part(number=1, text=TEXT)


@pytest.fixture(scope="session")
def schema() -> Schema:
    """The whole Bot API where the reference folder is there, else what we use of it."""
    full = SHARED / "delivery" / "bot_api.json"
    return full_schema(full) if full.exists() else short_schema()


@pytest.fixture
def api(schema: Schema) -> Iterator[BotApi]:
    """A stand-in; what its schema refuses is our fault in every test."""
    with serving(BotApi(schema=schema)) as server:
        yield server
        assert server.refused == []


@pytest.fixture
def bot(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Telegram(TOKEN, base_url=api.base_url, timeout=30) as channel:
        yield channel


def fault(bot: Telegram, api: BotApi, *answers: Answer) -> DeliveryError:
    api.answers.extend(answers)
    with pytest.raises(DeliveryError) as caught:
        bot.send("77", PART, label="test")
    assert TOKEN not in str(caught.value)
    return caught.value


def test_a_message_goes_out_as_the_bot_api_asks(bot: Telegram, api: BotApi) -> None:
    buttons = (
        (
            Button(label="Ảnh hưởng đến tôi", action="affected:7"),
            Button(label="Trang", action="https://a.vn/?x=1"),
        ),
    )
    assert bot.send("77", replace(PART, buttons=buttons), label="20261120-070000-1-1", reply_to="5") == "1"
    assert bot.check() == "tbt_watch_bot"
    assert [name for name, _, _ in api.requests] == ["sendMessage", "getMe"]
    assert api.refused == []
    sent = api.requests[0][1]
    assert sent["text"] == TEXT
    assert sent["parse_mode"] == "HTML"
    assert json.loads(sent["link_preview_options"]) == {"is_disabled": True}
    assert json.loads(sent["reply_parameters"]) == {"message_id": 5, "allow_sending_without_reply": True}
    assert json.loads(sent["reply_markup"]) == {
        "inline_keyboard": [
            [
                {"text": "Ảnh hưởng đến tôi", "callback_data": "affected:7"},
                {"text": "Trang", "url": "https://a.vn/?x=1"},
            ]
        ]
    }


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", (True, False, True, None, False)),
        (403, "Forbidden: user is deactivated", (True, False, True, None, False)),
        (403, "Forbidden: bot was kicked from the supergroup chat", (True, False, True, None, False)),
        (400, "Bad Request: chat not found", (True, False, True, None, False)),
        (400, "Bad Request: message is too long", (True, False, False, None, False)),
        (400, "Bad Request: message text is empty", (True, False, False, None, False)),
        (401, "Unauthorized", (True, False, False, None, True)),
        (404, "Not Found", (True, False, False, None, True)),
        (429, "Too Many Requests: retry later", (False, False, False, 30, False)),
        (500, "Internal Server Error", (False, None, False, None, False)),
        (502, "Bad Gateway", (False, None, False, None, False)),
    ],
)
def test_every_refusal_says_what_is_known(
    bot: Telegram, api: BotApi, status: int, description: str, expected: tuple[object, ...]
) -> None:
    error = fault(bot, api, Answer(status=status, description=description))
    found = (error.permanent, error.sent, error.blocked, error.retry_after, error.whole_channel)
    assert found == expected
    assert str(error).endswith(".")
    assert len(api.requests) == 1  # nothing is tried again in here


def test_the_real_servers_texts_are_all_understood(bot: Telegram, api: BotApi, shared: Path) -> None:
    """No text of the real server is taken for something that may have arrived, but for a fault of the server."""
    with (shared / "delivery" / "bot_api_server_errors.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["code"].isdigit()]
    assert len(rows) > 100
    for row in rows:
        error = fault(bot, api, Answer(status=int(row["code"]), description=row["description"]))
        assert error.sent is (None if row["code"].startswith("5") else False), row
        assert error.permanent is not row["code"].startswith("5"), row
        assert error.blocked or row["code"] != "403", row


def test_a_429_names_the_time_and_holds_the_chat(bot: Telegram, api: BotApi) -> None:
    error = fault(bot, api, Answer(429, "Too Many Requests: retry after 17", {"retry_after": 17}))
    assert (error.permanent, error.sent, error.retry_after) == (False, False, 17)
    assert 16 < bot.permit("77") <= 17
    assert bot.permit("78") < 1


def test_a_group_that_moved_names_its_new_number(bot: Telegram, api: BotApi) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    error = fault(bot, api, Answer(400, text, {"migrate_to_chat_id": -1001234567890}))
    assert (error.moved_to, error.permanent, error.sent) == ("-1001234567890", False, False)


@pytest.mark.parametrize(
    ("description", "unfit"),
    [
        ("Bad Request: message is too long", "long"),
        ('Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', "markup"),
        ("Bad Request: BUTTON_DATA_INVALID", "buttons"),
        ("Bad Request: reply markup is too long", "buttons"),
        ("Bad Request: message text is empty", ""),
    ],
)
def test_what_does_not_fit_is_named(bot: Telegram, api: BotApi, description: str, unfit: str) -> None:
    error = fault(bot, api, Answer(400, description))
    assert (error.unfit, error.permanent, error.sent) == (unfit, True, False)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(cut=True),
        Answer(hang=4.0),
        Answer(raw="<html>"),
        Answer(status=504, raw="<html>gateway</html>"),
        Answer(raw='{"ok": true, "result": {"message_id": 1, "date": 1790000000000, "chat": "?"}}'),
    ],
    ids=["cut", "timeout", "no json", "gateway", "no message"],
)
def test_a_lost_answer_is_uncertain(api: BotApi, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with Telegram(TOKEN, base_url=api.base_url, timeout=2 if answer.hang else 30) as bot:
        error = fault(bot, api, answer)
        assert (error.permanent, error.sent, error.blocked) == (False, None, False)
        assert "nobody knows" in str(error)
        assert bot.send("77", PART, label="test")  # and the bot goes on


def test_who_cannot_be_reached_got_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/bot"
        with Telegram(TOKEN, base_url=address, timeout=2) as bot, pytest.raises(DeliveryError) as caught:
            bot.send("77", PART, label="test")
    assert (caught.value.permanent, caught.value.sent) == (False, False)


def test_a_proxy_of_the_environment_is_gone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices sit behind proxies: where one is named, every message goes there."""
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/bot"))
        with Telegram(TOKEN, base_url="http://192.0.2.1/bot", timeout=30) as bot:
            assert bot.send("77", PART, label="test") == "1"
        assert proxy.paths == [f"http://192.0.2.1/bot{TOKEN}/sendMessage"]


def test_no_free_connection_means_not_sent(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    api.delay = 1.0
    with (
        Telegram(TOKEN, base_url=api.base_url, timeout=3, pool_timeout=0.2, in_flight=1) as bot,
        ThreadPoolExecutor(2) as pool,
    ):
        first, second = (pool.submit(bot.send, "77", PART, label="test") for _ in range(2))
        errors = [error for error in (first.exception(), second.exception()) if error]
    assert [(error.sent, error.permanent) for error in errors if isinstance(error, DeliveryError)] == [
        (False, False)
    ]
    assert len(api.sent()) == 1


@pytest.fixture
def everything(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """All that any logger writes at DEBUG, also what libraries silence, and all that goes to the terminal."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    names = ["", "httpx", "httpcore", "telegram", "urllib3", "asyncio"]
    levels = {name: logging.getLogger(name).level for name in names}

    def said() -> str:
        return out.getvalue() + "".join(capfd.readouterr())

    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield said
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_the_token_stands_in_no_log_and_no_error(
    bot: Telegram, api: BotApi, everything: Callable[[], str]
) -> None:
    for name in ("httpx", "httpcore"):  # as somebody who looks for a fault would set them
        logging.getLogger(name).setLevel(logging.DEBUG)
    bot.send("77", PART, label="20261120-070000-1-1")
    errors = [
        fault(bot, api, answer)
        for answer in (
            Answer(401, "Unauthorized"),
            Answer(404, "Not Found"),
            Answer(cut=True),
            Answer(status=502, raw=f"<html>https://api.telegram.org/bot{TOKEN}/sendMessage</html>"),
            Answer(400, f"Bad Request: {TOKEN}"),
        )
    ]
    log = logging.getLogger("elsewhere")
    for error in errors:
        log.error("It is %r", error, exc_info=error)
        log.error("%s", "".join(traceback.format_exception(error)))
    log.warning("asked %s", f"{api.base_url}{TOKEN}/getMe")
    log.error("The bot is %r, its address %s", bot._bot, bot._bot.base_url)
    said = everything()
    assert "20261120-070000-1-1 went to chat 77" in said
    assert "send_request_headers" in said
    assert "Traceback" in said
    assert "/bot…/getMe" in said
    assert TOKEN not in said
    assert TOKEN not in "".join(f"{error!r} {error} {error.__cause__!r}" for error in errors)


@pytest.mark.parametrize("token", ["", "not a token", "12:34/../x", "123", "1:ă"])
def test_a_token_that_cannot_be_one_is_told_when_something_is_sent(token: str) -> None:
    """And not before: whoever makes the channel goes on with the others."""
    with Telegram(token, base_url="http://127.0.0.1:9/bot") as bot:
        for ask in (bot.check, lambda: bot.send("77", PART, label="test")):
            with pytest.raises(DeliveryError, match="refuses our token") as caught:
                ask()
            assert caught.value.whole_channel


def test_a_line_that_is_down_is_the_channels_fault_from_the_third_time_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as api:
        pass  # nobody is there any more
    with Telegram(TOKEN, base_url=api.base_url, timeout=2) as bot:
        found = []
        for chat in ("1", "2", "3", "4"):
            with pytest.raises(DeliveryError) as caught:
                bot.send(chat, PART, label="test")
            found.append((caught.value.whole_channel, caught.value.permanent, caught.value.sent))
    assert found == [(False, False, False)] * 2 + [(True, False, False)] * 2


def test_it_can_be_used_from_several_threads_and_closed_twice(bot: Telegram, api: BotApi) -> None:
    api.delay = 0.1
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: bot.send(str(n), PART, label="test"), range(16)))
    assert sorted(map(int, ids)) == list(range(1, 17))
    bot.close()
    bot.close()
    assert "telegram" not in {thread.name for thread in threading.enumerate()}


# ── Pace ────────────────────────────────────────────────────────────────────────────────────────────────


class Watch:
    """A stopwatch that runs when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def granted(pace: Pace, watch: Watch, addresses: list[str]) -> list[float]:
    """When each address got leave, asking again after the time named."""
    times = []
    for address in addresses:
        while pause := pace.permit(address):
            watch.seconds += pause
        times.append(watch.seconds)
    return times


def worst(times: list[float], window: float) -> int:
    """The most grants in any window of that many seconds."""
    return max(sum(start <= one < start + window - 1e-9 for one in times) for start in times)


def test_no_second_has_more_than_28_parts() -> None:
    watch = Watch()
    times = granted(Pace(watch), watch, [str(n) for n in range(300)])
    assert worst(times, 1.0) <= 28
    assert times[-1] - times[0] < 300 / 27


def test_a_chat_gets_one_a_second_and_a_group_twenty_a_minute() -> None:
    watch = Watch()
    times = granted(Pace(watch), watch, ["77"] * 5)
    assert worst(times, 1.0) == 1
    watch = Watch()
    times = granted(Pace(watch), watch, ["-100"] * 45)
    assert worst(times, 60.0) == 20
    assert times[-1] - times[0] < 130


CHATS = st.sampled_from(["1", "2", "3", "-100", "-200", "@kenh", *(str(n) for n in range(10, 60))])
STEPS = st.lists(
    st.tuples(
        CHATS,
        st.floats(0, 0.2) | st.sampled_from([0.0, 0.0, 0.001, 0.036, 1.0, 3.0, 59.0]),
        st.sampled_from(["ask"] * 12 + ["answered", "count", "hold"]),
    ),
    max_size=400,
)


@settings(max_examples=150)
@given(steps=STEPS)
def test_whatever_is_asked_and_when_the_limits_hold(steps: list[tuple[str, float, str]]) -> None:
    """In no window of a second more than 28, nor 2 in one chat; in no minute more than 20 in one group; nobody is let
    through who was told to wait; and whoever waits as long as told is let through, if nobody else came."""
    watch, left, held = Watch(), [], {}
    pace = Pace(watch)
    for chat, later, what in steps:
        watch.seconds += later
        if what == "answered":
            pace.answered(chat)
        elif what == "count":
            pace.count(chat)
        elif what == "hold":
            pace.hold(chat, 2.0)
            held[chat] = watch.seconds + 2.0
        elif (pause := pace.permit(chat)) == 0:
            assert held.get(chat, 0.0) <= watch.seconds
            left.append((chat, watch.seconds))
        elif later == 3.0:
            watch.seconds += pause + 1e-6
            again = pace.permit(chat)
            assert again == 0 or again < pause
            left += [(chat, watch.seconds)] if again == 0 else []
    assert not left or worst([at for _, at in left], 1.0) <= 28
    for chat in {chat for chat, _ in left}:
        own = [at for one, at in left if one == chat]
        assert worst(own, 1.0) == 1
        assert chat[0] not in "-@" or worst(own, 60.0) <= 20


def test_also_at_the_other_end_when_ways_are_of_different_length() -> None:
    """What had leave long ago and was answered late arrived late: the window is counted from there."""
    watch = Watch()
    pace = Pace(watch)
    pace.permit("quick")
    watch.seconds += 0.1
    pace.answered("quick")
    chats = [str(n) for n in range(28)]
    granted(pace, watch, chats)
    watch.seconds += 1.0
    for chat in chats:  # a stall: all of them arrive only now
        pace.answered(chat)
    assert pace.permit("one more") == pytest.approx(1.0 + 0.03 - 0.1)


def test_two_chats_told_to_wait_hold_everybody() -> None:
    watch = Watch()
    pace = Pace(watch)
    pace.hold("1", 10)
    assert pace.permit("1") == 10
    assert pace.permit("2") == 0
    pace.hold("2", 7)
    assert pace.permit("3") == pytest.approx(7)
    watch.seconds += 7
    assert pace.permit("3") == 0
