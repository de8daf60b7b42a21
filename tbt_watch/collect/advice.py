"""The health of sources in words: what is wrong, and what a person can do about it."""

from collections.abc import Iterator

from tbt_watch.collect.health import Health
from tbt_watch.domain.work import Issue
from tbt_watch.language import Language

_SHOWN = 5


def health_lines(language: Language, found: Health, lang: str) -> Iterator[str]:
    """A few lines about one source; the last ones, after an arrow, say what to do."""
    say = language.say
    yield f"{found.source}: {language.title(found.title, lang)}"
    yield f"  {_condition(language, found, lang)}"
    if found.items is not None:
        yield f"  {_counts(language, found, lang)}"
    if found.lag is not None:
        yield "  " + language.say_n(
            "From circulation until we saw it: {lag} days (the middle one of {n} notice in 30 days).",
            "From circulation until we saw it: {lag} days (the middle one of {n} notices in 30 days).",
            found.lag_of, lang, lag=found.lag,
        )  # fmt: skip
    for issue in found.crawling:
        yield f"  ! {language.said(issue.message, lang)}"
    yield from _differences(language, found, lang)
    if found.answers.newest_unread:
        yield "  " + say(
            "The newest answer that could not be read: {path}", lang, path=str(found.answers.newest_unread)
        )
    for line in todo(language, found, lang):
        yield f"  → {line}"


def _condition(language: Language, found: Health, lang: str) -> str:
    say = language.say
    last = language.moment(found.last_success, lang) if found.last_success else ""
    match found.condition:
        case "never":
            return say("It was never read.", lang)
        case "well":
            return say("Well: last read at {when}.", lang, when=last)
        case "late":
            return say("Late: nothing was read since {when}.", lang, when=last)
        case "failing" if last:
            return language.say_n(
                "Failing: the last {n} try failed; last read well at {when}.",
                "Failing: the last {n} tries failed; last read well at {when}.",
                found.failures, lang, when=last,
            )  # fmt: skip
        case _:
            return language.say_n(
                "Failing: {n} try, and it was never read well.",
                "Failing: {n} tries, and it was never read well.",
                found.failures,
                lang,
            )


def _counts(language: Language, found: Health, lang: str) -> str:
    items = found.items or 0
    if found.expects is None:
        return language.say_n("It gave {n} record.", "It gave {n} records.", items, lang)
    least, most = found.expects
    return language.say_n(
        "It gave {n} record; between {least} and {most} are due.",
        "It gave {n} records; between {least} and {most} are due.",
        items, lang, least=least, most=most,
    )  # fmt: skip


def _differences(language: Language, found: Health, lang: str) -> Iterator[str]:
    """Where what it says differs from what was agreed."""
    if not found.records:
        return
    yield "  " + language.say_n(
        "{n} open issue where it differs from what was agreed:",
        "{n} open issues where it differs from what was agreed:",
        len(found.records),
        lang,
    )
    for issue in found.records[:_SHOWN]:
        yield f"    {issue.id}. {language.said(issue.message, lang)}"
    if len(found.records) > _SHOWN:
        yield f"    … (+{len(found.records) - _SHOWN})"


def todo(language: Language, found: Health, lang: str) -> list[str]:
    """What a person can do; one line when there is nothing."""
    say = language.say
    lines = list(dict.fromkeys(language.said(issue.todo, lang) for issue in found.crawling))
    if found.condition == "never":
        lines.append(say("Read it once: tbt-watch collect {source}", lang, source=found.source))
    if found.condition == "late":
        lines.append(
            say(
                "See whether tbt-watch serve is running, or run tbt-watch collect {source}",
                lang,
                source=found.source,
            )
        )
    if found.rests_until and found.condition == "failing":
        lines.append(
            say(
                "The service asks it again after {when}; at once with: tbt-watch collect {source}", lang,
                when=language.moment(found.rests_until, lang), source=found.source,
            )
        )  # fmt: skip
    if found.records:
        lines.append(say("Look at its records, one by one: tbt-watch issues list", lang))
    if found.condition == "well" and not found.within and not found.crawling:
        lines.append(say("Open its page and compare: {home}", lang, home=found.home))
    return lines or [say("Nothing to do.", lang)]


def health_json(found: Health, language: Language, lang: str) -> dict[str, object]:
    """One source as JSON."""
    expects = list(found.expects) if found.expects else None
    return {
        "name": found.source,
        "title": found.title,
        "home": found.home,
        "condition": found.condition,
        "last_success": found.last_success.isoformat() if found.last_success else None,
        "last_try": found.last_try.isoformat() if found.last_try else None,
        "failures": found.failures,
        "rests_until": found.rests_until.isoformat() if found.rests_until else None,
        "records": found.items,
        "expects": expects,
        "within": found.within,
        "lag_days": found.lag,
        "lag_of": found.lag_of,
        "issues": [_issue(one) for one in (*found.crawling, *found.records)],
        "answers": found.answers.kept,
        "unread_answer": str(found.answers.newest_unread) if found.answers.newest_unread else None,
        "todo": todo(language, found, lang),
    }


def _issue(one: Issue) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("id", "kind", "key", "message", "todo", "times")}
