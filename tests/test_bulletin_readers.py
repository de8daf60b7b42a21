"""A published edition of the bulletin reaches those who want it, each once, on every channel."""

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cast
import pytest
import telegram_html
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from office import HEADLINE, Office, office
from test_channels import RIGS
from test_message import letterhead

from tbt_watch import announcing, curate, pipeline, publishing
from tbt_watch.bulletin import papers
from tbt_watch.deliver.announcement import announcement
from tbt_watch.deliver.brief import Brief, Count
from tbt_watch.deliver.listing import LETTER
from tbt_watch.deliver.markup import entities, length
from tbt_watch.deliver.pretend import Pretend
from tbt_watch.digest import stage, wishes
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.bulletin import Bulletin, BulletinItem, Section, Snapshot
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.subscriber import Criteria, Subscriber
from tbt_watch.errors import BusyError, PaperError, StoreError
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.store.ledger import Wanted

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
OTHER = cast.named(
    "G/TBT/N/USA/2211", "USA", comment_until=date(2026, 11, 30), published_on=date(2026, 11, 12)
)


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026, in Viet Nam's time; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


def reader(address: str, since: datetime = MONDAY, **changed: object) -> Subscriber:
    """Somebody who wants the bulletin and nothing else."""
    return replace(cast.subscriber(address, since=since), **{"bulletin_since": since, **changed})  # type: ignore[arg-type]


