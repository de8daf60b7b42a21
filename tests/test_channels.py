"""The contract of all channels: the same edition, the same verb, and an error that says what is known.

Each channel is tried over what stands at its other end: a folder, a stand-in of the Bot API, a mail server, a person
who copies. A new channel joins ``RIGS``.
"""

import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

import bot_api
import mail_server
import pytest
import telegram_html
from bot_api import TOKEN, Answer, BotApi
from cast import accept, named, subscriber
from mail_server import MailBox, Reply
from test_message import letterhead

from tbt_watch.deliver import outbox
from tbt_watch.deliver.byhand import ByHand, to_paste
from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.email import Email
from tbt_watch.deliver.letter import Sender, Slip
from tbt_watch.deliver.message import numbered, render
from tbt_watch.deliver.pretend import Pretend
from tbt_watch.deliver.smtp import MailServer
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.domain.edition import Button, Edition, EditionItem, Part
from tbt_watch.errors import DeliveryError
from tbt_watch.language import Language
from tbt_watch.store import Store

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
Fault = Literal["later", "refused", "gone", "lost", "access"]
KNOWN: dict[Fault, tuple[bool, bool | None, bool, bool]] = {
    "later": (False, False, False, False),
    "refused": (True, False, False, False),
    "gone": (True, False, True, False),
    "lost": (False, None, False, False),
    "access": (True, False, False, True),
}
"""What is known after each: permanent, sent, blocked, whole_channel."""


class Rig(Protocol):
    """A channel and its other end."""

    channel: Channel

    def address(self, number: int) -> str:
        """Of a reader."""

    def arrived(self) -> list[tuple[str, str]]:
        """(address, text) as each reader sees it, in the order in which it came."""

    def prepare(self, fault: Fault) -> bool:
        """Let the next part meet this; False: it cannot happen here."""

    def carry(self, store: Store) -> None:
        """What a person has to do."""


@dataclass
class Folder:
    """Pretended messages."""

    root: Path

    def __post_init__(self) -> None:
        self.channel = Pretend(self.root)

    def address(self, number: int) -> str:
        return f"htx-{number}"

    def arrived(self) -> list[tuple[str, str]]:
        files = sorted(self.root.rglob("*.txt"))
        return [(file.parent.name, file.read_text(encoding="utf-8").removesuffix("\n")) for file in files]

    def prepare(self, fault: Fault) -> bool:
        return False

    def carry(self, store: Store) -> None:
        """Nothing."""


@dataclass
class Chats:
    """Telegram, before a stand-in of the Bot API that refuses what the real one would."""

    api: BotApi
    channel: Telegram

    def address(self, number: int) -> str:
        return str(7000 + number)

    def arrived(self) -> list[tuple[str, str]]:
        assert self.api.refused == []
        return [(chat, telegram_html.read(text)) for chat, text, _ in self.api.taken]

    def prepare(self, fault: Fault) -> bool:
        self.api.answers.append(
            {
                "later": Answer(429, "Too Many Requests: retry after 1", {"retry_after": 1}),
                "refused": Answer(400, "Bad Request: BUTTON_URL_INVALID"),
                "gone": Answer(403, "Forbidden: bot was blocked by the user"),
                "lost": Answer(cut=True),
                "access": Answer(401, "Unauthorized"),
            }[fault]
        )
        return True

    def carry(self, store: Store) -> None:
        """Nothing."""


@dataclass
class Mailboxes:
    """E-mail, before a mail server with TLS."""

    box: MailBox
    channel: Email

    def address(self, number: int) -> str:
        return f"htx{number}@example.vn"

    def arrived(self) -> list[tuple[str, str]]:
        found = []
        for letter in self.box.letters:
            body = letter.get_body(("plain",))
            assert body is not None
            text = str(body.get_content()).replace("\r\n", "\n").split("\n\n-- \n")[0]
            found.append((str(letter["To"]), text))
        return found

    def prepare(self, fault: Fault) -> bool:
        self.box.replies.append(
            {
                "later": Reply("RCPT", "451 4.7.1 greylisted"),
                "refused": Reply("DATA", "554 5.6.0 not that"),
                "gone": Reply("RCPT", "550 5.1.1 nobody"),
                "lost": Reply("DATA", cut=True),
                "access": Reply("MAIL", "550 5.7.1 not you"),
            }[fault]
        )
        return True

    def carry(self, store: Store) -> None:
        """Nothing."""


@dataclass
class Groups:
    """Zalo: a person copies."""

    channel: ByHand = field(default_factory=ByHand)
    pasted: list[tuple[str, str]] = field(default_factory=list)

    def address(self, number: int) -> str:
        return f"Nhóm {number}"

    def arrived(self) -> list[tuple[str, str]]:
        return self.pasted

    def prepare(self, fault: Fault) -> bool:
        return False

    def carry(self, store: Store) -> None:
        for one in store.deliveries.newest("PENDING"):
            if one.channel == "zalo" and one.parts:
                self.pasted += [(one.address, text) for text in to_paste(one.parts)]
                store.deliveries.pasted(one.id, "An", one.address, NOW)


