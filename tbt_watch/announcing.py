"""Who is told of an edition of the bulletin, and with which words: before it is published, and after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tbt_watch.app import App
from tbt_watch.briefing import brief_of
from tbt_watch.bulletin.papers import PDF, can_print
from tbt_watch.deliver.message import render
from tbt_watch.deliver.telegram import Telegram
from tbt_watch.digest.bulletins import LATEST, edition_of
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.edition import DeliveryState, Part
from tbt_watch.store.ledger import Wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """The readers on a channel: how many get the message, and how many are paused or not confirmed and get none.
    ``on``: whether the channel is switched on; else what is for it waits."""

    channel: str
    reading: int
    paused: int
    on: bool


def readers(app: App) -> list[Reached]:
    """Who gets what would be published now, by channel."""
    found = app.store.bulletins.readers()
    reading = Counter(one.channel for one in found if not one.pause)
    paused = Counter(one.channel for one in found if one.pause)
    return [
        Reached(
            channel=channel,
            reading=reading[channel],
            paused=paused[channel],
            on=channel in app.config.deliver.channels,
        )
        for channel in sorted({*reading, *paused})
    ]


def held_until(app: App) -> datetime | None:
    """Until when what is published now waits, for these are the quiet hours; None: it goes at once."""
    now = app.clock()
    return app.hours.quiet_over(now) if app.hours.is_quiet(now) else None


def announced(app: App, one: Bulletin) -> Mapping[tuple[str, DeliveryState], int]:
    """How many deliveries of a published edition there are, by channel and state."""
    return app.store.deliveries.counts(Wanted(bulletin_id=one.id)) if one.published else {}


def expected(app: App, one: Bulletin) -> datetime | None:
    """From when on the messages of a published edition go out that are not composed yet; None where none will."""
    if one.published_at is None or announced(app, one) or one.published_at < app.clock() - LATEST:
        return None
    reading = any(not reader.pause for reader in app.store.bulletins.readers(one.published_at))
    return held_until(app) or app.clock() if reading else None


def preview(app: App, one: Bulletin) -> Sequence[Part]:
    """The message on Telegram: of a draft as it would be if it were published now."""
    dossiers = app.editions.dossiers([item.key for item in one.items])
    numbered = app.editions.numbered(one)
    site = app.config.bulletin.base_url.rstrip("/")
    brief = brief_of(numbered, app.words(one.lang), app.config.office.name, site, _pdf(app, numbered))
    edition = edition_of(one, one.lang, app.clock())
    head = replace(app.letterhead, brief=lambda _number, _lang: brief)
    return render(edition, dossiers, (), Telegram.limit, head=head, receipt=None, now=app.clock())


def _pdf(app: App, one: Bulletin) -> str:
    """The name of its PDF, where it has one or would get one."""
    if one.published:
        return next(iter(app.store.bulletins.paper_names(one.id or 0).get(PDF, ())), "")
    return f"{app.editions.page(one, app.clock()).file}.pdf" if not can_print() else ""
