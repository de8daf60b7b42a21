"""Making and changing a subscription, step by step; pure but for what is looked up."""

from collections.abc import Mapping
from dataclasses import replace

from tbt_watch import wording
from tbt_watch.bot.nouns import EMPTY, Answer, Rows, Save, Step
from tbt_watch.bot.screens import AREAS, button, greeting, menu, next_news, resolved, suggestions
from tbt_watch.bot.turn import Turn
from tbt_watch.bot.understand import MOST, read_hour
from tbt_watch.deliver.buttons import BULLETIN
from tbt_watch.deliver.markup import bold, clip, escape
from tbt_watch.domain.subscriber import WEEKDAYS, Criteria, Subscriber, Subscription, audience_key

MOST_WISHES = 20
"""Subscriptions of one chat."""

_NEXT: Mapping[Step, Step] = {"subject": "market", "market": "kind", "topic": "kind", "kind": "often"}
_BACK: Mapping[Step, Step] = {
    "market": "subject", "kind": "market", "topic": "kind", "often": "kind", "hour": "often", "day": "often",
}  # fmt: skip
_ABOUT: tuple[Step, ...] = ("subject", "market", "kind", "often")
STEPS: tuple[Step, ...] = (*_ABOUT, "topic", "hour", "day", "check")
"""The steps of a subscription."""


def begin(turn: Turn, draft: Subscription = EMPTY, step: Step = "subject") -> Turn:
    """A new subscription, from a draft on."""
    return turn.with_talk(
        step=step, round=(turn.talk.round + 1) % 10_000, draft=draft, place=None, was="", reviewed=False, page=0,
        about=None,
    )  # fmt: skip


def change(turn: Turn, place: int) -> Turn:
    """One of the subscriber's own, to be looked at and changed."""
    wish = turn.somebody().subscriptions[place]
    return begin(turn, wish, "check").with_talk(place=place, was=name_of(wish), reviewed=True)


def name_of(wish: Subscription) -> str:
    """A short name of a wish, by which an old button knows whether it is still meant."""
    return audience_key([wish], "vi")[:6]


# --- taps ---


def tapped(turn: Turn, answer: str) -> Answer:
    """A button of the present step."""
    step, sign = turn.talk.step, answer[:1]
    if answer == "cancel":
        return done(turn).show(escape(turn.speak.say("Nothing was changed.")), menu(turn.speak))
    if step not in STEPS:
        return turn.note(turn.speak.say("This button means nothing any more."))
    if answer == "back":
        return _go(turn, "check" if turn.talk.reviewed and step in _ABOUT else _BACK.get(step, "subject"))
    if answer == "lang":
        return _other_language(turn)
    if sign in ("p", "+", "&"):
        return _chosen(turn, sign, answer[1:])
    if answer == "next" and step in _NEXT:
        turn = turn.with_talk(page=0)
        return _go(turn, "check" if turn.talk.reviewed and step != "topic" else _NEXT[step])
    if step == "subject" and answer == "clear":
        return _with(turn, hs=(), words=()).ask()
    if step == "kind" and answer == "topics":
        return _go(turn.with_talk(page=0), "topic")
    if step in ("often", "hour", "day"):
        return _when(turn, answer)
    if step == "check":
        return _checked(turn, answer)
    return turn.note(turn.speak.say("This button means nothing any more."))


def _chosen(turn: Turn, sign: str, what: str) -> Answer:
    """Another page, something to tick, or a related word."""
    if sign == "p" and what.isascii() and what.isdecimal():
        return turn.with_talk(page=int(what[:3])).ask()
    if sign == "&" and turn.talk.step == "subject":
        return _added(turn, what)
    if sign == "+":
        return _ticked(turn, what)
    return turn.note(turn.speak.say("This button means nothing any more."))


def _go(turn: Turn, step: Step) -> Answer:
    return turn.with_talk(step=step, reviewed=turn.talk.reviewed or step == "check").ask()


def _other_language(turn: Turn) -> Answer:
    turn = turn.with_talk(lang="en" if turn.talk.lang == "vi" else "vi")
    return turn.ask(before=greeting(turn.desk, turn.speak))


def _with(turn: Turn, **criteria: tuple[str, ...]) -> Turn:
    """The draft with other criteria."""
    draft = turn.talk.draft
    return turn.with_talk(draft=replace(draft, criteria=replace(draft.criteria, **criteria)))


