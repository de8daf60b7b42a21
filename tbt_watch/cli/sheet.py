"""One notice as a sheet of text: what a person reads at a terminal."""

import textwrap
from collections.abc import Iterator
from datetime import date

from tbt_watch.app import App
from tbt_watch.bulletin.words import FIELDS, ORIGINS, Words
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.impact import Impact
from tbt_watch.domain.moment import today
from tbt_watch.domain.notice import Change, Milestone, Notice
from tbt_watch.domain.translation import READER
from tbt_watch.translate.memory.base import difference, marked

WIDTH = 100


def sheet(app: App, item: Dossier, lang: str) -> str:
    """State line, headline, facts, texts with their origin, tags with their reasons, versions, links."""
    return "\n".join(_lines(app, item, lang))


def _lines(app: App, item: Dossier, lang: str) -> Iterator[str]:
    facts, language = item.notice, app.language
    yield " · ".join(_state(app, item, lang))
    yield app.exporter.headline(item, lang)
    yield ""
    if opening := item.text("opening", lang):
        yield textwrap.fill(opening, WIDTH)
        yield ""
    yield from _headings_before(app, item, lang)
    for label, value in _facts(app, item, lang):
        yield textwrap.fill(value, WIDTH, initial_indent=f"{label}: ", subsequent_indent="  ")
    yield ""
    for name in ("title", "summary", "products"):
        if text := getattr(facts, name):
            yield from _text(app, item, name, text, lang)
    yield from _tags(app, item, lang)
    if item.id in (counts := app.store.taps.all()):
        yield f"  {_impact(counts[item.id], app, lang)}"
    for version in item.versions[1:]:
        changed = "; ".join(_change(app, one, lang) for one in version.changes)
        yield f"  {language.moment(version.at, lang)} {version.source}: {changed}"
    for document in facts.documents:
        yield f"  {document.url}"


def _impact(found: Impact, app: App, lang: str) -> str:
    """What enterprises said of it with the buttons under their messages."""
    return app.language.say(
        "Enterprises: {affected} affected, {following} following, {irrelevant} not concerned", lang,
        affected=found.affected, following=found.following, irrelevant=found.irrelevant,
    )  # fmt: skip


_TAGS = {"sector": "Sector", "market": "Market", "topic": "Topic"}


def _tags(app: App, item: Dossier, lang: str) -> Iterator[str]:
    """Its tags, each with the reason for it, and the code to name it by."""
    words = Words(language=app.language, labels=app.labels, lang=lang, today=today(app.clock()))
    for tag in item.tags:
        sure = f", {tag.confidence:.0%}" if tag.basis == "predicted" else ""
        kind = words.say(_TAGS[tag.kind])
        line = f"{kind}: {words.tag(tag)} [{tag.kind}:{tag.code}] ({words.reason(tag)}{sure})"
        yield textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _change(app: App, change: Change, lang: str) -> str:
    name = app.language.say(FIELDS[change.field], lang) if change.field in FIELDS else change.field
    return f"{name}: {change.before} → {change.after}"


def _state(app: App, item: Dossier, lang: str) -> Iterator[str]:
    facts, language = item.notice, app.language
    day = today(app.clock())
    yield language.label("state", item.state, lang)
    yield facts.area
    if facts.kind != "notification":
        yield ", ".join(language.issuer_label(code, lang, on=day) for code in facts.members)
        yield language.say("News", lang) if facts.kind == "article" else facts.type
    else:
        yield language.members_short(facts.members, lang)
        yield language.type_label(facts.type, lang)
    if facts.kind != "article":
        yield language.status_label(facts.status(day)[0], lang, regulation=facts.kind == "regulation")
    left = facts.days_left(day)
    if left is not None:
        yield language.say_n("{n} day left to comment", "{n} days left to comment", left, lang)


