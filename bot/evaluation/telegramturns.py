"""Whole turns over a local Telegram: a message comes in by webhook, the answer leaves as a call of its own.

The local Telegram and its people are in this process, each bot in one of its own, one bot after the other.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, cycle, islice, repeat
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from bot.evaluation.crowd import Crowd
from bot.evaluation.measured import clean_environment, measure
from bot.evaluation.processes import START_LIMIT, Serving, free_port, running
from bot.evaluation.webturns import UNLIMITED, Load
from bot.simulator.serving import serving
from bot.simulator.telegram import TelegramPlatform

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from bot.evaluation.measured import Row

AT_ONCE = 100
PAUSE = 1.0
"""Seconds that somebody waits, in the mean, before they write again when the bot is not pressed."""
MANY = 20_000
"""More messages than a bot answers before its time is up."""
GREETING = "xin chào"
LIMIT = 60.0
"""Seconds for each measurement, the start of the bot included."""
MARKS = (1_000, 5_000, 10_000, 25_000, 50_000)
"""Turns after which the memory is looked at."""
MANY_TURNS_LIMIT = 260.0
"""Seconds for them, the start of the bot included."""

LIFTED = {
    "BHYT_TELEGRAM__RATE": "1000",
    "BHYT_TELEGRAM__RATE_PER_CHAT": "30",
    "BHYT_TELEGRAM__BURST_PER_CHAT": "100",
    "BHYT_DELIVERY__RATE_PER_PERSON": UNLIMITED,
}
"""The highest paces that the settings allow, so that the bot is measured and not its politeness to Telegram."""


class Contender(StrEnum):
    """The bots, by what is started."""

    STOCK = "ptb"
    CONCURRENT = "ptb-concurrent"
    AIOGRAM = "aiogram"
    OURS = "ours"


class Way(StrEnum):
    """How people write."""

    FIRST = "first"
    """As quickly as the bot answers, each text for the first time."""
    AGAIN = "again"
    """As quickly as the bot answers, the same texts."""
    CALM = "calm"
    """With a pause after each answer."""


PROGRAMS = {
    Contender.STOCK: ("bot.evaluation.echo_ptb",),
    Contender.CONCURRENT: ("bot.evaluation.echo_ptb", "concurrent"),
    Contender.AIOGRAM: ("bot.evaluation.echo_aiogram",),
    Contender.OURS: ("bot", "run"),
}


@dataclass(frozen=True)
class Stand:
    """A bot that has told the local Telegram where it is, and the people who write to it."""

    crowd: Crowd
    bot: Serving

    async def turns(self, name: str, way: Way, texts: Sequence[str], limit: float, pause: float = 0) -> Row:
        """Messages of everybody at once, with the processor time that a turn took in each of the two processes."""
        before, own = self.bot.cpu, process_time()
        load = await self.crowd.write(texts, limit, pause)
        count, after = len(load.latencies), self.bot.cpu
        return {
            "name": name,
            "way": way,
            "turns": count,
            "per_second": load.per_second,
            "p50": load.percentile(50),
            "p95": load.percentile(95),
            "cpu": None if before is None or after is None else 1000 * (after - before) / count,
            "telegram_cpu": 1000 * (process_time() - own) / count,
        }

    async def greeted(self, limit: float) -> Load:
        """Everybody has written once, so that the bot knows them and has done everything for the first time."""
        return await self.crowd.write([GREETING] * self.crowd.size, limit)


@dataclass(frozen=True)
class LocalTelegram:
    """A Telegram on this machine with one bot's account."""

    platform: TelegramPlatform
    address: str
    token: str

    def settings(self, port: int) -> dict[str, str]:
        """How a bot at this port finds it."""
        return {
            "BHYT_TELEGRAM__TOKEN": self.token,
            "BHYT_TELEGRAM__MODE": "webhook",
            "BHYT_TELEGRAM__WEBHOOK_SECRET": secrets.token_urlsafe(24),
            "BHYT_TELEGRAM__API_URL": self.address,
            "BHYT_WEB__HOST": "127.0.0.1",
            "BHYT_WEB__PORT": str(port),
            "BHYT_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
            "BHYT_SEARCH__EMBEDDINGS": "off",
        }


@asynccontextmanager
async def local_telegram(*middlewares: Any) -> AsyncIterator[LocalTelegram]:
    """A fresh one while the block lasts."""
    token = f"{secrets.randbelow(90_000) + 10_000}:{secrets.token_urlsafe(26)}"
    platform = TelegramPlatform(token)
    app = platform.app()
    app.middlewares.extend(middlewares)
    async with serving(app) as address:
        try:
            yield LocalTelegram(platform, address, token)
        finally:
            # What a measurement that was cut short left over would be sent again while the server is closing.
            platform.updates.clear()


@asynccontextmanager
async def standing(contender: Contender, folder: Path, at_once: int = AT_ONCE) -> AsyncIterator[Stand]:
    """A bot with a new database in `folder`, where its index is kept too."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(local_telegram())
        name = f"telegram-{secrets.token_hex(4)}"
        environment = clean_environment(
            folder,
            {
                **telegram.settings(free_port()),
                **LIFTED,
                "BHYT_DATABASE__URL": f"sqlite:///{(folder / name).as_posix()}.sqlite3",
                "BHYT_DELIVERY__INBOX": str(folder / name),
            },
        )
        command = (sys.executable, "-m", *PROGRAMS[contender])
        bot = await stack.enter_async_context(running(command, environment))
        crowd = Crowd(telegram.platform, at_once)
        await stack.enter_async_context(crowd.watching())
        async with asyncio.timeout(START_LIMIT):
            while telegram.platform.webhooks.webhook is None:  # noqa: ASYNC110 - there is nothing to be told by
                await asyncio.sleep(0.02)
        yield Stand(crowd, bot)


async def pressed(stand: Stand, contender: Contender, texts: Sequence[str], limit: float) -> AsyncIterator[Row]:
    """Each text for the first time; all of them again; then with pauses between. `limit` in seconds for all of it."""
    await stand.greeted(limit / 4)
    first = await stand.turns(contender, Way.FIRST, texts, limit / 4)
    yield first
    again = list(islice(cycle(texts[: first["turns"]]), MANY))
    yield await stand.turns(contender, Way.AGAIN, again, limit / 4)
    yield await stand.turns(contender, Way.CALM, again, limit / 4, PAUSE)


async def memory(stand: Stand, texts: Sequence[str], limit: float, marks: Sequence[int] = MARKS) -> AsyncIterator[Row]:
    """What a bot holds in memory at the start, after so many turns, and where the time was up.

    Each text comes once, which fills what the search keeps. Then people greet: it takes the least time, and leaves as
    much behind as any other turn.
    """
    yield {"turns": 0, "memory": stand.bot.memory}
    ends, endless, done = perf_counter() + limit, chain(texts, repeat(GREETING)), 0
    for mark in marks:
        load = await stand.crowd.write(list(islice(endless, mark - done)), ends - perf_counter())
        done += len(load.latencies)
        yield {"turns": done, "memory": stand.bot.memory}
        if done < mark:
            return


async def transports(limit: float, **parameters: object) -> list[Row]:
    """Calls of sendMessage from a process of their own, over our transport and over the library's."""
    async with local_telegram() as telegram:
        person = telegram.platform.add_person("Một người")
        environment: Mapping[str, str] = telegram.settings(free_port())
        measured = await asyncio.to_thread(measure, "transports", limit, environment, chat=person, **parameters)
        return list(measured.rows)
