"""The feed of new documents of the Ministry of Construction."""

from tbt_watch.source.feed import FeedSource


class Moc(FeedSource):
    """Titles and links; what else a document says is known once another source has it. The site has no HTTPS."""

    name = "moc"
    title = "Bộ Xây dựng: giới thiệu văn bản mới"
    publisher = "Bộ Xây dựng"
    country = "VN"
    language = "vi"
    home = "http://moc.gov.vn/"
    frequency = "daily"
    expects = (1, 200)
    hosts = ("moc.gov.vn",)

    address = "http://moc.gov.vn/rss/1196/gioi-thieu-van-ban-moi.rss"