def _facts(app: App, item: Dossier, lang: str) -> Iterator[tuple[str, str]]:
    facts, language = item.notice, app.language
    say, regulation = language.say, facts.kind == "regulation"
    yield (
        say("Symbols", lang) if facts.kind == "notification" else say("Number", lang),
        ", ".join(facts.symbols),
    )
    if facts.published_on:
        yield say("Published", lang), language.date(facts.published_on, lang)
    if facts.comment_until:
        yield say("Comments until", lang), _last_day(app, facts, facts.comment_until, lang)
    send_by = app.exporter.send_by(item)
    if send_by and send_by != facts.comment_until:
        yield say("Send comments to the national office by", lang), language.date(send_by, lang)
    for label, name in (
        (say("Date of issue", lang) if regulation else say("Adoption", lang), "adoption"),
        (say("Entry into force", lang), "in_force"),
    ):
        if getattr(facts, name):
            yield label, _milestone(app, item, name, lang)
    yield from _codes(app, facts, lang)
    if facts.objectives:
        yield (
            say("Objectives", lang),
            "; ".join(language.objective_label(code, lang) for code in facts.objectives),
        )
    if facts.keywords:
        yield say("Keywords", lang), "; ".join(language.keyword_label(code, lang) for code in facts.keywords)
    titles = [language.title(app.source_titles.get(name, name), lang) for name in facts.sources]
    yield say("Source", lang), ", ".join(titles)


def _last_day(app: App, facts: Notice, last: date, lang: str) -> str:
    """The final date for comments, and that it was reckoned where the source states a period only."""
    day = app.language.date(last, lang)
    if not facts.comment_days:
        return day
    reckoned = app.language.say_n(
        "reckoned: {n} day from the notification on",
        "reckoned: {n} days from the notification on",
        facts.comment_days,
        lang,
    )
    return f"{day} ({reckoned})"


def _codes(app: App, facts: Notice, lang: str) -> Iterator[tuple[str, str]]:
    language = app.language
    if facts.hs_codes:
        chapters = {code[:2]: language.hs_chapter(code, lang) for code in facts.hs_codes}
        wordings = "; ".join(f"{code} {name}" for code, name in chapters.items() if name)
        yield "HS", f"{', '.join(facts.hs_codes)} ({wordings})"
    if facts.ics_codes:
        fields = {code[:2]: language.ics_field(code, lang) for code in facts.ics_codes}
        wordings = "; ".join(f"{code} {name}" for code, name in fields.items() if name)
        yield "ICS", f"{', '.join(facts.ics_codes)} ({wordings})"


def _milestone(app: App, item: Dossier, name: str, lang: str) -> str:
    """A day, else the source's words as they are understood, else these words."""
    milestone: Milestone = getattr(item.notice, name)
    if milestone.date:
        return app.language.date(milestone.date, lang)
    told = item.translation(name, lang)
    return told.text if told else milestone.text or ""


def _text(app: App, item: Dossier, name: str, text: str, lang: str) -> Iterator[str]:
    found = item.translation(name, lang)
    if found:
        yield textwrap.fill(found.text, WIDTH)
        origin = app.language.say(ORIGINS[found.kind], lang)
        yield f"  ({origin}{', ' + found.engine if found.engine != found.origin else ''})"
    elif lang != item.notice.language:
        yield app.language.say("Not translated:", lang)
    yield textwrap.indent("\n".join(textwrap.fill(part, WIDTH - 2) for part in text.splitlines()), "  ")
    if lang != item.notice.language:
        yield from _refused(app, item, name, lang)
    yield from _before(app, item, name, text, lang)
    yield ""


def _refused(app: App, item: Dossier, name: str, lang: str) -> Iterator[str]:
    """A text that failed its checks: no reader sees it, but whoever mends it may begin with it."""
    for one in item.translations:
        if one.field == name and one.language == lang and not one.shown:
            failed = "; ".join(app.language.label("check", check, lang) for check in one.checks)
            yield app.language.say("Held back, for it failed its checks ({checks}):", lang, checks=failed)
            yield textwrap.fill(one.text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _headings_before(app: App, item: Dossier, lang: str) -> Iterator[str]:
    """The last headline and opening that a person wrote, where facts that stand in them have changed since."""
    for name in ("headline", "opening"):
        written = [change.after for change in item.amended if change.field == f"{name}.{READER}"]
        shown = item.translation(name, READER)
        if written and lang == READER and shown and shown.origin != "human":
            yield app.language.say("Translated by hand before the original changed:", lang)
            yield textwrap.fill(written[-1], WIDTH, initial_indent="  ", subsequent_indent="  ")
            yield ""


def _before(app: App, item: Dossier, name: str, text: str, lang: str) -> Iterator[str]:
    """What a person wrote before the original changed, with the words that changed."""
    past = app.store.memory.of(item.notice.key, name)
    if past is None or lang != READER or past.source == text:
        return
    yield app.language.say("Translated by hand before the original changed:", lang)
    yield textwrap.fill(past.target, WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield app.language.say("What changed in the original:", lang)
    changed = marked(difference(past.source, text))
    yield textwrap.fill(changed, WIDTH, initial_indent="  ", subsequent_indent="  ")
