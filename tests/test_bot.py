"""The conversation: every path of it, in both languages, without a line between."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from itertools import count

import pytest
from desk import sampled
from talks import Chat

from tbt_watch.app import App, open_app, sample_config
from tbt_watch.bot import words
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.nouns import CHANNEL, Event, Talk
from tbt_watch.bot.screens import resolved, short, warning
from tbt_watch.cli.sheet import sheet
from tbt_watch.config import Enquiry, EnquiryPoint, load_config
from tbt_watch.digest.enrol import enrol
from tbt_watch.digest.leaving import REPORTS
from tbt_watch.digest.preview import Breadth, Preview
from tbt_watch.domain.code import code_of
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.domain.impact import Miss
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.tag import Tag
from tbt_watch.sample import sample_now

NZL = "G/SPS/N/NZL/784"
addresses = count(7_000)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The house on the bundled sample."""
    folder = sampled(tmp_path_factory).folder / "sample-run"
    with open_app(sample_config(load_config(None, {}), folder), sample_now) as opened:
        yield opened


@pytest.fixture
def chat(app: App) -> Chat:
    """A chat that nobody wrote in yet."""
    return Chat(app, str(next(addresses)))


def subscribed(chat: Chat) -> Chat:
    """With a subscription to fruit and vegetables from New Zealand."""
    chat.command("start").tap("Rau quả tươi").tap("Tiếp tục").types("New Zealand").tap("Tiếp tục")
    return chat.tap("Tiếp tục").tap("Hằng ngày lúc").tap("Lưu")


def told(chat: Chat, key: str = NZL, reason: str = "sector:fresh-produce") -> tuple[int, int]:
    """An edition with that notice reaches the chat; its number and the notice's."""
    person = chat.subscriber
    assert person
    item = EditionItem(notice_key=key, version=1, reason=reason)
    edition = Edition(
        kind="instant", audience=person.audience, lang=person.lang, until=sample_now(), items=(item,)
    )
    number = chat.app.store.editions.compose_for(edition, [person.id or 0], sample_now())
    assert number
    return number, chat.app.store.notices.get(key)[0].id


# ── Subscribing ─────────────────────────────────────────────────────────────────────────────────────────


def test_eight_taps_from_start_to_saved(chat: Chat) -> None:
    subscribed(chat)
    assert chat.taps <= 8
    assert chat.text.startswith("Đã lưu đăng ký.")
    person = chat.subscriber
    assert person
    assert (person.name, person.lang, person.pause, person.channel) == ("HTX Chuối", "vi", "", "telegram")
    criteria = Criteria(sectors=("fresh-produce",), markets=("NZL",))
    assert person.subscriptions == (Subscription(criteria=criteria, frequency="daily"),)


def test_english_by_a_tap(chat: Chat) -> None:
    chat.command("start").tap("English").tap("Fresh fruit").tap("Next").tap("All markets").tap("Next")
    chat.tap("At once").tap("Save")
    assert chat.text.startswith("Saved.")
    person = chat.subscriber
    assert person
    assert person.lang == "en"
    assert person.subscriptions[0].frequency == "instant"
    assert chat.command("dangky").text.startswith("You have 1 subscription\n")


def test_before_saving_it_shows_how_many_and_which(chat: Chat, app: App) -> None:
    chat.command("start").tap("Rau quả tươi").tap("Tiếp tục").types("New Zealand").tap("Tiếp tục")
    chat.tap("Tiếp tục").tap("Hằng ngày lúc")
    assert "Đăng ký này có 1 tin trong 90 ngày qua" in chat.text
    assert NZL in chat.text
    assert "https://" in chat.text
    assert chat.subscriber is None  # nothing is saved by looking


def test_what_would_never_match_is_warned_of(chat: Chat) -> None:
    chat.command("start").types("xyzzyx").tap("Tiếp tục").tap("Mọi thị trường").tap("Tiếp tục").tap(
        "Ngay khi có"
    )
    assert "tin chung, chưa rõ lĩnh vực" in chat.text
    assert "⚠️" in chat.text


def test_what_can_never_come_is_warned_of(chat: Chat) -> None:
    chat.command("start").tap("›").tap("›").tap("Phương tiện đo").tap("Tiếp tục").tap("Mọi thị trường")
    chat.tap("TBT").tap("Văn bản").tap("Tiếp tục").tap(
        "Ngay khi có"
    )  # sanitary measures on measuring instruments
    assert "⚠️ Lựa chọn này sẽ không bao giờ có tin riêng" in chat.text


@pytest.mark.parametrize(
    ("count", "breadth", "said"),
    [(600, "broad", "47"), (0, "empty", "narrow"), (9, "", ""), (0, "never", "ever")],
)
def test_every_warning_has_words(app: App, count: int, breadth: Breadth, said: str) -> None:
    seen = Preview(count=count, days=90, samples=(), breadth=breadth)
    text = warning(seen, Desk(app=app).speaker("en"))
    assert bool(text) is bool(breadth)
    assert said in text


