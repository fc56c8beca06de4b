"""Delivery of events to the app's one webhook address (reference §5.1, §5.2).

An event is signed over the exact bytes that are sent, and wants HTTP 200 within two seconds. After a failed connection
it is sent again, with its first timestamp, 30 s, 5, 15, 30 and 60 minutes after the first attempt; then the webhook is
switched off until somebody saves its address again. Whether a late answer or another status is tried again is not
known: `Dialect.retries_refusals`. First attempts of one person keep their order, those of different people do not wait
for each other; what is tried again comes whenever it comes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiohttp import web

    from bot.simulator.zalo.dialect import Dialect

SIGNATURE_HEADER = "X-ZEvent-Signature"
RETRY_HEADER = "num_retry"
TIMEOUT = 2.0
"""Seconds in which the bot must have answered."""
RETRIES = (30, 300, 900, 1_800, 3_600)
"""Seconds after the first attempt."""
REMEMBERED = 10_000
"""Deliveries that are kept for a look back."""

Sleeper = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Delivery:
    """One attempt: `status` is None when there was no answer, `seconds` how long it took, `retry` 0 for the first."""

    event: str
    retry: int
    status: int | None
    seconds: float
    connected: bool = True

    @property
    def taken(self) -> bool:
        return self.status == 200


def sign(app_id: str, body: bytes, timestamp: str, key: str) -> str:
    """The value of the signature header: a plain SHA-256, no HMAC."""
    return "mac=" + hashlib.sha256(app_id.encode() + body + timestamp.encode() + key.encode()).hexdigest()


def encode(event: Mapping[str, Any]) -> bytes:
    """The bytes of an event."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


class Webhook:
    """Sends events while the platform's application runs; what is queued before waits for it.

    Without an address nothing is sent or kept. `deliveries` are the last attempts, oldest first.
    """

    def __init__(self, app_id: str, key: str, dialect: Dialect, sleeper: Sleeper, timeout: float = TIMEOUT) -> None:
        self._app_id, self._key, self._dialect, self._sleeper, self._timeout = app_id, key, dialect, sleeper, timeout
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[Mapping[str, Any]] = deque()
        self._last: dict[str, asyncio.Event] = {}
        self.held: list[Mapping[str, Any]] | None = None
        """While a list, what is queued lands there and is not sent."""
        self.url = ""
        self.deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """The sender for the life of the server."""
        async with ClientSession(timeout=ClientTimeout(total=self._timeout)) as self._session:
            while self._waiting:
                self._start(self._waiting.popleft())
            yield
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._session = None

    async def save(self, url: str) -> bool:
        """Check and save, as on the console: an unsigned `{}` must be answered with 200."""
        delivery = await self._post(url, b"{}", {}, "probe", 0)
        if delivery.taken:
            self.url = url
        return delivery.taken

    def queue(self, event: Mapping[str, Any]) -> None:
        """Send an event soon."""
        if self.held is not None:
            self.held.append(event)
        elif not self.url:
            return
        elif self._session is None:
            self._waiting.append(event)
        else:
            self._start(event)

    async def post(self, event: Mapping[str, Any], *, retry: int = 0, key: str | None = None) -> Delivery:
        """One attempt, now. `key` signs instead of the right one."""
        body, timestamp = encode(event), str(event.get("timestamp", ""))
        headers = {SIGNATURE_HEADER: sign(self._app_id, body, timestamp, self._key if key is None else key)}
        if retry:
            headers[RETRY_HEADER] = str(retry)
        return await self.post_raw(body, headers, str(event.get("event_name", "")), retry)

    async def post_raw(self, body: bytes, headers: Mapping[str, str], name: str = "raw", retry: int = 0) -> Delivery:
        """One attempt with any body and headers."""
        delivery = await self._post(self.url, body, headers, name, retry)
        self.deliveries.append(delivery)
        return delivery

    async def settled(self) -> None:
        """Until every event has had its first attempt, and those that are tried again their last."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, event: Mapping[str, Any]) -> None:
        subject, done = _subject(event), asyncio.Event()
        task = asyncio.create_task(self._carry(event, self._last.get(subject), done))
        self._last[subject] = done
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, event: Mapping[str, Any], before: asyncio.Event | None, done: asyncio.Event) -> None:
        try:
            if before is not None:
                await before.wait()
            delivery = await self.post(event) if self.url else None
        finally:
            done.set()
        if delivery is not None and self._again(delivery):
            await self._retry(event)

    async def _retry(self, event: Mapping[str, Any]) -> None:
        for retry, (earlier, later) in enumerate(pairwise((0, *RETRIES)), 1):
            await self._sleeper(later - earlier)
            if not self.url or not self._again(await self.post(event, retry=retry)):
                return
        self.url = ""

    def _again(self, delivery: Delivery) -> bool:
        return not delivery.connected or (self._dialect.retries_refusals and not delivery.taken)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], name: str, retry: int) -> Delivery:
        if self._session is None:
            raise RuntimeError("the platform is not running")
        status, connected, started = None, True, perf_counter()
        sent = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as response:
                await response.read()
                status = response.status
        except TimeoutError:
            pass  # somebody is there, but slow
        except (ClientError, OSError):
            connected = False
        return Delivery(name, retry, status, perf_counter() - started, connected)


def _subject(event: Mapping[str, Any]) -> str:
    """The person whose events keep their order."""
    ids = [str(event[name]["id"]) for name in ("sender", "recipient", "follower") if name in event]
    return "/".join(sorted([*ids, str(event.get("oa_id", "")), str(event.get("user_id", ""))]))
