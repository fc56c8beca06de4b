"""GET /zalo_verifier….html: by finding its file there Zalo knows that a domain is ours (zalo-oa.md §5.6).

What stands in the file no source tells, so it is served as it was downloaded from the console.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.config import variable
from bot.errors import ConfigError, WrongSetting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import ZaloSettings

LIMIT = 65_536
"""Bytes; what is longer is another file."""


def routes(settings: ZaloSettings) -> list[web.RouteDef]:
    """A route for each file of the settings, read now. Raises ConfigError when one cannot be read."""
    wrong = list(unreadable(settings))
    if wrong:
        raise ConfigError(wrong)
    return [_route(Path(file)) for file in settings.verifier_files]


def unreadable(settings: ZaloSettings) -> Iterator[WrongSetting]:
    """The files that are named and cannot be served."""
    for name in settings.verifier_files:
        file = Path(name)
        try:
            if file.stat().st_size > LIMIT:
                yield _wrong(f"{file.name} is too large for such a file")
        except OSError:
            yield _wrong(f"{file.name} cannot be read")


def _wrong(what: str) -> WrongSetting:
    return WrongSetting("zalo.verifier_files", what, variable("zalo", "verifier_files"))


def _route(file: Path) -> web.RouteDef:
    body = file.read_bytes()

    async def get(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    return web.get(f"/{file.name}", get)
