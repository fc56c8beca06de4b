"""The only way in: every request to the console is checked here against the table of routes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.actions import Action
from bot.console import audit
from bot.console.addresses import HOME, local
from bot.console.console import BASE, CONSOLE, LIMITS, Console
from bot.console.route import Route
from bot.console.visit import Visit, admits
from bot.console.words import LANGUAGES
from bot.web.body import read_form, read_upload
from bot.web.csrf import same_origin
from bot.web.refusals import Refusal, Refused
from bot.web.session import cookie_name, get_cookie

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.console.sessions import SignedIn

    Aiohttp = Callable[[web.Request], Awaitable[web.StreamResponse]]

SESSION = "staff"
VISITOR = "staff_visitor"
"""Marks a browser in which nobody is signed in, so that its forms have a token too."""
LIVE = "X-Live"
"""Set by the page's script when it renews itself, which is no sign that somebody works."""

log = structlog.get_logger()


@web.middleware
async def door(request: web.Request, handler: Aiohttp) -> web.StreamResponse:
    """Bring a request to its page, or say why not. What is not in the table goes to aiohttp's own handler: 404."""
    console = request.app[CONSOLE]
    resource = request.match_info.route.resource
    address = (request.method, resource.canonical if resource is not None else "")
    route = next((route for route in console.table if (route.method, BASE + route.path) == address), None)
    who = await _signed_in(console, request, route)
    visitor = "" if who else _cookie(console, request, VISITOR)
    fresh = not who and not visitor
    visitor = visitor or secrets.token_hex(16)
    token = console.tokens.issue(who.session if who else visitor)
    visit = Visit(console, request, route or _NOWHERE, who, _language(request, who), token, console.clock())
    response = await _answer(visit, handler, visitor, known=route is not None)
    if fresh and response.content_type == "text/html":
        remember(console, request, response, VISITOR, visitor)
    return response


def remember(console: Console, request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    """A cookie that ends with the browser; the database knows when the session ends."""
    secure = console.proxies.secure(request)
    response.set_cookie(cookie_name(name, secure=secure), value, httponly=True, secure=secure, samesite="Lax", path="/")


def forget(console: Console, request: web.Request, response: web.StreamResponse, name: str) -> None:
    secure = console.proxies.secure(request)
    response.del_cookie(cookie_name(name, secure=secure), httponly=True, secure=secure, samesite="Lax", path="/")


def session_token(console: Console, request: web.Request) -> str:
    """What the browser holds of its session; empty when it holds none."""
    return _cookie(console, request, SESSION)


async def _answer(visit: Visit, handler: Aiohttp, visitor: str, *, known: bool) -> web.StreamResponse:
    try:
        if not known:
            return await handler(visit.request)
        refusal = _refused(visit)
        if refusal is not None:
            return refusal
        if visit.request.method == "POST":
            await _check_form(visit, visitor)
        response = await visit.route.handler(visit)
        await _note(visit, response)
    except Refusal as refusal:
        log.info(Action.WEB_REFUSED, route=visit.route.handler.__name__, reason=refusal.why.code)
        return _problem(visit, refusal.why.status, refusal.why.code)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _problem(visit, error.status, "missing" if error.status in {404, 405} else "bad_request")
    except Exception:
        log.exception(Action.WEB_FAILED, route=visit.route.handler.__name__)
        return _problem(visit, 500, "failed")
    return response


def _refused(visit: Visit) -> web.Response | None:
    """Where somebody is sent instead who may not come here."""
    if admits(visit.route, visit.who):
        return None
    if visit.who is not None:
        return _problem(visit, 403, "forbidden")
    if visit.request.method != "GET":
        return _problem(visit, 401, "session")
    if visit.route.background:
        return web.Response(status=401)
    here = local(visit.request.path_qs)
    return visit.go("/sign-in", **({"next": here} if here != HOME else {}))


async def _check_form(visit: Visit, visitor: str) -> None:
    """Our own page, with the token of this very session. Raises Refusal."""
    console, headers = visit.console, visit.request.headers
    told = "Origin" in headers or "Sec-Fetch-Site" in headers
    own = console.proxies.origins(visit.request, console.settings.web.public_url or None)
    if not told or not same_origin(headers, own):
        raise Refusal(Refused.FOREIGN)
    if visit.route.upload:
        visit.form, visit.file = await read_upload(visit.request, LIMITS, visit.route.upload)
    else:
        visit.form = await read_form(visit.request, LIMITS)
    holder = visit.who.session if visit.who else visitor
    if not console.tokens.matches(visit.form.get("csrf", ""), holder):
        raise Refusal(Refused.SESSION)


async def _note(visit: Visit, response: web.StreamResponse) -> None:
    if not visit.route.audit or response.status >= 400:
        return
    staff, console = visit.who.staff.id if visit.who else None, visit.console
    what = visit.object or (f"staff:{staff}" if staff else "")
    if visit.request.method == "GET":
        async with console.database.reading() as session:
            if await audit.seen(session, staff, visit.route.audit, what, visit.now):
                return
    async with console.database.transaction() as session:
        await audit.note(session, staff, visit.route.audit, what, visit.now, visit.detail)


async def _signed_in(console: Console, request: web.Request, route: Route | None) -> SignedIn | None:
    token = session_token(console, request)
    if not token:
        return None
    now = console.clock()
    async with console.database.reading() as session:
        found = await console.sessions.find(session, token, now)
    if found is None:
        return None
    who, unnoted = found
    if unnoted and route is not None and not route.background and LIVE not in request.headers:
        async with console.database.transaction() as session:
            await console.sessions.note(session, who.session, now)
    return who


def _problem(visit: Visit, status: int, code: str) -> web.Response:
    return visit.page("problem", status=status, code=code)


def _language(request: web.Request, who: SignedIn | None) -> str:
    chosen = who.language if who else request.query.get("lang", "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _cookie(console: Console, request: web.Request, name: str) -> str:
    return get_cookie(request.cookies, name, secure=console.proxies.secure(request))


async def _nothing(_visit: Visit) -> web.StreamResponse:
    raise web.HTTPNotFound


_NOWHERE = Route("GET", "/", _nothing, None)
