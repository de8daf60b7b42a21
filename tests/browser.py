"""A real browser for tests: Debian's Chromium, driven by selenium, and axe-core to look at a page's accessibility."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from curators import PASSWORD, DeskOffice
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

AXE = Path(__file__).resolve().parent / "npm" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Chromium:
    """A window of a browser, and what a person does with it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        self.driver.get(address)

    @property
    def path(self) -> str:
        return self.driver.current_url.split("/desk/", 1)[-1]

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        """Click what the page shows, as soon as it is there."""

        def clicked() -> bool:
            try:
                self.one(selector).click()
            except (NoSuchElementException, StaleElementReferenceException):
                return False
            return True

        self.until(clicked)

    def press(self, *keys: str) -> None:
        """Keys where the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def until(self, what: Any, seconds: float = 60) -> Any:
        """Wait for it."""
        passing = (NoSuchElementException, StaleElementReferenceException)
        return WebDriverWait(self.driver, seconds, ignored_exceptions=passing).until(lambda _: what())

    def leaves(self, *keys: str) -> None:
        """Press keys that lead to another page, and wait for it."""
        page = self.one("html")
        self.press(*keys)
        self.until(lambda: page.id != self.one("html").id and self.ready())

    def ready(self) -> bool:
        return bool(self.script("return document.readyState") == "complete")

    def script(self, text: str, *given: object) -> Any:
        return self.driver.execute_script(text, *given)

    @property
    def focus(self) -> str:
        return str(self.script("return document.activeElement.id || document.activeElement.tagName"))

    def log_in(self, desk: DeskOffice, name: str) -> None:
        """By keyboard alone."""
        self.open(f"{desk.origin}/desk/queue")
        assert self.focus == "name"
        self.press(name, Keys.TAB)
        self.leaves(PASSWORD, Keys.ENTER)

    def size(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """The size of the page, and whether its reader likes it dark."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        wish = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wish})

    def faults(self) -> list[str]:
        """What axe-core holds against the page: rule, weight and places."""
        if not AXE.is_file():
            pytest.skip("axe-core is not there: (cd tests/npm && npm ci)")
        if not self.script("return 'axe' in window"):
            self.script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[1];"
            " axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
            ".then((all) => done(all.violations));",
            RULES,
        )
        return [
            f"{one['impact']} {one['id']}: {[node['html'][:150] for node in one['nodes'][:3]]}"
            for one in found
        ]

    def too_wide(self) -> bool:
        """Whether the page must be pushed aside to be read."""
        return bool(
            self.script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """A browser with a profile of its own. Skips the test where there is none."""
    binary = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("Chromium or its driver is not there: apt-get install chromium chromium-driver")
    options = Options()
    options.binary_location = binary
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
        "--disable-background-networking", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):  # the driver listens on loopback, where no proxy leads
            patch.setenv(name, "*")
        browser = webdriver.Chrome(options=options, service=Service(driver))
        try:
            browser.set_script_timeout(60)
            yield Chromium(browser)
        finally:
            browser.quit()