def _ticked(turn: Turn, code: str) -> Answer:
    """Something was chosen, or chosen no longer."""
    step, follows = turn.talk.step, turn.talk.draft.criteria
    if step == "subject":
        known = [one for one, _ in turn.desk.subjects("sector", turn.talk.lang)]
        return _toggled(turn, "sectors", resolved(code, known))
    if step == "topic":
        known = [one for one, _ in turn.desk.subjects("topic", turn.talk.lang)]
        return _toggled(turn, "topics", resolved(code, known))
    if step == "market":
        return _toggled(turn, "markets", code if turn.desk.reader.market(code) == code else None)
    if step == "kind" and code in AREAS:
        left = [area for area in AREAS if (area in (follows.areas or AREAS)) != (area == code)]
        if not left:
            return turn.note(turn.speak.say("Leave at least one kind switched on."))
        return _with(turn, areas=() if len(left) == len(AREAS) else tuple(left)).ask()
    return turn.note(turn.speak.say("This button means nothing any more."))


def _added(turn: Turn, word: str) -> Answer:
    """A word or code that belongs to what was typed."""
    follows = turn.talk.draft.criteria
    found = resolved(word, suggestions(follows, turn.desk))
    if found is None or len(follows.words) + len(follows.hs) >= MOST:
        return turn.note(turn.speak.say("This button means nothing any more."))
    if found.startswith("HS "):
        return _with(turn, hs=(*follows.hs, found[3:])).ask()
    return _with(turn, words=(*follows.words, found)).ask()


def _toggled(turn: Turn, name: str, code: str | None) -> Answer:
    chosen: tuple[str, ...] = getattr(turn.talk.draft.criteria, name)
    if code is None:
        return turn.note(turn.speak.say("This button means nothing any more."))
    if code in chosen:
        return _with(turn, **{name: tuple(one for one in chosen if one != code)}).ask()
    if len(chosen) >= MOST:
        return turn.note(turn.speak.say("That is as many as one subscription takes."))
    return _with(turn, **{name: (*chosen, code)}).ask()


def _when(turn: Turn, answer: str) -> Answer:
    follows, step = turn.talk.draft.criteria, turn.talk.step
    if step == "often" and answer in ("instant", "daily", "weekly"):
        frequency = "instant" if answer == "instant" else "daily" if answer == "daily" else "weekly"
        return _go(
            turn.with_talk(draft=Subscription(criteria=follows, frequency=frequency)),  # type: ignore[arg-type]
            "check",
        )
    if step == "often" and answer in ("hour", "day"):
        draft = Subscription(criteria=follows, frequency="daily" if answer == "hour" else "weekly")
        return turn.with_talk(draft=draft, step=answer).ask()
    day = next((one for one in WEEKDAYS if one == answer), None)
    if step == "day" and day:
        draft = Subscription(criteria=follows, frequency="weekly", day=day)
        return turn.with_talk(draft=draft, step="hour").ask()
    at = read_hour(answer)
    if step == "hour" and at and turn.talk.draft.frequency != "instant":
        return _go(turn.with_talk(draft=replace(turn.talk.draft, at=at)), "check")
    return turn.note(turn.speak.say("This button means nothing any more."))


def _checked(turn: Turn, answer: str) -> Answer:
    if answer == "save":
        return _save(turn)
    if answer in _ABOUT:
        step: Step = next(one for one in _ABOUT if one == answer)
        return turn.with_talk(step=step, page=0).ask()
    return turn.note(turn.speak.say("This button means nothing any more."))


# --- saving ---


def done(turn: Turn) -> Turn:
    """Nothing is asked any more."""
    return turn.with_talk(step="", draft=EMPTY, place=None, was="", reviewed=False, page=0, about=None)


