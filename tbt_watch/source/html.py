"""Pages that state facts as labelled rows."""

from collections.abc import Collection

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
