"""A published edition made again: whether its files come out the same, and what it would say otherwise today."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from tbt_watch.bulletin.edition import EditionPage, Entry, make_entry
from tbt_watch.bulletin.frame import PublishedEdition
from tbt_watch.bulletin.papers import Made, words_of
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice
from tbt_watch.language import Language

Verdict = Literal["same", "other", "missing"]
"""A file made again has the bytes that were published, has others, or cannot be made on this machine."""

Why = Literal["corrected", "source", "translation", "tag", "gone"]
"""A person corrected a fact, the source changed one, the translation is another, the tags are, or the notice is no
longer on the site."""

_TEXTS = {
    "headline": ("headline", "title"),
    "lead": ("opening", "summary"),
    "products": ("products",),
    "summary": ("summary",),
}
_IGNORED = {"sources", "related", "official", "thread", "follows"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recheck:
    """A file of the edition, made again. ``programs``: (name, then, now) of what made it and is another today."""

    name: str
    verdict: Verdict
    programs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A line that would read otherwise: of which notice, what it is called, before and after, and why."""

    key: str
    symbol: str
    line: str
    before: str
    after: str
    why: Why


def recheck(edition: PublishedEdition, made: Made) -> tuple[Recheck, ...]:
    """The files as published against those that were just ``made`` from the same."""
    now = {one.name: hashlib.sha256(one.body).hexdigest() for one in made.papers}
    then = edition.snapshot.made
    programs = tuple(
        (name, then[name], made.programs[name])
        for name in sorted(then)
        if name in made.programs and then[name] != made.programs[name]
    )
    found = []
    for paper in edition.snapshot.papers:
        verdict: Verdict = "missing"
        if paper.name in now:
            verdict = "same" if now[paper.name] == paper.sha256 else "other"
        found.append(
            Recheck(name=paper.name, verdict=verdict, programs=programs if verdict == "other" else ())
        )
    return tuple(found)


def differences(
    page: EditionPage, edition: PublishedEdition, today: Mapping[str, Dossier], language: Language
) -> tuple[Difference, ...]:
    """What the edition would say otherwise if it were made from ``today``'s notices (by key), line by line, on the day
    and in the frame of its publication."""
    return tuple(
        found
        for dossier in edition.snapshot.dossiers
        for found in _of_notice(dossier, today.get(dossier.notice.key), page, language)
    )


def _of_notice(
    then: Dossier, now: Dossier | None, page: EditionPage, language: Language
) -> Iterator[Difference]:
    words = words_of(page, language)
    before = make_entry(then, words, page.frame, {})
    named = before.card.symbol or before.card.headline
    if now is None:
        yield Difference(
            key=then.notice.key, symbol=named, line=words.say("The whole notice"),
            before=before.card.headline, after=words.say("(none)"), why="gone",
        )  # fmt: skip
        return
    old, new = _told(before), _told(make_entry(now, words, page.frame, {}))
    labels = _labels(page, language)
    for name in dict.fromkeys([*old, *new]):
        (label, was), (other, now_is) = old.get(name, ("", "")), new.get(name, ("", ""))
        if was != now_is:
            yield Difference(
                key=then.notice.key, symbol=named, line=labels.get(name, label or other),
                before=was, after=now_is, why=_why(name, then, now),
            )  # fmt: skip


def _labels(page: EditionPage, language: Language) -> Mapping[str, str]:
    words = words_of(page, language)
    return {
        "headline": words.say("Headline"), "line": words.say("Type"), "lead": words.say("Opening"),
        "state": words.say("Status"),
    }  # fmt: skip


def _told(entry: Entry) -> dict[str, tuple[str, str]]:
    """Line by stable name: its label and its text."""
    lines = {
        "headline": ("", entry.card.headline),
        "line": ("", f"{entry.card.symbol} · {entry.card.type}"),
        "state": ("", entry.card.state),
        "lead": ("", " ".join(entry.lead)),
    }
    return lines | {line.name: (line.label, line.text) for line in entry.lines}


def _why(name: str, then: Dossier, now: Dossier) -> Why:
    if name == "tags":
        return "tag"
    facts = set(_changed(then.notice, now.notice))
    if name in _TEXTS and not facts:
        return "translation"
    if name in _TEXTS and _rewritten(_TEXTS[name], then, now):
        return "translation"
    staff = {change.field for change in now.amended[len(then.amended) :]}
    return "corrected" if facts & staff else "source"


def _changed(then: Notice, now: Notice) -> Sequence[str]:
    return [
        one.name
        for one in fields(Notice)
        if one.name not in _IGNORED and getattr(then, one.name) != getattr(now, one.name)
    ]


def _rewritten(names: Sequence[str], then: Dossier, now: Dossier) -> bool:
    """Whether a person wrote one of these texts since."""
    old = {(one.field, one.language): one for one in then.translations}
    return any(
        one.field in names and one.origin == "human" and old.get((one.field, one.language)) != one
        for one in now.translations
    )
