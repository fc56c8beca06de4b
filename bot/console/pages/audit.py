"""Who saw or changed what, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.console.route import Route, Scope
from bot.store.models import AuditRow, StaffRole, StaffRow

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit

SHOWN = 100


async def get_audit(visit: Visit) -> web.Response:
    """The latest first; `?object=` (such as "case:17"), `?login=` and `?before=` (a row's number) narrow it."""
    query = visit.query
    name = func.coalesce(func.nullif(StaffRow.name, ""), StaffRow.login).label("who")
    rows = select(AuditRow, name).outerjoin(StaffRow, StaffRow.id == AuditRow.staff_id)
    chosen = {key: query.get(key, "").strip()[:60] for key in ("object", "login")}
    if chosen["object"]:
        rows = rows.where(AuditRow.object == chosen["object"])
    if chosen["login"]:
        rows = rows.where(StaffRow.login == chosen["login"].lower())
    if (before := query.get("before", "")).isdecimal() and len(before) < 16:
        rows = rows.where(AuditRow.id < int(before))
    async with visit.console.database.reading() as session:
        found = (await session.execute(rows.order_by(AuditRow.id.desc()).limit(SHOWN))).all()
    return visit.page("audit", rows=found, query=chosen, more=len(found) == SHOWN)


routes = (Route("GET", "/audit", get_audit, StaffRole.ADMIN, Scope.COUNTRY, audit="audit_viewed", nav="audit"),)