@contextmanager
def folder(root: Path) -> Iterator[Rig]:
    yield Folder(root / "messages")


@contextmanager
def chats(_root: Path) -> Iterator[Rig]:
    with bot_api.serving() as api, Telegram(TOKEN, base_url=api.base_url, timeout=30) as channel:
        yield Chats(api, channel)


@contextmanager
def mailboxes(_root: Path) -> Iterator[Rig]:
    with mail_server.serving() as box:
        server = MailServer(
            host="127.0.0.1", port=box.port, security="starttls", user=mail_server.USER,
            password=mail_server.PASSWORD, timeout=30,
        )  # fmt: skip
        sender = Sender(name="Văn phòng TBT", mailbox="tbt@example.gov.vn")
        slip = Slip(lang="vi", foot="Hủy đăng ký", leave="https://tbt.example.gov.vn/u/1")
        with Email(
            server, sender, lambda _a: slip, lambda: NOW, per_minute=60_000, context=box.context
        ) as channel:
            yield Mailboxes(box, channel)


@contextmanager
def groups(_root: Path) -> Iterator[Rig]:
    yield Groups()


RIGS = {"pretend": folder, "telegram": chats, "email": mailboxes, "zalo": groups}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setenv("NO_PROXY", "*")
    with RIGS[request.param](tmp_path) as made:
        assert made.channel.name == request.param
        yield made


PART = Part(number=1, text="<b>Tin &amp; mới</b>")


def fill(store: Store, rig: Rig, readers: int, **changed: object) -> None:
    """One edition of two notices for so many readers."""
    keys = ("G/SPS/N/EU/1234", "G/SPS/N/EU/2")
    for key in keys:
        accept(store, named(key, "EU", **changed), NOW)
    people = [subscriber(rig.address(number), channel=rig.channel.name) for number in range(readers)]
    for person in people:
        store.subscribers.save(person)
    items = tuple(EditionItem(notice_key=key, version=1, reason="sector:fresh-produce") for key in keys)
    edition = Edition(kind="daily", audience=people[0].audience, lang="vi", until=NOW, items=items)
    assert store.editions.compose(edition, NOW) is not None


def delivered(
    store: Store, rig: Rig, language: Language, *, hours: float = 0, one_each: bool = False
) -> None:
    """Let the outbox work at that hour, and a person if one is needed. ``one_each``: a part for each notice."""
    at, begun = NOW + timedelta(hours=hours), time.monotonic()

    def made(edition: Edition, dossiers: object, late: object, limit: int) -> list[Part]:
        if one_each:
            return numbered(f"<b>{item.notice_key}</b>" for item in edition.items)
        head = letterhead(language)
        return render(edition, dossiers, late, limit, head=head, receipt=None, now=NOW)  # type: ignore[arg-type]

    def clock() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    outbox.run(store, {rig.channel.name: rig.channel}, made, clock)
    rig.carry(store)


# ── What every channel is ───────────────────────────────────────────────────────────────────────────────


def test_a_channel_says_what_it_is(rig: Rig) -> None:
    channel = rig.channel
    assert channel.limit >= 1000
    assert channel.permit(rig.address(1)) == 0.0
    assert channel.permit(rig.address(1)) >= 0.0
    if channel.by_hand:
        with pytest.raises(DeliveryError) as caught:
            channel.send(rig.address(1), PART, label="20261120-070000-1-1")
        assert (caught.value.permanent, caught.value.sent) == (True, False)
        return
    given = channel.send(rig.address(1), PART, label="20261120-070000-1-1")
    assert given
    assert "/" not in given, "a number of ours stands before a slash once a chat has moved"
    assert rig.arrived() == [(rig.address(1), "Tin & mới")]


def test_an_answer_to_what_is_gone_goes_out_by_itself(rig: Rig) -> None:
    if not rig.channel.by_hand:
        rig.channel.send(rig.address(1), PART, label="x", reply_to="4711")
        assert rig.arrived() == [(rig.address(1), "Tin & mới")]


def test_buttons_never_stand_in_the_way(rig: Rig) -> None:
    rows = (
        (Button(label="Theo dõi", action="follow:1"), Button(label="Vì sao?", action="why:1:2")),
        (Button(label="Xem <tiếp>", action="https://tbt.example.gov.vn/?a=1&b=2"),),
    )
    if not rig.channel.by_hand:
        rig.channel.send(rig.address(1), Part(number=1, text=PART.text, buttons=rows), label="x")
        ((_, text),) = rig.arrived()
        assert text.startswith("Tin & mới")


@pytest.mark.parametrize("fault", KNOWN)
def test_an_error_says_what_is_known(rig: Rig, fault: Fault) -> None:
    if not rig.prepare(fault):
        return
    with pytest.raises(DeliveryError) as caught:
        rig.channel.send(rig.address(1), PART, label="x")
    error = caught.value
    assert (error.permanent, error.sent, error.blocked, error.whole_channel) == KNOWN[fault]
    assert str(error).endswith(".")
    assert len(str(error).splitlines()) == 1
    assert len(rig.arrived()) == (fault == "lost")
    assert rig.channel.send(rig.address(2), PART, label="y"), "and it goes on"


