"""The page of one notice: facts, what changed, Vietnamese text beside the original, documents, tags."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tbt_watch.bulletin.addresses import (
    INDEX,
    address_of,
    law_folder,
    market_folder,
    outside,
    printed,
    sector_folder,
    topic_folder,
)
from tbt_watch.bulletin.calendars import has_calendar
from tbt_watch.bulletin.card import Card, headline_of, shorten
from tbt_watch.bulletin.outfit import Desk
from tbt_watch.bulletin.timeline import Step, steps
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Document, Milestone, Notice
from tbt_watch.domain.office import EnquiryPoint
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import FREE_TEXT
from tbt_watch.kit import Kit, comment_kit

__all__ = [
    "Desk", "Fact", "GonePage", "Mark", "NoticePage", "Paper", "Passage", "has_kit", "kit_of", "make_gone", "make_page",
]  # fmt: skip

_LONGEST_HEADING = 300
_FOLDERS = {"sector": sector_folder, "market": market_folder, "topic": topic_folder}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A line of the definition list. ``items``: (code or empty, text); ``lang`` where it is not the page's."""

    name: str
    items: tuple[tuple[str, str], ...]
    lang: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A field in the reader's language and in its own. ``original`` is empty where both are the same."""

    name: str
    text: str
    lang: str
    origin: str
    original: str = ""
    original_lang: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A document: its name, and its address as a link (None: not one that may be followed) and on paper."""

    name: str
    href: str | None
    printed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A tag with its reasons; ``path`` of its list, empty where there is none."""

    kind: str
    name: str
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePage:
    """Everything that the template of a notice prints."""

    card: Card
    heading: str
    heading_lang: str
    heading_origin: str
    opening: str
    opening_origin: str
    facts: tuple[Fact, ...]
    point: EnquiryPoint | None
    steps: tuple[Step, ...]
    passages: tuple[Passage, ...]
    papers: tuple[Paper, ...]
    marks: tuple[Mark, ...]
    sources: str
    address: str
    kit: Kit | None
    calendar: bool


