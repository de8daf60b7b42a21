"""Following named documents: by which name a document is followed, and which names stand in a notice; pure.

Names are read by pattern: WTO symbols, numbers of Vietnamese and party documents, acts of the European Union. Any
other name ("Codex Stan 193-1995", "FSMA") is a phrase and is looked for as whole words.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.legal import LegalNumber, find_numbers, find_party_numbers, parse_number
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.symbol import find_symbols, parse_symbol
from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import NotationError

SEARCHED = ("title", "summary", "products")
"""The texts of a notice in which words and names are looked for."""

LONGEST, SHORTEST = 120, 3
"""Letters of a name that is followed."""

_LETTER = re.compile(r"[^\W\d_]")
_LOCAL = ("HĐND", "UBND")

# Numbering of EU acts: until 2014 regulations are "(EC) No 396/2005" (number/year), directives and decisions
# "2014/53/EU" (year/number/body); since 2015 all are "(EU) 2023/1115" (year/number), directives "(EU) 2015/1535".
# https://publications.europa.eu/code/en/en-110202.htm
_BODY = r"(?:EU|EC|EEC|EURATOM|UE|CE|CEE)"
_PAIR = r"(?P<{0}a>\d{{1,4}})/(?P<{0}b>\d{{1,4}})"
_NO = r"(?:n(?:o|r|[°ºo]|\.\s?[°º])?\.?|số|№)"
_ACT = re.compile(
    rf"\(\s*(?P<before>{_BODY})\s*\)\s*(?:{_NO}\s*)?{_PAIR.format('x')}(?![\d/])"
    rf"|(?<![\w/]){_PAIR.format('y')}/(?P<after>{_BODY})(?![\w/])"
    rf"|(?<![\w/(])(?P<bare>{_BODY})\s*(?:{_NO}\s*)?{_PAIR.format('z')}(?![\d/])",
    re.IGNORECASE,
)
_ENGLISH = {"UE": "EU", "CE": "EC", "CEE": "EEC"}


def document_name(text: str) -> str | None:
    """The canonical name of a document or programme that somebody types: ``G/TBT/N/USA/138`` (the whole thread, of
    whatever addendum is named), ``1322/QĐ-TTg``, ``38-CT/TW``, ``EU 2023/1115``, ``EC 396/2005``, ``EU 2014/53`` (a
    directive), else the words themselves. None for what would name nothing, or far too much."""
    clean = collapse(text).strip(" .,;:\"'“”")
    if len(clean) > LONGEST:
        return None
    if _is_key(clean):
        return clean
    with suppress(NotationError):
        return parse_symbol(clean).base.text
    with suppress(NotationError):
        return parse_number(clean).text
    acts = list(_acts(clean))
    if len(acts) == 1:
        return acts[0]
    return clean if len(clean) >= SHORTEST and _LETTER.search(clean) else None


def followed_as(notice: Notice) -> str:
    """The name by which its thread, or the document that it is, is followed. The number of a local body, which every
    province has, does not do: there it is the permalink key."""
    if notice.kind != "regulation":
        return notice.thread
    name = notice.symbols[0] if notice.symbols else notice.thread
    with suppress(NotationError):
        number = parse_number(name)
        return notice.key if not set(_LOCAL).isdisjoint(number.issuers) else number.text
    return notice.key


def own_names(notice: Notice) -> frozenset[str]:
    """The names of what the notice itself is: its thread, its key, its numbers."""
    return frozenset(_spelled([notice.key, notice.thread, *notice.symbols]))


def names_of(dossier: Dossier) -> frozenset[str]:
    """All names that the notice is, is related to, or has in a text that readers see: canonical, as ``document_name``
    gives them. Names that are only words are not among them."""
    notice = dossier.notice
    related = [one.key for one in notice.related]
    follows = [notice.follows] if notice.follows else []
    return frozenset((*own_names(notice), *_spelled([*follows, *related]), *_found(text_of(dossier))))


def text_of(dossier: Dossier) -> str:
    """What words and names are looked for in: the original, and every translation that may be shown."""
    texts = [str(getattr(dossier.notice, name)) for name in SEARCHED]
    texts += [one.text for one in dossier.notice.official if one.field in SEARCHED]
    texts += [item.text for item in dossier.translations if item.field in SEARCHED and item.shown]
    return nfc("\n".join(texts))


@lru_cache(maxsize=65536)
def is_words(name: str) -> bool:
    """Whether a name is nothing but words, to be looked for in the text."""
    if _is_key(name) or any(_acts(name)):
        return False
    for parse in (parse_symbol, parse_number):
        with suppress(NotationError):
            parse(name)
            return False
    return True


def _is_key(name: str) -> bool:
    """Whether it is the permalink key of a regulation or an article."""
    return "|" in name


def _spelled(names: Iterable[str]) -> Iterator[str]:
    """Keys, symbols and numbers in every way in which they are followed."""
    for name in names:
        yield name
        head = name.partition("|")[0]
        with suppress(NotationError):
            yield parse_symbol(head).base.text
        with suppress(NotationError):
            yield from _numbered(parse_number(head))


def _numbered(number: LegalNumber) -> Iterator[str]:
    """A regulation or standard is often named without its issuer: ``QCVN 19:2019``."""
    yield number.text
    if number.family:
        yield number.text.partition("/")[0]


def _found(text: str) -> Iterator[str]:
    """The names in running text."""
    for symbol in find_symbols(text):
        yield symbol.base.text
    for number in (*find_numbers(text), *find_party_numbers(text)):
        yield from _numbered(number)
    yield from _acts(collapse(text))


def _acts(text: str) -> Iterator[str]:
    """The acts of the European Union that a text names: ``EU 2023/1115``."""
    for found in _ACT.finditer(text):
        body = (found["before"] or found["after"] or found["bare"]).upper()
        first, second = next(
            (found[f"{one}a"], found[f"{one}b"]) for one in "xyz" if found[f"{one}a"] is not None
        )
        yield f"{_ENGLISH.get(body, body)} {first}/{second}"
