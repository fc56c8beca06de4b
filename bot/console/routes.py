"""Puts the console into an aiohttp application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.console import BASE, CONSOLE, Console
from bot.console.door import door
from bot.console.headers import add_headers
from bot.console.pages import PAGES

if TYPE_CHECKING:
    from bot.app import Runtime
    from bot.console.route import Route

TABLE: tuple[Route, ...] = tuple(route for page in PAGES for route in page.routes)
"""Every route of the console with who may use it. There is no other."""


def add_console(app: web.Application, runtime: Runtime) -> None:
    """Add the console under /console, if it is switched on. Call it inside a running event loop."""
    if not runtime.settings.console.enabled:
        return
    console = web.Application(middlewares=[door])
    console[CONSOLE] = built = Console.build(runtime, TABLE)
    for route in TABLE:
        console.router.add_route(route.method, route.path, _nobody)
    console.on_response_prepare.append(add_headers)
    console.on_shutdown.append(built.live.close)
    app.router.add_get(BASE, _go_home)
    app.add_subapp(BASE, console)


async def _nobody(_request: web.Request) -> web.Response:
    """Never reached for a route of the table, which the door answers; anything else is not there."""
    raise web.HTTPNotFound


async def _go_home(_request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{BASE}/"})