def make_page(card: Card, thread: Sequence[Card], desk: Desk) -> NoticePage:
    """The page of a notice; ``thread`` holds the lines of all notices of its measure, its own too."""
    dossier, words = card.dossier, desk.words
    notice = dossier.notice
    heading, heading_lang = headline_of(dossier, words.lang)
    headline = dossier.translation("headline", words.lang) or dossier.translation("title", words.lang)
    opening = dossier.translation("opening", words.lang)
    point = desk.office.enquiry_point(notice.area)
    taking = notice.is_open(words.today) and not notice.stated_status
    return NoticePage(
        card=card,
        heading=shorten(heading, _LONGEST_HEADING),
        heading_lang=heading_lang,
        heading_origin=words.origin(headline, notice),
        opening=opening.text if opening else "",
        opening_origin=words.origin(opening, notice) if opening else "",
        facts=tuple(_facts(card, desk)),
        point=point if taking and point and point.reachable else None,
        steps=steps(dossier, thread, words),
        passages=tuple(_passages(dossier, words)),
        papers=tuple(_paper(document, notice, words) for document in notice.documents),
        marks=tuple(_mark(tag, notice, words) for tag in _sorted(dossier.tags)),
        sources=words.joined([desk.sources.get(name, name) for name in notice.sources]),
        address=address_of(desk.base_url, card.path),
        kit=kit_of(card, desk),
        calendar=has_calendar(card, words.today),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class GonePage:
    """What stands at the address of a notice that was taken off: when, whether it may come back, where its document is,
    and the notices of its measure that stand here. Nothing of what it said, which may have been the reason."""

    card: Card
    day: str
    held: bool
    papers: tuple[Paper, ...]
    others: tuple[Card, ...]


def make_gone(card: Card, thread: Sequence[Card], desk: Desk) -> GonePage:
    """That page; ``thread``: the lines of its measure that stand on the site."""
    notice, decision = card.notice, card.dossier.decision
    official = [one for one in notice.documents if one.kind == "notification" and notice.kind != "article"]
    return GonePage(
        card=card,
        day=desk.words.date(today(card.gone)) if card.gone else "",
        held=decision is not None and decision.state == "held",
        papers=tuple(_paper(one, notice, desk.words) for one in official),
        others=tuple(sorted(thread, key=Card.by_news)),
    )


def has_kit(card: Card, desk: Desk) -> bool:
    """Whether there is a letter to start from: for what takes comments, of Members that we can name."""
    notice, words = card.notice, desk.words
    taking = notice.kind == "notification" and notice.is_open(words.today) and not notice.stated_status
    return taking and set(notice.members) <= set(words.language.members)


def kit_of(card: Card, desk: Desk) -> Kit | None:
    """That letter."""
    if not has_kit(card, desk):
        return None
    due, words = desk.deadlines.send_by(card.notice), desk.words
    return comment_kit(card.dossier, desk.office, words.language, words.lang, words.today, due)


def _facts(card: Card, desk: Desk) -> Iterator[Fact]:
    words, notice = desk.words, card.notice
    regulation = notice.kind == "regulation"
    yield from _names(notice, words)
    yield from _stated_in_the_form(notice, words)
    products = card.dossier.translation("products", words.lang)
    if text := products.text if products else notice.products:
        lang = words.lang if products else notice.language
        yield Fact(
            name=words.field("products"), items=(("", text),), lang=lang, note=words.origin(products, notice)
        )
    yield from _codes(notice, words)
    if notice.objectives:
        yield _list(words.field("objectives"), [words.known("objective", code) for code in notice.objectives])
    if notice.keywords:
        yield _list(words.field("keywords"), [words.known("keyword", code) for code in notice.keywords])
    if notice.affected:
        yield _list(words.field("affected"), [words.market(code) for code in notice.affected])
    if notice.adoption and regulation:
        yield _stage(words.say("Date of issue"), "adoption", card, words)
    if notice.published_on:
        own = notice.kind != "notification"
        name = words.say("Date of publication") if own else words.field("published_on")
        yield _list(name, [words.date(notice.published_on)])
    yield from _comment_dates(card, desk)
    if notice.adoption and not regulation:
        yield _stage(words.say("Proposed date of adoption"), "adoption", card, words)
    if notice.in_force:
        due = not regulation and not (notice.in_force.date and notice.in_force.date <= words.today)
        name = words.say("Proposed date of entry into force") if due else words.field("in_force")
        yield _stage(name, "in_force", card, words)


def _stage(name: str, field: str, card: Card, words: Words) -> Fact:
    """A day; words of the source as they are understood, else as they are, and then it says so."""
    stage: Milestone = getattr(card.notice, field)
    if stage.date:
        return _list(name, [words.date(stage.date)])
    told = card.dossier.translation(field, words.lang)
    if told:
        return Fact(name=name, items=(("", told.text),))
    foreign = card.notice.language != words.lang
    note = words.say("original text, not translated") if foreign else ""
    return Fact(name=name, items=(("", stage.text or ""),), lang=card.notice.language, note=note)


def _names(notice: Notice, words: Words) -> Iterator[Fact]:
    if notice.kind == "regulation":
        yield _list(words.say("Number"), notice.symbols)
        yield _list(words.say("Issued by"), [words.who(notice)])
        return
    if notice.symbols:
        yield _list(words.say("Symbol"), notice.symbols)
    if len(notice.members) > 1:
        yield _list(words.field("members"), [words.joined([words.market(code) for code in notice.members])])


def _stated_in_the_form(notice: Notice, words: Words) -> Iterator[Fact]:
    """What only the notification's own document states."""
    if notice.agency:
        yield Fact(name=words.say("Agency responsible"), items=(("", notice.agency),), lang=notice.language)
    if notice.articles:
        yield _list(words.say("Notified under article"), [", ".join(notice.articles)])
    if notice.reasons:
        yield _list(
            words.say("Reason for the addendum"),
            [
                words.known("reason", one.code) + (f" ({words.date(one.on)})" if one.on else "")
                for one in notice.reasons
            ],
        )


def _codes(notice: Notice, words: Words) -> Iterator[Fact]:
    for kind, codes in (("hs", notice.hs_codes), ("ics", notice.ics_codes)):
        if codes:
            together: dict[str, list[str]] = {}
            for code in dict.fromkeys(codes):
                together.setdefault(words.code(kind, code), []).append(code)
            items = tuple((", ".join(same), wording) for wording, same in together.items())
            yield Fact(name=words.field(f"{kind}_codes"), items=items)


def _comment_dates(card: Card, desk: Desk) -> Iterator[Fact]:
    words, notice = desk.words, card.notice
    if notice.comment_until is None:
        return
    yield Fact(
        name=words.field("comment_until"),
        items=(("", words.date(notice.comment_until)),),
        note=words.say_n(
            "reckoned: {n} day from the notification on",
            "reckoned: {n} days from the notification on",
            notice.comment_days,
        )
        if notice.comment_days
        else "",
    )
    if not card.sending:
        return
    day, lead = desk.deadlines.send_by(notice), desk.deadlines.lead(notice)
    point = desk.office.enquiry_point(notice.area)
    name = (
        words.say("Send comments to {office} by", office=point.name)
        if point
        else words.say("Send comments to the national office by")
    )
    text = words.date(day) if day and day >= words.today else words.say("Send now")
    note = words.say_n(
        "our own date, {n} day before the final one, so that the national office can pass comments on",
        "our own date, {n} days before the final one, so that the national office can pass comments on",
        lead,
    )
    yield Fact(name=name, items=(("", text),), note=note if lead else "")


def _list(name: str, texts: Sequence[str]) -> Fact:
    return Fact(name=name, items=tuple(("", text) for text in texts))


def _passages(dossier: Dossier, words: Words) -> Iterator[Passage]:
    notice = dossier.notice
    for name in FREE_TEXT:
        original = getattr(notice, name)
        found = dossier.translation(name, words.lang)
        if (not original and not found) or (name == "products" and not found):
            continue  # products that nobody translated stand among the facts already
        foreign = notice.language != words.lang
        yield Passage(
            name=words.field(name),
            text=found.text if found else original,
            lang=words.lang if found else notice.language,
            origin=words.origin(found, notice),
            original=original if found and foreign else "",
            original_lang=notice.language,
        )


def _paper(document: Document, notice: Notice, words: Words) -> Paper:
    message = "The notification" if document.kind == "notification" else "Text of the measure"
    if notice.kind != "notification":
        message = "The document at its source"
    name = words.say(message)
    if document.language:
        name = words.say(
            "{document} (in {language})", document=name, language=_inside(document.language, words)
        )
    return Paper(name=name, href=outside(document.url), printed=printed(document.url))


def _inside(language: str, words: Words) -> str:
    name = words.language_name(language)
    return name[:1].lower() + name[1:] if words.lang == "vi" else name


def _sorted(tags: Sequence[Tag]) -> list[Tag]:
    return sorted(tags, key=lambda tag: (list(_FOLDERS).index(tag.kind), -tag.confidence, tag.code))


def _mark(tag: Tag, notice: Notice, words: Words) -> Mark:
    law = tag.kind == "topic" and notice.kind == "regulation"
    kinds = {"sector": "Sector", "market": "Market", "topic": "Law field" if law else "Topic"}
    return Mark(
        kind=words.say(kinds[tag.kind]),
        name=words.tag(tag),
        path=(law_folder if law else _FOLDERS[tag.kind])(tag.code) + INDEX,
        reason=words.reason(tag),
    )
