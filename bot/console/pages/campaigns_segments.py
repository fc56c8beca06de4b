"""Groups of people that are kept by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console.audiences import look, sentence
from bot.console.pages.campaigns_form import examples
from bot.console.route import Route, Scope
from bot.outreach.errors import OutreachError
from bot.outreach.segments import count, parse
from bot.outreach.segments.saved import remove, save, segments
from bot.store.models import StaffRole

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit


async def get_segments(visit: Visit) -> web.Response:
    return await _page(visit)


async def post_segment(visit: Visit) -> web.StreamResponse:
    """Keep a query under a name, in place of the one that had it."""
    try:
        async with visit.console.database.transaction() as session:
            row = await save(session, visit.field("name"), visit.field("segment"), visit.now)
            visit.object = f"segment:{row.id}"
    except OutreachError as error:
        return await _page(visit, str(error))
    return visit.go("/campaigns/segments", done="saved")


async def post_remove(visit: Visit) -> web.StreamResponse:
    """Forget a name; campaigns have a copy of the query."""
    try:
        async with visit.console.database.transaction() as session:
            await remove(session, visit.field("name"))
    except OutreachError as error:
        return await _page(visit, str(error))
    visit.detail = {"name": visit.field("name")}
    return visit.go("/campaigns/segments", done="segment_removed")


async def _page(visit: Visit, problem: str = "") -> web.Response:
    async with visit.console.database.reading() as session:
        saved = [
            (row, sentence(row.query), await count(session, parse(row.query), visit.now))
            for row in await segments(session)
        ]
        looked = await look(session, visit.field("segment"), "", visit.now)
    return visit.page(
        "campaigns_segments",
        status=409 if problem else 200,
        saved=saved,
        looked=looked,
        name=visit.field("name"),
        segment=visit.field("segment"),
        examples=examples(),
        problem=problem,
    )


routes = (
    Route("GET", "/campaigns/segments", get_segments, StaffRole.EDITOR, Scope.COUNTRY),
    Route("POST", "/campaigns/segments", post_segment, StaffRole.EDITOR, Scope.COUNTRY, "segment_saved"),
    Route("POST", "/campaigns/segments/remove", post_remove, StaffRole.EDITOR, Scope.COUNTRY, "segment_removed"),
)
