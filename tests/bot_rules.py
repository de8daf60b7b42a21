"""What the Bot API asks of a request: fields and types by its schema, lengths and markup as Telegram reads them, and
its limits in time. The schema is that of the reference folder where that is there, else a short one of what we use.

Facts of the short one: core.telegram.org/bots/api; the texts of refusals are those of the real server.
"""

import json
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import telegram_html

Refusal = tuple[int, str, dict[str, int]]
"""Status, text and parameters of an answer that refuses."""

TEXT, CAPTION, DATA, PAYLOAD = 4096, 1024, 64, 64
ENTITIES = 100
SENDING = ("send", "copy", "forward")

_CHAT = {"chat_id": (("Integer", "String"), True)}
_MARKUP = {
    "reply_markup": (
        ("InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply"),
        False,
    )
}
_TEXT = {
    "text": (("String",), True), "parse_mode": (("String",), False),
    "link_preview_options": (("LinkPreviewOptions",), False),
}  # fmt: skip
_HIDDEN = {"disable_notification": (("Boolean",), False), "protect_content": (("Boolean",), False)}

SHORT: dict[str, dict[str, tuple[tuple[str, ...], bool]]] = {
    "getMe": {},
    "deleteWebhook": {"drop_pending_updates": (("Boolean",), False)},
    "getUpdates": {
        "offset": (("Integer",), False), "limit": (("Integer",), False), "timeout": (("Integer",), False),
        "allowed_updates": (("Array of String",), False),
    },
    "sendMessage": {
        **_CHAT, **_TEXT, **_MARKUP, **_HIDDEN, "message_thread_id": (("Integer",), False),
        "reply_parameters": (("ReplyParameters",), False),
    },
    "editMessageText": {
        **_CHAT, **_TEXT, "message_id": (("Integer",), False), "reply_markup": (("InlineKeyboardMarkup",), False),
    },
    "editMessageReplyMarkup": {
        **_CHAT, "message_id": (("Integer",), False), "reply_markup": (("InlineKeyboardMarkup",), False),
    },
    "answerCallbackQuery": {
        "callback_query_id": (("String",), True), "text": (("String",), False), "show_alert": (("Boolean",), False),
        "url": (("String",), False), "cache_time": (("Integer",), False),
    },
    "getChatMember": {**_CHAT, "user_id": (("Integer",), True)},
    "getChatAdministrators": {**_CHAT},
    "getChat": {**_CHAT},
    "sendChatAction": {**_CHAT, "action": (("String",), True)},
    "setMyCommands": {
        "commands": (("Array of BotCommand",), True), "scope": (("BotCommandScope",), False),
        "language_code": (("String",), False),
    },
}  # fmt: skip
OBJECTS: dict[str, dict[str, tuple[tuple[str, ...], bool]]] = {
    "InlineKeyboardMarkup": {"inline_keyboard": (("Array of Array of InlineKeyboardButton",), True)},
    "InlineKeyboardButton": {
        "text": (("String",), True), "url": (("String",), False), "callback_data": (("String",), False),
    },
    "ReplyKeyboardMarkup": {
        "keyboard": (("Array of Array of KeyboardButton",), True), "resize_keyboard": (("Boolean",), False),
        "one_time_keyboard": (("Boolean",), False), "is_persistent": (("Boolean",), False),
    },
    "KeyboardButton": {"text": (("String",), True)},
    "ReplyKeyboardRemove": {"remove_keyboard": (("Boolean",), True)},
    "ForceReply": {"force_reply": (("Boolean",), True), "input_field_placeholder": (("String",), False)},
    "LinkPreviewOptions": {"is_disabled": (("Boolean",), False), "url": (("String",), False)},
    "ReplyParameters": {
        "message_id": (("Integer",), True), "chat_id": (("Integer", "String"), False),
        "allow_sending_without_reply": (("Boolean",), False),
    },
    "BotCommand": {"command": (("String",), True), "description": (("String",), True)},
    "BotCommandScope": {"type": (("String",), True)},
}  # fmt: skip


@dataclass(frozen=True)
class Schema:
    """Fields by method and by type of object: name → types, whether it must be there."""

    methods: Mapping[str, Mapping[str, tuple[tuple[str, ...], bool]]]
    objects: Mapping[str, Mapping[str, tuple[tuple[str, ...], bool]]]
    subtypes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def short_schema() -> Schema:
    """The built-in one."""
    return Schema(SHORT, OBJECTS)


def full_schema(path: Path) -> Schema:
    """That of a machine-readable Bot API, ``bot_api.json``."""
    known = json.loads(path.read_text(encoding="utf-8"))

    def fields(one: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], bool]]:
        return {each["name"]: (tuple(each["types"]), each["required"]) for each in one.get("fields", ())}

    return Schema(
        methods={name: fields(one) for name, one in known["methods"].items()},
        objects={name: fields(one) for name, one in known["types"].items()},
        subtypes={
            name: tuple(one["subtypes"]) for name, one in known["types"].items() if one.get("subtypes")
        },
    )


