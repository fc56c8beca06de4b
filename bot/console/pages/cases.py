"""The inbox: cases with filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.case import ALIVE
from bot.cases.reading import Filter, inbox
from bot.console.figures import cases
from bot.console.route import Route, Scope
from bot.store.models import CaseState, StaffRole
from handlers.effects import Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import web

    from bot.console.visit import Visit

STATES = ("alive", *(state.value for state in CaseState))
OWNERS = ("all", "mine", "nobody")


def wanted(query: Mapping[str, str], staff: int, province: str | None) -> Filter:
    """The filter in an address; what makes no sense is left out. `province` is all that may be seen."""
    state, owner = query.get("state", ""), query.get("owner", "")
    return Filter(
        states=(CaseState(state),) if state in STATES[1:] else ALIVE,
        province=province or query.get("province") or None,
        mine=staff if owner == "mine" else None,
        unowned=owner == "nobody",
        text=query.get("text", "").strip()[:100],
    )


async def get_cases(visit: Visit) -> web.Response:
    """The most urgent first, then those waiting longest."""
    console, query = visit.console, visit.query
    chosen = wanted(query, visit.me.staff.id, visit.province)
    urgency = query.get("urgency", "")
    async with console.database.reading() as session:
        listed = await inbox(session, console.clocks, chosen)
        counted = await cases(session, visit.province)
    return visit.page(
        "cases",
        listed=[one for one in listed if urgency not in set(Urgency) or one.case.urgency == urgency],
        unowned=counted.unowned,
        query={name: query.get(name, "") for name in ("state", "owner", "province", "urgency", "text")},
        states=STATES,
        owners=OWNERS,
        urgencies=[urgency.value for urgency in reversed(Urgency)],
        offices=console.pages.in_order,
        limit=chosen.limit,
    )


routes = (Route("GET", "/cases", get_cases, StaffRole.AGENT, Scope.OFFICE, audit="cases_listed", nav="cases"),)
