"""The screens on which a subscription is made: what is asked, and the buttons under it; pure but for what is looked up.

A button holds ``q:ROUND:STEP:ANSWER``: one of another round, or of a step that is over, is told so.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import time

from tbt_watch import wording
from tbt_watch.bot import words
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.nouns import Rows, Step, Talk
from tbt_watch.deliver.buttons import BULLETIN
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, escape, italic
from tbt_watch.digest.calendar import Slot
from tbt_watch.digest.preview import Preview
from tbt_watch.domain.edition import Button
from tbt_watch.domain.subscriber import WEEKDAYS, Criteria

Screen = tuple[str, Rows]

PAGE = 8
"""Sectors or topics on one page of buttons."""

RELATED = 4
"""Related words that are offered."""

MARKETS = ("EU", "USA", "CHN", "JPN", "KOR", "GBR", "AUS", "CAN", "THA", "IND", "IDN", "TPKM")
"""What is offered as buttons; the others are typed."""

AREAS = ("TBT", "SPS", "VN")
HOURS = (6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
_LABEL = 60
_ACTION = 64  # bytes: core.telegram.org/bots/api, InlineKeyboardButton


def act(talk: Talk, answer: str, step: Step | None = None) -> str:
    """What a button of the present round holds; a long code goes as its short name (``short``)."""
    head = f"q:{talk.round}:{step or talk.step}:"
    whole = f"{head}{answer}"
    if len(whole.encode()) <= _ACTION:
        return whole
    sign, code = answer[:1], answer[1:]
    return f"{head}{sign}{short(code)}"


def short(code: str) -> str:
    """A short name for a code that is too long for a button."""
    return f"#{hashlib.sha256(code.encode()).hexdigest()[:12]}"


def resolved(code: str, known: Iterable[str]) -> str | None:
    """The code behind what a button holds; None where there is none such (any more)."""
    return next((one for one in known if code in (one, short(one))), None)


def button(label: str, action: str) -> Button:
    """A button whose label fits."""
    return Button(label=clip(label, _LABEL), action=action)


def rows_of(buttons: Sequence[Button], wide: int) -> Rows:
    """Buttons in rows of so many."""
    return tuple(tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide))


def ticked(label: str, on: bool) -> str:
    """A label with a tick where it is chosen."""
    return f"✅ {label}" if on else label


def screen(talk: Talk, desk: Desk, *, group: bool = False) -> Screen:
    """What is asked at the present step."""
    speak = desk.speaker(talk.lang)
    text, rows = _SCREENS[talk.step](talk, desk, speak)
    if group and talk.step in ("subject", "market", "hour", "report"):
        text = f"{text}\n\n{italic(speak.say('In a group: type your answer as a reply to this message.'))}"
    return text, rows


def greeting(desk: Desk, speak: Speaker) -> str:
    """Who speaks, and of what."""
    hello = speak.say(
        "Good day. {office} sends you news on technical rules (TBT), food safety and quarantine (SPS) of the markets"
        " and of Viet Nam, in Vietnamese or English.",
        office=desk.app.office.name,
    )
    return escape(hello)


def _subject(talk: Talk, desk: Desk, speak: Speaker) -> Screen:
    chosen = talk.draft.criteria
    first = talk.place is None and not chosen.subjects
    text = [bold(speak.say("1 of 4 · What do you make or sell?"))]
    text.append(
        escape(speak.say("Choose sectors, or type a product or HS code, for example: bananas, 0803."))
    )
    if chosen.subjects:
        text.append(escape(wording.subject(chosen, speak)))
    more = suggestions(chosen, desk)
    if more:
        text.append(escape(speak.say("Related, a tap adds it:")))
    rows = _choices(talk, desk.subjects("sector", talk.lang), chosen.sectors, speak)
    rows = (*rows_of([button(f"+ {one}", act(talk, f"&{one}")) for one in more], 2), *rows)
    last = [
        button(speak.say("Next ›") if chosen.subjects else speak.say("All products ›"), act(talk, "next"))
    ]
    if chosen.hs or chosen.words:
        last.insert(0, button(speak.say("Clear"), act(talk, "clear")))
    other: tuple[Button, ...] = ()
    if first:
        tongue = button("English" if talk.lang == "vi" else "Tiếng Việt", act(talk, "lang"))
        other = (button(speak.say("Only the bulletin"), BULLETIN), tongue)
    return "\n\n".join(text), (*rows, tuple(last), *((other,) if other else ()))


def suggestions(chosen: Criteria, desk: Desk) -> list[str]:
    """What belongs to the chosen words and codes and is not chosen: the same in the other language, for texts come
    in either, and the HS heading of that name."""
    found: dict[str, None] = {}
    for asked in (*chosen.words, *chosen.hs):
        related = desk.related(asked)
        others = [word for some in related.values() for word in some if _is_another(asked, word)]
        found.update(dict.fromkeys(others[:2]))
        if code := desk.reader.heading_of(asked):
            found[f"HS {code}"] = None
    codes = {f"HS {code[:4]}" for code in chosen.hs}
    return [one for one in found if one not in codes and one not in chosen.words][:RELATED]


def _is_another(asked: str, word: str) -> bool:
    """Whether a word is one to look for beside the other: what has the longer has the shorter anyway, and a heading
    that lists several things stands in no text as it is."""
    return (
        "," not in word and len(word.split()) <= 3 and f" {asked.casefold()} " not in f" {word.casefold()} "
    )


def _choices(talk: Talk, known: Sequence[tuple[str, str]], chosen: Sequence[str], speak: Speaker) -> Rows:
    """One page of codes to tick, and the way to the other pages."""
    pages = max(1, -(-len(known) // PAGE))
    page = min(max(talk.page, 0), pages - 1)
    shown = known[page * PAGE : (page + 1) * PAGE]
    rows: list[tuple[Button, ...]] = [
        (button(ticked(label[:1].upper() + label[1:], code in chosen), act(talk, f"+{code}")),)
        for code, label in shown
    ]
    if pages > 1:
        turn = [button("‹", act(talk, f"p{page - 1}"))] if page else []
        turn.append(
            button(speak.say("Page {page} of {pages}", page=page + 1, pages=pages), act(talk, f"p{page}"))
        )
        turn += [button("›", act(talk, f"p{page + 1}"))] if page < pages - 1 else []
        rows.append(tuple(turn))
    return tuple(rows)


def _market(talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    chosen = talk.draft.criteria.markets
    text = [bold(speak.say("2 of 4 · Which markets?"))]
    text.append(escape(speak.say("Choose, or type the names of others, for example: Chile, Saudi Arabia.")))
    if chosen:
        text.append(escape(speak.say("Markets: {markets}", markets=wording.market_names(chosen, speak))))
    codes = (*MARKETS, *(code for code in chosen if code not in MARKETS))[:24]
    buttons = [
        button(ticked(_flagged(code, speak), code in chosen), act(talk, f"+{code}", "market"))
        for code in codes
    ]
    onward = button(speak.say("Next ›") if chosen else speak.say("All markets ›"), act(talk, "next"))
    return "\n\n".join(text), (*rows_of(buttons, 2), (_back(talk, speak), onward))


def _flagged(code: str, speak: Speaker) -> str:
    language = speak.head.language
    flag = language.flag(code) if code in language.members else ""
    return f"{flag} {wording.market_name(code, speak)}".strip()


def _kind(talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    chosen = talk.draft.criteria.areas or AREAS
    text = [bold(speak.say("3 of 4 · Which kinds of news?"))]
    text.append(escape(speak.say("Tap to switch a kind off or on.")))
    if topics := talk.draft.criteria.topics:
        names = ", ".join(speak.head.label("topic", code, speak.lang) for code in topics)
        text.append(escape(speak.say("Also these topics, of whatever product: {topics}", topics=names)))
    rows = [
        (button(ticked(wording.kind_name(area, speak), area in chosen), act(talk, f"+{area}")),)
        for area in AREAS
    ]
    more = button(speak.say("Add topics (labelling, residues …)"), act(talk, "topics"))
    return "\n\n".join(text), (
        *rows,
        (more,),
        (_back(talk, speak), button(speak.say("Next ›"), act(talk, "next"))),
    )


def _topic(talk: Talk, desk: Desk, speak: Speaker) -> Screen:
    text = [bold(speak.say("Topics"))]
    text.append(escape(speak.say("You get all news on a topic, of whatever product.")))
    rows = _choices(talk, desk.subjects("topic", talk.lang), talk.draft.criteria.topics, speak)
    return "\n\n".join(text), (*rows, (button(speak.say("Done"), act(talk, "next")),))


def _often(talk: Talk, desk: Desk, speak: Speaker) -> Screen:
    hours = desk.app.hours
    daily, weekly = _clock(hours.daily), _clock(hours.weekly)
    day = wording.day_name(hours.weekly_day, speak)
    text = bold(speak.say("4 of 4 · How often?"))
    at_once = speak.say_n(
        "At once (gathered for {n} minute)", "At once (gathered for {n} minutes)", hours.instant_minutes
    )
    choices = (
        (at_once, "instant"),
        (speak.say("Every day at {time}", time=daily), "daily"),
        (speak.say("Every day, at another hour"), "hour"),
        (speak.say("Every week, {day} at {time}", day=day, time=weekly), "weekly"),
        (speak.say("Every week, on another day"), "day"),
    )
    note = escape(speak.say("What is urgent comes at once, whatever you choose."))
    rows = tuple((button(label, act(talk, answer)),) for label, answer in choices)
    return f"{text}\n\n{note}", (*rows, (_back(talk, speak),))


def _hour(talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    text = bold(speak.say("At what hour?"))
    hint = escape(speak.say("Tap, or type it, for example 7:30."))
    buttons = [button(f"{hour}:00", act(talk, f"{hour}:00")) for hour in HOURS]
    return f"{text}\n\n{hint}", (*rows_of(buttons, 5), (_back(talk, speak),))


def _day(talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    names = [(day, wording.day_name(day, speak)) for day in WEEKDAYS]
    buttons = [button(name[:1].upper() + name[1:], act(talk, day)) for day, name in names]
    return bold(speak.say("On which day?")), (*rows_of(buttons, 2), (_back(talk, speak),))


def _check(talk: Talk, desk: Desk, speak: Speaker) -> Screen:
    found, general = desk.preview(talk.draft.criteria), desk.general(talk.draft.criteria)
    lines = [bold(speak.say("Please look at it before it is saved:"))]
    lines.append("\n".join(escape(line) for line in wording.wish_lines(talk.draft, desk.app.hours, speak)))
    lines.append(bold(_count(found, speak)))
    if general:
        lines.append(escape(_general(general, speak)))
    if warned := warning(found, speak):
        lines.append(f"⚠️ {escape(warned)}")
    if found.samples:
        lines.append(escape(speak.say("For example:")))
        lines += [words.notice_line(item, speak, desk.today) for item, _ in found.samples]
    save = button(speak.say("✔ Save"), act(talk, "save"))
    change = (
        (speak.say("Products"), "subject"), (speak.say("Markets"), "market"),
        (speak.say("Kinds"), "kind"), (speak.say("How often"), "often"),
    )  # fmt: skip
    rows = rows_of([button(f"✎ {label}", act(talk, step)) for label, step in change], 2)
    return "\n\n".join(lines), ((save,), *rows, (button(speak.say("Cancel"), act(talk, "cancel")),))


def _count(found: Preview, speak: Speaker) -> str:
    return speak.say_n(
        "This subscription = {n} notice in {days} days",
        "This subscription = {n} notices in {days} days",
        found.count,
        days=found.days,
    )


def _general(count: int, speak: Speaker) -> str:
    return speak.say_n(
        "{n} of them is general news, without a sector",
        "{n} of them are general news, without a sector",
        count,
    )


def warning(found: Preview, speak: Speaker) -> str:
    """What is too broad, or comes to nothing; empty when all is well."""
    match found.breadth:
        case "broad":
            return speak.say(
                "About {n} a week, more than most people read: name sectors or markets.", n=found.a_week
            )
        case "never":
            return speak.say(
                "Nothing could ever come of this: notices of the chosen areas are not about these products, or the"
                " words have no letters."
            )
        case "empty":
            return speak.say("Nothing came by product or subject in these days; the words may be too narrow.")
    return ""


def _report(talk: Talk, desk: Desk, speak: Speaker) -> Screen:
    item = desk.notice(talk.about) if talk.about is not None else None
    about = [escape(speak.say("About: {name}", name=words.name_of(item, speak)))] if item else []
    text = [
        bold(speak.say("Report a difficulty")),
        *about,
        escape(
            speak.say(
                "Write in one message: which product, which market, what happened (goods returned, a new requirement,"
                " a paper that is missing …), and how we can reach you."
            )
        ),
    ]
    return "\n\n".join(text), ((button(speak.say("Cancel"), act(talk, "cancel")),),)


def _leave(talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    text = [
        bold(speak.say("Delete everything about you?")),
        escape(
            speak.say(
                "Your subscriptions, answers and reports and the address of this chat are deleted. What was sent stays"
                " in our statistics without a name. It cannot be undone."
            )
        ),
    ]
    yes, no = (
        button(speak.say("Delete everything"), act(talk, "yes")),
        button(speak.say("Keep"), act(talk, "no")),
    )
    return "\n\n".join(text), ((yes,), (no,))


def _idle(_talk: Talk, _desk: Desk, speak: Speaker) -> Screen:
    return escape(speak.say("Nothing is being asked at the moment.")), menu(speak)


def menu(speak: Speaker) -> Rows:
    """What can always be done."""
    return (
        (button(speak.say("Newest"), "m:news"), button(speak.say("Deadlines"), "m:dates")),
        (button(speak.say("My subscriptions"), "m:list"), button(speak.say("Help"), "m:help")),
    )


def _back(talk: Talk, speak: Speaker) -> Button:
    return button(speak.say("‹ Back"), act(talk, "back"))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"


def next_news(talk: Talk, desk: Desk) -> str:
    """When the first edition of a subscription may come."""
    due = desk.app.hours.next_due(Slot.of(talk.draft), desk.now)
    return desk.app.language.moment(due, talk.lang)


_SCREENS: Mapping[Step, Callable[[Talk, Desk, Speaker], Screen]] = {
    "": _idle,
    "subject": _subject,
    "market": _market,
    "kind": _kind,
    "topic": _topic,
    "often": _often,
    "hour": _hour,
    "day": _day,
    "check": _check,
    "report": _report,
    "leave": _leave,
}
