"""How well the checks do: what they catch of translations that were broken, and their false alarms on right ones."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from mutations import BREAKERS, Mutant, mutants, term_breakers

from tbt_watch.language import load_language
from tbt_watch.translate.checks.checker import Checker, FailedCheck
from tbt_watch.translate.terms.base import TermBase, load_terms

TESTS = Path(__file__).resolve().parent
SETS = {"sen_notes": "translation/sen_notes.en-vi.tsv", "seed": "mt/seed.tsv"}
# From where which of the 300 come: numbers, units, negations and terms are in the one, dates and codes in the other.
SHARES = (
    ("sen_notes", "number", 55),
    ("sen_notes", "unit", 45),
    ("sen_notes", "negation", 50),
    ("sen_notes", "term", 50),
    ("seed", "date", 50),
    ("seed", "code", 50),
)


@cache
def terms() -> TermBase:
    return load_terms()


@cache
def checker() -> Checker:
    return Checker(terms(), load_language())


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pairs(shared: Path, name: str) -> list[tuple[str, str, str]]:
    """Id (in the seed the line), English, Vietnamese."""
    rows = table(shared / SETS[name])
    return [(row.get("id", str(line)), row["en"], row["vi"]) for line, row in enumerate(rows, start=2)]


def slips(name: str) -> set[tuple[str, str]]:
    rows = table(TESTS / "quality" / "slips.tsv")
    return {(row["id"], row["check"]) for row in rows if (row["set"], row["kind"]) == (name, "slip")}


@cache
def checked(shared: Path, name: str) -> list[tuple[str, str, str, tuple[FailedCheck, ...]]]:
    """The pairs, and the checks that speak on each."""
    return [(*pair, checker().check(*pair[1:])) for pair in pairs(shared, name)]


def right(shared: Path, name: str) -> list[tuple[str, str]]:
    """The pairs on which no check speaks: only there can it be seen that one does when they are broken."""
    return [(source, target) for _, source, target, failed in checked(shared, name) if not failed]


def caught(found: Iterable[Mutant]) -> tuple[Counter[str], Counter[str], list[Mutant]]:
    """By kind: how many are caught, of how many; and those that are not."""
    seen: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    missed = []
    for mutant in found:
        all_of[mutant.kind] += 1
        if checker().check(mutant.source, mutant.broken):
            seen[mutant.kind] += 1
        else:
            missed.append(mutant)
    return seen, all_of, missed


def report(seen: Mapping[str, int], all_of: Mapping[str, int]) -> str:
    """A line a kind, and one for all."""
    lines = [f"{kind}: {seen.get(kind, 0)} of {count}" for kind, count in all_of.items()]
    return "\n".join((*lines, f"all: {sum(seen.values())} of {sum(all_of.values())}"))


def broken_300(shared: Path, seed: int) -> list[Mutant]:
    """300 right translations, one number, unit, date, code, negation or term broken in each."""
    breakers = {**BREAKERS, "term": term_breakers(terms())}
    clean = {name: right(shared, name) for name in SETS}
    rng = random.Random(seed)
    return [
        one for name, kind, count in SHARES for one in mutants(clean[name], breakers[kind], kind, count, rng)
    ]


def alarms(shared: Path, name: str) -> Counter[str]:
    """How often each check speaks on right translations, the true slips of the translators left out."""
    known = slips(name)
    return Counter(
        one.name
        for id_, _, _, failed in checked(shared, name)
        for one in failed
        if (id_, one.name) not in known
    )
