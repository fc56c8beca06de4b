"""Signing in and out, and the page on which somebody who was invited chooses a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console import audit
from bot.console.addresses import local
from bot.console.door import SESSION, VISITOR, forget, remember
from bot.console.invitations import accept, invited
from bot.console.passwords import SHORTEST, weakness
from bot.console.route import Route
from bot.store.models import StaffRole
from bot.web.refusals import Refusal, Refused

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit


async def get_sign_in(visit: Visit) -> web.Response:
    """The form; for somebody who is signed in, the page they wanted."""
    target = local(visit.query.get("next", ""))
    if visit.who is not None:
        return visit.go(target.removeprefix("/console"))
    return visit.page("sign_in", next=target, login="", wrong=False)


async def post_sign_in(visit: Visit) -> web.Response:
    """A new session under a new id, or the one answer to everything that can be wrong."""
    console, target = visit.console, local(visit.field("next"))
    if console.tries.take(console.proxies.address(visit.request)) is not None:
        raise Refusal(Refused.TOO_FAST)
    login = visit.field("login")
    attempt = await console.entrance.attempt(login, visit.form.get("password", ""), visit.field("code"))
    if not attempt.good or attempt.staff is None:
        await _note_failure(visit, attempt.staff)
        return visit.page("sign_in", status=403, next=target, login=login[:40], wrong=True)
    async with console.database.transaction() as session:
        if visit.who is not None:
            await console.sessions.end(session, visit.who.session)
        agent = visit.request.headers.get("User-Agent", "")
        token = await console.sessions.begin(session, attempt.staff, agent, visit.now)
    visit.object = f"staff:{attempt.staff}"
    response = visit.go(target.removeprefix("/console"))
    remember(console, visit.request, response, SESSION, token)
    forget(console, visit.request, response, VISITOR)
    return response


async def post_sign_out(visit: Visit) -> web.Response:
    """End this session, here and in the database."""
    console = visit.console
    async with console.database.transaction() as session:
        await console.sessions.end(session, visit.me.session)
    response = visit.go("/sign-in")
    forget(console, visit.request, response, SESSION)
    return response


async def get_invitation(visit: Visit) -> web.Response:
    """The form for a password, as long as the link is good."""
    async with visit.console.database.reading() as session:
        row = await invited(session, visit.request.match_info["token"], visit.now)
    if row is None:
        return visit.page("problem", status=404, code="invitation")
    return visit.page("invitation", login=row.login, weakness=None, shortest=SHORTEST)


async def post_invitation(visit: Visit) -> web.Response:
    """Set the password; all sessions of that account end."""
    console, token = visit.console, visit.request.match_info["token"]
    async with console.database.reading() as session:
        row = await invited(session, token, visit.now)
    if row is None:
        return visit.page("problem", status=404, code="invitation")
    password = visit.form.get("password", "")
    wrong = "different" if password != visit.form.get("again", "") else weakness(password, row.login)
    if wrong is not None:
        return visit.page("invitation", status=422, login=row.login, weakness=wrong, shortest=SHORTEST)
    digest = await console.passwords.digest(password)
    async with console.database.transaction() as session:
        accepted = await accept(session, token, digest, visit.now)
    if accepted is None:
        return visit.page("problem", status=404, code="invitation")
    visit.object = f"staff:{accepted.id}"
    return visit.go("/sign-in", done="password")


async def _note_failure(visit: Visit, staff: int | None) -> None:
    async with visit.console.database.transaction() as session:
        what = f"staff:{staff}" if staff else ""
        await audit.note(session, None, "sign_in_refused", what, visit.now)


routes = (
    Route("GET", "/sign-in", get_sign_in, None),
    Route("POST", "/sign-in", post_sign_in, None, audit="signed_in"),
    Route("POST", "/sign-out", post_sign_out, StaffRole.AGENT, audit="signed_out"),
    Route("GET", "/invitation/{token}", get_invitation, None),
    Route("POST", "/invitation/{token}", post_invitation, None, audit="invitation_accepted"),
)
