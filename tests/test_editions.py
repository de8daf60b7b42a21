"""Editions of the bulletin, from the first draft to the comparison years later."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import cast
import pytest
from lxml import html
from office import HEADLINE, Office, office

from tbt_watch import curate, publishing
from tbt_watch.bulletin import papers
from tbt_watch.bulletin.compare import differences, recheck
from tbt_watch.bulletin.editing import EditionDesk
from tbt_watch.bulletin.frame import PublishedEdition
from tbt_watch.domain.bulletin import Bulletin, BulletinItem, Section, Snapshot
from tbt_watch.domain.notice import Change
from tbt_watch.errors import BulletinError, EditedError, NotFoundError, PaperError, StoreError, UsageError
from tbt_watch.store import snapshots

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
NO_PDF = papers.can_print()
needs_pango = pytest.mark.skipif(bool(NO_PDF), reason=NO_PDF)

OTHER = cast.named(
    "G/TBT/N/USA/2211", "USA", comment_until=date(2026, 11, 30), published_on=date(2026, 11, 12)
)
ARTICLE = replace(
    cast.POMELO, key="vietq|https://vietq.vn/1", kind="article", area="VN", type="article", symbols=(), members=(),
    thread="vietq|https://vietq.vn/1", title="Thị trường Bắc Âu siết ghi nhãn", language="vi", comment_until=None,
)  # fmt: skip


@pytest.fixture
def printing() -> None:
    """A test that asks for this prints PDF where it can."""


@pytest.fixture(autouse=True)
def no_printing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF takes a second an edition: only where it is tested."""
    if "printing" not in request.fixturenames:
        monkeypatch.setattr(papers, "to_pdf", _not_printed)


def _not_printed(_html: bytes) -> bytes:
    raise PaperError("No PDF was made, for the library Pango is not there.")


@pytest.fixture
def house(tmp_path: Path, empty_database: bytes) -> Iterator[Office]:
    """An office on a Monday, with nothing in its store."""
    with office(tmp_path, empty_database, MONDAY) as made:
        yield made


@pytest.fixture
def week(house: Office) -> Office:
    """The same on Friday, after a week with a notification in the area SPS, one in TBT, a circular and an article."""
    house.accepted(cast.POMELO, sectors=("fresh-produce",), topics=("residues",))
    house.later(days=1)
    house.accepted(OTHER, sectors=("machinery",))
    house.accepted(cast.CIRCULAR, sectors=(), topics=("labelling",))
    house.accepted(ARTICLE, sectors=())
    house.later(days=3)
    return house


def new(house: Office, **days: date) -> Bulletin:
    return house.app.editions.new("bulletin", "Lan", house.at, **days)


def publish(house: Office, one: Bulletin) -> Bulletin:
    return publishing.publish_edition(house.app, one, "Lan")[0]


def published(house: Office, one: Bulletin) -> PublishedEdition:
    assert one.id is not None
    return PublishedEdition(bulletin=one, snapshot=house.app.store.bulletins.snapshot(one.id))


def keys(one: Bulletin, part: str | None = None) -> list[str]:
    return [item.key for section in one.sections if part in (None, section.part) for item in section.items]


def page_of(house: Office, path: str) -> Any:
    return html.fromstring((house.app.config.bulletin.folder / path).read_bytes())


# ── The first draft ─────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_has_the_order_of_the_provincial_bulletins(week: Office) -> None:
    one = new(week)
    assert (one.since, one.until, one.state, one.number) == (
        date(2026, 11, 14),
        date(2026, 11, 20),
        "draft",
        None,
    )
    assert [section.part for section in one.sections] == ["closing", "warnings", "warnings", "law", "market"]
    assert keys(one, "closing") == [OTHER.key], "closes within 14 days"
    headings = [section.vi for section in one.sections if section.part == "warnings"]
    assert headings == ["Rau quả tươi", "Máy móc, thiết bị"]
    assert keys(one, "law") == [cast.CIRCULAR.key]
    assert keys(one, "market") == [ARTICLE.key]


