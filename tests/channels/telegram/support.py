"""What the tests of the channel share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.clock import VIETNAM
from bot.delivery.images import Images
from bot.delivery.outlet import Recipient
from bot.outbound import OutboundMessage
from bot.store.database import Database
from handlers.turn import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.inbound import Event
    from handlers.turn import Button

ACCOUNT = "telegram"
SECRET = "webhook-secret-0123456789"
PATIENCE = 30
"""Seconds after which a test that waits has failed."""
NOON = datetime(2026, 9, 5, 12, 0, tzinfo=VIETNAM)


def noon() -> datetime:
    return NOON


def recipient(address: str) -> Recipient:
    return Recipient(ACCOUNT, address, NOON)


def message(text: str = "Chào bạn", *buttons: Button, number: int = 7, **more: str) -> OutboundMessage:
    return OutboundMessage(number, 1, Reply(text, buttons=buttons, **more))


@dataclass
class Intake:
    """Takes events, unless the next error is to be raised; `kept` are the batches that were taken."""

    kept: list[list[Event]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    tried: int = 0

    def __post_init__(self) -> None:
        self._came = asyncio.Condition()

    async def take(self, events: Sequence[Event]) -> None:
        self.tried += 1
        if self.errors:
            raise self.errors.pop(0)
        async with self._came:
            self.kept.append(list(events))
            self._came.notify_all()

    @property
    def events(self) -> list[Event]:
        return [event for batch in self.kept for event in batch]

    async def holds(self, count: int) -> list[Event]:
        """Wait until so many events have been taken."""
        async with asyncio.timeout(PATIENCE), self._came:
            await self._came.wait_for(lambda: len(self.events) >= count)
        return self.events


@dataclass
class Naps:
    """A sleeper that takes no time and remembers what was asked for."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


def no_images() -> Images:
    """For a bot that sends none."""
    return Images(ACCOUNT, Database("sqlite:///nowhere.sqlite3"), noon)


def no_jitter() -> float:
    return 0.0
