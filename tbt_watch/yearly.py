"""The archive of a year: what goes into the ZIP besides the editions, and in which order all of it is written."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

from tbt_watch.app import App
from tbt_watch.bulletin.archive import write_archive, yearly_files
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.errors import BulletinError, UsageError
from tbt_watch.export import COLUMNS
from tbt_watch.language import translations_dir
from tbt_watch.language.tables import rows
from tbt_watch.whole import whole_file

_COLUMNS = "field in type en vi"


def write_year(app: App, year: int, out: Path) -> int:
    """Write the ZIP of a year, whole or not at all; how many files it holds. The state of its notices is that of the
    last day of the year, or of today before that. Raises UsageError for a year that has not begun, and
    BulletinError when it cannot be written."""
    now = today(app.clock())
    if year > now.year:
        raise UsageError(f"The year {year} has not begun: there is nothing to keep of it yet.")
    day = min(now, date(year, 12, 31))
    words = Words(language=app.language, labels=app.labels, lang=app.config.language, today=day)
    shelf = [one for one in app.editions.editions() if one.bulletin.year == year]
    files = yearly_files(year, shelf, _data(app, year, day, words), app.office, words)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(out) as file:
            return write_archive(files, file)
    except OSError as error:
        raise BulletinError(
            f"The archive {out} could not be written ({error.strerror or error}): make room or name another path with "
            "--out, then run this again."
        ) from error


def _data(app: App, year: int, day: date, words: Words) -> dict[str, tuple[str, bytes]]:
    exporter = replace(app.exporter, today=day, impact=None)
    items = sorted(
        (one for one in app.store.notices.published() if _year_of(one) == year),
        key=lambda one: one.notice.key,
    )
    return {
        f"thong-bao-{year}.jsonl": (
            words.say("notices of the year, one JSON record a line"),
            "".join(exporter.jsonl(items)).encode("utf-8", "replace"),
        ),
        f"thong-bao-{year}.csv": (
            words.say("the same as a table"),
            "".join(exporter.csv(items)).encode("utf-8", "replace"),
        ),
        **_taken_off(app, year, words),
        "tu-dien-du-lieu.csv": (words.say("what each field means"), dictionary().encode()),
    }


def _taken_off(app: App, year: int, words: Words) -> dict[str, tuple[str, bytes]]:
    """What of the year stood on the site and was taken off it: key, symbols, when, and whether it was rejected or is
    held. Nothing where there is none."""
    gone = [one for one in app.store.departed.all() if _year_of(one.dossier) == year]
    if not gone:
        return {}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("key", "symbols", "published_on", "taken_off_at", "state"))
    for one in sorted(gone, key=lambda one: one.dossier.notice.key):
        notice, decision = one.dossier.notice, one.dossier.decision
        day = notice.published_on.isoformat() if notice.published_on else ""
        symbols, state = "; ".join(notice.symbols), decision.state if decision else ""
        writer.writerow((notice.key, symbols, day, one.at.astimezone(UTC).isoformat(), state))
    body = ("\ufeff" + out.getvalue()).encode("utf-8", "replace")
    return {f"da-go-{year}.csv": (words.say("notices that were taken off the site"), body)}


def _year_of(item: Dossier) -> int | None:
    """The year of its publication by the source; where that is not known, of its acceptance here."""
    if item.notice.published_on:
        return item.notice.published_on.year
    return today(item.accepted_at).year if item.accepted_at else None


def dictionary() -> str:
    """The data dictionary as CSV, for spreadsheets: the columns of the table first, in their order."""
    found = {row["field"]: row for row in rows(translations_dir() / "fields.tsv", _COLUMNS)}
    ordered = [*(name for name in COLUMNS if name in found), *(name for name in found if name not in COLUMNS)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS.split())
    for name in ordered:
        writer.writerow(found[name][column] for column in _COLUMNS.split())
    return "\ufeff" + out.getvalue()
