"""``tbt-watch text …``: one line in (text, or JSON), one JSON line out; no database, no configuration needed."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click

from tbt_watch.app import make_engine
from tbt_watch.cli.frame import Frame, Verbs, print_json
from tbt_watch.domain.legal import parse_number
from tbt_watch.domain.notice import Language, Notice
from tbt_watch.domain.symbol import Symbol, parse_symbols
from tbt_watch.domain.tag import Tag
from tbt_watch.errors import NotationError
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary
from tbt_watch.translate.checks import check as check_text

LANGUAGES = ("en", "fr", "es")
_LANGUAGES: Mapping[str, Language] = {"en": "en", "fr": "fr", "es": "es", "vi": "vi"}


@click.group(cls=Verbs)
def text() -> None:
    """Read one line each, print one JSON line each: for pipes and trials."""


def _lines(given: tuple[str, ...]) -> Iterator[str]:
    """What stands on the command line, else standard input, line by line."""
    source: Iterable[str] = given or (line.rstrip("\n") for line in sys.stdin)
    return (line for line in source if line.strip())


def _each(given: tuple[str, ...], answer: Callable[[str], dict[str, Any]]) -> bool:
    """Answer every line; whether all were understood."""
    good = True
    for line in _lines(given):
        found = answer(line)
        good = good and not found.get("errors")
        print_json(found)
    return good


def _record(line: str, plain: str) -> dict[str, Any]:
    """The line as JSON object, or as text under that name. Raises ValueError."""
    if not line.lstrip().startswith("{"):
        return {plain: line}
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("a JSON object was due")
    return value


@text.command()
@click.argument("lines", nargs=-1)
@click.pass_obj
def symbol(frame: Frame, lines: tuple[str, ...]) -> None:
    """Symbols of notifications, joint ones separated by commas."""

    def answer(line: str) -> dict[str, Any]:
        good, bad = parse_symbols(line)
        return {"symbols": [_symbol(item) for item in good], "errors": [f"no symbol: {item}" for item in bad]}

    frame.failed |= not _each(lines, answer)


def _symbol(item: Symbol) -> dict[str, Any]:
    return {
        "symbol": item.text,
        "area": item.area,
        "member": item.member,
        "number": item.number,
        "suffix": [list(pair) for pair in item.suffix],
        "base": item.base.text,
        "follows": above.text if (above := item.follows) else None,
    }


@text.command()
@click.argument("lines", nargs=-1)
@click.pass_obj
def number(frame: Frame, lines: tuple[str, ...]) -> None:
    """Numbers of Vietnamese legal documents, technical regulations and standards."""

    def answer(line: str) -> dict[str, Any]:
        empty: dict[str, Any] = {"number": None, "type": None, "year": None, "issuers": [], "family": None}
        try:
            found = parse_number(line)
        except NotationError as error:
            return {**empty, "errors": [str(error)]}
        return {
            "number": found.text,
            "type": found.type,
            "year": found.year,
            "issuers": list(found.issuers),
            "family": found.family,
            "errors": [],
        }

    frame.failed |= not _each(lines, answer)


@text.command()
@click.option(
    "--from", "source", type=click.Choice(LANGUAGES), default="en", help="The language of plain lines."
)
@click.argument("lines", nargs=-1)
@click.pass_obj
def translate(frame: Frame, source: str, lines: tuple[str, ...]) -> int:
    """Texts into Vietnamese by the installed engine, each with the checks that it failed."""
    engine = make_engine(frame.load(os.environ))
    missing = False
    for line in _lines(lines):
        try:
            record = _record(line, "text")
            words, tongue = str(record["text"]), str(record.get("from", source))
        except (ValueError, KeyError) as error:
            print_json({"id": None, "errors": [f"the line is no JSON object with a text: {error}"]})
            frame.failed = True
            continue
        name = engine.describe(tongue, "vi")
        missing = missing or name is None
        made = engine.translate([words], tongue, "vi")[0] if name else words
        failed = [item.name for item in check_text(words, made, tongue)] if name else ["no-model"]
        print_json(
            {
                "id": record.get("id"),
                "text": made,
                "origin": "machine" if name else None,
                "engine": name,
                "checks": failed,
                "ok": not failed,
            }
        )
    if missing:
        click.echo(
            "No translation package for that language is installed: tbt-watch models install en-vi.", err=True
        )
        return 3
    return 0


@text.command()
@click.argument("lines", nargs=-1)
@click.pass_obj
def tag(frame: Frame, lines: tuple[str, ...]) -> None:
    """Sectors and topics of a text or of a JSON record, each with its reason."""
    vocabulary = load_vocabulary()

    def answer(line: str) -> dict[str, Any]:
        try:
            record = _record(line, "title")
            found = tag_notice(_notice(record), vocabulary)
        except (ValueError, TypeError) as error:
            return {"id": None, "sectors": [], "topics": [], "errors": [f"the line cannot be read: {error}"]}
        return {
            "id": record.get("id"),
            "sectors": [_tag(item) for item in found if item.kind == "sector"],
            "topics": [_tag(item) for item in found if item.kind == "topic"],
        }

    frame.failed |= not _each(lines, answer)


def _notice(record: dict[str, Any]) -> Notice:
    def words(name: str) -> str:
        return str(record.get(name) or "")

    def codes(name: str) -> tuple[str, ...]:
        return tuple(str(code) for code in record.get(name) or ())

    language = _LANGUAGES.get(words("language") or "en")
    if language is None:
        raise ValueError(f"the language {words('language')!r} is none of {', '.join(_LANGUAGES)}")
    return Notice(
        key="",
        kind="notification",
        area="TBT",
        type="regular",
        symbols=(),
        thread="",
        title=words("title"),
        summary=words("summary"),
        products=words("products"),
        hs_codes=codes("hs_codes"),
        ics_codes=codes("ics_codes"),
        language=language,
    )


def _tag(item: Tag) -> dict[str, Any]:
    return {
        "code": item.code,
        "basis": item.basis,
        "reason": item.reason,
        "confidence": float(item.confidence),
    }


@text.command()
@click.option(
    "--from", "source", type=click.Choice(LANGUAGES), default="en", help="The language of the originals."
)
@click.argument("lines", nargs=-1)
@click.pass_obj
def check(frame: Frame, source: str, lines: tuple[str, ...]) -> None:
    """Checks of a translation: JSON records with source and target."""

    def answer(line: str) -> dict[str, Any]:
        try:
            record = _record(line, "source")
            failed = check_text(str(record["source"]), str(record["target"]), str(record.get("from", source)))
        except (ValueError, KeyError) as error:
            return {
                "id": None,
                "checks": [],
                "ok": False,
                "errors": [f"the line needs source and target: {error}"],
            }
        found = [{"name": item.name, "detail": item.detail} for item in failed]
        return {"id": record.get("id"), "checks": found, "ok": not found}

    frame.failed |= not _each(lines, answer)
