"""A fresh database for each test, on SQLite and on PostgreSQL, and the pipeline on it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
import structlog

from bot.channels.inbound import Channel, Inbound
from bot.clock import VIETNAM
from bot.store.database import Database
from bot.store.migrations import upgrade
from bot.turns import TurnPipeline
from tests.bot.postgres import running_postgres
from tests.bot.scripted import ScriptedCore, hotline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

NOON = datetime(2026, 9, 5, 12, 0, tzinfo=VIETNAM)
_numbers = count(1)


@dataclass
class FakeClock:
    """A clock that only the test moves."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[list[Any]]:
    """Nothing that a test configures for logging outlives it; lines are collected instead of printed."""
    root = logging.getLogger()
    before = root.handlers, root.level
    with structlog.testing.capture_logs() as lines:
        yield lines
    structlog.reset_defaults()
    root.handlers, root.level = before


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server with `{}` for the name of the database."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bhyt.sqlite3"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"test{next(_numbers)}"
    await _administer(server, f"CREATE DATABASE {name}")
    yield server.format(name)
    await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _administer(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server.format("postgres").replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A database with the schema that the migrations build."""
    opened = Database(url)
    await upgrade(opened.engine)
    yield opened
    await opened.close()


@dataclass
class Chat:
    """A pipeline on a database, and a way to write to it."""

    database: Database
    clock: FakeClock
    core: ScriptedCore = field(default_factory=ScriptedCore)
    pipeline: TurnPipeline = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.pipeline = TurnPipeline(self.database, self.core, clock=self.clock, hotline=hotline)

    def inbound(self, text: str = "", *, sender: str = "nguoi-1", message_id: str = "", **more: Any) -> Inbound:
        message_id = message_id or f"m{next(self._ids)}"
        return Inbound("web", Channel.WEB, sender, message_id, self.clock().astimezone(UTC), text, **more)

    async def say(self, text: str = "", **more: Any) -> Any:
        return await self.pipeline.handle(self.inbound(text, **more))


@pytest.fixture
def chat(database: Database, clock: FakeClock) -> Chat:
    return Chat(database, clock)
