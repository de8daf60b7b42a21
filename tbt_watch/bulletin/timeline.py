"""What changed: the notices of a measure by date, the versions that say something new, and amendments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tbt_watch.bulletin.card import Card, shorten
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Change


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a measure: its day, what it is called, and where it leads (empty: it is this page)."""

    day: date | None
    when: str
    what: str
    symbol: str = ""
    path: str = ""
    current: bool = False
    text: str = ""
    text_lang: str = ""
    changes: tuple[tuple[str, str], ...] = ()


def steps(dossier: Dossier, thread: Sequence[Card], words: Words) -> tuple[Step, ...]:
    """The timeline of a notice, oldest first. ``thread``: the lines of all notices of its measure, itself too."""
    found = [_notice(card, words, current=card.dossier is dossier) for card in thread]
    found += _versions(dossier, words)
    found += _amendments(dossier, words)
    return tuple(sorted(found, key=lambda step: step.day or date.max))


def _notice(card: Card, words: Words, *, current: bool) -> Step:
    notice = card.notice
    return Step(
        day=notice.published_on,
        when=card.published or words.say("date not known"),
        what=card.type,
        symbol=card.symbol,
        path="" if current else card.path,
        current=current,
        text=card.headline,
        text_lang=card.headline_lang,
    )


def _versions(dossier: Dossier, words: Words) -> Iterable[Step]:
    for version in dossier.versions:
        told = [change for change in version.changes if change.tells or change.field == "symbols"]
        if not told:
            continue
        day = today(version.at)
        what = words.say("The source changed its notice")
        yield Step(day=day, when=words.date(day), what=what, changes=_worded(told, words))


def _amendments(dossier: Dossier, words: Words) -> Iterable[Step]:
    if not dossier.amended:
        return
    decision = dossier.decision
    day = today(decision.at) if decision and decision.state == "amended" else None
    what = words.say("Amended by the editors")
    yield Step(
        day=day, when=words.date(day) if day else "", what=what, changes=_worded(dossier.amended, words)
    )


def _worded(changes: Iterable[Change], words: Words) -> tuple[tuple[str, str], ...]:
    return tuple((words.field(change.field), _change(change, words)) for change in changes)


def _change(change: Change, words: Words) -> str:
    """``30/9/2026 → 15/10/2026``; documents are addresses and only said to be others."""
    if change.field == "documents":
        return words.say("changed")
    before, after = (shorten(words.value(change.field, text), 200) for text in (change.before, change.after))
    return f"{before} → {after}"
