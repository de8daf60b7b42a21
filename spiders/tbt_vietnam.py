"""The national TBT office (Văn phòng TBT Việt Nam): its alerts, and what else it publishes."""

from tbt_watch.source.articles import ArticleSource


class TbtVietnam(ArticleSource):
    """Most articles are one notification told in Vietnamese, with its symbol at the end."""

    name = "tbt_vietnam"
    title = "Văn phòng TBT Việt Nam: tin cảnh báo"
    publisher = "Văn phòng TBT Việt Nam"
    country = "VN"
    language = "vi"
    home = "https://tbt.gov.vn/"
    frequency = "daily"
    expects = (1, 150)
    window_days = 45
    hosts = ("tbt.gov.vn", "www.tbt.gov.vn")

    address = "https://tbt.gov.vn/"
    bodies = (".entry-content", ".post-content", ".single-content", "article", "main", "#content")
