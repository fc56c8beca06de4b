"""Misbehaviour on a script: each entry spoils one request, first in, first out.

    faults = Faults()
    faults.add("/sendMessage$", reply(500, {"ok": False}))
    faults.add("/access_token$", drop_answer(), method="POST")
    app.middlewares.append(faults.middleware)

A request takes the first entry that fits it and has not been used; without one it is handled as ever.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
"""Does something with a request instead of, before or after handling it."""
Fits = Callable[[web.Request, bytes], bool]

GATEWAY_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


@dataclass(frozen=True)
class Entry:
    """One line of the script: which request, and what befalls it."""

    path: re.Pattern[str]
    fault: Fault
    method: str | None
    fits: Fits | None

    async def matches(self, request: web.Request) -> bool:
        if self.method not in {None, request.method} or not self.path.search(request.path):
            return False
        return self.fits is None or self.fits(request, await request.read())


class Faults:
    """The script of one server."""

    def __init__(self) -> None:
        self._script: list[Entry] = []

    def add(self, path: str, *faults: Fault, method: str | None = None, fits: Fits | None = None) -> None:
        """Spoil the next requests whose path holds this pattern, one by one.

        `fits` sees the request and its body; with it, uploads (multipart) cannot be handled afterwards.
        """
        self._script += [Entry(re.compile(path), fault, method, fits) for fault in faults]

    @property
    def left(self) -> int:
        """How many entries have not been used."""
        return len(self._script)

    def clear(self) -> None:
        self._script.clear()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        for entry in list(self._script):
            if await entry.matches(request) and entry in self._script:
                self._script.remove(entry)
                return await entry.fault(request, handler)
        return await handler(request)


class Gate:
    """Where a request waits: `reached` is set when one is there, `release()` lets all go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    def release(self) -> None:
        self._open.set()

    async def passed(self) -> None:
        self.reached.set()
        await self._open.wait()


def reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Fault:
    """This status and JSON, and nothing is done."""

    async def fault(_request: web.Request, _handler: Handler) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return fault


def gateway_page(status: int = 502) -> Fault:
    """The HTML page of a proxy in between."""
    return text(status, GATEWAY_PAGE, "text/html")


def empty(status: int = 200) -> Fault:
    """No body at all, and nothing is done."""
    return text(status, "")


def text(status: int, body: str, content_type: str = "application/json") -> Fault:
    """Any body, right or wrong."""

    async def fault(_request: web.Request, _handler: Handler) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type=content_type)

    return fault


def reset() -> Fault:
    """The connection is cut before anything is done."""

    async def fault(request: web.Request, _handler: Handler) -> web.StreamResponse:
        return _cut(request)

    return fault


def drop_answer() -> Fault:
    """The request is carried out, then the connection is cut: the client cannot know."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return _cut(request)

    return fault


def hang(gate: Gate) -> Fault:
    """Nothing is done until the gate opens; then the request is handled."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await gate.passed()
        return await handler(request)

    return fault


def hang_after(gate: Gate) -> Fault:
    """The request is carried out at once, its answer waits until the gate opens."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        await gate.passed()
        return response

    return fault


def slow_body(gate: Gate) -> Fault:
    """The request is carried out; of the body one half comes at once, the other when the gate opens."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        assert isinstance(response, web.Response)
        assert isinstance(response.body, bytes)
        half, whole = len(response.body) // 2, response.body
        slow = web.StreamResponse(status=response.status, headers={"Content-Type": "application/json"})
        slow.content_length = len(whole)
        await slow.prepare(request)
        await slow.write(whole[:half])
        await gate.passed()
        await slow.write(whole[half:])
        await slow.write_eof()
        return slow

    return fault


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
