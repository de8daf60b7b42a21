"""The conversation: where it stood and what happened give where it stands, what is said and what is done.

Pure but for what is looked up at the desk: the same event on the same state gives the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tbt_watch.bot import asking, coming, lists, menus, reading, subscribing, tapping
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.nouns import (
    Answer,
    Event,
    Moved,
    Reply,
    Revived,
    Talk,
)
from tbt_watch.bot.screens import menu
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import escape
from tbt_watch.domain.text import collapse

_READING = frozenset({"tin", "tim", "lich", "bantin", "trogiup", "help"})
_LOOKING = frozenset({"news", "dates", "help", "show", "kit"})


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
            return coming.gone(turn)
        case "other" | "edited":
            return _unread(turn)
    if event.unsure and changes(event) and event.kind != "joined":
        return turn.note(
            turn.speak.say(
                "Telegram could not be asked just now who may change what this group follows. Nothing was changed:"
                " please try again in a minute."
            )
        )
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


def _find(turn: Turn) -> Answer:
    return lists.find(turn, collapse(turn.event.text))


def _unknown(turn: Turn) -> Answer:
    found = lists.help_(turn)
    if turn.event.command in ("trogiup", "help"):
        return found
    text = turn.speak.say("There is no such command.")
    return turn.also(found, Reply(kind="say", text=escape(text)))


_COMMANDS: Mapping[str, Callable[[Turn], Answer]] = {
    "start": coming.start,
    "tin": lists.news,
    "tim": _find,
    "lich": lists.deadlines,
    "bantin": reading.about,
    "dangky": coming.own_list,
    "tamdung": coming.pause,
    "xoa": coming.leave,
    "theodoi": asking.follow,
    "vuongmac": asking.report,
}


def _command(turn: Turn) -> Answer:
    if turn.event.command != "start" and turn.talk.step in ("report", "leave"):
        turn = subscribing.done(turn)  # who asks for something else does not answer any more
    return _COMMANDS.get(turn.event.command, _unknown)(turn)


# --- words and taps ---


def _text(turn: Turn) -> Answer:
    if turn.talk.step == "report":
        return asking.reported(turn)
    if turn.talk.step in ("", "subject") and coming.is_code(turn):
        return coming.taken_up(subscribing.done(turn), turn.event.text)
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
        return menus.menu(turn, rest)
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
        return coming.left(turn, said)
    return subscribing.tapped(turn, said)


_ANSWERS: Mapping[str, Callable[[Turn], Answer]] = {
    "joined": coming.joined, "command": _command, "tap": _tap, "text": _text,
}  # fmt: skip
