"""Sends what is in the outbox: one lane per conversation, so that nobody gets replies in the wrong order.

A lane lives as long as its conversation has something to send. It only ever sends rows that this process has the lease
on; a row whose lease ran out was in the hands of a process that died, and is taken over and sent again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.actions import Action
from bot.delivery.lane import Lane
from bot.delivery.ledger import Ledger
from bot.store.delivering import Waiting, claim, has_waiting, unfinished

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from bot.clock import Clock
    from bot.delivery.outlet import Outlet, Recipient
    from bot.delivery.pacing import Pacer
    from bot.settings import DeliverySettings
    from bot.store.database import Database
    from bot.turns import TurnResult

SWEEP = 5.0
"""Seconds between two looks for replies that nobody holds."""
_FOUND = 200

log = structlog.get_logger()


class Delivery:
    """Delivers the replies of the accounts behind `outlets`, each with its pacer."""

    def __init__(
        self,
        database: Database,
        outlets: Iterable[tuple[Outlet, Pacer]],
        clock: Clock,
        settings: DeliverySettings,
        alert: Callable[[str], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.database = database
        self.outlets = {outlet.account: (outlet, pacer) for outlet, pacer in outlets}
        self.clock = clock
        self.ledger = Ledger(database, clock, sleep)
        self.alert = alert
        self.lease = timedelta(seconds=settings.lease)
        self.give_up = timedelta(hours=settings.give_up_hours)
        self._sleep = sleep
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._work: defaultdict[int, deque[tuple[Recipient, Sequence[Waiting]]]] = defaultdict(deque)
        self._woken: set[int] = set()
        self._timers: set[asyncio.Task[None]] = set()
        self._closing = False

    def offer(self, to: Recipient, result: TurnResult) -> None:
        """Send the replies of a turn that has just been committed; returns at once."""
        if not result.messages or to.account not in self.outlets:
            return
        conversation = result.messages[0].conversation
        if not result.claimed:
            self.wake(conversation)
            return
        now = self.clock()
        waiting = [Waiting(message, now, now + self.lease) for message in result.messages]
        self._work[conversation].append((to, waiting))
        self._start(conversation)

    def wake(self, conversation: int) -> None:
        """Look into the outbox of a conversation, now or when its lane has finished what it holds."""
        self._woken.add(conversation)
        self._start(conversation)

    def wake_later(self, conversation: int, seconds: float) -> None:
        """Look into the outbox of a conversation after so many seconds."""

        async def wait() -> None:
            await self._sleep(seconds)
            self.wake(conversation)

        task = asyncio.create_task(wait())
        self._timers.add(task)
        task.add_done_callback(self._timers.discard)

    async def run(self) -> None:
        """Look again and again for replies that nobody holds: left by a crash, or by another process."""
        while True:
            try:
                await self.sweep()
            except Exception:
                # The database may be away for a while; the replies stay where they are.
                log.exception(Action.SWEEP_FAILED)
            await self._sleep(SWEEP)

    async def sweep(self) -> None:
        """Wake the lanes of all conversations with replies that are due and in nobody's hands."""
        if not self.outlets:
            return
        async with self.database.reading() as session:
            found = await unfinished(session, list(self.outlets), self.clock(), _FOUND)
        for conversation in found:
            self.wake(conversation)

    async def idle(self) -> None:
        """Until no lane is at work."""
        while self._lanes:
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def close(self, deadline: float) -> None:
        """Finish what is on its way, for at most so many seconds. What is left is sent after the next start."""
        self._closing = True
        for timer in self._timers:
            timer.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self.idle()
        left = list(self._lanes.values())
        for lane in left:
            lane.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _start(self, conversation: int) -> None:
        if conversation not in self._lanes and not self._closing:
            self._lanes[conversation] = asyncio.create_task(self._drive(conversation))

    async def _drive(self, conversation: int) -> None:
        """The lane of a conversation, until there is nothing more for it to do."""
        work = self._work[conversation]
        try:
            while work or conversation in self._woken:
                if work:
                    to, waiting = work.popleft()
                    if await Lane(self, to).send(waiting) and await self._left_by_others(conversation):
                        self._woken.add(conversation)
                else:
                    self._woken.discard(conversation)
                    await self._claimed(conversation)
        except Exception:
            # The lease ends, and the sweep takes the replies up again.
            log.exception(Action.LANE_FAILED)
        finally:
            del self._lanes[conversation]
            if work or conversation in self._woken:
                self._start(conversation)
            else:
                del self._work[conversation]

    async def _claimed(self, conversation: int) -> None:
        """Send what nobody holds, until nothing is left or a reply has to wait."""
        while True:
            now = self.clock()
            async with self.database.transaction() as session:
                batch = await claim(session, conversation, now, now + self.lease)
            if batch is None:
                return
            lane = Lane(self, batch.to)
            if batch.unreachable is not None:
                await lane.drop(batch.waiting, batch.unreachable)
            elif not await lane.send(batch.waiting):
                return

    async def _left_by_others(self, conversation: int) -> bool:
        """Whether another process put replies behind those that we were sending; with SQLite there is none."""
        if self.database.is_sqlite:
            return False
        async with self.database.reading() as session:
            return await has_waiting(session, conversation)