def test_the_nearest_deadline_stands_first(house: Office) -> None:
    house.accepted(cast.POMELO)
    near = cast.named("G/SPS/N/EU/1", "EU", comment_until=date(2026, 12, 1))
    past = cast.named("G/SPS/N/EU/2", "EU", comment_until=date(2026, 11, 1), published_on=date(2026, 10, 20))
    urgent = cast.named("G/SPS/N/EU/3", "EU", type="emergency", emergency=True, comment_until=None)
    for one in (near, past, urgent):
        house.accepted(one)
    house.later(days=4)
    assert keys(new(house), "warnings") == [urgent.key, near.key, cast.POMELO.key, past.key]


def test_nothing_stands_in_two_weeklies_unless_it_is_news_again(week: Office) -> None:
    publish(week, new(week))
    week.later(days=3)
    moved = replace(cast.POMELO, comment_until=date(2027, 2, 1))
    change = Change(field="comment_until", before="2027-01-15", after="2027-02-01")
    week.accepted(moved, changes=(change,))
    worded = replace(OTHER, title="Other words")
    week.accepted(worded, changes=(Change(field="title", before=OTHER.title, after="Other words"),))
    week.later(days=4)
    second = new(week)
    assert second.since == date(2026, 11, 21)
    assert keys(second, "warnings") == [cast.POMELO.key], "a change of wording tells nobody"
    assert [item.version for item in second.told] == [2]


def test_what_is_accepted_while_an_edition_is_written_is_for_the_next(week: Office) -> None:
    first = new(week)
    week.later(hours=1)  # still Friday, the last day of the first
    late = cast.named("G/SPS/N/EU/9", "EU")
    week.accepted(late)
    publish(week, first)
    week.later(days=7)
    assert keys(new(week), "warnings") == [late.key]


def test_what_an_editor_takes_out_does_not_come_back_and_a_dropped_draft_gives_all_back(week: Office) -> None:
    one = new(week)
    assert one.id is not None
    assert keys(new(week, since=one.since, until=one.until)) == keys(one, "closing"), (
        "it is in a draft already"
    )
    for draft in week.app.store.bulletins.all():
        week.app.store.bulletins.drop(draft.id or 0, draft.revision)
    again = new(week)
    assert keys(again) == keys(one)
    sections = tuple(section for section in again.sections if section.part != "law")
    publish(week, week.app.editions.save(replace(again, sections=sections), "Lan", week.at))
    week.later(days=7)
    assert cast.CIRCULAR.key not in keys(new(week))


def test_days_that_make_no_sense_are_refused(week: Office) -> None:
    with pytest.raises(UsageError, match="mend the days"):
        new(week, since=date(2026, 11, 20), until=date(2026, 11, 14))
    with pytest.raises(UsageError, match="put together from those"):
        week.app.editions.new("periodical", "Lan", week.at)
    with pytest.raises(NotFoundError, match="bulletin list"):
        week.app.store.bulletins.get(99)


def test_a_periodical_merges_its_weeklies_with_tables(week: Office) -> None:
    publish(week, new(week))
    week.later(days=3)
    week.accepted(cast.named("G/SPS/N/EU/9", "EU"))
    week.later(days=4)
    publish(week, new(week))
    week.later(days=7)
    one = week.app.editions.new("periodical", "Lan", week.at)
    assert (one.since, one.until, one.title) == (date(2026, 11, 1), date(2026, 11, 30), "Tháng 11/2026")
    (fresh,) = [section for section in one.sections if section.vi == "Rau quả tươi"]
    assert {item.key for item in fresh.items} == {cast.POMELO.key, "G/SPS/N/EU/9"}
    done = publish(week, one)
    assert (done.year, done.number) == (2026, 1), "numbers run for each kind"
    shown = page_of(week, "tap-san/2026/so-1/index.html")
    tables = shown.xpath("//table[@class='figures']")
    assert [" ".join(one.text_content().split()) for one in shown.xpath("//section[table]/h2")] == [
        "Các thông báo còn hạn góp ý", "Số thông báo theo hiệp định và loại", "Số thông báo theo Thành viên WTO",
        "Số thông báo theo lĩnh vực",
    ]  # fmt: skip
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in tables[2].xpath(".//tbody/tr")]
    assert rows == [["EU", "2"], ["Hoa Kỳ", "1"]]


