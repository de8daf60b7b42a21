"""Every kind of page of the site, of the desk and of the door: whole, valid, open to everybody, light and dark."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import feedparser
import html5lib
import icalendar
import jsonschema
import pytest
from browser import Chromium, chromium
from kinds import SITE, Everything, everything, museum
from selenium.webdriver.common.keys import Keys
from test_feeds_out import SCHEMA
from validator import objections

from tbt_watch import bulletin, web
from tbt_watch.web.server import serving
from tbt_watch.yearly import write_year

INCLUDED = {"base.html", "_edition.html", "_row.html", "_rows.html"}
FILES = {"archive.html", "edition_page.html", "edition_paper.html"}
"""Templates of files beside the pages: the index of the yearly ZIP, the inside and the HTML file of an edition."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "*")
        with everything(tmp_path_factory.mktemp("office")) as one:
            yield one


@pytest.fixture(scope="module")
def archive(made: Everything, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The yearly ZIP, unpacked."""
    folder = tmp_path_factory.mktemp("archive")
    write_year(made.desk.app, 2026, folder / "2026.zip")
    with zipfile.ZipFile(folder / "2026.zip") as given:
        given.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as one:
        yield one


@pytest.fixture(scope="module")
def origin(made: Everything) -> Iterator[str]:
    """Where everything that was answered is shown again."""
    with serving(museum(made), "127.0.0.1", 0) as (_, port):
        yield f"http://127.0.0.1:{port}"


def templates(package: str) -> set[str]:
    folder = Path(package).parent / "templates"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


# ── None is left out ────────────────────────────────────────────────────────────────────────────────────


def test_there_is_a_page_of_every_template(made: Everything) -> None:
    asked = {path for path in templates(web.__file__) if not Path(path).name.startswith(("_", "base."))}
    assert asked - {kind.template for kind in made.kinds.values()} == set()
    assert templates(bulletin.__file__) - INCLUDED - FILES - set(made.printed.values()) == set()


# ── What others read ────────────────────────────────────────────────────────────────────────────────────


def test_a_strict_parser_and_a_checker_take_every_page(
    made: Everything, archive: Path, tmp_path: Path
) -> None:
    strict = html5lib.HTMLParser(strict=True)
    for number, (name, kind) in enumerate(made.kinds.items()):
        strict.parse(kind.answer.text)
        (tmp_path / f"{number:02} {name}.html").write_text(kind.answer.text, encoding="utf-8")
    for path in (*made.site.rglob("*.html"), *archive.rglob("*.html")):
        strict.parse(path.read_text(encoding="utf-8"))
    assert objections([tmp_path, made.site, archive]) == []


def test_feeds_and_calendars_are_read_by_those_who_read_them(made: Everything) -> None:
    atoms, calendars = sorted(made.site.rglob("*.atom")), sorted(made.site.rglob("*.ics"))
    assert {path.parent.name for path in atoms} >= {"site", "ban-tin", "gop-y", "fresh-produce", "EU"}
    for path in atoms:
        read, other = feedparser.parse(path.read_bytes()), json.loads(path.with_suffix(".json").read_bytes())
        assert (read.bozo, read.version) == (False, "atom10"), path
        jsonschema.validate(other, SCHEMA)
        assert [one.id for one in read.entries] == [one["id"] for one in other["items"]], path
        for entry in read.entries:
            html5lib.HTMLParser(strict=True).parseFragment(entry.content[0].value)
    editions = feedparser.parse((made.site / "ban-tin/tin.atom").read_bytes())
    assert sorted(one.link.split("/ban-tin/", 1)[1] for one in editions.entries) == [
        "ban-tin/2026/so-1/", "tap-san/2026/so-1/",
    ]  # fmt: skip
    for path in calendars:
        events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        assert all(one.get("UID") and one.start for one in events), path
    everything = icalendar.Calendar.from_ical((made.site / "gop-y/han-gop-y.ics").read_bytes())
    assert len(everything.walk("VEVENT")) >= 2


# ── Nobody is shut out ──────────────────────────────────────────────────────────────────────────────────


def faults(browser: Chromium, address: str, *, telephone: bool = True) -> list[str]:
    """What axe-core says of a page at a desk in daylight, and on a telephone in the dark."""
    browser.size(1280)
    browser.open(address)
    found = browser.faults()
    if not telephone:
        return found
    browser.size(390, dark=True)
    found += [f"390, dark: {one}" for one in browser.faults()]
    return found + (["390: too wide"] if browser.too_wide() else [])


def refused(browser: Chromium) -> list[str]:
    """What the browser would not run or load."""
    return [
        one["message"]
        for one in browser.driver.get_log("browser")
        if "Security Policy" in one["message"] or "Uncaught" in one["message"]
    ]


@pytest.mark.slow
def test_axe_finds_nothing_on_desk_and_door(made: Everything, origin: str, browser: Chromium) -> None:
    """Each template at a desk and on a telephone; what else is said in the same template at a desk."""
    shown = {name: f"{origin}{kind.path}?kind={quote(name)}" for name, kind in made.kinds.items()}
    first = {kind.template: name for name, kind in reversed(made.kinds.items())}
    said = {
        name: faults(browser, shown[name], telephone=first[kind.template] == name)
        for name, kind in made.kinds.items()
    }
    browser.size(1280)
    browser.open(shown["notice with faults"])
    browser.script("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    said["all open"] = browser.faults()
    browser.press("?")
    said["help"] = browser.faults()
    browser.press(Keys.ESCAPE)
    assert {name: found for name, found in said.items() if found} == {}
    assert refused(browser) == []


@pytest.mark.slow
def test_axe_finds_nothing_on_the_site_and_in_its_files(
    made: Everything, archive: Path, origin: str, browser: Chromium
) -> None:
    kinds = {(template, path.partition("/")[0]): path for path, template in sorted(made.printed.items())}
    pages = {path for (template, _), path in kinds.items() if template != "redirect.html"}
    addresses = {path: f"{origin}{urlsplit(SITE).path}/{path}" for path in pages}
    addresses["index of the ZIP"] = (archive / "index.html").as_uri()
    said = {name: faults(browser, address) for name, address in addresses.items()}
    assert {name: found for name, found in said.items() if found} == {}
