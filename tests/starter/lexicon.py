"""Make ``translations/lexicon.tsv``: what single English words are called in Vietnamese, by our own translations.

    python -m starter.lexicon

Read are the shipped memory, the sentence pairs beside this file, the terms and the wordings of goods; nothing of the
reference folder, and none of the sentences that are held out of the training, so that both can be used to measure.
A rendering is one to three syllables that stand in the Vietnamese far more often where the word stands in the English
than elsewhere. A word is taken if few renderings do for nearly all its sentences. One that has a single rendering in
most of them, of up to five syllables and said for few other words, has it as ``sure``: a model that leaves the word out
is given it.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
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

SURE_SENTENCES = 4
"""Sentences at least of a word that has a sure rendering."""

SURE = 0.7
"""Share of a word's sentences that a sure rendering stands in, at least."""

OWN = 0.2
"""Share of the sentences with a sure rendering that have the word too, at least."""

_FURTHER = 0.04
"""Share of a word's sentences that each further rendering must account for."""

_SYLLABLE = re.compile(r"[^\W\d_]+")
_LOOSE = frozenset("và của các những cho hoặc là để từ trong với theo một mọi trên tại được bị do".split())
"""Syllables that no sure rendering begins or ends with."""

Pair = tuple[str, str]
Gram = tuple[str, ...]


def main() -> None:
    known = pairs(Path(__file__).parent, translations_dir())
    found, certain = lexicon(known), sure(known)
    path = translations_dir() / "lexicon.tsv"
    lines = (f"{word}\t{'|'.join(found[word])}\t{certain.get(word, '')}\n" for word in sorted(found))
    path.write_text("en\tvi\tsure\n" + "".join(lines), encoding="utf-8")
    many = sum(map(len, found.values()))
    sys.stdout.write(
        f"{path.name}: {len(found)} words, {many} renderings, {len(found.keys() & certain.keys())} sure\n"
    )


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
    grams = [_grams(traditional_tones(vi), 3) for _, vi in known]
    total = Counter(gram for each in grams for gram in each)
    found = {}
    for word, numbers in _places(known).items():
        if len(numbers) >= SENTENCES and (chosen := _renderings(numbers, grams, total)):
            found[word] = chosen
    return found


def sure(known: Sequence[Pair]) -> dict[str, str]:
    """For each word that has one: the rendering that can stand for it in any sentence."""
    grams = [_grams(vi, 5) for _, vi in known]
    total = Counter(gram for each in grams for gram in each)
    ends = {end for _, vi in known for end in _ends(vi)}
    found = {}
    for word, numbers in _places(known).items():
        if len(numbers) >= SURE_SENTENCES and (chosen := _sure(numbers, grams, total, ends)):
            found[word] = " ".join(chosen)
    return found


def _ends(vi: str) -> set[Gram]:
    """The last two syllables of every clause: what a word may end with."""
    clauses = (_SYLLABLE.findall(one) for one in re.split(r"[^\w\s-]", tidy(vi).lower()))
    return {tuple(said[-2:]) for said in clauses if len(said) > 1}


def _sure(
    numbers: Sequence[int], grams: Sequence[set[Gram]], total: Counter[Gram], ends: Collection[Gram]
) -> Gram | None:
    own = Counter(gram for number in numbers for gram in grams[number])
    rest = len(grams) - len(numbers) + 1
    where = [
        gram
        for gram, times in own.items()
        if times >= SURE * len(numbers)
        and times * rest >= LIFT * (total[gram] - times + 0.5) * len(numbers)
        and times >= OWN * total[gram]
        and not {gram[0], gram[-1]} & _LOOSE
        and (len(gram) == 1 or gram[-2:] in ends)  # not "xây dựng quy" of "xây dựng quy định"
    ]
    if not where:
        return None
    # The longest of those that stand in as many sentences, or nearly as many: not "bảo hiểm" for "mũ bảo hiểm".
    nearly = max(own[gram] for gram in where) * (1 if len(numbers) < 10 else 0.8)
    return max((gram for gram in where if own[gram] >= nearly), key=lambda gram: (len(gram), own[gram], gram))


def _places(known: Sequence[Pair]) -> dict[str, list[int]]:
    """In which pairs each English word stands."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, (en, _) in enumerate(known):
        for word in set(words(en)):
            places[word].append(number)
    return places


def _grams(vi: str, most: int) -> set[Gram]:
    said = _SYLLABLE.findall(tidy(vi).lower())
    return {tuple(said[at : at + n]) for n in range(1, most + 1) for at in range(len(said) - n + 1)}


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
