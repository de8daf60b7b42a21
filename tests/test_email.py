"""The e-mail channel over a real connection with TLS, and the letters themselves."""

import logging
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, Literal

import mail_server
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_server import PASSWORD, USER, MailBox, Reply

from tbt_watch.deliver.email import Email
from tbt_watch.deliver.letter import SUBJECT, Sender, Slip, compose, is_mailbox
from tbt_watch.deliver.markup import bold, escape, link
from tbt_watch.deliver.smtp import MailServer
from tbt_watch.domain.edition import Button, Part
from tbt_watch.errors import ConfigError, DeliveryError

AT = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
LEAVE = "https://canh-bao-tbt.sokhcn.vinhlong.gov.vn/tbt/unsubscribe/" + "a1B2_" * 20
SENDER = Sender(name="Văn phòng TBT Vĩnh Long", mailbox="tbt@example.gov.vn", reply_to="hoi@example.gov.vn")
SLIP = Slip(lang="vi", foot=f"Bạn nhận thư này vì đã đăng ký.\n{link('Hủy nhận tin', LEAVE)}", leave=LEAVE)
TEXT = (
    "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 41 ngày\n"
    f"{bold('Mức dư lượng <tối đa> của chlorpyrifos')}\n\n.một dòng bắt đầu bằng dấu chấm\n."
    f"\n\n{link('Chi tiết', 'https://tbt.example.gov.vn/g/sps/n/eu/1234/?a=1&b=2')}"
)
PART = Part(
    number=1,
    text=TEXT,
    buttons=(
        (
            Button(label="Ảnh hưởng đến tôi", action="affected:12"),
            Button(label="Không liên quan", action="irrelevant:12"),
        ),
        (Button(label="Gửi góp ý", action="https://tbt.example.gov.vn/kit/12"),),
    ),
)


