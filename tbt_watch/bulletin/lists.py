"""Lists: notices by sector, market, topic and month, each in two orders, paged; and the overviews of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tbt_watch.bulletin.addresses import INDEX, law_folder, market_folder, sector_folder, topic_folder
from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.masthead import Labels
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.text import fold

PAGE_SIZE = 50
"""Notices on one page of a list: what is read on a telephone without waiting."""

_AROUND = 2
"""So many pages before and after the current one are linked, besides the first and the last."""

UNSECTORED = "chung"
"""The address of the list of notices that no sector was found for."""

OTHER_FIELDS = "khac"
"""The address of the list of Vietnamese documents that no law field was found for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list: where it stands, what it is called, its notices in no order, and why it is empty if it is. ``followed``:
    it has feeds, and a calendar where its notices have ``deadlines``; ``sector``: the code of the sector that it is of;
    ``parts``: the lists that it is parted into, and ``overview`` the name and
    the page of all of them."""

    folder: str
    title: str
    cards: tuple[Card, ...]
    empty: str
    intro: str = ""
    by_deadline: bool = False
    followed: bool = False
    deadlines: bool = True
    sector: str = ""
    parts: tuple["Listing", ...] = ()
    overview: tuple[str, str] | None = None

    @property
    def open(self) -> int:
        """How many of its notices take comments."""
        return sum(card.standing in {"open", "closing"} for card in self.cards)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One page of a list. ``orders`` and ``pages``: (text, path, current)."""

    path: str
    listing: Listing
    cards: Sequence[Card]
    number: int
    last: int
    orders: tuple[tuple[str, str, bool], ...]
    pages: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """A page of links to lists: groups of (heading, listings)."""

    folder: str
    title: str
    intro: str
    groups: tuple[tuple[str, tuple[Listing, ...]], ...]
    empty: str


