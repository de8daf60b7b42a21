"""Pictures of the curators' page on the sample's notices, 390 and 1280 pixels wide: `make pictures`.

Runs the sample anew, beside the one that is there. Takes the folder for the pictures. Needs Chromium and its driver
(Debian: apt-get install chromium chromium-driver) and selenium.
"""

import os
import sys
import tempfile
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path

from browser import chromium
from camera import Camera
from cast import subscriber
from curators import PASSWORD, QUICK

from tbt_watch.app import App, open_app, sample_config
from tbt_watch.cli import tbt_watch_command
from tbt_watch.cli.frame import run_guarded
from tbt_watch.config import Config
from tbt_watch.digest.enrol import enrol
from tbt_watch.digest.leaving import REPORTS
from tbt_watch.domain.curator import Curator
from tbt_watch.domain.edition import Edition, EditionItem, Part
from tbt_watch.domain.memory import Unit
from tbt_watch.domain.subscriber import Criteria, Frequency, Subscriber
from tbt_watch.domain.term import Term
from tbt_watch.domain.work import Decision, Issue
from tbt_watch.sample import sample_now
from tbt_watch.store import Store
from tbt_watch.store.ledger import Wanted
from tbt_watch.store.queue import ALL, Sieve
from tbt_watch.translate.terms.keeping import keep_term
from tbt_watch.translate.terms.table import cells_of
from tbt_watch.web.app import pages_of
from tbt_watch.web.server import serving

LINKS = "http://127.0.0.1:8099"
MAILBOX = "tbt@example.gov.vn"
Wish = tuple[Criteria, Frequency]
FRUIT: Wish = (Criteria(sectors=("fresh-produce",), markets=("EU", "USA")), "daily")
TITLE = "Tuần về an toàn sản phẩm"
WORDS = "Tuần này Hoa Kỳ còn **bốn ngày** lấy ý kiến.\n\n- Xem mục *Sắp hết hạn góp ý*\n- Cần hỏi thêm: gọi Văn phòng"
WRITTEN = (
    "California đề xuất nêu rõ nhà nhập khẩu có thể làm gì để tuân thủ khi nhà sản xuất của một Sản phẩm ưu tiên trong"
    " danh mục không tuân thủ. Văn bản làm rõ các nghĩa vụ hiện có và không đặt thêm yêu cầu mới đối với nhà nhập khẩu."
)


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        with chdir(here):
            assert run_guarded(tbt_watch_command, ["run", "--once", "--sample"]) == 0
        here = here / "sample-run"
        with (
            open_app(_config(here), sample_now) as app,
            serving(pages_of(app), "127.0.0.1", 0) as (_, port),
            chromium(here) as window,
        ):
            for name in ("Lan", "Minh"):
                made = Curator(name=name, role="admin", hash=QUICK.hash(PASSWORD), created_at=sample_now())
                app.store.curators.add(made)
            desk = Desk(app, Camera(window, out), f"http://127.0.0.1:{port}")
            desk.log_in()
            desk.bulletin()
            desk.people()
            desk.notices()
            desk.lists()
            desk.door()


def _config(here: Path) -> Config:
    """The sample's, of an office with its desk and its door open."""
    config = sample_config(Config(), here)
    channels = ("pretend", "email", "zalo")
    email = replace(config.deliver.email, host="127.0.0.1", sender=MAILBOX)
    return replace(
        config,
        office=replace(config.office, name="Văn phòng TBT Vĩnh Long"),
        web=replace(config.web, desk=True, base_url=LINKS),
        deliver=replace(config.deliver, channels=channels, email=email),
        bulletin=replace(config.bulletin, base_url="https://tbt.example.gov.vn"),
    )