def test_threads_do_not_mix_readers(rig: Rig) -> None:
    if rig.channel.by_hand:
        return

    def send(number: int) -> str:
        return rig.channel.send(
            rig.address(number), Part(number=1, text=f"Tin {number}"), label=f"x-{number}"
        )

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(send, range(24)))
    assert len(set(given)) == 24
    assert sorted(rig.arrived()) == sorted((rig.address(n), f"Tin {n}") for n in range(24))


# ── An edition ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_edition_reaches_everybody_whole_and_once(rig: Rig, store: Store, language: Language) -> None:
    fill(store, rig, 5)
    delivered(store, rig, language)
    delivered(store, rig, language, hours=1)
    found = rig.arrived()
    assert sorted(address for address, _ in found) == sorted(rig.address(number) for number in range(5))
    for _, text in found:
        assert "2 tin" in text.splitlines()[0]
        for fact in ("G/SPS/N/EU/1234", "G/SPS/N/EU/2", "31/12/2026", "Fresh-produce"):
            assert fact in text
        assert unicodedata.is_normalized("NFC", text)
    assert len({text for _, text in found}) == 1
    assert {one.state for one in store.deliveries.newest()} == {"SENT"}


HOSTILE = (
    "</b></a><script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; &amp;amp;",
    'x" onclick="y" <a href="javascript:alert(1)">Bấm</a> [a](tg://user?id=1) *_`~|',
    "Subject: x\r\nBcc: all@example.vn\r\n\r\n.\r\nRCPT TO:<b@example.vn>",
    "\u202egnp.exe \u2066 \ufeff\x00\x1b[31m\ud800 dư lượng",
    "Dư lượng thuốc",  # decomposed
    "'; DROP TABLE delivery; -- ${jndi:ldap://x} {{7*7}} {name} %s",
)  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_words(rig: Rig, store: Store, language: Language, title: str) -> None:
    fill(store, rig, 2, title=title.encode("utf-8", "replace").decode())
    delivered(store, rig, language)
    found = rig.arrived()
    assert Counter(address for address, _ in found) == {rig.address(0): 1, rig.address(1): 1}
    for _, text in found:
        assert "G/SPS/N/EU/1234" in text
        assert unicodedata.is_normalized("NFC", text)
        assert not set(text) & set("\x00\x1b\u202e\u2066\ufeff\r")
        words = [
            word for word in ("<script>alert(1)</script>", "javascript:alert(1)", "{{7*7}}") if word in title
        ]
        assert all(word in text for word in words), "it is read as it was written"


def test_nothing_is_lost_and_nothing_comes_twice_unsaid(rig: Rig, store: Store, language: Language) -> None:
    """Twelve readers, two parts each, and every fault that the channel knows in the middle."""
    fill(store, rig, 12)
    for fault in ("later", "gone", "lost", "refused"):
        rig.prepare(fault)  # type: ignore[arg-type]
    for hours in (0, 0.01, 0.5, 1, 3):
        delivered(store, rig, language, hours=hours, one_each=True)
    arrived = Counter(rig.arrived())
    ledger = store.deliveries.newest()
    assert len(ledger) == 12
    faulty = [one for one in ledger if one.state != "SENT"]
    assert Counter(one.state for one in faulty) == (
        {"BLOCKED": 1, "FAILED": 1} if rig.channel.name in ("telegram", "email") else {}
    )
    for one in ledger:
        texts = Counter(
            text for (address, text), count in arrived.items() if address == one.address for _ in range(count)
        )
        once = rig.channel.name == "zalo"  # a person pastes what belongs together as one message
        wanted = [telegram_html.read(part.text) for part in one.parts]
        for part, text in zip(one.parts, wanted, strict=True):
            came = sum(text in message for message in texts.elements()) if once else texts[text]
            if part.state == "SENT" and part.lost == 0:
                assert came == 1, (one.id, text)
            elif part.state != "SENT":
                assert came == 0, (one.id, part.state)
        assert one.state != "SENT" or {part.state for part in one.parts} == {"SENT"}


def test_a_channel_that_refuses_us_loses_nothing(rig: Rig, store: Store, language: Language) -> None:
    if not all(rig.prepare("access") for _ in range(4)):  # as many as are on their way at once
        return
    fill(store, rig, 4)
    delivered(store, rig, language)
    assert rig.arrived() == []
    assert "channel-refused" in {issue.kind for issue in store.issues.open_list()}
    for hours in (1, 4):
        delivered(store, rig, language, hours=hours)
    assert {one.state for one in store.deliveries.newest()} == {"SENT"}
    assert Counter(address for address, _ in rig.arrived()) == {rig.address(n): 1 for n in range(4)}
    assert store.issues.open_list() == []
