"""The verbs on notices and issues: list, show, search, export, accept, hold, reject, amend, close."""

import getpass
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

import click

from tbt_watch import curate
from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verbs, out_file, print_json, print_table, written
from tbt_watch.cli.sheet import sheet
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import TagKind
from tbt_watch.domain.work import Issue, State
from tbt_watch.errors import UsageError
from tbt_watch.export import write_xlsx

KEY_WIDTH = 50
"""Characters of an issue's key in a list; issues show has all of it."""

STATES: tuple[str, ...] = get_args(State)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")


@click.group(cls=Verbs)
def notices() -> None:
    """What is announced: find, show, export, and decide."""


@notices.command("list")
@click.option("--state", type=click.Choice(STATES, case_sensitive=False), help="Only those that stand there.")
@click.option(
    "--since", type=click.DateTime(formats=["%Y-%m-%d"]), help="Only those published from this day on."
)
@click.option("--untranslated", is_flag=True, help="Only those with a text that waits for a translator.")
@click.option("--unsure", is_flag=True, help="Only those without a sector, or with one that is a guess.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many at most.")
@AS_JSON
@click.pass_obj
def list_(
    frame: Frame,
    state: str | None,
    since: datetime | None,
    untranslated: bool,
    unsure: bool,
    limit: int,
    as_json: bool,
) -> None:
    """The newest notices."""
    with frame.app(os.environ) as app:
        found = app.store.notices.newest(
            limit,
            state.upper() if state else None,
            since.date() if since else None,
            untranslated=untranslated,
            unsure=unsure,
        )
        _print(frame, app, found, as_json)


