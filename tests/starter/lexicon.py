"""Make ``translations/lexicon.tsv``: what single English words are called in Vietnamese, by our own translations.

    python -m starter.lexicon

Read are the shipped memory, the sentence pairs beside this file, the terms and the wordings of goods; nothing of the
reference folder, and none of the sentences that are held out of the training, so that both can be used to measure.
A rendering is one to three syllables that stand in the Vietnamese far more often where the word stands in the English
than elsewhere. A word is taken if few renderings do for nearly all its sentences.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from starter.prepare import held_out, tidy, traditional_tones

from tbt_watch.language import translations_dir
from tbt_watch.translate.checks.meaning import words

SENTENCES = 3
"""Sentences at least that a word stands in."""

LIFT = 8
"""How many times more often a rendering stands where the word does than elsewhere, at least."""

COMMON = 0.08
"""Share of all sentences above which syllables say nothing."""

ENOUGH = 0.75
"""Share of a word's sentences that its renderings must account for."""

MOST = 6
"""Renderings of a word."""

_FURTHER = 0.04
"""Share of a word's sentences that each further rendering must account for."""

_SYLLABLE = re.compile(r"[^\W\d_]+")

Pair = tuple[str, str]
Gram = tuple[str, ...]


def main() -> None:
    found = lexicon(pairs(Path(__file__).parent, translations_dir()))
    path = translations_dir() / "lexicon.tsv"
    lines = (f"{word}\t{'|'.join(found[word])}\n" for word in sorted(found))
    path.write_text("en\tvi\n" + "".join(lines), encoding="utf-8")
    sys.stdout.write(f"{path.name}: {len(found)} words, {sum(map(len, found.values()))} renderings\n")


def pairs(own: Path, tables: Path) -> list[Pair]:
    """Sentences, and wordings of terms and goods, each once."""
    sentences = [
        (row["en"], row["vi"])
        for path in (tables / "memory.tsv", *sorted(own.glob("pairs*.tsv")))
        for row in _table(path)
    ]
    return list(dict.fromkeys((*(one for one in sentences if not held_out(one[0])), *_wordings(tables))))


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        kept = (line for line in lines if not line.startswith("#"))
        yield from csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)


def _wordings(tables: Path) -> Iterator[Pair]:
    terms: dict[str, list[str]] = defaultdict(list)
    for row in _table(tables / "terms.tsv"):
        if row["status"] in ("preferred", "admitted"):
            terms[row["en"]].append(row["vi"])
    for spellings, renderings in terms.items():
        for en in spellings.split("|"):
            yield en, "; ".join(renderings)
    for name in ("products", "hs_chapters", "ics_fields"):
        for row in _table(tables / f"{name}.tsv"):
            for en, vi in (("name_en", "name_vi"), ("short_en", "short_vi")):
                if row.get(en) and row.get(vi):
                    yield row[en], row[vi]


def lexicon(known: Sequence[Pair]) -> dict[str, list[str]]:
    """For each word that they are certain of its renderings, the one of most sentences first."""
    grams = [_grams(vi) for _, vi in known]
    total = Counter(gram for each in grams for gram in each)
    places: dict[str, list[int]] = defaultdict(list)
    for number, (en, _) in enumerate(known):
        for word in set(words(en)):
            places[word].append(number)
    found = {}
    for word, numbers in places.items():
        if len(numbers) >= SENTENCES and (chosen := _renderings(numbers, grams, total)):
            found[word] = chosen
    return found


def _grams(vi: str) -> set[Gram]:
    said = _SYLLABLE.findall(traditional_tones(tidy(vi)).lower())
    return {tuple(said[at : at + n]) for n in (1, 2, 3) for at in range(len(said) - n + 1)}


def _renderings(numbers: Sequence[int], grams: Sequence[set[Gram]], total: Counter[Gram]) -> list[str]:
    """Renderings that account for enough of those sentences; none where there are no such."""
    own = Counter(gram for number in numbers for gram in grams[number])
    rest = len(grams) - len(numbers) + 1
    where = {
        gram: {number for number in numbers if gram in grams[number]}
        for gram, times in own.items()
        if times >= 2
        and total[gram] < COMMON * len(grams)
        and times * rest >= LIFT * (total[gram] - times + 0.5) * len(numbers)
    }
    left = set(numbers)
    chosen: list[Gram] = []
    while left and where and len(chosen) < MOST:
        best = max(
            where, key=lambda gram: (len(where[gram] & left), own[gram] / total[gram], -len(gram), gram)
        )
        gained = len(where[best] & left)
        if gained < max(1 if chosen else 2, _FURTHER * len(numbers)):
            break
        chosen.append(best)
        left -= where.pop(best)
    if len(left) > (1 - ENOUGH) * len(numbers):
        return []
    return [" ".join(gram) for gram in chosen]


if __name__ == "__main__":
    main()
