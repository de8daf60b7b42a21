"""``tbt-watch text …``: one line in (text, or JSON), one JSON line out; no database, no configuration needed."""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import click

from tbt_watch.app import make_desk, make_vocabulary
from tbt_watch.cli.frame import Frame, Verbs, print_json
from tbt_watch.domain.legal import parse_number
from tbt_watch.domain.notice import Language, Notice
from tbt_watch.domain.symbol import Symbol, parse_symbols
from tbt_watch.domain.tag import Tag
from tbt_watch.errors import NotationError
from tbt_watch.tag.predict import OWN_MODEL, open_predictor
from tbt_watch.tag.rules import tag_notice
from tbt_watch.translate.engines.models import unusable_models

LANGUAGES = ("en", "fr", "es")
_LANGUAGES: Mapping[str, Language] = {"en": "en", "fr": "fr", "es": "es", "vi": "vi"}


@click.group(cls=Verbs)
def text() -> None:
    """Read one line each, print one JSON line each: for pipes and trials."""


def _lines(given: tuple[str, ...]) -> Iterator[str]:
    """What stands on the command line, else standard input, line by line; each of them gets an answer."""
    return iter(given) if given else (line.rstrip("\r\n") for line in sys.stdin)


def _each(given: tuple[str, ...], answer: Callable[[str], dict[str, Any]]) -> bool:
    """Answer every line; whether all were understood."""
    good = True
    for line in _lines(given):
        found = answer(line)
        good = good and not found.get("errors")
        print_json(found)
    return good


def _each_record(
    given: tuple[str, ...],
    plain: str,
    empty: dict[str, Any],
    answer: Callable[[dict[str, Any]], dict[str, Any]],
) -> bool:
    """The same for lines that may be JSON objects; ``plain`` is the field that a line of text stands for.

    ``answer`` raises ValueError for a record that cannot be read; ``empty`` is then what is answered instead.
    """

    def answer_line(line: str) -> dict[str, Any]:
        name: object = None
        try:
            record = _record(line, plain)
            name = record.get("id")
            return {"id": name, **answer(record)}
        except ValueError as error:
            return {"id": name, **empty, "errors": [f"the line cannot be read: {error}"]}

    return _each(given, answer_line)


def _record(line: str, plain: str) -> dict[str, Any]:
    """The line as JSON object, or as text under that name. Raises ValueError."""
    if not line.lstrip().startswith("{"):
        return {plain: line}
    try:
        value: dict[str, Any] = json.loads(line)
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error
    return value


def _words(record: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    """A text of the record. Raises ValueError when it is none, or is needed and not there."""
    value = record.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value


def _codes(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts of the record. Raises ValueError when it is none."""
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(value)


def _language(record: Mapping[str, Any], name: str, given: str, known: Collection[str]) -> str:
    """A language of the record, else the one given. Raises ValueError when it is none of those known."""
    language = _words(record, name) or given
    if language not in known:
        raise ValueError(f"{name} is {language!r}, which is none of {', '.join(known)}")
    return language


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
    """Texts into Vietnamese, over memory, terms and the installed engine, each with the checks that it failed."""
    config = frame.load(os.environ)
    desk = make_desk(config, frame.language())
    lacking: set[str] = set()

    def answer(record: dict[str, Any]) -> dict[str, Any]:
        words, tongue = _words(record, "text", needed=True), _language(record, "from", source, LANGUAGES)
        (made,) = desk.translate([words], tongue)
        failed = [item.name for item in made.checks]
        if made.text is None:
            lacking.add(made.language)
            return {"text": words, "origin": None, "engine": None, "checks": failed, "ok": False}
        return {
            "text": made.text,
            "origin": made.origin,
            "engine": made.engine,
            "checks": failed,
            "ok": made.good,
        }

    empty: dict[str, Any] = {"text": None, "origin": None, "engine": None, "checks": [], "ok": False}
    frame.failed |= not _each_record(lines, "text", empty, answer)
    faults = [desk.fault] if desk.fault else unusable_models(config.store.models) if lacking else []
    for fault in faults:
        frame.warn(fault)
    for tongue in sorted(() if faults else lacking):
        pairs = ["en-vi"] if tongue == "en" else [f"{tongue}-en", "en-vi"]
        steps = ", ".join(f"tbt-watch models install {pair}" for pair in pairs)
        click.echo(
            f"Texts in {tongue} cannot be translated before their packages are there: {steps}.", err=True
        )
    return 3 if lacking else 0


@text.command()
@click.argument("lines", nargs=-1)
@click.pass_obj
def tag(frame: Frame, lines: tuple[str, ...]) -> None:
    """Sectors and topics of a text or of a JSON record, each with its reason."""
    vocabulary = make_vocabulary(frame.load(os.environ))
    own = frame.load(os.environ).store.path.parent / OWN_MODEL
    predictor, faults = open_predictor([one.code for one in vocabulary.sectors], own)
    for fault in faults:
        frame.warn(fault)

    def answer(record: dict[str, Any]) -> dict[str, Any]:
        notice = _notice(record)
        found = tag_notice(notice, vocabulary)
        if predictor:
            (found,) = predictor.complete([(notice, found)])
        return {
            "sectors": [_tag(item) for item in found if item.kind == "sector"],
            "topics": [_tag(item) for item in found if item.kind == "topic"],
        }

    frame.failed |= not _each_record(lines, "title", {"sectors": [], "topics": []}, answer)


def _notice(record: Mapping[str, Any]) -> Notice:
    return Notice(
        key="",
        kind="notification",
        area="TBT",
        type="regular",
        symbols=(),
        thread="",
        title=_words(record, "title"),
        summary=_words(record, "summary"),
        products=_words(record, "products"),
        hs_codes=_codes(record, "hs_codes"),
        ics_codes=_codes(record, "ics_codes"),
        language=_LANGUAGES[_language(record, "language", "en", _LANGUAGES)],
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
    desk = make_desk(frame.load(os.environ), frame.language(), engine=False)

    def answer(record: dict[str, Any]) -> dict[str, Any]:
        original, target = (_words(record, name, needed=True) for name in ("source", "target"))
        failed = desk.check(original, target, _language(record, "from", source, LANGUAGES))
        found = [{"name": item.name, "detail": item.detail} for item in failed]
        return {"checks": found, "ok": not found}

    frame.failed |= not _each_record(lines, "source", {"checks": [], "ok": False}, answer)
