"""A notification's own document, as the Member wrote it into the form of its committee.

What ePing leaves out stands here: the agency, the articles, and why an addendum was sent: a new deadline, the day of
adoption or entry into force, a withdrawal. What ePing states too is taken from ePing (``compose.PRECEDENCE``).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from tbt_watch.domain.notice import Document, Milestone, Notice, Reason, Relation
from tbt_watch.domain.symbol import Symbol, find_symbols
from tbt_watch.domain.text import collapse
from tbt_watch.domain.work import RawRecord
from tbt_watch.errors import ReadingError
from tbt_watch.language import Language
from tbt_watch.normalise.affected import affected_members
from tbt_watch.normalise.eping import attachment, notification_at
from tbt_watch.normalise.latest import members_of, type_of
from tbt_watch.normalise.reading import (
    Reading,
    Remark,
    clean_codes,
    one_line,
    plain,
    read_links,
    unknown_values,
)
from tbt_watch.normalise.tongue import tongue
from tbt_watch.normalise.wto_form import Form, articles, read_form, stated_day, stated_period, ticked
from tbt_watch.source.word import head_of

_KINDS = {
    "pdf": "a PDF file",
    "doc": "a Word file of before 2007 (.doc)",
    "rtf": "an RTF file",
    "zip": "an archive that is no Word file",
    "other": "a file of an unknown kind",
}
_TONGUES = {"Comité des ": "French", "Comité de ": "Spanish"}
_PAGES = re.compile(r"\s*\(\s*\d+\s*page.*\)[\s.]*$|\s*Language\(s\):.*$", re.DOTALL | re.IGNORECASE)
_CALLED = re.compile(
    r"\b(HS|ICS)(?: (?:codes?|numbers?|headings?)(?:\(s\))?)?\s*:?\s*(\d[\d.;,\s]*(?:(?:and|&) \d[\d.;,\s]*)*)"
    r"(?!\d|\s*(?:edition|version|nomenclature))",
    re.IGNORECASE,
)
_WHOM = re.compile(r"\s*Name and address \(", re.IGNORECASE)
_AND_OR = re.compile(r"\(dd/mm/yy\)[^:]*:[ \t\xa0]*([^\n\[]*)")
_SUB_LABEL = re.compile(r"(?P<again>Relevant symbol if measure re-notified)|New deadline for comments")
_NOTHING = frozenset({"", "-", "--", "none", "not applicable", "not stated", "n/a"})
_FACILITATING = "trade facilitating measure"
_HELD_AT = "members.wto.org/crnattachments/"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What an addendum's boxes say."""

    reasons: tuple[Reason, ...] = ()
    comment_until: date | None = None
    adoption: Milestone = field(default_factory=Milestone)
    in_force: Milestone = field(default_factory=Milestone)
    withdrawn: bool = False
    withdrawn_on: date | None = None
    related: tuple[Relation, ...] = ()
    unknown: tuple[str, ...] = ()


def read_document(raw: RawRecord, language: Language) -> Reading:
    """The notice that a document states. Raises ReadingError, also for a file that is no Word form in English."""
    body: dict[str, Any] = json.loads(raw.body)
    name = str(body["name"])
    if body["format"] != "docx":
        raise _not_read(name, str(body["format"]), str(body.get("text") or ""))
    head = head_of(body["header"], body["blocks"])
    symbols = tuple(sorted(find_symbols(" ; ".join(head))))
    if not symbols:
        raise ReadingError(
            f"{name} has no symbol of a notification at its head.",
            kind="no-symbol",
            todo="Open the file: if it is a notification, tell the maintainers; if not, close the issue.",
        )
    if tongue_of := next(
        (words for line in head for start, words in _TONGUES.items() if line.startswith(start)), ""
    ):
        raise ReadingError(
            f"{name}, the document of {symbols[0].text}, is in {tongue_of}: only the English form is read.",
            kind="other-language",
            todo="Get the English one when the WTO has translated it, and read it with --file; or close the issue.",
        )
    published = next((day for line in head if (day := stated_day(line))), None)
    if published is None:
        raise ReadingError(
            f"{name}, the document of {symbols[0].text}, has no date at its head.",
            kind="no-date",
            todo="Open the file: if there is a date, tell the maintainers; if not, close the issue.",
        )
    form = read_form(body["blocks"])
    if not form.items and not form.prose:
        raise ReadingError(
            f"{name}, the document of {symbols[0].text}, has none of the items of a notification's form.",
            kind="no-form",
            todo="Open the file: if it is a notification, the WTO has changed its form; tell the maintainers.",
        )
    return _reading(raw, symbols, published, form, language)


