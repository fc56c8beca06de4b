"""What happened when, in hours, days or weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from bot.clock import VIETNAM
from bot.store.models import RecipientRow, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.session import Session

STEPS = (timedelta(hours=1), timedelta(days=1), timedelta(weeks=1))
MOST = 60
"""Steps that one chart can show."""
KINDS = ("sent", "replied", "tapped", "opted_out")

_recipient = table_of(RecipientRow)


@dataclass(frozen=True)
class Timeline:
    """Numbers of people for each step; `counts` has as many under each kind as there are `starts`."""

    step: timedelta
    starts: tuple[datetime, ...]
    counts: dict[str, tuple[int, ...]]


def steps(first: datetime, last: datetime) -> tuple[timedelta, tuple[datetime, ...]]:
    """The shortest step of which few cover the time, and where each begins, in Vietnamese time."""
    for step in STEPS:
        begin = _floor(first.astimezone(VIETNAM), step)
        count = (last - begin) // step + 1
        if count <= MOST or step == STEPS[-1]:
            return step, tuple(begin + number * step for number in range(count))
    raise AssertionError("the last step always serves")


async def timeline(session: Session, campaign: int, kinds: Sequence[str] = KINDS) -> Timeline | None:
    """When people got a campaign and did something; None before anybody got it."""
    of_campaign = _recipient.c.campaign_id == campaign
    ends = [function(_recipient.c[kind]) for kind in kinds for function in (func.min, func.max)]
    moments = [moment for moment in (await session.execute(select(*ends).where(of_campaign))).one() if moment]
    if not moments:
        return None
    step, starts = steps(min(moments), max(moments))
    counts = {}
    for kind in kinds:
        place = case(*((_recipient.c[kind] < start, number) for number, start in enumerate(starts)), else_=len(starts))
        query = select(place.label("place"), func.count()).where(of_campaign, _recipient.c[kind].is_not(None))
        found = {row[0]: row[1] for row in await session.execute(query.group_by("place"))}
        counts[kind] = tuple(found.get(number + 1, 0) for number in range(len(starts)))
    return Timeline(step, starts, counts)


def _floor(moment: datetime, step: timedelta) -> datetime:
    if step < timedelta(days=1):
        return moment.replace(minute=0, second=0, microsecond=0)
    day = datetime.combine(moment.date(), time(), VIETNAM)
    return day - timedelta(days=day.weekday()) if step > timedelta(days=1) else day
