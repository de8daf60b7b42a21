"""A week's work at the curators' page, from a full queue to an edition on the site: with a mouse, and by keys alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import feedparser
import pytest
from browser import Chromium, chromium
from cast import CIRCULAR, named, subscriber, tags
from curators import BAD, CONFIG, GOOD, DeskOffice, desk_office
from hands import Hand, Keyboard, Mouse
from lxml import html

from tbt_watch.bulletin import papers
from tbt_watch.bulletin.arrange import section_names
from tbt_watch.domain.bulletin import Bulletin

pytestmark = pytest.mark.slow
USA = named("G/TBT/N/USA/2211", "USA", comment_until=date(2026, 11, 30))
WRONG = named("G/SPS/N/EU/2010", "EU", comment_until=date(2026, 12, 20))
EU = [f"G/SPS/N/EU/{2000 + number}" for number in range(5)]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as one:
        one.size(1280)
        yield one


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keys"])
def hand(request: pytest.FixtureRequest, browser: Chromium) -> Iterator[Hand]:
    yield request.param(browser)
    browser.driver.delete_all_cookies()
    browser.driver.get_log("browser")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    """An office with eight notices that wait, in the order of their deadlines: the USA, five of the EU, one of the EU
    whose text fails its checks, and a circular of Viet Nam. One group wants the bulletin."""
    config = (
        f'[bulletin]\nfolder = "{(tmp_path / "site").as_posix()}"\nbase_url = "https://tbt.example.gov.vn"\n'
    )
    with desk_office(tmp_path, CONFIG + config) as one:
        one.account("Lan")
        reader = subscriber("Nhóm bưởi", channel="zalo", since=one.clock())
        one.app.store.subscribers.save(replace(reader, bulletin_since=one.clock()))
        one.waiting(USA)
        one.many(5)
        one.waiting(WRONG, texts=BAD)
        one.waiting(
            CIRCULAR, texts=(), tagged=(*tags("sector", "fresh-produce"), *tags("topic", "labelling"))
        )
        yield one


def test_a_week_from_a_full_queue_to_a_published_edition(desk: DeskOffice, hand: Hand) -> None:
    hand.browser.open(f"{desk.origin}/desk/queue")
    hand.log_in("Lan")
    assert len(hand.browser.all("[data-line]")) == 8
    decide(desk, hand)
    mend(desk, hand)
    accept_the_rest(desk, hand)
    number = put_together(desk, hand)
    arrange(desk, hand, number)
    look(hand)
    publish(desk, hand, number)
    assert not [one for one in hand.browser.driver.get_log("browser") if one["level"] == "SEVERE"]
    on_the_site(desk, hand, number)
    hand.browser.open(f"{desk.origin}/desk/queue")
    assert [one.text for one in hand.browser.all("[data-line] .symbol")] == [EU[3]]
    hand.go('form[action$="/desk/logout"] button')
    hand.browser.open(f"{desk.origin}/desk/queue")
    assert hand.shown("#password")


def number_of(desk: DeskOffice, key: str) -> int:
    (one,) = desk.app.store.notices.get(key)
    return one.id


def states(desk: DeskOffice, *keys: str) -> list[str]:
    return [desk.state(number_of(desk, key)) for key in keys]


# ── The queue ───────────────────────────────────────────────────────────────────────────────────────────


def decide(desk: DeskOffice, hand: Hand) -> None:
    """One by one: accept, another tag, reject, undo."""
    hand.open_line(1)
    hand.accept()
    assert states(desk, USA.key) == ["ACCEPTED"]
    hand.go('.tags form:has([name=tag][value="sector:fresh-produce"]) button')
    hand.choose("#add-tag", "sector:beverages")
    hand.go("form:has(#add-tag) button")
    hand.accept()
    kept = desk.app.store.notices.dossier(number_of(desk, EU[0]))
    assert (kept.state, kept.codes("sector")) == ("ACCEPTED", ("beverages",))
    hand.reject("Trùng với thông báo trước")
    assert states(desk, EU[1]) == ["REJECTED"]
    hand.accept()
    hand.undo()
    assert states(desk, EU[2]) == ["HELD"]
    hand.accept()
    assert states(desk, EU[2]) == ["ACCEPTED"]
    (said,) = desk.app.store.queue.said_of(number_of(desk, EU[1]))
    assert (said.decision.by, said.decision.why) == ("Lan", "Trùng với thông báo trước")


def mend(desk: DeskOffice, hand: Hand) -> None:
    """A text that failed its checks: they run while it is written."""
    hand.go('.beside a[href*="/queue"]')
    hand.edit_line(3)
    hand.write("#text-summary", "Bản dịch còn thiếu con số")
    hand.browser.until(lambda: hand.browser.all("#checked-summary .faults"))
    hand.write("#text-summary", GOOD[3].text)
    hand.browser.until(lambda: hand.browser.all("#checked-summary .passes"))
    hand.go("#edit-summary form button:not([formaction])")
    text = desk.app.store.notices.dossier(number_of(desk, WRONG.key)).text("summary", "vi")
    assert text == GOOD[3].text
    assert not hand.browser.all(".faults")


def accept_the_rest(desk: DeskOffice, hand: Hand) -> None:
    """All that pass everything but one, with one button."""
    hand.go('.beside a[href*="/queue"]')
    hand.tick(f'.line:has(a[href*="/notice/{number_of(desk, EU[3])}"]) [type=checkbox]')
    hand.go(".bulk button")
    assert states(desk, EU[3], EU[4], WRONG.key, CIRCULAR.key) == [
        "TAGGED",
        "ACCEPTED",
        "ACCEPTED",
        "ACCEPTED",
    ]


# ── The edition ─────────────────────────────────────────────────────────────────────────────────────────


def put_together(desk: DeskOffice, hand: Hand) -> int:
    hand.go('nav a[href$="/desk/editions"]')
    hand.go('form[action$="/desk/editions"] button')
    (made,) = desk.app.store.bulletins.all()
    assert sorted({item.key for item in made.items}) == sorted(
        [USA.key, EU[0], EU[2], EU[4], WRONG.key, CIRCULAR.key]
    )
    return made.id or 0


def draft(desk: DeskOffice, number: int) -> Bulletin:
    return desk.app.store.bulletins.get(number)


def warnings(desk: DeskOffice, number: int) -> list[list[str]]:
    """The keys of each section of warnings."""
    parts = draft(desk, number).sections
    return [[item.key for item in part.items] for part in parts if part.part == "warnings"]


def arrange(desk: DeskOffice, hand: Hand, number: int) -> None:
    """Words, order, a notice out and in again, a section more."""
    hand.write("#title", "Tuần về quả có múi")
    hand.write("#words", "EU hạ mức dư lượng **chlorpyrifos**.")
    before = warnings(desk, number)
    place = next(at for at, section in enumerate(before) if EU[4] in section and len(section) > 1)
    first, second = before[place][-2:]
    hand.go(f'.pieces button[value^="down "][value$=" {first}"]')
    assert warnings(desk, number)[place][-2:] == [second, first]
    if isinstance(hand, Keyboard):
        value = hand.browser.driver.switch_to.active_element.get_attribute("value") or ""
        assert (value.split()[0], value.split()[-1]) == ("down", first), "the focus is where it was"
    hand.go(f'.pieces button[value^="out "][value$=" {WRONG.key}"]')
    assert WRONG.key not in [key for section in warnings(desk, number) for key in section]
    hand.write("#new-heading", "Tin thêm")
    hand.go('button[value="section-new"]')
    hand.write("#symbol", WRONG.key)
    added = next(one for one in hand.browser.all("#into option") if one.text.endswith("Tin thêm"))
    hand.choose("#into", added.get_attribute("value") or "")
    hand.go('button[value="add"]')
    assert warnings(desk, number)[-1] == [WRONG.key]
    hand.go(f'button[value="section-up {added_name(desk, number)}"]')
    assert warnings(desk, number)[-2] == [WRONG.key]
    hand.go('button[value="save"]')
    one = draft(desk, number)
    assert (one.title, one.words, one.changed_by) == (
        "Tuần về quả có múi", "EU hạ mức dư lượng **chlorpyrifos**.", "Lan",
    )  # fmt: skip


def added_name(desk: DeskOffice, number: int) -> str:
    one = draft(desk, number)
    return next(
        name for name, part in zip(section_names(one), one.sections, strict=True) if part.vi == "Tin thêm"
    )


def look(hand: Hand) -> None:
    """The page of the edition in a window of its own, then the message on Telegram."""
    driver, here = hand.browser.driver, hand.browser.driver.current_window_handle
    hand.use('.looks a[href$="/preview"]')
    hand.browser.until(lambda: len(driver.window_handles) == 2)
    driver.switch_to.window(next(one for one in driver.window_handles if one != here))
    hand.browser.until(lambda: "quả có múi" in hand.browser.one("main").text)
    style = hand.browser.one("h1").value_of_css_property("text-transform")
    assert style == "uppercase", "its own style is let through"
    driver.close()
    driver.switch_to.window(here)
    hand.go('.looks a[href$="/telegram"]')
    assert hand.shown(".message")
    hand.go('main a[href*="/desk/editions/"]')


def publish(desk: DeskOffice, hand: Hand, number: int) -> None:
    hand.go('.keep a[href$="/publish"]')
    assert "1/2026" in hand.browser.one("h1").text
    assert [one.text for one in hand.browser.all(".sums td")] == ["1", "0"], "who will get it"
    assert not draft(desk, number).published, "it is asked first"
    hand.go('form[action$="/publish"] button')
    one = draft(desk, number)
    assert (one.published, one.number, one.published_by) == (True, 1, "Lan")


# ── The site ────────────────────────────────────────────────────────────────────────────────────────────


def on_the_site(desk: DeskOffice, hand: Hand, number: int) -> None:
    """From the front page to the edition; then what lies on the disk."""
    site = desk.app.config.bulletin.folder
    hand.browser.open((site / "index.html").as_uri())
    hand.go('main a[href*="ban-tin/2026/so-1/"]')
    page = html.fromstring((site / "ban-tin/2026/so-1/index.html").read_text(encoding="utf-8"))
    assert "Tuần về quả có múi" in hand.browser.one("main").text
    assert page.xpath("//main//strong[.='chlorpyrifos']|//main//b[.='chlorpyrifos']")
    links = [link for link in page.xpath("//main//article//a/@href") if "thong-bao/G/SPS/" in link]
    order = list(dict.fromkeys(link.split("thong-bao/")[1].removesuffix("/index.html") for link in links))
    told = [key for section in warnings(desk, number) for key in section if key.startswith("G/SPS/")]
    assert order == told
    for key, there in ((EU[1], False), (EU[3], False), (EU[4], True), (WRONG.key, True)):
        assert (site / "thong-bao" / key / "index.html").is_file() is there, key
    assert (site / "ban-tin/2026/so-1/ban-tin-1-2026.docx").read_bytes()[:2] == b"PK"
    if not papers.can_print():
        assert (site / "ban-tin/2026/so-1/ban-tin-1-2026.pdf").read_bytes()[:5] == b"%PDF-"
    (entry,) = feedparser.parse((site / "ban-tin/tin.atom").read_bytes()).entries
    assert "1/2026" in entry.title
