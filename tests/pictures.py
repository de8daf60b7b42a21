"""Pictures of the sample's bulletin at the width of a telephone and of a desk: `make pictures`.

Takes the site's folder and the folder for the pictures. Needs Chromium and a font with flags
(Debian: apt-get install chromium fonts-noto-color-emoji).
A window narrower than 500 pixels is laid out 500 wide by Chromium and cut off; so the page stands in a frame of
the wanted width, which it takes for its window.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTHS = {390: 1800, 1280: 960}
"""Width → height of the picture, in pixels."""

FRAME = """<!doctype html><title>frame</title>
<body style="margin:0"><iframe src="{page}" style="border:0;width:{width}px;height:{height}px"></iframe>"""


def browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("make pictures: no Chromium was found; install it, on Debian with: apt-get install chromium")


def shoot(page: Path, width: int, height: int, picture: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.html"
        frame.write_text(
            FRAME.format(page=page.resolve().as_uri(), width=width, height=height), encoding="utf-8"
        )
        subprocess.run(
            [
                browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", f"--window-size={width},{height}",
                f"--screenshot={folder}/shot.png", frame.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        shutil.move(Path(folder) / "shot.png", picture)


def first_notice(front: Path) -> Path | None:
    """The first page that the front page links to under the symbol of a notice."""
    text = front.read_text(encoding="utf-8")
    for link in re.findall(r'href="([^":#?]+)"', text):
        page = front.parent / link
        page = page / "index.html" if page.is_dir() else page
        if re.search(r"g[-/](?:tbt|sps)[-/]n", link, re.IGNORECASE) and page.is_file():
            return page
    return None


def main(site: Path, out: Path) -> None:
    fronts = sorted(site.rglob("index.html"), key=lambda path: len(path.parts))
    if not fronts:
        sys.exit(f"make pictures: {site} holds no bulletin; run `make run` first")
    pages = {"front": fronts[0], "notice": first_notice(fronts[0])}
    pages |= {"edition": next(iter(sorted(site.glob("ban-tin/*/so-*/index.html"))), None)}
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        for width, height in WIDTHS.items():
            if page is not None:
                shoot(page, width, height, out / f"{name}-{width}.png")
                sys.stdout.write(f"{out / f'{name}-{width}.png'}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
