"""What happens when somebody taps a button under a message about a notice; pure but for what is looked up."""

from dataclasses import replace

from tbt_watch.bot import words
from tbt_watch.bot.nouns import Answer, Rows, Save, Tapped
from tbt_watch.bot.screens import button
from tbt_watch.bot.subscribing import followed, follows
from tbt_watch.bot.turn import Turn
from tbt_watch.deliver.buttons import AFFECTED, CHOOSE, FOLLOW, IRRELEVANT, WHY
from tbt_watch.deliver.markup import bold, escape
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Subscriber
from tbt_watch.store.taps import MARKET, PRODUCT

VERBS = frozenset({AFFECTED, IRRELEVANT, FOLLOW, WHY, CHOOSE})
CHANGING = frozenset({AFFECTED, IRRELEVANT, FOLLOW})

WHYS = {"product": PRODUCT, "market": MARKET}


def tapped(turn: Turn, verb: str, detail: str) -> Answer:
    """A button under an edition: ``affected:12``, ``why:12:7``, ``choose:7``."""
    first, _, second = detail.partition(":")
    numbers = [int(one) for one in (first, second) if one.isascii() and one.isdecimal() and len(one) < 16]
    one = turn.one
    if one is None or one.id is None:
        return turn.note(turn.speak.say("You have no subscription here any more; /start makes one."))
    if not numbers or (verb == IRRELEVANT and second not in ("", *WHYS)):
        return turn.note(turn.speak.say("This button means nothing any more."))
    if verb == CHOOSE:
        return _choose(turn, one.id, numbers[0])
    item = turn.desk.notice(numbers[0])
    if item is None:
        return turn.note(gone(turn))
    if verb == AFFECTED:
        return _affected(turn, one.id, item)
    if verb == IRRELEVANT:
        return _irrelevant(turn, one.id, item, second)
    if verb == FOLLOW:
        return follow(turn, one, item)
    return _why(turn, one, item, numbers[1] if len(numbers) > 1 else 0)


def gone(turn: Turn) -> str:
    """A notice that is not there any more."""
    return turn.speak.say(
        "This notice is not there any more: it was joined with another one or taken back. /tim finds what there is."
    )


def _affected(turn: Turn, number: int, item: Dossier) -> Answer:
    speak = turn.speak
    if AFFECTED in turn.desk.said(number, item.id):
        deed = Tapped(subscriber_id=number, notice_id=item.id, off=(AFFECTED,))
        return turn.note(speak.say("Taken back: it does not affect you."), [deed])
    deed = Tapped(subscriber_id=number, notice_id=item.id, on=(AFFECTED,), off=(IRRELEVANT, PRODUCT, MARKET))
    noted = turn.word(speak.say("Noted: it affects you. A second tap takes it back."))
    lines = [bold(speak.say("{name} affects you.", name=words.name_of(item, speak)))]
    lines.append(
        escape(
            speak.say(
                "The office counts the enterprises that are affected, without their names, and supports comments with"
                " that number."
            )
        )
    )
    row = [button(speak.say("Report a difficulty"), f"m:report:{item.id}")]
    if turn.desk.kit(item, turn.talk.lang):
        lines.append(escape(speak.say("Comments are still taken: a letter to start from is one tap away.")))
        row.insert(0, button(speak.say("Letter to comment"), f"m:kit:{item.id}"))
    return turn.also(turn.say("\n\n".join(lines), tuple((one,) for one in row), [deed]), noted)


def _irrelevant(turn: Turn, number: int, item: Dossier, why: str) -> Answer:
    speak, said = turn.speak, turn.desk.said(number, item.id)
    if why in WHYS:
        deed = Tapped(
            subscriber_id=number, notice_id=item.id, on=(IRRELEVANT, WHYS[why]),
            off=tuple(kind for name, kind in WHYS.items() if name != why),
        )  # fmt: skip
        text = escape(
            speak.say("Thank you: it helps us to choose better. You can also narrow your subscription.")
        )
        return turn.show(text, _own(turn), [deed])
    if IRRELEVANT in said:
        deed = Tapped(subscriber_id=number, notice_id=item.id, off=(IRRELEVANT, PRODUCT, MARKET))
        return turn.note(speak.say("Taken back."), [deed])
    deed = Tapped(subscriber_id=number, notice_id=item.id, on=(IRRELEVANT,), off=(AFFECTED,))
    noted = turn.word(speak.say("Noted: not your business. A second tap takes it back."))
    text = escape(speak.say("{name} is not your business: why?", name=words.name_of(item, speak)))
    row = (
        button(speak.say("Not my product"), f"{IRRELEVANT}:{item.id}:product"),
        button(speak.say("Not my market"), f"{IRRELEVANT}:{item.id}:market"),
    )
    return turn.also(turn.say(text, (row,), [deed]), noted)


