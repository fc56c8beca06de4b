"""The whole program with a console on a free port, people who write to it, and staff who work on it."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.app import Runtime, build_runtime, build_web_app
from bot.channels.inbound import Channel, Inbound
from bot.clock import VIETNAM
from bot.config import Settings
from bot.console.console import CONSOLE, Console
from bot.console.invitations import invite
from bot.outreach import staff as service
from bot.store.models import StaffRole
from handlers.effects import OpenCase
from handlers.turn import Decision, Outcome, Reply, ReplyKind, Turn
from knowledge.entries import Reason
from tests.databases import migrated
from tests.real_core import real_core

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from aiohttp import ClientResponse

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=VIETNAM)
ADMIN = "root"
PASSWORD = "mùa thu hoa sữa thơm phố"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass
class FakeClock:
    """A clock that only the test moves."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def target(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Clerk:
    """A browser without a screen."""

    origin: str
    http: ClientSession
    csrf: str = ""

    async def get(self, path: str, **headers: str) -> Answer:
        async with self.http.get(f"{self.origin}/console{path}", headers=headers, allow_redirects=False) as response:
            return await self.read(response)

    async def post(self, path: str, headers: Mapping[str, str] | None = None, **fields: Any) -> Answer:
        """A form of the page that was seen last; `headers` replace those that a browser sends by itself."""
        sent = {"Origin": self.origin} if headers is None else headers
        form = {"csrf": self.csrf, **fields}
        address = f"{self.origin}/console{path}"
        async with self.http.post(address, data=form, headers=sent, allow_redirects=False) as response:
            return await self.read(response)

    async def sign_in(self, login: str, password: str = PASSWORD, code: str = "", **fields: str) -> Answer:
        await self.get("/sign-in")
        answer = await self.post("/sign-in", login=login, password=password, code=code, **fields)
        if answer.status == 303:
            await self.get("/account")
        return answer

    def cookie(self, name: str) -> str:
        return next((cookie.value for cookie in self.http.cookie_jar if cookie.key.endswith(name)), "")

    def plant(self, name: str, value: str) -> None:
        """Put a cookie into the browser, as somebody else might."""
        self.http.cookie_jar.update_cookies({name: value}, URL(self.origin))

    async def read(self, response: ClientResponse) -> Answer:
        text = await response.text()
        found = _TOKEN.search(text)
        self.csrf = found[1] if found else self.csrf
        return Answer(response.status, text, response.headers)


@dataclass
class Office:
    """A running program."""

    runtime: Runtime
    console: Console
    server: TestServer
    clock: FakeClock
    _ids: Any = field(default_factory=lambda: count(1))

    @property
    def origin(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")

    async def hire(self, login: str, role: StaffRole = StaffRole.AGENT, province: str | None = None) -> int:
        """A member of staff with the usual password. The first one has to be an administrator."""
        database, now = self.runtime.database, self.clock()
        async with database.transaction() as session:
            member = await service.add(session, login, role, now, by="root", province=province)
            token = await invite(session, login, now, timedelta(hours=1), by="root")
        async with self.clerk() as clerk:
            await clerk.get(f"/invitation/{token}")
            answer = await clerk.post(f"/invitation/{token}", password=PASSWORD, again=PASSWORD)
            assert answer.status == 303, answer.text
        return member.id

    async def ask(self, text: str, sender: str = "phu-huynh", respond: Any = None) -> Any:
        """Somebody writes in the web chat."""
        message = Inbound("web", Channel.WEB, sender, f"m{next(self._ids)}", self.clock(), text)
        return await self.runtime.pipeline.handle(message, respond)

    async def case(self, text: str = "Thẻ của cháu bị từ chối", province: str | None = None, **more: Any) -> str:
        """Somebody is handed over; gives the number of the case."""

        def hand_over(turn: Turn) -> Outcome:
            case = OpenCase(turn.case_number, Reason.MONEY, text, question=turn.text, province=province)
            reply = Reply(f"Mã hỗ trợ: **{case.number}**", ReplyKind.HANDOFF)
            return Outcome((reply,), turn.memory, Decision.HANDOFF, effects=(case,))

        result = await self.ask(text, respond=hand_over, **more)
        return str(result.messages[0].reply.text).partition("**")[2].strip("*")

    @asynccontextmanager
    async def clerk(self, login: str = "") -> AsyncIterator[Clerk]:
        """A fresh browser; signed in when there is a login."""
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
            somebody = Clerk(self.origin, http)
            if login:
                answer = await somebody.sign_in(login)
                assert answer.status == 303, answer.text
            yield somebody


@asynccontextmanager
async def office(folder: Path, clock: FakeClock | None = None, **settings: Any) -> AsyncIterator[Office]:
    """The program with one administrator, "root"."""
    clock = clock or FakeClock()
    address = f"sqlite:///{folder}/bhyt.sqlite3"
    await (await migrated(address)).close()
    url = {"database": {"url": address}, "delivery": {"inbox": str(folder / "inbox")}}
    chosen = Settings.model_validate({**url, "console": {"secret_key": KEY}, **settings})
    runtime = await build_runtime(chosen, real_core(), clock)
    app = build_web_app(runtime)
    server = TestServer(app)
    await server.start_server()
    try:
        running = Office(runtime, _console(app), server, clock)
        await running.hire("root", StaffRole.ADMIN)
        yield running
    finally:
        await server.close()


def _console(app: Any) -> Console:
    return next(sub[CONSOLE] for sub in app._subapps if CONSOLE in sub)
