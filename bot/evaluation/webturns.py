"""The web chat as browsers use it: HTTP in, reply out, the database included."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID

from aiohttp import ClientSession, CookieJar

from bot.evaluation.measured import clean_environment
from bot.evaluation.processes import running
from bot.evaluation.timing import percentile

UNLIMITED = str(10**8)

_TOKEN = re.compile(r'name="csrf" content="([0-9a-f]+)"')


@dataclass(frozen=True)
class Load:
    """A number of requests by some visitors at once, each waiting for an answer before the next request."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds within which this many per cent of the requests were answered."""
        return 1000 * percentile(self.latencies, percent)


class Visitor:
    """A browser without a screen: a cookie jar and the token of its page."""

    def __init__(self, http: ClientSession, origin: str, number: int) -> None:
        self._http = http
        self._origin = origin
        self._random = Random(number)  # noqa: S311 - ids that are the same in every run
        self._token = ""

    async def open(self) -> None:
        """Open the page, which starts a session."""
        async with self._http.get(self._origin + "/") as response:
            found = _TOKEN.search(await response.text())
        if found is None:
            raise RuntimeError("the page of the web chat has no token")
        self._token = found[1]

    async def alive(self, _text: str) -> None:
        """The cheapest request there is."""
        async with self._http.get(self._origin + "/healthz") as response:
            await response.read()
            response.raise_for_status()

    async def say(self, text: str) -> None:
        """One message; raises when it brings no reply."""
        message = {"id": str(UUID(int=self._random.getrandbits(128))), "text": text}
        headers = {"Accept": "application/json", "X-CSRF-Token": self._token}
        async with self._http.post(self._origin + "/api/messages", json=message, headers=headers) as response:
            response.raise_for_status()
            if not (await response.json())["messages"]:
                raise RuntimeError("a message brought no reply")


@asynccontextmanager
async def visitors(origin: str, count: int) -> AsyncIterator[list[Visitor]]:
    """Some people who have just opened the page."""
    async with AsyncExitStack() as stack:
        guests = []
        for number in range(count):
            http = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            guests.append(Visitor(http, origin, number))
            await guests[-1].open()
        yield guests


async def press(does: Sequence[Callable[[str], Awaitable[None]]], texts: Sequence[str], limit: float) -> Load:
    """Share the texts out among the visitors and let them all go; nobody begins anything new after `limit` seconds."""
    started = perf_counter()
    latencies: list[float] = []

    async def one(do: Callable[[str], Awaitable[None]], own: Sequence[str]) -> None:
        for text in own:
            before = perf_counter()
            if before - started > limit:
                return
            await do(text)
            latencies.append(perf_counter() - before)

    await asyncio.gather(*(one(do, texts[number :: len(does)]) for number, do in enumerate(does)))
    return Load(perf_counter() - started, tuple(latencies))


@asynccontextmanager
async def running_bot(folder: Path, more: Mapping[str, str]) -> AsyncIterator[str]:
    """`bhyt-bot run` in a process of its own with a new database in `folder`; gives its address."""
    environment = clean_environment(
        folder,
        {
            "BHYT_WEB__HOST": "127.0.0.1",
            "BHYT_WEB__PORT": "0",
            "BHYT_WEB__RATE_PER_ADDRESS": UNLIMITED,
            "BHYT_WEB__RATE_PER_SESSION": UNLIMITED,
            "BHYT_SEARCH__EMBEDDINGS": "off",
            **more,
        },
    )
    async with running((sys.executable, "-m", "bot", "run"), environment) as bot:
        yield bot.origin
