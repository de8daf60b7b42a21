"""The pages beside the lists: search, following the news, statistics, open data, and how translation works."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.follow import ROOM_OF_FEEDS
from tbt_watch.bulletin.lists import Listing
from tbt_watch.bulletin.opendata import ROOM as ROOM_OF_DATA
from tbt_watch.bulletin.opendata import OpenData, years
from tbt_watch.bulletin.search import ROOM as ROOM_OF_SEARCH
from tbt_watch.bulletin.statistics import tables
from tbt_watch.bulletin.words import ORIGINS, Words

_COUNTED = ("headline", "opening", "title", "summary", "products")
_NOT_TRANSLATED = "original text, not translated"

Room = tuple[str, str, dict[str, object]]
"""Folder, template, values."""


def rooms(
    cards: Sequence[Card],
    groups: Sequence[tuple[str, Sequence[Listing]]],
    paths: Collection[str],
    data: OpenData | None,
    words: Words,
) -> Iterator[Room]:
    """These pages. ``groups``: the lists that can be followed, by heading; ``paths``: all lists that there are."""
    yield ROOM_OF_SEARCH, "search.html", {"texts": _search_texts(words)}
    yield ROOM_OF_FEEDS, "follow.html", {"groups": groups}
    yield "thong-ke/", "statistics.html", {"tables": tables(cards, words), "paths": paths}
    yield "dich-thuat/", "translation.html", {"origins": _origins(cards, words)}
    if data is not None:
        yield ROOM_OF_DATA, "data.html", {"years": years(cards), "fields": data.fields}


def _search_texts(words: Words) -> dict[str, str]:
    """What the script says, ``{n}`` for a number."""
    one, many = (
        words.say_n("{n} day left for comments", "{n} days left for comments", n).replace(str(n), "{n}")
        for n in (1, 2)
    )
    return {
        "one": one,
        "many": many,
        "last": words.say("Last day for comments"),
        "closed": words.say("Closed for comments"),
        "count": words.say("Found: {n}.", n="{n}"),
        "more": words.say("The first {n} are shown; another word narrows it down.", n="{n}"),
        "none": words.say("Nothing was found. Try a shorter word, or choose a list below."),
        "failed": words.say("The index could not be read. Check the connection, or choose a list below."),
    }


def _origins(cards: Iterable[Card], words: Words) -> list[tuple[str, str]]:
    """How many of the shown texts come from where."""
    found: Counter[str] = Counter()
    for card in cards:
        if card.notice.language == words.lang:
            continue
        for name in _COUNTED:
            shown = card.dossier.translation(name, words.lang)
            if shown:
                found[ORIGINS[shown.kind]] += 1
            elif getattr(card.notice, name, ""):
                found[_NOT_TRANSLATED] += 1
    return [(words.say(message), str(found[message])) for message in (*ORIGINS.values(), _NOT_TRANSLATED)]