@dataclass(frozen=True)
class Desk:
    """The pages of a person at work, and those that letters lead to."""

    app: App
    camera: Camera
    origin: str

    def shoot(self, name: str, path: str = "", bottom: str = "") -> None:
        """A picture of the page that is open, or of one of the desk."""
        self.camera.shoot(f"desk-{name}", f"{self.origin}/desk/{path}" if path else "", bottom)

    def log_in(self) -> None:
        window = self.camera.window
        window.open(f"{self.origin}/desk/login")
        self.shoot("login")
        window.one("#name").send_keys("Lan")
        window.one("#password").send_keys(PASSWORD)
        window.click("form.login button")
        window.until(lambda: window.path == "queue")

    def bulletin(self) -> None:
        """A draft of the week, what it looks like, two people at it, and its publication."""
        app, window, now = self.app, self.camera.window, sample_now()
        reader = replace(_reader("Hội quán Mỹ Hòa"), bulletin_since=now)
        app.store.subscribers.save(reader)
        made = app.editions.new("bulletin", "Lan", now)
        made = app.editions.save(replace(made, title=TITLE, words=WORDS), "Lan", now)
        path = f"editions/{made.id}"
        self.shoot("edition", path)
        self.shoot("edition-preview", f"{path}/preview")
        self.shoot("edition-telegram", f"{path}/telegram")
        window.open(f"{self.origin}/desk/{path}")
        made = app.editions.save(replace(made, words="Lời của Minh"), "Minh", now)
        window.one("#words").clear()
        window.one("#words").send_keys("Lời của Lan")
        window.click("button[value=save]")
        window.until(lambda: window.all("[id^=mine-]") and window.ready())
        self.shoot("edition-conflict")
        self.shoot("edition-publish", f"{path}/publish")
        window.click("form[action$=publish] button")
        window.until(lambda: "did=published" in window.driver.current_url and window.ready())
        self.shoot("edition-published")
        app.editions.new("bulletin", "Lan", now)
        self.shoot("editions", "editions")

    def people(self) -> None:
        """Subscribers, what went to them, and what somebody reported."""
        store, now = self.app.store, sample_now()
        person = _reader("Nhóm Bưởi Năm Roi", FRUIT)
        store.subscribers.save(person)
        key = store.queue.page(Sieve(state=ALL), now.date(), limit=1)[0].notice.key
        due = EditionItem(notice_key=key, version=1, reason="sector:fresh-produce")
        edition = Edition(kind="daily", audience=person.audience, lang="vi", until=now, items=(due,))
        store.editions.compose(edition, now)
        for one in store.deliveries.unrendered():
            store.deliveries.render(one.id, [Part(number=1, text=f"<b>{key}</b>\nHạn góp ý: 17/7/2025")], now)
        told = store.deliveries.find(Wanted(channel="zalo"), 1)[0]
        report = "Hợp tác xã Mỹ Hòa reports a difficulty: cảng đến giữ hàng ba ngày để kiểm tra dư lượng"
        issue = Issue(
            source=REPORTS, key="zalo 1 1", kind="enterprise-report", message=report, todo="", opened_at=now
        )
        store.issues.open(issue)
        paths = {"subscribers": "subscribers", "subscriber": f"subscribers/{told.subscriber_id}",
                 "deliveries": "deliveries", "delivery": f"deliveries/{told.id}", "issues": "issues",
                 "sources": "sources"}  # fmt: skip
        for name, path in paths.items():
            self.shoot(name, path)

    def notices(self) -> None:
        """The queue with the newest of the sample, and one of them from its text to its acceptance."""
        app, window = self.app, self.camera.window
        found = app.store.queue.page(Sieve(state=ALL), sample_now().date(), limit=60)
        newest = [one for one in found if one.age != "ARCHIVE"]
        app.store.notices.put_back([one.id for one in newest], "TAGGED")
        shown = next(one.id for one in newest if one.notice.summary and one.notice.language == "en")
        self.shoot("queue", "queue")
        window.open(f"{self.origin}/desk/notice/{shown}")
        window.one("#edit-summary summary").click()
        window.one("#text-summary").send_keys(WRITTEN)
        window.until(lambda: window.one("#checked-summary").text)
        self.shoot("text", bottom="#name-summary")
        app.store.notices.note(shown, Decision(state="amended", by="Minh", at=sample_now()), 1)
        window.click("#edit-summary form button")
        window.until(lambda: window.all("[data-page=conflict] main") and window.ready())
        self.shoot("conflict")
        window.click("main form button")
        window.until(lambda: "saved=" in window.driver.current_url and window.ready())
        self.shoot("notice")
        self.shoot("letter", f"notice/{shown}/letter")
        window.open(f"{self.origin}/desk/notice/{shown}")
        window.click("#accept")
        window.until(lambda: "did=accepted" in window.driver.current_url and window.ready())

    def lists(self) -> None:
        """The record, search, terms and memory, accounts, and what is said where there is nothing."""
        pages = {path: path for path in ("record", "account", "accounts")}
        pages |= {"search": "search?q=thuc+pham", "refused": "notice/999999"}
        for name, path in (pages | words_of(self.app.store)).items():
            self.shoot(name, path)

    def door(self) -> None:
        """Where the links of a letter lead."""
        app, now = self.app, sample_now()
        person = subscriber("htx@example.vn", FRUIT, channel="email", since=now)
        one = enrol(app.store, person, now)
        confirm, away = app.links.confirm(one, now), app.links.unsubscribe(one)
        window = self.camera.window
        for name, link in (("confirm", confirm), ("unsubscribe", away)):
            self.camera.shoot(f"door-{name}", self.origin + link.removeprefix(LINKS))
            window.click("main form button")
            window.until(lambda: not window.all("main form button:not(.quiet)") and window.ready())
            self.camera.shoot(f"door-{name}-done")
        self.camera.shoot(
            "door-delete", self.origin + away.removeprefix(LINKS).replace("unsubscribe", "delete")
        )
        self.camera.shoot("door-invalid", f"{self.origin}/confirm/nothing")


