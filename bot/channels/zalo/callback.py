"""GET /zalo/callback: where Zalo's consent page sends the administrator back to."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import Action
from bot.channels.inbound import Channel
from bot.channels.zalo.consent import ConsentError, Refused
from bot.channels.zalo.texts import say
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.channels.zalo.consent import Consents
    from bot.channels.zalo.oauth import OAuth
    from bot.channels.zalo.openapi import OpenApi

# The address holds the code: it must not be kept, nor told to anybody.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_STATE = re.compile(r"[\w-]{1,64}", re.ASCII)
_PAGE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
)

log = structlog.get_logger()


class Callback:
    """Finishes a consent and says how it went."""

    def __init__(self, consents: Consents, oauth: OAuth, api: OpenApi) -> None:
        self._consents = consents
        self._oauth = oauth
        self._api = api

    async def receive(self, request: web.Request) -> web.Response:
        code, state = request.query.get("code", ""), request.query.get("state")
        if not code or (state is not None and not _STATE.fullmatch(state)):
            return _page(400, say("page", Refused.UNKNOWN))
        try:
            account = await self._consents.finish(code, state, self._oauth, self._api)
        except ConsentError as error:
            log.warning(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason=error.reason)
            return _page(400, str(error))
        except (BotError, SQLAlchemyError, OSError) as error:
            log.warning(Action.CHANNEL_FAILED, channel=Channel.ZALO, reason="consent", exc_info=error)
            return _page(503, say("page", Refused.TRY_AGAIN))
        return _page(200, say("page", "done", name=account.name))


def _page(status: int, text: str) -> web.Response:
    html = _PAGE.format(title=escape(say("page", "title")), text=escape(text))
    return web.Response(status=status, text=html, content_type="text/html", headers=_HEADERS)
