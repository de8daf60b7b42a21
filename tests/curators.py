"""The curators' page of an office on a real connection, and people who are logged in."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from cast import POMELO, named, said, tags
from doors import Clock, office

from tbt_watch.app import App
from tbt_watch.domain.curator import Curator, Role
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.store.entries import Entry
from tbt_watch.web.app import pages_of
from tbt_watch.web.server import serving

CONFIG = """
[office]
name = "Văn phòng TBT Vĩnh Long"
department = "Sở Khoa học và Công nghệ tỉnh Vĩnh Long"
[accept]
policy = "staff"
[translate]
engine = "none"
[web]
desk = true
"""
PASSWORD = "bưởi năm roi chín sớm"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As safe as a test needs."""

TITLE = "Dự thảo Quy định của Ủy ban sửa đổi Phụ lục II Quy định (EC) số 396/2005 về chlorpyrifos"
SUMMARY = "Dự thảo hạ mức dư lượng tối đa của chlorpyrifos trong quả có múi xuống 0,01 mg/kg."
PRODUCTS = "Bưởi, cam, chanh"
GOOD = (
    said("headline", "EU: Dự thảo về mức dư lượng chlorpyrifos trong quả có múi"),
    said("opening", "Ngày 18/11/2026, EU thông báo."),
    replace(said("title", TITLE, origin="machine"), source_text=POMELO.title, engine="argos en-vi"),
    replace(said("summary", SUMMARY, origin="machine"), source_text=POMELO.summary, engine="argos en-vi"),
    replace(said("products", PRODUCTS, origin="machine"), source_text=POMELO.products, engine="argos en-vi"),
)
"""Texts that pass every check."""
BAD = (
    *GOOD[:3],
    replace(GOOD[3], text=SUMMARY.replace("0,01", "0,1"), checks=("numbers",)),
    GOOD[4],
)
"""A summary with another figure."""


@dataclass(eq=False)
class Person:
    """A browser: keeps cookies, sends the origin that a browser would, follows redirects."""

    client: httpx.Client
    origin: str
    page: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    def get(self, path: str, **more: Any) -> httpx.Response:
        self.page = self.client.get(f"/desk/{path}", **more)
        return self.page

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """What the browser does with a form of the page that is open."""
        headers = {"Origin": self.origin} | more.pop("headers", {})
        given = {"csrf": self.csrf} | (data or {})
        self.page = self.client.post(f"/desk/{path}", data=given, headers=headers, **more)
        return self.page

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        return found[1] if found else ""

    def revision(self) -> str:
        found = re.search(r'data-revision="([^"]+)"', self.page.text)
        assert found, self.page.text
        return found[1]

    def open(self, number: int) -> str:
        """Open a notice; its revision."""
        assert self.get(f"notice/{number}").status_code == 200
        return self.revision()

    def log_in(self, name: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        return self.post("login", {"name": name, "password": password}, **more)


@dataclass
class DeskOffice:
    """An office with its desk open."""

    app: App
    clock: Clock
    port: int
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> Person:
        client = httpx.Client(base_url=self.origin, trust_env=False, timeout=30, follow_redirects=True)
        self.clients.append(client)
        return Person(client, self.origin)

    def account(self, name: str, role: Role = "curator") -> Curator:
        made = Curator(name=name, role=role, hash=QUICK.hash(PASSWORD), created_at=self.clock())
        return self.app.store.curators.add(made)

    def person(self, name: str, role: Role = "curator") -> Person:
        """Somebody who is logged in."""
        if self.app.store.curators.find(name) is None:
            self.account(name, role)
        browser = self.browser()
        answer = browser.log_in(name)
        assert answer.status_code == 200, answer.text
        assert answer.url.path == "/desk/queue", answer.url
        return browser

    def waiting(
        self,
        notice: Notice = POMELO,
        texts: Sequence[Translation] = GOOD,
        tagged: Sequence[Tag] | None = None,
    ) -> int:
        """A notice that is read, translated and tagged, and waits."""
        store, now = self.app.store, self.clock()
        store.notices.put([Entry(ids=(), notice=notice, records=(), seen_at=now, source="eping_web")], now)
        (item,) = store.notices.get(notice.key)
        store.notices.translated({item.id: texts}, now)
        own = (
            (*tags("sector", "fresh-produce"), *tags("market", *notice.members)) if tagged is None else tagged
        )
        store.tags.keep({item.id: own}, store.notices.dossiers([item.id]))
        return item.id

    def many(self, count: int) -> list[int]:
        """Notices that wait, each with a deadline of its own."""
        return [
            self.waiting(named(f"G/SPS/N/EU/{2000 + number}", "EU", comment_until=date(2026, 12, 1 + number)))
            for number in range(count)
        ]

    def state(self, number: int) -> str:
        return self.app.store.notices.dossier(number).state


@contextmanager
def desk_office(folder: Path, config: str = CONFIG) -> Iterator[DeskOffice]:
    """An office on an empty store, its pages on a free port."""
    with (
        office(folder, config) as (app, clock),
        serving(pages_of(app), "127.0.0.1", 0) as (_, port),
    ):
        made = DeskOffice(app, clock, port)
        try:
            yield made
        finally:
            for client in made.clients:
                client.close()


def words(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
