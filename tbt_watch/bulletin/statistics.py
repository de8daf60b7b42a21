"""Statistics: who notifies what, by market, sector and month, and how long news takes to get here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from tbt_watch.bulletin.addresses import INDEX, market_folder, sector_folder
from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.moment import today

MOST = 20
MONTHS = 24
_LAG_DAYS = 30
_HEIGHT = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A row: its label, its figure, the length of its bar in percent of the longest, and the list that it counts."""

    label: str
    figure: int
    percent: int
    path: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table: its id on the page, heading, what it says, the names of its columns, its rows."""

    id: str
    title: str
    intro: str
    label: str
    figure: str
    bars: tuple[Bar, ...]
    columns: tuple[tuple[int, int, int], ...] = ()
    """For a chart of columns above the table: x, y and height of each."""


def tables(cards: Sequence[Card], words: Words) -> list[Table]:
    """What the page of statistics shows; notifications of the last 24 months, to the current month."""
    first = _months_back(words.today, MONTHS - 1)
    recent = [
        card
        for card in cards
        if card.notice.kind == "notification" and (card.notice.published_on or date.min) >= first
    ]
    since = words.language.month(first, words.lang)
    count = words.say("Notifications")
    return [
        Table(
            id="thi-truong", title=words.say("By notifying Member"),
            intro=words.say("Notifications since {month}; the {n} Members that notified most.", month=since, n=MOST),
            label=words.say("Member"), figure=count,
            bars=_ranked((m for card in recent for m in card.notice.members), words.market, market_folder),
        ),
        Table(
            id="linh-vuc", title=words.say("By sector"),
            intro=words.say(
                "Notifications since {month}; one that concerns several sectors counts in each.", month=since
            ),
            label=words.say("Sector"), figure=count,
            bars=_ranked(
                (code for card in recent for code in card.dossier.codes("sector")),
                lambda code: _capital(words.labels.sector(code, words.lang)), sector_folder,
            ),
        ),
        _by_month(recent, words),
        _lag(recent, words),
    ]  # fmt: skip


def _ranked(
    codes: Iterable[str], name: Callable[[str], str], folder: Callable[[str], str]
) -> tuple[Bar, ...]:
    found = sorted(Counter(codes).items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    most = max((n for _, n in found), default=1)
    return tuple(
        Bar(label=name(code), figure=n, percent=max(1, 100 * n // most), path=folder(code) + INDEX)
        for code, n in found
    )


def _by_month(cards: Sequence[Card], words: Words) -> Table:
    found = Counter(card.notice.published_on.replace(day=1) for card in cards if card.notice.published_on)
    months = [_months_back(words.today, n) for n in reversed(range(MONTHS))]
    most = max(found.values(), default=1)
    bars, columns = [], []
    for at, month in enumerate(months):
        n = found[month]
        path = f"luu-tru/{month:%Y-%m}/{INDEX}" if n else ""
        label = words.language.month(month, words.lang)
        bars.append(Bar(label=_capital(label), figure=n, percent=100 * n // most, path=path))
        height = _HEIGHT * n // most
        columns.append((at * 20 + 2, _HEIGHT - height, height))
    return Table(
        id="thang", title=words.say("By month"), intro=words.say("Notifications of the last {n} months.", n=MONTHS),
        label=words.say("Month"), figure=words.say("Notifications"), bars=tuple(reversed(bars)), columns=tuple(columns),
    )  # fmt: skip


def _lag(cards: Iterable[Card], words: Words) -> Table:
    """Days from publication by the source to acceptance here, of what was news when it came."""
    found: dict[date, list[int]] = defaultdict(list)
    for card in cards:
        published, accepted = card.notice.published_on, card.dossier.accepted_at
        if published and accepted and 0 <= (lag := (today(accepted) - published).days) <= _LAG_DAYS:
            found[published.replace(day=1)].append(lag)
    middle = {month: median_low(days) for month, days in sorted(found.items(), reverse=True)}
    most = max(middle.values(), default=1) or 1
    bars = tuple(
        Bar(
            label=_capital(words.language.month(month, words.lang)), figure=days, percent=100 * days // most,
            note=words.say_n("{n} notice", "{n} notices", len(found[month])),
        )
        for month, days in middle.items()
    )  # fmt: skip
    return Table(
        id="do-tre", title=words.say("How fast news gets here"),
        intro=words.say(
            "Days from publication at the source to this site: half of the news was here within so many days."
        ),
        label=words.say("Month"), figure=words.say("Days"), bars=bars,
    )  # fmt: skip


def _months_back(day: date, n: int) -> date:
    at = day.year * 12 + day.month - 1 - n
    return date(at // 12, at % 12 + 1, 1)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
