"""A stand-in of the Bot API over a real connection: answers as told, remembers what was sent and when."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

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
    """``base_url`` is for the client; ``requests`` holds (method, parameters, arrival in seconds)."""

    base_url: str
    answers: deque[Answer] = field(default_factory=deque)
    delay: float = 0.0
    requests: list[tuple[str, dict[str, str], float]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self) -> list[tuple[str, str]]:
        """(chat, text) of every request to send, also those that were refused."""
        return [(one["chat_id"], one["text"]) for name, one, _ in self.requests if name == "sendMessage"]

    def take(self, path: str, parameters: dict[str, str]) -> tuple[Answer, int]:
        with self.lock:
            self.paths.append(path)
            self.requests.append((path.rpartition("/")[2], parameters, time.monotonic()))
            return (self.answers.popleft() if self.answers else Answer()), len(self.requests)


def result(method: str, parameters: dict[str, str], number: int) -> dict[str, Any]:
    """What the real server gives back on success, as far as a client needs it."""
    if method == "getMe":
        return {"id": 123456, "is_bot": True, "first_name": "TBT", "username": "tbt_watch_bot"}
    chat = {"id": int(parameters["chat_id"]), "type": "private"}
    return {"message_id": number, "date": 1_790_000_000, "chat": chat, "text": "…"}


@contextmanager
def serving() -> Iterator[BotApi]:
    """Serve on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            parameters = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            answer, number = api.take(self.path, parameters)
            time.sleep(answer.hang or api.delay)
            if answer.cut or answer.hang:
                self.close_connection = True
                return
            method = self.path.rpartition("/")[2]
            whole: dict[str, Any] = {"ok": answer.status == 200}
            if whole["ok"]:
                whole["result"] = result(method, parameters, number)
            else:
                whole |= {"error_code": answer.status, "description": answer.description}
                whole |= {"parameters": answer.parameters} if answer.parameters else {}
            data = (answer.raw or json.dumps(whole)).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *_args: object) -> None:  # noqa: A002
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    api = BotApi(base_url=f"http://127.0.0.1:{server.server_port}/bot")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
