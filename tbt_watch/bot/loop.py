"""The loop of the conversation: one thread, one event loop, beside the scheduler.

It asks Telegram for updates, has each handled and written down before the next is asked for, and says what is to be
said, each chat by itself, so that one that must wait holds up no other. It asks the channel's pace for leave before
each message of its own: the limits of Telegram hold for the whole bot.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from threading import Event as Flag
from threading import Thread
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from tbt_watch.bot.dialogue import changes
from tbt_watch.bot.handling import Handling
from tbt_watch.bot.inbox import event_of
from tbt_watch.bot.line import Json, Line
from tbt_watch.bot.nouns import Event, Reply
from tbt_watch.bot.trouble import CONVERSATION, REFUSED, SILENT, TROUBLES, TWO
from tbt_watch.deliver.pace import Pace
from tbt_watch.domain.work import Issue
from tbt_watch.errors import StoreError

log = logging.getLogger(__name__)

BACK_OFF = (1, 2, 5, 10, 30, 60)
"""Seconds until the next try after each failure in a row."""

HOPELESS, SHARED = 300, 30
"""Seconds until the next try when our token is refused, and when another program reads our updates."""

LEAVE_TAKING = 10
"""Seconds that a message on its way has, at the end, to arrive and to be written down as said."""

TRIES = 6
"""How often a message is tried while the line is bad; then it waits for the next event or start."""


_GONE = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "was deleted",
    "is deactivated",
    "chat_write_forbidden",
)
"""What Telegram says of a chat in which we cannot write any more, beside 403."""


class Conversation:
    """Starts with ``start``, ends with ``stop``. ``commands``: the menu, by language."""

    def __init__(
        self,
        line: Callable[[], Line],
        pace: Pace,
        handling: Handling,
        commands: Mapping[str, Sequence[tuple[str, str]]],
        *,
        pauses: Sequence[float] = BACK_OFF,
    ) -> None:
        self._make, self._pace, self._handling, self._commands = line, pace, handling, commands
        self._pauses = pauses
        self._speaking: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._failures = 0
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = Flag()
        self._thread = Thread(target=lambda: asyncio.run(self._main()), name="conversation", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._up.wait()

    def stop(self) -> None:
        """Listen no more; what is being handled, and said, is finished first."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._up.set()
        self._line = self._make()
        ended = asyncio.create_task(self._ended.wait())
        while not ended.done():
            listening = asyncio.create_task(self._listen())
            await asyncio.wait([listening, ended], return_when=asyncio.FIRST_COMPLETED)
            if listening.done() and (fault := listening.exception()):
                log.error("The conversation broke off; it begins again in a minute.", exc_info=fault)
                await asyncio.wait([ended], timeout=self._pauses[-1])
        await _cancelled([listening])
        if speaking := [*self._speaking.values()]:
            # else a message that has just arrived would not be known as said, and be said again at the next start
            _, late = await asyncio.wait(speaking, timeout=LEAVE_TAKING)
            await _cancelled(late)
        await self._line.close()

    # --- listening ---

    async def _listen(self) -> None:
        me = await self._tried(partial(self._line.open, self._commands))
        for address in await asyncio.to_thread(self._handling.begin):
            self._wake(address)
        last: int | None = None
        while True:
            for update in await self._tried(partial(self._line.listen, last)):
                await self._take(update, me)
                last = int(update["update_id"])

    async def _tried(self, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Ask until there is an answer; what stands in the way is said once."""
        while True:
            try:
                found = await ask()
            except TelegramError as error:
                await asyncio.sleep(await self._failed(error))
            else:
                await self._well()
                return found

    async def _failed(self, error: TelegramError) -> float:
        """Say what is wrong, once; the seconds until the next try."""
        self._failures += 1
        pause = self._pauses[min(self._failures, len(self._pauses)) - 1]
        if isinstance(error, RetryAfter):
            return _seconds(error)
        if isinstance(error, InvalidToken | Conflict):
            refused = isinstance(error, InvalidToken)
            await self._tell(REFUSED if refused else TWO)
            return max(pause, min(HOPELESS if refused else SHARED, self._pauses[-1] * 5))
        if self._failures == len(self._pauses):
            await self._tell(SILENT)
        return pause

    async def _tell(self, kind: str) -> None:
        """Put it on the list, and into the log when it is new."""
        (message, todo), desk = TROUBLES[kind], self._handling.desk
        issue = Issue(
            source=CONVERSATION, key="telegram", kind=kind, message=message, todo=todo, opened_at=desk.now
        )
        if await asyncio.to_thread(desk.app.store.issues.open, issue):
            log.error("%s %s", message, todo)

    async def _well(self) -> None:
        if self._failures or not self._asked:
            desk = self._handling.desk
            await asyncio.to_thread(desk.app.store.issues.resolve, CONVERSATION, "telegram", desk.now)
        self._failures, self._asked = 0, True

    _asked = False

    async def _take(self, update: Json, me: Json) -> None:
        """Handle one update, and write it down; a fault of ours in it must not stop those behind it."""
        event = event_of(update, me)
        if event is None:
            return
        if event.group and not event.admin and event.person is not None and changes(event):
            may = await self._may(event)
            event = replace(event, admin=may is True, unsure=may is None)
        while True:
            done = asyncio.get_running_loop().run_in_executor(None, self._handling.handle, event)
            await asyncio.wait([done])
            fault = done.exception()
            if not isinstance(fault, StoreError):
                break
            log.error("%s", fault)  # a full disk, or a database that is held: the update is not lost
            await asyncio.sleep(self._pauses[-1])
        if fault is not None:
            log.error("Update %s could not be answered; please report it.", event.number, exc_info=fault)
        self._wake(event.address)

    async def _may(self, event: Event) -> bool | None:
        """Whether who did it may change what the group follows; None when Telegram could not be asked."""
        try:
            return await self._line.may_change(event.address, event.person or 0)
        except TelegramError as error:
            log.warning("Nobody knows who may change the group %s (%s).", event.address, type(error).__name__)
            return None

    # --- speaking ---

    def _wake(self, address: str) -> None:
        """See to it that what is to be said in a chat is said; who is at it already looks once more at its end."""
        self._woken.add(address)
        running = self._speaking.get(address)
        if running is None or running.done():
            task = asyncio.create_task(self._speak(address))
            task.add_done_callback(lambda one: self._spoken(address, one))
            self._speaking[address] = task

    def _spoken(self, address: str, task: "asyncio.Task[None]") -> None:
        if self._speaking.get(address) is task:
            del self._speaking[address]
        if not task.cancelled() and (fault := task.exception()):
            log.error("What was to be said in chat %s could not be said.", address, exc_info=fault)

    async def _speak(self, address: str) -> None:
        while address in self._woken:
            self._woken.discard(address)
            while not self._ended.is_set() and (
                reply := await asyncio.to_thread(self._handling.next, address)
            ):
                if not await self._uttered(address, reply):
                    break
                await asyncio.to_thread(self._handling.said, address, reply)

    async def _uttered(self, address: str, reply: Reply) -> bool:
        """Whether it was said, or never can be; False: what is still to be said waits."""
        for attempt in range(TRIES):
            try:
                await self._utter(address, reply)
            except (InvalidToken, Conflict):
                return False
            except RetryAfter as error:
                self._pace.hold(address, _seconds(error))
            except Forbidden:
                await asyncio.to_thread(self._handling.lost, address)
                return False
            except ChatMigrated as error:
                await asyncio.to_thread(self._handling.moved, address, str(error.new_chat_id))
                self._wake(str(error.new_chat_id))
                return False
            except BadRequest as error:
                return await self._refused(address, reply, error.message)
            except NetworkError:  # it may have arrived: twice is better than never, and harms nobody
                if reply.kind == "note":
                    return True
                await self._rest(self._pauses[min(attempt, len(self._pauses) - 1)])
            else:
                return True
        return False

    async def _utter(self, address: str, reply: Reply) -> None:
        if reply.kind == "note":
            await self._line.answer(reply)
            return
        async with self._leave(address):
            if reply.kind == "edit":
                await self._line.change(address, reply)
            else:
                await self._line.say(address, reply)

    async def _rest(self, seconds: float) -> None:
        """Wait until the next try; with the end of the conversation the trying ends too."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)
            raise asyncio.CancelledError

    @asynccontextmanager
    async def _leave(self, address: str) -> AsyncIterator[None]:
        """With leave to send one message, counted with those of the outbox."""
        while pause := self._pace.permit(address):
            await self._rest(pause)
        try:
            yield
        finally:
            self._pace.answered(address)

    async def _refused(self, address: str, reply: Reply, why: str) -> bool:
        """A tap that is too old, a message that is as it should be or is gone, markup that is not understood."""
        if reply.kind == "note" or "not modified" in why.lower():
            return True
        if any(sign in why.lower() for sign in _GONE):
            await asyncio.to_thread(self._handling.lost, address)
            return False
        try:
            async with self._leave(address):
                await self._line.say(address, reply, marked=reply.kind == "edit")
        except BadRequest as error:
            log.error("A reply to chat %s was refused (%s); please report it.", address, error.message)
        except TelegramError:
            return False
        return True


async def _cancelled(tasks: Iterable["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait if isinstance(wait, int | float) else wait.total_seconds())
