"""Reads a request's body: at most so many bytes, within so many seconds, as JSON object or form."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from aiohttp import web

    from bot.web.settings import Limits

_FIELDS = 10


async def read_json(request: web.Request, limits: Limits) -> dict[str, Any]:
    """The JSON object in the body; raises Refusal."""
    if request.content_type != "application/json":
        raise Refusal(Refused.NOT_JSON)
    try:
        data = json.loads(await _read(request, limits))
    except (ValueError, RecursionError):
        raise Refusal(Refused.BAD_REQUEST) from None
    if not isinstance(data, dict):
        raise Refusal(Refused.BAD_REQUEST)
    return data


async def read_form(request: web.Request, limits: Limits) -> dict[str, str]:
    """The fields of a plain form in the body; raises Refusal."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(Refused.BAD_REQUEST)
    try:
        body = (await _read(request, limits)).decode("ascii")
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError:
        raise Refusal(Refused.BAD_REQUEST) from None


async def _read(request: web.Request, limits: Limits) -> bytes:
    if (request.content_length or 0) > limits.body_bytes:
        raise Refusal(Refused.TOO_LARGE)
    try:
        async with asyncio.timeout(limits.body_timeout):
            return await _bounded(request, limits.body_bytes)
    except TimeoutError:
        raise Refusal(Refused.TIMEOUT) from None


async def _bounded(request: web.Request, limit: int) -> bytes:
    """Chunked bodies announce no length, so they are counted as they come."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise Refusal(Refused.TOO_LARGE)
    return bytes(body)
