"""How well the installed models translate: `make quality`, or ``python tests/quality/translation.py``.

Real human translations are read from the reference folder (TBT_SHARED, default ../shared), and so are the sentences of
real notifications for which ``starter_test.tsv`` has a translation of ours; what is absent is said. Every sentence goes
the way of the service (locks, term base, checks, other tries), but with an empty memory, so that no remembered text is
counted as translated. Two lines a set: ``alone`` is the engine by itself, ``desk`` the whole way; of what is held out
of each source of the starter's training, the engine alone.

``--models FOLDER`` takes another models folder than the configuration's (TBT_MODELS does too), ``--package FILE`` a
package that is not installed. ``--all`` takes every sentence of each set instead of some, ``--set NAME`` one set only.
``--show N`` prints so many sentences of each set with what became of them, ``--summary FILE`` writes the one line that
a released package says of itself.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from kept_out import kept_out
from sacrebleu.metrics import BLEU, CHRF
from starter.prepare import held_out_pairs, lacking

from tbt_watch.config import load_config
from tbt_watch.language import load_language
from tbt_watch.translate.desk import Desk, Made
from tbt_watch.translate.engines.argos import ArgosEngine
from tbt_watch.translate.engines.contract import Engine
from tbt_watch.translate.engines.models import install_model, list_models, unusable_models
from tbt_watch.translate.figures.locks import lock, restore
from tbt_watch.translate.memory.base import Memory
from tbt_watch.translate.sentences.passages import clean
from tbt_watch.translate.terms.base import TermBase, load_terms

HERE = Path(__file__).resolve().parent
SAMPLE = 500
OF_A_SOURCE = 60
NOTES, REAL = "sen_notes, the last 200", "starter_test"
IN_WORDS = {NOTES: "sentences of technical notes", REAL: "sentences of real notifications"}


class Pair(NamedTuple):
    """A sentence and what a person made of it."""

    en: str
    vi: str


class Test(NamedTuple):
    """Sentences of one origin."""

    name: str
    pairs: list[Pair]


def table(path: Path, source: str = "en", target: str = "vi") -> list[Pair]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = head.split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=False)) for line in lines if line.strip()]
    return [
        Pair(clean(row[source]), clean(row[target])) for row in rows if row.get(source) and row.get(target)
    ]


def sampled(pairs: list[Pair], count: int) -> list[Pair]:
    """Always the same ones: those with the smallest SHA-256 of the English."""
    return sorted(pairs, key=lambda pair: hashlib.sha256(pair.en.encode()).hexdigest())[:count]


def tests(shared: Path, everything: bool) -> Iterator[Test]:
    notes = shared / "translation" / "sen_notes.en-vi.tsv"
    if notes.is_file():
        pairs = table(notes)
        yield Test(f"sen_notes ({len(pairs)})", pairs)
        yield Test(NOTES, pairs[-200:])
    tariff = shared / "translation" / "ahtn_hs_pairs.en-vi.tsv"
    if tariff.is_file():
        pairs = table(tariff)
        chosen = pairs if everything else sampled(pairs, SAMPLE)
        yield Test(f"ahtn_hs_pairs ({len(chosen)} of {len(pairs)})", chosen)
    if pairs := [Pair(one.en, one.vi) for one in kept_out(shared)]:
        yield Test(f"{REAL} ({len(pairs)})", pairs)


def held_out(shared: Path, everything: bool) -> Iterator[Test]:
    """What is held out of each source of the training."""
    if lacking(shared):
        return
    sources: dict[str, list[Pair]] = defaultdict(list)
    for pair in held_out_pairs(shared):
        sources[pair.source].append(Pair(pair.en, pair.vi))
    for source, pairs in sorted(sources.items()):
        chosen = pairs if everything else sampled(pairs, OF_A_SOURCE)
        yield Test(f"held out of {source} ({len(chosen)} of {len(pairs)})", chosen)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "    -  "


def locks_kept(pairs: Sequence[Pair], made: Sequence[str]) -> tuple[int, int]:
    """Of the numbers, dates, units, codes and addresses of the originals those that stand, in their Vietnamese form,
    in the translations; each as often as it stands in the original."""
    kept = total = 0
    for pair, text in zip(pairs, made, strict=True):
        left = text.casefold()
        # The longest first, so that none is found in a part of another.
        for one in sorted(lock(pair.en, "en").locks, key=lambda one: -len(one.vietnamese)):
            total += 1
            before, found, after = left.partition(one.vietnamese.casefold())
            if found:
                kept, left = kept + 1, f"{before} {after}"
    return kept, total


def terms_kept(pairs: Sequence[Pair], made: Sequence[str], terms: TermBase) -> tuple[int, int]:
    """Of the terms of the originals those with a preferred or admitted rendering in the translations."""
    kept = total = 0
    for pair, text in zip(pairs, made, strict=True):
        low = text.casefold()
        for hit in terms.found(pair.en, "en"):
            if renderings := (*hit.preferred, *hit.admitted):
                total += 1
                kept += any(one.casefold() in low for one in renderings)
    return kept, total


def metrics(pairs: Sequence[Pair], made: Sequence[str], terms: TermBase) -> str:
    chrf, bleu = (f"{score:5.1f}" for score in scores(pairs, made)) if pairs else ("  -  ", "  -  ")
    return (
        f"locks kept {share(*locks_kept(pairs, made))}  terms kept {share(*terms_kept(pairs, made, terms))}"
        f"  chrF {chrf}  BLEU {bleu}"
    )


def figures(name: str, pairs: Sequence[Pair], made: Sequence[str], good: Sequence[bool], desk: Desk) -> None:
    passed = [number for number, one in enumerate(good) if one]
    shown, texts = [pairs[number] for number in passed], [made[number] for number in passed]
    print(f"  {name:<6} every text                {metrics(pairs, made, desk.terms)}")
    print(f"         all checks passed {share(len(passed), len(pairs))} {metrics(shown, texts, desk.terms)}")


def scores(pairs: Sequence[Pair], made: Sequence[str]) -> tuple[float, float]:
    """chrF and BLEU."""
    right = [[pair.vi for pair in pairs]]
    return CHRF().corpus_score(list(made), right).score, BLEU().corpus_score(list(made), right).score


def by_engine(engine: Engine, texts: Sequence[str]) -> list[str]:
    """What the engine makes of them behind the locks; where one is lost, what it said."""
    locked = [lock(text, "en") for text in texts]
    answers = engine.translate([one.text for one in locked], "en", "vi")
    pairs = zip(answers, locked, strict=True)
    return [found if (found := restore(text, one.locks)) is not None else text for text, one in pairs]


def judge(test: Test, engine: Engine, desk: Desk, show: int) -> str:
    """Print the figures of a set; gives back its part of the summary."""
    texts = [pair.en for pair in test.pairs]
    print(f" {test.name}")
    alone = by_engine(engine, texts)
    good = [not desk.check(text, vi, "en") for text, vi in zip(texts, alone, strict=True)]
    figures("alone", test.pairs, alone, good, desk)
    began = perf_counter()
    done = desk.translate(texts, "en")
    seconds = perf_counter() - began
    figures("desk", test.pairs, [one.text or "" for one in done], [one.good for one in done], desk)
    origins = Counter(one.origin for one in done)
    failed = Counter(name for one in done for name in {check.name for check in one.checks})
    by = ", ".join(f"{name} {count}" for name, count in origins.most_common())
    why = ", ".join(f"{name} {count}" for name, count in failed.most_common()) or "none"
    print(
        f"         texts by origin: {by}; texts by failed check: {why}; {len(texts) / seconds:.1f} sentences/s"
    )
    to_read(test.pairs[:show], done)
    chrf, bleu = scores(test.pairs, alone)
    shown = share(sum(one.good for one in done), len(done)).strip()
    name = IN_WORDS.get(test.name.split(" (")[0], test.name)
    return f"{len(texts)} {name}: chrF {chrf:.1f}, BLEU {bleu:.1f}, {shown} pass all checks"


def to_read(pairs: Sequence[Pair], done: Sequence[Made]) -> None:
    """What became of each of the first sentences."""
    for pair, one in zip(pairs, done, strict=False):
        fate = ", ".join(check.name for check in one.checks) or "shown"
        print(f"  EN  {pair.en}\n  ours [{fate}] {one.text}\n  theirs {pair.vi}")


def judge_alone(test: Test, engine: Engine, desk: Desk, show: int) -> None:
    """One line: the engine by itself; what is shown to be read went the whole way."""
    made = by_engine(engine, [pair.en for pair in test.pairs])
    passed = sum(not desk.check(pair.en, vi, "en") for pair, vi in zip(test.pairs, made, strict=True))
    chrf, bleu = scores(test.pairs, made)
    print(
        f" {test.name:<40} all checks passed {share(passed, len(made))}  chrF {chrf:5.1f}  BLEU {bleu:5.1f}"
    )
    to_read(test.pairs[:show], desk.translate([pair.en for pair in test.pairs[:show]], "en"))


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", type=Path, default=os.environ.get("TBT_MODELS") or None)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--set", default="")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--summary", type=Path)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Print the report. 0 also where models or texts are absent, for then there is nothing to judge."""
    wanted = options(arguments)
    config = load_config(Path("config.toml") if Path("config.toml").exists() else None, os.environ)
    with tempfile.TemporaryDirectory() as folder:
        if wanted.package:
            install_model(Path(folder), str(wanted.package))
        home = Path(folder) if wanted.package else Path(wanted.models or config.store.models)
        report(home, config.translate.beam, wanted)
    return 0


