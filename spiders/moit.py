"""The legal documents on the site of the Ministry of Industry and Trade."""

from tbt_watch.source.windowed import TableSource


class Moit(TableSource):
    """Number, title and day stand in the table; the pages behind it are not needed."""

    name = "moit"
    title = "Bộ Công Thương: văn bản pháp luật"
    publisher = "Bộ Công Thương"
    country = "VN"
    language = "vi"
    home = "https://moit.gov.vn/van-ban-phap-luat/van-ban-phap-quy"
    frequency = "daily"
    expects = (1, 600)
    window_days = 60
    hosts = ("moit.gov.vn",)

    address = "https://moit.gov.vn/van-ban-phap-luat/van-ban-phap-quy"
    listings = (
        "https://moit.gov.vn/van-ban-phap-luat/van-ban-dieu-hanh",
        "https://moit.gov.vn/van-ban-phap-luat/van-ban-hop-nhat",
    )
    columns = ("", "title", "number", "issued")
    dated = "issued"
