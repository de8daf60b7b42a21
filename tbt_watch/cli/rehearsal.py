"""A dry run: the same crawl and stages on a copy of the store, to see what would come and who would be told."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tbt_watch import pipeline
from tbt_watch.app import App
from tbt_watch.domain.work import Report
from tbt_watch.store import Store

_TO_ACCEPTED = ("normalise", "translate", "tag", "curate")


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """``ages``: the new notices by age; ``told``: by audience, how many notices or changes it would be told."""

    report: Report
    waiting: int
    ages: Mapping[str, int]
    told: Mapping[str, int]


def rehearse(app: App, work: Callable[[App], Report]) -> Rehearsal:
    """Do the work on a copy, take everything to where it is accepted, and count. Nothing of it remains.

    What stands at the doors already is taken along first, so that only what the work brings is counted. A policy that
    leaves the decision to people is taken as if they accepted all.
    """
    with _copy(app) as copy:
        pipeline.run(copy, _TO_ACCEPTED)
        before, last = pipeline.untold(copy), copy.store.notices.last_id()
        report = work(copy)
        waiting = sum(one.waiting for one in pipeline.run(copy, _TO_ACCEPTED))
        more = {key: len(items - before.get(key, set())) for key, items in pipeline.untold(copy).items()}
        return Rehearsal(
            report=report,
            waiting=waiting,
            ages=copy.store.notices.ages(last),
            told={key: count for key, count in more.items() if count},
        )


@contextmanager
def _copy(app: App) -> Iterator[App]:
    """The house on a copy of its store, that reaches nobody and translates nothing."""
    given = app.config
    with TemporaryDirectory(prefix="tbt-watch-") as name:
        folder = Path(name)
        path = folder / "copy.db"
        app.store.backup(path)
        _same_manners(app.store.path.parent, folder)
        config = replace(
            given,
            store=replace(given.store, path=path),
            accept=replace(given.accept, policy="auto"),
            translate=replace(given.translate, engine="none"),
            deliver=replace(given.deliver, channels=()),
            bulletin=replace(given.bulletin, folder=folder / "bulletin"),
        )
        copy = App(config=config, store=Store.open(path), clock=app.clock)
        try:
            yield copy
        finally:
            copy.close()


def _same_manners(real: Path, folder: Path) -> None:
    """Downloads are as conditional as ever, and the turns at a host are those that all our processes take."""
    ours, theirs = folder / "crawl-memory", real / "crawl-memory"
    (theirs / "turns").mkdir(parents=True, exist_ok=True)
    ours.mkdir()
    (ours / "turns").symlink_to((theirs / "turns").resolve(), target_is_directory=True)
    for said in theirs.glob("*.json"):
        shutil.copy2(said, ours / said.name)
