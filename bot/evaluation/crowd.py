"""People on a local Telegram who write to a bot and wait for its answer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import cycle
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

from bot.evaluation.webturns import Load, press
from bot.simulator.phone import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.simulator.phone import PhoneEvent
    from bot.simulator.telegram import TelegramPlatform

PATIENCE = 30.0
"""Seconds after which somebody without an answer gives up, and with them the measurement."""


class Crowd:
    """`at_once` people write at the same time; each of them is one of `each` persons, in turn.

    So nobody writes again before all that the bot had to say to them has come, and everybody is known to the bot after
    `each * at_once` messages.
    """

    def __init__(self, platform: TelegramPlatform, at_once: int, each: int = 5) -> None:
        self._platform = platform
        people = [[platform.add_person("Một người") for _ in range(each)] for _ in range(at_once)]
        self._people = [cycle(persons) for persons in people]
        self.size = at_once * each
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._latencies: list[float] = []
        self._random = Random(1)  # noqa: S311 - the same in every run

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Answers are seen while the block lasts."""
        with self._platform.world.watchers.listen() as events:
            task = asyncio.create_task(self._watch(events))
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def write(self, texts: Sequence[str], limit: float, pause: float = 0) -> Load:
        """Share the texts out, each person waiting for an answer and then `pause` seconds in the mean.

        The times are from the sending of a message until the first message of the answer has come. Raises TimeoutError
        when a message brings no answer.
        """
        self._latencies = []
        load = await press([partial(self._turn, people, pause) for people in self._people], texts, limit)
        return Load(load.seconds, tuple(self._latencies))

    async def _turn(self, people: cycle[int], pause: float, text: str) -> None:
        if pause:
            await asyncio.sleep(self._random.expovariate(1 / pause))
        person = next(people)
        answered = self._waiting[person] = asyncio.get_running_loop().create_future()
        started = perf_counter()
        self._platform.say(person, text)
        async with asyncio.timeout(PATIENCE):
            await answered
        self._latencies.append(perf_counter() - started)

    async def _watch(self, events: asyncio.Queue[PhoneEvent]) -> None:
        while True:
            event = await events.get()
            person = int(event.person)
            if event.kind is Kind.SCREEN and person in self._waiting and self._answered(person):
                answered = self._waiting.pop(person)
                if not answered.done():
                    answered.set_result(None)

    def _answered(self, person: int) -> bool:
        last = next(reversed(self._platform.world.chat(person).messages.values()))
        return bool(last["from"]["id"] == self._platform.world.bot["id"])
