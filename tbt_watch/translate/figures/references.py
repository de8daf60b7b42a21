"""What points at a place or a document by its number: Article 13(1)(a), No. 2022-748, clauses 5.2.1 and 5.3.

Also the numbers of laws (Law 25.506), of versions (Bluetooth 5.0) and of headings (1.1 Scope): none is an amount, and
none has a decimal mark to turn over.
"""

import re
from collections.abc import Iterator

from tbt_watch.translate.figures.quantities import money_at, scale_at, unit_at
from tbt_watch.translate.figures.spans import Span

_LABELS = (
    r"articles?|arts?\.|sections?|secs?\.|sub-?sections?|§{1,2}|clauses?|sub-?clauses?|paragraphs?|sub-?paragraphs?|"
    r"paras?\.|annex(?:es)?|appendi(?:x|ces)|parts?|subparts?|chapters?|rules?|regulations?|schedules?|tables?|"
    r"figures?|items?|points?|entr(?:y|ies)|versions?|ver\.|levels?|caps?\.|sch\.|volumes?|lines?|notes?|(?:sub-?)?headings?|partidas?|"
    r"artículos?|sección|secciones|cláusulas?|párrafos?|anexos?|apéndices?|partes?|capítulos?|numeral(?:es)?|puntos?|"
    r"versión|tablas?|cuadros?|articles?|paragraphes?|annexes?|parties?|chapitres?|tableaux?|"
    r"laws?|decrees?|resolutions?|ordinances?|directives?|decisions?|circulars?|(?-i:Acts?|ACTS?|Orders?|ORDERS?)|"
    r"ley(?:es)?|decretos?|resoluci(?:ón|ones)|ordenanzas?|disposici(?:ón|ones)|acuerdos?|circular(?:es)?|"
    r"lois?|décrets?|arrêtés?|ordonnances?|résolutions?|décisions?|circulaires?|"
    r"releases?|revisions?|rev\.|editions?|Bluetooth|USB|Wi-?Fi|HDMI|PCIe|TLS|SSL|HTTP|HTML|Android|Windows|iOS"
)
_ITEM = (
    r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,6}[a-zA-Z]?(?:\([0-9a-zA-Z]{1,5}\)){0,6}(?!\w|[ ]?%|[.,][0-9])(?!\.[0-9])"
)
_AND = r"(?:,[ ]|/|[ ]?[-\u2013][ ]?|[ ](?:and|or|to|y|e|o|u|a|et|ou|à)[ ]|,[ ](?:and|or)[ ])"
_LABELLED = re.compile(
    rf"(?<!\w)(?:{_LABELS})[ \u00a0]?(?P<items>{_ITEM}(?:{_AND}{_ITEM}){{0,40}})", re.IGNORECASE
)
# An outline number of at most two digits a step: 4.2, 10.12.3.
_PLACE = r"[1-9][0-9]?(?:\.[0-9]{1,2}){1,5}(?:\([0-9a-zA-Z]{1,5}\)){0,6}(?!\w|[ ]?%|[.,]?[0-9])"
_PLACES = rf"{_PLACE}(?:{_AND}{_PLACE}){{0,20}}"
_POINTED = re.compile(
    rf"(?<!\w)(?:see|cf\.|voir|véase|ver)[ \u00a0](?:also[ ]|también[ ]|aussi[ ])?(?P<items>{_PLACES})"
    rf"|(?<!\w)(?:in|with|under|en|con|sous|dans|avec|selon|según)[ \u00a0](?P<place>{_PLACES})"
    r"(?=[,;:.)\]]|\s*$|[ ](?:above|below|and|or|shall|must|may|should|is|are|appl(?:y|ies)|y|o|et|ou)\b)",
    re.IGNORECASE,
)
# 1.1 Scope: at the start of a line or a sentence, and a capital behind it; NUL is what is taken already.
_HEADING = re.compile(
    r"(?:^|(?<=[.;:!?][ ]))[ \t]*(?P<items>[1-9][0-9]?(?:\.[0-9]{1,2}){1,5})(?=\.?[ \t\u00a0]+[A-ZÀ-ÖØ-Þ\"\u201c\0])",
    re.MULTILINE,
)
_ITEMS = re.compile(rf"{_ITEM}(?:(?:,[ ]|[-\u2013/]){_ITEM})*+")
_NUMBERED = re.compile(
    r"(?<![\w.])(?:[Nn]os?\.|N[º°]s?\.?|n[º°]s?\.?|[Nn]\.[ ]?[º°]|[Nn](?:úm|ro)s?\.)[ \u00a0]?"
    r"(?P<number>(?:[A-Z]{1,8}[-/ ]?)?[0-9]{1,14}(?:[./-][0-9A-Z]{1,10}|,[0-9]{3}(?![0-9])|[A-Z])*"
    r"(?:\([0-9a-zA-Z]{1,4}\))?)"
    r"(?!\w|[.,:/-][0-9])"
)
# What has its letters behind its number: 44395-MEIC, 2025-RE-03, 318(E), 638(I)/2025; and SARS-CoV-2.
_SERIAL = re.compile(
    r"(?<![\w.,/-])(?:(?=[0-9/-]{1,20}[A-Z]{2})[0-9]{1,6}(?:[-/][A-Z0-9]{1,12}){1,6}"
    r"|(?!B\.E\.)(?:[A-Z]\.){2,4}[ ]?[0-9]{1,6}(?:\([A-Z]{1,4}\))?(?:/[0-9]{4})?"
    r"|(?=[a-z-]{0,20}[A-Z][a-z-]{0,20}[A-Z])[A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,3}-[0-9]{1,4})(?!\w)"
)
# 4-methyl-2-phenylpent-2-enal, propan-2-ol, 1,4-dioxane: the numbers are places in a molecule.
_CHEMICAL = re.compile(
    r"(?<!\w)(?:(?:[0-9]{1,2}(?:,[0-9]{1,2}){0,5}[′']?-)?[a-zA-Z]{2,30}(?:-[0-9]{1,2}(?:,[0-9]{1,2}){0,5}-[a-z]{2,30}){1,6}"
    r"|[0-9]{1,2}(?:,[0-9]{1,2}){1,5}[′']?-[a-zA-Z()]{3,40}(?:-[0-9]{1,2}(?:,[0-9]{1,2}){0,5}-[a-z]{2,30}){0,6})(?![\w])"
)
_ENUMBER = re.compile(
    r"(?<!\w)(?:E|INS|SIN)[ -][0-9]{3,4}[a-z]?(?:\([ivx]{1,4}\))?(?:[-\u2013][0-9]{3,4})?"
    r"(?![\w.,]?[0-9]|\w)"
)