def test_related_words_are_a_tap_away(chat: Chat) -> None:
    chat.command("start").types("chuối")
    assert "+ bananas" in chat.labels
    assert "+ HS 0803" in chat.labels
    chat.tap("+ bananas").tap("+ HS 0803")
    assert chat.talk.draft.criteria == Criteria(words=("bananas", "chuối"), hs=("0803",))
    assert not [label for label in chat.labels if label.startswith("+")]


STEPS: tuple[Callable[[Chat], object], ...] = (
    lambda chat: chat.command("start"),
    lambda chat: chat.tap("›"),
    lambda chat: chat.tap("‹"),
    lambda chat: chat.tap("Rau quả tươi"),
    lambda chat: chat.types("chuoi, 0803.10"),
    lambda chat: chat.tap("Tiếp tục"),
    lambda chat: chat.tap("EU"),
    lambda chat: chat.types("nhật, Deutschland"),
    lambda chat: chat.tap("Tiếp tục"),
    lambda chat: chat.tap("Văn bản của Việt Nam"),
    lambda chat: chat.tap("Thêm chủ đề"),
    lambda chat: chat.tap("Dư lượng"),
    lambda chat: chat.tap("Xong"),
    lambda chat: chat.tap("Tiếp tục"),
    lambda chat: chat.tap("Hằng tuần, chọn"),
    lambda chat: chat.tap("Thứ Năm"),
    lambda chat: chat.types("7h30"),
    lambda chat: chat.tap("Lưu"),
)
WHOLE = Subscription(
    criteria=Criteria(
        sectors=("fresh-produce",), hs=("080310",), words=("chuối",), markets=("EU", "JPN", "DEU"),
        areas=("TBT", "SPS"), topics=("residues",),
    ),
    frequency="weekly", at=time(7, 30), day="thu",
)  # fmt: skip


@pytest.mark.parametrize("ended", range(len(STEPS)))
def test_a_restart_in_the_middle_of_any_step_loses_nothing(chat: Chat, ended: int) -> None:
    """The program is killed after the step was written down and before anything was said."""
    for number, step in enumerate(STEPS):
        if number == ended:
            said, chat.read = chat.read, lambda: None  # type: ignore[method-assign]
            step(chat)
            chat.restart()
            chat.read = said  # type: ignore[method-assign]
            assert chat.handling.waiting() == [chat.address]
            chat.read()
        else:
            step(chat)
    person = chat.subscriber
    assert person
    (wish,) = person.subscriptions
    assert wish.as_json() == WHOLE.as_json()
    assert chat.handling.waiting() == []


def test_the_same_update_twice_is_answered_once(chat: Chat, app: App) -> None:
    for step in STEPS:
        step(chat)
        before, seen = chat.talk, dict(chat.seen)
        again = Event(number=chat.number, address=chat.address, kind="text", text="anything")
        chat.handling.handle(again)
        chat.handling.handle(replace(again, number=chat.number - 1))
        chat.read()
        assert (chat.talk, chat.seen) == (before, seen)


def test_numbers_of_updates_may_begin_anew_after_a_week(chat: Chat, app: App) -> None:
    chat.command("trogiup")
    kept = app.store.talks.get(CHANNEL, chat.address)
    assert kept
    app.store.talks.keep(CHANNEL, chat.address, kept.state, 10**9, sample_now() - timedelta(days=8))
    assert chat.command("dangky").text.startswith("Anh/chị chưa đăng ký")


def test_a_step_back_keeps_what_was_chosen(chat: Chat) -> None:
    chat.command("start").tap("Thủy sản").tap("Tiếp tục").tap("EU").tap("Quay lại")
    assert "✅ Thủy sản" in chat.labels
    assert "✅ 🇪🇺 EU" in chat.tap("Tiếp tục").labels


def test_one_thing_is_changed_on_the_way_to_saving(chat: Chat) -> None:
    chat.command("start").tap("Thủy sản").tap("Tiếp tục").tap("Mọi thị trường").tap("Tiếp tục").tap(
        "Ngay khi có"
    )
    chat.tap("✎ Thị trường").tap("EU").tap("Tiếp tục")
    assert "Mời anh/chị xem lại" in chat.text
    assert "Thị trường: EU" in chat.text


def test_one_kind_at_least_stays(chat: Chat) -> None:
    chat.command("start").tap("Mọi sản phẩm").tap("Mọi thị trường")
    chat.tap("TBT").tap("SPS").tap("Văn bản")
    assert chat.notes[-1] == "Cần để lại ít nhất một loại tin."
    assert chat.talk.draft.criteria.areas == ("VN",)


def test_typed_hours_and_what_is_none(chat: Chat) -> None:
    chat.command("start").tap("Mọi sản phẩm").tap("Mọi thị trường").tap("Tiếp tục").tap("chọn giờ khác")
    assert "Chưa hiểu giờ này" in chat.types("chiều").text
    assert "hằng ngày lúc 19:05" in chat.types("19h05").text


