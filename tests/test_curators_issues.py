"""The pages on open issues and on the sources, over real HTTP."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cast import POMELO, named, subscriber
from curators import DeskOffice, desk_office, words

from tbt_watch.digest.leaving import REPORTS
from tbt_watch.domain.work import Issue

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    with desk_office(tmp_path) as made:
        yield made


def opened(desk: DeskOffice, source: str, key: str, message: str, kind: str = "unreadable") -> int:
    store = desk.app.store
    store.issues.open(
        Issue(source=source, key=key, kind=kind, message=message, todo="Look.", opened_at=desk.clock())
    )
    return store.issues.open_list()[-1].id or 0


def test_what_enterprises_report_stands_first_and_nothing_of_it_runs(desk: DeskOffice) -> None:
    opened(desk, REPORTS, "telegram 5 1", f"HTX Mỹ Hòa reports a difficulty: {NASTY}", "enterprise-report")
    opened(desk, "eping_web", "raw-1", "https://x.example/a did not answer in time.")
    page = desk.person("Lan").get("issues").text
    told = words(page)
    assert told.index("HTX Mỹ Hòa phản ánh vướng mắc: ") < told.index(
        "https://x.example/a không phản hồi trong thời gian chờ."
    )
    assert "did not answer" not in told
    assert "<script>alert" not in page
    assert "telegram 5 1" not in told, "a chat number is nobody's business on this page"
    assert "→" in told


def test_an_issue_is_closed_with_a_reason_and_once(desk: DeskOffice) -> None:
    number = opened(desk, "eping_web", "raw-1", "The page cannot be read.")
    lan, minh = desk.person("Lan"), desk.person("Minh")
    lan.get("issues")
    minh.get("issues")
    answer = lan.post(f"issues/{number}/close", {"why": "  "})
    assert answer.status_code == 422
    assert [one.id for one in desk.app.store.issues.open_list()] == [number]
    answer = lan.post(f"issues/{number}/close", {"why": "Đã hỏi  nguồn"})
    assert f"Đã đóng vấn đề {number}." in words(answer.text)
    assert "đã được đóng từ trước" in words(minh.post(f"issues/{number}/close", {"why": "khác"}).text)
    closed = desk.app.store.issues.get(number)
    assert closed.why == "Đã hỏi nguồn (Lan)"
    assert lan.post("issues/999/close", {"why": "x"}).status_code == 404


def test_nobody_closes_without_the_token_of_the_form(desk: DeskOffice) -> None:
    number = opened(desk, "eping_web", "raw-1", "The page cannot be read.")
    lan = desk.person("Lan")
    lan.get("issues")
    assert lan.post(f"issues/{number}/close", {"why": "x", "csrf": "0"}).status_code == 403
    assert desk.browser().post(f"issues/{number}/close", {"why": "x"}).status_code == 401
    assert len(desk.app.store.issues.open_list()) == 1


def test_many_issues_come_in_pages_and_by_source(desk: DeskOffice) -> None:
    for number in range(55):
        opened(desk, "eping_web", f"raw-{number}", f"Trouble {number}.")
    opened(desk, "congbao", "raw", "Other trouble.")
    lan = desk.person("Lan")
    first = lan.get("issues").text
    (after,) = re.findall(r'rel="next" href="[^"]*/desk/(issues\?before=\d+)"', first)
    second = lan.get(after).text
    said = re.findall(r"Trouble (\d+)\.", first + second)
    assert sorted(map(int, said)) == list(range(55))
    only = words(lan.get("issues", params={"source": "congbao"}).text)
    assert "Other trouble." in only
    assert "Trouble 3." not in only
    for value in (NASTY, "9" * 30, "-1"):
        answer = lan.get("issues", params={"source": value, "before": value, "did": value})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_the_health_of_the_sources_is_said_in_both_languages(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    told = words(lan.get("sources").text)
    assert "eping_web" in told
    assert "It was never read." not in told
    lan.post("speak", {"lang": "en", "back": "/desk/sources"})
    assert "It was never read." in words(lan.get("sources").text)


def test_a_report_leads_to_who_sent_it(desk: DeskOffice) -> None:
    number = desk.app.store.subscribers.save(subscriber("chat 5", channel="telegram"))
    opened(desk, REPORTS, "telegram chat 5 17", "Mỹ Hòa reports a difficulty: cảng", "enterprise-report")
    opened(desk, REPORTS, "telegram 6 1", "Somebody reports a difficulty: thuế", "enterprise-report")
    page = desk.person("Lan").get("issues").text
    assert re.findall(r"/desk/(subscribers/\d+)", page) == [f"subscribers/{number}"]


def test_the_letter_of_comments_is_there_to_copy_while_comments_are_taken(desk: DeskOffice) -> None:
    number, over = desk.waiting(), desk.waiting(named("G/SPS/N/EU/9", "EU", comment_until=date(2026, 10, 1)))
    lan = desk.person("Lan")
    assert f"/desk/notice/{number}/letter" in lan.get(f"notice/{number}").text
    page = lan.get(f"notice/{number}/letter").text
    assert POMELO.key in words(page)
    assert 'data-copy="text-1"' in page
    assert "đã hết hạn góp ý" in words(lan.get(f"notice/{over}/letter").text)
    assert lan.get("notice/999/letter").status_code == 404
