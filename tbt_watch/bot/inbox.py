"""Updates as Telegram sends them become events; what says nothing to us becomes none; pure.

Only the fields that are needed are read, and none is taken for granted: what an update holds is written by others
(core.telegram.org/bots/api, "Update").
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from tbt_watch.bot.nouns import Event, Kind
from tbt_watch.domain.text import collapse, lines

UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
"""The kinds that we ask for."""

LONGEST = 4096
"""Characters of a text that are read; Telegram lets nobody write more."""

_NAME = 100
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")
_GONE = ("left", "kicked")
_ANONYMOUS = 1087968824  # GroupAnonymousBot: an administrator who writes in the name of the group

Json = Mapping[str, Any]


def event_of(update: Json, me: Json) -> Event | None:
    """The event in an update; None where there is none for us. ``me``: what getMe said of the bot."""
    number = _number(update.get("update_id"))
    if number is None:
        return None
    if query := _part(update, "callback_query"):
        return _tap(number, query)
    if change := _part(update, "my_chat_member"):
        return _membership(number, change)
    for name in ("message", "channel_post"):
        if message := _part(update, name):
            return _message(number, message, me)
    if message := _part(update, "edited_message"):
        found = _message(number, message, me)
        return _plain(number, message, "edited") if found and found.kind in ("text", "command") else None
    return None


def _message(number: int, message: Json, me: Json) -> Event | None:
    chat = _part(message, "chat")
    if _number(chat.get("id")) is None:
        return None
    moved = _number(message.get("migrate_to_chat_id"))
    if moved is not None:
        return _plain(number, message, "moved", text=str(moved))
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        group = chat.get("type") != "private"
        return None if group else _plain(number, message, "other")
    text = _whole(text)
    if found := _COMMAND.match(text):
        if found[2] and found[2].casefold() != str(me.get("username", "")).casefold():
            return None  # of another bot in the group
        rest = lines(text[found.end() :])
        return _plain(number, message, "command", command=found[1].casefold(), text=rest)
    if chat.get("type") != "private" and not _to_us(message, me):
        return None
    return _plain(number, message, "text", text=lines(text))


def _to_us(message: Json, me: Json) -> bool:
    """Whether a text in a group answers one of ours; the rest is what people say to each other."""
    return _part(_part(message, "reply_to_message"), "from").get("id") == me.get("id")


def _plain(number: int, message: Json, kind: Kind, *, text: str = "", command: str = "") -> Event:
    chat, person = _part(message, "chat"), _part(message, "from")
    group = chat.get("type") != "private"
    own = _part(message, "sender_chat").get("id") == chat.get("id") or person.get("id") == _ANONYMOUS
    known = _number(person.get("id"))
    return Event(
        number=number, address=str(chat.get("id")), kind=kind, text=text, command=command, name=_name(chat),
        group=group, person=None if own or not group else known, admin=not group or own,
    )  # fmt: skip


def _tap(number: int, query: Json) -> Event | None:
    message = _part(query, "message")
    chat, data, callback = _part(message, "chat"), query.get("data"), query.get("id")
    if _number(chat.get("id")) is None or not isinstance(data, str) or not isinstance(callback, str):
        return None
    group = chat.get("type") != "private"
    return Event(
        number=number, address=str(chat["id"]), kind="tap", text=_whole(data), callback=callback,
        message_id=_number(message.get("message_id")), name=_name(chat), group=group,
        person=_number(_part(query, "from").get("id")) if group else None, admin=not group,
    )  # fmt: skip


def _membership(number: int, change: Json) -> Event | None:
    """Somebody let us in, put us out, blocked us, or took the block back."""
    chat, state = _part(change, "chat"), _part(change, "new_chat_member")
    before = _part(change, "old_chat_member").get("status") in (*_GONE, None)
    if _number(chat.get("id")) is None:
        return None
    gone = state.get("status") in _GONE or (
        state.get("status") == "restricted" and state.get("is_member") is False
    )
    if not gone and not before:
        return None  # other rights, and nothing else
    kind: Literal["gone", "joined"] = "gone" if gone else "joined"
    return Event(
        number=number,
        address=str(chat["id"]),
        kind=kind,
        name=_name(chat),
        group=chat.get("type") != "private",
    )


def _name(chat: Json) -> str:
    """What a chat is called; never empty."""
    parts = (chat.get("title"), chat.get("first_name"), chat.get("last_name"))
    whole = collapse(" ".join(part for part in parts if isinstance(part, str)))
    clean = "".join(char for char in whole if char.isprintable())[:_NAME].strip()
    return clean or f"Telegram {chat.get('id')}"


def _whole(text: str) -> str:
    """The text without half characters, which no database takes."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _part(whole: Json, name: str) -> Json:
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None
