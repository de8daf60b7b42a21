"""Trains the shipped model of sectors: ``python tests/gold/train.py [FOLDER]`` (needs the extra ``train``).

From official wordings with the sectors that our crosswalks give their codes: HS 2022 and older editions, Viet Nam's
tariff in both languages, ICS, customs rulings, measures on imports; from the vocabulary's own words; from the
project's sentence pairs, with what the rules say of them; and from real notifications that are not labelled here.
No text of a labelled notice, nor of its thread, is among them. FOLDER gets the model; without it only figures.
"""

import csv
import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from labelled import read_labels, sample_notices

from tbt_watch.domain.notice import Notice
from tbt_watch.tag.features import counted, notice_fields
from tbt_watch.tag.model import write_model
from tbt_watch.tag.rules import IN_DOUBT, tag_notice
from tbt_watch.tag.training import Example, Trained, train
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

HERE = Path(__file__).resolve().parent
PAIRS = HERE.parent / "starter"
MOST_FEATURES = 40_000
_SHARE = 0.1
"""A measure on many codes is about a sector that has this share of them."""

Fields = list[tuple[str, int, bool]]


class Gatherer:
    """Reads the reference folder; texts become features, codes become sectors."""

    def __init__(self, shared: Path, vocabulary: Vocabulary) -> None:
        self.shared = shared
        self.vocabulary = vocabulary

    def examples(self) -> Iterator[Example]:
        """Every example once: the same features with the same sectors count a single time."""
        seen: set[tuple[frozenset[str], frozenset[str]]] = set()
        for source, group, fields, sectors, weight in self._raw():
            features = counted(fields)
            key = frozenset(features), sectors
            if features and key not in seen:
                seen.add(key)
                yield Example(source, group, features, sectors, weight)

    def _raw(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        yield from self._tariffs()
        yield from self._standards()
        for number, (fields, sectors) in enumerate(self.rulings()):
            yield "ruling", f"ruling {number}", fields, sectors, 2
        for fields, sectors in self.measures():
            yield "measure", fields[1][0][:60], fields, sectors, 3
        yield from self._words()
        yield from self._pairs()
        yield from self._notices()

    def _hs(self, code: str) -> frozenset[str]:
        return frozenset(self.vocabulary.sectors_of(re.sub(r"\D", "", code)))

    def _rows(self, name: str, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
        csv.field_size_limit(1 << 24)
        with (self.shared / "tagging" / name).open(encoding=encoding, newline="") as file:
            yield from csv.DictReader(file)

    def _tariffs(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        for row in self._rows("hs2022_en_comtrade.csv"):
            if row["code"].isdigit() and (sectors := self._hs(row["code"])):
                yield "hs", row["code"][:4], [(row["description"], 1, False)], sectors, 1
        for row in self._rows("hs_combined_to_isic3_wits.csv", "latin-1"):
            code = row["HS - Combined  Product Code"]
            text = re.sub(r"\([\d-]+\)", "", row["HS - Combined  Product Description"])
            if sectors := self._hs(code):
                yield "hs", code[:4], [(text, 1, False)], sectors, 1
        for row in self._rows("ahtn_vn_bilingual.csv"):
            code = row["hs_code"]
            if code and (sectors := self._hs(code)):
                for column, toned in (("path_en", False), ("path_vi", True)):
                    yield "tariff", code[:4], [(row[column].replace(" > ", " . "), 1, toned)], sectors, 1

    def _standards(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        for row in self._rows("ics_ed7_en.csv"):
            crossing = self.vocabulary.cross_ics(row["code"])
            if crossing is not None:
                notes = re.sub(r"[^|]*, see [^|]*", "", row["notes_en"])
                fields = [(row["name_en"], 2, False), (notes, 1, False)]
                yield "ics", row["code"][:6], fields, frozenset(crossing.sectors), 3

    def rulings(self) -> Iterator[tuple[Fields, frozenset[str]]]:
        """Product texts of customs rulings, with the sectors of the code that customs gave them."""
        for row in self._rows("vn_customs_rulings.csv"):
            name, text = row["product_name"], row["technical_spec_vi"]
            if sectors := self._hs(row["hs8"]):
                yield [(name, 1, False), (name, 1, True), (text, 1, True)], sectors

    def measures(self) -> Iterator[tuple[Fields, frozenset[str]]]:
        """Products, titles and texts of measures, with the sectors of their codes."""
        for row in self._rows("trains_ntm_us.csv"):
            codes = re.findall(r"\b\d{4,10}\b", re.sub(r"\([^)]*\)", "", row["Hs code(s)"]))
            found = Counter(sector for code in codes for sector in self._hs(code))
            sectors = frozenset(sector for sector, n in found.items() if n >= _SHARE * found.total())
            fields = [
                (row["Product description"], 2, False),
                (row["Regulation title"][-200:], 1, False),
                (row["Measure description"][:1500], 1, False),
            ]
            if sectors:
                yield fields, sectors

    def _words(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        found: dict[tuple[str, bool], set[str]] = defaultdict(set)
        for word in self.vocabulary.words:
            if word.kind == "sector" and not word.pattern.endswith("*"):
                found[word.pattern, word.language == "vi"].add(word.code)
        for (pattern, toned), sectors in found.items():
            yield "word", pattern, [(pattern, 1, toned)], frozenset(sectors), 3

    def _pairs(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        """Sentences as notices have them; what the rules find in the English holds for the Vietnamese too."""
        for path in sorted(PAIRS.glob("pairs*.tsv")):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                    sectors = self._by_rule(_titled(row["en"]))
                    for column, toned in (("en", False), ("vi", True)):
                        yield "pair", row["en"], [(row[column], 1, toned)], sectors, 1

    def _notices(self) -> Iterator[tuple[str, str, Fields, frozenset[str], float]]:
        notices = sample_notices(self.shared)
        labelled = read_labels(HERE / "labels.tsv")
        threads = {notices[symbol].thread for symbol in labelled}
        symbols = {symbol for key in labelled for symbol in notices[key].symbols}
        for notice in notices.values():
            apart = notice.thread not in threads and not symbols.intersection(notice.symbols)
            if apart and (sectors := self._by_rule(notice)):
                yield "notice", notice.thread, notice_fields(notice), sectors, 3

    def _by_rule(self, notice: Notice) -> frozenset[str]:
        tags = tag_notice(notice, self.vocabulary)
        return frozenset(tag.code for tag in tags if tag.kind == "sector" and tag.confidence > IN_DOUBT)


def _titled(title: str) -> Notice:
    return Notice(
        key="x",
        kind="notification",
        area="TBT",
        type="regular",
        symbols=("x",),
        thread="x",
        members=(),
        title=title,
    )


def figures(examples: list[Example], trained: Trained) -> Iterator[str]:
    """How the model does on what it had not seen, and whether its confidence means what it says."""
    yield f"{len(examples)} examples: {dict(Counter(one.source for one in examples))}"
    for source in sorted({one.source for one in examples}):
        here = np.array([one.source == source for one in examples])
        said, wanted = trained.unseen[here] >= 0.5, trained.wanted[here]
        hits, total = (said & wanted).sum(), said.sum() + wanted.sum()
        yield f"  {source:8} cross-validated micro-F1 {2 * hits / max(total, 1):.3f} ({here.sum()} texts)"
    for low in np.arange(0, 1, 0.1):
        here = (trained.unseen >= low) & (trained.unseen < low + 0.1 + (low > 0.85))
        if here.any():
            yield (
                f"  confidence {low:.1f}–{low + 0.1:.1f}: right {trained.wanted[here].mean():.3f}"
                f" (said {trained.unseen[here].mean():.3f}, {here.sum()} times)"
            )


def main() -> None:
    """Train, print the figures, and write the model where a folder is named."""
    shared = Path(os.environ.get("TBT_SHARED") or HERE.parents[2] / "shared")
    vocabulary = load_vocabulary()
    began = time.monotonic()
    examples = list(Gatherer(shared, vocabulary).examples())
    sectors = [sector.code for sector in vocabulary.sectors]
    trained = train(examples, sectors, most_features=MOST_FEATURES)
    for line in figures(examples, trained):
        sys.stdout.write(line + "\n")
    size = None
    if len(sys.argv) > 1:
        size = write_model(trained.model, Path(sys.argv[1]))
    facts = {
        "features": len(trained.model.features),
        "bytes": size,
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
