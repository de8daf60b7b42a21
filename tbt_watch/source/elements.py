"""XML read piece by piece: the elements of one name, each gone from memory when the next is asked for."""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from tbt_watch.errors import DamagedError, SourceError

_MAX_ELEMENT = 16 << 20


def elements(chunks: Iterator[bytes], tag: str, container: str, where: str) -> Iterator[etree._Element]:
    """Yield every element named ``tag`` (in any namespace) once it is complete. ``where`` names the XML.

    What follows the end of ``container`` is not parsed. Raises SourceError when the XML declares a document
    type (entities and outside files are not followed) or one element is larger than 16 MB, and
    DamagedError when it is not well-formed.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("{*}" + tag, "{*}" + container),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    since, seen = 0, False
    broken: str | None = None
    for chunk in chunks:
        broken = _feed(parser, chunk)
        for _, element in cast(Iterator[tuple[str, etree._Element]], parser.read_events()):
            if not seen:
                _refuse_doctype(element, where)
            since, seen = 0, True
            if element.tag.endswith(container):
                _drain(chunks)
                return
            yield element
            _drop(element)
        if broken is not None:
            raise DamagedError(f"{where} is no well-formed XML ({broken})")
        since += len(chunk)
        if since > _MAX_ELEMENT:
            raise SourceError(
                f"{where} holds {since >> 20} MB without a complete <{tag}>: it was not read further."
            )
    broken = _close(parser)
    if broken is not None:
        raise DamagedError(f"{where} is no well-formed XML ({broken})")


def _feed(parser: etree.XMLPullParser, chunk: bytes) -> str | None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        return error.msg or "unreadable"
    return None


def _close(parser: etree.XMLPullParser) -> str | None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        return error.msg or "unreadable"
    return None


def _drain(chunks: Iterator[bytes]) -> None:
    """Read on without parsing, so that the archive's checksum is still compared."""
    for _ in chunks:
        pass


def _refuse_doctype(element: etree._Element, where: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise SourceError(f"{where} declares a document type, which no workbook does: it was not read.")


def _drop(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
