"""A desk for commands: work is done on the database of the settings, as a member of staff where that matters."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.cli.console import notices
from bot.cli.context import settings
from bot.cli.opening import opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.outreach.campaign import Campaign
    from bot.outreach.desk import Desk
    from bot.store.models import StaffRole


def tell_state(campaign: Campaign) -> None:
    """The state of a campaign, and why it rests."""
    from bot.cli.campaign_views import paused_because
    from bot.outreach.messages import say
    from bot.store.models import CampaignState

    why = f" ({paused_because(campaign.reason)})" if campaign.state is CampaignState.PAUSED else ""
    notices().print(f"{campaign.code} · {campaign.title}: {say(f'state_{campaign.state}')}{why}")


def moved(code: str, login: str, at_least: StaffRole, work: Callable[[Desk, int], Coroutine[Any, Any, None]]) -> None:
    """Do this, and say in what state the campaign is then."""

    async def move(desk: Desk, me: int) -> Campaign:
        await work(desk, me)
        return await desk.campaign(code)

    tell_state(acting_as(login, at_least, move))


def at_desk(work: Callable[[Desk], Coroutine[Any, Any, Any]]) -> Any:
    """The result of some work at a desk over the database of the settings."""

    async def carry_out() -> Any:
        async with _desk() as desk:
            return await work(desk)

    return asyncio.run(carry_out())


def acting_as(login: str, at_least: StaffRole, work: Callable[[Desk, int], Coroutine[Any, Any, Any]]) -> Any:
    """The same as a member of staff with at least this role, who is not limited to a province: as in the console,
    campaigns are for all."""

    async def as_staff(desk: Desk) -> Any:
        from bot.outreach.errors import CampaignError
        from bot.outreach.messages import say
        from bot.outreach.staff import acting

        async with desk.database.reading() as session:
            staff = await acting(session, login, at_least)
        if staff.province is not None:
            raise CampaignError(say("one_province"))
        return await work(desk, staff.id)

    return at_desk(as_staff)


@asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    from bot.clock import now
    from bot.core import load_base
    from bot.outreach.desk import Desk

    loaded = settings(quiet=True)
    async with opened(loaded) as database:
        yield Desk(database, loaded, load_base(loaded), now)
