"""Staff enter subscribers by table: hours, documents, offices, every channel, and subscriptions handed out as codes."""

import csv
import io
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import accept, named, subscriber
from desk import CONFIG, Desk
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tbt_watch.digest.enrol import enrol, take_up
from tbt_watch.domain.code import SIGNS, code_of, new_code, prepared_address, read_code
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.errors import UsageError
from tbt_watch.register import COLUMNS
from tbt_watch.store import Store

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SPS = (Criteria(areas=("SPS",)), "daily")
TBT = (Criteria(areas=("TBT",)), "weekly")
FOLLOWED = ("1322/QĐ-TTg", "G/TBT/N/USA/138")
HEAD = "name,channel,address,frequency,at,day,sectors,areas,documents,office\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office without subscribers, whose bot is known."""
    return Desk(tmp_path, CONFIG + '[deliver.telegram]\nbot = "@tbt_vinh_long_bot"\n')


def taken_in(desk: Desk, rows: str) -> Any:
    path = desk.folder / "table.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return desk.typed("subscribers", "import", path)


def listed(desk: Desk) -> list[dict[str, Any]]:
    return desk.typed("subscribers", "list", "--json").records


# ── The table ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cells", "wish"),
    [
        ("daily,6:30,,,,,", {"frequency": "daily", "at": "06:30"}),
        ("daily,7h,,,,,", {"frequency": "daily", "at": "07:00"}),
        ("daily,7 giờ 15,,,,,", None),
        ("daily,16h45,,,,,", {"frequency": "daily", "at": "16:45"}),
        ("weekly,07:00:00,fri,,,,", {"frequency": "weekly", "at": "07:00", "day": "fri"}),
        ("weekly,,Thứ Hai,,,,", {"frequency": "weekly", "day": "mon"}),
        ("weekly,,thu 7,,,,", {"frequency": "weekly", "day": "sat"}),
        ("weekly,,CN,,,,", {"frequency": "weekly", "day": "sun"}),
        ("weekly,,T4,,,,", {"frequency": "weekly", "day": "wed"}),
        ("weekly,,someday,,,,", None),
        ("daily,,mon,,,,", None),
        ("instant,7:00,,,,,", None),
        ("daily,25:00,,,,,", None),
        ("daily,,,,,g/tbt/n/usa/138; 1322/QĐ-TTg,", {"frequency": "daily", "documents": list(FOLLOWED)}),
        ("daily,,,,,x,", None),
    ],
)  # fmt: skip
def test_hours_days_and_documents(desk: Desk, cells: str, wish: dict[str, Any] | None) -> None:
    done = taken_in(desk, f"A,pretend,a,{cells}\n")
    if wish is None:
        assert done.code == 1
        assert done.err.startswith("table.csv, row 2: ")
        assert done.err.endswith(".\n")
        assert listed(desk) == []
    else:
        assert (done.code, done.err) == (0, "")
        assert listed(desk)[0]["subscriptions"] == [wish]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("yes", True),
        ("có", True),
        ("Có", True),
        ("x", True),
        ("no", False),
        ("không", False),
        ("", False),
        ("maybe", None),
    ],
)
def test_an_office_says_so(desk: Desk, text: str, office: bool | None) -> None:
    done = taken_in(desk, f"A,pretend,a,daily,,,,TBT,,{text}\n")
    assert [one["office"] for one in listed(desk)] == ([] if office is None else [office])
    assert ("'office'" in done.err) is (office is None)


@pytest.mark.parametrize(
    ("channel", "address", "kept"),
    [
        ("email", "Phong.KD@Example.vn", "phong.kd@example.vn"),
        ("email", "phong kd@example.vn", None),
        ("email", "phòng@example.vn", None),
        ("email", "", None),
        ("zalo", "Nhóm Hàng rào kỹ thuật Vĩnh Long", "Nhóm Hàng rào kỹ thuật Vĩnh Long"),
        ("zalo", "", None),
        ("zalo", "x" * 101, None),
        ("telegram", "code:ABCDEFGH", None),
        ("telegram", "code:0", None),
        ("pretend", "", None),
    ],
)
def test_each_channel_has_addresses_of_its_own(
    desk: Desk, channel: str, address: str, kept: str | None
) -> None:
    done = taken_in(desk, f"A,{channel},{address},daily,,,,TBT,,\n")
    assert [one["address"] for one in listed(desk)] == ([kept] if kept else [])
    assert done.code == (0 if kept else 1)