def leaves(listing: Listing, words: Words) -> Iterator[Leaf]:
    """The pages of a list, by news and by deadline; an empty one has one page."""
    orders: list[tuple[str, str, Callable[[Card], tuple[object, ...]]]] = [
        (words.say("Newest first"), "moi-nhat/", Card.by_news),
        (words.say("By final date for comments"), "theo-han/", Card.by_deadline),
    ]
    if listing.by_deadline:
        orders.reverse()
    if not listing.cards:
        del orders[1:]
    folders = [listing.folder + (name if at else "") for at, (_, name, _) in enumerate(orders)]
    for folder, (_, _, key) in zip(folders, orders, strict=True):
        cards = sorted(listing.cards, key=key)
        last = max(1, -(-len(cards) // PAGE_SIZE))
        named = tuple(
            (text, other + INDEX, other == folder)
            for other, (text, _, _) in zip(folders, orders, strict=True)
        )
        paths = [folder + (f"trang-{n}/" if n > 1 else "") + INDEX for n in range(1, last + 1)]
        for number, path in enumerate(paths, 1):
            yield Leaf(
                path=path,
                listing=listing,
                cards=cards[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
                number=number,
                last=last,
                orders=named,
                pages=_near(paths, number),
            )


def _near(paths: Sequence[str], number: int) -> tuple[tuple[str, str, bool], ...]:
    """The pages that are linked from one: (number, path, current); an empty path stands for those left out."""
    last = len(paths)
    shown = sorted({1, last, *range(max(1, number - _AROUND), min(last, number + _AROUND) + 1)})
    found: list[tuple[str, str, bool]] = []
    for before, n in zip([0, *shown], shown, strict=False):
        if n > before + 1:
            found.append(("…", "", False))
        found.append((str(n), paths[n - 1], n == number))
    return tuple(found)


def open_list(cards: Iterable[Card], words: Words) -> Listing:
    """Everything that takes comments."""
    return Listing(
        folder="gop-y/",
        title=words.say("Open for comments"),
        cards=tuple(card for card in cards if card.standing in {"open", "closing"}),
        empty=words.say(
            "No draft is open for comments today. New ones appear here as soon as they are notified."
        ),
        intro=words.say("Drafts that Viet Nam may still comment on, the nearest final date first."),
        by_deadline=True,
        followed=True,
    )


def regulations(cards: Sequence[Card], labels: Labels, words: Words) -> Listing:
    """The Vietnamese documents, parted by law field."""
    fields = law_fields(cards, labels, words)
    return Listing(
        folder="van-ban/",
        title=words.say("Documents of Viet Nam"),
        cards=tuple(card for card in cards if card.notice.kind == "regulation"),
        empty=words.say("No document of Viet Nam has been accepted yet."),
        intro=words.say(
            "Legal documents and technical regulations that concern standards, quality and trade."
        ),
        followed=True,
        deadlines=False,
        parts=tuple(one for _, group in fields.groups for one in group if one.cards),
        overview=(fields.title, fields.folder + INDEX),
    )


def law_fields(cards: Sequence[Card], labels: Labels, words: Words) -> Overview:
    """The Vietnamese documents by law field. A field of the law is a topic: no source states one, and each document's
    topics say why it has them. What has none stands in the last list."""
    own = [card for card in cards if card.notice.kind == "regulation"]
    tagged = _by_tag(own, "topic", law_folder)
    named = [
        (code, words.say("Documents on {field}", field=labels.topic(code, words.lang)), tagged.get(code, ()))
        for code in [*labels.topics, *sorted(set(tagged) - set(labels.topics))]
    ]
    rest = [card for card in own if not card.dossier.codes("topic")]
    listings = tuple(
        Listing(
            folder=law_folder(code),
            title=title,
            cards=tuple(found),
            empty=words.say("There is no document of Viet Nam in this field yet."),
            followed=True,
            deadlines=False,
        )
        for code, title, found in (*named, (OTHER_FIELDS, words.say("Documents on other matters"), rest))
    )
    return Overview(
        folder="van-ban/linh-vuc/",
        title=words.say("Law fields"),
        intro=words.say(
            "The documents of Viet Nam by what they regulate. The page of each says why it stands there."
        ),
        groups=(("", listings),),
        empty="",
    )


def news(cards: Iterable[Card], words: Words) -> Listing:
    """What offices and the press write."""
    return Listing(
        folder="tin/",
        title=words.say("News"),
        cards=tuple(card for card in cards if card.notice.kind == "article"),
        empty=words.say("No news stands on the site at present."),
        intro=words.say("What offices and the press write about standards, quality and trade."),
    )


def sectors(cards: Sequence[Card], labels: Labels, words: Words) -> Overview:
    """The lists of all sectors of the vocabulary, and of notices without one."""
    tagged = _by_tag(cards, "sector", sector_folder)
    listings = [
        Listing(
            folder=sector_folder(code),
            title=_capital(labels.sector(code, words.lang)),
            cards=tuple(tagged.get(code, ())),
            empty=words.say("There is no notice in this sector yet. The sources are checked every day."),
            followed=True,
            sector=code,
        )
        for code in [*labels.sectors, *sorted(set(tagged) - set(labels.sectors))]
    ]
    general = Listing(
        folder=sector_folder(UNSECTORED),
        title=words.say("General"),
        cards=tuple(
            card for card in cards if not card.dossier.codes("sector") and card.notice.kind != "article"
        ),
        empty=words.say("Every notice has found its sector."),
        intro=words.say("Notices that concern all goods, or whose sector is not clear."),
    )
    return Overview(
        folder="linh-vuc/",
        title=words.say("Sectors"),
        intro=words.say("Choose the goods that you make or sell."),
        groups=(("", (*listings, general)),),
        empty="",
    )


def topics(cards: Sequence[Card], labels: Labels, words: Words) -> Overview:
    """The lists of all topics of the vocabulary."""
    tagged = _by_tag(cards, "topic", topic_folder)
    listings = tuple(
        Listing(
            folder=topic_folder(code),
            title=_capital(labels.topic(code, words.lang)),
            cards=tuple(tagged.get(code, ())),
            empty=words.say("There is no notice on this topic yet. The sources are checked every day."),
        )
        for code in [*labels.topics, *sorted(set(tagged) - set(labels.topics))]
    )
    return Overview(
        folder="chu-de/",
        title=words.say("Topics"),
        intro=words.say("Choose what the measure is about."),
        groups=(("", listings),),
        empty="",
    )


def markets(cards: Sequence[Card], words: Words) -> Overview:
    """The lists of the Members and groups that notified something, by name; also of those whose notices were all taken
    off the site, for a list keeps its address."""
    found = _by_tag(cards, "market", market_folder)
    named = sorted((words.market(code), code) for code in found)
    listings = tuple(
        Listing(
            folder=market_folder(code),
            title=" ".join(filter(None, (words.flag(code), name))),
            cards=_standing(found[code]),
            empty=words.say("No notice of this market stands on the site at present."),
            followed=True,
        )
        for name, code in sorted(named, key=lambda pair: fold(pair[0]))
    )
    return Overview(
        folder="thi-truong/",
        title=words.say("Markets"),
        intro=words.say("Choose the country or territory that you export to."),
        groups=(("", listings),),
        empty=words.say("No notification has been accepted yet."),
    )


def months(cards: Iterable[Card], words: Words) -> list[Overview]:
    """The archive: a list a month, by year, newest first, notices without a day last; and the same for each year.
    A month whose notices were all taken off the site keeps its list."""
    found: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        day = card.notice.published_on
        found[f"{day:%Y-%m}" if day else ""].append(card)
    years: dict[str, list[Listing]] = defaultdict(list)
    gone = words.say("No notice of this month stands on the site at present.")
    for month in sorted(found, reverse=True):
        year, _, number = month.partition("-")
        title = words.say("{month}/{year}", month=str(int(number)), year=year) if month else _undated(words)
        folder = f"luu-tru/{month or 'khong-ro-ngay'}/"
        years[year].append(Listing(folder=folder, title=title, cards=_standing(found[month]), empty=gone))
    groups = tuple((year or _undated(words), tuple(listings)) for year, listings in years.items())
    whole = Overview(
        folder="luu-tru/",
        title=words.say("Archive"),
        intro=words.say("All notices by the month in which they were published."),
        groups=groups,
        empty=words.say("No notice has been accepted yet."),
    )
    return [whole, *(_year(year, listings, words) for year, listings in years.items() if year)]


def _year(year: str, listings: Iterable[Listing], words: Words) -> Overview:
    return Overview(
        folder=f"luu-tru/{year}/",
        title=words.say("Year {year}", year=year),
        intro=words.say("All notices by the month in which they were published."),
        groups=(("", tuple(listings)),),
        empty="",
    )


def _undated(words: Words) -> str:
    return words.say("date not known").capitalize()


def _standing(cards: Iterable[Card]) -> tuple[Card, ...]:
    return tuple(card for card in cards if card.gone is None)


def _by_tag(cards: Iterable[Card], kind: str, folder: Callable[[str], str]) -> dict[str, list[Card]]:
    """Code → its notices; codes that only differ in what an address cannot hold share the list of the first."""
    found: dict[str, list[Card]] = {}
    first: dict[str, str] = {}
    for card in cards:
        codes = dict.fromkeys(tag.code for tag in card.dossier.tags if tag.kind == kind)
        if kind == "market" and card.notice.kind == "notification":
            codes |= dict.fromkeys(card.notice.members)
        for code in dict.fromkeys(first.setdefault(folder(code), code) for code in codes):
            found.setdefault(code, []).append(card)
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
