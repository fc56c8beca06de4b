"""Messages are brought by Telegram: POST /telegram/webhook.

    secret wrong 403 · body too large 413, too slow 408 · not JSON 400 · not kept 503 · kept 200

Telegram delivers everything but a 2xx again, for 24 hours.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.actions import Action
from bot.bodies import BodyError, read_body
from bot.channels.inbound import Channel
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pydantic import SecretStr

    from bot.channels.inbound import Event
    from bot.channels.telegram.parsing import Parsed
    from bot.channels.telegram.taps import Taps

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT = 1_048_576
BODY_PATIENCE = 5.0
"""Seconds for the whole body."""
AGAIN_AFTER = "2"
"""Seconds after which Telegram should deliver again what could not be kept."""

log = structlog.get_logger()


class Webhook:
    """Takes one update per request and acknowledges it when `take` has returned, which means that it is kept."""

    def __init__(
        self,
        secret: SecretStr,
        parse: Callable[[object], Parsed],
        take: Callable[[Sequence[Event]], Awaitable[None]],
        taps: Taps,
        *,
        patience: float = BODY_PATIENCE,
    ) -> None:
        self._secret = secret.get_secret_value().encode()
        self._parse = parse
        self._take = take
        self._taps = taps
        self._patience = patience

    async def receive(self, request: web.Request) -> web.Response:
        """The request handler."""
        sent = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, self._secret):
            return _refusal(403)
        try:
            body = await read_body(request, BODY_LIMIT, self._patience)
        except BodyError as error:
            return _refusal(error.status)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return _refusal(400)
        return await self._keep(self._parse(update))

    async def _keep(self, parsed: Parsed) -> web.Response:
        self._taps.acknowledge(parsed.callback)
        try:
            await self._take([parsed.event])
        except BotError as error:
            log.warning(Action.CHANNEL_FAILED, channel=Channel.TELEGRAM, reason="take", exc_info=error)
            return web.Response(status=503, headers={"Retry-After": AGAIN_AFTER})
        return web.Response()


def _refusal(status: int) -> web.Response:
    """Nothing more is read from somebody who is refused."""
    response = web.Response(status=status)
    response.force_close()
    return response
