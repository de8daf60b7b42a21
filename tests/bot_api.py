"""A strict stand-in of the Bot API over a real connection: what the real server would refuse is refused, what it would
hold back is held back; besides, it answers as told, and remembers what was sent and when.

As a program, ``python tests/bot_api.py [DELAY [limits]]``, it serves on a free port, which it prints, and says what it
took when its standard input ends; with ``bare`` for DELAY it takes everything unread, as fast as it can.
"""

import asyncio
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot_rules import Limits, Refusal, Schema, refusal, short_schema

TOKEN = "123456:not-a-real-token"


@dataclass
class Answer:
    """What to do with one request: an answer, or none at all (``hang`` seconds, or the line cut)."""

    status: int = 200
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    hang: float = 0.0
    cut: bool = False
    raw: str = ""


@dataclass
class BotApi:
    """``base_url`` is for the client; ``requests`` holds (method, parameters, arrival in seconds) of all that came,
    ``taken`` the (chat, text, number) of what was accepted; ``refused`` what the server itself refused: by its schema
    (there must be none, ever), or by its limits. Without ``limits`` nothing is held back; ``answers`` are given to
    sending only, ``always`` to whatever else comes by method."""

    base_url: str = ""
    schema: Schema = field(default_factory=short_schema)
    limits: Limits | None = None
    answers: deque[Answer] = field(default_factory=deque)
    by_chat: dict[str, Answer] = field(default_factory=dict)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    delay: float = 0.0
    token: str = TOKEN
    requests: list[tuple[str, dict[str, str], float]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    taken: list[tuple[str, str, int]] = field(default_factory=list)
    refused: list[tuple[Refusal, dict[str, str]]] = field(default_factory=list)

    def sent(self) -> list[tuple[str, str]]:
        """(chat, text) of every request to send, also those that were refused."""
        return [(one["chat_id"], one["text"]) for name, one, _ in self.requests if name == "sendMessage"]

    def arrivals(self) -> list[float]:
        """When messages came, in seconds, in order."""
        return sorted(at for name, _, at in self.requests if name == "sendMessage")

    def take(self, path: str, parameters: dict[str, str]) -> Answer:
        """One request came; what is to be answered, with ``raw`` for what went well."""
        method, now = path.rpartition("/")[2], time.monotonic()
        self.paths.append(path)
        self.requests.append((method, parameters, now))
        sending = method == "sendMessage"
        told = self.answers.popleft() if self.answers else self.by_chat.get(parameters.get("chat_id", ""))
        if told is not None and (told.status != 200 or told.raw):
            return told
        if f"/bot{self.token}/" not in path:
            return Answer(401, "Unauthorized")
        no = refusal(self.schema, method, parameters)
        if no is None and self.limits:
            no = self.limits.refusal(method, parameters, now)
        if no is not None:
            self.refused.append((no, parameters))
            return Answer(*no)
        number = len(self.requests)
        if sending:
            self.taken.append((parameters["chat_id"], parameters["text"], number))
        whole = {"ok": True, "result": self.result(method, parameters, number)}
        return told or Answer(raw=json.dumps(whole))

    def result(self, method: str, parameters: dict[str, str], number: int) -> Any:
        """What the real server gives back on success, as far as a client needs it."""
        if method == "getMe":
            return {"id": 123456, "is_bot": True, "first_name": "TBT", "username": "tbt_watch_bot"}
        if method == "getUpdates":
            offset = int(parameters.get("offset") or 0)
            while self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
            return list(self.updates)
        if "chat_id" in parameters and not method.endswith(("Member", "Administrators", "Action")):
            chat = parameters["chat_id"]
            kind = "private" if not chat.startswith(("-", "@")) else "supergroup"
            known = {"id": int(chat) if chat.lstrip("-").isdigit() else -1001, "type": kind}
            given = parameters.get("message_id") or number
            return {"message_id": int(given), "date": 1_790_000_000, "chat": known, "text": "…"}
        return True


class _Connection(asyncio.Protocol):
    """HTTP/1.1, as much of it as a client of the Bot API speaks."""

    def __init__(self, api: BotApi) -> None:
        self._api, self._got = api, b""
        self._out: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:end].decode("latin-1")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            size = int(fields.get("content-length", "0"))
            if len(self._got) < end + 4 + size:
                return
            body, self._got = self._got[end + 4 : end + 4 + size].decode(), self._got[end + 4 + size :]
            given = (
                json.loads(body) if "json" in fields.get("content-type", "") else dict(parse_qsl(body, True))
            )
            texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
            self._answer(self._api.take(head.split(" ", 2)[1], texts))

    def _answer(self, answer: Answer) -> None:
        assert self._out is not None
        if answer.cut:
            self._out.close()
            return
        whole: dict[str, Any] = {"ok": False, "error_code": answer.status, "description": answer.description}
        if answer.parameters:
            whole["parameters"] = answer.parameters
        data = (answer.raw or json.dumps(whole)).encode()
        head = f"HTTP/1.1 {answer.status} -\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        if answer.hang:
            asyncio.get_running_loop().call_later(answer.hang, self._out.close)
        elif self._api.delay:
            asyncio.get_running_loop().call_later(self._api.delay, self._out.write, head.encode() + data)
        else:
            self._out.write(head.encode() + data)


async def _begun(api: BotApi) -> asyncio.Server:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(api), "127.0.0.1", 0)
    api.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"
    return server


@contextmanager
def serving(api: BotApi | None = None) -> Iterator[BotApi]:
    """Serve on a free port of 127.0.0.1, in a thread."""
    api = api or BotApi()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="bot-api", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_begun(api), loop).result()

    async def end() -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    try:
        yield api
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Bare(asyncio.Protocol):
    """Takes every request unread."""

    BODY = (
        b'{"ok":true,"result":{"message_id":1,"date":1790000000,"chat":{"id":1,"type":"private"},"text":"-"}}'
    )
    WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(BODY),
        BODY,
    )

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._write = transport.write

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            at = self._got.lower().find(b"content-length:", 0, end)
            whole = end + 4 + (int(self._got[at + 15 : self._got.find(b"\r\n", at)]) if at >= 0 else 0)
            if len(self._got) < whole:
                return
            self._got = self._got[whole:]
            self._write(self.WHOLE)


async def _bare() -> None:
    server = await asyncio.get_running_loop().create_server(_Bare, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve until standard input ends; then say what was taken: a line of JSON."""
    if sys.argv[1:] == ["bare"]:
        asyncio.run(_bare())
        return
    api = BotApi(delay=float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)
    if len(sys.argv) > 2:
        api.limits = Limits()
    with serving(api):
        sys.stdout.write(f"{api.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        told = {"taken": api.taken, "arrivals": api.arrivals(), "refused": [one for one, _ in api.refused]}
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
