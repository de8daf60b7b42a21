"""Notifications as Word documents, as small as Word still takes them: the forms of the two committees.

Labels are the forms' own; what stands behind them is ours.
"""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
Block = str | Sequence[str]

WHOM = (
    "Name and address (including telephone and fax numbers, email and website addresses, if available) of agency or "
    "authority designated to handle comments regarding the notification shall be indicated if different from above:"
)


_PRODUCTS = (
    "Products covered (HS or CCCN where applicable, otherwise national tariff heading. ICS numbers may be provided in "
    "addition, where applicable):"
)
_TEXTS = (
    "Texts available from: National enquiry point [X] or address, telephone and fax numbers and email and website "
    "addresses, if available, of other body:"
)
_SPS_PRODUCTS = (
    "Products covered (provide tariff item number(s) as specified in national schedules deposited with the WTO; ICS "
    "numbers should be provided in addition, where applicable):"
)
_SPS_PUBLISHED = "Proposed date of publication (dd/mm/yy):"
_SPS_IN_FORCE = (
    "Proposed date of entry into force: [ ] Six months from date of publication, and/or (dd/mm/yy):"
)
_SIXTY = "Sixty days from the date of circulation of the notification and/or (dd/mm/yy):"
_WHOM_TO = "Agency or authority designated to handle comments:"
_POINT = "[ ] National Notification Authority, [X] National Enquiry Point."


