"""The pages on subscribers and on what went to them, over real HTTP."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from cast import POMELO, subscriber
from curators import DeskOffice, desk_office, words

from tbt_watch import curate
from tbt_watch.domain.edition import Edition, EditionItem, Part
from tbt_watch.domain.subscriber import Criteria, Subscriber

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FOLLOWS = (Criteria(sectors=("fresh-produce",), markets=("EU",)), "daily")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    with desk_office(tmp_path) as made:
        yield made


def told(desk: DeskOffice, person: Subscriber) -> int:
    """A subscriber to whom a notice is to be sent; the delivery, written and waiting."""
    store, now = desk.app.store, desk.clock()
    store.subscribers.save(person)
    item = store.notices.dossier(desk.waiting())
    curate.decide(store, item, "accepted", "Lan", now, "")
    due = EditionItem(notice_key=POMELO.key, version=1, reason="sector:fresh-produce")
    edition = Edition(kind="daily", audience=person.audience, lang="vi", until=now, items=(due,))
    assert store.editions.compose(edition, now) is not None
    (one,) = store.deliveries.unrendered()
    store.deliveries.render(one.id, [Part(number=1, text=f"<b>Bưởi</b> {'&lt;script&gt;'}")], now)
    return one.id


def number_of(desk: DeskOffice) -> int:
    (one,) = desk.app.store.subscribers.all()
    return one.id or 0


def test_subscribers_are_found_and_their_wishes_said_in_words(desk: DeskOffice) -> None:
    desk.app.store.subscribers.save(subscriber(f"Mỹ Hòa {NASTY}", FOLLOWS))
    lan = desk.person("Lan")
    page = lan.get("subscribers")
    assert "<script>alert" not in page.text
    assert "Mỹ Hòa" in words(page.text)
    assert "Không tìm thấy ai." in words(lan.get("subscribers", params={"who": "Bến Tre"}).text)
    one = lan.get(f"subscribers/{number_of(desk)}")
    assert "<script>alert" not in one.text
    assert "rau quả tươi" in words(one.text).casefold()
    assert "fresh-produce" not in words(one.text)
    assert lan.get("subscribers/99").status_code == 404


def test_a_pause_is_set_and_lifted_once(desk: DeskOffice) -> None:
    desk.app.store.subscribers.save(subscriber("100", FOLLOWS))
    lan, number = desk.person("Lan"), number_of(desk)
    lan.get(f"subscribers/{number}")
    answer = lan.post(f"subscribers/{number}/pause", {"pause": "1"})
    assert "Đã tạm dừng" in words(answer.text)
    lan.post(f"subscribers/{number}/pause", {"pause": "1"})
    assert [one.pause for one in desk.app.store.subscribers.all()] == ["asked"]
    assert "Đã mở lại" in words(lan.post(f"subscribers/{number}/pause", {"pause": "0"}).text)
    assert [one.pause for one in desk.app.store.subscribers.all()] == [""]


def test_the_bulletin_is_given_and_taken_away(desk: DeskOffice) -> None:
    desk.app.store.subscribers.save(subscriber("Nhóm A", channel="zalo"))
    lan, number = desk.person("Lan"), number_of(desk)

    def since() -> datetime | None:
        (one,) = desk.app.store.subscribers.all()
        return one.bulletin_since

    lan.get(f"subscribers/{number}")
    for _ in range(2):
        answer = lan.post(f"subscribers/{number}/bulletin", {"bulletin": "1"})
        assert "Từ nay mọi số bản tin sẽ được gửi tới đây." in words(answer.text)
        assert "Bản tin: nhận từng số khi phát hành." in words(answer.text)
        assert since() == desk.clock()
    answer = lan.post(f"subscribers/{number}/bulletin", {"bulletin": "0"})
    assert "Không gửi bản tin tới đây nữa." in words(answer.text)
    assert since() is None
    assert lan.post("subscribers/99/bulletin", {"bulletin": "1"}).status_code == 404
    page = lan.get("deliveries", params={"bulletin": "7"})
    assert "Chỉ các lượt gửi của số bản tin được chọn." in words(page.text)
    for nonsense in ("x", "²", "9" * 40, "-1"):
        assert lan.get("deliveries", params={"bulletin": nonsense}).status_code == 200


def test_only_an_admin_removes_and_only_by_the_name(desk: DeskOffice) -> None:
    delivery = told(desk, subscriber("100", FOLLOWS))
    number = number_of(desk)
    name = desk.app.store.subscribers.all()[0].name
    lan, an = desk.person("Lan"), desk.person("An", "admin")
    assert "Xóa người đăng ký này" not in words(lan.get(f"subscribers/{number}").text)
    assert lan.post(f"subscribers/{number}/remove", {"name": name}).status_code == 403
    assert "Xóa người đăng ký này" in words(an.get(f"subscribers/{number}").text)
    assert "Chưa xóa" in words(an.post(f"subscribers/{number}/remove", {"name": "ai đó"}).text)
    assert desk.app.store.subscribers.all()[0].name == name
    assert "Đã xóa." in words(an.post(f"subscribers/{number}/remove", {"name": name}).text)
    assert desk.app.store.subscribers.all()[0].name == ""
    assert an.get(f"subscribers/{number}").status_code == 404
    assert name not in an.get(f"deliveries/{delivery}").text


def test_what_failed_is_sent_again_and_nothing_else(desk: DeskOffice) -> None:
    number = told(desk, subscriber("100", FOLLOWS))
    store, lan = desk.app.store.deliveries, desk.person("Lan")
    assert "Gửi lại" not in words(lan.get(f"deliveries/{number}").text)
    assert lan.post(f"deliveries/{number}/again").status_code == 409
    store.claim(number, 1, desk.clock(), 60)
    store.record(number, 1, "FAILED", desk.clock(), why="refused")
    page = lan.get(f"deliveries/{number}")
    assert "Gửi lại" in words(page.text)
    assert "Bưởi &lt;script&gt;" in page.text
    assert "Tin sẽ được gửi lại" in words(lan.post(f"deliveries/{number}/again").text)
    assert store.get(number).state == "PENDING"
    listed = lan.get("deliveries", params={"state": "FAILED", "channel": NASTY})
    assert "<script>alert" not in listed.text
    assert "Chưa gửi gì." in words(listed.text)


def test_what_goes_by_hand_is_copied_and_written_down_with_name_and_group(desk: DeskOffice) -> None:
    number = told(desk, subscriber("Nhóm Bưởi", FOLLOWS, channel="zalo"))
    lan = desk.person("Lan")
    assert "Chờ cán bộ dán vào nhóm" in words(lan.get("deliveries").text)
    page = lan.get(f"deliveries/{number}").text
    assert 'data-copy="text-1"' in page
    assert 'name="by" maxlength="200" required value="Lan"' in page
    assert lan.post(f"deliveries/{number}/pasted", {"by": "Lan", "group": " "}).status_code == 422
    lan.post(f"deliveries/{number}/pasted", {"by": "Lan", "group": "Nhóm Bưởi 2"})
    one = desk.app.store.deliveries.get(number)
    assert (one.state, one.why, one.parts[0].message_id) == ("SENT", "pasted by Lan", "Nhóm Bưởi 2")
    assert lan.post(f"deliveries/{number}/pasted", {"by": "Minh", "group": "x"}).status_code == 422
    assert desk.app.store.deliveries.get(number).why == "pasted by Lan"


def test_what_a_channel_sends_is_not_written_down_as_pasted(desk: DeskOffice) -> None:
    number = told(desk, subscriber("100", FOLLOWS))
    lan = desk.person("Lan")
    lan.get(f"deliveries/{number}")
    assert lan.post(f"deliveries/{number}/pasted", {"by": "Lan", "group": "x"}).status_code == 409
    assert desk.app.store.deliveries.get(number).state == "PENDING"


def test_nothing_is_done_without_the_token_of_the_form(desk: DeskOffice) -> None:
    delivery = told(desk, subscriber("100", FOLLOWS))
    number, an = number_of(desk), desk.person("An", "admin")
    an.get("subscribers")
    name = desk.app.store.subscribers.all()[0].name
    paths = (
        f"subscribers/{number}/pause", f"subscribers/{number}/remove", f"deliveries/{delivery}/again",
        f"deliveries/{delivery}/pasted",
    )  # fmt: skip
    for path in paths:
        given = {"pause": "1", "name": name, "by": "An", "group": "x", "csrf": "0"}
        assert an.post(path, given).status_code == 403, path
        assert desk.browser().post(path, given).status_code == 401, path
    assert [one.pause for one in desk.app.store.subscribers.all()] == [""]
