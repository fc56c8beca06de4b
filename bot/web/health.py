"""For whoever watches the process: is it alive, can it serve."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.web.site import SITE

_NOT_STORED = {"Cache-Control": "no-store"}
_PATIENCE = 2.0


async def get_alive(_request: web.Request) -> web.Response:
    """GET /healthz: 200 as long as the process answers."""
    return web.Response(text="ok", headers=_NOT_STORED)


async def get_ready(request: web.Request) -> web.Response:
    """GET /readyz: 200 when the database answers, otherwise 503 without details."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await request.app[SITE].transcript.ping()
    except Exception:  # noqa: BLE001 - whatever it is, we are not ready
        return web.Response(status=503, text="database", headers=_NOT_STORED)
    return web.Response(text="ok", headers=_NOT_STORED)
