"""My account: name, password, second factor, sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from aiohttp import web
from sqlalchemy import select, update

from bot.console import factors
from bot.console.passwords import SHORTEST, weakness
from bot.console.route import Route
from bot.console.sessions import public_id
from bot.store.models import StaffRole, StaffRow

if TYPE_CHECKING:
    from bot.console.visit import Visit

NAME = 60


async def get_account(visit: Visit) -> web.Response:
    return await _page(visit)


async def post_name(visit: Visit) -> web.Response:
    """How colleagues see this person."""
    await _set(visit, name=" ".join(visit.field("name").split())[:NAME])
    return visit.go("/account", done="saved")


async def post_password(visit: Visit) -> web.Response:
    """A new password; every other session ends."""
    row = await _row(visit)
    password = visit.form.get("password", "")
    wrong = "different" if password != visit.form.get("again", "") else weakness(password, row.login)
    if wrong is None and not await _proved(visit, row):
        wrong = "wrong_password"
    if wrong is not None:
        return await _page(visit, wrong=wrong)
    digest = await visit.console.passwords.digest(password)
    await _set(visit, password=digest)
    async with visit.console.database.transaction() as session:
        await visit.console.sessions.end_all(session, row.id, but=visit.me.session)
    return visit.go("/account", done="password")


async def post_factor_on(visit: Visit) -> web.Response:
    """Switch the second factor on, when the phone shows the right code."""
    console, secret = visit.console, visit.field("secret")
    if not console.factors.offered or not factors.is_secret(secret):
        raise web.HTTPBadRequest
    step = factors.step_of(secret, visit.field("code"), None, visit.now)
    if step is None:
        return await _page(visit, wrong="wrong_code", secret=secret)
    await _set(visit, totp=console.factors.sealed(secret), totp_step=step)
    return visit.go("/account", done="factor_on")


async def post_factor_off(visit: Visit) -> web.Response:
    """Switch it off; asks for the password, so that an open screen is not enough."""
    if not await _proved(visit, await _row(visit)):
        return await _page(visit, wrong="wrong_password")
    await _set(visit, totp=None, totp_step=None)
    return visit.go("/account", done="factor_off")


async def post_session(visit: Visit) -> web.Response:
    """End one session, or with an empty field all but this one."""
    console, me = visit.console, visit.me
    async with console.database.transaction() as session:
        if visit.field("session"):
            await console.sessions.end_named(session, me.staff.id, visit.field("session"))
        else:
            await console.sessions.end_all(session, me.staff.id, but=me.session)
    return visit.go("/account", done="sessions")


async def _page(visit: Visit, wrong: str = "", secret: str = "") -> web.Response:
    console, row = visit.console, await _row(visit)
    async with console.database.reading() as session:
        sessions = await console.sessions.of(session, row.id, visit.now)
    offered = console.factors.offered and row.totp is None
    secret = secret or (factors.new_secret() if offered else "")
    return visit.page(
        "account",
        status=422 if wrong else 200,
        name=row.name,
        sessions=[(public_id(one), one, one.id == visit.me.session) for one in sessions],
        factor=row.totp is not None,
        secret=secret,
        code=_drawn(secret, row.login) if secret else None,
        wrong=wrong,
        shortest=SHORTEST,
    )


def _drawn(secret: str, login: str) -> tuple[int, str]:
    """The side of the QR code and its dark modules as the path of a drawing."""
    matrix = segno.make(factors.address(secret, login), error="m", micro=False).matrix
    dark = (f"M{x} {y}h1v1h-1z" for y, line in enumerate(matrix) for x, module in enumerate(line) if module)
    return len(matrix), "".join(dark)


async def _proved(visit: Visit, row: StaffRow) -> bool:
    """Whether the present password was typed; a wrong one counts like at the door."""
    attempt = await visit.console.entrance.confirm(row.login, visit.form.get("current", ""))
    return attempt.good


async def _row(visit: Visit) -> StaffRow:
    async with visit.console.database.reading() as session:
        row: StaffRow = (await session.scalars(select(StaffRow).where(StaffRow.id == visit.me.staff.id))).one()
        return row


async def _set(visit: Visit, **values: Any) -> None:
    async with visit.console.database.transaction() as session:
        await session.execute(update(StaffRow).where(StaffRow.id == visit.me.staff.id).values(**values))


routes = (
    Route("GET", "/account", get_account, StaffRole.AGENT),
    Route("POST", "/account/name", post_name, StaffRole.AGENT, audit="name_changed"),
    Route("POST", "/account/password", post_password, StaffRole.AGENT, audit="password_changed"),
    Route("POST", "/account/factor-on", post_factor_on, StaffRole.AGENT, audit="factor_on"),
    Route("POST", "/account/factor-off", post_factor_off, StaffRole.AGENT, audit="factor_off"),
    Route("POST", "/account/sessions", post_session, StaffRole.AGENT, audit="sessions_ended"),
)
