"""Every kind of page that the house prints: of an office where everything has happened once.

``everything`` asks for each page of the desk and of the door as a browser would, and remembers what was answered;
``museum`` shows it again, so that a browser can look at pages that only a form leads to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cast import CIRCULAR, POMELO, named, subscriber
from curators import BAD, CONFIG, DeskOffice, Person, desk_office
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tbt_watch import curate, publishing
from tbt_watch.bulletin import papers
from tbt_watch.bulletin.site import Page, Site, pages
from tbt_watch.deliver.links import Links
from tbt_watch.digest.enrol import enrol
from tbt_watch.digest.leaving import REPORTS
from tbt_watch.domain.edition import Edition, EditionItem, Part
from tbt_watch.domain.memory import Unit
from tbt_watch.domain.notice import Change
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.domain.work import Issue
from tbt_watch.errors import PaperError, StoreError
from tbt_watch.store.entries import Entry
from tbt_watch.web.app import SITE as LETTERS
from tbt_watch.web.app import STATIC
from tbt_watch.web.pages import Pages

BASE = "http://127.0.0.1:8099"
SITE = "https://tbt.example.gov.vn/ban-tin"
JOINT = named(
    "G/TBT/N/BDI/600", "BDI", symbols=("G/TBT/N/BDI/600", "G/TBT/N/KEN/1800"), members=("BDI", "KEN"),
    comment_until=date(2026, 11, 30),
)  # fmt: skip
ARTICLE = replace(
    POMELO, key="vietq|https://vietq.vn/1", kind="article", area="VN", type="article", symbols=(), members=(),
    thread="vietq|https://vietq.vn/1", title="Thị trường Bắc Âu siết ghi nhãn", language="vi", comment_until=None,
)  # fmt: skip
EVERYTHING = (Criteria(areas=("TBT", "SPS")), "daily")
FRUIT = (Criteria(sectors=("fresh-produce",), markets=("EU",)), "daily")
WORDS = "Tuần này có **hai** dự thảo về rau quả.\n\n- xem hạn góp ý\n- hỏi [văn phòng](https://tbt.example.gov.vn)"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A page: where it was asked for, the template it was made of, and what was answered."""

    path: str
    template: str
    answer: httpx.Response


