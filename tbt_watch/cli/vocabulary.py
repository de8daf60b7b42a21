"""The verbs on the vocabulary: sectors, topics, what codes mean, words; the project's and the office's own."""

import os
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verbs, out_file, print_json, written
from tbt_watch.domain.moment import today
from tbt_watch.errors import UsageError
from tbt_watch.language import Language
from tbt_watch.tag.preview import Otherwise, otherwise
from tbt_watch.tag.sheets import OFFICE, PROJECT, Sheets, read_sheets, write_workbook, written_sheets
from tbt_watch.tag.tables import COLUMNS, rows_of
from tbt_watch.tag.taking import Taking, taking
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

_DAYS = 90
_LOOKED_AT = 20_000
_SHOWN = 20
_TEXTS = {".tsv": False, ".txt": False, ".csv": True}
"""How a file that is no workbook is written, by the end of its name: whether as CSV."""


@click.group(cls=Verbs)
def vocabulary() -> None:
    """Sectors, topics, crosswalks and words."""


@vocabulary.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
@click.pass_obj
def vocabulary_check(frame: Frame, as_json: bool) -> None:
    """Look whether the vocabulary is whole, the project's and the office's own rows."""
    with frame.app(os.environ) as app:
        known = app.vocabulary
        problems = known.check()
        project = sum(len(rows_of(known.shipped or known, name)) for name in COLUMNS)
        if as_json:
            print_json({PROJECT: project, OFFICE: len(known.own), "problems": problems})
        else:
            for problem in problems:
                click.echo(frame.said(problem))
            said = app.language.say(
                "{n} rows of the project, {own} of the office, problems: {faults}",
                frame.lang or app.config.language,
                n=project,
                own=len(known.own),
                faults=len(problems),
            )
            click.echo(said, err=True)
        frame.failed |= bool(problems)


@vocabulary.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def vocabulary_export(frame: Frame, path: Path | None) -> None:
    """All tables, the project's and the office's own rows, as XLSX, TSV or CSV by the name of the file, as import takes
    them; without a file the codes and names of sectors and topics."""
    suffix = path.suffix.lower() if path else ""
    if path and suffix not in (".xlsx", *_TEXTS):
        raise UsageError(f"{path} is to be a vocabulary: give it a name that ends in .xlsx, .tsv or .csv.")
    with frame.app(os.environ) as app:
        if path is None:
            written(_codes(app.vocabulary), None)
        elif suffix == ".xlsx":
            with out_file(path) as file:
                write_workbook(app.vocabulary, file)
        else:
            written(written_sheets(app.vocabulary, as_csv=_TEXTS[suffix]), path)


def _codes(known: Vocabulary) -> Iterator[str]:
    yield "kind\tcode\tvi\ten\n"
    for kind, listed in (("sector", known.sectors), ("topic", known.topics)):
        for one in listed:
            yield f"{kind}\t{one.code}\t{one.label_vi}\t{one.label_en}\n"


@vocabulary.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.pass_obj
def vocabulary_import(frame: Frame, path: Path, dry_run: bool) -> None:
    """Take the office's own rows from XLSX, TSV or CSV; rows with a fault are told and left out."""
    with frame.app(os.environ) as app:
        sheets = read_sheets(path)
        lang = frame.lang or app.config.language
        taken = _taken(app, sheets)
        for said in _left_out(sheets, taken, path.name, app.language, lang):
            frame.warn(said)
        if taken.put or taken.forget:
            for said in _preview(app, taken, lang, shown=_SHOWN if dry_run else 0):
                click.echo(said)
        if not dry_run:
            with app.store.transaction():
                taken = _taken(app, sheets)  # nobody can have put another row in between now
                app.store.vocabulary.forget(taken.forget.values())
                app.store.vocabulary.put(taken.put.values())
        done = app.language.say(
            "Vocabulary: {new} new, {changed} changed, {same} as they were, {removed} taken out",
            lang,
            new=taken.new,
            changed=taken.changed,
            same=taken.same,
            removed=taken.removed,
        )
        click.echo(done)
        if dry_run:
            click.echo(app.language.say("That is what would change; nothing was changed.", lang))
        frame.failed |= bool(taken.faults or sheets.faults)


def _taken(app: App, sheets: Sheets) -> Taking:
    followed = {
        code
        for subscriber in app.store.subscribers.all()
        for one in subscriber.subscriptions
        for code in (*one.criteria.sectors, *one.criteria.topics, *one.criteria.markets)
    }
    followed |= set(app.config.bulletin.sectors)
    members = app.language.members
    return taking(sheets.rows, load_vocabulary(), app.store.vocabulary.all(), followed, members)


def _left_out(sheets: Sheets, taken: Taking, name: str, language: Language, lang: str) -> Iterator[str]:
    """What of a file was not taken, a sentence each."""
    for what in sheets.unknown:
        yield language.say("{file}: {what} is not read.", lang, file=name, what=what)
    for table, line in taken.absent:
        yield language.say(
            "{file}, {table}, line {line}: there is no such row to take out.",
            lang,
            file=name,
            table=table,
            line=line,
        )
    for table, line, fault in sorted([*sheets.faults, *taken.faults]):
        yield f"{name}, {table}, line {line}: {fault}" if table else f"{name}, line {line}: {fault}"


def _preview(app: App, taken: Taking, lang: str, *, shown: int) -> Iterator[str]:
    """How many notices would be tagged otherwise, and the newest of them."""
    before = app.vocabulary
    after = load_vocabulary(taken.over(before.own))
    since: date = today(app.clock()) - timedelta(days=_DAYS)
    number, changed = otherwise(app.store, since, before, after, _LOOKED_AT)
    yield app.language.say(
        "Notices of the last {days} days that would be tagged otherwise: {n} of {all}",
        lang,
        days=_DAYS,
        n=len(changed),
        all=number,
    )
    yield from _lines(changed[:shown])


def _lines(changed: Iterable[Otherwise]) -> Iterator[str]:
    for one in changed:
        codes = (*(f"+{code}" for code in one.gets), *(f"-{code}" for code in one.loses))
        yield f"  {one.notice.notice.key}  {' '.join(codes)}"
