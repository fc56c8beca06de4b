"""A clock, quiet logs, and the pipeline on a database."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from bot.channels.inbound import Channel, Inbound
from bot.clock import VIETNAM
from bot.turns import TurnPipeline
from tests.bot.scripted import ScriptedCore, hotline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.database import Database

NOON = datetime(2026, 9, 5, 12, 0, tzinfo=VIETNAM)


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
