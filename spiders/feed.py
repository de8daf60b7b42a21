"""Any RSS or Atom feed that an office declares in its configuration, or hands over as a file."""

from tbt_watch.source.news import NewsFeedSource


class Feed(NewsFeedSource):
    """How a declared feed is read. Name, title, address, language and home are the office's; under the name ``feed``
    itself only files are read."""

    name = "feed"
    title = "RSS, Atom: [[sources.feeds]], --file"
    publisher = "RSS, Atom"
    country = "VN"
    language = "vi"
    home = ""
    frequency = "hourly"
    expects = (1, 1_000)
    hosts = ()

    address = ""
    by_config = True