@notices.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many at most.")
@AS_JSON
@click.pass_obj
def search(frame: Frame, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Notices in which all words occur; tones do not matter."""
    with frame.app(os.environ) as app:
        _print(frame, app, app.store.notices.search(" ".join(words), limit), as_json)


def _print(frame: Frame, app: App, found: Iterable[Dossier], as_json: bool) -> None:
    lang = frame.lang or app.config.language
    exporter = app.exporter
    if as_json:
        for item in found:
            print_json(exporter.notice(item))
        return
    rows = [
        (
            app.language.label("state", item.state, lang),
            app.language.date(item.notice.published_on, lang) if item.notice.published_on else "",
            app.language.date(item.notice.comment_until, lang) if item.notice.comment_until else "",
            item.notice.key,
            exporter.headline(item, lang),
        )
        for item in found
    ]
    say = app.language.say
    head = (
        say("State", lang),
        say("Published", lang),
        say("Deadline", lang),
        say("Key", lang),
        say("Headline", lang),
    )
    print_table(head, rows)
    if not rows:
        click.echo(say("Nothing found.", lang), err=True)


@notices.command()
@click.argument("key")
@AS_JSON
@click.pass_obj
def show(frame: Frame, key: str, as_json: bool) -> None:
    """Everything about one notice. KEY: symbol, number or permalink key."""
    with frame.app(os.environ) as app:
        item = curate.find(app.store, key)
        if as_json:
            print_json(app.exporter.notice(item))
        else:
            click.echo(sheet(app, item, frame.lang or app.config.language))


@notices.command()
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "xlsx"]), default="jsonl", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file (needed for xlsx).")
@click.option("--kind", type=click.Choice(["notification", "regulation", "article"]), help="Only this kind.")
@click.pass_obj
def export(frame: Frame, form: str, out: Path | None, kind: str | None) -> None:
    """All notices, in a form that scripts and spreadsheets read."""
    with frame.app(os.environ) as app:
        found = app.store.notices.every(*((kind,) if kind else ()))
        if form == "xlsx":
            if out is None:
                raise UsageError("A workbook needs a file to go to: add --out PATH.")
            with out_file(out) as file:
                write_xlsx(app.exporter, found, file)
            return
        lines: Iterator[str] = app.exporter.jsonl(found) if form == "jsonl" else app.exporter.csv(found)
        written(lines, out)


def _by() -> str:
    """Who decides: the name under which the command is run."""
    return getpass.getuser()


def _decide(frame: Frame, key: str, state: Literal["accepted", "held", "rejected"], why: str) -> None:
    with frame.app(os.environ) as app:
        item = curate.find(app.store, key)
        item = curate.decide(app.store, item, state, _by(), app.clock(), why)
        lang = frame.lang or app.config.language
        click.echo(f"{item.notice.key}: {app.language.label('state', item.state, lang)}")


@notices.command()
@click.argument("key")
@click.option("--why", default="", help="The reason, for the record.")
@click.pass_obj
def accept(frame: Frame, key: str, why: str) -> None:
    """Let a notice go out."""
    _decide(frame, key, "accepted", why)


@notices.command()
@click.argument("key")
@click.option("--why", default="", help="The reason, for the record.")
@click.pass_obj
def hold(frame: Frame, key: str, why: str) -> None:
    """Keep a notice back until somebody decides."""
    _decide(frame, key, "held", why)


@notices.command()
@click.argument("key")
@click.option("--why", default="", help="The reason, for the record.")
@click.pass_obj
def reject(frame: Frame, key: str, why: str) -> None:
    """Do not let a notice go out; needs --why."""
    _decide(frame, key, "rejected", why)


@notices.command()
@click.argument("key")
@click.argument("field")
@click.argument("text")
@click.pass_obj
def amend(frame: Frame, key: str, field: str, text: str) -> None:
    """Correct a fact, or write the Vietnamese text of a field by hand."""
    with frame.app(os.environ) as app:
        item = curate.amend_field(app.store, curate.find(app.store, key), field, text, _by(), app.clock())
        change = item.amended[-1]
        click.echo(f"{item.notice.key}: {change.field}: {change.before} → {change.after}")


@notices.command("tag")
@click.argument("key")
@click.option(
    "--add", multiple=True, metavar="KIND:CODE", help="It is about that: sector:seafood, topic:labelling."
)
@click.option("--remove", multiple=True, metavar="KIND:CODE", help="It is not about that.")
@click.option("--undo", multiple=True, metavar="KIND:CODE", help="Take back what was said of that.")
@click.option("--why", default="", help="The reason, for the record.")
@click.pass_obj
def tag_(
    frame: Frame, key: str, add: tuple[str, ...], remove: tuple[str, ...], undo: tuple[str, ...], why: str
) -> None:
    """Say what a notice is about, over codes and words; it holds also when it is tagged again."""
    with frame.app(os.environ) as app:
        item = curate.find(app.store, key)
        said = (
            [(text, True) for text in add]
            + [(text, False) for text in remove]
            + [(text, None) for text in undo]
        )
        words = [(*_tag_of(app, text), holds) for text, holds in said]
        if not words:
            raise UsageError(
                "Say what it is about: --add sector:CODE, --remove topic:CODE or --undo KIND:CODE."
            )
        if len({(kind, code) for kind, code, _ in words}) < len(words):
            raise UsageError(
                "A tag is named twice: say of each once whether it holds, does not, or is undone."
            )
        for kind, code, holds in words:
            item = curate.rule_tag(app.store, item, kind, code, holds, _by(), app.clock(), why)
        lang = frame.lang or app.config.language
        if undo:
            click.echo(app.language.say("{key} is tagged anew at the next run.", lang, key=item.notice.key))
            return
        for tag in item.tags:
            click.echo(f"{item.notice.key}: {tag.kind}:{tag.code} ({tag.basis})")


def _tag_of(app: App, text: str) -> tuple[TagKind, str]:
    """Kind and code of a tag as typed. Raises UsageError for what there is not."""
    kind, _, code = (part.strip() for part in text.partition(":"))
    known = app.known
    codes = {"sector": known.sectors, "topic": known.topics}
    if kind == "market" and (market := known.market(code)):
        return "market", market
    if kind in codes and code in codes[kind]:
        return ("sector" if kind == "sector" else "topic"), code
    if kind in codes:
        near = get_close_matches(code, codes[kind], n=1)
        meant = f"did you mean {near[0]!r}?" if near else "tbt-watch vocabulary export shows them."
        raise UsageError(f"There is no {kind} {code!r}; {meant}")
    raise UsageError(f"{text!r} is no tag: write sector:CODE, topic:CODE or market:CODE.")


@click.group(cls=Verbs)
def issues() -> None:
    """What is somebody's work."""


@issues.command("list")
@AS_JSON
@click.pass_obj
def issues_list(frame: Frame, as_json: bool) -> None:
    """The open issues."""
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        found = app.store.issues.open_list()
        if as_json:
            for one in found:
                print_json(_issue(one))
            return
        rows = [
            (
                str(one.id),
                one.source,
                one.key[:KEY_WIDTH],
                app.language.moment(one.opened_at, lang),
                frame.said(one.message),
            )
            for one in found
        ]
        say = app.language.say
        head = (
            say("No.", lang),
            say("Source", lang),
            say("Key", lang),
            say("Since", lang),
            say("What", lang),
        )
        print_table(head, rows)
        if not rows:
            click.echo(say("No open issues.", lang), err=True)


@issues.command("show")
@click.argument("number", type=int)
@AS_JSON
@click.pass_obj
def issues_show(frame: Frame, number: int, as_json: bool) -> None:
    """One issue: what was met, and what to do."""
    with frame.app(os.environ) as app:
        one = app.store.issues.get(number)
        if as_json:
            print_json(_issue(one))
            return
        lang = frame.lang or app.config.language
        click.echo(f"{one.source}  {one.key}\n{frame.said(one.message)}\n→ {frame.said(one.todo)}")
        if one.closed_at:
            why = frame.said(one.why or "")
            click.echo(app.language.say("Closed {when}: {why}", lang, when=one.closed_at, why=why))


@issues.command("close")
@click.argument("number", type=int)
@click.option("--why", required=True, help="Why it is done with.")
@click.pass_obj
def issues_close(frame: Frame, number: int, why: str) -> None:
    """Close an issue by hand."""
    with frame.app(os.environ) as app:
        one = app.store.issues.close(number, why, app.clock())
        click.echo(f"{one.id}: {frame.said(one.message)}")


def _issue(one: Issue) -> dict[str, object]:
    return {
        "id": one.id,
        "source": one.source,
        "key": one.key,
        "kind": one.kind,
        "message": one.message,
        "todo": one.todo,
        "opened_at": one.opened_at.isoformat(),
        "times": one.times,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "why": one.why,
    }
