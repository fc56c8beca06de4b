"""What the page's script talks to: messages in, replies out, the conversation so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.web import sse
from bot.web.answering import guarded, remember_session, take_turn
from bot.web.body import read_json
from bot.web.gate import admit_read, admit_write, check_token, current_session, language_of, require_session
from bot.web.messages import message_number, parse_message
from bot.web.ports import Said
from bot.web.site import SITE, Site

if TYPE_CHECKING:
    from bot.web.streams import Listener

_NOT_STORED = {"Cache-Control": "no-store"}
_BATCH = 50


@guarded
async def post_message(request: web.Request) -> web.StreamResponse:
    """POST /api/messages `{id, text | action, after?}`: 202, or 200 with the replies for `Accept: application/json`."""
    site = request.app[SITE]
    session = admit_write(site, request)
    check_token(site, request, session)
    message = parse_message(await read_json(request, site.settings.limits), site.settings.limits.text_length)
    replies = await take_turn(site, session, message)
    if "application/json" not in request.headers.get("Accept", ""):
        return web.json_response({}, status=202, headers=_NOT_STORED)
    language = language_of(site, request)
    site.receipts.add(reply.id for reply in replies)
    return web.json_response(
        {"messages": [site.renderer.payload(reply, language) for reply in replies]}, headers=_NOT_STORED
    )


@guarded
async def get_history(request: web.Request) -> web.StreamResponse:
    """GET /api/history: the last lines of both sides and a fresh token; starts a session when there is none."""
    site = request.app[SITE]
    admit_read(site, request)
    now = site.clock().timestamp()
    session = current_session(site, request) or site.sessions.issue(now)
    language = language_of(site, request)
    lines = await site.transcript.lines(session.id, site.settings.limits.history)
    shown = [
        {"from": "you", "text": line.text}
        if isinstance(line, Said)
        else {"from": "bot", **site.renderer.payload(line, language)}
        for line in lines
    ]
    response = web.json_response({"csrf": site.tokens.issue(session.id), "lines": shown}, headers=_NOT_STORED)
    remember_session(request, response, site.sessions.renewed(session, now))
    return response


@guarded
async def get_stream(request: web.Request) -> web.StreamResponse:
    """GET /api/stream?after=: replies as server-sent events; `Last-Event-ID` resumes. Ids are those of the outbox."""
    site = request.app[SITE]
    admit_read(site, request)
    session = require_session(site, request)
    after = message_number(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
    with site.streams.listen(session.id) as listener:
        response = web.StreamResponse(headers=sse.HEADERS)
        await response.prepare(request)
        try:
            await response.write(sse.OPENING)
            await _Feed(site, session.id, language_of(site, request), response).run(listener, after)
        except ConnectionResetError:
            pass  # the person closed the page
    return response


@dataclass(frozen=True)
class _Feed:
    """Writes what is new in one conversation to one stream."""

    site: Site
    sender: str
    language: str
    response: web.StreamResponse

    async def run(self, listener: Listener, after: int) -> None:
        """Until the stream ends. Waking looks at once; the heartbeat also finds what another process wrote."""
        while not listener.closing:
            replies = await self.site.transcript.after(self.sender, after, _BATCH)
            for reply in replies:
                await self.response.write(sse.event(reply.id, self.site.renderer.payload(reply, self.language)))
                after = reply.id
            self.site.receipts.add(reply.id for reply in replies)
            if len(replies) < _BATCH and not await listener.wait(self.site.settings.limits.heartbeat):
                await self.response.write(sse.HEARTBEAT)