# ── Several curators ────────────────────────────────────────────────────────────────────────────────────


def test_two_curators_never_overwrite_each_other_unseen(week: Office) -> None:
    desk, one = week.app.editions, new(week)
    first = desk.save(replace(one, title="Tuần 47"), "Lan", week.at)
    assert first.revision == 2
    with pytest.raises(
        EditedError, match=r"Lan changed title at 2026-11-20 .* make your change again"
    ) as told:
        desk.save(replace(one, words="Kính gửi"), "Minh", week.at)
    assert [saved.by for saved in told.value.since] == ["Lan"]  # type: ignore[attr-defined]
    assert week.app.store.bulletins.get(one.id or 0).words == ""
    both = desk.save(replace(first, words="Kính gửi"), "Minh", week.at)
    assert (both.title, both.words, both.created_by, both.changed_by) == (
        "Tuần 47",
        "Kính gửi",
        "Lan",
        "Minh",
    )
    with pytest.raises(EditedError):
        week.app.store.bulletins.drop(one.id or 0, one.revision)
    with pytest.raises(EditedError):
        publish(week, one)
    assert desk.save(both, "Minh", week.at).revision == both.revision, "nothing changed, nothing to count"


def test_a_draft_must_make_sense(week: Office) -> None:
    desk, one = week.app.editions, new(week)
    for wrong, said in (
        (replace(one, title="x" * 4000), "4000 characters"),
        (replace(one, words="x" * 100_001), "100001 characters"),
        (replace(one, since=date(2026, 12, 1)), "mend the days"),
        (replace(one, sections=(Section(part="end", vi="x"),)), "no part 'end'"),  # type: ignore[arg-type]
        (replace(one, sections=(*one.sections, replace(one.sections[1], vi="Lại"))), "stands twice"),
        (replace(one, sections=(Section(part="other", vi="x" * 301),)), "heading"),
    ):
        with pytest.raises(UsageError, match=said):
            desk.save(wrong, "Lan", week.at)
    kept = desk.save(replace(one, title="  Tuần\u200b  47 \ud800 "), "Lan", week.at)
    assert kept.title == "Tuần 47 \ufffd"


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_run_without_gaps_by_kind_and_year(week: Office) -> None:
    first, thrown = new(week), new(week)
    week.app.store.bulletins.drop(thrown.id or 0, thrown.revision)
    assert (publish(week, first).number, first.number) == (1, None)
    for day in (7, 7, 35):
        week.later(days=day)
        week.accepted(cast.named(f"G/SPS/N/EU/{week.at:%m%d}", "EU", published_on=week.at.date()))
        publish(week, new(week))
    found = [(one.year, one.number) for one in reversed(week.app.store.bulletins.all(published=True))]
    assert found == [(2026, 1), (2026, 2), (2026, 3), (2027, 1)]
    assert week.app.store.bulletins.find("bulletin", 2026, 2).published


def test_a_number_that_was_given_away_meanwhile_is_given_once(week: Office) -> None:
    first, second = new(week), new(week, since=date(2026, 11, 1), until=date(2026, 11, 10))
    store = week.app.store.bulletins
    snapshot = Snapshot(frame=week.app.frame(date(2026, 11, 20)).to_json(), dossiers=())
    ready = [replace(one, year=2026, number=1) for one in (first, second)]
    assert store.publish(ready[0], snapshot, "Lan", week.at).number == 1
    with pytest.raises(EditedError, match="publish once more"):
        store.publish(ready[1], snapshot, "Minh", week.at)
    assert store.next_number("bulletin", 2026) == 2
    assert store.next_number("periodical", 2026) == 1


