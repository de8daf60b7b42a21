"""The conversation: where it stood and what happened give where it stands, what is said and what is done.

Pure but for what is looked up at the desk: the same event on the same state gives the same answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tbt_watch.bot import lists, subscribing, tapping
from tbt_watch.bot.desk import REPORTS, Desk
from tbt_watch.bot.nouns import (
    CHANNEL,
    Answer,
    Event,
    Lang,
    Lost,
    Moved,
    Remove,
    Reply,
    Reported,
    Revived,
    Save,
    TakenUp,
    Talk,
)
from tbt_watch.bot.screens import button, menu, resolved
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import bold, clip, escape
from tbt_watch.domain.subscriber import Criteria, Subscription
from tbt_watch.domain.text import collapse, disarmed
from tbt_watch.domain.work import Issue

_READING = frozenset({"tin", "tim", "lich", "trogiup", "help"})
_LOOKING = frozenset({"news", "dates", "help", "show", "kit"})
_REPORT = 2000
"""Characters of a report that are kept."""


def answer(talk: Talk, event: Event, desk: Desk) -> Answer:
    """What comes of an event. A tap is always answered, with a word or without."""
    turn = Turn(talk=talk, event=event, desk=desk, one=desk.subscriber(event.address))
    found = _answer(turn)
    if event.kind == "tap" and not any(reply.kind == "note" for reply in found.replies):
        return replace(found, replies=(Reply(kind="note", text="", target=event.callback), *found.replies))
    return found


def _answer(turn: Turn) -> Answer:
    event = turn.event
    match event.kind:
        case "moved":
            return turn.nothing([Moved(old=event.address, new=event.text)])
        case "gone":
            return _gone(turn)
        case "other" | "edited":
            return _unread(turn)
    if not event.admin and changes(event) and event.kind != "joined":
        return turn.note(turn.speak.say("Only an administrator can change what this group follows."))
    away = turn.one is not None and turn.one.pause == "unreachable"
    if turn.one and away:  # who writes can be reached again
        turn = replace(turn, one=replace(turn.one, pause=""))
    found = _ANSWERS[event.kind](turn)
    back = (Revived(address=event.address),) if away else ()
    return replace(found, deeds=(*back, *found.deeds))


def changes(event: Event) -> bool:
    """Whether an event would change what a chat follows or said."""
    if event.kind == "command":
        return event.command not in _READING
    if event.kind == "tap":
        verb, _, rest = event.text.partition(":")
        return (
            verb in tapping.CHANGING
            or verb == "q"
            or (verb == "m" and rest.partition(":")[0] not in _LOOKING)
        )
    return True


# --- coming and going ---


def _gone(turn: Turn) -> Answer:
    deeds = [Lost(subscriber_id=turn.one.id)] if turn.one and turn.one.id is not None else []
    return subscribing.done(turn.with_talk(unsent=())).nothing(deeds)


def _joined(turn: Turn) -> Answer:
    """Let in again, or added to a group."""
    speak = turn.speak
    if turn.one and turn.one.subscriptions:
        return lists.own(turn, escape(speak.say("Welcome back.")))
    if not turn.event.group:
        return turn.nothing()  # a person who comes begins with /start
    text = [bold(speak.say("Good day. Here come news on technical rules, food safety and quarantine."))]
    text.append(escape(speak.say("An administrator chooses what this group gets.")))
    return turn.say("\n\n".join(text), ((button(speak.say("Choose"), "m:new"),),))


def _unread(turn: Turn) -> Answer:
    """A picture, a sticker, a voice, or a message that was changed afterwards."""
    if turn.event.kind == "edited":
        if turn.talk.step not in ("subject", "market", "hour", "report"):
            return turn.nothing()
        return turn.say(
            escape(turn.speak.say("A message that was changed is not read again: please write a new one."))
        )
    text = escape(turn.speak.say("I can read only what is written, no pictures, voices or files."))
    return turn.say(text, () if turn.talk.step else menu(turn.speak))


# --- commands ---


def _start(turn: Turn) -> Answer:
    """``/start``, bare or with what a link carries: a sector, a notice, or a code that staff handed out."""
    kind, _, detail = turn.event.text.partition("-")
    if kind == "s" and detail:
        codes = [code for code, _ in turn.desk.subjects("sector", turn.talk.lang)]
        code = resolved(detail, codes)
        if code:
            draft = Subscription(criteria=Criteria(sectors=(code,)), frequency="daily")
            return subscribing.begin(turn, draft).ask(anew=True, before=_greeting(turn))
    if kind == "n" and detail.isascii() and detail.isdecimal() and len(detail) < 16:
        item = turn.desk.notice(int(detail))
        if item is None:
            return turn.say(escape(tapping.gone(turn)), menu(turn.speak))
        return tapping.follow(turn, turn.somebody(), item, only_on=True)
    if kind == "c" and detail:
        return _taken_up(turn, detail)
    if turn.one and turn.one.subscriptions:
        return lists.own(subscribing.done(turn), escape(turn.speak.say("Welcome back.")))
    return subscribing.begin(turn).ask(anew=True, before=_greeting(turn))


def _greeting(turn: Turn) -> str:
    speak = turn.speak
    hello = speak.say(
        "Good day. {office} sends you news on technical rules (TBT), food safety and quarantine (SPS) of the markets"
        " and of Viet Nam, in Vietnamese.",
        office=turn.desk.app.office.name,
    )
    return escape(hello)


def _taken_up(turn: Turn, code: str) -> Answer:
    """What staff prepared for this enterprise."""
    speak, prepared = turn.speak, turn.desk.prepared(code)
    if prepared is None:
        text = speak.say(
            "This code is not valid, or somebody has used it already. Ask the office for a new one, or choose yourself:"
            " /dangky"
        )
        return turn.say(escape(text), ((button(speak.say("Choose"), "m:new"),),))
    mine = turn.one.subscriptions if turn.one else ()
    both = tuple(dict.fromkeys((*mine, *prepared.subscriptions)))
    shown = replace(turn.with_talk(lang=prepared.lang), one=replace(prepared, pause="", subscriptions=both))
    found = lists.own(
        shown, escape(speak.say("Your subscription is switched on: {name}.", name=prepared.name))
    )
    return replace(found, deeds=(TakenUp(code=code, address=turn.event.address),))


def _list(turn: Turn) -> Answer:
    return lists.own(turn)


def _find(turn: Turn) -> Answer:
    return lists.find(turn, collapse(turn.event.text))


def _pause(turn: Turn) -> Answer:
    """Pause; and when paused, go on."""
    speak, one = turn.speak, turn.one
    if one is None:
        return lists.nobody(turn)
    if one.pause == "asked":
        text = speak.say("News come again. What came out meanwhile is under /tin.")
        return turn.say(escape(text), menu(speak), [Save(subscriber=replace(one, pause=""))])
    text = speak.say("Paused: nothing is sent until you say so.")
    row = ((button(speak.say("Go on"), "m:go"),),)
    return turn.say(escape(text), row, [Save(subscriber=replace(one, pause="asked"))])


def _go_on(turn: Turn) -> Answer:
    if turn.one and turn.one.pause != "asked":
        return turn.note(turn.speak.say("News are coming already."))
    return _pause(turn)


def _stop(turn: Turn) -> Answer:
    if turn.one and turn.one.pause == "asked":
        return turn.note(turn.speak.say("It is paused already."))
    return _pause(turn)


def _leave(turn: Turn) -> Answer:
    return subscribing.begin(turn, step="leave").ask(anew=True)


def _left(turn: Turn, said: str) -> Answer:
    if said != "yes":
        text = turn.speak.say("Nothing was deleted.")
        return subscribing.done(turn).show(escape(text), menu(turn.speak))
    number = turn.one.id if turn.one else None
    text = turn.speak.say("Everything about you is deleted. Whenever you like: /start")
    gone = Remove(address=turn.event.address, subscriber_id=number)
    return turn.with_talk(over=True, step="", unsent=()).show(escape(text), (), [gone])


def _follow(turn: Turn) -> Answer:
    speak, typed = turn.speak, collapse(turn.event.text)
    hint = speak.say(
        "Write after /theodoi what you want to follow: a symbol or a number. For example: /theodoi 1322/QĐ-TTg"
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
    if not name:
        none = speak.say("“{text}” is no symbol and no number of a document.", text=clip(typed, 80))
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


def _report(turn: Turn, about: int | None = None) -> Answer:
    return subscribing.begin(turn, step="report").with_talk(about=about).ask(anew=True)


def _reported(turn: Turn) -> Answer:
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


def _unknown(turn: Turn) -> Answer:
    found = lists.help_(turn)
    if turn.event.command in ("trogiup", "help"):
        return found
    text = turn.speak.say("There is no such command.")
    return turn.also(found, Reply(kind="say", text=escape(text)))


_COMMANDS: Mapping[str, Callable[[Turn], Answer]] = {
    "start": _start, "tin": lists.news, "tim": _find, "lich": lists.deadlines, "dangky": _list, "tamdung": _pause,
    "xoa": _leave, "theodoi": _follow, "vuongmac": _report,
}  # fmt: skip


def _command(turn: Turn) -> Answer:
    if turn.event.command != "start" and turn.talk.step in ("report", "leave"):
        turn = subscribing.done(turn)  # who asks for something else does not answer any more
    return _COMMANDS.get(turn.event.command, _unknown)(turn)


# --- words and taps ---


def _text(turn: Turn) -> Answer:
    if turn.talk.step == "report":
        return _reported(turn)
    if turn.talk.step:
        return subscribing.typed(turn)
    return lists.find(turn, collapse(turn.event.text))


def _tap(turn: Turn) -> Answer:
    verb, _, rest = turn.event.text.partition(":")
    if verb in tapping.VERBS:
        return tapping.tapped(turn, verb, rest)
    if verb == "q":
        return _asked(turn, rest)
    if verb == "m":
        return _menu(turn, rest)
    return turn.note(turn.speak.say("This button means nothing any more."))


def _asked(turn: Turn, rest: str) -> Answer:
    """An answer by a button, if it is to what is asked now."""
    number, _, more = rest.partition(":")
    step, _, said = more.partition(":")
    talk = turn.talk
    if number != str(talk.round) or step != talk.step or not step:
        text = turn.speak.say("This button belongs to an earlier question.")
        if turn.event.message_id is not None and turn.event.message_id == talk.screen:
            return turn.note(text)  # tapped twice: the question under the finger has changed already
        return turn.also(turn.ask(anew=True), turn.word(text))
    if step == "leave":
        return _left(turn, said)
    return subscribing.tapped(turn, said)


_WHERE = re.compile(r"(\d{1,4}):([0-9a-f]{6})")


def _menu(turn: Turn, rest: str) -> Answer:
    """A button that stands for itself, wherever the conversation is."""
    verb, _, detail = rest.partition(":")
    number = int(detail.partition(":")[0]) if re.match(r"\d{1,15}(?::|$)", detail, re.ASCII) else None
    if verb in _MENU and not detail:
        return _MENU[verb](turn)
    if verb in ("news", "dates") and number is not None:
        return (lists.news if verb == "news" else lists.deadlines)(turn, min(number, 10_000))
    if verb in ("edit", "drop"):
        return _own(turn, verb, detail)
    if verb == "lang" and detail in ("vi", "en"):
        return _language(turn, detail)
    if verb in ("show", "kit", "report") and number is not None:
        item = turn.desk.notice(number)
        if item is None:
            return turn.note(tapping.gone(turn))
        if verb == "report":
            return _report(turn, item.id)
        edition = detail.partition(":")[2]
        known = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 16 else 0
        return tapping.kit(turn, item) if verb == "kit" else tapping.card(turn, item, known)
    return turn.note(turn.speak.say("This button means nothing any more."))


def _new(turn: Turn) -> Answer:
    return subscribing.begin(turn).ask(anew=True)


_MENU: Mapping[str, Callable[[Turn], Answer]] = {
    "new": _new, "list": _list, "news": lists.news, "dates": lists.deadlines, "help": lists.help_, "stop": _stop,
    "go": _go_on, "report": _report,
}  # fmt: skip


def _own(turn: Turn, verb: str, detail: str) -> Answer:
    """Change or remove one of the subscriptions, if it is still the one under the button."""
    speak, found, one = turn.speak, _WHERE.fullmatch(detail), turn.one
    place = int(found[1]) if found else -1
    wishes = one.subscriptions if one else ()
    if one is None or not found or place >= len(wishes) or subscribing.name_of(wishes[place]) != found[2]:
        text = speak.say("This list is old: here is the present one.")
        return turn.also(lists.own(turn), turn.word(text))
    if verb == "edit" and not wishes[place].criteria.documents:
        return subscribing.change(turn, place).ask(anew=True)
    if verb == "edit":
        return turn.note(speak.say("What is followed can only be removed; /theodoi adds more."))
    left = replace(one, subscriptions=(*wishes[:place], *wishes[place + 1 :]))
    shown = replace(turn, one=left)
    found_answer = (
        lists.own(shown) if left.subscriptions else turn.say(escape(speak.say("It was your last one.")))
    )
    noted = turn.word(speak.say("Removed."))
    return replace(turn.also(found_answer, noted), deeds=(Save(subscriber=left),))


def _language(turn: Turn, lang: str) -> Answer:
    tongue: Lang = "en" if lang == "en" else "vi"
    deeds = [Save(subscriber=replace(turn.one, lang=tongue))] if turn.one and turn.one.lang != tongue else []
    found = lists.help_(turn.with_talk(lang=tongue))
    return replace(found, deeds=tuple(deeds))


_ANSWERS: Mapping[str, Callable[[Turn], Answer]] = {
    "joined": _joined, "command": _command, "tap": _tap, "text": _text,
}  # fmt: skip
