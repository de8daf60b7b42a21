"""What is typed after a command: a document to follow, a difficulty to report; pure but for what is looked up."""

import re

from tbt_watch.bot import subscribing
from tbt_watch.bot.nouns import CHANNEL, Answer, Reported, Save
from tbt_watch.bot.screens import menu
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import clip, escape
from tbt_watch.digest.documents import is_words
from tbt_watch.digest.leaving import REPORTS
from tbt_watch.domain.text import collapse, disarmed
from tbt_watch.domain.work import Issue

_NAMES = re.compile(r"\d|[A-ZĐ]")
"""What the name of a law, a standard or a programme has: a number or a capital letter."""

_REPORT = 2000
"""Characters of a report that are kept."""


def follow(turn: Turn) -> Answer:
    speak, typed = turn.speak, collapse(turn.event.text)
    hint = speak.say(
        "Write after /theodoi what you want to follow: the symbol of a notification (G/TBT/N/USA/138), the number of a"
        " document (EU 2023/1115) or the name of a law or programme as it is written (FSMA). For example: /theodoi"
        " 1322/QĐ-TTg. Products and markets are chosen with /dangky."
    )
    if not typed or len(typed) > 200:
        return turn.say(escape(hint))
    known = turn.desk.find(typed, 1)
    name = (
        turn.desk.followed_as(known[0])
        if known and typed in (known[0].notice.key, *known[0].notice.symbols)
        else ""
    )
    name = name or turn.desk.document(typed) or ""
    if name and not known and is_words(name) and not _NAMES.search(name):
        name = ""  # small words that stand in no notice: nothing would ever come of them
    if not name:
        none = speak.say("“{text}” is no symbol, no number and no name of a document.", text=clip(typed, 80))
        return turn.say(f"{escape(none)}\n\n{escape(hint)}")
    one = turn.somebody()
    if subscribing.follows(one, name):
        text = speak.say("You follow {name} already. /dangky removes it.", name=name)
        return turn.say(escape(text), menu(speak))
    text = speak.say(
        "You follow {name}: whatever happens to it comes at once, with reminders before the days that count.",
        name=name,
    )
    saved = subscribing.followed(one, name, on=True)
    return turn.say(escape(text), menu(speak), [Save(subscriber=saved)])


def report(turn: Turn, about: int | None = None) -> Answer:
    return subscribing.begin(turn, step="report").with_talk(about=about).ask(anew=True)


def reported(turn: Turn) -> Answer:
    """The report is on the curators' list."""
    speak, event = turn.speak, turn.event
    text = disarmed(collapse(event.text))[:_REPORT]
    if sum(char.isalpha() for char in text) < 10:
        return turn.ask(
            anew=True, before=escape(speak.say("Please write a little more, so that it can be understood."))
        )
    item = turn.desk.notice(turn.talk.about) if turn.talk.about is not None else None
    about = f" about {item.notice.key}" if item else ""
    issue = Issue(
        source=REPORTS,
        key=f"{CHANNEL} {event.address} {event.number}",
        kind="enterprise-report",
        message=f"{turn.somebody().name} reports a difficulty{about}: {text}",
        todo="Answer the enterprise; where a measure is behind it, tell the national office. Then close it.",
        opened_at=turn.desk.now,
    )
    office = turn.desk.app.office.name
    thanks = speak.say(
        "Thank you, it is with {office} now. A person reads it, and answers you where you said; if a foreign measure is"
        " behind it, the office takes it up with the national office.",
        office=office,
    )
    return subscribing.done(turn).say(escape(thanks), menu(speak), [Reported(issue=issue)])
