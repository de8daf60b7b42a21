"""VietQ (Chất lượng Việt Nam), the press of the standards authority: its feed of news."""

from tbt_watch.source.news import NewsFeedSource


class Vietq(NewsFeedSource):
    """The newest articles on standards, quality and technical barriers."""

    name = "vietq"
    title = "VietQ: tin mới"
    publisher = "Chất lượng Việt Nam (VietQ)"
    country = "VN"
    language = "vi"
    home = "https://vietq.vn/"
    frequency = "hourly"
    expects = (5, 200)
    hosts = ("vietq.vn", "www.vietq.vn")

    address = "https://vietq.vn/rss/home.rss"
