"""The notifications themselves, as the WTO's Documents Online has them: forms in Word."""

from types import MappingProxyType

from tbt_watch.source.documents import DocumentSource


class WtoDocuments(DocumentSource):
    """The documents of notifications that are known and whose document was not read yet, or files of them."""

    name = "wto_documents"
    title = "WTO Documents Online: the documents of new notifications"
    publisher = "World Trade Organization"
    country = "WTO"
    language = "en"
    home = "https://docs.wto.org/"
    frequency = "daily"
    expects = (1, 500)
    hosts = ("docs.wto.org", "docsonline.wto.org")
    advice = MappingProxyType(
        {
            "robots": "The site asks robots to leave its documents alone: open the notification in a browser, save the "
            "Word file, and read it with tbt-watch collect wto_documents --file PATH.",
            "refused": "Open the notification in a browser, save the Word file, and read it with tbt-watch collect "
            "wto_documents --file PATH; what ePing says of it is not touched.",
        }
    )

    address = "https://docs.wto.org/imrd/directdoc.asp"
