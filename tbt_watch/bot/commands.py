"""The menu of commands, in both languages."""

from collections.abc import Mapping, Sequence

from tbt_watch.language import Language


def commands(language: Language) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What each command does, by language: Vietnamese for all whose Telegram speaks no English."""
    return {"": _meant(language, "vi"), "en": _meant(language, "en")}


def _meant(language: Language, lang: str) -> list[tuple[str, str]]:
    return [(name, meaning) for name, meaning in meanings(language, lang) if name != "start"]


def meanings(language: Language, lang: str) -> list[tuple[str, str]]:
    """Each command with what it does."""

    def say(message: str) -> str:
        return language.say(message, lang)

    return [
        ("tin", say("the newest for you")),
        ("tim", say("look for words, a symbol or a number")),
        ("lich", say("deadlines for comments")),
        ("bantin", say("the bulletin of the office")),
        ("dangky", say("your subscriptions: look, change, add")),
        ("theodoi", say("follow a document")),
        ("vuongmac", say("report a difficulty with a product or a market")),
        ("tamdung", say("pause, and go on")),
        ("xoa", say("delete everything about you")),
        ("trogiup", say("help, and the language")),
    ]
