"""What every page is made with."""

from collections.abc import Mapping
from dataclasses import dataclass

from tbt_watch.bulletin.card import Deadlines
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.office import Office


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What every page is made with. ``sources``: name → title; ``news``: whether there is a list of news; ``editions``:
    whether an edition of the bulletin is published; ``data``: whether there is open data; ``bot``: the user name of our
    Telegram bot, empty without one."""

    words: Words
    deadlines: Deadlines
    office: Office
    sources: Mapping[str, str]
    base_url: str
    news: bool = False
    editions: bool = False
    data: bool = False
    bot: str = ""
