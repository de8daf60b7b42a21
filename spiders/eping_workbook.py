"""ePing's bulk workbook: every TBT and SPS notification since 1995, made anew every night."""

from tbt_watch.source.sheet import WorkbookSource


class EpingWorkbook(WorkbookSource):
    """The workbook at its address, or an export of search results given as a file."""

    name = "eping_workbook"
    title = "ePing: all notifications, as a workbook"
    publisher = "World Trade Organization"
    country = "WTO"
    language = "en"
    home = "https://data.wto.org/en/dataset/ext_eping"
    frequency = "daily"
    expects = (90_000, 250_000)
    hosts = ("eping.wto.org", "epingalert.org", "www.epingalert.org")

    address = "https://eping.wto.org/NotificationExcelFiles/Notification_EN.xlsx"
    needs = ("document symbol", "notifying member")
    symbol_column = "document symbol"
    member_column = "notifying member"
    largest = 300 << 20
    patience = 1800
