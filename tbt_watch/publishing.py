"""Publishing: the site anew, and an edition together with it."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace

from tbt_watch import bulletin
from tbt_watch.app import App
from tbt_watch.bulletin import Field, OpenData
from tbt_watch.bulletin.editing import Around
from tbt_watch.bulletin.papers import Made
from tbt_watch.bulletin.shelf import Shelved
from tbt_watch.digest import stage as digest_stage
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.moment import today
from tbt_watch.domain.work import Report
from tbt_watch.errors import StoreError
from tbt_watch.export import fixed_xlsx
from tbt_watch.language import translations_dir
from tbt_watch.language.tables import rows

PATIENCE = 30
"""Seconds for which whoever publishes waits for a stage that is at work: a usual pass takes less."""


def build_site(app: App, editions: Sequence[Shelved] | None = None, around: Around = nullcontext) -> Report:
    """The static site, with these editions (without: all that are published)."""
    now = app.clock()
    built = bulletin.build(
        app.store.notices.published(),
        language=app.language,
        labels=app.labels,
        office=app.office,
        health=app.health,
        today=today(now),
        now=now,
        lead_days=app.lead_days,
        days_off=app.config.office.days_off,
        out=app.config.bulletin.folder,
        base_url=app.config.bulletin.base_url,
        lang=app.config.language,
        editions=app.editions.editions() if editions is None else editions,
        data=_open_data(app),
        bot=app.config.deliver.telegram.bot,
        departed=app.store.departed.all(),
        around=around,
    )
    return Report(
        stage="bulletin",
        done=built.pages,
        counts=(("written", built.written), ("unchanged", built.unchanged)),
    )


def _open_data(app: App) -> OpenData:
    """What the site offers as data: without the answers of enterprises, which are nobody else's business."""
    exporter = replace(app.exporter, impact=None)
    meaning = "en" if app.config.language == "en" else "vi"
    described = rows(translations_dir() / "fields.tsv", "field in type en vi")

    return OpenData(
        forms={
            "jsonl": lambda items: "".join(exporter.jsonl(items)).encode("utf-8", "replace"),
            "csv": lambda items: "".join(exporter.csv(items)).encode("utf-8", "replace"),
            "xlsx": lambda items: fixed_xlsx(exporter, items),
        },
        fields=tuple(
            Field(name=row["field"], given=row["in"], type=row["type"], meaning=row[meaning])
            for row in described
        ),
    )


def publish_edition(app: App, edition: Bulletin, by: str) -> tuple[Bulletin, Made, Report]:
    """An edition gets its number and stands on a new build of the site, or neither: then it is a draft still. Then a
    message waits for each of its readers; in the quiet hours the stage that gathers news sees to that after them.

    Raises BusyError while a stage is at work, and does not come to an end in half a minute; UsageError, EditedError;
    BulletinError, StoreError when the disk refuses.
    """
    with app.store.lock("stages", PATIENCE):
        before = app.editions.editions()

        def build(new: Shelved, around: Around) -> Report:
            return build_site(app, [new, *before], around)

        done = app.editions.publish(edition, by, app.clock(), build)
        with suppress(StoreError):  # it is published; the stage finds what is not composed yet
            digest_stage.issue(app.store, app.hours, app.clock())
        return done
