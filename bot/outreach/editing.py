"""Writing campaigns. An edit makes a draft again of whatever it was, so that it has to be approved anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outreach.approval import UNAPPROVED
from bot.outreach.audit import Step, note
from bot.outreach.campaign import Campaign
from bot.outreach.errors import CampaignError, NoCampaignError
from bot.outreach.manuscript import Manuscript
from bot.outreach.messages import say
from bot.store.campaigns import change_campaign, find_campaign, insert_campaign
from bot.store.models import CampaignState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session

EDITABLE = (CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.APPROVED)


async def load(session: Session, code: str) -> Campaign:
    """The campaign of a code, whatever its case; raises NoCampaignError when there is none."""
    row = await find_campaign(session, code.strip().lower().removeprefix("c-"))
    if row is None:
        raise NoCampaignError(say("no_campaign", code=code))
    return Campaign.of(row)


async def create(session: Session, manuscript: Manuscript, staff: int, now: datetime) -> Campaign:
    """Keep a new draft; raises CampaignError when its code is taken."""
    campaign = await insert_campaign(session, {**manuscript.columns(), "created_by": staff}, now)
    if campaign is None:
        raise CampaignError(say("code_taken", code=manuscript.code))
    await note(session, campaign, Step.CREATED, staff, now)
    return await load(session, manuscript.code)


async def edit(session: Session, campaign: Campaign, manuscript: Manuscript, staff: int, now: datetime) -> Campaign:
    """Replace all that is written; raises CampaignError when it is too late, or somebody else was quicker."""
    if campaign.state not in EDITABLE:
        raise CampaignError(say("too_late", state=say(f"state_{campaign.state}")))
    if manuscript.code != campaign.code:
        raise CampaignError(say("code_stays", code=campaign.code))
    before, after = Manuscript.copy_of(campaign), manuscript
    changed = [name for name in Manuscript.model_fields if getattr(before, name) != getattr(after, name)]
    if not changed:
        return campaign
    values = {
        **manuscript.columns(),
        **UNAPPROVED,
        "state": CampaignState.DRAFT.value,
        "revision": campaign.revision + 1,
        "updated": now,
    }
    if not await change_campaign(session, campaign.id, campaign.revision, EDITABLE, values):
        raise CampaignError(say("changed_meanwhile"))
    await note(session, campaign.id, Step.EDITED, staff, now, changed=changed, revision=campaign.revision + 1)
    return await load(session, campaign.code)
