"""Notifications of the WTO as ePing states them: the record of its web API, and the row of its workbooks."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tbt_watch.domain.legal import find_numbers
from tbt_watch.domain.notice import Document, Milestone, Notice, Relation
from tbt_watch.domain.symbol import Symbol, parse_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.affected import affected_members
from tbt_watch.normalise.reading import (
    Reading,
    Remark,
    clean_codes,
    one_line,
    plain,
    read_day,
    read_links,
    unknown_values,
)
from tbt_watch.normalise.tongue import tongue
from tbt_watch.normalise.wto_form import stated_day
from tbt_watch.source.workbook import HS_ENTRY, ICS_ENTRY, split_coded

# The addendum form's footnote, which stands in some records in the place of a description.
_FOOTNOTE = re.compile(r"-?_{5,}\s*1?\s*This information can be provided by including a website.*", re.DOTALL)
_DOCUMENT_LANGUAGE = {"t": "en", "u": "fr", "v": "es", "q": "en", "r": "fr", "s": "es"}
_ATTACHMENT_LANGUAGE = {"e": "en", "f": "fr", "s": "es"}
_FOLDER = re.compile(r"DDFDocuments/([tuvqrs])/", re.IGNORECASE)
_ATTACHMENT = re.compile(r"_([efs])\.\w{3,4}$", re.IGNORECASE)
_HANDLED = frozenset(
    """id area notificationType documentSymbol notifyingMember notifyingMemberCode distributionDate
    commentDeadlineDate proposedAdoptionDate proposedAdoptionDateText proposedEntryIntoForceDate
    proposedEntryIntoForceDateText title titlePlain description descriptionPlain productsFreeText
    productsFreeTextPlain hsCodes icsCodes objectives keywords spsKeywords countriesAffected
    notifiedDocumentLink linkToNotification""".split()
)
# Known and not used: said elsewhere in the record, or of no use to a reader.
_IGNORED = frozenset(
    """hsCodeText icsCodeText objectivesFreeText allTradingPartners relevantDocumentTitle dolLink
    codexAlimentariusCommision isOpenForComments""".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    """What both shapes state, still in ePing's words."""

    area: str
    symbols: str
    member: str
    type: str
    published: str
    deadline: str
    title: str
    summary: str
    products: str
    hs: Sequence[str]
    ics: Sequence[str]
    objectives: Sequence[str]
    keywords: Sequence[str]
    affected: Sequence[str]
    adoption: tuple[str, str]
    in_force: tuple[str, str]
    attachments: str
    links: Sequence[str]


