"""One real notification on its whole way, from the source's answer to a message and a page; each stage run twice.

The source is a stand-in on 127.0.0.1 that answers as ePing does; all else is the house itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tbt_watch import curate, pipeline
from tbt_watch.app import App, open_app
from tbt_watch.collect.options import CrawlOptions
from tbt_watch.config import load_config
from tbt_watch.digest import wishes
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria, Subscriber, Subscription
from tbt_watch.domain.work import Report
from tbt_watch.sample import Edition, StandIn, sample_now

pytestmark = pytest.mark.slow

SYMBOL = "G/SPS/N/CRI/322"  # Costa Rica, live plants of HS heading 06.02
(SAVED,) = (one for one in Edition.bundled().records if one["documentSymbol"].strip() == SYMBOL)


class House:
    """The house on an empty store, a source to read, and a clock that stands still until it is moved."""

    def __init__(self, app: App, source: StandIn) -> None:
        self.app, self.source = app, source

    def collect(self) -> Report:
        hosts = {"epingalert.org": self.source.url_for("epingalert.org")}
        options = CrawlOptions(now=self.app.clock(), hosts=hosts, only_hosts=True, delay=0, expects=(1, 10))
        return pipeline.collect(self.app, ["eping_web"], options)

    def all_stages(self) -> None:
        self.collect()
        pipeline.run(self.app)

    def notice(self, symbol: str = SYMBOL) -> Dossier:
        (found,) = self.app.store.notices.get(symbol)
        return found

    def messages(self) -> list[str]:
        box = self.app.config.deliver.pretend.folder / "vuon-uom"
        return [path.read_text(encoding="utf-8") for path in sorted(box.iterdir())]

    def page(self) -> str:
        pages = self.app.config.bulletin.folder
        return (pages / "thong-bao" / SYMBOL / "index.html").read_text(encoding="utf-8")


class Clock:
    now = sample_now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    config = tmp_path / "config.toml"
    config.write_text('[sources]\nenabled = ["eping_web"]\n', encoding="utf-8")
    nursery = Subscription(criteria=Criteria(hs=("0602",)), frequency="instant")
    with (
        StandIn(Edition.bundled().with_records([SAVED])) as source,
        open_app(load_config(config, {}), clock) as app,
    ):
        app.store.subscribers.save(
            Subscriber(
                name="Vườn ươm", lang="vi", channel="pretend", address="vuon-uom", subscriptions=(nursery,),
                since=clock(),
            )
        )  # fmt: skip
        yield House(app, source)


def twice(stage: Callable[[], Report]) -> Report:
    """Run a stage, and once more: the second time there is nothing left to do."""
    first, second = stage(), stage()
    assert first.clean
    assert (second.done, second.waiting, second.failed, second.opened) == (0, 0, 0, 0)
    return first


def test_from_the_answer_to_message_and_page(house: House) -> None:
    app = house.app

    assert twice(house.collect).done == 1
    (record,) = app.store.raw.due()
    assert SAVED["titlePlain" if "titlePlain" in SAVED else "title"][:30] in record.record.body

    assert twice(lambda: pipeline.normalise(app)).done == 1
    notice = house.notice().notice
    assert (notice.members, notice.hs_codes, notice.comment_until) == (("CRI",), ("0602",), date(2025, 8, 3))

    assert twice(lambda: pipeline.translate(app)).done == 1
    assert house.notice().text("headline", "vi").startswith("Costa Rica: Dự thảo nghị quyết về cây sống")

    assert twice(lambda: pipeline.tag(app)).done == 1
    assert "fresh-produce" in house.notice().codes("sector")

    assert twice(lambda: pipeline.decide(app)).done == 1
    assert house.notice().state == "ACCEPTED"

    assert twice(lambda: pipeline.digest(app)).done == 1
    assert twice(lambda: pipeline.deliver(app)).done == 1
    (message,) = house.messages()
    assert "Costa Rica: Dự thảo nghị quyết" in message
    assert "03/8/2025" in message

    assert dict(pipeline.publish(app).counts)["written"] > 1
    assert dict(pipeline.publish(app).counts)["written"] == 0
    assert "03/8/2025" in house.page()


def test_a_new_deadline_is_told_and_a_new_wording_is_not(house: House, clock: Clock) -> None:
    def source_says(**changed: Any) -> None:
        clock.now += timedelta(days=1)
        house.source.edition = house.source.edition.with_changed(SAVED["id"], **changed)
        house.all_stages()
        house.all_stages()

    house.all_stages()
    source_says(commentDeadlineDate="2025-08-20T00:00:00+00:00")
    assert len(house.notice().versions) == 2
    _, follow_up = house.messages()
    assert "03/8/2025 → 20/8/2025" in follow_up
    assert "20/8/2025" in house.page()

    source_says(description="<p>The same in other words.</p>", descriptionPlain="The same in other words.")
    assert len(house.notice().versions) == 3
    assert len(house.messages()) == 2
    assert "The same in other words." in house.page()


def test_who_had_the_error_gets_the_correction_and_who_follows_a_reminder(house: House, clock: Clock) -> None:
    app = house.app
    house.all_stages()
    clock.now += timedelta(minutes=10)
    curate.amend_field(app.store, house.notice(), "comment_until", "2025-08-13", "Lan", clock())
    house.all_stages()
    house.all_stages()
    _, correction = house.messages()
    assert correction.splitlines()[0].endswith("Đính chính: hạn góp ý 03/8/2025 → 13/8/2025")
    (nursery,) = app.store.subscribers.all()
    followed = Subscription(criteria=Criteria(documents=(SYMBOL,)), frequency="daily")
    wishes.save(
        app.store,
        replace(nursery, subscriptions=(*nursery.subscriptions, followed)),
        clock(),
        app.vocabulary.sectors_of,
    )
    clock.now = datetime(
        2025, 7, 22, 1, 0, tzinfo=UTC
    )  # 8:00 in Viet Nam, seven days before it must be sent in
    house.all_stages()
    house.all_stages()
    *_, reminder = house.messages()
    assert len(house.messages()) == 3
    assert "Nhắc hạn: còn 7 ngày để gửi góp ý" in reminder


def test_a_corrigendum_is_about_what_the_first_was_about(house: House, clock: Clock) -> None:
    house.all_stages()
    clock.now += timedelta(days=1)
    bare = {"hsCodes": [], "hsCodeText": None, "icsCodes": [], "icsCodeText": None, "productsFreeText": "",
            "productsFreeTextPlain": "", "title": "<p>Corrigendum</p>", "titlePlain": "Corrigendum"}  # fmt: skip
    kind = "Corrigendum to Regular Notification"
    corrigendum = {**SAVED, **bare, "id": SAVED["id"] + 1000, "notificationType": kind}
    corrigendum["documentSymbol"] = f" {SYMBOL}/Corr.1"
    house.source.edition = house.source.edition.with_records([SAVED, corrigendum])
    house.all_stages()

    first, second = house.notice(), house.notice(f"{SYMBOL}/Corr.1")
    assert second.notice.follows == SYMBOL
    assert second.codes("sector") == first.codes("sector")
    assert f"{SYMBOL}/Corr.1" in house.messages()[1]
    assert f"{SYMBOL}/Corr.1" in house.page()
