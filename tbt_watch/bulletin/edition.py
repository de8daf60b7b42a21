"""What an edition says, put together from its notices and its frame: the same for page, PDF, DOCX and comparison."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tbt_watch.bulletin.addresses import INDEX, address_of, printed, segment
from tbt_watch.bulletin.card import Card, Deadlines, make_card, shorten
from tbt_watch.bulletin.figures import Table, deadlines_table, figures
from tbt_watch.bulletin.frame import Frame
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.bulletin import Bulletin, BulletinItem, Part, Section
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Document, Notice
from tbt_watch.language import Language

_LONGEST_PASSAGE = 1500
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A named fact of an entry; ``name`` is stable, ``label`` for readers. ``lang``: of the text."""

    name: str
    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A notice as an edition tells it. ``anchor``: its place in the edition; ``path`` of its page from the site's root,
    ``address`` that page as it is read on paper (empty where nobody knows it)."""

    key: str
    anchor: str
    card: Card
    lead: tuple[str, ...]
    lines: tuple[Line, ...]
    address: str = ""

    @property
    def path(self) -> str:
        """Its page."""
        return self.card.path


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionView:
    """A section with its entries; ``heading`` may be empty, ``words`` are the editor's (Markdown)."""

    anchor: str
    heading: str
    words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartView:
    """A part with its sections, ``numeral`` and heading."""

    anchor: str
    numeral: str
    heading: str
    sections: tuple[SectionView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A line of the box: until when, by when to send, and which notice; ``anchor`` where it stands in this edition."""

    until: str
    sending: str
    card: Card
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionLine:
    """How an edition stands in a list; ``number`` is empty for a draft, ``folder`` from the site's root."""

    name: str
    number: str
    title: str
    period: str
    count: str
    folder: str

    @property
    def heading(self) -> str:
        """``Bản tin nhanh số 12/2026``."""
        return " ".join(filter(None, (self.name, self.number)))

    @property
    def path(self) -> str:
        """Its page."""
        return self.folder + INDEX


def line_of(one: Bulletin, words: Words) -> EditionLine:
    """The line of an edition, without a look at its notices."""
    return EditionLine(
        name=name_of(one, words),
        number=number_of(one, words),
        title=one.title,
        period=words.say("From {since} to {until}", since=one.since, until=one.until),
        count=words.say_n("{n} notice", "{n} notices", len({item.key for item in one.told})),
        folder=folder_of(one),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionPage:
    """Everything that page, PDF and DOCX print; ``tables`` end a periodical, ``imprint`` stands at the foot."""

    bulletin: Bulletin
    lang: str
    frame: Frame
    line: EditionLine
    published: str
    words: str
    closing: tuple[Closing, ...]
    parts: tuple[PartView, ...]
    tables: tuple[Table, ...]
    imprint: tuple[str, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every notice that it tells."""
        return tuple(entry for part in self.parts for section in part.sections for entry in section.entries)

    @property
    def file(self) -> str:
        """What its files are called, without ending."""
        one = self.bulletin
        room = "tap-san" if one.kind == "periodical" else "ban-tin"
        return f"{room}-{one.number}-{one.year}" if one.number else f"{room}-du-thao-{one.id or 0}"


def folder_of(one: Bulletin) -> str:
    """``ban-tin/2026/so-12/``; ``tap-san/2026/so-3/``."""
    room = "tap-san" if one.kind == "periodical" else "ban-tin"
    return f"{room}/{one.year}/so-{one.number}/" if one.number else f"{room}/du-thao-{one.id or 0}/"


def make_edition(one: Bulletin, dossiers: Iterable[Dossier], frame: Frame, language: Language) -> EditionPage:
    """The edition as it reads on the frame's day; notices that are not among ``dossiers`` are left out."""
    words = Words(language=language, labels=frame.labels, lang=one.lang, today=frame.day)
    found = {item.notice.key: item for item in dossiers}
    parts = tuple(_parts(one, found, words, frame))
    anchors = {entry.key: entry.anchor for part in parts for view in part.sections for entry in view.entries}
    told = [found[item.key] for item in one.told if item.key in found]
    periodical = one.kind == "periodical"
    return EditionPage(
        bulletin=one,
        lang=one.lang,
        frame=frame,
        line=line_of(one, words),
        published=words.say("Published on {day}", day=frame.day)
        if one.published
        else words.say("Draft, not published"),
        words=one.words,
        closing=tuple(_closing(one, found, words, frame.deadlines, anchors)),
        parts=parts,
        tables=(deadlines_table(told, words, frame.deadlines), *figures(told, words)) if periodical else (),
        imprint=tuple(_imprint(frame, words)),
    )


def name_of(one: Bulletin, words: Words) -> str:
    """What an edition of that kind is called."""
    return words.say("Periodical") if one.kind == "periodical" else words.say("Weekly bulletin")


def number_of(one: Bulletin, words: Words) -> str:
    """``số 12/2026``; empty for a draft."""
    if one.number is None:
        return ""
    return words.say("No. {number}/{year}", number=str(one.number), year=str(one.year))


def _parts(one: Bulletin, found: Mapping[str, Dossier], words: Words, frame: Frame) -> Iterator[PartView]:
    shown = [section for section in one.sections if section.part != "closing"]
    anchors: dict[str, int] = {}
    number = 0
    for part, sections in groupby(shown, key=lambda section: section.part):
        views = [
            _section(section, found, words, frame, f"muc-{number + 1}-{place}", anchors)
            for place, section in enumerate(sections, 1)
        ]
        views = [view for view in views if view.entries or view.words.strip()]
        if views:
            numeral = _NUMERALS[number] if number < len(_NUMERALS) else str(number + 1)
            number += 1
            heading = part_names(words)[part]
            yield PartView(anchor=f"phan-{number}", numeral=numeral, heading=heading, sections=tuple(views))


def part_names(words: Words) -> Mapping[Part, str]:
    """What the parts of an edition are called."""
    return {
        "closing": words.say("Closing soon"),
        "warnings": words.say("Warnings"),
        "law": words.say("Legal information"),
        "market": words.say("Markets and integration"),
        "other": words.say("Exchange and discussion"),
    }


def _section(
    section: Section,
    found: Mapping[str, Dossier],
    words: Words,
    frame: Frame,
    anchor: str,
    anchors: dict[str, int],
) -> SectionView:
    entries = [
        make_entry(found[item.key], words, frame, anchors) for item in section.items if item.key in found
    ]
    return SectionView(
        anchor=anchor,
        heading=shorten(section.heading(words.lang), 300),
        words=section.words,
        entries=tuple(entries),
    )


def make_entry(dossier: Dossier, words: Words, frame: Frame, anchors: dict[str, int]) -> Entry:
    """A notice as it is told; ``anchors`` counts what was given away, so that each stands once."""
    card = make_card(dossier, words, frame.deadlines)
    anchor = segment(card.symbol or dossier.notice.key)
    anchors[anchor] = anchors.get(anchor, 0) + 1
    if anchors[anchor] > 1:
        anchor = f"{anchor}-{anchors[anchor]}"
    return Entry(
        key=dossier.notice.key,
        anchor=anchor,
        card=card,
        lead=_lead(dossier, words),
        lines=tuple(_lines(dossier, card, words, frame)),
        address=printed(address_of(frame.base_url, card.path), 90),
    )


def _lead(dossier: Dossier, words: Words) -> tuple[str, ...]:
    """Its opening in two paragraphs, what was notified and the rest; without one, what the source writes. The symbol is
    not said again: it stands under the headline."""
    text = dossier.text("opening", words.lang) or dossier.text("summary", words.lang)
    lines = [line.strip() for line in shorten_lines(text).splitlines() if line.strip()]
    said = lines[-1].partition(": ")[2].rstrip(".").split(", ") if lines else []
    if len(lines) > 1 and set(said) <= set(dossier.notice.symbols):
        lines.pop()
    return tuple(filter(None, (*lines[:1], " ".join(lines[1:]))))


def shorten_lines(text: str) -> str:
    """The text cut at a word where it is longer than a reader of a bulletin wants."""
    return text if len(text) <= _LONGEST_PASSAGE else shorten(text, _LONGEST_PASSAGE)


def _lines(dossier: Dossier, card: Card, words: Words, frame: Frame) -> Iterator[Line]:
    notice = dossier.notice
    if notice.kind == "notification" and card.joint:
        yield Line(name="symbols", label=words.say("Symbol"), text=", ".join(notice.symbols))
    if notice.kind == "notification" and card.products:
        foreign = card.products_lang != words.lang
        text = f"{card.products} ({words.say('not translated')})" if foreign else card.products
        yield Line(name="products", label=words.field("products"), text=text, lang=card.products_lang)
    if summary := _summary(dossier, words):
        yield summary
    if notice.kind == "notification" and notice.comment_until:
        point = frame.office.enquiry_point(notice.area)
        by = frame.deadlines.send_by(notice)
        if by and card.sending:
            label = (
                words.say("Send comments to {office} by", office=point.name)
                if point
                else words.say("Send comments to the national office by")
            )
            yield Line(
                name="send_by",
                label=label,
                text=words.date(by) if by >= words.today else words.say("Send now"),
            )
    marks = [words.tag(tag) for tag in dossier.tags if tag.kind != "market"]
    if marks:
        yield Line(name="tags", label=words.say("Filed under"), text="; ".join(marks))
    documents = [shown for one in _papers(notice) if (shown := printed(one.url, 70))]
    if documents:
        yield Line(name="documents", label=words.say("Documents"), text="; ".join(documents))


def _papers(notice: Notice) -> list[Document]:
    """The first document of each kind: the notification, and the text of the measure."""
    found = {one.kind: one for one in reversed(notice.documents)}
    return [found[kind] for kind in ("notification", "attachment") if kind in found]


def _summary(dossier: Dossier, words: Words) -> Line | None:
    """What the measure says, where it was put into the reader's language and the opening stands already."""
    found = dossier.translation("summary", words.lang)
    if not found or not dossier.translation("opening", words.lang):
        return None
    return Line(name="summary", label=words.field("summary"), text=shorten(found.text, _LONGEST_PASSAGE))


def _closing(
    one: Bulletin,
    found: Mapping[str, Dossier],
    words: Words,
    deadlines: Deadlines,
    anchors: Mapping[str, str],
) -> Iterator[Closing]:
    for item in _boxed(one):
        if item.key not in found:
            continue
        card = make_card(found[item.key], words, deadlines)
        until = found[item.key].notice.comment_until
        yield Closing(
            until=words.date(until) if until else "",
            sending=card.sending,
            card=card,
            anchor=anchors.get(item.key, ""),
        )


def _boxed(one: Bulletin) -> Sequence[BulletinItem]:
    return [item for section in one.sections if section.part == "closing" for item in section.items]


def _imprint(frame: Frame, words: Words) -> Iterator[str]:
    office, imprint = frame.office, frame.imprint
    yield office.name
    if office.address:
        yield words.say("Address: {text}", text=office.address)
    reach = [f"{words.say('Telephone')}: {office.phone}" if office.phone else ""]
    reach += [f"{words.say('E-mail')}: {office.email}" if office.email else "", printed(office.website)]
    if any(reach):
        yield " – ".join(filter(None, reach))
    if imprint.editor:
        yield words.say("Responsible for the content: {name}", name=imprint.editor)
    if imprint.licence:
        yield words.say("Publishing licence: {text}", text=imprint.licence)
