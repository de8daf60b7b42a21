"""One notice as a whole message: one screen of a small telephone; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tbt_watch.deliver import facts
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, escape, italic, link
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Notice

_SUMMARY = 600  # characters: with the facts below it, one screen
_PRODUCTS = 200
_LISTED = re.compile(r"\s*\((?:HS|ICS) code\(s\):[^()]*\)")  # ePing's form repeats its codes in the text
_SYMBOLS = 3
_CODES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Tidings:
    """What is told of the notice: in which version, whether it is late news, or mends what we said wrongly before;
    ``above``: the notice that it follows, where known."""

    version: int
    late: bool = False
    above: Dossier | None = None
    correction: bool = False


def whole(dossier: Dossier, news: Tidings, speak: Speaker, today: date) -> str:
    """The message: what changed, the state line and the headline; the text; the facts; links and origin."""
    notice = dossier.notice
    if news.correction:
        top = [bold(line) for line in facts.corrected_lines(dossier, news.version, speak)]
    else:
        top = [bold(line) for line in facts.changed_lines(dossier, news.version, news.above, speak)]
    if news.late:
        top.append(bold(late_line(notice, speak)))
    top += [escape(facts.state_line(notice, speak, today)), bold(facts.headline(dossier, speak))]
    blocks = [top, _text(dossier, speak), _facts(dossier, speak, today), _foot(dossier, speak)]
    return "\n\n".join(block for block in map(_lines, blocks) if block)


def late_line(notice: Notice, speak: Speaker) -> str:
    """What came to us late says so."""
    if notice.published_on is None:
        return speak.say("Late news")
    return speak.say("Late news: published on {day}", day=notice.published_on)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


def _text(dossier: Dossier, speak: Speaker) -> list[str]:
    """The opening sentence, and what the source says of the content."""
    opening = dossier.translation("opening", speak.lang)
    lines = [escape(opening.text.split("\n")[0])] if opening else []
    summary = clip(dossier.text("summary", speak.lang).replace("\n", " "), _SUMMARY)
    if summary and summary not in (dossier.text("title", speak.lang), opening and opening.text):
        original = speak.original(dossier, "summary")
        lines.append(italic(facts.untranslated(summary, speak)) if original else escape(summary))
    return lines


def _facts(dossier: Dossier, speak: Speaker, today: date) -> list[str]:
    notice = dossier.notice
    lines = []
    if products := _products(dossier, speak):
        lines.append(escape(speak.say("Products: {products}", products=products)))
    if notice.objectives:
        purposes = ", ".join(speak.objective(code) for code in notice.objectives[:3])
        lines.append(escape(speak.say("Objective: {objectives}", objectives=purposes)))
    if deadline := facts.send_by_line(notice, speak, today):
        lines.append(bold(deadline))
    if notice.kind == "regulation" and notice.published_on and not dossier.translation("opening", speak.lang):
        lines.append(escape(speak.say("Issued on {day}", day=notice.published_on)))
    lines.append(escape(facts.in_force_line(dossier, speak, today)))
    return lines


def _products(dossier: Dossier, speak: Speaker) -> str:
    notice = dossier.notice
    text = _LISTED.sub("", dossier.text("products", speak.lang).replace("\n", " "))
    text = clip(text, _PRODUCTS)
    if text and speak.original(dossier, "products"):
        text = facts.untranslated(text, speak)
    if not notice.hs_codes or any(code in text for code in notice.hs_codes):
        return text
    codes = ", ".join(notice.hs_codes[:_CODES]) + (" …" if len(notice.hs_codes) > _CODES else "")
    return f"{text} (HS {codes})" if text else f"HS {codes}"


def _foot(dossier: Dossier, speak: Speaker) -> list[str]:
    """Symbols, links, and how the text was translated."""
    notice = dossier.notice
    links = [escape(_symbols(notice.symbols))]
    if page := speak.head.page(notice):
        links.append(link(speak.say("Details"), page))
    links += _documents(notice, speak)
    return [" · ".join(filter(None, links)), italic(_origin(dossier, speak))]


def _symbols(symbols: Sequence[str]) -> str:
    rest = len(symbols) - _SYMBOLS
    return ", ".join(symbols[:_SYMBOLS]) + (f" (+{rest})" if rest > 0 else "")


def _documents(notice: Notice, speak: Speaker) -> list[str]:
    """The measure's own text where there is one, and the notification."""
    found = []
    for kind, name in (
        ("attachment", speak.say("Original text")),
        ("notification", speak.say("WTO notification")),
    ):
        own = [one for one in notice.documents if one.kind == kind]
        own.sort(key=lambda one: (one.language not in (speak.lang, None), one.language != "en"))
        if own and (shown := link(name, own[0].url)) != escape(name):
            found.append(shown)
    return found


def _origin(dossier: Dossier, speak: Speaker) -> str:
    """Where the text in the reader's language comes from; the weakest origin of its fields counts."""
    if dossier.notice.language == speak.lang:
        return ""
    fields = [name for name in ("title", "summary", "products") if getattr(dossier.notice, name)]
    found = {name: dossier.translation(name, speak.lang) for name in fields}
    origins = {one.kind for one in found.values() if one}
    if not origins:
        return speak.say("Text not translated yet") if fields else ""
    if "trial" in origins:
        return speak.say("Text: trial translation, figures checked")
    if "machine" in origins:
        return speak.say("Text: machine translation, figures checked")
    if "memory" in origins:
        return speak.say("Text: translation from the office's memory")
    if "human" in origins:
        return speak.say("Text: translated by the office")
    return speak.say("Text: official translation") if "official" in origins else ""
