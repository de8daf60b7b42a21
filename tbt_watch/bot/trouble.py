"""What can stand in the way of the conversation, in words: for the list of issues, ``status`` and ``doctor``."""

from collections.abc import Iterable, Iterator, Mapping

from tbt_watch.domain.work import Issue
from tbt_watch.language import Language

CONVERSATION = "bot"
"""The source under which it stands among the issues."""

REFUSED, TWO, SILENT = "bot-refused", "bot-conflict", "bot-unreachable"

TROUBLES: Mapping[str, tuple[str, str]] = {
    REFUSED: (
        "Telegram refuses our token, so nobody can talk to the bot.",
        "Ask @BotFather for the right token, put it where the configuration names it, and start the service again.",
    ),
    TWO: (
        "Another program reads the messages to our bot, so that we get none or only some.",
        "Stop the other service that uses this token, or give each a bot of its own.",
    ),
    SILENT: (
        "Telegram has been out of reach for a while, so nobody can talk to the bot.",
        "See to the connection; it is tried again each minute.",
    ),
}
"""By kind: what is wrong, and what to do."""


def troubles(issues: Iterable[Issue], language: Language, lang: str) -> Iterator[str]:
    """What is wrong with the conversation at the moment, a line each."""
    for one in issues:
        if one.source == CONVERSATION and one.kind in TROUBLES:
            yield " ".join(language.said(part, lang) for part in TROUBLES[one.kind])