def test_words_where_buttons_are_asked_for(chat: Chat) -> None:
    chat.command("start").tap("Mọi sản phẩm").tap("Mọi thị trường")
    assert chat.types("xin chào").text.startswith("Mời anh/chị bấm nút")


# ── What is typed ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chuối", Criteria(words=("chuối",))),
        ("CHUOI", Criteria(words=("chuối",))),
        ("0803", Criteria(hs=("0803",))),
        ("HS 0803.90", Criteria(hs=("080390",))),
        ("mã HS: 0805; bưởi và xoai", Criteria(hs=("0805",), words=("bưởi", "xoài"))),
        ("thuy san", Criteria(sectors=("seafood",))),
        ("gỗ, nội thất, mây tre", Criteria(sectors=("wood-furniture",))),
        ("99", Criteria()),
        ("12345", Criteria()),
        ("HS 9999", Criteria()),
        ("?!", Criteria()),
        ("'; DROP TABLE subscriber; --", Criteria(words=("drop table subscriber",))),
        ("<b>bưởi</b>", Criteria(words=("<b>bưởi</b>",))),
    ],
)
def test_products_are_understood(chat: Chat, text: str, expected: Criteria) -> None:
    chat.command("start").types(text)
    assert chat.talk.draft.criteria == expected
    assert chat.text.startswith("Chưa hiểu" if expected == Criteria() else "Đã hiểu")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mỹ, Nhật", ("USA", "JPN")),
        ("my va nhat", ("USA", "JPN")),
        ("Japon; Corée du Sud", ("JPN", "KOR")),
        ("日本", ("JPN",)),
        ("Deutschland/EU", ("DEU", "EU")),
        ("GCC", ("GCC",)),
        ("Atlantis", ()),
    ],
)
def test_markets_are_understood_in_any_language(chat: Chat, text: str, expected: tuple[str, ...]) -> None:
    chat.command("start").tap("Mọi sản phẩm").types(text)
    assert set(chat.talk.draft.criteria.markets) == set(expected)
    assert chat.text.startswith("Chưa hiểu: Atlantis") is (expected == ())


def test_a_long_list_is_cut_at_what_a_subscription_takes(chat: Chat) -> None:
    chat.command("start").types(", ".join(f"sản phẩm {chr(97 + n % 26)}{n}" for n in range(40)))
    assert len(chat.talk.draft.criteria.words) == 30
    assert "Nội dung quá dài" in chat.types("a" * 10_000).text


# ── Old buttons, other devices, odd things ──────────────────────────────────────────────────────────────


def test_two_devices_at_once(chat: Chat) -> None:
    """The second device still shows the first question while the first has gone on."""
    chat.command("start")
    first = chat.last
    old = next(one.action for row in chat.seen[first].buttons for one in row if "Thủy sản" in one.label)
    chat.types("0803").tap("Tiếp tục", chat.last)
    chat.push(old, first)
    assert chat.notes[-1] == "Nút này thuộc câu hỏi trước."
    assert chat.text.startswith("Bước 2/4")
    assert chat.talk.draft.criteria == Criteria(hs=("0803",))
    chat.command("start")  # a new round: buttons of the old one do nothing at all
    chat.push(old, first)
    assert chat.talk.draft.criteria == Criteria()


def test_a_button_tapped_twice_asks_nothing_twice(chat: Chat) -> None:
    chat.command("start").tap("Thủy sản")
    onward = next(
        one.action for row in chat.seen[chat.last].buttons for one in row if "Tiếp tục" in one.label
    )
    at, messages = chat.last, len(chat.seen)
    chat.push(onward, at).push(onward, at)
    assert len(chat.seen) == messages
    assert chat.talk.step == "market"


@pytest.mark.parametrize(
    "data",
    ["", ":", "q", "q:1:subject:+", "q:1:subject:+nothing", "q:1:subject:p99999", "q:1:market:+XX", "q:x:y:z", "m:",
     "m:show:0", "m:show:999999999999999999999", "m:edit:0:abcdef", "m:lang:fr", "affected:", "affected:-1",
     "why:1:2:3", "choose:x", "x" * 64, "irrelevant:1:what", "m:news:-1", "m:kit:²", "follow:1e3"],
)  # fmt: skip
def test_what_no_button_of_ours_holds(chat: Chat, data: str) -> None:
    chat.command("start")
    draft, before = chat.talk.draft, len(chat.notes)
    chat.push(data)
    assert len(chat.notes) == before + 1
    assert chat.talk.draft == draft
    assert chat.subscriber is None
    subscribed(chat)
    wishes = chat.subscriber
    chat.push(data)
    assert chat.subscriber == wishes


def test_pictures_voices_and_changed_messages(chat: Chat) -> None:
    assert "chỉ đọc được tin nhắn chữ" in chat.event("other").text
    messages = len(chat.seen)
    chat.event("edited", text="chuối")
    assert len(chat.seen) == messages  # nothing was asked
    chat.command("start").event("edited", text="chuối")
    assert "Tin nhắn đã sửa" in chat.text
    assert chat.talk.draft.criteria == Criteria()


