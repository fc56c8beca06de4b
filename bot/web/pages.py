"""The pages: the chat itself, which also works as a plain form, the choice of language, and the privacy notice."""

from __future__ import annotations

import re
import uuid

from aiohttp import web

from bot.web.answering import guarded, is_embedded, remember_language, remember_session, take_turn
from bot.web.body import read_form
from bot.web.gate import admit, admit_write, check_token, current_session, language_of
from bot.web.messages import parse_message
from bot.web.refusals import Refusal, Refused
from bot.web.site import SITE
from bot.web.words import LANGUAGES

_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_NOT_STORED = {"Cache-Control": "no-store"}


@guarded
async def get_chat(request: web.Request) -> web.StreamResponse:
    """GET /?lang=&start=&embed=: the conversation so far and the form; starts a session when there is none."""
    site = request.app[SITE]
    admit(site, request)
    now = site.clock().timestamp()
    known = current_session(site, request)
    session = known or site.sessions.issue(now)
    lines = await site.transcript.lines(session.id, site.settings.limits.history) if known else ()
    language = language_of(site, request)
    start = request.query.get("start", "")
    html = site.renderer.page(
        "chat",
        language,
        conversation=site.renderer.conversation(lines, language),
        csrf=site.tokens.issue(session.id),
        message_id=uuid.uuid4(),
        embedded=request.query.get("embed") == "1",
        start=start if _CODE.fullmatch(start) else "",
    )
    response = _html(html)
    remember_session(request, response, site.sessions.renewed(session, now))
    if request.query.get("lang") in LANGUAGES:
        remember_language(request, response, language)
    return response


@guarded
async def post_chat(request: web.Request) -> web.StreamResponse:
    """POST / without a script: carries the message through and shows the conversation."""
    site = request.app[SITE]
    session = admit_write(site, request)
    fields = await read_form(request, site.settings.limits)
    check_token(site, request, session, fields.get("csrf", ""))
    await take_turn(site, session, parse_message(fields, site.settings.limits.text_length))
    return _back(request)


@guarded
async def post_language(request: web.Request) -> web.StreamResponse:
    """POST /language: page and conversation change language."""
    site = request.app[SITE]
    session = admit_write(site, request)
    fields = await read_form(request, site.settings.limits)
    check_token(site, request, session, fields.get("csrf", ""))
    language = fields.get("lang", "")
    if language not in LANGUAGES:
        raise Refusal(Refused.BAD_REQUEST)
    if await site.transcript.lines(session.id, 1):  # nothing is kept of somebody who has not written yet
        message = {"id": fields.get("id"), "action": f"lang:{language}"}
        await take_turn(site, session, parse_message(message, site.settings.limits.text_length))
    response = _back(request)
    remember_language(request, response, language)
    return response


@guarded
async def get_privacy(request: web.Request) -> web.StreamResponse:
    """GET /privacy: what is kept, and how to see and erase it."""
    site = request.app[SITE]
    admit(site, request)
    return _html(site.renderer.page("privacy", language_of(site, request), embedded=is_embedded(request)))


def _html(html: str) -> web.Response:
    response = web.Response(text=html, content_type="text/html", headers=_NOT_STORED)
    response.enable_compression()
    return response


def _back(request: web.Request) -> web.Response:
    """To the chat, so that reloading the page sends nothing again."""
    return web.Response(status=303, headers={"Location": "/?embed=1" if is_embedded(request) else "/", **_NOT_STORED})
