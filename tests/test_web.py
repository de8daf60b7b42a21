"""The pages that letters lead to, over a real connection."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from cast import subscriber
from doors import CONFIG, Door, office, opened

from tbt_watch import scheduler
from tbt_watch.config import load_config
from tbt_watch.deliver.links import Links, read_token, signing_secret
from tbt_watch.digest.enrol import enrol
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.errors import BusyError, ConfigError, StoreError
from tbt_watch.web.guard import Limit
from tbt_watch.web.server import serving

ADDRESS = "htx@example.vn"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as one:
        yield one


def entered(door: Door, address: str = ADDRESS, lang: str = "vi") -> Subscriber:
    """A mailbox that staff entered, not confirmed."""
    one = subscriber(address, (Criteria(areas=("TBT",)), "daily"), channel="email", lang=lang)
    return enrol(door.app.store, one, door.clock())


def pause(door: Door, one: Subscriber) -> str:
    found = door.app.store.subscribers.get(one.id or 0)
    assert found is not None
    return found.pause


def confirmed(door: Door) -> tuple[Subscriber, str]:
    """A mailbox that is confirmed, and its link to leave."""
    one = entered(door)
    assert door.post(door.app.links.confirm(one, door.clock())).status_code == 200
    assert pause(door, one) == ""
    return one, door.app.links.unsubscribe(one)


# ── The links ───────────────────────────────────────────────────────────────────────────────────────────


def test_opening_a_link_changes_nothing_and_a_button_does(door: Door) -> None:
    one = entered(door)
    link = door.app.links.confirm(one, door.clock())
    for _ in range(3):  # a scanner, a preview, a reader
        page = door.get(link)
        assert (page.status_code, pause(door, one)) == (200, "unconfirmed")
    assert '<form method="post">' in page.text
    done = door.post(link)
    assert (done.status_code, pause(door, one)) == (200, "")
    assert "Đã xác nhận đăng ký" in done.text
    again = door.get(link)
    assert "Đã xác nhận đăng ký" in again.text
    assert "<form" not in again.text


def test_a_mail_program_ends_the_subscription_with_one_click(door: Door) -> None:
    """RFC 8058, section 3.2: a POST of that form, without cookies, and no redirect."""
    one, link = confirmed(door)
    assert door.get(link).status_code == 200
    assert pause(door, one) == "", "opening is not leaving"
    for form in (
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
    ):
        done = door.post(link, **form)
        assert (done.status_code, pause(door, one)) == (200, "asked")
    assert "Đã hủy đăng ký" in done.text


def test_who_left_can_come_back_or_have_everything_deleted(door: Door) -> None:
    one, link = confirmed(door)
    left = door.post(link).text
    back, away = (
        re.search(rf'(?:action|href)="\.\./({name}/[^"?]+)', left) for name in ("subscribe", "delete")
    )
    assert back
    assert away
    assert door.client.get(f"/{back[1]}").status_code == 200
    assert pause(door, one) == "asked"
    door.client.post(f"/{back[1]}")
    assert pause(door, one) == ""
    assert "địa chỉ htx@example.vn" in door.client.get(f"/{away[1]}").text
    assert pause(door, one) == ""
    assert "Đã xóa toàn bộ thông tin" in door.client.post(f"/{away[1]}").text
    gone = door.app.store.subscribers.get(one.id or 0)
    assert gone is not None
    assert (gone.name, gone.address, gone.subscriptions) == ("", f"removed-{one.id}", ())
    assert door.app.store.subscribers.at("email", ADDRESS) is None
    for verb in ("confirm", "unsubscribe", "subscribe", "delete"):
        assert door.client.post(f"/{verb}/{link.rpartition('/')[2]}").status_code == 404, (
            "the link went with it"
        )


def test_who_left_stays_away_whatever_is_pressed_or_imported(door: Door) -> None:
    one, link = confirmed(door)
    first = door.app.links.confirm(one, door.clock())
    door.post(link)
    door.post(first)
    assert pause(door, one) == "asked", "an old request for consent brings nobody back"
    entered(door)
    assert pause(door, one) == "asked"


def test_a_request_holds_for_fourteen_days(door: Door) -> None:
    one = entered(door)
    link = door.app.links.confirm(one, door.clock())
    door.clock.now += timedelta(days=14)
    for answer in (door.get(link), door.post(link)):
        assert answer.status_code == 410
        assert "14 ngày" in answer.text
    assert pause(door, one) == "unconfirmed"
    assert door.post(door.app.links.confirm(one, door.clock())).status_code == 200


def test_no_other_link_opens_anything(door: Door) -> None:
    one, link = confirmed(door)
    other = entered(door, "b@example.vn")
    token = link.rpartition("/")[2]
    wrong = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    wrong += [
        token.replace(f".{one.id}.", f".{other.id}."), token[:-1], token + "A", token.upper(), "", ".", "u.1",
        token.replace(".0.", ".99999999999."), token.replace("u.", "c.", 1), "u.99999999999999999.0." + "A" * 22, "%00",
        "u.1.0." + "A" * 22, "../" + token, "é" * 30, "A" * 5000,
    ]  # fmt: skip
    assert len(set(wrong)) == len(wrong)
    for number, bad in enumerate(wrong):
        for path in ("unsubscribe", "subscribe", "delete", "confirm"):
            answer = door.client.post(f"/{path}/{bad}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            assert answer.status_code in (404, 405), (path, bad)
    confirm = door.app.links.confirm(other, door.clock()).rpartition("/")[2]
    assert door.client.post(f"/unsubscribe/{confirm}").status_code == 404, "for one purpose only"
    stranger = Links(base_url=door.app.links.base_url, secret=b"another secret of sixteen")
    assert door.post(stranger.unsubscribe(one)).status_code == 404
    assert (pause(door, one), pause(door, other)) == ("", "unconfirmed")


def test_a_link_is_for_the_mailbox_and_not_for_its_number(door: Door) -> None:
    one, link = confirmed(door)
    token = read_token(link.rpartition("/")[2])
    assert token is not None
    assert door.app.links.genuine(token, one)
    assert not door.app.links.genuine(token, replace(one, address="other@example.vn"))
    assert not door.app.links.genuine(token, replace(one, channel="telegram"))
    assert "htx" not in link


# ── The pages ───────────────────────────────────────────────────────────────────────────────────────────


class Looked(HTMLParser):
    """What a browser would fetch or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def every_page(door: Door) -> dict[str, httpx.Response]:
    one = entered(door)
    ask = door.app.links.confirm(one, door.clock())
    leave = door.app.links.unsubscribe(one)
    kinds = {"confirm": door.get(ask), "confirmed": door.post(ask), "unsubscribe": door.get(leave)}
    kinds |= {name: door.get(leave.replace("unsubscribe", name)) for name in ("delete",)}
    kinds |= {
        "unsubscribed": door.post(leave),
        "subscribe": door.get(leave.replace("unsubscribe", "subscribe")),
    }
    kinds |= {
        "invalid": door.get(leave + "A"),
        "missing": door.client.get("/"),
        "deep": door.client.get("/a/b/c"),
    }
    return kinds | {"deleted": door.post(leave.replace("unsubscribe", "delete"))}


