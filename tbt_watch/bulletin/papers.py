"""The files of an edition: HTML that needs nothing else, PDF, DOCX. Same input, same programs: same bytes."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from markupsafe import Markup

import tbt_watch
from tbt_watch.bulletin.edition import EditionPage
from tbt_watch.bulletin.prose import to_html
from tbt_watch.bulletin.render import environment
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.bulletin import Paper
from tbt_watch.errors import PaperError
from tbt_watch.language import Language

HTML, PDF, PAGE = "text/html", "application/pdf", "text/html; part=page"
"""The file that needs no other, the one to print, and the body of the page on the site."""

PAGE_ROOT = "../../../"
"""The way from the page of an edition up to the site's root."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FONTS = "static/fonts/"
_FALLBACK = '"Noto Sans", "DejaVu Sans", sans-serif'
_BOLD = "h1, h2, h3, h4, b, strong, dt, th, .edition-title, .subhead, .contents .part, .contents .group"
"""What edition_paper.css makes bold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """The files of an edition, the programs that made them by name, and what could not be made, a sentence each."""

    papers: tuple[Paper, ...]
    programs: Mapping[str, str]
    notes: tuple[str, ...] = ()


def make_papers(page: EditionPage, language: Language) -> Made:
    """All files of an edition. Where this machine cannot make PDF, the others are made, and a note says why."""
    from tbt_watch.bulletin.word import to_docx  # most commands write no Word file

    html = paper_html(page, language)
    papers = [Paper(name=f"{page.file}.html", media=HTML, body=html)]
    papers.append(Paper(name=f"{page.file}.page.html", media=PAGE, body=page_html(page, language)))
    programs = {"tbt-watch": tbt_watch.__version__, "python-docx": _version("python-docx")}
    notes = []
    try:
        papers.append(Paper(name=f"{page.file}.pdf", media=PDF, body=to_pdf(html)))
        programs["weasyprint"] = _version("weasyprint")
    except PaperError as missing:
        notes.append(str(missing))
    papers.append(Paper(name=f"{page.file}.docx", media=DOCX, body=to_docx(page, language)))
    sealed = tuple(
        Paper(name=one.name, media=one.media, body=one.body, sha256=hashlib.sha256(one.body).hexdigest())
        for one in papers
    )
    return Made(papers=sealed, programs=programs, notes=tuple(notes))


def words_of(page: EditionPage, language: Language) -> Words:
    """The wording of an edition, in its language and as of its day."""
    return Words(language=language, labels=page.frame.labels, lang=page.lang, today=page.frame.day)


def paper_html(page: EditionPage, language: Language) -> bytes:
    """The edition as one HTML file that needs no other."""
    made = environment(words_of(page, language))
    style = (files("tbt_watch.bulletin") / "templates" / "edition_paper.css").read_text(encoding="utf-8")
    values = {
        "page": page,
        "markdown": to_html,
        "created": page.frame.day.isoformat(),
        "style": Markup(style),
    }
    return made.get_template("edition_paper.html").render(values).encode()


def page_html(page: EditionPage, language: Language) -> bytes:
    """The body of its page on the site, with a link to every notice."""
    made = environment(words_of(page, language))
    linked = {entry.path for entry in page.entries}
    values = {"page": page, "markdown": to_html, "root": PAGE_ROOT, "linked": linked}
    return made.get_template("edition_page.html").render(values).encode()


def to_pdf(html: bytes) -> bytes:
    """The HTML as PDF, with our own fonts, and nothing read from anywhere else.

    Raises PaperError where WeasyPrint or the libraries that it calls (Pango) are not there.
    """
    printer = _printer()
    fonts = printer.text.fonts.FontConfiguration()
    own = printer.CSS(string=_font_faces(), url_fetcher=_own_fonts(), font_config=fonts)
    document = printer.HTML(string=html.decode(), base_url="tbt-watch:/", url_fetcher=_own_fonts())
    made: bytes = document.write_pdf(
        stylesheets=[own],
        font_config=fonts,
        pdf_identifier=hashlib.sha256(html).hexdigest()[:32].encode(),
        pdf_variant="pdf/ua-1",
    )
    return made


def can_print() -> str:
    """Why this machine cannot make PDF; empty when it can."""
    try:
        _printer()
    except PaperError as missing:
        return str(missing)
    return ""


@cache
def _printer() -> Any:
    try:
        import weasyprint  # a second, and libraries of the system: only where something is printed
        import weasyprint.text.fonts
    except (ImportError, OSError) as missing:
        raise PaperError(
            f"No PDF was made, for the library Pango is not there ({type(missing).__name__}): on Debian and Ubuntu "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 brings it; everything else goes on."
        ) from missing
    return weasyprint


def _own_fonts() -> Any:
    """What WeasyPrint asks for addresses: our own fonts are given, everything else is refused."""
    return _fetcher()


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Gives the fonts of this package, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - WeasyPrint's own verb
            name = url.rpartition("/")[2]
            if url != f"tbt-watch:/{_FONTS}{name}" or name not in {one.name for one in _font_files()}:
                raise ValueError(f"an edition prints nothing from {url}")
            body = (files("tbt_watch.bulletin") / "static" / "fonts" / name).read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": "font/woff2"})

    return OwnFonts()


def _font_files() -> Iterator[Traversable]:
    folder = files("tbt_watch.bulletin") / "static" / "fonts"
    yield from sorted(
        (one for one in folder.iterdir() if one.name.endswith(".woff2")), key=lambda one: one.name
    )


def _font_faces() -> str:
    """The fonts, each file a family of its own: under one name WeasyPrint would draw the glyphs of one from another."""
    faces = [
        f'@font-face {{ font-family: "{one.name}"; src: url("tbt-watch:/{_FONTS}{one.name}") format("woff2"); }}'
        for one in _font_files()
    ]
    named = {
        weight: ", ".join(f'"{one.name}"' for one in _font_files() if f"-{weight}." in one.name)
        for weight in ("400", "600")
    }
    faces.append(f"html, .running {{ font-family: {named['400']}, {_FALLBACK}; }}")
    faces.append(f"{_BOLD} {{ font-family: {named['600']}, {_FALLBACK}; font-weight: 400; }}")
    faces.append(
        f"@page {{ @bottom-left {{ font-family: {named['400']}; }} @bottom-right {{ font-family: {named['400']}; }} }}"
    )
    return "\n".join(faces)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
