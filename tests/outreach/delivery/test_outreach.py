"""The whole of it in this process: a campaign from its approval to its end, with the real engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot import clock as clocks
from bot.config import Settings
from bot.delivery.errors import RejectedError
from bot.delivery.pacing import Pace, Pacer
from bot.errors import ConfigError
from bot.outreach.delivery import outreach as outreaches
from bot.outreach.delivery import running
from bot.outreach.delivery.office import Office
from bot.outreach.delivery.outreach import Outreach
from bot.settings import DatabaseSettings, OfficialAccount, OutreachSettings, TelegramSettings, ZaloSettings
from bot.store.models import ConsentRow, RecipientRow, WorkerRow
from tests.bot.reading import rows
from tests.delivery.scripted import ScriptedOutlet, each
from tests.knowledge.real import real_base
from tests.outreach.delivery.people import add_campaign, add_people
from tests.outreach.delivery.world import TOKEN, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.database import Database


class Running(World):
    """A world with an outreach in it. Its clock is the real one, as the engine's is."""

    def office(self) -> Office:
        self.alerts: list[str] = []
        quick = Pace(1e6, 1000)

        async def alert(code: str) -> None:
            self.alerts.append(code)

        outlets = {self.outlet.account: (self.outlet, Pacer(quick, each(quick)))}
        return Office.of(self.database, self.settings, real_base(), outlets, self.clock, alert)

    async def until(self, state: str) -> None:  # type: ignore[override]
        async with asyncio.timeout(60):
            while await self.state() != state:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(
        database=DatabaseSettings(url=SecretStr(url)),
        telegram=TelegramSettings(token=SecretStr(TOKEN)),
        outreach=OutreachSettings(telegram_rate=1000, worker="one"),
    )


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The looks at what there is to do come closer together."""
    monkeypatch.setattr(outreaches, "TICK", 0.05)


@pytest.fixture
async def place(database: Database, settings: Settings) -> AsyncIterator[Running]:
    world = Running(database, clocks.now, settings=settings)  # type: ignore[arg-type]
    outreach = Outreach(world.office())
    task = asyncio.create_task(outreach.run())
    yield world
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await outreach.close(5)
    assert await rows(database, "worker") == []


async def test_a_campaign_from_its_approval_to_its_end(place: Running) -> None:
    people = await add_people(place.database, "telegram", [str(100 + number) for number in range(50)], place.clock())
    await place.change(ConsentRow, ConsentRow.person_id == people[0], consent="withdrawn")
    await add_campaign(place.database, place.clock(), 50)
    await place.until("finished")
    assert len(place.outlet.shown) == 49
    assert sorted(await place.ledger()) == [("sent", None)] * 49 + [("skipped", "opted_out")]
    steps = [row["action"] for row in await rows(place.database, "campaign_event")]
    assert steps == ["started", "finished"]


async def test_it_pauses_by_itself_and_staff_are_told(place: Running) -> None:
    await add_people(place.database, "telegram", [str(100 + number) for number in range(400)], place.clock())
    place.outlet.script = [RejectedError("too_long")] * 400
    campaign = await add_campaign(place.database, place.clock(), 400)
    await place.until("paused")
    assert place.alerts == [f"campaign_paused:{campaign.code}:errors"]
    assert ("planned", None) in await place.ledger()


async def test_a_campaign_that_is_cancelled_comes_to_rest(place: Running) -> None:
    await add_people(place.database, "telegram", [str(100 + number) for number in range(300)], place.clock())
    place.outlet.gate = asyncio.Event()
    campaign = await add_campaign(place.database, place.clock(), 300)
    await place.until("running")
    async with place.database.transaction() as session:
        await running.cancel(session, campaign.id, "wrong", None, place.clock())  # type: ignore[arg-type]
    place.outlet.gate.set()
    async with asyncio.timeout(60):
        while (await rows(place.database, "campaign"))[0]["finished"] is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert {state for state, _ in await place.ledger()} <= {"sent", "skipped"}


async def test_a_campaign_that_only_waits_comes_to_its_end(place: Running) -> None:
    await add_people(place.database, "telegram", ["100", "101"], place.clock())
    hour = place.clock().hour
    await add_campaign(place.database, place.clock(), 2, terms={"quiet_from": hour, "quiet_to": (hour + 2) % 24})
    await place.until("running")
    long_ago = place.clock() - timedelta(days=place.settings.outreach.waiting_days + 1)
    await place.change(RecipientRow, RecipientRow.id > 0, state="waiting", reason="window_closed", updated=long_ago)
    await place.until("finished")
    assert await place.ledger() == [("skipped", "waited_out")] * 2


async def test_a_campaign_of_which_something_else_was_approved_does_not_start(place: Running) -> None:
    await add_people(place.database, "telegram", ["100", "101"], place.clock())
    await add_campaign(place.database, place.clock(), 500)
    await place.until("draft")
    assert place.outlet.shown == []


async def test_a_process_whose_name_is_taken_gives_up(database: Database, settings: Settings) -> None:
    world = Running(database, clocks.now, settings=settings)  # type: ignore[arg-type]
    await add_campaign(database, clocks.now(), 1, state="paused")
    outreach = Outreach(world.office())
    await outreach.tick()
    await world.change(WorkerRow, WorkerRow.id == "one", started=clocks.now())
    with pytest.raises(ConfigError, match="name of another process"):
        await outreach.run()


async def test_nothing_is_started_without_a_campaign(database: Database, settings: Settings) -> None:
    outreach = Outreach(Running(database, clocks.now, settings=settings).office())  # type: ignore[arg-type]
    await outreach.tick()
    assert await rows(database, "worker") == []
    await outreach.close(0)


def test_an_account_s_quota_is_its_platform_s() -> None:
    oa = OfficialAccount(id="3886132808788086451", name="BHXH", rate=100)
    settings = Settings(
        telegram=TelegramSettings(token=SecretStr(TOKEN)), zalo=ZaloSettings(oa=(oa,)), outreach=OutreachSettings()
    )
    pace = Pace(1, 1)
    names = ("telegram", "zalo:3886132808788086451")
    outlets = {name: (ScriptedOutlet(name), Pacer(pace, each(pace))) for name in names}
    office = Office.of(None, settings, real_base(), outlets, clocks.now, None)  # type: ignore[arg-type]
    telegram, zalo = (allowance for _, allowance in office.outlets.values())
    assert telegram.room() == 10
    assert zalo.room() == 1
