"""What was taken off the site keeps its address: the page in its place, calendars, old editions, the yearly ZIP."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import cast
import feedparser
import icalendar
import pytest
from lxml import html
from office import HEADLINE, Office, office

from tbt_watch import curate, pipeline, publishing, yearly
from tbt_watch.bulletin import papers
from tbt_watch.bulletin.archive import verify_archive
from tbt_watch.bulletin.swap import MARKER
from tbt_watch.domain.notice import Change
from tbt_watch.errors import PaperError
from tbt_watch.store.entries import Entry

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PAGE = "thong-bao/G/SPS/N/EU/1234/index.html"
CALENDAR = "thong-bao/G/SPS/N/EU/1234/han-gop-y.ics"
SECTOR = "linh-vuc/fresh-produce/"
ADDENDUM = cast.named("G/SPS/N/EU/1234/Add.1", "EU", thread=cast.POMELO.key, follows=cast.POMELO.key)
JOINT = cast.named(
    "G/TBT/N/BDI/1", "BDI", symbols=("G/TBT/N/BDI/1", "G/TBT/N/KEN/2"), members=("BDI", "KEN"), area="TBT"
)


@pytest.fixture
def no_printing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF: what is tested stands on the page."""

    def refuse(_html: bytes) -> bytes:
        raise PaperError("No PDF was made, for the library Pango is not there.")

    monkeypatch.setattr(papers, "to_pdf", refuse)


@contextmanager
def seen(folder: Path, empty: bytes) -> Iterator[Office]:
    """An office whose site holds one notification, seen by whoever came."""
    with office(folder, empty, MONDAY) as made:
        made.accepted(cast.POMELO)
        made.later(hours=1)
        build(made)
        made.later(hours=1)
        yield made


@pytest.fixture
def house(tmp_path: Path, empty_database: bytes) -> Iterator[Office]:
    """That office, for a test that changes it."""
    with seen(tmp_path, empty_database) as made:
        yield made


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """That office after the notification was rejected; its site before."""

    house: Office
    before: dict[str, bytes]


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory, empty_database: bytes) -> Iterator[Rejected]:
    """The same, for tests that only look."""
    with seen(tmp_path_factory.mktemp("rejected"), empty_database) as made:
        before = files(made)
        turn(made, cast.POMELO.key, "rejected")
        yield Rejected(house=made, before=before)


def build(house: Office) -> None:
    pipeline.run(house.app, ["bulletin"])


def turn(house: Office, key: str, state: Any, why: str = "it was somebody's mistake, Hùng's") -> None:
    """A person's decision, an hour later, and the site anew an hour after that."""
    house.later(hours=1)
    curate.decide(house.app.store, curate.find(house.app.store, key), state, "Lan", house.at, why)
    house.later(hours=1)
    build(house)


def page(house: Office, path: str) -> Any:
    return html.fromstring((house.app.config.bulletin.folder / path).read_bytes())


def text(house: Office, path: str) -> str:
    return " ".join(page(house, path).text_content().split())


