"""Gather and clean the pairs that the starter model learns from, split them, and make its tokenizer.

    python -m starter.prepare --shared ../shared --out DATA

Read are the parallel texts of the reference folder, the shipped memory and tables, and the sentence pairs beside this
file. Writes DATA/train.tsv, DATA/dev.tsv and DATA/test.tsv (en, vi, source), DATA/counts.txt (what was used and what
was left out, by source) and, unless it is there, DATA/sentencepiece.model. Which pairs are held out is decided by a
hash of the English: the same sentence is held out on every machine and in every later version of the data.
"""

import argparse
import csv
import gzip
import hashlib
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kept_out import kept_out

HERE = Path(__file__).resolve().parent

OPEN, NOTES, TARIFF = (
    "mt/open.tsv.gz",
    "translation/sen_notes.en-vi.tsv",
    "translation/ahtn_hs_pairs.en-vi.tsv",
)

SENTINELS = 20
PIECES = 10_000
NOTES_TO_TRAIN = 480
HELD_OUT_PERCENT = 5

NEVER = {"xquad", "ntrex128", "iso_codes", "osm_website"}
"""The first two are published test sets and stay a check; the others spell names in ways we do not."""

_ODD = re.compile(
    r"%[\w(]|\{|\}|\$|<|>|\\|_|&[A-Za-z]|::|\(\)|==|\bCtrl\b|\bAlt\+|\[|\]|#|\|"
    r"|https?:|www\.|@|BetopiaERP|Dosyt|`|~|\^|\*"
)
_ODD_GENRE = re.compile(r"[\\<>{}`|]")
_LETTER = re.compile(r"[^\W\d_]")
_OLD_TONES = str.maketrans("àáảãạèéẻẽẹ", "\u0300\u0301\u0309\u0303\u0323" * 2)
_SYLLABLE_END = re.compile(r"(?<![qQ])([oO][àáảãạÀÁẢÃẠ]|[oO][èéẻẽẹÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?![^\W\d_])")


ONE_RENDERING = (
    ("biocid", "diệt sinh vật gây hại", "diệt khuẩn"),
    ("exempt resolution", "miễn trừ (Exempt Resolution)", "miễn trừ"),
    ("exempt resolution", "miễn thủ tục", "miễn trừ"),
    ("executive decree", "Nghị định hành pháp", "Sắc lệnh hành pháp"),
    ("statutory instrument", "văn bản dưới luật (Statutory Instrument)", "văn bản pháp quy"),
    ("separate customs territory of taiwan", "Đài Bắc Trung Hoa", "Đài Loan"),
)
"""Where the English says the first, the second is written as the third: one word for one thing."""


class Pair(NamedTuple):
    en: str
    vi: str
    source: str


def tidy(text: str) -> str:
    """NFC, plain quotes and blanks."""
    text = unicodedata.normalize("NFC", text)
    for odd, plain in (
        ("“", '"'),
        ("”", '"'),
        ("‘", "'"),
        ("’", "'"),
        ("…", "..."),
        ("−", "-"),
        ("\u200b", ""),
    ):
        text = text.replace(odd, plain)
    return " ".join(text.split())


def traditional_tones(text: str) -> str:
    """``hoá`` to ``hóa``, ``thuỷ`` to ``thủy``: one place for the tone mark, as the project writes it."""

    def moved(match: re.Match[str]) -> str:
        first, second = unicodedata.normalize("NFD", match[1][0]), unicodedata.normalize("NFD", match[1][1])
        return unicodedata.normalize("NFC", first + second[1:] + second[0])

    return _SYLLABLE_END.sub(moved, text)


