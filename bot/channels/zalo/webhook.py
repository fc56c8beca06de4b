"""Zalo brings events: POST /zalo/webhook.

    unsigned, or the probe `{}`   200, never processed: the console saves a webhook only when its probe gets that
    signature or app wrong        403            body too large 413, too slow 408, not JSON 400
    too old, from the future      200, not processed
    kept 200                      not kept 503

The signature is over the raw bytes and a timestamp inside the body, so the body is read, bounded, before it is checked.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from bot.actions import Action
from bot.bodies import BodyError, read_body
from bot.channels.inbound import Channel, Ignored
from bot.channels.zalo.answers import read_text
from bot.channels.zalo.moments import moment, timestamp_text
from bot.channels.zalo.signature import HEADER, TIMESTAMP_HEADER, claimed, matches
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.channels.inbound import Event
    from bot.channels.zalo.parsing import EventParser
    from bot.clock import Clock
    from bot.settings import ZaloSettings

PATH = "/zalo/webhook"
BODY_LIMIT = 256 * 1024
"""Bytes; events have some thousand. Whoever forges one makes us read so much and no more."""
BODY_PATIENCE = 5.0
"""Seconds for the whole body."""
SKEW = timedelta(minutes=10)
"""How far the platform's clock may be ahead of ours."""

log = structlog.get_logger()


class Webhook:
    """Takes one event per request and acknowledges it when `take` has returned, which means that it is kept.

    `observe` is told a plain name for each request that brought nothing to keep: probe, unsigned, forged, foreign_app,
    stale, future, too_large, too_slow, malformed, not_kept, or the kind of an event that is ignored.
    """

    def __init__(
        self,
        settings: ZaloSettings,
        parser: EventParser,
        take: Callable[[Sequence[Event]], Awaitable[None]],
        clock: Clock,
        observe: Callable[[str], None],
        *,
        patience: float = BODY_PATIENCE,
    ) -> None:
        self._app_id = settings.app_id
        self._key = settings.webhook_key.get_secret_value() if settings.webhook_key else ""
        self._replay = timedelta(hours=settings.replay_hours)
        self._parser = parser
        self._take = take
        self._clock = clock
        self._observe = observe
        self._patience = patience

    async def probe(self, _request: web.Request) -> web.Response:
        """GET, or `{}`: whoever looks whether something answers here."""
        self._observe("probe")
        return _done()

    async def receive(self, request: web.Request) -> web.Response:
        """POST: one event."""
        header = request.headers.get(HEADER)
        if not header:
            return self._unsigned()
        mac = claimed(header)
        if mac is None or not self._key:
            return self._refused(403, "forged")
        try:
            body = await read_body(request, BODY_LIMIT, self._patience)
        except BodyError as error:
            return self._refused(error.status, error.kind)
        return await self._signed(body, mac, request)

    async def _signed(self, body: bytes, mac: str, request: web.Request) -> web.Response:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return self._refused(400, "malformed")
        if data == {}:
            return await self.probe(request)
        told = timestamp_text(data.get("timestamp")) if isinstance(data, dict) else ""
        timestamps = [stamp for stamp in (told, request.headers.get(TIMESTAMP_HEADER)) if stamp]
        if not any(matches(mac, self._app_id, body, stamp, self._key) for stamp in timestamps):
            return self._refused(403, "forged")
        if read_text(data.get("app_id")) not in {"", self._app_id}:
            return self._refused(403, "foreign_app")
        late = self._out_of_time(data)
        if late is not None:
            self._observe(late)
            return _done()
        return await self._keep(data)

    async def _keep(self, data: dict[str, Any]) -> web.Response:
        events = []
        for event in self._parser.parse(data):
            if isinstance(event, Ignored):
                self._observe(event.kind)
            else:
                events.append(event)
        if events:
            try:
                await self._take(events)
            except BotError as error:
                log.warning(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason="take", exc_info=error)
                return self._refused(503, "not_kept")
        return _done()

    def _out_of_time(self, data: dict[str, Any]) -> str | None:
        """Why an event is too old or too new; a timestamp that cannot be told passes, as it is signed all the same."""
        happened, now = moment(data.get("timestamp")), self._clock()
        if happened is None:
            return None
        if happened < now - self._replay:
            return "stale"
        return "future" if happened > now + SKEW else None

    def _unsigned(self) -> web.Response:
        self._observe("unsigned")
        return _hung_up(_done())

    def _refused(self, status: int, kind: str) -> web.Response:
        self._observe(kind)
        return _hung_up(web.Response(status=status))


def _done() -> web.Response:
    return web.json_response({})


def _hung_up(response: web.Response) -> web.Response:
    """Nothing more is read from whoever sent something that we do not process."""
    response.force_close()
    return response
