"""The campaigns of a running bot: begun when they are due, sent, paused, ended, and taken over from dead processes.

Every few seconds `tick` looks what there is to do. Several processes may do so at once: each step is a transaction that
only one of them can make, or a workflow of the engine.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, cast

import structlog
from sqlalchemy import and_, or_, select

from bot.actions import Action
from bot.errors import ConfigError, WrongSetting
from bot.outreach.campaign import Campaign
from bot.outreach.delivery import running, waiting, workers
from bot.outreach.delivery.chores import chores
from bot.outreach.delivery.engine import VERSION, Engine, Work, engine_url
from bot.outreach.delivery.shifts import Shifts
from bot.outreach.delivery.tending import Tending
from bot.outreach.delivery.workers import ReplacedError, Worker, worker_name
from bot.store.models import CampaignRow, CampaignState, table_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.outreach.delivery.office import Office

TICK = 5.0
"""Seconds between two looks at what there is to do."""
SETTLING = timedelta(minutes=1)
"""So long after its start a process answers people first, unless there is a campaign."""
BACK = timedelta(days=1)
"""How far the first look goes back for people who wrote while no process ran."""
CLEARING = timedelta(days=1)
KEPT = timedelta(days=30)
"""What the engine remembers of workflows that ended."""

log = structlog.get_logger()


@dataclass
class _Life:
    """This process as a worker."""

    worker: Worker
    shifts: Shifts
    engine: Engine
    tending: Tending
    looked: datetime
    cleared: datetime
    chores: str = ""
    """The hour for which they were asked for last."""


class Outreach:
    """Campaigns in this process: `run` until it is cancelled, then `close`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._wake = asyncio.Event()
        self._life: _Life | None = None
        self._begun = office.clock()

    async def run(self) -> None:
        """Look again and again. Raises ConfigError when another process has taken this one's name."""
        while True:
            self._wake.clear()
            try:
                await self.tick()
            except ReplacedError:
                await self._end(self._office.settings.delivery.drain)
                if await self._is_taken():
                    wrong = WrongSetting("outreach.worker", "is the name of another process", "BHYT_OUTREACH__WORKER")
                    raise ConfigError([wrong]) from None
            except Exception:
                # The database may be away for a while; what is sent meanwhile is noted when it is back.
                log.exception(Action.OUTREACH_FAILED)
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._wake.wait()

    async def close(self, seconds: float) -> None:
        """Take nobody any more; what is under way gets so long to be settled."""
        await self._end(seconds)

    async def tick(self) -> None:
        """Do what there is to do now. Raises ReplacedError when this process may not send any more."""
        now = self._office.clock()
        if self._life is None:
            if now - self._begun < SETTLING and not await self._is_needed():
                return
            self._life = await self._begin(now)
        life = self._life
        async with self._office.database.transaction() as session:
            await life.worker.beat(session, now)
            lost = await workers.bury(session, now, timedelta(seconds=self._office.settings.outreach.lost_after))
            living = await workers.living(session)
            if await waiting.plan_again(session, life.looked, now):
                life.tending.stir()
        life.looked = now
        if lost:
            log.warning(Action.WORKER_LOST, count=len(lost))
        live = await life.engine.look(living)
        for campaign in await self._open():
            try:
                await life.tending.tend(campaign, live, now)
            except Exception:
                # One campaign that cannot be worked on must not stop the others.
                log.exception(Action.OUTREACH_FAILED, state=campaign.state)
                await self._office.alert(f"campaign_failed:{campaign.code}")
        hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
        if life.chores != hour:
            await life.engine.do_chores(hour)
            life.chores = hour
        if now - life.cleared >= CLEARING:
            life.cleared = now
            await life.engine.clear(now - KEPT)

    async def _begin(self, now: datetime) -> _Life:
        """Become a worker. The name is registered first: what is left over of it is settled before anything is sent."""
        office = self._office
        worker = Worker(worker_name(office.settings), VERSION, now)
        async with office.database.transaction() as session:
            await worker.register(session, now)
        shifts = Shifts(office, worker, self._wake.set)
        work = Work(shifts.begin, shifts.plan, shifts.send, shifts.rest, chores(office))
        engine = Engine(engine_url(office.settings), worker.name, work)
        await engine.start()
        return _Life(worker, shifts, engine, Tending(office, shifts, engine), now - BACK, now - CLEARING)

    async def _end(self, seconds: float) -> None:
        if self._life is None:
            return
        life, self._life = self._life, None
        await life.shifts.stop(seconds)
        await life.engine.close()
        async with self._office.database.transaction() as session:
            await life.worker.leave(session)

    async def _is_taken(self) -> bool:
        async with self._office.database.reading() as session:
            return worker_name(self._office.settings) in await workers.living(session)

    async def _is_needed(self) -> bool:
        async with self._office.database.reading() as session:
            return (await session.execute(select(CampaignRow.id).where(_unfinished()).limit(1))).first() is not None

    async def _open(self) -> list[Campaign]:
        """All campaigns that something may have to be done for, the most important first."""
        query = select(table_of(CampaignRow)).where(_unfinished()).order_by(CampaignRow.priority.desc(), CampaignRow.id)
        async with self._office.database.reading() as session:
            return [Campaign.of(cast("CampaignRow", row)) for row in await session.execute(query)]


def _unfinished() -> ColumnElement[bool]:
    return or_(
        CampaignRow.state.in_([state.value for state in running.OPEN]),
        and_(CampaignRow.state == CampaignState.CANCELLED.value, CampaignRow.finished.is_(None)),
    )
