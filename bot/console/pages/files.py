"""Style sheet, script and icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.route import Route

if TYPE_CHECKING:
    from bot.console.visit import Visit


async def get_file(visit: Visit) -> web.Response:
    """A file under an address that changes with its content, so browsers keep it."""
    asset = visit.console.assets.at(visit.request.path)
    if asset is None:
        raise web.HTTPNotFound
    return asset.respond(visit.request, forever=True)


routes = (Route("GET", "/static/{name}", get_file, None),)