def test_who_writes_faster_than_may_be_answered_gets_the_newest_answers(chat: Chat) -> None:
    said, chat.read = chat.read, lambda: None  # type: ignore[method-assign]
    for number in range(200):
        chat.types(f"không có gì {number}")
    assert len(chat.talk.unsent) == 40
    said()
    assert "không có gì 199" in chat.text


def test_long_codes_of_an_office_fit_on_a_button() -> None:
    code = "rau-qua-" * 12
    assert len(short(code)) == 13
    assert resolved(short(code), ["seafood", code]) == code
    assert resolved(code, [code]) == code
    assert resolved("gone", [code]) is None


def test_a_state_of_another_version_begins_anew() -> None:
    for text in (
        "",
        "[]",
        "null",
        '{"step": "unheard-of"}',
        '{"draft": 1}',
        '{"unsent": [{}]}',
        '{"what": 1}',
    ):
        assert Talk.from_json(text) == Talk()
    kept = Talk(
        lang="en", step="check", round=3, draft=WHOLE, place=1, was="abcdef", reviewed=True, page=2, about=5
    )
    assert Talk.from_json(kept.as_json()).draft.as_json() == WHOLE.as_json()
    assert replace(Talk.from_json(kept.as_json()), draft=WHOLE) == kept
    assert json.loads(Talk().as_json()) == {}


# ── Looking up ──────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_subscription_there_is_an_offer(chat: Chat) -> None:
    for command in ("tin", "lich", "dangky", "tamdung"):
        assert chat.command(command).labels == ["Đăng ký", "Nhận bản tin"]
    assert chat.tap("Đăng ký").text.startswith("Bước 1/4")


def test_the_newest_and_the_deadlines(chat: Chat) -> None:
    subscribed(chat)
    assert NZL in chat.command("tin").text
    assert chat.labels == [NZL]
    card = chat.tap(NZL)
    assert "Gửi góp ý về Văn phòng SPS chậm nhất ngày 24/7/2025" in card.text
    assert card.labels[:2] == ["Ảnh hưởng đến tôi", "Không liên quan"]
    dates = chat.command("lich").text
    assert "24/7/2025" in dates
    assert NZL in dates


def test_long_lists_have_pages(chat: Chat) -> None:
    chat.command("start").tap("Mọi sản phẩm").tap("Mọi thị trường").tap("Tiếp tục").tap("Ngay khi có").tap(
        "Lưu"
    )
    first = chat.command("tin").text
    second = chat.tap("Xem thêm").text
    assert first != second
    assert chat.push("m:news:9999").notes[-1] == "Đã hết."
    chat.command("lich").tap("Xem thêm")
    assert "Đã hết." in chat.push("m:dates:9999").notes[-1]


@pytest.mark.parametrize("typed", [NZL, "g/sps/n/nzl/784", "giống có múi", "citrus budwood"])
def test_what_is_typed_while_nothing_is_asked_is_looked_for(chat: Chat, typed: str) -> None:
    assert NZL in chat.types(typed).text
    assert NZL in chat.command("tim", typed).text


def test_looking_for_nothing_too_much_and_what_is_not_there(chat: Chat) -> None:
    assert "/tim chuối" in chat.command("tim").text
    assert "Không tìm thấy “<i>x</i> & y”" in chat.command("tim", "<i>x</i> & y").text
    assert "Nội dung quá dài" in chat.command("tim", "x" * 5000).text
    assert "Không tìm thấy" in chat.command("tim", '"* OR NEAR( ^').text


def test_help_and_language(chat: Chat) -> None:
    assert "/vuongmac" in chat.command("trogiup").text
    assert chat.tap("English").text.startswith("What you can do")
    assert "There is no such command." in [one.text for one in chat.command("nosuch").seen.values()]
    subscribed(chat.push("m:lang:vi")).push("m:lang:en")
    assert chat.subscriber
    assert chat.subscriber.lang == "en"


# ── One's own ───────────────────────────────────────────────────────────────────────────────────────────


def test_several_subscriptions_are_changed_and_removed_each(chat: Chat) -> None:
    subscribed(chat).tap("Thêm đăng ký").tap("Thủy sản").tap("Tiếp tục").tap("EU").tap("Tiếp tục").tap(
        "Tiếp tục"
    )
    chat.tap("Ngay khi có").tap("Lưu").command("dangky")
    listed = chat.last
    assert chat.text.startswith("Anh/chị có 2 đăng ký")
    chat.tap("Sửa 2").tap("✎ Thị trường").tap("EU").tap("Hoa Kỳ").tap("Tiếp tục").tap("Lưu")
    assert chat.subscriber
    assert [one.criteria.markets for one in chat.subscriber.subscriptions] == [("NZL",), ("USA",)]
    chat.tap("Bỏ 2", listed)  # this list is from before the change
    assert chat.notes[-1].startswith("Danh sách này đã cũ")
    assert len(chat.subscriber.subscriptions) == 2
    chat.tap("Bỏ 1")
    assert [one.criteria.sectors for one in chat.subscriber.subscriptions] == [("seafood",)]
    assert "không còn đăng ký nào" in chat.tap("Bỏ 1").text
    assert chat.subscriber.subscriptions == ()


