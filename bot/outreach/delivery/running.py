"""What staff, and the program itself, may do with a campaign that was approved. Every step goes into its history.

    approved ─▶ planning ─▶ running ⇄ paused ─▶ finished | cancelled

All moments are aware; `staff` is the id of who acts, None for the program. What is not possible raises CampaignError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.outreach.audit import Step, note
from bot.outreach.errors import CampaignError
from bot.outreach.messages import say
from bot.store.models import CampaignRow, CampaignState, RecipientRow, RecipientState, table_of
from bot.store.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.store.session import Session

GOING = (CampaignState.PLANNING, CampaignState.RUNNING)
OPEN = (CampaignState.APPROVED, *GOING, CampaignState.PAUSED)

_campaign, _recipient = table_of(CampaignRow), table_of(RecipientRow)


async def begin_planning(session: Session, campaign: int, now: datetime) -> bool:
    """The campaign's time has come; False when somebody else was quicker."""
    return await _move(session, campaign, (CampaignState.APPROVED,), {"state": CampaignState.PLANNING.value}, now)


async def begin_sending(session: Session, campaign: int, now: datetime) -> int | None:
    """All recipients are in the ledger; gives their number, None when the campaign was paused or cancelled."""
    values = {"state": CampaignState.RUNNING.value, "started": now}
    if not await _move(session, campaign, (CampaignState.PLANNING,), values, now):
        return None
    counts = select(_recipient.c.state, func.count()).where(_recipient.c.campaign_id == campaign)
    found: dict[str, int] = {row[0]: row[1] for row in await session.execute(counts.group_by(_recipient.c.state))}
    await note(session, campaign, Step.STARTED, None, now, **found)
    return sum(found.values())


async def pause(session: Session, campaign: int, reason: str, staff: int | None, now: datetime) -> bool:
    """Nobody is taken any more; what is under way goes on. `reason` is a plain name. False when it does not run."""
    values = {"state": CampaignState.PAUSED.value, "reason": reason}
    if not await _move(session, campaign, GOING, values, now):
        return False
    await note(session, campaign, Step.PAUSED, staff, now, reason=reason)
    return True


async def resume(session: Session, campaign: int, staff: int, now: datetime) -> None:
    """Go on where it was paused, with planning if that had not come to its end."""
    planned = (
        await session.execute(select(_campaign.c.started).where(_campaign.c.id == campaign))
    ).scalar_one_or_none()
    state = CampaignState.RUNNING if planned else CampaignState.PLANNING
    if not await _move(session, campaign, (CampaignState.PAUSED,), {"state": state.value, "reason": None}, now):
        raise await _wrong_state(session, campaign)
    await note(session, campaign, Step.RESUMED, staff, now)


async def cancel(session: Session, campaign: int, reason: str, staff: int, now: datetime) -> None:
    """End it for good; whoever did not get it yet will not."""
    values = {"state": CampaignState.CANCELLED.value, "reason": reason}
    if not await _move(session, campaign, OPEN, values, now):
        raise await _wrong_state(session, campaign)
    await note(session, campaign, Step.CANCELLED, staff, now, reason=reason)


async def finish(session: Session, campaign: int, now: datetime) -> None:
    """Nobody is left who could get it: a running campaign is finished, a cancelled one has come to rest."""
    ended = update(_campaign).where(_campaign.c.id == campaign, _campaign.c.finished.is_(None))
    await session.execute(ended.values(finished=now, updated=now))
    values = {"state": CampaignState.FINISHED.value}
    if await _move(session, campaign, (CampaignState.RUNNING,), values, now):
        await note(session, campaign, Step.FINISHED, None, now)


async def decide_unknown(
    session: Session, campaign: int, verdict: Verdict, staff: int, now: datetime, only: Collection[int] = ()
) -> int:
    """Settle everybody of unknown outcome, or only these people: send again, or take it as sent or failed; gives their
    number.

    Sending again may bring the message a second time. A finished campaign runs again for it.
    """
    reason = f"decided_{verdict.value}"
    values: dict[str, object] = {"state": verdict.value, "reason": reason, "updated": now}
    if verdict is Verdict.RESEND:
        values |= {"state": RecipientState.PLANNED.value, "due": None}
        again = {"state": CampaignState.RUNNING.value, "finished": None}
        await _move(session, campaign, (CampaignState.FINISHED,), again, now)
        if await _state(session, campaign) not in {CampaignState.RUNNING, CampaignState.PAUSED}:
            raise await _wrong_state(session, campaign)
    elif verdict is Verdict.SENT:
        values["sent"] = _recipient.c.updated
    unknown = (_recipient.c.campaign_id == campaign) & (_recipient.c.state == RecipientState.UNKNOWN.value)
    if only:
        unknown &= _recipient.c.person_id.in_(only)
    result: Any = await session.execute(update(_recipient).where(unknown).values(values))
    await note(session, campaign, Step.SETTLED, staff, now, verdict=verdict.value, people=result.rowcount)
    return int(result.rowcount)


async def _move(
    session: Session, campaign: int, states: Sequence[CampaignState], values: Mapping[str, object], now: datetime
) -> bool:
    allowed = (_campaign.c.id == campaign) & _campaign.c.state.in_([state.value for state in states])
    changed = update(_campaign).where(allowed).values({**values, "updated": now}).returning(_campaign.c.id)
    return (await session.execute(changed)).first() is not None


async def _state(session: Session, campaign: int) -> CampaignState:
    found = await session.execute(select(_campaign.c.state).where(_campaign.c.id == campaign))
    return CampaignState(found.scalar_one())


async def _wrong_state(session: Session, campaign: int) -> CampaignError:
    return CampaignError(say("wrong_state", state=say(f"state_{await _state(session, campaign)}")))
