"""Coming and going: the first word, codes and links, groups, pause, and how to be forgotten; pure but for look-ups."""

from dataclasses import replace

from tbt_watch.bot import lists, reading, subscribing, tapping
from tbt_watch.bot.nouns import Answer, Lost, Remove, Save, TakenUp
from tbt_watch.bot.screens import button, greeting, menu, resolved
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import bold, escape
from tbt_watch.domain.code import read_code
from tbt_watch.domain.subscriber import Criteria, Subscription

BULLETIN = ("b", "bulletin", "bantin")
"""What a link carries that leads to the bulletin: ``?start=b``."""


def gone(turn: Turn) -> Answer:
    deeds = [Lost(subscriber_id=turn.one.id)] if turn.one and turn.one.id is not None else []
    return subscribing.done(turn.with_talk(unsent=())).nothing(deeds)


def joined(turn: Turn) -> Answer:
    """Let in again, or added to a group."""
    speak = turn.speak
    if turn.one and turn.one.wishes:
        return lists.own(turn, escape(speak.say("Welcome back.")))
    if not turn.event.group:
        return turn.nothing()  # a person who comes begins with /start
    text = [bold(speak.say("Good day. Here come news on technical rules, food safety and quarantine."))]
    text.append(escape(speak.say("An administrator chooses what this group gets.")))
    rows = ((button(speak.say("Choose"), "m:new"),), (lists.bulletin_button(speak, on=False),))
    return turn.say("\n\n".join(text), rows)


def start(turn: Turn) -> Answer:
    """``/start``, bare or with what a link carries: a sector, a notice, the bulletin, or a code that staff handed
    out."""
    kind, _, detail = turn.event.text.partition("-")
    if turn.event.text.strip().lower() in BULLETIN:
        return reading.begin(turn)
    if kind == "s" and detail:
        codes = [code for code, _ in turn.desk.subjects("sector", turn.talk.lang)]
        code = resolved(detail, codes)
        if code:
            draft = Subscription(criteria=Criteria(sectors=(code,)), frequency="daily")
            return subscribing.begin(turn, draft).ask(anew=True, before=greeting(turn.desk, turn.speak))
    if kind == "n" and detail.isascii() and detail.isdecimal() and len(detail) < 16:
        item = turn.desk.notice(int(detail))
        if item is None:
            return turn.say(escape(tapping.gone(turn)), menu(turn.speak))
        return tapping.follow(turn, turn.somebody(), item, only_on=True)
    if kind == "c" and detail:
        return taken_up(turn, detail)
    if turn.one and turn.one.wishes:
        return lists.own(subscribing.done(turn), escape(turn.speak.say("Welcome back.")))
    return subscribing.begin(turn).ask(anew=True, before=greeting(turn.desk, turn.speak))


def taken_up(turn: Turn, code: str) -> Answer:
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
    bulletin = (turn.one and turn.one.bulletin_since) or prepared.bulletin_since
    whole = replace(prepared, pause="", subscriptions=both, bulletin_since=bulletin)
    shown = replace(turn.with_talk(lang=prepared.lang), one=whole)
    found = lists.own(
        shown, escape(speak.say("Your subscription is switched on: {name}.", name=prepared.name))
    )
    return replace(found, deeds=(TakenUp(code=code, address=turn.event.address),))


def own_list(turn: Turn) -> Answer:
    """``/dangky``; with a code behind it, what staff prepared. A code that is not valid is told, not passed over."""
    if turn.event.kind != "tap" and read_code(turn.event.text):
        return taken_up(turn, turn.event.text)
    return lists.own(turn)


def is_code(turn: Turn) -> bool:
    """Whether the code of a prepared subscription was typed."""
    return turn.event.kind != "tap" and turn.desk.prepared(turn.event.text) is not None


def pause(turn: Turn) -> Answer:
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


def go_on(turn: Turn) -> Answer:
    if turn.one and turn.one.pause != "asked":
        return turn.note(turn.speak.say("News are coming already."))
    return pause(turn)


def stop(turn: Turn) -> Answer:
    if turn.one and turn.one.pause == "asked":
        return turn.note(turn.speak.say("It is paused already."))
    return pause(turn)


def leave(turn: Turn) -> Answer:
    return subscribing.begin(turn, step="leave").ask(anew=True)


def left(turn: Turn, said: str) -> Answer:
    if said != "yes":
        text = turn.speak.say("Nothing was deleted.")
        return subscribing.done(turn).show(escape(text), menu(turn.speak))
    text = turn.speak.say("Everything about you is deleted. Whenever you like: /start")
    gone = Remove(address=turn.event.address)
    return turn.with_talk(over=True, step="", unsent=()).show(escape(text), (), [gone])
