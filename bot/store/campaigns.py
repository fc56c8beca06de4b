"""Campaigns and their history in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from bot.store.inserting import insert_new
from bot.store.models import CampaignEventRow, CampaignRow, CampaignState, RecipientRow, RecipientState, StaffRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.store.session import Session


@dataclass(frozen=True)
class Event:
    """One step of a campaign. `login` is None for the program itself, or for somebody who left."""

    action: str
    login: str | None
    detail: Mapping[str, Any]
    happened: datetime


async def insert_campaign(session: Session, values: Mapping[str, object], now: datetime) -> int | None:
    """Keep a new draft and give its id; None when its code is taken."""
    row = {"state": CampaignState.DRAFT.value, "revision": 1, **values, "created": now, "updated": now}
    campaign: int | None = await insert_new(session, CampaignRow, **row)
    return campaign


async def find_campaign(session: Session, code: str) -> CampaignRow | None:
    """The campaign of a code, as it is in the database now."""
    query = select(CampaignRow).where(CampaignRow.code == code).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def change_campaign(
    session: Session, campaign: int, revision: int, states: Sequence[CampaignState], values: Mapping[str, object]
) -> bool:
    """Change a campaign that is still at this revision and in one of these states; whether it was."""
    statement = update(CampaignRow).where(
        CampaignRow.id == campaign,
        CampaignRow.revision == revision,
        CampaignRow.state.in_([state.value for state in states]),
    )
    changed: Any = await session.execute(statement.values(**values), execution_options={"synchronize_session": False})
    return bool(changed.rowcount)


async def list_campaigns(session: Session, states: Sequence[CampaignState] = ()) -> list[CampaignRow]:
    """Campaigns, the newest first; of these states only, when any are given."""
    query = select(CampaignRow).order_by(CampaignRow.id.desc())
    if states:
        query = query.where(CampaignRow.state.in_([state.value for state in states]))
    return list((await session.execute(query)).scalars())


async def insert_event(
    session: Session, campaign: int, action: str, staff: int | None, detail: Mapping[str, object], now: datetime
) -> None:
    """Add a step to the history."""
    row = {"campaign_id": campaign, "staff_id": staff, "action": action, "detail": dict(detail), "happened": now}
    await session.execute(insert(CampaignEventRow).values(row))


async def list_events(session: Session, campaign: int) -> list[Event]:
    """All steps of a campaign in order."""
    query = (
        select(CampaignEventRow.action, StaffRow.login, CampaignEventRow.detail, CampaignEventRow.happened)
        .outerjoin(StaffRow, StaffRow.id == CampaignEventRow.staff_id)
        .where(CampaignEventRow.campaign_id == campaign)
        .order_by(CampaignEventRow.id)
    )
    return [Event(*row) for row in await session.execute(query)]


async def list_authors(session: Session, campaign: int, actions: Sequence[str]) -> set[int]:
    """The members of staff who took any of these steps."""
    query = select(CampaignEventRow.staff_id).where(
        CampaignEventRow.campaign_id == campaign,
        CampaignEventRow.action.in_(actions),
        CampaignEventRow.staff_id.is_not(None),
    )
    return {staff for staff in (await session.execute(query)).scalars() if staff is not None}


@dataclass(frozen=True)
class Doubtful:
    """Somebody of whom nobody knows whether they got a message: the number of the contact, None after erasing."""

    person: int | None
    account: str | None
    since: datetime


async def list_unknown(session: Session, campaign: int) -> list[Doubtful]:
    """The recipients of unknown outcome, those of longest ago first."""
    query = (
        select(RecipientRow.person_id, RecipientRow.account, RecipientRow.updated)
        .where(RecipientRow.campaign_id == campaign, RecipientRow.state == RecipientState.UNKNOWN.value)
        .order_by(RecipientRow.updated, RecipientRow.id)
    )
    return [Doubtful(*row) for row in await session.execute(query)]


async def count_recipients(session: Session, campaign: int) -> dict[tuple[str, str | None], int]:
    """How many recipients of a campaign are in each state, by reason."""
    query = (
        select(RecipientRow.state, RecipientRow.reason, func.count())
        .where(RecipientRow.campaign_id == campaign)
        .group_by(RecipientRow.state, RecipientRow.reason)
    )
    return {(state, reason): count for state, reason, count in await session.execute(query)}
