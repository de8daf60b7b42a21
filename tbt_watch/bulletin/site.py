"""The site: which pages there are, and what each is made from. Nothing is written here."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from tbt_watch.bulletin import lists
from tbt_watch.bulletin.addresses import INDEX, address_of, notice_folder, root_of, symbol_folder
from tbt_watch.bulletin.card import Card, make_card
from tbt_watch.bulletin.front import make_front
from tbt_watch.bulletin.keys import Keys, keys_of
from tbt_watch.bulletin.masthead import SourceHealth
from tbt_watch.bulletin.notice_page import make_gone, make_page
from tbt_watch.bulletin.opendata import OpenData
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.rooms import rooms
from tbt_watch.bulletin.shelf import ROOM, Shelved, edition_values, overview_values
from tbt_watch.bulletin.words import ORIGINS
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import NAMES
from tbt_watch.domain.symbol import find_symbols
from tbt_watch.store.departed import Departed


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page: its path from the site's root, its template, and the values that only this page has; ``more`` of them
    are made when it is printed. ``key``: what it depends on; empty: it is printed with every build."""

    path: str
    template: str
    values: dict[str, object]
    indexed: bool = True
    key: str = ""
    more: Callable[[], dict[str, object]] | None = None

    @property
    def all_values(self) -> dict[str, object]:
        """What the template prints."""
        return self.values | (self.more() if self.more else {})


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the pages are made from: the notices as lines, by key; what was taken off, likewise; how the service does;
    the editions."""

    cards: Sequence[Card]
    gone: Sequence[Card]
    desk: Desk
    keys: Keys
    health: Sequence[SourceHealth]
    now: datetime
    shelf: Sequence[Shelved] = ()
    data: OpenData | None = None

    @cached_property
    def followed(self) -> list[lists.Listing]:
        """The lists that have feeds and a calendar."""
        words = self.desk.words
        documents = lists.regulations(self.cards, words.labels, words)
        return [*self.sectors, *self.markets, *self.law_fields, documents, lists.open_list(self.cards, words)]

    @property
    def followed_with_gone(self) -> list[tuple[lists.Listing, tuple[Card, ...]]]:
        """The same, each with what was taken off and would stand in it."""
        gone = {card.path: card for card in self.gone}
        stood = replace(self, cards=[replace(card, gone=None) for card in self.gone], gone=())
        left = {one.folder: tuple(gone[card.path] for card in one.cards) for one in stood.followed}
        return [(one, left.get(one.folder, ())) for one in self.followed]

    @property
    def every(self) -> list[Card]:
        """All that has an address."""
        return [*self.cards, *self.gone]

    @cached_property
    def sectors(self) -> list[lists.Listing]:
        """The lists of sectors, without that of notices that found none."""
        overview = lists.sectors(self.cards, self.desk.words.labels, self.desk.words)
        return [one for _, group in overview.groups for one in group if one.followed]

    @cached_property
    def markets(self) -> list[lists.Listing]:
        """The lists of markets."""
        return [one for _, group in lists.markets(self.every, self.desk.words).groups for one in group]

    @property
    def groups(self) -> list[tuple[str, list[lists.Listing]]]:
        """The lists that can be followed, under a heading each."""
        words = self.desk.words
        return [
            (words.say("Sectors"), self.sectors),
            (words.say("Markets"), self.markets),
            (words.say("Law fields"), self.law_fields),
        ]

    @cached_property
    def law_fields(self) -> list[lists.Listing]:
        """The lists of law fields."""
        overview = lists.law_fields(self.cards, self.desk.words.labels, self.desk.words)
        return [one for _, group in overview.groups for one in group]


def gather(
    dossiers: Iterable[Dossier],
    desk: Desk,
    health: Sequence[SourceHealth],
    now: datetime,
    shelf: Sequence[Shelved] = (),
    data: OpenData | None = None,
    departed: Iterable[Departed] = (),
) -> Site:
    """The site of these notices; the order in which they come does not matter."""
    found: list[tuple[Dossier, datetime | None]] = [(dossier, None) for dossier in dossiers]
    found += [(one.dossier, one.at) for one in departed]
    found.sort(key=lambda pair: pair[0].notice.key)
    every = _apart(make_card(dossier, desk.words, desk.deadlines, gone=gone) for dossier, gone in found)
    news = any(card.notice.kind == "article" for card in every)
    desk = replace(desk, news=news, editions=bool(shelf), data=data is not None)
    return Site(
        cards=[card for card in every if card.gone is None],
        gone=[card for card in every if card.gone],
        desk=desk,
        keys=keys_of(every, desk),
        health=health,
        now=now,
        shelf=shelf,
        data=data,
    )


def pages(site: Site) -> Iterator[Page]:
    """Every page of the site, each path once."""
    cards, desk, health = site.cards, site.desk, site.health
    front = make_front(cards, health, desk.words, site.now)
    latest = site.shelf[0].line(desk.words) if site.shelf else None
    yield _page(INDEX, "front.html", desk, front=front, latest=latest)
    noticed = list(_notices(site))
    yield from _editions(site.shelf, desk, frozenset(page.path for page in noticed))
    yield from noticed
    listings = list(_listings(site))
    yield from listings
    linked = frozenset(page.path for page in listings)
    for folder, template, values in rooms(cards, site.groups, linked, site.data, desk.words):
        room = _page(folder + INDEX, template, desk)
        yield replace(room, values=room.values | values)
    origins = [desk.words.say(message) for message in ORIGINS.values()]
    yield _page(f"gioi-thieu/{INDEX}", "about.html", desk, health=health, origins=origins)
    yield _page(f"tro-nang/{INDEX}", "accessibility.html", desk)
    # Served for any address, so its links cannot be relative to where it stands.
    missing = _page("404.html", "missing.html", desk, indexed=False)
    missing.values["root"] = f"{urlsplit(desk.base_url).path}/"
    yield missing


def _apart(cards: Iterable[Card]) -> list[Card]:
    """The cards, each at an address of its own: keys that differ only in what an address cannot hold are told
    apart by their hash."""
    found: dict[str, Card] = {}
    for card in cards:
        path = card.path
        if path in found:
            mark = hashlib.sha256(card.notice.key.encode(errors="replace")).hexdigest()[:8]
            path = f"{path.removesuffix('/' + INDEX)}-{mark}/{INDEX}"
        found[path] = card if path == card.path else replace(card, path=path)
    return list(found.values())


def own_files() -> Iterator[tuple[str, bytes]]:
    """Style sheet and fonts: path from the site's root, bytes."""
    yield from _tree(files("tbt_watch.bulletin") / "static", "static")


