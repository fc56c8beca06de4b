"""A week of the bot: what people asked, what it could not answer, what went to staff, what came of campaigns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import func, select

from bot.clock import VIETNAM
from bot.outreach.reports.results import tallies
from bot.outreach.reports.wordings import Wording, alike
from bot.store.models import CampaignRow, CaseRow, CaseState, QuestionRow, RecipientRow, table_of
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement

    from bot.outreach.reports.tallies import Tally
    from bot.store.session import Session

UNANSWERED = (Decision.CLARIFY, Decision.HANDOFF, Decision.REFUSE)
ASKED = (Decision.ANSWER, *UNANSWERED)
WORDINGS = 20

_question, _case = table_of(QuestionRow), table_of(CaseRow)
_campaign, _recipient = table_of(CampaignRow), table_of(RecipientRow)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, in Vietnam."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def before(cls, day: date) -> Self:
        """The last week that was over on this day."""
        return cls.of(day - timedelta(weeks=1))

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=number) for number in range(7))

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), VIETNAM)

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(weeks=1)


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

    week: Week
    at: datetime
    least: int
    questions: Mapping[tuple[str | None, Decision], int]
    by_day: tuple[int, ...]
    last_week: int
    wordings: tuple[Wording, ...]
    unshown: int
    cases: Cases
    campaigns: tuple[tuple[CampaignRow, Tally], ...]


async def weekly(session: Session, week: Week, least: int, now: datetime) -> Weekly:
    """The figures of a week."""
    days = await _by_day(session, week)
    wordings, unshown = await _wordings(session, week, least)
    return Weekly(
        week=week,
        at=now,
        least=least,
        questions=await _questions(session, week),
        by_day=days,
        last_week=sum(await _by_day(session, Week.before(week.first))),
        wordings=wordings,
        unshown=unshown,
        cases=await _cases(session, week),
        campaigns=await _campaigns(session, week),
    )


def _asked(week: Week, decisions: Sequence[Decision] = ASKED) -> tuple[ColumnElement[bool], ...]:
    return (
        _question.c.day.between(week.days[0], week.days[-1]),
        _question.c.decision.in_([decision.value for decision in decisions]),
    )


async def _questions(session: Session, week: Week) -> dict[tuple[str | None, Decision], int]:
    parts = _question.c["entry", "decision"]
    rows = await session.execute(select(*parts, func.count()).where(*_asked(week)).group_by(*parts))
    return {(row[0], Decision(row[1])): row[2] for row in rows}


async def _by_day(session: Session, week: Week) -> tuple[int, ...]:
    query = select(_question.c.day, func.count()).where(*_asked(week)).group_by(_question.c.day)
    found = {row[0]: row[1] for row in await session.execute(query)}
    return tuple(found.get(day, 0) for day in week.days)


async def _wordings(session: Session, week: Week, least: int) -> tuple[tuple[Wording, ...], int]:
    parts = _question.c["text", "decision"]
    query = select(*parts, func.count()).where(*_asked(week, UNANSWERED)).group_by(*parts)
    rows = [(row[0], row[1], row[2]) for row in await session.execute(query)]
    shown = [wording for wording in alike(rows) if wording.count >= least][:WORDINGS]
    return tuple(shown), sum(row[2] for row in rows) - sum(wording.count for wording in shown)


async def _cases(session: Session, week: Week) -> Cases:
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


async def _campaigns(session: Session, week: Week) -> tuple[tuple[CampaignRow, Tally], ...]:
    sent = (_recipient.c.sent >= week.begin) & (_recipient.c.sent < week.end)
    of_campaign = select(_recipient.c.id).where(_recipient.c.campaign_id == CampaignRow.id, sent)
    query = (
        select(CampaignRow).where(CampaignRow.started < week.end, of_campaign.exists()).order_by(CampaignRow.started)
    )
    rows = list(await session.scalars(query))
    found = await tallies(session, [row.id for row in rows])
    return tuple((row, found[row.id]) for row in rows)
