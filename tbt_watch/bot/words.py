"""Subscriptions, reasons and lists in words, as the reader says them; pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from tbt_watch.deliver import facts
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, escape, link
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria, Subscription, Weekday
from tbt_watch.errors import LanguageError

_NAMED = 12
"""Values of one list that are named; the rest is counted."""


def wish_lines(wish: Subscription, hours: Hours, speak: Speaker) -> list[str]:
    """A subscription in a few lines of plain text."""
    follows = wish.criteria
    if follows.documents and not (
        set(follows.as_json()) - {"documents"}
    ):  # followed whatever else: no market, no kind
        return [
            speak.say("Followed documents: {names}", names=_listed(follows.documents, speak)),
            how_often(wish, hours, speak),
        ]
    lines = [subject(follows, speak)]
    lines.append(speak.say("Markets: {markets}", markets=market_names(follows.markets, speak)))
    lines.append(speak.say("Kinds: {kinds}", kinds=kind_names(follows.areas, speak)))
    return [*lines, how_often(wish, hours, speak)]


def subject(follows: Criteria, speak: Speaker) -> str:
    """What a subscription is about, in one line."""
    parts = [speak.head.label("sector", code, speak.lang) for code in follows.sectors]
    parts += [code_name(code, speak) for code in follows.hs]
    parts += [f"“{word}”" for word in follows.words]
    parts += [
        speak.say("topic {topic}", topic=speak.head.label("topic", code, speak.lang))
        for code in follows.topics
    ]
    parts += list(follows.documents)
    if not parts:
        return speak.say("Products: all")
    return speak.say("Products: {products}", products=_listed(parts, speak))


def code_name(code: str, speak: Speaker) -> str:
    """``HS 0803 (chuối)``."""
    language = speak.head.language
    name = language.hs_short(code, speak.lang) or language.hs_chapter(code, speak.lang)
    return f"HS {code} ({clip(name, 60)})" if name else f"HS {code}"


def market_names(codes: Sequence[str], speak: Speaker) -> str:
    """Markets by their short names; all of them where none is named."""
    if not codes:
        return speak.say("all")
    return _listed([market_name(code, speak) for code in codes], speak)


def market_name(code: str, speak: Speaker) -> str:
    """A Member's short name, or a group's."""
    language = speak.head.language
    try:
        return language.member_short(code, speak.lang)
    except LanguageError:
        return next((one.label.name(speak.lang) for one in language.groups if one.code == code), code)


def kind_names(areas: Sequence[str], speak: Speaker) -> str:
    """The kinds of news by name; all of them where none is named."""
    names = [kind_name(area, speak) for area in ("TBT", "SPS", "VN") if not areas or area in areas]
    return ", ".join(names)


def kind_name(area: str, speak: Speaker) -> str:
    """What an area is called: ``TBT (kỹ thuật)``."""
    if area == "TBT":
        return speak.say("TBT (technical rules)")
    if area == "SPS":
        return speak.say("SPS (food safety, quarantine)")
    return speak.say("Vietnamese regulations")


def how_often(wish: Subscription, hours: Hours, speak: Speaker) -> str:
    """When it is told."""
    if wish.frequency == "instant":
        return speak.say_n(
            "When: at once, gathered for {n} minute",
            "When: at once, gathered for {n} minutes",
            hours.instant_minutes,
        )
    if wish.frequency == "daily":
        at = wish.at or hours.daily
        return speak.say("When: every day at {time}", time=f"{at.hour}:{at.minute:02d}")
    at, day = wish.at or hours.weekly, wish.day or hours.weekly_day
    return speak.say(
        "When: every week, {day} at {time}", day=day_name(day, speak), time=f"{at.hour}:{at.minute:02d}"
    )


def day_name(day: Weekday | str, speak: Speaker) -> str:
    """``thứ Hai``, ``Monday``."""
    names = {
        "mon": speak.say("Monday"), "tue": speak.say("Tuesday"), "wed": speak.say("Wednesday"),
        "thu": speak.say("Thursday"), "fri": speak.say("Friday"), "sat": speak.say("Saturday"),
        "sun": speak.say("Sunday"),
    }  # fmt: skip
    return names[day]


def why(reason: str, dossier: Dossier, speak: Speaker) -> str:
    """Why a chat got a notice, in one sentence of plain text, and what the tag behind it stands on."""
    kind, _, detail = reason.partition(":")
    label = speak.head.label
    match kind:
        case "sector":
            sentence = speak.say(
                "You get it because you follow the sector “{sector}”.",
                sector=label("sector", detail, speak.lang),
            )
            return f"{sentence} {_basis(dossier, detail, speak)}".strip()
        case "hs":
            sentence = speak.say("You get it because you follow {code}.", code=code_name(detail, speak))
            stated = bool(dossier.notice.hs_codes)
            return sentence if stated else f"{sentence} {_no_code(speak)}"
        case "topic":
            topic = label("topic", detail, speak.lang)
            return speak.say("You get it because you follow the topic “{topic}”.", topic=topic)
        case "word":
            return speak.say("You get it because the word “{word}” stands in it.", word=detail)
        case "market":
            return speak.say(
                "You get it because you follow everything from {market}.", market=market_name(detail, speak)
            )
        case "area":
            kinds = kind_names(detail.split("+"), speak)
            return speak.say("You get it because you follow everything of this kind: {kinds}.", kinds=kinds)
        case "everything":
            return speak.say("You get it because you follow everything.")
        case "document":
            return speak.say("You get it because you follow the document {name}.", name=detail)
        case "send-by" | "in-force" | "procedures":
            return speak.say("It reminds you of a day of a measure that you follow.")
    if kind.startswith("correct") or "corrected" in kind:
        return speak.say("It corrects a message that you had got before.")
    return speak.say("It has no sector yet, so it goes as “General” to all who follow its market or topic.")


def _no_code(speak: Speaker) -> str:
    return speak.say("The Member stated no HS code; it is of the sector that this code belongs to.")


def _basis(dossier: Dossier, code: str, speak: Speaker) -> str:
    """What the tag stands on: a code that the Member stated, words, a guess, or a person's word."""
    tag = next((one for one in dossier.tags if one.kind == "sector" and one.code == code), None)
    if tag is None:
        return ""
    kind, _, detail = tag.reason.removeprefix("inherited:").partition(":")
    if tag.basis == "stated" and kind in ("hs", "ics"):
        return speak.say("The Member itself stated the code {code}.", code=f"{kind.upper()} {detail}")
    if tag.basis == "predicted":
        sure = f"{round(tag.confidence * 100)} %"
        return speak.say("The sector was predicted by the system, about {sure} sure.", sure=sure)
    if tag.basis == "staff":
        return speak.say("A person of the office set the sector.")
    if kind == "word":
        return speak.say("The sector was read from the word “{word}”.", word=detail.rpartition(":")[2])
    return speak.say("The sector was read from the notice itself.")