def test_a_page_runs_nothing_fetches_nothing_foreign_and_sets_no_cookie(door: Door) -> None:
    for name, answer in every_page(door).items():
        assert "set-cookie" not in answer.headers, name
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["strict-transport-security"]
        assert answer.headers["x-robots-tag"].startswith("noindex")
        looked = Looked(answer.text).found
        assert not {tag for tag, _ in looked} & {"script", "img", "iframe", "object", "base"}, name
        assert not [
            attrs for _, attrs in looked if any(key.startswith("on") or key == "style" for key in attrs)
        ]
        for tag, attrs in looked:
            for key in ("href", "src", "action"):
                assert "//" not in (attrs.get(key) or ""), (name, tag)
        linked = [attrs["href"] or "" for tag, attrs in looked if tag == "link"]
        own = {"/static/pages.css", "/static/icon.svg"}
        assert {answer.request.url.join(one).path for one in linked} == own, name
        assert [attrs for tag, attrs in looked if tag == "html"] == [{"lang": "vi"}]
        assert [tag for tag, _ in looked].count("h1") == 1


def test_what_a_page_needs_is_served_and_may_be_kept(door: Door) -> None:
    sheet = door.client.get("/static/pages.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "max-age" in sheet.headers["cache-control"]
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', sheet.text)
    assert fonts
    for font in fonts:
        assert door.client.get(f"/static/{font}").status_code == 200
    for path in (
        "/static/",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/fonts/../../../config.toml",
    ):
        assert door.client.get(path).status_code == 404


def test_both_languages_by_a_tap(door: Door) -> None:
    vietnamese, english = entered(door), entered(door, "b@example.vn", "en")
    links = door.app.links
    page = door.get(links.confirm(vietnamese, door.clock()))
    assert '<html lang="vi">' in page.text
    assert "Quý vị đồng ý nhận tin của Văn phòng TBT Vĩnh Long" in page.text
    other = door.get(links.confirm(vietnamese, door.clock()), params={"lang": "en"})
    assert '<html lang="en">' in other.text
    assert "Do you want the news of" in other.text
    assert '<html lang="en">' in door.get(links.confirm(english, door.clock())).text
    assert '<html lang="vi">' in door.client.get("/", params={"lang": "xx"}).text


def test_hostile_words_are_words(tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script>" onload="x'
    config = CONFIG.replace("Văn phòng TBT Vĩnh Long", nasty.replace('"', '\\"'))
    with opened(tmp_path, config) as door:
        for answer in every_page(door).values():
            assert "<script" not in answer.text
            assert "&lt;script&gt;" in answer.text
            assert not [attrs for _, attrs in Looked(answer.text).found if "onload" in attrs]
        shown = door.client.get("/", params={"lang": nasty})
        assert "<script" not in shown.text


def test_other_methods_and_a_fault_in_here(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    one, link = confirmed(door)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert door.client.request(method, door.path(link)).status_code == 405
    assert door.client.head(door.path(link)).text == ""

    def full(_number: int) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(door.app.store.subscribers, "get", full)
    answer = door.post(link)
    assert answer.status_code == 503
    assert "Hệ thống đang gặp sự cố" in answer.text
    assert "disk" not in answer.text
    monkeypatch.undo()
    assert pause(door, one) == ""


def test_no_log_holds_a_link(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _, link = confirmed(door)
        door.post(link)
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert not [one for one in ours if link.rpartition("/")[2] in one.getMessage()]


# ── Who asks too often ──────────────────────────────────────────────────────────────────────────────────


def test_who_asks_too_often_waits_and_nobody_else(door: Door) -> None:
    def ask(client: str) -> int:
        # A web server on this machine says for whom it asks.
        return door.client.get("/", headers={"X-Forwarded-For": client}).status_code

    codes = [ask("203.0.113.7") for _ in range(70)]
    assert codes[:60] == [404] * 60
    assert 429 in codes
    assert ask("203.0.113.8") == 404
    refused = door.client.get("/", headers={"X-Forwarded-For": "203.0.113.7"})
    while refused.status_code != 429:
        refused = door.client.get("/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert refused.headers["retry-after"] == "60"
    assert "content-security-policy" in refused.headers
    assert "Quá nhiều yêu cầu" in refused.text


def test_the_limit_is_a_bucket_that_fills_again_and_forgets() -> None:
    now = [0.0]

    async def nothing(*_given: object) -> None:
        """Answers nothing."""

    limit = Limit(nothing, nothing, burst=3, per_second=0.5, stopwatch=lambda: now[0])
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    now[0] += 2
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    limit.MOST = 10
    for number in range(100):
        assert limit.allows(str(number))
    assert len(limit._seen) <= 10


# ── Beside the service ──────────────────────────────────────────────────────────────────────────────────


def test_the_service_serves_the_pages_where_email_is_on(tmp_path: Path) -> None:
    port = free_port()
    config = CONFIG.replace("127.0.0.1:8099", f"127.0.0.1:{port}") + "[sources]\nenabled = []\n"
    stop, begun, codes = threading.Event(), threading.Event(), []
    with office(tmp_path, config) as (app, _clock):
        thread = threading.Thread(target=scheduler.serve, args=(app, stop, begun.set))
        thread.start()
        try:
            assert begun.wait(20)
            with httpx.Client(trust_env=False) as client:
                codes.append(client.get(f"http://127.0.0.1:{port}/static/pages.css").status_code)
        finally:
            stop.set()
            thread.join(30)
    assert codes == [200]
    with socket.socket() as again:  # it is free now
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    async def nothing(*_given: object) -> None:
        """Answers nothing."""

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(BusyError, match=rf"127.0.0.1:{port}.*\[web\] listen"),
            serving(nothing, "127.0.0.1", port),
        ):
            pass


# ── The secret and the settings ─────────────────────────────────────────────────────────────────────────


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "link-secret"
    made: set[bytes] = set()
    threads = [threading.Thread(target=lambda: made.add(signing_secret("", path))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert made == {path.read_bytes()}
    assert len(path.read_bytes()) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["link-secret"]
    assert signing_secret("given by the office", path) == b"given by the office"
    with pytest.raises(ConfigError, match="TBT_WEB_SECRET"):
        signing_secret("short", path)
    path.write_text("")
    with pytest.raises(StoreError, match="damaged"):
        signing_secret("", path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('base_url = "https://tbt.example.gov.vn/dang-ky"', ""), "base_url"),
        (("https://tbt.example.gov.vn/dang-ky", "http://tbt.example.gov.vn"), "https"),
        (("https://tbt.example.gov.vn/dang-ky", "https://tbt.example.gov.vn/?a=1"), "base_url"),
        (('sender = "tbt@example.gov.vn"', ""), "sender"),
        (('sender = "tbt@example.gov.vn"', 'sender = "TBT <tbt@example.gov.vn>"'), "no mail address"),
        (('host = "127.0.0.1"', ""), "host"),
        (('host = "127.0.0.1"', 'host = "mail.example.vn"\nsecurity = "none"'), "in the open"),
        (('host = "127.0.0.1"', 'host = "mail.example.vn"\nuser = "tbt"'), "TBT_SMTP_PASSWORD_FILE"),
    ],
)
def test_email_is_refused_with_settings_that_do_not_serve_it(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    with office(tmp_path, CONFIG.replace(*change)) as (app, _), pytest.raises(ConfigError) as caught:
        assert app.channels
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_links_stay_on_this_machine_without_https(tmp_path: Path) -> None:
    config = CONFIG.replace("https://tbt.example.gov.vn/dang-ky", "http://127.0.0.1:8099/")
    with opened(tmp_path, config) as door:
        assert door.app.links.base_url == "http://127.0.0.1:8099"
        assert "strict-transport-security" not in door.client.get("/").headers


@pytest.mark.parametrize("listen", ["8080", "127.0.0.1:", "127.0.0.1:99999", ":8080", "127.0.0.1:http"])
def test_where_to_listen_is_an_address_and_a_port(tmp_path: Path, listen: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[web]\nlisten = "{listen}"\n')
    with pytest.raises(ConfigError, match="listen"):
        assert load_config(path, {}).web.place