def docx(header: Sequence[str], blocks: Sequence[Block], *, other_pages: Sequence[str] = ()) -> bytes:
    """A document with those lines at the head of its first page, and those paragraphs and table rows."""
    rows = "".join(_paragraph(one) if isinstance(one, str) else _table(one) for one in blocks)
    heads = (("first", "header1.xml", header), ("default", "header2.xml", other_pages or header[:1]))
    marks = "".join(
        f'<w:headerReference w:type="{kind}" r:id="rId{number}"/>'
        for number, (kind, _, _) in enumerate(heads, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'header" Target="{name}"/>'
        for number, (_, name, _) in enumerate(heads, start=1)
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{_TYPES}.header+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{relations}</Relationships>',
        "word/document.xml": f"<w:document {_NAMES}><w:body>{rows}<w:sectPr>{marks}</w:sectPr></w:body></w:document>",
    }
    for _, name, lines in heads:
        parts[f"word/{name}"] = f"<w:hdr {_NAMES}>{''.join(map(_paragraph, lines))}</w:hdr>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return out.getvalue()


def _paragraph(text: str) -> str:
    """A paragraph in two runs, as Word cuts texts up while one types."""
    middle = len(text) // 2
    runs = "".join(_run(piece) for piece in (text[:middle], text[middle:]) if piece)
    return f'<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="567"/></w:tabs></w:pPr>{runs}</w:p>'


def _run(text: str) -> str:
    inside = escape(text).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>{inside}</w:t></w:r>"


def _table(cells: Sequence[str]) -> str:
    row = "".join(f"<w:tc>{''.join(map(_paragraph, cell.split(chr(10))))}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"


def head(symbols: str, day: str, *, area: str = "TBT", original: str = "English") -> list[str]:
    """The lines at the head of a document."""
    committee = {"TBT": "Technical Barriers to Trade", "SPS": "Sanitary and Phytosanitary Measures"}[area]
    lines = ["(25-4711)", "Page: 1/2", f"Committee on {committee}", f"Original: {original}"]
    return [*symbols.split("\n"), day, *lines]


def regular(
    symbols: str = "G/TBT/N/KEN/2001", day: str = "11 June 2025", *, kind: str = "", **items: str
) -> bytes:
    """The TBT form of eleven items."""
    stated = {
        "member": "Kenya",
        "agency": "Kenya Bureau of Standards",
        "whom": "P.O. Box 1, Nairobi",
        "articles": "2.9.2 [X], 2.10.1 [  ], 5.6.2 [ ], 5.7.1 [], 3.2 [\xa0], 7.2 [   ], other:",
        "products": "Gas cookers (HS code(s): 7321); (ICS code(s): 97.040.20)",
        "title": "KS 9001:2025 Gas cookers - Safety (12 pages, in English)",
        "description": "Sets out how cookers are tested.\nCovers ovens as well.",
        "objective": "Quality requirements; Consumer safety",
        "relevant": "KS 9000:2019, notified as G/TBT/N/KEN/1500",
        "adoption": "1 December 2025",
        "in_force": "6 months after adoption",
        "deadline": "10 August 2025",
        "texts": "\nhttps://members.wto.org/crnattachments/2025/TBT/KEN/25_04711_00_e.pdf",
        **items,
    }
    title = ["NOTIFICATION", *([kind] if kind else [])]
    rows = [
        f"Notifying Member: {stated['member']}\nIf applicable, name of local government involved:",
        f"Agency responsible: {stated['agency']}\n{WHOM}\n{stated['whom']}",
        f"Notified under Article {stated['articles']}",
        f"{_PRODUCTS} {stated['products']}",
        f"Title, number of pages and language(s) of the notified document: {stated['title']}",
        f"Description of content: {stated['description']}",
        f"Objective and rationale, including the nature of urgent problems where applicable: {stated['objective']}",
        f"Relevant documents: {stated['relevant']}",
        f"Proposed date of adoption: {stated['adoption']}\nProposed date of entry into force: {stated['in_force']}",
        f"Final date for comments: {stated['deadline']}",
        f"{_TEXTS} {stated['texts']}",
    ]
    numbered = [(f"{number}.", row) for number, row in enumerate(rows, start=1)]
    opening = "The following notification is being circulated in accordance with Article 10.6."
    return docx(head(symbols, day), [*title, opening, *numbered])


REASONS = (
    "Comment period changed - date:",
    "Notified measure adopted - date:",
    "Notified measure published - date:",
    "Notified measure enters into force - date:",
    "Text of final measure available from1:",
    "Notified measure withdrawn or revoked - date:",
    "Relevant symbol if measure re-notified:",
    "Content or scope of notified measure changed and text available from1:",
    "New deadline for comments (if applicable):",
    "Interpretive guidance issued and text available from1:",
    "Other:",
)
_UNDER = ("Relevant symbol if measure re-notified:", "New deadline for comments (if applicable):")


def addendum(
    symbol: str = "G/TBT/N/PHL/300/Add.1",
    day: str = "20 June 2025",
    *,
    title: str = "Rules for vapour products",
    description: str = "-",
    in_table: bool = False,
    **ticked: str,
) -> bytes:
    """The form of an addendum since 2014; ``ticked``: number of a line in REASONS (``r3``) → what stands behind it."""
    lines = []
    for number, label in enumerate(REASONS):
        said = ticked.get(f"r{number}")
        box = "" if label in _UNDER else "[X] " if said is not None else "[ ] "
        lines.append(f"{box}{label} {said or ''}".rstrip())
    listed: list[Block] = [(line,) for line in lines] if in_table else [*lines]
    reasons: list[Block] = ["Reason for Addendum:", *listed]
    opening = f"The following communication, dated {day}, is being circulated at the request of the delegation of X."
    blocks: list[Block] = [
        "NOTIFICATION",
        "Addendum",
        opening,
        "_______________",
        f"Title: {title}",
        *reasons,
    ]
    return docx(head(symbol, day), [*blocks, f"Description: {description}", "__________"])


def sps(
    symbol: str = "G/SPS/N/NZL/800", day: str = "2 July 2025", *, emergency: bool = False, **items: str
) -> bytes:
    """The SPS form of thirteen items, or that of emergency measures."""
    stated = {
        "member": "New Zealand",
        "agency": "Ministry for Primary Industries",
        "products": "Fresh pomelo (HS code(s): 080540)",
        "regions": "[ ]\tAll trading partners\n[X]\tSpecific regions or countries: Viet Nam, Thailand",
        "title": "Import health standard: Citrus. Language(s): English. Number of pages: 40",
        "description": "Measures against fruit flies.",
        "objective": "[ ] food safety, [ ] animal health, [X] plant protection, [ ] protect humans from animal/plant "
        "pest or disease, [X] protect territory from other damage from pests.",
        "adoption": "1 October 2025",
        "publication": "2 October 2025",
        "in_force": "3 November 2025",
        "deadline": "31 August 2025",
        "texts": "https://members.wto.org/crnattachments/2025/SPS/NZL/25_00001_00_e.pdf",
        **items,
    }
    rows = [
        f"Notifying Member: {stated['member']}\nIf applicable, name of local government involved:",
        f"Agency responsible: {stated['agency']}",
        f"{_SPS_PRODUCTS} {stated['products']}",
        f"Regions or countries likely to be affected, to the extent relevant or practicable:\n{stated['regions']}",
        f"Title of the notified document: {stated['title']}",
        f"Description of content: {stated['description']}",
        f"Objective and rationale: {stated['objective']}",
    ]
    if emergency:
        rows += [
            "Nature of the urgent problem(s) and reason for urgent action: Flies were found.",
            "Is there a relevant international standard? If so, identify the standard:\n[X]\tNone",
            "Other relevant documents and language(s) in which these are available:",
            f"Date of entry into force (dd/mm/yy)/period of application (as applicable): {stated['in_force']}",
        ]
    else:
        rows += [
            "Is there a relevant international standard? If so, identify the standard:\n[X]\tNone",
            "Other relevant documents and language(s) in which these are available:",
            f"Proposed date of adoption (dd/mm/yy): {stated['adoption']}\n{_SPS_PUBLISHED} {stated['publication']}",
            f"{_SPS_IN_FORCE} {stated['in_force']}\n{stated.get('facilitating', '[ ]')}\tTrade facilitating measure",
            f"Final date for comments: {stated.get('sixty', '[ ]')} {_SIXTY} {stated['deadline']}\n{_WHOM_TO} {_POINT}",
            f"Text(s) available from: {_POINT}\n{stated['texts']}",
        ]
    numbered = [(f"{number}.", row) for number, row in enumerate(rows, start=1)]
    title = "NOTIFICATION OF EMERGENCY MEASURES" if emergency else "NOTIFICATION"
    return docx(head(symbol, day, area="SPS"), [title, *numbered])
