"""The bulletin: every page whole and safe, every link good, the old site swapped for the new at once or not at all."""

import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import lxml.html
import pytest
from dossiers import accepted, sample_dossiers
from lxml import etree

from tbt_watch.bulletin import BuildReport, Labels, SourceHealth, build, swap
from tbt_watch.bulletin import site as site_room
from tbt_watch.bulletin.addresses import outside, printed, segment, symbol_folder
from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.lists import PAGE_SIZE
from tbt_watch.bulletin.notice_page import Desk, NoticePage, make_page
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change, Document, Milestone, Notice, Reason
from tbt_watch.domain.office import EnquiryPoint, Office
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import Translation
from tbt_watch.domain.work import Version
from tbt_watch.errors import BulletinError
from tbt_watch.language import Language, load_language
from tbt_watch.sample.bundle import SAMPLE_DAY, sample_now

BASE = "https://tbt.example.org/ban-tin"
OFFICE = Office(
    name="Chi cục Tiêu chuẩn Đo lường Chất lượng",
    province="Phú Thọ",
    parent="Sở Khoa học và Công nghệ",
    address="Phường Việt Trì, tỉnh Phú Thọ",
    email="tbt@example.org",
    phone="0210 000 000",
    enquiry_points=(
        EnquiryPoint(area="TBT", name="Văn phòng TBT Việt Nam", email="tbt-vn@example.org"),
        EnquiryPoint(area="SPS", name="Văn phòng SPS Việt Nam", email="sps-vn@example.org"),
    ),
)
LABELS = Labels(
    sectors={
        "fresh-produce": {"vi": "rau quả tươi", "en": "fresh fruit and vegetables"},
        "seafood": {"vi": "thủy sản", "en": "fish and seafood"},
    },
    topics={"labelling": {"vi": "ghi nhãn", "en": "labelling"}},
)
HEALTH = (
    SourceHealth(name="eping_web", title="ePing", last_success=sample_now() - timedelta(hours=1), ok=True),
    SourceHealth(
        name="congbao", title="Công báo", last_success=None, ok=False, message="không truy cập được"
    ),
)


class Build(Protocol):
    """Builds a site with the office of these tests."""

    def __call__(
        self,
        dossiers: list[Dossier],
        *,
        out: Path,
        today: date = ...,
        lang: str = ...,
        base_url: str = ...,
    ) -> BuildReport: ...


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


@pytest.fixture(scope="module")
def make(language: Language) -> Build:
    return partial(
        build, language=language, labels=LABELS, office=OFFICE, health=HEALTH, today=SAMPLE_DAY,
        now=sample_now(), lead_days={"tbt": 15, "sps": 15}, days_off=(), base_url=BASE + "/",
    )  # fmt: skip


@pytest.fixture(scope="module")
def dossiers(language: Language) -> list[Dossier]:
    return sample_dossiers(language)


