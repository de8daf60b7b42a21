"""An office's own rows over the shipped vocabulary: in the store, in the tags, and when they no longer fit."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.vocabulary import OwnRow
from tbt_watch.store import Store
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.tables import COLUMNS, cells_of, key_of, parsed, rows_of
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

# ── in the store ────────────────────────────────────────────────────────────────────────────────────────


def row(table: str, *cells: str, removed: bool = False) -> OwnRow:
    """A row by its cells in the order of its table's columns; what is left out is empty."""
    names = COLUMNS[table]
    whole = dict(zip(names, (*cells, *[""] * (len(names) - len(cells))), strict=True))
    return OwnRow(table=table, key=key_of(parsed(table, whole)), cells=tuple(whole.items()), removed=removed)


ANVIL = row("words", "sector", "metals", "en", "anvil", "strong")
DURIAN = row("hs", "081060", "processed-food")


def test_rows_come_back_as_they_were_put(store: Store) -> None:
    assert store.vocabulary.all() == ()
    store.vocabulary.put([ANVIL, DURIAN])
    assert store.vocabulary.all() == (ANVIL, DURIAN)
    out = replace(ANVIL, removed=True)
    store.vocabulary.put([DURIAN, out])
    assert store.vocabulary.all() == (out, DURIAN)
    store.vocabulary.forget([ANVIL, row("words", "sector", "metals", "fr", "anvil", "strong")])
    assert store.vocabulary.all() == (DURIAN,)


def test_putting_is_one_transaction(store: Store) -> None:
    def broken() -> None:
        with store.transaction():
            store.vocabulary.put([ANVIL])
            store.vocabulary.forget([DURIAN])
            raise RuntimeError

    store.vocabulary.put([DURIAN])
    with pytest.raises(RuntimeError):
        broken()
    assert store.vocabulary.all() == (DURIAN,)


# ── in the tags ─────────────────────────────────────────────────────────────────────────────────────────


def found(own: tuple[OwnRow, ...], kind: str = "sector", **fields: Any) -> dict[str, str]:
    """The reasons of the tags that a notice gets with these rows, by code."""
    facts: dict[str, Any] = {
        "key": "G/TBT/N/JPN/1", "kind": "notification", "area": "TBT", "type": "regular",
        "symbols": ("G/TBT/N/JPN/1",), "thread": "G/TBT/N/JPN/1", "members": ("JPN",),
    }  # fmt: skip
    tags = tag_notice(Notice(**facts | fields), load_vocabulary(own))
    return {tag.code: tag.reason for tag in tags if tag.kind == kind}


def test_without_rows_it_is_the_shipped_vocabulary() -> None:
    assert load_vocabulary(()) == load_vocabulary()
    assert load_vocabulary().shipped is None


def test_an_office_adds_a_word() -> None:
    assert found((), title="Anvils") == {}
    assert found((ANVIL,), title="Anvils") == {"metals": "word:title:anvil"}
    lam = row("words", "sector", "metals", "vi", "đe thợ rèn", "strong")
    assert found((lam,), title="Quy định về đe thợ rèn", language="vi") == {"metals": "word:title:đe thợ rèn"}


def test_an_office_takes_a_word_out_and_gives_it_exclusions() -> None:
    assert found((), title="Cheese") == {"animal-products": "word:title:cheese"}
    cheese = row("words", "sector", "animal-products", "en", "cheese", "strong")
    assert found((replace(cheese, removed=True),), title="Cheese") == {}
    but = row("words", "sector", "animal-products", "en", "cheese", "strong", "cheese cutter")
    assert found((but,), title="Cheese cutters") == {}
    assert found((but,), title="Cheese") == {"animal-products": "word:title:cheese"}


def test_an_office_maps_codes_otherwise() -> None:
    assert set(found((), hs_codes=("08106000",))) == {"fresh-produce"}
    assert set(found((DURIAN,), hs_codes=("08106000",))) == {"processed-food"}
    assert set(found((DURIAN,), hs_codes=("0810",))) == {"fresh-produce"}
    national = row("hs", "08106000", "beverages")
    assert set(found((DURIAN, national), hs_codes=("0810600010",))) == {"beverages"}
    exception = row("hs", "0508", removed=True)
    assert set(found((), hs_codes=("0508",))) == {"animal-products", "seafood"}
    assert set(found((exception,), hs_codes=("0508",))) == {"animal-products"}
    field = row("ics", "43.020", "machinery", "environment")
    assert set(found((field,), ics_codes=("43.020.10",))) == {"machinery"}
    assert set(found((field,), "topic", ics_codes=("43.020",))) == {"environment"}


LACQUER = (
    row("sectors", "lacquerware", "đồ sơn mài", "lacquerware"),
    *(
        row("words", "sector", "lacquerware", language, word, "strong")
        for language, word in (
            ("en", "lacquerwork"),
            ("fr", "laquerie"),
            ("es", "lacado"),
            ("vi", "hàng sơn mài"),
        )
    ),
)


def test_an_office_adds_a_sector_and_names_another_otherwise() -> None:
    vocabulary = load_vocabulary((*LACQUER, row("sectors", "metals", "gang thép", "iron and steel")))
    assert vocabulary.check() == []
    assert [one.code for one in vocabulary.sectors][-1] == "lacquerware"
    assert [one.code for one in vocabulary.sectors][:-1] == [one.code for one in load_vocabulary().sectors]
    assert (vocabulary.label("lacquerware", "vi"), vocabulary.label("metals", "en")) == (
        "đồ sơn mài",
        "iron and steel",
    )
    assert "lacquerware" in found(LACQUER, title="Lacquerwork")


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert load_vocabulary(LACQUER[::-1]).unfit == ()
    assert load_vocabulary(LACQUER[::-1]).sectors == load_vocabulary(LACQUER).sectors


