"""The whole of it in this process: a campaign from its approval to its end, with the real engine."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot import clock as clocks
from bot.clock import VIETNAM
from bot.config import Settings
from bot.delivery.errors import RejectedError
from bot.delivery.pacing import Pace, Pacer
from bot.errors import ConfigError
from bot.outreach.approval import seal
from bot.outreach.delivery import outreach as outreaches
from bot.outreach.delivery import running
from bot.outreach.delivery.chores import chores
from bot.outreach.delivery.office import Office
from bot.outreach.delivery.outreach import Outreach
from bot.outreach.delivery.tending import LOOK_AGAIN
from bot.outreach.quiz_series import Series, begin_series
from bot.settings import DatabaseSettings, OfficialAccount, OutreachSettings, TelegramSettings, ZaloSettings
from bot.store.models import CampaignRow, ConsentRow, RecipientRow, WorkerRow
from tests.bot.reading import rows
from tests.delivery.scripted import ScriptedOutlet, each
from tests.knowledge.real import real_base
from tests.outreach.delivery.people import add_campaign, add_people
from tests.outreach.delivery.world import TOKEN, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.store.database import Database


class Running(World):
    """A world with an outreach in it. Its clock is the real one, as the engine's is, so much ahead of it."""

    ahead = timedelta(0)

    @asynccontextmanager
    async def outreach(self) -> AsyncIterator[Outreach]:
        """It does what there is to do when the test says so."""
        outreach = Outreach(self.office())
        try:
            yield outreach
        finally:
            await outreach.close(5)

    async def begin_quiz(self) -> None:
        """A quiz of the week from today on."""
        async with self.database.transaction() as session:
            series = Series("Đố vui tuần {tuan}", 3, self.clock().astimezone(VIETNAM).date(), 6)
            await begin_series(session, real_base(), series, self.clock())

    def office(self) -> Office:
        self.alerts: list[str] = []
        quick = Pace(1e6, 1000)

        async def alert(code: str) -> None:
            self.alerts.append(code)

        outlets = {self.outlet.account: (self.outlet, Pacer(quick, each(quick)))}

        def clock() -> datetime:
            return self.clock() + self.ahead

        return Office.of(self.database, self.settings, real_base(), outlets, clock, alert)

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
def world(database: Database, settings: Settings) -> Running:
    return Running(database, clocks.now, settings=settings)  # type: ignore[arg-type]


@pytest.fixture
async def place(world: Running) -> AsyncIterator[Running]:
    outreach = Outreach(world.office())
    task = asyncio.create_task(outreach.run())
    yield world
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await outreach.close(5)
    assert await rows(world.database, "worker") == []


async def test_a_campaign_from_its_approval_to_its_end(place: Running) -> None:
    people = await add_people(place.database, "telegram", [str(100 + number) for number in range(50)], place.clock())
    await place.change(ConsentRow, ConsentRow.person_id == people[0], consent="withdrawn")
    await add_campaign(place.database, place.clock(), 50)
    await place.until("finished")
    assert len(place.outlet.shown) == 49
    assert sorted(await place.ledger()) == [("sent", None)] * 49 + [("skipped", "opted_out")]
    steps = [row["action"] for row in await rows(place.database, "campaign_event")]
    assert steps == ["started", "finished"]


async def test_a_campaign_begins_when_it_is_due_and_no_sooner(place: Running) -> None:
    await add_people(place.database, "telegram", ["100", "101"], place.clock())
    starts = place.clock() + timedelta(seconds=1)
    await add_campaign(place.database, place.clock(), 2, starts=starts)
    await place.until("finished")
    assert (await rows(place.database, "campaign"))[0]["started"] >= starts


async def test_an_edit_moves_what_was_to_begin_later(world: Running) -> None:
    await add_people(world.database, "telegram", ["100", "101"], world.clock())
    late = world.clock() + timedelta(days=30)
    campaign = await add_campaign(world.database, world.clock(), 2, starts=late)
    async with world.outreach() as outreach:
        await outreach.tick()
        soon = replace(campaign, starts=world.clock())
        values = {"starts": soon.starts, "approved_hash": seal(soon, 2)}
        await world.change(CampaignRow, CampaignRow.id == campaign.id, **values)
        while await world.state() != "finished":
            await outreach.tick()
    assert len(world.outlet.shown) == 2


async def test_what_comes_round_by_itself_is_done_when_people_were_answered_first(world: Running) -> None:
    await world.begin_quiz()
    async with world.outreach() as outreach:
        await outreach.tick()
        assert await rows(world.database, "worker") == []
        world.ahead = outreaches.SETTLING
        await outreach.tick()
        async with asyncio.timeout(60):
            while not await rows(world.database, "quiz"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_one_chore_that_fails_does_not_stop_the_others(world: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object) -> None:
        raise OSError

    monkeypatch.setattr("bot.outreach.delivery.chores.refresh_contacts", broken)
    await world.begin_quiz()
    for chore in chores(world.office()).values():
        await chore()
    assert len(await rows(world.database, "quiz")) == 1


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


async def test_a_campaign_that_cannot_begin_is_told_and_tried_again_later(
    world: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("bot.outreach.delivery.shifts.count", broken)
        campaign = await add_campaign(world.database, world.clock(), 1)
        async with world.outreach() as outreach:
            async with asyncio.timeout(60):
                while not world.alerts:
                    await outreach.tick()
            for _ in range(5):
                await outreach.tick()
            assert world.alerts == [f"campaign_failed:{campaign.code}"]
            patched.undo()
            await add_people(world.database, "telegram", ["100"], world.clock())
            world.ahead = LOOK_AGAIN
            async with asyncio.timeout(60):
                while await world.state() != "finished":
                    await outreach.tick()


async def test_a_process_whose_name_is_taken_gives_up(world: Running) -> None:
    await add_campaign(world.database, clocks.now(), 1, state="paused")
    outreach = Outreach(world.office())
    await outreach.tick()
    await world.change(WorkerRow, WorkerRow.id == "one", started=clocks.now())
    with pytest.raises(ConfigError, match="name of another process"):
        await outreach.run()


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
