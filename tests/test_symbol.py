"""Symbols: every real one is read and printed back, every bad spelling is forgiven or refused, order is total."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.symbol import Symbol, find_symbols, parse_symbol, parse_symbols
from tbt_watch.errors import NotationError
from tbt_watch.sample import Edition

SUFFIX = st.tuples(st.sampled_from(["Rev", "Add", "Corr", "Suppl"]), st.integers(1, 999))
SUFFIXES = st.lists(SUFFIX, max_size=4).map(tuple)
AREA = st.sampled_from(["TBT", "SPS"])
MEMBER = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=4)
NEW = st.builds(Symbol, area=AREA, member=MEMBER, number=st.integers(0, 99_999), suffix=SUFFIXES)
OLD = st.builds(
    Symbol,
    area=AREA,
    member=st.none(),
    number=st.integers(0, 9_999),
    year=st.integers(0, 99).map("{:02}".format),
    suffix=SUFFIXES,
)
SYMBOLS = st.one_of(NEW, OLD)


def test_all_real_symbols_are_read_and_printed_back(shared: Path) -> None:
    lines = (shared / "sources/samples/symbols/real_symbols.txt").read_text(encoding="utf-8").split("\n")
    real = [line for line in lines if line.strip()]
    assert len(real) > 100
    assert [parse_symbol(line).text for line in real] == [line.strip() for line in real]


def test_the_symbols_of_the_sample_are_read_but_for_the_one_that_is_broken() -> None:
    bad = [bad for one in Edition.bundled().records for bad in parse_symbols(one["documentSymbol"])[1]]
    assert len(bad) == 1


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("G/TBT/N/USA/138/Rev.1", "G/TBT/N/USA/138/Rev.1"),
        ("  G/TBT/N/USA/2211", "G/TBT/N/USA/2211"),
        ("g/tbt/n/bhr/780", "G/TBT/N/BHR/780"),
        ("G/TBT/N/EGY/2/ADD.31", "G/TBT/N/EGY/2/Add.31"),
        ("G/SPS/N/BRA/2175/add.2/CORR.1", "G/SPS/N/BRA/2175/Add.2/Corr.1"),
        ("G/TBT/N/USA/552/Rev.3/Add.5", "G/TBT/N/USA/552/Rev.3/Add.5"),
        ("G/TBT/N/PER/1/Suppl.1", "G/TBT/N/PER/1/Suppl.1"),
        ("G / TBT / N / KOR / 1049", "G/TBT/N/KOR/1049"),
        ("G/TBT/N/THA /541", "G/TBT/N/THA/541"),
        ("G/TBT/N/THA\u00a0/541", "G/TBT/N/THA/541"),
        ("G/TBT/CHN/1246", "G/TBT/N/CHN/1246"),
        ("G/TBT/N/USA/138/Rev1", "G/TBT/N/USA/138/Rev.1"),
        ("G/TBT/N/USA/138/Add. 2", "G/TBT/N/USA/138/Add.2"),
        ("G/TBT/N/EEC/12", "G/TBT/N/EEC/12"),
        ("G/TBT/N/EU/1100", "G/TBT/N/EU/1100"),
        ("G/TBT/N/TPKM/541/Add.1", "G/TBT/N/TPKM/541/Add.1"),
        ("G/TBT/Notif.95.117", "G/TBT/Notif.95.117"),
        ("G/TBT/Notif.99/320", "G/TBT/Notif.99.320"),
        ("G/TBT/NOTIF.00/005", "G/TBT/Notif.00.5"),
        ("G/TBT/Notif.00/5", "G/TBT/Notif.00.5"),
        ("G/TBT/Notif.97.12/Add.1", "G/TBT/Notif.97.12/Add.1"),
    ],
)
def test_a_spelling_is_forgiven(spelled: str, canonical: str) -> None:
    assert parse_symbol(spelled).text == canonical


@pytest.mark.parametrize(
    "bad",
    [
        "",
        " ",
        "G/TBT/N/",
        "G/TBT/N/USA",
        "G/TBT/N/USA/",
        "G/TBT/N/U/1",
        "G/TBT/N/USAAA/1",
        "G/TBT/N/USA/123456",
        "G/TBT/N/USA/1/Add",
        "G/TBT/N/USA/1/Rev.1/Rev.2/Rev.3/Rev.4/Rev.5",
        "G/TBT/N/USA/1/Annex.1",
        "G/AG/N/USA/1",
        "TBT/N/USA/1",
        "G/TBT/W/183",
        "G/TBT/M/93",
        "G/SPS/GEN/204/Rev.1",
        "G/TBT/ENQ/38",
        "G/SPS/NNA/21",
        "G/TBT/Notif.1995.117",
        "G/TBT/N/USA/1, G/TBT/N/USA/2",
        "G/TBT/N/USA/\u0661",
        "https://epingalert.org/",
        "\ud800",
    ],
)
def test_what_is_no_symbol_is_refused_in_one_sentence(bad: str) -> None:
    with pytest.raises(NotationError, match=r"write it like G/TBT/N/USA/138/Add\.1\.$"):
        parse_symbol(bad)


def test_a_joint_field_is_a_sorted_set_and_says_what_it_could_not_read() -> None:
    good, bad = parse_symbols(" G/TBT/N/KWT/764, g/tbt/n/are/703,\nG/TBT/N/ARE/703; G/TBT/N/BHR, ")
    assert [one.text for one in good] == ["G/TBT/N/ARE/703", "G/TBT/N/KWT/764"]
    assert bad == ("G/TBT/N/BHR",)
    assert parse_symbols("  ") == ((), ())


def test_a_chain_says_what_it_follows_and_where_it_began() -> None:
    symbol = parse_symbol("G/TBT/N/DOM/227/Rev.1/Add.1")
    above = symbol.follows
    assert above is not None
    assert above.text == "G/TBT/N/DOM/227/Rev.1"
    assert above.follows == symbol.base == parse_symbol("G/TBT/N/DOM/227")
    assert symbol.base.follows is None
    assert (symbol.area, symbol.member, symbol.number) == ("TBT", "DOM", 227)
    assert symbol.suffix == (("Rev", 1), ("Add", 1))


def test_numbers_are_ordered_as_numbers() -> None:
    texts = [
        "G/TBT/N/USA/10",
        "G/TBT/N/USA/9",
        "G/TBT/N/USA/9/Add.10",
        "G/TBT/N/USA/9/Add.2",
        "G/SPS/N/USA/99",
    ]
    assert [one.text for one in sorted(map(parse_symbol, texts))] == [
        "G/SPS/N/USA/99",
        "G/TBT/N/USA/9",
        "G/TBT/N/USA/9/Add.2",
        "G/TBT/N/USA/9/Add.10",
        "G/TBT/N/USA/10",
    ]


def test_symbols_stand_in_running_text() -> None:
    text = (
        "Mã thông báo: G / TBT / N / KOR / 1049 và G/TBT/N/THA\u00a0/541; xem g/sps/n/bra/2175/add.2/corr.1. "
        "Cũ: G/TBT/Notif.95.117, G/TBT/CHN/1246 (G/TBT/N/THA/541)."
    )
    assert [one.text for one in find_symbols(text)] == [
        "G/TBT/N/KOR/1049",
        "G/TBT/N/THA/541",
        "G/SPS/N/BRA/2175/Add.2/Corr.1",
        "G/TBT/Notif.95.117",
        "G/TBT/N/CHN/1246",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "G/SPS/GEN/204 and G/TBT/ENQ/38/Rev.1 are other series",
        "RNG/TBT/N/USA/1",
        "G/TBT/N/USA/123456 has too many digits",
        "G/TBT/N/USA/12/Add.1000 is no addendum, and not its parent either",
        "G/TBT/N/USA/12b",
    ],
)
def test_what_only_looks_like_a_symbol_is_left_alone(text: str) -> None:
    assert find_symbols(text) == ()


@given(SYMBOLS)
def test_what_is_printed_is_read_again(symbol: Symbol) -> None:
    assert parse_symbol(symbol.text) == symbol
    assert parse_symbol(symbol.text.lower()) == symbol
    assert parse_symbol(unicodedata.normalize("NFD", symbol.text)).text == symbol.text
    assert find_symbols(f"see {symbol.text}, and more") == (symbol,)


@given(SYMBOLS, SYMBOLS, SYMBOLS)
def test_the_order_is_total(one: Symbol, two: Symbol, three: Symbol) -> None:
    assert (one < two) + (two < one) + (one == two) == 1
    if one <= two <= three:
        assert one <= three
    assert (one == two) == (one.text == two.text)


@given(SYMBOLS)
def test_every_symbol_sorts_behind_what_it_follows(symbol: Symbol) -> None:
    above = symbol.follows
    assert symbol.base.suffix == ()
    if above is not None:
        assert above < symbol
        assert above.base == symbol.base


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text: str) -> None:
    good, bad = parse_symbols(text)
    assert all(parse_symbol(one.text) == one for one in good)
    assert all(piece.strip() for piece in bad)
    assert all(parse_symbol(one.text) == one for one in find_symbols(text))
