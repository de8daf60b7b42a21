"""The editions on the site: a page each, an overview, and their files, all as they were published."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from markupsafe import Markup

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.edition import EditionLine, line_of
from tbt_watch.bulletin.papers import DOCX, PAGE, PAGE_ROOT, PDF
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.bulletin import Bulletin, Paper

ROOM = "ban-tin/"
"""The folder of the overview, and of the weekly editions."""

_LABELS = {PDF: "PDF", DOCX: "Word (DOCX)"}
_MORE = re.compile(rf'<p class="more"><a href="{re.escape(PAGE_ROOT)}([^"]*)">.*?</p>\n', re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """A published edition with its files."""

    bulletin: Bulletin
    papers: tuple[Paper, ...]

    @property
    def offered(self) -> tuple[Paper, ...]:
        """What the site offers for download."""
        return tuple(paper for paper in self.papers if paper.media in _LABELS)

    def line(self, words: Words) -> EditionLine:
        """How it stands in a list, in its own language."""
        return line_of(self.bulletin, replace(words, lang=self.bulletin.lang))


def in_order(editions: Sequence[Shelved]) -> tuple[Shelved, ...]:
    """The editions, the newest first."""
    ordered = sorted(
        editions,
        key=lambda one: (one.bulletin.until, one.bulletin.kind, one.bulletin.number or 0),
        reverse=True,
    )
    return tuple(ordered)


def edition_values(one: Shelved, words: Words, linked: Collection[str], site: str) -> dict[str, object]:
    """What the page of an edition prints; its own language counts. ``linked``: the paths that the site has, for a
    notice may have gone since; ``site``: where the site stands today."""
    own = replace(words, lang=one.bulletin.lang)
    line = line_of(one.bulletin, own)
    return {
        "line": line,
        "papers": sorted(((paper.name, _LABELS[paper.media]) for paper in one.offered), key=itemgetter(1)),
        "body": _body(one, linked),
        "say": own.say,
        "say_n": own.say_n,
        "lang": own.lang,
        "canonical": address_of(site, line.path),
    }


def _body(one: Shelved, linked: Collection[str]) -> Markup:
    """The body of its page as it was published, without links to pages that are gone."""
    text = next((paper.body.decode() for paper in one.papers if paper.media == PAGE), "")
    alive = _MORE.sub(lambda found: found[0] if found[1] in linked else "", text)
    return Markup(alive)


def overview_values(shelf: Sequence[Shelved], words: Words) -> dict[str, object]:
    """What the overview prints: the editions by year, the newest first."""
    years = groupby(shelf, key=lambda one: one.bulletin.year)
    return {"years": [(str(year), [one.line(words) for one in found]) for year, found in years]}


def edition_files(shelf: Sequence[Shelved], words: Words) -> Iterator[tuple[str, bytes]]:
    """PDF and DOCX of every edition: path from the site's root, bytes."""
    for one in shelf:
        folder = one.line(words).folder
        yield from ((folder + paper.name, paper.body) for paper in one.offered)
