"""The office's own terms in the store, and the versions that texts were made with."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.term import Term
from tbt_watch.errors import NotFoundError
from tbt_watch.store import Store
from tbt_watch.store.tables import term_base
from tbt_watch.store.terms import TermCounts
from tbt_watch.translate.terms.base import TermBase

LABEL = Term(en=("label", "labels"), fr=("étiquette",), vi="nhãn", domain="labels", note="as in the law")
BRAND = Term(en=("label",), vi="nhãn hiệu", status="forbidden")
FRENCH = Term(fr=("mainlevée",), vi="giải phóng hàng")
RICE = Term(en=("Rice",), vi="Lúa gạo", domain="hs", note="1006")


def counts(new: int = 0, changed: int = 0, same: int = 0) -> TermCounts:
    return TermCounts(new=new, changed=changed, same=same)


def test_terms_come_back_as_they_were_put(store: Store) -> None:
    assert store.terms.all() == []
    assert store.terms.put([LABEL, BRAND, FRENCH, RICE]) == counts(new=4)
    assert store.terms.all() == [LABEL, BRAND, FRENCH, RICE]
    assert store.terms.put([RICE, FRENCH, LABEL, BRAND]) == counts(same=4)
    assert store.terms.all() == [LABEL, BRAND, FRENCH, RICE]


def test_a_known_term_is_changed_in_its_place(store: Store) -> None:
    store.terms.put([LABEL, BRAND, FRENCH])
    more = [
        replace(LABEL, fr=("étiquette", "étiquetage"), es=("etiqueta",), status="admitted"),
        replace(BRAND, note="that is a trade mark"),
        replace(FRENCH, es=("levante",)),
        Term(en=("label",), vi="mác"),
    ]
    assert store.terms.put(more) == counts(new=1, changed=3)
    assert store.terms.all() == more


def test_of_a_term_that_comes_twice_the_last_counts(store: Store) -> None:
    assert store.terms.put([LABEL, replace(LABEL, note="later")]) == counts(new=1)
    assert store.terms.all() == [replace(LABEL, note="later")]


def test_terms_may_exchange_their_spellings(store: Store) -> None:
    one, two = Term(en=("a",), fr=("x",), vi="v"), Term(en=("a",), fr=("y",), vi="v")
    store.terms.put([one, two])
    assert store.terms.put([replace(one, fr=("z",)), two]) == counts(changed=1, same=1)
    assert store.terms.all() == [replace(one, fr=("z",)), two]


def test_terms_are_removed_by_what_they_are_called(store: Store) -> None:
    store.terms.put([LABEL, BRAND, FRENCH])
    assert store.terms.remove([replace(LABEL, note="whatever"), RICE]) == 1
    assert store.terms.remove([]) == 0
    assert store.terms.all() == [BRAND, FRENCH]


def test_putting_is_one_transaction(store: Store) -> None:
    def broken() -> None:
        with store.transaction():
            store.terms.put([LABEL])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert store.terms.all() == []


word = st.text(st.characters(exclude_characters="|", codec="utf-8"), min_size=1, max_size=8)
terms = st.builds(
    Term,
    en=st.lists(word, max_size=2).map(tuple),
    fr=st.lists(word, max_size=1).map(tuple),
    vi=word,
    status=st.sampled_from(["preferred", "admitted", "forbidden"]),
    note=word,
)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, empty_database: bytes) -> Iterator[Store]:
    """A database for many examples."""
    path = tmp_path_factory.mktemp("terms") / "store.db"
    path.write_bytes(empty_database)
    with Store.open(path) as opened:
        yield opened


@given(some=st.lists(terms, max_size=8))
def test_any_terms_come_back(used: Store, some: list[Term]) -> None:
    used.terms.remove(used.terms.all())
    used.terms.put(some)
    kept = {(one.en, one.fr, one.vi): one for one in some}
    assert sorted(map(repr, used.terms.all())) == sorted(map(repr, kept.values()))
    assert used.terms.put(used.terms.all()) == counts(same=len(kept))


# ── versions ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_terms_of_a_version_come_back_although_they_changed(store: Store, now: datetime) -> None:
    old = [LABEL, BRAND, FRENCH, RICE]
    version = TermBase((), old).version
    store.terms.put(old)
    store.terms.keep_version(version, store.terms.all(), now)
    store.terms.remove(old)
    assert TermBase((), store.terms.own_of(version)).version == version
    assert set(store.terms.own_of(version)) == set(old)


def test_a_version_is_kept_once_and_a_tariff_beside_it(store: Store, now: datetime) -> None:
    for own in ([LABEL, RICE], [LABEL, RICE], [BRAND, RICE], [BRAND], []):
        store.terms.keep_version(TermBase((), own).version, own, now)
    with store.transaction() as connection:
        kept = dict(connection.execute(sa.select(term_base.c.version, term_base.c.own)).all())
    assert len(kept) == 4 + 1
    assert sum("Rice" in own for own in kept.values()) == 1
    assert all(json.loads(own) for own in kept.values())
    assert store.terms.own_of(TermBase((), []).version) == []
    assert store.terms.own_of(TermBase((), [BRAND]).version) == [BRAND]


def test_a_version_that_nobody_used_is_said(store: Store, now: datetime) -> None:
    store.terms.keep_version("abc", [RICE], now)
    with store.transaction() as connection:
        (tariff,) = (name for (name,) in connection.execute(sa.select(term_base.c.version)) if name != "abc")
    for name in ("fedcba987654", "", tariff):
        with pytest.raises(NotFoundError, match="No text was made"):
            store.terms.own_of(name)
