"""A campaign under way, as a bar."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.campaign_views import by_state, number
from bot.cli.console import progress
from bot.outreach.messages import say
from bot.store.models import CampaignState, RecipientState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.outreach.campaign import Campaign
    from bot.outreach.desk import Desk

UNDER_WAY = frozenset({CampaignState.APPROVED, CampaignState.PLANNING, CampaignState.RUNNING})
OPEN = (RecipientState.PLANNED, RecipientState.SENDING, RecipientState.WAITING)


async def follow(
    desk: Desk, code: str, every: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> Campaign:
    """Show how far a campaign is, looking again after so many seconds; the campaign when it rests or only waits."""
    with progress(code, fills=False) as tell:
        while True:
            campaign, counts = await desk.campaign(code), by_state(await desk.recipients(code))
            people, still = counts.total(), sum(counts[state] for state in OPEN)
            sent = number(counts[RecipientState.SENT])
            tell(f"{say(f'state_{campaign.state}')}, {sent} người đã nhận, còn {number(still)}", _share(people, still))
            to_send = still - counts[RecipientState.WAITING]
            if campaign.state not in UNDER_WAY or (people and not to_send):
                return campaign
            await sleep(every)


def _share(people: int, still: int) -> float:
    return 1 - still / people if people else 0.0