def follow(turn: Turn, one: Subscriber, item: Dossier, *, only_on: bool = False) -> Answer:
    """Follow the measure of a notice, or no longer; ``only_on``: whoever comes by a link wants to follow."""
    speak, name = turn.speak, turn.desk.followed_as(item)
    on = only_on or not follows(one, name)
    deed = Save(subscriber=followed(one, name, on=on))
    if not on:
        return turn.note(speak.say("You do not follow {name} any longer.", name=name), [deed])
    noted = turn.word(speak.say("You follow {name}.", name=name))
    text = speak.say(
        "You follow {name}: whatever happens to it comes at once, with reminders before the days that count.",
        name=name,
    )
    rows = ((button(speak.say("No longer follow"), f"{FOLLOW}:{item.id}"),),)
    answer = turn.say(f"{bold(words.headline(item, speak))}\n\n{escape(text)}", rows, [deed])
    return turn.also(answer, noted) if turn.event.kind == "tap" else answer


def _why(turn: Turn, one: Subscriber, item: Dossier, edition: int) -> Answer:
    speak = turn.speak
    reason = turn.desk.reason(one.id or 0, edition, item.id) or turn.desk.reason_now(one, item)
    if reason is None:
        text = speak.say("It came by a subscription that you have changed since.")
    else:
        text = words.why(reason, item, speak)
    head = bold(speak.say("Why did {name} come?", name=words.name_of(item, speak)))
    return turn.say(f"{head}\n{escape(text)}", _own(turn))


def _own(turn: Turn) -> Rows:
    return ((button(turn.speak.say("Change my subscriptions"), "m:list"),),)


def _choose(turn: Turn, number: int, edition: int) -> Answer:
    """The notices of a list, each as a button."""
    found = turn.desk.received(number, edition)
    if not found:
        return turn.note(gone(turn))
    head = escape(turn.speak.say("Which one?"))
    rows = tuple(
        (button(words.short_headline(item, turn.speak), f"m:show:{item.id}:{edition}"),)
        for item in found[:40]
    )
    return turn.say(head, rows)


def card(turn: Turn, item: Dossier, edition: int = 0) -> Answer:
    """A notice as a whole, with its buttons."""
    speak = turn.speak
    rows = [
        [button(speak.say("Affects us"), f"{AFFECTED}:{item.id}"),
         button(speak.say("Not our business"), f"{IRRELEVANT}:{item.id}")],
        [button(speak.say("Follow"), f"{FOLLOW}:{item.id}"),
         button(speak.say("Why do I get this?"), f"{WHY}:{item.id}:{edition}")],
    ]  # fmt: skip
    if turn.desk.kit(item, turn.talk.lang):
        rows.append([button(speak.say("Letter to comment"), f"m:kit:{item.id}")])
    shown = tuple(tuple(row) for row in rows) if turn.one else tuple(tuple(row) for row in rows[2:])
    return turn.say(turn.desk.card(item, turn.talk.lang), shown)


def kit(turn: Turn, item: Dossier) -> Answer:
    """The letter to comment with, to copy from."""
    speak = turn.speak
    letter = turn.desk.kit(item, turn.talk.lang)
    if letter is None:
        return turn.note(speak.say("Comments on it are not taken any more."))
    head = [bold(speak.say("Letter to comment: copy it, fill it in, and send it."))]
    if letter.to:
        head.append(escape(speak.say("To: {address}", address=letter.to)))
    elif letter.point is None:
        head.append(escape(speak.say("Send it to the office, which passes it on.")))
    else:
        point = letter.point
        reached = ", ".join(filter(None, (point.name, point.phone, point.website, point.address)))
        head.append(escape(speak.say("To: {address}", address=reached)))
    head.append(escape(speak.say("Subject: {subject}", subject=letter.subject)))
    answer = turn.say("\n".join(head))
    return replace(answer, replies=(*answer.replies, *turn.say(escape(letter.text)).replies))
