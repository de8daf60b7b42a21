"""The line to Telegram: asks for updates and says what is to be said, over python-telegram-bot; one request each.

Updates are handed on as they came: what a newer Bot API puts into one must not stop those behind it.
"""

import logging
import os
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import telegram
from telegram.constants import ParseMode
from telegram.request import HTTPXRequest

from tbt_watch.bot.inbox import UPDATES
from tbt_watch.bot.nouns import Reply, Rows
from tbt_watch.deliver.markup import plain
from tbt_watch.deliver.secret import keep_out_of_logs

Json = Mapping[str, Any]


_TOKEN = re.compile(r"\d+:[\w-]+")


class _AsTheyCame(HTTPXRequest):
    """Keeps the updates of an answer, and hands on nothing but their numbers; other answers pass."""

    updates: tuple[Json, ...] = ()

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override] # theirs is static
        found: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        result = found.get("result")
        if isinstance(result, list):
            self.updates = tuple(
                one for one in result if isinstance(one, dict) and isinstance(one.get("update_id"), int)
            )
            found["result"] = [{"update_id": one["update_id"]} for one in self.updates]
        return found


class Line:
    """A bot that listens and speaks. Made, used and closed in one event loop. ``patience``: seconds for which Telegram
    holds a question for updates open while there are none. Every verb raises TelegramError."""

    def __init__(self, token: str, base_url: str, *, timeout: float = 20.0, patience: int = 25) -> None:
        keep_out_of_logs(token)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes a line for each request
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # read by PTB whenever it makes a RetryAfter
        self._patience = patience
        made = partial(_AsTheyCame, connect_timeout=timeout, read_timeout=timeout, write_timeout=timeout,
                       pool_timeout=timeout)  # fmt: skip
        self._listening, self._speaking = made(connection_pool_size=1), made(connection_pool_size=8)
        token = (
            token if _TOKEN.fullmatch(token) else "0:none"
        )  # refused as one that is wrong, with a clear word
        self._bot = telegram.Bot(
            token, base_url=base_url, request=self._speaking, get_updates_request=self._listening
        )

    async def open(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> Json:
        """Say who we are, and put the menu there: by language (``""`` for all others) command and meaning."""
        me = await self._bot.get_me()
        await self._bot.delete_webhook()  # else Telegram refuses to be asked
        for lang, some in commands.items():
            await self._bot.set_my_commands(list(some), language_code=lang or None)
        return {"id": me.id, "username": me.username}

    async def listen(self, after: int | None) -> tuple[Json, ...]:
        """The updates behind that number, as they came; waits for the first. What stands before it is done with."""
        offset = None if after is None else after + 1
        await self._bot.get_updates(offset=offset, timeout=self._patience, allowed_updates=list(UPDATES))
        return self._listening.updates

    async def answer(self, reply: Reply) -> None:
        """Answer a tap."""
        await self._bot.answer_callback_query(reply.target, text=reply.text or None)

    async def say(self, address: str, reply: Reply, *, marked: bool = True) -> None:
        """A new message; not ``marked``: as plain text."""
        await self._bot.send_message(
            chat_id=address,
            text=reply.text if marked else plain(reply.text),
            parse_mode=ParseMode.HTML if marked else None,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(reply.buttons),
        )

    async def change(self, address: str, reply: Reply) -> None:
        """Another text in place of a message of ours."""
        await self._bot.edit_message_text(
            chat_id=address,
            message_id=int(reply.target),
            text=reply.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(reply.buttons),
        )

    async def may_change(self, address: str, person: int) -> bool:
        """Whether somebody is an administrator of a group."""
        member = await self._bot.get_chat_member(chat_id=address, user_id=person)
        return member.status in ("creator", "administrator")

    async def close(self) -> None:
        """Close the connections."""
        await self._listening.shutdown()
        await self._speaking.shutdown()


def keyboard(rows: Rows) -> telegram.InlineKeyboardMarkup | None:
    """The buttons as Telegram has them; None where there are none."""
    made = [[_button(one.label, one.action) for one in row] for row in rows if row]
    return telegram.InlineKeyboardMarkup(made) if made else None


def _button(label: str, action: str) -> telegram.InlineKeyboardButton:
    if action.startswith("https://"):
        return telegram.InlineKeyboardButton(label, url=action)
    return telegram.InlineKeyboardButton(label, callback_data=action)
