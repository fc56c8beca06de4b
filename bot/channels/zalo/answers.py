"""Reads an answer of the platform: at most so many bytes, as a JSON object or as nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiohttp import ClientResponse

LIMIT = 1_048_576
"""Bytes; what is longer is no answer."""


async def read_bytes(response: ClientResponse) -> bytes:
    """The body, cut after LIMIT bytes, which no JSON survives."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LIMIT:
            break
    return bytes(body[: LIMIT + 1])


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None for anything else."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def read_number(value: object) -> int | None:
    """A whole number, which may come as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def read_text(value: object) -> str:
    """A string field, empty when it is none. Numbers are taken as they are written."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