def _tree(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _tree(item, f"{path}/{item.name}")
        else:
            yield f"{path}/{item.name}", item.read_bytes()


def _page(path: str, template: str, desk: Desk, *, indexed: bool = True, **values: object) -> Page:
    shared = {
        "root": root_of(path),
        "office": desk.office,
        "news": desk.news,
        "editions": desk.editions,
        "data": desk.data,
        "bot": desk.bot,
        "feeds": bool(desk.base_url),
        "canonical": address_of(desk.base_url, path),
        "section": path.partition("/")[0],
    }
    return Page(path=path, template=template, values=shared | values, indexed=indexed)


def _notices(site: Site) -> Iterator[Page]:
    desk = site.desk
    threads: dict[str, list[Card]] = defaultdict(list)
    for card in site.cards:
        threads[card.notice.thread].append(card)
    taken = {card.path for card in site.every}
    for card in site.cards:
        thread = threads[card.notice.thread]
        page = _page(card.path, "notice.html", desk)
        yield replace(
            page,
            key=site.keys.key("notice", thread, card.path),
            more=partial(_notice_values, card, thread, desk),
        )
    for card in site.gone:
        values = {"page": make_gone(card, threads[card.notice.thread], desk)}
        page = _page(card.path, "gone.html", desk, indexed=False, **values)
        yield replace(page, key=site.keys.key("gone", [card, *threads[card.notice.thread]]))
    for card in site.every:
        for path, symbol, reason in _other_addresses(card):
            if path not in taken:
                taken.add(path)
                yield _page(
                    path, "redirect.html", desk, indexed=False, card=card, symbol=symbol, reason=reason
                )


def _notice_values(card: Card, thread: Sequence[Card], desk: Desk) -> dict[str, object]:
    return {"page": make_page(card, thread, desk)}


def _other_addresses(card: Card) -> Iterator[tuple[str, str, str]]:
    """The addresses of the other symbols of a joint notification, then those under which it stood before its name was
    corrected: address, name, which of both."""
    notice = card.notice
    if notice.kind == "notification":
        yield from ((symbol_folder(symbol) + INDEX, symbol, "joint") for symbol in notice.symbols)
    changes = [change for version in card.dossier.versions for change in version.changes]
    for change in (one for one in changes if one.field in NAMES):
        if notice.kind == "notification":
            for symbol in find_symbols(change.before):
                yield symbol_folder(symbol.text) + INDEX, symbol.text, "before"
        elif change.before:
            path = notice_folder(replace(notice, key=change.before)) + INDEX
            yield path, change.before.partition("|")[0], "moved"


def _listings(site: Site) -> Iterator[Page]:
    cards, desk = site.cards, site.desk
    words, labels = desk.words, desk.words.labels
    overviews = [
        lists.sectors(cards, labels, words),
        lists.markets(site.every, words),
        lists.topics(cards, labels, words),
        lists.law_fields(cards, labels, words),
        *lists.months(site.every, words),
    ]
    for overview in overviews:
        yield _page(overview.folder + INDEX, "overview.html", desk, overview=overview)
    for overview in overviews[:5]:
        for _, listings in overview.groups:
            for listing in listings:
                yield from _list(listing, site)
    yield from _list(lists.open_list(cards, words), site)
    yield from _list(lists.regulations(cards, labels, words), site)
    if desk.news:
        yield from _list(lists.news(cards, words), site)


def _editions(shelf: Sequence[Shelved], desk: Desk, linked: Collection[str]) -> Iterator[Page]:
    if shelf:
        overview = _page(ROOM + INDEX, "editions.html", desk)
        yield replace(overview, values=overview.values | overview_values(shelf, desk.words))
    for one in shelf:
        values = edition_values(one, desk.words, linked, desk.base_url)
        page = _page(one.line(desk.words).path, "edition.html", desk)
        yield replace(page, values=page.values | values)


def _list(listing: lists.Listing, site: Site) -> Iterator[Page]:
    counted = (
        listing.title,
        listing.empty,
        listing.intro,
        listing.by_deadline,
        len(listing.cards),
        listing.open,
        [(one.folder, one.title, len(one.cards)) for one in listing.parts],
    )
    for leaf in lists.leaves(listing, site.desk.words):
        key = site.keys.key("list", leaf.cards, leaf.path, *counted)
        yield replace(_page(leaf.path, "list.html", site.desk, leaf=leaf), key=key)
