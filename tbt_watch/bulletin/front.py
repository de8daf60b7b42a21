"""The front page: what to answer soon, what is new, and whether the service works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.masthead import SourceHealth
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.moment import today

SOON = 6
NEWS = 8
NEW_DAYS = 7
"""What was accepted in the last so many days counts as new."""

_LAG_DAYS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """How the service does. ``troubles``: (source, what is wrong). Empty texts are not printed."""

    healthy: int
    total: int
    summary: str
    checked: str
    lag: str
    troubles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontPage:
    """What the front page prints."""

    as_of: str
    soon: tuple[Card, ...]
    open: int
    closing: int
    news: tuple[Card, ...]
    new: int
    service: Service


def make_front(
    cards: Sequence[Card], health: Sequence[SourceHealth], words: Words, now: datetime
) -> FrontPage:
    """The front page as of ``now``."""
    cards = [card for card in cards if card.notice.kind != "article"]  # news has a list of its own
    taking = sorted((card for card in cards if card.standing in {"open", "closing"}), key=Card.by_deadline)
    since = now - timedelta(days=NEW_DAYS)
    fresh = [card for card in cards if _accepted_since(card, since)]
    return FrontPage(
        as_of=words.moment(now),
        soon=tuple(taking[:SOON]),
        open=len(taking),
        closing=sum(card.standing == "closing" for card in taking),
        news=tuple(sorted(cards, key=Card.by_news)[:NEWS]),
        new=len(fresh),
        service=_service(cards, health, words),
    )


def _accepted_since(card: Card, since: datetime) -> bool:
    at = card.dossier.accepted_at
    return at is not None and at >= since and card.dossier.state != "ARCHIVED"


def _service(cards: Sequence[Card], health: Sequence[SourceHealth], words: Words) -> Service:
    healthy = sum(source.ok for source in health)
    checks = [source.last_success for source in health if source.last_success]
    summary = words.say("{healthy} of {total} sources work", healthy=healthy, total=len(health))
    return Service(
        healthy=healthy,
        total=len(health),
        summary=summary if health else words.say("No source has been checked yet."),
        checked=words.say("Last checked at {moment}", moment=max(checks)) if checks else "",
        lag=_lag(cards, words),
        troubles=tuple(
            (words.title(source.title), source.message or words.say("cannot be reached"))
            for source in health
            if not source.ok
        ),
    )


def _lag(cards: Sequence[Card], words: Words) -> str:
    """The median time from publication by the source to acceptance here, of what was news when it came."""
    days = []
    for card in cards:
        published, accepted = card.notice.published_on, card.dossier.accepted_at
        if published and accepted and 0 <= (lag := (today(accepted) - published).days) <= _LAG_DAYS:
            days.append(lag)
    if not days:
        return ""
    middle = median_low(days)
    if middle == 0:
        return words.say("Half of the news stands here on the day of its publication.")
    return words.say_n(
        "Half of the news stands here within {n} day of its publication.",
        "Half of the news stands here within {n} days of its publication.",
        middle,
    )