def test_a_chat_has_so_many_subscriptions_and_no_more(chat: Chat, app: App) -> None:
    subscribed(chat)
    assert chat.subscriber
    many = tuple(
        Subscription(criteria=Criteria(words=(f"từ {number}",)), frequency="daily") for number in range(20)
    )
    app.store.subscribers.save(replace(chat.subscriber, subscriptions=many))
    chat.tap("Thêm đăng ký").tap("Thủy sản").tap("Tiếp tục").tap("Mọi thị trường").tap("Tiếp tục").tap(
        "Ngay khi có"
    )
    assert "đã có 20 đăng ký" in chat.tap("Lưu").text
    assert len(chat.subscriber.subscriptions) == 20
    assert len(chat.command("dangky").labels) == 43


def test_what_another_writes_meanwhile_is_not_written_over(
    chat: Chat, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox moves the chat's pause between the look and the write."""
    subscribed(chat).command("dangky")
    read = Desk.subscriber
    looks: list[str] = []

    def meanwhile(desk: Desk, address: str) -> Subscriber | None:
        looks.append(address)
        if len(looks) == 3:  # after the answer was thought out, before it is written
            person = read(desk, address)
            assert person
            app.store.subscribers.save(replace(person, office=True))
        return read(desk, address)

    monkeypatch.setattr(Desk, "subscriber", meanwhile)
    chat.command("tamdung")
    assert chat.subscriber
    assert (chat.subscriber.pause, chat.subscriber.office) == ("asked", True)


def test_the_same_wish_twice_is_one(chat: Chat) -> None:
    subscribed(chat)
    subscribed_again = chat.tap("Thêm đăng ký").tap("Rau quả tươi").tap("Tiếp tục").types("New Zealand")
    subscribed_again.tap("Tiếp tục").tap("Tiếp tục").tap("Hằng ngày lúc").tap("Lưu")
    assert chat.subscriber
    assert len(chat.subscriber.subscriptions) == 1


def test_pause_and_go_on(chat: Chat) -> None:
    subscribed(chat).command("tamdung")
    assert chat.subscriber
    assert chat.subscriber.pause == "asked"
    assert "đang tạm dừng" in chat.command("dangky").text
    chat.tap("Nhận lại")
    assert chat.subscriber.pause == ""
    assert chat.push("m:go").notes[-1] == "Anh/chị đang nhận tin bình thường."
    chat.command("tamdung").command("tamdung")
    assert chat.subscriber.pause == ""


def test_everything_about_me_is_deleted(chat: Chat, app: App) -> None:
    subscribed(chat)
    _, notice = told(chat)
    chat.push(f"affected:{notice}").command("vuongmac").types("Hàng bưởi bị trả lại, gọi cô An 0912 345 678")
    number = chat.subscriber.id if chat.subscriber else 0
    assert number
    chat.command("xoa").tap("Giữ lại")
    assert chat.subscriber is not None
    chat.command("xoa").tap("Xóa tất cả")
    assert chat.text.startswith("Đã xóa")
    assert chat.subscriber is None
    assert app.store.talks.get(CHANNEL, chat.address) is None
    assert app.store.taps.of(number, notice) == frozenset()
    (left,) = (one for one in app.store.subscribers.all() if one.id == number)
    assert (left.name, left.address, left.subscriptions) == ("", f"removed-{number}", ())
    for name in ("0912", chat.address, "HTX Chuối"):
        assert name.encode() not in dump(app, number)
    assert [one.subscriber for one in app.store.deliveries.newest() if one.subscriber_id == number] == [""]


def dump(app: App, number: int) -> bytes:
    """What the store holds of people: subscribers, conversations and reports, as text."""
    people = [one for one in app.store.subscribers.all() if one.id == number]
    reports = [one for one in app.store.issues.open_list() if one.source == REPORTS]
    return repr((people, reports)).encode()


def test_who_never_subscribed_is_forgotten_after_a_while(chat: Chat, app: App) -> None:
    chat.command("start")
    kept = subscribed(Chat(app, str(next(addresses))))
    fresh = Chat(app, str(next(addresses))).command("start")
    for one in (chat, kept):
        talk = app.store.talks.get(CHANNEL, one.address)
        assert talk
        app.store.talks.keep(CHANNEL, one.address, talk.state, talk.last, sample_now() - timedelta(days=91))
    chat.handling.begin()
    there = [app.store.talks.get(CHANNEL, one.address) is not None for one in (chat, kept, fresh)]
    assert there == [False, True, True]


def test_nothing_is_kept_of_who_deletes_and_blocks(chat: Chat, app: App) -> None:
    """Whether the farewell arrived, or the block came before it."""
    for farewell in (True, False):
        subscribed(chat).command("xoa")
        said = chat.read
        if not farewell:
            chat.read = lambda: None  # type: ignore[method-assign]
        chat.push(f"q:{chat.talk.round}:leave:yes", chat.last)
        if not farewell:
            assert app.store.talks.get(CHANNEL, chat.address) is not None
            chat.handling.lost(chat.address)
            assert app.store.talks.get(CHANNEL, chat.address) is None
        chat.event("gone")
        chat.read = said  # type: ignore[method-assign]
        assert app.store.talks.get(CHANNEL, chat.address) is None


def test_after_deleting_one_may_begin_anew_at_once(chat: Chat) -> None:
    subscribed(chat).command("xoa")
    said, chat.read = chat.read, lambda: None  # type: ignore[method-assign]
    chat.push(f"q:{chat.talk.round}:leave:yes", chat.last)
    chat.read = said  # type: ignore[method-assign]
    subscribed(chat)  # before the farewell was said
    assert chat.subscriber is not None
    assert chat.talk.round > 0


# ── Taps under a message ────────────────────────────────────────────────────────────────────────────────


def test_affected_is_counted_and_offers_the_letter(chat: Chat, app: App) -> None:
    subscribed(chat)
    _, notice = told(chat)
    before = app.store.taps.counts([notice])[notice].affected
    chat.push(f"affected:{notice}")
    assert chat.notes[-1].startswith("Đã ghi nhận")
    assert chat.labels == ["Mẫu văn bản góp ý", "Gửi vướng mắc"]
    assert app.store.taps.counts([notice])[notice].affected == before + 1
    item = app.store.notices.dossiers([notice])[0]
    assert app.exporter.notice(item)["impact"]["affected"] == before + 1
    assert f"Doanh nghiệp: {before + 1} bị ảnh hưởng" in sheet(app, item, "vi")
    chat.tap("Mẫu văn bản góp ý")
    assert "[Name of the enterprise]" in chat.text
    assert "[Tên doanh nghiệp]" in chat.text
    chat.push(f"affected:{notice}")
    assert chat.notes[-1].startswith("Đã rút lại")
    assert app.store.taps.counts([notice])[notice].affected == before


def test_the_letter_says_where_to_send_it(chat: Chat) -> None:
    config = chat.app.config
    for point, said in (
        (
            EnquiryPoint(name="Văn phòng SPS Việt Nam", email="sps@example.gov.vn"),
            "Gửi đến: sps@example.gov.vn",
        ),
        (
            EnquiryPoint(name="Văn phòng SPS Việt Nam", phone="024 3 123 456"),
            "Gửi đến: Văn phòng SPS Việt Nam, 024 3",
        ),
    ):
        office = replace(config.office, enquiry=Enquiry(sps=point))
        with open_app(replace(config, office=office), sample_now) as app:
            other = Chat(app, chat.address, number=chat.number + 100 * len(said))
            notice = app.store.notices.get(NZL)[0].id
            other.push(f"m:kit:{notice}")
            assert any(said in one.text for one in other.seen.values())


def test_irrelevant_is_an_example_for_the_tags(chat: Chat, app: App) -> None:
    subscribed(chat)
    _, notice = told(chat)
    chat.push(f"irrelevant:{notice}")
    assert chat.labels == ["Không phải sản phẩm của tôi", "Không phải thị trường của tôi"]
    (miss,) = missed(app, notice)
    assert (miss.notice_id, miss.reason, miss.why) == (notice, "sector:fresh-produce", "")
    chat.tap("Không phải sản phẩm")
    (miss,) = missed(app, notice)
    assert miss.why == "product"
    chat.push(f"affected:{notice}")  # and now it does after all
    assert missed(app, notice) == []
    chat.push(f"irrelevant:{notice}").push(f"irrelevant:{notice}")
    assert chat.notes[-1] == "Đã rút lại."
    assert missed(app, notice) == []


def missed(app: App, notice: int) -> list[Miss]:
    return [one for one in app.store.taps.misses() if one.notice_id == notice]


def test_follow_and_no_longer(chat: Chat, app: App) -> None:
    subscribed(chat)
    _, notice = told(chat)
    chat.push(f"follow:{notice}")
    assert chat.subscriber
    assert chat.subscriber.subscriptions[-1] == Subscription(
        criteria=Criteria(documents=(NZL,)), frequency="instant"
    )
    assert app.store.taps.counts([notice])[notice].following == 1
    assert app.store.taps.all()[notice].following == 1
    assert "Theo dõi thông báo, văn bản: G/SPS/N/NZL/784" in chat.command("dangky").text
    chat.push(f"follow:{notice}")
    assert len(chat.subscriber.subscriptions) == 1
    assert app.store.taps.counts([notice])[notice].following == 0


def test_what_is_followed_is_taken_off_one_by_one(chat: Chat) -> None:
    chat.command("theodoi", "1322/QĐ-TTg").command("theodoi", "38-CT/TW").command("dangky").tap("Sửa 1")
    assert chat.labels == ["✕ 1322/QĐ-TTg", "✕ 38-CT/TW"]
    chat.tap("✕ 38-CT/TW")
    assert chat.subscriber
    assert chat.subscriber.subscriptions[0].criteria.documents == ("1322/QĐ-TTg",)
    assert chat.push("m:unfollow:#nothing").notes[-1].startswith("Danh sách này đã cũ")
    chat.command("dangky").tap("Sửa 1").tap("✕ 1322/QĐ-TTg")
    assert chat.subscriber.subscriptions == ()


def test_follow_by_name(chat: Chat) -> None:
    assert "1322/QĐ-TTg" in chat.command("theodoi", "1322/qđ-ttg").text
    chat.command("theodoi", "g/tbt/n/usa/138/add.1").command("theodoi", "1322/QĐ-TTg")
    assert "đã theo dõi 1322/QĐ-TTg từ trước" in chat.text
    assert chat.subscriber
    (wish,) = chat.subscriber.subscriptions
    assert wish.criteria.documents == ("1322/QĐ-TTg", "G/TBT/N/USA/138")
    assert "/theodoi 1322/QĐ-TTg" in chat.command("theodoi").text
    assert "không phải là mã thông báo" in chat.command("theodoi", "?!").text


@pytest.mark.parametrize("typed", ["abc", "chuối ngự đại hoàng", "qwe-rty"])
def test_what_nothing_could_ever_match_is_not_followed(chat: Chat, typed: str) -> None:
    said = chat.command("theodoi", typed).text
    assert f"“{typed}” không phải là mã thông báo, số ký hiệu hay tên văn bản." in said
    assert "/theodoi 1322/QĐ-TTg" in said
    assert "/dangky" in said
    assert chat.subscriber is None or chat.subscriber.subscriptions == ()


@pytest.mark.parametrize("typed", ["FSMA", "Codex Stan 193-1995", "eu 2023/1115"])
def test_the_name_of_a_law_or_a_standard_is_followed(chat: Chat, typed: str) -> None:
    chat.command("theodoi", typed)
    assert chat.subscriber
    assert len(chat.subscriber.subscriptions[0].criteria.documents) == 1


def test_why_says_the_rule_and_what_it_stands_on(chat: Chat) -> None:
    subscribed(chat)
    edition, notice = told(chat)
    chat.push(f"why:{notice}:{edition}")
    assert "vì theo dõi lĩnh vực “rau quả tươi”" in chat.text
    assert chat.labels == ["Sửa đăng ký của tôi"]
    assert chat.tap("Sửa đăng ký").text.startswith("Anh/chị có 1 đăng ký")
    chat.push(f"why:{notice}:999999")  # an edition that it never got: what holds now is said
    assert "rau quả tươi" in chat.text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("sector:fresh-produce", "0805"), ("hs:0805", "0805"), ("topic:residues", "residues|dư lượng"),
        ("word:bưởi", "bưởi"), ("market:EU", "EU"), ("market:GCC", "GCC"), ("area:SPS+VN", "SPS"), ("everything", ""),
        ("general", ""), ("document:1322/QĐ-TTg", "1322/QĐ-TTg"), ("send-by:14", ""), ("correction", ""),
        ("sector:of-the-office", "of-the-office"), ("what-comes-later:1", ""),
    ],
)  # fmt: skip
def test_every_reason_has_words(app: App, lang: str, reason: str, said: str) -> None:
    speak = Desk(app=app).speaker("en" if lang == "en" else "vi")
    item = fruit(app)
    text = words.why(reason, item, speak)
    assert text.endswith(".")
    assert any(one in text for one in said.split("|"))