def parsed(letter: bytes) -> EmailMessage:
    found = message_from_bytes(letter, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def bodies(letter: EmailMessage) -> tuple[str, str]:
    found = [letter.get_body((kind,)) for kind in ("plain", "html")]
    assert all(found)
    return found[0].get_content().replace("\r\n", "\n"), found[1].get_content()


class Reader(HTMLParser):
    """What a mail program would see: addresses, elements, text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[tuple[str, str]] = []
        self.elements: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "background", "action") or "url(" in (value or ""):
                self.fetched.append((tag, value or ""))

    def handle_data(self, data: str) -> None:
        self.text += data


# ── The letter ──────────────────────────────────────────────────────────────────────────────────────────


def written(part: Part = PART, **other: Any) -> EmailMessage:
    given: dict[str, Any] = {
        "sender": SENDER,
        "slip": SLIP,
        "label": "20261120-070000-12-1",
        "at": AT,
        **other,
    }
    return compose("htx@example.vn", part, **given)


def test_the_headers_of_a_letter() -> None:
    raw = written().as_bytes()
    letter = parsed(raw)
    assert dict(letter.items()) == {
        "From": "Văn phòng TBT Vĩnh Long <tbt@example.gov.vn>",
        "To": "htx@example.vn",
        "Reply-To": "hoi@example.gov.vn",
        "Subject": "🇪🇺 EU · SPS · Dự thảo · hạn góp ý còn 41 ngày",
        "Date": "Fri, 20 Nov 2026 07:00:00 +0700",
        "Message-ID": letter["Message-ID"],
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Id": "<tbt-watch.example.gov.vn>",
        "List-Unsubscribe": f"<{LEAVE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": letter["Content-Type"],
    }
    assert f"List-Unsubscribe: <{LEAVE}>\r\n".encode() in raw, "an address in encoded words is none"
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_the_same_letter_has_the_same_bytes_and_each_reader_and_part_a_name_of_its_own() -> None:
    assert written().as_bytes() == written().as_bytes()
    names = {written(label=label)["Message-ID"] for label in ("20261120-070000-12-1", "20261120-070000-12-2")}
    names.add(
        compose("b@example.vn", PART, sender=SENDER, slip=SLIP, label="20261120-070000-12-1", at=AT)[
            "Message-ID"
        ]
    )
    assert len(names) == 3
    assert all(name.endswith("@example.gov.vn>") for name in names)
    assert not any("htx" in name for name in names)


def test_an_answer_names_the_letter_that_it_answers_and_nothing_else() -> None:
    above = written()["Message-ID"]
    answer = parsed(written(reply_to=above).as_bytes())
    assert (answer["In-Reply-To"], answer["References"]) == (above, above)
    for other in ("17", "<a@b>\r\nBcc: x@example.org", "no id"):
        assert "In-Reply-To" not in written(reply_to=other)


def test_both_bodies_say_the_same_and_fetch_nothing() -> None:
    plain, page = bodies(parsed(written().as_bytes()))
    seen = Reader(page)
    assert seen.fetched == []
    assert not seen.elements & {"script", "img", "iframe", "form", "object", "link", "base"}
    assert seen.links == [
        "https://tbt.example.gov.vn/g/sps/n/eu/1234/?a=1&b=2", "https://tbt.example.gov.vn/kit/12", LEAVE,
    ]  # fmt: skip
    for line in ("Mức dư lượng <tối đa> của chlorpyrifos", ".một dòng bắt đầu bằng dấu chấm"):
        assert line in plain
        assert line in seen.text
    assert "Chi tiết: https://tbt.example.gov.vn/g/sps/n/eu/1234/?a=1&b=2" in plain
    assert "Gửi góp ý: https://tbt.example.gov.vn/kit/12" in plain
    assert f"-- \nBạn nhận thư này vì đã đăng ký.\nHủy nhận tin: {LEAVE}" in plain
    assert "Ảnh hưởng" not in plain + page, "a mail cannot send back what is tapped"
    assert 'lang="vi"' in page
    assert 'name="color-scheme" content="light dark"' in page


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n\0\u2028\u202e<>"&@'), max_size=300)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_becomes_a_header_or_an_element(title: str, name: str, label: str) -> None:
    part = Part(number=1, text=f"{escape(title)}\n\n{bold(title)}")
    letter = written(part, sender=replace(SENDER, name=name), label=label, reply_to=title)
    raw = letter.as_bytes()
    again = parsed(raw)
    assert sorted(again.keys()) == sorted(written(sender=replace(SENDER, name="x")).keys())
    assert len(again["Subject"]) <= SUBJECT
    assert again["To"] == "htx@example.vn"
    assert again["From"].addresses[0].addr_spec == "tbt@example.gov.vn"
    seen = Reader(bodies(again)[1])
    assert not seen.elements - {"html", "head", "meta", "title", "style", "body", "div", "p", "br", "b", "a"}
    assert seen.links == [LEAVE]


@given(st.text(st.sampled_from("ếừộ abcđ🇻🇳·—\t"), min_size=1, max_size=200))
def test_a_subject_comes_back_as_it_was(line: str) -> None:
    part = Part(number=1, text=escape(line))
    assert parsed(written(part).as_bytes())["Subject"] == written(part)["Subject"]


@pytest.mark.parametrize(
    "address",
    ["a@b", "a b@example.vn", "a@example.vn\r\nBcc: x@example.org", "<a@example.vn>", "ă@example.vn", "a@ví.vn", "",
     ".a@example.vn", "a..b@example.vn", "a@-",
     f"{'a' * 65}@example.vn", "a@example.vn, b@example.vn", "a@[127.0.0.1]",
    ],
)  # fmt: skip
def test_what_is_no_mailbox(address: str) -> None:
    assert not is_mailbox(address)
    with pytest.raises(ValueError, match="no mail address"):
        compose(address, PART, sender=SENDER, slip=SLIP, label="x", at=AT)


def test_what_is_a_mailbox() -> None:
    for address in ("a@example.vn", "pham.thi+tbt@so-khcn.vinhlong.gov.vn", "o'neil_1@xn--vn-fka.vn"):
        assert is_mailbox(address)
    with pytest.raises(ConfigError, match="reply_to"):
        Sender(name="x", mailbox="a@example.vn", reply_to="nobody")


# ── The connection ──────────────────────────────────────────────────────────────────────────────────────


def channel(box: MailBox, security: Literal["starttls", "tls", "none"] = "starttls", **other: Any) -> Email:
    server = MailServer(
        host="127.0.0.1", port=box.port, security=security, user=USER, password=PASSWORD, timeout=30
    )
    server = replace(
        server, **{name: other.pop(name) for name in ("user", "password", "timeout") if name in other}
    )
    slip = other.pop("slip", lambda _address: SLIP)
    return Email(server, SENDER, slip, lambda: AT, **{"context": box.context, "per_minute": 60_000, **other})


@pytest.fixture
def box(caplog: pytest.LogCaptureFixture) -> Iterator[MailBox]:
    with mail_server.serving() as serving:
        yield serving
    assert PASSWORD not in caplog.text


@pytest.fixture
def mail(box: MailBox) -> Iterator[Email]:
    with channel(box) as opened:
        yield opened


def fault(mail: Email, address: str = "htx@example.vn") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        mail.send(address, PART, label="20261120-070000-12-1")
    assert PASSWORD not in str(caught.value)
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_letter_arrives_as_it_was_written(security: Literal["starttls", "tls", "none"]) -> None:
    other = {"user": ""} if security == "none" else {}
    with mail_server.serving(security, auth=not other) as box, channel(box, security, **other) as mail:
        name = mail.send("htx@example.vn", PART, label="20261120-070000-12-1")
        assert mail.check() == f"127.0.0.1:{box.port}"
    (letter,) = box.letters
    assert letter["Message-ID"] == name
    assert box.recipients == ["htx@example.vn"]
    assert box.raw[0] == written().as_bytes(), "dots at the beginning of lines too"


def test_a_line_is_used_again_and_one_that_fell_asleep_is_not(box: MailBox) -> None:
    now = [0.0]
    with channel(box, stopwatch=lambda: now[0]) as mail:
        for number in range(3):
            mail.send("htx@example.vn", PART, label=f"a-{number}")
        assert box.asked.count("EHLO") == 2, "once before TLS and once after"
        now[0] = 100.0
        mail.send("htx@example.vn", PART, label="b")
    assert box.asked.count("EHLO") == 4
    assert len(box.letters) == 4


def test_several_threads_send_and_it_can_be_closed_twice(mail: Email, box: MailBox) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda n: mail.send(f"a{n}@example.vn", PART, label="x"), range(24)))
    assert len(set(names)) == 24
    assert sorted(box.recipients) == sorted(f"a{n}@example.vn" for n in range(24))
    mail.close()
    mail.close()


LATER = (False, False, False, False)
REFUSED = (True, False, False, False)
NOBODY = (True, False, True, False)
ACCESS = (True, False, False, True)
UNKNOWN = (False, None, False, False)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("MAIL", "451 4.3.0 try later"), LATER),
        (Reply("MAIL", "550 5.7.1 sender not allowed"), ACCESS),
        (Reply("MAIL", cut=True), LATER),
        (Reply("RCPT", "450 4.2.1 greylisted"), LATER),
        (Reply("RCPT", "452 4.2.2 mailbox full"), LATER),
        (Reply("RCPT", "550 5.1.1 no such user"), NOBODY),
        (Reply("RCPT", "550 no such user"), NOBODY),
        (Reply("RCPT", "550 5.7.1 we do not want you"), NOBODY),
        (Reply("RCPT", "553 5.1.3 bad address"), NOBODY),
        (Reply("RCPT", "550 5.5.0 something else"), REFUSED),
        (Reply("RCPT", "552 5.2.2 mailbox full"), REFUSED),
        (Reply("RCPT", cut=True), LATER),
        (Reply("DATA", "451 4.7.1 later"), LATER),
        (Reply("DATA", "552 5.3.4 too large"), REFUSED),
        (Reply("DATA", "554 transaction failed"), REFUSED),
        (Reply("DATA", "550 5.7.1 blocked"), NOBODY),
        (Reply("DATA", cut=True), UNKNOWN),
        (Reply("DATA", hang=4), UNKNOWN),
    ],
    ids=lambda given: (
        f"{given.phase} {given.text if not given.cut else 'cut'}" if isinstance(given, Reply) else ""
    ),
)
def test_every_fault_says_what_is_known(box: MailBox, reply: Reply, expected: tuple[object, ...]) -> None:
    box.replies.append(reply)
    with channel(box, timeout=2 if reply.hang else 30) as mail:
        error = fault(mail)
        found = (error.permanent, error.sent, error.blocked, error.whole_channel)
        assert found == expected
        if expected[1] is False:
            assert box.letters == []
        assert mail.send("b@example.vn", PART, label="next"), "and the channel goes on"


def test_an_answer_of_the_server_stands_in_one_line(mail: Email, box: MailBox) -> None:
    box.replies.append(Reply("RCPT", "550-5.1.1 first\r\n550 5.1.1 second \x1b[31m" + "x" * 500))
    text = str(fault(mail))
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) < 400


def test_who_cannot_be_reached_got_nothing(box: MailBox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = MailBox(port=free.getsockname()[1], context=box.context)
        with channel(nowhere) as mail:
            error = fault(mail)
        assert 50 < mail.permit("b@example.vn") <= 60, "each try may take long, and others wait meanwhile"
    assert (error.permanent, error.sent, error.whole_channel) == (False, False, False)


def test_a_certificate_is_checked(box: MailBox) -> None:
    with channel(box, context=ssl.create_default_context()) as mail:
        error = fault(mail)
    assert error.whole_channel
    assert "certificate" in str(error)
    with mail_server.serving("tls", host="192.0.2.7") as other, channel(other, "tls") as mail:
        assert "certificate" in str(fault(mail)), "one for another server"
    assert other.letters == box.letters == []


def test_nothing_goes_out_without_tls() -> None:
    with mail_server.serving("none") as box, channel(box, "starttls") as mail:
        error = fault(mail)
    assert (error.whole_channel, box.letters, "MAIL" in box.asked) == (True, [], False)


def test_a_wrong_password_stops_the_channel(box: MailBox) -> None:
    with channel(box, password="wrong-password") as mail:
        error = fault(mail)
        assert error.whole_channel
        assert "TBT_SMTP_PASSWORD" in str(error)
        assert "wrong-password" not in str(error)


def test_an_address_that_is_none_is_no_fault_of_the_server(mail: Email, box: MailBox) -> None:
    error = fault(mail, "a@example.vn\r\nRCPT TO:<b@example.vn>")
    assert (error.permanent, error.blocked, box.lines) == (True, True, 0)


def test_nobody_is_written_to_who_was_removed_meanwhile(box: MailBox) -> None:
    with channel(box, slip=lambda _address: None) as mail:
        assert fault(mail).permanent
    assert box.letters == []


def test_it_keeps_its_pace(box: MailBox) -> None:
    now = [0.0]
    mail = channel(box, stopwatch=lambda: now[0], per_minute=30)
    times = []
    for _ in range(31):
        while pause := mail.permit("x"):
            now[0] += pause
        times.append(now[0])
    assert times[-1] == pytest.approx(60.0)


def test_a_long_edition_goes_whole(mail: Email, box: MailBox) -> None:
    text = "\n\n".join(f"{bold(f'G/TBT/N/USA/{number}')} nội dung dài" * 5 for number in range(2000))
    mail.send("htx@example.vn", Part(number=1, text=text), label="x")
    plain, page = bodies(box.letters[0])
    assert plain.count("G/TBT/N/USA/1999") == page.count("G/TBT/N/USA/1999") == 5


def test_what_is_logged_names_no_reader(mail: Email, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="tbt_watch"):
        mail.send("htx@example.vn", PART, label="20261120-070000-12-1")
    assert "20261120-070000-12-1" in caplog.text
    assert "htx@" not in caplog.text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("<b>Tin ngày 20/11/2026: 14 tin</b>\n\nĐang lấy ý kiến", "Tin ngày 20/11/2026: 14 tin"),
        ("5 tin mới\n\nĐang lấy ý kiến", "5 tin mới"),
        ("Gửi lại\n🇪🇺 EU · SPS · Dự thảo", "Gửi lại · 🇪🇺 EU · SPS · Dự thảo"),
        ("", "TBT Watch"),
        ("\n \n", "TBT Watch"),
        (f"{'chữ ' * 40}\nx", f"{('chữ ' * 19).strip()} …"),
    ],
)
def test_the_subject_is_the_first_line(text: str, subject: str) -> None:
    assert written(Part(number=1, text=text))["Subject"] == subject
