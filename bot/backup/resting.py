"""What a restored database must not do by itself: it does not know what was sent after the backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.outreach.audit import Step, note
from bot.store.models import CampaignRow, CampaignState, OutboxRow, OutboxState, StaffSessionRow, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

RESTORED = "restored"
"""Why a reply was given up and a campaign paused."""
_GOING = (CampaignState.APPROVED, CampaignState.PLANNING, CampaignState.RUNNING)
_campaign, _outbox = table_of(CampaignRow), table_of(OutboxRow)


async def come_to_rest(session: Session, now: datetime) -> None:
    """Give up replies that waited, pause campaigns that would send, end the sessions of staff."""
    waiting = _outbox.c.state == OutboxState.PENDING.value
    given_up = {"state": OutboxState.FAILED.value, "reason": RESTORED, "lease": None}
    await session.execute(update(_outbox).where(waiting).values(given_up))
    going = select(_campaign.c.id, _campaign.c.terms).where(_campaign.c.state.in_([state.value for state in _GOING]))
    for campaign, terms in (await session.execute(going.order_by(_campaign.c.id))).all():
        if terms.get("repeats") is None:  # standing templates are not sent themselves
            paused = {"state": CampaignState.PAUSED.value, "reason": RESTORED, "updated": now}
            await session.execute(update(_campaign).where(_campaign.c.id == campaign).values(paused))
            await note(session, campaign, Step.PAUSED, None, now, reason=RESTORED)
    await session.execute(delete(table_of(StaffSessionRow)))
