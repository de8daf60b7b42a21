"""How far two passes of labelling agree: percent and Cohen's kappa, per label and over all decisions."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from labelled import read_labels

Labels = Mapping[str, tuple[frozenset[str], frozenset[str]]]
"""Sectors and topics by first symbol, as ``read_labels`` gives them."""

KINDS = {"sectors": 0, "topics": 1}


class Agreement(NamedTuple):
    """Two passes over the same yes-or-no decisions. ``both``, ``first`` and ``second`` count the yes of both and of
    one alone; ``percent`` lies between 0 and 1; ``kappa`` is None where chance alone agrees entirely (a label that
    both gave always, or never)."""

    both: int
    first: int
    second: int
    percent: float
    kappa: float | None


def agreement(decisions: Iterable[tuple[bool, bool]]) -> Agreement:
    """Cohen (1960), A coefficient of agreement for nominal scales, over two categories."""
    rows = list(decisions)
    count = len(rows)
    both = sum(one and other for one, other in rows)
    first = sum(one and not other for one, other in rows)
    second = sum(other and not one for one, other in rows)
    observed = (count - first - second) / count
    yes = (both + first) * (both + second) / count**2
    no = (count - both - first) * (count - both - second) / count**2
    chance = yes + no
    return Agreement(
        both, first, second, observed, None if chance == 1 else (observed - chance) / (1 - chance)
    )


def per_label(first: Labels, second: Labels, kind: str) -> dict[str, Agreement]:
    """The agreement on every label that either pass gave at least once, by code."""
    at = KINDS[kind]
    codes = sorted({code for labels in (first, second) for label in labels.values() for code in label[at]})
    return {
        code: agreement((code in first[symbol][at], code in second[symbol][at]) for symbol in first)
        for code in codes
    }


def over_all(first: Labels, second: Labels, kind: str, codes: Iterable[str]) -> Agreement:
    """The agreement on every pair of a notice and a code of the vocabulary, taken as one decision each."""
    at = KINDS[kind]
    return agreement(
        (code in first[symbol][at], code in second[symbol][at]) for code in codes for symbol in first
    )


def the_same(first: Labels, second: Labels, kind: str) -> int:
    """The notices to which both passes gave exactly the same labels of a kind."""
    at = KINDS[kind]
    return sum(first[symbol][at] == second[symbol][at] for symbol in first)


def differences(first: Labels, second: Labels) -> dict[str, list[str]]:
    """What one pass alone gave, by symbol: ``1:code`` for the first, ``2:code`` for the second."""
    found = {
        symbol: [
            f"{pass_}:{code}"
            for at in KINDS.values()
            for pass_, code in sorted(
                [(1, code) for code in first[symbol][at] - second[symbol][at]]
                + [(2, code) for code in second[symbol][at] - first[symbol][at]]
            )
        ]
        for symbol in first
    }
    return {symbol: codes for symbol, codes in found.items() if codes}


def agreement_lines(
    folder: Path, vocabulary: Mapping[str, Iterable[str]], open_: frozenset[str]
) -> list[str]:
    """The agreement of the two passes in a folder, as the report prints it. What they differ on is told of the
    notices in ``open_`` alone; of the others, the held-out ones, only the symbol."""
    first, second = (read_labels(folder / f"labels_pass{number}.tsv") for number in (1, 2))
    lines = [f"agreement of two passes of labelling: {len(first)} notices"]
    for kind, codes in vocabulary.items():
        whole = over_all(first, second, kind, codes)
        lines.append(
            f"  {kind:8} same labels on {the_same(first, second, kind)} of {len(first)} notices;"
            f" all decisions {_rates(whole)}"
        )
        lines += [
            f"    {code:24} {_rates(label)}  both {label.both}, first only {label.first}, second only {label.second}"
            for code, label in per_label(first, second, kind).items()
        ]
    differing = differences(first, second)
    lines.append(f"  {len(differing)} notices differ:")
    lines += [
        f"    {symbol}: {', '.join(codes) if symbol in open_ else '(held out)'}"
        for symbol, codes in differing.items()
    ]
    return lines


def _rates(found: Agreement) -> str:
    kappa = "   –" if found.kappa is None else f"{found.kappa:.2f}"
    return f"{found.percent:6.1%}  kappa {kappa}"
