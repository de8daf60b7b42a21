"""Every spider: its saved page beside the items that are expected from it, and its declaration.

A new folder ``tests/spiders/<name>/`` needs only ``page.<ext>``, what the source's address answered. Further pages
stand beside it under the last part of their path; ``declared.json`` is what an office declares of a feed,
``given.json`` what the spider is handed (addresses), where it cannot do without. Without ``expected.json`` the test
writes one and fails, and goes on failing until somebody has read it and deleted the line that says so.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Request, Response, TextResponse, XmlResponse

from tbt_watch.collect.options import DeclaredFeed
from tbt_watch.collect.registry import check_sources, find_source, problems_of, sources
from tbt_watch.errors import DamagedError, NotFoundError, SourceError
from tbt_watch.source.base import Batch, Downloaded, RawItem, Source, Unchanged, Yielded
from tbt_watch.source.feed import read_feed
from tbt_watch.source.paged import read_json

SAVED = Path(__file__).parent / "spiders"
DAY = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
KINDS: dict[str, type[Response]] = {
    ".json": TextResponse,
    ".rss": XmlResponse,
    ".xml": XmlResponse,
    ".htm": HtmlResponse,
    ".html": HtmlResponse,
}


def answer(request: Request, page: Path) -> Response:
    kind = KINDS.get(page.suffix, Response)
    given = {"encoding": "utf-8"} if issubclass(kind, TextResponse) else {}
    status = int(page.stem) if page.suffix == ".status" else 200
    return kind(request.url, body=page.read_bytes(), request=request, status=status, **given)


def read(spider: Source, folder: Path) -> dict[str, Any]:
    """What the spider makes of the saved pages; requests that no saved page answers are listed."""
    first, *more = spider.first()
    (page,) = folder.glob("page.*")
    waiting = [(first, page)]
    items: list[dict[str, Any]] = []
    unanswered: list[str] = []

    def ask(request: Request) -> None:
        if beside := told_answer(folder, request) or saved_answer(folder, request.url):
            waiting.append((request, beside))
        else:
            unanswered.append(" ".join(filter(None, [request.url, request.body.decode()])))

    for request in more:
        ask(request)
    while waiting:
        request, page = waiting.pop(0)
        assert request.callback is not None
        for yielded in request.callback(answer(request, page), **request.cb_kwargs):
            if isinstance(yielded, Request):
                ask(yielded)
            else:
                items += [as_json(item) for item in items_of(yielded)]
    return {"items": items, "requests": [first.url, *unanswered]}


def told_answer(folder: Path, request: Request) -> Path | None:
    """The page that ``answers.json`` names for a request: the last of a list whose other texts all stand in the
    request's address and body."""
    told = folder / "answers.json"
    asked = f"{request.url} {request.body.decode()}"
    for *parts, name in json.loads(told.read_text(encoding="utf-8")) if told.is_file() else ():
        if all(part in asked for part in parts):
            return folder / name
    return None


def saved_answer(folder: Path, url: str) -> Path | None:
    """The page that stands for an address: called like the last part of its path, with ``.html`` or not, or like that
    and its first parameter (``detail.aspx@item=7.html``)."""
    path, _, query = url.partition("?")
    last = path.rstrip("/").rsplit("/", 1)[-1]
    names = (f"{last}@{query.partition('&')[0]}.html", last, f"{last}.html")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def items_of(yielded: Yielded) -> tuple[RawItem, ...]:
    if isinstance(yielded, Batch):
        return yielded.items
    return (yielded,) if isinstance(yielded, RawItem) else ()


def as_json(item: RawItem) -> dict[str, Any]:
    return {"key": item.key, "url": item.url, "body": json.loads(json.dumps(item.body))}


