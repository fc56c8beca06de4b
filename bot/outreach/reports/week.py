"""A week of the bot: what people asked, what it could not answer, what went to staff, what came of campaigns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.outreach.reports.asked import by_day, by_entry, wordings
from bot.outreach.reports.sendings import sendings
from bot.store.models import CaseRow, CaseState, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.outreach.reports.period import Period
    from bot.outreach.reports.sendings import Sending
    from bot.outreach.reports.wordings import Wording
    from bot.store.session import Session
    from handlers.turn import Decision

_case = table_of(CaseRow)


@dataclass(frozen=True)
class Cases:
    """Cases by reason: opened in the week, and those of them that were still open at the time of the report.

    `closed` counts all that were closed in the week, `waiting` all that were open at the time of the report.
    """

    opened: Counter[str]
    still_open: Counter[str]
    closed: int
    waiting: int


@dataclass(frozen=True)
class Weekly:
    """A week in figures, as of `at`.

    `questions` counts by (entry, decision), the entry None when no answer was near; `by_day` all questions of each day.
    `wordings` are ways of asking that the bot could not answer and at least `least` questions share; `unshown` counts
    the other questions of that kind. `campaigns` sent something in this week; their figures are those up to now.
    """

    week: Period
    at: datetime
    least: int
    questions: Mapping[tuple[str | None, Decision], int]
    by_day: tuple[int, ...]
    last_week: int
    wordings: tuple[Wording, ...]
    unshown: int
    cases: Cases
    campaigns: tuple[Sending, ...]


async def weekly(session: Session, week: Period, least: int, now: datetime) -> Weekly:
    """The figures of a week."""
    shown, unshown = await wordings(session, week, least)
    return Weekly(
        week=week,
        at=now,
        least=least,
        questions=await by_entry(session, week),
        by_day=await _by_day(session, week),
        last_week=sum(await _by_day(session, week.before)),
        wordings=shown,
        unshown=unshown,
        cases=await _cases(session, week),
        campaigns=await sendings(session, week, least),
    )


async def _by_day(session: Session, week: Period) -> tuple[int, ...]:
    counted = Counter[date]()
    for (day, _), number in (await by_day(session, week)).items():
        counted[day] += number
    return tuple(counted[day] for day in week.days)


async def _cases(session: Session, week: Period) -> Cases:
    opened = (_case.c.opened >= week.begin) & (_case.c.opened < week.end)
    closed = (_case.c.resolved >= week.begin) & (_case.c.resolved < week.end)
    is_open = _case.c.state != CaseState.RESOLVED.value
    by_reason = select(_case.c.reason, func.count()).group_by(_case.c.reason)
    count = select(func.count()).select_from(_case)
    return Cases(
        opened=Counter({reason or "": n for reason, n in await session.execute(by_reason.where(opened))}),
        still_open=Counter({reason or "": n for reason, n in await session.execute(by_reason.where(opened, is_open))}),
        closed=(await session.execute(count.where(closed))).scalar_one(),
        waiting=(await session.execute(count.where(is_open))).scalar_one(),
    )