def fruit(app: App) -> Dossier:
    """A notice with a code that the Member stated."""
    item = app.store.notices.get(NZL)[0]
    return replace(item, tags=(Tag(kind="sector", code="fresh-produce", basis="stated", reason="hs:0805"),))


def test_a_list_lets_one_notice_be_chosen(chat: Chat) -> None:
    subscribed(chat)
    edition, _ = told(chat)
    chat.push(f"choose:{edition}")
    chat.tap("New Zealand")
    assert NZL in chat.text
    assert "Vì sao tôi nhận tin này?" in chat.labels


def test_buttons_of_what_is_not_there_any_more(chat: Chat, app: App) -> None:
    subscribed(chat)
    for data in (
        "affected:987654",
        "follow:987654",
        "why:987654:1",
        "choose:987654",
        "m:show:987654",
        "m:kit:987654",
    ):
        assert "không còn" in chat.push(data).notes[-1]
    chat.command("xoa").tap("Xóa tất cả")
    assert "Gõ /start" in chat.push("affected:1").notes[-1]


# ── Reports ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_reaches_the_curators_once(chat: Chat, app: App) -> None:
    notice = app.store.notices.get(NZL)[0].id
    chat.push(f"m:report:{notice}")
    assert NZL in chat.text
    assert "rõ thêm" in chat.types("?").text
    chat.types('=HYPERLINK("x") Hàng bưởi\nbị trả\x00 ở <b>cảng</b>; DROP TABLE issue')
    assert "Cảm ơn" in chat.text
    chat.handling.handle(Event(number=chat.number, address=chat.address, kind="text", text="again and again"))
    (issue,) = (one for one in app.store.issues.open_list() if chat.address in one.key)
    assert (issue.source, issue.kind, issue.times) == ("report", "enterprise-report", 1)
    assert "HTX Chuối reports a difficulty about G/SPS/N/NZL/784: '=HYPERLINK" in issue.message
    assert "\n" not in issue.message
    assert chat.talk.step == ""


