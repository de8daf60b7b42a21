"""The proof that the checks see what matters: right translations are broken, and right ones are left in peace.

On our own pairs everywhere; on real human translations where the reference folder is. ``mutations.py`` breaks them;
``quality/slips.tsv`` lists the true slips of the translators, and the false alarms that are known. ``make quality``
prints the figures, of more of them and by way of breaking.
"""

import random
from pathlib import Path

import pytest
from mutations import BREAKERS, mutants, term_breakers
from proof import SETS, TESTS, alarms, broken_300, caught, checker, pairs, report, slips, table, terms

OWN = table(TESTS / "pairs" / "pairs.tsv")


@pytest.mark.parametrize("row", OWN, ids=lambda row: f"{row['kind']}: {row['source'][:40]}")
def test_our_own_pairs(row: dict[str, str]) -> None:
    """Right, and broken in one place."""
    assert checker().check(row["source"], row["right"], row["language"]) == ()
    assert checker().check(row["source"], row["broken"], row["language"]) != ()


def test_our_own_pairs_broken_by_the_breakers() -> None:
    own = [(row["source"], row["right"]) for row in OWN if row["language"] == "en"]
    breakers = {**BREAKERS, "term": term_breakers(terms())}
    rng = random.Random(5)
    found = [one for kind, ways in breakers.items() for one in mutants(own, ways, kind, 15, rng)]
    seen, all_of, _ = caught(found)
    assert sum(all_of.values()) > 60
    assert sum(seen.values()) / sum(all_of.values()) >= 0.95, report(seen, all_of)


@pytest.mark.slow
def test_broken_translations_are_caught(shared: Path) -> None:
    """300 right ones, one thing broken in each, twice over: at least 98 % are caught, and 90 % of each kind."""
    found = [broken_300(shared, seed) for seed in (1, 2)]
    assert [len(one) for one in found] == [300, 300]
    seen, all_of, missed = caught(mutant for one in found for mutant in one)
    figures = report(seen, all_of)
    assert sum(seen.values()) >= 0.98 * sum(all_of.values()), "\n".join(
        (figures, *(f"{one.how}: {one.broken}" for one in missed))
    )
    assert all(seen[kind] >= 0.9 * count for kind, count in all_of.items()), figures


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_right_translations_raise_few_alarms(shared: Path, name: str) -> None:
    """Under 2 % per check, the true slips of the translators left out."""
    count = len(pairs(shared, name))
    assert count > 600
    assert {check: times for check, times in alarms(shared, name).items() if times >= 0.02 * count} == {}


def test_the_listed_slips_are_real_rows(shared: Path) -> None:
    for name in SETS:
        ids = {id_ for id_, _, _ in pairs(shared, name)}
        assert {id_ for id_, _ in slips(name)} <= ids