@pytest.fixture(scope="module")
def site(make: Build, dossiers: list[Dossier], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bulletin") / "site"
    make(dossiers, out=out)
    return out


def pages(site: Path) -> Iterator[tuple[str, lxml.html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), parse(path)


def parse(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


SEARCH = "tim-kiem/index.html"


def scripts(page: lxml.html.HtmlElement) -> list[str]:
    """The files of the scripts of a page, none of which may hold up its drawing."""
    return [
        script.get("src", "").rpartition("/")[2] if "defer" in script.attrib else "blocking"
        for script in page.iter("script")
    ]


def text_of(path: Path) -> str:
    return " ".join(parse(path).text_content().split())


def snapshot(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def beside(folder: Path) -> list[str]:
    """What stands in a folder besides the one in which the next site is put together."""
    return [path.name for path in folder.iterdir() if path.name != ".site-next"]


# ── Every page ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_page_is_whole(site: Path) -> None:
    """One h1, a title, the language, headings that skip no level, ids once, named navigation, no script."""
    faults = []
    for where, page in pages(site):
        levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        ids = page.xpath("//@id")
        checks = {
            "doctype": (site / where).read_bytes().startswith(b"<!doctype html>\n<html lang="),
            "language": page.get("lang") == "vi",
            "title": bool(page.findtext(".//title", "").strip()),
            "one h1": levels.count(1) == 1 and bool(page.find(".//h1").text_content().strip()),
            "heading order": all(b <= a + 1 for a, b in zip([0, *levels], levels, strict=False)),
            "ids once": len(ids) == len(set(ids)),
            "labels": {*page.xpath("//@aria-labelledby")} <= {*ids},
            "named navigation": all(nav.get("aria-label") for nav in page.iter("nav")),
            "alternative texts": not page.xpath("//img[not(@alt)]"),
            "no script": scripts(page) == (["search.js"] if where == SEARCH else []),
            "no style": not page.xpath("//@*[starts-with(name(), 'on')] | //@style | //style"),
            "no empty link": all(link.text_content().strip() for link in page.iter("a")),
        }
        faults += [f"{where}: {name}" for name, holds in checks.items() if not holds]
    assert faults == []


def test_every_page_is_well_formed(site: Path) -> None:
    """Every element that must be closed is: lxml's forgiving reader and a strict stack agree."""
    void = {"meta", "link", "br", "wbr", "input"}
    faults = []
    for path in sorted(site.rglob("*.html")):
        open_tags: list[str] = []
        for closing, name in re.findall(r"<(/?)([a-z][a-z0-9]*)\b[^>]*>", path.read_text(encoding="utf-8")):
            if name in void:
                continue
            if not closing:
                open_tags.append(name)
            elif not open_tags or open_tags.pop() != name:
                faults.append(f"{path.relative_to(site)}: </{name}>")
                break
        if open_tags:
            faults.append(f"{path.relative_to(site)}: {open_tags} left open")
    assert faults == []


def test_every_internal_link_leads_to_a_file(site: Path) -> None:
    broken = []
    for where, page in pages(site):
        for link in page.xpath("//a/@href | //link[@rel!='canonical']/@href"):
            if re.match(r"https?://|mailto:", link) and not link.startswith(f"{BASE}/"):
                continue
            path, _, anchor = link.removeprefix("https://tbt.example.org").partition("#")
            below = path.removeprefix("/ban-tin/")
            target = site / below if below != path else (site / where).parent / path if path else site / where
            target = target.resolve()
            if not target.is_file() or not target.is_relative_to(site.resolve()):
                broken.append(f"{where}: {link}")
            elif anchor and parse(target).get_element_by_id(anchor, None) is None:
                broken.append(f"{where}: {link}: no such anchor")
    assert broken == []


def test_every_page_can_be_reached_from_the_front_page(site: Path) -> None:
    reached: set[Path] = set()
    waiting = [(site / "index.html").resolve()]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        links = parse(path).xpath("//a/@href")
        waiting += [
            (path.parent / link.partition("#")[0]).resolve()
            for link in links
            if re.search(r"\.html(#|$)", link) and not re.match(r"https?:|mailto:", link)
        ]
    redirects = {
        path.resolve() for path in site.rglob("*.html") if b'http-equiv="refresh"' in path.read_bytes()
    }
    everything = {path.resolve() for path in site.rglob("*.html")}
    assert everything - reached - redirects == {(site / "404.html").resolve()}


def test_the_site_map_lists_what_is_worth_finding(site: Path) -> None:
    listed = [str(one.text) for one in etree.parse(site / "sitemap.xml").getroot().iter("{*}loc")]
    assert f"{BASE}/" in listed
    assert f"{BASE}/thong-bao/G/TBT/N/USA/2211/" in listed
    assert not [address for address in listed if "404" in address]
    for address in listed:
        assert (site / address.removeprefix(f"{BASE}/") / "index.html").is_file()


def test_the_page_for_missing_addresses_links_absolutely(site: Path) -> None:
    links = parse(site / "404.html").xpath("//a[not(starts-with(@href, '#'))]/@href | //link/@href")
    assert links
    assert [link for link in links if not link.startswith("/ban-tin/") and link != f"{BASE}/404.html"] == []


def test_without_an_address_the_site_stands_for_itself(
    make: Build, dossiers: list[Dossier], tmp_path: Path
) -> None:
    make(dossiers, out=tmp_path / "site", base_url="")
    assert not (tmp_path / "site/sitemap.xml").exists()
    page = tmp_path / "site/thong-bao/G/TBT/N/USA/2211/index.html"
    assert not parse(page).xpath("//link[@rel='canonical']")
    assert "Địa chỉ" not in text_of(page)


def test_style_and_fonts_are_small_and_ours(site: Path) -> None:
    style = (site / "static/site.css").read_text(encoding="utf-8")
    assert len(style.encode()) < 20_000
    assert sum(path.stat().st_size for path in (site / "static/fonts").iterdir()) < 250_000
    assert "SIL OPEN FONT LICENSE" in (site / "static/fonts/OFL.txt").read_text(encoding="utf-8")
    for name in re.findall(r'url\("([^"]+)"\)', style):
        assert (site / "static" / name).is_file()
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_have_the_contrast_of_level_aa(site: Path) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 for every ink on every paper it stands on, light and dark."""
    style = (site / "static/site.css").read_text(encoding="utf-8")
    pairs = [(ink, paper) for ink in ("ink", "soft", "accent") for paper in ("paper", "shade")]
    pairs += [(state, f"{state}-paper") for state in ("open", "closing", "closed")] + [("closed", "paper")]
    schemes = [
        block
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
        if "#12161b" in block or "#ffffff" in block
    ]
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", scheme))
        for ink, paper in pairs:
            bright, dark = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)


# ── What the pages say ──────────────────────────────────────────────────────────────────────────────────


def test_the_front_page_answers_the_three_questions(site: Path) -> None:
    text = text_of(site / "index.html")
    assert "23 dự thảo đang lấy ý kiến" in text
    assert "1 dự thảo hết hạn góp ý trong 14 ngày tới" in text
    assert "3 tin mới" in text
    assert "1/2 nguồn tin hoạt động bình thường" in text
    assert "Kiểm tra lần cuối lúc 7:00 ngày 03/7/2025" in text
    assert "Công báo: không truy cập được" in text
    assert "tính đến 8:00 ngày 03/7/2025" in text
    soon = parse(site / "index.html").get_element_by_id("gop-y").xpath(".//li")
    days = [int(re.search(r"Còn (\d+) ngày góp ý", item.text_content()).group(1)) for item in soon]  # type: ignore[union-attr] # every item says so
    assert days == sorted(days)
    assert days[0] == 4
    assert "Cần gửi góp ý ngay" in soon[0].text_content()


def test_the_page_of_a_notice(site: Path) -> None:
    page = parse(site / "thong-bao/G/TBT/N/USA/2211/index.html")
    assert page.find(".//h1").text_content().startswith("Hoa Kỳ: Dự thảo quy định")
    facts = {
        " ".join(row.find("dt").text_content().split()): " ".join(row.find("dd").text_content().split())
        for row in page.xpath("//dl[@class='facts']/div")
    }
    assert facts["Mã thông báo"] == "G/TBT/N/USA/2211"
    assert facts["Ngày thông báo"] == "11/6/2025"
    assert facts["Hạn góp ý"] == "29/7/2025"
    assert facts["Hạn gửi góp ý về Văn phòng TBT Việt Nam"].startswith("14/7/2025 (mốc do trang tin này đặt")
    text = " ".join(page.text_content().split())
    assert "Còn 26 ngày góp ý" in text
    assert "nguyên văn – chưa dịch" in text
    assert "tbt-vn@example.org" in text
    assert "sps-vn@example.org" not in text
    outward = page.xpath("//a[starts-with(@href, 'http')]")
    assert outward
    assert {link.get("rel") for link in outward} == {"noopener nofollow"}
    original = page.xpath("//div[@class='body'][@lang='en']")
    assert any("tank" in body.text_content() for body in original)


def test_a_joint_notification_stands_once_and_its_other_symbols_lead_to_it(site: Path) -> None:
    page = site / "thong-bao/G/TBT/N/BDI/600/index.html"
    text = text_of(page)
    assert "Cộng đồng Đông Phi (EAC)" in text
    for symbol in ("KEN/1800", "RWA/1199"):
        assert f"G/TBT/N/{symbol}" in text
        redirect = site / f"thong-bao/G/TBT/N/{symbol}/index.html"
        refresh = parse(redirect).xpath("//meta[@http-equiv='refresh']/@content")[0]
        assert (redirect.parent / refresh.partition("url=")[2]).resolve() == page.resolve()
        assert f"thong-bao/G/TBT/N/{symbol}/" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_regulation_stands_under_number_issuer_and_day(site: Path) -> None:
    page = site / "van-ban/29-2023-tt-byt/byt/2023-12-30/index.html"
    text = text_of(page)
    assert "Bộ Y tế" in text
    assert "Có hiệu lực từ ngày 15/02/2024" in text
    assert "Văn bản tại nguồn (tiếng Việt)" in text
    assert "chưa dịch" not in text
    assert "29/2023/TT-BYT" in text_of(site / "van-ban/index.html")


def test_documents_of_viet_nam_stand_under_their_law_fields(
    site: Path, make: Build, dossiers: list[Dossier], tmp_path: Path
) -> None:
    label = Tag(kind="topic", code="labelling", basis="rule", reason="word:title:nhãn")
    laws = [one for one in dossiers if one.notice.kind == "regulation"]
    tagged = [replace(one, tags=(label,)) if "TT-BYT" in one.notice.key else one for one in laws]
    make(tagged, out=tmp_path / "site")
    documents = tmp_path / "site/van-ban"
    labels = parse(documents / "index.html").xpath("//ul[@class='index']/li/a")
    assert [link.text_content() for link in labels] == ["Văn bản về ghi nhãn", "Văn bản về nội dung khác"]
    field, own = documents / "linh-vuc/labelling/index.html", documents / "29-2023-tt-byt/byt/2023-12-30"
    links = [(field.parent / link).resolve() for link in parse(field).xpath("//td[@class='what']/a/@href")]
    assert links == [own / "index.html"]
    rest = text_of(documents / "linh-vuc/khac/index.html")
    assert "181/2025/NĐ-CP" in rest
    assert "78/2025/QH15" in rest
    (mark,) = parse(own / "index.html").xpath("//ul[@class='marks']/li[contains(., 'nhãn')]")
    assert mark.text_content().startswith("Lĩnh vực pháp luật: ghi nhãn (có từ “nhãn” trong tiêu đề)")
    assert (own / mark.find("a").get("href")).resolve() == field
    assert "29/2023/TT-BYT" in (field.parent / "tin.atom").read_text(encoding="utf-8")
    assert not (field.parent / "han-gop-y.ics").exists(), "nobody comments on them"
    assert "Chưa có văn bản nào" in text_of(site / "van-ban/linh-vuc/labelling/index.html")


def test_empty_lists_say_why(site: Path, make: Build, tmp_path: Path) -> None:
    assert "Chưa có tin trong lĩnh vực này" in text_of(site / "linh-vuc/seafood/index.html")
    make([], out=tmp_path / "empty")
    front = text_of(tmp_path / "empty/index.html")
    assert "Hôm nay không có dự thảo nào đang lấy ý kiến" in front
    assert "Chưa có tin nào được đăng" in front
    assert "Không có tin mới" in front
    assert "Chưa có thông báo nào được đăng" in text_of(tmp_path / "empty/thi-truong/index.html")


def test_a_notice_stands_in_the_lists_of_its_tags(site: Path, dossiers: list[Dossier]) -> None:
    tagged = next(item for item in dossiers if "fresh-produce" in item.codes("sector"))
    symbol = tagged.notice.symbols[0]
    assert symbol in text_of(site / "linh-vuc/fresh-produce/index.html")
    assert symbol not in text_of(site / "linh-vuc/chung/index.html")
    assert symbol in text_of(site / f"thi-truong/{tagged.notice.members[0]}/index.html")
    assert symbol in text_of(site / f"luu-tru/{tagged.notice.published_on:%Y-%m}/index.html")


DRAFT = Notice(
    key="G/TBT/N/JPN/900",
    kind="notification",
    area="TBT",
    type="regular",
    symbols=("G/TBT/N/JPN/900",),
    thread="G/TBT/N/JPN/900",
    members=("JPN",),
    title="Labelling of fruit",
    summary="All fruit shall be labelled.",
    products="Fruit (HS 08)",
    hs_codes=("0803", "0805"),
    published_on=date(2025, 6, 20),
    comment_until=date(2025, 8, 1),
    documents=(Document(url="https://members.example.org/a_e.pdf", language="en"),),
    sources=("eping_web",),
)


def one(site: Path) -> Path:
    return site / "thong-bao/G/TBT/N/JPN/900/index.html"


@pytest.mark.parametrize(
    ("today", "state", "kind", "sending"),
    [
        (date(2025, 7, 1), "Còn 31 ngày góp ý", "open", "Gửi góp ý chậm nhất ngày 17/7/2025"),
        (date(2025, 7, 17), "Còn 15 ngày góp ý", "open", "Gửi góp ý chậm nhất ngày 17/7/2025"),
        (date(2025, 7, 18), "Còn 14 ngày góp ý", "closing", "Cần gửi góp ý ngay"),
        (date(2025, 8, 1), "Hôm nay là hạn cuối góp ý", "closing", "Cần gửi góp ý ngay"),
        (date(2025, 8, 2), "Đã hết hạn góp ý", "closed", ""),
    ],
)
def test_the_state_of_the_comment_period(
    make: Build, language: Language, tmp_path: Path, today: date, state: str, kind: str, sending: str
) -> None:
    make([accepted(DRAFT, 1, language)], out=tmp_path / "site", today=today)
    head = parse(one(tmp_path / "site")).xpath("//article/header")[0]
    assert head.xpath(".//span[starts-with(@class, 'badge')]/@class") == [f"badge {kind}"]
    assert head.xpath(".//span[starts-with(@class, 'badge')]")[0].text_content() == state
    assert "".join(item.text_content() for item in head.xpath(".//span[@class='sending']")) == sending
    assert ("tbt-vn@example.org" in text_of(one(tmp_path / "site"))) == bool(sending)


def test_what_is_withdrawn_asks_for_no_comments(make: Build, language: Language, tmp_path: Path) -> None:
    gone = replace(DRAFT, stated_status="withdrawn", stated_status_on=date(2025, 6, 30))
    make([accepted(gone, 1, language)], out=tmp_path / "site", today=date(2025, 7, 1))
    text = text_of(one(tmp_path / "site"))
    assert "Đã rút lại" in text
    assert "Gửi góp ý" not in text
    assert "Hôm nay không có dự thảo nào" in text_of(tmp_path / "site/gop-y/index.html")


def test_what_the_document_of_a_notification_states(make: Build, language: Language, tmp_path: Path) -> None:
    reasons = (Reason(code="published", on=date(2025, 6, 8)), Reason(code="final-text"))
    read = replace(DRAFT, agency="Bureau of <Standards>", articles=("2.9.2", "5.6.2"), reasons=reasons)
    make([accepted(read, 1, language)], out=tmp_path / "site", today=date(2025, 7, 1))
    text = text_of(one(tmp_path / "site"))
    assert "Cơ quan chịu trách nhiệm Bureau of <Standards>" in text
    assert "Thông báo theo Điều 2.9.2, 5.6.2" in text
    assert "Lý do bổ sung Biện pháp đã được công bố (08/6/2025) Đã có văn bản chính thức" in text


def test_translations_stand_beside_the_original_with_their_origin(
    make: Build, language: Language, tmp_path: Path
) -> None:
    made = accepted(DRAFT, 1, language)
    machine = partial(Translation, language="vi", origin="machine", source_text="")
    texts = (
        Translation(field="title", language="vi", text="Ghi nhãn trái cây", origin="human", source_text=""),
        machine(field="summary", text="Mọi loại quả phải được ghi nhãn."),
        machine(field="products", text="Quả (HS 09)", checks=("numbers",)),
    )
    make([replace(made, translations=made.translations + texts)], out=tmp_path / "site")
    page = parse(one(tmp_path / "site"))
    both = [" ".join(item.text_content().split()) for item in page.xpath("//div[@class='passage both']")]
    assert both == [
        "Tiêu đề ban biên tập dịch Ghi nhãn trái cây nguyên văn Labelling of fruit",
        "Nội dung dịch máy Mọi loại quả phải được ghi nhãn. nguyên văn All fruit shall be labelled.",
    ]
    text = " ".join(page.text_content().split())
    assert "Quả (HS 09)" not in text
    assert "Fruit (HS 08) (nguyên văn – chưa dịch)" in text
    assert "0803 – chuối" in text


def test_what_a_source_says_of_time_stands_in_the_readers_language(
    make: Build, language: Language, tmp_path: Path
) -> None:
    facts = replace(
        DRAFT,
        adoption=Milestone(text="To be determined"),
        in_force=Milestone(text="6 months after adoption"),
        comment_days=60,
    )
    make([accepted(facts, 1, language)], out=tmp_path / "understood")
    text = text_of_one(tmp_path / "understood")
    assert "Dự kiến thông qua chưa xác định" in text
    assert "Dự kiến có hiệu lực 6 tháng kể từ ngày thông qua" in text
    assert "(tính theo thời hạn 60 ngày kể từ ngày thông báo)" in text
    assert "6 months" not in text
    odd = replace(facts, in_force=Milestone(text="when the Minister so decides"))
    make([accepted(odd, 1, language)], out=tmp_path / "odd")
    assert "when the Minister so decides (nguyên văn – chưa dịch)" in text_of_one(tmp_path / "odd")


def text_of_one(site: Path) -> str:
    return " ".join(parse(one(site)).text_content().split())


def test_the_timeline_tells_thread_versions_and_amendments(
    make: Build, language: Language, tmp_path: Path
) -> None:
    addendum = replace(
        DRAFT, key="G/TBT/N/JPN/900/Add.1", symbols=("G/TBT/N/JPN/900/Add.1",), type="addendum",
        follows=DRAFT.key, published_on=date(2025, 7, 1), comment_until=None,
    )  # fmt: skip
    later = Version(
        seq=2,
        at=datetime(2025, 6, 25, tzinfo=UTC),
        source="eping_web",
        changes=(
            Change(field="comment_until", before="2025-08-01", after="2025-08-15"),
            Change(field="title", before="Fruit", after="Labelling of fruit"),
        ),
    )
    first = accepted(DRAFT, 1, language)
    first = replace(
        first,
        versions=(*first.versions, later),
        amended=(Change(field="in_force", before="", after="2026-01-01"),),
    )
    make([accepted(addendum, 2, language), first], out=tmp_path / "site")
    steps = [
        " ".join(item.text_content().split())
        for item in parse(one(tmp_path / "site")).xpath("//ol[@class='steps']/li")
    ]
    assert steps[0] == "20/6/2025 Thông báo mới G/TBT/N/JPN/900 (trang này)"
    assert steps[1] == "25/6/2025 Nguồn tin thay đổi nội dung thông báo Hạn góp ý: 01/8/2025 → 15/8/2025"
    assert steps[2].startswith("01/7/2025 Bản bổ sung G/TBT/N/JPN/900/Add.1")
    assert steps[3].endswith("Ngày có hiệu lực: (không có) → 01/01/2026")
    follow = parse(tmp_path / "site/thong-bao/G/TBT/N/JPN/900/Add.1/index.html")
    assert follow.xpath("//ol[@class='steps']//a/@href") == [
        "../../../../../../../thong-bao/G/TBT/N/JPN/900/index.html"
    ]


def test_tags_say_why(make: Build, language: Language, tmp_path: Path) -> None:
    tags = (
        Tag(kind="sector", code="seafood", basis="rule", reason="inherited:word:summary:fish*"),
        Tag(kind="market", code="EAC", basis="stated", reason="group:KEN"),
        Tag(kind="sector", code="fresh-produce", basis="stated", reason="hs:0805"),
        Tag(kind="market", code="JPN", basis="stated", reason="member:JPN"),
        Tag(kind="topic", code="labelling", basis="rule", reason="word:title:labelling"),
        Tag(kind="topic", code="residues", basis="staff", reason="staff:lan"),
    )
    make([accepted(DRAFT, 1, language, tags=tags)], out=tmp_path / "site")
    marks = [
        " ".join(item.text_content().split())
        for item in parse(one(tmp_path / "site")).xpath("//ul[@class='marks']/li")
    ]
    assert marks[0].startswith("Lĩnh vực: rau quả tươi (HS 0805 – quả có múi")
    assert marks[1:] == [
        "Lĩnh vực: thủy sản (theo thông báo gốc: có từ “fish…” trong nội dung)",
        "Thị trường: Cộng đồng Đông Phi (EAC) (có Kenya là thành viên)",
        "Thị trường: Nhật Bản (thông báo của Nhật Bản)",
        "Chủ đề: ghi nhãn (có từ “labelling” trong tiêu đề)",
        "Chủ đề: residues (do ban biên tập xác định)",
    ]


def test_english_pages_have_every_text(make: Build, dossiers: list[Dossier], tmp_path: Path) -> None:
    make(dossiers, out=tmp_path / "site", lang="en")
    page = parse(tmp_path / "site/thong-bao/G/TBT/N/USA/2211/index.html")
    assert page.get("lang") == "en"
    assert "26 days left for comments" in page.text_content()


# ── Hostile text ────────────────────────────────────────────────────────────────────────────────────────

NASTY = (
    "<script>alert(1)</script> \"><img src=x onerror=alert(2)> ' {{ 7*7 }} "
    "\u202eevil\u202c \x00\x1b \ud800 &lt;b&gt;"
)


def test_hostile_text_is_only_text(make: Build, language: Language, tmp_path: Path) -> None:
    """Every text field of a notice, its tags, translations and versions, and of a source's title."""
    bad = replace(
        DRAFT, type=NASTY, members=(NASTY,), title=NASTY, summary=NASTY, products=NASTY, hs_codes=(NASTY,),
        ics_codes=(NASTY,), objectives=(NASTY,), keywords=(NASTY,), affected=(NASTY,), sources=(NASTY,),
        adoption=Milestone(text=NASTY), in_force=Milestone(text=NASTY), stated_status=NASTY,
        documents=(
            Document(url=f"https://example.org/{NASTY}", language=NASTY),
            Document(url="javascript:alert(1)"),
            Document(url=" JaVaScRiPt:alert(1)"),
            Document(url="data:text/html,x"),
            Document(url="https://[broken"),
        ),
    )  # fmt: skip
    tags = tuple(
        Tag(kind=kind, code=f"../../{NASTY}", basis="rule", reason=f"word:title:{NASTY}")
        for kind in ("sector", "market", "topic")
    )
    changes = tuple(
        Change(field=name, before=NASTY, after="") for name in ("type", "objectives", "stated_status")
    )
    item = Dossier(
        id=1,
        notice=bad,
        state="ACCEPTED",
        seen_at=sample_now(),
        accepted_at=sample_now(),
        translations=(
            Translation(field="headline", language="vi", text=NASTY, origin="human", source_text=""),
        ),
        tags=tags,
        versions=(Version(seq=2, at=sample_now(), source=NASTY, changes=changes),),
    )
    regulation = replace(bad, kind="regulation", key=f"../..|{NASTY}|x", symbols=(NASTY,), thread=NASTY)
    make([item, replace(item, id=2, notice=regulation)], out=tmp_path / "outer/site")
    assert [path.name for path in tmp_path.iterdir()] == ["outer"]
    assert beside(tmp_path / "outer") == ["site"]
    for where, page in pages(tmp_path / "outer/site"):
        raw = (tmp_path / "outer/site" / where).read_text(encoding="utf-8")
        assert not page.xpath("//img | //@onerror | //*[text()='49']"), where
        assert scripts(page) == (["search.js"] if where == SEARCH else []), where
        assert not page.xpath("//a[not(starts-with(@href, 'http')) and contains(@href, ':')]"), where
        assert not re.search("[\x00\x1b\u202e\ud800]", raw), where
    text = parse(one(tmp_path / "outer/site")).text_content()
    assert "<script>alert(1)</script>" in text
    assert "javascript:alert(1)" in text


def test_a_title_of_four_thousand_characters_and_two_notices_of_one_address(
    make: Build, language: Language, tmp_path: Path
) -> None:
    long = replace(DRAFT, title="Rất dài " * 500, language="vi")
    other = replace(DRAFT, key="G/TBT/N/JPN/900 ", symbols=("G/TBT/N/JPN/900",))
    dossiers = [replace(accepted(notice, 1, language), translations=()) for notice in (long, other)]
    make(dossiers, out=tmp_path / "site")
    page = parse(one(tmp_path / "site"))
    assert len(page.find(".//h1").text_content()) <= 300
    assert page.find(".//h1").text_content().endswith("…")
    assert len(page.xpath("//div[@class='body']")[0].text_content()) > 3900
    assert len(list((tmp_path / "site/thong-bao/G/TBT/N/JPN").iterdir())) == 2


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("..", "_"),
        ("", "_"),
        ("a/../b", "a-..-b"),
        ("Rev.1", "Rev.1"),
        (".hidden", "hidden"),
        ("x\\y:z", "x-y-z"),
    ],
)
def test_a_segment_never_leaves_its_folder(text: str, made: str) -> None:
    assert segment(text) == made


def test_addresses() -> None:
    assert symbol_folder("G/TBT/N/USA/138/Rev.1") == "thong-bao/G/TBT/N/USA/138/Rev.1/"
    assert symbol_folder("G/../../etc") == "thong-bao/G/_/_/etc/"
    assert outside("https://docs.wto.org/a b") == "https://docs.wto.org/a b"
    assert outside("javascript:alert(1)") is None
    assert outside("//example.org") is None
    assert outside("https:///nothing") is None
    assert printed("https://www.wto.org/english/") == "wto.org/english"
    assert len(printed("https://example.org/" + "x" * 300)) == 60


# ── The swap ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_input_gives_the_same_bytes_in_any_order(
    make: Build, dossiers: list[Dossier], site: Path, tmp_path: Path
) -> None:
    make(dossiers[::-1], out=tmp_path / "site")
    assert snapshot(tmp_path / "site") == snapshot(site)


def test_an_unchanged_page_is_carried_over(make: Build, dossiers: list[Dossier], tmp_path: Path) -> None:
    out = tmp_path / "site"
    first = make(dossiers, out=out)
    files = len(snapshot(out)) - 1  # all but the marker
    assert first == BuildReport(pages=len(list(out.rglob("*.html"))), written=files, unchanged=0, removed=0)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    again = make(dossiers, out=out)
    assert (again.written, again.unchanged, again.removed) == (0, files, 0)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == times
    fewer = make([item for item in dossiers if item.notice.key != "G/TBT/N/USA/2211"], out=out)
    assert not (out / "thong-bao/G/TBT/N/USA/2211").exists()
    assert fewer.removed >= 1
    assert beside(tmp_path) == ["site"]


def test_the_next_day_changes_only_pages_that_count_days(
    make: Build, language: Language, tmp_path: Path
) -> None:
    closed = replace(DRAFT, key="G/TBT/N/JPN/800", symbols=("G/TBT/N/JPN/800",), thread="G/TBT/N/JPN/800",
                     comment_until=date(2025, 6, 1), members=("KOR",), published_on=date(2025, 4, 1))  # fmt: skip
    dossiers = [accepted(DRAFT, 1, language), accepted(closed, 2, language)]
    make(dossiers, out=tmp_path / "site", today=date(2025, 7, 1))
    before = snapshot(tmp_path / "site")
    make(dossiers, out=tmp_path / "site", today=date(2025, 7, 2))
    changed = {path for path, body in snapshot(tmp_path / "site").items() if before[path] != body}
    assert "thong-bao/G/TBT/N/JPN/900/index.html" in changed
    assert not changed & {
        "thong-bao/G/TBT/N/JPN/800/index.html",
        "thi-truong/KOR/index.html",
        "gioi-thieu/index.html",
    }


def test_only_what_changed_is_made_again(
    make: Build, dossiers: list[Dossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was made from the same is not printed again, and keeps its file; what somebody changed in the folder
    is mended; and the site is the same as one that was built from nothing."""
    out = tmp_path / "site"
    make(dossiers, out=out)
    key = "G/TBT/N/USA/2211"
    changed = [
        replace(one, notice=replace(one.notice, products="Tanks")) if one.notice.key == key else one
        for one in dossiers
    ]
    printed: list[str] = []
    made = NoticeMaker(printed)
    monkeypatch.setattr(site_room, "make_page", made)
    make(changed, out=out)
    assert printed == [key]
    other = out / "thong-bao/G/TBT/N/BDI/600/index.html"
    kept = other.read_bytes()
    other.write_bytes(kept + b"<p>defaced")
    os.utime(other, ns=(time.time_ns() + 10**9,) * 2)
    make(changed, out=out)
    assert other.read_bytes() == kept
    make(changed, out=tmp_path / "anew/site")
    assert snapshot(out) == snapshot(tmp_path / "anew/site")
    shutil.rmtree(tmp_path / ".site-next")
    assert make(changed, out=out).written == 0


class NoticeMaker:
    """Makes pages of notices and notes which."""

    def __init__(self, printed: list[str]) -> None:
        self._printed = printed

    def __call__(self, card: Card, thread: Sequence[Card], desk: Desk) -> NoticePage:
        self._printed.append(card.notice.key)
        return make_page(card, thread, desk)


def test_a_symbol_that_was_corrected_leads_on(make: Build, language: Language, tmp_path: Path) -> None:
    change = Change(field="symbols", before="G/TBT/N/JPN/901", after="G/TBT/N/JPN/900")
    item = accepted(DRAFT, 1, language)
    later = Version(seq=2, at=item.seen_at, source="eping_web", changes=(change,))
    make([replace(item, versions=(*item.versions, later))], out=tmp_path / "site")
    old = tmp_path / "site/thong-bao/G/TBT/N/JPN/901/index.html"
    refresh = parse(old).xpath("//meta[@http-equiv='refresh']/@content")[0]
    assert (old.parent / refresh.partition("url=")[2]).resolve() == one(tmp_path / "site").resolve()
    assert "Nguồn tin đã đính chính mã" in text_of(old)


@pytest.mark.parametrize("exchange", [True, False])
def test_a_failing_build_leaves_the_old_site(
    make: Build, dossiers: list[Dossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    out = tmp_path / "site"
    make(dossiers, out=out)
    before = snapshot(out)
    if not exchange:
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)

    def full(self: Path, data: bytes) -> int:
        if self.name == "sitemap.xml":
            raise OSError(28, "No space left on device")
        with self.open("wb") as file:
            return file.write(data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(BulletinError, match="No space left on device"):
            make(dossiers[:-5], out=out)
    assert snapshot(out) == before
    assert beside(tmp_path) == ["site"]
    make(dossiers[:-5], out=out)
    assert snapshot(out) != before
    assert beside(tmp_path) == ["site"]


def test_a_swap_that_fails_half_way_is_undone(
    make: Build, dossiers: list[Dossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    make(dossiers, out=out)
    before = snapshot(out)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if target == out and not self.name.endswith("-old"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BulletinError, match="Permission denied"):
        make(dossiers[:-5], out=out)
    assert snapshot(out) == before
    assert beside(tmp_path) == ["site"]


def test_a_folder_of_somebody_else_is_left_alone(make: Build, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/to-mother.txt").write_text("Dear mother", encoding="utf-8")
    with pytest.raises(BulletinError, match="did not make"):
        make([], out=tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["to-mother.txt"]
    (tmp_path / "link").symlink_to(tmp_path / "letters", target_is_directory=True)
    with pytest.raises(BulletinError, match="did not make"):
        make([], out=tmp_path / "link")
    (tmp_path / "void").mkdir()
    assert make([], out=tmp_path / "void").written > 0


# ── Size ────────────────────────────────────────────────────────────────────────────────────────────────


def test_long_lists_are_paged(make: Build, language: Language, tmp_path: Path) -> None:
    many = [
        replace(DRAFT, key=f"G/TBT/N/JPN/{n}", symbols=(f"G/TBT/N/JPN/{n}",), thread=f"G/TBT/N/JPN/{n}")
        for n in range(1, PAGE_SIZE * 2 + 2)
    ]
    make([accepted(notice, n, language) for n, notice in enumerate(many)], out=tmp_path / "site")
    folder = tmp_path / "site/gop-y"
    counts = [
        len(parse(path).xpath("//tbody/tr"))
        for path in (folder / "index.html", folder / "trang-2/index.html", folder / "trang-3/index.html")
    ]
    assert counts == [PAGE_SIZE, PAGE_SIZE, 1]
    assert not (folder / "trang-4").exists()
    last = parse(folder / "trang-3/index.html")
    assert last.xpath("//nav[@class='pages']//a/@href")[0] == "../../gop-y/index.html"
    assert "trang 3/3" in last.text_content()