@pytest.mark.parametrize("name", sorted(folder.name for folder in SAVED.iterdir()))
def test_the_saved_page_gives_the_expected_items(name: str) -> None:
    handed = SAVED / name / "given.json"
    given = json.loads(handed.read_text(encoding="utf-8")) if handed.is_file() else {}
    declared = SAVED / name / "declared.json"
    feeds = [DeclaredFeed(**json.loads(declared.read_text(encoding="utf-8")))] if declared.is_file() else []
    source = find_source(feeds[0].name if feeds else name, feeds)
    met = read(source(now=DAY, **given), SAVED / name)
    expectation = SAVED / name / "expected.json"
    if not expectation.exists():
        unread = {"unread": "Read this file line by line, then delete this line.", **met}
        expectation.write_text(json.dumps(unread, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(
            f"{expectation} was missing and has been written: read it line by line, then run this again"
        )
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    assert "unread" not in expected, (
        f"{expectation} was not read by anybody yet: its first line says what to do"
    )
    assert met == expected


def test_every_spider_has_a_saved_page() -> None:
    assert {source.name for source in sources()} == {folder.name for folder in SAVED.iterdir()}


def test_the_declarations_are_in_order() -> None:
    assert check_sources() == []


def test_a_wrong_declaration_is_named() -> None:
    class Wrong(find_source("congbao")):  # type: ignore[misc]
        hosts = ("example.org",)
        expects = (5, 1)
        country = "Viet Nam"
        frequency = "sometimes"

    problems = " ".join(problems_of(Wrong))
    for word in ("frequency", "country", "expects", "host of address"):
        assert word in problems

    class Bare(Source):
        name = "bare"

    assert "must be declared" in problems_of(Bare)[0]


def test_an_unknown_source_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no source 'epping'.*congbao, .*eping_web, eping_workbook"):
        find_source("epping")


# ── ePing's pages ───────────────────────────────────────────────────────────────────────────────────────────


def page_of(*records: dict[str, Any], total: int | None = None) -> bytes:
    return json.dumps({"items": records, "totalCount": total if total is not None else len(records)}).encode()


def web_answer(body: bytes, before: tuple[str, ...] = (), **window: Any) -> list[Yielded]:
    spider = find_source("eping_web")(now=DAY, **window)
    (request,) = spider.first()
    return list(spider.read_page(TextResponse(request.url, body=body), page=1, taken=0, before=before))  # type: ignore[attr-defined]


def record(number: int, day: str = "2025-06-20T00:00:00+00:00") -> dict[str, Any]:
    return {"id": number, "documentSymbol": f" G/TBT/N/KEN/{number}", "distributionDate": day}


def test_pages_follow_while_there_should_be_more() -> None:
    full = page_of(*(record(number) for number in range(100)), total=150)
    *items, following = web_answer(full)
    assert len(items) == 100
    assert isinstance(following, Request)
    assert "page=2&" in following.url
    assert all(isinstance(item, RawItem) for item in web_answer(page_of(record(1), total=150)))
    assert len(web_answer(page_of(*(record(number) for number in range(100)), total=100))) == 100


def test_the_window_is_asked_for_and_must_be_obeyed() -> None:
    (request,) = find_source("eping_web")(now=DAY).first()
    assert "distributionDateFrom=2025-05-19" in request.url
    assert "sortBy=distributionDate&sortDirection=desc" in request.url
    with pytest.raises(SourceError, match=r"distributed on 1999-01-01 .id 7.*filter is no longer obeyed"):
        web_answer(page_of(record(1), record(7, "1999-01-01T00:00:00")))
    with pytest.raises(SourceError, match="filter"):
        web_answer(
            page_of(record(1, "2025-06-30")),
            since=DAY.date().replace(day=1, month=6),
            until=DAY.date().replace(day=10, month=6),
        )


def test_a_page_that_repeats_is_noticed() -> None:
    with pytest.raises(SourceError, match="repeated the page before it"):
        web_answer(page_of(record(1)), before=("1",))


def test_a_record_without_id_is_kept_all_the_same() -> None:
    (item,) = web_answer(page_of({"documentSymbol": " G/TBT/N/KEN/1"}))
    assert isinstance(item, RawItem)
    assert item.key.startswith("sha256:")
    assert item.body == {"documentSymbol": " G/TBT/N/KEN/1"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><html><body>Maintenance</body></html>", "an HTML page where JSON was due"),
        (b"<?xml version='1.0'?><Page/>", "XML where JSON was due"),
        (b"", "0 bytes that are no JSON"),
        (b'{"items": [', "no JSON"),
        (b"[]", "a JSON list where an object was due"),
        (b'{"results": [], "totalCount": 0}', "without items .it has results, totalCount"),
        (b'{"items": {"a": 1}, "totalCount": 0}', "other than a list of records"),
        (b'{"items": [1], "totalCount": 0}', "other than a list of records"),
    ],
)
def test_what_is_no_page_is_named(body: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        web_answer(body)


def test_read_json_needs_its_keys() -> None:
    response = TextResponse("https://a.example/x", body=b'{"a": 1}')
    assert read_json(response, ("a",)) == {"a": 1}
    with pytest.raises(SourceError, match=r"https://a.example/x answered JSON without b, c"):
        read_json(response, ("a", "b", "c"))


def test_a_saved_page_can_be_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(page_of(record(1), record(2)))
    assert [item.key for item in find_source("eping_web")(now=DAY).read_file(path)] == ["1", "2"]


# ── the workbook ────────────────────────────────────────────────────────────────────────────────────────────


def workbook_answer(**given: Any) -> list[Yielded]:
    spider = find_source("eping_workbook")(now=DAY, **given)
    body = (SAVED / "eping_workbook/page.xlsx").read_bytes()
    return list(spider.read(Response("https://eping.wto.org/x.xlsx", body=body, headers={"ETag": '"7"'})))


def test_a_workbook_says_at_its_end_that_it_was_read() -> None:
    *batches, last = workbook_answer()
    assert [type(batch) for batch in batches] == [Batch]
    assert isinstance(last, Downloaded)
    assert last.etag == '"7"'
    assert len(last.sha256) == 64


def test_a_workbook_that_was_read_is_not_read_again() -> None:
    (said,) = workbook_answer(seen=lambda _: True)
    assert isinstance(said, Unchanged)


def test_what_stood_before_damage_is_handed_on() -> None:
    spider = find_source("eping_workbook")(now=DAY)
    whole = (SAVED / "eping_workbook/page.xlsx").read_bytes()
    answers = spider.read(Response("https://eping.wto.org/x.xlsx", body=whole[:-30]))
    assert len(items_of(next(answers))) == 6
    with pytest.raises(DamagedError, match=r"cut short.*6 rows"):
        next(answers)


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────────────────

FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><title></title><link>/van-ban/a-1.htm</link>'
    b"<description><![CDATA[<b>An to\xc3\xa0n</b> &amp; ]]></description></item></channel></rss>"
)


def test_entries_are_word_for_word_and_links_absolute() -> None:
    (entry,) = read_feed(FEED, "https://a.example/feed.rss")
    assert entry == {"link": "https://a.example/van-ban/a-1.htm", "summary": "<b>An toàn</b> &amp;"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "answered nothing"),
        (b"<html><body>404</body></html>", "an HTML page where a feed was due"),
        (b"<rss><channel></channel></rss>", "a feed without entries"),
        (b"/etc/hostname", "something that is no feed"),
        (b"https://a.example/other.rss", "something that is no feed"),
    ],
)
def test_a_feed_without_entries_is_an_error(body: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        list(read_feed(body, "https://a.example/feed.rss"))


def test_a_feed_that_is_cut_short_gives_its_entries_first() -> None:
    entries = read_feed(FEED.replace(b"</channel></rss>", b"<item><tit"), "https://a.example/feed.rss")
    assert next(entries)["summary"] == "<b>An toàn</b> &amp;"
    with pytest.raises(DamagedError, match="cut short"):
        list(entries)


def test_a_detail_page_without_its_number_is_an_error() -> None:
    spider = find_source("congbao")(now=DAY)
    page = HtmlResponse(
        "https://congbao.chinhphu.vn/van-ban/a-1.htm", body=b"<html><p>Xin ch\xc3\xa0o</p></html>"
    )
    with pytest.raises(SourceError, match=r"does not state Số, ký hiệu .it states nothing"):
        list(spider.read_detail(page, entry={}))  # type: ignore[attr-defined]


def test_a_document_that_is_gone_keeps_its_entry() -> None:
    spider = find_source("congbao")(now=DAY)
    page = HtmlResponse("https://congbao.chinhphu.vn/van-ban/a-1.htm", status=404)
    (item,) = spider.read_detail(page, entry={"link": "https://congbao.chinhphu.vn/van-ban/a-1.htm?utm=1"})  # type: ignore[attr-defined]
    assert item.key == "https://congbao.chinhphu.vn/van-ban/a-1.htm"
    assert set(item.body) == {"entry"}
