"""A plain client of the fake Zalo, and a receiver of its events: what the tests of the fake need."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, FormData, web
from yarl import URL

from bot.clock import VIETNAM
from bot.simulator.zalo.webhook import TIMEOUT
from tests.fakes.serving import serving
from tests.fakes.zalo import APP_ID, APP_SECRET, CALLBACK, SEND, TOKEN, FakeZalo

if TYPE_CHECKING:
    from collections.abc import Mapping

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


FORM = {"title": "Thông tin", "subtitle": "Để cán bộ gọi lại", "image_url": "https://example.vn/a.png"}
IMAGE = {"media_type": "image", "url": "https://example.vn/a.png"}


@dataclass
class Hands:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2026, 9, 22, 8, 0, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Client:
    """Calls the fake as the bot would."""

    fake: FakeZalo
    http: ClientSession
    token: str = ""

    async def call(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """POST JSON; gives the answer, which must have HTTP status 200."""
        headers = {"access_token": self.token, **headers}
        async with self.http.post(self.fake.url + path, json=body, headers=headers) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def ask(self, path: str, **data: Any) -> dict[str, Any]:
        """GET with the parameter `data`."""
        params = {"data": json.dumps(data)}
        async with self.http.get(self.fake.url + path, params=params, headers={"access_token": self.token}) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def send(self, user: str, message: Any = None) -> dict[str, Any]:
        return await self.call(SEND, {"recipient": {"user_id": user}, "message": message or {"text": "Chào bạn"}})

    async def upload(self, kind: str, body: bytes = PNG, name: str = "anh.png") -> dict[str, Any]:
        form = FormData()
        form.add_field("file", BytesIO(body), filename=name)  # aiohttp warns of large bytes
        url = f"{self.fake.url}/v2.0/oa/upload/{kind}"
        async with self.http.post(url, data=form, headers={"access_token": self.token}) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def consent(self, **query: str) -> Mapping[str, str]:
        """Open the consent page and follow nothing: what the callback would get, or the refusal."""
        params = {"app_id": APP_ID, "redirect_uri": CALLBACK, **query}
        async with self.http.get(f"{self.fake.url}/v4/oa/permission", params=params, allow_redirects=False) as response:
            if response.status != 302:
                refused: dict[str, Any] = await response.json()
                return refused
            where = response.headers["Location"]
            assert where.startswith(f"{CALLBACK}?")
            return dict(URL(where).query)

    async def token_call(self, secret: str = APP_SECRET, **form: str) -> str:
        """The token endpoint's answer, as text: it may be empty."""
        data = {"app_id": APP_ID, **form}
        async with self.http.post(self.fake.url + TOKEN, data=data, headers={"secret_key": secret}) as response:
            assert response.status == 200
            return await response.text()

    async def exchange(self, secret: str = APP_SECRET, **form: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(await self.token_call(secret, **form))
        return answer


@dataclass
class Receiver:
    """A webhook of the bot that keeps what it gets; `answers` are the statuses it gives, then 200."""

    url: str = ""
    got: list[tuple[bytes, Mapping[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    before: Callable[[], Any] | None = None

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.got]

    @property
    def names(self) -> list[str]:
        return [event.get("event_name", "") for event in self.events]

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((await request.read(), dict(request.headers)))
        if self.before is not None:
            await self.before()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with serving(app) as url:
        receiver.url = f"{url}/hook"
        yield receiver


@dataclass
class Stage:
    """A fake Zalo whose clock stands still, a client with a valid token, and An, who has not written yet."""

    zalo: FakeZalo
    client: Client
    clock: Hands
    hook: Receiver
    an: str


@asynccontextmanager
async def staged(patience: float = TIMEOUT) -> AsyncIterator[Stage]:
    clock = Hands()
    async with FakeZalo(clock=clock, timeout=patience) as zalo, ClientSession() as http, receiving() as hook:
        an = zalo.office.add_person("An")
        client = Client(zalo, http, zalo.mint().access)
        yield Stage(zalo, client, clock, hook, an)


def button(kind: str = "oa.query.hide", payload: Any = "#CO", title: str = "Có", **rest: Any) -> dict[str, Any]:
    return {"title": title, "type": kind, "payload": payload, **rest}


def buttons(*listed: Any) -> dict[str, Any]:
    return {"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": list(listed)}}}


def template(kind: str, *elements: Any, **rest: Any) -> dict[str, Any]:
    payload = {"template_type": kind, "elements": list(elements), **rest}
    return {"attachment": {"type": "template", "payload": payload}}
