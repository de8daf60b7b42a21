"""The verbs of the bulletin: the site, its editions, the yearly archive."""

import getpass
import os
import re
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import click

from tbt_watch import announcing, pipeline, publishing, yearly
from tbt_watch.app import App
from tbt_watch.bulletin.archive import verify_archive
from tbt_watch.bulletin.compare import Difference, Recheck, Why, differences, recheck
from tbt_watch.bulletin.edition import EditionPage, name_of, number_of
from tbt_watch.bulletin.frame import PublishedEdition
from tbt_watch.bulletin.papers import PAGE, Made, words_of
from tbt_watch.bulletin.words import Words
from tbt_watch.cli.frame import Frame, Verbs, out_file, print_json, print_table
from tbt_watch.cli.summary import print_reports
from tbt_watch.deliver.markup import plain
from tbt_watch.domain.bulletin import Bulletin, BulletinKind
from tbt_watch.domain.moment import today
from tbt_watch.errors import UsageError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
DAY = click.DateTime(["%Y-%m-%d"])

_NAMED = re.compile(r"(?P<room>tap-san-|ban-tin-)?(?P<number>\d+)/(?P<year>\d{4})")


@click.group(cls=Verbs)
def bulletin() -> None:
    """The static site, and the editions of the bulletin."""


def _edition(app: App, name: str) -> Bulletin:
    """The edition that a person means: its own number (``7``), or the printed one (``12/2026``, ``tap-san-3/2026``)."""
    if name.lower().endswith((".docx", ".doc", ".odt")):
        raise UsageError(
            f"{name} is a file of a word processor, and what was changed in it cannot be taken back in: change the "
            "draft on the curators' page; the file is for printing and passing on."
        )
    if name.isdecimal():
        return app.store.bulletins.get(int(name))
    if found := _NAMED.fullmatch(name):
        kind: BulletinKind = "periodical" if found["room"] == "tap-san-" else "bulletin"
        return app.store.bulletins.find(kind, int(found["year"]), int(found["number"]))
    raise UsageError(
        f"{name!r} is no edition: write its number (7), or the printed one (12/2026, tap-san-3/2026)."
    )


def _words(app: App, frame: Frame) -> Words:
    lang = frame.lang or app.config.language
    return Words(language=app.language, labels=app.labels, lang=lang, today=today(app.clock()))


def _by() -> str:
    return getpass.getuser()


