"""One call of the bot: its method and parameters, from JSON, a form, a multipart form or the query string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp.web import FileField

from bot.simulator.telegram.errors import bad_request

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True)
class Upload:
    """A file in a multipart form."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Call:
    """A method and its parameters. The readers raise ApiError 400 for a value of the wrong form."""

    method: str
    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def parsed(self, name: str) -> Any:
        """A parameter that is JSON: in forms it comes as text. None when it is missing or empty."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name}") from None


async def read_call(request: web.Request) -> Call:
    """The call that an HTTP request makes. Raises ApiError 400 when its body is not what it says."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values.update(await _json(request))
    elif request.body_exists:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                value.file.seek(0)
                uploads[name] = Upload(value.filename, value.file.read())
            else:
                values[name] = value
    return Call(request.match_info["method"].lower(), values, uploads)


async def _json(request: web.Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, Mapping):
        raise bad_request("expected a JSON object")
    return body
