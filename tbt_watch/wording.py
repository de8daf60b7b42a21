"""What a subscriber follows, in words, as the reader says them; pure."""

from collections.abc import Iterable, Sequence

from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import clip
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.subscriber import Criteria, Subscription, Weekday
from tbt_watch.errors import LanguageError

_NAMED = 12
"""Values of one list that are named; the rest is counted."""


def wish_lines(wish: Subscription, hours: Hours, speak: Speaker) -> list[str]:
    """A subscription in a few lines of plain text."""
    follows = wish.criteria
    if follows.documents and not (
        set(follows.as_json()) - {"documents"}
    ):  # followed whatever else: no market, no kind
        return [
            speak.say("Followed documents: {names}", names=_listed(follows.documents, speak)),
            how_often(wish, hours, speak),
        ]
    lines = [subject(follows, speak)]
    lines.append(speak.say("Markets: {markets}", markets=market_names(follows.markets, speak)))
    lines.append(speak.say("Kinds: {kinds}", kinds=kind_names(follows.areas, speak)))
    return [*lines, how_often(wish, hours, speak)]


def bulletin_line(speak: Speaker) -> str:
    """What it is to get the bulletin."""
    return speak.say("The bulletin: each number, when it is published.")


def subject(follows: Criteria, speak: Speaker) -> str:
    """What a subscription is about, in one line."""
    parts = [speak.head.label("sector", code, speak.lang) for code in follows.sectors]
    parts += [code_name(code, speak) for code in follows.hs]
    parts += [f"“{word}”" for word in follows.words]
    parts += [
        speak.say("topic {topic}", topic=speak.head.label("topic", code, speak.lang))
        for code in follows.topics
    ]
    parts += list(follows.documents)
    if not parts:
        return speak.say("Products: all")
    return speak.say("Products: {products}", products=_listed(parts, speak))


def code_name(code: str, speak: Speaker) -> str:
    """``HS 0803 (chuối)``."""
    language = speak.head.language
    name = language.hs_short(code, speak.lang) or language.hs_chapter(code, speak.lang)
    return f"HS {code} ({clip(name, 60)})" if name else f"HS {code}"


def market_names(codes: Sequence[str], speak: Speaker) -> str:
    """Markets by their short names; all of them where none is named."""
    if not codes:
        return speak.say("all")
    return _listed([market_name(code, speak) for code in codes], speak)


def market_name(code: str, speak: Speaker) -> str:
    """A Member's short name, or a group's."""
    language = speak.head.language
    try:
        return language.member_short(code, speak.lang)
    except LanguageError:
        return next((one.label.name(speak.lang) for one in language.groups if one.code == code), code)


def kind_names(areas: Sequence[str], speak: Speaker) -> str:
    """The kinds of news by name; all of them where none is named."""
    names = [kind_name(area, speak) for area in ("TBT", "SPS", "VN") if not areas or area in areas]
    return ", ".join(names)


def kind_name(area: str, speak: Speaker) -> str:
    """What an area is called: ``TBT (kỹ thuật)``."""
    if area == "TBT":
        return speak.say("TBT (technical rules)")
    if area == "SPS":
        return speak.say("SPS (food safety, quarantine)")
    return speak.say("Vietnamese regulations")


def how_often(wish: Subscription, hours: Hours, speak: Speaker) -> str:
    """When it is told."""
    if wish.frequency == "instant":
        return speak.say_n(
            "When: at once, gathered for {n} minute",
            "When: at once, gathered for {n} minutes",
            hours.instant_minutes,
        )
    if wish.frequency == "daily":
        at = wish.at or hours.daily
        return speak.say("When: every day at {time}", time=f"{at.hour}:{at.minute:02d}")
    at, day = wish.at or hours.weekly, wish.day or hours.weekly_day
    return speak.say(
        "When: every week, {day} at {time}", day=day_name(day, speak), time=f"{at.hour}:{at.minute:02d}"
    )


def day_name(day: Weekday | str, speak: Speaker) -> str:
    """``thứ Hai``, ``Monday``."""
    names = {
        "mon": speak.say("Monday"), "tue": speak.say("Tuesday"), "wed": speak.say("Wednesday"),
        "thu": speak.say("Thursday"), "fri": speak.say("Friday"), "sat": speak.say("Saturday"),
        "sun": speak.say("Sunday"),
    }  # fmt: skip
    return names[day]


def _listed(items: Iterable[str], speak: Speaker) -> str:
    whole = list(items)
    if len(whole) <= _NAMED:
        return ", ".join(whole)
    rest = len(whole) - _NAMED
    return ", ".join(whole[:_NAMED]) + speak.say_n(" and {n} more", " and {n} more", rest)
