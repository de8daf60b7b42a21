"""A mailbox is asked before anything else goes there: by a mail server and the pages, from import to first edition."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import mail_server
import pytest
from cast import POMELO, accept, named, subscriber
from desk import Desk
from doors import BASE, CONFIG, Door, opened
from mail_server import MailBox, Reply

from tbt_watch import pipeline
from tbt_watch.deliver.consent import AT_ONCE
from tbt_watch.deliver.email import Email
from tbt_watch.digest.enrol import enrol
from tbt_watch.domain.subscriber import Criteria, Subscriber


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_server.serving("none", auth=False) as serving:
        yield serving


@pytest.fixture
def door(tmp_path: Path, box: MailBox) -> Iterator[Door]:
    local = f'host = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\nper_minute = 6000\n'
    config = CONFIG.replace('host = "127.0.0.1"\n', local) + "[digest]\nquiet = ['00:00', '00:00']\n"
    with opened(tmp_path, config) as one:
        yield one


def enter(door: Door, *addresses: str, lang: str = "vi") -> list[Subscriber]:
    wish = (Criteria(areas=("SPS",)), "instant")
    people = [subscriber(address, wish, channel="email", lang=lang) for address in addresses]
    return [enrol(door.app.store, replace(one, since=door.clock()), door.clock()) for one in people]


def deliver(door: Door, **later: int) -> None:
    door.clock.now += timedelta(**later)
    pipeline.deliver(door.app)


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(letter: EmailMessage, name: str) -> str:
    found = re.search(rf"{re.escape(BASE)}/{name}/\S+", text(letter))
    assert found
    return found[0]


def kinds(door: Door) -> list[str]:
    return [issue.kind for issue in door.app.store.issues.open_list()]


def test_from_the_table_to_the_first_edition_and_out_again(door: Door, box: MailBox) -> None:
    enter(door, "htx@example.vn")
    accept(door.app.store, named("G/SPS/N/EU/1", "EU"), door.clock())
    pipeline.digest(door.app)
    deliver(door)
    (asking,) = box.letters
    assert asking["Subject"] == "Xác nhận đăng ký nhận tin của Văn phòng TBT Vĩnh Long"
    assert "List-Unsubscribe" not in asking, "there is nothing to leave yet"
    assert "04/12/2026" in text(asking) or "4/12/2026" in text(asking)
    deliver(door, days=1)
    assert len(box.letters) == 1, "asked once, and nothing else went out"

    assert door.post(link(asking, "confirm")).status_code == 200
    deliver(door, minutes=10)
    pipeline.digest(door.app)
    deliver(door, minutes=10)
    assert len(box.letters) == 1, "what was accepted before is old"
    accept(
        door.app.store, replace(named("G/SPS/N/EU/2", "EU"), published_on=POMELO.published_on), door.clock()
    )
    door.clock.now += timedelta(minutes=10)
    pipeline.digest(door.app)
    deliver(door)
    _, edition = box.letters
    assert "G/SPS/N/EU/2" in text(edition)
    assert "G/SPS/N/EU/1 " not in text(edition)
    assert edition["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Quý vị nhận thư này vì địa chỉ htx@example.vn đã đăng ký" in text(edition)

    leave = str(edition["List-Unsubscribe"]).strip("<>")
    assert leave == link(edition, "unsubscribe")
    door.post(leave, data={"List-Unsubscribe": "One-Click"})
    accept(door.app.store, named("G/SPS/N/EU/3", "EU"), door.clock())
    door.clock.now += timedelta(minutes=10)
    pipeline.digest(door.app)
    deliver(door)
    assert len(box.letters) == 2
    assert kinds(door) == []


def test_who_does_not_answer_is_asked_once_more_and_then_left_alone(door: Door, box: MailBox) -> None:
    enter(door, "htx@example.vn")
    for _ in range(40):
        deliver(door, days=1)
    assert len(box.letters) == 2
    first, second = box.letters
    assert first["Message-ID"] != second["Message-ID"]
    enter(door, "htx@example.vn")  # staff import it anew
    deliver(door)
    enter(door, "htx@example.vn")
    deliver(door, minutes=5)
    assert len(box.letters) == 3, "not twice on one day"
    assert door.post(link(first, "confirm")).status_code == 410
    assert door.post(link(box.letters[2], "confirm")).status_code == 200
    assert door.app.store.talks.get("email", "htx@example.vn") is None


@pytest.mark.parametrize(
    ("reply", "after", "letters", "issues"),
    [
        (Reply("RCPT", "450 4.2.0 later"), {"minutes": 2}, 1, []),
        (Reply("DATA", "451 4.3.0 later"), {"minutes": 2}, 1, []),
        (Reply("RCPT", "550 5.1.1 nobody"), {"days": 30}, 0, ["consent-failed"]),
        (Reply("DATA", "451 lost", cut=True), {"days": 2}, 0, []),
        (Reply("DATA", "451 lost", cut=True), {"days": 8}, 1, []),
    ],
    ids=["later", "later still", "nobody", "unknown", "unknown a week later"],
)
def test_faults_while_asking(
    door: Door, box: MailBox, reply: Reply, after: dict[str, int], letters: int, issues: list[str]
) -> None:
    box.replies.append(reply)
    enter(door, "htx@example.vn")
    deliver(door)
    assert box.letters == []
    deliver(door, seconds=10)
    assert box.letters == [], "not again at once"
    deliver(door, **after)
    assert (len(box.letters), kinds(door)) == (letters, issues)


def test_a_refused_sender_is_said_once_and_everybody_is_asked_later(door: Door, box: MailBox) -> None:
    enter(door, "a@example.vn", "b@example.vn", "c@example.vn")
    box.replies.append(Reply("MAIL", "550 5.7.1 not you"))
    deliver(door)
    assert (box.letters, kinds(door)) == ([], ["channel-refused"])
    assert box.asked.count("MAIL") == 1
    deliver(door, minutes=10)
    assert sorted(box.recipients) == ["a@example.vn", "b@example.vn", "c@example.vn"]


def test_what_is_a_lot_is_asked_bit_by_bit(door: Door, box: MailBox) -> None:
    enter(door, *(f"a{number}@example.vn" for number in range(AT_ONCE + 5)))
    deliver(door)
    assert len(box.letters) == AT_ONCE
    deliver(door, minutes=5)
    assert len(set(box.recipients)) == len(box.letters) == AT_ONCE + 5


def test_a_kill_while_asking_asks_nobody_twice(
    door: Door, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(door, "htx@example.vn")

    def killed(*_given: object, **_named: object) -> str:
        raise SystemExit(1)

    with monkeypatch.context() as patch:
        patch.setattr(Email, "write", killed)
        with pytest.raises(SystemExit):
            deliver(door)
    deliver(door, hours=1)
    assert box.letters == []
    deliver(door, days=7)
    assert len(box.letters) == 1


def test_it_keeps_the_pace_of_the_channel(tmp_path: Path, box: MailBox) -> None:
    config = CONFIG.replace(
        'host = "127.0.0.1"\n', f'host = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
    )
    with ExitStack() as stack:
        door = stack.enter_context(
            opened(tmp_path, config.replace("[deliver.email]", "[deliver.email]\nper_minute = 1"))
        )
        enter(door, "a@example.vn", "b@example.vn")
        deliver(door)
        assert len(box.letters) == 1, "the next one is left to a later run"


def test_the_letter_that_asks_speaks_the_readers_language(door: Door, box: MailBox) -> None:
    enter(door, "htx@example.vn", lang="en")
    deliver(door)
    assert box.letters[0]["Subject"] == "Confirm your subscription to the news of Văn phòng TBT Vĩnh Long"
    assert "If you did not ask for this" in text(box.letters[0])


def test_doctor_looks_at_the_mail_server(tmp_path: Path, box: MailBox) -> None:
    local = f'host = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
    desk = Desk(tmp_path, 'language = "en"\n' + CONFIG.replace('host = "127.0.0.1"\n', local))
    (line,) = [one for one in desk.typed("doctor").out.splitlines() if "mail server" in one]
    assert line == f"✓ The mail server 127.0.0.1:{box.port} lets us in."
    (line,) = [one for one in desk.typed("doctor").out.splitlines() if "Links in letters" in one]
    assert (
        line
        == f"✓ Links in letters lead to {BASE}; the web server there has to pass them on to 127.0.0.1:8099."
    )
    free = mail_server.free_port()
    nobody = f'host = "127.0.0.1"\nport = {free}\n'
    desk.configure('language = "en"\n' + CONFIG.replace('host = "127.0.0.1"\n', nobody))
    done = desk.typed("doctor")
    assert done.code == 1
    assert f"✗ The mail server 127.0.0.1:{free} did not take" in done.out
    desk.configure('language = "en"\n' + CONFIG.replace('sender = "tbt@example.gov.vn"', ""))
    assert "[deliver.email] sender is empty" in desk.typed("doctor").out