def read_web(raw: RawRecord, language: Language) -> Reading:
    """The record of ``getAll`` and of the official API. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)

    def text(name: str, *, rich: bool = False) -> str:
        value = body.get(f"{name}Plain") or body.get(name) if rich else body.get(name)
        return _scalar(value, name)

    def names(name: str, part: str = "name") -> list[str]:
        listed = body.get(name) or []
        if not isinstance(listed, list):
            raise TypeError(f"{name} is no list")
        return [_scalar(item.get(part) if isinstance(item, Mapping) else item, name) for item in listed]

    record = _Record(
        area=text("area"),
        symbols=text("documentSymbol"),
        member=text("notifyingMember"),
        type=text("notificationType"),
        published=text("distributionDate"),
        deadline=text("commentDeadlineDate"),
        title=text("title", rich=True),
        summary=text("description", rich=True),
        products=text("productsFreeText", rich=True),
        hs=names("hsCodes", "code"),
        ics=names("icsCodes", "code"),
        objectives=names("objectives"),
        keywords=names("keywords") + names("spsKeywords"),
        affected=names("countriesAffected"),
        adoption=(text("proposedAdoptionDate"), text("proposedAdoptionDateText")),
        in_force=(text("proposedEntryIntoForceDate"), text("proposedEntryIntoForceDateText")),
        attachments=text("notifiedDocumentLink"),
        links=read_links(text("linkToNotification")),
    )
    unknown = sorted(set(body) - _HANDLED - _IGNORED)
    return _reading(raw, record, language, _unknown_fields(unknown))


def read_workbook_row(raw: RawRecord, language: Language) -> Reading:
    """The row of an export or of the bulk workbook. Raises ReadingError."""
    body: dict[str, Any] = json.loads(raw.body)
    cells: Mapping[str, str] = body["cells"]
    addresses: Mapping[str, str] = body["links"]

    def cell(name: str) -> str:
        return _scalar(cells.get(name), name)

    def codes(name: str, pattern: re.Pattern[str]) -> list[str]:
        entries, rest = split_coded(cell(name), pattern)
        return [*filter(None, [rest]), *(code for code, _ in entries)]

    def several(name: str) -> list[str]:
        return [item for part in cell(name).split(";") if (item := part.strip())]

    columns = [name for name in {**cells, **addresses} if name.startswith("link to notification")]
    stated = [address for name in columns for address in (addresses.get(name), *read_links(cell(name)))]
    links = list(dict.fromkeys(filter(None, stated)))
    record = _Record(
        area="",
        symbols=cell("document symbol"),
        member=cell("notifying member"),
        type=cell("notification type"),
        published=cell("distribution date"),
        deadline=cell("final date for comments"),
        title=cell("title"),
        summary=cell("description"),
        products=cell("products covered"),
        hs=codes("hs code(s)", HS_ENTRY),
        ics=codes("ics code(s)", ICS_ENTRY),
        objectives=several("objectives"),
        keywords=several("keywords"),
        affected=several("specific regions or countries likely to be affected"),
        adoption=_day_or_words(cell("proposed adoption date")),
        in_force=_day_or_words(cell("proposed entry into force date")),
        attachments=cell("notified document"),
        links=links,
    )
    return _reading(raw, record, language, ())


def _scalar(value: object, name: str) -> str:
    """A text or number as text, nothing as empty; anything else is not the shape that was promised."""
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError(f"{name} is a {type(value).__name__}")


def _day_or_words(text: str) -> tuple[str, str]:
    return (text, "") if re.match(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}$", text.strip()) else ("", text)


def _unknown_fields(names: Sequence[str]) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            kind="unknown-field",
            about=name,
            message=f"The records carry a field {name!r} that the source's contract does not know; it was not read.",
            todo="Nothing is lost, the answer is kept whole. Tell the maintainers what the field holds.",
        )
        for name in names
    )


def _reading(raw: RawRecord, record: _Record, language: Language, remarks: tuple[Remark, ...]) -> Reading:
    symbols = read_symbols(record.symbols, one_line(record.title))
    name = symbols[0].text
    member = read_member(record.member, name, language)
    kind, emergency = _type(record.type, name, language)
    published = read_day(record.published, f"distribution date of {name}")
    if published is None:
        raise ReadingError(
            f"{name} has no distribution date.",
            kind="no-date",
            todo="Look at the record at its source; when the source adds the date, it comes in by itself.",
        )
    hs, hs_remarks = clean_codes(record.hs, "HS", name)
    ics, ics_remarks = clean_codes(record.ics, "ICS", name)
    objectives, unknown_objectives = _coded(record.objectives, language.objective)
    keywords, unknown_keywords = _coded(record.keywords, language.keyword)
    title, summary = one_line(record.title), _FOOTNOTE.sub("", plain(record.summary)).strip()
    deadline = read_day(record.deadline, f"final date for comments of {name}")
    notice = Notice(
        key=name,
        kind="notification",
        area="SPS" if symbols[0].area == "SPS" else "TBT",
        type=kind,
        emergency=emergency,
        symbols=tuple(symbol.text for symbol in symbols),
        thread=symbols[0].base.text,
        follows=above.text if (above := symbols[0].follows) else None,
        members=(member,),
        title=title,
        summary=summary,
        products=plain(record.products),
        language=tongue(f"{title} {summary}"),
        hs_codes=hs,
        ics_codes=ics,
        objectives=objectives,
        keywords=keywords,
        affected=affected_members(record.affected, language),
        published_on=published,
        comment_until=deadline,
        adoption=_milestone(record.adoption),
        in_force=_milestone(record.in_force),
        related=_related(title, summary) if member == "VNM" else (),
        documents=_documents(record),
        sources=(raw.source,),
    )
    return Reading(
        notice=notice,
        remarks=(
            *remarks,
            *hs_remarks,
            *ics_remarks,
            *unknown_values("objective", unknown_objectives, name),
            *unknown_values("keyword", unknown_keywords, name),
        ),
        doubt=_doubt(notice, symbols, record),
    )


def read_symbols(field: str, about: str = "") -> tuple[Symbol, ...]:
    """The symbols of a field, sorted. Raises ReadingError, which says what the record is ``about``, when there is
    none, or one cannot be read."""
    good, bad = parse_symbols(field)
    if bad or not good:
        named = f" ({about[:80]!r})" if about else ""
        what = f"The symbol {bad[0][:60]!r} cannot be read" if bad else f"The record{named} has no symbol"
        raise ReadingError(
            f"{what}.",
            kind="bad-symbol" if bad else "no-symbol",
            todo="Look at the record at its source; when the source mends the symbol, it comes in by itself.",
        )
    return good


def read_member(name: str, symbol: str, language: Language) -> str:
    """The code of a Member by its name. Raises ReadingError for a name that the table does not know."""
    code = language.member_code(collapse(name))
    if code is None:
        raise ReadingError(
            f"{symbol} names the notifying Member {name.strip()[:60]!r}, which the table of Members does not know.",
            kind="unknown-member",
            todo="Add the spelling to members.tsv in translations/; the record then comes in by itself.",
        )
    return code


def _type(text: str, symbol: str, language: Language) -> tuple[str, bool]:
    code = language.notification_type(collapse(text))
    if code is None:
        raise ReadingError(
            f"{symbol} is of the type {text.strip()[:60]!r}, which is none that the WTO uses.",
            kind="unknown-type",
            todo="If the WTO has a new type, add its wording to values.tsv in translations/; the record then comes in.",
        )
    base, dash, emergency = code.partition("-emergency")
    return base, bool(dash) or base == "emergency" or bool(emergency)


def _coded(values: Sequence[str], known: Any) -> tuple[tuple[str, ...], list[str]]:
    codes: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for value in values:
        text = collapse(value)
        code = known(text)
        if code is not None:
            codes[code] = None
        elif text:
            unknown[text] = None
    return tuple(codes), list(unknown)


def _related(title: str, summary: str) -> tuple[Relation, ...]:
    """The Vietnamese documents that a notification of Viet Nam names: a regulation is what it notifies, and so is what
    the title names; others in the description are what the measure rests on."""
    own = [number.text for number in find_numbers(f"{title} {summary}") if number.family in ("QCVN", "QCĐP")]
    own += [number.text for number in find_numbers(title)]
    found = [Relation(rel="notifies", key=text) for text in dict.fromkeys(own)]
    others = (number.text for number in find_numbers(summary) if number.text not in own)
    return (*found, *(Relation(rel="mentions", key=text) for text in others))


def _milestone(pair: tuple[str, str]) -> Milestone:
    day, words = pair
    text = one_line(words) or None
    try:
        found: date | None = read_day(day, "date")
    except ReadingError:
        found, text = None, text or one_line(day)
    if found is None and text and any(map(str.isalpha, text)):  # figures alone may have the month first
        found = stated_day(text)
    return Milestone(date=found, text=text)


def _documents(record: _Record) -> tuple[Document, ...]:
    found = [notification_at(url) for url in record.links]
    found += [attachment(url) for url in read_links(record.attachments)]
    return tuple(dict.fromkeys(found))


def notification_at(url: str) -> Document:
    """The notification itself; the folder of Documents Online says its language."""
    folder = _FOLDER.search(url)
    language = _DOCUMENT_LANGUAGE.get(folder[1].lower()) if folder else None
    return Document(url=url, language=language, kind="notification")


def attachment(url: str) -> Document:
    """A text of the measure; in the WTO's file names a letter says its language, ``x`` any other."""
    letter = _ATTACHMENT.search(url)
    return Document(url=url, language=_ATTACHMENT_LANGUAGE.get(letter[1].lower()) if letter else None)


def _doubt(notice: Notice, symbols: Sequence[Symbol], record: _Record) -> str:
    """Why what the record says of itself is in doubt: what a person must look at before the notice goes out."""
    own = {
        "EU" if symbol.member == "EEC" else symbol.member for symbol in symbols
    }  # EEC: before December 2009
    if None not in own and not own & set(notice.members):
        return "member-not-in-symbol"
    if record.area and record.area.upper() != notice.area:
        return "area-not-of-symbol"
    suffix = symbols[0].suffix[-1][0] if symbols[0].suffix else ""
    expected = {"Add": "addendum", "Rev": "revision", "Corr": "corrigendum", "Suppl": "supplement"}.get(
        suffix
    )
    if (expected and notice.type != expected) or (not expected and notice.type in (
        "addendum", "revision", "corrigendum", "supplement",
    )):  # fmt: skip
        return "type-not-of-symbol"
    return ""
