"""Makes the channels that the office switched on, each with its settings and its secret."""

from collections.abc import Callable
from contextlib import ExitStack, suppress

from tbt_watch.config import DeliverSettings
from tbt_watch.deliver.byhand import ByHand
from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.email import Email
from tbt_watch.deliver.letter import Sender, Slip
from tbt_watch.deliver.pretend import Pretend
from tbt_watch.deliver.smtp import MailServer
from tbt_watch.domain.moment import Clock
from tbt_watch.errors import DeliveryError


def make_channel(
    name: str,
    given: DeliverSettings,
    office: str,
    slip: Callable[[], Callable[[str], Slip | None]],
    clock: Clock,
    opened: ExitStack,
) -> Channel:
    """The channel of that name; what has to be closed is ``opened``. ``slip`` gives what knows the foot of letters.

    Raises ConfigError for one that lacks its secret or settings, DeliveryError for a token that is none.
    """
    if name == "telegram":
        from tbt_watch.deliver.telegram import Telegram  # half a second that most commands can save

        return opened.enter_context(
            Telegram(
                given.telegram.required_token(), base_url=given.telegram.base_url, in_flight=given.in_flight
            )
        )
    if name == "email":
        given.email.check()
        server = MailServer(
            host=given.email.host,
            port=given.email.port,
            security=given.email.security,
            user=given.email.user,
            password=given.email.password,
        )
        sender = Sender(name=office, mailbox=given.email.sender, reply_to=given.email.reply_to)
        return opened.enter_context(Email(server, sender, slip(), clock, per_minute=given.email.per_minute))
    return ByHand() if name == "zalo" else Pretend(given.pretend.folder)


def bot_name(given: DeliverSettings, telegram: Callable[[], Channel]) -> str:
    """The user name of our Telegram bot; empty where it is neither configured nor to be had from Telegram."""
    named = given.telegram.bot.removeprefix("@")
    if named or not given.telegram.token:
        return named
    from tbt_watch.deliver.telegram import Telegram

    with suppress(DeliveryError):
        channel = telegram()
        return channel.check() if isinstance(channel, Telegram) else ""
    return ""
