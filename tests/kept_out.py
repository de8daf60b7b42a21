"""Sixty sentences of real notifications that no model and no rule may learn from, with a translation of our own.

The sentences are not here: they stand in the reference folder, and ``quality/starter_test.tsv`` says how to find each,
by how it begins, how long it is and its SHA-256. To write them out as a table for the training:

    python tests/kept_out.py REFERENCE-FOLDER > kept_out.tsv
"""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).parent / "quality" / "starter_test.tsv"


class KeptOut(NamedTuple):
    """One sentence: the notification that it stands in, and both sides."""

    id: str
    en: str
    vi: str


def kept_out(shared: Path) -> list[KeptOut]:
    """The sentences that the reference folder has; all of them with the whole folder."""
    texts = sorted(set(_texts(shared)))
    found = []
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            en = _sought(texts, row["begins"], int(row["letters"]), row["sha256"])
            if en is not None:
                found.append(KeptOut(row["id"], en, row["vi"]))
    return found


def digest(text: str) -> str:
    """How a sentence is known without being written down."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _sought(texts: list[str], begins: str, letters: int, sha256: str) -> str | None:
    for text in texts:
        at = text.find(begins)
        while at >= 0:
            if digest(text[at : at + letters]) == sha256:
                return text[at : at + letters]
            at = text.find(begins, at + 1)
    return None


def _texts(shared: Path) -> Iterator[str]:
    """Every text of the samples and tables, with single blanks."""
    found = (path for kind in ("*.json*", "*.csv", "*.txt") for path in shared.rglob(kind))
    for path in sorted(found):
        body = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".txt":
            yield " ".join(body.split())
            continue
        if path.suffix == ".csv":
            yield from (" ".join(cell.split()) for row in csv.reader(io.StringIO(body)) for cell in row)
            continue
        for document in body.splitlines() if path.suffix == ".jsonl" else [body]:
            try:
                yield from _strings(json.loads(document))
            except ValueError:
                continue  # a sample that is broken on purpose


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


if __name__ == "__main__":
    sys.stdout.write("id\ten\tvi\n")
    sys.stdout.writelines("\t".join(one) + "\n" for one in kept_out(Path(sys.argv[1])))
