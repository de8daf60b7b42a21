"""What was written at an edition, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import Chromium, chromium
from cast import POMELO, named
from curators import CONFIG, DeskOffice, desk_office

from tbt_watch import curate

pytestmark = pytest.mark.slow
OTHER = named("G/SPS/N/EU/1235", "EU")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    site = (tmp_path / "site").as_posix()
    with desk_office(tmp_path, f'{CONFIG}\n[bulletin]\nfolder = "{site}"\n') as one:
        one.account("Lan", "admin")
        for notice in (POMELO, OTHER):
            item = one.app.store.notices.dossier(one.waiting(notice))
            curate.decide(one.app.store, item, "accepted", "Lan", one.clock(), "")
        yield one


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    with chromium(tmp_path) as one:
        one.size(1280)
        yield one


def test_what_was_typed_survives_a_lost_line_and_another_person(desk: DeskOffice, browser: Chromium) -> None:
    browser.log_in(desk, "Lan")
    made = desk.app.editions.new("bulletin", "Lan", desk.clock())
    number = made.id or 0
    page = f"{desk.origin}/desk/editions/{number}"
    kept = f"return sessionStorage.getItem('desk-edition-{number}')"
    browser.open(page)
    assert not browser.one("#draft").is_displayed()
    browser.script("document.getElementById('words').focus()")
    browser.press("Chưa kịp lưu")
    browser.until(lambda: "Chưa kịp lưu" in (browser.script(kept) or ""))
    browser.driver.execute_cdp_cmd("Network.enable", {})
    lost = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", lost)
    browser.click("form.making button[value=save]")
    browser.until(lambda: not browser.all("form.making"))
    assert desk.app.store.bulletins.get(number).words == ""
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", lost | {"offline": False})
    browser.open(page)
    assert browser.one("#words").get_attribute("value") == "Chưa kịp lưu"
    assert browser.one("#draft").is_displayed()

    theirs = replace(desk.app.store.bulletins.get(number), words="Lời của Minh")
    desk.app.editions.save(theirs, "Minh", desk.clock())
    browser.open(page)
    assert browser.one("#words").get_attribute("value") == "Chưa kịp lưu"
    browser.click("form.making button[value=save]")
    browser.until(lambda: "Lời của Minh" in browser.one("main").text)
    assert desk.app.store.bulletins.get(number).words == "Lời của Minh", "nothing is overwritten unseen"
    browser.click("main form button[value=save]")
    browser.until(lambda: "did=saved" in browser.driver.current_url and browser.ready())
    assert desk.app.store.bulletins.get(number).words == "Chưa kịp lưu"
    browser.until(lambda: browser.script(kept) is None)
    assert not browser.one("#draft").is_displayed()
