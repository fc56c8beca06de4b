"""Every step of a case, handed on to the call centre's own system.

    POST <webhook_url>
    Content-Type: application/json
    X-BHYT-Delivery: 17                     the same for every try; an id that was taken before is to be ignored
    X-BHYT-Timestamp: 1790000000            seconds since 1970; refuse what is older than five minutes
    X-BHYT-Signature: sha256=<hex>          HMAC-SHA256 of "<timestamp>.<body>" under the shared secret

Any 2xx is "taken". Everything else is tried again, later and later, for about a day. No redirect is followed. Rows are
written in the transaction of the step, so nothing is lost; after a crash a delivery may come twice.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from sqlalchemy import select, update

from bot.actions import Action
from bot.store.models import WebhookRow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import SecretStr

    from bot.clock import Clock
    from bot.store.database import Database

EVERY = 5.0
"""Seconds between two looks for steps to be handed on."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480))
"""Until the next try; after the last it is given up."""
LEASE = timedelta(minutes=1)
"""For how long a process has a delivery in hand; longer than it may take."""
BATCH = 20
TIMEOUT = ClientTimeout(total=10)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Delivery:
    id: int
    payload: dict[str, Any]
    attempts: int


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in X-BHYT-Signature."""
    return "sha256=" + hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


class Onward:
    """Delivers what is due. `alert` is told of a delivery that was given up."""

    def __init__(
        self,
        database: Database,
        url: str,
        secret: SecretStr,
        clock: Clock,
        alert: Callable[[str], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._url = url
        self._secret = secret
        self._clock = clock
        self._alert = alert
        self._sleep = sleep

    async def run(self) -> None:
        """Until cancelled."""
        async with ClientSession(timeout=TIMEOUT, cookie_jar=DummyCookieJar()) as http:
            while True:
                if not await self.deliver(http):
                    await self._sleep(EVERY)

    async def deliver(self, http: ClientSession) -> int:
        """Try what is due, at most a batch; gives how many were tried."""
        deliveries = await self._claimed()
        for delivery in deliveries:
            await self._note(delivery, await self._post(http, delivery))
        return len(deliveries)

    async def _post(self, http: ClientSession, delivery: _Delivery) -> str | None:
        """None when it was taken, otherwise a plain name of what went wrong."""
        body = json.dumps(delivery.payload, ensure_ascii=False).encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-BHYT-Delivery": str(delivery.id),
            "X-BHYT-Timestamp": timestamp,
            "X-BHYT-Signature": signature(self._secret.get_secret_value(), timestamp, body),
        }
        try:
            async with http.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                return None if 200 <= response.status < 300 else f"status_{response.status}"
        except (ClientError, TimeoutError, OSError) as error:
            return type(error).__name__

    async def _claimed(self) -> list[_Delivery]:
        now = self._clock()
        due = (WebhookRow.state == "pending") & (WebhookRow.due <= now)
        waiting = select(WebhookRow.id).where(due).order_by(WebhookRow.id).limit(BATCH)
        # A second process passes by what the first has locked; the later time keeps it away after that.
        chosen = waiting.with_for_update(skip_locked=True)
        async with self._database.transaction() as session:
            ids = list((await session.execute(chosen)).scalars())
            taken = update(WebhookRow).where(WebhookRow.id.in_(ids)).values(due=now + LEASE)
            found = await session.execute(taken.returning(WebhookRow.id, WebhookRow.payload, WebhookRow.attempts))
            return sorted((_Delivery(*row) for row in found), key=lambda delivery: delivery.id)

    async def _note(self, delivery: _Delivery, reason: str | None) -> None:
        attempts, state, due = delivery.attempts + 1, "sent", self._clock()
        if reason is not None:
            log.warning(Action.SEND_FAILED, reason=reason)
            given_up = attempts > len(PAUSES)
            state = "failed" if given_up else "pending"
            due += timedelta() if given_up else PAUSES[delivery.attempts]
        row = update(WebhookRow).where(WebhookRow.id == delivery.id)
        async with self._database.transaction() as session:
            await session.execute(row.values(state=state, attempts=attempts, due=due, reason=reason))
        if state == "failed":
            await self._alert("cases_webhook_failed")
