"""The WTO's other surfaces over HTTP: the official interface with its key, the ten newest, the documents; a site under
its other name, and what each refusal says to do."""

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import forms
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Asked
from werkzeug import Response as Answer

from tbt_watch import curate, pipeline
from tbt_watch.app import open_app
from tbt_watch.collect.options import CrawlIssue, CrawlOptions, CrawlReport
from tbt_watch.collect.runner import run_source
from tbt_watch.config import Config, load_config
from tbt_watch.language import Language
from tbt_watch.normalise import stage as normalise_stage
from tbt_watch.store import Store
from tbt_watch.tag import stage as tag_stage
from tbt_watch.tag.vocabulary import load_vocabulary
from tbt_watch.translate import stage as translate_stage
from tbt_watch.translate.engines.contract import NoEngine

NOW = datetime(2025, 7, 3, 1, 0, tzinfo=UTC)
KEY = "k3y-0f-0urs"
SEARCH = "/eping/notifications/search"
LATEST = "/api/v1/notifications/getLatestNotifications"
GET_ALL = "/api/v1/azureSearch/getAll"
SAVED = Path(__file__).parent / "spiders"
Respond = Callable[[Asked], Answer]


class Site:
    """A server on 127.0.0.1 that answers for some hosts; ``asked`` are the requests without robots.txt."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.asked: list[Asked] = []
        self.robots = "User-agent: *\nAllow: /\n"

    def answer(self, respond: Respond) -> None:
        def handle(asked: Asked) -> Answer:
            if asked.path.endswith("/robots.txt"):
                return Answer(self.robots, content_type="text/plain")
            self.asked.append(asked)
            return respond(asked)

        self.server.clear()
        self.server.expect_request(_Every()).respond_with_handler(handle)

    def options(self, *hosts: str, **more: Any) -> CrawlOptions:
        led = {host: self.server.url_for(f"/{host}") for host in hosts}
        known: dict[str, Any] = {"now": NOW, "hosts": led, "only_hosts": True, "delay": 0, "retries": 0}
        return CrawlOptions(**known | {"expects": (1, 500)} | more)


class _Every(str):
    """A path that is every path."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __hash__(self) -> int:
        return 0


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "watch.sqlite"


def kept(database: Path) -> list[Any]:
    with Store.open(database) as store:
        return [due.record for due in store.raw.due(limit=500)]


def only_issue(report: CrawlReport) -> CrawlIssue:
    (issue,) = report.issues
    assert issue.message.endswith(".")
    assert issue.todo.endswith(".")
    return issue


def said(status: int, body: object, **headers: str) -> Respond:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(json.dumps(body), status, given, content_type="application/json")


# ── the official interface ──────────────────────────────────────────────────────────────────────────────────


def gateway(asked: Asked) -> Answer:
    """Azure's gateway before ePing: no key, no language, no answer; pages of two."""
    if asked.headers.get("Ocp-Apim-Subscription-Key") != KEY:
        return Answer('{"statusCode":401,"message":"Access denied."}', 401)
    if "language" not in asked.args:
        return Answer('{"statusCode":404,"message":"Resource not found"}', 404)
    assert int(asked.args["pageSize"]) <= 100
    body = json.loads((SAVED / "eping_api/page.json").read_text(encoding="utf-8"))
    return Answer(json.dumps(body), content_type="application/json")


