"""The sources there are. Scrapy finds them by name; nobody imports a spider.

Scrapy takes half a second to load, so it is loaded where a source is looked into, not where one is only named.
"""

import ast
import inspect
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit

from tbt_watch.collect.options import DeclaredFeed
from tbt_watch.errors import NotFoundError, SourceError

if TYPE_CHECKING:
    from tbt_watch.source.base import Source

_MODULE = "spiders"
_LONGEST = 120
ANY_FEED = "feed"
"""The source that reads any feed: under its own name only files, otherwise what offices declare."""

_TEXTS = ("title", "publisher", "country", "language", "home", "address")


def names(feeds: Sequence[DeclaredFeed] = ()) -> list[str]:
    """The names of all sources, sorted: a spider's file is called as it is, a declared feed by its own name."""
    spec = find_spec(_MODULE)
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in Path(folder).glob("*.py")]
    spiders = {file.stem for file in files if not file.stem.startswith("_")}
    return sorted(spiders | {feed.name for feed in feeds})


def sources(feeds: Sequence[DeclaredFeed] = ()) -> "list[type[Source]]":
    """All sources, by name, with the office's own ``feeds``. Raises SourceError when a spider is no Source."""
    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoader

    from tbt_watch.source.base import Source

    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": [_MODULE]}))
    found = [loader.load(name) for name in sorted(loader.list())]
    for spider in found:
        if not issubclass(spider, Source):
            raise SourceError(
                f"The spider {spider.name} is no Source: let it take one of the bases in tbt_watch.source."
            )
    spiders = [spider for spider in found if issubclass(spider, Source)]
    return sorted([*spiders, *(_made(feed, spiders) for feed in feeds)], key=lambda source: source.name)


def _made(feed: DeclaredFeed, spiders: "Sequence[type[Source]]") -> "type[Source]":
    """A source of its own: the spider that reads any feed, with what the office declared."""
    base = next(spider for spider in spiders if spider.name == ANY_FEED)
    hosts: dict[str, None] = {}
    for host in filter(None, (urlsplit(feed.address).hostname, urlsplit(feed.home).hostname)):
        hosts |= dict.fromkeys((host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"))
    said = {
        "name": feed.name,
        "title": feed.title,
        "publisher": feed.title,
        "address": feed.address,
        "language": feed.language,
        "home": feed.home,
        "hosts": tuple(hosts),
        "by_config": False,
        "of_office": True,
    }
    return type(base.__name__, (base,), said)


def find_source(name: str, feeds: Sequence[DeclaredFeed] = ()) -> "type[Source]":
    """The source of that name. Raises NotFoundError, which names those there are."""
    known = {source.name: source for source in sources(feeds)}
    if name not in known:
        raise NotFoundError(f"There is no source {name!r}; there are: {', '.join(known)}.")
    return known[name]


def check_sources(feeds: Sequence[DeclaredFeed] = ()) -> list[str]:
    """What is wrong with the sources as they are declared, a sentence each; empty when all is well."""
    return [f"{source.name}: {problem}" for source in sources(feeds) for problem in problems_of(source)]


def problems_of(source: "type[Source]") -> list[str]:
    """What is wrong with one source's declaration and file."""
    from tbt_watch.source.base import Frequency

    needed: tuple[str, ...] = ("title", "publisher", "frequency", "expects")
    if not by_config(source):
        needed = (*_TEXTS, "frequency", "expects", "hosts")
    missing = [name for name in needed if not getattr(source, name, None)]
    if missing:
        return [f"{', '.join(missing)} must be declared."]
    found = [f"{name} must be a text." for name in _TEXTS if not isinstance(getattr(source, name), str)]
    if source.frequency not in get_args(Frequency):
        found.append(f"frequency must be one of {', '.join(get_args(Frequency))}.")
    if not re.fullmatch(r"[A-Z]{2}|WTO", source.country):
        found.append("country must be two capital letters (ISO 3166), or WTO.")
    if not re.fullmatch(r"[a-z]{2}", source.language):
        found.append("language must be two small letters (ISO 639).")
    least, most = source.expects
    if not 0 < least <= most:
        found.append("expects must be (least, most) with at least 1 item.")
    if by_config(source):
        return found + _problems_of_file(source)
    if not source.home.startswith(("https://", "http://")):
        found.append("home must be the address of a page that a person can open.")
    if urlsplit(source.address).hostname not in source.hosts:
        found.append("the host of address must be among hosts.")
    return found if getattr(source, "of_office", False) else found + _problems_of_file(source)


def by_config(source: "type[Source]") -> bool:
    """Whether a spider only says how to read, and offices declare what: it has no address of its own."""
    return bool(getattr(source, "by_config", False))


def _problems_of_file(source: "type[Source]") -> list[str]:
    file = inspect.getsourcefile(source)
    if file is None:
        return ["its file was not found."]
    text = Path(file).read_text(encoding="utf-8")
    found = []
    if Path(file).stem != source.name:
        found.append(f"its file must be called {source.name}.py.")
    if (lines := len(text.splitlines())) > _LONGEST:
        found.append(f"its file has {lines} lines, more than {_LONGEST}.")
    if sum(isinstance(node, ast.ClassDef) for node in ast.walk(ast.parse(text))) != 1:
        found.append("its file must hold one class.")
    return found
