"""The pages of the service on a real connection, on an office with e-mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tbt_watch.app import App, open_app
from tbt_watch.config import load_config
from tbt_watch.web.app import pages_of
from tbt_watch.web.server import serving

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BASE = "https://tbt.example.gov.vn/dang-ky"
CONFIG = f"""
[office]
name = "Văn phòng TBT Vĩnh Long"
department = "Sở Khoa học và Công nghệ tỉnh Vĩnh Long"
address = "107/2 Phạm Hùng, phường Long Châu, tỉnh Vĩnh Long"
phone = "0270 3822 000"
email = "tbt@example.gov.vn"
[translate]
engine = "none"
[web]
listen = "127.0.0.1:8099"
base_url = "{BASE}"
[deliver]
channels = ["pretend", "email", "zalo"]
[deliver.email]
host = "127.0.0.1"
sender = "tbt@example.gov.vn"
"""


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Door:
    """An office, and a browser before its pages. ``client`` knows no redirect and no cookie."""

    app: App
    clock: Clock
    client: httpx.Client
    port: int
    answers: list[httpx.Response] = field(default_factory=list)

    def path(self, link: str) -> str:
        """Where a link leads behind the office's web server."""
        assert link.startswith(BASE)
        return link.removeprefix(BASE)

    def get(self, link: str, **more: Any) -> httpx.Response:
        return self.client.get(self.path(link), **more)

    def post(self, link: str, **more: Any) -> httpx.Response:
        return self.client.post(self.path(link), **more)


@contextmanager
def office(folder: Path, config: str = CONFIG) -> Iterator[tuple[App, Clock]]:
    """An office on an empty store in that folder."""
    path = folder / "config.toml"
    path.write_text(config, encoding="utf-8")
    clock = Clock()
    with open_app(load_config(path, {}), clock) as app:
        yield app, clock


@contextmanager
def opened(folder: Path, config: str = CONFIG) -> Iterator[Door]:
    """Its pages, served on a free port."""
    with (
        office(folder, config) as (app, clock),
        serving(pages_of(app), "127.0.0.1", 0) as (_, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client,
    ):
        yield Door(app, clock, client, port)
