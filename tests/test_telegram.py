"""The Telegram channel over a real connection to a stand-in of the Bot API."""

import csv
import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bot_api import TOKEN, Answer, BotApi, serving

from tbt_watch.deliver.pace import Pace
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.edition import Part
from tbt_watch.errors import DeliveryError

TEXT = '<b>Tin &amp; mới</b> · <a href="https://a.vn/?x=1&amp;y">Chi tiết</a>'
PART = Part(number=1, text=TEXT)


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serving() as server:
        yield server


@pytest.fixture
def bot(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Telegram(TOKEN, base_url=api.base_url, timeout=5) as channel:
        yield channel


def fault(bot: Telegram, api: BotApi, *answers: Answer) -> DeliveryError:
    api.answers.extend(answers)
    with pytest.raises(DeliveryError) as caught:
        bot.send("77", PART, label="test")
    assert TOKEN not in str(caught.value)
    return caught.value


def test_a_message_goes_out_as_the_bot_api_asks(bot: Telegram, api: BotApi, shared: Path) -> None:
    assert bot.send("77", PART, label="20261120-070000-1-1") == "1"
    assert bot.check() == "tbt_watch_bot"
    known = json.loads((shared / "delivery" / "bot_api.json").read_text(encoding="utf-8"))
    for name, parameters, _ in api.requests:
        complain(known["methods"][name], parameters)
    sent = api.requests[0][1]
    assert sent["text"] == TEXT
    assert sent["parse_mode"] == "HTML"
    assert json.loads(sent["link_preview_options"]) == {"is_disabled": True}


def complain(method: dict[str, Any], parameters: dict[str, str]) -> None:
    """Every field is known, every field that must be there is, and each has the type it should have."""
    fields = {one["name"]: one for one in method.get("fields", ())}
    assert set(parameters) <= set(fields), method["name"]
    assert {name for name, one in fields.items() if one["required"]} <= set(parameters)
    for name, value in parameters.items():
        types = fields[name]["types"]
        assert "String" in types or isinstance(json.loads(value), dict | list | int | bool), name


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
        Answer(hang=1.0),
        Answer(raw="<html>"),
        Answer(status=504, raw="<html>gateway</html>"),
    ],
    ids=["cut", "timeout", "no json", "gateway"],
)
def test_a_lost_answer_is_uncertain(api: BotApi, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with Telegram(TOKEN, base_url=api.base_url, timeout=0.4) as bot:
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


def test_the_token_stands_in_no_log_and_no_error(
    bot: Telegram, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        bot.send("77", PART, label="20261120-070000-1-1")
        fault(bot, api, Answer(401, "Unauthorized"))
        fault(bot, api, Answer(cut=True))
    assert "20261120-070000-1-1 went to chat 77" in caplog.text
    assert TOKEN not in caplog.text


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
