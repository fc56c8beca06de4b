"""What the home page counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.cases.case import ALIVE
from bot.clock import VIETNAM
from bot.console.charts import Series
from bot.store.models import CampaignRow, CampaignState, CaseRow, QuestionRow, RecipientRow, RecipientState
from handlers.turn import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.session import Session

KINDS = (Decision.ANSWER, Decision.CLARIFY, Decision.HANDOFF, Decision.REFUSE)


@dataclass(frozen=True)
class Running:
    """A campaign under way: how many people it is for, and with how many it is done."""

    code: str
    title: str
    state: str
    planned: int
    done: int

    @property
    def share(self) -> int:
        return round(100 * self.done / self.planned) if self.planned else 0


@dataclass(frozen=True)
class Cases:
    """Cases of an office that go on: in all, without an owner, without a first answer."""

    alive: int
    unowned: int
    unanswered: int


def days_until(today: date, count: int) -> tuple[date, ...]:
    return tuple(today - timedelta(days=ago) for ago in reversed(range(count)))


async def questions(session: Session, days: Sequence[date]) -> tuple[Series, ...]:
    """How many questions each day were decided which way; days next to each other."""
    rows = await session.execute(
        select(QuestionRow.day, QuestionRow.decision, func.count())
        .where(QuestionRow.day >= days[0], QuestionRow.day <= days[-1])
        .group_by(QuestionRow.day, QuestionRow.decision)
    )
    counted = {(day, decision): count for day, decision, count in rows}
    return tuple(Series(kind.value, tuple(counted.get((day, kind.value), 0) for day in days)) for kind in KINDS)


async def flow(session: Session, days: Sequence[date], province: str | None) -> tuple[Series, ...]:
    """Cases opened and settled each day."""
    since = datetime.combine(days[0], datetime.min.time(), VIETNAM)
    found = []
    for key, column in (("opened", CaseRow.opened), ("resolved", CaseRow.resolved)):
        moments = await session.scalars(select(column).where(column >= since, *_within(province)))
        counted = Counter(moment.astimezone(VIETNAM).date() for moment in moments if moment is not None)
        found.append(Series(key, tuple(counted[day] for day in days)))
    return tuple(found)


async def cases(session: Session, province: str | None) -> Cases:
    alive = CaseRow.state.in_([state.value for state in ALIVE])
    unowned = func.count().filter(CaseRow.owner_id.is_(None))
    unanswered = func.count().filter(CaseRow.first_response.is_(None))
    row = (await session.execute(select(func.count(), unowned, unanswered).where(alive, *_within(province)))).one()
    return Cases(*row)


async def running(session: Session) -> list[Running]:
    """Campaigns that are being sent, or stand still half-way."""
    done = RecipientRow.state.not_in([RecipientState.PLANNED.value, RecipientState.SENDING.value])
    states = [state.value for state in (CampaignState.PLANNING, CampaignState.RUNNING, CampaignState.PAUSED)]
    known = CampaignRow.code, CampaignRow.title, CampaignRow.state
    rows = await session.execute(
        select(*known, func.count(RecipientRow.id), func.count().filter(done))
        .outerjoin(RecipientRow, RecipientRow.campaign_id == CampaignRow.id)
        .where(CampaignRow.state.in_(states))
        .group_by(CampaignRow.id, *known)
        .order_by(CampaignRow.id)
    )
    return [Running(*row) for row in rows]


def _within(province: str | None) -> tuple[Any, ...]:
    return () if province is None else (CaseRow.province == province,)
