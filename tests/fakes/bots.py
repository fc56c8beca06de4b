"""A bot's webhook that answers as it is told and keeps what it got."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.simulator.telegram.webhook import SECRET_HEADER
from tests.fakes.faults import Faults
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Hook:
    """`got` are the updates in the order of arrival, taken or not; `faults` spoils deliveries."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    faults: Faults = field(default_factory=Faults)
    at_once: int = 0
    most_at_once: int = 0

    async def take(self, _request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return web.json_response(self.answer) if self.answer else web.Response()

    @web.middleware
    async def note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get(SECRET_HEADER, ""))
        response: web.StreamResponse = await handler(request)
        return response


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    """A webhook on a free port."""
    hook = Hook()
    app = web.Application(middlewares=[hook.note, hook.faults.middleware])
    app.add_routes([web.post("/hook", hook.take)])
    async with serving(app) as origin:
        hook.url = f"{origin}/hook"
        yield hook
