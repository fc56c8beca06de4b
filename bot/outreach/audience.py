"""Whom a campaign means: everybody in its segment and not in what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.outreach.segments import condition, parse
from bot.outreach.segments.saved import kept_name, segments
from bot.store.models import PersonRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.outreach.campaign import Campaign
    from bot.store.session import Session


def audience(campaign: Campaign, now: datetime) -> ColumnElement[bool]:
    """A condition over `person.id`; raises SegmentError when a query cannot be read."""
    return _meant(campaign.segment, campaign.exclude, now)


async def count(session: Session, campaign: Campaign, now: datetime) -> int:
    """How many people that are."""
    return await count_meant(session, campaign.segment, campaign.exclude, now)


async def count_meant(session: Session, segment: str, exclude: str, now: datetime) -> int:
    """How many people are in a segment and not in what is left out, which may be empty; raises SegmentError."""
    query = select(func.count()).select_from(PersonRow).where(_meant(segment, exclude, now))
    return int((await session.execute(query)).scalar_one())


def _meant(segment: str, exclude: str, now: datetime) -> ColumnElement[bool]:
    meant = condition(parse(segment), now)
    return meant & ~condition(parse(exclude), now) if exclude else meant


async def resolved(session: Session, text: str) -> str:
    """The query behind the name of a saved segment, or behind what is itself a query; raises SegmentError."""
    saved = {row.name: row.query for row in await segments(session)}
    return saved.get(kept_name(text)) or str(parse(text))
