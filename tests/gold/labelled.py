"""The labelled set: labels from here, texts from the reference folder, parted into two halves."""

import csv
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.symbol import parse_symbols
from tbt_watch.domain.work import RawRecord
from tbt_watch.language import load_language
from tbt_watch.normalise.eping import read_workbook_row

HELD_OUT = 40
_SEEN = datetime(2026, 11, 20, tzinfo=UTC)
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
    """The notices of the reference samples by first symbol, read from the export as the product reads it."""
    samples = shared / "sources/samples"
    language = load_language()
    found: dict[str, Notice] = {}
    for row in json.loads((samples / "eping/eping_export_dev.json").read_text(encoding="utf-8")):
        notice = read_workbook_row(_raw(row), language).notice
        first = min(notice.symbols)
        found.setdefault(first, notice)
    for document in json.loads((samples / "wto_documents/parsed_dev.json").read_text(encoding="utf-8")):
        notice = _from_document(document)
        found.setdefault(min(notice.symbols), notice)
    return found


def _raw(row: dict[str, str]) -> RawRecord:
    body = json.dumps({name.lower().replace("(en)", "").strip(): value for name, value in row.items()})
    return RawRecord(source="eping_workbook", key="", url="", fetched_at=_SEEN, body=body, hash="")


def _from_document(document: dict[str, Any]) -> Notice:
    """A WTO document's boxes; of an addendum, which has none, the paragraphs are the summary."""
    symbols, _ = parse_symbols(", ".join(document["symbols"]))
    boxes = {
        _BOXES[row["no"]]: row["text"].split(":", 1)[-1].strip() for row in document["rows"] if row["no"] in _BOXES
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
        published_on=date(2018, 7, 1),
        **boxes,
    )
