"""End to end against telegram-test-api, a stand-in of the Bot API that is not ours."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import telegram
from bot_npm import TOKEN, Elsewhere, telegram_test_api
from cast import accept, named, subscriber

from tbt_watch.deliver import outbox
from tbt_watch.deliver.message import numbered
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.edition import Button, Edition, EditionItem, Part
from tbt_watch.store import Store

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with telegram_test_api() as server:
        yield server


@pytest.fixture
def bot(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Telegram(TOKEN, base_url=elsewhere.base_url, timeout=60) as channel:
        yield channel


def test_an_edition_arrives_with_its_parts_in_order(
    bot: Telegram, elsewhere: Elsewhere, store: Store
) -> None:
    key = "G/SPS/N/EU/1234"
    accept(store, named(key, "EU"), NOW)
    for chat in ("11", "12", "13"):
        store.subscribers.save(subscriber(chat, channel="telegram"))
    item = EditionItem(notice_key=key, version=1, reason="everything")
    audience = subscriber("1").audience
    edition = Edition(kind="daily", audience=audience, lang="vi", until=NOW, items=(item,))
    store.editions.compose(edition, NOW)
    texts = ["<b>Bưởi</b> &amp; cam", "hai", "ba"]
    report = outbox.run(store, {"telegram": bot}, lambda *_: numbered(texts), lambda: NOW)
    assert (report.done, report.failed) == (3, 0)
    kept = {part.message_id for one in store.deliveries.newest() for part in one.parts}
    said = [one for one in elsewhere.history() if one["message"].get("chat_id") in ("11", "12", "13")]
    assert {str(one["messageId"]) for one in said} == kept
    for chat in ("11", "12", "13"):
        own = [one["message"] for one in said if one["message"]["chat_id"] == chat]
        assert [one["text"] for one in own] == texts
        assert {one["parse_mode"] for one in own} == {"HTML"}


def test_buttons_arrive_as_buttons(bot: Telegram, elsewhere: Elsewhere) -> None:
    rows = (
        (Button(label="Ảnh hưởng đến tôi", action="affected:7"),),
        (Button(label="Trang", action="https://a.vn"),),
    )
    number = bot.send("21", Part(number=1, text="Tin", buttons=rows), label="test")
    (said,) = [one for one in elsewhere.history() if str(one["messageId"]) == number]
    assert said["message"]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Ảnh hưởng đến tôi", "callback_data": "affected:7"}],
        [{"text": "Trang", "url": "https://a.vn"}],
    ]


def test_it_says_who_we_are_and_takes_several_at_once(bot: Telegram) -> None:
    assert bot.check() == "TestNameBot"
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: bot.send(str(100 + n), Part(number=1, text="x"), label="t"), range(20)))
    assert len(set(ids)) == 20


def test_what_people_write_and_tap_comes_to_the_bot(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")

    async def heard() -> list[telegram.Update]:
        async with telegram.Bot(TOKEN, base_url=elsewhere.base_url) as bot:
            return list(await bot.get_updates(timeout=0))

    elsewhere.says(31, "/start s-fresh-produce")
    elsewhere.says(31, "chuối")
    elsewhere.taps(31, "affected:7", 1)
    start, word, tap = asyncio.run(heard())
    assert start.message is not None
    assert start.message.text == "/start s-fresh-produce"
    assert [one.type for one in start.message.entities] == ["bot_command"]
    assert word.message is not None
    assert (word.message.text, word.message.chat_id) == ("chuối", 31)
    assert tap.callback_query is not None
    assert (tap.callback_query.data, tap.callback_query.from_user.id) == ("affected:7", 31)