def test_the_key_travels_in_a_header_and_nowhere_else(
    site: Site, database: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site.answer(gateway)
    report = run_source("eping_api", site.options("api.wto.org", keys={"eping_api": KEY}), database)
    assert (report.items, report.issues) == (4, ())
    assert [one.path for one in site.asked] == [f"/api.wto.org{SEARCH}"]
    assert KEY not in site.asked[0].url
    assert (site.asked[0].args["domainIds"], site.asked[0].args["language"]) == ("1,2", "1")
    records = kept(database)
    assert not any(KEY in f"{one.url}{one.body}{one.key}" for one in records)
    assert KEY.encode() not in database.read_bytes()
    assert KEY not in "".join(capfd.readouterr())


def test_records_of_the_interface_become_notices_as_those_of_the_search_page(
    site: Site, database: Path, language: Language
) -> None:
    site.answer(gateway)
    run_source("eping_api", site.options("api.wto.org", keys={"eping_api": KEY}), database)
    with Store.open(database) as store:
        report = normalise_stage.run(store, language, NOW)
        found = {item.notice.key: item.notice for item in store.notices.every()}
        issues = store.issues.open_list()
    assert (report.done, report.waiting, issues) == (4, 0, [])
    joint = found["G/TBT/N/ARE/703"]
    assert joint.members == ("ARE", "BHR")
    assert (joint.title, joint.summary) == (
        "Road vehicles – Child seats",
        "How seats are anchored.\nAnd tested.",
    )
    assert [one.language for one in joint.documents] == ["en", "en", None]
    poultry = found["G/SPS/N/JPN/1400"]
    assert (poultry.type, poultry.comment_until, poultry.affected) == ("emergency", None, ("BRA",))
    assert poultry.keywords == ("animal-health", "avian-influenza")
    assert found["G/TBT/N/USA/138/Rev.1/Add.2"].follows == "G/TBT/N/USA/138/Rev.1"


def test_without_a_key_nothing_is_asked(site: Site, database: Path) -> None:
    site.answer(gateway)
    issue = only_issue(run_source("eping_api", site.options("api.wto.org"), database))
    assert issue.kind == "no-key"
    assert "TBT_EPING_KEY" in issue.todo
    assert site.asked == []


NO = {"statusCode": 401, "message": f"Access denied due to invalid subscription key {KEY}."}
REFUSALS: list[tuple[Respond, str, str, str]] = [
    (said(401, NO), "refused", "401 (Access denied due to invalid subscription key (key))", "TBT_EPING_KEY"),
    (said(403, {"statusCode": 403, "message": "Forbidden"}), "refused", "403 (Forbidden)", "TBT_EPING_KEY"),
    (said(404, {"statusCode": 404, "message": "Resource not found"}), "missing", "404", "apiportal.wto.org"),
    (said(429, {"message": "Rate limit is exceeded."}, Retry_After="900"), "busy", "429", "calls"),
    (said(403, {"message": "Out of call volume quota."}, Retry_After="9000"), "busy", "403 (Out of", "calls"),
    (
        lambda _: Answer("", 302, {"Location": "http://api.wto.org/other"}),
        "other-host",
        "http://api.wto.org/other",
        "moved",
    ),
    (lambda _: Answer("<Page/>", content_type="application/xml"), "unreadable", "XML where JSON", "address"),
]


@pytest.mark.parametrize(("respond", "kind", "message", "todo"), REFUSALS, ids=lambda one: str(one)[:12])
def test_each_refusal_of_the_interface_is_one_clear_issue(
    site: Site, database: Path, respond: Respond, kind: str, message: str, todo: str
) -> None:
    site.answer(respond)
    options = site.options("api.wto.org", keys={"eping_api": KEY}, retries=1)
    report = run_source("eping_api", options, database)
    issue = only_issue(report)
    assert (issue.kind, report.failed, report.items) == (kind, True, 0)
    assert message in issue.message
    assert todo in issue.todo
    assert issue.key == f"https://api.wto.org{SEARCH}"
    assert KEY not in f"{issue}"
    assert len(site.asked) == 1


def test_the_key_comes_from_the_environment_or_a_file_and_never_shows(tmp_path: Path) -> None:
    config = load_config(None, {"TBT_EPING_KEY": KEY})
    assert config.sources.eping_key == KEY
    assert KEY not in repr(config)
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert load_config(None, {"TBT_EPING_KEY_FILE": str(file)}).sources.eping_key == KEY
    assert KEY not in repr(CrawlOptions(now=NOW, keys={"eping_api": KEY}))


# ── the ten newest ──────────────────────────────────────────────────────────────────────────────────────────


def newest(asked: Asked) -> Answer:
    """Any parameter is a bad request, and any other Accept than exactly JSON gets XML."""
    if asked.args:
        return Answer("Bad Request", 400)
    if asked.headers["Accept"] != "application/json":
        return Answer("<ArrayOfNotification/>", content_type="application/xml")
    return Answer((SAVED / "eping_latest/page.json").read_bytes(), content_type="application/json")


def test_the_ten_newest_are_asked_for_as_the_site_wants_it(site: Site, database: Path) -> None:
    site.answer(newest)
    report = run_source("eping_latest", site.options("eping.wto.org", expects=None), database)
    assert (report.items, report.issues) == (4, ())
    assert [one.path for one in site.asked] == [f"/eping.wto.org{LATEST}"]


@pytest.mark.parametrize(
    ("respond", "kind"),
    [
        (lambda _: Answer("<ArrayOfNotification/>", content_type="application/xml"), "unreadable"),
        (lambda _: Answer("Bad Request", 400), "unreachable"),
        (said(200, {"items": []}), "unreadable"),
        (said(200, [{"symbol": "G/TBT/N/KEN/1"}]), "unreadable"),
        (said(200, []), "nothing"),
    ],
)
def test_what_is_no_list_of_the_newest(site: Site, database: Path, respond: Respond, kind: str) -> None:
    site.answer(respond)
    report = run_source("eping_latest", site.options("eping.wto.org", expects=None), database)
    assert only_issue(report).kind == kind


def take_on(store: Store, language: Language) -> None:
    normalise_stage.run(store, language, NOW)
    translate_stage.run(store, language, NoEngine(), NOW)
    tag_stage.run(store, load_vocabulary())
    curate.run(store, "auto", NOW)


def test_a_first_word_waits_for_the_facts_and_asks_nobody(
    site: Site, database: Path, language: Language
) -> None:
    site.answer(newest)
    run_source("eping_latest", site.options("eping.wto.org"), database)
    with Store.open(database) as store:
        take_on(store, language)
        (before,) = store.notices.get("G/TBT/N/KEN/2002")
        assert (before.state, before.doubt) == ("HELD", "first-word-only")
        assert (before.notice.members, before.notice.type) == (("BDI", "KEN"), "regular")
        assert (before.notice.title, before.notice.comment_until) == ("Maize flour — Specification", None)
        assert before.notice.published_on is not None
        assert before.notice.published_on.isoformat() == "2025-07-02"
        (addendum,) = store.notices.get("G/TBT/N/CHL/518/Add.3")
        assert (addendum.notice.type, addendum.notice.follows) == ("addendum", "G/TBT/N/CHL/518")
        assert store.issues.open_list() == []

    record = {
        "id": 1,
        "area": "TBT",
        "notificationType": "Regular notification",
        "documentSymbol": " G/TBT/N/BDI/700, G/TBT/N/KEN/2002",
        "notifyingMember": "Kenya",
        "distributionDate": "2025-07-02T00:00:00+00:00",
        "commentDeadlineDate": "2025-08-31T00:00:00+00:00",
        "titlePlain": "Maize flour — Specification",
        "hsCodes": [{"code": "1102"}],
    }
    site.answer(said(200, {"items": [record], "totalCount": 1}))
    run_source("eping_web", site.options("epingalert.org"), database)
    with Store.open(database) as store:
        take_on(store, language)
        (after,) = store.notices.get("G/TBT/N/KEN/2002")
    assert (after.state, after.doubt, after.id) == ("ACCEPTED", "", before.id)
    assert after.notice.sources == ("eping_web", "eping_latest")
    assert after.notice.comment_until is not None
    assert [version.seq for version in after.versions] == [1]


# ── one site, several names; robots.txt ─────────────────────────────────────────────────────────────────────


def pages(asked: Asked) -> Answer:
    """A full first page and a second one, in answer to the name that is up."""
    number = int(asked.args["page"])
    if asked.path.startswith("/epingalert.org"):
        return Answer("down", 500)
    count = 100 if number == 1 else 20
    items = [
        {"id": 1000 * number + one, "documentSymbol": " G/TBT/N/KEN/1", "distributionDate": "2025-06-20"}
        for one in range(count)
    ]
    return Answer(json.dumps({"items": items, "totalCount": 120}), content_type="application/json")


def test_the_search_page_is_asked_under_its_other_name(site: Site, database: Path) -> None:
    site.answer(pages)
    report = run_source("eping_web", site.options("epingalert.org", "eping.wto.org"), database)
    assert (report.items, report.issues) == (120, ())
    assert [one.path.partition("/api")[0] for one in site.asked] == [
        "/epingalert.org",
        "/eping.wto.org",
        "/eping.wto.org",
    ]


def test_when_no_name_answers_it_is_one_issue(site: Site, database: Path) -> None:
    site.answer(lambda _: Answer("down", 500))
    issue = only_issue(run_source("eping_web", site.options("epingalert.org", "eping.wto.org"), database))
    assert issue.kind == "unreachable"
    assert issue.key == f"https://epingalert.org{GET_ALL}"
    assert issue.message.endswith("HTTP status 500; nor could it be read from eping.wto.org.")


def test_what_one_name_refuses_is_not_asked_of_the_other(site: Site, database: Path) -> None:
    site.answer(lambda _: Answer("no", 403))
    issue = only_issue(run_source("eping_web", site.options("epingalert.org", "eping.wto.org"), database))
    assert (issue.kind, len(site.asked)) == ("refused", 1)
    assert "eping_api" in issue.todo


@pytest.mark.parametrize(
    ("source", "instead"),
    [("eping_web", ("TBT_EPING_KEY", "eping_workbook")), ("eping_latest", ("eping_api",)),
     ("eping_api", ("eping_workbook",)), ("wto_documents", ("--file",))],
)  # fmt: skip
def test_where_robots_are_refused_nothing_is_asked_and_the_alternative_is_named(
    site: Site, database: Path, source: str, instead: tuple[str, ...]
) -> None:
    site.robots = "User-agent: *\nDisallow: /\n"
    site.answer(lambda _: Answer("{}"))
    address = "https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/t/G/TBTN25/KEN2001.DOCX"
    hosts = ("epingalert.org", "eping.wto.org", "api.wto.org", "docs.wto.org")
    options = site.options(*hosts, keys={"eping_api": KEY}, addresses=(address,))
    issue = only_issue(run_source(source, options, database))
    assert issue.kind == "robots"
    assert all(words in issue.todo for words in instead)
    assert site.asked == []


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────

FOLDER = "https://docs.wto.org/imrd/directdoc.asp?DDFDocuments/t/G/TBTN25/"
NOT_PUBLISHED = "<html><body>This document is not published.</body></html>"
FILES = {
    "PHL300A1.DOCX": forms.addendum(r0="31 August 2025"),
    "KEN2001.docx": NOT_PUBLISHED.encode(),
    "KEN2002.DOCX": b"%PDF-1.7\nlooks like a Word file by its name\n%%EOF",
    "KEN2003.DOCX": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word of 1997",
    "KEN2004.DOCX": forms.regular("G/TBT/N/KEN/2004")[:4000],
}


def documents_online(asked: Asked) -> Answer:
    """200 for everything, whatever it is."""
    return Answer(FILES[asked.query_string.decode().rpartition("/")[2]], content_type="text/html")


@pytest.fixture
def collected(site: Site, database: Path) -> CrawlReport:
    site.answer(documents_online)
    addresses = tuple(FOLDER + name for name in FILES)
    return run_source("wto_documents", site.options("docs.wto.org", addresses=addresses), database)


def test_documents_are_what_their_content_says(collected: CrawlReport, database: Path) -> None:
    assert (collected.items, only_issue(collected).kind) == (4, "cut-short")
    assert "KEN2004.DOCX is" in only_issue(collected).message
    formats = {one.key: json.loads(one.body)["format"] for one in kept(database)}
    assert formats == {
        "G/TBT/N/PHL/300/Add.1|en": "docx",
        "KEN2001.docx": "html",
        "KEN2002.DOCX": "pdf",
        "KEN2003.DOCX": "doc",
    }


def test_what_is_not_read_is_kept_and_named(
    collected: CrawlReport, database: Path, language: Language
) -> None:
    assert collected.new == 4
    with Store.open(database) as store:
        report = normalise_stage.run(store, language, NOW)
        issues = {one.key: one for one in store.issues.open_list() if one.source == "wto_documents"}
    assert (report.done, report.waiting) == (1, 3)
    assert {one.kind for one in issues.values()} == {"not-read"}
    assert "is not published" in issues["KEN2001.docx"].message
    assert "is a PDF file" in issues["KEN2002.DOCX"].message
    assert "Word file of before 2007" in issues["KEN2003.DOCX"].message
    assert all("--file" in one.todo for one in issues.values())


def test_files_are_read_as_the_site_is(site: Site, database: Path, tmp_path: Path) -> None:
    paths = []
    for name, content in {**FILES, "renamed.pdf": forms.regular()}.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    report = run_source("wto_documents", site.options(files=tuple(paths), expects=None), database)
    assert report.items == 5
    assert {one.key for one in kept(database)} >= {"G/TBT/N/PHL/300/Add.1|en", "G/TBT/N/KEN/2001|en"}
    again = run_source("wto_documents", site.options(files=tuple(paths), fresh=True, expects=None), database)
    assert (again.new, again.changed, again.same) == (0, 0, 5)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    default = Config()
    return dataclasses.replace(default, store=dataclasses.replace(default.store, path=tmp_path / "w.sqlite"))


def test_the_documents_of_new_notifications_are_asked_for_until_they_are_read(
    site: Site, config: Config
) -> None:
    record = {
        "id": 7,
        "notificationType": "Addendum to Regular Notification",
        "documentSymbol": " G/TBT/N/PHL/300/Add.1",
        "notifyingMember": "Philippines",
        "distributionDate": "2025-06-20T00:00:00+00:00",
        "titlePlain": "Rules for vapour products",
        "linkToNotification": FOLDER.replace("/t/", "/T/") + "PHL300A1.docx",
    }
    spanish = {
        **record,
        "id": 8,
        "documentSymbol": " G/TBT/N/CHL/731",
        "notifyingMember": "Chile",
        "notificationType": "Regular notification",
        "linkToNotification": FOLDER.replace("/t/", "/v/") + "CHL731.DOCX",
    }
    site.answer(said(200, {"items": [record, spanish], "totalCount": 2}))
    options = site.options("epingalert.org", "docs.wto.org")
    with open_app(config, lambda: NOW) as app:
        nothing = pipeline.collect(app, ["wto_documents"], options)
        assert (nothing.failed, nothing.done) == (0, 0)
        pipeline.collect(app, ["eping_web"], options)
        pipeline.run(app, ["normalise", "translate", "tag", "curate"])
        (first,) = app.store.notices.get("G/TBT/N/PHL/300/Add.1")
        assert (first.state, first.notice.comment_until) == ("ACCEPTED", None)

        FILES["PHL300A1.docx"] = NOT_PUBLISHED.encode()
        site.answer(documents_online)
        site.asked.clear()
        pipeline.collect(app, ["wto_documents"], options)
        pipeline.run(app, ["normalise"])
        assert [issue.kind for issue in app.store.issues.open_list()] == ["not-read"]

        FILES["PHL300A1.docx"] = FILES["PHL300A1.DOCX"]
        pipeline.collect(app, ["wto_documents"], options)
        pipeline.run(app, ["normalise", "translate", "tag", "curate"])
        (told,) = app.store.notices.get("G/TBT/N/PHL/300/Add.1")
        pipeline.collect(app, ["wto_documents"], options)
    assert len(site.asked) == 2  # not again, once it was read
    assert told.notice.comment_until is not None
    assert told.notice.comment_until.isoformat() == "2025-08-31"
    assert [one.code for one in told.notice.reasons] == ["comment-period"]
    assert told.notice.sources == ("eping_web", "wto_documents")
    (change,) = told.versions[-1].changes
    assert (change.field, change.before, change.after) == ("comment_until", "", "2025-08-31")
