"""How well the tagger does on the labelled notices: ``python tests/gold/report.py``.

The texts are read from the reference folder (TBT_SHARED, default ../shared); where it is absent, the report
says so and ends well. The held-out half is only counted, never listed; ``--errors`` lists those of the tuning half.
How far the two passes of labelling agree is printed last.
"""

import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from agreement import agreement_lines
from labelled import Labelled, halves, labelled_notices, read_labels

from tbt_watch.domain.tag import Tag
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

HERE = Path(__file__).resolve().parent


class Score(NamedTuple):
    """One way of tagging, judged. Rates lie between 0 and 1."""

    precision: float
    recall: float
    micro_f1: float
    macro_f1: float
    missed: float
    coverage: float
    by_code: dict[str, tuple[int, int]]
    pairs: int


def score(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Score:
    """Compare (gold, found). Missed alerts: gold sectors not found, of all gold sectors; a notice without a gold
    sector misses nothing. Coverage: notices that got a sector, of those that have one."""
    rows = list(pairs)
    hits = sum(len(gold & found) for gold, found in rows)
    wanted = sum(len(gold) for gold, _ in rows)
    given = sum(len(found) for _, found in rows)
    codes = sorted({code for gold, _ in rows for code in gold})
    by_code = {code: _counts(code, rows) for code in codes}
    f1s = [_f1(code, rows) for code in codes]
    covered = [bool(found) for gold, found in rows if gold]
    recall = hits / wanted if wanted else 1.0
    precision = hits / given if given else 0.0
    return Score(
        precision=precision,
        recall=recall,
        micro_f1=2 * hits / (wanted + given) if wanted + given else 1.0,
        macro_f1=sum(f1s) / len(f1s) if f1s else 1.0,
        missed=1 - recall,
        coverage=sum(covered) / len(covered) if covered else 1.0,
        by_code=by_code,
        pairs=wanted,
    )


def _counts(code: str, rows: Sequence[tuple[frozenset[str], frozenset[str]]]) -> tuple[int, int]:
    return sum(code in gold and code in found for gold, found in rows), sum(code in gold for gold, _ in rows)


def _f1(code: str, rows: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    hits, wanted = _counts(code, rows)
    given = sum(code in found for _, found in rows)
    return 2 * hits / (wanted + given)


def interval(rate: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate over a count."""
    if not count:
        return 0.0, 1.0
    z = 1.96
    middle = rate + z * z / (2 * count)
    spread = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def codes(tags: Iterable[Tag], kind: str, *, stated_only: bool = False) -> frozenset[str]:
    """The codes of one kind among tags."""
    return frozenset(
        tag.code for tag in tags if tag.kind == kind and (not stated_only or tag.basis == "stated")
    )


def _lines(name: str, items: Sequence[Labelled], vocabulary: Vocabulary) -> None:
    tagged = [(item, tag_notice(item.notice, vocabulary)) for item in items]
    uncoded = [row for row in tagged if not codes(row[1], "sector", stated_only=True)]
    _say(f"{name}: {len(items)} notices, {len(uncoded)} of them without a code that says a sector")
    for label, rows, stated in (
        ("sectors, stated alone", tagged, True),
        ("sectors, stated + rules", tagged, False),
        ("  where no code says it", uncoded, False),
    ):
        result = score((item.sectors, codes(tags, "sector", stated_only=stated)) for item, tags in rows)
        low, high = interval(result.missed, result.pairs)
        _say(
            f"  {label:26} micro-F1 {result.micro_f1:.3f}  macro-F1 {result.macro_f1:.3f}"
            f"  precision {result.precision:.3f}  recall {result.recall:.3f}"
            f"  missed {result.missed:.1%} ({low:.1%}–{high:.1%})  coverage {result.coverage:.1%}"
        )
    topics = score((item.topics, codes(tags, "topic")) for item, tags in tagged)
    _say(
        f"  {'topics':26} micro-F1 {topics.micro_f1:.3f}  precision {topics.precision:.3f}"
        f"  recall {topics.recall:.3f}"
    )
    result = score((item.sectors, codes(tags, "sector")) for item, tags in tagged)
    _say(
        "  recall per sector: "
        + ", ".join(f"{code} {hit}/{all_}" for code, (hit, all_) in result.by_code.items())
    )


def _other_labels(held_out: Sequence[Labelled], vocabulary: Vocabulary) -> None:
    """What the figures of the held-out half would be if one pass alone were right."""
    for name in ("labels_pass1.tsv", "labels_pass2.tsv"):
        labels = read_labels(HERE / name)
        result = score(
            (labels[item.notice.key][0], codes(tag_notice(item.notice, vocabulary), "sector"))
            for item in held_out
        )
        _say(
            f"held-out half against {name}: micro-F1 {result.micro_f1:.3f}"
            f"  macro-F1 {result.macro_f1:.3f}  missed {result.missed:.1%}"
        )


def _agreement(tuning: Sequence[Labelled], vocabulary: Vocabulary) -> None:
    every = {
        "sectors": [sector.code for sector in vocabulary.sectors],
        "topics": [topic.code for topic in vocabulary.topics],
    }
    for line in agreement_lines(HERE, every, frozenset(item.notice.key for item in tuning)):
        _say(line)


def _errors(items: Sequence[Labelled], vocabulary: Vocabulary) -> None:
    for item in items:
        tags = tag_notice(item.notice, vocabulary)
        for kind, gold in (("sector", item.sectors), ("topic", item.topics)):
            found = codes(tags, kind)
            if gold != found:
                why = [
                    f"{tag.code}<{tag.reason}>" for tag in tags if tag.kind == kind and tag.code not in gold
                ]
                _say(f"{item.notice.key} {kind}: missing {sorted(gold - found)}, too many {why}")


def main(arguments: Sequence[str]) -> int:
    """Print the report. 0 also where the texts are absent, for then there is nothing to judge."""
    shared = Path(os.environ.get("TBT_SHARED") or HERE.parents[2] / "shared")
    if not shared.is_dir():
        _say(
            f"The labelled set is skipped: its texts are not here ({shared}; name the folder with TBT_SHARED)."
        )
        return 0
    labelled = labelled_notices(HERE / "labels.tsv", shared)
    vocabulary = load_vocabulary()
    tuning, held_out = halves(labelled)
    for name, items in (("tuning half", tuning), ("held-out half", held_out), ("all", labelled)):
        _lines(name, items, vocabulary)
    _other_labels(held_out, vocabulary)
    _agreement(tuning, vocabulary)
    if "--errors" in arguments:
        _errors(tuning, vocabulary)
    if "--json" in arguments:
        result = score(
            (item.sectors, codes(tag_notice(item.notice, vocabulary), "sector")) for item in labelled
        )
        _say(json.dumps({"micro_f1": result.micro_f1, "missed": result.missed, "coverage": result.coverage}))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
