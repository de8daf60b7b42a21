"""The site: which pages there are, and what each is made from. Nothing is written here."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from tbt_watch.bulletin import lists
from tbt_watch.bulletin.addresses import INDEX, address_of, root_of, symbol_folder
from tbt_watch.bulletin.card import Card, make_card
from tbt_watch.bulletin.front import make_front
from tbt_watch.bulletin.masthead import SourceHealth
from tbt_watch.bulletin.notice_page import Desk, make_page
from tbt_watch.bulletin.shelf import ROOM, Shelved, edition_values, overview_values
from tbt_watch.bulletin.words import ORIGINS
from tbt_watch.domain.dossier import Dossier


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page: its path from the site's root, its template, and the values that only this page has."""

    path: str
    template: str
    values: dict[str, object]
    indexed: bool = True


def pages(
    dossiers: Iterable[Dossier],
    desk: Desk,
    health: Sequence[SourceHealth],
    now: datetime,
    shelf: Sequence[Shelved] = (),
) -> Iterator[Page]:
    """Every page of the site, each path once, in an order that does not depend on that of the dossiers."""
    found = sorted(dossiers, key=lambda dossier: dossier.notice.key)
    cards = _apart(make_card(dossier, desk.words, desk.deadlines) for dossier in found)
    news = any(card.notice.kind == "article" for card in cards)
    desk = replace(desk, news=news, editions=bool(shelf))
    front = make_front(cards, health, desk.words, now)
    latest = shelf[0].line(desk.words) if shelf else None
    yield _page(INDEX, "front.html", desk, front=front, latest=latest)
    yield from _editions(shelf, desk, frozenset(card.path for card in cards))
    yield from _notices(cards, desk)
    yield from _listings(cards, desk)
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
        found[path] = replace(card, path=path)
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
        "canonical": address_of(desk.base_url, path),
        "section": path.partition("/")[0],
    }
    return Page(path=path, template=template, values=shared | values, indexed=indexed)


def _notices(cards: Sequence[Card], desk: Desk) -> Iterator[Page]:
    threads: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        threads[card.notice.thread].append(card)
    taken = {card.path for card in cards}
    for card in cards:
        page = make_page(card, threads[card.notice.thread], desk)
        yield _page(card.path, "notice.html", desk, page=page)
        if card.notice.kind != "notification":
            continue
        for symbol in card.notice.symbols:
            path = symbol_folder(symbol) + INDEX
            if path not in taken:
                taken.add(path)
                yield _page(path, "redirect.html", desk, indexed=False, card=card, symbol=symbol)


def _listings(cards: Sequence[Card], desk: Desk) -> Iterator[Page]:
    words, labels = desk.words, desk.words.labels
    overviews = [
        lists.sectors(cards, labels, words),
        lists.markets(cards, words),
        lists.topics(cards, labels, words),
        lists.months(cards, words),
    ]
    for overview in overviews:
        yield _page(overview.folder + INDEX, "overview.html", desk, overview=overview)
        for _, listings in overview.groups:
            for listing in listings:
                yield from _list(listing, desk)
    yield from _list(lists.open_list(cards, words), desk)
    yield from _list(lists.regulations(cards, words), desk)
    if desk.news:
        yield from _list(lists.news(cards, words), desk)


def _editions(shelf: Sequence[Shelved], desk: Desk, linked: Collection[str]) -> Iterator[Page]:
    if shelf:
        overview = _page(ROOM + INDEX, "editions.html", desk)
        yield replace(overview, values=overview.values | overview_values(shelf, desk.words))
    for one in shelf:
        values = edition_values(one, desk.words, linked, desk.base_url)
        page = _page(one.line(desk.words).path, "edition.html", desk)
        yield replace(page, values=page.values | values)


def _list(listing: lists.Listing, desk: Desk) -> Iterator[Page]:
    for leaf in lists.leaves(listing, desk.words):
        yield _page(leaf.path, "list.html", desk, leaf=leaf)
