"""A new source in a checkout: its spider from a template, the page it was shown, and with that a test that fails.

The test is the folder ``tests/spiders/NAME/``: the runner of all spiders writes down what the spider makes of the page,
and stays red until a person has read that and said so.
"""

import html
import io
import json
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import tbt_watch
from tbt_watch.collect.glimpse import Page
from tbt_watch.collect.templates import FEED, HEAD, HTML, JSON_LIST, JSON_PAGED, JSON_RECORDS, WORKBOOK
from tbt_watch.errors import SourceError, UsageError

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(r"(?i)total|count")
_IDS = ("id", "ID", "Id", "uuid", "code", "number", "url", "link")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What a page is: the template that reads it, what that is filled with, and how its file is called."""

    template: str
    suffix: str
    facts: Mapping[str, object]


def checkout() -> Path:
    """The folder of the checkout that this program runs from. Raises UsageError for an installed wheel."""
    root = Path(tbt_watch.__file__).resolve().parent.parent
    if not ((root / "spiders").is_dir() and (root / "tests" / "spiders").is_dir()):
        raise UsageError(
            "New sources are written in a checkout of the project, and this is an installed copy: clone the "
            "repository, run make venv-dev there, and give the command in that folder."
        )
    return root


def check_name(root: Path, name: str) -> None:
    """Whether a source may be called so. Raises UsageError."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} is no name for a source: take small letters, digits and underscores, as in moit_news."
        )
    for place in (root / "spiders" / f"{name}.py", root / "tests" / "spiders" / name):
        if place.exists():
            raise UsageError(
                f"There is a source {name} already ({place.relative_to(root)}): choose another name."
            )


def add_source(root: Path, name: str, url: str, page: Page) -> list[Path]:
    """Write the spider and save the page; the files that were written, the spider first.

    Raises UsageError for a name that is taken or none, and SourceError for a page that no template reads.
    """
    check_name(root, name)
    shape = shape_of(page)
    text = _spider(name, url, page, shape)
    spider = root / "spiders" / f"{name}.py"
    saved = root / "tests" / "spiders" / name / f"page{shape.suffix}"
    try:
        saved.parent.mkdir(parents=True)
        saved.write_bytes(page.body)
        spider.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{error.filename} could not be written ({error.strerror}): check the folder."
        ) from error
    return [spider, saved]


def shape_of(page: Page) -> Shape:
    """What the page is, by its content: servers often state the wrong type. Raises SourceError."""
    start = page.body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"pk\x03\x04"):
        return _workbook(page)
    if start.startswith((b"{", b"[")):
        return _json(page)
    if re.search(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", start) and not start.startswith(b"<!doctype html"):
        return Shape(template=FEED, suffix=".rss", facts={})
    if b"<" in start and (b"html" in start or b"<body" in start or b"<div" in start):
        return Shape(template=HTML, suffix=".html", facts={})
    raise SourceError(
        f"{page.url} answered {len(page.body):,} bytes that are no feed, no JSON, no workbook and no HTML page: open "
        "the address, or save the right page and name it with --file."
    )


def _workbook(page: Page) -> Shape:
    from tbt_watch.source.workbook import read_workbook

    first = next(read_workbook(io.BytesIO(page.body), page.url, ()), None)
    columns = list(first.cells) if first else []
    if len(columns) < 2:
        raise SourceError(
            f"{page.url} is a workbook without two columns and a row: nothing can be read of it."
        )
    symbol = next((one for one in columns if "symbol" in one), columns[0])
    member = next((one for one in columns if "member" in one and one != symbol), columns[1])
    return Shape(template=WORKBOOK, suffix=".xlsx", facts={"symbol": symbol, "member": member})


def _json(page: Page) -> Shape:
    try:
        value = json.loads(page.body)
    except ValueError as error:
        raise SourceError(
            f"{page.url} begins as JSON does, but is none ({error}): fetch it again."
        ) from error
    if isinstance(value, list):
        return Shape(template=JSON_LIST, suffix=".json", facts={"id_key": _id_of(value)})
    path = _records(value)
    if path is None:
        raise SourceError(
            f"{page.url} answered JSON without a list of records: name an address that lists them."
        )
    records = value
    for part in path:
        records = records[part]
    facts: dict[str, object] = {"id_key": _id_of(records), "page_size": len(records), "items_key": path[-1]}
    total = next((name for name, one in value.items() if _TOTAL.search(name) and type(one) is int), None)
    if len(path) == 1 and total is not None:
        return Shape(template=JSON_PAGED, suffix=".json", facts=facts | {"total_key": total})
    rest = "".join(f"[{json.dumps(part, ensure_ascii=False)}]" for part in path)
    return Shape(template=JSON_RECORDS, suffix=".json", facts=facts | {"first": path[0], "path": rest})


def _records(value: Mapping[str, Any], depth: int = 3) -> tuple[str, ...] | None:
    """The way to the first list of objects."""
    for name, one in value.items():
        if isinstance(one, list) and one and all(isinstance(record, dict) for record in one):
            return (name,)
    for name, one in value.items():
        if isinstance(one, dict) and depth and (rest := _records(one, depth - 1)):
            return (name, *rest)
    return None


def _id_of(records: list[dict[str, Any]]) -> str:
    first = records[0] if records and isinstance(records[0], dict) else {}
    return next((name for name in _IDS if name in first), next(iter(first), "id"))


def _spider(name: str, url: str, page: Page, shape: Shape) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    paged = shape.template is JSON_PAGED
    query = [pair for pair in parse_qsl(parts.query) if pair[0].lower() not in ("page", "pageindex")]
    facts: dict[str, object] = {
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "name": name,
        "title": _title(page) or host,
        "country": "VN" if host.endswith(".vn") else "",
        "language": "vi" if host.endswith(".vn") else "en",
        "home": f"{parts.scheme}://{parts.netloc}/",
        "hosts": _tuple(dict.fromkeys((host, urlsplit(page.url).hostname or host))),
        "address": parts._replace(query="", fragment="").geturl() if paged else url,
        "query": "".join(f"{_quoted(key)}: {_quoted(value)}, " for key, value in query),
        **shape.facts,
    }
    fill = facts | {f"{key}_": _quoted(value) for key, value in facts.items()}
    fill["title"] = str(facts["title"]).replace("\\", "").replace('"', "'")  # it stands in a docstring
    imports, body = shape.template.split("\n---\n", 1)
    return imports.format(**fill) + "\n" + body.format(**fill).replace("    HEAD\n", HEAD.format(**fill))


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tuple(texts: Iterable[str]) -> str:
    listed = [_quoted(text) for text in texts]
    return f"({', '.join(listed)}{',' if len(listed) == 1 else ''})"


def _title(page: Page) -> str:
    found = _TITLE.search(page.body[:50_000])
    text = found[1].decode("utf-8", "replace") if found else ""
    text = re.sub(r"<!\[CDATA\[|\]\]>", "", text)
    return " ".join(html.unescape(text).split())[:80]
