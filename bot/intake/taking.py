"""Takes events in. `take` returns when they are kept for good, and only then may the platform be told so.

Usually that is when the turn is committed. When the database does not manage within the budget, the event goes to the
spool, which counts as kept, and the turn goes on behind it: Zalo wants its answer in two seconds whatever happens here.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog

from bot import clock as clocks
from bot.actions import Action
from bot.channels.inbound import Event, Ignored, Inbound, Profile, Reachability, StaffMessage, Withdrawal
from bot.errors import IntakeError, TurnError
from bot.metrics import EVENTS, SPOOLED
from bot.outbound import Recipient
from bot.store.erasing import erase_person
from bot.store.reachability import mark_reachable, mark_unreachable
from bot.store.threads import find_person, learn_province

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from pathlib import Path

    from bot.clock import Clock
    from bot.delivery.lanes import Delivery
    from bot.intake.flood import FloodControl
    from bot.intake.spool import Kept, Spool
    from bot.store.database import Database
    from bot.turns import TurnPipeline

WORKING = 0.7
"""Seconds after which the person is shown that an answer is being prepared."""
RETRIES = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0)
"""Seconds between the tries of an event that could not be processed; after the last it is set aside."""
WAITED_FOR = 3
"""So many of these tries the next events of the same person wait for, so that their order is kept; longer they do not:
one that can never be processed must not stop what follows."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Place:
    """Where an event stands among those of its person: `before` is set when its turn has come, `passed` by itself."""

    before: asyncio.Event
    passed: asyncio.Event


class _Turns:
    """The order of the events of each person, whatever goes wrong with one of them."""

    def __init__(self) -> None:
        self._last: WeakValueDictionary[tuple[str, str], asyncio.Event] = WeakValueDictionary()

    def next(self, event: Kept) -> _Place:
        """The place behind the last event of the same person that is still under way."""
        passed, free = asyncio.Event(), asyncio.Event()
        free.set()
        if isinstance(event, StaffMessage):
            return _Place(free, passed)
        before = self._last.get((event.account, event.sender), free)
        self._last[event.account, event.sender] = passed
        return _Place(before, passed)


class Intake:
    """Start it before the platforms may deliver, close it after they no longer do."""

    def __init__(  # noqa: PLR0913 - what a test replaces
        self,
        pipeline: TurnPipeline,
        database: Database,
        delivery: Delivery,
        spool: Spool,
        flood: FloodControl,
        budget: float,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        staff: Callable[[StaffMessage], Awaitable[None]] | None = None,
        clock: Clock = clocks.now,
    ) -> None:
        """`staff` is given what is written in the staff group."""
        self._staff = staff
        self._pipeline = pipeline
        self._database = database
        self._delivery = delivery
        self._spool = spool
        self._flood = flood
        self._budget = budget
        self._sleep = sleep
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = _Turns()

    def start(self) -> None:
        """Take up what an earlier process had accepted and not finished. Raises OSError without a usable spool."""
        for path, event in self._spool.open():
            SPOOLED.inc()
            self._track(self._resume(event, path, self._turns.next(event)))

    async def take(self, events: Sequence[Event]) -> None:
        """Keep and process events, those of one person in the given order. Raises IntakeError."""
        kept = []
        for event in events:
            if isinstance(event, Ignored):
                EVENTS.labels("", event.kind).inc()
            else:
                EVENTS.labels(event.account, type(event).__name__).inc()
                # A task starts its turn in the order of its making: that is what keeps a person's messages in order.
                place = self._turns.next(event)
                kept.append((event, place, self._track(self._first(event, place))))
        if not kept:
            return
        await asyncio.wait([task for _, _, task in kept], timeout=self._budget)
        for event, place, task in kept:
            if not task.done() or task.exception() is not None:
                await self._keep(event, place, task)

    async def idle(self) -> None:
        """Until nothing is being processed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, deadline: float) -> None:
        """Finish the turns under way, for at most so many seconds; what is left is in the spool or not acknowledged."""
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self.idle()
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._spool.close()

    def _track(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _first(self, event: Kept, place: _Place) -> None:
        """The first try. Raises TurnError."""
        await place.before.wait()
        await self._process(event)
        place.passed.set()

    async def _resume(self, event: Kept, path: Path, place: _Place) -> None:
        await place.before.wait()
        try:
            await self._retry(event, path, place)
        finally:
            place.passed.set()

    async def _keep(self, event: Kept, place: _Place, task: asyncio.Task[None]) -> None:
        """Put an event that is not in the database yet on disk, and see to it that it gets there."""
        try:
            path = await self._spool.put(event)
        except OSError as error:
            if task.done() and task.exception() is None:
                return
            place.passed.set()  # the platform brings it again
            raise IntakeError("neither the database nor the spool takes anything") from error
        log.warning(Action.EVENT_SPOOLED)
        SPOOLED.inc()
        self._track(self._follow(event, path, place, task))

    async def _follow(self, event: Kept, path: Path, place: _Place, task: asyncio.Task[None]) -> None:
        try:
            await task
        except TurnError:
            await self._retry(event, path, place)
        else:
            self._done(path)
        finally:
            place.passed.set()

    async def _retry(self, event: Kept, path: Path, place: _Place) -> None:
        for tried, pause in enumerate((*RETRIES, None), 1):
            try:
                await self._process(event)
            except TurnError:
                if tried == WAITED_FOR:
                    place.passed.set()
                if pause is not None:
                    await self._sleep(pause)
            else:
                self._done(path)
                return
        log.error(Action.EVENT_POISONED)
        self._spool.set_aside(path)
        SPOOLED.dec()

    def _done(self, path: Path) -> None:
        self._spool.remove(path)
        SPOOLED.dec()

    async def _process(self, event: Kept) -> None:
        """Carry out an event. Raises TurnError when the database did not take it."""
        if isinstance(event, Inbound):
            await self._turn(event)
            return
        try:
            await self._report(event)
        except Exception as error:
            log.exception(Action.TURN_LOST)
            raise TurnError("the report could not be kept") from error

    async def _turn(self, inbound: Inbound) -> None:
        to = Recipient(inbound.account, inbound.sender, inbound.received)
        respond = self._flood.respond(inbound)
        if respond is not None:
            log.info(Action.FLOOD, channel=inbound.channel)
        showing = asyncio.get_running_loop().call_later(WORKING, self._show_working, to)
        try:
            result = await self._pipeline.handle(inbound, respond)
        finally:
            showing.cancel()
        self._delivery.offer(to, result)

    def _show_working(self, to: Recipient) -> None:
        if to.account in self._delivery.outlets:
            self._track(self._delivery.outlets[to.account][0].working(to))

    async def _report(self, event: Reachability | Withdrawal | Profile | StaffMessage) -> None:
        if isinstance(event, StaffMessage):
            if self._staff is not None:
                await self._staff(event)
            return
        async with self._database.transaction() as session:
            match event:
                case Reachability(account, sender, happened, reachable) if reachable:
                    await mark_reachable(session, account, sender, happened)
                case Reachability(account, sender, happened):
                    await mark_unreachable(session, account, sender, "blocked", happened)
                case Profile(account, sender, province):
                    await learn_province(session, account, sender, province)
                case Withdrawal(account, sender):
                    person = await find_person(session, account, sender)
                    if person is not None:
                        await erase_person(session, person, asked=self._clock().date())
                        log.info(Action.PERSON_ERASED)
