"""What can be looked up in a conversation: the newest, what words find, deadlines, one's own subscriptions; pure."""

from collections.abc import Sequence

from tbt_watch import wording
from tbt_watch.bot import words
from tbt_watch.bot.commands import meanings
from tbt_watch.bot.nouns import Answer, Rows
from tbt_watch.bot.screens import button, menu, short
from tbt_watch.bot.subscribing import name_of
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.buttons import BULLETIN, NO_BULLETIN
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, clip, escape
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Button

PAGE = 5
_LONGEST = 200


def news(turn: Turn, page: int = 0) -> Answer:
    """The newest notices that match, some at a time."""
    speak, one = turn.speak, turn.one
    if one is None or not one.subscriptions:
        return nobody(turn)
    found = turn.desk.newest(one)
    if not found:
        text = speak.say(
            "Nothing of the last three months matches your subscriptions. The system works as it should."
        )
        return turn.say(escape(text), menu(speak))
    head = bold(
        speak.say_n("{n} notice for you in three months", "{n} notices for you in three months", len(found))
    )
    return _page(turn, head, found, page, "news")


def _page(turn: Turn, head: str, found: Sequence[Dossier], page: int, name: str) -> Answer:
    speak, today = turn.speak, turn.desk.today
    shown = found[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return turn.note(speak.say("There are no more."))
    lines = [head] if page == 0 else []
    lines += [words.notice_line(item, speak, today) for item in shown]
    rows = _numbered(shown, page * PAGE)
    if len(found) > (page + 1) * PAGE:
        rows = (*rows, (button(speak.say("More ›"), f"m:{name}:{page + 1}"),))
    return turn.say("\n\n".join(lines), rows)


def _numbered(shown: Sequence[Dossier], before: int) -> Rows:
    """A button a notice, by its symbol: two in a row."""
    made = [
        button(item.notice.symbols[0] if item.notice.symbols else f"{before + at}", f"m:show:{item.id}")
        for at, item in enumerate(shown, start=1)
    ]
    return tuple(tuple(made[at : at + 2]) for at in range(0, len(made), 2))


def find(turn: Turn, text: str) -> Answer:
    """Notices by symbol, number or words."""
    speak = turn.speak
    if not text:
        hint = speak.say(
            "Write after /tim what you look for: words, a symbol or a number. For example: /tim chuối"
        )
        return turn.say(escape(hint))
    if len(text) > _LONGEST:
        return turn.say(escape(speak.say("That is too long: look for a few words, a symbol or a number.")))
    found = turn.desk.find(text)
    if len(found) == 1:
        from tbt_watch.bot.tapping import card

        return card(turn, found[0])
    if not found:
        none = speak.say(
            "Nothing was found for “{text}”. Try fewer words, or without tones.", text=clip(text, 80)
        )
        return turn.say(escape(none), menu(speak))
    few = found[:PAGE]
    head = bold(speak.say("Found for “{text}”, the best {n}:", text=clip(text, 80), n=len(few)))
    lines = [head, *(words.notice_line(item, speak, turn.desk.today) for item in few)]
    return turn.say("\n\n".join(lines), _numbered(few, 0))


def deadlines(turn: Turn, page: int = 0) -> Answer:
    """What still takes comments, by the day on which to send them."""
    speak, one = turn.speak, turn.one
    if one is None or not one.subscriptions:
        return nobody(turn)
    found, today = turn.desk.deadlines(one), turn.desk.today
    if not found:
        return turn.say(
            escape(speak.say("Nothing that you follow takes comments at the moment.")), menu(speak)
        )
    shown = found[page * PAGE * 2 : (page + 1) * PAGE * 2]
    if not shown:
        return turn.note(speak.say("There are no more."))
    head = bold(
        speak.say_n("{n} deadline: send your comments by", "{n} deadlines: send your comments by", len(found))
    )
    lines = [head, *(words.deadline_line(item, due, speak, today) for due, item in shown)]
    rows: Rows = ()
    if len(found) > (page + 1) * PAGE * 2:
        rows = ((button(speak.say("More ›"), f"m:dates:{page + 1}"),),)
    return turn.say("\n\n".join(lines), rows)


def own(turn: Turn, before: str = "") -> Answer:
    """The subscriptions of this chat, to change or remove each."""
    speak, one = turn.speak, turn.one
    if one is None or not one.wishes:
        return nobody(turn)
    lines = [before] if before else []
    if one.subscriptions:
        count = len(one.subscriptions)
        lines.append(bold(speak.say_n("You have {n} subscription", "You have {n} subscriptions", count)))
    if one.pause == "asked":
        lines.append(escape(speak.say("Nothing is sent at the moment: you paused it.")))
    rows: list[tuple[Button, ...]] = []
    for number, wish in enumerate(one.subscriptions, start=1):
        about = wording.wish_lines(wish, turn.desk.app.hours, speak)
        lines.append("\n".join([f"<b>{number}.</b> {escape(about[0])}", *map(escape, about[1:])]))
        where = f"{number - 1}:{name_of(wish)}"
        rows.append(
            (
                button(speak.say("✎ Change {n}", n=number), f"m:edit:{where}"),
                button(speak.say("✕ Remove {n}", n=number), f"m:drop:{where}"),
            )
        )
    if one.bulletin_since:
        lines.append(escape(wording.bulletin_line(speak)))
    rows.append((button(speak.say("+ Another subscription"), "m:new"),))
    rows.append((bulletin_button(speak, on=one.bulletin_since is not None),))
    rows.append(
        (button(speak.say("Pause"), "m:stop") if not one.pause else button(speak.say("Go on"), "m:go"),)
    )
    return turn.say("\n\n".join(lines), tuple(rows))


def bulletin_button(speak: Speaker, *, on: bool) -> Button:
    """Gets the bulletin; where it is ``on``, ends it."""
    if on:
        return button(speak.say("Stop the bulletin"), NO_BULLETIN)
    return button(speak.say("Get the bulletin"), BULLETIN)


def documents(turn: Turn, place: int) -> Answer:
    """What is followed by one of the subscriptions, to be taken off one by one."""
    speak = turn.speak
    names = turn.somebody().subscriptions[place].criteria.documents
    head = bold(speak.say("What you follow; a tap takes it off. /theodoi adds more."))
    rows = tuple((button(f"✕ {name}", f"m:unfollow:{short(name)}"),) for name in names[:40])
    return turn.show(head, rows)


def nobody(turn: Turn) -> Answer:
    """Nobody is subscribed here."""
    text = turn.speak.say("There is no subscription here yet. It takes less than a minute.")
    rows = ((button(turn.speak.say("Subscribe"), "m:new"),), (bulletin_button(turn.speak, on=False),))
    return turn.say(escape(text), rows)


def help_(turn: Turn) -> Answer:
    """What can be done."""
    speak = turn.speak
    office = turn.desk.app.office
    lines = [bold(speak.say("What you can do here"))]
    known = meanings(turn.desk.app.language, turn.talk.lang)
    lines.append("\n".join(f"/{name} – {escape(text)}" for name, text in known))
    reached = ", ".join(filter(None, (office.phone, office.email)))
    asked = speak.say("Questions: {office}", office=", ".join(filter(None, (office.name, reached))))
    lines.append(escape(asked))
    other = button("English", "m:lang:en") if turn.talk.lang == "vi" else button("Tiếng Việt", "m:lang:vi")
    rows = (
        *menu(speak)[:1],
        (button(speak.say("My subscriptions"), "m:list"), other),
        (button(speak.say("Report a difficulty"), "m:report"),),
    )
    return turn.say("\n\n".join(lines), rows)
