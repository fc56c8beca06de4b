"""The real engine: its workflows, and what becomes of those of other processes and versions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from dbos import DBOS
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot import clock as clocks
from bot.config import Settings
from bot.outreach.delivery import engine as engines
from bot.outreach.delivery.engine import PLANNING, Engine, EngineError, Live, Work, engine_url
from bot.settings import DatabaseSettings, OutreachSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
"""When campaigns begin; long ago for the engine, whose clock is the real one."""


@dataclass
class Told:
    """Work that says what it was asked to do."""

    done: list[tuple[object, ...]] = field(default_factory=list)
    legs: int = 1
    gate: asyncio.Event | None = None
    begins: bool = True

    async def begin(self, campaign: int) -> bool:
        self.done.append(("begin", campaign))
        return self.begins

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

    async def clean(self) -> None:
        self.done.append(("clean",))
        if self.gate is not None:
            await self.gate.wait()

    async def dust(self) -> None:
        self.done.append(("dust",))

    def work(self) -> Work:
        return Work(self.begin, self.plan, self.send, self.rest, {"clean": self.clean, "dust": self.dust})

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
        engine = Engine(engine_url(settings), name, told.work(), legs)
        await engine.start()
        started.append(engine)
        return engine

    yield begin  # type: ignore[misc]
    for engine in started:
        await engine.close()


async def test_a_campaign_is_planned_and_sent(start: Callable[..., Engine], told: Told) -> None:
    told.legs = 3
    engine = await start()  # type: ignore[misc]
    await engine.begin(1, NOW, NOW)
    await engine.send(1, "zalo:77", 0, 100)
    await told.until("plan", 1, 2)
    await told.until("rest", 1, "zalo:77")
    assert [what for what in told.done if what[0] == "plan"] == [("plan", 1, 0), ("plan", 1, 1), ("plan", 1, 2)]
    assert told.done.count(("send", 1, "zalo:77")) == 3


async def test_a_campaign_that_does_not_begin_is_not_planned(start: Callable[..., Engine], told: Told) -> None:
    told.begins = False
    engine = await start()  # type: ignore[misc]
    await engine.begin(1, NOW, NOW)
    await told.until("begin", 1)
    while (await engine.look({"one": engines.VERSION})).at_work:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert told.done == [("begin", 1)]


async def test_a_campaign_begins_when_it_is_due_also_when_the_program_starts_anew(
    start: Callable[..., Engine], told: Told
) -> None:
    engine = await start()  # type: ignore[misc]
    now = clocks.now()
    due = now + timedelta(seconds=2)
    await engine.begin(1, due, now)
    await engine.begin(2, now + timedelta(days=30), now)
    assert (1, int(due.timestamp())) in (await engine.look({"one": engines.VERSION})).to_begin
    assert told.done == []
    await engine.close()
    again = await start()  # type: ignore[misc]
    await told.until("plan", 1, 2)
    assert clocks.now() >= due
    left = Live(frozenset(), {(2, int((now + timedelta(days=30)).timestamp()))})
    while await again.look({"one": engines.VERSION}) != left:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_chores_are_done_once_an_hour_whoever_asks(start: Callable[..., Engine], told: Told) -> None:
    engine = await start()  # type: ignore[misc]
    await engine.do_chores("2026-09-01T08")
    await asyncio.to_thread(lambda: DBOS.retrieve_workflow("chores.2026-09-01T08").get_result())
    await engine.close()
    again = await start("two")  # type: ignore[misc]
    await again.do_chores("2026-09-01T08")
    await again.do_chores("2026-09-01T09")
    async with asyncio.timeout(60):
        while told.done.count(("dust",)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert told.done == [("clean",), ("dust",)] * 2


async def test_chores_go_on_where_the_program_stopped(start: Callable[..., Engine], told: Told) -> None:
    told.gate = asyncio.Event()
    engine = await start()  # type: ignore[misc]
    await engine.do_chores("2026-09-01T08")
    await told.until("clean")
    await engine.close()
    told.gate.set()
    again = await start()  # type: ignore[misc]
    assert await again.look({"one": engines.VERSION}) == Live(frozenset(), frozenset())
    await told.until("dust")
    assert told.done == [("clean",), ("clean",), ("dust",)]


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
    assert (await engine.look({"one": engines.VERSION})).at_work == {
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
        while (1, "telegram") in (await again.look({"one": engines.VERSION})).at_work:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await again.send(1, "telegram", 0, 101)
    await told.until("rest", 1, "telegram")


async def test_only_one_engine_lives_in_a_process(start: Callable[..., Engine]) -> None:
    await start()  # type: ignore[misc]
    with pytest.raises(EngineError):
        await start("two")  # type: ignore[misc]


async def test_an_engine_that_could_not_start_can_be_started_later(start: Callable[..., Engine], told: Told) -> None:
    nowhere = Engine("sqlite:////no/such/folder/engine.sqlite3", "one", told.work())
    with pytest.raises(OperationalError):
        await nowhere.start()
    engine = await start()  # type: ignore[misc]
    await engine.begin(1, NOW, NOW)
    await told.until("plan", 1, 2)


async def test_workflows_that_ended_are_forgotten(start: Callable[..., Engine], told: Told) -> None:
    engine = await start()  # type: ignore[misc]
    await engine.begin(1, NOW, NOW)
    await told.until("plan", 1, 2)
    while (1, PLANNING) in (await engine.look({"one": engines.VERSION})).at_work:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await engine.clear(clocks.now() + timedelta(days=1))
    told.done.clear()
    await engine.begin(1, NOW, NOW)
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
    now = clocks.now()
    later = now + timedelta(days=30)
    await old.begin(3, later, now)
    before = engines.VERSION
    await old.close()
    monkeypatch.setattr(engines, "VERSION", "later")
    new = await start()  # type: ignore[misc]
    kept = await new.look({"one": "later", "two": before})
    assert (2, "telegram") in kept.at_work
    assert kept.to_begin == {(3, int(later.timestamp()))}
    assert await new.look({"one": "later"}) == Live(frozenset(), frozenset())