def events(body: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def files(house: Office) -> dict[str, bytes]:
    site = house.app.config.bulletin.folder
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def test_a_rejected_notice_keeps_an_address_that_says_so(rejected: Rejected) -> None:
    said, found = text(rejected.house, PAGE), page(rejected.house, PAGE)
    assert HEADLINE in rejected.before[PAGE].decode()
    assert "G/SPS/N/EU/1234: không còn trên trang tin này" in said
    assert "Ban biên tập đã gỡ tin này khỏi trang ngày 16/11/2026, sau khi tin đã được đăng." in said
    assert "Hùng" not in said
    assert "chlorpyrifos" not in said
    assert found.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert found.xpath("//ul[@class='papers']//a/@href") == ["https://docs.wto.org/q/G/SPS/NEU1234.pdf"]


def test_it_stands_in_no_list_feed_search_data_or_site_map(rejected: Rejected) -> None:
    now = files(rejected.house)
    calendars = {
        CALENDAR,
        *(f"{name}/han-gop-y.ics" for name in ("linh-vuc/fresh-produce", "gop-y", "thi-truong/EU")),
    }
    assert {path for path, body in now.items() if b"EU/1234" in body and path != MARKER} == {PAGE, *calendars}
    assert feedparser.parse(now["tin.atom"]).entries == []


def test_lists_keep_their_addresses_when_their_last_notice_goes(rejected: Rejected) -> None:
    before = {path for path in rejected.before if path.endswith("/index.html")}
    assert {path for path in before - set(files(rejected.house)) if "/moi-nhat/" not in path} <= {
        path for path in before if "/theo-han/" in path
    }, "only the second order of a list that is empty goes"
    assert "Hiện trang tin không có thông báo nào của thị trường này." in text(
        rejected.house, "thi-truong/EU/index.html"
    )
    assert "không có thông báo nào của tháng này" in text(rejected.house, "luu-tru/2026-11/index.html")


@pytest.mark.parametrize(
    "path", [CALENDAR, f"{SECTOR}han-gop-y.ics", "gop-y/han-gop-y.ics", "thi-truong/EU/han-gop-y.ics"]
)
def test_calendars_call_its_days_off(rejected: Rejected, path: str) -> None:
    before, after = events(rejected.before[path]), events(files(rejected.house)[path])
    assert {str(one["STATUS"]) for one in before} == {"CONFIRMED"}
    assert {str(one["STATUS"]) for one in after} == {"CANCELLED"}
    for old, new in zip(before, after, strict=True):
        assert (new["UID"], new["DTSTART"].dt) == (old["UID"], old["DTSTART"].dt)
        assert new["SEQUENCE"] > old["SEQUENCE"]
        assert new["DTSTAMP"].dt > old["DTSTAMP"].dt
        assert not list(new.walk("VALARM"))
        assert "chlorpyrifos" not in str(new["DESCRIPTION"])


def test_a_build_prints_it_once(rejected: Rejected) -> None:
    site = rejected.house.app.config.bulletin.folder
    before, stood = (site / PAGE).stat().st_mtime_ns, files(rejected.house)
    report = publishing.build_site(rejected.house.app)
    assert (site / PAGE).stat().st_mtime_ns == before
    assert dict(report.counts)["written"] == 0
    assert files(rejected.house) == stood


def test_what_is_held_comes_back_with_a_higher_sequence(house: Office) -> None:
    (first, *_) = events(files(house)[CALENDAR])
    turn(house, cast.POMELO.key, "held")
    assert "Ban biên tập đang kiểm tra lại tin này. Tin được tạm gỡ khỏi trang từ ngày 16/11/2026" in text(
        house, PAGE
    )
    (off, *_) = events(files(house)[CALENDAR])
    turn(house, cast.POMELO.key, "accepted")
    assert HEADLINE in text(house, PAGE)
    (back, *_) = events(files(house)[CALENDAR])
    assert [str(one["STATUS"]) for one in (first, off, back)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert first["SEQUENCE"] < off["SEQUENCE"] < back["SEQUENCE"]
    turn(house, cast.POMELO.key, "rejected")
    turn(house, cast.POMELO.key, "rejected", "said once more")
    (again, *_) = events(files(house)[CALENDAR])
    assert again["SEQUENCE"] == back["SEQUENCE"] + 1, "what is off is not called off twice"


def test_after_sixty_days_the_calendar_forgets_it_and_the_page_does_not(house: Office) -> None:
    turn(house, cast.POMELO.key, "rejected")
    house.later(days=130)
    build(house)
    assert CALENDAR not in files(house)
    assert "không còn trên trang tin này" in text(house, PAGE)


def test_what_was_taken_back_before_the_site_was_written_stood_nowhere(house: Office) -> None:
    house.accepted(cast.CIRCULAR)
    turn(house, cast.CIRCULAR.key, "rejected")
    assert not [path for path in files(house) if path.startswith("van-ban/12-2026")]
    assert house.app.store.departed.all() == []


def test_what_was_sent_to_somebody_has_an_address_though_the_site_was_not_written(house: Office) -> None:
    at = house.accepted(cast.CIRCULAR)
    with house.app.store._database.transaction() as connection:  # as the digest notes it
        connection.exec_driver_sql("UPDATE notice SET first_sent_at = accepted_at WHERE id = ?", (at,))
    turn(house, cast.CIRCULAR.key, "rejected")
    assert "không còn trên trang tin này" in text(
        house, "van-ban/12-2026-tt-bkhcn/bo-khoa-hoc-va-cong-nghe/2026-11-10/index.html"
    )


def test_its_other_symbols_lead_to_the_page(house: Office) -> None:
    house.accepted(JOINT)
    build(house)
    turn(house, JOINT.key, "rejected")
    (refresh,) = page(house, "thong-bao/G/TBT/N/KEN/2/index.html").xpath(
        "//meta[@http-equiv='refresh']/@content"
    )
    assert refresh.endswith("thong-bao/G/TBT/N/BDI/1/index.html")
    assert "G/TBT/N/BDI/1: không còn trên trang tin này" in text(house, "thong-bao/G/TBT/N/BDI/1/index.html")


def test_the_page_names_what_stands_of_the_measure(house: Office) -> None:
    house.accepted(ADDENDUM)
    build(house)
    turn(house, cast.POMELO.key, "rejected")
    links = page(house, PAGE).xpath(
        "//h2[.='Các thông báo khác về biện pháp này']/following-sibling::ul//a/@href"
    )
    assert [link.rpartition("thong-bao/")[2] for link in links] == ["G/SPS/N/EU/1234/Add.1/index.html"]


def test_an_old_edition_still_leads_to_it_and_to_a_corrected_symbol(house: Office, no_printing: None) -> None:
    house.accepted(cast.named("G/TBT/N/KEN/1", "KEN"))
    house.later(days=4)
    one = house.app.editions.new("bulletin", "Lan", house.at)
    done = publishing.publish_edition(house.app, one, "Lan")[0]
    path = f"ban-tin/{done.year}/so-{done.number}/index.html"
    before = page(house, path).xpath("//p[@class='more']/a/@href")
    assert len(before) == 2
    turn(house, cast.POMELO.key, "rejected")
    mended = cast.named("G/TBT/N/KEN/3", "KEN")
    change = Change(field="symbols", before="G/TBT/N/KEN/1", after="G/TBT/N/KEN/3")
    (stored,) = house.app.store.notices.get("G/TBT/N/KEN/1")
    _rename(house, stored.id, mended, change)
    build(house)
    assert page(house, path).xpath("//p[@class='more']/a/@href") == before
    for link in before:
        assert (house.app.config.bulletin.folder / path).parent.joinpath(link).resolve().is_file()


def _rename(house: Office, at: int, notice: Any, change: Change) -> None:
    entry = Entry(
        ids=(at,), notice=notice, records=(), seen_at=house.at, changes=(change,), source=notice.sources[0]
    )
    house.app.store.notices.put([entry], house.at)


def test_the_archive_of_the_year_lists_it(house: Office, tmp_path: Path) -> None:
    nothing = tmp_path / "before.zip"
    yearly.write_year(house.app, 2026, nothing)
    assert "du-lieu/da-go-2026.csv" not in zipfile.ZipFile(nothing).namelist()
    turn(house, cast.POMELO.key, "rejected")
    yearly.write_year(house.app, 2026, tmp_path / "after.zip")
    assert verify_archive(tmp_path / "after.zip").problems == ()
    with zipfile.ZipFile(tmp_path / "after.zip") as made:
        rows = list(csv.DictReader(io.StringIO(made.read("du-lieu/da-go-2026.csv").decode("utf-8-sig"))))
        assert "các tin đã gỡ khỏi trang" in made.read("index.html").decode()
    assert [(row["key"], row["published_on"], row["state"]) for row in rows] == [
        ("G/SPS/N/EU/1234", "2026-11-18", "rejected")
    ]
    assert rows[0]["taken_off_at"].startswith("2026-11-16T05:00:00")


def test_a_regulation_whose_day_was_mended_leads_on(house: Office) -> None:
    house.accepted(cast.CIRCULAR)
    build(house)
    old = cast.CIRCULAR.key
    mended = replace(
        cast.CIRCULAR, key=old.replace("2026-11-10", "2026-11-09"), published_on=date(2026, 11, 9)
    )
    (stored,) = house.app.store.notices.get(old)
    _rename(house, stored.id, mended, Change(field="key", before=old, after=mended.key))
    build(house)
    folder = "van-ban/12-2026-tt-bkhcn/bo-khoa-hoc-va-cong-nghe"
    (refresh,) = page(house, f"{folder}/2026-11-10/index.html").xpath(
        "//meta[@http-equiv='refresh']/@content"
    )
    assert refresh.endswith(f"{folder}/2026-11-09/index.html")
    assert "Thông tin về văn bản này đã được đính chính" in text(house, f"{folder}/2026-11-10/index.html")
