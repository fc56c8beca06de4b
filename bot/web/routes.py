"""Puts the web chat into an aiohttp application."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from bot.web.api import get_history, get_stream, post_message
from bot.web.headers import apply_headers, security_headers
from bot.web.health import get_alive, get_ready
from bot.web.pages import get_chat, get_privacy, post_chat, post_language
from bot.web.site import SITE, Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROUTES = (
    web.get("/", get_chat),
    web.post("/", post_chat),
    web.post("/language", post_language),
    web.get("/privacy", get_privacy),
    web.post("/api/messages", post_message),
    web.get("/api/history", get_history),
    web.get("/api/stream", get_stream),
    web.get("/healthz", get_alive),
    web.get("/readyz", get_ready),
)


def add_web_routes(app: web.Application, site: Site) -> None:
    """Add all routes of the web chat, its headers on every answer of `app`, and its background work."""
    app[SITE] = site
    app.add_routes(ROUTES)
    app.add_routes([web.get("/static/{name}", get_static), web.get("/embed.js", get_embed)])
    app.cleanup_ctx.append(_confirming)
    app.on_shutdown.append(_close_streams)
    headers = security_headers(site.settings.embed_origins)

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        apply_headers(response.headers, headers, secure=site.proxies.secure(request))

    app.on_response_prepare.append(add_headers)


async def get_static(request: web.Request) -> web.Response:
    """GET /static/<name>.<hash>.<suffix>: never changes, so browsers keep it."""
    asset = request.app[SITE].assets.at(request.path)
    if asset is None:
        raise web.HTTPNotFound
    return asset.respond(request, forever=True)


async def get_embed(request: web.Request) -> web.Response:
    """GET /embed.js: the script tag on a school's page."""
    response = request.app[SITE].assets["embed.js"].respond(request, forever=False)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def _confirming(app: web.Application) -> AsyncIterator[None]:
    receipts = app[SITE].receipts
    task = asyncio.create_task(receipts.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await receipts.flush()


async def _close_streams(app: web.Application) -> None:
    app[SITE].streams.close()
