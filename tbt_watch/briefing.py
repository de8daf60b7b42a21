"""What an edition of the bulletin says in brief, for those who announce it."""

from collections.abc import Iterator
from itertools import groupby

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.edition import line_of, part_names
from tbt_watch.bulletin.papers import PDF
from tbt_watch.bulletin.prose import to_blocks
from tbt_watch.bulletin.words import Words
from tbt_watch.deliver.brief import Brief, Count
from tbt_watch.domain.bulletin import Bulletin
from tbt_watch.domain.text import collapse
from tbt_watch.store import Store


def briefed(store: Store, number: int, words: Words, office: str, site: str) -> Brief:
    """A published edition in brief, by its number in the store. Raises NotFoundError."""
    pdf = store.bulletins.paper_names(number).get(PDF, ())
    return brief_of(store.bulletins.get(number), words, office, site, pdf[0] if pdf else "")


def brief_of(one: Bulletin, words: Words, office: str, site: str, pdf: str = "") -> Brief:
    """An edition in brief, in the language of ``words``; ``site``: the address of the site, ``pdf``: the name of its
    PDF, empty where there is none."""
    line = line_of(one, words)
    return Brief(
        name=line.heading,
        office=office,
        period=line.period,
        title=one.title,
        words=tuple(_paragraphs(one.words)),
        counts=tuple(_counts(one, words)),
        page=address_of(site, line.path),
        pdf=address_of(site, line.folder + pdf) if pdf else "",
    )


def _paragraphs(markdown: str) -> Iterator[str]:
    """The editor's words without their marks, a paragraph or an item of a list each."""
    for block in to_blocks(markdown):
        text = collapse("".join(span.text for span in block.spans))
        if text:
            yield f"{block.marker} {text}" if block.marker else text


def _counts(one: Bulletin, words: Words) -> Iterator[Count]:
    """By part and section, each that has notices."""
    names = part_names(words)
    told = [section for section in one.sections if section.part != "closing" and section.items]
    for part, sections in groupby(told, key=lambda section: section.part):
        below = tuple(
            Count(heading=section.heading(words.lang), n=len(section.items)) for section in sections
        )
        yield Count(heading=names[part], n=sum(count.n for count in below), below=below)
