"""The list of ePing's ten newest notifications: first word of a notification, no more.

A row states symbol, Member, day, title and products. What it does not state is not made up: the type is that of the
symbol, the Members are those of the symbol, and the deadline is unknown. See docs/decisions/011.
"""

import json
from typing import Any

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.symbol import Symbol
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.eping import read_member, read_symbols
from tbt_watch.normalise.reading import Reading, Remark, one_line, plain, read_day
from tbt_watch.normalise.tongue import tongue

_HANDLED = frozenset("notifyingMember distributionDate documentSymbol title products".split())
_SUFFIX = {"Add": "addendum", "Rev": "revision", "Corr": "corrigendum", "Suppl": "supplement"}


def read_latest(raw: RawRecord, language: Language) -> Reading:
    """A row of the list. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    symbols = read_symbols(str(body.get("documentSymbol") or ""))
    name = symbols[0].text
    published = read_day(str(body.get("distributionDate") or ""), f"distribution date of {name}")
    if published is None:
        raise ReadingError(
            f"{name} has no distribution date.",
            kind="no-date",
            todo="Look at the record at its source; when the source adds the date, it comes in by itself.",
        )
    title = one_line(str(body.get("title") or ""))
    products = plain(str(body.get("products") or ""))
    notice = Notice(
        key=name,
        kind="notification",
        area="SPS" if symbols[0].area == "SPS" else "TBT",
        type=type_of(symbols[0]),
        symbols=tuple(symbol.text for symbol in symbols),
        thread=symbols[0].base.text,
        follows=above.text if (above := symbols[0].follows) else None,
        members=members_of(symbols, str(body.get("notifyingMember") or ""), language),
        title=title,
        products=products,
        language=tongue(f"{title} {products}"),
        published_on=published,
        sources=(raw.source,),
    )
    return Reading(notice=notice, remarks=_unknown(body))


def type_of(symbol: Symbol) -> str:
    """The type that a symbol tells. An emergency notification has the symbol of a regular one."""
    return _SUFFIX.get(symbol.suffix[-1][0], "regular") if symbol.suffix else "regular"


def members_of(symbols: tuple[Symbol, ...], stated: str, language: Language) -> tuple[str, ...]:
    """The Members that symbols name; for the numbering by year, which names none, the one stated.

    Raises ReadingError where neither is known.
    """
    codes = {"EU" if symbol.member == "EEC" else symbol.member for symbol in symbols if symbol.member}
    return tuple(sorted(codes)) or (read_member(collapse(stated), symbols[0].text, language),)


def _unknown(body: dict[str, Any]) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            kind="unknown-field",
            about=field,
            message=f"The newest notifications carry a field {field!r} that is unknown here; it was not read.",
            todo="Nothing is lost, the answer is kept whole. Tell the maintainers what the field holds.",
        )
        for field in sorted(set(body) - _HANDLED)
    )
