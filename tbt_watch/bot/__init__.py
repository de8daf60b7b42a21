"""The conversation with subscribers on Telegram: a door for people, without rules of its own.

``dialogue`` says what comes of an event, ``handling`` writes it down, ``loop`` listens and speaks.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tbt_watch.app import App
from tbt_watch.bot.commands import commands
from tbt_watch.bot.desk import Desk
from tbt_watch.bot.handling import Handling
from tbt_watch.bot.nouns import CHANNEL
from tbt_watch.deliver.pace import Pace

__all__ = ["talking"]


@contextmanager
def talking(app: App) -> Iterator[None]:
    """Talk with subscribers while this is open; where Telegram is not switched on, nothing happens.

    Raises ConfigError or DeliveryError for a token that is missing.
    """
    if CHANNEL not in app.config.deliver.channels:
        yield
        return
    from tbt_watch.bot.line import Line  # the library takes half a second: only where it is needed
    from tbt_watch.bot.loop import Conversation
    from tbt_watch.deliver.telegram import Telegram

    settings = app.config.deliver.telegram
    line = partial(Line, settings.required_token(), settings.base_url)
    channel = app.channels[CHANNEL]
    pace = channel.pace if isinstance(channel, Telegram) else Pace(time.monotonic)
    conversation = Conversation(line, pace, Handling(desk=Desk(app=app)), commands(app.language))
    conversation.start()
    try:
        yield
    finally:
        conversation.stop()
