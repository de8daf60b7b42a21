"""What new spiders are made from: imports, a line of three dashes, and the class.

Names in braces are filled in, with an underscore behind as a quoted text; HEAD is the part that all have. What a
program cannot know is left empty: ``tbt-watch sources check`` names it until a person has filled it in.
"""

HEAD = """\
    name = {name_}
    title = {title_}
    publisher = ""
    country = {country_}
    language = {language_}
    home = {home_}
    frequency = "daily"
    expects = (1, 200)
    hosts = {hosts}

    address = {address_}
"""

FEED = '''\
"""{title}: say here what it is, and how sure we are of it."""

from tbt_watch.source.feed import FeedSource


---
class {class_name}(FeedSource):
    """Say what is odd about its entries."""

    HEAD
'''

JSON_PAGED = '''\
"""{title}: say here what it is, and how sure we are of it."""

from collections.abc import Mapping
from typing import Any

from tbt_watch.source.paged import JsonPagedSource


---
class {class_name}(JsonPagedSource):
    """Say what is odd about its records."""

    HEAD
    page_size = {page_size}
    items_key = {items_key_}
    total_key = {total_key_}
    id_key = {id_key_}

    def query(self, page: int) -> Mapping[str, str | int]:
        """Look which parameters the site obeys, and ask for the newest first."""
        return {{{query}"page": page}}

    def url_of(self, record: Mapping[str, Any]) -> str:
        """Say here where a person finds that record."""
        return f"{{self.home}}#{{record[self.id_key]}}"
'''

JSON_RECORDS = '''\
"""{title}: say here what it is, and how sure we are of it."""

from collections.abc import Iterator

from scrapy.http import Response

from tbt_watch.source.base import RawItem, Source
from tbt_watch.source.paged import read_json


---
class {class_name}(Source):
    """Say what is odd about its records."""

    HEAD
    accept = "application/json"

    def read(self, response: Response) -> Iterator[RawItem]:
        """One item a record, under what names it for ever."""
        for record in read_json(response, ({first_},)){path}:
            yield RawItem(source=self.name, key=str(record[{id_key_}]), body=record, url=self.home)
'''

JSON_LIST = '''\
"""{title}: say here what it is, and how sure we are of it."""

from collections.abc import Iterator

from scrapy.http import Response

from tbt_watch.source.base import RawItem, Source
from tbt_watch.source.paged import read_json_list


---
class {class_name}(Source):
    """Say what is odd about its records."""

    HEAD
    accept = "application/json"

    def read(self, response: Response) -> Iterator[RawItem]:
        """One item a record, under what names it for ever."""
        for record in read_json_list(response):
            yield RawItem(source=self.name, key=str(record[{id_key_}]), body=record, url=self.home)
'''

WORKBOOK = '''\
"""{title}: say here what it is, and how sure we are of it."""

from tbt_watch.source.sheet import WorkbookSource


---
class {class_name}(WorkbookSource):
    """Say what is odd about its rows."""

    HEAD
    needs = ({symbol_}, {member_})
    symbol_column = {symbol_}
    member_column = {member_}
    largest = 50 << 20
    patience = 600
'''

HTML = '''\
"""{title}: say here what it is, and how sure we are of it."""

from collections.abc import Iterator

from scrapy.http import Response

from tbt_watch.source.base import RawItem, Source


---
class {class_name}(Source):
    """Say what is odd about its pages."""

    HEAD

    def read(self, response: Response) -> Iterator[RawItem]:
        """Every link with a text: say which of them are documents, and read what stands beside them."""
        for link in response.css("a[href]"):
            url = response.urljoin(link.attrib["href"])
            text = " ".join("".join(link.css("::text").getall()).split())
            if text and url.startswith("http"):
                yield RawItem(source=self.name, key=url.partition("#")[0], body={{"title": text}}, url=url)
'''
