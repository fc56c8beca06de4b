"""An outlet that does what the test says, and a delivery on a real database with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.channels.inbound import Channel, Inbound
from bot.delivery.lanes import Delivery
from bot.delivery.pacing import Pace, Pacer
from bot.outbound import Recipient
from bot.settings import DeliverySettings
from bot.turns import TurnPipeline
from tests.bot.scripted import ScriptedCore, hotline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.delivery.outlet import Send
    from bot.outbound import OutboundMessage
    from bot.store.database import Database
    from bot.turns import TurnResult
    from tests.bot.conftest import FakeClock

ACCOUNT = "telegram"
QUICK = Pace(1e6, 1000)


def each(pace: Pace) -> Callable[[str], tuple[str, Pace]]:
    """Every address is a chat of this pace."""
    return lambda address: (address, pace)


@dataclass
class ScriptedOutlet:
    """Keeps what was sent as (address, text); fails with the errors in `script`, first in, first out."""

    account: str = ACCOUNT
    script: list[Exception | None] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    working_for: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def sends(self, to: Recipient, message: OutboundMessage) -> Sequence[Send]:
        """A reply of several lines is several messages."""
        return [partial(self._send, to, line) for line in message.reply.text.split("\n")]

    async def working(self, to: Recipient) -> None:
        self.working_for.append(to.address)

    async def _send(self, to: Recipient, text: str) -> None:
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        error = self.script.pop(0) if self.script else None
        if error is not None:
            raise error
        self.shown.append((to.address, text))


class Sleeper:
    """Sleeping takes no time but that of `ticks`, and how long is kept. A pause can be held until `wake`."""

    def __init__(self) -> None:
        self._now = 0.0
        self.slept: list[float] = []
        self.held: list[asyncio.Event] = []
        self.holding = asyncio.Event()
        self.hold = False

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.hold:
            event = asyncio.Event()
            self.held.append(event)
            self.holding.set()
            await event.wait()
        self._now += seconds

    def ticks(self) -> float:
        """Seconds that were slept."""
        return self._now

    def wake(self) -> None:
        for event in self.held:
            event.set()
        self.held.clear()
        self.holding.clear()


@dataclass
class Post:
    """A pipeline whose replies are pushed through a scripted outlet."""

    database: Database
    clock: FakeClock
    outlet: ScriptedOutlet = field(default_factory=ScriptedOutlet)
    sleep: Sleeper = field(default_factory=Sleeper)
    alerts: list[str] = field(default_factory=list)
    core: ScriptedCore = field(default_factory=ScriptedCore)
    pace: Pace = QUICK
    delivery: Delivery = field(init=False)
    pipeline: TurnPipeline = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        self.pipeline = TurnPipeline(
            self.database, self.core, clock=self.clock, hotline=hotline, pushed=frozenset({ACCOUNT})
        )
        self.delivery = self.another_process()

    def another_process(self, outlet: ScriptedOutlet | None = None) -> Delivery:
        """A delivery on the same database that knows nothing of the first."""
        pacer = Pacer(QUICK, each(self.pace), self.sleep.ticks, self.sleep)
        settings = DeliverySettings()
        return Delivery(
            self.database, [(outlet or self.outlet, pacer)], self.clock, settings, self._alert, sleep=self.sleep
        )

    async def _alert(self, code: str) -> None:
        self.alerts.append(code)

    def inbound(self, text: str, sender: str = "7", message_id: str = "") -> Inbound:
        self._count += 1
        return Inbound(ACCOUNT, Channel.TELEGRAM, sender, message_id or f"u{self._count}", self.clock(), text)

    async def turn(self, text: str, sender: str = "7") -> tuple[Recipient, TurnResult]:
        """A committed turn whose replies nobody has sent."""
        inbound = self.inbound(text, sender)
        return Recipient(ACCOUNT, sender, inbound.received), await self.pipeline.handle(inbound)

    async def say(self, text: str, sender: str = "7") -> None:
        """A turn with its replies sent, as far as they can be."""
        self.delivery.offer(*await self.turn(text, sender))
        await self.delivery.idle()
