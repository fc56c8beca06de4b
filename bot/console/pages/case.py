"""One case: what was said and done, the reply box, suggested answers, and every step that can be taken."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from bot.cases.case import ALIVE
from bot.cases.errors import CaseError, NoCaseError, SaidBeforeError
from bot.cases.reach import line_to
from bot.cases.reading import excerpt, history, shown
from bot.console.route import Route, Scope
from bot.console.suggestions import suggest
from bot.console.timeline import timeline
from bot.store.models import CaseState, StaffRole, StaffRow
from bot.store.texts import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from bot.cases.case import Case
    from bot.console.route import Handler
    from bot.console.visit import Visit
    from bot.store.session import Session

    Step = Callable[[Visit, str, int], Awaitable[Case]]

EXCERPT = 60


async def get_case(visit: Visit) -> web.Response:
    """The case; `?use=<entry>` puts a suggested answer into the reply box, `?ask=` looks for other answers."""
    return await _page(visit)


async def _page(visit: Visit, problem: str = "", text: str = "", status: int = 200) -> web.Response:
    console, number = visit.console, visit.request.match_info["number"]
    try:
        async with console.database.reading() as session:
            listed = await shown(session, console.clocks, number, visit.province, visit.now)
            case = listed.case
            said = await excerpt(session, case.conversation, EXCERPT)
            steps = await history(session, case.id)
            line = await line_to(session, case.conversation, visit.now)
            heirs = await _heirs(session, case, visit.me.staff.id)
    except NoCaseError:
        return visit.page("problem", status=404, code="no_case")
    visit.object = f"case:{case.id}"
    ask = visit.query.get("ask", "").strip()[:300]
    found = suggest(console.core, ask or case.question or case.summary, line.language, visit.now.date(), visit.language)
    used = next((one.text for one in found if one.entry == visit.query.get("use")), "")
    return visit.page(
        "case",
        status=status,
        listed=listed,
        case=case,
        alive=case.state in ALIVE,
        resolved=case.state is CaseState.RESOLVED,
        mine=case.owner == visit.me.staff.id,
        lines=timeline(said, steps),
        line=line,
        reach=line.reach.value,
        heirs=heirs,
        suggestions=found,
        ask=ask,
        text=text or used,
        problem=problem,
        limit=TEXT_LIMIT,
        once=secrets.token_hex(8),
    )


async def _heirs(session: Session, case: Case, me: int) -> list[tuple[str, str]]:
    """Login and name of everybody whom the case can be given to."""
    able = select(StaffRow.login, StaffRow.name).where(
        StaffRow.disabled.is_(None),
        StaffRow.id.not_in({me, case.owner or me}),
        or_(StaffRow.province.is_(None), StaffRow.province == case.province),
    )
    return [(row.login, row.name or row.login) for row in await session.execute(able.order_by(StaffRow.login))]


async def _take(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.take(number, staff)


async def _reply(visit: Visit, number: str, staff: int) -> Case:
    # Pressing the button twice sends one message: both carry what the page was given once.
    source = f"console:{staff}:{visit.field('once')[:16]}"
    return await visit.console.desk.reply(number, staff, visit.field("text"), source=source)


async def _note(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.note(number, staff, visit.field("text"))


async def _wait(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.wait(number, staff)


async def _transfer(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.transfer(number, staff, visit.field("to"))


async def _resolve(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.resolve(number, staff)


async def _reopen(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.reopen(number, staff)


async def _merge(visit: Visit, number: str, staff: int) -> Case:
    return await visit.console.desk.merge(number, staff, visit.field("into"))


def _taking(name: str, step: Step) -> Handler:
    """The handler of one step: back to the case when it is done, or the case with what went wrong and the text kept."""

    async def post(visit: Visit) -> web.StreamResponse:
        number = visit.request.match_info["number"]
        try:
            case = await step(visit, number, visit.me.staff.id)
        except SaidBeforeError:
            return visit.go(f"/cases/{number}", done=name)
        except NoCaseError:
            if name != "merge":
                return visit.page("problem", status=404, code="no_case")
            return await _page(visit, visit.word("case", "no_other"), status=409)
        except CaseError as error:
            return await _page(visit, str(error), visit.field("text"), status=409)
        visit.object = f"case:{case.id}"
        return visit.go(f"/cases/{case.number}", done=name)

    return post


STEPS: dict[str, Step] = {
    "take": _take,
    "reply": _reply,
    "note": _note,
    "wait": _wait,
    "transfer": _transfer,
    "resolve": _resolve,
    "reopen": _reopen,
    "merge": _merge,
}

routes = (
    Route("GET", "/cases/{number}", get_case, StaffRole.AGENT, Scope.OFFICE, audit="case_viewed"),
    *(
        Route("POST", f"/cases/{{number}}/{name}", _taking(name, step), StaffRole.AGENT, Scope.OFFICE, f"case_{name}")
        for name, step in STEPS.items()
    ),
)
