"""How many people a query means now, and a few of them, by contact number only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.outreach.segments.conditions import condition
from bot.store.models import PersonRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.outreach.segments.tree import Query
    from bot.store.session import Session

SAMPLE = 5


async def count(session: Session, query: Query, now: datetime) -> int:
    """How many people a query means."""
    people = select(func.count()).select_from(PersonRow).where(condition(query, now))
    return int((await session.execute(people)).scalar_one())


async def sample(session: Session, query: Query, now: datetime, size: int = SAMPLE) -> list[int]:
    """The first few contact numbers, for a look at whether the right people are meant."""
    people = select(PersonRow.id).where(condition(query, now)).order_by(PersonRow.id).limit(size)
    return list((await session.execute(people)).scalars())
