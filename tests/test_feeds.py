"""Feeds of every kind: what an office declares, feedparser's own dialects, hostile ones, and the second poll."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Request, Response

from tbt_watch.app import open_app
from tbt_watch.collect.crawl import crawl
from tbt_watch.collect.keep import StoreSink, raw_record
from tbt_watch.collect.options import CrawlOptions, CrawlReport, DeclaredFeed
from tbt_watch.collect.registry import check_sources, find_source, names, problems_of, sources
from tbt_watch.collect.runner import run_source
from tbt_watch.config import load_config
from tbt_watch.errors import ConfigError, DamagedError, ReadingError, SourceError, UsageError
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise
from tbt_watch.normalise.article import read_news
from tbt_watch.source.base import Downloaded, RawItem, Unchanged
from tbt_watch.source.feed import bare_entries
from tbt_watch.source.news import NewsFeedSource, keys_of, without_tracking
from tbt_watch.store import Store

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
OFFICE = DeclaredFeed(
    name="so_cong_thuong",
    title="Sở Công Thương",
    address="https://www.sct.example.vn/feed",
    language="vi",
    home="https://sct.example.vn/",
)


def reader() -> NewsFeedSource:
    spider = find_source(OFFICE.name, [OFFICE])(now=NOW)
    assert isinstance(spider, NewsFeedSource)
    return spider


def items(body: bytes) -> list[RawItem]:
    """What is read of a feed, whether it is whole or cut short; a feed that is none gives nothing."""
    found: list[RawItem] = []
    try:
        for item in reader().entries(body, OFFICE.address):
            found.append(item)  # noqa: PERF402 - what stood before an error counts
    except SourceError:
        pass
    return found


def rss(*entries: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    listed = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'{head}<rss version="2.0"><channel><title>F</title>{listed}</channel></rss>'.encode()


# ── a declared feed is a source ─────────────────────────────────────────────────────────────────────────────


def test_a_declared_feed_is_a_source_of_its_own() -> None:
    assert OFFICE.name in names([OFFICE])
    assert OFFICE.name not in names()
    (found,) = (one for one in sources([OFFICE]) if one.name == OFFICE.name)
    assert (found.title, found.address, found.home, found.language) == (
        OFFICE.title,
        OFFICE.address,
        OFFICE.home,
        "vi",
    )
    assert set(found.hosts) == {"www.sct.example.vn", "sct.example.vn"}
    assert problems_of(found) == []
    assert check_sources([OFFICE]) == []
    spider = found(now=NOW)
    (request,) = spider.first()
    assert request.url == OFFICE.address


def test_declared_feeds_travel_to_the_child() -> None:
    options = CrawlOptions(now=NOW, feeds=(OFFICE,))
    assert CrawlOptions.from_json(json.loads(json.dumps(options.to_json()))) == options


def test_a_declared_feed_is_crawled_in_its_own_process(
    store: Store, language: Language, httpserver: Any, tmp_path: Path
) -> None:
    body = rss(
        "<title>Tin</title><link>https://sct.example.vn/1</link><pubDate>Thu, 19 Nov 2026 08:00:00 +0700</pubDate>"
    )
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow:\n")
    httpserver.expect_request("/feed").respond_with_data(body, content_type="application/rss+xml")
    options = CrawlOptions(
        now=NOW,
        feeds=(OFFICE,),
        hosts={"www.sct.example.vn": httpserver.url_for("")},
        only_hosts=True,
        delay=0.0,
    )
    first = run_source(OFFICE.name, options, store.path)
    assert (first.new, first.issues) == (1, ())
    second = run_source(OFFICE.name, options, store.path)
    assert (second.new, second.unchanged) == (0, True)
    assert normalise.run(store, language, NOW).done == 1
    (item,) = store.notices.every("article")
    assert item.notice.sources == (OFFICE.name,)
    assert item.notice.members == ("Sở Công Thương",)


def config(folder: Path, feed: str, enabled: str = '["congbao", "so_cong_thuong"]') -> Path:
    path = folder / "config.toml"
    path.write_text(f"[sources]\nenabled = {enabled}\n{feed}", encoding="utf-8")
    return path


FEED = """
[[sources.feeds]]
name = "so_cong_thuong"
title = "Sở Công Thương"
address = "https://www.sct.example.vn/feed"
language = "vi"
home = "https://sct.example.vn/"
"""


def test_an_office_declares_feeds_in_its_configuration(tmp_path: Path) -> None:
    with open_app(load_config(config(tmp_path, FEED), {}), lambda: NOW) as app:
        assert app.feeds == (OFFICE,)
        assert app.source_titles == {
            "congbao": "Công báo: văn bản mới ban hành",
            OFFICE.name: "Sở Công Thương",
        }
        assert app.crawl_options(CrawlOptions(now=NOW)).feeds == (OFFICE,)
        assert [one.name for one in app.health] == ["congbao", OFFICE.name]


@pytest.mark.parametrize(
    ("feed", "enabled", "says"),
    [
        (FEED.replace("so_cong_thuong", "congbao"), '["congbao"]', r"a source 'congbao' already"),
        (FEED + FEED, '["congbao"]', r"a source 'so_cong_thuong' already"),
        (FEED, '["feed"]', r"there is no 'feed'"),
        (FEED, '["so_cong_thuog"]', r"did you mean 'so_cong_thuong'"),
        (FEED.replace("so_cong_thuong", "Sở Công Thương"), "[]", r"feeds\.1\] name: .*small letters"),
        (
            FEED.replace("https://www.sct.example.vn/feed", ""),
            "[]",
            r"feeds\.1\] address: .*must be filled in",
        ),
        (FEED.replace("https://www", "ftp://www"), "[]", r"feeds\.1\] address: .*begins with https"),
        (FEED.replace('"vi"', '"zh"'), "[]", r"feeds\.1\] language: "),
        (FEED.replace("title", "titel"), "[]", r"did you mean title"),
        ("feeds = 3", "[]", r"begin with \[\[sources\.feeds\]\]"),
        ("feeds = [3]", "[]", r"feeds\.1"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said(tmp_path: Path, feed: str, enabled: str, says: str) -> None:
    with (
        pytest.raises(ConfigError, match=says),
        open_app(load_config(config(tmp_path, feed, enabled), {}), lambda: NOW),
    ):
        pass


# ── files, and the second poll ──────────────────────────────────────────────────────────────────────────────


class Pile:
    """A sink that remembers what it was given, as the store does."""

    def __init__(self, store: Store) -> None:
        self._sink = StoreSink(store.raw, "feed", NOW)

    def read(self, *files: Path) -> CrawlReport:
        return crawl("feed", CrawlOptions(now=NOW, files=files, fresh=True), self._sink)


def test_any_feed_is_read_from_files_and_nothing_twice(store: Store, tmp_path: Path) -> None:
    rss_file, atom_file = tmp_path / "a.xml", tmp_path / "b.xml"
    rss_file.write_bytes(
        rss("<title>Một</title><link>https://a.vn/1</link>", "<title>Hai</title><link>https://a.vn/2</link>")
    )
    atom_file.write_bytes(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ba</title><id>x:3</id></entry></feed>'
    )
    pile = Pile(store)
    assert pile.read(rss_file, atom_file).new == 3
    assert pile.read(rss_file, atom_file).new == 0
    rss_file.write_bytes(
        rss(
            "<title>Một</title><link>https://a.vn/1?utm_source=x</link>",
            "<title>Bốn</title><link>https://a.vn/4</link>",
        )
    )
    report = pile.read(rss_file)
    assert (report.new, report.changed) == (1, 1)


def test_the_feed_source_itself_has_no_address() -> None:
    with pytest.raises(UsageError, match=r"\[\[sources.feeds\]\]"):
        crawl("feed", CrawlOptions(now=NOW), None)  # type: ignore[arg-type]


def test_what_did_not_change_is_not_read() -> None:
    body = rss("<title>Một</title><link>https://a.vn/1</link>")
    request = Request(OFFICE.address)
    answer = Response(
        OFFICE.address, body=body, request=request, headers={"ETag": '"7"', "Last-Modified": "x"}
    )
    item, done = reader().read(answer)
    assert isinstance(item, RawItem)
    assert isinstance(done, Downloaded)
    assert (done.etag, done.modified) == ('"7"', "x")
    spider = find_source(OFFICE.name, [OFFICE])(now=NOW, seen=lambda digest: digest == done.sha256)
    assert [type(one) for one in spider.read(answer)] == [Unchanged]
    not_modified = Response(OFFICE.address, status=304, request=request)
    assert [type(one) for one in reader().read(not_modified)] == [Unchanged]


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("link", "clean"),
    [
        ("https://a.vn/tin?id=7&utm_source=rss", "https://a.vn/tin?id=7"),
        ("https://a.vn/tin?utm_source=rss#2", "https://a.vn/tin#2"),
        ("https://a.vn/index.jsp?pageId=8&cid=1294", "https://a.vn/index.jsp?pageId=8&cid=1294"),
        ("https://a.vn/tin?fbclid=x&Q=%C3%A1", "https://a.vn/tin?Q=%C3%A1"),
        ("http://[hỏng", "http://[hỏng"),
        ("", ""),
    ],
)
def test_addresses_without_tracking(link: str, clean: str) -> None:
    assert without_tracking(link) == clean


def test_the_key_of_an_entry_does_not_depend_on_its_neighbours_or_its_wording() -> None:
    one, two = {"link": "https://a.vn/1", "title": "A"}, {"link": "https://a.vn/2", "title": "B"}
    assert keys_of([one, two]) == ["https://a.vn/1", "https://a.vn/2"]
    assert keys_of([two, {**one, "title": "A (sửa)"}]) == ["https://a.vn/2", "https://a.vn/1"]
    shared = [{"link": "https://a.vn/", "id": name, "title": name} for name in ("x", "y")]
    assert len(set(keys_of(shared))) == 2
    assert keys_of(shared) == keys_of(shared[::-1])[::-1]
    assert keys_of([{**entry, "title": "Z"} for entry in shared]) == keys_of(shared)
    same_id = [{**entry, "id": "x"} for entry in shared]
    assert len(set(keys_of(same_id))) == 2
    assert len(set(keys_of([one, one]))) == 1
    assert len(set(keys_of([{"title": "A"}, {"title": "B"}]))) == 2


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30)
links = st.one_of(
    st.sampled_from(
        ["", "/", "https://sct.example.vn/", "http://[x", "//", "javascript:alert(1)", "?id=1", "tin/2"]
    ),
    st.builds(
        lambda path, n: f"https://sct.example.vn/{path}?id={n}", st.text("ab/", max_size=4), st.integers(0, 3)
    ),
)
entry = st.tuples(words, links, st.sampled_from(["", "x", "y"]))


def mended(text: str) -> str:
    """UTF-8 that somebody took for Latin-1 and encoded once more is put right by feedparser: "Â¡" is "¡"."""
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


@given(st.lists(entry, max_size=8))
def test_no_entry_with_title_and_link_is_lost_and_none_comes_twice(
    entries: list[tuple[str, str, str]],
) -> None:
    body = rss(
        *(
            f"<title>{escape(title)}</title><link>{escape(link)}</link>"
            + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
            for title, link, guid in entries
        )
    )
    first, second = items(body), items(body)
    assert first == second
    kept = {item.key: item.body["entry"] for item in first}
    told = {" ".join(mended(title).split()) for title, link, _ in entries if title.strip() and link}
    assert told <= {" ".join(str(one.get("title", "")).split()) for one in kept.values()}  # type: ignore[union-attr]
    assert all(item.url.strip() and item.key for item in first)


# ── hostile and broken ones ─────────────────────────────────────────────────────────────────────────────────

ONE = "<title>Tin</title><link>https://a.vn/1</link>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
HOSTILE: dict[str, tuple[bytes, int]] = {
    "entities within entities": (rss("<title>&m;</title><link>https://a.vn/1</link>", head=LAUGHS), 0),
    "an outside entity": (rss("<title>&x;Tin</title><link>https://a.vn/1</link>", head=OUTSIDE), 1),
    "nested deep": (rss(ONE + "<description>" + "<b>" * 20_000 + "</description>"), 1),
    "an address that is none": (rss("<title>Tin</title><link>http://[::1</link>", ONE), 2),
    "bare ampersands": (rss("<title>A & B</title><link>https://a.vn/1?a=1&b=2</link>"), 1),
    "an unclosed tag": (rss("<title>A<title><link>https://a.vn/1</link>"), 1),
    "cut in the middle": (rss(ONE, "<title>Hai</title><link>https://a.vn/2</link>")[:-60], 1),
    "junk before it": (b"\n\n<!-- x -->\xef\xbb\xbf" + rss(ONE, head=""), 1),
    "junk behind it": (rss(ONE) + b"<script>count()</script>\n<br />Warning: mysql", 1),
    "the wrong charset": (rss(ONE.replace("Tin", "Điện"), head='<?xml version="1.0" encoding="us-ascii"?>'), 1),
    "an unknown charset": (rss(ONE, head='<?xml version="1.0" encoding="x-nowhere"?>'), 1),
    "UTF-16": (rss(ONE, head='<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"), 1),
    "nul bytes": (rss(ONE).replace(b"Tin", b"T\x00in"), 1),
    "control characters": (rss(ONE).replace(b"Tin", b"T\x08in"), 1),
    "half a surrogate": (rss("<title>&#xD800;Tin</title><link>https://a.vn/1</link>"), 1),
    "a title of a megabyte": (rss(f"<title>{'a' * 1_000_000}</title><link>https://a.vn/1</link>"), 1),
    "many entries": (rss(*(f"<title>{n}</title><link>https://a.vn/{n}</link>" for n in range(3000))), 3000),
    "no links": (rss("<title>Một</title>", "<title>Hai</title>"), 2),
    "one link for all": (rss(*(f"<title>{n}</title><link>https://a.vn/</link>" for n in range(5))), 5),
    "one guid for all": (rss(*(f"<guid>x</guid><title>{n}</title><link>https://a.vn/{n}</link>" for n in range(5))), 5),
    "a character beyond Unicode": (rss("<title>&#x110000;Tin &#99999999999;</title><link>https://a.vn/1</link>"), 1),
    "what breaks feedparser": (rss(ONE, f"<georss:point>x</georss:point>{ONE.replace('1', '2')}"), 2),
    "an empty entry": (rss("", ONE), 1),
    "nothing": (b"", 0),
    "noise": (bytes(range(256)) * 40, 0),
    "zeros": (b"\x00" * 100_000, 0),
    "a page": (b"<!DOCTYPE html><html><body><h1>503</h1></body></html>", 0),
    "JSON": (b'{"items": []}', 0),
    "a path": (b"/etc/passwd", 0),
    "a stylesheet loop": (rss(ONE, head='<?xml version="1.0"?><?xml-stylesheet href="feed"?>'), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds(name: str, store: Store, language: Language) -> None:
    body, least = HOSTILE[name]
    found = items(body)
    assert len({item.key for item in found}) >= least
    assert "root:" not in str([item.body for item in found])
    assert all(len(json.dumps(item.body)) < 8_000_000 for item in found)
    if len(found) < 100:
        store.raw.keep([raw_record(item, NOW) for item in found])
        report = normalise.run(store, language, NOW)
        assert report.done + report.waiting == len({item.key for item in found})
        assert not any(issue.kind == "bad-shape" for issue in store.issues.open_list())
        assert store.raw.keep([raw_record(item, NOW) for item in items(body)]).new == 0


def test_an_outside_entity_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy", encoding="utf-8")
    head = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM {quoteattr(secret.as_uri())}>]>'
    assert "xyzzy" not in str(items(rss("<title>&x;</title><link>https://a.vn/1</link>", head=head)))


def test_damage_is_told_after_what_was_read() -> None:
    whole = rss(ONE, "<title>Hai</title><link>https://a.vn/2</link>")
    found = reader().entries(whole[:-60], OFFICE.address)
    assert next(found).key == "https://a.vn/1"
    with pytest.raises(DamagedError, match="cut short"):
        list(found)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_bytes_within_a_feed_are_no_crash(noise: bytes, at: int) -> None:
    body = rss(ONE, "<title>Hai</title><link>https://a.vn/2</link>")
    at = min(at, len(body))
    items(body[:at] + noise + body[at:])


# ── feedparser's own ────────────────────────────────────────────────────────────────────────────────────────

OWN = Path(os.environ.get("TBT_FEEDPARSER_TESTS") or Path(__file__).parent / "feeds")


def test_feedparsers_own_feeds_are_read_without_a_crash_and_alike_twice(language: Language) -> None:
    read = 0
    for path in sorted(OWN.rglob("*")):
        if not path.is_file() or path.suffix in (".py", ".md") or path.name == "LICENSE":
            continue
        body = path.read_bytes()
        first = [raw_record(item, NOW) for item in items(body)]
        assert [one.hash for one in first] == [raw_record(item, NOW).hash for item in items(body)], path
        read += len(first)
        for record in first:
            entry = json.loads(record.body)["entry"]
            with suppress(ReadingError):  # many of the feeds try one field and have no title
                notice = read_news(record, language).notice
                assert notice.title
                assert not entry.get("link", "").startswith("http") or notice.documents, path
    assert read >= 7


def test_feedparsers_own_feeds_keep_title_and_link() -> None:
    folder = Path(__file__).parent / "feeds"
    for path in sorted(folder.glob("*.xml")):
        found = items(path.read_bytes())
        assert found or path.name == "rss_incomplete_cdata.xml", path
        for item in found:
            entry = item.body["entry"]
            assert isinstance(entry, dict)
            assert entry.get("title") or entry.get("link") or entry.get("summary"), path
            if path.name.startswith(("rss2", "rss1", "atom", "http", "cdf")):
                assert entry["title"], path
                assert entry["link"].startswith("http"), path


def test_what_breaks_feedparser_is_read_by_its_elements() -> None:
    entries = bare_entries(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tin</title><link href="tin/1"/><id>1</id>'
        b"<content>Xin ch\xc3\xa0o</content><updated>2026-11-19</updated></entry><entry><title>Hai &amp; ba",
        "https://a.vn/feed",
    )
    assert entries == [
        {
            "title": "Tin",
            "link": "https://a.vn/tin/1",
            "id": "1",
            "summary": "Xin chào",
            "updated": "2026-11-19",
        },
        {"title": "Hai & ba"},
    ]
