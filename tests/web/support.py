"""Starts the web chat on a free port, with the real pipeline on a fresh SQLite file."""

from __future__ import annotations

import json
import re
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from bot.clock import VIETNAM
from bot.store.database import Database
from bot.store.transcript import StoredTranscript
from bot.turns import TurnPipeline
from bot.web.routes import add_web_routes
from bot.web.settings import ChatSettings, Limits
from bot.web.site import Site
from tests.databases import migrated
from tests.web.scripted import HOTLINE, ScriptedCore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KEY = b"a key of the tests, 32 bytes long"
MANY = Limits(address_rate=1000, address_burst=10_000, session_rate=1000, session_burst=10_000)


@dataclass
class Times:
    """A clock and a stop watch that only the test moves."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM))
    ticks: float = 1000.0

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.ticks

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@dataclass
class Chat:
    """A running web chat."""

    site: Site
    database: Database
    server: TestServer
    core: ScriptedCore
    times: Times
    app: web.Application

    @property
    def origin(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")


@dataclass
class Visitor:
    """A browser without a screen: cookies and the token of its page."""

    chat: Chat
    http: ClientSession
    csrf: str = ""

    async def open(self, path: str = "/") -> str:
        async with self.http.get(self.chat.origin + path) as response:
            html = await response.text()
        found = re.search(r'name="csrf" content="([0-9a-f]+)"', html)
        self.csrf = found[1] if found else ""
        return html

    async def post(self, text: Any = "", *, headers: dict[str, str] | None = None, **fields: Any) -> tuple[int, Any]:
        body = {"id": str(uuid.uuid4()), "text": text, **fields}
        return await self.post_raw(json.dumps(body).encode(), headers=headers)

    async def post_raw(self, body: Any, *, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        url = self.chat.origin + "/api/messages"
        async with self.http.post(url, data=body, headers=self.headers(headers)) as response:
            self.last = response
            return response.status, await response.json()

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        own = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self.csrf}
        return {name: value for name, value in {**own, **(more or {})}.items() if value}

    @property
    def sender(self) -> str:
        """The session id in the cookie."""
        return next(cookie.value for cookie in self.http.cookie_jar if cookie.key.endswith("chat")).partition(".")[0]


@asynccontextmanager
async def running(folder: Path, limits: Limits = MANY, **settings: Any) -> AsyncIterator[Chat]:
    """A web chat with a fresh database; everything is closed at the end of the block."""
    database = await migrated(f"sqlite:///{folder}/chat.sqlite3")
    core, times = ScriptedCore(), Times()
    pipeline = TurnPipeline(database, core, clock=times.clock, hotline=_hotline)
    chosen = ChatSettings(session_key=KEY, hotline=HOTLINE, limits=limits, **settings)
    transcript = StoredTranscript(database, chosen.account, times.clock)
    site = Site.build(chosen, pipeline, transcript, times.clock, times.monotonic)
    app = web.Application()
    add_web_routes(app, site)
    server = TestServer(app)
    await server.start_server()
    try:
        yield Chat(site, database, server, core, times, app)
    finally:
        await server.close()
        await database.close()


@asynccontextmanager
async def visitor(chat: Chat) -> AsyncIterator[Visitor]:
    """Somebody with an empty cookie jar."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Visitor(chat, http)


def _hotline(_day: date) -> str:
    return HOTLINE
