"""Calls of the Bot API over our transport and over the library's own, in a process of its own."""

from __future__ import annotations

import asyncio
import statistics
from time import process_time
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from telegram.request import HTTPXRequest, RequestData

# The library has no public way to make the data of a request.
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.transport import AiohttpRequest
from bot.config import load_settings
from bot.evaluation.echoing import ANSWER
from bot.evaluation.webturns import Load, press

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telegram.request import BaseRequest

Row = dict[str, Any]

AT_ONCE = (30, 100)
MANY = 50_000
"""More calls than a round has time for."""


def transports(chat: int, rounds: int = 3, seconds: float = 1.5, at_once: Sequence[int] = AT_ONCE) -> Iterator[Row]:
    """One row for each transport and number of calls at once; `ratio` is how many times as many calls as httpx."""
    settings = load_settings().telegram
    token = settings.token or SecretStr("")
    address = f"{settings.api_url}/bot{token.get_secret_value()}/sendMessage"
    for count in at_once:
        taken: dict[str, list[tuple[Load, float]]] = {"httpx": [], "aiohttp": []}
        for _ in range(rounds):
            taken["httpx"].append(asyncio.run(_round(HTTPXRequest(), address, chat, count, seconds)))
            ours = AiohttpRequest(settings.api_url, token)
            taken["aiohttp"].append(asyncio.run(_round(ours, address, chat, count, seconds)))
        for name, results in taken.items():
            yield _row(name, count, results, taken["httpx"])


async def _round(request: BaseRequest, address: str, chat: int, at_once: int, seconds: float) -> tuple[Load, float]:
    """So many callers, each waiting for the answer before the next call; gives the processor time too."""

    async def call(text: str) -> None:
        parameters = [RequestParameter.from_input(name, value) for name, value in (("chat_id", chat), ("text", text))]
        await request.post(address, RequestData(parameters))

    async with request:
        started = process_time()
        load = await press([call] * at_once, [ANSWER] * MANY, seconds)
        return load, process_time() - started


def _row(name: str, at_once: int, results: Sequence[tuple[Load, float]], others: Sequence[tuple[Load, float]]) -> Row:
    return {
        "name": name,
        "at_once": at_once,
        "calls": min(len(load.latencies) for load, _ in results),
        "per_second": statistics.median(load.per_second for load, _ in results),
        "p50": statistics.median(load.percentile(50) for load, _ in results),
        "p95": statistics.median(load.percentile(95) for load, _ in results),
        "cpu": statistics.median(1000 * cpu / len(load.latencies) for load, cpu in results),
        "ratio": statistics.median(
            load.per_second / other.per_second for (load, _), (other, _) in zip(results, others, strict=True)
        ),
    }
