"""The checks that a request passes before anything is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web.csrf import HEADER, not_cross_site, same_origin
from bot.web.refusals import Refusal, Refused
from bot.web.session import Session, get_cookie
from bot.web.words import LANGUAGES

if TYPE_CHECKING:
    from aiohttp import web

    from bot.web.site import Site

SESSION = "chat"
LANGUAGE = "lang"


def admit(site: Site, request: web.Request) -> None:
    """Every request that costs something: counted by address; raises Refusal."""
    wait = site.by_address.take(site.proxies.address(request))
    if wait is not None:
        raise Refusal(Refused.TOO_FAST, wait)


def admit_read(site: Site, request: web.Request) -> None:
    """Reading the API: by our own page or typed by the person, not by somebody else's page; raises Refusal."""
    admit(site, request)
    if not not_cross_site(request.headers):
        raise Refusal(Refused.FOREIGN)


def admit_write(site: Site, request: web.Request) -> Session:
    """Anything that changes something: our own page, with a session; the token is checked by `check_token`."""
    admit(site, request)
    if not same_origin(request.headers, site.proxies.origins(request, site.settings.public_url)):
        raise Refusal(Refused.FOREIGN)
    return require_session(site, request)


def check_token(site: Site, request: web.Request, session: Session, field: str | None = None) -> None:
    """The token of this session, from the header or a form's field; then the session's own rate. Raises Refusal."""
    token = request.headers.get(HEADER, "") if field is None else field
    if not site.tokens.matches(token, session.id):
        raise Refusal(Refused.SESSION)
    wait = site.by_session.take(session.id)
    if wait is not None:
        raise Refusal(Refused.TOO_FAST, wait)


def current_session(site: Site, request: web.Request) -> Session | None:
    """The session that the browser proves to have."""
    value = get_cookie(request.cookies, SESSION, secure=site.proxies.secure(request))
    return site.sessions.decode(value, site.clock().timestamp())


def require_session(site: Site, request: web.Request) -> Session:
    session = current_session(site, request)
    if session is None:
        raise Refusal(Refused.SESSION)
    return session


def language_of(site: Site, request: web.Request) -> str:
    """The page's language: asked for in the address, chosen before, or Vietnamese."""
    chosen = get_cookie(request.cookies, LANGUAGE, secure=site.proxies.secure(request))
    for language in (request.query.get("lang", ""), chosen):
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
