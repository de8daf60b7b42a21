"""What a source declares and yields, and the strict readers of what sources answer: the only room of a spider.

``Source`` and its bases ``WorkbookSource``, ``JsonPagedSource`` and ``FeedSource`` are what a spider takes;
``RawItem`` is what it yields. ``read_workbook``, ``read_json``, ``read_feed`` and ``labelled_rows`` read strictly.
"""

from tbt_watch.source.base import JSON, Batch, Downloaded, RawItem, Source, Unchanged, key_from_content
from tbt_watch.source.feed import FeedSource, read_feed
from tbt_watch.source.html import labelled_rows
from tbt_watch.source.paged import JsonPagedSource, read_json
from tbt_watch.source.sheet import WorkbookSource
from tbt_watch.source.workbook import (
    HS_ENTRY,
    ICS_ENTRY,
    WorkbookRow,
    header_name,
    read_workbook,
    split_coded,
)

__all__ = [
    "HS_ENTRY",
    "ICS_ENTRY",
    "JSON",
    "Batch",
    "Downloaded",
    "FeedSource",
    "JsonPagedSource",
    "RawItem",
    "Source",
    "Unchanged",
    "WorkbookRow",
    "WorkbookSource",
    "header_name",
    "key_from_content",
    "labelled_rows",
    "read_feed",
    "read_json",
    "read_workbook",
    "split_coded",
]