@dataclass
class Everything:
    """The office, its site, and every kind of page by a name."""

    desk: DeskOffice
    site: Path
    printed: dict[str, str]
    """Pages of the site: path → template."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    made_of: list[str] = field(default_factory=list)
    """Templates of desk and door in the order in which they were used."""

    def keep(self, name: str, answer: httpx.Response) -> httpx.Response:
        """Remember a page."""
        assert name not in self.kinds, name
        template = "" if answer.url.path.endswith("/preview") else self.made_of[-1]
        self.kinds[name] = Kind(path=answer.url.path, template=template, answer=answer)
        return answer


@contextmanager
def everything(folder: Path) -> Iterator[Everything]:
    """The office with all of its pages; PDF is left out, for it takes a second an edition."""
    with pytest.MonkeyPatch.context() as patch:
        made_of, printed = _watched(patch)
        config = CONFIG + f'base_url = "{BASE}"\n[deliver]\nchannels = ["pretend", "email", "zalo"]\n'
        config += '[deliver.email]\nhost = "127.0.0.1"\nsender = "tbt@example.gov.vn"\n'
        config += f'[bulletin]\nfolder = "{(folder / "site").as_posix()}"\nbase_url = "{SITE}"\n'
        with desk_office(folder, config) as desk:
            made = Everything(desk, folder / "site", printed, made_of=made_of)
            _notices(desk)
            _editions(desk)
            lan = desk.person("Lan", "admin")
            _desk(made, lan)
            _words(made, lan)
            _refused(made, lan)
            _door(made)
            _faults(made, patch)
            yield made


def _watched(patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
    """Write down which templates are used; what they print stays as it is."""
    made_of: list[str] = []
    printed: dict[str, str] = {}
    answer = Pages.answer

    def answered(self: Pages, request: Request, template: str, *given: Any, **more: Any) -> HTMLResponse:
        made_of.append(template)
        return answer(self, request, template, *given, **more)

    def paged(site: Site) -> Iterator[Page]:
        printed.clear()  # what the last build has
        for page in pages(site):
            printed[page.path] = page.template
            yield page

    def unprinted(_html: bytes) -> bytes:
        raise PaperError("No PDF.")

    patch.setattr(Pages, "answer", answered)
    patch.setattr(import_module("tbt_watch.bulletin.build"), "pages", paged)
    patch.setattr(papers, "to_pdf", unprinted)
    patch.setattr("tbt_watch.web.desk.issuing.to_pdf", unprinted)
    return made_of, printed


# ── What has happened ───────────────────────────────────────────────────────────────────────────────────


def _notices(desk: DeskOffice) -> None:
    """Some that wait, one of them with a fault; some that are accepted, one of them changed by its source."""
    store = desk.app.store
    for notice in (POMELO, JOINT, CIRCULAR, ARTICLE):
        item = store.notices.dossier(desk.waiting(notice))
        curate.decide(store, item, "accepted", "Lan", desk.clock(), "")
    moved = replace(POMELO, comment_until=date(2027, 2, 1))
    change = Change(field="comment_until", before="2027-01-15", after="2027-02-01")
    (item,) = store.notices.get(POMELO.key)
    entry = Entry(
        ids=(item.id,), notice=moved, records=(), seen_at=desk.clock(), changes=(change,), source="eping_web"
    )
    store.notices.put([entry], desk.clock())
    desk.many(3)
    desk.waiting(named("G/SPS/N/EU/9", "EU"), texts=BAD)


def _editions(desk: DeskOffice) -> None:
    """A weekly and a periodical that are published, and a draft with the editor's words; in between a notice is taken
    off the site."""
    app, now = desk.app, desk.clock()
    weekly = app.editions.new("bulletin", "Lan", now, date(2026, 11, 14), date(2026, 11, 20))
    weekly = app.editions.save(replace(weekly, title="Tuần về rau quả", words=WORDS), "Lan", now)
    gone = desk.waiting(named("G/SPS/N/KOR/7", "KOR"))
    curate.decide(app.store, app.store.notices.dossier(gone), "accepted", "Lan", now, "")
    publishing.publish_edition(app, weekly, "Lan")
    curate.decide(app.store, app.store.notices.dossier(gone), "rejected", "Lan", now, "Nhầm")
    monthly = app.editions.new("periodical", "Lan", now, date(2026, 11, 1), date(2026, 11, 30))
    publishing.publish_edition(app, monthly, "Lan")
    one = app.store.notices.dossier(desk.waiting(named("G/SPS/N/JPN/1300", "JPN")))
    curate.decide(app.store, one, "accepted", "Lan", now, "")
    draft = app.editions.new("bulletin", "Lan", now, date(2026, 11, 14), date(2026, 11, 20))
    sections = tuple(replace(part, words="Lời mục") for part in draft.sections)
    app.editions.save(replace(draft, words=WORDS, sections=sections), "Lan", now)


def _told(desk: DeskOffice, person: Subscriber) -> int:
    """A subscriber to whom a message was written; the number of the delivery."""
    store, now = desk.app.store, desk.clock()
    store.subscribers.save(person)
    due = EditionItem(notice_key=POMELO.key, version=1, reason="sector:fresh-produce")
    edition = Edition(kind="daily", audience=person.audience, lang="vi", until=now, items=(due,))
    assert store.editions.compose(edition, now) is not None
    (one,) = store.deliveries.unrendered()
    store.deliveries.render(one.id, [Part(number=1, text="<b>Bưởi</b>: EU hạ mức dư lượng.")], now)
    return one.id


# ── The desk ────────────────────────────────────────────────────────────────────────────────────────────


def _desk(made: Everything, lan: Person) -> None:
    """Every page of somebody at work."""
    desk, store = made.desk, made.desk.app.store
    (bad,) = store.notices.get("G/SPS/N/EU/9")
    (open_one,) = store.notices.get(POMELO.key)
    drafts = {one.published: one.id for one in store.bulletins.all()}
    failed = _told(desk, subscriber("100", EVERYTHING))
    store.deliveries.claim(failed, 1, desk.clock(), 60)
    store.deliveries.record(failed, 1, "FAILED", desk.clock(), why="refused")
    reader = replace(subscriber("Nhóm Bưởi", FRUIT, channel="zalo"), bulletin_since=desk.clock())
    pasted = _told(desk, reader)
    for source, key, kind in (
        (REPORTS, "pretend 100 1", "enterprise-report"),
        ("congbao", "raw-1", "unreadable"),
    ):
        issue = Issue(
            source=source, key=key, kind=kind, message="It says.", todo="Look.", opened_at=desk.clock()
        )
        store.issues.open(issue)
    paths = {
        "queue": "queue", "queue, filtered": "queue?failed=1&area=SPS", "queue, empty": "queue?area=VN",
        "notice with faults": f"notice/{bad.id}", "notice, accepted": f"notice/{open_one.id}",
        "letter": f"notice/{open_one.id}/letter", "record": "record", "search": "search", "found": "search?q=pomelo",
        "nothing found": "search?q=khongco", "account": "account", "accounts": "accounts", "one account": "accounts/1",
        "editions": "editions",
        "draft": f"editions/{drafts[False]}", "edition": f"editions/{drafts[True]}",
        "preview": f"editions/{drafts[False]}/preview", "message": f"editions/{drafts[False]}/telegram",
        "publish": f"editions/{drafts[False]}/publish", "issues": "issues", "sources": "sources",
        "subscribers": "subscribers", "subscriber": "subscribers/1", "deliveries": "deliveries",
        "delivery, failed": f"deliveries/{failed}", "delivery by hand": f"deliveries/{pasted}",
    }  # fmt: skip
    for name, path in paths.items():
        assert made.keep(name, lan.get(path)).status_code == 200, name
    given = {"field": "summary", "text": "Bản khác", "revision": lan.open(bad.id)}
    made.keep("check", lan.post(f"notice/{bad.id}/check", given))
    lan.open(bad.id)
    made.keep("accepted", lan.post(f"notice/{bad.id}/decide", given | {"state": "accept", "back": "queue"}))
    lan.post("speak", {"lang": "en", "back": "/desk/queue"})
    made.keep("draft in English", lan.get(f"editions/{drafts[False]}"))
    made.keep("queue in English", lan.get("queue"))
    lan.post("speak", {"lang": "vi", "back": "/desk/queue"})


def _words(made: Everything, lan: Person) -> None:
    """Terms, the translation memory, and what was done to both."""
    store, now = made.desk.app.store, made.desk.clock()
    term = {"en": "pomelo", "vi": "bưởi da xanh", "status": "preferred", "domain": "fruit", "note": "theo Sở"}
    unit = {"language": "en", "source": "The limit is 0.05 mg/kg.", "target": "Mức giới hạn là 0,05 mg/kg."}
    made.keep("terms", lan.get("terms"))
    made.keep("no terms", lan.get("terms?words=khongco"))
    made.keep("new term", lan.get("terms/new"))
    made.keep("term looked at", lan.post("terms/save", term | {"do": "look"}))
    made.keep(
        "term with faults", lan.post("terms/save", term | {"vi": "a|b", "note": "\u202e", "domain": "d" * 50})
    )
    made.keep("term", lan.post("terms/save", term))
    made.keep("term changed by another", lan.post("terms/save", term | {"was": "0" * 16}))
    made.keep("no term", lan.get("terms/entry?lang=en&of=khongco"))
    made.keep("memory, empty", lan.get("memory"))
    made.keep("memory of the project", lan.get("memory?origin=shipped"))
    lan.get("memory/new")
    made.keep("unit with a fault", lan.post("memory/new", unit | {"target": "Mức giới hạn là 0,5 mg/kg."}))
    made.keep("unit without a text", lan.post("memory/new", unit | {"target": ""}))
    made.keep("unit", lan.post("memory/new", unit))
    number = store.memory.all()[-1].id
    made.keep("memory", lan.get("memory"))
    lan.get(f"memory/{number}")
    seen = {"revision": "0", "target": "Giới hạn là 0,5 mg/kg."}
    made.keep("two on a unit", lan.post(f"memory/{number}/correct", seen))
    whole = Unit(
        language="en",
        source="Whole.",
        target="Toàn bộ.",
        origin="human",
        by="Lan",
        notice=POMELO.key,
        field="title",
    )
    store.memory.put([whole], now)
    made.keep("unit of a notice", lan.get(f"memory/{(number or 0) + 1}"))
    made.keep("no unit", lan.get("memory/9999"))
    made.keep("office record", lan.get("record/office"))
    made.keep("not taken back", lan.post("record/undo", {"deed": "9999"}))


def _refused(made: Everything, lan: Person) -> None:
    """What is said when something is not done."""
    desk, store = made.desk, made.desk.app.store
    draft = next(one.id for one in store.bulletins.all() if not one.published)
    lan.open(1)
    given = {"field": "summary", "text": "Bản khác", "revision": "0.0"}
    made.keep("two on a notice", lan.post("notice/1/write", given))
    lan.get(f"editions/{draft}")
    texts = {"revision": "1", "base": "words:0 title:0", "words": "khác", "deed": "save"}
    made.keep("two on a draft", lan.post(f"editions/{draft}", texts))
    lan.get("editions")
    made.keep(
        "no draft", lan.post("editions", {"kind": "bulletin", "since": "2026-11-20", "until": "2026-11-01"})
    )
    made.keep("no edition", lan.get("editions/999"))
    made.keep("no notice", lan.get("notice/999"))
    made.keep("nobody", lan.get("subscribers/999"))
    lan.get("account")
    made.keep("password", lan.post("account", {"old": "nothing", "new": "x", "again": "x"}))
    lan.get("accounts")
    made.keep("no account", lan.post("accounts", {"name": " ", "new": "short", "again": "other"}))
    made.keep("admin", desk.person("Minh").get("accounts"))
    lan.get("queue")
    made.keep("form from elsewhere", lan.post("undo", headers={"Origin": "https://evil.example"}))
    stranger = desk.browser()
    made.keep("ended", stranger.post("undo"))
    made.keep("login", stranger.get("login"))
    made.keep("login, wrong", stranger.log_in("Lan", "wrong"))
    for _ in range(3):
        answer = stranger.log_in("Lan", "wrong")
    assert made.keep("login, too soon", answer).status_code == 429


# ── The door ────────────────────────────────────────────────────────────────────────────────────────────


def _door(made: Everything) -> None:
    """Where the links of letters lead, in the order in which somebody goes there."""
    desk, links = made.desk, made.desk.app.links
    people = [
        enrol(desk.app.store, replace(one, bulletin_since=desk.clock()), desk.clock())
        for one in (
            subscriber("htx@example.vn", EVERYTHING, channel="email"),
            subscriber("coop@example.vn", EVERYTHING, channel="email", lang="en"),
        )
    ]
    first, second = (links.confirm(one, desk.clock()) for one in people)
    away = links.unsubscribe(people[0])
    back, gone, paper = (
        away.replace("/unsubscribe/", f"/{name}/") for name in ("subscribe", "delete", "bulletin")
    )
    with httpx.Client(base_url=desk.origin, trust_env=False) as client:

        def ask(name: str, link: str, method: str = "GET", status: int = 200) -> None:
            answer = client.request(method, link.removeprefix(BASE))
            assert made.keep(name, answer).status_code == status, name

        ask("confirm", first)
        ask("confirm in English", second)
        ask("confirmed", first, "POST")
        ask("unsubscribe", away)
        ask("no more bulletin?", paper)
        ask("no more bulletin", paper, "POST")
        ask("unsubscribed", away, "POST")
        ask("subscribe again", back)
        ask("delete", gone)
        ask("deleted", gone, "POST")
        ask("not valid", away, status=404)
        ask("no such page", f"{BASE}/nowhere", status=404)
        desk.clock.now = desk.clock.now.replace(year=desk.clock.now.year + 1)
        ask("too old", second, status=410)


def _faults(made: Everything, patch: pytest.MonkeyPatch) -> None:
    """When the store does not answer, and when somebody asks too often."""

    def broken(*_: object) -> bool:
        raise StoreError("The store cannot be read.")

    link = "/confirm/" + made.desk.app.links.confirm(_somebody(made), made.desk.clock()).rpartition("/")[2]
    with httpx.Client(base_url=made.desk.origin, trust_env=False) as client:
        with patch.context() as broke:
            broke.setattr(Links, "genuine", broken)
            assert made.keep("fault", client.get(link)).status_code == 503
        answers = (client.get("/nowhere") for _ in range(200))
        made.keep("too often", next(one for one in answers if one.status_code == 429))


def _somebody(made: Everything) -> Subscriber:
    found = made.desk.app.store.subscribers.at("email", "coop@example.vn")
    assert found is not None
    return found


# ── Shown again ─────────────────────────────────────────────────────────────────────────────────────────


def museum(made: Everything) -> Starlette:
    """Each page at the address that it was answered at, with the headers that came with it: ``?kind=`` names it. The
    site below its own path."""

    async def show(request: Request) -> Response:
        kind = made.kinds.get(request.query_params.get("kind", ""))
        if kind is None:
            return Response(status_code=404)
        kept = {"content-security-policy", "content-type", "referrer-policy"}
        headers = {name: value for name, value in kind.answer.headers.items() if name in kept}
        return Response(kind.answer.content, headers=headers)

    files = [
        Mount("/static/fonts", StaticFiles(directory=LETTERS / "fonts")),
        Mount("/static", StaticFiles(directory=STATIC)),
        Mount(urlsplit(SITE).path, StaticFiles(directory=made.site)),
    ]
    return Starlette(routes=[*files, Route("/{path:path}", show)])
