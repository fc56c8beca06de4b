"""Server-sent events: something happened to a case that this person may see."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import func, select

from bot.console.door import session_token
from bot.console.route import Route, Scope
from bot.store.models import CaseEventRow, StaffRole
from bot.web import sse

if TYPE_CHECKING:
    from bot.cases.events import Change
    from bot.console.visit import Visit

BEAT = 15.0
"""Seconds after which it is looked whether the session still holds, and whether another process wrote something."""


async def get_live(visit: Visit) -> web.StreamResponse:
    """Until the page is closed, the session ends, or the program does. Only says that there is something new."""
    console, who = visit.console, visit.me
    with console.live.listen(who.session) as queue:
        response = web.StreamResponse(headers=sse.HEADERS)
        await response.prepare(visit.request)
        try:
            await response.write(sse.OPENING)
            await _feed(visit, queue, response)
        except ConnectionResetError:
            pass  # the page was closed
        except asyncio.CancelledError:
            if not console.live.closing:
                raise
    return response


async def _feed(visit: Visit, queue: asyncio.Queue[Change], response: web.StreamResponse) -> None:
    latest = await _latest(visit)
    while True:
        change = await _next(queue)
        if not await _holds(visit):
            return
        before, latest = latest, await _latest(visit)
        if change is None:
            await response.write(sse.event(latest, {}) if latest != before else sse.HEARTBEAT)
        elif visit.province is None or change.province == visit.province:
            await response.write(sse.event(latest, {"case": change.number, "kind": change.kind.value}))


async def _next(queue: asyncio.Queue[Change]) -> Change | None:
    """The next change of this process; None when there was none for a while."""
    try:
        async with asyncio.timeout(BEAT):
            return await queue.get()
    except TimeoutError:
        return None


async def _latest(visit: Visit) -> int:
    """The number of the last step of any case."""
    async with visit.console.database.reading() as session:
        return await session.scalar(select(func.max(CaseEventRow.id))) or 0


async def _holds(visit: Visit) -> bool:
    console = visit.console
    async with console.database.reading() as session:
        token = session_token(console, visit.request)
        found = await console.sessions.find(session, token, console.clock())
    return found is not None and found[0].staff == visit.me.staff


routes = (Route("GET", "/live", get_live, StaffRole.AGENT, Scope.OFFICE, background=True),)
