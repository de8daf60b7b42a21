"""The curators' page over real HTTP: who may come in, what a form must carry, and what each button does."""

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from cast import POMELO, SEEN, named, tags
from curators import BAD, CONFIG, GOOD, PASSWORD, TITLE, DeskOffice, Person, desk_office, words
from doors import office

from tbt_watch.config import load_config
from tbt_watch.domain.notice import Change, Document
from tbt_watch.errors import ConfigError
from tbt_watch.store.entries import Entry
from tbt_watch.web.app import STATIC, pages_of
from tbt_watch.web.desk.slowdown import Slowdown

PAGES = ("queue", "record", "search?q=pomelo", "search", "account", "notice/1", "queue?state=all&failed=1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOffice]:
    with desk_office(tmp_path) as one:
        yield one


# ── Who may come in ─────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_seen_without_a_login(desk: DeskOffice) -> None:
    desk.waiting()
    stranger = desk.browser()
    for path in (*PAGES, "accounts", "notice/999"):
        answer = stranger.get(path)
        assert answer.url.path == "/desk/login", path
        assert "G/SPS" not in answer.text.replace("/desk/search", "")
    for path in (
        "notice/1/decide",
        "notice/1/write",
        "notice/1/check",
        "undo",
        "queue/accept",
        "accounts/end",
        "logout",
    ):
        assert stranger.post(path, {"state": "accept"}).status_code == 401, path
    assert desk.state(1) == "TAGGED"


def test_who_logs_in_comes_to_where_they_wanted(desk: DeskOffice) -> None:
    number = desk.waiting()
    desk.account("Lan")
    lan = desk.browser()
    lan.get(f"notice/{number}", params={"state": "all"})
    (then,) = re.findall(r'name="next" value="([^"]+)"', lan.page.text)
    answer = lan.post("login", {"name": " lan ", "password": PASSWORD, "next": then.replace("&amp;", "&")})
    assert answer.status_code == 200
    assert str(answer.url) == f"{desk.origin}/desk/notice/{number}?state=all"
    for away in (
        "https://evil.example/",
        "//evil.example",
        "/desk/../../etc",
        "/desk//evil",
        "javascript:1",
        "\\\\evil",
    ):
        there = desk.browser().post("login", {"name": "Lan", "password": PASSWORD, "next": away})
        assert there.url.host == "127.0.0.1"
        assert there.url.path in ("/desk/queue", "/desk/evil"), away


def test_an_admin_sees_accounts_and_a_curator_does_not(desk: DeskOffice) -> None:
    minh, lan = desk.person("Minh"), desk.person("Lan", "admin")
    assert minh.get("accounts").status_code == 403
    assert "Chỉ quản trị viên" in minh.page.text
    assert 'href="../desk/accounts"' not in minh.get("queue").text
    assert minh.post("accounts/end", {"name": "Lan"}).status_code == 403
    assert lan.get("accounts").status_code == 200
    assert "Minh" in words(lan.page.text)
    assert lan.post("accounts/end", {"name": "Minh"}).url.path == "/desk/accounts"
    assert minh.get("queue").url.path == "/desk/login"
    assert lan.get("queue").url.path == "/desk/queue"


def test_a_session_ends_when_idle_when_old_and_when_left(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    for _ in range(21):  # seven days, a click every eight hours less a minute
        desk.clock.now += timedelta(hours=7, minutes=59)
        assert lan.get("queue").url.path == "/desk/queue"
    desk.clock.now += timedelta(minutes=30)
    assert lan.get("queue").url.path == "/desk/login", "seven days are over"
    lan = desk.person("Lan")
    desk.clock.now += timedelta(hours=8)
    assert lan.get("queue").url.path == "/desk/login", "idle"
    lan, other = desk.person("Lan"), desk.person("Lan")
    cookie = lan.client.cookies["desk"]
    lan.get("queue")
    assert lan.post("logout").url.path == "/desk/login"
    lan.client.cookies.set("desk", cookie)
    assert lan.get("queue").url.path == "/desk/login", "the token is worth nothing any more"
    assert other.get("queue").url.path == "/desk/queue", "another browser goes on"


def test_another_password_logs_out_everywhere(desk: DeskOffice) -> None:
    lan, other = desk.person("Lan"), desk.person("Lan")
    new = "sầu riêng ri sáu chín cây"
    lan.get("account")
    for wrong in (
        {"old": "nothing", "new": new, "again": new},
        {"old": PASSWORD, "new": new, "again": new + "!"},
        {"old": PASSWORD, "new": "short", "again": "short"},
        {"old": PASSWORD, "new": "I am LAN, I am lan", "again": "I am LAN, I am lan"},
    ):
        assert lan.post("account", wrong).status_code == 422
    assert lan.post("account", {"old": PASSWORD, "new": new, "again": new}).url.path == "/desk/login"
    assert other.get("queue").url.path == "/desk/login"
    assert desk.browser().log_in("Lan").status_code == 403
    assert desk.browser().log_in("Lan", new).status_code == 200


def test_the_store_knows_no_token_and_no_password(desk: DeskOffice) -> None:
    lan = desk.person("Lan")
    token = lan.client.cookies["desk"]
    kept = b"".join(path.read_bytes() for path in desk.app.store.path.parent.glob("store.db*"))
    kept += b"".join(path.read_bytes() for path in desk.app.store.path.parent.glob("*.db*"))
    assert hashlib.sha256(token.encode()).hexdigest().encode() in kept
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_wrong_passwords_slow_down_known_and_unknown_names_alike(desk: DeskOffice) -> None:
    desk.account("Lan")
    pages = {}
    for name in ("nobody", "Lan"):
        answers = [
            desk.browser().log_in(name, "wrong", headers={"X-Forwarded-For": f"203.0.113.{len(name)}"})
            for _ in range(4)
        ]
        assert [one.status_code for one in answers] == [403, 403, 403, 429], name
        assert int(answers[3].headers["retry-after"]) >= 1
        pages[name] = [words(one.text).replace(name, "") for one in answers[:3]]
    assert pages["Lan"] == pages["nobody"]
    elsewhere = {"X-Forwarded-For": "203.0.113.99"}
    assert desk.browser().log_in("Lan", headers=elsewhere).status_code == 429, (
        "right, but too soon, from anywhere"
    )


def test_each_failure_doubles_the_wait_up_to_a_limit_and_is_forgotten() -> None:
    now = [0.0]
    slow = Slowdown(lambda: now[0], longest=60)
    waits = []
    for _ in range(12):
        slow.failed("a")
        waits.append(slow.wait("a"))
    assert waits == [0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert slow.wait("b") == 0
    assert slow.wait("b", "a") == 60
    now[0] += 61
    assert slow.wait("a") == 0
    now[0] += Slowdown.FORGOTTEN
    slow.failed("a")
    assert slow.wait("a") == 0
    slow.MOST = 5
    for number in range(20):
        slow.failed(str(number))
    assert len(slow._failed) == 5


# ── What a form must carry ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": ""}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({}, {"csrf": ""}),
        ({}, {"csrf": "0" * 64}),
        ({}, {"csrf": "é"}),
    ],
)
def test_a_form_from_elsewhere_does_nothing(
    desk: DeskOffice, headers: dict[str, str], data: dict[str, str]
) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    revision = lan.open(number)
    answer = lan.post(
        f"notice/{number}/decide", {"state": "accept", "revision": revision} | data, headers=headers
    )
    assert answer.status_code == 403
    assert desk.state(number) == "TAGGED"
    assert desk.browser().log_in("Lan", headers={"Origin": "https://evil.example"}).status_code == 403


def test_the_forms_of_one_session_are_worth_nothing_in_another(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan, minh = desk.person("Lan"), desk.person("Minh")
    revision = lan.open(number)
    minh.open(number)
    assert lan.csrf != minh.csrf
    given = {"state": "accept", "revision": revision, "csrf": minh.csrf}
    assert lan.post(f"notice/{number}/decide", given).status_code == 403


def test_opening_changes_nothing(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    for path in ("decide", "write", "tag", "correct", "check"):
        assert lan.get(f"notice/{number}/{path}").status_code in (404, 405)
    assert lan.get("logout").status_code in (404, 405)
    assert desk.state(number) == "TAGGED"


def test_a_form_that_is_too_long_is_refused(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    revision = lan.open(number)
    given = {"field": "title", "text": "ă" * 300_000, "revision": revision}
    assert lan.post(f"notice/{number}/write", given).status_code == 413
    lan.open(number)
    assert lan.post(f"notice/{number}/write", given | {"text": "a" * 20_001}).status_code == 422


# ── Headers, scripts, hostile words ─────────────────────────────────────────────────────────────────────


class Looked(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def every_page(desk: DeskOffice, person: Person) -> dict[str, httpx.Response]:
    found = {path: person.get(path) for path in (*PAGES, "accounts", "notice/404")}
    revision = person.open(1)
    given = {"field": "summary", "text": "Bản khác", "revision": revision}
    found["check"] = person.post("notice/1/check", given)
    person.open(1)
    found["conflict"] = person.post("notice/1/write", given | {"revision": "0.0"})
    found["login"] = desk.browser().get("login")
    found["ended"] = desk.browser().post("undo")
    return found


def test_a_page_runs_only_our_own_scripts(desk: DeskOffice) -> None:
    desk.waiting(texts=BAD)
    for name, answer in every_page(desk, desk.person("Lan", "admin")).items():
        policy = answer.headers["content-security-policy"]
        for rule in (
            "default-src 'none'",
            "frame-ancestors 'none'",
            "script-src 'self'",
            "form-action 'self'",
        ):
            assert rule in policy, name
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        looked = Looked(answer.text).found
        assert [tag for tag, _ in looked].count("h1") == 1, name
        ids = [attrs["id"] for _, attrs in looked if attrs.get("id")]
        assert len(ids) == len(set(ids)), name
        for tag, attrs in looked:
            assert not [
                key for key in attrs if key.startswith(("on", "hx-on", "data-hx-on")) or key == "style"
            ], (
                name,
                tag,
            )
            for key in ("href", "src", "action", "formaction", "data-hx-post"):
                address = attrs.get(key) or ""
                foreign = "//" in address and not (tag == "a" and attrs.get("rel") == "noopener noreferrer")
                assert not foreign, (name, tag, address)
            if tag == "script":
                assert attrs["src"], name


def test_the_cookie_is_for_this_site_and_no_script(tmp_path: Path) -> None:
    config = CONFIG + 'base_url = "https://tbt.example.gov.vn/tbt"\ntls = "proxy"\n'
    with desk_office(tmp_path, config) as desk:
        desk.account("Lan")
        given = {"name": "Lan", "password": PASSWORD}
        origin = {"Origin": "https://tbt.example.gov.vn"}
        answer = httpx.post(f"{desk.origin}/desk/login", data=given, headers=origin, trust_env=False)
        assert answer.status_code == 303
        assert answer.headers["location"] == "../desk/queue", "below whatever path the proxy has put us"
        cookie = answer.headers["set-cookie"]
        for part in ("__Host-desk=", "Secure", "HttpOnly", "SameSite=strict", "Path=/", "Max-Age=604800"):
            assert part in cookie
        assert answer.headers["strict-transport-security"]
        assert httpx.post(f"{desk.origin}/desk/login", data=given, trust_env=False).status_code == 403


NASTY = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}\u202e\u200b'


def test_hostile_words_are_words_in_every_field(desk: DeskOffice) -> None:
    notice = replace(
        POMELO, title=NASTY + POMELO.title, summary=NASTY, products=NASTY, agency=NASTY, affected=(NASTY,),
        key=POMELO.key, hs_codes=(NASTY,), ics_codes=(NASTY,), objectives=(NASTY,), keywords=(NASTY,),
        articles=(NASTY,), type=NASTY, members=("EU", NASTY), sources=(NASTY,),
        documents=(Document(url="javascript:alert(3)"), Document(url=f"https://a.example/{NASTY}", language=NASTY)),
    )  # fmt: skip
    texts = [replace(one, text=NASTY, checks=("numbers", NASTY)) for one in GOOD]
    wrong = [replace(one, code=NASTY, reason=f"word:title:{NASTY}") for one in tags("topic", "x")]
    number = desk.waiting(notice, texts, (*tags("sector", NASTY), *wrong))
    lan = desk.person(f"Lan {NASTY[:50]}", "admin")
    revision = lan.open(number)
    assert (
        lan.post(f"notice/{number}/decide", {"state": "hold", "why": NASTY, "revision": revision}).status_code
        == 200
    )
    lan.open(number)
    lan.post(f"notice/{number}/write", {"field": "title", "text": NASTY, "revision": lan.revision()})
    pages = every_page(desk, lan)
    pages["filters"] = lan.get(
        "queue", params={"state": NASTY, "sector": NASTY, "after": NASTY, "did": NASTY, "on": NASTY}
    )
    pages["found"] = lan.get("search", params={"q": NASTY})
    pages["by"] = lan.get("record", params={"by": NASTY, "before": NASTY})
    for name, answer in pages.items():
        assert answer.status_code < 500, name
        assert "<script>alert" not in answer.text, name
        assert "<img" not in answer.text, name
        assert "49" not in re.sub(r"\d{3,}|value=\"[^\"]*\"", "", answer.text).split("{{")[0], name
        looked = Looked(answer.text).found
        assert not [1 for _, attrs in looked if "onerror" in attrs], name
        assert not [1 for _, attrs in looked if (attrs.get("href") or "").startswith("javascript")], name


# ── What the buttons do ─────────────────────────────────────────────────────────────────────────────────


def test_accept_goes_on_to_the_next_and_undo_brings_it_back(desk: DeskOffice) -> None:
    first, second, third = desk.many(3)
    lan = desk.person("Lan")
    answer = lan.post(f"notice/{first}/decide", {"state": "accept", "revision": lan.open(first)})
    assert answer.url.path == f"/desk/notice/{second}"
    assert "Đã duyệt G/SPS/N/EU/2000." in words(answer.text)
    assert desk.state(first) == "ACCEPTED"
    (undo,) = re.findall(r'id="done".*?name="notice" value="([^"]+)"', answer.text, re.DOTALL)
    back = lan.post("undo", {"notice": undo})
    assert back.url.path == f"/desk/notice/{first}"
    assert desk.state(first) == "HELD", "it waits again, whatever the policy"
    said = [one.decision for one in desk.app.store.queue.said_of(first)]
    assert [(one.state, one.by, one.why) for one in said] == [
        ("held", "Lan", "taken back"),
        ("accepted", "Lan", ""),
    ]
    assert lan.post("undo", {"notice": undo}).status_code == 200
    assert desk.state(first) == "HELD", "the same button again does nothing"
    assert [desk.state(one) for one in (second, third)] == ["TAGGED", "TAGGED"]


def test_a_rejection_needs_a_reason_and_undo_restores_what_was_before(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    assert (
        lan.post(f"notice/{number}/decide", {"state": "accept", "revision": lan.open(number)}).status_code
        == 200
    )
    revision = lan.open(number)
    assert (
        lan.post(f"notice/{number}/decide", {"state": "reject", "why": " ", "revision": revision}).status_code
        == 422
    )
    lan.open(number)
    lan.post(f"notice/{number}/decide", {"state": "reject", "why": "Trùng tin", "revision": revision})
    assert desk.state(number) == "REJECTED"
    lan.open(number)
    lan.post("undo", {"notice": f"{number}:{lan.revision()}"})
    assert desk.state(number) == "ACCEPTED"
    assert "Trùng tin" in words(lan.get("record").text)


def test_a_text_is_written_and_undo_brings_back_the_machines(desk: DeskOffice) -> None:
    number = desk.waiting(texts=BAD)
    lan = desk.person("Lan")
    page = words(lan.get(f"notice/{number}").text)
    assert "không đạt kiểm tra (con số)" in page
    assert '<mark class="fault">0.01</mark>' in lan.page.text
    assert '<mark class="fault">0,1</mark>' in lan.page.text
    assert '<mark class="term">maximum residue levels</mark>' in lan.page.text
    mended = GOOD[3].text
    answer = lan.post(
        f"notice/{number}/write", {"field": "summary", "text": f" {mended}\r\n", "revision": lan.revision()}
    )
    assert answer.url.params["saved"] == "summary"
    text = desk.app.store.notices.dossier(number).translation("summary", "vi")
    assert text is not None
    assert (text.text, text.origin, text.engine) == (mended, "human", "Lan")
    lan.open(number)
    lan.post("undo", {"notice": f"{number}:{lan.revision()}"})
    (old,) = [one for one in desk.app.store.notices.dossier(number).translations if one.field == "summary"]
    assert (old.text, old.origin, old.checks, old.engine) == (
        BAD[3].text,
        "machine",
        ("numbers",),
        "argos en-vi",
    )
    lan.open(number)
    lan.post("undo", {"notice": f"{number}:{lan.revision()}"})
    again = desk.app.store.notices.dossier(number).translation("summary", "vi")
    assert again is not None
    assert (again.text, again.origin) == (mended, "human"), "undo of undo"


def test_checks_run_while_somebody_writes_and_save_nothing(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    given = {"field": "summary", "text": GOOD[3].text.replace("0,01", "7"), "revision": lan.open(number)}
    bit = lan.client.post(
        f"/desk/notice/{number}/check",
        data=given | {"csrf": lan.csrf},
        headers={"Origin": desk.origin, "HX-Request": "true"},
    )
    assert "<html" not in bit.text
    assert "7 không có trong nguyên văn" in bit.text
    whole = lan.post(f"notice/{number}/check", given)
    assert '<mark class="fault">7</mark>' in whole.text
    assert given["text"] in words(whole.text)
    lan.open(number)
    assert "Đạt mọi mục kiểm tra" in lan.post(f"notice/{number}/check", given | {"text": GOOD[3].text}).text
    assert desk.app.store.queue.said_of(number) == []


def test_tags_are_taken_away_added_and_taken_back(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")

    def codes() -> tuple[str, ...]:
        return desk.app.store.notices.dossier(number).codes("sector")

    lan.post(
        f"notice/{number}/tag", {"tag": "sector:fresh-produce", "holds": "0", "revision": lan.open(number)}
    )
    assert codes() == ()
    lan.open(number)
    lan.post(f"notice/{number}/tag", {"tag": "sector:seafood", "holds": "1", "revision": lan.revision()})
    assert codes() == ("seafood",)
    lan.open(number)
    lan.post("undo", {"notice": f"{number}:{lan.revision()}"})
    assert codes() == ()
    assert desk.state(number) == "TRANSLATED", "the tagger looks at it anew"
    lan.open(number)
    for bad in ("sector:nothing", "topic:seafood", "x", "market:ZZ"):
        assert (
            lan.post(
                f"notice/{number}/tag",
                {"tag": bad, "holds": "1", "revision": _now(desk, number)},
            ).status_code
            == 422
        )
        lan.open(number)


def _now(desk: DeskOffice, number: int) -> str:
    return desk.app.store.queue.revision(number)


def test_a_fact_is_corrected_and_taken_back(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    given = {"field": "comment_until", "text": "2027-02-01", "revision": lan.open(number)}
    lan.post(f"notice/{number}/correct", given)
    assert str(desk.app.store.notices.dossier(number).notice.comment_until) == "2027-02-01"
    lan.open(number)
    assert (
        lan.post(
            f"notice/{number}/correct", given | {"text": "soon", "revision": _now(desk, number)}
        ).status_code
        == 422
    )
    lan.open(number)
    lan.post("undo", {"notice": f"{number}:{lan.revision()}"})
    assert desk.app.store.notices.dossier(number).notice.comment_until == POMELO.comment_until


def test_what_passed_everything_is_accepted_together_and_nothing_else(desk: DeskOffice) -> None:
    good = desk.many(3)
    bad = desk.waiting(named("G/SPS/N/EU/3000", "EU"), BAD)
    lan = desk.person("Lan")
    boxes = re.findall(r'name="notice" value="([^"]+)" form="bulk"', lan.get("queue").text)
    assert sorted(int(box.split(":")[0]) for box in boxes) == sorted(good)
    minh = desk.person("Minh")
    minh.post(f"notice/{good[1]}/decide", {"state": "hold", "revision": minh.open(good[1])})
    answer = lan.post("queue/accept", {"notice": [*boxes, f"{bad}:{_now(desk, bad)}", "x", "999:1.0"]})
    assert [desk.state(one) for one in (*good, bad)] == ["ACCEPTED", "HELD", "ACCEPTED", "TAGGED"]
    assert "Đã duyệt 2 tin. 4 tin được giữ nguyên" in words(answer.text)
    undo = re.findall(
        r'name="notice" value="(\d+:[^"]+)">', answer.text.split('id="done"')[1].split("</form>")[0]
    )
    lan.post("undo", {"notice": undo})
    assert [desk.state(one) for one in good] == ["HELD"] * 3


# ── Two at once ─────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_overwrites_another_unseen(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan, minh = desk.person("Lan"), desk.person("Minh")
    before = {one: one.open(number) for one in (lan, minh)}
    lan.post(f"notice/{number}/write", {"field": "title", "text": "Bản của Lan", "revision": before[lan]})
    answer = minh.post(
        f"notice/{number}/write", {"field": "title", "text": "Bản của Minh", "revision": before[minh]}
    )
    assert answer.status_code == 409
    for both in ("Bản của Lan", "Bản của Minh", TITLE):
        assert both in answer.text
    assert desk.app.store.notices.dossier(number).text("title", "vi") == "Bản của Lan"
    (revision,) = re.findall(r'name="revision" value="([^"]+)"', answer.text)
    minh.post(f"notice/{number}/write", {"field": "title", "text": "Bản của Minh", "revision": revision})
    assert desk.app.store.notices.dossier(number).text("title", "vi") == "Bản của Minh"
    assert lan.post(f"notice/{number}/decide", {"state": "accept", "revision": before[lan]}).status_code in (
        403,
        409,
    )
    assert desk.state(number) == "TAGGED"


def test_a_source_that_changed_it_meanwhile_is_seen_too(desk: DeskOffice) -> None:
    number = desk.waiting()
    lan = desk.person("Lan")
    revision = lan.open(number)
    later = replace(POMELO, summary="Other words.")
    change = Change(field="summary", before=POMELO.summary, after=later.summary)
    entry = Entry(
        ids=(number,), notice=later, records=(), seen_at=SEEN, changes=(change,), source="eping_web"
    )
    desk.app.store.notices.put([entry], desk.clock())
    answer = lan.post(f"notice/{number}/decide", {"state": "hold", "revision": revision})
    assert answer.status_code == 409
    assert "Phiên bản mới thứ 2" in words(answer.text)
    assert "Other words." in answer.text


def test_of_two_who_press_at_the_same_moment_one_is_asked(desk: DeskOffice) -> None:
    number = desk.waiting()
    people = [desk.person(name) for name in ("Lan", "Minh", "Hoa")]
    given = [
        (one, {"state": "accept" if at else "hold", "revision": one.open(number)})
        for at, one in enumerate(people)
    ]
    codes: list[int] = []
    threads = [
        threading.Thread(
            target=lambda one=one, data=data: codes.append(
                one.post(f"notice/{number}/decide", data).status_code
            )
        )
        for one, data in given
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 409, 409]
    assert len(desk.app.store.queue.said_of(number)) == 1


# ── Queue, search, languages ────────────────────────────────────────────────────────────────────────────


def test_the_queue_goes_by_deadline_page_by_page(desk: DeskOffice) -> None:
    numbers = desk.many(28)
    none = desk.waiting(named("G/SPS/N/EU/3001", "EU", comment_until=None))
    closed = desk.waiting(named("G/SPS/N/EU/3002", "EU", comment_until=POMELO.published_on))
    other = desk.waiting(
        named("G/TBT/N/USA/3003", "US", comment_until=POMELO.published_on - timedelta(days=1))
    )
    lan, seen = desk.person("Lan"), []
    lan.get("queue")
    while True:
        seen += [int(one) for one in re.findall(r'<h2><a href="[^"]*/notice/(\d+)', lan.page.text)]
        more = re.search(r'rel="next" href="\.\./desk/([^"]+)"', lan.page.text)
        if not more:
            break
        lan.get(more[1].replace("&amp;", "&"))
    assert seen == [*numbers, none, closed, other]
    only = lan.get("queue", params={"area": "TBT"})
    assert re.findall(r'<h2><a href="[^"]*/notice/(\d+)', only.text) == [str(other)]
    assert "?area=TBT" in only.text, "the filter goes along"
    assert "G/TBT/N/USA/3003" in lan.get("queue", params={"market": "US"}).text
    assert "Không có tin nào khớp" in lan.get("queue", params={"failed": "1"}).text
    beside = lan.get(f"notice/{numbers[1]}").text
    assert f'notice/{numbers[0]}" id="before"' in beside
    assert f'notice/{numbers[2]}" id="after"' in beside


def test_search_finds_without_tones_by_symbol_and_by_part(desk: DeskOffice) -> None:
    number = desk.waiting()
    desk.waiting(named("G/SPS/N/EU/77", "EU"))
    lan = desk.person("Lan")
    assert "G/SPS/N/EU/1234" in lan.get("search", params={"q": "buoi chlorpyrifos"}).text
    assert lan.get("search", params={"q": "G/SPS/N/EU/1234"}).url.path == f"/desk/notice/{number}"
    assert "G/SPS/N/EU/1234" in lan.get("search", params={"q": "EU/1234"}).text
    assert "Không tìm thấy" in lan.get("search", params={"q": "nothing like it"}).text
    for odd in ('"', "*", "NEAR(", "a AND OR", "\0", "'; DROP TABLE notice", "-", "ă" * 600):
        assert lan.get("search", params={"q": odd}).status_code == 200, odd


def test_both_languages_by_a_tap_and_kept(desk: DeskOffice) -> None:
    desk.waiting()
    lan = desk.person("Lan")
    assert '<html lang="vi">' in lan.page.text
    answer = lan.post("speak", {"lang": "en", "back": "/desk/notice/1?state=all"})
    assert answer.url.path == "/desk/notice/1"
    assert '<html lang="en">' in answer.text
    assert "Curators' desk" in words(answer.text)
    again = desk.person("Lan")
    assert '<html lang="en">' in again.page.text
    assert lan.post("speak", {"lang": "en", "back": "https://evil.example/"}).url.host == "127.0.0.1"


# ── Settings and what is vendored ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "fine"),
    [
        ('listen = "0.0.0.0:8080"', False),
        ('listen = "192.0.2.1:8080"', False),
        ('listen = "0.0.0.0:8080"\ntls = "proxy"', True),
        ('listen = "0.0.0.0:8080"\ninsecure = true', True),
        ('listen = "[::1]:8080"', True),
        ("", True),
    ],
)
def test_it_is_not_open_to_others_by_accident(tmp_path: Path, more: str, fine: bool) -> None:
    with office(tmp_path, CONFIG + more + "\n") as (app, _):
        if fine:
            assert pages_of(app)
            return
        with pytest.raises(ConfigError, match=r"tls = \"proxy\""):
            pages_of(app)


def test_switches_are_true_or_false(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[web]\ndesk = "yes"\n')
    with pytest.raises(ConfigError, match="true or false"):
        load_config(path, {})


def test_there_is_no_desk_unless_it_is_switched_on(tmp_path: Path) -> None:
    with desk_office(tmp_path, CONFIG.replace("desk = true", "desk = false")) as desk:
        assert desk.browser().get("login").status_code == 404


def test_what_is_vendored_is_what_its_label_says() -> None:
    label = (STATIC / "VENDORED.txt").read_text(encoding="utf-8")
    (digest,) = re.findall(r"sha256: ([0-9a-f]{64})", label)
    (version,) = re.findall(r"version: (\S+)", label)
    body = (STATIC / "htmx.min.js").read_bytes()
    assert hashlib.sha256(body).hexdigest() == digest
    assert f'version:"{version}"'.encode() in body
    for ours in ("desk.js", "drafts.js"):
        assert len((STATIC / ours).read_text(encoding="utf-8").splitlines()) < 150