# ── Links, codes, groups ────────────────────────────────────────────────────────────────────────────────


def test_a_link_to_a_sector_begins_with_it(chat: Chat) -> None:
    chat.command("start", "s-seafood")
    assert "✅ Thủy sản" in " ".join(chat.labels)
    assert chat.command("start", "s-nothing").talk.draft.criteria == Criteria()
    assert chat.command("start", "s-").talk.step == "subject"


def test_a_link_to_a_notice_follows_it(chat: Chat, app: App) -> None:
    notice = app.store.notices.get(NZL)[0].id
    chat.command("start", f"n-{notice}")
    assert chat.subscriber
    assert chat.subscriber.subscriptions[0].criteria.documents == (NZL,)
    chat.command("start", f"n-{notice}")  # once more changes nothing
    assert chat.subscriber.subscriptions[0].criteria.documents == (NZL,)
    assert "không còn" in chat.command("start", "n-987654").text


def test_a_code_takes_up_what_staff_prepared(chat: Chat, app: App) -> None:
    wish = Subscription(criteria=Criteria(sectors=("seafood",)), frequency="weekly")
    person = Subscriber(
        name="Công ty Cá", lang="vi", channel=CHANNEL, address="", subscriptions=(wish,), since=sample_now()
    )
    code = code_of(enrol(app.store, person, sample_now()))
    chat.command("start", f"c-{code}")
    assert "Đã bật đăng ký của Công ty Cá" in chat.text
    assert chat.subscriber
    assert (chat.subscriber.name, chat.subscriber.pause) == ("Công ty Cá", "")
    assert chat.subscriber.subscriptions == (wish,)
    typed = Chat(app, str(next(addresses)))
    again = code_of(enrol(app.store, replace(person, name="Công ty Tôm"), sample_now()))
    typed.command("start").types(f" {str(again).lower()[:4]}-{str(again)[4:]} ")
    assert "Đã bật đăng ký của Công ty Tôm" in typed.text
    assert typed.talk.step == ""
    other = Chat(app, str(next(addresses)))
    assert "Mã này không đúng" in other.command("start", f"c-{code}").text
    assert "Mã này không đúng" in other.command("dangky", str(code).lower()).text
    assert "chưa đăng ký" in other.command("dangky", "chuối").text
    assert other.subscriber is None


