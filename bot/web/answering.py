"""What all routes share: refusals and failures become clear answers, cookies are set, a message is carried through."""

from __future__ import annotations

import asyncio
import math
from functools import wraps
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.actions import Action
from bot.errors import TurnError
from bot.web.gate import LANGUAGE, SESSION, language_of
from bot.web.refusals import Refusal, Refused
from bot.web.session import set_cookie
from bot.web.site import SITE, Site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.outbound import OutboundMessage
    from bot.web.messages import ClientMessage
    from bot.web.session import Session

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_BATCH = 20
_log = structlog.get_logger(__name__)


def guarded(handler: Handler) -> Handler:
    """Turn refusals and unexpected errors into answers; the log gets names, never what somebody wrote."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            _log.info(Action.WEB_REFUSED, route=handler.__name__, reason=refusal.why.code)
            return refuse(request, refusal)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - the edge: the person gets a clear answer whatever happened
            _log.error(Action.WEB_FAILED, route=handler.__name__, exc_info=error)
            return refuse(request, Refusal(Refused.FAILED))

    return guard


def refuse(request: web.Request, refusal: Refusal) -> web.Response:
    """The answer to a request that is turned down: JSON for the script, a small page for a browser."""
    site, why = request.app[SITE], refusal.why
    language = language_of(site, request)
    message = site.renderer.explain(why.code, language, refusal.retry_after)
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after)))
    if request.path.startswith("/api/"):
        data = {"error": why.code, "message": message}
        return web.json_response(data, status=why.status, headers=headers)
    html = site.renderer.page("problem", language, problem=message, embedded=is_embedded(request))
    return web.Response(text=html, status=why.status, headers=headers, content_type="text/html")


async def take_turn(site: Site, session: Session, message: ClientMessage) -> Sequence[OutboundMessage]:
    """The replies to a message, also when it had been received before; raises Refusal when it takes too long."""
    inbound = message.inbound(site.settings.account, session.id, site.clock())
    try:
        async with asyncio.timeout(site.settings.limits.turn_timeout):
            result = await site.pipeline.handle(inbound)
            if result.duplicate:
                return await site.transcript.after(session.id, message.after, _BATCH)
    except (TimeoutError, TurnError):
        raise Refusal(Refused.BUSY) from None  # not kept: the page sends it again under the same id
    site.streams.wake(session.id)
    return result.messages


def remember_session(request: web.Request, response: web.StreamResponse, session: Session) -> None:
    """Set the session cookie."""
    _set(request, response, SESSION, request.app[SITE].sessions.encode(session))


def remember_language(request: web.Request, response: web.StreamResponse, language: str) -> None:
    """Set the language cookie."""
    _set(request, response, LANGUAGE, language)


def is_embedded(request: web.Request) -> bool:
    """Whether the page is shown in a school's page, where a cookie has to be marked for that."""
    return request.query.get("embed") == "1" and request.headers.get("Sec-Fetch-Dest", "iframe") != "document"


def _set(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    site = request.app[SITE]
    secure, embedded = site.proxies.secure(request), is_embedded(request)
    cookie = set_cookie(name, value, days=site.settings.session_days, secure=secure, embedded=embedded)
    response.headers.add("Set-Cookie", cookie)
