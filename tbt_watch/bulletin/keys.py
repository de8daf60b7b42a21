"""Keys: what a file of the site was made from, in a few characters. Same key, same bytes: then it is not made again."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.outfit import Desk

_OURS = ("tbt_watch.bulletin", "tbt_watch.domain", "tbt_watch.language")
_CODE = (".py", ".html", ".xml", ".css", ".js")


def digest(*parts: object) -> str:
    """The parts, which must print all that they say, in 32 characters."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Keys:
    """``shared``: what every page depends on; ``of``: what each notice says, by the path of its page."""

    shared: str
    of: Mapping[str, str] = field(default_factory=dict)

    def key(self, kind: str, cards: Iterable[Card] = (), *more: object) -> str:
        """The key of a file of that kind that shows these notices, and ``more`` besides."""
        return digest(self.shared, kind, [self.of[card.path] for card in cards], more)


def keys_of(cards: Iterable[Card], desk: Desk) -> Keys:
    """The keys of a build. The day is part of all: tomorrow every page is made again, and keeps its file where nothing
    on it counts days."""
    words = desk.words
    shared = digest(
        _program(), _tables(words.language.catalogs[words.lang].path.parent), words.lang, words.today.isoformat(),
        words.labels, desk.office, sorted(desk.sources.items()), desk.base_url,
        sorted(desk.deadlines.lead_days.items()), sorted(desk.deadlines.days_off),
        desk.news, desk.editions, desk.data, desk.bot,
    )  # fmt: skip
    return Keys(shared, {card.path: digest(card.path, card.dossier, card.gone) for card in cards})


@cache  # once: files that an upgrade brings while we run are not what we run
def _program() -> str:
    found = hashlib.sha256()
    for package in _OURS:
        for name, body in _walk(files(package), package):
            found.update(f"{name}\0{len(body)}\0".encode() + body)
    found.update((files("tbt_watch") / "kit.py").read_bytes())
    return found.hexdigest()


def _walk(folder: Traversable, path: str) -> Iterable[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _walk(item, f"{path}/{item.name}")
        elif item.name.endswith(_CODE):
            yield f"{path}/{item.name}", item.read_bytes()


@cache
def _tables(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
