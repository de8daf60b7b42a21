"""The verbs on the term base: what things are called in Vietnamese, the project's and the office's own."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table, written
from tbt_watch.domain.term import Term
from tbt_watch.errors import UsageError
from tbt_watch.language import Language, translations_dir
from tbt_watch.translate.terms.base import COLUMNS, load_terms
from tbt_watch.translate.terms.finder import LANGUAGES
from tbt_watch.translate.terms.lint import faults, file_faults
from tbt_watch.translate.terms.lookup import Lookup
from tbt_watch.translate.terms.table import BASE, OFFICE, PROJECT, TermTable, read_term_table, written_terms
from tbt_watch.translate.terms.take import Taking, taking

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
_WIDTH = 56
_TABLES = {".tsv": False, ".txt": False, ".csv": True}
"""How a file is written, by the end of its name: whether as CSV."""


@click.group(cls=Verbs)
def terms() -> None:
    """What things are called in Vietnamese, and must not be called."""


@terms.command("check")
@AS_JSON
@click.pass_obj
def terms_check(frame: Frame, as_json: bool) -> None:
    """Look at the project's terms and the office's own for what is wrong."""
    with frame.app(os.environ) as app:
        base = load_terms(app.store.terms.all())
        found = [*file_faults(translations_dir() / "terms.tsv"), *faults(base)]
        lang = frame.lang or app.config.language
        if as_json:
            print_json(
                {
                    "version": base.version,
                    PROJECT: len(base.shipped),
                    OFFICE: len(base.own),
                    "problems": found,
                }
            )
        else:
            for fault in found:
                click.echo(fault)
            said = app.language.say(
                "{n} renderings of the project, {own} of the office, problems: {faults}; version {version}",
                lang,
                n=len(base.shipped),
                own=len(base.own),
                faults=len(found),
                version=base.version,
            )
            click.echo(said, err=True)
        frame.failed |= bool(found)


@terms.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Remove those of the office's terms that the file does not name."
)
@click.pass_obj
def terms_import(frame: Frame, path: Path, replace: bool) -> None:
    """Take terms from a TSV or CSV file, or a tariff in both languages; rows with a fault are told and left out."""
    with frame.app(os.environ) as app:
        table = read_term_table(path)
        with app.store.transaction():
            own = app.store.terms.all()
            taken = taking(table, load_terms().shipped, own, replace=replace)
            removed = app.store.terms.remove(taken.remove)
            counts = app.store.terms.put(taken.put)
        lang = frame.lang or app.config.language
        for said in _left_out(table, taken, path.name, app.language, lang):
            click.echo(said, err=True)
        done = app.language.say(
            "Terms: {new} new, {changed} changed, {same} as they were, {removed} removed",
            lang,
            new=counts.new,
            changed=counts.changed,
            same=counts.same + taken.of_project,
            removed=removed,
        )
        click.echo(done)
        frame.failed |= bool(taken.faults or taken.kept)


def _left_out(table: TermTable, taken: Taking, name: str, language: Language, lang: str) -> Iterator[str]:
    """What of a file was not taken, a sentence each."""
    say = language.say
    for column in table.unknown:
        yield say("{file}: the column {column} is not read.", lang, file=name, column=column)
    for line, fault in taken.faults:
        said = say(fault.message, lang, **dict(fault.values))
        yield say("{file}, line {line}: {fault}.", lang, file=name, line=str(line), fault=said)
    if taken.kept:
        yield say("{file}: nothing was removed, for not every row of it could be taken.", lang, file=name)
    if table.tariff and table.tariff.silent:
        yield say("{file}: rows in one language only: {n}.", lang, file=name, n=table.tariff.silent)
    if table.tariff and table.tariff.ambiguous:
        yield say(
            "{file}: wordings with several renderings, which are not used: {n}.",
            lang,
            file=name,
            n=table.tariff.ambiguous,
        )


@terms.command("export")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def terms_export(frame: Frame, path: Path | None) -> None:
    """The project's terms and the office's own as TSV, or CSV by the name of the file, as import takes them."""
    as_csv = False if path is None else _TABLES.get(path.suffix.lower())
    if as_csv is None:
        raise UsageError(f"{path} is to be a table of terms: give it a name that ends in .tsv or .csv.")
    with frame.app(os.environ) as app:
        base = load_terms(app.store.terms.all())
        written(written_terms(base.shipped, base.own, as_csv=as_csv), path)


@terms.command("list")
@click.argument("words", nargs=-1)
@AS_JSON
@click.pass_obj
def terms_list(frame: Frame, words: tuple[str, ...], as_json: bool) -> None:
    """Terms that hold these words, in any of the languages and without regard to tones; without words all of them
    but the wordings of codes."""
    with frame.app(os.environ) as app:
        found = list(Lookup(load_terms(app.store.terms.all())).find(words))
        if as_json:
            for base, term, _ in found:
                print_json({**{name: _cell(term, name) for name in COLUMNS}, BASE: base})
            return
        lang = frame.lang or app.config.language
        say = app.language.say
        head = (say("Term", lang), say("Vietnamese", lang), say("Status", lang), say("Domain", lang))
        said = {one: say(one, lang) for one in ("preferred", "admitted", "forbidden", PROJECT, OFFICE)}
        rows = [
            (_short(_first(term)), _short(term.vi), said[term.status], term.domain, said[base])
            for base, term, _ in found
        ]
        print_table((*head, say("Base", lang)), rows)


def _short(text: str) -> str:
    """As much of a wording as a line of a screen has room for; ``--json`` has all of it."""
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1].rstrip() + "…"


def _first(term: Term) -> str:
    return next((one for language in LANGUAGES for one in term.spellings(language)), "")


def _cell(term: Term, name: str) -> str | tuple[str, ...]:
    value: str | tuple[str, ...] = getattr(term, name)
    return value
