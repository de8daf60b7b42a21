"""The tables of a periodical: deadlines that stay open, and who notified what."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tbt_watch.bulletin.card import Deadlines, make_card, shorten
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier

_MOST_ROWS = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table: its heading, the names of its columns, its rows; ``numeric``: the last column holds numbers."""

    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: bool = False
    empty: str = ""


def deadlines_table(told: Iterable[Dossier], words: Words, deadlines: Deadlines) -> Table:
    """What still takes comments on the day of the edition, the nearest deadline first."""
    cards = [make_card(one, words, deadlines) for one in told if one.notice.kind == "notification"]
    cards = sorted(
        (card for card in cards if card.standing in {"open", "closing"}), key=lambda card: card.by_deadline()
    )
    rows = tuple(
        (
            words.date(card.notice.comment_until) if card.notice.comment_until else "",
            words.date(by)
            if (by := deadlines.send_by(card.notice)) and by >= words.today
            else words.say("Send now"),
            card.symbol,
            shorten(card.headline, 160),
        )
        for card in cards
    )
    return Table(
        anchor="han-gop-y",
        heading=words.say("Deadlines that stay open"),
        columns=(words.say("Final date"), words.say("Send by"), words.say("Symbol"), words.say("Content")),
        rows=rows,
        empty=words.say("No deadline of this time is open any more."),
    )


def figures(told: Sequence[Dossier], words: Words) -> tuple[Table, ...]:
    """How many notifications by area and type, by Member, and by sector."""
    notified = [one for one in told if one.notice.kind == "notification"]
    return (
        _count(
            notified, lambda one: [f"{one.notice.area} · {words.type(one.notice)}"], words,
            "theo-loai", words.say("Notifications by area and type"), words.say("Area and type"),
        ),
        _count(
            notified, lambda one: [words.who(one.notice, short=True)], words,
            "theo-nuoc", words.say("Notifications by Member"), words.say("Member"),
        ),
        _count(
            notified, lambda one: _sectors(one, words), words,
            "theo-linh-vuc", words.say("Notifications by sector"), words.say("Sector"),
        ),
    )  # fmt: skip


def _sectors(one: Dossier, words: Words) -> list[str]:
    named = [words.labels.sector(code, words.lang) for code in one.codes("sector")]
    return [name[:1].upper() + name[1:] for name in named] or [words.say("Other sectors")]


def _count(
    told: Iterable[Dossier],
    names: Callable[[Dossier], Iterable[str]],
    words: Words,
    anchor: str,
    heading: str,
    column: str,
) -> Table:
    counted = Counter(name for one in told for name in names(one))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    shown, rest = ordered[:_MOST_ROWS], ordered[_MOST_ROWS:]
    if len(rest) == 1:
        shown, rest = ordered, []
    rows = [(name, str(count)) for name, count in shown]
    if rest:
        rows.append((words.say("Others"), str(sum(count for _, count in rest))))
    return Table(
        anchor=anchor,
        heading=heading,
        columns=(column, words.say("Count")),
        rows=tuple(rows),
        numeric=True,
        empty=words.say("No notification in this time."),
    )
