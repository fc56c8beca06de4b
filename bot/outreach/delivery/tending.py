"""What has to be done for one campaign now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.outreach.delivery import ending, guards, ledger, running
from bot.outreach.delivery.engine import PLANNING
from bot.outreach.schedule import Schedule
from bot.store.models import CampaignState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.outreach.campaign import Campaign
    from bot.outreach.delivery.engine import Engine, Live
    from bot.outreach.delivery.office import Office
    from bot.outreach.delivery.shifts import Shifts

GUARDING = timedelta(seconds=30)
"""Between two looks at whether a campaign should pause."""
LOOK_AGAIN = timedelta(seconds=60)
"""After so long an account is looked at again on which everybody has to wait, and a campaign that could not begin."""
UNDER_WAY = timedelta(minutes=2)
"""No request lasts as long."""
SKIPPED_AT_ONCE = 20
"""Transactions for the rest of a campaign that is over, in one tick."""

log = structlog.get_logger()


class Tending:
    """Begins, sends, pauses and ends campaigns."""

    def __init__(self, office: Office, shifts: Shifts, engine: Engine) -> None:
        self._office = office
        self._shifts = shifts
        self._engine = engine
        self._guarded: dict[int, datetime] = {}
        self._resting: dict[tuple[int, str], datetime] = {}

    def stir(self) -> None:
        """Somebody was planned again: look at all accounts."""
        self._resting.clear()

    async def tend(self, campaign: Campaign, live: Live, now: datetime) -> None:
        """Do what this campaign needs now, besides what the engine does for it already."""
        match campaign.state:
            case CampaignState.APPROVED if campaign.terms.repeats is not None:
                pass  # a standing template: `bot.outreach.reminders` makes campaigns of it
            case CampaignState.APPROVED | CampaignState.PLANNING:
                await self._begin(campaign, live, now)
            case CampaignState.RUNNING:
                await self._run(campaign, live, now)
            case CampaignState.CANCELLED:
                await self._end(campaign, now)

    async def _begin(self, campaign: Campaign, live: Live, now: datetime) -> None:
        """Once for each moment to begin at: an edit may have moved it, and what comes too early does nothing."""
        due = campaign.starts or now
        if self._shifts.has_failed(campaign.id, now - LOOK_AGAIN):
            return
        if (campaign.id, PLANNING) not in live.at_work and (campaign.id, int(due.timestamp())) not in live.to_begin:
            await self._engine.begin(campaign.id, due, now)

    async def _run(self, campaign: Campaign, live: Live, now: datetime) -> None:
        schedule = Schedule.of(campaign, self._office.settings.outreach, now)
        if schedule.has_ended(now):
            await self._end(campaign, now)
        elif not await self._paused(campaign, now):
            begun = schedule.next_moment(now) == now and await self._send(campaign, live, now)
            if not begun and all(number != campaign.id for number, _ in live.at_work):
                await self._finish(campaign, now)

    async def _paused(self, campaign: Campaign, now: datetime) -> bool:
        """Pause the campaign when it should."""
        if campaign.id in self._guarded and now - self._guarded[campaign.id] < GUARDING:
            return False
        self._guarded[campaign.id] = now
        async with self._office.database.reading() as session:
            reason = await guards.too_much(session, campaign, self._office.settings.outreach)
        if reason is None:
            return False
        await self._shifts.pause(campaign, reason)
        return True

    async def _send(self, campaign: Campaign, live: Live, now: datetime) -> bool:
        """Whether there is something to send that is not under way yet; it is then."""
        begun = False
        for account in self._office.outlets:
            key = campaign.id, account
            if key in live.at_work or self._resting.get(key, now) > now:
                continue
            async with self._office.database.reading() as session:
                ready = await ledger.ready(session, campaign.id, account, now)
                first = None if ready else await ledger.first_due(session, campaign.id, account)
            if ready:
                await self._engine.send(campaign.id, account, campaign.priority, int(now.timestamp()))
                begun = True
            else:
                self._resting[key] = min(first or now + LOOK_AGAIN, now + LOOK_AGAIN)
        return begun

    async def _end(self, campaign: Campaign, now: datetime) -> None:
        for _ in range(SKIPPED_AT_ONCE):
            async with self._office.database.transaction() as session:
                if not await ending.skip_rest(session, campaign.id, now):
                    break
        await self._finish(campaign, now)

    async def _finish(self, campaign: Campaign, now: datetime) -> None:
        waiting = timedelta(days=self._office.settings.outreach.waiting_days)
        async with self._office.database.transaction() as session:
            await ending.forsake(session, campaign.id, now - UNDER_WAY, now)
            await ending.let_go(session, campaign.id, now - waiting, now)
            if not await ending.has_left(session, campaign.id):
                await running.finish(session, campaign.id, now)
                log.info(Action.CAMPAIGN_STATE, state=CampaignState.FINISHED)
