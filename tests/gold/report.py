"""How well the tagger does on the labelled notices: ``python tests/gold/report.py``.

The texts are read from the reference folder (TBT_SHARED, default ../shared); where it is absent, the report
says so and ends well. The held-out half is only counted, never listed; ``--errors`` lists those of the tuning half.
How far the two passes of labelling agree is printed last.
"""

import json
import math
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from agreement import agreement_lines
from labelled import Labelled, halves, labelled_notices, read_labels

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Tag
from tbt_watch.tag.codes import codes_in
from tbt_watch.tag.predict import Predictor, open_predictor
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.scope import own_products
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

HERE = Path(__file__).resolve().parent


Tags = Sequence[Tag]


@dataclass(frozen=True)
class Judge:
    """What tags a notice: codes and rules, and prediction besides."""

    vocabulary: Vocabulary
    predictor: Predictor

    def tags(self, notice: Notice) -> tuple[Tags, Tags]:
        """The tags by codes and rules, and all three."""
        rules = tag_notice(notice, self.vocabulary)
        return rules, self.predictor.complete([(notice, rules)])[0]


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


def report_lines(name: str, items: Sequence[Labelled], judge: Judge) -> None:
    """Print how well these notices are tagged: by codes, with rules, with prediction; and their topics."""
    tagged = [(item, *judge.tags(item.notice)) for item in items]
    uncoded = [row for row in tagged if not codes(row[1], "sector", stated_only=True)]
    _say(f"{name}: {len(items)} notices, {len(uncoded)} of them without a code that says a sector")
    stated = [(item.sectors, codes(rules, "sector", stated_only=True)) for item, rules, _ in tagged]
    score_line("sectors, stated alone", stated)
    _ways("sectors", tagged)
    _ways("  where no code says it", uncoded)
    _ways("  every code taken away", [(item, *judge.tags(without_codes(item.notice))) for item in items])
    topics = score((item.topics, codes(tags, "topic")) for item, tags, _ in tagged)
    _say(
        f"  {'topics':36} micro-F1 {topics.micro_f1:.3f}  precision {topics.precision:.3f}"
        f"  recall {topics.recall:.3f}"
    )
    result = score((item.sectors, codes(tags, "sector")) for item, _, tags in tagged)
    _say(
        "  recall per sector, all three: "
        + ", ".join(f"{code} {hit}/{all_}" for code, (hit, all_) in result.by_code.items())
    )


def _ways(label: str, rows: Sequence[tuple[Labelled, Tags, Tags]]) -> None:
    """Codes with rules, and with prediction besides."""
    score_line(
        f"{label}, stated + rules", [(item.sectors, codes(rules, "sector")) for item, rules, _ in rows]
    )
    score_line(f"{label}, all three", [(item.sectors, codes(every, "sector")) for item, _, every in rows])


def score_line(label: str, rows: Sequence[tuple[frozenset[str], frozenset[str]]]) -> None:
    """Print how well (gold, found) agree, with intervals."""
    result = score(rows)
    low, high = interval(result.missed, result.pairs)
    below, above = interval(result.coverage, sum(bool(gold) for gold, _ in rows))
    _say(
        f"  {label:36} micro-F1 {result.micro_f1:.3f}  macro-F1 {result.macro_f1:.3f}"
        f"  precision {result.precision:.3f}  recall {result.recall:.3f}"
        f"  missed {result.missed:.1%} ({low:.1%}–{high:.1%})"
        f"  coverage {result.coverage:.1%} ({below:.1%}–{above:.1%})"
    )


def without_codes(notice: Notice) -> Notice:
    """The notice as if its Member had stated no code, in its record or in its texts."""
    return replace(
        notice,
        hs_codes=(),
        ics_codes=(),
        title=_hidden(notice.title),
        summary=_hidden(notice.summary),
        products=_hidden(own_products(notice.products)),
    )


def _hidden(text: str) -> str:
    """The text without its codes; numbers that stand alone in it may be nothing else."""
    found = codes_in(text, products=True)
    for code in sorted((*found.hs, *found.ics), key=len, reverse=True):
        text = re.sub(r"\.?".join(code.replace(".", "")), " ", text)
    return text


def _other_labels(held_out: Sequence[Labelled], judge: Judge) -> None:
    """What the figures of the held-out half would be if one pass alone were right."""
    for name in ("labels_pass1.tsv", "labels_pass2.tsv"):
        labels = read_labels(HERE / name)
        result = score(
            (labels[item.notice.key][0], codes(judge.tags(item.notice)[1], "sector")) for item in held_out
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


def errors(items: Sequence[Labelled], judge: Judge) -> None:
    """Print every notice that is tagged otherwise than labelled."""
    for item in items:
        tags = judge.tags(item.notice)[1]
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
    opened = open_predictor([sector.code for sector in vocabulary.sectors])
    if opened.predictor is None:
        _say(f"The labelled set is skipped: {' '.join(opened.notes)}")
        return 1
    judge = Judge(vocabulary, opened.predictor)
    tuning, held_out = halves(labelled)
    for name, items in (("tuning half", tuning), ("held-out half", held_out), ("all", labelled)):
        report_lines(name, items, judge)
    _other_labels(held_out, judge)
    _agreement(tuning, vocabulary)
    if "--errors" in arguments:
        errors(tuning, judge)
    if "--json" in arguments:
        result = score((item.sectors, codes(judge.tags(item.notice)[1], "sector")) for item in labelled)
        _say(json.dumps({"micro_f1": result.micro_f1, "missed": result.missed, "coverage": result.coverage}))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
