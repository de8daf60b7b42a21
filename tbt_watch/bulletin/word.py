"""An edition as a Word file that an office can go on writing: real styles and headings, a table of contents, tables."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tbt_watch.bulletin.edition import EditionPage, Entry
from tbt_watch.bulletin.figures import Table
from tbt_watch.bulletin.prose import Block, to_blocks
from tbt_watch.bulletin.render import inert
from tbt_watch.language import Language

FONT = "Times New Roman"
"""The font of official papers (Decree 30/2020/NĐ-CP, Annex I): every office has it, with all Vietnamese marks."""

_BLUE = RGBColor(0x0B, 0x3D, 0x91)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the package: a DOCX is a ZIP, and would hold the moment of its making."""


def to_docx(page: EditionPage, language: Language) -> bytes:
    """The edition as DOCX. Nothing in it depends on when and where it is made."""
    return _packed(_Writer(page, language).written())


def _packed(document: Any) -> bytes:
    loose, firm = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as given, zipfile.ZipFile(firm, "w") as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            made.writestr(entry, given.read(name))
    return firm.getvalue()


def _clean(text: object) -> str:
    return _NOT_XML.sub("", str(inert(str(text))))


class _Writer:
    """Writes one edition into one document."""

    def __init__(self, page: EditionPage, language: Language) -> None:
        self._page = page
        self._language = language
        self._document = Document()

    def _say(self, message: str) -> str:
        return self._language.say(message, self._page.lang)

    def written(self) -> Any:
        """The document."""
        self._properties()
        self._layout()
        _styles(self._document, self._page.lang)
        self._masthead()
        self._words(self._page.words)
        self._closing()
        self._contents()
        for part in self._page.parts:
            self._paragraph(f"{part.numeral}. {part.heading}", "Heading 1")
            for section in part.sections:
                if section.heading:
                    self._paragraph(section.heading, "Heading 2")
                self._words(section.words)
                for entry in section.entries:
                    self._entry(entry, "Heading 3" if section.heading else "Heading 2")
        for table in self._page.tables:
            self._table(table)
        self._imprint()
        return self._document

    def _properties(self) -> None:
        page, core = self._page, self._document.core_properties
        at = datetime.combine(page.frame.day, time(), UTC).replace(
            tzinfo=None
        )  # the library writes UTC without a zone
        core.title, core.author, core.subject = (
            _clean(page.line.heading)[:255],
            _clean(page.frame.office.name)[:255],
            "",
        )
        core.last_modified_by, core.comments, core.keywords = core.author, "", ""
        core.created = core.modified = core.last_printed = at
        core.revision, core.language = 1, "vi-VN" if page.lang == "vi" else "en-GB"
        core.identifier = page.file

    def _layout(self) -> None:
        section = self._document.sections[0]
        section.start_type = WD_SECTION.NEW_PAGE
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        foot.add_run(_clean(f"{self._page.line.heading} – {self._page.frame.office.name}    "))
        _field(foot, "PAGE", "1")

    def _paragraph(self, text: str, style: str) -> Any:
        return self._document.add_paragraph(_clean(text), style=style)

    def _masthead(self) -> None:
        page = self._page
        if page.frame.office.parent:
            self._paragraph(page.frame.office.parent.upper(), "Masthead")
        for run in self._paragraph(page.frame.office.name.upper(), "Masthead").runs:
            run.bold = True
        self._paragraph(page.line.heading.upper(), "Title")
        if page.frame.imprint.subtitle:
            self._paragraph(page.frame.imprint.subtitle, "Subtitle")
        self._paragraph(f"{page.line.period} · {page.published} · {page.line.count}", "Subtitle")
        if page.line.title:
            self._paragraph(page.line.title, "Edition title")

    def _words(self, text: str) -> None:
        for block in to_blocks(text):
            self._block(block)

    def _block(self, block: Block) -> None:
        style = {"heading": "Subheading", "quote": "Quote", "code": "Code"}.get(block.kind, "Normal")
        paragraph = self._document.add_paragraph(style=style)
        if block.kind == "item":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.left_indent = Cm(0.7 * block.depth)
            paragraph.paragraph_format.first_line_indent = Cm(-0.5) if block.marker else None
            if block.marker:
                paragraph.add_run(f"{block.marker}\t")
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.7 * block.depth))
        for span in block.spans:
            run = paragraph.add_run(_clean(span.text))
            run.bold, run.italic = span.strong or None, span.emphasis or None
        for address in dict.fromkeys(span.printed for span in block.spans if span.printed):
            paragraph.add_run(_clean(f" ({address})"))

    def _closing(self) -> None:
        if not self._page.closing:
            return
        self._paragraph(self._say("Closing soon"), "Subheading")
        rows = [(one.until, one.sending, one.card.symbol, one.card.headline) for one in self._page.closing]
        names = ("Final date", "Send by", "Symbol", "Content")
        self._grid(tuple(self._say(name) for name in names), rows)

    def _contents(self) -> None:
        """A field of Word's own: its result stands there at once, and Word reckons the pages when it is opened."""
        self._paragraph(self._say("In this edition"), "Subheading")
        lines = list(self._content_lines())
        first = self._document.add_paragraph(style="TOC 1")
        _begin(first, 'TOC \\o "1-3" \\h \\z \\u', dirty=True)
        paragraph = first
        for number, (level, text) in enumerate(lines):
            paragraph = first if not number else self._document.add_paragraph(style=f"TOC {level}")
            if not number:
                first.style = self._document.styles[f"TOC {level}"]
            paragraph.add_run(_clean(text))
        _mark(paragraph.add_run(), "end")

    def _content_lines(self) -> Iterator[tuple[int, str]]:
        for part in self._page.parts:
            yield 1, f"{part.numeral}. {part.heading}"
            for section in part.sections:
                if section.heading:
                    yield 2, section.heading
                for entry in section.entries:
                    yield (3 if section.heading else 2), entry.card.headline
        for table in self._page.tables:
            yield 1, table.heading

    def _entry(self, entry: Entry, style: str) -> None:
        self._paragraph(entry.card.headline, style)
        area = [entry.card.notice.area] if entry.card.notice.area != "VN" else []
        line = " · ".join(filter(None, (entry.card.symbol, *area, entry.card.type, entry.card.state)))
        self._paragraph(line, "Entry line").paragraph_format.keep_with_next = True
        for sentence in entry.lead:
            self._paragraph(sentence, "Normal")
        for fact in entry.lines:
            paragraph = self._document.add_paragraph(style="Fact")
            paragraph.add_run(_clean(f"{fact.label}: ")).bold = True
            paragraph.add_run(_clean(fact.text))
        if entry.address:
            self._paragraph(f"{self._say('The whole notice')}: {entry.address}", "Entry line")

    def _table(self, table: Table) -> None:
        self._paragraph(table.heading, "Heading 1")
        if table.rows:
            self._grid(table.columns, table.rows, numeric=table.numeric)
        else:
            self._paragraph(table.empty, "Normal")

    def _grid(self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: bool = False) -> None:
        grid = self._document.add_table(rows=1, cols=len(columns), style="Table Grid")
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        widths = (Cm(12.5), Cm(3.5)) if numeric else (Cm(2.4), Cm(2.6), Cm(3.6), Cm(7.4))
        for place, width in enumerate(widths):
            grid.columns[place].width = width
        for row, texts in enumerate([tuple(columns), *rows]):
            line = grid.rows[0] if not row else grid.add_row()
            _keep_whole(line)
            cells = line.cells
            for place, text in enumerate(texts):
                cells[place].width = widths[place]
                paragraph = cells[place].paragraphs[0]
                paragraph.style = self._document.styles["Table text"]
                paragraph.add_run(_clean(text)).bold = True if not row else None
                if numeric and place == len(columns) - 1:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _repeat_head(grid.rows[0])
        self._document.add_paragraph(style="Table text")

    def _imprint(self) -> None:
        for number, line in enumerate(self._page.imprint):
            paragraph = self._paragraph(line, "Entry line")
            if not number:
                paragraph.paragraph_format.space_before = Pt(18)
        said = self._say(
            "For information only: the text that counts is the one that the notifying Member "
            "or the issuing body published."
        )
        self._paragraph(said, "Entry line")


