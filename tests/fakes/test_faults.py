"""The script of faults on a plain server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientConnectionError, ClientSession, web

from tests.fakes.faults import (
    Faults,
    Gate,
    drop_answer,
    empty,
    gateway_page,
    hang,
    hang_after,
    reply,
    reset,
    slow_body,
    text,
)
from tests.fakes.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Site:
    """Counts what it has handled."""

    def __init__(self, client: ClientSession, origin: str, faults: Faults, handled: list[str]) -> None:
        self.client, self.origin, self.faults, self.handled = client, origin, faults, handled

    async def ask(self, path: str = "/a", body: str = "", method: str = "POST") -> tuple[int, str]:
        async with self.client.request(method, self.origin + path, data=body.encode()) as response:
            return response.status, await response.text()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with started() as running:
        yield running


@asynccontextmanager
async def started() -> AsyncIterator[Site]:
    faults, handled = Faults(), []

    async def handle(request: web.Request) -> web.Response:
        handled.append(await request.text())
        return web.json_response({"path": request.path})

    app = web.Application(middlewares=[faults.middleware])
    app.router.add_route("*", "/{path}", handle)
    async with serving(app) as origin, ClientSession() as client:
        yield Site(client, origin, faults, handled)


async def test_without_a_script_all_is_well(site: Site) -> None:
    assert await site.ask(body="x") == (200, '{"path": "/a"}')
    assert site.handled == ["x"]


async def test_first_in_first_out_and_once(site: Site) -> None:
    site.faults.add("/a", reply(500, {"n": 1}), gateway_page(), empty(), text(200, "{", "application/json"))
    answers = [await site.ask() for _ in range(5)]
    assert [status for status, _ in answers] == [500, 502, 200, 200, 200]
    assert [body[:8] for _, body in answers] == ['{"n": 1}', "<html><h", "", "{", '{"path":']
    assert len(site.handled) == 1
    assert site.faults.left == 0


async def test_only_what_fits_is_spoilt(site: Site) -> None:
    site.faults.add("/b$", empty())
    site.faults.add("/a$", reply(500, {}), method="GET")
    site.faults.add("/a$", reply(503, {}), fits=lambda _request, body: b"Binh" in body)
    assert [await site.ask(body=name) for name in ("An", "Binh", "Binh")] == [
        (200, '{"path": "/a"}'),
        (503, "{}"),
        (200, '{"path": "/a"}'),
    ]
    assert (await site.ask(method="GET"))[0] == 500
    assert site.faults.left == 1
    site.faults.clear()
    assert await site.ask("/b") == (200, '{"path": "/b"}')


async def test_cut_before_and_after_it_is_handled(site: Site) -> None:
    site.faults.add("/a", reset(), drop_answer())
    with pytest.raises(ClientConnectionError):
        await site.ask(body="first")
    assert site.handled == []
    with pytest.raises(ClientConnectionError):
        await site.ask(body="second")
    assert site.handled == ["second"]


@pytest.mark.parametrize(("fault", "handled"), [(hang, 0), (hang_after, 1)])
async def test_a_request_that_waits(site: Site, fault: object, handled: int) -> None:
    gate = Gate()
    site.faults.add("/a", fault(gate))
    asked = asyncio.create_task(site.ask(body="x"))
    await gate.reached.wait()
    assert len(site.handled) == handled
    assert not asked.done()
    gate.release()
    assert await asked == (200, '{"path": "/a"}')
    assert site.handled == ["x"]


async def test_a_body_that_comes_in_two_parts(site: Site) -> None:
    gate = Gate()
    site.faults.add("/a", slow_body(gate))
    async with site.client.post(f"{site.origin}/a") as response:
        assert await response.content.readexactly(7) == b'{"path"'
        await gate.reached.wait()
        gate.release()
        assert await response.content.read() == b': "/a"}'