def test_a_mailbox_waits_for_its_consent_and_who_left_stays_away(desk: Desk) -> None:
    rows = "A,email,a@example.vn,daily,,,,TBT,,\nB,zalo,Nhóm B,daily,,,,TBT,,\n"
    taken_in(desk, rows)
    assert [one["pause"] for one in listed(desk)] == ["unconfirmed", ""]
    with Store.open(desk.folder / "data" / "tbt-watch.db") as store:
        for pause in ("", "asked", "unreachable"):
            mailbox = store.subscribers.at("email", "a@example.vn")
            assert mailbox is not None
            store.subscribers.save(subscriber("a@example.vn", TBT, channel="email"))
            with store.transaction():
                store.subscribers.save(Subscriber(**{**fields(mailbox), "pause": pause}))
            taken_in(desk, rows)
            assert [one["pause"] for one in listed(desk)] == [pause, ""]


def fields(one: Subscriber) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "id"}


def test_a_workbook_keeps_times_and_answers_as_cells_of_their_own_kind(desk: Desk) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEAD.strip().split(","))
    book.active.append(["A", "pretend", "a", "weekly", time(7, 30), "fri", None, "TBT", None, True])
    book.active.append(["B", "pretend", "b", "daily", "6:30", None, None, "TBT", None, False])
    book.active.append(["C", "telegram", None, "daily", time(16, 0), None, None, "TBT", None, None])
    book.save(desk.folder / "table.xlsx")
    assert desk.typed("subscribers", "import", "table.xlsx").err == ""
    people = listed(desk)
    assert [one["subscriptions"][0]["at"] for one in people] == ["07:30", "06:30", "16:00"]
    assert [one["office"] for one in people] == [True, False, False]
    assert people[2]["code"]


# ── Codes ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_without_an_address_gets_a_code_to_hand_out(desk: Desk) -> None:
    rows = "HTX Bưởi,telegram,,daily,,,fresh-produce,SPS,,\nHTX Bưởi,telegram,,weekly,,,,VN,,\n"
    rows += "Xưởng gỗ,telegram,,daily,,,,TBT,,có\n"
    done = taken_in(desk, rows)
    assert (done.code, done.err) == (0, "")
    first, second = people = listed(desk)
    assert [one["pause"] for one in people] == ["prepared", "prepared"]
    assert [len(one["subscriptions"]) for one in people] == [2, 1]
    assert second["office"] is True
    for one in people:
        assert re.fullmatch(rf"[{SIGNS}]{{8}}", one["code"])
        assert one["address"] == f"code:{one['code']}"
        assert one["link"] == f"https://t.me/tbt_vinh_long_bot?start=c-{one['code']}"
        assert f"{one['name']}  {one['code']}  {one['link']}" in done.out
    assert first["code"] != second["code"]
    shown = desk.typed("subscribers", "list", "--lang", "en").out
    assert f"telegram:{first['code']}" in shown
    taken_in(desk, rows)
    assert listed(desk) == people, "the same table again keeps the codes"


def test_an_export_holds_the_codes_and_can_be_imported_again(desk: Desk) -> None:
    taken_in(
        desk,
        "HTX Bưởi,telegram,,weekly,7:00,fri,fresh-produce,SPS,G/TBT/N/USA/138,x\nA,email,a@example.vn,daily,,,,TBT,,\n",
    )
    people = listed(desk)
    text = desk.typed("subscribers", "export").out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0])[: len(COLUMNS)] == list(COLUMNS)
    assert (rows[0]["address"], rows[0]["link"], rows[0]["pause"]) == (
        people[0]["address"],
        people[0]["link"],
        "prepared",
    )
    assert (rows[0]["at"], rows[0]["day"], rows[0]["documents"], rows[0]["office"]) == (
        "07:00",
        "fri",
        "G/TBT/N/USA/138",
        "yes",
    )
    assert rows[1]["link"] == ""
    (desk.folder / "again.csv").write_text(text, encoding="utf-8")
    assert desk.typed("subscribers", "import", "again.csv").err == ""
    assert listed(desk) == people


