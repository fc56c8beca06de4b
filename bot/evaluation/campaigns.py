"""Campaigns over the local Telegram: sending beside the usual loop, a growing ledger, the platform's limit, replies."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections import deque
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from aiohttp import web

from bot.clock import now
from bot.evaluation.campaign_people import TEXT, add_campaign, add_people
from bot.evaluation.crowd import Crowd
from bot.evaluation.measured import clean_environment, measure
from bot.evaluation.processes import START_LIMIT, free_port, running
from bot.evaluation.telegramturns import local_telegram
from bot.store.database import Database
from bot.store.migrations import upgrade

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from aiohttp.typedefs import Handler

    from bot.evaluation.campaign_report import CampaignFigures
    from bot.evaluation.measured import Row

LIMIT = 150.0
GROWTH = 420.0
"""Seconds for each part; for the ledgers together."""
WARM = 200
"""Texts that people write."""
SENDS = 2_000
SIZES = (10**3, 10**4, 10**5, 10**6)
NOTED = 5_000
"""Recipients of whom taking and settling is timed in a large ledger."""
RATE = 30
"""Telegram's limit: messages a second."""
PEOPLE = 10_000
"""Recipients of the campaign beside which people write."""
WRITERS = 15
PAUSE = 1.0
"""Seconds that each of them waits, in the mean, before they write again."""
STEADY = 20.0
"""Seconds of each measurement under the limit."""
PROGRAM = ("bot", "run")
MARK = TEXT[2:20].encode()
SETTLING = 5.0
"""Seconds of the campaign before the first one."""
_TOKEN = {"BHYT_TELEGRAM__TOKEN": "12345:a-token-of-the-bench-abcdef"}


@dataclass
class Limit:
    """Refuses campaign messages above the limit of any second; `at` is when it let them through.

    Telegram's limit is one of bulk sending; replies are not held to it.
    """

    at: list[float] = field(default_factory=list)
    refused: int = 0
    _last: deque[float] = field(default_factory=deque)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if MARK not in await request.read():
            return await handler(request)
        moment = perf_counter()
        while self._last and self._last[0] <= moment - 1:
            self._last.popleft()
        if len(self._last) >= RATE:
            self.refused += 1
            told = {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests",
                "parameters": {"retry_after": 1},
            }
            return web.json_response(told, status=429)
        self._last.append(moment)
        self.at.append(moment)
        return await handler(request)


async def measure_all(
    figures: CampaignFigures, texts: Sequence[str], folder: Path, advance: Callable[[str], None]
) -> None:
    """Into `figures`, row by row. Raises RuntimeError when a measurement fails."""
    advance("campaign messages")
    figures.sends = await sends(LIMIT)
    advance("replies beside a campaign")
    with suppress(TimeoutError):
        async with asyncio.timeout(LIMIT):
            async for row in limited(folder, texts[:WARM]):
                figures.limited.append(row)
    advance("ledger of a million")
    async for row in ledgers(GROWTH):
        figures.ledgers.append(row)


async def sends(limit: float) -> list[Row]:
    """Messages a second without a limit, beside the loop that people write."""
    async with local_telegram() as telegram:
        first, *_ = [telegram.platform.add_person("Một người") for _ in range(SENDS)]
        environment: Mapping[str, str] = telegram.settings(free_port())
        sending = partial(measure, "campaign-sends", limit, environment, first=first, people=SENDS)
        return list((await asyncio.to_thread(sending)).rows)


async def ledgers(limit: float, sizes: Sequence[int] = SIZES) -> AsyncIterator[Row]:
    """Planning and bookkeeping for more and more recipients, as far as the time allows."""
    ends = perf_counter() + limit
    for people in sizes:
        if perf_counter() >= ends:
            return
        left = max(1.0, ends - perf_counter())
        for row in (await asyncio.to_thread(measure, "campaign-ledger", left, _TOKEN, people=people, noted=NOTED)).rows:
            yield row


async def limited(folder: Path, texts: Sequence[str], seconds: float = STEADY) -> AsyncIterator[Row]:
    """A real bot under Telegram's limit: replies alone, a campaign alone, both."""
    limit = Limit()
    async with _standing(folder, limit) as (crowd, database):
        # Everything has been answered once, so that the replies beside the campaign do not find a warmer bot.
        await crowd.write(texts, START_LIMIT)
        yield await _answering(crowd, texts, limit, seconds, "idle")
        await add_campaign(database, PEOPLE, now())
        before = len(limit.at)
        async with asyncio.timeout(START_LIMIT):
            while len(limit.at) < before + RATE:  # noqa: ASYNC110 - there is nothing to be told by
                await asyncio.sleep(0.1)
        await asyncio.sleep(SETTLING)
        before, refused, began = len(limit.at), limit.refused, perf_counter()
        await asyncio.sleep(seconds)
        used = (len(limit.at) - before) / (perf_counter() - began) / RATE
        yield {"name": "campaign", "used": used, "refused": limit.refused - refused, "p50": None, "p95": None}
        yield await _answering(crowd, texts, limit, seconds, "both")


async def _answering(crowd: Crowd, texts: Sequence[str], limit: Limit, seconds: float, name: str) -> Row:
    before, refused, began = len(limit.at), limit.refused, perf_counter()
    load = await crowd.write(list(texts) * 10, seconds, PAUSE)
    used = (len(limit.at) - before) / (perf_counter() - began) / RATE
    row = {"name": name, "used": used, "refused": limit.refused - refused}
    return {**row, "p50": load.percentile(50), "p95": load.percentile(95), "turns": len(load.latencies)}


@asynccontextmanager
async def _standing(folder: Path, limit: Limit) -> AsyncIterator[tuple[Crowd, Database]]:
    """A bot with people who agreed to campaigns, and others who write to it."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(local_telegram(limit.middleware))
        name = f"campaign-{secrets.token_hex(4)}"
        url = f"sqlite:///{(folder / name).as_posix()}.sqlite3"
        database = Database(url)
        stack.push_async_callback(database.close)
        await upgrade(database.engine)
        first, *_ = [telegram.platform.add_person("Một người") for _ in range(PEOPLE)]
        await add_people(database, PEOPLE, first, now())
        more = {"BHYT_DATABASE__URL": url, "BHYT_DELIVERY__INBOX": str(folder / name)}
        environment = clean_environment(folder, {**telegram.settings(free_port()), **more})
        await stack.enter_async_context(running((sys.executable, "-m", *PROGRAM), environment))
        crowd = Crowd(telegram.platform, WRITERS)
        await stack.enter_async_context(crowd.watching())
        async with asyncio.timeout(START_LIMIT):
            while telegram.platform.webhooks.webhook is None:  # noqa: ASYNC110 - there is nothing to be told by
                await asyncio.sleep(0.02)
        yield crowd, database
