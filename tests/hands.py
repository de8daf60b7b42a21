"""Two ways to work at a page in a browser: with a mouse, and with nothing but keys.

A control is named by a selector. Keys reach it by Tab alone, as somebody would who has no mouse: what Tab does not come
to, what shows no focus and what lies behind something else fails the test. Scripts only look, they do nothing.
"""

from abc import ABC, abstractmethod

from browser import Chromium
from curators import PASSWORD
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

STOPS = 400
"""No page has more controls: after so many Tabs a control is not there for the keyboard."""

SEEN = """
const one = document.activeElement, box = one.getBoundingClientRect();
const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
return getComputedStyle(one).outlineStyle !== "none" && top !== null && (one.contains(top) || top.contains(one));
"""
"""Whether what has the focus shows it, and nothing lies over it (WCAG 2.4.7, 2.4.11)."""


class Hand(ABC):
    """What a person does at a page."""

    def __init__(self, browser: Chromium) -> None:
        self.browser = browser

    @abstractmethod
    def use(self, selector: str) -> None:
        """A button, a link, the head of something folded."""

    @abstractmethod
    def tick(self, selector: str) -> None:
        """A box to tick."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None:
        """Write into a field, over what stands there."""

    @abstractmethod
    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""

    @abstractmethod
    def accept(self) -> None:
        """Accept the notice that is open."""

    @abstractmethod
    def reject(self, why: str) -> None:
        """Reject it."""

    @abstractmethod
    def undo(self) -> None:
        """Take back what was done last."""

    @abstractmethod
    def open_line(self, number: int) -> None:
        """Open a notice of the queue, by its place."""

    @abstractmethod
    def edit_line(self, number: int) -> None:
        """Open a notice of the queue to edit the text that failed its checks."""

    def go(self, selector: str) -> None:
        """Use what leads to another page, and wait for that."""
        self.turns(lambda: self.use(selector))

    def turns(self, deed: object) -> None:
        """Do something that leads to another page, and wait for that."""
        assert callable(deed)
        page = self.browser.one("html").id
        deed()
        self.browser.until(lambda: self.browser.one("html").id != page and self.browser.ready())

    def shown(self, selector: str) -> WebElement:
        """The control, as soon as it is there and can be seen."""

        def seen() -> WebElement | None:
            one = self.browser.one(selector)
            return one if one.is_displayed() else None

        found: WebElement = self.browser.until(seen)
        return found

    def log_in(self, name: str) -> None:
        """On the page that asks for it."""
        self.write("#name", name)
        self.write("#password", PASSWORD)
        self.go("form.login button")


class Mouse(Hand):
    """Clicks, and writes where it clicked."""

    def shown(self, selector: str) -> WebElement:
        """The control, in the middle of the window, as a wheel brings it there."""
        one = super().shown(selector)
        self.browser.script("arguments[0].scrollIntoView({block: 'center'})", one)
        return one

    def use(self, selector: str) -> None:
        self.shown(selector).click()

    def tick(self, selector: str) -> None:
        self.shown(selector).click()

    def write(self, selector: str, text: str) -> None:
        field = self.shown(selector)
        field.click()
        field.send_keys(Keys.CONTROL + "a", Keys.NULL, text)

    def choose(self, selector: str, value: str) -> None:
        Select(self.shown(selector)).select_by_value(value)

    def accept(self) -> None:
        self.go("#accept")

    def reject(self, why: str) -> None:
        self.use("#rejecting summary")
        self.write("#reject-why", why)
        self.go("#rejecting button")

    def undo(self) -> None:
        self.go("#undo")

    def open_line(self, number: int) -> None:
        self.go(f"#lines > li:nth-child({number}) h2 a")

    def edit_line(self, number: int) -> None:
        self.open_line(number)
        self.use(".text:has(.faults) details.edit > summary")


class Keyboard(Hand):
    """Keys where the focus is; nothing else."""

    def press(self, *keys: str) -> None:
        ActionChains(self.browser.driver).send_keys(*keys).perform()

    def reach(self, selector: str) -> None:
        """Go there by Tab, from where the focus is."""
        wanted, driver = self.shown(selector), self.browser.driver
        for _ in range(STOPS):
            if driver.switch_to.active_element == wanted:
                break
            self.press(Keys.TAB)
        else:
            raise AssertionError(f"Tab does not come to {selector} on {driver.current_url}")
        assert self.browser.script(SEEN), f"the focus on {selector} is not seen on {driver.current_url}"

    def use(self, selector: str) -> None:
        self.reach(selector)
        self.press(Keys.ENTER)

    def tick(self, selector: str) -> None:
        self.reach(selector)
        self.press(Keys.SPACE)

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        ActionChains(self.browser.driver).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
        self.press(text)

    def choose(self, selector: str, value: str) -> None:
        self.reach(selector)
        field = Select(self.browser.one(selector))
        for _ in field.options:
            if field.first_selected_option.get_attribute("value") == value:
                return
            self.press(Keys.DOWN)
        assert field.first_selected_option.get_attribute("value") == value

    def accept(self) -> None:
        self.turns(lambda: self.press("a"))

    def reject(self, why: str) -> None:
        self.press("x")
        self.turns(lambda: self.press(why, Keys.ENTER))

    def undo(self) -> None:
        self.turns(lambda: self.press("u"))

    def open_line(self, number: int) -> None:
        self.press(*"j" * number)
        self.turns(lambda: self.press(Keys.ENTER))

    def edit_line(self, number: int) -> None:
        self.press(*"j" * number)
        self.turns(lambda: self.press("e"))
