"""Members of staff, for administrators: invite, role, shut out, sessions, second factor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import func, select, update

from bot.console.invitations import invite, path_of
from bot.console.route import Route, Scope
from bot.outreach import staff as service
from bot.outreach.errors import StaffError
from bot.store.models import StaffRole, StaffRow, StaffSessionRow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.console.route import Handler
    from bot.console.visit import Visit
    from bot.store.session import Session

    Change = Callable[[Visit, Session, str], Awaitable[None]]

NAME = 60
_TELEGRAM = re.compile(r"\d{4,20}", re.ASCII)


async def get_staff(visit: Visit) -> web.Response:
    return await _page(visit)


async def post_new(visit: Visit) -> web.Response:
    """Take somebody on, and show their invitation once."""
    role, province = _role(visit), visit.field("province")
    if province and province not in visit.console.pages.offices:
        raise web.HTTPBadRequest
    login, me = visit.field("login").lower(), visit.me.staff.login
    try:
        async with visit.console.database.transaction() as session:
            await service.add(session, login, role, visit.now, by=me, province=province or None)
            named = " ".join(visit.field("name").split())[:NAME]
            await session.execute(update(StaffRow).where(StaffRow.login == login).values(name=named))
            link = await _invited(visit, session, login)
    except StaffError as error:
        return await _page(visit, str(error))
    visit.detail = {"role": role.value}
    return await _page(visit, link=link, login=login)


async def post_invite(visit: Visit) -> web.Response:
    """A new invitation, also for somebody who forgot the password; shown once."""
    login = visit.request.match_info["login"]
    try:
        async with visit.console.database.transaction() as session:
            link = await _invited(visit, session, login)
    except StaffError as error:
        return await _page(visit, str(error))
    return await _page(visit, link=link, login=login)


async def _role_of(visit: Visit, session: Session, login: str) -> None:
    role = _role(visit)
    await service.change_role(session, login, role, by=visit.me.staff.login)
    visit.detail = {"role": role.value}


async def _disable(visit: Visit, session: Session, login: str) -> None:
    member = await service.disable(session, login, visit.now, by=visit.me.staff.login)
    await visit.console.sessions.end_all(session, member.id)


async def _enable(visit: Visit, session: Session, login: str) -> None:
    await service.enable(session, login, by=visit.me.staff.login)


async def _end_sessions(visit: Visit, session: Session, login: str) -> None:
    member = await service.find(session, login)
    await visit.console.sessions.end_all(session, member.id)


async def _factor_off(_visit: Visit, session: Session, login: str) -> None:
    """For a phone that was lost."""
    member = await service.find(session, login)
    await session.execute(update(StaffRow).where(StaffRow.id == member.id).values(totp=None, totp_step=None))


async def _telegram(visit: Visit, session: Session, login: str) -> None:
    """Who this is in the staff group; empty for nobody."""
    number = visit.field("telegram")
    if number and _TELEGRAM.fullmatch(number) is None:
        raise StaffError(visit.word("staff", "telegram_wrong"))
    member = await service.find(session, login)
    taken = select(StaffRow.login).where(StaffRow.telegram == number, StaffRow.id != member.id)
    if number and (other := await session.scalar(taken)) is not None:
        raise StaffError(visit.word("staff", "telegram_taken").format(login=other))
    await session.execute(update(StaffRow).where(StaffRow.id == member.id).values(telegram=number or None))


def _changing(change: Change) -> Handler:
    async def post(visit: Visit) -> web.StreamResponse:
        login = visit.request.match_info["login"]
        try:
            async with visit.console.database.transaction() as session:
                await change(visit, session, login)
                visit.object = f"staff:{(await service.find(session, login)).id}"
        except StaffError as error:
            return await _page(visit, str(error))
        return visit.go("/staff", done="saved")

    return post


async def _invited(visit: Visit, session: Session, login: str) -> str:
    token = await invite(session, login, visit.now, visit.console.invitation_lifetime, by=visit.me.staff.login)
    visit.object = f"staff:{(await service.find(session, login)).id}"
    return visit.console.address_for(visit.request) + path_of(token)


def _role(visit: Visit) -> StaffRole:
    try:
        return StaffRole(visit.field("role"))
    except ValueError:
        raise web.HTTPBadRequest from None


async def _page(visit: Visit, problem: str = "", link: str = "", login: str = "") -> web.Response:
    async with visit.console.database.reading() as session:
        members = list(await session.scalars(select(StaffRow).order_by(StaffRow.login)))
        counts = select(StaffSessionRow.staff_id, func.count(), func.max(StaffSessionRow.seen))
        rows = await session.execute(counts.group_by(StaffSessionRow.staff_id))
        sessions = {staff: (count, seen) for staff, count, seen in rows}
    return visit.page(
        "staff",
        status=409 if problem else 200,
        members=members,
        sessions=sessions,
        roles=[role.value for role in StaffRole],
        offices=visit.console.pages.in_order,
        problem=problem,
        link=link,
        login=login,
        hours=round(visit.console.settings.console.invitation_hours),
    )


def _route(name: str, handler: Handler) -> Route:
    return Route("POST", f"/staff/{{login}}/{name}", handler, StaffRole.ADMIN, Scope.COUNTRY, f"staff_{name}")


routes = (
    Route("GET", "/staff", get_staff, StaffRole.ADMIN, Scope.COUNTRY, audit="staff_listed", nav="staff"),
    Route("POST", "/staff", post_new, StaffRole.ADMIN, Scope.COUNTRY, audit="staff_added"),
    _route("invite", post_invite),
    _route("role", _changing(_role_of)),
    _route("disable", _changing(_disable)),
    _route("enable", _changing(_enable)),
    _route("sessions", _changing(_end_sessions)),
    _route("factor", _changing(_factor_off)),
    _route("telegram", _changing(_telegram)),
)
