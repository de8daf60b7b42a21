"""Calendars of deadlines (iCalendar, RFC 5545): one a notice, sector and market, and one of all.

Written by hand, for it is a page of code: ``icalendar`` and what it needs would be three packages more, and a
calendar program that takes nobody's word for the format reads these in the tests.
"""

import uuid
from collections.abc import Iterable, Iterator, MutableMapping
from datetime import UTC, date, datetime, timedelta

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.render import inert
from tbt_watch.domain.dossier import Dossier

CALENDAR = "han-gop-y.ics"
"""The name of the file in the folder of a notice or a list."""

KEPT = timedelta(days=60)
"""So long a deadline stays in the calendar after it has passed or was called off."""

_SPACE = uuid.UUID("5a1e7a52-9f0c-5d5e-8d0e-6f1b4c1f2a77")
_OCTETS = 75
# Nine in the morning, reckoned from the midnight at which a whole day begins.
_WEEK_BEFORE, _DAY_BEFORE = "-P6DT15H", "-PT15H"
_GONE = frozenset({"withdrawn", "expired", "no-longer-appropriate"})


def stable_id(*parts: str) -> str:
    """An identifier that stays the same when the site moves or the text changes (RFC 9562, version 5)."""
    return str(uuid.uuid5(_SPACE, "\n".join(parts).encode("utf-8", "replace").decode()))


def deadline(dossier: Dossier) -> tuple[date | None, bool]:
    """The deadline of a notice, and whether it was called off: withdrawn, or taken back by the source."""
    notice = dossier.notice
    if notice.comment_until:
        return notice.comment_until, notice.stated_status in _GONE
    for version in reversed(dossier.versions):
        for change in version.changes:
            if change.field == "comment_until" and change.before and not change.after:
                try:
                    return date.fromisoformat(change.before), True
                except ValueError:
                    return None, False
    return None, False


def _due(card: Card) -> tuple[date | None, bool]:
    """The same for a line of the site: what was taken off it is called off."""
    day, off = deadline(card.dossier)
    return day, off or card.gone is not None


def told_at(dossier: Dossier) -> datetime:
    """When this site last learnt something about a notice."""
    moments = [version.at for version in dossier.versions]
    moments += [one for one in (dossier.accepted_at, dossier.decision and dossier.decision.at) if one]
    return max(moments, default=dossier.seen_at)


def has_calendar(card: Card, today: date) -> bool:
    """Whether there is a deadline of this notice to put into a calendar."""
    day, off = _due(card)
    if day is None or card.notice.kind != "notification":
        return False
    last = max(day, told_at(card.dossier).date()) if off else day
    return last + KEPT >= today


def calendar(
    cards: Iterable[Card], name: str, desk: Desk, made: MutableMapping[str, str] | None = None
) -> bytes:
    """A calendar of the deadlines of these notices, by day. Same notices, same bytes. ``made``: the events of a build,
    by the path of their notice: most stand in several calendars."""
    events: MutableMapping[str, str] = {} if made is None else made
    found = sorted(
        (card for card in cards if has_calendar(card, desk.words.today)),
        key=lambda card: (_due(card)[0] or date.max, card.notice.key),
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TBT Watch//Bulletin//VI", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H"]
    lines += ["X-PUBLISHED-TTL:PT12H"]
    for card in found:
        if card.path not in events:
            events[card.path] = "".join(map(_folded, _events(card, desk)))
    told = (events[card.path] for card in found)
    return "".join([*map(_folded, lines), *told, _folded("END:VCALENDAR")]).encode()


def _events(card: Card, desk: Desk) -> Iterator[str]:
    day, off = _due(card)
    if day is None:
        return
    words = desk.words
    name = f"{card.who} – {card.symbol}"
    yield from _event(
        card, desk, "wto", day, off, words.say("Final date for comments: {name}", name=name), (_DAY_BEFORE,)
    )
    earlier = desk.deadlines.before(card.notice, day)
    if earlier < day:
        point = desk.office.enquiry_point(card.notice.area)
        to = point.name if point else card.notice.area
        title = words.say("Send comments to {office}: {name}", office=to, name=name)
        yield from _event(card, desk, "send", earlier, off, title, (_WEEK_BEFORE, _DAY_BEFORE))


def _event(
    card: Card, desk: Desk, kind: str, day: date, off: bool, title: str, alarms: Iterable[str]
) -> Iterator[str]:
    stamp = f"{told_at(card.dossier).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    address = address_of(desk.base_url, card.path)
    yield "BEGIN:VEVENT"
    yield f"UID:{stable_id(card.notice.key, kind)}@tbt-watch"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"SEQUENCE:{_sequence(card.dossier)}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(title)}"
    yield f"DESCRIPTION:{_text(' '.join(filter(None, ('' if card.gone else card.headline, address))))}"
    if address:
        yield f"URL:{address}"
    yield f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    for alarm in () if off else alarms:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:{alarm}",
            f"DESCRIPTION:{_text(title)}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _sequence(dossier: Dossier) -> int:
    """How often the day was changed or called off, or the notice taken off the site or put back: versions and decisions
    are only ever added, so this only ever grows."""
    fields = {"comment_until", "stated_status", "published_on"}
    moved = sum(any(change.field in fields for change in version.changes) for version in dossier.versions)
    return moved + dossier.turns


def _text(text: str) -> str:
    """A value of the type TEXT (RFC 5545, 3.3.11)."""
    clean = str(inert(" ".join(text.split()))).replace("\ufffd", "?")
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """The line with CRLF, in pieces of at most 75 octets, no letter torn apart (RFC 5545, 3.1)."""
    if len(line) * 3 <= _OCTETS or len(line.encode()) <= _OCTETS:
        return f"{line}\r\n"
    pieces: list[str] = []
    start = size = 0
    for at, char in enumerate(line):
        width = len(char.encode())
        if size + width > _OCTETS - bool(pieces):
            pieces.append(line[start:at])
            start, size = at, 0
        size += width
    return "\r\n ".join([*pieces, line[start:]]) + "\r\n"
