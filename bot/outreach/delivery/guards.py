"""When a campaign pauses by itself: too much goes wrong, too many want no more of it, or staff cannot keep up."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.outreach.audit import Step
from bot.store.models import (
    CampaignEventRow,
    CaseRow,
    CaseState,
    Consent,
    ConsentRow,
    RecipientRow,
    table_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.outreach.campaign import Campaign
    from bot.outreach.delivery.policy import Settled
    from bot.settings import OutreachSettings
    from bot.store.session import Session

ERRORS, OPT_OUTS, CASES = "errors", "opt_outs", "open_cases"
"""Why a campaign paused."""
LAST = 200
LEAST = 25
"""A share is taken of so many of the last messages, and of no fewer."""

_recipient, _consent = table_of(RecipientRow), table_of(ConsentRow)
_event, _case = table_of(CampaignEventRow), table_of(CaseRow)


class Errors:
    """Whether too many of the last messages went wrong; somebody who blocked us or left is no error."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._last: deque[bool] = deque(maxlen=LAST)

    def __call__(self, settled: Settled) -> bool:
        """Count what became of a message; whether that is too much now."""
        self._last.append(settled.ours)
        return settled.ours and len(self._last) >= LEAST and sum(self._last) / len(self._last) >= self._limit

    def forget(self) -> None:
        """Begin anew."""
        self._last.clear()


async def too_much(session: Session, campaign: Campaign, settings: OutreachSettings) -> str | None:
    """Why a running campaign should pause, if it should. What was before the last resumption does not count."""
    cases = select(func.count()).select_from(_case).where(_case.c.state != CaseState.RESOLVED.value)
    if (await session.execute(cases)).scalar_one() >= settings.pause_cases:
        return CASES
    reached = (_recipient.c.campaign_id == campaign.id) & _recipient.c.sent.is_not(None)
    resumed = await _resumed(session, campaign.id)
    if resumed is not None:
        reached &= _recipient.c.sent > resumed
    left = (
        select(func.count())
        .select_from(_consent.join(_recipient, _consent.c.person_id == _recipient.c.person_id))
        .where(_consent.c.topic == campaign.topic.value, _consent.c.consent == Consent.WITHDRAWN.value)
        .where(reached, _consent.c.since >= _recipient.c.sent)
    )
    # So many opt-outs are too many of this number, and no more than it is counted: a ledger may hold a million.
    few = int((await session.execute(left)).scalar_one() / settings.pause_opt_outs)
    some = select(_recipient.c.id).where(reached).limit(few + 1).subquery()
    sent = (await session.execute(select(func.count()).select_from(some))).scalar_one() if few >= LEAST else 0
    return OPT_OUTS if LEAST <= sent <= few else None


async def _resumed(session: Session, campaign: int) -> datetime | None:
    steps = (_event.c.campaign_id == campaign) & (_event.c.action == Step.RESUMED.value)
    moment: datetime | None = (await session.execute(select(func.max(_event.c.happened)).where(steps))).scalar_one()
    return moment
