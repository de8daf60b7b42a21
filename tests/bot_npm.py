"""telegram-test-api (npm), somebody else's stand-in of the Bot API, for a test: started on a free port as a user who
may do nothing, and ended by its own process number.

What it cannot do: it checks no request and knows no limit, it never refuses; it has private chats only; ``getUpdates``
gives each update once, whatever the offset says; it knows no more methods than sendMessage, editMessageText,
editMessageReplyMarkup, deleteMessage, answerCallbackQuery, getMe, getUpdates and those of webhooks.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

HERE = Path(__file__).resolve().parent / "npm"
TOKEN = "123456:not-a-real-token"
NOBODY = 65534


@dataclass(frozen=True)
class Elsewhere:
    """``address`` without a slash at its end; ``base_url`` is what a client puts before the token."""

    address: str

    @property
    def base_url(self) -> str:
        return f"{self.address}/bot"

    def history(self) -> list[dict[str, Any]]:
        """Everything that was said, the bot's messages and the people's, in order."""
        return list(self._post("getUpdatesHistory", {"token": TOKEN})["result"])

    def says(self, chat: int, text: str) -> None:
        """A person writes to the bot."""
        person = {"id": chat, "first_name": "Minh", "username": "minh", "is_bot": False}
        room = {"id": chat, "first_name": "Minh", "username": "minh", "type": "private"}
        told = {"botToken": TOKEN, "from": person, "chat": room, "date": 1_790_000_000, "text": text}
        if text.startswith("/"):
            told["entities"] = [{"offset": 0, "length": len(text.partition(" ")[0]), "type": "bot_command"}]
        self._post("sendCommand" if text.startswith("/") else "sendMessage", told)

    def taps(self, chat: int, data: str, message_id: int) -> None:
        """A person taps a button under a message."""
        person = {"id": chat, "first_name": "Minh", "username": "minh", "is_bot": False}
        room = {"id": chat, "first_name": "Minh", "username": "minh", "type": "private"}
        under = {"message_id": message_id, "chat": room, "date": 1_790_000_000, "text": "…"}
        self._post("sendCallback", {"botToken": TOKEN, "from": person, "message": under, "data": data})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        request = Request(
            f"{self.address}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
            return json.loads(answer.read())


@contextmanager
def telegram_test_api() -> Iterator[Elsewhere]:
    """Start it; the test is skipped, and says why, where it is not installed."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "telegram-test-api").is_dir():
        pytest.skip("telegram-test-api is not installed: (cd tests/npm && npm ci)")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        shutil.copytree(HERE, place / "npm")  # the checkout may lie where the other user cannot look
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        child = subprocess.Popen(
            [node, "serve.js"],
            cwd=place / "npm",
            env={"PATH": os.defpath, "HOME": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **user,  # type: ignore[arg-type]
        )
        try:
            assert child.stdout is not None
            yield Elsewhere(child.stdout.readline().strip())
        finally:
            child.communicate()  # it ends with its standard input
        assert child.returncode == 0
