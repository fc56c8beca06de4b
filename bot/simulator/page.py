"""The page on which one tries the bot: the phones of the test persons side by side, and the little API behind it.

    GET  /api/phones                                    who there is
    GET  /api/{phone}/people/{person}                   what is on the screen
    POST /api/{phone}/people/{person}/{act}             say {text}, attach {what}, tap {message, choice},
                                                        start, block, unblock
    GET  /api/{phone}/pictures/{name}
    GET  /api/{phone}/events                            server-sent: {person, kind, text}

For the loopback only. A POST must be JSON, which no other site can send without being asked first.
"""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.simulator.phone import Attachment
from bot.simulator.screens import screen
from bot.web import sse
from bot.web.assets import Assets
from bot.web.headers import apply_headers, security_headers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.simulator.phone import Phone, PhoneEvent

HEARTBEAT = 20.0
"""Seconds after which a silent stream says that it is still there."""
LONGEST_TEXT = 4_000
_HERE = Path(__file__).parent


class Page:
    """Serves the phones by name, in the order given."""

    def __init__(self, phones: Mapping[str, Phone]) -> None:
        self._phones = phones
        self._assets = Assets(sorted((_HERE / "static").iterdir()))
        self._html = (_HERE / "templates" / "simulator.html").read_text(encoding="utf-8")
        for asset in ("icon.svg", "simulator.css", "simulator.js"):
            self._html = self._html.replace(f"/{asset}", self._assets[asset].url)
        self._headers = security_headers(())
        self._streams: set[asyncio.Task[Any]] = set()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._static),
                web.get("/api/phones", self._who),
                web.get("/api/{phone}/events", self._events),
                web.get("/api/{phone}/pictures/{name}", self._picture),
                web.get("/api/{phone}/people/{person}", self._screen),
                web.post("/api/{phone}/people/{person}/{act}", self._act),
            ]
        )
        app.on_shutdown.append(self._close)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except LookupError:
            response = web.json_response({"error": "unknown"}, status=404)
        if not response.prepared:
            apply_headers(response.headers, self._headers, secure=False)
        return response

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._html, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _static(self, request: web.Request) -> web.Response:
        asset = self._assets.at(request.path)
        if asset is None:
            raise web.HTTPNotFound
        return asset.respond(request, forever=True)

    async def _who(self, _request: web.Request) -> web.Response:
        people = {name: [vars(person) for person in phone.people] for name, phone in self._phones.items()}
        return web.json_response(people)

    async def _screen(self, request: web.Request) -> web.Response:
        name, person = request.match_info["phone"], request.match_info["person"]
        return web.json_response(screen(self._phones[name], name, person), headers={"Cache-Control": "no-store"})

    async def _picture(self, request: web.Request) -> web.Response:
        picture = self._phones[request.match_info["phone"]].picture(request.match_info["name"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture.body, content_type=picture.content_type)

    async def _act(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        phone, person = self._phones[request.match_info["phone"]], request.match_info["person"]
        act = request.match_info["act"]
        if phone.blocked(person) and act not in {"start", "unblock"}:
            raise web.HTTPConflict
        try:
            _perform(phone, person, act, dict(await request.json()))
        except (ValueError, TypeError):
            raise web.HTTPBadRequest from None
        return web.Response(status=204)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        phone = self._phones[request.match_info["phone"]]
        response = web.StreamResponse(headers=sse.HEADERS)
        apply_headers(response.headers, self._headers, secure=False)
        await response.prepare(request)
        await response.write(sse.OPENING)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in a task
        self._streams.add(task)
        try:
            with phone.watchers.listen() as told:
                # What was missed before this moment is on the screen, which the page asks for when the stream opens.
                await response.write(sse.HEARTBEAT)
                for number in count(1):
                    await response.write(await _next(told, number))
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._streams.discard(task)
        return response

    async def _close(self, _app: web.Application) -> None:
        for task in self._streams:
            task.cancel()


async def _next(told: asyncio.Queue[PhoneEvent], number: int) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT):
            event = await told.get()
    except TimeoutError:
        return sse.HEARTBEAT
    return sse.event(number, vars(event))


def _perform(phone: Phone, person: str, act: str, body: Mapping[str, Any]) -> None:
    """Raises LookupError for an unknown act, person or message, ValueError or TypeError for a wrong body."""
    match act:
        case "say":
            phone.say(person, _text(body))
        case "attach":
            phone.attach(person, Attachment(str(body.get("what"))))
        case "tap":
            phone.tap(person, str(body.get("message")), int(body.get("choice", "")))
        case "start":
            phone.start(person)
        case "block":
            phone.block(person)
        case "unblock":
            phone.unblock(person)
        case _:
            raise LookupError(act)


def _text(body: Mapping[str, Any]) -> str:
    text = str(body.get("text", "")).strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise ValueError(f"1 to {LONGEST_TEXT} characters")
    return text