def _not_read(name: str, kind: str, text: str) -> ReadingError:
    if kind == "html":
        unpublished = "not published" in collapse(plain(text)).lower()
        what = (
            "says that the document is not published" if unpublished else "is a web page and not the document"
        )
        return ReadingError(
            f"{name} was kept and not read: what the site answered {what}.",
            kind="not-read",
            todo="The next runs ask again while the notification is new; or open it in a browser, save the Word file, "
            "and read it with tbt-watch collect wto_documents --file PATH.",
        )
    return ReadingError(
        f"{name} was kept and not read: it is {_KINDS.get(kind, kind)}, and only Word forms (.docx) are read.",
        kind="not-read",
        todo="Read it yourself, and amend the notice where it says more; or save it as .docx in Word, and read that "
        "with tbt-watch collect wto_documents --file PATH.",
    )


def _reading(
    raw: RawRecord, symbols: tuple[Symbol, ...], published: date, form: Form, language: Language
) -> Reading:
    name, items = symbols[0].text, form.items
    told = _told(items.get("reasons", ""), {symbol.text for symbol in symbols}, language)
    emergency = "urgency" in items or any("EMERGENCY" in line.upper() for line in form.title)
    kind = type_of(symbols[0])
    title = one_line(_PAGES.sub("", items.get("title", "")))
    summary = plain(_stated(items.get("description", "")) or "\n".join(form.prose))
    products = plain(_stated(items.get("products", "")))
    hs, ics, odd = _codes(products, name)
    objectives, unknown = _objectives(items.get("objective", ""), language)
    deadline, period = _deadline(items.get("deadline", ""), published)
    notice = Notice(
        key=name,
        kind="notification",
        area="SPS" if symbols[0].area == "SPS" else "TBT",
        type="emergency" if emergency and kind == "regular" else kind,
        emergency=emergency,
        symbols=tuple(symbol.text for symbol in symbols),
        thread=symbols[0].base.text,
        follows=above.text if (above := symbols[0].follows) else None,
        members=members_of(symbols, _first_line(items.get("member", "")), language),
        title=title,
        summary=summary,
        products=products,
        language=tongue(f"{title} {summary}"),
        hs_codes=hs,
        ics_codes=ics,
        objectives=objectives,
        affected=_affected(items.get("regions", ""), language),
        published_on=published,
        keywords=("trade-facilitating",) if _facilitates(items.get("in_force", "")) else (),
        comment_until=told.comment_until or deadline,
        comment_days=None if told.comment_until else period,
        adoption=told.adoption or _milestone(items.get("adoption", "")),
        in_force=told.in_force or _milestone(items.get("in_force", "")),
        stated_status="withdrawn" if told.withdrawn else None,
        stated_status_on=told.withdrawn_on,
        related=(*told.related, *_mentioned(items.get("relevant", ""), symbols)),
        documents=_documents(raw.url, form),
        sources=(raw.source,),
        agency=_agency(items.get("agency", "")),
        articles=articles(items.get("articles", "")),
        reasons=told.reasons,
    )
    remarks = (
        *odd,
        *unknown_values("objective", unknown, name),
        *unknown_values("reason", told.unknown, name),
    )
    return Reading(notice=notice, remarks=remarks, doubt=_doubt(symbols, items.get("member", ""), language))


def _doubt(symbols: Sequence[Symbol], member: str, language: Language) -> str:
    """Whether the form names another Member than its symbols do. Several in one line are not told apart."""
    code = language.member_code(_first_line(member))
    own = {"EU" if symbol.member == "EEC" else symbol.member for symbol in symbols}
    return "member-not-in-symbol" if code and None not in own and code not in own else ""


def _told(text: str, own: set[str], language: Language) -> _Told:
    """What the ticked boxes of an addendum say: the label up to its day or colon, and what stands behind it."""
    reasons: list[Reason] = []
    unknown: list[str] = []
    values: dict[str, Any] = {}
    related: dict[Relation, None] = {}
    for tick, line in ticked(text):
        code, rest = _reason(line, language)
        rest, deadline, again = _parts(rest)
        if not tick:
            continue
        if code is None:
            unknown.append(one_line(line)[:80])
            continue
        day = stated_day(rest)
        reasons.append(Reason(code=code, on=day))
        values |= _effect(code, day, rest)
        if deadline:
            values["comment_until"] = deadline
        related |= {Relation(rel="notified-anew-as", key=key): None for key in again if key not in own}
    return _Told(reasons=tuple(reasons), unknown=tuple(unknown), related=tuple(related), **values)


def _reason(line: str, language: Language) -> tuple[str | None, str]:
    """The code of a reason, and what stands behind its label."""
    label, _, rest = line.partition(":")
    words = re.sub(
        r"(?:\s*[-–]\s*date|\s*\d)$", "", collapse(label)
    )  # a footnote's mark stands behind some labels
    return language.value("reason", words), rest.strip()


def _parts(rest: str) -> tuple[str, date | None, tuple[str, ...]]:
    """What stands behind a reason itself; the new deadline and the new symbols that are asked for below it."""
    own: list[str] = []
    deadline: date | None = None
    again: tuple[str, ...] = ()
    for line in rest.split("\n"):
        match = _SUB_LABEL.match(line.strip())
        if match is None:
            own.append(line)
            continue
        said = line.partition(":")[2]
        if match["again"]:
            again = tuple(symbol.text for symbol in find_symbols(said))
        else:
            deadline = stated_day(said)
    return "\n".join(own).strip(), deadline, again


