"""The sectors and topics that a notice's codes state; pure.

A code is believed. But Members state codes of the thing beside the product, and codes that are wider than it: a whole
field of ICS says nothing where something narrower is stated, and a sector that one code alone states is left out where
the notice's own words and its other codes agree on what it is about, and no word speaks for that sector.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import TagKind
from tbt_watch.tag.codes import codes_in, hs_digits
from tbt_watch.tag.tables import Crossing
from tbt_watch.tag.vocabulary import Vocabulary

ON_EVERYTHING = frozenset(("03.120", "13.020", "13.340"))
"""Prefixes of ICS (quality, environment, protective equipment) that Members put on measures about other things: their
topic counts where a word speaks for it, or where there is no other."""

_WIDE = frozenset(("67", "67.020", "67.040"))
"""Codes of ICS for food of any kind, which are stated for tea and for tomatoes."""

_WHOLE = 2
"""Letters of a code of ICS that names a whole field."""


class Statement(NamedTuple):
    """A code of a notice and what it stands for; ``code`` with its scheme (``hs:8415``)."""

    code: str
    row: Crossing


def statements(notice: Notice, texts: Mapping[str, str], vocabulary: Vocabulary) -> list[Statement]:
    """The codes of the record, then of its texts, each once: HS before ICS."""
    hs: list[str] = [digits for code in notice.hs_codes if (digits := hs_digits(code))]
    ics: list[str] = list(notice.ics_codes)
    for name, text in texts.items():
        if text:
            found = codes_in(text, products=name == "products")
            hs += found.hs
            ics += found.ics
    rows = [Statement(f"hs:{code}", row) for code in dict.fromkeys(hs) if (row := vocabulary.cross_hs(code))]
    standards = [(code, row) for code in dict.fromkeys(ics) if (row := vocabulary.cross_ics(code))]
    narrow = bool(rows) or any(len(code) > _WHOLE and row.sectors for code, row in standards)
    rows += [Statement(f"ics:{code}", row) for code, row in standards if len(code) > _WHOLE or not narrow]
    return rows


def stated_tags(
    rows: Sequence[Statement], named: Collection[str], heard: Collection[str]
) -> Iterator[tuple[TagKind, str, str]]:
    """(kind, code, the first code that states it). ``named``: sectors that title or products name clearly;
    ``heard``: those for which there is any word at all."""
    left_out = set(_outweighed(rows, named, heard))
    given: set[tuple[TagKind, str]] = set()
    for code, row in rows:
        kinds: tuple[tuple[TagKind, Sequence[str]], ...] = (("sector", row.sectors), ("topic", row.topics))
        for kind, codes in kinds:
            for what in codes:
                if (kind, what) not in given and not (kind == "sector" and what in left_out):
                    given.add((kind, what))
                    yield kind, what, code


def _outweighed(rows: Sequence[Statement], named: Collection[str], heard: Collection[str]) -> Iterator[str]:
    """Of a code that stands for several sectors, those that no word speaks for beside one that is named; and those of
    the one code that has nothing to do with the words. Two such codes and more are a list, and mean what they say."""
    speaking = [row for _, row in rows if row.sectors]
    if len(speaking) < 2:  # what else should it be about
        if named and rows and all(code.removeprefix("ics:") in _WIDE for code, row in rows if row.sectors):
            yield from (sector for row in speaking for sector in row.sectors if sector not in heard)
        return
    strange = [row for row in speaking if not set(row.sectors) & set(heard)]
    for sector in {sector for row in speaking for sector in row.sectors}.difference(heard):
        by = [row for row in speaking if sector in row.sectors]
        others = [row for row in speaking if row not in by]
        if len(by) > 1 or not any(set(row.sectors) & set(named) for row in others):
            continue
        if set(by[0].sectors) & set(named) or len(strange) == 1:
            yield sector
