"""Sources that are single documents, whose addresses others name: Word files are read, other files are kept."""

import base64
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from tbt_watch.domain.symbol import find_symbols
from tbt_watch.errors import DamagedError, SourceError
from tbt_watch.source.base import JSON, RawItem, Source, Unchanged, Yielded
from tbt_watch.source.word import head_of, read_word

KEPT_UP_TO = 8 << 20
"""Bytes of a file that cannot be read and is kept all the same; of a larger one only name and size are."""


class DocumentSource(Source):
    """Documents at the addresses that are handed in, or given as files. What a document is, its content says: sites
    answer pages where documents were due, and file names lie."""

    accept = "application/vnd.openxmlformats-officedocument.wordprocessingml.document, */*;q=0.5"

    def first(self) -> Iterator[Request | Unchanged]:
        """Each address at the declared hosts; without any there is nothing new."""
        ours = [one for one in dict.fromkeys(self.addresses) if urlsplit(one).hostname in self.hosts]
        if not ours:
            yield Unchanged(url=self.address)
        for address in ours:
            yield self.ask(address, self.read)

    def read(self, response: Response) -> Iterator[Yielded]:
        """The document of an answer."""
        yield self.item(response.body, _name(response.url), response.url)

    def read_file(self, path: Path) -> Iterator[RawItem]:
        """The document in a file."""
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{path} could not be opened ({error.strerror}): check the path.") from error
        yield self.item(body, path.name, self.home)

    def item(self, content: bytes, name: str, url: str) -> RawItem:
        """One document: ``format`` is what it is; a Word file's text as ``header`` and ``blocks``, a page's as
        ``text``, any other as ``content`` (Base64).

        Its key is the symbols that it states with its language, else its name. Raises SourceError for nothing at
        all, DamagedError for a file that is cut short.
        """
        kind = format_of(content)
        body: dict[str, JSON] = {"name": name, "format": kind}
        if kind == "nothing":
            raise SourceError(f"{name} is empty: get the document again.")
        key = name
        if kind == "docx":
            try:
                word = read_word(io.BytesIO(content), name)
            except DamagedError:
                raise
            except SourceError:  # another archive, or one that is not to be unpacked
                body |= {"format": "zip"} | _kept(content)
            else:
                body |= {"header": list(word.header), "blocks": [list(block) for block in word.blocks]}
                head = head_of(word.header, word.blocks)
                symbols = ", ".join(symbol.text for symbol in sorted(find_symbols(" ; ".join(head))))
                key = f"{symbols}|{language_of(head)}" if symbols else name
        elif kind == "html":
            body["text"] = content[:KEPT_UP_TO].decode("utf-8", "replace")
        else:
            body |= _kept(content)
        return RawItem(source=self.name, key=key, body=body, url=url)


def format_of(content: bytes) -> str:
    """What a file is by its first bytes: docx, pdf, doc (Word before 2007), rtf, html, nothing, or other. An archive
    may turn out to be another one than a Word file."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        return "nothing"
    for magic, kind in (
        (b"PK\x03\x04", "docx"),
        (b"%PDF", "pdf"),
        (b"\xd0\xcf\x11\xe0", "doc"),
        (b"{\\rtf", "rtf"),
    ):
        if start.startswith(magic):
            return kind
    return "html" if start.startswith(b"<") else "other"


def language_of(head: list[str]) -> str:
    """The language of a WTO document by the name of its committee; empty where no committee stands at its head."""
    for line in head:
        for words, language in (("Committee on ", "en"), ("Comité des ", "fr"), ("Comité de ", "es")):
            if line.startswith(words):
                return language
    return ""


def _kept(content: bytes) -> dict[str, JSON]:
    if len(content) > KEPT_UP_TO:
        return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"content": base64.b64encode(content).decode("ascii")}


def _name(url: str) -> str:
    """What the address of a document ends in, also where it stands behind a question mark: ``ARE703.docx``."""
    parts = urlsplit(url)
    return (parts.query or parts.path).replace("\\", "/").rpartition("/")[2] or url
