"""What is counted for those who watch the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.store.models import CampaignRow, CaseRow, CaseState, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

_ALIVE = [state.value for state in CaseState if state is not CaseState.RESOLVED]
_case, _campaign = table_of(CaseRow), table_of(CampaignRow)


async def count_cases(session: Session) -> dict[str, tuple[int, datetime]]:
    """The number of cases in each state that occurs but resolved, and when the oldest of them was opened."""
    waiting = select(_case.c.state, func.count(), func.min(_case.c.opened)).where(_case.c.state.in_(_ALIVE))
    found = await session.execute(waiting.group_by(_case.c.state))
    return {state: (count, oldest) for state, count, oldest in found}


async def count_campaigns(session: Session) -> dict[str, int]:
    """The number of campaigns in each state that occurs."""
    found = select(_campaign.c.state, func.count()).group_by(_campaign.c.state)
    return {row[0]: row[1] for row in await session.execute(found)}