def _save(turn: Turn) -> Answer:
    speak, talk, one = turn.speak, turn.talk, turn.somebody()
    wishes, place = list(one.subscriptions), talk.place
    if place is not None and place < len(wishes) and name_of(wishes[place]) == talk.was:
        wishes[place] = talk.draft
    elif talk.draft not in wishes:
        if len(wishes) >= MOST_WISHES:
            text = speak.say("You have {n} subscriptions already: remove one first.", n=len(wishes))
            return done(turn).show(escape(text), menu(speak))
        wishes.append(talk.draft)
    saved = replace(one, subscriptions=tuple(dict.fromkeys(wishes)), lang=talk.lang, pause="")
    lines = [bold(speak.say("Saved."))]
    lines.append(escape(speak.say("The next news may come at {when}.", when=next_news(talk, turn.desk))))
    lines.append(
        escape(
            speak.say(
                "Under each message you can say whether it affects you, follow it, and ask why it came."
            )
        )
    )
    another: Rows = ((button(speak.say("+ Another subscription"), "m:new"),),)
    if one.bulletin_since is None:
        another = (*another, (button(speak.say("Get the bulletin"), BULLETIN),))
    return done(turn).show("\n\n".join(lines), (*another, *menu(speak)), [Save(subscriber=saved)])


def followed(person: Subscriber, name: str, *, on: bool) -> Subscriber:
    """The subscriber with a document followed, or no longer. What is followed comes at once."""
    wishes: list[Subscription] = []
    for wish in person.subscriptions:
        left = tuple(other for other in wish.criteria.documents if other.casefold() != name.casefold())
        kept = replace(wish, criteria=replace(wish.criteria, documents=left))
        if kept.criteria != Criteria() or wish.criteria == Criteria():
            wishes.append(kept)
    if on:
        place = next(
            (at for at, wish in enumerate(wishes) if only_documents(wish) and wish.frequency == "instant"),
            None,
        )
        before = wishes[place].criteria.documents if place is not None else ()
        wish = Subscription(criteria=Criteria(documents=(*before, name)), frequency="instant")
        wishes = [*wishes, wish] if place is None else [*wishes[:place], wish, *wishes[place + 1 :]]
    return replace(person, subscriptions=tuple(wishes))


def follows(one: Subscriber | None, name: str) -> bool:
    """Whether a subscriber follows that document."""
    wishes = one.subscriptions if one else ()
    return any(other.casefold() == name.casefold() for wish in wishes for other in wish.criteria.documents)


def only_documents(wish: Subscription) -> bool:
    """Whether nothing but documents is followed by it."""
    return set(wish.criteria.as_json()) == {"documents"}


# --- what is typed ---


def typed(turn: Turn) -> Answer:
    """An answer in words."""
    match turn.talk.step:
        case "subject":
            return _products(turn)
        case "market":
            return _markets(turn)
        case "hour":
            at = read_hour(turn.event.text)
            if at is None:
                text = turn.speak.say("That is no time of day. Write it like 7:30.")
                return turn.ask(before=escape(text))
            return _when(turn, f"{at:%H:%M}")
    return turn.ask(before=escape(turn.speak.say("Please answer with the buttons.")))


def _products(turn: Turn) -> Answer:
    speak = turn.speak
    if len(turn.event.text) > 1000:
        return turn.ask(before=escape(speak.say("That is too long: name a few products or codes.")))
    found = turn.desk.reader.products(turn.event.text)
    lines = []
    if found.anything:
        as_read = Criteria(sectors=found.sectors, hs=found.hs, words=found.words)
        lines.append(speak.say("Understood. {what}", what=wording.subject(as_read, speak)))
    if found.unclear or not found.anything:
        what = ", ".join(clip(one, 40) for one in found.unclear[:5]) or clip(turn.event.text, 40)
        lines.append(
            speak.say("Not understood: {what}. Write a product in a word or two, or an HS code.", what=what)
        )
    sectors, hs, names = found.added_to(turn.talk.draft.criteria)
    turn = _with(turn, sectors=sectors[:MOST], hs=hs[:MOST], words=names[:MOST])
    return turn.ask(before="\n".join(map(escape, lines)))


def _markets(turn: Turn) -> Answer:
    speak = turn.speak
    known, unclear = turn.desk.reader.markets(turn.event.text[:1000])
    lines = []
    if unclear or not known:
        what = ", ".join(clip(one, 40) for one in unclear[:5]) or clip(turn.event.text, 40)
        lines.append(
            speak.say("Not understood: {what}. Write the names of countries, with commas between.", what=what)
        )
    both = tuple(dict.fromkeys((*turn.talk.draft.criteria.markets, *known)))[:MOST]
    return _with(turn, markets=both).ask(before="\n".join(map(escape, lines)))
