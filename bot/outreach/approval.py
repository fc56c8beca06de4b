"""From a draft to a campaign that may start: nobody sends alone, and nothing else is sent than what was approved.

    draft ─submit─▶ submitted ─approve, by somebody who wrote none of it─▶ approved ─release─▶ (planning)
      ▲                 │ reject, edit                                         │ edit, or its people changed
      └─────────────────┴──────────────────────────────────────────────────────┘

An approval is bound to a seal: a hash of texts, terms, segment, exclusions, times and the number of people. All moments
are aware, `staff` is the id of who acts, and every step goes into the history. What is not possible raises
CampaignError and changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from bot.outreach.audit import Step, note
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from bot.store.campaigns import change_campaign, list_authors
from bot.store.models import CampaignState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.outreach.campaign import Campaign
    from bot.outreach.checking import Finding
    from bot.store.session import Session

DRIFT = 0.1
DRIFT_LEAST = 10
"""The number of people may change by a tenth, and always by ten, between submission and start."""
WRITING = (Step.CREATED.value, Step.EDITED.value, Step.SUBMITTED.value)
_SHOWN = 12


def seal(campaign: Campaign, people: int) -> str:
    """What an approval is bound to."""
    values = [
        campaign.code,
        campaign.topic.value,
        campaign.content.model_dump(mode="json"),
        campaign.terms.model_dump(mode="json"),
        campaign.segment,
        campaign.exclude,
        campaign.priority,
        campaign.starts.timestamp() if campaign.starts else None,
        campaign.ends.timestamp() if campaign.ends else None,
        people,
    ]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def shown(whole: str) -> str:
    """A seal as people read and type it."""
    return whole[:_SHOWN]


def has_drifted(before: int, now: int) -> bool:
    """Whether so many other people are concerned that the approval no longer means them."""
    return abs(now - before) > max(DRIFT_LEAST, before * DRIFT)


async def submit(
    session: Session, campaign: Campaign, people: int, findings: Sequence[Finding], staff: int, now: datetime
) -> str:
    """Hand in a draft; gives its seal. `people` are in its segment now, `findings` is what is wrong with its texts."""
    if blocking := [str(finding) for finding in findings if finding.blocks]:
        raise CampaignError(blocking)
    if people == 0:
        raise CampaignError(say("nobody"))
    values = {"state": CampaignState.SUBMITTED.value, "approved_count": people}
    await _move(session, campaign, (CampaignState.DRAFT,), values, now)
    whole = seal(campaign, people)
    await note(session, campaign.id, Step.SUBMITTED, staff, now, people=people, seal=whole, revision=campaign.revision)
    return whole


async def approve(session: Session, campaign: Campaign, people: int, seen: str, *, staff: int, now: datetime) -> None:
    """Approve exactly what was seen: `seen` is its seal, or the beginning of it that was shown."""
    _require(campaign, (CampaignState.SUBMITTED,))
    submitted = campaign.approved_count or 0
    if staff in await list_authors(session, campaign.id, WRITING):
        raise CampaignError(say("second_person"))
    whole = seal(campaign, submitted)
    if len(seen) < _SHOWN or not whole.startswith(seen):
        raise CampaignError(say("other_seal", seal=shown(whole)))
    if has_drifted(submitted, people):
        raise CampaignError(say("drifted", before=submitted, now=people))
    values = {"state": CampaignState.APPROVED.value, "approved_by": staff, "approved_hash": whole, "approved": now}
    await _move(session, campaign, (CampaignState.SUBMITTED,), values, now)
    await note(session, campaign.id, Step.APPROVED, staff, now, seal=whole, people=submitted)


async def reject(session: Session, campaign: Campaign, why: str, *, staff: int, now: datetime) -> None:
    """Give a campaign back to who wrote it, who has to be told why."""
    if not why.strip():
        raise CampaignError(say("no_why"))
    values = {"state": CampaignState.DRAFT.value, **UNAPPROVED}
    await _move(session, campaign, (CampaignState.SUBMITTED, CampaignState.APPROVED), values, now)
    await note(session, campaign.id, Step.REJECTED, staff, now, why=why)


async def discard(session: Session, campaign: Campaign, *, staff: int, now: datetime) -> None:
    """Give up what was never approved."""
    values = {"state": CampaignState.CANCELLED.value, "reason": "staff", "finished": now, **UNAPPROVED}
    await _move(session, campaign, (CampaignState.DRAFT, CampaignState.SUBMITTED), values, now)
    await note(session, campaign.id, Step.CANCELLED, staff, now)


async def release(session: Session, campaign: Campaign, people: int, now: datetime) -> bool:
    """Whether an approved campaign may start now. If not, the approval is void and the campaign a draft again."""
    _require(campaign, (CampaignState.APPROVED,))
    approved = campaign.approved_count or 0
    sealed = campaign.approved_hash == seal(campaign, approved)
    if sealed and not has_drifted(approved, people):
        return True
    values = {"state": CampaignState.DRAFT.value, **UNAPPROVED}
    await _move(session, campaign, (CampaignState.APPROVED,), values, now)
    await note(session, campaign.id, Step.VOIDED, None, now, sealed=sealed, approved=approved, people=people)
    return False


UNAPPROVED: dict[str, None] = {"approved_by": None, "approved_hash": None, "approved_count": None, "approved": None}
"""The columns of an approval, cleared."""


def _require(campaign: Campaign, states: Sequence[CampaignState]) -> None:
    if campaign.state not in states:
        raise CampaignError(say("wrong_state", state=say(f"state_{campaign.state}")))


async def _move(
    session: Session,
    campaign: Campaign,
    states: Sequence[CampaignState],
    values: Mapping[str, object],
    now: datetime,
) -> None:
    """Change the campaign, unless somebody changed it since it was read."""
    _require(campaign, states)
    if not await change_campaign(session, campaign.id, campaign.revision, states, {**values, "updated": now}):
        raise CampaignError(say("changed_meanwhile"))
