"""How Công báo (congbao.chinhphu.vn) answers: the feed, the detail pages, the lists."""

import html
import re
from http import HTTPStatus

from tbt_watch.sample.bundle import DETAIL_PREFIX, Edition
from tbt_watch.sample.exchange import Answer, Request, missing

HOSTS = frozenset({"congbao.chinhphu.vn"})
ROBOTS: tuple[str, ...] = ()
"""The gazette closes nothing to robots."""

FEED = "/cac-van-ban-moi-ban-hanh.rss"
BARE_FEED = "/rss"
LISTS = "/van-ban-dang-cong-bao/"
ROWS = 10
XML = "text/xml; charset=utf-8"
NO_ITEMS = b'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel></channel></rss>\n'


def answer(request: Request, edition: Edition) -> Answer:
    """What the gazette says to ``request``; a document nobody has is a 404, a list page too far is not."""
    path = request.path.rstrip("/")
    if path == FEED:
        return Answer(body=edition.feed, content_type=XML)
    if path == BARE_FEED:
        return Answer(body=NO_ITEMS, content_type=XML)
    if path.startswith(DETAIL_PREFIX):
        # An address may carry the number of the gazette's issue after the document: …-470155/12345.htm
        page = edition.pages.get(re.sub(r"/\d+\.htm$", ".htm", path))
        return Answer(body=page) if page is not None else missing("Không tìm thấy trang")
    if path.startswith(LISTS):
        return _list_page(path.removeprefix(LISTS), edition)
    return missing("Không tìm thấy trang")


def _list_page(path: str, edition: Edition) -> Answer:
    """Ten rows of a list; a page beyond the end repeats the last one, and ``?page=`` means nothing."""
    found = re.fullmatch(r"([a-z0-9-]+)-[lc]\d+(?:/trang-(\d+))?\.htm", path)
    if found is None:
        return missing("Không tìm thấy trang")
    kind, number = found.group(1), int(found.group(2) or 1)
    paths = sorted(edition.pages, key=_document_id, reverse=True)
    mine = [one for one in paths if one.startswith(f"{DETAIL_PREFIX}{kind}-so-")] or paths
    last = max((len(mine) + ROWS - 1) // ROWS, 1)
    start = (min(max(number, 1), last) - 1) * ROWS
    rows = "\n".join(_row(one, edition.pages[one]) for one in mine[start : start + ROWS])
    return Answer(
        status=HTTPStatus.OK,
        body=f"<!DOCTYPE html>\n<html lang='vi'><body>\n<ul>\n{rows}\n</ul>\n</body></html>\n".encode(),
    )


def _document_id(path: str) -> int:
    found = re.search(r"-(\d+)\.htm$", path)
    return int(found.group(1)) if found else 0


def _row(path: str, page: bytes) -> str:
    found = re.search(r'property="og:title" content="([^"]*)"', page.decode())
    title = html.unescape(found.group(1)) if found else path
    return f'<li><a href="{path}">{html.escape(title)}</a></li>'
