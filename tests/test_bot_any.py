"""Whatever happens in a chat, in whatever order: an answer that Telegram takes, a state that can be kept and left."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, get_args

import pytest
from desk import sampled
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from talks import Chat

from tbt_watch.app import App, open_app, sample_config
from tbt_watch.bot.inbox import UPDATES, event_of
from tbt_watch.bot.nouns import Event, Kind, Talk
from tbt_watch.bot.understand import Reader, read_hour
from tbt_watch.config import load_config
from tbt_watch.language import Language
from tbt_watch.sample import sample_now
from tbt_watch.tag.vocabulary import load_vocabulary

addresses = count(20_000)
ME = {"id": 123456, "username": "tbt_watch_bot"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = sampled(tmp_path_factory).folder / "sample-run"
    with open_app(sample_config(load_config(None, {}), folder), sample_now) as opened:
        yield opened


COMMANDS = (
    "start",
    "tin",
    "tim",
    "lich",
    "dangky",
    "tamdung",
    "xoa",
    "trogiup",
    "theodoi",
    "vuongmac",
    "bantin",
    "other",
)
WORDS = st.one_of(
    st.sampled_from(
        ["chuối", "0803", "EU, nhật", "7:30", "s-seafood", "b", "n-1", "n-99999", "c-AAAAAAAA", "1322/QĐ-TTg", "",
         "Hàng bưởi bị trả lại ở cảng, gọi 0912 345 678", "<b>x</b>&amp;", "'; DROP TABLE talk; --", "\u202e\u0000"]
    ),
    st.text(max_size=80),
    st.text(alphabet="aă<&>\"' \n😀", min_size=4000, max_size=4096),
)  # fmt: skip
TAPS = st.one_of(
    st.integers(0, 200),  # a button that was seen, counted from the newest
    st.sampled_from(
        ["affected", "irrelevant", "follow", "why", "choose", "m:show", "m:kit", "m:report"]
    ).flatmap(lambda verb: st.integers(0, 30).map(lambda number: f"{verb}:{number}")),
    st.text(max_size=64),
)
EVENTS = st.one_of(
    st.tuples(st.just("command"), st.sampled_from(COMMANDS), WORDS),
    st.tuples(st.just("text"), st.just(""), WORDS),
    st.tuples(st.just("tap"), st.just(""), TAPS),
    st.tuples(st.just("tap"), st.just(""), TAPS),
    st.tuples(st.just("tap"), st.just(""), st.integers(0, 20)),
    st.tuples(st.sampled_from(["edited", "other", "joined", "gone"]), st.just(""), WORDS),
)


def happens(chat: Chat, event: tuple[Kind, str, Any]) -> None:
    kind, command, what = event
    if kind == "tap" and isinstance(what, int):
        seen = [
            one.action for number in sorted(chat.seen) for row in chat.seen[number].buttons for one in row
        ]
        what = seen[-1 - what % len(seen)] if seen else "m:list"
    at = chat.last or 1
    chat.event(
        kind, text=what, command=command, message_id=at if kind == "tap" else None,
        callback="cb" if kind == "tap" else "",
    )  # fmt: skip


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(events=st.lists(EVENTS, min_size=1, max_size=25), group=st.booleans(), admin=st.booleans())
@example(
    events=[("command", "xoa", ""), ("tap", "", 1), ("command", "xoa", ""), ("tap", "", 0)],
    group=False,
    admin=True,
)
def test_any_events_in_any_order(app: App, events: list[Any], group: bool, admin: bool) -> None:
    """Replies that Telegram takes (``talks.fits``), one answer to every tap, and always a way on: help, and a new
    subscription."""
    chat = Chat(app, f"{'-' if group else ''}{next(addresses)}", group=group, admin=admin)
    for event in events:
        before = len(chat.notes)
        happens(chat, event)
        assert len(chat.notes) - before == (event[0] == "tap")
        assert chat.handling.waiting() == []
        kept = chat.talk
        assert Talk.from_json(kept.as_json()).as_json() == kept.as_json()
        if group and not admin:
            assert chat.subscriber is None
    chat.admin = True
    assert chat.command("trogiup").text
    chat.command("start")
    if not (chat.subscriber and chat.subscriber.wishes):
        assert "1/4" in chat.text or "1 of 4" in chat.text
    else:
        assert chat.labels


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some, max_size=3),
    max_leaves=12,
)
FIELDS = ("chat", "from", "text", "id", "type", "data", "message", "new_chat_member", "old_chat_member", "status",
          "reply_to_message", "sender_chat", "migrate_to_chat_id", "title", "first_name", "message_id")  # fmt: skip
SHAPED = st.recursive(
    JSON, lambda some: st.dictionaries(st.sampled_from(FIELDS), some, max_size=6), max_leaves=20
)


@given(number=JSON, kind=st.sampled_from((*UPDATES, "poll")), body=SHAPED)
@example(
    number=1, kind="message", body={"chat": {"id": 5, "type": "private"}, "text": "/start@TBT_watch_bot s-x"}
)
def test_any_update_is_an_event_or_none(number: Any, kind: str, body: Any) -> None:
    event = event_of({"update_id": number, kind: body}, ME)
    if event is None:
        return
    assert event.kind in get_args(Kind)
    assert event.name
    assert event.address.lstrip("-").isdecimal()
    json.dumps([event.text, event.name, event.command]).encode()
    event.text.encode()


def private(text: str, **more: Any) -> Event | None:
    message = {
        "chat": {"id": 5, "type": "private", "first_name": "An"},
        "from": {"id": 5},
        "text": text,
        **more,
    }
    return event_of({"update_id": 1, "message": message}, ME)


@pytest.mark.parametrize(
    ("text", "kind", "command", "rest"),
    [
        ("/start", "command", "start", ""), ("/START n-12", "command", "start", "n-12"),
        ("/tim@tbt_watch_bot  chuối \n xanh", "command", "tim", "chuối\nxanh"), ("/", "text", "", "/"),
        ("/tim-chuối", "text", "", "/tim-chuối"), ("  chuối  ", "text", "", "chuối"),
    ],
)  # fmt: skip
def test_commands_and_words(text: str, kind: str, command: str, rest: str) -> None:
    event = private(text)
    assert event
    assert (event.kind, event.command, event.text, event.name, event.admin) == (
        kind,
        command,
        rest,
        "An",
        True,
    )


def test_in_a_group_only_what_is_for_us() -> None:
    def said(text: str, **more: Any) -> Event | None:
        chat = {"id": -100, "type": "supergroup", "title": "Hội"}
        return event_of(
            {"update_id": 1, "message": {"chat": chat, "from": {"id": 9}, "text": text, **more}}, ME
        )

    assert said("chuối") is None
    assert said("/tim@other_bot x") is None
    assert said("", sticker={}) is None
    command = said("/tim x")
    assert command
    assert (command.person, command.admin, command.group, command.name) == (9, False, True, "Hội")
    reply = said("chuối", reply_to_message={"from": {"id": ME["id"]}})
    assert reply
    assert reply.kind == "text"
    hidden = said("/start", sender_chat={"id": -100})  # an administrator who writes in the name of the group
    assert hidden
    assert (hidden.person, hidden.admin) == (None, True)
    channel = event_of({"update_id": 1, "channel_post": {"chat": {"id": -7, "type": "channel"}, "sender_chat": {"id": -7}, "text": "/start"}}, ME)  # fmt: skip  # noqa: E501
    assert channel
    assert channel.admin


@pytest.fixture(scope="module")
def reader(language: Language) -> Reader:
    return Reader(language, load_vocabulary())


@given(text=st.text(max_size=300) | st.text(alphabet="0123456789 .,HShsmã", max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_read_or_named_as_unclear(reader: Reader, text: str) -> None:
    found = reader.products(text)
    assert all(code.isdecimal() and 2 <= len(code) <= 12 for code in found.hs)
    assert all(len(word) <= 60 for word in found.words)
    codes, _ = reader.markets(text)
    assert all(reader.market(code) == code for code in codes)
    at = read_hour(text)
    assert at is None or (at.second, at.tzinfo) == (0, None)
