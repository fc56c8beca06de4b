"""Campaigns, each measurement in a process of its own: what sending costs with its ledger, and how the ledger grows."""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.outlet import TelegramOutlet
from bot.channels.telegram.transport import AiohttpRequest
from bot.clock import now
from bot.config import load_settings
from bot.delivery.images import Images
from bot.delivery.pacing import Pace, Pacer
from bot.evaluation.campaign_people import ACCOUNT, TEXT, add_campaign, add_people, plan
from bot.outreach.delivery.allowance import Allowance, Quota
from bot.outreach.delivery.orders import Order
from bot.outreach.delivery.sending import Sender
from bot.outreach.delivery.workers import Worker
from bot.store.database import Database
from bot.store.migrations import upgrade
from knowledge.base import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.config import Settings
    from bot.delivery.outlet import Outlet, Recipient, Send
    from bot.outbound import OutboundMessage
    from bot.outreach.campaign import Campaign
    from bot.outreach.delivery.policy import Settled

Row = dict[str, Any]

AT_ONCE = 30
"""Requests at a time of the loop that people write."""
_UNLIMITED = Quota(10**6, 1.0)
_REPLIES = Pace(10**6, 1_000)


@dataclass(frozen=True)
class Nowhere:
    """An outlet that sends nothing: what is left is bookkeeping."""

    account: str = ACCOUNT

    def sends(self, _to: Recipient, _message: OutboundMessage) -> Sequence[Send]:
        return (_nothing,)

    async def working(self, _to: Recipient) -> None:
        """Nothing either."""


async def _nothing() -> None:
    return


def sends(first: int, people: int, rounds: int = 3) -> Iterator[Row]:
    """So many messages, one to each chat from `first` on, by our sender and by the usual loop."""
    settings = load_settings()
    taken: dict[str, list[tuple[float, float]]] = {"naive": [], "ours": []}
    for _ in range(rounds):
        taken["naive"].append(asyncio.run(_naive(settings, first, people)))
        taken["ours"].append(asyncio.run(_ours(settings, first, people)))
    for name, runs in taken.items():
        yield {
            "name": name,
            "sends": people,
            "per_second": statistics.median(people / seconds for seconds, _ in runs),
            "cpu": statistics.median(1000 * cpu / people for _, cpu in runs),
            "ratio": statistics.median(other / own for (own, _), (other, _) in zip(runs, taken["naive"], strict=True)),
        }


def ledger(people: int, noted: int) -> Iterator[Row]:
    """Planning so many recipients, and taking and settling some of them, with nothing sent."""
    yield asyncio.run(_ledger(load_settings(), people, noted))


async def _naive(settings: Settings, first: int, people: int) -> tuple[float, float]:
    """What people write with python-telegram-bot: gather, a semaphore, no ledger."""
    token = (settings.telegram.token or SecretStr("")).get_secret_value()
    request = HTTPXRequest(connection_pool_size=AT_ONCE)
    async with Bot(token, base_url=f"{settings.telegram.api_url}/bot", request=request) as bot:
        gate = asyncio.Semaphore(AT_ONCE)

        async def send(chat: int) -> None:
            async with gate:
                await bot.send_message(chat, TEXT)

        started, cpu = perf_counter(), process_time()
        await asyncio.gather(*(send(first + number) for number in range(people)))
        return perf_counter() - started, process_time() - cpu


async def _ours(settings: Settings, first: int, people: int) -> tuple[float, float]:
    token = settings.telegram.token or SecretStr("")
    async with AiohttpRequest(settings.telegram.api_url, token) as request:
        with TemporaryDirectory() as folder:
            database, campaign = await _planned(folder, settings, people, first)
            images = Images(ACCOUNT, database, now)
            sender = await _sender(database, campaign, settings, TelegramOutlet(BotClient(request), ACCOUNT, images))
            started, cpu = perf_counter(), process_time()
            await sender.leg(600)
            await sender.drain()
            taken = perf_counter() - started, process_time() - cpu
            await database.close()
            return taken


async def _ledger(settings: Settings, people: int, noted: int) -> Row:
    with TemporaryDirectory() as folder:
        database = await _opened(folder)
        await add_people(database, people, 1, now())
        campaign = await add_campaign(database, people, now())
        started, cpu = perf_counter(), process_time()
        await plan(database, campaign, people, settings, now())
        planned, planned_cpu = perf_counter() - started, process_time() - cpu
        settled: list[Settled] = []
        sender = await _sender(database, campaign, settings, Nowhere(), settled.append)
        cpu = process_time()
        while len(settled) < min(noted, people):
            await sender.leg(0.1)
        await sender.drain()
        noting = process_time() - cpu
        await database.close()
        return {
            "people": people,
            "planned": planned,
            "plan": 1000 * planned_cpu / people,
            "note": 1000 * noting / len(settled),
        }


async def _planned(folder: str, settings: Settings, people: int, first: int) -> tuple[Database, Campaign]:
    database = await _opened(folder)
    await add_people(database, people, first, now())
    campaign = await add_campaign(database, people, now())
    await plan(database, campaign, people, settings, now())
    return database, campaign


async def _opened(folder: str) -> Database:
    database = Database(f"sqlite:///{(Path(folder) / 'campaign.sqlite3').as_posix()}")
    await upgrade(database.engine)
    return database


async def _sender(
    database: Database,
    campaign: Campaign,
    settings: Settings,
    outlet: Outlet,
    observe: Callable[[Settled], None] = lambda _settled: None,
) -> Sender:
    worker = Worker("bench", "1", now())
    async with database.transaction() as session:
        await worker.register(session, now())
    order = Order.of(campaign, ACCOUNT, settings, load(), now())
    allowance = Allowance(_UNLIMITED, Pacer(_REPLIES, lambda address: (address, _REPLIES)))
    return Sender(database, worker, outlet, allowance, order, observe, clock=now)
