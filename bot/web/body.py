"""Reads a request's body as JSON object, form, or form with a file."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader

from bot.bodies import TOO_SLOW, BodyError, read_body
from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from aiohttp import web

    from bot.web.settings import Limits


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
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=limits.fields))
    except ValueError:
        raise Refusal(Refused.BAD_REQUEST) from None


async def read_upload(request: web.Request, limits: Limits, most: int) -> tuple[dict[str, str], bytes]:
    """The fields of a form with a file, and what is in the file: at most `most` bytes. Raises Refusal."""
    if request.content_type != "multipart/form-data":
        raise Refusal(Refused.BAD_REQUEST)
    fields: dict[str, str] = {}
    file, left = b"", most + limits.body_bytes
    try:
        async with asyncio.timeout(limits.body_timeout):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader) or part.name is None or len(fields) == limits.fields:
                    raise Refusal(Refused.BAD_REQUEST)
                content = await _content(part, min(left, limits.body_bytes if part.filename is None else most))
                left -= len(content)
                if part.filename is None:
                    fields[part.name] = content.decode()
                else:
                    file = content
    except TimeoutError:
        raise Refusal(Refused.TIMEOUT) from None
    except ValueError:
        raise Refusal(Refused.BAD_REQUEST) from None
    return fields, file


async def _content(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise Refusal(Refused.TOO_LARGE)
    return bytes(content)


async def _read(request: web.Request, limits: Limits) -> bytes:
    try:
        return await read_body(request, limits.body_bytes, limits.body_timeout)
    except BodyError as error:
        raise Refusal(Refused.TIMEOUT if error.kind == TOO_SLOW else Refused.TOO_LARGE) from None
