"""The catalogue of Vietnamese standards: one page a number, asked for by number."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

from scrapy.http import Request, Response, TextResponse

from tbt_watch.domain.legal import find_numbers
from tbt_watch.errors import SourceError, UsageError
from tbt_watch.source.base import JSON, RawItem, Source, Unchanged
from tbt_watch.source.html import page_text

VIEW = "https://tieuchuan.vsqi.gov.vn/tieuchuan/view?sohieu="


class Tcvn(Source):
    """The catalogue lists nothing that could be followed: numbers are handed in, or named by documents we have."""

    name = "tcvn"
    title = "Danh mục tiêu chuẩn quốc gia (TCVN)"
    publisher = "Viện Tiêu chuẩn Chất lượng Việt Nam"
    country = "VN"
    language = "vi"
    home = "https://tieuchuan.vsqi.gov.vn/"
    frequency = "weekly"
    expects = (1, 500)
    hosts = ("tieuchuan.vsqi.gov.vn",)
    asks_for = ("TCVN", "QCVN")

    address = "https://tieuchuan.vsqi.gov.vn/tieuchuan/view"

    def first(self) -> Iterator[Request | Unchanged]:
        """The page of every number that is wanted."""
        numbers = [number for text in self.addresses for number in find_numbers(text)]
        wanted = dict.fromkeys(number.text for number in numbers if number.family in self.asks_for)
        for number in wanted:
            yield self.ask(VIEW + quote_plus(number), self.read, number=number)
        if not wanted:
            yield Unchanged(url=self.address)

    def read(self, response: Response, number: str = "") -> Iterator[RawItem]:
        """The page as lines of text: its labels stand in two languages, in no structure that is known."""
        lines = page_text(response.selector) if isinstance(response, TextResponse) else []
        if not lines:
            raise SourceError(f"{response.url} answered no page of text: open the address to see.")
        body: dict[str, JSON] = {"number": number, "lines": list(lines)}
        yield RawItem(source=self.name, key=number, body=body, url=response.url)

    @classmethod
    def wanted_in(cls, path: Path) -> tuple[str, ...]:
        """The lines of a file of numbers. Raises UsageError when it names none, or cannot be opened."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path} could not be read ({error}): give a text file with a number a line."
            ) from error
        if not any(number.family in cls.asks_for for line in lines for number in find_numbers(line)):
            raise UsageError(
                f"{path} names no standard: give a text file with a number a line, TCVN 11892-1:2026."
            )
        return tuple(lines)
