"""The editions on the site: a page each, an overview, and their files as they were published."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.editing import published_page
from tbt_watch.bulletin.edition import EditionPage
from tbt_watch.bulletin.frame import PublishedEdition
from tbt_watch.bulletin.papers import DOCX, HTML, PDF, words_of
from tbt_watch.bulletin.prose import to_html
from tbt_watch.domain.bulletin import Paper
from tbt_watch.language import Language

ROOM = "ban-tin/"
"""The folder of the overview, and of the weekly editions."""

_LABELS = {PDF: "PDF", DOCX: "Word (DOCX)"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """A published edition, ready for the site."""

    edition: PublishedEdition
    page: EditionPage


def shelved(editions: Sequence[PublishedEdition], language: Language) -> tuple[Shelved, ...]:
    """The editions as they read when they were published, the newest first."""
    ordered = sorted(
        editions,
        key=lambda one: (one.bulletin.until, one.bulletin.kind, one.bulletin.number or 0),
        reverse=True,
    )
    return tuple(Shelved(edition=one, page=published_page(one, language)) for one in ordered)


def edition_values(one: Shelved, language: Language, linked: Collection[str], site: str) -> dict[str, object]:
    """What the page of an edition prints; its own language counts. ``linked``: the paths that the site has, for a
    notice may have gone since; ``site``: where the site stands today."""
    words = words_of(one.page, language)
    named = [(paper.name, _LABELS[paper.media]) for paper in papers_of(one)]
    return {
        "page": one.page,
        "papers": sorted(named, key=lambda pair: pair[1]),
        "linked": linked,
        "markdown": to_html,
        "say": words.say,
        "say_n": words.say_n,
        "lang": one.page.lang,
        "canonical": address_of(site, one.page.path),
    }


def overview_values(shelf: Sequence[Shelved]) -> dict[str, object]:
    """What the overview prints: the editions by year, the newest first."""
    years = groupby((one.page for one in shelf), key=lambda page: page.bulletin.year)
    return {"years": [(str(year), list(pages)) for year, pages in years]}


def edition_files(shelf: Sequence[Shelved]) -> Iterator[tuple[str, bytes]]:
    """PDF and DOCX of every edition: path from the site's root, bytes."""
    for one in shelf:
        for paper in papers_of(one):
            yield one.page.folder + paper.name, paper.body


def papers_of(one: Shelved) -> Iterator[Paper]:
    """The files that the site offers: all but the HTML, which is the page itself."""
    return (paper for paper in one.edition.snapshot.papers if paper.media != HTML)
