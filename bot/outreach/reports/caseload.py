"""What staff had to do in a period: cases, how long they waited in office hours, and what citizens said of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from bot.clock import VIETNAM
from bot.store.models import CaseRow, CaseState, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from bot.cases.clocks import OfficeHours
    from bot.outreach.reports.period import Period
    from bot.settings import CasesSettings
    from bot.store.session import Session

_case = table_of(CaseRow)
_READ = _case.c["opened", "first_response", "resolved", "state", "reason", "satisfaction", "merged_into"]


@dataclass(frozen=True)
class Clock:
    """Cases of which a clock stopped in the period. `limit` and `median` are office time, `in_time` a number of cases.

    `late` counts the cases that were still waiting past their time when the report was made.
    """

    limit: timedelta
    stopped: int
    in_time: int
    median: timedelta | None
    late: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.stopped if self.stopped else None


@dataclass(frozen=True)
class Caseload:
    """Cases by reason: opened in the period, and those of them still open at the time of the report.

    `settled` counts all that were settled in the period, `waiting` all that were open at the time of the report;
    `flow` those opened and those settled by day, `ratings` what was said, 1 to 5, of cases settled in the period. A
    case that was merged into another counts as opened and settled, but for no clock.
    """

    opened: Counter[str]
    still_open: Counter[str]
    settled: int
    waiting: int
    flow: tuple[Counter[date], Counter[date]]
    response: Clock
    resolution: Clock
    ratings: Counter[int]

    @property
    def satisfaction(self) -> float | None:
        """The mean of the ratings."""
        return sum(score * count for score, count in self.ratings.items()) / (self.ratings.total() or 1) or None


async def caseload(
    session: Session,
    period: Period,
    hours: OfficeHours,
    settings: CasesSettings,
    now: datetime,
    province: str | None = None,
) -> Caseload:
    """The figures of a period, of one province or of all."""
    moments = (_case.c.opened, _case.c.first_response, _case.c.resolved)
    concerns = or_(_case.c.state != CaseState.RESOLVED.value, *(_within(moment, period) for moment in moments))
    query = select(*_READ).where(concerns)
    rows = (await session.execute(query.where(_case.c.province == province) if province else query)).all()
    # Counting office hours of many thousand cases takes seconds, in which others must be answered.
    return await asyncio.to_thread(_counted, rows, period, hours, settings, now)


def _within(moment: Any, period: Period) -> Any:
    return (moment >= period.begin) & (moment < period.end)


def _counted(
    rows: Sequence[Row[Any]], period: Period, hours: OfficeHours, settings: CasesSettings, now: datetime
) -> Caseload:
    def falls(moment: datetime | None) -> bool:
        return moment is not None and period.begin <= moment < period.end

    opened = [row for row in rows if falls(row.opened)]
    settled = [row for row in rows if falls(row.resolved)]
    alive = [row for row in rows if row.state != CaseState.RESOLVED.value]
    own = [row for row in rows if row.merged_into is None]
    answered = [(row.opened, row.first_response) for row in own if falls(row.first_response)]
    finished = [(row.opened, row.resolved) for row in own if falls(row.resolved)]
    unanswered = [row.opened for row in alive if row.first_response is None]
    response, resolution = settings.first_response_hours, settings.resolution_hours
    return Caseload(
        opened=_reasons(opened),
        still_open=_reasons([row for row in opened if row.state != CaseState.RESOLVED.value]),
        settled=len(settled),
        waiting=len(alive),
        flow=(_days(row.opened for row in opened), _days(row.resolved for row in settled)),
        response=_clock(hours, response, answered, unanswered, now),
        resolution=_clock(hours, resolution, finished, [row.opened for row in alive], now),
        ratings=Counter(row.satisfaction for row in settled if row.satisfaction is not None),
    )


def _reasons(rows: Sequence[Row[Any]]) -> Counter[str]:
    return Counter(row.reason or "" for row in rows)


def _days(moments: Any) -> Counter[date]:
    return Counter(moment.astimezone(VIETNAM).date() for moment in moments)


def _clock(
    hours: OfficeHours,
    limit: float,
    stopped: Sequence[tuple[datetime, datetime]],
    running: Sequence[datetime],
    now: datetime,
) -> Clock:
    took = [hours.worked(opened, done).total_seconds() for opened, done in stopped]
    return Clock(
        limit=timedelta(hours=limit),
        stopped=len(stopped),
        in_time=sum(done <= hours.due(opened, limit) for opened, done in stopped),
        median=timedelta(seconds=median(took)) if took else None,
        late=sum(hours.due(opened, limit) < now for opened in running),
    )
