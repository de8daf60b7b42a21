"""The sample's data are what they say: real, varied, fresh enough, and the summaries our own."""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tbt_watch.sample import (
    EXPECTED_ISSUES,
    SAMPLE_DAY,
    Edition,
    sample_now,
    subscribers_csv,
)

SYMBOL = re.compile(
    r"^\s*G/(?:TBT|SPS)/(?:N/[A-Z]{2,4}/\d{1,5}|NOTIF\.\d{2}[./]\d{1,4})(?:/(?:REV|ADD|CORR|SUPPL)\.\d{1,3}){0,4}\s*$",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"^-_+1 This information can be provided")
BROKEN = {issue.key for issue in EXPECTED_ISSUES}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition.bundled()


def by_symbol(edition: Edition, symbol: str) -> dict[str, Any]:
    return dict(next(one for one in edition.records if one["documentSymbol"].strip() == symbol))


def test_the_sample_is_large_enough_and_small_enough(edition: Edition) -> None:
    assert len({one["documentSymbol"] for one in edition.records}) >= 40
    assert len(edition.pages) >= 15
    folder = Path(str(Path(__file__).parent.parent / "tbt_watch" / "sample" / "edition"))
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < 500_000


def test_every_symbol_is_one_except_the_broken_one(edition: Edition) -> None:
    bad = []
    for record in edition.records:
        assert record["documentSymbol"].startswith(" ")
        if not all(SYMBOL.match(part) for part in record["documentSymbol"].split(",")):
            bad.append(str(record["id"]))
    assert bad == ["104939"]
    assert set(bad) < BROKEN


