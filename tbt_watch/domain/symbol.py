"""WTO document symbols of notifications: ``G/TBT/N/USA/138/Rev.1/Add.2``.

The grammar is that of the symbols themselves (WTO Documents Online): area, notifying Member, number, and
a chain of revisions, addenda, corrigenda and supplements. Before 2000 TBT notifications were numbered by
year: ``G/TBT/Notif.95.117``.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache, total_ordering

from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import NotationError

_SUFFIXES = {"REV": "Rev", "ADD": "Add", "CORR": "Corr", "SUPPL": "Suppl"}
_TAIL = r"(?P<tail>(?:/(?:REV|ADD|CORR|SUPPL)\.?\d{1,3}){0,4})"
# Other series of the two committees, which look like a notification without its "N/": G/SPS/GEN/204, G/TBT/ENQ/38.
_OTHER = r"(?!(?:GEN|INF|ENQ|NNA|CERT|CS|SPEC)/)"
_SYMBOL = re.compile(
    rf"G/(?P<area>TBT|SPS)/(?:(?:N/|{_OTHER})(?P<member>[A-Z]{{2,4}})/(?P<number>\d{{1,5}})"
    r"|NOTIF\.?(?P<year>\d{2})[./](?P<oldnumber>\d{1,4}))" + _TAIL,
    re.ASCII,
)
_SUFFIX = re.compile(r"(REV|ADD|CORR|SUPPL)\.?(\d{1,3})")
_FIND = re.compile(
    r"(?<![A-Z0-9])G\s*/\s*(?:TBT|SPS)\s*/\s*"
    r"(?:(?:N\s*/\s*)?[A-Z]{2,4}\s*/\s*\d{1,5}|NOTIF\s*\.?\s*\d{2}\s*[./]\s*\d{1,4})"
    r"(?:\s*/\s*(?:REV|ADD|CORR|SUPPL)\s*\.?\s*\d{1,3}){0,4}"
    r"(?![A-Z0-9]|\s*/\s*(?:REV|ADD|CORR|SUPPL)\s*\.?\s*\d)",
    re.IGNORECASE | re.ASCII,
)


@total_ordering
@dataclass(frozen=True, kw_only=True)
class Symbol:
    """One symbol, taken apart. ``year`` (two digits) only for the numbering by year; then ``member`` is None."""

    area: str
    member: str | None
    number: int
    year: str | None = None
    suffix: tuple[tuple[str, int], ...] = ()

    @cached_property
    def text(self) -> str:
        """The canonical spelling."""
        head = f"N/{self.member}/{self.number}" if self.member else f"Notif.{self.year}.{self.number}"
        return f"G/{self.area}/{head}" + "".join(f"/{kind}.{n}" for kind, n in self.suffix)

    @property
    def base(self) -> "Symbol":
        """The measure's first symbol: this one without its chain."""
        return self if not self.suffix else self._with(())

    @property
    def follows(self) -> "Symbol | None":
        """The symbol directly above in the chain; None for a base symbol."""
        return self._with(self.suffix[:-1]) if self.suffix else None

    def _with(self, suffix: tuple[tuple[str, int], ...]) -> "Symbol":
        return Symbol(area=self.area, member=self.member, number=self.number, year=self.year, suffix=suffix)

    def _order(self) -> tuple[str, str, str, int, tuple[tuple[str, int], ...]]:
        return (self.area, self.member or "", self.year or "", self.number, self.suffix)

    def __lt__(self, other: "Symbol") -> bool:
        return self._order() < other._order()


@lru_cache(maxsize=8192)
def parse_symbol(text: str) -> Symbol:
    """Read one symbol, forgiving case, blanks, a missing ``N/`` and missing dots.

    Raises NotationError when the text is no symbol of a TBT or SPS notification.
    """
    match = _SYMBOL.fullmatch("".join(nfc(text).upper().split()))
    if match is None:
        raise NotationError(
            f"{text.strip()!r} is not the symbol of a TBT or SPS notification: write it like G/TBT/N/USA/138/Add.1."
        )
    suffix = tuple((_SUFFIXES[kind], int(n)) for kind, n in _SUFFIX.findall(match["tail"]))
    if match["member"]:
        return Symbol(area=match["area"], member=match["member"], number=int(match["number"]), suffix=suffix)
    number, year = int(match["oldnumber"]), match["year"]
    return Symbol(area=match["area"], member=None, number=number, year=year, suffix=suffix)


def parse_symbols(field: str) -> tuple[tuple[Symbol, ...], tuple[str, ...]]:
    """Read a field of joint symbols: (symbols, sorted and each once; the pieces that are no symbol)."""
    good: set[Symbol] = set()
    bad: list[str] = []
    for piece in re.split(r"[,;\n]", field):
        if not piece.strip():
            continue
        try:
            good.add(parse_symbol(piece))
        except NotationError:
            bad.append(piece.strip())
    return tuple(sorted(good)), tuple(bad)


def find_symbols(text: str) -> tuple[Symbol, ...]:
    """The symbols that stand in running text, in their order, each once."""
    found: dict[Symbol, None] = {}
    for match in _FIND.finditer(collapse(text)):
        with suppress(NotationError):  # another series of the committees
            found[parse_symbol(match.group())] = None
    return tuple(found)