def _reader(group: str, *wishes: Wish) -> Subscriber:
    return replace(subscriber(group, *wishes, channel="zalo", since=sample_now()), name=group)


def words_of(store: Store) -> dict[str, str]:
    """The pages on terms, memory and accounts, with something on them: what each picture is called, its path."""
    terms = (
        Term(
            en=("pomelo", "pummelo"), vi="bưởi da xanh", domain="fruit", note="Gọi như trên nhãn hiệu tập thể"
        ),
        Term(
            en=("pomelo", "pummelo"), vi="bưởi chùm", status="forbidden", domain="fruit", note="Là grapefruit"
        ),
    )
    for term in terms:
        kept = keep_term(store, cells_of(term), None, (), "Lan", sample_now())
        assert kept.deed, kept
    units = (
        ("The maximum residue limit for cadmium in citrus fruit is 0.05 mg/kg.",
         "Mức dư lượng tối đa của cadimi trong quả có múi là 0,05 mg/kg."),
        ("Comments shall be submitted through the national enquiry point.",
         "Ý kiến góp ý gửi qua điểm hỏi đáp quốc gia."),
    )  # fmt: skip
    found = [
        Unit(language="en", source=source, target=target, origin="human", by="Minh", at=sample_now())
        for source, target in units
    ]
    store.memory.put(found, sample_now())
    numbers = [one.id for one in store.memory.all() if one.source == units[0][0]]
    return {
        "terms": "terms?words=duoc",
        "term": "terms/entry?lang=en&of=pomelo%7Cpummelo",
        "term-new": "terms/new?en=durian&vi=s%E1%BA%A7u+ri%C3%AAng",
        "memory": "memory",
        "unit": f"memory/{numbers[0]}",
        "account-of": f"accounts/{store.curators.get('Minh').id}",
        "record-office": "record/office",
    }


if __name__ == "__main__":
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    main(Path(sys.argv[1]).resolve())