def test_ids_are_distinct_and_every_record_has_all_fields(edition: Edition) -> None:
    assert len({one["id"] for one in edition.records}) == len(edition.records)
    needed = {name for record in edition.records for name in record}
    for record in edition.records:
        assert needed - set(record) <= {"titlePlain", "descriptionPlain", "productsFreeTextPlain"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\+00:00", record["distributionDate"])
        assert record["title"].startswith("<p>")
        assert record["notifyingMemberCode"] in {one["value"] for one in edition.members["items"]}


def test_the_types_are_those_of_the_site_except_one(edition: Edition) -> None:
    types = Counter(one["notificationType"] for one in edition.records)
    assert types.pop("Interim notification") == 1
    assert set(types) == {
        "Regular notification",
        "Addendum to Regular Notification",
        "Revision to Regular Notification",
        "Corrigendum to Regular Notification",
        "Emergency notifications (SPS)",
        "Addendum to Emergency Notification (SPS)",
    }


def test_joint_notifications_are_one_record_a_member(edition: Edition) -> None:
    joint: dict[str, set[str]] = {}
    for record in edition.records:
        if "," in record["documentSymbol"]:
            joint.setdefault(record["documentSymbol"], set()).add(record["notifyingMember"])
    sizes = sorted((len(symbols.split(",")), len(members)) for symbols, members in joint.items())
    assert sizes[-1] == (7, 7), "the Gulf States"
    assert all(one == (5, 5) for one in sizes[:-1])
    assert len(sizes) >= 3


def test_variety(edition: Edition) -> None:
    records = edition.records
    assert any(len(one["hsCodes"]) >= 46 for one in records)
    assert any(len(code["code"]) == 5 for one in records for code in one["hsCodes"])
    assert any(";" in code["name"] for one in records for code in one["hsCodes"])
    assert any(not one["hsCodes"] and not one["icsCodes"] for one in records)
    assert any(len(one["hsCodes"]) > len({code["code"] for code in one["hsCodes"]}) for one in records)
    assert any("&nbsp;" in (one["description"] or "") for one in records)
    assert any("\r\n" in (one.get("descriptionPlain") or "") for one in records)
    assert any("\r\n" in (one["notifiedDocumentLink"] or "") for one in records)
    assert any(one["notifiedDocumentLink"] and "http" not in one["notifiedDocumentLink"] for one in records)
    assert any((one["notifiedDocumentLink"] or "").count(",http") >= 2 for one in records)
    assert {one["linkToNotification"][-5:] for one in records if one["linkToNotification"]} == {
        ".DOCX",
        ".docx",
    }
    assert any(one["linkToNotification"] is None for one in records)
    assert "equivalente" in by_symbol(edition, "G/TBT/N/CRI/193/Add.8")["description"]
    assert by_symbol(edition, "G/TBT/N/USA/2132/Add.1")["commentDeadlineDate"]
    assert by_symbol(edition, "G/TBT/N/BRA/366/Add.1/Corr.1")["commentDeadlineDate"] is None
    assert {one["area"] for one in records} == {"TBT", "SPS"}


def test_most_is_fresh_some_is_archive_some_is_old_and_open(edition: Edition) -> None:
    assert sample_now().isoformat() == "2025-07-03T01:00:00+00:00"
    ages: Counter[str] = Counter()
    for symbol in {one["documentSymbol"] for one in edition.records}:
        record = by_symbol(edition, symbol.strip())
        published = date.fromisoformat(record["distributionDate"][:10])
        assert published <= SAMPLE_DAY
        old = SAMPLE_DAY - published > timedelta(days=30)
        open_ = (record["commentDeadlineDate"] or "")[:10] >= SAMPLE_DAY.isoformat()
        ages["fresh" if not old else "old and open" if open_ else "archive"] += 1
    assert ages["fresh"] > 30
    assert ages["old and open"] >= 3
    assert ages["archive"] >= 5


def test_summaries_are_our_own(edition: Edition, shared: Path) -> None:
    samples = shared / "sources" / "samples"
    rows = json.loads((samples / "eping" / "eping_export_dev.json").read_text(encoding="utf-8"))
    theirs = [row["Description"] for row in rows]
    gcc = json.loads((samples / "eping" / "eping_getall_gcc_dev.json").read_text(encoding="utf-8"))
    theirs += [item["summary"] for item in gcc]
    parsed = json.loads((samples / "wto_documents" / "parsed_dev.json").read_text(encoding="utf-8"))
    theirs += [one.get("description") or "" for one in parsed]
    taken = [_shingles(text) for text in theirs if not FOOTNOTE.match(text)]
    for record in edition.records:
        ours = record.get("descriptionPlain") or re.sub(r"<[^>]+>", "", record["description"])
        if FOOTNOTE.match(ours):
            continue
        assert ours not in theirs
        copied = max((len(_shingles(ours) & one) for one in taken), default=0)
        assert copied == 0, f"{record['documentSymbol']} has a run of ten words of the original"


def _shingles(text: str, words: int = 10) -> set[tuple[str, ...]]:
    spoken = re.findall(r"\w+", text.lower())
    return {tuple(spoken[start : start + words]) for start in range(len(spoken) - words + 1)}


def test_facts_agree_with_the_export(edition: Edition, shared: Path) -> None:
    path = shared / "sources" / "samples" / "eping" / "eping_export_dev.json"
    rows = {
        (row["Document symbol"], row["Notifying Member"]): row
        for row in json.loads(path.read_text(encoding="utf-8"))
    }
    compared = 0
    for record in edition.records:
        row = rows.get((record["documentSymbol"].strip(), record["notifyingMember"]))
        if row is None or str(record["id"]) in BROKEN:
            continue
        compared += 1
        assert record["distributionDate"][:10] == row["Distribution date"]
        assert (record["commentDeadlineDate"] or "")[:10] == row["Final date for comments"]
        assert record["notificationType"] == row["Notification type"]
        assert "; ".join(one["name"] for one in record["objectives"]) == row["Objectives"]
        if "CHN/2064" not in record["documentSymbol"]:
            assert (record["hsCodeText"] or "") == row["HS code(s)"]
        assert (record["icsCodeText"] or "") == row["ICS code(s)"]
    assert compared >= 50


def test_the_subscribers_are_four_and_one_is_told_at_once() -> None:
    rows = list(csv.DictReader(io.StringIO(subscribers_csv())))
    assert len(rows) == 4
    assert list(rows[0]) == (
        [
            "name",
            "lang",
            "channel",
            "address",
            "frequency",
            "sectors",
            "markets",
            "hs",
            "areas",
            "topics",
            "words",
        ]
    )
    assert {row["frequency"] for row in rows} == {"instant", "daily", "weekly"}
    assert {row["channel"] for row in rows} == {"pretend"}
    assert any(row["areas"] == "VN" for row in rows)


def test_detail_pages_have_the_letters_of_the_sites(edition: Edition) -> None:
    pages = {path: body.decode() for path, body in edition.pages.items()}
    assert sum("&#x" in body.split("<h1")[1] for body in pages.values()) >= 10
    assert [path for path, body in pages.items() if "\u00d0" in body] == [
        next(path for path in pages if "111-2021-nd-cp" in path)
    ]
    loose = [path for path, body in pages.items() if not unicodedata.is_normalized("NFC", body)]
    assert len(loose) == 1
    assert "86-2012" in loose[0]
    for body in pages.values():
        assert re.search(r'<div class="row"><span class="name">', body)
        assert re.search(r'class="child-value">\d\d/\d\d/\d{4}<', unicodedata.normalize("NFC", body))
