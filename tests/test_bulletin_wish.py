"""The bulletin as a wish: in the conversation, by a link, in a table, on the curators' page, and in a letter's foot."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import mail_server
import pytest
from cast import subscriber
from doors import Door, opened
from office import Office, office
from talks import Chat

from tbt_watch import publishing
from tbt_watch.bot.nouns import CHANNEL
from tbt_watch.bulletin import papers
from tbt_watch.deliver.buttons import NO_BULLETIN
from tbt_watch.deliver.email import Email
from tbt_watch.deliver.letter import Sender, Slip
from tbt_watch.deliver.smtp import MailServer
from tbt_watch.digest import wishes
from tbt_watch.digest.enrol import enrol
from tbt_watch.domain.code import code_of
from tbt_watch.domain.edition import Button, Edition, Part
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.errors import PaperError
from tbt_watch.register import COLUMNS, read_csv, subscribers, write_table
from tbt_watch.store.ledger import Wanted

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, empty_database: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office on a Friday morning, which prints no PDF."""

    def not_printed(_html: bytes) -> bytes:
        raise PaperError("No PDF was made.")

    monkeypatch.setattr(papers, "to_pdf", not_printed)
    with office(tmp_path, empty_database, FRIDAY) as made:
        yield made


def published(house: Office) -> int:
    """The number in the store of an edition that is published now."""
    made = house.app.editions.new("bulletin", "Lan", house.at)
    made = house.app.editions.save(replace(made, words="Lời đầu."), "Lan", house.at)
    return publishing.publish_edition(house.app, made, "Lan")[0].id or 0


# ── In the conversation ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["b", "bulletin", "BANTIN"])
def test_a_link_of_the_site_is_enough(house: Office, said: str) -> None:
    chat = Chat(house.app, "7001").command("start", said)
    assert chat.text == "Đã đăng ký nhận bản tin: mỗi số được gửi khi phát hành."
    assert chat.subscriber
    assert (chat.subscriber.subscriptions, chat.subscriber.bulletin_since) == ((), FRIDAY)
    assert chat.talk.step == ""
    house.later(days=1)
    chat.command("start", said)  # once more changes nothing
    assert chat.subscriber.bulletin_since == FRIDAY


def test_one_tap_begins_and_one_ends_it(house: Office) -> None:
    chat = Chat(house.app, "7001").command("start").tap("Chỉ nhận bản tin")
    assert chat.subscriber
    assert chat.subscriber.bulletin_since == FRIDAY
    assert chat.talk.step == ""
    chat.command("dangky")
    assert "Bản tin: nhận từng số khi phát hành." in chat.text
    chat.tap("Thôi nhận bản tin")
    assert (chat.notes[-1], chat.text) == ("Đã thôi nhận bản tin.", "Đã thôi nhận bản tin.")
    assert chat.subscriber.bulletin_since is None
    chat.tap("Thôi nhận bản tin")
    assert chat.notes[-1] == "Anh/chị không nhận bản tin."
    assert "chưa đăng ký" in chat.command("dangky").text
    chat.tap("Nhận bản tin").tap("Nhận bản tin")
    assert chat.notes[-1] == "Anh/chị đang nhận bản tin rồi."


def test_it_stands_beside_the_news_and_goes_by_itself(house: Office) -> None:
    chat = Chat(house.app, "7001").command("start").tap("Thủy sản").tap("Tiếp tục").tap("Mọi thị trường")
    chat.tap("Tiếp tục").tap("Hằng ngày lúc").tap("Lưu")
    assert chat.subscriber
    news = chat.subscriber.subscriptions
    chat.tap("Nhận bản tin")
    assert (chat.subscriber.subscriptions, bool(chat.subscriber.bulletin_since)) == (news, True)
    assert chat.tap("Thôi nhận bản tin").text == "Đã thôi nhận bản tin. Các đăng ký khác vẫn giữ nguyên."
    chat.tap("Nhận bản tin").command("dangky").tap("Bỏ 1")
    assert chat.subscriber.wishes
    assert "Bản tin: nhận từng số khi phát hành." in chat.text


def test_a_half_made_subscription_goes_on(house: Office) -> None:
    chat = Chat(house.app, "7001").command("dangky").tap("Đăng ký")
    chat.types("chuối").push("m:bulletin:on")
    assert (chat.talk.step, bool(chat.talk.draft.criteria.words)) == ("subject", True)


def test_bantin_shows_the_newest_number(house: Office) -> None:
    chat = Chat(house.app, "7001").command("bantin")
    assert "Số mới nhất" not in chat.text
    published(house)
    assert "Số mới nhất: Bản tin nhanh số 1/2026" in chat.command("bantin").text
    assert chat.subscriber is None
    assert "Anh/chị đang nhận bản tin." in chat.tap("Nhận bản tin").command("bantin").text
    assert "Newest number: Weekly bulletin No. 1/2026" in chat.push("m:lang:en").command("bantin").text