def test_what_is_published_stays(week: Office) -> None:
    done = publish(week, new(week))
    with pytest.raises(UsageError, match="published already"):
        publish(week, done)
    with pytest.raises(UsageError, match="stays as it is"):
        week.app.editions.save(replace(done, title="Anders"), "Lan", week.at)
    with pytest.raises(UsageError, match="stays as it is"):
        week.app.store.bulletins.drop(done.id or 0, done.revision)


def test_an_edition_is_on_the_site_with_its_files(week: Office) -> None:
    one = week.app.editions.save(
        replace(new(week), title="Tuần 47", words="**Kính gửi** quý đơn vị."), "Lan", week.at
    )
    done = publish(week, one)
    shown = page_of(week, "ban-tin/2026/so-1/index.html")
    text = " ".join(shown.text_content().split())
    for said in (
        "Sở Khoa học và Công nghệ", "Bản tin nhanh số 1/2026", "Hàng rào kỹ thuật trong thương mại", "Tuần 47",
        "Từ ngày 14/11/2026 đến ngày 20/11/2026", "Kính gửi quý đơn vị.", "Sắp hết hạn góp ý", "Trong số này",
        "I. Tin cảnh báo", "II. Thông tin pháp luật", "III. Thị trường – hội nhập", HEADLINE,
        "Chịu trách nhiệm nội dung: Nguyễn Văn Ổn, Chi cục trưởng", "Giấy phép xuất bản: Số 12/GP-XBBT",
        "Hạn gửi góp ý về Văn phòng SPS Việt Nam: 31/12/2026", "tbt.example.vn/thong-bao/G/SPS/N/EU/1234",
    ):  # fmt: skip
        assert said in text, said
    assert re.search(r"\(G/TBT/N/[^;()]+\) · (?:Gửi góp ý chậm nhất|Cần gửi góp ý ngay)", text)
    files = {link for link in shown.xpath("//a/@href") if link.startswith("ban-tin-")}
    kept = {one.name for one in week.app.store.bulletins.papers(done.id or 0)}
    assert files == kept - {"ban-tin-1-2026.html", "ban-tin-1-2026.page.html"}
    folder = week.app.config.bulletin.folder
    assert all((folder / "ban-tin/2026/so-1" / name).stat().st_size > 5_000 for name in files)
    levels = [int(head.tag[1]) for head in shown.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert max(after - before for before, after in pairwise(levels)) == 1, "no level is left out"
    anchors = shown.xpath("//@id")
    assert len(anchors) == len(set(anchors))
    assert {link[1:] for link in shown.xpath("//a/@href") if link.startswith("#")} <= set(anchors)
    assert "Bản tin nhanh số 1/2026" in page_of(week, "index.html").text_content()
    assert "Bản tin nhanh số 1/2026" in page_of(week, "ban-tin/index.html").text_content()
    assert "ban-tin/2026/so-1/" in (folder / "sitemap.xml").read_text(encoding="utf-8")


def test_what_is_no_longer_accepted_is_not_published(week: Office) -> None:
    one = new(week)
    (item,) = week.app.store.notices.get(OTHER.key)
    curate.decide(week.app.store, item, "rejected", "Lan", week.at, "trùng")
    with pytest.raises(UsageError, match=re.escape(OTHER.key)):
        publish(week, one)
    assert not week.app.store.bulletins.get(one.id or 0).published
    with pytest.raises(UsageError, match="empty"):
        publish(week, week.app.editions.save(replace(one, sections=()), "Lan", week.at))


def test_a_notice_that_went_later_is_named_and_leads_to_a_page_that_says_so(week: Office) -> None:
    publish(week, new(week))
    (item,) = week.app.store.notices.get(OTHER.key)
    curate.decide(week.app.store, item, "rejected", "Lan", week.at, "trùng")
    publishing.build_site(week.app)
    shown = page_of(week, "ban-tin/2026/so-1/index.html")
    assert "G/TBT/N/USA/2211" in shown.text_content()
    (link,) = [one for one in shown.xpath("//a/@href") if "USA/2211" in one and not one.startswith("#")]
    assert "không còn trên trang tin này" in page_of(week, link.removeprefix("../../../")).text_content()


def _full(*_args: object, **_named: object) -> None:
    raise StoreError("The disk is full: the database could not be written; free some space.")


def _no_room(*_args: object, **_named: object) -> bool:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("what", ["store", "site"])
def test_a_full_disk_leaves_the_old_site_and_the_draft(
    week: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    publishing.build_site(week.app)
    folder = week.app.config.bulletin.folder
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    one = new(week)
    with monkeypatch.context() as patch:
        if what == "store":
            patch.setattr(type(week.app.store.bulletins), "_write_papers", staticmethod(_full))
        else:
            patch.setattr("tbt_watch.bulletin.swap._put", _no_room)
        with pytest.raises((StoreError, BulletinError), match=r"full|No space"):
            publish(week, one)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    kept = week.app.store.bulletins.get(one.id or 0)
    assert (kept.state, kept.number, kept.revision) == ("draft", None, 1)
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".site")] == []
    assert publish(week, one).number == 1, "and it can be published when there is room"