def refusal(schema: Schema, method: str, parameters: Mapping[str, str]) -> Refusal | None:
    """What the server would refuse this request with; None when it would take it."""
    fields = schema.methods.get(method)
    if fields is None:
        return 404, "Not Found: method not found", {}
    try:
        _fields(
            schema,
            fields,
            {name: _read(value, fields.get(name)) for name, value in parameters.items()},
            method,
        )
        _lengths(parameters)
    except ValueError as unfit:
        return 400, f"Bad Request: {unfit}", {}
    return None


def _read(value: str, declared: tuple[tuple[str, ...], bool] | None) -> Any:
    """A form holds text; what is declared as anything else is JSON in it."""
    if declared is None or "String" in declared[0]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fields(
    schema: Schema, fields: Mapping[str, tuple[tuple[str, ...], bool]], given: Mapping[str, Any], where: str
) -> None:
    for name in given:
        if name not in fields:
            raise ValueError(
                f"there is no {name} in {where}"
            )  # the real server is silent: here it is our fault
    for name, (types, needed) in fields.items():
        if name not in given or given[name] == "":
            if needed:
                raise ValueError({"text": "message text is empty"}.get(name, f"{name} is empty"))
        elif not any(_fits(schema, given[name], kind) for kind in types):
            raise ValueError(f"can't parse {name.replace('_', ' ')} JSON object")


def _fits(schema: Schema, value: Any, kind: str) -> bool:
    if kind.startswith("Array of "):
        return isinstance(value, list) and all(
            _fits(schema, one, kind.removeprefix("Array of ")) for one in value
        )
    plain = {"String": str, "Boolean": bool, "Integer": int, "Float": (int, float), "True": bool}
    if kind in plain:
        return isinstance(value, plain[kind]) and (kind in ("Boolean", "True") or not isinstance(value, bool))
    if any(_fits(schema, value, one) for one in schema.subtypes.get(kind, ())):
        return True
    if not isinstance(value, dict) or kind not in schema.objects:
        return False
    try:
        _fields(schema, schema.objects[kind], value, kind)
    except ValueError:
        return False
    return True


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown(parameters: Mapping[str, str]) -> str:
    """The text as its reader sees it. Raises ValueError where Telegram cannot read the markup."""
    if parameters.get("parse_mode") == "HTML":
        return telegram_html.read(parameters["text"])
    return parameters["text"]


def _lengths(parameters: Mapping[str, str]) -> None:
    if "text" in parameters and "callback_query_id" not in parameters:
        try:
            text = shown(parameters)
        except ValueError as unfit:
            raise ValueError(f"can't parse entities: {unfit}") from None
        if not text.strip():
            raise ValueError("message text is empty")
        if units(text) > TEXT:
            raise ValueError("message is too long")
        if parameters["text"].count("</") > ENTITIES:
            raise ValueError("more than 100 entities: what comes after is dropped")
    if units(parameters.get("text", "")) > 200 and "callback_query_id" in parameters:
        raise ValueError("MESSAGE_TOO_LONG")
    markup = json.loads(parameters.get("reply_markup", "{}"))
    for button in (one for row in markup.get("inline_keyboard", ()) for one in row):
        if len([name for name in button if name != "text"]) != 1:
            raise ValueError("text buttons are unallowed in the inline keyboard")
        if not 0 < len(button.get("callback_data", "-").encode()) <= DATA:
            raise ValueError("BUTTON_DATA_INVALID")
        if not button.get("url", "https://").startswith(("https://", "http://", "tg://")):
            raise ValueError("BUTTON_URL_INVALID")


@dataclass
class Limits:
    """Telegram's limits in time; seconds are those of arrival."""

    per_second: int = 30
    chat: float = 1.0
    per_minute: int = 20
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[str, deque[float]] = field(default_factory=dict)

    def refusal(self, method: str, parameters: Mapping[str, str], now: float) -> Refusal | None:
        """A 429 with the time to wait, where this one is too many; else it is counted."""
        if not method.startswith(SENDING) or method == "sendChatAction":
            return None
        chat = parameters.get("chat_id", "")
        own = self._chats.setdefault(chat, deque(maxlen=self.per_minute))
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        wait = 0.0
        if len(self._all) >= self.per_second:
            wait = self._all[0] + 1 - now
        if own and now - own[-1] < self.chat:
            wait = max(wait, own[-1] + self.chat - now)
        if chat.startswith(("-", "@")) and len(own) == self.per_minute and now - own[0] < 60:
            wait = max(wait, own[0] + 60 - now)
        if wait > 0:
            seconds = max(math.ceil(wait), 1)
            return 429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds}
        self._all.append(now)
        own.append(now)
        return None
