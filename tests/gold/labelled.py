"""The labelled set: labels from here, texts from the reference folder, parted into two halves."""

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.symbol import parse_symbols
from tbt_watch.language import Language, load_language
from tbt_watch.normalise.tongue import tongue

HELD_OUT = 40
_HS = re.compile(r"(?:^|; )(\d{2,12}) - ")
_ICS = re.compile(r"(?:^|; )(\d{2}(?:\.\d{3}(?:\.\d{2})?)?) - ")
_BOXES = {"4.": "products", "5.": "title", "6.": "summary"}


class Labelled(NamedTuple):
    """A notice and what a person said it is about."""

    notice: Notice
    sectors: frozenset[str]
    topics: frozenset[str]


def read_labels(path: Path) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Sectors and topics by first symbol."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["symbol"]: (_set(row["sectors"]), _set(row["topics"])) for row in rows}


def _set(cell: str) -> frozenset[str]:
    return frozenset(part for part in cell.split(";") if part)


def halves(labelled: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Tuning and held out: in the order of the SHA-256 of the first symbol, the last 40 are held out."""
    ordered = sorted(labelled, key=lambda item: hashlib.sha256(item.notice.key.encode()).hexdigest())
    return ordered[:-HELD_OUT], ordered[-HELD_OUT:]


def labelled_notices(labels: Path, shared: Path) -> list[Labelled]:
    """Every label with its notice, in the order of the labels."""
    texts = sample_notices(shared)
    return [Labelled(texts[symbol], *label) for symbol, label in read_labels(labels).items()]


def sample_notices(shared: Path) -> dict[str, Notice]:
    """The notices of the reference samples by first symbol; of a joint notification the first record."""
    samples = shared / "sources/samples"
    language = load_language()
    found: dict[str, Notice] = {}
    for row in json.loads((samples / "eping/eping_export_dev.json").read_text(encoding="utf-8")):
        notice = _from_export(row, language)
        found.setdefault(notice.key, notice)
    for document in json.loads((samples / "wto_documents/parsed_dev.json").read_text(encoding="utf-8")):
        notice = _from_document(document)
        found.setdefault(notice.key, notice)
    return found


def _from_export(row: dict[str, str], language: Language) -> Notice:
    """A row of the export, by its printed column names."""
    symbols, _ = parse_symbols(row["Document symbol"])
    first = min(symbols, key=lambda symbol: symbol.text)
    known = {
        kind: [code for part in row[column].split(";") if (code := language.value(kind, part.strip()))]
        for kind, column in (("objective", "Objectives"), ("keyword", "Keywords"))
    }
    return Notice(
        key=first.text,
        kind="notification",
        area="SPS" if first.area == "SPS" else "TBT",
        type=row["Notification type"].split()[0].lower(),
        symbols=tuple(sorted(symbol.text for symbol in symbols)),
        thread=first.base.text,
        follows=above.text if (above := first.follows) else None,
        members=tuple(sorted(symbol.member for symbol in symbols)),
        title=row["Title"].replace("_x000D_", " "),
        summary=row["Description"].replace("_x000D_", " "),
        products=row["Products covered"],
        language=tongue(f"{row['Title']} {row['Description']}"),
        hs_codes=tuple(dict.fromkeys(_HS.findall(row["HS code(s)"]))),
        ics_codes=tuple(dict.fromkeys(_ICS.findall(row["ICS code(s)"]))),
        objectives=tuple(dict.fromkeys(known["objective"])),
        keywords=tuple(dict.fromkeys(known["keyword"])),
    )


def _from_document(document: dict[str, Any]) -> Notice:
    """A WTO document's boxes; of an addendum, which has none, the paragraphs are the summary."""
    symbols, _ = parse_symbols(", ".join(document["symbols"]))
    boxes = {
        _BOXES[row["no"]]: row["text"].split(":", 1)[-1].strip()
        for row in document["rows"]
        if row["no"] in _BOXES
    }
    boxes.setdefault("summary", "\n".join(document["paragraphs"][3:]))
    return Notice(
        key=symbols[0].text,
        kind="notification",
        area="SPS" if symbols[0].area == "SPS" else "TBT",
        type="addendum" if symbols[0].follows else "regular",
        symbols=tuple(symbol.text for symbol in symbols),
        thread=symbols[0].base.text,
        follows=above.text if (above := symbols[0].follows) else None,
        members=tuple(symbol.member for symbol in symbols),
        **boxes,
    )