@bulletin.command("new")
@click.option(
    "--kind", type=click.Choice(get_args(BulletinKind)), default="bulletin", help="What to put together."
)
@click.option("--since", type=DAY, help="Its first day.")
@click.option("--until", type=DAY, help="Its last day.")
@AS_JSON
@click.pass_obj
def new(
    frame: Frame, kind: BulletinKind, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Put a first draft of an edition together: the week, or with --kind periodical its weeklies merged."""
    with frame.app(os.environ) as app:
        made = app.editions.new(kind, _by(), app.clock(), since and since.date(), until and until.date())
        _print_list(app, frame, [made], as_json)


@bulletin.command("redate")
@click.argument("edition", metavar="N")
@click.option("--since", type=DAY, help="Its first day (default: as it is).")
@click.option("--until", type=DAY, help="Its last day (default: as it is).")
@AS_JSON
@click.pass_obj
def redate(frame: Frame, edition: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Give a draft other days: what they gather comes in, what they leave out goes, what was written stays."""
    if not (since or until):
        raise UsageError("Without a day nothing changes: give --since, --until or both.")
    with frame.app(os.environ) as app:
        one = _edition(app, edition)
        days = (since.date() if since else one.since, until.date() if until else one.until)
        made = app.editions.save(app.editions.with_days(one, *days, app.clock()), _by(), app.clock())
        _print_list(app, frame, [made], as_json)


@bulletin.command("list")
@AS_JSON
@click.pass_obj
def list_(frame: Frame, as_json: bool) -> None:
    """Every edition, drafts too, the newest first."""
    with frame.app(os.environ) as app:
        _print_list(app, frame, app.store.bulletins.all(), as_json)


def _print_list(app: App, frame: Frame, found: list[Bulletin], as_json: bool) -> None:
    words = _words(app, frame)
    if as_json:
        for one in found:
            print_json(_json(one))
        return
    head = (
        "",
        words.say("Edition"),
        words.say("First day"),
        words.say("Last day"),
        words.say("Notices"),
        words.say("Status"),
    )
    rows = [
        (
            str(one.id),
            " ".join(filter(None, (name_of(one, words), number_of(one, words)))),
            words.date(one.since),
            words.date(one.until),
            str(len({item.key for item in one.told})),
            words.say("published") if one.published else words.say("draft"),
        )
        for one in found
    ]
    print_table(head, rows)
    if not rows:
        click.echo(words.say("There is no edition yet: tbt-watch bulletin new makes the first."), err=True)


def _json(one: Bulletin) -> dict[str, object]:
    def text(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "id": one.id, "kind": one.kind, "year": one.year, "number": one.number, "state": one.state,
        "since": text(one.since), "until": text(one.until), "lang": one.lang, "title": one.title, "words": one.words,
        "sections": [
            {"part": section.part, "vi": section.vi, "en": section.en, "words": section.words,
             "notices": [{"key": item.key, "version": item.version} for item in section.items]}
            for section in one.sections
        ],
        "revision": one.revision, "created_by": one.created_by, "changed_by": one.changed_by,
        "changed_at": text(one.changed_at), "published_by": one.published_by, "published_at": text(one.published_at),
    }  # fmt: skip


@bulletin.command("show")
@click.argument("edition", metavar="N")
@AS_JSON
@click.pass_obj
def show(frame: Frame, edition: str, as_json: bool) -> None:
    """One edition as it reads: its sections, and the notices in each."""
    with frame.app(os.environ) as app:
        one = _edition(app, edition)
        if as_json:
            print_json(_json(one))
            return
        _print_page(
            app.editions.page(one, app.clock()), words_of(app.editions.page(one, app.clock()), app.language)
        )


def _print_page(page: EditionPage, words: Words) -> None:
    click.echo(f"{page.line.heading} – {page.line.period} – {page.published}")
    if page.line.title:
        click.echo(page.line.title)
    if page.closing:
        click.echo(f"\n{words.say('Closing soon')}")
        for line in page.closing:
            click.echo(f"  {line.until}  {line.card.symbol}  {line.card.headline}")
    for part in page.parts:
        click.echo(f"\n{part.numeral}. {part.heading}")
        for section in part.sections:
            click.echo(f"  {section.heading}" if section.heading else "")
            for entry in section.entries:
                click.echo(f"    {entry.card.symbol}  {entry.card.headline}")


@bulletin.command("build")
@click.option("--edition", metavar="N", help="Write the files of one edition instead of the site.")
@click.option(
    "--compare", is_flag=True, help="Make a published edition again and say what would be otherwise today."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The folder for the files of an edition."
)
@click.pass_obj
def build(frame: Frame, edition: str | None, compare: bool, out: Path | None) -> None:
    """Write the site anew and put it in the place of the old one; with --edition only the files of that edition."""
    if edition is None and (compare or out):
        raise UsageError("--compare and --out are about one edition: name it with --edition N.")
    with frame.app(os.environ) as app:
        if edition is None:
            reports = pipeline.run(app, ["bulletin"])
            print_reports(app.language, reports, frame.lang or app.config.language)
            click.echo(str(app.config.bulletin.folder / "index.html"))
            return
        one = _edition(app, edition)
        made = app.editions.papers(one, app.clock())
        if compare:
            _compare(frame, app, one, made)
        else:
            _write(app, one, made, out)
            _say_readers(app, frame, one)
        _notes(frame, made)


def _write(app: App, one: Bulletin, made: Made, out: Path | None) -> None:
    """The files of an edition: of a published one those that were published, and what could not be made then."""
    folder = out or app.store.path.parent / "editions"
    folder.mkdir(parents=True, exist_ok=True)
    if one.published and one.id is not None:
        app.store.bulletins.complete(one.id, made.papers, dict(made.programs))
    kept = app.store.bulletins.papers(one.id or 0) or made.papers
    for paper in kept:
        if paper.media == PAGE:  # a part of the site, and nothing by itself
            continue
        with out_file(folder / paper.name) as file:
            file.write(paper.body)
        click.echo(str(folder / paper.name))


def _say_readers(app: App, frame: Frame, one: Bulletin) -> None:
    """Who gets a message when it is published, and the message; beside the data, for it is for people."""
    words, readers = _words(app, frame), announcing.readers(app)
    _say_message(app, words, one)
    if one.published:
        _say_sent(app, words, one, err=True)
    elif not readers:
        click.echo(
            words.say("Nobody gets a message: no subscriber has asked for the bulletin yet."), err=True
        )
    else:
        some = ", ".join(f"{reached.channel} {reached.reading}" for reached in readers)
        click.echo(words.say("Readers of the bulletin: {counts}", counts=some), err=True)


def _say_message(app: App, words: Words, one: Bulletin) -> None:
    for part in announcing.preview(app, one):
        click.echo(f"{words.say('Message on Telegram')}:\n\n{plain(part.text)}\n", err=True)


def _say_sent(app: App, words: Words, one: Bulletin, *, err: bool = False) -> None:
    """How many deliveries of it stand in which state."""
    for (channel, state), count in sorted(announcing.announced(app, one).items()):
        click.echo(f"{channel} {state} {count}", err=err)
    if when := announcing.expected(app, one):
        click.echo(words.say("The messages go out from {when} on.", when=words.moment(when)), err=True)


def _notes(frame: Frame, made: Made) -> None:
    for note in made.notes:
        frame.warn(note)


def _compare(frame: Frame, app: App, one: Bulletin, made: Made) -> None:
    if not one.published or one.id is None:
        raise UsageError(
            f"The edition {one.id} is a draft, and there is nothing published to compare it with."
        )
    words = _words(app, frame)
    edition = PublishedEdition(bulletin=one, snapshot=app.store.bulletins.snapshot(one.id))
    page = app.editions.page(one, app.clock())
    checks = recheck(edition, made)
    now = {item.notice.key: item for item in app.editions.dossiers([item.key for item in one.items])}
    found = differences(page, edition, now, app.language)
    click.echo(page.line.heading)
    for check in checks:
        click.echo(f"  {check.name}: {_verdict(check, words)}")
    click.echo(
        words.say_n(
            "{n} line would read otherwise today:", "{n} lines would read otherwise today:", len(found)
        )
        if found
        else words.say("Made today, it would read the same.")
    )
    for line in found:
        _print_difference(line, words)
    frame.failed |= any(check.verdict == "other" for check in checks)


def _verdict(check: Recheck, words: Words) -> str:
    if check.verdict == "same":
        return words.say("the same bytes as published")
    if check.verdict == "missing":
        return words.say("cannot be made on this machine")
    told = "; ".join(f"{name} {then} → {now}" for name, then, now in check.programs)
    return words.say("other bytes than published") + (f" ({told})" if told else "")


def _print_difference(line: Difference, words: Words) -> None:
    click.echo(f"\n  {line.symbol} – {line.line}: {_reason(line.why, words)}")
    click.echo(f"    - {line.before}")
    click.echo(f"    + {line.after}")


def _reason(why: Why, words: Words) -> str:
    return {
        "corrected": words.say("a fact was corrected"),
        "source": words.say("the source changed it"),
        "translation": words.say("the translation is another"),
        "tag": words.say("it is filed otherwise"),
        "gone": words.say("no longer on the site"),
    }[why]


@bulletin.command("publish")
@click.argument("edition", metavar="N")
@click.pass_obj
def publish(frame: Frame, edition: str) -> None:
    """Give a draft its number and put it on the site; both happen, or neither."""
    with frame.app(os.environ) as app:
        done, made, report = publishing.publish_edition(app, _edition(app, edition), _by())
        words = _words(app, frame)
        print_reports(app.language, [report], frame.lang or app.config.language)
        page = app.editions.page(done, app.clock())
        click.echo(words.say("Published: {edition}", edition=page.line.heading))
        click.echo(str(app.config.bulletin.folder / page.line.path))
        _say_message(app, words, done)
        _say_sent(app, words, done)
        _notes(frame, made)


@bulletin.command("drop")
@click.argument("edition", metavar="N")
@click.pass_obj
def drop(frame: Frame, edition: str) -> None:
    """Throw a draft away; what it held is for the next one."""
    with frame.app(os.environ) as app:
        one = _edition(app, edition)
        app.store.bulletins.drop(one.id or 0, one.revision)
        words = _words(app, frame)
        click.echo(words.say("The draft {id} is gone.", id=str(one.id)))


@bulletin.command("archive")
@click.argument("year", type=click.IntRange(1995, 2200))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file (default: beside the database)."
)
@click.pass_obj
def archive(frame: Frame, year: int, out: Path | None) -> None:
    """Write a ZIP of a year: its editions, its notices as data, an index for any browser, checksums."""
    with frame.app(os.environ) as app:
        path = out or app.store.path.parent / f"archive-{year}.zip"
        files = yearly.write_year(app, year, path)
        click.echo(str(path))
        words = _words(app, frame)
        click.echo(words.say_n("{n} file", "{n} files", files), err=True)


@bulletin.command("verify")
@click.argument("path", metavar="ZIP", type=click.Path(path_type=Path))
@click.pass_obj
def verify(frame: Frame, path: Path) -> None:
    """Look whether every file of a yearly ZIP is as it was written."""
    language, lang = frame.language(), frame.lang or "vi"
    found = verify_archive(path)
    for problem in found.problems:
        click.echo(problem)
    click.echo(language.say_n("{n} file is whole.", "{n} files are whole.", found.whole, lang))
    frame.failed |= bool(found.problems)
