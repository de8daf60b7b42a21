"""Reasons and lists in words, as the reader says them; pure."""

from datetime import date

from tbt_watch import wording
from tbt_watch.deliver import facts
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, escape, link
from tbt_watch.domain.dossier import Dossier


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
            sentence = speak.say(
                "You get it because you follow {code}.", code=wording.code_name(detail, speak)
            )
            stated = bool(dossier.notice.hs_codes)
            return sentence if stated else f"{sentence} {_no_code(speak)}"
        case "topic":
            topic = label("topic", detail, speak.lang)
            return speak.say("You get it because you follow the topic “{topic}”.", topic=topic)
        case "word":
            return speak.say("You get it because the word “{word}” stands in it.", word=detail)
        case "market":
            return speak.say(
                "You get it because you follow everything from {market}.",
                market=wording.market_name(detail, speak),
            )
        case "area":
            kinds = wording.kind_names(detail.split("+"), speak)
            return speak.say("You get it because you follow everything of this kind: {kinds}.", kinds=kinds)
        case "everything":
            return speak.say("You get it because you follow everything.")
        case "document":
            return speak.say("You get it because you follow the document {name}.", name=detail)
        case "bulletin":
            return speak.say("It stood in the bulletin that you get.")
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
        sure = f"{tag.confidence:.0%}"
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


def headline(dossier: Dossier, speak: Speaker) -> str:
    """What a notice is about, in one line."""
    return " ".join(filter(None, (speak.flag(dossier.notice), clip(facts.headline(dossier, speak), 200))))


def short_headline(dossier: Dossier, speak: Speaker) -> str:
    """A notice on a button."""
    return clip(" ".join(filter(None, (speak.flag(dossier.notice), facts.headline(dossier, speak)))), 58)
