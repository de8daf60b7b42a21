"""The stand-in of the Bot API is as strict as the real server, with the whole schema and with our short one."""

import csv
import json
from pathlib import Path

import pytest
from bot_rules import Limits, Schema, full_schema, refusal, short_schema

GOOD = {"chat_id": "77", "text": "<b>Tin</b> &amp; mới", "parse_mode": "HTML"}


@pytest.fixture(params=["short", "full"])
def schema(request: pytest.FixtureRequest) -> Schema:
    if request.param == "short":
        return short_schema()
    shared: Path = request.getfixturevalue("shared")
    return full_schema(shared / "delivery" / "bot_api.json")


def buttons(**facts: str) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "x", **facts}]]})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"text": "a" * 4096},
        {"text": "🍊" * 2048},
        {"text": "<b>" + "&lt;" * 4096 + "</b>"},
        {"chat_id": "@kenh_tbt"},
        {"reply_markup": buttons(callback_data="é" * 32)},
        {"reply_markup": buttons(url="https://a.vn/?x=1")},
        {"reply_parameters": json.dumps({"message_id": 5, "allow_sending_without_reply": True})},
        {"link_preview_options": json.dumps({"is_disabled": True})},
    ],
)
def test_what_the_real_server_takes_is_taken(schema: Schema, more: dict[str, str]) -> None:
    assert refusal(schema, "sendMessage", GOOD | more) is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"chat_id": ""}, "chat_id is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>"}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🍊" * 2049}, "message is too long"),
        ({"text": "<b>a"}, "can't parse entities"),
        ({"text": "a < b"}, "can't parse entities"),
        ({"text": "<b>a</b>" * 101}, "more than 100 entities"),
        ({"txet": "a"}, "there is no txet"),
        ({"reply_markup": "{"}, "can't parse reply markup"),
        ({"reply_markup": json.dumps({"inline_keyboard": [{"text": "x"}]})}, "can't parse reply markup"),
        ({"reply_markup": buttons()}, "text buttons are unallowed"),
        ({"reply_markup": buttons(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": buttons(url="javascript:alert(1)")}, "BUTTON_URL_INVALID"),
        ({"reply_markup": buttons(callback_data="a", url="https://a.vn")}, "text buttons are unallowed"),
        ({"reply_parameters": json.dumps({"message_id": "five"})}, "can't parse reply parameters"),
        ({"link_preview_options": json.dumps({"is_disabled": "yes"})}, "can't parse link preview options"),
        ({"disable_notification": "maybe"}, "can't parse disable notification"),
    ],
)
def test_what_it_refuses_is_refused(schema: Schema, more: dict[str, str], says: str) -> None:
    found = refusal(schema, "sendMessage", GOOD | more)
    assert found is not None
    assert found[0] == 400
    assert says in found[1]


def test_a_method_that_there_is_not(schema: Schema) -> None:
    assert refusal(schema, "sendMesage", GOOD) == (404, "Not Found: method not found", {})


def test_our_short_schema_says_nothing_that_the_whole_one_does_not(shared: Path) -> None:
    full, short = full_schema(shared / "delivery" / "bot_api.json"), short_schema()
    for known, ours in ((full.methods, short.methods), (full.objects, short.objects)):
        for name, fields in ours.items():
            for one, (types, needed) in fields.items():
                if name == "BotCommandScope" or (name == "editMessageText" and one == "text"):
                    continue  # a union of types there; and there a message may be richer than its text
                assert set(types) <= set(known[name][one][0]), (name, one)
                assert needed >= known[name][one][1], (name, one)  # ours may ask for more
            must = {one for one, (_, needed) in known[name].items() if needed}
            assert must <= set(fields), name


def test_its_words_are_those_of_the_real_server(shared: Path) -> None:
    with (shared / "delivery" / "bot_api_server_errors.tsv").open(encoding="utf-8") as file:
        real = {
            row["description"].removeprefix("Bad Request: ").lower()
            for row in csv.DictReader(file, delimiter="\t")
        }
    for words in (
        "chat_id is empty",
        "message text is empty",
        "text buttons are unallowed in the inline keyboard",
    ):
        assert words in real
    for words in ("reply parameters", "link preview options"):
        assert f"can't parse {words} json object" in real
    assert "not found: method not found" in real


def test_too_fast_is_refused_with_the_time_to_wait() -> None:
    limits = Limits()

    def sent(chat: str, at: float) -> int | None:
        found = limits.refusal("sendMessage", {"chat_id": chat}, at)
        return found[2]["retry_after"] if found else None

    assert [sent(str(n), 10 + n / 100) for n in range(30)] == [None] * 30
    assert sent("one more", 10.5) == 1
    assert sent("one more", 11.001) is None
    assert sent("one more", 11.5) == 1
    assert [sent("-100", 20.0 + n) for n in range(20)] == [None] * 20
    assert sent("-100", 41.0) == 39
    assert sent("-100", 80.0) is None
    assert limits.refusal("getUpdates", {}, 80.0) is None
