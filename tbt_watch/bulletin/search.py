"""The search index: what a browser needs to find a notice, in small files that it fetches as it needs them.

The files are scripts that hand over their content, for a page that is read from a disk may load scripts and nothing
else. Words are folded as ``fold`` does; the script on the page does the same. A word's file is named after its first
letters; a file that grows too large is parted by one more letter.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tbt_watch.bulletin.addresses import INDEX
from tbt_watch.bulletin.card import Card, shorten
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.render import inert
from tbt_watch.domain.text import fold

ROOM = "tim-kiem/"
LARGEST = 32_000
"""Characters of a file of words."""

TOGETHER = 64
"""Notices in a file of notices."""

_SHORTEST, _LONGEST = 2, 5
_WORD = re.compile(r"[^\W_]+")
_OTHER = re.compile(r"[^a-z0-9]")
_WEAK_LENGTH = 400
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Postings = Mapping[str, Sequence[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What is indexed of a notice: words that say what it is, pairs of such words as they follow each other, and words
    that only occur in it."""

    strong: frozenset[str]
    weak: frozenset[str]


def search_files(cards: Iterable[Card], desk: Desk) -> Iterator[tuple[str, bytes]]:
    """The files of the index. Same notices, same bytes; a new notice leaves the files of words that it lacks alone."""
    numbered = _numbered(cards)
    postings: dict[str, list[int]] = defaultdict(list)
    for number, card in numbered:
        found = words_of(card, desk)
        for word in found.strong:
            postings[word].append(number * 2 + 1)
        for word in found.weak:
            postings[word].append(number * 2)
    shards = dict(_shards(postings))
    for name, words in shards.items():
        listed = {word: _packed(postings[word]) for word in sorted(words)}
        yield f"{ROOM}w/{name}.js", _script("tbtWords", listed)
    yield f"{ROOM}names.js", _script("tbtNames", sorted(shards))
    yield from _notices(numbered)


def _numbered(cards: Iterable[Card]) -> list[tuple[int, Card]]:
    """The notices with the numbers that the store gave them, for these never change."""
    found: list[tuple[int, Card]] = []
    last = 0
    for card in sorted(cards, key=lambda card: (card.dossier.id, card.notice.key)):
        last = max(last + 1, card.dossier.id)
        found.append((last, card))
    return found


def words_of(card: Card, desk: Desk) -> Found:
    """What a notice can be found by: its symbols, headline, products, sectors, markets, codes and their wording."""
    words, dossier, notice = desk.words, card.dossier, card.notice
    texts = [card.headline, dossier.text("products", words.lang), *notice.symbols, card.who, notice.key]
    texts += [words.tag(tag) for tag in dossier.tags]
    texts += [words.code(kind, code) for kind, codes in _codes(card) for code in codes]
    texts += [" ".join(codes) for _, codes in _codes(card)]
    strong: set[str] = set()
    for text in texts:
        parts = _WORD.findall(fold(text))
        strong.update(parts)
        strong.update(f"{one} {other}" for one, other in pairwise(parts))
    loose = " ".join((notice.title, shorten(dossier.text("summary", words.lang), _WEAK_LENGTH)))
    weak = {word for word in _WORD.findall(fold(loose)) if len(word) > 1}
    return Found(strong=frozenset(strong), weak=frozenset(weak - strong))


def _codes(card: Card) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("hs", card.notice.hs_codes), ("ics", card.notice.ics_codes))


def _packed(numbers: Sequence[int]) -> str:
    """The numbers, which grow, as steps from one to the next."""
    return ",".join(_base36(new - old) for old, new in pairwise((0, *numbers)))


@cache  # steps are short, and the same ones come a hundred times
def _base36(number: int) -> str:
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text


def _shards(postings: Postings) -> Iterator[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for word in postings:
        groups[name_of(word)[:_SHORTEST]].append(word)
    for name in sorted(groups):
        yield from _parted(name, groups[name], postings)


def _parted(name: str, words: list[str], postings: Postings) -> Iterator[tuple[str, list[str]]]:
    size = sum(len(word) + 6 + 3 * len(postings[word]) for word in words)
    if size <= LARGEST or len(name) >= _LONGEST:
        yield name, words
        return
    groups: dict[str, list[str]] = defaultdict(list)
    for word in words:
        groups[name_of(word)[: len(name) + 1]].append(word)
    for longer in sorted(groups):
        if longer == name:
            yield name, groups[longer]
        else:
            yield from _parted(longer, groups[longer], postings)


def name_of(word: str) -> str:
    """A word as a part of a file's name; a pair of words is parted by a low line."""
    return _OTHER.sub("_", word)


def _notices(numbered: Sequence[tuple[int, Card]]) -> Iterator[tuple[str, bytes]]:
    groups: dict[int, list[list[object]]] = defaultdict(list)
    for number, card in numbered:
        groups[number // TOGETHER].append([number, *_record(card)])
    for group, records in groups.items():
        yield f"{ROOM}n/{group}.js", _script("tbtNotices", records)


def _record(card: Card) -> list[object]:
    """Path, headline, who and symbol, day of notification, state; while comments are taken, the last day for them."""
    counted = card.standing in {"open", "closing"}
    until = card.notice.comment_until
    line = " · ".join(filter(None, (card.who, card.type, card.symbol, card.published)))
    state = "" if counted else card.state
    day = until.isoformat() if counted and until else ""
    return [card.path.removesuffix(INDEX), inert(card.headline), inert(line), card.standing, state, day]


def _script(function: str, value: object) -> bytes:
    made = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # What ends a line in a script and none in JSON; half characters cannot be written.
    made = made.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"{function}({made})\n".encode("utf-8", "replace")