@pytest.fixture
def week(tmp_path: Path, empty_database: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office on Friday morning, with three notices of the week and no PDF, which takes a second."""

    def not_printed(_html: bytes) -> bytes:
        raise PaperError("No PDF was made.")

    monkeypatch.setattr(papers, "to_pdf", not_printed)
    with office(tmp_path, empty_database, MONDAY) as made:
        made.accepted(cast.POMELO, sectors=("fresh-produce",), topics=("residues",))
        made.accepted(OTHER, sectors=("machinery",))
        made.accepted(cast.CIRCULAR, sectors=(), topics=("labelling",))
        made.later(days=4)
        yield made


def draft(week: Office) -> Bulletin:
    return week.app.editions.new("bulletin", "Lan", week.at)


def publish(week: Office, one: Bulletin | None = None) -> Bulletin:
    return publishing.publish_edition(week.app, one or draft(week), "Lan")[0]


def run(week: Office) -> None:
    pipeline.run(week.app, ("digest",))


def got(week: Office, one: Bulletin) -> list[str]:
    """Who has a delivery of that edition, as often as they have one."""
    return sorted(found.address for found in week.app.store.deliveries.find(Wanted(bulletin_id=one.id)))


# ── Who gets it, and once ───────────────────────────────────────────────────────────────────────────────


def test_who_asked_for_it_gets_it_and_nobody_else(week: Office) -> None:
    store = week.app.store
    wishes.save(store, reader("reads"), MONDAY)
    wishes.save(store, reader("reads English", lang="en"), MONDAY)
    wishes.save(store, reader("paused", pause="asked"), MONDAY)
    wishes.save(store, reader("stopped"), MONDAY)
    wishes.save(store, cast.subscriber("stopped", since=MONDAY), MONDAY)
    wishes.save(store, cast.subscriber("news only", (Criteria(), "instant"), since=MONDAY), MONDAY)
    one = publish(week)
    assert got(week, one) == ["reads", "reads English"]
    assert {found.lang for found in store.deliveries.find(Wanted(bulletin_id=one.id))} == {"vi", "en"}
    wishes.save(store, reader("came later"), week.later(minutes=1))
    run(week)
    assert got(week, one) == ["reads", "reads English"]
    week.later(days=7)
    week.accepted(cast.named("G/TBT/N/USA/3000", "USA"), sectors=("machinery",))
    second = publish(week)
    assert got(week, second) == ["came later", "reads", "reads English"]


def test_in_the_quiet_hours_it_waits_for_the_morning(week: Office) -> None:
    wishes.save(week.app.store, reader("reads"), MONDAY)
    week.at = hanoi(20, 22)
    one = publish(week)
    assert got(week, one) == []
    assert announcing.expected(week.app, one) == hanoi(21, 6, 30)
    wishes.save(week.app.store, reader("came at night"), week.later(minutes=10))
    run(week)
    assert got(week, one) == []
    week.at = hanoi(21, 6, 31)
    run(week)
    run(week)
    assert got(week, one) == ["reads"]
    assert announcing.expected(week.app, one) is None


def test_what_breaks_after_publication_is_made_good_by_the_next_run(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill: number and site stand, nothing is composed yet."""
    wishes.save(week.app.store, reader("reads"), MONDAY)

    def full(*_given: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(stage, "issue", full)
        one = publish(week)
    assert one.published
    assert got(week, one) == []
    for _ in range(3):
        run(week)
    assert got(week, one) == ["reads"]


def test_a_publication_that_fails_tells_nobody_and_the_next_one_tells_once(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes.save(week.app.store, reader("reads"), MONDAY)
    one = draft(week)
    with monkeypatch.context() as broken:
        broken.setattr(type(week.app.store.bulletins), "_write_papers", _broken)
        with pytest.raises(StoreError):
            publish(week, one)
    run(week)
    assert week.app.store.deliveries.find(Wanted()) == []
    done = publish(week, week.app.store.bulletins.get(one.id or 0))
    run(week)
    assert got(week, done) == ["reads"]


def _broken(*_given: object) -> None:
    raise StoreError("The disk is full.")


KILLED = """
import os, pickle, sys
from datetime import datetime
from pathlib import Path
from tbt_watch import publishing
from tbt_watch.app import open_app
from tbt_watch.bulletin import papers
from tbt_watch.digest import stage
from tbt_watch.errors import PaperError
from tbt_watch.store.bulletins import BulletinRoom
from tbt_watch.store.editions import EditionRoom

def not_printed(html):
    raise PaperError("No PDF was made.")

def dies_after(room, name):
    whole = getattr(room, name)
    def deed(*given):
        whole(*given)
        os.kill(os.getpid(), 9)
    setattr(room, name, deed)

papers.to_pdf = not_printed
config, at, number, where = pickle.loads(Path(sys.argv[1]).read_bytes())
if where == "before the commit":
    dies_after(BulletinRoom, "publish")
elif where == "while it is composed":
    dies_after(EditionRoom, "compose_for")
else:
    dies_after(stage, "issue") if where == "after it" else setattr(stage, "issue", lambda *_: os.kill(os.getpid(), 9))
with open_app(config, lambda: at) as app:
    publishing.publish_edition(app, app.store.bulletins.get(number), "Lan")
"""


@pytest.mark.parametrize(
    "where", ["before the commit", "before it is composed", "while it is composed", "after it"]
)
def test_a_kill_while_publishing_loses_nobody_and_doubles_nothing(
    week: Office, tmp_path: Path, where: str
) -> None:
    wishes.save(week.app.store, reader("reads"), MONDAY)
    wishes.save(week.app.store, reader("reads English", lang="en"), MONDAY)
    number = draft(week).id or 0
    told = tmp_path / "told"
    told.write_bytes(pickle.dumps((week.app.config, week.at, number, where)))
    done = subprocess.run([sys.executable, "-c", KILLED, str(told)], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    one = week.app.store.bulletins.get(number)
    assert one.published == (where != "before the commit")
    one = one if one.published else publish(week, one)
    run(week)
    run(week)
    assert got(week, one) == ["reads", "reads English"]
    assert (week.app.config.bulletin.folder / "ban-tin/2026/so-1/index.html").exists()


def test_who_leaves_before_it_was_sent_gets_none(week: Office) -> None:
    store = week.app.store
    for address in ("reads", "stops", "leaves"):
        wishes.save(store, reader(address), MONDAY)
    one = publish(week)
    wishes.save(store, replace(reader("stops"), bulletin_since=None), week.at)
    leaves = store.subscribers.at("pretend", "leaves")
    assert leaves
    store.subscribers.remove(leaves.id or 0)
    states = {found.address: found.state for found in store.deliveries.find(Wanted(bulletin_id=one.id))}
    assert (states["reads"], states["stops"]) == ("PENDING", "FAILED")
    assert sorted(states.values()) == ["FAILED", "FAILED", "PENDING"]
    wishes.save(store, reader("stops"), week.later(minutes=1))
    run(week)
    assert len(got(week, one)) == 3


def test_who_could_not_be_reached_gets_what_is_of_use_on_coming_back(week: Office) -> None:
    store = week.app.store
    number = wishes.save(store, reader("away"), MONDAY)
    wishes.save(store, reader("here"), MONDAY)
    assert store.subscribers.strike(number, week.at, 1, 0)
    one = publish(week)
    assert got(week, one) == ["here"]
    assert store.subscribers.revive("pretend", "away", week.later(days=1)) == 1
    assert store.subscribers.revive("pretend", "away", week.at) == 0
    assert got(week, one) == ["away", "here"]


def test_who_could_not_be_reached_gets_no_edition_from_before_it_was_wanted(week: Office) -> None:
    store = week.app.store
    away = cast.subscriber("away", (Criteria(), "weekly"), since=MONDAY)
    number = wishes.save(store, away, MONDAY)
    wishes.save(store, reader("here"), MONDAY)
    assert store.subscribers.strike(number, week.at, 1, 0)
    one = publish(week)
    asks = replace(away, pause="unreachable", bulletin_since=week.later(hours=1))
    assert wishes.save(store, asks, week.at) == number
    store.subscribers.revive("pretend", "away", week.later(hours=1))
    run(week)
    assert got(week, one) == ["here"]


def test_who_alone_reads_a_language_and_could_not_be_reached_gets_it_on_coming_back(week: Office) -> None:
    store = week.app.store
    number = wishes.save(store, reader("away", lang="en"), MONDAY)
    wishes.save(store, reader("here"), MONDAY)
    assert store.subscribers.strike(number, week.at, 1, 0)
    one = publish(week)
    assert got(week, one) == ["here"]
    store.subscribers.revive("pretend", "away", week.later(days=1))
    run(week)
    assert got(week, one) == ["away", "here"]


def test_who_could_not_be_reached_and_reads_another_language_now_gets_it_once(week: Office) -> None:
    store = week.app.store
    number = wishes.save(store, reader("away"), MONDAY)
    wishes.save(store, reader("here", lang="en"), MONDAY)
    one = publish(week)
    assert store.subscribers.strike(number, week.at, 1, 0)
    wishes.save(store, reader("away", lang="en", pause="unreachable"), week.at)
    store.subscribers.revive("pretend", "away", week.later(hours=1))
    assert got(week, one) == ["away", "here"]


def test_who_could_not_be_reached_and_wants_it_no_more_gets_none_on_coming_back(week: Office) -> None:
    store = week.app.store
    number = wishes.save(store, reader("away"), MONDAY)
    one = publish(week)
    assert store.subscribers.strike(number, week.at, 1, 0)
    wishes.save(store, reader("away", pause="unreachable", bulletin_since=None), week.at)
    assert store.subscribers.revive("pretend", "away", week.later(hours=1)) == 0
    (found,) = store.deliveries.find(Wanted(bulletin_id=one.id))
    assert (found.state, found.parts) == ("FAILED", ())


def test_who_reads_the_bulletin_alone_is_not_told_of_silence(week: Office) -> None:
    wishes.save(week.app.store, reader("reads"), MONDAY)
    week.at = hanoi(30, 7, 1)
    run(week)
    assert week.app.store.editions.newest() == []


class Readers(RuleBasedStateMachine):
    """People come, go and pause; editions are published by day and by night; stages run whenever. Each edition reaches
    once whoever wanted it when it was published and still did when it was composed."""

    empty: bytes
    folder: Path
    count = 0

    @initialize()
    def begin(self) -> None:
        Readers.count += 1
        path = self.folder / f"{Readers.count}.db"
        path.write_bytes(self.empty)
        self.store = Store.open(path)
        self.at = hanoi(2, 9)
        self.since: dict[str, datetime] = {}
        self.paused: set[str] = set()
        self.open: dict[int, datetime] = {}
        self.expected: dict[int, set[str]] = {}

    def teardown(self) -> None:
        with suppress(AttributeError):
            self.store.close()

    @rule(who=st.sampled_from("abc"), lang=st.sampled_from(("vi", "en")))
    def asks(self, who: str, lang: str) -> None:
        wishes.save(self.store, reader(who, self.at, lang=lang), self.at)
        if who not in self.since or who in self.paused:
            self.since[who] = self.at
        self.paused.discard(who)

    @rule(who=st.sampled_from("abc"))
    def stops(self, who: str) -> None:
        one = self.store.subscribers.at("pretend", who)
        if one:
            wishes.save(self.store, replace(one, bulletin_since=None), self.at)
            self.since.pop(who, None)

    @rule(who=st.sampled_from("abc"))
    def pauses(self, who: str) -> None:
        one = self.store.subscribers.at("pretend", who)
        if one and not one.pause:
            wishes.save(self.store, replace(one, pause="asked"), self.at)
            self.paused.add(who)

    @rule()
    def is_published(self) -> None:
        number = issued(self.store, self.at)
        self.open[number] = self.at
        self.expected[number] = set()

    @rule(hours=st.sampled_from((1, 5, 11, 30)))
    def time_goes_by(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(whole=st.booleans())
    def runs(self, whole: bool) -> None:
        if whole:
            stage.run(self.store, Hours(), {}, (), self.at)
        else:
            stage.issue(self.store, Hours(), self.at)
        if Hours().is_quiet(self.at):
            return
        for number, at in list(self.open.items()):
            told = {who for who, since in self.since.items() if since <= at and who not in self.paused}
            if told:
                self.expected[number] = told
                del self.open[number]

    @invariant()
    def each_once(self) -> None:
        if not hasattr(self, "store"):
            return
        for number, people in self.expected.items():
            found = self.store.deliveries.find(Wanted(bulletin_id=number))
            assert sorted(one.address for one in found) == sorted(people)


def issued(store: Store, now: datetime, *keys: str) -> int:
    """An edition that is published at that moment."""
    items = tuple(BulletinItem(key=key, version=1) for key in keys)
    day = now.astimezone(VIETNAM).date()
    new = Bulletin(
        kind="bulletin", since=day, until=day, composed_at=now, words="Lời đầu.",
        sections=(Section(part="warnings", vi="Mục", items=items),),
    )  # fmt: skip
    kept = store.bulletins.add(new, "Lan", now)
    ready = replace(kept, year=day.year, number=store.bulletins.next_number("bulletin", day.year))
    return store.bulletins.publish(ready, Snapshot(frame="{}", dossiers=()), "Lan", now).id or 0


def test_in_whatever_order_things_happen_each_reader_gets_each_edition_once(
    tmp_path: Path, empty_database: bytes
) -> None:
    Readers.empty, Readers.folder = empty_database, tmp_path
    run_state_machine_as_test(Readers, settings=settings(max_examples=25, stateful_step_count=25))


# ── Corrections ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_correction_goes_to_who_got_the_edition(week: Office) -> None:
    """Whoever got the number read the wrong day there, whatever the message named."""
    store = week.app.store
    wishes.save(store, reader("reads"), MONDAY)
    wishes.save(store, reader("away"), MONDAY)
    one = publish(week)
    sent = store.deliveries.find(Wanted(bulletin_id=one.id))
    week.app.__dict__["channels"] = {"pretend": Pretend(week.app.store.path.parent / "messages")}
    wishes.save(store, replace(reader("away"), pause="asked"), week.at)
    pipeline.deliver(week.app)
    (item,) = store.notices.get(OTHER.key)
    curate.amend_field(store, item, "comment_until", "2026-12-15", "Lan", week.later(hours=1))
    pipeline.run(week.app, ("translate", "tag", "curate"))
    (item,) = store.notices.get(OTHER.key)
    if item.state != "ACCEPTED":
        curate.decide(store, item, "accepted", "Lan", week.at, "")
    run(week)
    (mended,) = [found for found in store.deliveries.newest() if found.edition_kind == "correction"]
    assert mended.address == "reads"
    assert len(sent) == 2


# ── The message ─────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = st.text(min_size=0, max_size=400) | st.sampled_from(
    ("<b>", "</b>", "&lt;", '"><a href="https://x.vn">', "]]>", "\u202e", "\ud800", "a" * 4000, "<" * 300)
)
COUNTS = st.builds(
    Count,
    heading=HOSTILE,
    n=st.integers(0, 400),
    below=st.lists(st.builds(Count, heading=HOSTILE, n=st.integers(0, 99)), max_size=12).map(tuple),
)
BRIEFS = st.builds(
    Brief,
    name=HOSTILE, office=HOSTILE, period=HOSTILE, title=HOSTILE,
    words=st.lists(HOSTILE, max_size=12).map(tuple), counts=st.lists(COUNTS, max_size=12).map(tuple),
    page=st.sampled_from(("", "https://tbt.example.vn/ban-tin/2026/so-1/", "javascript:alert(1)")),
    pdf=st.sampled_from(("", "https://tbt.example.vn/ban-tin/2026/so-1/ban-tin-1-2026.pdf")),
)  # fmt: skip


@given(brief=BRIEFS, titles=st.lists(HOSTILE, max_size=12), limit=st.sampled_from((4096, 4000, LETTER)))
def test_whatever_stands_in_an_edition_the_message_is_one_that_telegram_takes(
    brief: Brief, titles: list[str], limit: int, language: Language
) -> None:
    found = [
        cast.dossier(
            cast.named(f"G/TBT/N/USA/{number}", "USA", title=title, comment_until=date(2026, 12, number + 1)),
            number=number,
        )
        for number, title in enumerate(titles)
    ]
    speak = letterhead(language).speaker("vi")
    text = announcement(brief, found, speak, date(2026, 11, 20), limit)
    assert length(text) <= limit
    assert entities(text) <= 100 or limit == LETTER
    shown = telegram_html.read(text)
    assert 'href="javascript:' not in text
    named = [number for number in range(len(titles)) if f"G/TBT/N/USA/{number}\n" in f"{shown}\n"]
    assert named == list(range(len(named))), "the most urgent first, none cut in two"


def test_the_message_says_what_a_reader_needs(week: Office) -> None:
    one = draft(week)
    one = week.app.editions.save(replace(one, words="**Chào** các anh chị.\n\n- mục *một*"), "Lan", week.at)
    (part,) = announcing.preview(week.app, one)
    lines = telegram_html.read(part.text).splitlines()
    assert lines[0] == "Bản tin nhanh số 1/2026"
    assert lines[1] == "Chi cục Tiêu chuẩn Đo lường Chất lượng"
    assert "Chào các anh chị." in lines
    assert "• mục một" in lines
    where = lines.index("Sắp hết hạn góp ý")
    assert f"🇺🇸 {HEADLINE}" in lines[where + 1]
    assert lines[where + 2].startswith("Hạn góp ý còn 10 ngày")
    assert lines[where + 2].endswith("G/TBT/N/USA/2211")
    assert any(line.startswith("Tin cảnh báo – 2 tin: ") for line in lines)
    assert 'href="https://tbt.example.vn/ban-tin/2026/so-1/"' in part.text
    assert [button.action for row in part.buttons for button in row][-1] == "m:bulletin:off"


def test_without_a_site_there_is_no_link_and_the_message_stands(week: Office) -> None:
    week.app.config = replace(week.app.config, bulletin=replace(week.app.config.bulletin, base_url=""))
    (part,) = announcing.preview(week.app, draft(week))
    assert "ban-tin" not in part.text
    assert "Bản tin nhanh" in part.text


# ── The way to the reader ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", RIGS)
def test_from_publication_to_the_reader(
    week: Office, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a folder, a strict stand-in of Telegram, a mail server with TLS, and a person who copies."""
    monkeypatch.setenv("NO_PROXY", "*")
    app, store = week.app, week.app.store
    given = replace(app.config.deliver, channels=(name,))
    web = replace(app.config.web, base_url="https://tbt.example.vn/tin")
    app.config = replace(app.config, deliver=given, web=web)
    with RIGS[name](tmp_path) as rig:
        app.__dict__["channels"] = {name: rig.channel}
        people = [rig.address(number) for number in range(3)]
        for address in people:
            wishes.save(store, reader(address, channel=name), MONDAY)
        assert [(one.channel, one.reading, one.on) for one in announcing.readers(app)] == [(name, 3, True)]
        one = publish(week)
        assert announcing.announced(app, one) == {(name, "PENDING"): 3}
        for _ in range(2):
            pipeline.deliver(app)
            rig.carry(store)
        assert announcing.announced(app, one) == {(name, "SENT"): 3}
        arrived = rig.arrived()
        if name != "zalo":
            assert sorted(address for address, _ in arrived) == sorted(people)
        for _, text in arrived:
            assert "Bản tin nhanh số 1/2026" in text
        assert all(
            "https://tbt.example.vn/ban-tin/2026/so-1" in text for _, text in arrived if name != "telegram"
        )
        if name == "email":
            letter = rig.box.letters[0]  # type: ignore[attr-defined]
            assert (letter["Subject"], letter["List-Unsubscribe-Post"]) == (
                "Bản tin nhanh số 1/2026",
                "List-Unsubscribe=One-Click",
            )
            page = letter.get_body(("html",)).get_content()
            assert 'href="https://tbt.example.vn/ban-tin/2026/so-1/"' in page


# ── Two at work ─────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_waits_for_a_stage_that_is_at_work(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is held by another opening of the same database, as by another process."""
    monkeypatch.setattr(publishing, "PATIENCE", 3600)
    wishes.save(week.app.store, reader("reads"), MONDAY)
    one, done = draft(week), []
    with Store.open(week.app.store.path) as service:
        with service.lock("stages"):
            work = threading.Thread(target=lambda: done.append(publish(week, one)))
            work.start()
            stage.run(service, Hours(), {}, (), week.at)
        work.join()
    assert [found.number for found in done] == [1]
    assert got(week, done[0]) == ["reads"]


def test_publishing_gives_up_when_the_stage_does_not_end(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PATIENCE", 0)
    one = draft(week)
    with Store.open(week.app.store.path) as service, service.lock("stages"), pytest.raises(BusyError):
        publish(week, one)
    assert not week.app.store.bulletins.get(one.id or 0).published
