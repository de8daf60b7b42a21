"""A stand-in of the Bot API with people in it: it holds updates until they are confirmed, as Telegram does, keeps what
each chat sees, and refuses what Telegram would refuse (core.telegram.org/bots/api)."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from bot_rules import Limits, Schema, full_schema, refusal, short_schema
from conftest import SHARED

TOKEN = "123456:not-a-real-token"
ME = {"id": 123456, "is_bot": True, "first_name": "TBT", "username": "tbt_watch_bot"}


@dataclass
class Refusal:
    """An answer that is none: a status with its text, or the line cut after the request was read."""

    status: int = 200
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    cut: bool = False


@dataclass
class Message:
    """What stands in a chat."""

    id: int
    text: str
    buttons: list[list[dict[str, str]]]
    at: float


def _schema() -> Schema:
    """The whole Bot API where the reference folder is there, else what we use of it."""
    full = SHARED / "delivery" / "bot_api.json"
    return full_schema(full) if full.exists() else short_schema()


@dataclass
class Chats:
    """The chats as people see them. ``refuse``: by method, what the next requests get instead of an answer."""

    base_url: str = ""
    refuse: dict[str, deque[Refusal]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    admins: set[tuple[str, int]] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    schema: Schema = field(default_factory=_schema)
    limits: Limits | None = None
    slow: float = 0.0  # seconds between a message that stands in the chat and the answer that it does
    lock: threading.Condition = field(default_factory=threading.Condition)
    number: int = 700_000_000

    # --- people ---

    def happens(self, **update: Any) -> int:
        """Something happens; the number of the update."""
        with self.lock:
            self.number += 1
            self.updates.append({"update_id": self.number, **update})
            self.lock.notify_all()
            return self.number

    def chat(self, address: str) -> dict[str, Any]:
        kind = self.kinds.get(address, "private")
        name = {"first_name": "HTX", "last_name": "Chuối"} if kind == "private" else {"title": "Nhóm chuối"}
        return {"id": int(address), "type": kind, **name}

    def types(self, address: str, text: str, person: int | None = None, **more: Any) -> int:
        """Somebody writes."""
        who = {"id": person or int(address), "is_bot": False, "first_name": "An"}
        message = {"message_id": 1, "date": 1, "chat": self.chat(address), "from": who, "text": text, **more}
        return self.happens(message=message)

    def taps(self, address: str, label: str, person: int | None = None, at: Message | None = None) -> int:
        """Somebody taps a button of the last message that has one of that label."""
        for message in [at] if at else reversed(self.messages[address]):
            for row in message.buttons:
                for one in row:
                    if label in one["text"]:
                        return self.pushes(address, message.id, one["callback_data"], person)
        raise AssertionError(f"no button {label!r} in {self.messages[address][-1]}")

    def pushes(self, address: str, message: int, data: str, person: int | None = None) -> int:
        """A tap with that data under that message."""
        who = {"id": person or int(address), "is_bot": False, "first_name": "An"}
        under = {"message_id": message, "date": 1, "chat": self.chat(address)}
        query = {"id": f"cb{self.number}", "from": who, "chat_instance": "1", "data": data, "message": under}
        return self.happens(callback_query=query)

    def last(self, address: str) -> Message:
        """What was said or changed last in a chat."""
        with self.lock:
            return max(self.messages[address], key=lambda one: one.at)

    def until(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for something that the bot does."""
        end = time.monotonic() + seconds
        while not done():
            assert self.faults == []
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.01)

    # --- the server ---

    def answer(self, method: str, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What the real server says."""
        with self.lock:
            self.requests.append((method, given))
            if waiting := self.refuse.get(method):
                one = waiting.popleft()
                if one.cut or one.status != 200:
                    more = {"parameters": one.parameters} if one.parameters else {}
                    return (0 if one.cut else one.status), {
                        "ok": False, "error_code": one.status, "description": one.description, **more,
                    }  # fmt: skip
        if wrong := refusal(self.schema, method, given):  # what it is refused for is a fault of ours
            self.faults.append(f"{method}, {wrong[1]}: {given}")
            return wrong[0], {"ok": False, "error_code": wrong[0], "description": wrong[1]}
        with self.lock:
            late = self.limits.refusal(method, given, time.monotonic()) if self.limits else None
        if late:
            self.faults.append(f"{method}, {late[1]}: {given}")
            return late[0], {
                "ok": False,
                "error_code": late[0],
                "description": late[1],
                "parameters": late[2],
            }
        found = getattr(self, f"_{method}", None)
        if found is None:
            return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        result = found(given)
        time.sleep(self.slow if method == "sendMessage" else 0)
        if isinstance(result, str):
            return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {result}"}
        return 200, {"ok": True, "result": result}

    def _getMe(self, _given: dict[str, str]) -> Any:  # noqa: N802
        return ME

    def _deleteWebhook(self, _given: dict[str, str]) -> Any:  # noqa: N802
        return True

    def _setMyCommands(self, given: dict[str, str]) -> Any:  # noqa: N802
        found = json.loads(given["commands"])
        for one in found:
            if not 1 <= len(one["description"]) <= 256 or not 1 <= len(one["command"]) <= 32:
                return "BOT_COMMAND_DESCRIPTION_INVALID"
        self.commands[given.get("language_code", "")] = found
        return True

    def _getUpdates(self, given: dict[str, str]) -> Any:  # noqa: N802
        after, end = int(given.get("offset", 0)), time.monotonic() + min(float(given.get("timeout", 0)), 0.5)
        with self.lock:
            self.updates = [one for one in self.updates if one["update_id"] >= after]
            while not self.updates and (left := end - time.monotonic()) > 0:
                self.lock.wait(left)
            return self.updates[:100]

    def _answerCallbackQuery(self, given: dict[str, str]) -> Any:  # noqa: N802
        self.notes.append(given.get("text", ""))
        return True

    def _getChatMember(self, given: dict[str, str]) -> Any:  # noqa: N802
        person = int(given["user_id"])
        who = {"id": person, "is_bot": False, "first_name": "An"}
        if (given["chat_id"], person) in self.admins:
            return {"status": "creator", "user": who, "is_anonymous": False}
        return {"status": "member", "user": who}

    def _sendMessage(self, given: dict[str, str]) -> Any:  # noqa: N802
        with self.lock:
            some = self.messages.setdefault(given["chat_id"], [])
            number = 1000 + sum(map(len, self.messages.values()))
            some.append(Message(number, given["text"], _rows(given), time.monotonic()))
        return self._message(given["chat_id"], number)

    def _editMessageText(self, given: dict[str, str]) -> Any:  # noqa: N802
        with self.lock:
            some = self.messages.get(given["chat_id"], [])
            found = next((one for one in some if one.id == int(given["message_id"])), None)
            if found is None:
                return "message to edit not found"
            if (found.text, found.buttons) == (given["text"], _rows(given)):
                return "message is not modified: specified new message content is the same"
            found.text, found.buttons, found.at = given["text"], _rows(given), time.monotonic()
        return self._message(given["chat_id"], found.id)

    def _message(self, address: str, number: int) -> dict[str, Any]:
        return {"message_id": number, "date": 1, "chat": self.chat(address), "text": "…"}


def _rows(given: dict[str, str]) -> list[list[dict[str, str]]]:
    found: list[list[dict[str, str]]] = json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", [])
    return found


@contextmanager
def chatting() -> Iterator[Chats]:
    """Serve on a free port of 127.0.0.1."""
    chats = Chats()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"] or 0)
            body = self.rfile.read(size).decode()
            if len(body.encode()) < size:  # who asked broke off
                self.close_connection = True
                return
            given = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            _, _, rest = self.path.partition("/bot")
            token, _, method = rest.partition("/")
            unknown = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            status, found = chats.answer(method, given) if token == TOKEN else (401, unknown)
            if not status:
                self.close_connection = True
                return
            data = json.dumps(found).encode()
            with suppress(ConnectionError):  # who asked has gone
                self.reply(status, data)

        def reply(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *_args: object) -> None:  # noqa: A002
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chats.base_url = f"http://127.0.0.1:{server.server_port}/bot"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield chats
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
