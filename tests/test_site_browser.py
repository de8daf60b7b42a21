"""The site in a real browser and before a strict reader: search from a disk, valid HTML, accessibility."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import html5lib
import lxml.html
import pytest
from browser import Chromium, chromium
from dossiers import accepted, sample_dossiers
from test_bulletin import DRAFT, HEALTH, LABELS, OFFICE
from test_feeds_out import make
from validator import objections

from tbt_watch.bulletin import Labels, build
from tbt_watch.domain.text import fold
from tbt_watch.language import load_language
from tbt_watch.sample.bundle import SAMPLE_DAY, sample_now

MORE = Labels(
    sectors={**LABELS.sectors, "electrical-electronics": {"vi": "điện, điện tử", "en": "electronics"}},
    topics=LABELS.topics,
)
Ask = Callable[[str], lxml.html.HtmlElement]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    language = load_language()
    out = tmp_path_factory.mktemp("browser") / "site"
    build(
        [*sample_dossiers(language), accepted(DRAFT, 900, language)], language=language, labels=MORE,
        office=OFFICE, health=HEALTH, today=SAMPLE_DAY,
        now=sample_now(), lead_days={"tbt": 15, "sps": 15}, days_off=(), base_url="", out=out, bot="tbt_bot",
    )  # fmt: skip
    return out


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("window")) as opened:
        yield opened


@pytest.fixture(scope="module")
def ask(site: Path, window: Chromium) -> Ask:
    """Opens the page of the search from the disk, with a question in its address."""

    def run(question: str) -> lxml.html.HtmlElement:
        window.open(f"{(site / 'tim-kiem/index.html').as_uri()}?q={quote(question)}")
        window.until(lambda: window.one("#said").text)
        return lxml.html.document_fromstring(window.driver.page_source)

    return run


def results(page: lxml.html.HtmlElement) -> list[str]:
    return [" ".join(item.text_content().split()) for item in page.get_element_by_id("found")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("dien tu", "điện"),
        ("điện tử", "điện"),
        ("Điện Tử", "điện"),
        ("USA/2211", "G/TBT/N/USA/2211"),
        ("g/tbt/n/bdi/600", "G/TBT/N/BDI/600"),
        ("29/2023/TT-BYT", "29/2023/TT-BYT"),
        ("8517", "8517"),
        ("chuoi", "G/TBT/N/JPN/900"),
        ("Chuối", "G/TBT/N/JPN/900"),
        ("0803", "G/TBT/N/JPN/900"),
        ("JPN/900", "G/TBT/N/JPN/900"),
    ],
)
def test_search_from_a_disk(ask: Ask, question: str, expected: str) -> None:
    page = ask(question)
    found = results(page)
    assert found, question
    assert expected.lower() in found[0].lower() or any(expected.lower() in one.lower() for one in found[:5])
    assert page.get_element_by_id("said").text_content().startswith(f"Tìm thấy {len(found)} tin.")


@pytest.mark.slow
def test_search_tells_the_state_links_and_says_when_there_is_nothing(ask: Ask, site: Path) -> None:
    page = ask("USA 2211")
    (link,) = page.xpath("//ul[@id='found']/li[1]//a/@href")
    assert (site / "tim-kiem" / link).resolve() == site.resolve() / "thong-bao/G/TBT/N/USA/2211/index.html"
    assert page.xpath("//ul[@id='found']/li[1]//span[starts-with(@class, 'badge')]")
    nothing = ask("khongcotunaynhuvay")
    assert results(nothing) == []
    assert "Không tìm thấy" in nothing.get_element_by_id("said").text_content()
    hostile = ask("<img src=x onerror=alert(1)>")
    assert not hostile.xpath("//img")


def test_the_script_is_small(site: Path) -> None:
    assert (site / "static/search.js").stat().st_size < 6_000
    assert max(path.stat().st_size for path in (site / "tim-kiem/w").iterdir()) < 64_000
    assert fold("Điện tử") == "dien tu"


def test_a_strict_parser_takes_every_page(site: Path) -> None:
    """html5lib follows the parsing rules of the HTML standard and raises what they call a parse error."""
    strict = html5lib.HTMLParser(strict=True)
    for path in sorted(site.rglob("*.html")):
        strict.parse(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_checker_takes_every_page(site: Path) -> None:
    assert objections([site]) == []


def test_pages_are_light(site: Path) -> None:
    heavy = {path: path.stat().st_size for path in site.rglob("*.html") if path.stat().st_size > 60_000}
    assert heavy == {}


def test_the_new_pages_are_there_on_any_day(tmp_path: Path) -> None:
    out = make(load_language(), tmp_path / "site", today=date(2026, 1, 1))
    for name in ("tim-kiem", "theo-doi", "thong-ke", "dich-thuat", "du-lieu"):
        assert (out / name / "index.html").is_file()


@pytest.mark.slow
def test_no_page_has_faults_of_accessibility(site: Path, window: Chromium, tmp_path: Path) -> None:
    """axe-core on the pages that real notices fill, light and dark; none is wider than a telephone or a desk."""
    kinds = [
        "index.html", "thong-bao/G/TBT/N/USA/2211/index.html", "van-ban/29-2023-tt-byt/byt/2023-12-30/index.html",
        "linh-vuc/electrical-electronics/index.html", "luu-tru/2025/index.html", "thong-ke/index.html",
        "tim-kiem/index.html?q=dien%20tu",
    ]  # fmt: skip
    make(load_language(), tmp_path / "data", *sample_dossiers(load_language())[:5])
    addresses = [f"{site.as_uri()}/{kind}" for kind in kinds]
    addresses.append((tmp_path / "data/du-lieu/index.html").as_uri())
    faults: dict[str, list[str]] = {}
    for address in addresses:
        for width, dark in ((1280, False), (390, True)):
            window.size(width, dark=dark)
            window.open(address)
            found = window.faults() + (["too wide"] if window.too_wide() else [])
            if found:
                faults[f"{address.rpartition('/site/')[2]} {width}"] = found
    assert faults == {}