def test_in_a_group_only_an_administrator_begins_or_ends_it(house: Office) -> None:
    chat = Chat(house.app, "-1007001", group=True)
    assert chat.event("joined").labels == ["Chọn nội dung", "Nhận bản tin"]
    chat.admin = False
    for deed in ("m:bulletin:on", "m:bulletin:off"):
        assert chat.push(deed).notes[-1].startswith("Chỉ quản trị viên")
    assert "Chỉ quản trị viên" in chat.command("start", "b").text
    assert chat.subscriber is None
    assert "Bản tin của" in chat.command("bantin").text
    chat.admin = True
    assert chat.push("m:bulletin:on").subscriber


def test_who_taps_why_is_told_of_the_bulletin(house: Office) -> None:
    from cast import POMELO

    number = house.accepted(POMELO)
    chat = Chat(house.app, "7001").command("start", "b")
    published(house)
    (waits,) = house.app.store.deliveries.find(Wanted())
    edition: Edition = house.app.store.editions.get(waits.edition_id)
    assert [item.notice_key for item in edition.items] == [POMELO.key]
    chat.push(f"why:{number}:{waits.edition_id}")
    assert "Tin này có trong bản tin mà anh/chị đăng ký nhận." in chat.text


def test_a_prepared_code_brings_it(house: Office) -> None:
    store = house.app.store
    person = Subscriber(
        name="Công ty Cá", lang="vi", channel=CHANNEL, address="", subscriptions=(), since=FRIDAY,
        bulletin_since=FRIDAY,
    )  # fmt: skip
    code = code_of(enrol(store, person, FRIDAY))
    published(house)
    assert store.deliveries.find(Wanted()) == []
    house.later(days=1)
    chat = Chat(house.app, "7001").command("start", f"c-{code}")
    assert chat.subscriber
    assert chat.subscriber.bulletin_since == house.at, "nothing old"
    other = code_of(enrol(store, replace(person, name="Công ty Tôm"), FRIDAY))
    both = Chat(house.app, "7002").command("start", "s-seafood").command("start", "b")
    since = both.subscriber and both.subscriber.bulletin_since
    both.command("start", f"c-{other}")
    assert both.subscriber
    assert both.subscriber.bulletin_since == since


# ── In a table ──────────────────────────────────────────────────────────────────────────────────────────

TABLE = """name,channel,address,frequency,sectors,bulletin
Sở,email,so@example.vn,,,có
HTX,telegram,123456,daily,seafood,x
Nhóm,zalo,Nhóm A,,,yes
Không,telegram,123457,daily,,no
Lỗi,telegram,123458,,seafood,yes
Rỗng,telegram,123459,,,
Sai,telegram,123460,daily,,maybe
"""


def test_a_column_of_the_table_says_it(house: Office) -> None:
    found, faults = subscribers(read_csv(TABLE, "x"), house.app.known, FRIDAY)
    assert [(one.name, len(one.subscriptions), one.bulletin_since) for one in found] == [
        ("Sở", 0, FRIDAY), ("HTX", 1, FRIDAY), ("Nhóm", 0, FRIDAY), ("Không", 1, None),
    ]  # fmt: skip
    assert [fault.row for fault in faults] == [6, 7, 8]
    assert "'bulletin' says 'maybe'" in faults[-1].message


def test_what_is_exported_is_taken_in_the_same(house: Office) -> None:
    found, _ = subscribers(read_csv(TABLE, "x"), house.app.known, FRIDAY)
    text = "".join(write_table(found, lambda _: ""))
    assert all(len(row) == len(COLUMNS) + 2 for row in csv.reader(io.StringIO(text)))
    again, faults = subscribers(read_csv(text.removeprefix("\ufeff"), "y"), house.app.known, FRIDAY)
    assert (again, faults) == (found, [])


def test_taking_it_in_again_keeps_the_day(house: Office) -> None:
    store = house.app.store
    found, _ = subscribers(read_csv(TABLE, "x"), house.app.known, FRIDAY)
    enrol(store, found[1], FRIDAY)
    later = house.later(days=3)
    enrol(store, replace(found[1], bulletin_since=later), later)
    kept = store.subscribers.at("telegram", "123456")
    assert kept
    assert kept.bulletin_since == FRIDAY
    enrol(store, replace(found[1], bulletin_since=None), later)
    kept = store.subscribers.at("telegram", "123456")
    assert kept
    assert kept.bulletin_since is None


# ── By mail ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as one:
        yield one


