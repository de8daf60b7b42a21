"""The legal documents on the site of the Ministry of Science and Technology."""

from tbt_watch.source.windowed import TableSource


class Mst(TableSource):
    """Number, issuer, kind, title and day stand in the table; the title is glued to the words of an empty link."""

    name = "mst"
    title = "Bộ Khoa học và Công nghệ: văn bản pháp luật"
    publisher = "Bộ Khoa học và Công nghệ"
    country = "VN"
    language = "vi"
    home = "https://mst.gov.vn/van-ban-phap-luat.htm"
    frequency = "daily"
    expects = (1, 600)
    window_days = 60
    hosts = ("mst.gov.vn",)

    address = "https://mst.gov.vn/van-ban-phap-luat.htm"
    columns = ("number", "issuer", "type", "", "title", "issued")
    dated = "issued"
