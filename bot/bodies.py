"""Reads the body of a request: at most so many bytes, within so many seconds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from aiohttp import web

TOO_LARGE, TOO_SLOW = "too_large", "too_slow"


class BodyError(BotError):
    """A body that was not read to its end; `status` is the HTTP status that says so, `kind` a plain name."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind


async def read_body(request: web.Request, limit: int, patience: float) -> bytes:
    """The whole body. Raises BodyError: 413 too_large, 408 too_slow."""
    if (request.content_length or 0) > limit:
        raise BodyError(413, TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            # A body sent in chunks announces no length, so it is counted as it comes.
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise BodyError(413, TOO_LARGE)
    except TimeoutError:
        raise BodyError(408, TOO_SLOW) from None
    return bytes(body)
