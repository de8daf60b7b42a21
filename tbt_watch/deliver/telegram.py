"""The Telegram channel, over python-telegram-bot.

What is known of each outcome follows the Bot API (core.telegram.org/bots/api, "Making requests"). There is no
idempotency key: when an answer is lost, nobody knows whether the message arrived, and the error says so.
"""

import asyncio
import logging
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from threading import Thread
from typing import Literal

import httpx
import telegram
from telegram.constants import MessageLimit, ParseMode

from tbt_watch.deliver.line import Line
from tbt_watch.deliver.pace import Pace
from tbt_watch.deliver.secret import keep_out_of_logs, redacted
from tbt_watch.domain.edition import Button, Part
from tbt_watch.errors import DeliveryError

BASE_URL = "https://api.telegram.org/bot"

_LOG = logging.getLogger(__name__)
_NEVER_SENT = (
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_GONE = ("chat not found", "private chat not found", "user not found", "peer_id_invalid", "user is deactivated",
         "chat_id is empty", "have no access to the user", "chat was deleted", "not enough rights to send")  # fmt: skip
_Unfit = Literal["", "long", "markup", "buttons"]
_UNFIT: tuple[tuple[_Unfit, tuple[str, ...]], ...] = (
    ("long", ("text is too long", "message is too long", "message_too_long")),
    ("markup", ("can't parse entities", "entities_too_long", "entity_bounds_invalid")),
    ("buttons", ("button", "reply markup", "reply keyboard")),
)
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_DOWN = 3
"""How many parts in a row could not even be handed over before the line, and not chance, is at fault."""


class Telegram:
    """A bot that sends. One connection pool and one event loop for its life, in a thread of its own; ``send`` may
    be called from several threads. ``close`` it when done, or use it in a ``with``.

    ``base_url`` is what stands before the token; ``timeout`` seconds for connecting and for the answer,
    ``pool_timeout`` for one of the ``in_flight`` connections to come free.
    """

    name = "telegram"
    limit = int(MessageLimit.MAX_TEXT_LENGTH)
    by_hand = False

    def __init__(
        self,
        token: str,
        *,
        base_url: str = BASE_URL,
        timeout: float = 20.0,
        pool_timeout: float = 20.0,
        in_flight: int = 8,
        per_second: int = 28,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        keep_out_of_logs(token)
        _quiet_libraries()
        self.pace = Pace(stopwatch, per_second=per_second)
        self._down = 0  # how many in a row could not be handed over at all
        self._token_fits = _TOKEN.fullmatch(token) is not None
        request = Line(base_url, in_flight=in_flight, timeout=timeout, pool_timeout=pool_timeout)
        # A token that cannot be one is told when something is to be sent, as one that is refused: others go on.
        self._bot = telegram.Bot(token if self._token_fits else "0:none", base_url=base_url, request=request)
        self._request = request
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._thread.start()

    def permit(self, address: str) -> float:
        """Leave by the limits of the whole bot, of a chat and of a group."""
        return self.pace.permit(address)

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:
        """Send one part; raises DeliveryError."""
        return self.begin(address, part, label=label, reply_to=reply_to).result()

    def begin(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> Future[str]:
        """Begin to send one part: the same, without a thread that waits for the answer."""
        return asyncio.run_coroutine_threadsafe(self._deliver(address, part, label, reply_to), self._loop)

    def check(self) -> str:
        """Ask who we are: the bot's user name. Raises DeliveryError."""
        try:
            return asyncio.run_coroutine_threadsafe(self._who(), self._loop).result()
        except telegram.error.TelegramError as error:
            raise _fault(error) from _harmless(error)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise _unknown(type(error).__name__) from None

    def close(self) -> None:
        """Close connections and the loop; once is enough, twice does no harm."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._request.shutdown(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> "Telegram":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    async def _who(self) -> str:
        self._check_token()
        return str((await self._bot.get_me()).username)

    async def _deliver(self, address: str, part: Part, label: str, reply_to: str | None) -> str:
        self._check_token()
        arrived = True
        try:
            sent = await self._send(address, part, reply_to)
        except telegram.error.TelegramError as error:
            fault = self._fault(error)
            arrived = not isinstance(error.__cause__, _NEVER_SENT)
            if fault.retry_after is not None:
                self.pace.hold(address, fault.retry_after)
            raise fault from _harmless(error)
        except (
            TypeError,
            ValueError,
            KeyError,
            AttributeError,
        ) as error:  # an answer, but none that can be read
            raise _unknown(type(error).__name__) from None
        finally:
            self.pace.answered(address, arrived=arrived)
        self._down = 0
        _LOG.debug("%s went to chat %s as message %s", label, address, sent)
        return str(sent)

    def _check_token(self) -> None:
        if not self._token_fits:
            raise _access_refused()

    def _fault(self, error: telegram.error.TelegramError) -> DeliveryError:
        """What is known; when nothing can be handed over again and again, it is the line that is down."""
        fault = _fault(error)
        never = isinstance(error.__cause__, _NEVER_SENT) and not isinstance(
            error.__cause__, httpx.PoolTimeout
        )
        self._down = self._down + 1 if never else 0
        if self._down >= _DOWN:
            return DeliveryError(str(fault), permanent=False, whole_channel=True)
        return fault

    async def _send(self, address: str, part: Part, reply_to: str | None) -> int:
        above = None
        if reply_to:  # what the reader has deleted meanwhile is no reason to send nothing
            above = telegram.ReplyParameters(int(reply_to), allow_sending_without_reply=True)
        message = await self._bot.send_message(
            chat_id=address,
            text=part.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            reply_parameters=above,
            reply_markup=_keyboard(part),
        )
        return message.message_id


def _keyboard(part: Part) -> telegram.InlineKeyboardMarkup | None:
    """The buttons of a part as Telegram has them; None where there are none."""
    rows = [[_button(one) for one in row] for row in part.buttons if row]
    return telegram.InlineKeyboardMarkup(rows) if rows else None


def _button(one: Button) -> telegram.InlineKeyboardButton:
    if one.action.startswith("https://"):
        return telegram.InlineKeyboardButton(one.label, url=one.action)
    return telegram.InlineKeyboardButton(one.label, callback_data=one.action)


def _quiet_libraries() -> None:
    """httpx writes a line for each request; PTB would warn about every 429."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # read by PTB whenever it makes a RetryAfter


def _harmless(error: telegram.error.TelegramError) -> telegram.error.TelegramError | None:
    """The error as a cause that may be shown; None where it, or its own cause, names the token."""
    texts = f"{error!r} {error.__cause__!r}"
    return error if redacted(texts) == texts else None


def _access_refused() -> DeliveryError:
    return DeliveryError(
        "Telegram refuses our token: ask @BotFather for the right one and put it where the configuration names it.",
        permanent=True,
        whole_channel=True,
    )


def _fault(error: telegram.error.TelegramError) -> DeliveryError:
    """What is known of an outcome; never with the address of the request, in which the token stands."""
    match error:
        case telegram.error.InvalidToken():
            return _access_refused()
        case telegram.error.RetryAfter():
            wait = error.retry_after
            seconds = int(wait.total_seconds() if isinstance(wait, timedelta) else wait)
            return DeliveryError(
                f"Telegram asks to wait {seconds} seconds; it is tried again then.",
                permanent=False,
                retry_after=seconds,
            )
        case telegram.error.ChatMigrated():
            return DeliveryError(
                f"The group became a supergroup; its number is {error.new_chat_id} from now on.",
                permanent=False,
                moved_to=str(error.new_chat_id),
            )
        case telegram.error.Forbidden():
            return _gone(redacted(error.message))
        case telegram.error.BadRequest():
            return _refused(redacted(error.message))
        case telegram.error.NetworkError():
            return _network(error)
    return _unknown(type(error).__name__)


def _gone(message: str) -> DeliveryError:
    return DeliveryError(
        f"Telegram says {message!r}: the subscriber must write to the bot again, or be removed.",
        permanent=True,
        blocked=True,
    )


def _refused(message: str) -> DeliveryError:
    if any(sign in message.lower() for sign in _GONE):
        return _gone(message)
    unfit: _Unfit = next(
        (what for what, signs in _UNFIT if any(sign in message.lower() for sign in signs)), ""
    )
    return DeliveryError(
        f"Telegram refused the message ({message!r}): report the fault with the number of the delivery.",
        permanent=True,
        unfit=unfit,
    )


def _network(error: telegram.error.NetworkError) -> DeliveryError:
    cause = error.__cause__
    if isinstance(cause, _NEVER_SENT):
        return DeliveryError(
            f"Telegram could not be reached ({type(cause).__name__}): it is tried again; see to the connection.",
            permanent=False,
        )
    if isinstance(cause, httpx.HTTPError):
        return _unknown(type(cause).__name__)
    if "too many requests" in error.message.lower():  # a 429 that names no time
        return DeliveryError(
            "Telegram asks to wait a while; it is tried again.", permanent=False, retry_after=30
        )
    return _unknown(
        redacted(error.message.partition(". ")[0])
    )  # the rest of it is a 5xx server's whole answer


def _unknown(what: str) -> DeliveryError:
    return DeliveryError(
        f"Telegram's answer was lost ({what}), so nobody knows whether the message arrived: look in the chat, then"
        " send it again or let it be.",
        permanent=False,
        sent=None,
    )