def confirmed(door: Door, *news: Criteria) -> tuple[Subscriber, str]:
    """A mailbox that has agreed, and its link to leave."""
    person = subscriber("htx@example.vn", *((one, "daily") for one in news), channel="email")  # type: ignore[arg-type]
    one = enrol(door.app.store, replace(person, bulletin_since=door.clock()), door.clock())
    assert door.post(door.app.links.confirm(one, door.clock())).status_code == 200
    return one, door.app.links.unsubscribe(one)


def now(door: Door, one: Subscriber) -> Subscriber:
    found = door.app.store.subscribers.get(one.id or 0)
    assert found
    return found


def test_a_mailbox_gets_what_is_published_after_it_agreed(door: Door) -> None:
    one, _ = confirmed(door)
    assert now(door, one).bulletin_since == door.clock()


def test_a_letter_ends_the_bulletin_alone_or_everything(door: Door) -> None:
    one, leave = confirmed(door, Criteria(areas=("TBT",)))
    page = door.get(leave)
    assert "Chỉ thôi nhận bản tin" in page.text
    alone = leave.replace("/unsubscribe/", "/bulletin/")
    assert "<form" in door.get(alone).text
    assert now(door, one).bulletin_since, "opening a link changes nothing"
    assert "Bản tin sẽ không gửi tới" in door.post(alone).text
    assert (now(door, one).bulletin_since, now(door, one).pause) == (None, "")
    assert "Chỉ thôi nhận bản tin" not in door.get(leave).text
    assert door.post(leave).status_code == 200
    assert now(door, one).pause == "asked"


def test_the_one_click_of_a_bulletin_ends_the_bulletin_alone(door: Door) -> None:
    one, leave = confirmed(door, Criteria(areas=("TBT",)))
    slip = door.app.consent.slip(one.address)
    assert slip
    assert slip.bulletin
    assert slip.leave == leave
    assert slip.bulletin.leave == leave.replace("/unsubscribe/", "/bulletin/")
    assert leave in slip.bulletin.foot
    assert door.post(slip.bulletin.leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert (now(door, one).bulletin_since, now(door, one).pause) == (None, "")


def test_a_letter_with_the_bulletin_has_a_foot_and_a_list_of_its_own() -> None:
    with mail_server.serving() as box:
        server = MailServer(
            host="127.0.0.1", port=box.port, security="starttls", user=mail_server.USER,
            password=mail_server.PASSWORD, timeout=30,
        )  # fmt: skip
        own = Slip(
            lang="vi", foot="Bản tin", leave="https://tbt.example.vn/bulletin/u", list_id="bulletin.tbt-watch"
        )
        slip = Slip(lang="vi", foot="Tin", leave="https://tbt.example.vn/unsubscribe/u", bulletin=own)
        sender = Sender(name="TBT", mailbox="tbt@example.vn")
        stop = ((Button(label="Thôi nhận bản tin", action=NO_BULLETIN),),)
        with Email(
            server, sender, lambda _: slip, lambda: FRIDAY, per_minute=60_000, context=box.context
        ) as mail:
            mail.send("a@example.vn", Part(number=1, text="Tin"), label="x")
            mail.send("a@example.vn", Part(number=1, text="Số 1", buttons=stop), label="y")
    news, bulletin = box.letters
    assert (news["List-Id"], bulletin["List-Id"]) == (
        "<tbt-watch.example.vn>",
        "<bulletin.tbt-watch.example.vn>",
    )
    assert news["List-Unsubscribe"] == "<https://tbt.example.vn/unsubscribe/u>"
    assert bulletin["List-Unsubscribe"] == "<https://tbt.example.vn/bulletin/u>"


def test_whose_only_wish_it_is_leaves_with_one_button(door: Door) -> None:
    one, leave = confirmed(door)
    assert "Chỉ thôi nhận bản tin" not in door.get(leave).text
    assert door.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert now(door, one).pause == "asked"
    assert door.app.store.bulletins.readers()[0].pause == "asked"


def test_a_link_of_another_purpose_ends_nothing(door: Door) -> None:
    one, leave = confirmed(door, Criteria(areas=("TBT",)))
    wrong = door.app.links.confirm(one, door.clock()).replace("/confirm/", "/bulletin/")
    assert door.post(wrong).status_code == 404
    assert door.post(leave.replace("/unsubscribe/", "/bulletin/")[:-3] + "abc").status_code == 404
    assert now(door, one).bulletin_since


def test_wishes_are_saved_with_the_moment_of_asking(house: Office) -> None:
    store = house.app.store
    person = replace(subscriber("a", since=FRIDAY), bulletin_since=datetime(2020, 1, 1, tzinfo=UTC))
    wishes.save(store, person, FRIDAY)
    kept = store.subscribers.at("pretend", "a")
    assert kept
    assert kept.bulletin_since == FRIDAY, "whatever was handed in: nothing old"