def find_references(text: str) -> Iterator[Span]:
    """The references of a text, not in order; none of them overlap where ``text`` has NUL for what is taken."""
    for match in _CHEMICAL.finditer(text):
        yield Span(match.start(), match.end(), "code", match.group())
    for match in _ENUMBER.finditer(text):
        yield Span(match.start(), match.end(), "code", match.group())
    for match in _NUMBERED.finditer(text):
        yield Span(match.start(), match.end(), "code", f"số {match['number']}")
    for match in _SERIAL.finditer(text):
        yield Span(match.start(), match.end(), "code", match.group())
    for match in _LABELLED.finditer(text):
        yield from _items(text, *match.span("items"))
    for match in _POINTED.finditer(text):
        yield from _items(text, *match.span(match.lastgroup or 0))
    for match in _HEADING.finditer(text):
        yield from _items(text, *match.span("items"))


def _items(text: str, start: int, end: int) -> Iterator[Span]:
    for item in _ITEMS.finditer(text, start, end):
        amount = "." in item.group() and (
            unit_at(text, item.end())
            or money_at(text, item.end())
            or scale_at(text, item.start(), item.end(), "en")
        )
        if not amount:  # "in part 0.5 mg" is a measure
            yield Span(item.start(), item.end(), "number", item.group())
