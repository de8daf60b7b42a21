"""The curators' page in a real browser: by single keys, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Chromium, chromium
from cast import named
from curators import BAD, GOOD, DeskOffice, desk_office
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    with desk_office(tmp_path) as one:
        one.account("Lan", "admin")
        yield one


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as one:
        one.size(1280)
        yield one


@pytest.fixture(autouse=True)
def _fresh(browser: Chromium) -> Iterator[None]:
    """No cookie of the test before; and nothing that the browser refused to run or load."""
    browser.driver.delete_all_cookies()
    browser.size(1280)
    yield
    grave = [
        one["message"]
        for one in browser.driver.get_log("browser")
        if "Content Security Policy" in one["message"] or "Uncaught" in one["message"]
    ]
    assert grave == []


def test_a_queue_is_worked_off_by_keyboard_alone(desk: DeskOffice, browser: Chromium) -> None:
    first, second, third, fourth = desk.many(4)
    browser.log_in(desk, "Lan")
    browser.press("j", "j")
    assert "2001" in browser.script("return document.activeElement.closest('li').textContent")
    browser.press("k")
    browser.leaves(Keys.ENTER)
    assert browser.path == f"notice/{first}"
    browser.leaves("j")
    assert browser.path == f"notice/{second}"
    browser.leaves("k")
    browser.leaves("a")
    assert browser.path.startswith(f"notice/{second}")
    assert desk.state(first) == "ACCEPTED"
    said = browser.until(lambda: browser.one("#done p").text)
    assert said == "Đã duyệt G/SPS/N/EU/2000."
    browser.leaves("u")
    assert desk.state(first) == "HELD"
    assert browser.path.startswith(f"notice/{first}")
    browser.leaves("j")
    browser.press("x")
    assert browser.focus == "reject-why"
    browser.leaves("Trùng với tin trước", Keys.ENTER)
    assert desk.state(second) == "REJECTED"
    assert browser.path.startswith(f"notice/{third}")
    browser.press("?")
    assert browser.one("#help").is_displayed()
    browser.press(Keys.ESCAPE)
    browser.press("/")
    assert browser.focus == "q"
    browser.leaves("buoi", Keys.ENTER)
    assert len(browser.all("[data-line]")) == 4
    assert [desk.state(one) for one in (third, fourth)] == ["TAGGED", "TAGGED"]


def test_a_text_is_checked_while_it_is_written(desk: DeskOffice, browser: Chromium) -> None:
    number = desk.waiting(texts=BAD)
    browser.log_in(desk, "Lan")
    browser.leaves("j", Keys.ENTER)
    marked = [one.text for one in browser.all("mark.fault")]
    assert marked == ["0.01", "0,1"]
    browser.press("e")
    assert browser.focus == "text-summary", "the first that fails"
    browser.press(Keys.CONTROL + "a")
    browser.press("Bản dịch còn thiếu con số")
    browser.until(lambda: "thiếu 0.01" in browser.one("#checked-summary").text)
    browser.press(Keys.CONTROL + "a")
    browser.press(GOOD[3].text)
    browser.until(lambda: "Đạt mọi mục kiểm tra" in browser.one("#checked-summary").text)
    browser.leaves(Keys.TAB, Keys.ENTER)
    item = desk.app.store.notices.dossier(number)
    assert item.text("summary", "vi") == GOOD[3].text
    assert browser.all("mark.fault") == []


def test_what_was_written_survives_the_end_of_a_session(desk: DeskOffice, browser: Chromium) -> None:
    number = desk.waiting()
    browser.log_in(desk, "Lan")
    browser.open(f"{desk.origin}/desk/notice/{number}")
    browser.click("#edit-title summary")
    browser.one("#text-title").clear()
    browser.one("#text-title").send_keys("Bản nháp chưa lưu")
    desk.app.store.curators.log_out_everywhere("Lan", desk.clock())
    browser.click("#edit-title form button")
    browser.until(lambda: "Phiên làm việc đã hết" in browser.one("main").text)
    browser.log_in(desk, "Lan")
    browser.open(f"{desk.origin}/desk/notice/{number}")
    assert browser.one("#text-title").get_attribute("value") == "Bản nháp chưa lưu"
    assert browser.one("#draft").is_displayed()
    browser.click("#edit-title form button")
    browser.until(lambda: "saved=title" in browser.driver.current_url and browser.ready())
    browser.open(f"{desk.origin}/desk/notice/{number}")
    assert not browser.one("#draft").is_displayed()
    assert desk.app.store.notices.dossier(number).text("title", "vi") == "Bản nháp chưa lưu"


def test_everything_works_without_scripts(desk: DeskOffice, browser: Chromium) -> None:
    number, other = desk.waiting(), desk.waiting(named("G/SPS/N/EU/9", "EU"))
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(f"{desk.origin}/desk/login")
        browser.one("#name").send_keys("Lan")
        browser.one("#password").send_keys("bưởi năm roi chín sớm")
        browser.click("form.login button")
        browser.until(lambda: browser.path == "queue")
        browser.click("h2 a")
        browser.until(lambda: browser.path == f"notice/{number}")
        browser.click("#edit-title summary")
        browser.click("#edit-title [formaction]")
        browser.until(lambda: "Đạt mọi mục kiểm tra" in browser.one("main").text)
        browser.click("main form button")
        browser.until(lambda: "saved=title" in browser.driver.current_url)
        browser.click("#accept")
        browser.until(lambda: browser.path.startswith(f"notice/{other}"))
        assert desk.state(number) == "ACCEPTED"
        browser.click("#undo")
        browser.until(lambda: browser.path.startswith(f"notice/{number}"))
        assert desk.state(number) == "HELD"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
