"""What a person carries to Zalo: the text to copy, and the ledger of who pasted it where."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cast import accept, named, subscriber
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.deliver import outbox
from tbt_watch.deliver.byhand import LONGEST, ByHand, to_paste
from tbt_watch.deliver.markup import bold, escape, italic, link
from tbt_watch.domain.edition import Edition, EditionItem, Part
from tbt_watch.domain.text import nfc
from tbt_watch.errors import DeliveryError
from tbt_watch.store import Store

AT = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
GROUP = "Nhóm Hàng rào kỹ thuật Vĩnh Long"
WHOLE = f"🇪🇺 EU · SPS\n{bold('Dư lượng <b> & bưởi')}\n\n{link('Chi tiết', 'https://tbt.example.gov.vn/g/1/')}"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────


def test_it_reads_without_markup_with_addresses_in_full() -> None:
    assert to_paste([Part(number=1, text=WHOLE)]) == [
        "EU · SPS\nDư lượng <b> & bưởi\n\nChi tiết: https://tbt.example.gov.vn/g/1/"
    ]


def test_a_long_edition_is_cut_between_paragraphs_and_counted() -> None:
    entries = [f"{bold(f'{number}. Tin')} {'chữ ' * 60}" for number in range(30)]
    messages = to_paste([Part(number=1, text="\n\n".join(entries))])
    assert len(messages) > 2
    for number, message in enumerate(messages, start=1):
        assert units(message) <= LONGEST
        head, first = message.split("\n", 1)
        assert head == f"({number}/{len(messages)})"
        assert first.split(" ")[1] == "Tin", "each begins with an entry"
    assert sum(message.count(" Tin ") for message in messages) == 30


TEXTS = st.text(
    st.characters(codec="utf-8") | st.sampled_from("🇻🇳🙂\u200d\ufe0f<>&\n\n  ếừ"), max_size=6000
).filter(lambda text: text.strip() != "")


@given(TEXTS)
def test_nothing_is_lost_but_what_zalo_cannot_show(text: str) -> None:
    messages = to_paste([Part(number=1, text=escape(text)), Part(number=2, text=italic("hết"))])
    assert all(units(message) <= LONGEST for message in messages)
    assert all(unicodedata.is_normalized("NFC", message) for message in messages)
    joined = "".join(message.split("\n", 1)[-1] if len(messages) > 1 else message for message in messages)
    letters = [sign for sign in nfc(text) if sign.isalnum() and sign < "\U00010000"]
    assert [sign for sign in joined if sign.isalnum()] == [*letters, *"hết"]
    assert not [sign for sign in joined if sign >= "\U00010000" or sign in "\u200d\ufe0f"]


def test_it_is_never_sent_by_itself() -> None:
    with pytest.raises(DeliveryError) as caught:
        ByHand().send(GROUP, Part(number=1, text="x"), label="x")
    assert (caught.value.permanent, caught.value.sent) == (True, False)


# ── The ledger ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office with one edition, written for a Zalo group and for a mailbox."""
    desk = Desk(tmp_path)
    (desk.folder / "data").mkdir()
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        notice = named("G/SPS/N/EU/1", "EU")
        accept(store, notice, AT)
        for address, channel in ((GROUP, "zalo"), ("buoi", "pretend")):
            store.subscribers.save(subscriber(address, channel=channel))
        items = (EditionItem(notice_key=notice.key, version=1, reason="general"),)
        audience = store.subscribers.audiences()[0].key
        edition = Edition(kind="daily", audience=audience, lang="vi", until=AT, items=items)
        assert store.editions.compose(edition, AT) is not None
    return desk


def written(desk: Desk) -> None:
    """Let the outbox write what is to be carried over."""
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        report = outbox.run(
            store,
            {"zalo": ByHand()},
            lambda *_all: [Part(number=1, text=WHOLE)],
            lambda: AT,
            sleep=lambda _s: None,
        )
    assert report.done == 0


def ledger(desk: Desk) -> dict[str, Any]:
    (found,) = desk.typed("deliveries", "list", "--channel", "zalo", "--json").records
    return found


def test_it_is_written_waits_is_copied_and_pasted(desk: Desk) -> None:
    too_early = desk.typed("deliveries", "pasted", "1", "--by", "An")
    assert too_early.code == 2
    assert "not written yet" in too_early.sentence
    written(desk)
    written(desk)
    assert ledger(desk)["state"] == "PENDING"
    shown = desk.typed("deliveries", "show", "1")
    assert (shown.code, shown.out.rstrip("\n")) == (0, to_paste([Part(number=1, text=WHOLE)])[0])
    (record,) = desk.typed("deliveries", "show", "1", "--json").records
    assert (record["address"], record["state"], len(record["messages"])) == (GROUP, "PENDING", 1)

    assert desk.typed("deliveries", "pasted", "1", "--by", " Nguyễn  An ").code == 0
    found = ledger(desk)
    assert (found["state"], found["why"]) == ("SENT", "pasted by Nguyễn An")
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        (part,) = store.deliveries.get(1).parts
        assert (part.state, part.message_id) == ("SENT", GROUP)
        assert store.notices.get("G/SPS/N/EU/1")[0].first_sent_at == part.at
    again = desk.typed("deliveries", "pasted", "1", "--by", "Bình")
    assert again.code == 2
    assert "SENT (pasted by Nguyễn An)" in again.sentence


def test_it_may_be_another_group(desk: Desk) -> None:
    written(desk)
    desk.typed("deliveries", "pasted", "1", "--by", "An", "--group", "Nhóm khác")
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        assert store.deliveries.get(1).parts[0].message_id == "Nhóm khác"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("pasted", "1", "--by", " "), "--by NAME"),
        (("pasted", "2", "--by", "An"), "not by hand"),
        (("pasted", "99", "--by", "An"), "no delivery 99"),
        (("show", "99"), "no delivery 99"),
        (("show", "1", "--message", "2"), "has 1 messages"),
        (("show", "1", "--message", "0"), "has 1 messages"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, args: tuple[str, ...], says: str) -> None:
    written(desk)
    done = desk.typed("deliveries", *args)
    assert done.code == 2
    assert says in done.sentence
    assert ledger(desk)["state"] == "PENDING"


def test_one_message_of_several_can_be_printed(desk: Desk) -> None:
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        outbox.run(
            store, {"zalo": ByHand()}, lambda *_all: [Part(number=1, text="chữ " * 900)], lambda: AT,
            sleep=lambda _s: None,
        )  # fmt: skip
    whole = desk.typed("deliveries", "show", "1").out
    first, second = (desk.typed("deliveries", "show", "1", "--message", str(n)).out for n in (1, 2))
    assert first.startswith("(1/2)\n")
    assert second.startswith("(2/2)\n")
    assert whole == f"{first.rstrip()}\n-----\n{second}"
