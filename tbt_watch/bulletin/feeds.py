"""Feeds: what is new, for programs that ask again by themselves. Atom (RFC 4287) and JSON Feed 1.1.

An entry keeps its id whatever becomes of its address or its text; it is updated when a source, a person or a
translation changed the notice. Nothing in a feed counts days, so that a feed only changes with what it tells.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup
from markupsafe import escape as html

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.calendars import stable_id, told_at
from tbt_watch.bulletin.card import Card, headline_of, shorten
from tbt_watch.bulletin.edition import EditionLine
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.render import inert
from tbt_watch.bulletin.timeline import steps
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.dossier import Dossier

ATOM, JSON = "tin.atom", "tin.json"
"""The names of the two files in the folder of a list."""

NEWEST = 50
"""Entries in a feed."""

_EPOCH = datetime(1995, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry: ``content`` is HTML; moments are in UTC."""

    id: str
    url: str
    title: str
    content: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed: the folder that it stands in, what it is called, its entries, the newest first."""

    folder: str
    title: str
    entries: tuple[Entry, ...]


def newest(cards: Iterable[Card]) -> list[Card]:
    """What a feed of these notices holds: what was accepted as news, the latest told first. Archive is no news."""
    news = [card for card in cards if card.dossier.accepted_at and card.dossier.state != "ARCHIVED"]
    return sorted(news, key=lambda card: (told_at(card.dossier), card.notice.key), reverse=True)[:NEWEST]


def notice_entry(card: Card, desk: Desk) -> Entry:
    """The entry of a notice."""
    dossier, words = card.dossier, desk.words
    title = f"{card.symbol} – {card.headline}" if card.symbol else card.headline
    return Entry(
        id=f"urn:uuid:{stable_id(dossier.notice.key)}",
        url=address_of(desk.base_url, card.path),
        title=_line(title),
        content="".join(_content(card, desk)),
        published=dossier.accepted_at or dossier.seen_at,
        updated=told_at(dossier),
        tags=tuple(dict.fromkeys(_line(words.tag(tag)) for tag in dossier.tags)),
    )


def _content(card: Card, desk: Desk) -> Iterator[str]:
    dossier, words, notice = card.dossier, desk.words, card.notice
    heading, _ = headline_of(dossier, words.lang)
    opening = dossier.translation("opening", words.lang)
    yield _tag("p", opening.text if opening else heading)
    facts = [f"{words.field('type')}: {card.type}"]
    if notice.comment_until:
        facts.append(f"{words.field('comment_until')}: {words.date(notice.comment_until)}")
    if (day := desk.deadlines.send_by(notice)) and not notice.stated_status:
        facts.append(words.say("Send comments to the national office by") + f": {words.date(day)}")
    if notice.stated_status:
        facts.append(
            f"{words.field('stated_status')}: {words.status(notice.stated_status, regulation=False)}"
        )
    yield _list(facts)
    yield from _changed(dossier, desk)


def _changed(dossier: Dossier, desk: Desk) -> Iterator[str]:
    told = [step for step in steps(dossier, (), desk.words) if step.changes]
    if told:
        yield _tag("p", desk.words.say("What changed") + ":")
        yield _list(
            f"{step.when} – {name}: {change}" for step in reversed(told) for name, change in step.changes
        )
    if dossier.notice.follows:
        yield _tag("p", desk.words.say("Follows {symbol}", symbol=dossier.notice.follows))


def edition_entry(bulletin: Bulletin, line: EditionLine, desk: Desk) -> Entry:
    """The entry of an edition of the bulletin."""
    at = bulletin.published_at or _EPOCH
    return Entry(
        id=f"urn:uuid:{stable_id('edition', bulletin.kind, str(bulletin.year), str(bulletin.number))}",
        url=address_of(desk.base_url, line.path),
        title=_line(line.heading),
        content=_tag("p", " · ".join(filter(None, (line.title, line.period, line.count)))),
        published=at,
        updated=at,
    )


def atom(feed: Feed, desk: Desk) -> bytes:
    """The feed as Atom."""
    base, office = desk.base_url, desk.office.name
    updated = max((entry.updated for entry in feed.entries), default=_EPOCH)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{desk.words.lang}">',
        f"<id>urn:uuid:{stable_id('feed', feed.folder, office)}</id>",
        f"<title>{escape(_line(feed.title))}</title>",
        f"<updated>{_moment(updated)}</updated>",
        f"<author><name>{escape(_line(office))}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(f"{base}/{feed.folder}{ATOM}")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(f"{base}/{feed.folder}")}/>',
    ]
    for entry in feed.entries:
        lines += [
            "<entry>",
            f"<id>{entry.id}</id>",
            f"<title>{escape(entry.title)}</title>",
            f'<link rel="alternate" type="text/html" href={quoteattr(entry.url)}/>',
            f"<published>{_moment(entry.published)}</published>",
            f"<updated>{_moment(entry.updated)}</updated>",
            *(f"<category term={quoteattr(tag)}/>" for tag in entry.tags),
            f'<content type="html">{escape(entry.content)}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode()


def json_feed(feed: Feed, desk: Desk) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    base = desk.base_url
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _line(feed.title),
        "home_page_url": f"{base}/{feed.folder}",
        "feed_url": f"{base}/{feed.folder}{JSON}",
        "language": desk.words.lang,
        "authors": [{"name": _line(desk.office.name)}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.content,
                "date_published": _moment(entry.published),
                "date_modified": _moment(entry.updated),
                "tags": list(entry.tags),
            }
            for entry in feed.entries
        ],
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def feed_of(folder: str, title: str, cards: Sequence[Card], desk: Desk) -> Feed:
    """The feed of a list; ``cards``: what ``newest`` chose."""
    return Feed(folder=folder, title=title, entries=tuple(notice_entry(card, desk) for card in cards))


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _line(text: str) -> str:
    return str(inert(shorten(text, 300)))


def _tag(name: str, text: str) -> str:
    return str(Markup("<{0}>{1}</{0}>").format(Markup(name), html(inert(text))))


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(_tag('li', text) for text in texts)}</ul>"
