"""The call that the bot may put into its answer to an update, instead of asking the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader

from bot.simulator.telegram.call import Call, Upload

if TYPE_CHECKING:
    from aiohttp import ClientResponse

_NEVER = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


async def call_in(response: ClientResponse) -> Call | None:
    """The call, or None when there is none or it may not be made this way. Reads the whole answer."""
    values, uploads = await _fields(response)
    method = str(values.pop("method", "")).lower()
    if not method or method.startswith("get") or method in _NEVER:
        return None
    return Call(method, values, uploads)


async def _fields(response: ClientResponse) -> tuple[dict[str, object], dict[str, Upload]]:
    if response.content_type == "multipart/form-data":
        return await _parts(response)
    body = await response.text()
    if response.content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body)), {}
    try:
        call = json.loads(body)
    except ValueError:
        return {}, {}
    return (call if isinstance(call, dict) else {}), {}


async def _parts(response: ClientResponse) -> tuple[dict[str, object], dict[str, Upload]]:
    values: dict[str, object] = {}
    uploads: dict[str, Upload] = {}
    async for part in MultipartReader.from_response(response):
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        if part.filename:
            uploads[part.name] = Upload(part.filename, bytes(await part.read(decode=True)))
        else:
            values[part.name] = await part.text()
    return values, uploads
