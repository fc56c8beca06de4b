"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.simulator.telegram.call import read_call
from bot.simulator.telegram.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.simulator.telegram.call import Call
    from bot.simulator.telegram.files import Files

    Method = Callable[[Call], Awaitable[Any]]

MAX_BODY = 50 * 1024 * 1024
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,64}")
_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


class BotApi:
    """Finds the method of a call and says its outcome as the Bot API does."""

    def __init__(self, token: str, methods: Mapping[str, Method], files: Files) -> None:
        self._token, self._methods, self._files = token, methods, files

    def routes(self) -> list[web.RouteDef]:
        path = "/bot{token}/{method}"
        download = "/file/bot{token}/{path:.+}"
        return [web.get(path, self.answer), web.post(path, self.answer), web.get(download, self.download)]

    async def answer(self, request: web.Request) -> web.Response:
        try:
            self._check(request.match_info["token"])
            call = await read_call(request)
            result = await self._method(call.method)(call)
        except ApiError as error:
            return web.json_response(error.body, status=error.status, dumps=_dumps)
        return web.json_response({"ok": True, "result": result}, dumps=_dumps)

    async def download(self, request: web.Request) -> web.Response:
        try:
            self._check(request.match_info["token"])
        except ApiError as error:
            return web.json_response(error.body, status=error.status)
        file = self._files.at(request.match_info["path"])
        if file is None:
            return web.json_response(ApiError(404, "Not Found").body, status=404)
        return web.Response(body=file.body, content_type=file.content_type)

    async def perform(self, call: Call) -> None:
        """Carry out a call that the bot's answer to an update makes; the bot never learns how it went."""
        with suppress(ApiError):
            await self._method(call.method)(call)

    def _check(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token != self._token:
            raise ApiError(401, "Unauthorized")

    def _method(self, name: str) -> Method:
        if name not in self._methods:
            raise ApiError(404, "Not Found: method not found")
        return self._methods[name]
