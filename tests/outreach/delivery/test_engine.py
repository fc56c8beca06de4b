"""The real engine: its workflows, and what becomes of those of other processes and versions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot import clock as clocks
from bot.config import Settings
from bot.outreach.delivery import engine as engines
from bot.outreach.delivery.engine import PLANNING, Engine, EngineError, Work, engine_url
from bot.settings import DatabaseSettings, OutreachSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


@dataclass
class Told:
    """Work that says what it was asked to do."""

    done: list[tuple[object, ...]] = field(default_factory=list)
    legs: int = 1
    gate: asyncio.Event | None = None

    async def plan(self, campaign: int, after: int) -> int | None:
        self.done.append(("plan", campaign, after))
        return after + 1 if after < 2 else None

    async def send(self, campaign: int, account: str) -> bool:
        self.done.append(("send", campaign, account))
        if self.gate is not None:
            await self.gate.wait()
        return self.done.count(("send", campaign, account)) < self.legs

    async def rest(self, campaign: int, account: str) -> None:
        self.done.append(("rest", campaign, account))

    async def until(self, *last: object) -> None:
        async with asyncio.timeout(60):
            while last not in self.done:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(database=DatabaseSettings(url=SecretStr(url)))


@pytest.fixture
async def start(settings: Settings, told: Told) -> AsyncIterator[Callable[..., Engine]]:
    started: list[Engine] = []

    async def begin(name: str = "one", legs: int = 20) -> Engine:
        engine = Engine(engine_url(settings), name, Work(told.plan, told.send, told.rest), legs)
        await engine.start()
        started.append(engine)
        return engine

    yield begin  # type: ignore[misc]
    for engine in started:
        await engine.close()


async def test_a_campaign_is_planned_and_sent(start: Callable[..., Engine], told: Told) -> None:
    told.legs = 3
    engine = await start()  # type: ignore[misc]
    await engine.plan(1, 100)
    await engine.send(1, "zalo:77", 0, 100)
    await told.until("plan", 1, 2)
    await told.until("rest", 1, "zalo:77")
    assert [what for what in told.done if what[0] == "plan"] == [("plan", 1, 0), ("plan", 1, 1), ("plan", 1, 2)]
    assert told.done.count(("send", 1, "zalo:77")) == 3


async def test_there_is_one_sender_for_an_account(start: Callable[..., Engine], told: Told) -> None:
    told.gate = asyncio.Event()
    engine = await start()  # type: ignore[misc]
    await engine.send(1, "telegram", 0, 100)
    await told.until("send", 1, "telegram")
    await engine.send(2, "telegram", 0, 100)
    await engine.send(3, "telegram", 9, 100)
    await engine.send(2, "zalo:77", 0, 100)
    await told.until("send", 2, "zalo:77")
    assert ("send", 2, "telegram") not in told.done
    assert await engine.look({"one": engines.VERSION}) == {
        (1, "telegram"), (2, "telegram"), (3, "telegram"), (2, "zalo:77"),
    }  # fmt: skip
    told.gate.set()
    await told.until("rest", 2, "telegram")
    order = [what[1] for what in told.done if what[0] == "send" and what[2] == "telegram"]
    assert order == [1, 3, 2]


async def test_work_ends_when_the_program_stops_and_goes_on_when_it_starts_again(
    start: Callable[..., Engine], told: Told
) -> None:
    told.gate = asyncio.Event()
    engine = await start()  # type: ignore[misc]
    await engine.send(1, "telegram", 0, 100)
    await told.until("send", 1, "telegram")
    await engine.close()
    told.gate.set()
    again = await start()  # type: ignore[misc]
    async with asyncio.timeout(60):
        while (1, "telegram") in await again.look({"one": engines.VERSION}):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await again.send(1, "telegram", 0, 101)
    await told.until("rest", 1, "telegram")


async def test_only_one_engine_lives_in_a_process(start: Callable[..., Engine]) -> None:
    await start()  # type: ignore[misc]
    with pytest.raises(EngineError):
        await start("two")  # type: ignore[misc]


async def test_an_engine_that_could_not_start_can_be_started_later(start: Callable[..., Engine], told: Told) -> None:
    nowhere = Engine("sqlite:////no/such/folder/engine.sqlite3", "one", Work(told.plan, told.send, told.rest))
    with pytest.raises(OperationalError):
        await nowhere.start()
    engine = await start()  # type: ignore[misc]
    await engine.plan(1, 100)
    await told.until("plan", 1, 2)


async def test_workflows_that_ended_are_forgotten(start: Callable[..., Engine], told: Told) -> None:
    engine = await start()  # type: ignore[misc]
    await engine.plan(1, 100)
    await told.until("plan", 1, 2)
    while (1, PLANNING) in await engine.look({"one": engines.VERSION}):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await engine.clear(clocks.now() + timedelta(days=1))
    told.done.clear()
    await engine.plan(1, 100)
    await told.until("plan", 1, 2)


def test_the_engine_keeps_its_tables_beside_the_database() -> None:
    assert engine_url(at("sqlite:///var/bhyt.sqlite3")) == "sqlite:///var/bhyt-engine.sqlite3"
    assert engine_url(at("postgresql://an:p%40ss@db/bhyt")) == "postgresql://an:p%40ss@db/bhyt"
    given = Settings(outreach=OutreachSettings(engine_url=SecretStr("postgresql://x/y")))
    assert engine_url(given) == "postgresql://x/y"


def at(url: str) -> Settings:
    return Settings(database=DatabaseSettings(url=SecretStr(url)))


async def test_workflows_of_a_version_that_nobody_has_are_ended(
    start: Callable[..., Engine], told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.gate = asyncio.Event()
    old = await start()  # type: ignore[misc]
    await old.send(1, "telegram", 0, 100)
    await told.until("send", 1, "telegram")
    await old.send(2, "telegram", 0, 100)
    before = engines.VERSION
    await old.close()
    monkeypatch.setattr(engines, "VERSION", "later")
    new = await start()  # type: ignore[misc]
    assert (2, "telegram") in await new.look({"one": "later", "two": before})
    assert await new.look({"one": "later"}) == set()