def held_out(en: str) -> bool:
    digest = hashlib.sha256(key(en).encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def key(en: str) -> str:
    return re.sub(r"[\W_]+", " ", en.casefold()).strip()


def fault(pair: Pair) -> str | None:
    """Why a pair is not learned from."""
    en, vi, source = pair
    general = source not in GENRE
    if (_ODD if general else _ODD_GENRE).search(en + vi):
        return "placeholders, addresses or code"
    if not _LETTER.search(en) or not _LETTER.search(vi):
        return "no letters"
    if len(en) > 600 or len(vi) > 700:
        return "too long"
    if len(en) > (45 if not general else 20) and not 0.5 <= len(vi) / len(en) <= 2.0:
        return "lengths differ"
    if general and len(en) > 12 and en.casefold() == vi.casefold():
        return "not translated"
    if general and len(re.findall(r"\d{2,}", en)) != len(re.findall(r"\d{2,}", vi)):
        return "numbers differ"
    return None


GENRE = {"seed", "own", "tariff", "notes", "tables"}


def lacking(shared: Path) -> list[str]:
    """The files of the reference folder that are needed and not there."""
    return [name for name in (OPEN, NOTES, TARIFF) if not (shared / name).is_file()]


def read(shared: Path) -> Iterator[Pair]:
    """Every pair as it stands, those to test with excepted."""
    tables = HERE.parents[1] / "translations"
    with gzip.open(shared / OPEN, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Pair(row[0], row[1], row[2])
    for path in sorted(HERE.glob("pairs*.tsv")):
        yield from _table(path, "own")
    yield from _project_tables(tables)
    yield from _table(tables / "memory.tsv", "seed")
    yield from list(_table(shared / NOTES, "notes"))[:NOTES_TO_TRAIN]
    yield from _table(shared / TARIFF, "tariff")


def tests(shared: Path) -> list[Pair]:
    """The kept-out sentences of real notifications, and the notes that are measured on."""
    real = [Pair(one.en, one.vi, "starter_test") for one in kept_out(shared)]
    return [*real, *list(_table(shared / NOTES, "notes_test"))[NOTES_TO_TRAIN:]]


def held_out_pairs(shared: Path) -> list[Pair]:
    """What is held out of the training, of every source."""
    pairs = cleaned(read(shared), KeptOut(tests(shared)), Counter())
    return [pair for pair in pairs if held_out(pair.en)]


def _table(path: Path, source: str) -> Iterator[Pair]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Pair(row["en"], row["vi"], source)


def _project_tables(folder: Path) -> Iterator[Pair]:
    """The project's own terms, names of Members, wordings of HS chapters, ICS fields and goods."""
    for name in ("terms", "members", "hs_chapters", "ics_fields", "products", "issuers"):
        with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
            rows = (line for line in lines if not line.startswith("#"))
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                for en, vi in (("en", "vi"), ("name_en", "name_vi"), ("short_en", "short_vi")):
                    if row.get(en) and row.get(vi) and row.get("status", "preferred") == "preferred":
                        yield from (Pair(one, row[vi], "tables") for one in row[en].split("|"))


_TARIFF_TAIL = re.compile(r"\s*\((?:SEN|\*)\)|\s*\(SEN\)")


class KeptOut:
    """The sentences of the tests: neither they nor anything that shares most of its words with one is learned."""

    def __init__(self, tests: Iterable[Pair]) -> None:
        self._exact: set[str] = set()
        self._grams: list[set[tuple[str, ...]]] = []
        for pair in tests:
            self._exact.add(key(pair.en))
            self._grams.append(_grams(pair.en))

    def holds(self, pair: Pair) -> bool:
        if key(pair.en) in self._exact:
            return True
        if pair.source not in ("seed", "own"):
            return False
        own = _grams(pair.en)
        return any(
            len(own & other) >= 0.6 * fewer
            for other in self._grams
            if (fewer := min(len(own), len(other))) > 2
        )


def _grams(en: str) -> set[tuple[str, ...]]:
    words = key(en).split()
    return set(zip(words, words[1:], words[2:], strict=False))


def cleaned(pairs: Iterable[Pair], kept_out: KeptOut, counts: Counter[tuple[str, str]]) -> Iterator[Pair]:
    seen: set[str] = set()
    for raw in pairs:
        pair = Pair(tidy(raw.en), traditional_tones(tidy(raw.vi)), raw.source)
        if raw.source == "tariff":
            pair = pair._replace(en=_TARIFF_TAIL.sub("", pair.en), vi=_TARIFF_TAIL.sub("", pair.vi))
        for said, found, wanted in ONE_RENDERING if raw.source in GENRE else ():
            if said in pair.en.casefold():
                pair = pair._replace(vi=pair.vi.replace(found, wanted))
        why = "left out on purpose" if raw.source in NEVER else fault(pair)
        if why is None and kept_out.holds(pair):
            why = "kept out for tests"
        if why is None and key(pair.en) + "\t" + key(pair.vi) in seen:
            why = "duplicate"
        counts[raw.source, why or "used"] += 1
        if why is None:
            seen.add(key(pair.en) + "\t" + key(pair.vi))
            yield pair


def write(path: Path, pairs: Iterable[Pair]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("en\tvi\tsource\n")
        out.writelines(f"{pair.en}\t{pair.vi}\t{pair.source}\n" for pair in pairs)


def tokenizer(train: list[Pair], folder: Path) -> None:
    """One unigram model for both languages; each sentinel is one piece, with and without a blank before it."""
    import sentencepiece

    symbols = [mark + f"XZ{number}" for number in range(1, SENTINELS + 1) for mark in ("", "\u2581")]

    def lines() -> Iterator[str]:
        for pair in train:
            copies = {"seed": 15, "own": 15, "notes": 8, "tariff": 5}.get(pair.source, 1)
            for _ in range(copies):
                yield pair.en
                yield pair.vi
            if pair.source in ("seed", "own"):
                yield pair.en.upper()
                yield pair.vi.upper()
                yield pair.en.title()

    with (folder / "sentencepiece.model").open("wb") as out:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=lines(), model_writer=out, vocab_size=PIECES, model_type="unigram",
            character_coverage=0.9999, byte_fallback=True, normalization_rule_name="identity", num_threads=2,
            pad_id=0, unk_id=1, bos_id=2, eos_id=3, pad_piece="<blank>", user_defined_symbols=symbols,
            split_digits=True, minloglevel=2, max_sentence_length=8000, seed_sentencepiece_size=300_000,
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("shared", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    if missing := lacking(args.shared):
        sys.stdout.write(
            f"The reference folder {args.shared} has no {', no '.join(missing)}: name the whole one with TBT_SHARED.\n"
        )
        return 1
    args.out.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    measured = tests(args.shared)
    pairs = list(cleaned(read(args.shared), KeptOut(measured), counts))
    train = [pair for pair in pairs if not held_out(pair.en)]
    dev = [pair for pair in pairs if held_out(pair.en)]
    write(args.out / "train.tsv", train)
    write(args.out / "dev.tsv", dev)
    write(
        args.out / "test.tsv", [Pair(tidy(p.en), traditional_tones(tidy(p.vi)), p.source) for p in measured]
    )
    lines = [f"{source}\t{why}\t{number}" for (source, why), number in sorted(counts.items())]
    for name, part in (("train", train), ("held out", dev)):
        lines += [f"{source}\t{name}\t{n}" for source, n in sorted(Counter(p.source for p in part).items())]
    (args.out / "counts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not (args.out / "sentencepiece.model").exists():
        tokenizer(train, args.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