def notice_line(dossier: Dossier, speak: Speaker, today: date) -> str:
    """A notice in two lines of markup: headline; deadline and link."""
    notice = dossier.notice
    head = " ".join(filter(None, (speak.flag(notice), clip(facts.headline(dossier, speak), 200))))
    when = facts.short_deadline(notice, speak, today)
    parts = [escape(when[:1].upper() + when[1:]), link(name_of(dossier, speak), address_of(dossier, speak))]
    return f"• {escape(head)}\n{' · '.join(filter(None, parts))}"


def deadline_line(dossier: Dossier, due: date, speak: Speaker, today: date) -> str:
    """A notice by its day: when to send, and what it is about."""
    notice = dossier.notice
    day = speak.say("send at once") if due < today else speak.day(due)
    head = " ".join(filter(None, (speak.flag(notice), clip(facts.headline(dossier, speak), 160))))
    return f"{bold(day)} · {escape(head)}\n{link(name_of(dossier, speak), address_of(dossier, speak))}"


def name_of(dossier: Dossier, speak: Speaker) -> str:
    """A notice's symbol or number; of an article that has none, a word."""
    return dossier.notice.symbols[0] if dossier.notice.symbols else speak.say("Details")


def address_of(dossier: Dossier, speak: Speaker) -> str:
    """Its page, else where its document is; empty where neither is known."""
    page = speak.head.page(dossier.notice) if dossier.state != "ARCHIVED" else ""
    return page or next((one.url for one in dossier.notice.documents), "")


def _listed(items: Iterable[str], speak: Speaker) -> str:
    whole = list(items)
    if len(whole) <= _NAMED:
        return ", ".join(whole)
    rest = len(whole) - _NAMED
    return ", ".join(whole[:_NAMED]) + speak.say_n(" and {n} more", " and {n} more", rest)


def headline(dossier: Dossier, speak: Speaker) -> str:
    """What a notice is about, in one line."""
    return " ".join(filter(None, (speak.flag(dossier.notice), clip(facts.headline(dossier, speak), 200))))


def short_headline(dossier: Dossier, speak: Speaker) -> str:
    """A notice on a button."""
    return clip(" ".join(filter(None, (speak.flag(dossier.notice), facts.headline(dossier, speak)))), 58)