def test_an_office_adds_members_to_a_group_and_a_group_to_a_group() -> None:
    gulf = row("groups", "GCC", "ARE;BHR;KWT;OMN;QAT;SAU;YEM")
    assert set(found((gulf,), "market", members=("YEM",))) == {"YEM", "GCC"}
    nested = row("groups", "EAEU", "ARM;KAZ;GCC")
    assert set(found((nested,), "market", members=("QAT",))) == {"QAT", "GCC", "EAEU"}


def test_words_of_hints_change_too() -> None:
    assert found((), "topic", keywords=("mrl",)) == {"residues": "keyword:mrl"}
    other = row("keywords", "mrl", "", "food-safety", "strong")
    assert found((other,), "topic", keywords=("mrl",)) == {"food-safety": "keyword:mrl"}


# ── what does not fit ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row("words", "sector", "space", "en", "rocket", "strong"), "names 'space', which the vocabulary"),
        (row("words", "sector", "metals", "en", "x", "strong"), "must have from 2 letters"),
        (row("hs", "98", "metals"), "begins with no chapter"),
        (row("hs", "4102"), "no sector and no reason"),
        (row("ics", "43.2", "metals"), "no prefix of a code"),
        (row("sectors", "moon", "", "moon"), "no label in vi"),
        (row("sectors", "metals", removed=True), "is the project's"),
        (row("hs", "84", removed=True), "84 must be decided"),
        (row("ics", "97", removed=True), "97 must be decided"),
        (row("groups", "GCC", "ARE;GCC"), "member of itself"),
        (row("keywords", "mrl"), "says nothing and gives no reason"),
        (OwnRow(table="words", key=("a",), cells=(("weight", "very"),)), "the weight 'very'"),
        (OwnRow(table="planets", key=("mars",), cells=()), "no such table"),
    ],
)
def test_a_row_that_does_not_fit_is_left_aside_and_told(bad: OwnRow, why: str) -> None:
    vocabulary = load_vocabulary((ANVIL, bad))
    ((aside, fault),) = vocabulary.unfit
    assert aside == bad
    assert why in fault
    (told,) = vocabulary.check()
    assert told.startswith(f"{bad.table} (office): left aside, for ")
    assert told.endswith(".")
    alone = load_vocabulary((ANVIL,))
    for name in COLUMNS:
        assert rows_of(vocabulary, name) == rows_of(alone, name)


def test_a_circle_of_groups_is_not_made() -> None:
    vocabulary = load_vocabulary((row("groups", "GCC", "ARE;EAC"), row("groups", "EAC", "KEN;GCC")))
    assert vocabulary.groups["GCC"] == ("ARE", "EAC")
    assert "KEN" in vocabulary.groups["EAC"]
    assert "GCC" not in vocabulary.groups["EAC"]
    (told,) = vocabulary.check()
    assert told == (
        "groups (office): left aside, for EAC → GCC → EAC is a circle: no group may hold itself by way of others."
    )


def test_check_tells_the_office_from_the_project() -> None:
    vocabulary = load_vocabulary(LACQUER[:2])
    assert vocabulary.check() == [
        f"words (office): the sector lacquerware has no words in {language}."
        for language in ("fr", "es", "vi")
    ]
    twice = load_vocabulary((ANVIL, row("words", "sector", "machinery", "en", "anvil", "strong")))
    (told,) = twice.check()
    assert told.startswith("words (office): 'anvil' (en) speaks strongly for metals and machinery; say why")


# ── any rows ────────────────────────────────────────────────────────────────────────────────────────────


def _texts() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(
            ["", "metals", "sector", "topic", "en", "vi", "01", "43.020", "GCC", "EU", "strong", "weak"]
        ),
        st.text(max_size=12),
    )


def _own_rows() -> st.SearchStrategy[OwnRow]:
    def of(table: str) -> st.SearchStrategy[OwnRow]:
        cells = st.fixed_dictionaries({name: _texts() for name in COLUMNS[table]})
        return st.builds(
            lambda some, removed: OwnRow(
                table=table, key=(next(iter(some.values())),), cells=tuple(some.items()), removed=removed
            ),
            cells,
            st.booleans(),
        )

    return st.sampled_from(tuple(COLUMNS)).flatmap(of)


@settings(max_examples=10)  # each reads the whole vocabulary
@given(st.lists(_own_rows(), max_size=6))
def test_any_rows_leave_a_vocabulary_that_tags(own: list[OwnRow]) -> None:
    vocabulary = load_vocabulary(own)
    known = {one.code for one in (*vocabulary.sectors, *vocabulary.topics)}
    assert {word.code for word in vocabulary.words} <= known
    assert {
        code for one in (*vocabulary.hs, *vocabulary.ics) for code in (*one.sectors, *one.topics)
    } <= known
    assert len(vocabulary.sectors) >= 24
    assert all(fault.endswith(".") for fault in vocabulary.check())


def shipped_rows() -> Iterator[tuple[str, Any]]:
    vocabulary: Vocabulary = load_vocabulary()
    for name in COLUMNS:
        for one in rows_of(vocabulary, name):
            yield name, one


def test_every_shipped_row_survives_its_cells() -> None:
    number = 0
    for name, one in shipped_rows():
        assert parsed(name, cells_of(one) | {}) == one
        assert set(COLUMNS[name]) <= set(cells_of(one))
        number += 1
    assert number > 6_500
