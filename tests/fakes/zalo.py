"""The simulator's Zalo for tests: on a free port, with a script of faults, and a record of what the bot did."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from bot import clock as clocks
from bot.simulator.phone import Author
from bot.simulator.zalo import ZaloPlatform
from bot.simulator.zalo.dialect import Dialect
from bot.simulator.zalo.webhook import TIMEOUT
from tests.fakes.faults import Fault, Faults, Handler, reply
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.clock import Clock
    from bot.simulator.zalo.oauth import TokenPair
    from bot.simulator.zalo.state import Message
    from bot.simulator.zalo.webhook import Delivery, Sleeper

APP_ID = "1234567890123456789"
APP_SECRET = "app-secret"
WEBHOOK_KEY = "oa-secret-key"
OA_ID = "3886132808788086451"
CALLBACK = "https://bot.example.vn/zalo/callback"
SEND = "/v3.0/oa/message/cs"
TOKEN = "/v4/oa/access_token"
PATIENCE = 5.0
"""Seconds after which a test that waits for the bot fails."""


@dataclass
class ZaloCall:
    """One request of the bot. `body` is its JSON, its form or its parameter `data`.

    `error` is the code of the answer, None while it is under way, was cut, or was no JSON; `at` the loop's time in
    seconds.
    """

    method: str
    path: str
    token: str = field(repr=False)
    body: Mapping[str, Any]
    at: float
    status: int | None = None
    error: int | None = None

    @property
    def user(self) -> str:
        return str(self.body.get("recipient", {}).get("user_id", self.body.get("user_id", "")))

    @property
    def text(self) -> str:
        return str(self.body.get("message", {}).get("text", ""))


@dataclass
class FakeZalo:
    """`office` is the users' side of the first account; `faults` spoils requests; `calls` is what the bot asked.

    Waits of the webhook sender are written to `waits` and really take `pause` seconds, unless a `sleeper` is given.
    A kill test wants a longer pause: after five retries the webhook is switched off, as Zalo does.
    """

    clock: Clock = clocks.now
    sleeper: Sleeper | None = None
    pause: float = 0.01
    timeout: float = TIMEOUT
    port: int = 0
    dialect: Dialect = field(default_factory=Dialect)
    faults: Faults = field(default_factory=Faults)
    calls: list[ZaloCall] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = ZaloPlatform(
            APP_ID,
            APP_SECRET,
            WEBHOOK_KEY,
            clock=self.clock,
            sleeper=self.sleeper or self._note_wait,
            timeout=self.timeout,
            dialect=self.dialect,
        )
        self.platform.oauth.callback = CALLBACK
        self.office = self.platform.add_account("BHXH tỉnh thử nghiệm", OA_ID)
        self._stack = AsyncExitStack()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = self.platform.app()
        app.middlewares.extend([self._record, self.faults.middleware])
        self.url = await self._stack.enter_async_context(serving(app, self.port))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def mint(self, account: str = OA_ID) -> TokenPair:
        """A valid pair of tokens, as if consent had been given."""
        return self.platform.oauth.mint(account)

    def send_to(self, url: str) -> None:
        """Events go to this address from now on; `platform.webhook.save` checks it first, as the console does."""
        self.platform.webhook.url = url

    def called(self, path: str) -> list[ZaloCall]:
        """The calls whose path ends so, in order."""
        return [call for call in self.calls if call.path.endswith(path)]

    def sent(self, user: str) -> list[Message]:
        """What the bot (or the office) sent to a person, oldest first."""
        messages = self.office.account.members[user].messages
        return [message for message in messages if message.author is Author.BOT]

    def shown(self, user: str) -> list[str]:
        """The texts among them."""
        return [message.text for message in self.sent(user)]

    async def arrived(self, user: str, count: int) -> list[Message]:
        """Wait until the bot has sent so many messages to a person."""
        with self.platform.watchers.listen() as events:
            async with asyncio.timeout(PATIENCE):
                while len(self.sent(user)) < count:
                    await events.get()
        return self.sent(user)

    def spoil(self, path: str, *faults: Fault, user: str | None = None) -> None:
        """The next calls whose path ends so (and that name a person) go wrong, one by one."""
        mark = None if user is None else user.encode()
        fits = None if mark is None else (lambda _request, body: mark in body)
        self.faults.add(f"{path}$", *faults, fits=fits)

    async def settled(self) -> None:
        """Until the webhook has taken, or finally refused, all events."""
        await self.platform.webhook.settled()

    @contextmanager
    def holding(self) -> Iterator[list[Mapping[str, Any]]]:
        """Events of the block land in the list; at its end they are sent as the list then is: reordered, doubled."""
        webhook = self.platform.webhook
        webhook.held = held = []
        try:
            yield held
        finally:
            webhook.held = None
            for event in held:
                webhook.queue(event)

    async def post(self, event: Mapping[str, Any], *, retry: int = 0, key: str | None = None) -> Delivery:
        """Send an event now, also once more: `retry` is its header, `key` a wrong one to sign with."""
        return await self.platform.webhook.post(event, retry=retry, key=key)

    async def post_raw(self, body: bytes, headers: Mapping[str, str] | None = None) -> Delivery:
        """Send any bytes, unsigned unless `headers` say otherwise."""
        return await self.platform.webhook.post_raw(body, headers or {})

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        token = request.headers.get("access_token", "")
        now = asyncio.get_running_loop().time()
        call = ZaloCall(request.method, request.path, token, await _body(request), now)
        self.calls.append(call)
        response = await handler(request)
        call.status, call.error = response.status, _error(response)
        return response

    async def _note_wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(self.pause)


def refusal(code: int, message: str = "refused") -> Fault:
    """An error in the shape of the OpenAPI: HTTP 200, and nothing is done."""
    return reply(200, {"error": code, "message": message})


async def _body(request: web.Request) -> Mapping[str, Any]:
    """What a request says; empty for uploads, which can be read only once."""
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    if request.content_type == "multipart/form-data":
        return {}
    raw = await request.read() if request.can_read_body else request.query.get("data", "{}").encode()
    try:
        parsed = json.loads(raw)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _error(response: web.StreamResponse) -> int | None:
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return None
    try:
        parsed = json.loads(response.body)
    except ValueError:
        return None
    return parsed.get("error") if isinstance(parsed, dict) else None