def _effect(code: str, day: date | None, words: str) -> dict[str, Any]:
    """What a ticked reason changes in the notice."""
    stage = _milestone(words) if day is None else Milestone(date=day)
    match code:
        case "comment-period":
            return {"comment_until": day} if day else {}
        case "adopted":
            return {"adoption": stage}
        case "in-force":
            return {"in_force": stage}
        case "withdrawn":
            return {"withdrawn": True, "withdrawn_on": day}
        case _:
            return {}


def _stated(text: str) -> str:
    """The text, or nothing where a form has a dash or says that there is nothing."""
    return "" if collapse(text).rstrip(".").lower() in _NOTHING else text


def _first_line(text: str) -> str:
    return next((found for line in text.split("\n") if (found := collapse(line))), "")


def _agency(text: str) -> str:
    """The body's name, without the addresses below it."""
    name = _first_line(_WHOM.split(text, maxsplit=1)[0])
    return _stated(name)


def _behind_boxes(text: str) -> str:
    """The SPS form offers boxes before the day: what stands behind ``(dd/mm/yy):``, else the first line."""
    match = _AND_OR.search(text)
    return match[1] if match else _first_line(text)


def _deadline(text: str, published: date) -> tuple[date | None, int | None]:
    """The final date for comments: stated, or reckoned from the period that is stated in its place, which comes with
    it. Of the SPS form the box of sixty days counts where it is ticked and no day stands beside it."""
    if day := stated_day(_behind_boxes(text)):
        return day, None
    stated = [label for tick, label in ticked(text) if tick] or [_first_line(text)]
    period = next((days for label in stated if (days := stated_period(_before_day(label)))), None)
    return (published + timedelta(days=period), period) if period else (None, None)


def _before_day(label: str) -> str:
    return _first_line(re.split(r",? and/or \(dd/mm/yy\)", label, maxsplit=1)[0])


def _facilitates(text: str) -> bool:
    """Whether the box is ticked that says that the measure eases trade, and so need not wait."""
    return any(tick and label.lower().startswith(_FACILITATING) for tick, label in ticked(text))


def _milestone(text: str) -> Milestone:
    boxed = _AND_OR.search(text) or ticked(text)
    words = _stated(collapse(_behind_boxes(text) if boxed else text))
    if not words:
        labels = (collapse(label.partition(",")[0]) for tick, label in ticked(text) if tick)
        words = next((label for label in labels if not label.lower().startswith(_FACILITATING)), "")
    day = stated_day(words)
    return Milestone(date=day, text=None if day else words or None)


def _objectives(text: str, language: Language) -> tuple[tuple[str, ...], list[str]]:
    """The SPS form's boxes; of the TBT form's free text what is a listed objective word for word."""
    boxes = ticked(text)
    stated = [label for tick, label in boxes if tick] if boxes else re.split(r"[;\n]|(?<=\w)\.\s", text)
    codes: dict[str, None] = {}
    unknown = []
    for one in stated:
        words = collapse(one).strip(" ,.;")
        if code := language.objective(words):
            codes[code] = None
        elif boxes and words:
            unknown.append(words)
    return tuple(codes), unknown


def _affected(text: str, language: Language) -> tuple[str, ...]:
    """Who stands behind the box "specific regions or countries", where it is ticked."""
    return affected_members((label.partition(":")[2] for tick, label in ticked(text) if tick), language)


def _codes(products: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Remark, ...]]:
    """Codes that are called so; a number elsewhere in the text is none."""
    found: dict[str, list[str]] = {"HS": [], "ICS": []}
    for system, codes in _CALLED.findall(products):
        pieces = re.split(r"[;,\s&]+|\band\b", codes)
        found[system.upper()] += [code for piece in pieces if (code := piece.strip("."))]
    hs, odd_hs = clean_codes(found["HS"], "HS", name)
    ics, odd_ics = clean_codes(found["ICS"], "ICS", name)
    return hs, ics, (*odd_hs, *odd_ics)


def _mentioned(text: str, own: Iterable[Symbol]) -> tuple[Relation, ...]:
    known = {symbol.text for symbol in own}
    return tuple(
        Relation(rel="mentions", key=one.text) for one in find_symbols(text) if one.text not in known
    )


def _documents(url: str, form: Form) -> tuple[Document, ...]:
    """The document itself where it has an address of its own, and the texts of the measure that it names."""
    items: Mapping[str, str] = form.items
    own = [notification_at(url)] if "directdoc" in url else []
    named = [link for link in read_links(items.get("texts", "")) if _leads_somewhere(link)]
    named += [
        link for link in read_links("\n".join((items.get("reasons", ""), *form.prose))) if _HELD_AT in link
    ]
    return tuple(dict.fromkeys([*own, *map(attachment, named)]))


def _leads_somewhere(link: str) -> bool:
    """Whether an address is of a page or file; forms name the home pages of offices beside the text itself."""
    parts = urlsplit(link)
    return bool(parts.path.strip("/") or parts.query)