def test_without_the_bots_name_there_is_a_code_and_no_link(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    taken_in(desk, "HTX Bưởi,telegram,,daily,,,,SPS,,\n")
    (one,) = listed(desk)
    assert (len(one["code"]), one["link"]) == (8, None)


def test_every_prepared_code_can_be_removed(desk: Desk) -> None:
    taken_in(
        desk,
        "HTX Bưởi,telegram,,daily,,,,SPS,,\nA,email,a@example.vn,daily,,,,TBT,,\nB,zalo,Nhóm,daily,,,,TBT,,\n",
    )
    for one in listed(desk):
        assert desk.typed("subscribers", "remove", str(one["id"])).code == 0
    assert listed(desk) == []


def prepared(
    store: Store, name: str = "HTX Bưởi", *wishes: Any, at: datetime = NOW
) -> tuple[Subscriber, str]:
    one = enrol(
        store,
        Subscriber(
            **{**fields(subscriber("", *(wishes or (SPS,)), channel="telegram", since=at)), "name": name}
        ),
        at,
    )
    code = code_of(one)
    assert code
    return one, code


def test_a_chat_takes_it_up_once(store: Store) -> None:
    one, code = prepared(store)
    later = NOW + timedelta(days=3)
    typed = f" {code[:4].lower()}-{code[4:]} "
    taken = take_up(store, typed, "telegram", "77", later)
    assert taken is not None
    assert (taken.id, taken.address, taken.pause, taken.name) == (one.id, "77", "", "HTX Bưởi")
    assert store.subscribers.at("telegram", "77") == taken
    assert store.subscribers.at("telegram", prepared_address(code)) is None
    assert take_up(store, code, "telegram", "78", later) is None
    (audience,) = store.subscribers.audiences()
    assert audience.since >= later, "nothing from before it was taken up"


def test_a_chat_that_is_subscribed_keeps_its_wishes_and_what_is_pending(store: Store) -> None:
    mine = enrol(store, subscriber("77", SPS, channel="telegram", since=NOW), NOW)
    accept(store, named("G/SPS/N/EU/1", "EU"), NOW + timedelta(hours=1))
    _, code = prepared(store, "HTX Bưởi", SPS, TBT)
    taken = take_up(store, code, "telegram", "77", NOW + timedelta(hours=2))
    assert taken is not None
    assert (taken.id, taken.name) == (mine.id, mine.name)
    assert {one.frequency for one in taken.subscriptions} == {"daily", "weekly"}
    assert len(taken.subscriptions) == 2
    assert [one.address for one in store.subscribers.all()] == ["77"]
    (audience,) = store.subscribers.audiences()
    assert len(audience.owed) == 1, "what it was still to be told is not lost"


def test_who_paused_and_takes_up_a_code_is_told_again(store: Store) -> None:
    mine = enrol(store, subscriber("77", SPS, channel="telegram", since=NOW), NOW)
    store.subscribers.save(Subscriber(**{**fields(mine), "pause": "asked"}))
    _, code = prepared(store, "HTX Bưởi", TBT)
    taken = take_up(store, code, "telegram", "77", NOW + timedelta(hours=2))
    assert taken is not None
    assert taken.pause == ""
    assert len(store.subscribers.audiences()) == 1


def test_a_code_is_worth_something_for_ninety_days(store: Store, desk: Desk) -> None:
    one, code = prepared(store)
    assert take_up(store, code, "telegram", "77", NOW + timedelta(days=90)) is None
    again, fresh = prepared(store, at=NOW + timedelta(days=89))
    assert (again.id, fresh) == (one.id, code)
    newer, fresh = prepared(store, at=NOW + timedelta(days=91))
    assert fresh != code
    assert take_up(store, code, "telegram", "77", NOW + timedelta(days=91)) is None
    taken = take_up(store, fresh, "telegram", "77", NOW + timedelta(days=92))
    assert taken is not None
    assert taken.id == newer.id


@pytest.mark.parametrize(
    "code",
    ["", "ABCDEFGH", "'; DROP TABLE subscriber; --", "\x00", "ABCDEFG0", "code:", "é" * 8, "A" * 10_000],
)
def test_no_other_text_takes_anything_up(store: Store, code: str) -> None:
    prepared(store)
    assert take_up(store, code, "telegram", "77", NOW) is None
    assert [one.pause for one in store.subscribers.all()] == ["prepared"]


def test_nobody_enters_a_code_that_is_not_waiting(store: Store) -> None:
    one, code = prepared(store)
    take_up(store, code, "telegram", "77", NOW)
    with pytest.raises(UsageError, match="was taken up"):
        enrol(store, one, NOW)


def test_the_same_table_again_prepares_nothing_for_who_took_it_up(store: Store) -> None:
    one, code = prepared(store)
    take_up(store, code, "telegram", "77", NOW)
    with pytest.raises(UsageError, match=r"HTX Bưởi: it is subscribed already; write its address 77"):
        prepared(store)
    assert [found.id for found in store.subscribers.all()] == [one.id]


def test_two_who_drew_the_same_code_get_two(store: Store) -> None:
    drawn = iter("A" * 8 + "A" * 8 + "B" * 8)
    people = [
        enrol(store, Subscriber(**{**fields(subscriber("", SPS, channel="telegram")), "name": name, "since": NOW}), NOW,
              choose=lambda _signs: next(drawn))
        for name in "ab"
    ]  # fmt: skip
    assert [code_of(one) for one in people] == ["A" * 8, "B" * 8]


@given(st.text())
def test_a_code_is_read_or_is_none(text: str) -> None:
    code = read_code(text)
    assert code is None or (re.fullmatch(rf"[{SIGNS}]{{8}}", code) and read_code(code) == code)


def test_codes_are_made_of_signs_that_nobody_takes_for_one_another() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert set("".join(codes)) == set(SIGNS)
    assert not set("01OI") & set(SIGNS)
    assert all(read_code(f"c-{code}"[2:].lower()) == code for code in codes)
