"""Pages of people: facts in labelled rows, and running text."""

from collections.abc import Collection, Iterator

from lxml import etree
from parsel import Selector
from scrapy.http import Response, TextResponse

from tbt_watch.domain.text import nfc
from tbt_watch.errors import SourceError


def labelled_rows(
    response: Response, *, row: str, label: str, value: str, needs: Collection[str] = ()
) -> list[tuple[str, str]]:
    """What each ``row`` of a page says, as (label, text) in the page's order; the selectors are CSS.

    Texts are word for word without outer blanks; several values in one row stand on lines of their own.
    Raises SourceError when the answer is no page, or a label of ``needs`` is missing.
    """
    if not isinstance(response, TextResponse):
        raise SourceError(
            f"{response.url} answered no page of text: open the address to see what the site says."
        )
    found: list[tuple[str, str]] = []
    for one in response.css(row):
        name = "".join(one.css(f"{label} ::text").getall()).strip().rstrip(":").rstrip()
        cells = ["".join(cell.css("::text").getall()).strip() for cell in one.css(value)]
        if name and cells:
            found.append((name, "\n".join(cell for cell in cells if cell)))
    names = [nfc(name) for name, _ in found]
    missing = [name for name in needs if name not in names]
    if missing:
        raise SourceError(
            f"{response.url} does not state {', '.join(missing)} (it states {', '.join(names) or 'nothing'}): "
            "the page has changed, and the spider must be brought up to date."
        )
    return found


_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p "
    "pre section table td th tr ul".split()
)
_UNSEEN = frozenset("script style noscript template iframe svg form button".split())


def page_text(part: Selector) -> list[str]:
    """What a person reads in that part of a page, a line a block, blanks collapsed; items of a numbered list keep
    their number, scripts and forms are left out."""
    text = "".join(_pieces(part.root))
    return [line for piece in text.split("\n") if (line := " ".join(piece.split()))]


def _pieces(element: etree._Element) -> Iterator[str]:
    """Text and line ends in order, without recursion: pages may be nested as deep as they like."""
    skipped: etree._Element | None = None
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        name = one.tag if isinstance(one.tag, str) else ""
        if skipped is None and event == "start":
            if name in _UNSEEN:
                skipped = one
            else:
                yield "\n" if name in _BLOCKS else ""
                yield _number(one, name)
                yield (one.text or "").replace("\n", " ")
        elif event != "start":
            if one is skipped:
                skipped = None
            if skipped is None:
                yield "\n" if name in _BLOCKS else ""
                yield (one.tail or "").replace("\n", " ") if one is not element else ""


def _number(item: etree._Element, name: str) -> str:
    parent = item.getparent()
    if name != "li" or parent is None or parent.tag != "ol":
        return ""
    return f"{1 + sum(1 for _ in item.itersiblings('li', preceding=True))}. "
