"""Delivery of updates to the bot's address: in order within a chat, chats side by side, until they are taken.

As the official server does it (telegram-bot-api 10.0, webhook actor): an update that was not taken is sent again at
once, then after 2, 4, 8 … seconds up to a minute or two, or when the bot's Retry-After says; after a day it is dropped.
An address that answers 410 for 23 hours is removed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, web

from bot.simulator.telegram.answers import call_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.clock import Clock
    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.errors import Json
    from bot.simulator.telegram.updates import Update, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
READ_TIMEOUT = 60.0
MAX_RETRY_AFTER = 3_600.0
GONE_FOR = timedelta(hours=23)

Sleeper = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Webhook:
    """Where the bot wants its updates."""

    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(frozen=True)
class _Answer:
    taken: bool
    wait: float = 0.0


class WebhookSender:
    """Sends what waits while an address is set. `perform` carries out a call that the bot's answer makes."""

    def __init__(
        self, queue: UpdateQueue, clock: Clock, sleeper: Sleeper, perform: Callable[[Call], Awaitable[None]]
    ) -> None:
        self._queue, self._clock, self._sleeper, self._perform = queue, clock, sleeper, perform
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(1)
        self._session: ClientSession | None = None
        self._error: tuple[datetime, str] | None = None
        self._gone_since: datetime | None = None
        self.webhook: Webhook | None = None

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """The sender for the life of the server."""
        async with ClientSession(timeout=ClientTimeout(total=READ_TIMEOUT)) as self._session:
            yield
            await self.point_at(None)

    async def point_at(self, webhook: Webhook | None) -> None:
        """Send to another address, or nowhere; what is under way is broken off and will be sent again."""
        self.webhook = None  # a delivery that ends now must not begin the next
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.webhook, self._error, self._gone_since = webhook, None, None
        self._queue.on_added = None if webhook is None else self._start_for
        if webhook is not None:
            self._slots = asyncio.Semaphore(webhook.max_connections)
            for chat in self._queue.chats():
                self._start(chat)

    def info(self) -> Json:
        """What getWebhookInfo says."""
        info: Json = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
        }
        if self.webhook is not None:
            info["max_connections"] = self.webhook.max_connections
        if self._queue.allowed:
            info["allowed_updates"] = self._queue.allowed
        if self._error is not None:
            info |= {"last_error_date": int(self._error[0].timestamp()), "last_error_message": self._error[1]}
        return info

    async def settled(self) -> None:
        """Until everything that waits was taken or given up."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    def _start_for(self, update: Update) -> None:
        self._start(update.chat)

    def _start(self, chat: int) -> None:
        if chat not in self._tasks:
            self._tasks[chat] = task = asyncio.create_task(self._drain(chat))
            task.add_done_callback(lambda _task: self._ended(chat))

    def _ended(self, chat: int) -> None:
        del self._tasks[chat]
        if self.webhook is not None and self._queue.first_of(chat) is not None:
            self._start(chat)

    async def _drain(self, chat: int) -> None:
        while self.webhook is not None and (update := self._queue.first_of(chat)) is not None:
            await self._deliver(update, self.webhook)
            self._queue.confirm(update.id)

    async def _deliver(self, update: Update, webhook: Webhook) -> None:
        for delay in _delays():
            if self._queue.expired(update):
                return
            async with self._slots:
                answer = await self._post(update, webhook)
            if answer.taken:
                return
            if wait := max(delay, answer.wait):
                await self._sleeper(wait)

    async def _post(self, update: Update, webhook: Webhook) -> _Answer:
        assert self._session is not None  # noqa: S101 - the server runs while something is sent
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            async with self._session.post(
                webhook.url, json=update.body, headers=headers, allow_redirects=False
            ) as response:
                call = await call_in(response)
        except TimeoutError:
            return self._failed("Read timeout expired")
        except ClientConnectorError:
            return self._failed("Connection refused")
        except (ClientError, ValueError):
            return self._failed("Connection closed")
        if not response.ok or response.status >= 300:
            return self._refused(response.status, response.reason or "", response.headers.get("Retry-After", ""))
        self._gone_since = None
        if call is not None:
            await self._perform(call)
        return _Answer(taken=True)

    def _refused(self, status: int, reason: str, retry_after: str) -> _Answer:
        if status != web.HTTPGone.status_code:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._clock()
        elif self._clock() - self._gone_since >= GONE_FOR:
            self.webhook = self._queue.on_added = None
        wait = min(float(retry_after), MAX_RETRY_AFTER) if retry_after.isdecimal() else 0.0
        return self._failed(f"Wrong response from the webhook: {status} {reason}", wait)

    def _failed(self, why: str, wait: float = 0.0) -> _Answer:
        self._error = (self._clock(), why)
        return _Answer(taken=False, wait=wait)


def _delays() -> Iterator[float]:
    """Seconds to wait after the first, second, third … failure."""
    yield 0.0
    longest = random.uniform(60, 120)  # noqa: S311 - no secret
    for power in count(1):
        yield min(2.0**power, longest)
