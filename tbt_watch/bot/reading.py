"""The bulletin in a conversation: what it is, getting it, getting it no longer; pure but for look-ups."""

from dataclasses import replace

from tbt_watch.bot import lists
from tbt_watch.bot.nouns import EMPTY, Answer, Save
from tbt_watch.bot.screens import button, menu
from tbt_watch.bot.subscribing import done
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.markup import bold, escape, link


def about(turn: Turn) -> Answer:
    """``/bantin``: what the bulletin is, its newest number, and a button to get it or not."""
    speak, newest = turn.speak, turn.desk.newest_bulletin(turn.talk.lang)
    text = [bold(speak.say("The bulletin of {office}", office=turn.desk.app.office.name))]
    text.append(
        escape(speak.say("Warnings, legal information and market news, put together number by number."))
    )
    if newest is not None:
        text.append(link(speak.say("Newest number: {name}", name=newest.name), newest.page))
    reads = turn.one is not None and turn.one.bulletin_since is not None
    text.append(escape(speak.say("You get it." if reads else "You do not get it yet.")))
    return turn.say("\n\n".join(text), ((lists.bulletin_button(speak, on=reads),), *menu(speak)))


def begin(turn: Turn) -> Answer:
    """Get the bulletin from now on, by a link or by a button."""
    speak, one = turn.speak, turn.somebody()
    if turn.one and one.bulletin_since and not one.pause and turn.event.kind == "tap":
        return turn.note(speak.say("You get the bulletin already."))
    saved = replace(one, bulletin_since=one.bulletin_since or turn.desk.now, lang=turn.talk.lang, pause="")
    text = bold(speak.say("You get the bulletin: each number comes when it is published."))
    rows = ((button(speak.say("Choose news as well"), "m:new"),),) if not one.subscriptions else ()
    rows = (*rows, (lists.bulletin_button(speak, on=True),), *menu(speak))
    # Who wants nothing but the bulletin is asked no more; a subscription that is half made goes on.
    half = turn.event.kind == "tap" and turn.talk.draft != EMPTY
    return (turn if half else done(turn)).say(text, rows, [Save(subscriber=saved)])


def end(turn: Turn) -> Answer:
    """Get no more numbers; whatever else is followed stays."""
    speak, one = turn.speak, turn.one
    if one is None or one.bulletin_since is None:
        return turn.note(speak.say("You do not get the bulletin."))
    left = replace(one, bulletin_since=None)
    ended = speak.say("You get no more numbers of the bulletin.")
    stays = speak.say("You get no more numbers of the bulletin. The rest of your subscriptions stays.")
    rows = ((lists.bulletin_button(speak, on=False),),)
    said = turn.say(escape(stays if left.subscriptions else ended), rows, [Save(subscriber=left)])
    return turn.also(said, turn.word(ended))
