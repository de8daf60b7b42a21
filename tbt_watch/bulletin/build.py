"""Building the site: from dossiers to a folder that any web server can serve."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from tbt_watch.bulletin.addresses import address_of
from tbt_watch.bulletin.card import Deadlines
from tbt_watch.bulletin.follow import follow_files
from tbt_watch.bulletin.masthead import Labels, SourceHealth
from tbt_watch.bulletin.opendata import OpenData, data_files
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.render import renderer
from tbt_watch.bulletin.search import search_files
from tbt_watch.bulletin.shelf import Shelved, edition_files, in_order
from tbt_watch.bulletin.site import Page, Site, gather, own_files, pages
from tbt_watch.bulletin.swap import Content, Lazy, replace_site
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.office import Office
from tbt_watch.language import Language
from tbt_watch.store.departed import Departed


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildReport:
    """How a build went, in files: ``pages`` are HTML pages, redirects too; the rest counts every file."""

    pages: int
    written: int
    unchanged: int
    removed: int


def build(
    dossiers: Iterable[Dossier],
    *,
    language: Language,
    labels: Labels,
    office: Office,
    health: Sequence[SourceHealth],
    today: date,
    now: datetime,
    lead_days: Mapping[str, int],
    days_off: Collection[date],
    out: Path,
    base_url: str,
    lang: Literal["vi", "en"] = "vi",
    editions: Sequence[Shelved] = (),
    data: OpenData | None = None,
    bot: str = "",
    departed: Sequence[Departed] = (),
    search: bool = True,
    around: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> BuildReport:
    """Build the site of the given notices in ``out`` and put it in place of the one before, at once.

    ``today`` is the day in Viet Nam that "days left" count from; ``now`` stands on the front page. ``base_url``
    is where the site will be served, with or without a path; where it is empty, pages print no address of
    their own and there is no site map. All links but those of the page for missing addresses are relative, so
    that the folder can also be read from a disk. ``editions`` are what was published of the bulletin; ``data``: how
    notices become open data; ``bot``: the user name of our Telegram bot; ``departed``: what was taken off the site,
    whose addresses say so; ``search``: whether to make the index, without which the page of the search finds nothing;
    ``around`` holds the change from the old folder to the new (``swap.replace_site``). Same input, same bytes. Raises
    BulletinError when the folder is not ours or cannot be written; the site before then stays as it was.
    """
    words = Words(language=language, labels=labels, lang=lang, today=today)
    desk = Desk(
        words=words,
        deadlines=Deadlines(lead_days=lead_days, days_off=days_off),
        office=office,
        sources={source.name: words.title(source.title) for source in health},
        base_url=base_url.rstrip("/"),
        bot=bot,
    )
    shelf = in_order(editions)
    with _undisturbed():
        site = gather(dossiers, desk, health, now, shelf, data, departed)
        made = list(pages(site))
        every = [_files(made, words, desk.base_url), edition_files(shelf, words), _beside(site)]
        if search:
            every.append(search_files(site.cards, site.desk))
        result = replace_site(chain.from_iterable(every), out, around)
    return BuildReport(
        pages=len(made), written=result.written, unchanged=result.unchanged, removed=result.removed
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the search for garbage that refers to itself: a build makes none worth looking for, and the half million
    objects of its notices would be looked through again and again, a fifth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _beside(site: Site) -> Iterator[tuple[str, Content]]:
    yield from follow_files(site.cards, site.gone, site.followed_with_gone, site.shelf, site.desk, site.keys)
    if site.data is not None:
        yield from data_files(site.cards, site.data, site.keys)


def _files(made: Sequence[Page], words: Words, base_url: str) -> Iterator[tuple[str, Content]]:
    render = renderer(words)

    def printed(page: Page) -> bytes:
        return render(page.template, page.all_values)

    for page in made:
        yield page.path, Lazy(page.key, partial(printed, page)) if page.key else printed(page)
    if base_url:
        addresses = sorted(address_of(base_url, page.path) for page in made if page.indexed)
        yield "sitemap.xml", render("sitemap.xml", {"addresses": addresses})
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base_url}/sitemap.xml\n".encode()
    yield from own_files()