def report(home: Path, beam: int, wanted: argparse.Namespace) -> None:
    shared = Path(os.environ.get("TBT_SHARED") or HERE.parents[2] / "shared")
    print(f"Translation, with the models in {home}")
    if not shared.is_dir():
        print(
            f" the sets of the reference folder are left out: it is not here ({shared}; name it with TBT_SHARED)"
        )
    for problem in unusable_models(home):
        print(f" {problem}")
    engine = ArgosEngine(home, beam=beam)
    for model in list_models(home):
        told = "" if model.pair == "en-vi" else ": there are no aligned sentences to judge it by"
        print(f" {model.pair} {model.version}, {model.licence or 'licence not stated'}{told}")
    if engine.describe("en", "vi") is None:
        print(" no model for en-vi: nothing to judge (tbt-watch models install en-vi, or --models FOLDER)")
        return
    language, terms = load_language(), load_terms()
    desk = Desk(engine, terms, Memory([], language), language)
    print(f" engine {engine.describe('en', 'vi')}, term base {terms.version}, memory off")
    said = {
        test.name: judge(test, engine, desk, wanted.show)
        for test in tests(shared, wanted.all)
        if wanted.set in test.name
    }
    for test in held_out(shared, wanted.all):
        if wanted.set in test.name:
            judge_alone(test, engine, desk, wanted.show)
    if wanted.summary:
        parts = [text for name, text in said.items() if name.startswith((NOTES, REAL))]
        wanted.summary.write_text("; ".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
