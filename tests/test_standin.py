"""The stand-in answers like the sites, traps included, and serves tests as a tool."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from typing import Any

import feedparser
import httpx
import pytest

from tbt_watch.sample import (
    EXPECTED_ISSUES,
    Edition,
    StandIn,
)

GET_ALL = "/api/v1/azureSearch/getAll"
LATEST = "/api/v1/notifications/getLatestNotifications"
EPING = "epingalert.org"
GAZETTE = "congbao.chinhphu.vn"
FEED = "/cac-van-ban-moi-ban-hanh.rss"
NEWEST = {"sortBy": "distributionDate", "sortDirection": "desc"}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition.bundled()


def get(standin: StandIn, host: str, path: str, **given: Any) -> httpx.Response:
    return httpx.get(standin.url_for(host, path), **given)


def found(standin: StandIn, **parameters: Any) -> dict[str, Any]:
    answer = get(standin, EPING, GET_ALL, params=parameters)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_the_feed_has_empty_titles_and_one_item_that_is_no_document(standin: StandIn) -> None:
    answer = get(standin, GAZETTE, FEED)
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert len(feed.entries) == 18
    assert sum(1 for item in feed.entries if not item.get("title")) == 16
    links = [item.get("link", "") for item in feed.entries]
    assert [link for link in links if link and not re.search(r"-\d+(/\d+)?\.htm", link)] == [
        issue.key for issue in EXPECTED_ISSUES if issue.source == "congbao"
    ]
    assert any("?" in link for link in links)
    assert any(re.search(r"-\d+/\d+\.htm$", link) for link in links)
    root = ET.fromstring(answer.content)
    without_link = [item for item in root.iter("item") if item.find("link") is None]
    assert len(without_link) == 1
    assert (without_link[0].findtext("guid") or "").startswith("/van-ban/")
    assert any("&oacute;" in (item.findtext("description") or "") for item in root.iter("item"))


def test_every_document_of_the_feed_has_its_page(standin: StandIn) -> None:
    root = ET.fromstring(get(standin, GAZETTE, FEED).content)
    told = [(item.findtext("link") or item.findtext("guid") or "") for item in root.iter("item")]
    statuses = Counter(
        get(standin, GAZETTE, one.removeprefix("https://congbao.chinhphu.vn")).status_code for one in told
    )
    assert statuses == {200: 17, 404: 1}


def test_the_bare_feed_is_empty_and_lists_repeat_their_last_page(standin: StandIn) -> None:
    assert feedparser.parse(get(standin, GAZETTE, "/rss").content).entries == []
    lists = "/van-ban-dang-cong-bao/chinh-phu-c1"
    first = get(standin, GAZETTE, f"{lists}.htm").text
    second = get(standin, GAZETTE, f"{lists}/trang-2.htm").text
    assert first.count("<li>") == 10
    assert second != first
    assert get(standin, GAZETTE, f"{lists}/trang-99.htm").text == second
    assert get(standin, GAZETTE, f"{lists}.htm?page=2").text == first
    circulars = get(standin, GAZETTE, "/van-ban-dang-cong-bao/thong-tu-l3.htm").text
    assert circulars.count("/van-ban/thong-tu-so-") == circulars.count("<li>") == 5


def test_get_all_is_newest_first_only_when_asked(standin: StandIn) -> None:
    days = [one["distributionDate"] for one in found(standin, language=1, pageSize=100)["items"]]
    assert days != sorted(days, reverse=True)
    newest = [one["distributionDate"] for one in found(standin, language=1, pageSize=100, **NEWEST)["items"]]
    assert newest == sorted(days, reverse=True)


def test_get_all_pages_from_one_and_ends(standin: StandIn, edition: Edition) -> None:
    seen: list[int] = []
    for page in range(1, 5):
        body = found(standin, page=page, pageSize=20, **NEWEST)
        assert body["currentPage"] == page
        assert body["totalCount"] == len(edition.records)
        assert body["isCountExceeded"] is False
        seen += [one["id"] for one in body["items"]]
        assert body["endRow"] == len(seen)
    assert sorted(seen) == sorted(one["id"] for one in edition.records)
    assert found(standin, page=5, pageSize=20, **NEWEST)["items"] == []
    assert get(standin, EPING, GET_ALL, params={"page": "x"}).status_code == 400


def test_get_all_ignores_what_it_does_not_know(standin: StandIn) -> None:
    plain = found(standin, pageSize=5, **NEWEST)
    strange = found(standin, pageSize=5, currentPage=3, searchText="wood", area="SPS", **NEWEST)
    assert strange == plain
    shouted = found(standin, PAGESIZE=5, SORTBY="distributionDate", SortDirection="desc")
    assert shouted == plain


def test_get_all_filters(standin: StandIn) -> None:
    tbt = found(standin, domainIds=1, pageSize=100)
    assert {one["area"] for one in tbt["items"]} == {"TBT"}
    assert tbt["areas"] == [{"name": "TBT", "count": tbt["totalCount"]}]
    two = found(standin, countryIds=["C840", "U918"], pageSize=100)
    assert {one["notifyingMember"] for one in two["items"]} == {"United States of America", "European Union"}
    assert {one["displayName"] for one in two["notifyingMembers"]} == {
        "United States of America",
        "European Union",
    }
    window = found(standin, distributionDateFrom="2025-06-04", distributionDateTo="2025-06-05", pageSize=100)
    assert {one["distributionDate"][:10] for one in window["items"]} == {"2025-06-04", "2025-06-05"}
    open_ = found(standin, checkCommentDeadline="true", pageSize=100)
    assert all(one["commentDeadlineDate"][:10] >= "2025-07-03" for one in open_["items"])
    assert 0 < open_["totalCount"] < 66
    thread = found(standin, documentSymbol="G/TBT/N/BRA/366")
    assert [one["documentSymbol"] for one in thread["items"]] == [" G/TBT/N/BRA/366/Add.1/Corr.1"]
    assert found(standin, hsCodes="4407")["totalCount"] == 5
    assert found(standin, freeText="+helmets +seal")["totalCount"] == 1


def test_the_three_names_of_eping_are_one_site(standin: StandIn) -> None:
    bodies = {get(standin, host, GET_ALL).content for host in (EPING, "www.epingalert.org", "eping.wto.org")}
    assert len(bodies) == 1
    assert get(standin, "example.org", GET_ALL).status_code == 404


def test_latest_refuses_queries_and_speaks_xml_to_composite_accept(standin: StandIn) -> None:
    assert get(standin, EPING, LATEST, params={"language": "EN"}).status_code == 400
    rows = get(standin, EPING, LATEST, headers={"Accept": "application/json"}).json()
    assert len(rows) == 10
    assert rows[0]["distributionDate"] == "11/06/2025"
    assert set(rows[0]) == {"notifyingMember", "distributionDate", "documentSymbol", "title", "products"}
    composite = get(standin, EPING, LATEST, headers={"Accept": "application/json, text/plain, */*"})
    assert composite.headers["content-type"].startswith("application/xml")
    assert len(ET.fromstring(composite.content)) == 10


def test_members_links_and_threads(standin: StandIn) -> None:
    items = get(standin, EPING, "/api/v1/countries/getWtoMembersForDropdown?language=1").json()["items"]
    assert {"value": "U918", "text": "European Union"} in items
    assert {"value": "C704", "text": "Viet Nam"} in items
    record = found(standin, documentSymbol="G/SPS/N/EU/860")["items"][0]
    links = get(standin, EPING, f"/api/v1/azureSearch/getDownloadLinks?notificationId={record['id']}").json()
    assert [one["displayName"] for one in links] == ["English", "French", "Spanish"]
    path = "/api/v1/notifications/getRelatedNotifications?documentSymbol=G/TBT/N/USA/138&includeOriginal=true"
    assert get(standin, EPING, path).json() == ["G/TBT/N/USA/138/Rev.1"]


def test_robots(standin: StandIn) -> None:
    assert "Disallow: /en/Search" in get(standin, EPING, "/robots.txt").text
    assert "Disallow" not in get(standin, GAZETTE, "/robots.txt").text
    whole = httpx.get(f"{standin.base}/robots.txt").text
    assert "Disallow: /host/epingalert.org/en/Search" in whole
    assert "congbao" not in whole


def test_a_document_of_the_wto_is_a_page_that_says_no(standin: StandIn) -> None:
    answer = get(standin, "docs.wto.org", "/imrd/directdoc.asp?DDFDocuments/t/G/TBTN25/USA2211.DOCX")
    assert answer.status_code == 200
    assert "not published" in answer.text


def test_a_record_can_be_rewritten_in_place(standin: StandIn) -> None:
    record = found(standin, documentSymbol="CRI/193")["items"][0]
    standin.edition = standin.edition.with_changed(record["id"], title="<p>In English now</p>")
    again = found(standin, documentSymbol="CRI/193")["items"][0]
    assert again == {**record, "title": "<p>In English now</p>"}
    assert Edition.bundled().records != standin.edition.records
    with pytest.raises(KeyError):
        standin.edition.with_changed(1)


def test_another_feed_and_another_page(standin: StandIn) -> None:
    standin.edition = standin.edition.with_feed(b"<rss/>").with_page("/van-ban/x-1.htm", b"here")
    assert get(standin, GAZETTE, FEED).content == b"<rss/>"
    assert get(standin, GAZETTE, "/van-ban/x-1.htm").content == b"here"


def test_faults_happen_as_often_as_told(standin: StandIn) -> None:
    standin.fault("/api/v1/azureSearch", status=429, headers={"Retry-After": "1"}, times=2)
    answers = [get(standin, EPING, GET_ALL) for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "1"
    standin.fault(f"/host/{GAZETTE}/", status=200, body="<html>sorry</html>", times=None)
    assert get(standin, GAZETTE, FEED).text == "<html>sorry</html>"
    assert get(standin, EPING, GET_ALL).status_code == 200
    standin.clear_faults()
    assert get(standin, GAZETTE, FEED).text.startswith("<?xml")


def test_requests_are_recorded(standin: StandIn) -> None:
    get(standin, EPING, GET_ALL, params={"page": 2}, headers={"User-Agent": "probe"})
    (asked,) = standin.requests
    assert (asked.method, asked.host, asked.path, asked.query) == ("GET", EPING, GET_ALL, "page=2")
    assert asked.headers["user-agent"] == "probe"


def test_the_address_is_known_only_while_it_runs() -> None:
    idle = StandIn()
    with pytest.raises(RuntimeError):
        _ = idle.base
    with idle as running:
        assert running.url_for(EPING, "/x").endswith("/host/epingalert.org/x")