def _styles(document: Any, lang: str) -> None:
    """The fonts and distances of the styles; those that the template lacks are made."""
    _face(document.styles["Normal"], 13, after=4, lang="vi-VN" if lang == "vi" else "en-GB")
    document.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for name, size, before in (("Heading 1", 15, 16), ("Heading 2", 14, 12), ("Heading 3", 13, 8)):
        _face(
            document.styles[name],
            size,
            before=before,
            after=3,
            bold=True,
            colour=_BLUE if size > 13 else None,
        )
        document.styles[name].paragraph_format.keep_with_next = True
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _face(document.styles["Title"], 20, before=14, after=4, bold=True, colour=_BLUE)
    _face(document.styles["Subtitle"], 12, after=3)
    for name in ("Title", "Subtitle"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _face(document.styles["Quote"], 13, after=4)
    for name, size, bold in (
        ("Masthead", 13, False), ("Edition title", 14, True), ("Subheading", 13, True), ("Entry line", 11, False),
        ("Fact", 12, False), ("Table text", 11, False), ("Code", 11, False),
        ("TOC 1", 11, True), ("TOC 2", 11, True), ("TOC 3", 11, False),
    ):  # fmt: skip
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _face(style, size, after=2, bold=bold)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    document.styles["Edition title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Subheading"].paragraph_format.space_before = Pt(8)
    document.styles["Subheading"].paragraph_format.keep_with_next = True
    for level in (2, 3):
        document.styles[f"TOC {level}"].paragraph_format.left_indent = Cm(0.5 * (level - 1))


def _face(
    style: Any,
    size: int,
    *,
    before: int = 0,
    after: int = 0,
    bold: bool = False,
    colour: Any = None,
    lang: str = "",
) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = colour or RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in list(fonts.attrib):
        if kind.endswith("Theme"):  # a theme's font would win over the one named
            del fonts.attrib[kind]
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.1
    if lang:
        tongue = OxmlElement("w:lang")
        tongue.set(qn("w:val"), lang)
        style.element.get_or_add_rPr().append(tongue)


def _field(paragraph: Any, instruction: str, result: str) -> None:
    _begin(paragraph, instruction)
    paragraph.add_run(result)
    _mark(paragraph.add_run(), "end")


def _begin(paragraph: Any, instruction: str, *, dirty: bool = False) -> None:
    _mark(paragraph.add_run(), "begin", dirty=dirty)
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _mark(paragraph.add_run(), "separate")


def _mark(run: Any, kind: str, *, dirty: bool = False) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if dirty:
        mark.set(qn("w:dirty"), "true")
    run._r.append(mark)


def _keep_whole(row: Any) -> None:
    """A row is not torn by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_head(row: Any) -> None:
    """The head of a table stands on every page that the table runs over."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)
