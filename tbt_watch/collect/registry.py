"""The sources there are. Scrapy finds them by name; nobody imports a spider.

Scrapy takes half a second to load, so it is loaded where a source is looked into, not where one is only named.
"""

import ast
import inspect
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit

from tbt_watch.errors import NotFoundError, SourceError

if TYPE_CHECKING:
    from tbt_watch.source.base import Source

_MODULE = "spiders"
_LONGEST = 120
_TEXTS = ("title", "publisher", "country", "language", "home", "address")


def names() -> list[str]:
    """The names of all sources, sorted: a spider's file is called as it is."""
    spec = find_spec(_MODULE)
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in Path(folder).glob("*.py")]
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def sources() -> "list[type[Source]]":
    """All sources, by name. Raises SourceError when a spider is no Source."""
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
    return [spider for spider in found if issubclass(spider, Source)]


def find_source(name: str) -> "type[Source]":
    """The source of that name. Raises NotFoundError, which names those there are."""
    known = {source.name: source for source in sources()}
    if name not in known:
        raise NotFoundError(f"There is no source {name!r}; there are: {', '.join(known)}.")
    return known[name]


def check_sources() -> list[str]:
    """What is wrong with the sources as they are declared, a sentence each; empty when all is well."""
    return [f"{source.name}: {problem}" for source in sources() for problem in problems_of(source)]


def problems_of(source: "type[Source]") -> list[str]:
    """What is wrong with one source's declaration and file."""
    from tbt_watch.source.base import Frequency

    missing = [name for name in (*_TEXTS, "frequency", "expects", "hosts") if not getattr(source, name, None)]
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
    if not source.home.startswith(("https://", "http://")):
        found.append("home must be the address of a page that a person can open.")
    if urlsplit(source.address).hostname not in source.hosts:
        found.append("the host of address must be among hosts.")
    return found + _problems_of_file(source)


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
