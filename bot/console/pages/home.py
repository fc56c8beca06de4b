"""What is going on: questions, cases that wait, campaigns under way, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.reading import Filter, inbox
from bot.console import figures
from bot.console.charts import lines, stacked
from bot.console.health import examine
from bot.console.route import Route, Scope
from bot.store.models import CaseState, StaffRole

if TYPE_CHECKING:
    from aiohttp import web

    from bot.console.visit import Visit

DAYS = 14
SHOWN = 5
TO_ANSWER = (CaseState.NEW, CaseState.REOPENED, CaseState.OPEN)


async def get_home(visit: Visit) -> web.Response:
    """One look at the day."""
    console, province = visit.console, visit.province
    days = figures.days_until(visit.now.date(), DAYS)
    async with console.database.reading() as session:
        asked = await figures.questions(session, days)
        flow = await figures.flow(session, days, province)
        cases = await figures.cases(session, province)
        campaigns = await figures.running(session)
        waiting = await inbox(session, console.clocks, Filter(states=TO_ANSWER, province=province))
    labels = [f"{day.day}/{day.month}" for day in days]
    return visit.page(
        "home",
        today={series.key: series.values[-1] for series in asked},
        questions=stacked(labels, asked),
        flow=lines(labels, flow),
        cases=cases,
        campaigns=campaigns,
        waiting=sorted(waiting, key=lambda listed: listed.case.opened)[:SHOWN],
        signs=await examine(console, visit.now),
    )


routes = (Route("GET", "/", get_home, StaffRole.AGENT, Scope.OFFICE, nav="home"),)
