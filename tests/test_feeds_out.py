"""Feeds, calendars and open data of the site, each read by a program that is not ours."""

import csv
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import icalendar
import jsonschema
import openpyxl
import pytest
from dossiers import accepted
from lxml import etree
from test_bulletin import BASE, DRAFT, HEALTH, LABELS, OFFICE

from tbt_watch.bulletin import Field, OpenData, build
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.work import Version
from tbt_watch.export import COLUMNS, Exporter, fixed_xlsx
from tbt_watch.language import Language, load_language

TODAY = date(2025, 7, 1)
NOW = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)

# JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/, as a schema.
SCHEMA = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "format": "uri", "pattern": "^https?://"},
        "feed_url": {"type": "string", "format": "uri", "pattern": "^https?://"},
        "language": {"type": "string"},
        "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "content_html": {"type": "string", "minLength": 1},
                    "date_published": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "date_modified": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


def make(language: Language, out: Path, *items: Dossier, today: date = TODAY, base: str = BASE) -> Path:
    exporter = Exporter(language=language, today=today, lead_days={"tbt": 15}, impact=None)
    data = OpenData(
        forms={
            "jsonl": lambda some: "".join(exporter.jsonl(some)).encode(),
            "csv": lambda some: "".join(exporter.csv(some)).encode(),
            "xlsx": lambda some: fixed_xlsx(exporter, some),
        },
        fields=(Field(name="key", given="both", type="text", meaning="khóa"),),
    )
    build(
        items, language=language, labels=LABELS, office=OFFICE, health=HEALTH, today=today, now=NOW,
        lead_days={"tbt": 15, "sps": 15}, days_off=(), base_url=base, out=out, data=data, bot="tbt_bot",
    )  # fmt: skip
    return out


def moved(item: Dossier, at: datetime, field: str, before: str, after: str) -> Dossier:
    """The dossier after its source changed a field."""
    change = Change(field=field, before=before, after=after)
    later = Version(seq=item.version + 1, at=at, source="eping_web", changes=(change,))
    return replace(item, versions=(*item.versions, later))


@pytest.fixture
def item(language: Language) -> Dossier:
    tag = Tag(kind="sector", code="seafood", basis="rule", reason="word:title:fish*")
    return accepted(replace(DRAFT, title="Fish & <b>chips</b> ]]> \x07"), 12, language, tags=(tag,))


# ── Feeds ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_feeds_are_valid_and_say_the_same(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item)
    for folder in ("", "linh-vuc/seafood/", "thi-truong/JPN/", "gop-y/"):
        raw = (site / folder / "tin.atom").read_bytes()
        etree.fromstring(raw)
        read = feedparser.parse(raw)
        assert not read.bozo
        assert read.version == "atom10"
        assert read.feed.links[0].href == f"{BASE}/{folder}tin.atom"
        (entry,) = read.entries
        assert entry.link == f"{BASE}/thong-bao/G/TBT/N/JPN/900/"
        assert entry.title.startswith("G/TBT/N/JPN/900 – Nhật Bản")
        assert "Hạn góp ý: 01/8/2025" in entry.content[0].value
        made = json.loads((site / folder / "tin.json").read_bytes())
        jsonschema.validate(made, SCHEMA)
        (other,) = made["items"]
        assert (other["id"], other["url"], other["title"]) == (entry.id, entry.link, entry.title)
        assert other["content_html"] == entry.content[0].value
    everything = feedparser.parse((site / "linh-vuc/fresh-produce/tin.atom").read_bytes())
    assert not everything.bozo
    assert everything.entries == []


