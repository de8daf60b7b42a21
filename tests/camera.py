"""Takes pictures of pages at the width of a telephone and of a desk, small enough to be kept."""

import sys
from dataclasses import dataclass
from pathlib import Path

from browser import Chromium
from PIL import Image

WIDTHS = {390: 1800, 1280: 1000}
"""Width → height of the picture, in pixels."""

COLOURS = 96
"""Text on paper with a few inks looks the same in so many colours, at a third of the size."""


@dataclass(frozen=True)
class Camera:
    """A browser, and the folder for the pictures."""

    window: Chromium
    out: Path

    def shoot(self, name: str, address: str = "", bottom: str = "") -> None:
        """A picture of the page that is open, or of an address; ``bottom``: what to scroll to first."""
        window = self.window
        if address:
            window.open(address)
        window.until(window.ready)
        # What is said aloud is written a moment after the page is there.
        window.until(lambda: not window.all("#done:has(button) p") or window.one("#done p").text)
        for width, height in WIDTHS.items():
            window.size(width, height)
            if bottom:
                window.script("document.querySelector(arguments[0]).scrollIntoView()", bottom)
            window.driver.execute_async_script("document.fonts.ready.then(arguments[0])")
            picture = self.out / f"{name}-{width}.png"
            window.driver.save_screenshot(str(picture))
            with Image.open(picture) as taken:
                small = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(picture, optimize=True)
            sys.stdout.write(f"{picture}\n")
