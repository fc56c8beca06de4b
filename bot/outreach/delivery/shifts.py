"""What the workflows of a campaign do, a bounded piece at a time: begin it, write its recipients, send it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import structlog
from sqlalchemy import select

from bot.actions import Action
from bot.outreach.approval import has_drifted, release
from bot.outreach.audience import audience, count
from bot.outreach.campaign import Campaign
from bot.outreach.delivery import ledger, planning, running
from bot.outreach.delivery.guards import ERRORS, Errors
from bot.outreach.delivery.orders import Order
from bot.outreach.delivery.planning import RANGE, Plan, plan_range
from bot.outreach.delivery.sending import Leg, Sender
from bot.outreach.delivery.workers import ReplacedError
from bot.outreach.eligibility import Eligibility
from bot.outreach.errors import CampaignError, OutreachError
from bot.outreach.schedule import Schedule
from bot.store.models import CampaignRow, CampaignState, table_of
from bot.store.statistics import count_people

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.outreach.delivery.office import Office
    from bot.outreach.delivery.policy import Settled
    from bot.outreach.delivery.workers import Worker

PLANNING = 2.0
LEG = 30.0
"""Seconds of planning, and of sending, between two notes of the engine."""
DRIFTED = "recipients_changed"
"""Why a campaign pauses whose recipients are not those that were approved."""
UNREADABLE = "segment_unreadable"
"""Why a campaign pauses whose segment names something that is no more."""

log = structlog.get_logger()


class Shifts:
    """The campaigns that this process sends. `ended` is called when it has finished a piece of work."""

    def __init__(self, office: Office, worker: Worker, ended: Callable[[], None]) -> None:
        self._office = office
        self._worker = worker
        self._ended = ended
        self._senders: dict[tuple[int, str], Sender] = {}
        self._errors: dict[int, Errors] = {}
        self._failing: dict[int, datetime] = {}
        self._pausing: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def begin(self, campaign: int) -> bool:
        """Whether the campaign is to be planned: its time has come, and what was approved still holds."""
        found, now = await self._campaign(campaign), self._office.clock()
        if found.state is CampaignState.APPROVED and (found.starts is None or found.starts <= now):
            try:
                return await self._start(found, now)
            except CampaignError:  # another process was quicker
                return False
            except Exception:
                log.exception(Action.OUTREACH_FAILED, state=found.state)
                await self._office.alert(f"campaign_failed:{found.code}")
                self._failing[campaign] = now
                raise
        return found.state is CampaignState.PLANNING

    def has_failed(self, campaign: int, since: datetime) -> bool:
        """Whether the campaign could not begin here since a moment."""
        return campaign in self._failing and self._failing[campaign] >= since

    async def plan(self, campaign: int, after: int) -> int | None:
        """Write recipients for a while; gives the last person that was looked at, None when there is no more to do."""
        found = await self._campaign(campaign)
        if found.state is not CampaignState.PLANNING or self._stopping:
            return None
        try:
            plan = self._plan(found)
        except OutreachError:
            await self.pause(found, UNREADABLE)
            return None
        async with self._office.database.reading() as session:
            last = await planning.last_person(session)
        after = await self._write(plan, after, last)
        if after < last:
            return after
        await self._planned(found)
        return None

    async def send(self, campaign: int, account: str) -> bool:
        """Send a campaign through an account for a while; whether there is more."""
        sender = await self._sender(campaign, account)
        if sender is None:
            return False
        try:
            return await sender.leg(LEG) is Leg.MORE
        except ReplacedError:
            return False

    async def rest(self, campaign: int, account: str) -> None:
        """Note what is still under way."""
        sender = self._senders.get((campaign, account))
        if sender is not None:
            sender.stop()
            await sender.drain()
            del self._senders[campaign, account]
        if not self._senders:
            self._idle.set()
        self._ended()

    async def stop(self, seconds: float) -> None:
        """Take nobody any more; what is under way gets so long."""
        self._stopping = True
        for sender in self._senders.values():
            sender.stop()
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            log.warning(Action.CAMPAIGN_STATE, state="unfinished", count=len(self._senders))

    async def _sender(self, campaign: int, account: str) -> Sender | None:
        key = campaign, account
        if key in self._senders:
            return self._senders[key]
        office, now = self._office, self._office.clock()
        if self._stopping or account not in office.outlets:
            return None
        found = await self._campaign(campaign)
        order = Order.of(found, account, office.settings, office.base, now)
        async with office.database.transaction() as session:
            await ledger.forsake(session, campaign, account, self._worker.name, now)
        outlet, allowance = office.outlets[account]
        sender = Sender(
            office.database, self._worker, outlet, allowance, order, self._watching(found), clock=office.clock
        )
        self._senders[key] = sender
        self._idle.clear()
        return sender

    def _watching(self, campaign: Campaign) -> Callable[[Settled], None]:
        errors = self._errors.setdefault(campaign.id, Errors(self._office.settings.outreach.pause_errors))

        def watch(settled: Settled) -> None:
            if errors(settled):
                errors.forget()
                pausing = asyncio.create_task(self.pause(campaign, ERRORS))
                self._pausing.add(pausing)
                pausing.add_done_callback(self._pausing.discard)

        return watch

    async def pause(self, campaign: Campaign, reason: str) -> None:
        """Pause a campaign and tell staff."""
        async with self._office.database.transaction() as session:
            paused = await running.pause(session, campaign.id, reason, None, self._office.clock())
        if paused:
            log.warning(Action.CAMPAIGN_STATE, state=CampaignState.PAUSED, reason=reason)
            await self._office.alert(f"campaign_paused:{campaign.code}:{reason}")

    async def _start(self, campaign: Campaign, now: datetime) -> bool:
        await count_people(self._office.database)
        async with self._office.database.transaction() as session:
            started = await release(session, campaign, await count(session, campaign, now), now)
            if started:
                await running.begin_planning(session, campaign.id, now)
        if started:
            log.info(Action.CAMPAIGN_STATE, state=CampaignState.PLANNING)
        else:
            await self._office.alert(f"campaign_voided:{campaign.code}")
        return started

    def _plan(self, campaign: Campaign) -> Plan:
        settings, now = self._office.settings, self._office.clock()
        rules, schedule = Eligibility.of(campaign, settings, now), Schedule.of(campaign, settings.outreach, now)
        return Plan(campaign, audience(campaign, now), rules, schedule)

    async def _write(self, plan: Plan, after: int, last: int) -> int:
        """Range after range for as long as one step may take; others have their turn in between."""
        ticks, database = asyncio.get_running_loop().time, self._office.database
        until, postgres = ticks() + PLANNING, not database.is_sqlite
        while after < last and ticks() < until:
            async with database.transaction() as session:
                await plan_range(session, plan, after, after + RANGE, self._office.clock(), postgres=postgres)
            after += RANGE
            await asyncio.sleep(0)
        return after

    async def _planned(self, campaign: Campaign) -> None:
        async with self._office.database.transaction() as session:
            people = await running.begin_sending(session, campaign.id, self._office.clock())
        if people is not None and has_drifted(campaign.approved_count or 0, people):
            await self.pause(campaign, DRIFTED)
        self._ended()

    async def _campaign(self, campaign: int) -> Campaign:
        async with self._office.database.reading() as session:
            found = await session.execute(select(table_of(CampaignRow)).where(CampaignRow.id == campaign))
            return Campaign.of(cast("CampaignRow", found.one()))
