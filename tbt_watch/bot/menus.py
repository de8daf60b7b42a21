"""Buttons that stand for themselves, wherever the conversation is: ``m:VERB:DETAIL``; pure but for look-ups."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tbt_watch.bot import asking, coming, lists, reading, subscribing, tapping
from tbt_watch.bot.nouns import Answer, Lang, Save
from tbt_watch.bot.screens import resolved
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import escape

_WHERE = re.compile(r"(\d{1,4}):([0-9a-f]{6})")


def menu(turn: Turn, rest: str) -> Answer:
    """A button that stands for itself, wherever the conversation is."""
    verb, _, detail = rest.partition(":")
    number = int(detail.partition(":")[0]) if re.match(r"\d{1,15}(?::|$)", detail, re.ASCII) else None
    if verb in _MENU and not detail:
        return _MENU[verb](turn)
    if verb == "bulletin" and detail in ("on", "off"):
        return reading.begin(turn) if detail == "on" else reading.end(turn)
    if verb in ("news", "dates") and number is not None:
        return (lists.news if verb == "news" else lists.deadlines)(turn, min(number, 10_000))
    if verb in ("edit", "drop"):
        return _own(turn, verb, detail)
    if verb == "unfollow":
        return _unfollow(turn, detail)
    if verb == "lang" and detail in ("vi", "en"):
        return _language(turn, detail)
    if verb in ("show", "kit", "report") and number is not None:
        item = turn.desk.notice(number)
        if item is None:
            return turn.note(tapping.gone(turn))
        if verb == "report":
            return asking.report(turn, item.id)
        edition = detail.partition(":")[2]
        known = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 16 else 0
        return tapping.kit(turn, item) if verb == "kit" else tapping.card(turn, item, known)
    return turn.note(turn.speak.say("This button means nothing any more."))


def _new(turn: Turn) -> Answer:
    return subscribing.begin(turn).ask(anew=True)


_MENU: Mapping[str, Callable[[Turn], Answer]] = {
    "new": _new,
    "list": coming.own_list,
    "news": lists.news,
    "dates": lists.deadlines,
    "help": lists.help_,
    "stop": coming.stop,
    "go": coming.go_on,
    "report": asking.report,
}


def _own(turn: Turn, verb: str, detail: str) -> Answer:
    """Change or remove one of the subscriptions, if it is still the one under the button."""
    speak, found, one = turn.speak, _WHERE.fullmatch(detail), turn.one
    place = int(found[1]) if found else -1
    wishes = one.subscriptions if one else ()
    if one is None or not found or place >= len(wishes) or subscribing.name_of(wishes[place]) != found[2]:
        text = speak.say("This list is old: here is the present one.")
        return turn.also(lists.own(turn), turn.word(text))
    if verb == "edit":
        if subscribing.only_documents(wishes[place]):
            return lists.documents(turn, place)
        return subscribing.change(turn, place).ask(anew=True)
    left = replace(one, subscriptions=(*wishes[:place], *wishes[place + 1 :]))
    shown = replace(turn, one=left)
    found_answer = lists.own(shown) if left.wishes else turn.say(escape(speak.say("It was your last one.")))
    noted = turn.word(speak.say("Removed."))
    return replace(turn.also(found_answer, noted), deeds=(Save(subscriber=left),))


def _unfollow(turn: Turn, detail: str) -> Answer:
    """A document is followed no longer."""
    one = turn.one
    names = [name for wish in one.subscriptions for name in wish.criteria.documents] if one else []
    name = resolved(detail, names)
    if one is None or name is None:
        return turn.note(turn.speak.say("This list is old: here is the present one."))
    left = subscribing.followed(one, name, on=False)
    noted = turn.word(turn.speak.say("You do not follow {name} any longer.", name=name))
    shown = replace(turn, one=left)
    answer = lists.own(shown)
    return replace(turn.also(answer, noted), deeds=(Save(subscriber=left),))


def _language(turn: Turn, lang: str) -> Answer:
    tongue: Lang = "en" if lang == "en" else "vi"
    deeds = [Save(subscriber=replace(turn.one, lang=tongue))] if turn.one and turn.one.lang != tongue else []
    found = lists.help_(turn.with_talk(lang=tongue))
    return replace(found, deeds=tuple(deeds))
