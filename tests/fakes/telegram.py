"""The simulator's Telegram for tests: on a free port, with a script of faults, and a record of what the bot did."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import ClientSession, web

from bot import clock as clocks
from bot.simulator.telegram import TelegramPlatform
from bot.simulator.telegram.call import read_call
from bot.simulator.telegram.errors import ApiError
from bot.simulator.telegram.webhook import SECRET_HEADER
from tests.fakes.faults import Fault, Faults, Handler, reply
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.clock import Clock
    from bot.simulator.telegram.updates import Update
    from bot.simulator.telegram.webhook import Sleeper

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake"
PAUSE = 0.01
"""Seconds that a wait of the platform really takes, so that a bot that is down is not asked without end."""


@dataclass
class ApiCall:
    """One request of the bot. `at` is the loop's time in seconds; `status` None while it is under way or was cut."""

    method: str
    values: Mapping[str, Any]
    at: float
    status: int | None = None

    @property
    def chat(self) -> str:
        return str(self.values.get("chat_id", ""))

    @property
    def text(self) -> str:
        return str(self.values.get("text", self.values.get("caption", "")))


@dataclass
class FakeTelegram:
    """`platform` is the users' side; `faults` spoils requests; `calls` is what the bot asked, in order.

    Waits of the platform are written to `waits` and take no time, unless a `sleeper` is given.
    """

    token: str = TOKEN
    clock: Clock = clocks.now
    sleeper: Sleeper | None = None
    port: int = 0
    faults: Faults = field(default_factory=Faults)
    calls: list[ApiCall] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = TelegramPlatform(self.token, clock=self.clock, sleeper=self.sleeper or self._note_wait)
        self._stack = AsyncExitStack()
        self._came = asyncio.Condition()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = self.platform.app()
        app.middlewares.extend([self._record, self.faults.middleware])
        self.url = await self._stack.enter_async_context(serving(app, self.port))
        self._client = await self._stack.enter_async_context(ClientSession())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def base_url(self) -> str:
        """What `telegram.Bot` wants; the token is appended."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def called(self, method: str) -> list[ApiCall]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method.lower()]

    async def asked(self, method: str, times: int = 1) -> ApiCall:
        """Wait for the bot's first, second … call of a method; it may still be under way."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.called(method)) >= times)
        return self.called(method)[times - 1]

    async def answered(self, method: str, times: int = 1) -> ApiCall:
        """Wait until the bot's first, second … call of a method has been answered."""
        async with self._came:
            await self._came.wait_for(lambda: sum(call.status is not None for call in self.called(method)) >= times)
        return self.called(method)[times - 1]

    def shown(self, chat: int) -> list[str]:
        """The texts of the bot that stand on a person's screen, oldest first."""
        messages = self.platform.world.chat(chat).messages.values()
        own = self.platform.world.bot["id"]
        return [
            message["text"] for message in messages if message.get("from", {}).get("id") == own and "text" in message
        ]

    def spoil(self, method: str, *faults: Fault, chat: int | None = None) -> None:
        """The next calls of a method (to a chat) go wrong, one by one."""
        mark = None if chat is None else str(chat).encode()
        fits = None if mark is None else (lambda _request, body: mark in body)
        self.faults.add(f"(?i)/{method}$", *faults, fits=fits)

    async def settled(self) -> None:
        """Until the bot's webhook has taken all that waits."""
        await self.platform.webhooks.settled()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """What people do meanwhile is not sent to the webhook by itself; send it with `post`, in any order."""
        queue = self.platform.updates
        started, queue.on_added = queue.on_added, None
        try:
            yield
        finally:
            queue.clear()
            queue.on_added = started

    async def post(self, update: Update | bytes, *, secret: str | None = None, url: str | None = None) -> int:
        """Send an update, or any bytes, to the bot's webhook, now, and once more if it is sent again.

        `secret` instead of the right one; empty for none. Gives the HTTP status.
        """
        webhook = self.platform.webhooks.webhook
        assert url is not None or webhook is not None
        given = secret if secret is not None else webhook.secret if webhook else ""
        headers = {"Content-Type": "application/json", **({SECRET_HEADER: given} if given else {})}
        body = {"data": update} if isinstance(update, bytes) else {"json": update.body}
        async with self._client.post(url or webhook.url, headers=headers, **body) as response:
            return response.status

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if "method" not in request.match_info:
            return await handler(request)
        try:
            call = await read_call(request)
        except ApiError:
            return await handler(request)
        record = ApiCall(call.method, call.values, asyncio.get_running_loop().time())
        self.calls.append(record)
        async with self._came:
            self._came.notify_all()
        response = await handler(request)
        record.status = response.status
        async with self._came:
            self._came.notify_all()
        return response

    async def _note_wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(PAUSE)


def refusal(status: int, description: str, **parameters: int) -> Fault:
    """An error in the shape of the Bot API."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return reply(status, {**body, "parameters": parameters} if parameters else body)


def flood(seconds: int | None) -> Fault:
    """429, with the wait or (None) without it."""
    if seconds is None:
        return refusal(429, "Too Many Requests")
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
