"""Following the site without coming back to look: its feeds, calendars and letters, as files, and the page of them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tbt_watch.bulletin.calendars import CALENDAR, calendar, has_calendar
from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.feeds import ATOM, JSON, Feed, atom, edition_entry, feed_of, json_feed, newest
from tbt_watch.bulletin.keys import Keys
from tbt_watch.bulletin.lists import Listing
from tbt_watch.bulletin.notice_page import has_kit, kit_of
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.shelf import ROOM, Shelved
from tbt_watch.bulletin.swap import Content, Lazy

ROOM_OF_FEEDS = "theo-doi/"
"""The folder of the page that names them all."""

LETTER = "thu-gop-y.txt"
"""The comment kit in the folder of a notice."""


def follow_files(
    cards: Sequence[Card],
    gone: Sequence[Card],
    followed: Sequence[tuple[Listing, Sequence[Card]]],
    shelf: Sequence[Shelved],
    desk: Desk,
    keys: Keys,
) -> Iterator[tuple[str, Content]]:
    """Every feed, calendar and letter. Feeds need to know where they are served: without an address there are none.
    ``gone``: what was taken off the site, and is called off in calendars; ``followed``: the lists, each with what was
    taken out of it."""
    words = desk.words
    made: dict[str, str] = {}
    for listing, left in followed:
        if not listing.deadlines:
            continue
        due = [card for card in (*listing.cards, *left) if has_calendar(card, words.today)]
        name = words.say("Final dates for comments: {name}", name=listing.title)
        yield (
            listing.folder + CALENDAR,
            Lazy(keys.key("calendar", due, name), partial(calendar, due, name, desk, made)),
        )
    yield from _of_notices([*cards, *gone], desk, keys, made)
    if not desk.base_url:
        return
    everything = words.say("Warnings on technical barriers to trade")
    lists = [("", everything, cards)]
    lists += [(one.folder, f"{one.title} – {everything}", one.cards) for one, _ in followed]
    for folder, title, listed in lists:
        yield from _feeds(folder, title, newest(listed), desk, keys)
    if shelf:
        entries = tuple(edition_entry(one.bulletin, one.line(words), desk) for one in shelf)
        feed = Feed(folder=ROOM, title=words.say("Editions of the bulletin"), entries=entries)
        yield ROOM + ATOM, atom(feed, desk)
        yield ROOM + JSON, json_feed(feed, desk)


def _feeds(
    folder: str, title: str, cards: Sequence[Card], desk: Desk, keys: Keys
) -> Iterator[tuple[str, Content]]:
    for name, form in ((ATOM, atom), (JSON, json_feed)):
        key = keys.key(name, cards, folder, title)
        yield folder + name, Lazy(key, partial(_feed, form, folder, title, cards, desk))


def _feed(
    form: Callable[[Feed, Desk], bytes], folder: str, title: str, cards: Sequence[Card], desk: Desk
) -> bytes:
    return form(feed_of(folder, title, cards, desk), desk)


def _of_notices(
    cards: Sequence[Card], desk: Desk, keys: Keys, made: dict[str, str]
) -> Iterator[tuple[str, Content]]:
    for card in cards:
        folder = card.path.rpartition("/")[0] + "/"
        if has_calendar(card, desk.words.today):
            key = keys.key("calendar", [card])
            yield folder + CALENDAR, Lazy(key, partial(calendar, [card], card.symbol, desk, made))
        if card.gone is None and has_kit(card, desk):
            yield folder + LETTER, Lazy(keys.key("letter", [card]), partial(_letter, card, desk))


def _letter(card: Card, desk: Desk) -> bytes:
    """The letter as Windows' Notepad reads it: with a mark that it is UTF-8, and CRLF."""
    kit = kit_of(card, desk)
    text = f"{kit.subject}\n\n{kit.text}" if kit else ""
    return ("\ufeff" + text.replace("\n", "\r\n") + "\r\n").encode("utf-8", "replace")