def test_an_entry_keeps_its_id_and_says_what_changed(
    language: Language, item: Dossier, tmp_path: Path
) -> None:
    first = feedparser.parse((make(language, tmp_path / "one", item) / "tin.atom").read_bytes()).entries[0]
    at = datetime(2025, 6, 28, 3, 0, tzinfo=UTC)
    later = moved(item, at, "comment_until", "2025-08-01", "2025-08-15")
    later = replace(later, notice=replace(later.notice, comment_until=date(2025, 8, 15)))
    site = make(language, tmp_path / "two", later, base="https://moved.example.org")
    entry = feedparser.parse((site / "tin.atom").read_bytes()).entries[0]
    assert entry.id == first.id
    assert entry.published == first.published
    assert entry.updated == "2025-06-28T03:00:00Z" > first.updated
    assert "Hạn góp ý: 01/8/2025 → 15/8/2025" in entry.content[0].value


def test_archive_is_no_news_and_a_feed_does_not_count_days(
    language: Language, item: Dossier, tmp_path: Path
) -> None:
    old = accepted(
        replace(DRAFT, key="G/TBT/N/JPN/1", symbols=("G/TBT/N/JPN/1",)), 1, language, state="ARCHIVED"
    )
    site = make(language, tmp_path / "site", item, old)
    before = (site / "tin.json").read_bytes()
    assert [one["url"].rsplit("/", 2)[1] for one in json.loads(before)["items"]] == ["900"]
    stamp = (site / "tin.json").stat().st_mtime_ns
    make(language, site, item, old, today=TODAY + timedelta(days=1))
    assert (site / "tin.json").stat().st_mtime_ns == stamp


def test_without_an_address_there_are_no_feeds(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item, base="")
    assert not list(site.rglob("tin.atom"))
    assert "Nguồn cấp tin sẽ có khi" in (site / "theo-doi/index.html").read_text(encoding="utf-8")
    assert (site / "gop-y/han-gop-y.ics").is_file()


# ── Calendars ───────────────────────────────────────────────────────────────────────────────────────────


def events(path: Path) -> dict[str, icalendar.Event]:
    """The events of a calendar by the first word of what they are; the file is checked on the way."""
    raw = path.read_bytes()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    for line in raw.split(b"\r\n"):
        line.decode()  # no letter is torn apart
    read = icalendar.Calendar.from_ical(raw)
    assert not read.errors
    found = {str(one["SUMMARY"]).split()[0]: one for one in read.walk("VEVENT")}
    assert not any(one.errors for one in found.values())
    return found


NOTICE = "thong-bao/G/TBT/N/JPN/900/han-gop-y.ics"


def test_a_calendar_has_both_days_with_alarms(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item)
    for path in (
        NOTICE,
        "gop-y/han-gop-y.ics",
        "linh-vuc/seafood/han-gop-y.ics",
        "thi-truong/JPN/han-gop-y.ics",
    ):
        found = events(site / path)
        assert found["Hạn"].decoded("DTSTART") == date(2025, 8, 1)
        assert found["Hạn"].decoded("DTEND") == date(2025, 8, 2)
        assert found["Gửi"].decoded("DTSTART") == date(2025, 7, 17)
        assert found["Hạn"]["URL"] == f"{BASE}/thong-bao/G/TBT/N/JPN/900/"
        assert [one.decoded("TRIGGER") for one in found["Gửi"].walk("VALARM")] == [
            timedelta(days=-6, hours=-15), timedelta(hours=-15),
        ]  # fmt: skip
        assert len(found["Hạn"].walk("VALARM")) == 1
    assert events(site / "linh-vuc/fresh-produce/han-gop-y.ics") == {}


def test_a_moved_day_keeps_its_uid_and_counts_on(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item)
    before = events(site / NOTICE)
    later = moved(item, datetime(2025, 6, 28, tzinfo=UTC), "comment_until", "2025-08-01", "2025-08-15")
    later = replace(later, notice=replace(later.notice, comment_until=date(2025, 8, 15)))
    make(language, site, later)
    after = events(site / NOTICE)
    for name in ("Hạn", "Gửi"):
        assert after[name]["UID"] == before[name]["UID"]
        assert (before[name]["SEQUENCE"], after[name]["SEQUENCE"]) == (0, 1)
        assert after[name].decoded("DTSTAMP") > before[name].decoded("DTSTAMP")
    assert before["Hạn"]["UID"] != before["Gửi"]["UID"]
    assert after["Hạn"].decoded("DTSTART") == date(2025, 8, 15)
    make(language, tmp_path / "again", later)
    assert (tmp_path / "again" / NOTICE).read_bytes() == (site / NOTICE).read_bytes()


