"""A campaign under way on a real database, and an outlet that does what the test says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import select, update

from bot.config import Settings
from bot.delivery.pacing import Pace, Pacer
from bot.outreach.delivery import running
from bot.outreach.delivery.allowance import Allowance, Quota
from bot.outreach.delivery.orders import Order
from bot.outreach.delivery.planning import Plan, plan_range
from bot.outreach.delivery.sending import Sender
from bot.outreach.delivery.workers import Worker
from bot.outreach.eligibility import Eligibility
from bot.outreach.schedule import Schedule
from bot.settings import TelegramSettings
from bot.store.models import CampaignRow, PersonRow, RecipientRow, table_of
from tests.delivery.scripted import ScriptedOutlet, each
from tests.knowledge.real import real_base
from tests.outreach.delivery.people import add_campaign, add_people

if TYPE_CHECKING:
    from bot.outreach.campaign import Campaign
    from bot.outreach.delivery.policy import Settled
    from bot.outreach.delivery.sending import Leg
    from bot.store.database import Database
    from bot.store.models import Base
    from tests.bot.conftest import FakeClock

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake"
ALL = PersonRow.id > 0
QUICK = Quota(1_000_000, 1.0)


@dataclass
class World:
    """A campaign under way on a real database, with one account whose outlet does what the test says."""

    database: Database
    clock: FakeClock
    outlet: ScriptedOutlet = field(default_factory=ScriptedOutlet)
    settings: Settings = field(default_factory=lambda: Settings(telegram=TelegramSettings(token=SecretStr(TOKEN))))
    observed: list[Settled] = field(default_factory=list)
    campaign: Campaign = field(init=False)
    worker: Worker = field(init=False)

    async def begin(self, people: int = 3, **values: Any) -> None:
        """This many people, all planned, and a process that may send."""
        await add_people(
            self.database, self.outlet.account, [str(100 + number) for number in range(people)], self.clock()
        )
        self.campaign = await add_campaign(self.database, self.clock(), people, **values)
        self.worker = await self.another_worker("one")
        await self.plan()

    async def plan(self) -> None:
        now = self.clock()
        async with self.database.transaction() as session:
            await running.begin_planning(session, self.campaign.id, now)
            rules = Eligibility.of(self.campaign, self.settings, now)
            plan = Plan(self.campaign, ALL, rules, Schedule.of(self.campaign, self.settings.outreach, now))
            await plan_range(session, plan, 0, 1_000, now, postgres=not self.database.is_sqlite)
            await running.begin_sending(session, self.campaign.id, now)

    async def another_campaign(self) -> Campaign:
        """With the same terms and texts; not planned."""
        terms = self.campaign.terms.model_dump(mode="json")
        return await add_campaign(self.database, self.clock(), 1, code="kg99", terms=terms)

    async def another_worker(self, name: str) -> Worker:
        worker = Worker(name, "1", self.clock())
        async with self.database.transaction() as session:
            await worker.register(session, self.clock())
        return worker

    def sender(self, worker: Worker | None = None) -> Sender:
        order = Order.of(self.campaign, self.outlet.account, self.settings, real_base(), self.clock())
        replies = Pacer(Pace(1e6, 1000), each(Pace(1e6, 1000)))
        allowance = Allowance(QUICK, replies)
        return Sender(
            self.database, worker or self.worker, self.outlet, allowance, order, self.observed.append, clock=self.clock
        )

    async def send(self) -> Leg:
        """Send whatever can be sent now, and note it."""
        sender = self.sender()
        leg = await sender.leg(10)
        await sender.drain()
        return leg

    async def ledger(self) -> list[tuple[str, str | None]]:
        """State and reason of each recipient, in the order of people."""
        query = select(RecipientRow.state, RecipientRow.reason).order_by(RecipientRow.person_id)
        async with self.database.reading() as session:
            return [(state, reason) for state, reason in await session.execute(query)]

    async def until(self, ledger: list[tuple[str, str | None]]) -> None:
        """Until this stands in the ledger."""
        async with asyncio.timeout(10):
            while await self.ledger() != ledger:  # noqa: ASYNC110
                await asyncio.sleep(0)

    async def change(self, row: type[Base], where: Any, **values: Any) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(table_of(row)).where(where).values(values))

    async def state(self) -> str:
        async with self.database.reading() as session:
            return str((await session.execute(select(CampaignRow.state))).scalar_one())
