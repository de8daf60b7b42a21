"""The labelled set: what two passes agree on is counted right, and the settled labels follow from both."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.tag.vocabulary import load_vocabulary

GOLD = Path(__file__).parent / "gold"
sys.path.append(str(GOLD))  # the scripts of the folder import each other by their bare names

import agreement as passes  # noqa: E402
from labelled import Labelled, read_labels  # noqa: E402
from written import written_halves, written_notifications, written_regulations  # noqa: E402

FIRST, SECOND, SETTLED = (
    read_labels(GOLD / name) for name in ("labels_pass1.tsv", "labels_pass2.tsv", "labels.tsv")
)


def test_kappa_is_what_a_hand_makes_of_it() -> None:
    # 20 yes from both, 5 from the first alone, 10 from the second alone, 15 no: 0.7 observed, 0.5 by chance.
    rows = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert passes.agreement(rows) == (20, 5, 10, pytest.approx(0.7), pytest.approx(0.4))


def test_kappa_says_nothing_where_chance_agrees_entirely() -> None:
    assert passes.agreement([(False, False)] * 8).kappa is None
    assert passes.agreement([(True, True)] * 8).kappa is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_kappa_does_not_care_which_pass_was_first(rows: list[tuple[bool, bool]]) -> None:
    there = passes.agreement(rows)
    back = passes.agreement([(second, first) for first, second in rows])
    assert (there.percent, there.kappa) == (back.percent, back.kappa)
    assert there.kappa is None or there.kappa <= 1
    assert (there.percent == 1) == (there.kappa in (None, 1))


def test_differences_name_who_gave_what() -> None:
    one = {"A": (frozenset({"metals", "seafood"}), frozenset({"labelling"})), "B": (frozenset(), frozenset())}
    two = {
        "A": (frozenset({"metals"}), frozenset({"labelling", "residues"})),
        "B": (frozenset(), frozenset()),
    }
    assert passes.differences(one, two) == {"A": ["1:seafood", "2:residues"]}
    assert passes.the_same(one, two, "sectors") == 1
    assert set(passes.per_label(one, two, "topics")) == {"labelling", "residues"}


@pytest.mark.parametrize("labels", [FIRST, SECOND, SETTLED])
def test_every_pass_labels_the_same_notices_with_known_codes(labels: passes.Labels) -> None:
    vocabulary = load_vocabulary()
    assert list(labels) == list(FIRST)
    assert {c for sectors, _ in labels.values() for c in sectors} <= {s.code for s in vocabulary.sectors}
    assert {c for _, topics in labels.values() for c in topics} <= {t.code for t in vocabulary.topics}


@pytest.mark.parametrize("kind", [0, 1])
def test_a_settled_label_is_one_that_a_pass_gave_and_keeps_what_both_gave(kind: int) -> None:
    for symbol, label in SETTLED.items():
        first, second = FIRST[symbol][kind], SECOND[symbol][kind]
        assert first & second <= label[kind] <= first | second, symbol


def test_a_reason_stands_exactly_where_the_passes_differ() -> None:
    lines = (GOLD / "labels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    reasons = {line.split("\t")[0] for line in lines if line.split("\t")[3]}
    assert reasons == set(passes.differences(FIRST, SECOND))


def test_what_is_held_out_is_told_by_its_symbol_alone() -> None:
    lines = passes.agreement_lines(GOLD, {"sectors": ["metals"]}, frozenset())
    told = [line for line in lines if line.startswith("    G/")]
    assert len(told) == len(passes.differences(FIRST, SECOND))
    assert all(line.endswith(": (held out)") for line in told)


WRITTEN = (written_notifications(), written_regulations())


@pytest.mark.parametrize("items", WRITTEN)
def test_written_notices_have_known_labels_and_are_each_one_of_a_kind(items: list[Labelled]) -> None:
    vocabulary = load_vocabulary()
    assert {c for one in items for c in one.sectors} <= {s.code for s in vocabulary.sectors}
    assert {c for one in items for c in one.topics} <= {t.code for t in vocabulary.topics}
    assert len({one.notice.title for one in items}) == len({one.notice.key for one in items}) == len(items)
    assert any(not one.sectors for one in items)


def test_written_notifications_are_as_many_and_as_mixed_as_the_readme_says() -> None:
    items = WRITTEN[0]
    per_sector = [sum(code.code in one.sectors for one in items) for code in load_vocabulary().sectors]
    assert len(items) == 255
    assert min(per_sector) >= 10
    assert len({code for one in items for code in one.notice.members}) >= 40
    assert sum(one.notice.language in ("fr", "es") for one in items) / len(items) >= 0.15
    coded = sum(bool(one.notice.hs_codes or one.notice.ics_codes) for one in items)
    assert 0.7 < coded / len(items) < 0.8


@pytest.mark.parametrize("items", WRITTEN)
def test_the_halves_hang_on_the_titles_alone(items: list[Labelled]) -> None:
    tuning, held_out = written_halves(items)
    assert written_halves(items[::-1]) == (tuning, held_out)
    assert len(tuning) - len(held_out) in (0, 1)
    assert {one.notice.key for one in tuning}.isdisjoint(one.notice.key for one in held_out)
