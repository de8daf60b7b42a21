"""A reading: what one raw record says, in our nouns, and what in it a person should look at."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import lxml.html
from lxml.etree import ParserError

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.text import collapse, lines
from tbt_watch.errors import ReadingError


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something odd that does not keep the notice back: becomes an issue of its own. ``about`` is its key."""

    kind: str
    about: str
    message: str
    todo: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One record as a notice of one source; ``doubt`` says why what the record says of itself is in doubt, empty when
    it is not (whether the days of the notice can be true is asked of the notice).

    ``joins``: the record only adds its official texts to the notice of its symbols, and makes none of its own; it
    waits at the door, without an issue, until that notice is there."""

    notice: Notice
    remarks: tuple[Remark, ...] = ()
    doubt: str = ""
    joins: bool = False


_TAG = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:[a-zA-Z]{2,8}|#\d+|#x[0-9a-fA-F]+);")
_BREAKS = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_DMY_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_LONG_DAY = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"<>]+?(?=[,;]?\s*https?://|[,;.]?\s|[,;.]?$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HS_CODE = re.compile(r"\d{2,12}")
_ICS_CODE = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?")


def plain(text: str) -> str:
    """Plain text of a field that may be HTML: blanks collapsed, paragraphs on lines of their own."""
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    if ("<" in text or "&" in text) and _TAG.search(text):
        try:
            text = "".join(
                map(str, lxml.html.fromstring(f"<div>{_BREAKS.sub(chr(10), text)}</div>").itertext())
            )
        except ParserError:
            text = ""
    return lines(text)


def one_line(text: str) -> str:
    """Plain text of a field without line breaks: a title."""
    return collapse(plain(text))


def read_day(text: str, what: str) -> date | None:
    """A day from ISO, ``dd/mm/yyyy`` (also with dashes or dots) or ``26 tháng 01 năm 2026``; None when empty.

    Raises ReadingError for anything else, and for days that no calendar has.
    """
    value = text.strip()
    if not value:
        return None
    parts: tuple[str, str, str] | None = None
    if match := _ISO_DAY.fullmatch(value):
        parts = (match[1], match[2], match[3])
    elif match := _DMY_DAY.fullmatch(value) or _LONG_DAY.fullmatch(value):
        parts = (match[3], match[2], match[1])
    try:
        if parts:
            found = date(int(parts[0]), int(parts[1]), int(parts[2]))
            if 1947 <= found.year <= 2200:
                return found
    except ValueError:
        pass
    raise ReadingError(
        f"The {what} {value[:40]!r} is not a day of any calendar.",
        kind="bad-date",
        todo="Look at the record at its source; when the source mends it, it comes in by itself.",
    )


def read_links(text: str) -> list[str]:
    """The web addresses in a field, in order, each once: joined by commas, line breaks, or amid prose."""
    return list(dict.fromkeys(match.group().rstrip(").") for match in _LINK.finditer(_CONTROL.sub("", text))))


def clean_codes(codes: Iterable[str], system: str, name: str) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    """Codes of HS or ICS, in order and each once; what is no code is left out and remarked upon."""
    pattern = _HS_CODE if system == "HS" else _ICS_CODE
    good: dict[str, None] = {}
    bad: list[str] = []
    for code in codes:
        text = code.strip()
        bare = text.replace(".", "").replace(" ", "") if system == "HS" else text
        if pattern.fullmatch(bare):
            good[bare] = None
        elif text:
            bad.append(text[:40])
    remarks: tuple[Remark, ...] = ()
    if bad:
        remarks = (
            Remark(
                kind="bad-code",
                about=name,
                message=f"{name} states {', '.join(map(repr, bad[:5]))}, which is no {system} code; left out.",
                todo="Nothing is lost: check the products of the notice, and set its sector by hand if it has none.",
            ),
        )
    return tuple(good), remarks


def unknown_values(kind: str, values: Sequence[str], name: str) -> tuple[Remark, ...]:
    """Remarks on values that our tables do not know, one for each value whichever notice it stood in."""
    return tuple(
        Remark(
            kind=f"unknown-{kind}",
            about=value[:80],
            message=f"{name} names the {kind} {value[:80]!r}, which the tables do not know; it was left out.",
            todo=f"Add it to values.tsv in translations/ ({kind}) with its Vietnamese wording.",
        )
        for value in values
    )