def test_in_a_group_only_administrators_change(app: App) -> None:
    chat = Chat(app, f"-100{next(addresses)}", group=True)
    assert chat.event("joined").labels == ["Chọn nội dung", "Nhận bản tin"]
    chat.admin = False
    assert chat.tap("Chọn nội dung").notes[-1] == "Chỉ quản trị viên của nhóm mới được thay đổi đăng ký."
    assert "Chỉ quản trị viên" in chat.command("start").text
    chat.admin = True
    chat.tap("Chọn nội dung")
    assert "Trả lời (Reply) tin nhắn này" in chat.text
    chat.tap("Rau quả tươi").tap("Tiếp tục").tap("Mọi thị trường").tap("Tiếp tục").tap("Ngay khi có").tap(
        "Lưu"
    )
    _, notice = told(chat)
    chat.admin = False
    before = chat.subscriber
    for data in (f"affected:{notice}", f"follow:{notice}", "m:new", "m:stop", "m:drop:0:abcdef"):
        assert chat.push(data).notes[-1].startswith("Chỉ quản trị viên")
    chat.command("tamdung").command("xoa")
    assert chat.subscriber == before
    assert NZL in chat.command("tim", NZL).text
    assert chat.push(f"why:{notice}:1").text


def test_who_blocks_is_left_alone_and_who_comes_back_is_told_again(chat: Chat, app: App) -> None:
    subscribed(chat)
    chat.event("gone")
    assert chat.subscriber
    assert chat.subscriber.pause == "unreachable"
    chat.event("gone").event("joined")
    assert chat.subscriber.pause == ""
    assert chat.text.startswith("Chào anh/chị trở lại.")
    chat.event("gone").command("start")
    assert chat.subscriber.pause == ""


def test_a_group_that_moved_keeps_everything(app: App) -> None:
    chat = Chat(app, f"-{next(addresses)}", group=True)
    chat.command("start").tap("Rau quả tươi")
    new = f"-100{chat.address[1:]}"
    chat.event("moved", text=new)
    moved = Chat(app, new, group=True)
    assert moved.talk.draft.criteria.sectors == ("fresh-produce",)
    assert app.store.talks.get(CHANNEL, chat.address) is None