def test_a_commit_that_fails_after_the_swap_puts_the_old_site_back(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.build_site(week.app)
    folder = week.app.config.bulletin.folder
    one = new(week)
    store = week.app.store
    begun = store.transaction

    @contextmanager
    def broken() -> Iterator[None]:
        with begun():
            yield
            raise StoreError("The disk is full: the log could not be written.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "transaction", broken)
        with pytest.raises(StoreError):
            publish(week, one)
    assert not (folder / "ban-tin").exists()
    assert week.app.store.bulletins.get(one.id or 0).state == "draft"


def test_without_pango_everything_else_goes_on(week: Office) -> None:
    done, made, _ = publishing.publish_edition(week.app, new(week), "Lan")
    assert made.notes == ("No PDF was made, for the library Pango is not there.",)
    kept = [one.name for one in week.app.store.bulletins.papers(done.id or 0)]
    assert kept == ["ban-tin-1-2026.docx", "ban-tin-1-2026.html", "ban-tin-1-2026.page.html"]


@needs_pango
def test_a_pdf_that_could_not_be_made_is_added_later(
    week: Office, printing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(papers, "to_pdf", _not_printed)
        done = publish(week, new(week))
    later = week.app.editions.papers(done, week.at)
    week.app.store.bulletins.complete(done.id or 0, later.papers, dict(later.programs))
    assert len(week.app.store.bulletins.papers(done.id or 0)) == 4
    assert {check.verdict for check in recheck(published(week, done), later)} == {"same"}


# ── Made again ──────────────────────────────────────────────────────────────────────────────────────────


def compared(house: Office, done: Bulletin) -> tuple[set[str], list[tuple[str, str, str, str]]]:
    desk: EditionDesk = house.app.editions
    edition = published(house, done)
    checks = {check.verdict for check in recheck(edition, desk.papers(done, house.at))}
    now = {one.notice.key: one for one in desk.dossiers([item.key for item in done.items])}
    found = differences(desk.page(done, house.at), edition, now, house.app.language)
    return set(checks), [(one.symbol, one.line, one.after, one.why) for one in found]


def test_an_edition_is_made_again_byte_for_byte_and_compared_with_today(week: Office, printing: None) -> None:
    done = publish(week, new(week))
    assert compared(week, done) == ({"same"}, [])
    week.later(days=400)
    store = week.app.store
    (item,) = store.notices.get(cast.POMELO.key)
    curate.amend_field(store, item, "comment_until", "2027-01-29", "Lan", week.at)
    (item,) = store.notices.get(OTHER.key)
    curate.amend_field(store, item, "headline", "Hoa Kỳ: Dự thảo về thùng nhiên liệu", "Lan", week.at)
    (item,) = store.notices.get(cast.CIRCULAR.key)
    store.tags.keep({item.id: cast.tags("topic", "metrology")}, [item])
    (item,) = store.notices.get(ARTICLE.key)
    curate.decide(store, item, "rejected", "Lan", week.at, "trùng")
    bytes_now, lines = compared(week, done)
    assert bytes_now == {"same"}, "what was published does not move"
    why = {(symbol, reason) for symbol, _, _, reason in lines}
    assert why >= {
        ("G/SPS/N/EU/1234", "corrected"), ("G/TBT/N/USA/2211", "translation"), ("12/2026/TT-BKHCN", "tag"),
    }  # fmt: skip
    assert "gone" in {reason for _, _, _, reason in lines}
    assert ("G/SPS/N/EU/1234", "Hạn gửi góp ý về Văn phòng SPS Việt Nam", "14/01/2027", "corrected") in lines
    assert ("G/TBT/N/USA/2211", "Tiêu đề tin", "Hoa Kỳ: Dự thảo về thùng nhiên liệu", "translation") in lines


def test_a_snapshot_holds_all_of_a_dossier(week: Office) -> None:
    for item in week.app.store.notices.published():
        assert snapshots.dossier_from_json(snapshots.dossier_to_json(item)) == item
    sections = (
        Section(
            part="law", vi="Ghi nhãn", en="Labelling", words="*a*", items=(BulletinItem(key="k", version=3),)
        ),
    )
    assert snapshots.sections_from_json(snapshots.sections_to_json(sections)) == sections


def test_a_word_file_has_real_headings_and_a_contents_field(week: Office) -> None:
    import docx

    done = publish(week, week.app.editions.save(replace(new(week), words="- một\n- hai"), "Lan", week.at))
    (paper,) = [one for one in week.app.store.bulletins.papers(done.id or 0) if one.name.endswith(".docx")]
    path = week.app.store.path.with_name("x.docx")
    path.write_bytes(paper.body)
    read = docx.Document(str(path))
    styled = [(one.style.name, one.text) for one in read.paragraphs if one.style]
    assert ("Heading 1", "I. Tin cảnh báo") in styled
    assert ("Heading 2", "Rau quả tươi") in styled
    assert ("Heading 3", HEADLINE) in styled
    assert ("Normal", "•\tmột") in styled
    with zipfile.ZipFile(path) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        document = package.read("word/document.xml").decode()
    assert re.search(r'<w:instrText[^>]*> TOC \\o "1-3"', document)
    assert read.core_properties.created is not None
    assert read.core_properties.created.date() == date(2026, 11, 20)
    assert [cell.text for cell in read.tables[0].rows[0].cells] == [
        "Hạn cuối",
        "Gửi góp ý chậm nhất",
        "Mã thông báo",
        "Nội dung",
    ]


@needs_pango
def test_a_pdf_holds_the_day_of_publication_and_no_moment_of_its_making(week: Office, printing: None) -> None:
    done = publish(week, new(week))
    (paper,) = [one for one in week.app.store.bulletins.papers(done.id or 0) if one.name.endswith(".pdf")]
    assert paper.body.startswith(b"%PDF-")
    inside = paper.body + b"".join(_inflated(paper.body))
    assert b"20261120" in inside
    assert f"{datetime.now(UTC):%Y%m%d}".encode() not in inside.replace(b"20261120", b"")
    week.later(days=30)
    again = week.app.editions.papers(done, week.at)
    assert {check.name: check.verdict for check in recheck(published(week, done), again)}[
        paper.name
    ] == "same"


def _inflated(body: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(found[1])
