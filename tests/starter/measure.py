"""How good a package is, through the product's own engine, locks and checks.

    python -m starter.measure --package starter.argosmodel --data DATA [--most 200] [--read 30]

DATA is what prepare.py wrote: its dev.tsv (held out of each source) and test.tsv (the kept-out notes and sentences of
real notifications). Prints chrF and BLEU by source, the share of sentences whose locks all came back and the share
that passes every check; ``--read`` shows so many sentences of real notifications with their translations.
"""

import argparse
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

import sacrebleu
from starter.prepare import Pair

from tbt_watch.translate.checks.checker import check
from tbt_watch.translate.engines.argos import ArgosEngine
from tbt_watch.translate.engines.packages import packages_folder
from tbt_watch.translate.figures.locks import lock, restore


def read(path: Path) -> list[Pair]:
    return [Pair(*line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def translated(engine: ArgosEngine, sentences: list[str], beam: int) -> list[tuple[str, bool]]:
    """Each sentence in Vietnamese, and whether every lock came back once."""
    locked = [lock(sentence, "en") for sentence in sentences]
    answers = engine.translate([each.text for each in locked], "en", "vi", beam=beam)
    found = [restore(answer, each.locks) for answer, each in zip(answers, locked, strict=True)]
    return [(text or answer, text is not None) for text, answer in zip(found, answers, strict=True)]


def report(name: str, pairs: list[Pair], answers: list[tuple[str, bool]]) -> str:
    texts, references = [text for text, _ in answers], [[pair.vi for pair in pairs]]
    kept = sum(whole for _, whole in answers)
    passed = sum(
        whole and not check(pair.en, text) for pair, (text, whole) in zip(pairs, answers, strict=True)
    )
    return (
        f"{name:22} {len(pairs):4} pairs  chrF {sacrebleu.corpus_chrf(texts, references).score:5.1f}"
        f"  BLEU {sacrebleu.corpus_bleu(texts, references).score:5.1f}"
        f"  locks kept {kept / len(pairs):4.0%}  all checks passed {passed / len(pairs):4.0%}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=200, help="pairs of a source at most")
    parser.add_argument("--read", type=int, default=0, help="sentences to show")
    parser.add_argument("--beam", type=int, default=4)
    args = parser.parse_args()
    sources: dict[str, list[Pair]] = defaultdict(list)
    for pair in (*read(args.data / "test.tsv"), *read(args.data / "dev.tsv")):
        sources[pair.source].append(pair)
    with tempfile.TemporaryDirectory() as home:
        packages_folder(Path(home)).mkdir(parents=True)
        with zipfile.ZipFile(args.package) as archive:
            archive.extractall(packages_folder(Path(home)))
        engine = ArgosEngine(Path(home), threads=1)
        for name, pairs in sources.items():
            chosen = pairs[:: -(-len(pairs) // args.most)]
            answers = translated(engine, [pair.en for pair in chosen], args.beam)
            sys.stdout.write(report(name, chosen, answers))
            for pair, (text, _) in list(zip(chosen, answers, strict=True))[: args.read]:
                if name == "starter_test":
                    sys.stdout.write(f"  EN  {pair.en}\n  out {text}\n  ref {pair.vi}\n")


if __name__ == "__main__":
    main()