@pytest.mark.parametrize(
    ("field", "before", "changes"),
    [
        ("stated_status", "", {"stated_status": "withdrawn", "stated_status_on": date(2025, 6, 28)}),
        ("comment_until", "2025-08-01", {"comment_until": None}),
    ],
)
def test_a_deadline_that_is_called_off_is_cancelled_for_a_while(
    language: Language, item: Dossier, tmp_path: Path, field: str, before: str, changes: dict[str, object]
) -> None:
    gone = moved(item, datetime(2025, 6, 28, tzinfo=UTC), field, before, "")
    gone = replace(gone, notice=replace(gone.notice, **changes))  # type: ignore[arg-type] # names of its fields
    site = make(language, tmp_path / "site", gone)
    for one in events(site / NOTICE).values():
        assert (one["STATUS"], one["SEQUENCE"]) == ("CANCELLED", 1)
        assert not one.walk("VALARM")
    assert events(site / NOTICE)["Hạn"].decoded("DTSTART") == date(2025, 8, 1)
    make(language, site, gone, today=date(2025, 12, 1))
    assert not (site / NOTICE).exists()


# ── The letter, the bot, the data ───────────────────────────────────────────────────────────────────────


def test_the_letter_and_the_links_to_the_bot(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item)
    page = (site / "thong-bao/G/TBT/N/JPN/900/index.html").read_text(encoding="utf-8")
    assert 'href="https://t.me/tbt_bot?start=n-12"' in page
    assert re.search(r'href="mailto:tbt-vn@example\.org\?subject=', page)
    letter = (site / "thong-bao/G/TBT/N/JPN/900/thu-gop-y.txt").read_bytes()
    assert letter.startswith("\ufeff".encode())
    assert letter.count(b"\n") == letter.count(b"\r\n")
    assert "Văn phòng TBT Việt Nam" in letter.decode("utf-8-sig")
    sector = (site / "linh-vuc/seafood/index.html").read_text(encoding="utf-8")
    assert 'href="https://t.me/tbt_bot?start=s-seafood"' in sector
    follow = (site / "theo-doi/index.html").read_text(encoding="utf-8")
    assert 'href="https://t.me/tbt_bot?start=b"' in follow


def test_open_data_reads_back(language: Language, item: Dossier, tmp_path: Path) -> None:
    site = make(language, tmp_path / "site", item)
    folder = site / "du-lieu"
    (line,) = (folder / "thong-bao-2025.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["key"] == "G/TBT/N/JPN/900"
    (row,) = csv.DictReader(io.StringIO((folder / "thong-bao-2025.csv").read_text(encoding="utf-8-sig")))
    sheet = openpyxl.load_workbook(folder / "thong-bao-2025.xlsx").active
    head, first = sheet.iter_rows(values_only=True)  # type: ignore[union-attr] # it has one sheet
    assert head == COLUMNS
    assert dict(zip(head, first, strict=True))["key"] == row["key"] == "G/TBT/N/JPN/900"
    checked = subprocess.run(
        ["sha256sum", "-c", "thong-bao-2025.sha256"], cwd=folder, check=True, capture_output=True, text=True
    )
    assert checked.stdout.count(": OK") == 3
    make(language, tmp_path / "again", item)
    for path in files(folder):
        again = tmp_path / "again/du-lieu" / path.name
        assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()


def files(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.iterdir() if path.is_file())
