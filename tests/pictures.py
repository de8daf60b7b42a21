"""Pictures of every kind of page of the sample's bulletin, 390 and 1280 pixels wide: `make pictures`.

Takes the site's folder and the folder for the pictures. Needs Chromium and its driver and a font with flags
(Debian: apt-get install chromium chromium-driver fonts-noto-color-emoji), and selenium.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from browser import chromium
from camera import Camera
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tbt_watch.web.server import serving

PAGES = {
    "front": "index.html",
    "edition": "ban-tin/*/so-*/index.html",
    "editions": "ban-tin/index.html",
    "open": "gop-y/index.html",
    "sectors": "linh-vuc/index.html",
    "sector": "linh-vuc/processed-food/index.html",
    "market": "thi-truong/EU/index.html",
    "topic": "chu-de/labelling/index.html",
    "regulations": "van-ban/index.html",
    "regulation": "van-ban/*/*/*/index.html",
    "law-field": "van-ban/linh-vuc/standards-quality/index.html",
    "year": "luu-tru/????/index.html",
    "month": "luu-tru/????-??/index.html",
    "statistics": "thong-ke/index.html",
    "follow": "theo-doi/index.html",
    "data": "du-lieu/index.html",
    "translation": "dich-thuat/index.html",
    "accessibility": "tro-nang/index.html",
    "about": "gioi-thieu/index.html",
    "search": "tim-kiem/index.html",
    "missing": "404.html",
}
"""What each picture is called, and the page: the first that is called so."""


def first_notice(front: Path) -> Path | None:
    """The first page that the front page links to under the symbol of a notice."""
    text = front.read_text(encoding="utf-8")
    for link in re.findall(r'href="([^":#?]+)"', text):
        page = front.parent / link
        page = page / "index.html" if page.is_dir() else page
        if re.search(r"g[-/](?:tbt|sps)[-/]n", link, re.IGNORECASE) and page.is_file():
            return page
    return None


def main(sample: Path, out: Path) -> None:
    site = sample.resolve() / "bulletin"
    if not (site / "index.html").is_file():
        sys.exit(f"make pictures: {site} holds no bulletin; run `make run` first")
    pages = {name: next(iter(sorted(site.glob(path))), None) for name, path in PAGES.items()}
    pages["notice"] = first_notice(site / "index.html")
    out.mkdir(parents=True, exist_ok=True)
    files = Starlette(routes=[Mount("/", StaticFiles(directory=site))])
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(files, "127.0.0.1", 0) as (_, port),
        chromium(Path(folder)) as window,
    ):
        camera = Camera(window, out)
        for name, page in pages.items():
            address = f"http://127.0.0.1:{port}/{page.relative_to(site).as_posix()}" if page else ""
            if name == "search":
                window.open(f"{address}?q=dien%20tu")
                window.until(lambda: window.all("#found li"))
                camera.shoot(name)
            elif address:
                camera.shoot(name, address)


if __name__ == "__main__":
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    main(Path(sys.argv[1]), Path(sys.argv[2]))
